//! A sweep in words: its axes, how many points there are, and what they cost.

use std::fmt::Write;

use crate::scenario::{Axis, Design, DesignKind, ScaleKind, Scenario};

/// Values that are listed; of more only the ends are.
const LISTED: usize = 8;

/// The sweep, where there is one.
pub(super) fn write(text: &mut String, scenario: &Scenario) {
    let Some(sweep) = &scenario.sweep else { return };
    let design = &sweep.design;
    let (count, paths) = (design.settings.len() as u64, scenario.paths);
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "sweep    {}: {count} variants × {paths} paths = {} runs{}",
        kind(design),
        u128::from(count) * u128::from(paths),
        left_out(design)
    );
    for axis in &design.space.axes {
        let _ = writeln!(text, "         {}: {}", axis.path, values(axis));
    }
    for (constraint, refused) in design.space.constraints.iter().zip(&design.refused) {
        let _ = writeln!(text, "         where {}: leaves out {refused}", constraint.text);
    }
}

fn kind(design: &Design) -> String {
    let axes = match design.space.axes.len() {
        1 => "1 axis".to_owned(),
        count => format!("{count} axes"),
    };
    match design.kind {
        DesignKind::List => "named settings".to_owned(),
        kind => format!("{} of {axes}", kind.word()),
    }
}

fn left_out(design: &Design) -> String {
    let mut words = String::new();
    if design.dropped > 0 {
        words += &format!("; {} points left out by constraints", design.dropped);
    }
    if design.duplicates > 0 {
        words += &format!("; {} points drawn again left out", design.duplicates);
    }
    words
}

/// The values of an axis.
pub(super) fn values(axis: &Axis) -> String {
    let scale = match axis.scale {
        ScaleKind::Linear => "",
        ScaleKind::Log => " in equal ratios",
    };
    let [first, last] = axis.ends().map(|value| value.text);
    match axis.values.len() {
        0 => format!("between {first} and {last}{scale}"),
        count if count > LISTED => format!("{count} values{scale}, {first} to {last}"),
        _ => {
            let all: Vec<&str> = axis.values.iter().map(|value| shown(&value.text)).collect();
            all.join(", ")
        }
    }
}

fn shown(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}
