//! Loans against hand calculations: every expected number is derived in a comment, none is read
//! off the code.

mod collateral;
mod interest;
mod property;
mod recall;
mod rules;
mod short_sale;

use super::*;
use crate::ledger::{AccountId, AssetId, Ledger, USDC};
use crate::stats::{Stream, StreamKey};
use crate::units::time::{DAY_MS, HOUR_MS};
use crate::units::{Amount, Quantity};
use crate::venue::exchange::{Prices, Slippage, SlippageSpec};
use crate::venue::spot::{AssetAccounts, Fill, Order, Spot, SpotSpec, round_units};

use LendingEffectKind as Kind;
use Party::{Agent, Outside};

const ETH: AssetId = AssetId(1);
const BTC: AssetId = AssetId(2);
const NAMES: [&str; 3] = ["USDC", "ETH", "BTC"];

/// Amount of an asset.
fn of(asset: AssetId, units: f64) -> Amount {
    round_units(asset, units).expect("an amount of a test")
}

fn usdc(units: f64) -> Amount {
    of(USDC, units)
}

/// Agents A and B, a spot market for ETH and BTC, pools with a given rate of zero and reliable
/// borrowers: what a case varies, it sets.
struct Desk {
    ledger: Ledger,
    spot: Spot,
    lending: Lending,
    wallets: Vec<Vec<AccountId>>,
    /// Marks and lasts of ETH and BTC.
    prices: [f64; 2],
    now_ms: i64,
    effects: Vec<LendingEffect>,
    stream: Stream,
}

fn pool() -> PoolSpec {
    PoolSpec {
        rate: RateSource::Given(0.0),
        utilisation: 0.5,
        least_rate: 0.0,
        borrowers: OutsideBorrower::RELIABLE,
    }
}

/// A spot market without costs.
const FREE: (f64, SlippageSpec) = (0.0, SlippageSpec::NONE);

/// 10 bp of slippage and a fee of 0.1 %.
const COSTS: (f64, SlippageSpec) =
    (0.001, SlippageSpec { form: Slippage::FixedBps { bps: 10.0 }, ..SlippageSpec::NONE });

fn desk_with(spec: LendingSpec, (fee, slippage): (f64, SlippageSpec)) -> Desk {
    let mut ledger = Ledger::default();
    let cash = AssetAccounts {
        market: ledger.open("market USDC", USDC),
        fees: ledger.open("venue fees USDC", USDC),
    };
    let accounts = AssetAccounts::open(cash, &NAMES[1..], &mut ledger);
    let market = |price_asset| SpotSpec { price_asset, fee, slippage };
    let spot = Spot::new(vec![market(0), market(1)], accounts);
    let wallets: Vec<Vec<AccountId>> = (["A", "B"].iter())
        .map(|agent| {
            (NAMES.iter().zip(0..))
                .map(|(asset, index)| ledger.open(format!("{agent} {asset}"), AssetId(index)))
                .collect()
        })
        .collect();
    let lending = Lending::new(spec, &spot, wallets.clone(), &mut ledger);
    let stream = StreamKey::new("test", "loans").open(1, 0);
    let prices = [2_000.0, 80_000.0];
    Desk { ledger, spot, lending, wallets, prices, now_ms: 0, effects: Vec::new(), stream }
}

fn desk() -> Desk {
    desk_with(LendingSpec::new(vec![pool(); 3], 4), FREE)
}

/// A desk whose ETH pool differs.
fn desk_of(eth: PoolSpec, costs: (f64, SlippageSpec)) -> Desk {
    desk_with(LendingSpec::new(vec![pool(), eth, pool()], 4), costs)
}

impl Desk {
    fn deposit(&mut self, agent: usize, asset: AssetId, units: f64) {
        let market = self.spot.accounts()[usize::from(asset.0)].market;
        self.ledger.transfer(market, self.wallet(agent, asset), of(asset, units), "deposit");
    }

    fn wallet(&self, agent: usize, asset: AssetId) -> AccountId {
        self.wallets[agent][usize::from(asset.0)]
    }

    fn balance(&self, agent: usize, asset: AssetId) -> Amount {
        self.ledger.balance(self.wallet(agent, asset))
    }

