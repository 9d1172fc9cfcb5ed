//! The tables of a comparison.

use std::io::{self, Write};

use super::figures::CompareFigures;
use crate::report::number::{exact, exact_or_empty};
use crate::report::words::event_words;
use crate::study::Comparison;
use crate::units::time::to_iso;

/// `compare.csv`: every figure of every variant against the baseline.
pub(super) fn write_figures(out: &mut impl Write, figures: &CompareFigures) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "variant",
        "agent",
        "metric",
        "baseline",
        "value",
        "difference",
        "ci_low",
        "ci_high",
        "p_sign",
        "p_holm",
        "paths_more",
        "paths_fewer",
        "paths_same",
        "unit",
    ])?;
    for row in &figures.rows {
        let paths =
            |place: usize| row.paths.map_or(String::new(), |paths| paths[place].to_string());
        table.write_record([
            row.variant.as_str(),
            &row.agent,
            &row.metric,
            &exact_or_empty(row.baseline),
            &exact_or_empty(row.value),
            &exact_or_empty(row.difference),
            &exact_or_empty(row.interval.low),
            &exact_or_empty(row.interval.high),
            &exact_or_empty(row.p_sign),
            &exact_or_empty(row.p_holm),
            &paths(0),
            &paths(1),
            &paths(2),
            row.unit,
        ])?;
    }
    table.flush()
}

/// `compare_events.csv`: on how many paths each rule fired more or less often than in the baseline.
pub(super) fn write_rules(out: &mut impl Write, found: &Comparison) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "variant",
        "agent",
        "rule",
        "baseline",
        "count",
        "paths_more",
        "paths_fewer",
        "meaning",
    ])?;
    for one in &found.rules {
        let variant = &found.set.all()[one.variant];
        table.write_record([
            variant.name.as_str(),
            &variant.plan.agents[one.agent].name,
            one.rule.name(),
            &one.baseline.to_string(),
            &one.count.to_string(),
            &one.paths_more.to_string(),
            &one.paths_fewer.to_string(),
            one.rule.meaning(),
        ])?;
    }
    table.flush()
}

/// `compare_paths.csv`: the paths that differ most, the first event that differs, and what only one side
/// has, one row per agent (and `all` of several).
pub(super) fn write_paths(out: &mut impl Write, found: &Comparison) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "variant",
        "path",
        "agent",
        "difference",
        "first_time",
        "first_agent",
        "first_kind",
        "in_baseline",
        "in_variant",
        "more_often",
        "less_often",
    ])?;
    for one in &found.traced {
        let own = &found.set.all()[one.variant];
        let base = &found.set.all()[0];
        let first = one.first();
        let in_words = |event: &Option<crate::engine::Event>, plan| {
            event.as_ref().map_or(String::new(), |event| event_words(plan, event))
        };
        for (agent, difference) in one.differences.iter().enumerate() {
            let name = own.plan.agents.get(agent).map_or("all", |agent| agent.name.as_str());
            let kinds = |more: bool| {
                let those = one.one_sided.iter().filter(|kind| {
                    (kind.count > kind.baseline) == more
                        && (agent == kind.agent || agent >= own.plan.agents.len())
                });
                let words = those
                    .map(|kind| format!("{} {} / {}", kind.kind.name(), kind.count, kind.baseline));
                words.collect::<Vec<_>>().join("; ")
            };
            table.write_record([
                own.name.as_str(),
                &one.path.to_string(),
                name,
                &exact(*difference),
                &first.map_or(String::new(), |event| to_iso(event.time_ms)),
                first.map_or("", |event| own.plan.agents[event.agent].name.as_str()),
                first.map_or("", |event| event.kind.name()),
                &in_words(&one.first_of_baseline, &base.plan),
                &in_words(&one.first_of_variant, &own.plan),
                &kinds(true),
                &kinds(false),
            ])?;
        }
    }
    table.flush()
}
