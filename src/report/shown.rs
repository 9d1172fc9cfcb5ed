//! Which agents a table or a chart shows where there are too many for it.

use crate::engine::Metric;
use crate::stats::quantile_type7;
use crate::study::{AgentResult, StudyResult, VariantResult};

use super::number::{count, percent, signed_money};

/// So many agents are all shown.
pub(super) const ALL_UP_TO: usize = 12;
/// So many of more are: those that lose most.
const WORST: usize = 10;

/// The agents that are shown.
pub(super) struct Shown {
    /// By index; empty where all are.
    worst: Vec<usize>,
    /// How many there are, without their sum.
    agents: usize,
    /// Whose losses decided.
    variant: String,
}

impl Shown {
    /// The agents that lose most in the mean over paths under the first variant, the plan; of equal
    /// losses the first by name.
    pub fn of(result: &StudyResult) -> Self {
        let plan = &result.variants[0];
        let agents = single(plan);
        let mut worst: Vec<usize> = (0..agents.len()).collect();
        if agents.len() <= ALL_UP_TO {
            worst.clear();
        }
        let changes: Vec<f64> = agents.iter().map(mean_change).collect();
        worst.sort_by(|a, b| changes[*a].total_cmp(&changes[*b]));
        worst.truncate(WORST);
        worst.sort_unstable();
        Self { worst, agents: agents.len(), variant: plan.name.clone() }
    }

    /// Whether the agent of an index is shown.
    pub fn has(&self, agent: usize) -> bool {
        self.worst.is_empty() || agent >= self.agents || self.worst.contains(&agent)
    }

    /// The agents of a variant that are shown, their sum too.
    pub fn among<'a>(
        &'a self,
        variant: &'a VariantResult,
    ) -> impl Iterator<Item = &'a AgentResult> {
        let agents = variant.agents.iter().enumerate();
        agents.filter(|(index, _)| self.has(*index)).map(|(_, agent)| agent)
    }

    /// What is said below a table: how many are left out, and how all of them fared; nothing where
    /// all are shown.
    pub fn note(&self, result: &StudyResult) -> Vec<String> {
        if self.worst.is_empty() {
            return Vec::new();
        }
        let mut text = vec![format!(
            "{} of {} agents are shown, those that lose most in the mean under {}; all are in summary.csv.",
            self.worst.len(),
            count(self.agents as f64),
            self.variant
        )];
        text.extend(result.variants.iter().map(|variant| over_agents(variant, result.paths)));
        text
    }
}

/// The agents of a variant without their sum.
fn single(variant: &VariantResult) -> &[AgentResult] {
    match variant.agents.len() {
        0 | 1 => &variant.agents,
        several => &variant.agents[..several - 1],
    }
}

/// Mean over paths of what was earned, USDC.
fn mean_change(agent: &AgentResult) -> f64 {
    let losses = agent.losses();
    -losses.iter().sum::<f64>() / losses.len() as f64
}

/// How the agents of a variant differ.
fn over_agents(variant: &VariantResult, paths: u64) -> String {
    let agents = single(variant);
    let sorted = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values
    };
    let share =
        |agent: &AgentResult| agent.column(Metric::Liquidations).positive() as f64 / paths as f64;
    let shares = sorted(agents.iter().map(share).collect());
    let changes = sorted(agents.iter().map(mean_change).collect());
    let hit = shares.iter().filter(|share| **share > 0.0).count();
    let of = |values: &[f64], p| quantile_type7(values, p);
    format!(
        "{}: {hit} of {} agents are liquidated on some path; probability of an agent {} in the \
         median, {} at the 95 % quantile of agents, {} at most. Mean change of an agent's equity \
         {} USDC at the 5 % quantile of agents, {} in the median, {} at the 95 % quantile.",
        variant.name,
        count(agents.len() as f64),
        percent(of(&shares, 0.5)),
        percent(of(&shares, 0.95)),
        percent(of(&shares, 1.0)),
        signed_money(of(&changes, 0.05)),
        signed_money(of(&changes, 0.5)),
        signed_money(of(&changes, 0.95)),
    )
}
