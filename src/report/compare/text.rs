//! What a comparison prints: one table of differences, what differs and why.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::remarks::{disagreement, missing_ends};
use super::{CompareFinished, CompareRow};
use crate::report::kills;
use crate::report::not_modelled::not_modelled;
use crate::report::number::{count, p_value, percent, signed_money};
use crate::report::terminal::push_wrapped;
use crate::report::words::event_words;
use crate::scenario::Scenario;
use crate::stats::Interval;
use crate::study::PathDifference;
use crate::units::time::to_iso;

/// The report of a comparison.
pub fn compare_report(scenario: &Scenario, finished: &CompareFinished) -> String {
    let found = &finished.found;
    let base = &found.study.variants[0];
    let (start, end) = found.study.span_ms;
    let paths = if found.study.paths == 1 { "path" } else { "paths" };
    let mut text = format!(
        "{}: {}\n{} {paths}, the same for every variant · {} to {} · seed {} · baseline {}\n\n",
        scenario.name,
        scenario.question,
        count(found.study.paths as f64),
        to_iso(start),
        to_iso(end),
        scenario.seed,
        base.name
    );
    text.push_str(&table(finished));
    text.push('\n');
    for sentence in sentences(finished) {
        push_wrapped(&mut text, "  ", &sentence);
    }
    if let Some(kills) = &found.kills {
        for sentence in kills::sentences(kills, &found.study, &super::kill_summary(found)) {
            push_wrapped(&mut text, "  ", &sentence);
        }
    }
    text.push_str(&rules(finished));
    text.push_str(&told(finished));
    for warning in &scenario.warnings {
        text.push_str(&format!("Warning: {warning}\n"));
    }
    push_wrapped(&mut text, "Not modelled: ", &not_modelled(&scenario.plan).join("; "));
    text.push_str(&format!("Files: {}\n", finished.folder.display()));
    text
}

/// Heading of a column, its metric, and how its difference is shown.
type Column = (&'static str, &'static str, fn(f64) -> String);

const COLUMNS: [Column; 4] = [
    ("final equity [95 %]", "final_equity", signed_money),
    ("P(liquidation) [95 %]", "liquidation_probability", points),
    ("P(distress) [95 %]", "distress_probability", points),
    ("ES95 [95 %]", "es_95", signed_money),
];

/// A difference of probabilities in percentage points.
fn points(difference: f64) -> String {
    format!("{difference:+.4}")
}

fn range(row: &CompareRow, show: fn(f64) -> String) -> String {
    let Some(difference) = row.difference else { return "–".to_owned() };
    let end = |end: Option<f64>| end.map_or_else(|| "…".to_owned(), show);
    format!("{} [{}, {}]", show(difference), end(row.interval.low), end(row.interval.high))
}

/// One row per variant: the whole account, less the baseline.
fn table(finished: &CompareFinished) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    let mut header = vec!["variant less baseline"];
    header.extend(COLUMNS.map(|(heading, ..)| heading));
    header.extend(["paths better / worse / same", "sign test p", "p corrected"]);
    table.set_header(header);
    for variant in &finished.found.study.variants[1..] {
        let figure = |metric| finished.figures.get(&variant.name, &variant.whole().name, metric);
        let mut cells = vec![variant.name.clone()];
        cells.extend(COLUMNS.map(|(_, metric, show)| {
            figure(metric).map_or_else(String::new, |row| range(row, show))
        }));
        let equity = figure("final_equity");
        let paths = equity.and_then(|row| row.paths);
        cells.push(
            paths.map_or_else(String::new, |paths| {
                paths.map(|paths| count(paths as f64)).join(" / ")
            }),
        );
        let p = |p: Option<f64>| p.map_or_else(String::new, p_value);
        cells.push(p(equity.and_then(|row| row.p_sign)));
        cells.push(p(equity.and_then(|row| row.p_holm)));
        table.add_row(cells.into_iter().enumerate().map(|(column, text)| {
            let side = if column == 0 { CellAlignment::Left } else { CellAlignment::Right };
            Cell::new(text).set_alignment(side)
        }));
    }
    table.to_string()
}

