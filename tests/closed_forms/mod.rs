//! Closed forms that the engine is held to, and how close it must come.

#![allow(dead_code, reason = "each test binary uses a part")]

pub mod monitored;
pub mod passage;

use drypowder::engine::{AgentOutcome, NoRecorder, Plan, Workspace, run};
use drypowder::prices::PricePath;
use drypowder::prices::models::{ModelPath, ModelSpec};
use drypowder::stats::{normal_quantile, wilson_interval};
use rayon::prelude::*;

/// How often a whole table of comparisons would fail a correct engine, had the seeds not been
/// fixed.
pub const LEVEL: f64 = 1e-3;

/// Two-sided normal point of one of `comparisons` that share [`LEVEL`] (Bonferroni).
pub fn z_point(comparisons: usize) -> f64 {
    normal_quantile(1.0 - LEVEL / (2.0 * comparisons as f64))
}

/// A simulated proportion beside the probability that it estimates.
#[derive(Clone, Copy, Debug)]
pub struct Proportion {
    pub successes: u64,
    pub trials: u64,
    pub truth: f64,
}

impl Proportion {
    pub fn simulated(&self) -> f64 {
        self.successes as f64 / self.trials as f64
    }

    /// Standard error of the proportion if `truth` is true.
    pub fn stderr(&self) -> f64 {
        (self.truth * (1.0 - self.truth) / self.trials as f64).sqrt()
    }

    /// Distance in standard errors. `|score| ≤ z` says the same as "the truth lies in Wilson's
    /// interval at that z" (Wilson 1927): it is the test that the interval inverts.
    pub fn score(&self) -> f64 {
        (self.simulated() - self.truth) / self.stderr()
    }

    /// `simulated [low, high] score`, with Wilson's 95 % interval.
    pub fn line(&self) -> String {
        let interval = wilson_interval(self.successes, self.trials);
        let (low, high) = (interval.low.unwrap_or(0.0), interval.high.unwrap_or(1.0));
        format!("{:.5} [{low:.5}, {high:.5}] {:+.2}", self.simulated(), self.score())
    }
}

/// Runs `paths` paths of a plan and keeps of each what `keep` takes of its agents' outcomes, in
/// the order of the paths.
pub fn simulate<T: Send>(
    plan: &Plan,
    spec: &ModelSpec,
    seed: u64,
    paths: u64,
    keep: impl Fn(&[AgentOutcome]) -> T + Sync,
) -> Vec<T> {
    let path = ModelPath::new(spec).expect("the correlation is positive semi-definite");
    (0..paths)
        .into_par_iter()
        .map_init(
            || (path.clone(), Workspace::new(plan, spec.assets.len())),
            |(path, workspace), number| {
                path.begin(seed, number);
                run(plan, path, seed, number, workspace, &mut NoRecorder).expect("it balances");
                keep(workspace.outcomes())
            },
        )
        .collect()
}
