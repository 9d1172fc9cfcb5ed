//! The charts of fleets.

use std::path::PathBuf;

use super::super::charts::diversification::{self, Estimate};
use super::super::charts::{
    ChartError, Sample, fleet_utilisation, health::HealthZones, heat_map, utilisation,
};
use super::super::folder::OutFolder;
use super::super::number::level;
use super::Album;
use crate::engine::EventKind;
use crate::engine::fleet::FleetPlan;
use crate::policy::UtilisationBounds;
use crate::stats::Interval;
use crate::stats::risk::Benefit;
use crate::study::{DiversificationCurve, DiversificationPoint, FleetMembers, Trace, Variant};

/// The confidence that is drawn.
const CONFIDENCE: f64 = 0.95;

/// Draws every chart that the findings have something for; none without a fleet.
pub(super) fn draw_all(album: &Album, folder: &OutFolder) -> Result<(), ChartError> {
    let fleets = &album.scenario.plan.fleets;
    // Of one fleet the names are plain.
    let file = |what: &str, fleet: &str| -> PathBuf {
        let name = if fleets.len() == 1 { String::new() } else { format!("_{fleet}") };
        folder.path(&format!("{what}{name}.png"))
    };
    if !album.findings.traces.is_empty() {
        let members = FleetMembers::of(&album.scenario.plan);
        for (plan, members) in fleets.iter().zip(&members) {
            let chart = album.fleet_utilisation(plan, members);
            fleet_utilisation::draw(&chart, &file("fleet_utilisation", &plan.name))?;
            if let Some(chart) = album.fleet_health(plan) {
                heat_map::draw(&chart, &file("fleet_health", &plan.name))?;
            }
        }
    }
    let curves = album.findings.diversification.iter();
    for curve in curves.filter(|curve| curve.confidence == CONFIDENCE) {
        let out = file("diversification", &curve.fleet);
        diversification::draw(&album.diversification(curve), &out)?;
    }
    Ok(())
}

impl Album<'_> {
    fn fleet_utilisation(
        &self,
        plan: &FleetPlan,
        members: &FleetMembers,
    ) -> fleet_utilisation::FleetUtilisationChart {
        let compared = self.compared();
        let line = |(trace, variant): (&Trace, &Variant)| fleet_line(trace, variant, members);
        let UtilisationBounds { yellow, orange, red, .. } =
            plan.zones.map_or_else(UtilisationBounds::default, |zones| zones.zones);
        fleet_utilisation::FleetUtilisationChart {
            caption: self.caption(
                &format!("Utilisation of the fleet {}, and its dry powder", plan.name),
                self.subtitle_of("what happened on one path", &compared),
            ),
            zones: utilisation::UtilisationZones { yellow, orange, red },
            lines: self.traces(&compared).into_iter().map(line).collect(),
        }
    }

    /// Sub-accounts by liquidation priority under the plan; `None` where none trades.
    fn fleet_health(&self, plan: &FleetPlan) -> Option<heat_map::HeatMapChart> {
        let (trace, variant) = self.plan_trace()?;
        let mut lines: Vec<_> = plan.spec.delegations.iter().collect();
        lines.retain(|line| !variant.plan.agents[line.account].positions.is_empty());
        lines.sort_by_key(|line| (line.priority, line.account));
        let row = |line: &&crate::venue::fleet::Delegation| {
            let agent = line.account;
            let closed = trace
                .events
                .iter()
                .filter(|event| event.agent == agent && event.kind == EventKind::Liquidated);
            heat_map::HeatRow {
                label: format!("{} ({})", variant.plan.agents[agent].name, line.priority),
                priority: line.priority,
                samples: least_health(trace, agent),
                closed: closed.map(|event| event.time_ms).collect(),
            }
        };
        let zones = self.scenario.plan.exchange.markets.first();
        let zones = zones.map(|market| market.zones).unwrap_or_default();
        (!lines.is_empty()).then(|| heat_map::HeatMapChart {
            caption: self.caption(
                &format!("Health of the sub-accounts of {}", plan.name),
                self.plan_subtitle(
                    "least health factor of each on one path, by liquidation priority (in brackets; 1 goes first)",
                ),
            ),
            zones: HealthZones {
                safe: zones.safe,
                warning: zones.warning,
                danger: zones.danger,
            },
            rows: lines.iter().map(row).collect(),
        })
    }

    fn diversification(
        &self,
        curve: &DiversificationCurve,
    ) -> diversification::DiversificationChart {
        let step = |point: &DiversificationPoint| {
            let parts = |of: &Benefit| estimate(Some(of.parts), of.parts_interval());
            let benefit = |of: &Benefit| estimate(of.value(), of.interval());
            diversification::DiversificationStep {
                weight: point.weight,
                correlation: point.assets,
                benefit_var: benefit(&point.var),
                benefit_es: benefit(&point.es),
                es: estimate(Some(point.whole.risk.es), point.whole.es_interval),
                parts_es: parts(&point.es),
            }
        };
        diversification::DiversificationChart {
            caption: self.caption(
                &format!("Diversification of the fleet {} against correlation", curve.fleet),
                format!(
                    "the plan on the same draws under each correlation · {} paths",
                    self.findings.result.paths
                ),
            ),
            level: level(curve.confidence),
            points: curve.points.iter().map(step).collect(),
        }
    }
}

