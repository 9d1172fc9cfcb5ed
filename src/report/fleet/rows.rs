//! Rows of `summary.csv`.

use super::super::number::level;
use super::super::summary::SummaryRow;
use crate::stats::Interval;
use crate::stats::risk::Benefit;
use crate::study::{FleetRisk, Role, VariantSet};

/// Names, units and meanings of the rows.
pub(in crate::report) const STATISTICS: &[(&str, &str, &str)] = &[
    (
        "own_var_95, own_es_95",
        "USDC",
        "of a member of a fleet: var and es of its own loss = wallet and collateral at the start + \
         from_coordinator − final equity; intervals as var_95 and es_95",
    ),
    (
        "component_var_95, component_es_95",
        "USDC",
        "what a member adds to fleet_var_95 and fleet_es_95: its loss on the paths that make them \
         (Acerbi and Tasche); the members' sum to the fleet's. That of a VaR rests on two paths \
         and is noisy",
    ),
    (
        "fleet_var_95, fleet_es_95",
        "USDC",
        "in the row of fleet.NAME: var and es of the sum of its members' own losses, path by path",
    ),
    (
        "fleet_var_95_normal",
        "USDC",
        "VaR of a normal loss with the mean and the variance (all covariances in it) of the \
         fleet's, for comparison",
    ),
    (
        "parts_var_95, parts_es_95",
        "USDC",
        "sum of the members' own_var_95 or own_es_95: what adding them up naively would say; \
         interval: Student's t over sections of paths",
    ),
    (
        "diversification_var_95, diversification_es_95",
        "ratio",
        "1 − fleet_var_95 / parts_var_95, and of es; empty unless the parts are positive; interval: \
         Student's t over sections of paths, linear terms of the ratio",
    ),
    (
        "diversification_var_95_by_drift, diversification_es_95_by_drift",
        "ratio",
        "that less the one of no_drift, the plan on the same draws without the drift of \
         correlations; interval: sections of pairs of paths",
    ),
    (
        "loss_correlation",
        "ratio",
        "mean correlation of the own losses of two members, over those that vary",
    ),
];

/// The rows of all fleets under all variants that have figures.
pub(in crate::report) fn rows(found: &[FleetRisk], set: &VariantSet) -> Vec<SummaryRow> {
    let mut rows = Vec::new();
    for (index, risk) in found.iter().enumerate() {
        members(risk, &mut rows);
        whole(risk, &mut rows);
        let of_same =
            |other: &FleetRisk| (&other.variant, &other.fleet) == (&risk.variant, &risk.fleet);
        if !found[..index].iter().any(of_same) {
            let value = risk.correlation;
            rows.push(row(
                risk,
                "loss_correlation".to_owned(),
                (value, Interval::UNBOUNDED),
                "ratio",
            ));
        }
        if let Some(calm) = without_drift(found, risk, set) {
            let level = level(risk.confidence);
            for (tail, own, other) in [("var", &risk.var, &calm.var), ("es", &risk.es, &calm.es)] {
                let name = format!("diversification_{tail}_{level}_by_drift");
                rows.push(row(risk, name, of_less(own.less(other)), "ratio"));
            }
        }
    }
    rows
}

/// The same figure without the drift of correlations, of the plan on the scenario's own model.
pub(super) fn without_drift<'a>(
    found: &'a [FleetRisk],
    risk: &FleetRisk,
    set: &VariantSet,
) -> Option<&'a FleetRisk> {
    let name = |role| set.with_role(role, None).map(|index| &set.all()[index].name);
    let calm = name(Role::NoDrift)?;
    let is = |other: &&FleetRisk| {
        (&other.variant, &other.fleet, other.confidence) == (calm, &risk.fleet, risk.confidence)
    };
    found.iter().find(is).filter(|_| name(Role::Plan) == Some(&risk.variant))
}

fn members(risk: &FleetRisk, rows: &mut Vec<SummaryRow>) {
    let level = level(risk.confidence);
    for part in &risk.parts {
        let alone = &part.alone;
        for (metric, value, interval) in [
            ("own_var", alone.risk.var, alone.var_interval),
            ("own_es", alone.risk.es, alone.es_interval),
            ("component_var", part.component.var, Interval::UNBOUNDED),
            ("component_es", part.component.es, Interval::UNBOUNDED),
        ] {
            let agent = part.name.clone();
            let row = row(risk, format!("{metric}_{level}"), (Some(value), interval), "USDC");
            rows.push(SummaryRow { agent, ..row });
        }
    }
}

fn whole(risk: &FleetRisk, rows: &mut Vec<SummaryRow>) {
    let level = level(risk.confidence);
    let whole = &risk.whole;
    let sum = |benefit: &Benefit| (Some(benefit.parts), benefit.parts_interval());
    let share = |benefit: &Benefit| (benefit.value(), benefit.interval());
    for (metric, value, unit) in [
        (format!("fleet_var_{level}"), (Some(whole.risk.var), whole.var_interval), "USDC"),
        (format!("fleet_es_{level}"), (Some(whole.risk.es), whole.es_interval), "USDC"),
        (format!("fleet_var_{level}_normal"), (Some(risk.normal_var), Interval::UNBOUNDED), "USDC"),
        (format!("parts_var_{level}"), sum(&risk.var), "USDC"),
        (format!("parts_es_{level}"), sum(&risk.es), "USDC"),
        (format!("diversification_var_{level}"), share(&risk.var), "ratio"),
        (format!("diversification_es_{level}"), share(&risk.es), "ratio"),
    ] {
        rows.push(row(risk, metric, value, unit));
    }
}

fn of_less(found: Option<(f64, Interval)>) -> (Option<f64>, Interval) {
    found.map_or((None, Interval::UNBOUNDED), |(value, interval)| (Some(value), interval))
}

/// A row of the fleet itself.
fn row(
    risk: &FleetRisk,
    metric: String,
    (value, interval): (Option<f64>, Interval),
    unit: &'static str,
) -> SummaryRow {
    SummaryRow {
        variant: risk.variant.clone(),
        agent: format!("fleet.{}", risk.fleet),
        metric,
        value: value.filter(|value| value.is_finite()),
        interval,
        unit,
    }
}
