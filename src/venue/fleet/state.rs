//! A fleet's accounts, and what moves between them.

use std::collections::VecDeque;

use super::spec::FleetSpec;
use crate::ledger::{AccountId, Ledger, USDC};
use crate::units::Amount;
use crate::units::time::NEVER_MS;

/// Why a draw was turned down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawRejection {
    /// The amount is not above zero.
    NotPositive,
    /// The coordinator gives no more margin out for now.
    Frozen,
    /// More would have been drawn than was delegated.
    Delegation,
    /// Less is free on the master wallet.
    Master,
}

impl DrawRejection {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotPositive => "no amount above zero",
            Self::Frozen => "the coordinator gives out no margin in this zone",
            Self::Delegation => "above the delegation",
            Self::Master => "less is free on the master wallet",
        }
    }
}

/// What a sub-account has of the master wallet's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Index of the account.
    pub account: usize,
    /// Its wallet.
    pub wallet: AccountId,
    /// Most that it may have drawn now.
    pub margin: Amount,
    /// What it has drawn and not given back. Dry powder does not count.
    pub drawn: Amount,
    /// Net of everything that came from the coordinator since the start, dry powder among it.
    pub received: Amount,
}

/// Money of a closed sub-account that has reached the master wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Index of the sub-account's line.
    pub line: usize,
    /// How much.
    pub amount: Amount,
    /// When, UTC ms.
    pub due_ms: i64,
}

/// One fleet on one path.
#[derive(Clone, Debug)]
pub struct Fleet {
    spec: FleetSpec,
    market: AccountId,
    master: AccountId,
    dry_powder: AccountId,
    transit: AccountId,
    lines: Vec<Line>,
    /// By due time: all are under way for equally long.
    arrivals: VecDeque<Arrival>,
    frozen: bool,
}

impl Fleet {
    /// Opens a fleet's own accounts. `wallets` are those of all accounts of the venue; dry powder
    /// comes from `market`, the outside, at the start.
    pub fn new(
        spec: FleetSpec,
        name: &str,
        market: AccountId,
        wallets: &[AccountId],
        ledger: &mut Ledger,
    ) -> Self {
        let lines = (spec.delegations.iter())
            .map(|delegation| Line {
                account: delegation.account,
                wallet: wallets[delegation.account],
                margin: delegation.max_margin,
                drawn: delegation.drawn,
                received: Amount::ZERO,
            })
            .collect();
        let mut fleet = Self {
            market,
            master: wallets[spec.coordinator],
            dry_powder: ledger.open(format!("{name} dry powder"), USDC),
            transit: ledger.open(format!("{name} in transit"), USDC),
            lines,
            arrivals: VecDeque::new(),
            frozen: false,
            spec,
        };
        fleet.reset();
        fleet
    }

    /// Starts over; the ledger has been reset.
    pub fn reset(&mut self) {
        for (line, delegation) in self.lines.iter_mut().zip(&self.spec.delegations) {
            line.margin = delegation.max_margin;
            line.drawn = delegation.drawn;
            line.received = Amount::ZERO;
        }
        self.arrivals.clear();
        self.frozen = false;
    }

    /// Puts dry powder in its place.
    pub fn endow(&self, ledger: &mut Ledger) {
        ledger.transfer(self.market, self.dry_powder, self.spec.dry_powder, "dry powder");
    }

    /// What it is made of.
    #[inline]
    pub fn spec(&self) -> &FleetSpec {
        &self.spec
    }

    /// Its sub-accounts' lines, in the order of the delegations.
    #[inline]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Dry powder left.
    #[inline]
    pub fn dry_powder(&self, ledger: &Ledger) -> Amount {
        ledger.balance(self.dry_powder)
    }

    /// Money of closed sub-accounts on its way to the master wallet.
    #[inline]
    pub fn in_transit(&self, ledger: &Ledger) -> Amount {
        ledger.balance(self.transit)
    }

    /// Whether draws are stopped.
    #[inline]
    pub fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// Stops draws, or lets them go on.
    pub fn set_frozen(&mut self, frozen: bool) {
        self.frozen = frozen;
    }

