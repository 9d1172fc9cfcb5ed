//! What a study keeps in memory: one column per variant, agent and metric.

use crate::engine::{AgentOutcome, Metric, MetricKind, MetricScope, Rule};
use crate::stats::Replication;
use crate::units::time::DAY_MS;

/// One metric over the paths, in their order. A metric that never changes takes no room.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// The same value on every path.
    Constant {
        /// The value.
        value: f64,
        /// Paths.
        count: usize,
    },
    /// One value per path.
    Varied(Vec<f64>),
}

impl Column {
    const EMPTY: Self = Self::Constant { value: 0.0, count: 0 };

    /// Paths.
    pub fn len(&self) -> usize {
        match self {
            Self::Constant { count, .. } => *count,
            Self::Varied(values) => values.len(),
        }
    }

    /// Whether it holds no path.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a path; NaN stands for "there is none".
    pub fn get(&self, path: usize) -> f64 {
        match self {
            Self::Constant { value, .. } => *value,
            Self::Varied(values) => values[path],
        }
    }

    /// All values in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = f64> {
        (0..self.len()).map(|path| self.get(path))
    }

    /// Number of values above zero.
    pub fn positive(&self) -> u64 {
        self.iter().filter(|value| *value > 0.0).count() as u64
    }

    fn push(&mut self, value: f64, expected: usize) {
        match self {
            Self::Constant { count: 0, .. } => *self = Self::Constant { value, count: 1 },
            Self::Constant { value: same, count } if same.to_bits() == value.to_bits() => {
                *count += 1;
            }
            Self::Constant { value: same, count } => {
                let mut values = Vec::with_capacity(expected.max(*count + 1));
                values.resize(*count, *same);
                values.push(value);
                *self = Self::Varied(values);
            }
            Self::Varied(values) => values.push(value),
        }
    }
}

/// How often a rule fired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FiredCount {
    /// Times over all paths.
    pub count: u64,
    /// Paths on which it fired at all.
    pub paths: u64,
}

/// One agent under one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentResult {
    /// Its name; `all` for the sum over several.
    pub name: String,
    /// What it started with, USDC.
    pub start_capital_usdc: f64,
    columns: Vec<Column>,
    fired: Vec<FiredCount>,
}

impl AgentResult {
    pub(super) fn new(name: &str, start_capital_usdc: f64) -> Self {
        Self {
            name: name.to_owned(),
            start_capital_usdc,
            columns: vec![Column::EMPTY; Metric::COUNT],
            fired: vec![FiredCount::default(); Rule::COUNT],
        }
    }

    /// The same agent over the paths of several results, one after the other; `None` of none. What it
    /// started with is as in the first.
    pub fn joined<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut parts = parts.into_iter();
        let mut all = parts.next()?.clone();
        for part in parts {
            for (column, more) in all.columns.iter_mut().zip(&part.columns) {
                more.iter().for_each(|value| column.push(value, more.len()));
            }
            for (fired, more) in all.fired.iter_mut().zip(&part.fired) {
                fired.count += more.count;
                fired.paths += more.paths;
            }
        }
        Some(all)
    }

    /// A metric over the paths.
    pub fn column(&self, metric: Metric) -> &Column {
        &self.columns[metric as usize]
    }

    /// The loss of each path, USDC: start + money from the coordinator of its fleet − final equity, so
    /// that money moved inside a fleet is nobody's loss.
    pub fn losses(&self) -> Vec<f64> {
        let received = self.column(Metric::FromCoordinator);
        let equity = self.column(Metric::FinalEquity).iter().enumerate();
        let received = |path| if received.is_empty() { 0.0 } else { received.get(path) };
        equity.map(|(path, equity)| self.start_capital_usdc + received(path) - equity).collect()
    }

    /// How often a rule fired.
    pub fn fired(&self, rule: Rule) -> FiredCount {
        self.fired[rule as usize]
    }

    /// Adds a path's value of a metric.
    pub(super) fn push_value(&mut self, metric: Metric, value: f64, expected: usize) {
        self.columns[metric as usize].push(value, expected);
    }

    /// Adds the same value of some paths.
    pub(super) fn push_same(&mut self, metric: Metric, value: f64, paths: usize, expected: usize) {
        let column = &mut self.columns[metric as usize];
        (0..paths).for_each(|_| column.push(value, expected));
    }

    /// Adds how often a rule fired on some paths.
    pub(super) fn push_fired(&mut self, rule: Rule, count: u64, paths: u64) {
        self.fired[rule as usize].count += count;
        self.fired[rule as usize].paths += paths;
    }

    pub(super) fn push(&mut self, outcome: &AgentOutcome, scope: MetricScope, expected: usize) {
        for metric in scope.metrics() {
            self.columns[metric as usize].push(outcome.get(metric), expected);
        }
        for &rule in Rule::ALL {
            let times = u64::from(outcome.fired(rule));
            self.fired[rule as usize].count += times;
            self.fired[rule as usize].paths += u64::from(times > 0);
        }
    }
}

/// One variant over all paths.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantResult {
    /// Its name.
    pub name: String,
    /// Its agents in the order of the plan; where there are several, their sum `all` comes last.
    pub agents: Vec<AgentResult>,
}

impl VariantResult {
    /// The whole account: the only agent, or the sum of several.
    pub fn whole(&self) -> &AgentResult {
        self.agents.last().expect("a plan has an agent")
    }
}

/// A finished study.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyResult {
    /// Paths.
    pub paths: u64,
    /// First and last instant of a path, UTC ms.
    pub span_ms: (i64, i64),
    /// Which paths depend on each other.
    pub replication: Replication,
    /// Which metrics were computed.
    pub metrics: MetricScope,
    /// In the order of the variant set.
    pub variants: Vec<VariantResult>,
}

impl StudyResult {
    /// Length of a path, days.
    pub fn run_days(&self) -> f64 {
        (self.span_ms.1 - self.span_ms.0) as f64 / DAY_MS as f64
    }
}

/// The row of `all`: counts and amounts are summed, a first time is the earliest; a ratio has
/// no sum and stays zero.
pub(super) fn sum_of(agents: &[AgentOutcome]) -> AgentOutcome {
    let mut all = AgentOutcome::default();
    for outcome in agents {
        for &metric in Metric::ALL {
            match metric.kind() {
                MetricKind::Event => all.add(metric, outcome.get(metric)),
                MetricKind::Time => {
                    all.set(metric, all.get(metric).min(outcome.get(metric)));
                }
                MetricKind::EveryTick | MetricKind::Ratio => {}
            }
        }
        for &rule in Rule::ALL {
            (0..outcome.fired(rule)).for_each(|_| all.fire(rule));
        }
    }
    all
}
