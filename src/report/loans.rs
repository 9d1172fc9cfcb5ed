//! Loans that were asked back on a traced path, put together from its events.

use crate::engine::{About, Event, EventKind};
use crate::ledger::{AssetId, USDC};

/// A recall, from the request to the arrival of the money.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Recall {
    /// Who asked.
    pub agent: usize,
    /// Number of the loan on the path.
    pub loan: u32,
    /// What was lent.
    pub asset: AssetId,
    /// How much of it, in whole units.
    pub amount: f64,
    /// The same at the mark of the request, USDC; NaN if that is not told.
    pub value_usdc: f64,
    /// When it was asked for, UTC ms.
    pub asked_ms: i64,
    /// When it is due; `None` if that is not told.
    pub due_ms: Option<i64>,
    /// When it was found not returned.
    pub failed_ms: Option<i64>,
    /// When its money came, from the borrower or the collateral.
    pub arrived_ms: Option<i64>,
}

impl Recall {
    fn asked(loan: u32, event: &Event) -> Self {
        let Event { agent, asset, amount, price, time_ms, due_ms, .. } = *event;
        Self {
            agent,
            loan,
            asset,
            amount,
            value_usdc: if asset == USDC { amount } else { amount * price },
            asked_ms: time_ms,
            due_ms,
            failed_ms: None,
            arrived_ms: None,
        }
    }

    /// Whether its money is still to come at an instant.
    pub fn is_pending(&self, now_ms: i64) -> bool {
        self.asked_ms <= now_ms && self.arrived_ms.is_none_or(|arrived| now_ms < arrived)
    }
}

/// What a loan's event says to the side that has borrowed.
pub(super) const BORROWER: &str = "as borrower";

/// The recalls among some events, in the order of the requests. Of a loan between two agents of
/// the plan the lender's is kept.
pub(super) fn recalls(events: &[Event]) -> Vec<Recall> {
    let mut recalls: Vec<Recall> = Vec::new();
    for event in events.iter().filter(|event| event.reason != BORROWER) {
        let About::Loan(loan) = event.about else { continue };
        let own = recalls.iter_mut().find(|recall| recall.loan == loan);
        match (event.kind, own) {
            (EventKind::LoanRecalled, None) => recalls.push(Recall::asked(loan, event)),
            (EventKind::RecallFailed, Some(recall)) => recall.failed_ms = Some(event.time_ms),
            (kind, Some(recall)) if brings_money(kind) => {
                recall.arrived_ms.get_or_insert(event.time_ms);
            }
            _ => {}
        }
    }
    recalls
}

const fn brings_money(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::LoanReturnedEarly
            | EventKind::LoanReturned
            | EventKind::LoanRepaid
            | EventKind::BoughtIn
            | EventKind::CollateralLiquidated
    )
}

/// Whether money was missing at an event: a position was closed by the venue, a kill switch or a
/// stop, or a top-up or hold found too little.
pub(super) fn lacked_money(event: &Event) -> bool {
    match event.kind {
        EventKind::Liquidated | EventKind::KillSwitchClosed | EventKind::StopLoss => true,
        EventKind::TopUpRejected | EventKind::RequestRejected => {
            event.reason.contains("free") || event.reason.contains("reserve")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{T0, event, failed_recall, on_loan};
    use crate::units::time::HOUR_MS;

    #[test]
    fn a_recall_lasts_from_its_request_to_the_first_money() {
        let at = |hours: i64| T0 + hours * HOUR_MS;
        let asked = |hours, loan, due_ms| Event {
            due_ms,
            ..on_loan(hours, EventKind::LoanRecalled, loan, 0.5, 2_840.0)
        };
        let back = |hours, kind, loan| on_loan(hours, kind, loan, 0.5, 2_800.0);
        let events = [
            asked(10, 1, Some(at(34))),
            Event { reason: BORROWER, agent: 1, ..asked(11, 2, Some(at(35))) },
            asked(11, 2, Some(at(35))),
            asked(12, 8, None),
            back(15, EventKind::LoanReturnedEarly, 1),
            back(20, EventKind::LoanRepaid, 8),
            back(21, EventKind::CollateralLiquidated, 8),
            event(22, EventKind::LoanReturned),
        ];
        let found = recalls(&events);
        let rows = [
            // loan, asked, due, arrived
            (1, at(10), Some(at(34)), Some(at(15))),
            (2, at(11), Some(at(35)), None),
            (8, at(12), None, Some(at(20))),
        ];
        assert_eq!(found.len(), rows.len());
        for (recall, row) in found.iter().zip(rows) {
            let got = (recall.loan, recall.asked_ms, recall.due_ms, recall.arrived_ms);
            assert_eq!((recall.agent, got), (0, row));
            // Half an ETH at 2,840.
            assert_eq!(recall.value_usdc, 1_420.0);
        }
        assert!(found[0].is_pending(at(10)) && !found[0].is_pending(at(15)));
        assert!(!found[1].is_pending(at(10)) && found[1].is_pending(i64::MAX));
        let failed = recalls(&failed_recall());
        assert_eq!((failed[0].failed_ms, failed[0].arrived_ms), (Some(at(48)), Some(at(48))));
    }
}
