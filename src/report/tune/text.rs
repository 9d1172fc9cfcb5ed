//! What a tuning says on the terminal.

mod answer;
mod axes;
mod needed;
mod robust;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::TuneFinished;
use crate::report::axis_names::axis_names;
use crate::report::not_modelled::not_modelled;
use crate::report::number::{grouped, money, percent};
use crate::report::terminal::push_wrapped;
use crate::scenario::{Figure, LimitSpec, ScenarioFile, SearchKind};
use crate::stats::Interval;
use crate::study::{Candidate, Judged, Rung, TuneResult};

/// Rungs of the search that are told one by one.
const RUNGS: usize = 6;

/// The report of a finished tuning.
pub fn tune_report(file: &ScenarioFile, finished: &TuneFinished) -> String {
    let (scenario, found) = (file.base(), &finished.found);
    let mut text = format!("{}: {}\n", scenario.name, scenario.question);
    for sentence in header(file, found) {
        push_wrapped(&mut text, "", &sentence);
    }
    text.push('\n');
    text += &finalists(found);
    text.push('\n');
    for sentence in answer::answer(found) {
        push_wrapped(&mut text, "", &sentence);
    }
    text.push_str("\nWhat each field does, through the recommendation:\n");
    if found.recommended.is_none() {
        text.truncate(text.len() - "the recommendation:\n".len());
        text += "the nearest candidate:\n";
    }
    text += &axes::table(found);
    for sentence in axes::sentences(found) {
        push_wrapped(&mut text, "  ", &sentence);
    }
    push_wrapped(&mut text, "Trade-off: ", &answer::front(found));
    robust::write(&mut text, found);
    if text.contains("[…, ") || text.contains(", …]") {
        let words = "… stands for an end of an interval that there is none of: one path is what happened, \
                     and of few paths or windows the worst part tells no more than a bound on one side.";
        push_wrapped(&mut text, "", words);
    }
    for remark in &finished.remarks {
        push_wrapped(&mut text, "Note: ", remark);
    }
    for warning in &scenario.warnings {
        text.push_str(&format!("Warning: {warning}\n"));
    }
    push_wrapped(&mut text, "Not modelled: ", &not_modelled(&scenario.plan).join("; "));
    text.push_str(&format!("Files: {}\n", finished.folder.display()));
    text
}

fn header(file: &ScenarioFile, found: &TuneResult) -> Vec<String> {
    let limits: Vec<String> = found.objective.limits.iter().map(limit_words).collect();
    let mut goal = format!("Maximised: {}", found.objective.formula());
    if !limits.is_empty() {
        goal += &format!(", so that {}", limits.join(" and "));
    }
    let whose = found.objective.agent.and_then(|at| file.base().plan.agents.get(at));
    let whose = whose.map_or_else(String::new, |agent| format!(" of {}", agent.name));
    let rung = |rung: &Rung| format!("{} on {}", rung.candidates, paths(rung.paths));
    let rungs = match found.rungs.as_slice() {
        [first, second, .., last] if found.rungs.len() > RUNGS => format!(
            "{}, {} and so on to {}, {} rungs",
            rung(first),
            rung(second),
            rung(last),
            found.rungs.len()
        ),
        few => few.iter().map(rung).collect::<Vec<_>>().join(", "),
    };
    let failed = found.candidates.iter().filter(|one| one.outcome.is_err()).count();
    let failed = match failed {
        0 => String::new(),
        some => format!(" {some} could not run: see reason in tune.csv."),
    };
    let (wanted, tried) = (found.search.candidates, found.tried() as u64 - 1);
    let short = match found.search.search {
        SearchKind::Sobol if tried < wanted => {
            format!(" {wanted} were asked for; rounding and constraints leave no other points.")
        }
        SearchKind::Grid | SearchKind::Sobol | SearchKind::Optimiser => String::new(),
    };
    let search = format!(
        "Search: {}, {} settings with the scenario as it stands (base): {rungs} (seed {}).{short}{failed}",
        found.search.search.word(),
        found.tried(),
        file.base().seed
    );
    let fresh = match found.paths {
        1 => "One path is what happened, not a draw from anything: figures have no intervals, limits \
              are judged by what was seen, and no fresh paths can check the choice."
            .to_owned(),
        _ => format!(
            "Finalists ran on {} that the search did not see (seed {}).",
            paths(found.validation_paths()),
            found.search.validation_seed
        ),
    };
    vec![format!("{goal}{whose}."), search, fresh]
}

