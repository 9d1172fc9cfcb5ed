//! Whom a story tells of.

use super::super::shown::ALL_UP_TO;
use crate::engine::{Event, EventKind, Plan};
use crate::study::Trace;

/// The agents that a story tells of.
pub(super) struct Cast {
    told: Vec<bool>,
    /// Whether the others are untouched, and not merely not asked for.
    untouched: bool,
}

impl Cast {
    /// One agent, where one is asked for; else all, or of many those to whom something happened:
    /// anything but openings, flows, payments and messages.
    pub fn of(plan: &Plan, trace: &Trace, only: Option<usize>) -> Self {
        let count = plan.agents.len();
        let mut told = vec![only.is_none() && count <= ALL_UP_TO; count];
        match only {
            Some(agent) => told[agent] = true,
            None => {
                let events = trace.events.iter().filter(|event| is_incident(event.kind));
                events.for_each(|event| told[event.agent] = true);
            }
        }
        Self { told, untouched: only.is_none() }
    }

    /// Whether an agent is told of.
    pub fn has(&self, agent: usize) -> bool {
        self.told[agent]
    }

    /// What happened to those who are told of.
    pub fn events(&self, trace: &Trace) -> Vec<Event> {
        trace.events.iter().filter(|event| self.has(event.agent)).cloned().collect()
    }

    /// The assets of those who are told of; all where all are.
    pub fn has_asset(&self, plan: &Plan, asset: usize) -> bool {
        let agents = plan.agents.iter().zip(&self.told).filter(|(_, told)| **told);
        let mut positions = agents.flat_map(|(agent, _)| &agent.positions);
        self.told.iter().all(|told| *told)
            || positions.any(|position| plan.exchange.markets[position.market].asset == asset)
    }

    /// How many are left out, in words; empty where nobody is.
    pub fn others(&self) -> String {
        let others = self.told.iter().filter(|told| !**told).count();
        match (others, self.untouched) {
            (0, _) => String::new(),
            (_, true) => format!(
                "{others} other agents, of whom none was called, topped up, closed, turned down, \
                 cured or drew margin, are left out; --agent NAME tells of one.\n"
            ),
            (_, false) => format!("{others} other agents are left out.\n"),
        }
    }
}

/// Whether an event is more than the daily round.
fn is_incident(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::CollateralToppedUp
            | EventKind::TopUpRejected
            | EventKind::KillSwitchTriggered
            | EventKind::KillSwitchClosed
            | EventKind::KillSwitchDryRun
            | EventKind::Reduced
            | EventKind::StopLoss
            | EventKind::Resumed
            | EventKind::ResumeRejected
            | EventKind::Liquidated
            | EventKind::InsurancePaid
            | EventKind::AutoDeleveraged
            | EventKind::LossSocialised
            | EventKind::BadDebt
            | EventKind::MarginCall
            | EventKind::Rebalanced
            | EventKind::RequestRejected
            | EventKind::RecallFailed
            | EventKind::BoughtIn
            | EventKind::CollateralCalled
            | EventKind::CollateralLiquidated
            | EventKind::LendingShortfall
            | EventKind::MarginDrawn
            | EventKind::DrawRejected
            | EventKind::MarginFreed
            | EventKind::DryPowderReleased
            | EventKind::DryPowderRefused
    )
}
