//! The lending market's state, and what it works with.

use super::effect::{LendingEffect, LendingEffectKind};
use super::loan::{Loan, LoanId};
use super::rejection::Rejection;
use super::spec::{LendingSpec, LoanRate, Party, RATE_MAX, RateSource};
use crate::ledger::{AccountId, AssetId, Ledger, USDC};
use crate::stats::StreamKey;
use crate::units::Amount;
use crate::units::time::NEVER_MS;
use crate::venue::exchange::Prices;
use crate::venue::spot::{AssetAccounts, Assets, Spot};

/// What every operation works with: the instant, the money, the market and where effects go.
#[derive(Debug)]
pub struct Context<'a> {
    /// The instant.
    pub now_ms: i64,
    /// The ledger that the accounts lie in.
    pub ledger: &'a mut Ledger,
    /// Where collateral is sold and loans are bought in.
    pub spot: &'a mut Spot,
    /// The prices that hold: marks value, lasts fill.
    pub prices: Prices<'a>,
    /// Effects are added here.
    pub effects: &'a mut Vec<LendingEffect>,
}

/// The state of one pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pool {
    pub utilisation: f64,
    pub drawdown: f64,
    /// By its curve, or given.
    pub base: f64,
    /// What a shock adds to it.
    pub spread: f64,
}

impl Pool {
    /// The rate a year that holds.
    #[inline]
    pub fn rate(&self) -> f64 {
        self.base + self.spread
    }
}

/// Room for one loan.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub loan: Option<Loan>,
    /// Its escrow, by asset.
    pub vaults: Vec<AccountId>,
}

/// Units that are sold and bought of one asset at one instant, from which slippage is reckoned.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Batch {
    pub sold: f64,
    pub bought: f64,
}

/// The lending market.
#[derive(Clone, Debug)]
pub struct Lending {
    pub(super) spec: LendingSpec,
    pub(super) assets: Assets,
    pub(super) accounts: Vec<AssetAccounts>,
    wallets: Vec<Vec<AccountId>>,
    reserved: Vec<Amount>,
    pub(super) pools: Vec<Pool>,
    pub(super) slots: Vec<Slot>,
    /// Slots in use, by owner and number.
    pub(super) order: Vec<usize>,
    pub(super) batch: Vec<Batch>,
    /// Of the random numbers of loans, by their seeds.
    pub(super) key: StreamKey,
    /// The same, of what shocks do to recalls.
    pub(super) shock_key: StreamKey,
    /// Probability that a recall which falls due fails on account of a shock.
    pub(super) recall_failure: f64,
    opened: u32,
    next_due_ms: i64,
}

impl Lending {
    /// A market over the spot market's assets. `wallets[agent][asset]` is where an agent's money
    /// for lending lies; `ledger` gets one vault per asset for each of `spec.loans_max` loans.
    pub fn new(
        spec: LendingSpec,
        spot: &Spot,
        wallets: Vec<Vec<AccountId>>,
        ledger: &mut Ledger,
    ) -> Self {
        let count = spot.assets().count();
        assert_eq!(spec.pools.len(), count, "one pool per asset");
        assert!(wallets.iter().all(|wallet| wallet.len() == count), "one wallet per asset");
        let asset = |index: usize| AssetId(u16::try_from(index).expect("counted by the ledger"));
        let slots = (0..spec.loans_max)
            .map(|slot| Slot {
                loan: None,
                vaults: (0..count)
                    .map(|index| ledger.open(format!("loan {slot} vault {index}"), asset(index)))
                    .collect(),
            })
            .collect();
        let mut lending = Self {
            assets: spot.assets().clone(),
            accounts: spot.accounts().to_vec(),
            reserved: vec![Amount::ZERO; wallets.len()],
            wallets,
            pools: Vec::with_capacity(count),
            slots,
            order: Vec::with_capacity(spec.loans_max),
            batch: vec![Batch::default(); count],
            key: StreamKey::new("loan", ""),
            shock_key: StreamKey::new("loan", "recall shock"),
            recall_failure: 0.0,
            opened: 0,
            next_due_ms: NEVER_MS,
            spec,
        };
        lending.reset();
        lending
    }

