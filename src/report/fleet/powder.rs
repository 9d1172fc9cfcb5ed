//! What a run prints of its fleets' money: dry powder, how long it lasted, what was drawn and freed.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::super::files::Findings;
use super::super::number::{count, money, percent};
use crate::engine::fleet::FleetPlan;
use crate::engine::{Metric, MetricLevel};
use crate::study::{AgentResult, Variant, VariantResult, VariantSet};

const HEADER: [&str; 10] = [
    "variant",
    "fleet",
    "utilisation",
    "in orange and red",
    "drawn",
    "cures",
    "dry powder paid",
    "left at the end",
    "ran short on",
    "freed",
];

/// A row per variant and fleet; nothing where there is no fleet.
pub(super) fn table(set: &VariantSet, findings: &Findings) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(HEADER);
    let every_tick = findings.result.metrics.level == MetricLevel::Full;
    for (variant, result) in set.all().iter().zip(&findings.result.variants) {
        for fleet in &variant.plan.fleets {
            let cells = row(variant, fleet, result, every_tick);
            table.add_row(cells.into_iter().enumerate().map(|(place, text)| {
                let cell = Cell::new(text);
                if place < 2 { cell } else { cell.set_alignment(CellAlignment::Right) }
            }));
        }
    }
    if table.row_count() == 0 {
        return String::new();
    }
    format!("\n\nThe fleet's money, mean over paths, USDC\n{table}")
}

fn row(
    variant: &Variant,
    fleet: &FleetPlan,
    result: &VariantResult,
    every_tick: bool,
) -> [String; 10] {
    let led = &result.agents[fleet.spec.coordinator];
    let subs = fleet.spec.delegations.iter().map(|one| &result.agents[one.account]);
    let total = |metric| subs.clone().map(|agent| mean(agent, metric)).sum::<f64>();
    let short = led.column(Metric::DryPowderLasted).iter().filter(|days| !days.is_nan()).count();
    let paths = led.column(Metric::DryPowderLeft).len();
    let high = mean(led, Metric::FleetTimeOrange) + mean(led, Metric::FleetTimeRed);
    let seen = |share: f64| if every_tick { percent(share) } else { "–".to_owned() };
    [
        variant.name.clone(),
        fleet.name.clone(),
        seen(mean(led, Metric::FleetUtilisationMean)),
        seen(high),
        money(total(Metric::DrawnAmount)),
        count(total(Metric::Cures)),
        money(total(Metric::CureAmount)),
        money(mean(led, Metric::DryPowderLeft)),
        format!("{} of paths", percent(short as f64 / paths as f64)),
        money(total(Metric::FreedMargin)),
    ]
}

fn mean(agent: &AgentResult, metric: Metric) -> f64 {
    let column = agent.column(metric);
    if column.is_empty() { 0.0 } else { column.iter().sum::<f64>() / column.len() as f64 }
}
