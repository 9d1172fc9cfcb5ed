//! What a comparison prints: one table of differences, what differs and why.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::{CompareFinished, CompareRow};
use crate::report::kills;
use crate::report::not_modelled::not_modelled;
use crate::report::number::{count, p_value, percent, signed_money};
use crate::report::terminal::push_wrapped;
use crate::report::words::event_words;
use crate::scenario::Scenario;
use crate::stats::{Interval, quantile_ranks};
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

/// More paths than any that bound the tail of 5 %.
const TAIL_MOST: usize = 1_000;

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

/// Where the interval of the mean and the sign test do not say the same: why both can be right.
fn disagreement(name: &str, row: &CompareRow, [more, fewer]: [u64; 2]) -> Option<String> {
    let (p, Interval { low: Some(low), high: Some(high) }) = (row.p_sign?, row.interval) else {
        return None;
    };
    let by_mean = if low > 0.0 { 1 } else { -i32::from(high < 0.0) };
    let by_sign = if p >= 0.05 { 0 } else { more.cmp(&fewer) as i32 };
    let split = format!(
        "{name} is better on {} paths and worse on {}",
        count(more as f64),
        count(fewer as f64)
    );
    let p = p_value(p);
    match (by_mean, by_sign) {
        (0, 1 | -1) => Some(format!(
            "The interval of the mean of {name} holds 0 while the sign test (p = {p}) does not take the \
             difference for chance. Both can be right: the test counts paths ({split}), the mean weighs \
             them by how much, and a few large differences hide many small ones."
        )),
        (1 | -1, 0) => Some(format!(
            "The interval of the mean of {name} leaves out 0 while the sign test (p = {p}) takes the \
             difference for chance. Both can be right: the test counts paths ({split}), the mean weighs \
             them by how much, and large differences on a few paths make it."
        )),
        (1, -1) | (-1, 1) => Some(format!(
            "The mean of {name} and the sign test (p = {p}) point opposite ways. Both can be right: the \
             test counts paths ({split}), the mean weighs them by how much, and a few large differences \
             outweigh many small ones."
        )),
        _ => None,
    }
}

/// Why intervals of the table have no ends.
fn missing_ends(finished: &CompareFinished) -> Vec<String> {
    let study = &finished.found.study;
    let lacks = |metric: &str| {
        let rows = finished.figures.rows.iter().filter(|row| row.metric == metric);
        let whole = study.variants[0].whole();
        rows.filter(|row| row.agent == whole.name && row.difference.is_some())
            .any(|row| row.interval.low.is_none() || row.interval.high.is_none())
    };
    let all = ["final_equity", "liquidation_probability", "distress_probability", "es_95"];
    if study.paths == 1 {
        let any = all.iter().any(|metric| lacks(metric));
        let words = "… stands for an end of an interval that there is none of: one path is what happened, \
                     no sample of anything.";
        return any.then(|| words.to_owned()).into_iter().collect();
    }
    let mut words = Vec::new();
    if all[..3].iter().any(|metric| lacks(metric)) {
        words.push(format!(
            "… stands for an end of an interval that there is none of: the {} paths depend on each other \
             in sets of {}, and fewer than two sets tell nothing of their spread.",
            count(study.paths as f64),
            study.replication.size()
        ));
    }
    if lacks("es_95") {
        let bounded = |paths: &usize| {
            let (low, high) = quantile_ranks(*paths, 0.95, 0.95);
            low.and(high).is_some()
        };
        let least = (2..TAIL_MOST).find(bounded).unwrap_or(TAIL_MOST);
        let why = match study.paths < least as u64 {
            true => format!("too few in the worst 5 %, which takes {least} or more"),
            false => "a worst 5 % that resamples do not bound".to_owned(),
        };
        words.push(format!(
            "… stands for an end of an interval that there is none of: for ES95 {} paths have {why}.",
            count(study.paths as f64)
        ));
    }
    words
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(interval: Interval, p: f64) -> CompareRow {
        CompareRow {
            variant: "v".to_owned(),
            agent: "a".to_owned(),
            metric: "final_equity".to_owned(),
            baseline: Some(0.0),
            value: Some(1.0),
            difference: Some(1.0),
            interval,
            p_sign: Some(p),
            p_holm: Some(p),
            paths: None,
            unit: "USDC",
        }
    }

    /// Of the nine cases of mean (below 0, about it, above) and test (worse, chance, better) a sentence
    /// is said of the six that differ, and none of those that agree.
    #[test]
    fn mean_and_test_that_differ_are_explained() {
        let means = [(-3.0, -1.0), (-1.0, 2.0), (1.0, 3.0)];
        let tests = [(0.001, [20, 80]), (0.4, [45, 55]), (0.001, [80, 20])];
        for (at, (low, high)) in means.into_iter().enumerate() {
            for (than, (p, paths)) in tests.into_iter().enumerate() {
                let interval = Interval { low: Some(low), high: Some(high) };
                let said = disagreement("v", &row(interval, p), paths);
                let words = match (at, than) {
                    (1, 0 | 2) => "holds 0 while the sign test (p = 0.001)",
                    (0 | 2, 1) => "leaves out 0 while the sign test (p = 0.400)",
                    (0, 2) | (2, 0) => "point opposite ways",
                    _ => {
                        assert_eq!(said, None);
                        continue;
                    }
                };
                let said = said.unwrap_or_default();
                assert!(said.contains(words), "{at} {than}: {said}");
                let counts = format!("better on {} paths and worse on {}", paths[0], paths[1]);
                assert!(said.contains(&counts), "{said}");
            }
        }
        assert_eq!(disagreement("v", &row(Interval::UNBOUNDED, 0.001), [80, 20]), None);
    }
}
