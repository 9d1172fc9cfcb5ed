//! Comparisons and the judging of kills, in words.

use std::fmt::Write;

use crate::fields::Duration;
use crate::scenario::{CompareSpec, Scenario};

/// What `drypowder compare` runs, and whether kills are judged.
pub(super) fn write(text: &mut String, scenario: &Scenario) {
    if let Some(review) = scenario.kill_review {
        let window = Duration { ms: review.window_ms };
        let _ = writeln!(
            text,
            "kills    judged by a second run without any; a false positive is not force-closed within {window}"
        );
    }
    let Some(spec) = &scenario.compare else { return };
    let _ = writeln!(
        text,
        "compare  {} variants beside {} and its null policies; baseline {}; {} paths of each are told",
        spec.settings.len(),
        CompareSpec::BASE,
        spec.baseline,
        spec.trace_paths
    );
    for setting in &spec.settings {
        let sets: Vec<String> =
            setting.sets.iter().map(|(path, value)| format!("{path} = {value}")).collect();
        let _ = writeln!(text, "         {}: {}", setting.name, sets.join(", "));
    }
}
