//! Sentences of fleets.

use super::{Teller, because, health_moves};
use crate::engine::{Event, EventKind, Metric};
use crate::report::number::{money, signed_money};
use crate::units::time::to_iso;

impl Teller<'_> {
    /// A sentence on an event of a fleet; `name` is the fleet or, of dry powder, the position.
    pub(super) fn fleet(&self, event: &Event, name: &str) -> Option<String> {
        let (amount, because) = (money(event.amount), because(event));
        let moves = health_moves(event.health_before, event.health_factor);
        let text = match event.kind {
            EventKind::MarginDrawn => format!("{amount} USDC drawn from {name}{because}."),
            EventKind::MarginGivenBack => format!("{amount} USDC given back to {name}{because}."),
            EventKind::DrawRejected if event.amount.is_nan() => return None,
            EventKind::DrawRejected => {
                format!("asked {name} for {amount} USDC and was turned down{because}.")
            }
            EventKind::MarginFreed => {
                let due = event
                    .due_ms
                    .map_or(String::new(), |due_ms| format!(", there at {}", to_iso(due_ms)));
                format!("{amount} USDC freed for {name}{because}{due}.")
            }
            EventKind::FreedArrived => format!("{amount} USDC are back{because}."),
            EventKind::DryPowderReleased => {
                format!("DRY POWDER: {amount} USDC for {name}{because}{moves}.")
            }
            EventKind::DryPowderRefused => format!("no dry powder for it{because}."),
            EventKind::Reallocated => {
                let change = signed_money(event.amount);
                format!("delegation changed by {change} USDC{because}.")
            }
            EventKind::FleetZone => format!("fleet {name} is in {}.", event.reason),
            _ => return None,
        };
        Some(text)
    }

    /// ` of it 56.00 from the coordinator`, where anything came from there.
    pub(super) fn of_coordinator(&self, agent: usize) -> String {
        let received = self.trace.outcomes[agent].get(Metric::FromCoordinator);
        if received == 0.0 {
            return String::new();
        }
        let whom = if self.plan().fleets.iter().any(|fleet| fleet.spec.coordinator == agent) {
            "its sub-accounts"
        } else {
            "its coordinator"
        };
        format!(" ({} of it from {whom}, which is no gain)", signed_money(received))
    }
}
