//! What falls due by the clock: interest, early returns and deadlines of recalls.

use super::effect::LendingEffectKind;
use super::loan::State;
use super::spec::Party;
use super::state::{Batch, Context, Lending};
use crate::units::Amount;
use crate::units::time::NEVER_MS;
use crate::venue::spot::units;

/// How a recalled loan ends at this instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Its notice runs on.
    Waits,
    /// Returned before the deadline.
    Early,
    /// Returned at the deadline.
    Returned,
    /// Not returned.
    Failed,
}

impl Lending {
    /// Does what has fallen due by now, in the order of agents and loans: interest is paid, then
    /// recalled loans come back or are bought in. Calls for collateral are
    /// [`Lending::check_collateral`]'s.
    ///
    /// Forced sales of the instant share their fill prices; slippage is reckoned from all of them
    /// together, as each stands before any of them.
    pub fn settle(&mut self, context: &mut Context<'_>) {
        if self.next_due_ms() > context.now_ms {
            return;
        }
        context.spot.begin_instant(context.now_ms);
        self.batch.fill(Batch::default());
        for index in 0..self.order.len() {
            let slot = self.order[index];
            let want = if self.fate(slot, context) == Fate::Failed {
                self.debt(slot, context.now_ms)
            } else if self.loan(slot).next_interest_ms <= context.now_ms {
                let interest = self.interest(slot, context.now_ms);
                let spec = &self.loan(slot).spec;
                let pays = self.affords(spec.borrower, spec.asset, interest, context.ledger);
                if pays { Amount::ZERO } else { interest }
            } else {
                Amount::ZERO
            };
            self.add_to_batch(slot, want, context);
        }
        let mut index = 0;
        while let Some(slot) = self.order.get(index).copied() {
            self.settle_loan(slot, context);
            index += usize::from(self.order.get(index) == Some(&slot));
        }
        self.refresh_due();
    }

    fn settle_loan(&mut self, slot: usize, context: &mut Context<'_>) {
        if self.loan(slot).next_interest_ms <= context.now_ms {
            self.pay_interest(slot, context);
            let loan = self.loan_mut(slot);
            let interval_ms = loan.spec.interest_interval_ms.unwrap_or(NEVER_MS);
            loan.next_interest_ms = loan.next_interest_ms.saturating_add(interval_ms);
        }
        match self.fate(slot, context) {
            Fate::Waits => {}
            Fate::Early => {
                self.give_back(slot, LendingEffectKind::ReturnedEarly, context);
            }
            Fate::Returned => {
                self.give_back(slot, LendingEffectKind::Returned, context);
            }
            Fate::Failed => {
                let spec = &self.loan(slot).spec;
                let lent = (spec.asset, spec.amount);
                self.emit(slot, LendingEffectKind::RecallFailed, lent, None, context);
                self.sell_out(slot, State::BoughtIn, context);
            }
        }
    }

    fn fate(&self, slot: usize, context: &Context<'_>) -> Fate {
        let loan = self.loan(slot);
        let Some(recall) = &loan.recall else { return Fate::Waits };
        let due = recall.deadline_ms <= context.now_ms;
        match loan.spec.borrower {
            Party::Agent(_) if !due => Fate::Waits,
            Party::Agent(_) if self.can_return(slot, context) => Fate::Returned,
            Party::Agent(_) => Fate::Failed,
            Party::Outside => {
                let asset = usize::from(loan.spec.asset.0);
                let (pool, terms) = (self.pools[asset], self.spec.pools[asset].borrowers);
                let return_ms = recall.return_ms();
                if return_ms < recall.deadline_ms && return_ms <= context.now_ms {
                    Fate::Early
                } else if !due {
                    Fate::Waits
                } else if recall.fails(&terms.failure, pool.drawdown, pool.utilisation)
                    || recall.fails_by(self.recall_failure)
                {
                    Fate::Failed
                } else {
                    Fate::Returned
                }
            }
        }
    }

    /// Interest that has fallen due is paid from the wallet, else from the collateral; what even
    /// that does not yield stays owed.
    fn pay_interest(&mut self, slot: usize, context: &mut Context<'_>) {
        let due = self.interest(slot, context.now_ms);
        let spec = self.loan(slot).spec;
        let payer = self.account(spec.borrower, spec.asset);
        if self.affords(spec.borrower, spec.asset, due, context.ledger) {
            self.post_interest(slot, payer, due, context);
            self.loan_mut(slot).accrual.pay(context.now_ms, 0.0);
            return;
        }
        let raised = self.raise(slot, due, context);
        let kind = LendingEffectKind::SoldForInterest { sold: raised.sold };
        self.emit_sale(slot, kind, &raised, context);
        let vault = self.vault(slot, spec.asset);
        self.post_interest(slot, vault, raised.amount, context);
        self.sweep(slot, context);
        let left = units(spec.asset, due - raised.amount);
        self.loan_mut(slot).accrual.pay(context.now_ms, left);
    }
}
