//! The figures that a table may be asked for.

use crate::engine::{Metric, MetricScope};
use crate::fields::{Faults, Located, nearest};

/// Suffixes of the quantiles of a metric.
const QUANTILES: [&str; 5] = ["", "_p05", "_p50", "_p95", "_p99"];
/// Probabilities, which are means of no metric.
const PROBABILITIES: [&str; 3] =
    ["liquidation_probability", "distress_probability", "bad_debt_probability"];

/// What decides which figures there are.
pub(in crate::scenario) struct Figures {
    /// The metrics of the plan.
    pub scope: MetricScope,
    /// Confidences of VaR, ES and LaR.
    pub confidences: Vec<f64>,
}

/// Names of all figures of `summary.csv` of a variant.
fn known(Figures { scope, confidences }: &Figures) -> Vec<String> {
    let mut names: Vec<String> = PROBABILITIES.map(str::to_owned).to_vec();
    for metric in scope.metrics() {
        names.extend(QUANTILES.map(|suffix| format!("{}{suffix}", metric.name())));
    }
    for confidence in confidences {
        let level = confidence_name(*confidence);
        names.extend(["var", "es", "lar"].map(|name| format!("{name}_{level}")));
    }
    names
}

/// A confidence as it stands in the name of a figure: 0.95 is `95`, 0.999 is `99_9`.
pub fn confidence_name(confidence: f64) -> String {
    let percent = libm::round(confidence * 1e8) / 1e6;
    percent.to_string().replace('.', "_")
}

/// Reports figures that a variant does not have, and those that are asked for twice.
pub(super) fn check(asked: &[Located<String>], figures: &Figures, faults: &mut Faults) {
    let known = known(figures);
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    for (number, figure) in asked.iter().enumerate() {
        let name = figure.value.as_str();
        if asked[..number].iter().any(|other| other.value == name) {
            faults.error(&figure.spot, format!("{name} is asked for twice"), "write it once");
        }
        if names.contains(&name) {
            continue;
        }
        let mut bases = QUANTILES.iter().filter_map(|suffix| name.strip_suffix(suffix));
        let elsewhere = bases.any(|base| Metric::ALL.iter().any(|metric| metric.name() == base));
        let (problem, help) = match (elsewhere, nearest(name, &names)) {
            (true, _) => (
                format!("the figure {name} is not computed in this scenario"),
                "it belongs to a service that the scenario has not, or to run.metrics = \"full\""
                    .to_owned(),
            ),
            (false, Some(near)) => (format!("no figure {name}"), format!("did you mean {near}?")),
            (false, None) => {
                (format!("no figure {name}"), "see summary.csv of a run for all".to_owned())
            }
        };
        faults.error(&figure.spot, problem, help);
    }
}
