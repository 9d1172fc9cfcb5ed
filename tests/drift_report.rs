//! What a run says of a drift of correlations.

#[allow(dead_code, reason = "a part of it is used")]
#[path = "common/runs.rs"]
mod runs;

use std::sync::atomic::AtomicBool;

use drypowder::engine::Metric;
use drypowder::report::Summary;
use drypowder::scenario::Scenario;
use drypowder::study::{Execution, NoProgress, NoRows, Role, StudyResult, VariantSet};
use drypowder::study::{rolling_correlations, run};
use runs::Run;

/// In the shipped scenario the drift raises VaR95, ES95 and the liquidation probability: the whole
/// interval of each difference lies above 0, and the differences are those of the rows.
#[test]
fn the_drift_raises_var() {
    let sets = [("paths", "2048"), ("report.charts", "false"), ("report.trace_paths", "[]")];
    let sets: Vec<(String, String)> =
        sets.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    let scenario = Scenario::load("scenarios/correlation_drift.toml", &sets).unwrap();
    let home = tempfile::tempdir().unwrap();
    let stop = AtomicBool::new(false);
    let execution = Execution { threads: 2, stop: &stop };
    let set = VariantSet::of(&scenario).unwrap();
    let out = home.path().join("out");
    let finished =
        drypowder::report::produce(&scenario, &set, &execution, &out, false, &mut NoProgress)
            .unwrap();
    let summary: &Summary = &finished.findings.summary;
    for metric in ["var_95", "es_95", "liquidation_probability"] {
        let value = |variant: &str| summary.get(variant, "longs", metric).unwrap().value.unwrap();
        let row = summary.get("plan", "longs", &format!("{metric}_by_drift")).unwrap();
        let difference = value("plan") - value("no_drift");
        assert!((row.value.unwrap() - difference).abs() < 1e-9, "{metric}: {row:?}");
        let (low, high) = (row.interval.low.unwrap(), row.interval.high.unwrap());
        assert!(0.0 < low && low < difference && difference < high, "{metric}: {row:?}");
    }
    let text = drypowder::report::terminal_report(&scenario, &set, &finished.findings, "", &out);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("The drift of correlations changes VaR95 by +"), "{text}");
    assert!(words.contains("against the same draws without it."), "{text}");
}

/// Every figure of every path.
fn rows(result: &StudyResult, set: &VariantSet, role: Role) -> Vec<u64> {
    let agent = result.variants[set.with_role(role, None).unwrap()].whole();
    let column = |metric: &Metric| agent.column(*metric).iter().map(f64::to_bits);
    Metric::ALL.iter().flat_map(column).collect()
}

/// Without a fall deep enough the plan and its twin have the same rows on every path, with one
/// others.
#[test]
fn the_same_draws_without_the_drift() {
    let scenario = runs::load("drift", &[("prices.correlation_drift.drawdown.depth", "0.99")]);
    let set = VariantSet::of(&scenario).unwrap();
    let stop = AtomicBool::new(false);
    let execution = Execution { threads: 1, stop: &stop };
    let result = run(&scenario, &set, &execution, &mut NoRows, &mut NoProgress).unwrap();
    assert!(rows(&result, &set, Role::Plan) == rows(&result, &set, Role::NoDrift));
    let scenario = runs::load("drift", &[]);
    let set = VariantSet::of(&scenario).unwrap();
    let result = run(&scenario, &set, &execution, &mut NoRows, &mut NoProgress).unwrap();
    assert!(rows(&result, &set, Role::Plan) != rows(&result, &set, Role::NoDrift));
}

/// The mean over paths follows the drift: 64 paths of windows of 30 hours, a correlation of one of
/// them off by 1/√30 at most, their mean by an eighth of that; four of those, and .02 for what a
/// window of 30 lacks.
#[test]
fn rolling_correlations_follow_the_drift() {
    let sets = [
        ("prices.correlation_drift.drawdown.depth", "0.05"),
        ("prices.copula", "{ kind = \"gaussian\" }"),
    ];
    let scenario = runs::load("drift", &sets);
    let set = VariantSet::of(&scenario).unwrap();
    let stop = AtomicBool::new(false);
    let execution = Execution { threads: 2, stop: &stop };
    let found = rolling_correlations(&scenario, &set, 3, &execution).unwrap().unwrap();
    assert_eq!((found.paths, found.window_ms, found.pairs.len()), (64, 30 * 3_600_000, 1));
    let pair = &found.pairs[0];
    let most = 4.0 / (30.0_f64 * 64.0).sqrt() + 0.02;
    for (mean, target) in pair.mean.iter().zip(&pair.target) {
        assert!((mean - target).abs() < most, "{mean} against {target}");
    }
    let range = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    assert!(pair.target[0] < 0.3 && range(&pair.target) > 0.5, "{:?}", pair.target);
    assert!(pair.traced_target.iter().all(|target| (0.2..=0.95).contains(target)));
    assert_ne!(pair.traced_target, pair.target);
}

/// Finer ticks inside the steps change nothing at their ends, nor the weights there.
#[test]
fn refined_paths_have_the_same_correlations() {
    let of = |refine: &str| {
        let gaussian = ("prices.copula", "{ kind = \"gaussian\" }");
        let scenario = runs::load("drift", &[gaussian, ("prices.refine", refine)]);
        let set = VariantSet::of(&scenario).unwrap();
        let stop = AtomicBool::new(false);
        rolling_correlations(&scenario, &set, 3, &Execution { threads: 1, stop: &stop })
    };
    assert!(of("2").unwrap().unwrap() == of("0").unwrap().unwrap());
}

#[test]
fn a_drift_has_a_chart() {
    let run = Run::of("drift", &[], 2);
    assert!(run.files().contains(&"rolling_correlation.png".to_owned()));
    let plain = Run::of("two_agents", &[("report.samples", "2")], 2);
    assert!(!plain.files().contains(&"rolling_correlation.png".to_owned()));
}