    /// No loans, pools as at the start. The ledger is emptied by its owner.
    pub fn reset(&mut self) {
        self.reserved.fill(Amount::ZERO);
        self.slots.iter_mut().for_each(|slot| slot.loan = None);
        self.order.clear();
        self.opened = 0;
        self.recall_failure = 0.0;
        self.next_due_ms = NEVER_MS;
        self.pools.clear();
        self.pools.extend(self.spec.pools.iter().map(|pool| Pool {
            utilisation: pool.utilisation,
            drawdown: 0.0,
            spread: 0.0,
            base: match pool.rate {
                RateSource::Curve(curve) => curve.rate(pool.utilisation),
                RateSource::Given(rate) => rate,
            },
        }));
    }

    /// What of an agent's USDC wallet backs something that no hold marks (the initial margin of
    /// cross positions): it is not lent, posted or paid.
    pub fn set_reserved(&mut self, agent: usize, amount: Amount) {
        self.reserved[agent] = amount;
    }

    /// How much of a pool is lent, in [0, 1]; with a curve its rate follows.
    pub fn set_utilisation(&mut self, now_ms: i64, asset: AssetId, utilisation: f64) {
        let drawdown = self.pools[usize::from(asset.0)].drawdown;
        self.set_conditions(now_ms, asset, drawdown, utilisation);
    }

    /// Drawdown and utilisation at once.
    pub fn set_conditions(&mut self, now_ms: i64, asset: AssetId, drawdown: f64, utilisation: f64) {
        assert!((0.0..=1.0).contains(&drawdown), "a drawdown of {drawdown}");
        assert!((0.0..=1.0).contains(&utilisation), "a utilisation of {utilisation}");
        let pool = &mut self.pools[usize::from(asset.0)];
        pool.drawdown = drawdown;
        pool.utilisation = utilisation;
        if let RateSource::Curve(curve) = self.spec.pools[usize::from(asset.0)].rate {
            pool.base = curve.rate(utilisation);
        }
        self.apply_conditions(now_ms, asset);
    }

    /// How far the asset (or the market that its borrowers watch) lies below its high, in [0, 1].
    pub fn set_drawdown(&mut self, now_ms: i64, asset: AssetId, drawdown: f64) {
        assert!((0.0..=1.0).contains(&drawdown), "a drawdown of {drawdown}");
        self.pools[usize::from(asset.0)].drawdown = drawdown;
        self.apply_conditions(now_ms, asset);
    }

    /// The rate of a pool whose rate is given, in [0, [`RATE_MAX`]].
    pub fn set_rate(&mut self, now_ms: i64, asset: AssetId, rate: f64) {
        assert!((0.0..=RATE_MAX).contains(&rate), "a rate of {rate}");
        let source = self.spec.pools[usize::from(asset.0)].rate;
        assert!(matches!(source, RateSource::Given(_)), "this pool's rate follows its curve");
        self.pools[usize::from(asset.0)].base = rate;
        self.apply_conditions(now_ms, asset);
    }

    /// What a shock adds to a pool's rate from now on, in [0, [`RATE_MAX`]].
    pub fn set_spread(&mut self, now_ms: i64, asset: AssetId, spread: f64) {
        assert!((0.0..=RATE_MAX).contains(&spread), "a spread of {spread}");
        self.pools[usize::from(asset.0)].spread = spread;
        self.apply_conditions(now_ms, asset);
    }

    /// Probability that a recalled loan which falls due from now on is not returned by its
    /// borrower from outside on account of a shock, beside the pool's own.
    pub fn set_recall_failure(&mut self, probability: f64) {
        self.recall_failure = probability;
    }

