//! An objective and a search in words.

use std::fmt::Write;

use super::sweep::values;
use crate::prices::Prices;
use crate::scenario::{LimitSpec, Scenario, SearchKind};
use crate::units::time::to_iso;

/// Both, where there are any.
pub(super) fn write(text: &mut String, scenario: &Scenario) {
    // Writing to a String cannot fail, here and below.
    if let Some(objective) = &scenario.objective {
        let whose = objective.agent.and_then(|at| scenario.plan.agents.get(at));
        let whose = whose.map_or("the whole account".to_owned(), |agent| agent.name.clone());
        let _ = writeln!(text, "maximise {} of {whose}", objective.formula());
        for limit in &objective.limits {
            let _ = writeln!(text, "         with {}", in_words(limit));
        }
    }
    let Some(search) = &scenario.tune else { return };
    let count = search.candidates;
    let candidates = match search.search {
        SearchKind::Grid => format!("a grid of {count} candidates"),
        SearchKind::Sobol => format!("{count} candidates of the Sobol sequence"),
        SearchKind::Optimiser => format!("{count} candidates, half of them of the Sobol sequence"),
    };
    let halving = search.halving.map_or_else(String::new, |halving| {
        let kept = halving.keep * 100.0;
        format!(", the best {kept} % of each rung going on from {} paths", halving.paths)
    });
    let _ = writeln!(text, "tune     {candidates} on {} paths{halving}", scenario.paths);
    let _ = writeln!(
        text,
        "         the best {} on {} fresh paths (seed {})",
        search.finalists, search.validation_paths, search.validation_seed
    );
    if let Some(history) = &search.history {
        let (start, end) = (history.start_ms, history.start_ms + history.span_ms());
        let _ = writeln!(
            text,
            "         and on windows of a history from {} to {}",
            to_iso(start),
            to_iso(end)
        );
    }
    if matches!(scenario.prices, Prices::History(_)) {
        let _ = writeln!(text, "         walk forward over {} windows", search.walk_forward);
    }
    for axis in &search.space.axes {
        let _ = writeln!(text, "         {}: {}", axis.path, values(axis));
    }
    for constraint in &search.space.constraints {
        let _ = writeln!(text, "         where {}", constraint.text);
    }
}

fn in_words(limit: &LimitSpec) -> String {
    let sense = if limit.at_most { "at most" } else { "at least" };
    let value = match limit.figure.unit() {
        "probability" | "fraction" => format!("{} %", limit.limit * 100.0),
        unit => format!("{} {unit}", limit.limit),
    };
    format!("{} {sense} {value}", limit.name)
}