/// The finalists and the scenario as it stands.
fn finalists(found: &TuneResult) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    let axes = axis_names(&found.search.space.axes);
    let mut header: Vec<String> = std::iter::once("finalist".to_owned()).chain(axes).collect();
    if found.paths > 1 {
        header.push("objective in search".to_owned());
    }
    header.push("objective [95 %]".to_owned());
    header.extend(found.objective.figures().iter().map(|(name, _)| (*name).to_owned()));
    if !found.objective.limits.is_empty() {
        header.push("limits".to_owned());
    }
    table.set_header(header);
    for (at, finalist) in found.finalists.iter().enumerate() {
        let mark = if found.recommended == Some(at) { "▶ " } else { "" };
        let candidate = &found.candidates[finalist.candidate];
        table.add_row(row(found, candidate, mark, &finalist.fresh));
    }
    if found.finalists.iter().all(|one| one.candidate != 0) {
        table.add_row(row(found, &found.candidates[0], "", &found.base));
    }
    format!("{table}\n")
}

fn row(
    found: &TuneResult,
    candidate: &Candidate,
    mark: &str,
    fresh: &Result<Judged, String>,
) -> Vec<Cell> {
    let mut cells = vec![Cell::new(format!("{mark}{}", candidate.setting.name))];
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    cells.extend(super::table::coordinates(candidate).into_iter().map(right));
    let objective = |judged: &Judged| {
        let one = judged.objective;
        format!("{} {}", amount(one.value), range(one.interval, amount))
    };
    if found.paths > 1 {
        let search = candidate.outcome.as_ref();
        cells.push(right(search.map_or("–".to_owned(), |one| amount(one.objective.value))));
    }
    match fresh {
        Ok(judged) => {
            cells.push(right(objective(judged)));
            for ((_, figure), one) in found.objective.figures().iter().zip(&judged.figures) {
                cells.push(right(shown(*figure, one.value)));
            }
            if !found.objective.limits.is_empty() {
                cells.push(Cell::new(judged.standing().word()));
            }
        }
        Err(why) => cells.push(Cell::new(format!("failed: {why}"))),
    }
    cells
}

/// A number of the objective's unit, which is whatever its weights make it.
fn amount(value: f64) -> String {
    match value.abs() {
        small if small < 1.0 => grouped(value, 4),
        _ => grouped(value, 2),
    }
}

/// A change with its sign.
fn signed(value: f64) -> String {
    let text = amount(value);
    if text.starts_with('-') { text } else { format!("+{text}") }
}

/// `[low, high]`, an end that there is none of as `…`.
fn range(interval: Interval, show: impl Fn(f64) -> String) -> String {
    let end = |end: Option<f64>| end.map_or_else(|| "…".to_owned(), &show);
    format!("[{}, {}]", end(interval.low), end(interval.high))
}

/// A figure in its unit.
fn shown(figure: Figure, value: f64) -> String {
    match figure.unit() {
        "probability" | "fraction" => percent(value),
        "USDC" => money(value),
        _ => {
            let text = grouped(value, 3);
            let trimmed = text.trim_end_matches('0').trim_end_matches('.');
            if text.contains('.') { trimmed.to_owned() } else { text }
        }
    }
}

/// `es_95 ≤ 500.00 USDC`.
pub(super) fn limit_words(limit: &LimitSpec) -> String {
    let sign = if limit.at_most { "≤" } else { "≥" };
    let unit = match limit.figure.unit() {
        "probability" | "fraction" | "count" => String::new(),
        unit => format!(" {unit}"),
    };
    format!("{} {sign} {}{unit}", limit.name, shown(limit.figure, limit.limit))
}

fn paths(count: u64) -> String {
    let word = if count == 1 { "path" } else { "paths" };
    format!("{} {word}", grouped(count as f64, 0))
}

/// The fields of a candidate with their values.
fn fields(found: &TuneResult, candidate: &Candidate) -> String {
    let axes = found.search.space.axes.iter().zip(super::table::coordinates(candidate));
    let fields: Vec<String> = axes
        .map(|(axis, value)| {
            let value = if value.is_empty() { "as it stands".to_owned() } else { value };
            format!("{} = {value}", axis.path)
        })
        .collect();
    fields.join(", ")
}
