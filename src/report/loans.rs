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
