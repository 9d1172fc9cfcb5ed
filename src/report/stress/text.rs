//! What a stress prints: one table, ranked, and what each shock is.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::{Figures, StressFinished};
use crate::report::not_modelled::not_modelled;
use crate::report::number::{count, grouped, money, percent};
use crate::report::rare::rare_text;
use crate::report::terminal::push_wrapped;
use crate::scenario::Scenario;
use crate::study::{StressKind, StressResult};
use crate::units::time::to_iso;

/// The report of a stress.
pub fn stress_report(scenario: &Scenario, finished: &StressFinished) -> String {
    let StressFinished { found, figures, folder, .. } = finished;
    let mut text = header(scenario, found);
    text.push_str(&table(found, figures));
    text.push('\n');
    for sentence in sentences(scenario, found, figures) {
        push_wrapped(&mut text, "  ", &sentence);
    }
    text.push_str("What the shocks are:\n");
    for run in found.of_kind(StressKind::Single) {
        let shock = &scenario.stress.shocks[found.runs[run].shocks[0]];
        push_wrapped(&mut text, &format!("  {}: ", shock.name), &shock.words);
    }
    if !scenario.stress.named {
        let words = "the scenario names no shock: these are the presets that know all its assets";
        push_wrapped(&mut text, "Note: ", words);
    }
    for remark in &scenario.stress.remarks {
        push_wrapped(&mut text, "Left out: ", remark);
    }
    for warning in &scenario.warnings {
        text.push_str(&format!("Warning: {warning}\n"));
    }
    let rare = rare_text(scenario, &finished.rare);
    if !rare.is_empty() {
        text.push_str(&rare);
        text.push('\n');
    }
    push_wrapped(&mut text, "Not modelled: ", &not_modelled(&scenario.plan).join("; "));
    text.push_str(&format!("Files: {}\n", folder.display()));
    text
}

fn header(scenario: &Scenario, found: &StressResult) -> String {
    let (start, end) = found.study.span_ms;
    let paths = if found.study.paths == 1 { "path" } else { "paths" };
    format!(
        "{}: {}\n{} {paths}, the same for every run · {} to {} · seed {}\n\n",
        scenario.name,
        scenario.question,
        count(found.study.paths as f64),
        to_iso(start),
        to_iso(end),
        scenario.seed
    )
}

const COLUMNS: [&str; 8] = [
    "rank",
    "shock",
    "costs more than none [95 %]",
    "P(liquidation) [95 %]",
    "P(distress)",
    "mean loss",
    "ES95 [95 %]",
    "bad debt",
];

/// One row per run: the whole account.
fn table(found: &StressResult, figures: &Figures) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(COLUMNS);
    let ranks = found.ranks();
    for (run, rank) in ranks.iter().enumerate() {
        let shared = |rank: &usize| ranks.iter().filter(|other| **other == Some(*rank)).count() > 1;
        let place = match rank {
            Some(rank) if shared(rank) => format!("{rank}="),
            Some(rank) => rank.to_string(),
            None => String::new(),
        };
        let cells = cells(found, figures, run);
        let row = [place, shown_name(found, run)].into_iter().chain(cells);
        table.add_row(row.enumerate().map(|(column, text)| {
            let side = if column == 1 { CellAlignment::Left } else { CellAlignment::Right };
            Cell::new(text).set_alignment(side)
        }));
    }
    table.to_string()
}

/// A run's name; of what is laid on, only what comes on top.
fn shown_name(found: &StressResult, run: usize) -> String {
    let StressResult { runs, .. } = found;
    match runs[run].kind {
        StressKind::Cumulative => {
            let count = runs[run].shocks.len();
            let last = runs[run].name.rsplit('+').next().unwrap_or_default();
            format!("the worst {count}: + {last}")
        }
        StressKind::Stacked => format!("stacked: all {}", runs[run].shocks.len()),
        StressKind::None | StressKind::Single => runs[run].name.clone(),
    }
}

fn cells(found: &StressResult, figures: &Figures, run: usize) -> Vec<String> {
    let agent = &found.agent(run, found.whole()).name;
    let figure = |metric: &str| figures.get(&found.runs[run].name, agent, metric);
    let value = |metric: &str| figure(metric).and_then(|one| one.value).unwrap_or(f64::NAN);
    let range = |metric: &str, show: fn(f64) -> String| {
        let bound = |end: Option<f64>| end.map_or_else(|| "…".to_owned(), show);
        figure(metric).map_or_else(String::new, |one| {
            let (low, high) = (bound(one.interval.low), bound(one.interval.high));
            format!("{} [{low}, {high}]", show(one.value.unwrap_or(f64::NAN)))
        })
    };
    let whole: fn(f64) -> String = |usdc| grouped(usdc, 0);
    let added = match found.runs[run].kind {
        StressKind::None => "–".to_owned(),
        _ => range("loss_added", whole),
    };
    vec![
        added,
        range("liquidation_probability", percent),
        percent(value("distress_probability")),
        whole(value("loss")),
        range("es_95", whole),
        whole(value("bad_debt")),
    ]
}

fn sentences(scenario: &Scenario, found: &StressResult, figures: &Figures) -> Vec<String> {
    let agent = &found.agent(0, found.whole()).name;
    let added = |run: usize| {
        let one = figures.get(&found.runs[run].name, agent, "loss_added");
        one.and_then(|one| one.value).unwrap_or(f64::NAN)
    };
    let singles: Vec<usize> = found.of_kind(StressKind::Single).collect();
    let mut all = Vec::new();
    if let Some(&worst) = singles.first() {
        all.push(format!(
            "Ranked by what a shock takes from the final equity of {agent}, path by path against none \
             (all in USDC): {} does the most damage, {} on average.",
            found.runs[worst].name,
            money(added(worst))
        ));
    }
    if let Some(stacked) = found.of_kind(StressKind::Stacked).next() {
        let stack = &found.runs[stacked].shocks;
        let alone = singles.iter().filter(|run| stack.contains(&found.runs[**run].shocks[0]));
        let sum: f64 = alone.map(|run| added(*run)).sum();
        all.push(format!(
            "Stacked they take {}, each alone {} in all. They differ where one shock spends \
             what another would have taken, or finds the account weakened.",
            money(added(stacked)),
            money(sum)
        ));
    }
    let near: Vec<String> = match found.study.paths {
        1 => Vec::new(),
        _ => singles.windows(2).filter_map(|pair| alike(found, pair)).collect(),
    };
    if !near.is_empty() {
        all.push(format!("Neighbours that these paths do not tell apart: {}.", near.join("; ")));
    }
    if let crate::prices::Prices::History(replay) = &scenario.prices
        && !replay.close_only
    {
        all.push(format!(
            "Prices inside a bar are those of the scenario's own prices.intrabar ({}): `run` shows \
             the bracket.",
            format!("{:?}", replay.intrabar).to_lowercase()
        ));
    }
    all
}

/// Two neighbours whose paired difference may as well be zero.
fn alike(found: &StressResult, pair: &[usize]) -> Option<String> {
    let damages = |run: usize| found.damages(run, found.whole());
    let (a, b) = (damages(pair[0]), damages(pair[1]));
    let differences: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
    let interval = found.study.replication.mean_interval(&differences);
    let apart = interval.low.is_some_and(|low| low > 0.0);
    let [a, b] = [&found.runs[pair[0]].name, &found.runs[pair[1]].name];
    (!apart).then(|| format!("{a} and {b}"))
}
