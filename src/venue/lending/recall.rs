//! Asking a loan back, and giving it back unasked.

use super::effect::LendingEffectKind;
use super::loan::{LoanId, Recall, State};
use super::rejection::Rejection;
use super::spec::Party;
use super::state::{Context, Lending};
use crate::units::Amount;

impl Lending {
    /// The lender asks a loan back: it is due when the notice has passed. Returns the deadline.
    pub fn recall(&mut self, id: LoanId, context: &mut Context<'_>) -> Result<i64, Rejection> {
        let slot = self.slot_of(id)?;
        let asset = self.loan(slot).spec.asset;
        let pool = self.pools[usize::from(asset.0)];
        let early = self.spec.pools[usize::from(asset.0)].borrowers.early;
        let (key, shock_key) = (self.key, self.shock_key);
        let loan = self.loan_mut(slot);
        if loan.state == State::Recalled {
            return Err(Rejection::AlreadyRecalled);
        }
        loan.become_state(State::Recalled);
        let hazard = early.hazard(pool.drawdown, pool.utilisation);
        let mut draws = key.open(loan.seed, 0);
        let (threshold, failure) = (draws.exponential(), draws.uniform());
        let shock = shock_key.open(loan.seed, 0).uniform();
        let draws = [threshold, failure, shock];
        let recall = Recall::new(context.now_ms, loan.spec.notice_ms, hazard, draws);
        loan.recall = Some(recall);
        let lent = (asset, loan.spec.amount);
        let deadline_ms = recall.deadline_ms;
        self.emit(slot, LendingEffectKind::Recalled { deadline_ms }, lent, None, context);
        self.refresh_due();
        Ok(deadline_ms)
    }

    /// An agent gives a loan back with its interest, from its wallet.
    pub fn repay(&mut self, id: LoanId, context: &mut Context<'_>) -> Result<Amount, Rejection> {
        let slot = self.slot_of(id)?;
        if self.loan(slot).spec.borrower == Party::Outside {
            return Err(Rejection::NotAnAgent);
        }
        if !self.can_return(slot, context) {
            return Err(Rejection::BorrowerFunds);
        }
        let paid = self.give_back(slot, LendingEffectKind::Repaid, context);
        self.refresh_due();
        Ok(paid)
    }
}