    /// Lets something happen at this instant; everything balances after it.
    fn with<T>(&mut self, act: impl FnOnce(&mut Lending, &mut Context<'_>) -> T) -> T {
        let mut context = Context {
            now_ms: self.now_ms,
            ledger: &mut self.ledger,
            spot: &mut self.spot,
            prices: Prices { marks: &self.prices, lasts: &self.prices },
            effects: &mut self.effects,
        };
        let done = act(&mut self.lending, &mut context);
        self.ledger.conservation().expect("every operation balances");
        done
    }

    fn open(&mut self, spec: &LoanSpec) -> Result<LoanId, Rejection> {
        let mut stream = self.stream.clone();
        let opened = self.with(|lending, context| lending.open(spec, &mut stream, context));
        self.stream = stream;
        opened
    }

    fn recall(&mut self, id: LoanId) -> Result<i64, Rejection> {
        self.with(|lending, context| lending.recall(id, context))
    }

    fn settle(&mut self, now_ms: i64) {
        self.now_ms = now_ms;
        self.with(Lending::settle);
    }

    fn check(&mut self, now_ms: i64) {
        self.now_ms = now_ms;
        self.with(Lending::check_collateral);
    }

    fn sell_eth(&mut self, agent: usize, units: f64) -> Fill {
        self.trade(agent, units, true)
    }

    fn buy_eth(&mut self, agent: usize, units: f64) -> Fill {
        self.trade(agent, units, false)
    }

    fn trade(&mut self, agent: usize, units: f64, sells: bool) -> Fill {
        let order = Order {
            asset: ETH,
            usdc: self.wallet(agent, USDC),
            holding: self.wallet(agent, ETH),
            keep: Amount::ZERO,
            batch_units: 0.0,
        };
        let quantity = Quantity::try_round(units).expect("a quantity of a test");
        let prices = Prices { marks: &self.prices, lasts: &self.prices };
        let (spot, ledger) = (&mut self.spot, &mut self.ledger);
        spot.begin_instant(self.now_ms);
        let fill = if sells {
            spot.sell(ledger, prices, &order, quantity)
        } else {
            spot.buy(ledger, prices, &order, quantity)
        };
        fill.expect("a test trades what it has")
    }

    /// Kinds since the last call.
    fn kinds(&mut self) -> Vec<Kind> {
        self.effects.drain(..).map(|effect| effect.kind).collect()
    }

    /// Postings as `from > to amount reason`, in units of their asset.
    fn postings(&self) -> Vec<String> {
        let posting = |posting: &crate::ledger::Posting| {
            let (from, to) = (self.ledger.name(posting.from), self.ledger.name(posting.to));
            let scale = if is_usdc(from) { 1e6 } else { 1e8 };
            let amount = posting.amount.micro() as f64 / scale;
            format!("{from} > {to} {amount} {}", posting.reason)
        };
        self.ledger.journal().iter().map(posting).collect()
    }

    fn journal(&mut self) {
        self.ledger.keep_journal(true);
    }

    /// USDC and ETH of both agents, of all vaults and of the venue's fees, in units.
    fn table(&self) -> [[f64; 2]; 4] {
        let units = |asset: AssetId, accounts: &[AccountId]| {
            let sum: i64 = accounts.iter().map(|one| self.ledger.balance(*one).micro()).sum();
            sum as f64 / if asset == USDC { 1e6 } else { 1e8 }
        };
        let row =
            |accounts: [Vec<AccountId>; 2]| [units(USDC, &accounts[0]), units(ETH, &accounts[1])];
        let wallets = |agent: usize| row([USDC, ETH].map(|asset| vec![self.wallet(agent, asset)]));
        let vaults = [0, 1].map(|asset: usize| {
            self.lending.slots.iter().map(|slot| slot.vaults[asset]).collect::<Vec<_>>()
        });
        let fees = [0, 1].map(|asset: usize| vec![self.spot.accounts()[asset].fees]);
        [wallets(0), wallets(1), row(vaults), row(fees)]
    }
}

/// Whether an account of these names holds USDC.
fn is_usdc(name: &str) -> bool {
    name.ends_with("USDC") || name.ends_with("vault 0")
}

/// A lends 200 USDC to B or the outside, against ETH worth 120 %, at 9.4 %.
fn two_hundred(borrower: Party) -> LoanSpec {
    LoanSpec {
        rate: LoanRate::Fixed(0.094),
        ..LoanSpec::new(Agent(0), borrower, USDC, usdc(200.0), ETH)
    }
}

/// A lends 1 ETH to the outside against 2,400 USDC, without interest.
fn one_eth() -> LoanSpec {
    LoanSpec { long_term: true, ..LoanSpec::new(Agent(0), Outside, ETH, of(ETH, 1.0), USDC) }
}
