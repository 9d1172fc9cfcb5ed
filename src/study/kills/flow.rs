//! What a position brought over a path.

use crate::engine::EventKind;
use crate::study::Trace;

/// Realised profit less fees and penalties, losses that others bore, funding, and what is unrealised at
/// the end, USDC; `None` where auto-deleveraging took part of it, whose profit no event tells.
pub(super) fn of(trace: &Trace, agent: usize, position: usize) -> Option<f64> {
    let mut flow = trace.unrealised[agent][position];
    let own =
        |event: &&crate::engine::Event| event.agent == agent && event.position == Some(position);
    for event in trace.events.iter().filter(own) {
        flow += match event.kind {
            EventKind::Liquidated
            | EventKind::KillSwitchClosed
            | EventKind::StopLoss
            | EventKind::Reduced
            | EventKind::Rebalanced => event.amount - event.costs,
            EventKind::Opened | EventKind::Resumed if event.costs.is_finite() => -event.costs,
            EventKind::Funding => -event.amount,
            EventKind::InsurancePaid | EventKind::BadDebt => event.amount,
            EventKind::AutoDeleveraged => return None,
            _ => 0.0,
        };
    }
    Some(flow)
}