    /// Most that a line could draw now. `kept` is what the master wallet must keep beside its holds.
    pub fn drawable(&self, ledger: &Ledger, line: usize, kept: Amount) -> Amount {
        if self.frozen {
            return Amount::ZERO;
        }
        let Line { margin, drawn, .. } = self.lines[line];
        (margin - drawn).min(self.free(ledger, kept)).max(Amount::ZERO)
    }

    fn free(&self, ledger: &Ledger, kept: Amount) -> Amount {
        ledger.balance(self.master) - ledger.held(self.master) - kept
    }

    /// Moves `amount` from the master wallet to a sub-account.
    ///
    /// # Errors
    /// What the delegation, the coordinator or the master wallet does not permit; nothing moves.
    pub fn draw(
        &mut self,
        ledger: &mut Ledger,
        line: usize,
        amount: Amount,
        kept: Amount,
    ) -> Result<(), DrawRejection> {
        let free = self.free(ledger, kept);
        let one = &mut self.lines[line];
        if !amount.is_positive() {
            return Err(DrawRejection::NotPositive);
        }
        if self.frozen {
            return Err(DrawRejection::Frozen);
        }
        if amount > one.margin - one.drawn {
            return Err(DrawRejection::Delegation);
        }
        if amount > free {
            return Err(DrawRejection::Master);
        }
        one.drawn += amount;
        one.received += amount;
        ledger.transfer(self.master, one.wallet, amount, "margin drawn");
        Ok(())
    }

    /// Moves `amount`, which its wallet must have free, back to the master wallet at once.
    pub fn give_back(&mut self, ledger: &mut Ledger, line: usize, amount: Amount) {
        let wallet = self.taken(line, amount);
        ledger.transfer(wallet, self.master, amount, "margin given back");
        self.refill(ledger, amount);
    }

    /// Sends `amount`, which its wallet must have free, on its way to the master wallet; returns when
    /// it arrives.
    pub fn send_back(
        &mut self,
        ledger: &mut Ledger,
        line: usize,
        amount: Amount,
        now_ms: i64,
    ) -> i64 {
        let wallet = self.taken(line, amount);
        ledger.transfer(wallet, self.transit, amount, "margin freed");
        let due_ms = now_ms.saturating_add(self.spec.freed_delay_ms);
        self.arrivals.push_back(Arrival { line, amount, due_ms });
        due_ms
    }

    /// Counts what leaves a line; gains that go with it have not been drawn.
    fn taken(&mut self, line: usize, amount: Amount) -> AccountId {
        let line = &mut self.lines[line];
        line.drawn = (line.drawn - amount).max(Amount::ZERO);
        line.received -= amount;
        line.wallet
    }

    /// When the next money arrives.
    #[inline]
    pub fn next_due_ms(&self) -> i64 {
        self.arrivals.front().map_or(NEVER_MS, |arrival| arrival.due_ms)
    }

    /// Lets the next money arrive that is due by now.
    pub fn arrive(&mut self, ledger: &mut Ledger, now_ms: i64) -> Option<Arrival> {
        let arrival = self.arrivals.pop_front_if(|arrival| arrival.due_ms <= now_ms)?;
        ledger.transfer(self.transit, self.master, arrival.amount, "freed margin arrived");
        self.refill(ledger, arrival.amount);
        Some(arrival)
    }

    /// Of `amount` that has just come to the master wallet, fills dry powder up.
    fn refill(&mut self, ledger: &mut Ledger, amount: Amount) {
        let lacking = self.spec.dry_powder - ledger.balance(self.dry_powder);
        if self.spec.refill && lacking.is_positive() {
            ledger.transfer(self.master, self.dry_powder, lacking.min(amount), "dry powder filled");
        }
    }

    /// Pays dry powder onto an account of a sub-account: its wallet, or a position's collateral.
    pub fn release(&mut self, ledger: &mut Ledger, line: usize, to: AccountId, amount: Amount) {
        self.lines[line].received += amount;
        ledger.transfer(self.dry_powder, to, amount, "dry powder released");
    }

    /// Changes what a line may have drawn.
    pub fn set_margin(&mut self, line: usize, margin: Amount) {
        assert!(!margin.is_negative(), "a delegation of {margin}");
        self.lines[line].margin = margin;
    }
}