    /// Floating loans and recalls of an asset go on under the pool's new conditions.
    fn apply_conditions(&mut self, now_ms: i64, asset: AssetId) {
        let pool = self.pools[usize::from(asset.0)];
        let early = self.spec.pools[usize::from(asset.0)].borrowers.early;
        for index in 0..self.order.len() {
            let loan = self.loan_mut(self.order[index]);
            if loan.spec.asset != asset {
                continue;
            }
            if loan.spec.rate == LoanRate::Floating && loan.accrual.rate() != pool.rate() {
                let principal = loan.principal_units();
                loan.accrual.set_rate(principal, now_ms, pool.rate());
            }
            if let Some(recall) = &mut loan.recall {
                recall.set_hazard(now_ms, early.hazard(pool.drawdown, pool.utilisation));
            }
        }
        self.refresh_due();
    }

    /// The next instant at which something falls due: [`Lending::settle`] and
    /// [`Lending::check_collateral`] want to be called then.
    #[inline]
    pub fn next_due_ms(&self) -> i64 {
        self.next_due_ms
    }

    /// The same, without calls for collateral that ended by `now_ms`: they wait for the venue's checks.
    pub fn next_due_beside_calls_ms(&self, now_ms: i64) -> i64 {
        let due = self.order.iter().map(|slot| self.loan(*slot).due_beside_call_ms(now_ms));
        due.min().unwrap_or(NEVER_MS)
    }

    pub(super) fn refresh_due(&mut self) {
        let due = self.order.iter().map(|slot| self.loan(*slot).due_ms()).min();
        self.next_due_ms = due.unwrap_or(NEVER_MS);
    }

    pub(super) fn next_number(&mut self) -> u32 {
        self.opened += 1;
        self.opened
    }

    pub(super) fn loan(&self, slot: usize) -> &Loan {
        self.slots[slot].loan.as_ref().expect("a slot in the order holds a loan")
    }

    pub(super) fn loan_mut(&mut self, slot: usize) -> &mut Loan {
        self.slots[slot].loan.as_mut().expect("a slot in the order holds a loan")
    }

    /// The slot of a loan that has not ended.
    pub(super) fn slot_of(&self, id: LoanId) -> Result<usize, Rejection> {
        let loan = self.slots.get(id.slot).and_then(|slot| slot.loan.as_ref());
        match loan {
            Some(loan) if loan.id == id => Ok(id.slot),
            _ => Err(Rejection::NoSuchLoan),
        }
    }

    pub(super) fn vault(&self, slot: usize, asset: AssetId) -> AccountId {
        self.slots[slot].vaults[usize::from(asset.0)]
    }

    /// A party's account in an asset: a wallet, or the outside world.
    pub(super) fn account(&self, party: Party, asset: AssetId) -> AccountId {
        match party {
            Party::Agent(agent) => self.wallets[agent][usize::from(asset.0)],
            Party::Outside => self.accounts[usize::from(asset.0)].market,
        }
    }

    /// Whether a party can part with an amount; the outside world always can.
    pub(super) fn affords(
        &self,
        party: Party,
        asset: AssetId,
        amount: Amount,
        ledger: &Ledger,
    ) -> bool {
        let Party::Agent(agent) = party else { return true };
        let wallet = self.wallets[agent][usize::from(asset.0)];
        let reserved = if asset == USDC { self.reserved[agent] } else { Amount::ZERO };
        amount <= ledger.balance(wallet) - ledger.held(wallet) - reserved
    }

    /// Adds an effect on a loan, at the mark of the traded asset unless a price is given.
    pub(super) fn emit(
        &self,
        slot: usize,
        kind: LendingEffectKind,
        (asset, amount): (AssetId, Amount),
        price: Option<f64>,
        context: &mut Context<'_>,
    ) {
        let Loan { id, spec, .. } = self.loan(slot);
        let marks = context.prices.marks;
        let traded = if spec.asset == USDC { spec.collateral_asset } else { spec.asset };
        context.effects.push(LendingEffect {
            loan: *id,
            lender: spec.lender,
            borrower: spec.borrower,
            kind,
            asset,
            amount,
            usdc: self.assets.value(asset, amount, marks),
            price: price.unwrap_or_else(|| self.assets.price(traded, marks)),
            fee: Amount::ZERO,
            slippage: 0.0,
        });
    }
}
