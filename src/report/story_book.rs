//! What a position's health factor was just before an event, worked out from the events alone.

use crate::engine::{Event, EventKind, Plan};
use crate::venue::exchange::MarginMode;

/// One isolated position as its events tell it.
#[derive(Clone, Copy, Debug)]
struct Line {
    market: usize,
    /// Signed, units of the underlying.
    quantity: f64,
    entry: f64,
    collateral_usdc: f64,
}

/// Isolated positions by agent and position. A position whose size the events do not tell any
/// more (it was closed in part, or entered again) is struck out.
pub(super) struct Book<'a> {
    plan: &'a Plan,
    lines: Vec<Vec<Option<Line>>>,
}

impl<'a> Book<'a> {
    /// The positions that the agents start with.
    pub(super) fn open(plan: &'a Plan, start_marks: &[f64]) -> Self {
        let line = |spec: &crate::venue::exchange::PositionSpec| {
            let start = start_marks[plan.exchange.markets[spec.market].asset];
            let entry = spec.entry_price.unwrap_or(start);
            let units = spec.quantity.unwrap_or(spec.notional_usdc / entry);
            (spec.mode == MarginMode::Isolated).then_some(Line {
                market: spec.market,
                quantity: units.abs() * spec.side as f64,
                entry,
                collateral_usdc: spec.collateral.usdc(),
            })
        };
        let lines = plan.agents.iter().map(|a| a.positions.iter().map(line).collect()).collect();
        Self { plan, lines }
    }

    /// The health factor at the event's price before it; `None` where it is not known or the
    /// event states it already.
    pub(super) fn health_before(&self, event: &Event) -> Option<f64> {
        let changes = matches!(
            event.kind,
            EventKind::CollateralToppedUp
                | EventKind::KillSwitchClosed
                | EventKind::StopLoss
                | EventKind::Reduced
                | EventKind::Liquidated
        );
        let line = changes.then(|| self.lines[event.agent][event.position?]).flatten()?;
        let brackets = &self.plan.exchange.markets[line.market].maintenance;
        let maintenance = brackets.maintenance((line.quantity * event.price).abs());
        let equity = line.collateral_usdc + line.quantity * (event.price - line.entry);
        (maintenance > 0.0).then(|| equity / maintenance).filter(|factor| factor.is_finite())
    }

    /// Takes an event into account.
    pub(super) fn take(&mut self, event: &Event) {
        let Some(position) = event.position else { return };
        let line = &mut self.lines[event.agent][position];
        match event.kind {
            EventKind::CollateralToppedUp => {
                if let Some(line) = line {
                    line.collateral_usdc += event.amount;
                }
            }
            EventKind::Funding => {
                if let Some(line) = line {
                    line.collateral_usdc -= event.amount;
                }
            }
            EventKind::Reduced
            | EventKind::Liquidated
            | EventKind::KillSwitchClosed
            | EventKind::StopLoss
            | EventKind::Resumed
            | EventKind::AutoDeleveraged => *line = None,
            _ => {}
        }
    }
}
