//! What others may know of the loans: amounts, claims and debts.

use super::loan::{Loan, LoanId, State};
use super::rejection::Rejection;
use super::spec::Party;
use super::state::Lending;
use crate::ledger::{AssetId, Ledger};
use crate::units::Amount;
use crate::venue::exchange::Prices;

impl Lending {
    /// The loans that have not ended, by agent (lender, else borrower), then in the order of
    /// opening.
    pub fn loans(&self) -> impl Iterator<Item = &Loan> {
        self.order.iter().map(|slot| self.loan(*slot))
    }

    /// One loan that has not ended.
    pub fn get(&self, id: LoanId) -> Result<&Loan, Rejection> {
        self.slot_of(id).map(|slot| self.loan(slot))
    }

    /// Part of the interest that the broker keeps.
    #[inline]
    pub fn broker_cut(&self) -> f64 {
        self.spec.broker_cut
    }

    /// A pool's rate a year.
    #[inline]
    pub fn rate(&self, asset: AssetId) -> f64 {
        self.pools[usize::from(asset.0)].rate()
    }

    /// A pool's utilisation.
    #[inline]
    pub fn utilisation(&self, asset: AssetId) -> f64 {
        self.pools[usize::from(asset.0)].utilisation
    }

    /// Principal that an agent has lent of an asset, recalled or not.
    pub fn lent(&self, agent: usize, asset: AssetId) -> Amount {
        self.sum(agent, asset, |_| true)
    }

    /// Principal of it that was recalled and has not arrived.
    pub fn in_recall(&self, agent: usize, asset: AssetId) -> Amount {
        self.sum(agent, asset, |loan| loan.state == State::Recalled)
    }

    fn sum(&self, agent: usize, asset: AssetId, wanted: impl Fn(&Loan) -> bool) -> Amount {
        let mut sum = Amount::ZERO;
        for loan in self.loans_of(agent) {
            if loan.spec.asset == asset && wanted(loan) {
                sum += loan.spec.amount;
            }
        }
        sum
    }

    fn loans_of(&self, lender: usize) -> impl Iterator<Item = &Loan> {
        self.loans().filter(move |loan| loan.spec.lender == Party::Agent(lender))
    }

    fn debts_of(&self, borrower: usize) -> impl Iterator<Item = &Loan> {
        self.loans().filter(move |loan| loan.spec.borrower == Party::Agent(borrower))
    }

    /// How much more of an asset an agent may lend when it holds `held` of it: its share of
    /// (held + lent), rounded down, less what is lent.
    pub fn lendable(&self, agent: usize, asset: AssetId, held: Amount) -> Amount {
        let lent = self.lent(agent, asset);
        let most = (held + lent).micro() as f64 * self.spec.max_lent_share;
        (Amount::from_micro(most.floor() as i64) - lent).max(Amount::ZERO)
    }

    /// Value of an agent's claims at mark, with the interest owed, USDC. It is in neither the
    /// reserved margin nor the capital of utilisation; equity counts it.
    pub fn lent_value(&self, agent: usize, now_ms: i64, prices: Prices<'_>) -> f64 {
        self.loans_of(agent).map(|loan| self.debt_value_of(loan, now_ms, prices)).sum()
    }

    /// Value of an agent's debts at mark, with the interest owed, USDC.
    pub fn debt_value(&self, agent: usize, now_ms: i64, prices: Prices<'_>) -> f64 {
        self.debts_of(agent).map(|loan| self.debt_value_of(loan, now_ms, prices)).sum()
    }

    fn debt_value_of(&self, loan: &Loan, now_ms: i64, prices: Prices<'_>) -> f64 {
        loan.debt_units(now_ms) * self.assets.price(loan.spec.asset, prices.marks)
    }

    /// Value at mark of the collateral that an agent has posted, USDC: still its own.
    pub fn pledged_value(&self, agent: usize, ledger: &Ledger, prices: Prices<'_>) -> f64 {
        let value = |loan: &Loan| {
            let asset = loan.spec.collateral_asset;
            let pledged = ledger.balance(self.vault(loan.id.slot, asset));
            self.assets.value(asset, pledged, prices.marks)
        };
        self.debts_of(agent).map(value).sum()
    }

    /// Collateral posted for a loan, in its asset.
    pub fn pledged(&self, loan: &Loan, ledger: &Ledger) -> Amount {
        ledger.balance(self.vault(loan.id.slot, loan.spec.collateral_asset))
    }

    /// Interest owed to an agent as a lender and not yet paid, less the broker's cut, USDC at mark.
    pub fn interest_owed_to(&self, agent: usize, now_ms: i64, marks: &[f64]) -> f64 {
        let owed: f64 = self.loans_of(agent).map(|loan| self.owed(loan, now_ms, marks)).sum();
        owed * (1.0 - self.spec.broker_cut)
    }

    /// Interest that an agent owes as a borrower and has not yet paid, USDC at mark.
    pub fn interest_owed_by(&self, agent: usize, now_ms: i64, marks: &[f64]) -> f64 {
        self.debts_of(agent).map(|loan| self.owed(loan, now_ms, marks)).sum()
    }

    fn owed(&self, loan: &Loan, now_ms: i64, marks: &[f64]) -> f64 {
        loan.interest_units(now_ms) * self.assets.price(loan.spec.asset, marks)
    }
}
