//! Orders of policies on their way: they count as done in later decisions.

use super::agent::{PrimeOrder, PrimeOrderKind};
use crate::engine::event::{About, Event, EventKind, Recorder};
use crate::engine::run::Run;
use crate::ledger::AssetId;
use crate::prices::PricePath;
use crate::units::Amount;
use crate::venue::escrow::ContractId;
use crate::venue::lending::LoanId;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    fn on_their_way(&self) -> &[PrimeOrder] {
        self.ws.prime.as_deref().map_or(&[], |state| &state.orders)
    }

    fn sum_ordered(&self, amount: impl Fn(&PrimeOrder) -> Option<Amount>) -> Amount {
        self.on_their_way().iter().filter_map(amount).fold(Amount::ZERO, |sum, one| sum + one)
    }

    /// Whether a loan is being asked back.
    pub(super) fn recall_ordered(&self, loan: LoanId) -> bool {
        let recalls =
            |order: &PrimeOrder| matches!(order.kind, PrimeOrderKind::Recall(id) if id == loan);
        self.on_their_way().iter().any(recalls)
    }

    /// What reductions of a position will free.
    pub(super) fn cut_ordered(&self, agent: usize, of: usize) -> Amount {
        self.sum_ordered(|order| match order.kind {
            PrimeOrderKind::CutPosition { position, part, .. } => {
                (order.agent == agent && position == of).then_some(part)
            }
            _ => None,
        })
    }

    /// What reductions of a contract will free.
    pub(super) fn contract_cut_ordered(&self, of: ContractId) -> Amount {
        self.sum_ordered(|order| match order.kind {
            PrimeOrderKind::CutContract { contract, part, .. } => (contract == of).then_some(part),
            _ => None,
        })
    }

    /// What will be lent of a holding.
    pub(super) fn loans_ordered(&self, agent: usize, of: AssetId) -> Amount {
        self.sum_ordered(|order| match order.kind {
            PrimeOrderKind::Lend { asset, amount } => {
                (order.agent == agent && asset == of).then_some(amount)
            }
            _ => None,
        })
    }

    /// Tells of the recalls among the orders from the `first` on.
    pub(super) fn tell_recalls(&mut self, first: usize) {
        if !R::EVENTS {
            return;
        }
        for index in first..self.on_their_way().len() {
            let PrimeOrder { agent, due_ms, kind } = self.on_their_way()[index];
            let PrimeOrderKind::Recall(id) = kind else { continue };
            let Some(Ok(loan)) = self.ws.prime.as_deref().map(|state| state.lending.get(id)) else {
                continue;
            };
            let (asset, amount) = (loan.spec.asset, Self::whole(loan.spec.asset, loan.spec.amount));
            let (about, kind) = (About::Loan(id.number()), EventKind::RecallOrdered);
            self.tell_about(agent, about, kind, |event| Event {
                amount,
                asset,
                due_ms: Some(due_ms),
                reason: "as lender",
                ..event
            });
        }
    }
}