fn estimate(value: Option<f64>, interval: Interval) -> Estimate {
    let or_none = |value: Option<f64>| value.unwrap_or(f64::NAN);
    Estimate { value: or_none(value), low: or_none(interval.low), high: or_none(interval.high) }
}

/// Utilisation and dry powder of a fleet on a traced path, and what happened to its accounts.
fn fleet_line(
    trace: &Trace,
    variant: &Variant,
    members: &FleetMembers,
) -> fleet_utilisation::FleetLine {
    let is_member = |agent: usize| members.all().any(|member| member == agent);
    let (mut used, mut powder) = (Vec::new(), Vec::new());
    for sample in &trace.samples {
        let own = || sample.accounts.iter().filter(|account| is_member(account.agent));
        let reserved: f64 = own().map(|account| account.reserved).sum();
        let capital: f64 = own().map(|account| account.capital).sum();
        let value = match (capital > 0.0, reserved > 0.0) {
            (true, _) => reserved / capital,
            (false, true) => f64::INFINITY,
            (false, false) => 0.0,
        };
        used.push(Sample { time_ms: sample.time_ms, value });
        let value = own().map(|account| account.dry_powder).sum();
        powder.push(Sample { time_ms: sample.time_ms, value });
    }
    let event = |event: &crate::engine::Event| {
        let kind = match event.kind {
            EventKind::DryPowderReleased => fleet_utilisation::FleetMark::Cure,
            EventKind::DryPowderRefused => fleet_utilisation::FleetMark::Refused,
            EventKind::Liquidated => fleet_utilisation::FleetMark::Liquidation,
            _ => return None,
        };
        let time_ms = event.time_ms;
        is_member(event.agent).then_some(fleet_utilisation::FleetEvent { time_ms, kind })
    };
    fleet_utilisation::FleetLine {
        variant: variant.name.clone(),
        utilisation: used,
        dry_powder: powder,
        events: trace.events.iter().filter_map(event).collect(),
    }
}

/// The least health factor over an agent's open positions; NaN where none is open.
fn least_health(trace: &Trace, agent: usize) -> Vec<Sample> {
    let least = |sample: &crate::study::Sample| {
        let own = sample.positions.iter().filter(|position| position.agent == agent);
        // `f64::min` takes the number where the other is none.
        let value = own.map(|position| position.health_factor).fold(f64::NAN, f64::min);
        Sample { time_ms: sample.time_ms, value }
    };
    trace.samples.iter().map(least).collect()
}
