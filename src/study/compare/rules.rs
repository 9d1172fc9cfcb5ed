//! On how many paths a rule fires more or less often than in the baseline.

use std::io;

use crate::engine::{AgentOutcome, Rule};
use crate::study::{RowSink, StudyResult, Variant, VariantSet};

/// How often a rule fired for an agent under a variant, against the baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDifference {
    /// Index of the variant.
    pub variant: usize,
    /// Index of the agent.
    pub agent: usize,
    /// The rule.
    pub rule: Rule,
    /// Times in the baseline, over all paths.
    pub baseline: u64,
    /// Times in the variant.
    pub count: u64,
    /// Paths on which it fired more often than in the baseline.
    pub paths_more: u64,
    /// Paths on which it fired less often.
    pub paths_fewer: u64,
}

/// Counts while rows come.
pub(super) struct Counts {
    agents: usize,
    /// The baseline's rows of the path under way.
    base: Vec<AgentOutcome>,
    /// More and fewer, by variant, agent and rule.
    counts: Vec<[u64; 2]>,
}

impl Counts {
    pub fn of(set: &VariantSet) -> Self {
        let agents = set.all()[0].plan.agents.len();
        let counts = vec![[0; 2]; set.all().len() * agents * Rule::COUNT];
        Self { agents, base: Vec::with_capacity(agents), counts }
    }

    fn place(&self, variant: usize, agent: usize, rule: Rule) -> usize {
        (variant * self.agents + agent) * Rule::COUNT + rule as usize
    }

    /// Those of rules that fired at all, by variant, agent and rule.
    pub fn differences(&self, study: &StudyResult) -> Vec<RuleDifference> {
        let mut found = Vec::new();
        for variant in 1..study.variants.len() {
            for agent in 0..self.agents {
                let fired =
                    |variant: usize, rule| study.variants[variant].agents[agent].fired(rule).count;
                for &rule in Rule::ALL {
                    let (baseline, count) = (fired(0, rule), fired(variant, rule));
                    if baseline + count > 0 {
                        let [paths_more, paths_fewer] =
                            self.counts[self.place(variant, agent, rule)];
                        found.push(RuleDifference {
                            variant,
                            agent,
                            rule,
                            baseline,
                            count,
                            paths_more,
                            paths_fewer,
                        });
                    }
                }
            }
        }
        found
    }
}

impl RowSink for Counts {
    fn begin(&mut self, _: &[Variant]) -> io::Result<()> {
        Ok(())
    }

    fn accept(&mut self, variant: usize, _: u64, agents: &[AgentOutcome]) -> io::Result<()> {
        // Rows come by path, the baseline first.
        if variant == 0 {
            self.base.clear();
            self.base.extend_from_slice(agents);
            return Ok(());
        }
        for (agent, outcome) in agents.iter().enumerate() {
            for &rule in Rule::ALL {
                let (own, base) = (outcome.fired(rule), self.base[agent].fired(rule));
                let place = self.place(variant, agent, rule);
                self.counts[place][0] += u64::from(own > base);
                self.counts[place][1] += u64::from(own < base);
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
