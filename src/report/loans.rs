//! Loans that were asked back on a traced path, put together from its events.

use crate::engine::prime::Scheme;
use crate::engine::{About, Event, EventKind, Plan};
use crate::ledger::{AssetId, USDC};
use crate::units::Amount;
use crate::venue::custody::units_of;
use crate::venue::lending::{LoanSpec, Party};

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
    /// When it is due; `None` where the plan does not tell the loan's notice.
    pub due_ms: Option<i64>,
    /// When it was found not returned.
    pub failed_ms: Option<i64>,
    /// When its money came, from the borrower or the collateral.
    pub arrived_ms: Option<i64>,
}

impl Recall {
    /// Whether its money is still to come at an instant.
    pub fn is_pending(&self, now_ms: i64) -> bool {
        self.asked_ms <= now_ms && self.arrived_ms.is_none_or(|arrived| now_ms < arrived)
    }
}

/// The recalls among some events, in the order of the requests. Of a loan between two agents of
/// the plan the lender's is kept.
pub(super) fn recalls(plan: &Plan, events: &[Event]) -> Vec<Recall> {
    let mut opened: Vec<(u32, &Event)> = Vec::new();
    let mut recalls: Vec<Recall> = Vec::new();
    for event in events {
        let About::Loan(loan) = event.about else { continue };
        let own = recalls.iter_mut().find(|r| (r.loan, r.agent) == (loan, event.agent));
        match (event.kind, own) {
            (EventKind::LoanOpened, _) => opened.push((loan, event)),
            (EventKind::LoanRecalled, None) => {
                let mut openings = opened.iter().filter(|(number, _)| *number == loan);
                let opening = openings.find(|(_, e)| e.agent == event.agent).map(|(_, e)| *e);
                let terms = opening.and_then(|opening| terms(plan, opening));
                let lends = |spec: &LoanSpec| spec.lender == Party::Agent(event.agent);
                if terms.is_none_or(lends) {
                    recalls.push(recall(loan, event, opening, terms));
                }
            }
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

fn recall(loan: u32, event: &Event, opening: Option<&Event>, terms: Option<&LoanSpec>) -> Recall {
    let told = if event.amount.is_nan() { opening } else { None };
    let amount = told.map_or(event.amount, |opening| opening.amount);
    Recall {
        agent: event.agent,
        loan,
        asset: event.asset,
        amount,
        value_usdc: if event.asset == USDC { amount } else { amount * event.price },
        asked_ms: event.time_ms,
        due_ms: terms.map(|spec| event.time_ms + spec.notice_ms),
        failed_ms: None,
        arrived_ms: None,
    }
}

/// The terms of a loan: those of the scheduled loan that fits its opening, else those of the
/// agent's policy.
pub(super) fn terms<'a>(plan: &'a Plan, opening: &Event) -> Option<&'a LoanSpec> {
    let prime = plan.prime.as_ref()?;
    let fits = |spec: &LoanSpec| {
        let party = Party::Agent(opening.agent);
        spec.asset == opening.asset
            && (spec.lender == party || spec.borrower == party)
            && (whole(spec.asset, spec.amount) - opening.amount).abs() < 1e-9
    };
    let mut scheduled = prime.agents.iter().flat_map(|agent| &agent.schedule);
    let found = scheduled.find_map(|entry| match &entry.action {
        Scheme::Loan { spec, .. } if entry.at_ms == opening.time_ms && fits(spec) => Some(spec),
        _ => None,
    });
    let policy = || {
        let terms = prime.agents.get(opening.agent)?.lends.get(usize::from(opening.asset.0))?;
        terms.as_ref().map(|terms| &terms.spec)
    };
    found.or_else(policy)
}

/// An amount of the ledger in whole units of its asset.
fn whole(asset: AssetId, amount: Amount) -> f64 {
    if asset == USDC { amount.usdc() } else { units_of(amount) }
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
    use crate::report::testing::{T0, event, failed_recall, on_loan, prime_scenario};
    use crate::units::time::HOUR_MS;

    #[test]
    fn a_recall_lasts_from_its_request_to_the_first_money() {
        let plan = prime_scenario().plan;
        let opened = |loan| on_loan(0, EventKind::LoanOpened, loan, 0.5, 2_800.0);
        let asked = |hours, loan| on_loan(hours, EventKind::LoanRecalled, loan, 0.5, 2_840.0);
        // Of alice's, loan 1 comes early, 2 never; loan 8 has no opening that tells its notice.
        let events = [
            opened(1),
            opened(2),
            asked(10, 1),
            asked(11, 2),
            asked(12, 8),
            on_loan(15, EventKind::LoanReturnedEarly, 1, 0.5, 2_800.0),
            on_loan(20, EventKind::LoanRepaid, 8, 0.5, 2_800.0),
            event(21, EventKind::LoanReturned),
        ];
        let found = recalls(&plan, &events);
        let at = |hours: i64| T0 + hours * HOUR_MS;
        let rows = [
            // loan, asked, due, arrived
            (1, at(10), Some(at(34)), Some(at(15))),
            (2, at(11), Some(at(35)), None),
            (8, at(12), None, Some(at(20))),
        ];
        assert_eq!(found.len(), rows.len());
        for (recall, row) in found.iter().zip(rows) {
            let got = (recall.loan, recall.asked_ms, recall.due_ms, recall.arrived_ms);
            assert_eq!(got, row);
            // Half an ETH at 2,840.
            assert_eq!(recall.value_usdc, 1_420.0);
        }
        assert!(found[0].is_pending(at(10)) && !found[0].is_pending(at(15)));
        assert!(!found[1].is_pending(at(10)) && found[1].is_pending(i64::MAX));
        let failed = recalls(&plan, &failed_recall());
        assert_eq!((failed[0].failed_ms, failed[0].arrived_ms), (Some(at(48)), Some(at(48))));
    }

    #[test]
    fn the_borrower_of_a_loan_between_agents_recalls_nothing() {
        let mut plan = prime_scenario().plan;
        let prime = plan.prime.as_mut().unwrap();
        let half = crate::venue::custody::amount_of(crate::units::Quantity::from_steps(50_000_000));
        let spec = LoanSpec::new(Party::Agent(0), Party::Agent(1), AssetId(1), half, USDC);
        let action = Scheme::Loan { loan: 0, spec: LoanSpec { notice_ms: 7, ..spec } };
        prime.agents[0].schedule = vec![crate::engine::prime::Scheduled { at_ms: T0, action }];
        let pair = |kind, hours| {
            let own = on_loan(hours, kind, 4, 0.5, 2_840.0);
            [own.clone(), Event { agent: 1, ..own }]
        };
        let events = [pair(EventKind::LoanOpened, 0), pair(EventKind::LoanRecalled, 5)].concat();
        let found = recalls(&plan, &events);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].agent, found[0].due_ms), (0, Some(T0 + 5 * HOUR_MS + 7)));
    }
}