fn sentences(finished: &CompareFinished) -> Vec<String> {
    let study = &finished.found.study;
    let base = &study.variants[0].name;
    let mut all = Vec::new();
    for variant in &study.variants[1..] {
        let name = &variant.name;
        let row = finished.figures.get(name, &variant.whole().name, "final_equity");
        let Some((row, [more, fewer, same])) =
            row.and_then(|row| row.paths.map(|paths| (row, paths)))
        else {
            continue;
        };
        let paths = more + fewer + same;
        let differ = percent((more + fewer) as f64 / paths as f64);
        let Interval { low, high } = row.interval;
        let verdict = match (low, high) {
            _ if more + fewer == 0 => format!("{name} ends every path as {base} does."),
            _ if paths == 1 => format!(
                "On this path {name} ends {} USDC against {base}: one path says nothing of others.",
                signed_money(row.difference.unwrap_or(f64::NAN))
            ),
            (Some(low), _) if low > 0.0 => format!(
                "{name} ends better than {base} on average; {differ} of paths differ, {} of them for \
                 the worse.",
                percent(fewer as f64 / (more + fewer) as f64)
            ),
            (_, Some(high)) if high < 0.0 => format!(
                "{name} ends worse than {base} on average; {differ} of paths differ, {} of them for \
                 the better.",
                percent(more as f64 / (more + fewer) as f64)
            ),
            _ => format!(
                "These paths do not tell {name} from {base} by mean final equity; {differ} of them \
                 differ."
            ),
        };
        all.push(verdict);
        if paths > 1 {
            all.extend(disagreement(name, row, [more, fewer]));
        }
    }
    all.extend(missing_ends(finished));
    all.push(format!(
        "{} sign tests were made of all variants, agents and metrics; p corrected (Holm) holds for all of \
         them together.",
        count(finished.figures.tests as f64)
    ));
    all
}

/// Rules that differ on any path.
fn rules(finished: &CompareFinished) -> String {
    let mut text = String::new();
    for (index, variant) in finished.found.set.all().iter().enumerate().skip(1) {
        let several = variant.plan.agents.len() > 1;
        let differing = finished
            .found
            .rules
            .iter()
            .filter(|one| one.variant == index && one.paths_more + one.paths_fewer > 0);
        let words: Vec<String> = differing
            .map(|one| {
                let agent = if several {
                    format!("{}: ", variant.plan.agents[one.agent].name)
                } else {
                    String::new()
                };
                format!(
                    "{agent}{} more often on {}, less often on {}",
                    one.rule.name(),
                    count(one.paths_more as f64),
                    count(one.paths_fewer as f64)
                )
            })
            .collect();
        if !words.is_empty() {
            let lead = format!("Rules, {} (paths): ", variant.name);
            push_wrapped(&mut text, &lead, &words.join("; "));
        }
    }
    text
}

/// Where the paths that differ most part.
fn told(finished: &CompareFinished) -> String {
    let mut text = String::new();
    let sets = finished.found.set.all();
    for one in &finished.found.traced {
        let whole = one.differences.last().copied().unwrap_or(f64::NAN);
        let lead = format!(
            "{}, path {}: {} USDC. ",
            sets[one.variant].name,
            one.path,
            signed_money(whole)
        );
        push_wrapped(&mut text, &lead, &parting(finished, one));
    }
    text
}

fn parting(finished: &CompareFinished, one: &PathDifference) -> String {
    let sets = finished.found.set.all();
    let side = |place: usize, event: &Option<crate::engine::Event>| match event {
        Some(event) => event_words(&sets[place].plan, event),
        None => "nothing more".to_owned(),
    };
    format!(
        "They part at {}. {}: {}. {}: {}.",
        one.first().map_or_else(|| "no event".to_owned(), |event| to_iso(event.time_ms)),
        sets[0].name,
        side(0, &one.first_of_baseline),
        sets[one.variant].name,
        side(one.variant, &one.first_of_variant)
    )
}
