//! What each field does, in a table and in sentences.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::{paths, range, signed};
use crate::report::number::{p_value, percent};
use crate::study::{AxisReport, Finding, ProfilePoint, Standing, TuneResult};

const COLUMNS: [&str; 6] = [
    "field",
    "value",
    "one step down [95 %]",
    "one step up [95 %]",
    "as good as the best",
    "share of variance (p)",
];

/// A line per axis.
pub(super) fn table(found: &TuneResult) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(COLUMNS);
    for axis in &found.axes {
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        let [down, up] = axis.neighbours().map(|point| right(step(point)));
        let own = &axis.profile[axis.centre].coordinate.text;
        let own = if own.is_empty() { "as it stands" } else { own };
        let share = axis.effect.map_or_else(
            || "–".to_owned(),
            |effect| match effect.p_value {
                Some(p) => format!("{} ({})", percent(effect.share), p_value(p)),
                None => percent(effect.share),
            },
        );
        let cells = [Cell::new(&axis.path), right(own.to_owned()), down, up];
        table.add_row(cells.into_iter().chain([right(flat(axis)), right(share)]));
    }
    format!("{table}\n")
}

/// What a step costs or gains.
fn step(point: Option<&ProfilePoint>) -> String {
    let Some(point) = point else { return "–".to_owned() };
    match &point.outcome {
        Ok(worth) if worth.same => format!("{}: the same", point.coordinate.text),
        Ok(worth) => {
            let less = worth.less_centre;
            let interval = range(less.interval(0.95), signed);
            let limits = match worth.judged.standing() {
                Standing::Holds => "",
                Standing::CannotTell => ", limits: cannot tell",
                Standing::Violated => ", breaks a limit",
            };
            format!("{}: {} {interval}{limits}", point.coordinate.text, signed(less.value))
        }
        Err(_) => format!("{}: cannot run", point.coordinate.text),
    }
}

fn flat(axis: &AxisReport) -> String {
    let [low, high] = axis.flat();
    match low.text == high.text {
        true => "this value alone".to_owned(),
        false => format!("{} to {}", low.text, high.text),
    }
}

/// What is seen of each axis.
pub(super) fn sentences(found: &TuneResult) -> Vec<String> {
    let count = paths(found.validation_paths());
    let mut all: Vec<String> = Vec::new();
    for axis in &found.axes {
        let path = &axis.path;
        let values = axis.profile.iter().filter(|point| point.outcome.is_ok()).count();
        let failed = match axis.profile.len() - values {
            0 => String::new(),
            some => format!("; {some} could not run"),
        };
        match axis.finding {
            Finding::NoEffect => all.push(format!(
                "{path}: no effect seen: {count}, each of {values} values the same to the \
                 micro-unit{failed}."
            )),
            Finding::WithinNoise if found.paths == 1 => {
                all.push(format!("{path}: the path differs, the objective does not{failed}."));
            }
            Finding::WithinNoise => all.push(format!(
                "{path}: within noise: no difference along {values} values, and no share of the \
                 design's variance, is more than chance{failed}."
            )),
            Finding::Unbounded => all.push(format!(
                "{path}: cannot be told: {count} bound no difference along {values} values{failed}."
            )),
            Finding::Unknown => all.push(format!("{path}: no other value could run.")),
            Finding::Felt => {}
        }
    }
    if found.axes.is_empty() {
        all.push("Nothing could run beside it.".to_owned());
    } else if found.paths > 1 {
        all.push(
            "A step is the objective less that of the value itself, path by path, all else the same. As \
             good as the best: values about it that these paths do not tell from it and that break no \
             limit. Share of \
             variance: of the objectives over the whole design, with the chance of one as great where \
             the field does nothing (other candidates, other paths)."
                .to_owned(),
        );
    }
    all
}
