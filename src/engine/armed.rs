//! Which rules a plan has switched on: only those can be found untested.

use super::fleet::FleetPlan;
use super::metrics::Rule;
use super::plan::{AgentPlan, Plan};
use crate::policy::{FallbackWhen, KillScope, ReleaseSpec};
use crate::venue::exchange::{ForceClose, LossRule, MarginMode};

impl Plan {
    /// Whether a rule can fire for some agent of the plan at all.
    pub fn arms(&self, rule: Rule) -> bool {
        (0..self.agents.len()).any(|agent| self.arms_for(rule, agent))
    }

    /// Whether a rule can fire for one agent.
    pub fn arms_for(&self, rule: Rule, agent: usize) -> bool {
        let plan = &self.agents[agent];
        let markets = || plan.positions.iter().map(|spec| &self.exchange.markets[spec.market]);
        match rule {
            Rule::LiquidationWithEquity
            | Rule::LiquidationNoEquity
            | Rule::Insurance
            | Rule::BadDebt => !plan.positions.is_empty(),
            Rule::ImpactMoved => markets().any(|market| self.impact_moves(market.asset)),
            // What a move leads to may reach accounts in other markets too: rounds are common.
            Rule::ImpactCascade | Rule::ImpactCapped => {
                let moves = (0..self.assets.len()).any(|asset| self.impact_moves(asset));
                moves && !plan.positions.is_empty()
            }
            Rule::LiquidationPartial => {
                markets().any(|market| market.force_close != ForceClose::Full)
            }
            Rule::MarginCall | Rule::MarginCallCured | Rule::MarginCallClosed => {
                self.exchange.margin_call.is_some() && !plan.positions.is_empty()
            }
            Rule::Adl => self.exchange.loss_rule == LossRule::AutoDeleveraging,
            Rule::Socialised => self.exchange.loss_rule == LossRule::Socialised,
            Rule::Funding => markets().any(|market| market.funding.is_some()),
            Rule::Alert => plan.zone_monitor.is_some_and(|monitor| monitor.enabled),
            Rule::Reduce => plan.guard.active_reduce().is_some(),
            Rule::StopLoss => plan.guard.active_stop_loss().is_some(),
            Rule::Resume | Rule::ResumeRejected => plan.guard.active_resume().is_some(),
            Rule::RejectedGross if self.exchange.max_gross.is_some() => {
                plan.guard.active_resume().is_some()
            }
            Rule::TopUpReserve if self.draws_on_demand(agent) => false,
            _ => {
                plan.arms_top_up(rule)
                    || plan.arms_kill_switch(rule)
                    || self.arms_fleet(rule, agent)
                    || (self.prime.as_ref()).is_some_and(|prime| prime.arms(rule, agent))
            }
        }
    }
}

impl Plan {
    fn arms_fleet(&self, rule: Rule, agent: usize) -> bool {
        self.fleets.iter().any(|fleet| {
            let line = fleet.spec.delegations.iter().position(|one| one.account == agent);
            match line {
                Some(line) => self.arms_sub_account(fleet, line, rule),
                None if fleet.spec.coordinator == agent => {
                    fleet.zones.is_some()
                        && matches!(rule, Rule::FleetYellow | Rule::FleetOrange | Rule::FleetRed)
                }
                None => false,
            }
        })
    }

    /// Whether an agent's top-ups draw on a master wallet.
    fn draws_on_demand(&self, agent: usize) -> bool {
        self.fleets.iter().any(|fleet| {
            let lines = fleet.spec.delegations.iter().zip(&fleet.on_demand);
            lines.into_iter().any(|(one, on_demand)| one.account == agent && *on_demand)
        })
    }

    fn arms_sub_account(&self, fleet: &FleetPlan, line: usize, rule: Rule) -> bool {
        let agent = &self.agents[fleet.spec.delegations[line].account];
        let draws = fleet.on_demand[line] && agent.guard.active_top_up().is_some();
        let scheduled = || fleet.schedule.iter().any(|draw| draw.line == line);
        let trades = !agent.positions.is_empty();
        let capped = |release: &ReleaseSpec| {
            fleet.spec.dry_powder.is_positive()
                || release.max_per_cure.is_some()
                || release.max_per_day.is_some()
        };
        match rule {
            Rule::FleetDraw => draws || scheduled() || fleet.reallocation.is_some(),
            Rule::FleetDrawCapped => draws && agent.has(MarginMode::Isolated),
            Rule::FleetDrawRejected => scheduled(),
            Rule::DryPowder | Rule::DryPowderRefused => fleet.release.is_some() && trades,
            Rule::DryPowderCapped => fleet.release.as_ref().is_some_and(capped) && trades,
            Rule::FreedMargin => fleet.sweep && trades,
            Rule::Reallocation => fleet.reallocation.is_some(),
            Rule::FleetDeleverage => {
                fleet.zones.is_some_and(|zones| zones.deleverage.is_some()) && trades
            }
            _ => false,
        }
    }
}

impl Plan {
    fn impact_moves(&self, asset: usize) -> bool {
        self.impact.as_ref().is_some_and(|spec| spec.moves(asset))
    }
}

impl AgentPlan {
    fn has(&self, mode: MarginMode) -> bool {
        self.positions.iter().any(|spec| spec.mode == mode)
    }

    fn arms_top_up(&self, rule: Rule) -> bool {
        let Some(spec) = self.guard.active_top_up() else { return false };
        let isolated = self.has(MarginMode::Isolated);
        let delayed = self.guard.latency_ms > 0 || spec.transfer_delay_ms > 0;
        match rule {
            Rule::TopUp | Rule::TopUpEventCap | Rule::TopUpDayCap | Rule::TopUpReserve => isolated,
            Rule::TopUpFailed => isolated && spec.failure_probability > 0.0,
            Rule::TopUpRejectedCross => self.has(MarginMode::Cross),
            Rule::TopUpRejectedClosed | Rule::TopUpRejectedFunds => isolated && delayed,
            _ => false,
        }
    }

    fn arms_kill_switch(&self, rule: Rule) -> bool {
        let Some(kill) = self.guard.active_kill_switch() else { return false };
        let top_up = self.guard.active_top_up();
        let fallback = top_up.filter(|spec| spec.fallback_to_kill_switch);
        let isolated = self.has(MarginMode::Isolated);
        let cross = self.positions.iter().filter(|spec| spec.mode == MarginMode::Cross).count();
        // Of several at once, the venue may close one between two.
        let can_miss = self.guard.latency_ms > 0
            || match kill.scope {
                KillScope::AboveLeverage(_) => true,
                KillScope::All => self.positions.len() > 1,
                KillScope::Triggering => cross > 1,
                KillScope::MostAtRisk => false,
            };
        match rule {
            Rule::KillDryRun => kill.dry_run && self.guard.can_kill(),
            _ if kill.dry_run => false,
            Rule::KillDanger => fallback.is_some(),
            Rule::KillReserve => fallback.is_some() && isolated,
            Rule::KillCap => {
                isolated && fallback.is_some_and(|spec| spec.fallback_when == FallbackWhen::AnyCap)
            }
            Rule::KillTrigger => kill.trigger_hf.is_some(),
            Rule::KillNothing => self.guard.can_kill() && can_miss,
            _ => false,
        }
    }
}
