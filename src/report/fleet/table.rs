//! What a run prints of its fleets' risk.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::super::files::Findings;
use super::super::number::{grouped, level, money, percent};
use super::super::terminal::push_wrapped;
use super::rows::without_drift;
use crate::stats::Interval;
use crate::study::{FleetRisk, PartRisk, Role, VariantSet};

/// Members printed one by one; the rest is one row.
const MEMBERS_MAX: usize = 10;

const HEADER: [&str; 6] = [
    "fleet",
    "member",
    "VaR [95 % interval]",
    "ES [95 % interval]",
    "adds to ES",
    "diversified away",
];

/// A table per fleet and confidence of the plan; nothing for a single path, which has no tail.
pub(in crate::report) fn tables(set: &VariantSet, findings: &Findings) -> String {
    let plan = set.with_role(Role::Plan, None).map(|index| &set.all()[index].name);
    let mut text = super::powder::table(set, findings);
    if findings.result.paths == 1 {
        return text;
    }
    for risk in findings.fleets.iter().filter(|risk| Some(&risk.variant) == plan) {
        text.push_str(&format!(
            "\n\nRisk of the fleet {} over the run at {}, USDC; money from the coordinator is no gain\n{}\n",
            risk.fleet,
            percent(risk.confidence),
            table(risk)
        ));
        push_wrapped(&mut text, "  ", &sentence(risk));
        if let Some(calm) = without_drift(&findings.fleets, risk, set) {
            push_wrapped(&mut text, "  ", &drift_sentence(risk, calm));
        }
    }
    text.trim_end().to_owned()
}

fn table(risk: &FleetRisk) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(HEADER);
    let mut parts: Vec<&PartRisk> = risk.parts.iter().collect();
    // Those that matter most first; equal ones as the plan has them.
    parts.sort_by(|a, b| b.component.es.total_cmp(&a.component.es));
    let shown = if parts.len() > MEMBERS_MAX + 1 { MEMBERS_MAX } else { parts.len() };
    for part in &parts[..shown] {
        let alone = &part.alone;
        push(
            &mut table,
            [
                risk.fleet.clone(),
                part.name.clone(),
                range(alone.risk.var, alone.var_interval),
                range(alone.risk.es, alone.es_interval),
                money(part.component.es),
                String::new(),
            ],
        );
    }
    if shown < parts.len() {
        let adds: f64 = parts[shown..].iter().map(|part| part.component.es).sum();
        let others = format!("{} others", parts.len() - shown);
        let none = String::new();
        push(
            &mut table,
            [risk.fleet.clone(), others, none.clone(), none.clone(), money(adds), none],
        );
    }
    push(
        &mut table,
        [
            risk.fleet.clone(),
            "sum of the parts".to_owned(),
            range(risk.var.parts, risk.var.parts_interval()),
            range(risk.es.parts, risk.es.parts_interval()),
            String::new(),
            String::new(),
        ],
    );
    let whole = &risk.whole;
    push(
        &mut table,
        [
            risk.fleet.clone(),
            "all together".to_owned(),
            range(whole.risk.var, whole.var_interval),
            range(whole.risk.es, whole.es_interval),
            money(whole.risk.es),
            share(risk.es.value(), risk.es.interval()),
        ],
    );
    table.to_string()
}

/// `Diversification takes 31 % (28 % to 34 %) off VaR95 …`.
fn sentence(risk: &FleetRisk) -> String {
    let level = level(risk.confidence);
    let correlation = risk.correlation.map_or_else(String::new, |rho| {
        format!(" The losses of two members have a mean correlation of {rho:.2}.")
    });
    format!(
        "Diversification takes {} off VaR{level} and {} off ES{level}, against the sum of the \
         parts.{correlation} A normal loss with the same variance would have a VaR{level} of {} \
         USDC.",
        share(risk.var.value(), risk.var.interval()),
        share(risk.es.value(), risk.es.interval()),
        money(risk.normal_var),
    )
}

fn drift_sentence(risk: &FleetRisk, calm: &FleetRisk) -> String {
    let level = level(risk.confidence);
    // A difference of percentages: in points.
    let points = |share: f64| grouped(100.0 * share, 1);
    let changed = |found: Option<(f64, Interval)>| match found {
        Some((by, Interval { low: Some(low), high: Some(high) })) => {
            format!("{} points [{}, {}]", points(by), points(low), points(high))
        }
        Some((by, _)) => format!("{} points […, …]", points(by)),
        None => "nothing that could be said".to_owned(),
    };
    format!(
        "The drift of correlations changes that by {} for VaR{level} and by {} for ES{level}, \
         against the same draws without it.",
        changed(risk.var.less(&calm.var)),
        changed(risk.es.less(&calm.es)),
    )
}

fn share(value: Option<f64>, interval: Interval) -> String {
    let Some(value) = value else { return "–".to_owned() };
    match (interval.low, interval.high) {
        (Some(low), Some(high)) => {
            format!("{} [{}, {}]", percent(value), percent(low), percent(high))
        }
        _ => format!("{} […, …]", percent(value)),
    }
}

fn range(value: f64, interval: Interval) -> String {
    let bound = |end: Option<f64>| end.map_or_else(|| "…".to_owned(), |usdc| grouped(usdc, 0));
    format!("{} [{}, {}]", grouped(value, 2), bound(interval.low), bound(interval.high))
}

fn push(table: &mut Table, row: [String; 6]) {
    let cells = row.into_iter().enumerate().map(|(column, text)| {
        let side = if column < 2 { CellAlignment::Left } else { CellAlignment::Right };
        Cell::new(text).set_alignment(side)
    });
    table.add_row(cells);
}
