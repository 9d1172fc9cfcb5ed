//! The figures of a comparison: paired differences, their intervals and tests.

use super::tail::{Sides, Tail};
use crate::engine::{Metric, MetricKind};
use crate::report::number::level;
use crate::report::summary::QUANTILES;
use crate::scenario::Scenario;
use crate::stats::{
    Interval, PairedCounts, Replication, Resamples, StreamKey, holm, mean_and_stderr,
    paired_proportion_interval, quantile_ranks, sign_test,
};
use crate::study::{AgentResult, Comparison};

/// Shares of paths, and the metric that is above zero on them.
const PROBABILITIES: [(&str, Metric); 3] = [
    ("liquidation_probability", Metric::Liquidations),
    ("distress_probability", Metric::DistressExits),
    ("bad_debt_probability", Metric::BadDebt),
];

/// Metrics whose quantiles are compared.
const SPREAD: [Metric; 2] = [Metric::FinalEquity, Metric::MaxDrawdown];

/// Paths beyond which tails are compared by sections in place of joint resamples.
const RESAMPLED_MOST: usize = 100_000;

/// One figure of a variant against the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareRow {
    /// Variant.
    pub variant: String,
    /// Agent, or `all`.
    pub agent: String,
    /// Metric or statistic.
    pub metric: String,
    /// The baseline's value; `None` where there is none.
    pub baseline: Option<f64>,
    /// The variant's.
    pub value: Option<f64>,
    /// The variant's less the baseline's.
    pub difference: Option<f64>,
    /// Its 95 % interval.
    pub interval: Interval,
    /// The exact sign test of metrics, and of probabilities McNemar's.
    pub p_sign: Option<f64>,
    /// The same, corrected for all tests of the comparison (Holm).
    pub p_holm: Option<f64>,
    /// Paths with more, fewer and the same; of figures over all paths there are none.
    pub paths: Option<[u64; 3]>,
    /// Unit of the values.
    pub unit: &'static str,
}

/// All figures: by variant, agent and metric.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CompareFigures {
    /// The rows of `compare.csv`.
    pub rows: Vec<CompareRow>,
    /// Tests that were made: those where any path differs.
    pub tests: usize,
}

impl CompareFigures {
    /// The figures of a comparison.
    pub fn of(scenario: &Scenario, found: &Comparison) -> Self {
        let draws = found.study.replication;
        let paths = found.study.paths as usize;
        let stream = &mut StreamKey::new("compare.resamples", "").open(scenario.seed, 0);
        let resamples = (paths <= RESAMPLED_MOST).then(|| Resamples::draw(paths, draws, stream));
        let mut figures = Self::default();
        let base = &found.study.variants[0];
        for variant in &found.study.variants[1..] {
            for (own, base) in variant.agents.iter().zip(&base.agents) {
                let sum = variant.agents.len() > 1 && std::ptr::eq(own, variant.whole());
                let mut pair = Pair {
                    variant: &variant.name,
                    own,
                    base,
                    draws,
                    resamples: resamples.as_ref(),
                    rows: &mut figures.rows,
                };
                pair.metrics(found, sum);
                pair.probabilities();
                pair.tails(&scenario.risk.confidences);
            }
        }
        figures.correct();
        figures
    }

    /// One figure.
    pub fn get(&self, variant: &str, agent: &str, metric: &str) -> Option<&CompareRow> {
        let wanted = |row: &&CompareRow| {
            row.metric == metric && row.variant == variant && row.agent == agent
        };
        self.rows.iter().find(wanted)
    }

    /// Corrects the tests for their number. Where no path differs there was nothing to test: p is 1
    /// whatever is true, so that such a row makes no other more likely to be wrong (Tarone 1990).
    fn correct(&mut self) {
        let tested = |row: &CompareRow| {
            row.p_sign.filter(|_| row.paths.is_some_and(|[more, fewer, _]| more + fewer > 0))
        };
        let corrected = holm(&self.rows.iter().filter_map(tested).collect::<Vec<f64>>());
        self.tests = corrected.len();
        let mut corrected = corrected.into_iter();
        for row in &mut self.rows {
            row.p_holm = match tested(row) {
                Some(_) => corrected.next(),
                None => row.p_sign,
            };
        }
    }
}

/// One agent under a variant and under the baseline.
struct Pair<'a> {
    variant: &'a str,
    own: &'a AgentResult,
    base: &'a AgentResult,
    draws: Replication,
    resamples: Option<&'a Resamples>,
    rows: &'a mut Vec<CompareRow>,
}

/// The sign test of differences, and the paths with more, fewer and the same. Of paths that depend on
/// each other the sums of their replicates are tested.
fn tested(differences: &[f64], draws: Replication) -> (f64, [u64; 3]) {
    let count = |values: &[f64], keep: fn(f64) -> bool| {
        values.iter().filter(|value| keep(**value)).count() as u64
    };
    let signs = |values: &[f64]| [count(values, |d| d > 0.0), count(values, |d| d < 0.0)];
    let [more, fewer] = signs(differences);
    let p = if draws.size() == 1 {
        sign_test(more, fewer)
    } else {
        let sums: Vec<f64> =
            differences.chunks_exact(draws.size()).map(|one| one.iter().sum()).collect();
        let [more, fewer] = signs(&sums);
        sign_test(more, fewer)
    };
    (p, [more, fewer, differences.len() as u64 - more - fewer])
}

impl Pair<'_> {
    fn push(
        &mut self,
        metric: impl Into<String>,
        unit: &'static str,
        values: [Option<f64>; 2],
        interval: Interval,
        tested: Option<(f64, [u64; 3])>,
    ) {
        let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
        let [value, baseline] = values;
        self.rows.push(CompareRow {
            variant: self.variant.to_owned(),
            agent: self.own.name.clone(),
            metric: metric.into(),
            baseline,
            value,
            difference: finite(value.zip(baseline).map(|(value, baseline)| value - baseline)),
            interval: Interval { low: finite(interval.low), high: finite(interval.high) },
            p_sign: tested.map(|(p, _)| p),
            p_holm: None,
            paths: tested.map(|(_, paths)| paths),
            unit,
        });
    }

    fn sides(&self, metric: Metric) -> Sides {
        let of = |agent: &AgentResult| agent.column(metric).iter().collect();
        Sides { own: of(self.own), base: of(self.base) }
    }

    fn metrics(&mut self, found: &Comparison, sum: bool) {
        for metric in found.scope.metrics() {
            let sides = self.sides(metric);
            match metric.kind() {
                MetricKind::Time => self.time(metric, &sides),
                MetricKind::Event => self.mean(metric, &sides, 0.0),
                // A ratio has no sum over agents.
                _ if sum => continue,
                // Time-weighted sums of the same state in other parts differ in their last digits.
                MetricKind::EveryTick | MetricKind::Ratio => self.mean(metric, &sides, 1e-9),
            }
            if SPREAD.contains(&metric) {
                self.quantiles(metric, &sides);
            }
        }
    }

    /// Means; values that differ by a smaller part than `noise` count as ties.
    fn mean(&mut self, metric: Metric, sides: &Sides, noise: f64) {
        let means = [&sides.own, &sides.base].map(|values| Some(mean_and_stderr(values).0));
        let differences = sides.differences();
        let interval = self.draws.mean_interval(&differences);
        let tie = |(own, base): (&f64, &f64)| {
            let apart = own - base;
            if apart.abs() <= noise * own.abs().max(base.abs()) { 0.0 } else { apart }
        };
        let told: Vec<f64> = sides.own.iter().zip(&sides.base).map(tie).collect();
        self.push(metric.name(), metric.unit(), means, interval, Some(tested(&told, self.draws)));
    }

    /// Times that not every path has: no mean. A path without one has it later than any other.
    fn time(&mut self, metric: Metric, sides: &Sides) {
        let late = |time: f64| if time.is_nan() { f64::INFINITY } else { time };
        let sign = |(own, base): (&f64, &f64)| match late(*own).total_cmp(&late(*base)) {
            std::cmp::Ordering::Less => -1.0,
            std::cmp::Ordering::Equal => 0.0,
            std::cmp::Ordering::Greater => 1.0,
        };
        let signs: Vec<f64> = sides.own.iter().zip(&sides.base).map(sign).collect();
        let tested = tested(&signs, self.draws);
        self.push(metric.name(), metric.unit(), [None; 2], Interval::UNBOUNDED, Some(tested));
    }

    fn probabilities(&mut self) {
        for (name, metric) in PROBABILITIES {
            let sides = self.sides(metric);
            let hits = |values: &[f64]| -> Vec<f64> {
                values.iter().map(|value| f64::from(u8::from(*value > 0.0))).collect()
            };
            let sides = Sides { own: hits(&sides.own), base: hits(&sides.base) };
            let means = [&sides.own, &sides.base].map(|values| Some(mean_and_stderr(values).0));
            let differences = sides.differences();
            let interval = match (differences.len(), self.draws.size()) {
                // One path is what happened, no draw from anything.
                (1, _) => Interval::UNBOUNDED,
                (_, 1) => paired_proportion_interval(counts(&sides)),
                _ => self.draws.mean_interval(&differences),
            };
            self.push(name, "probability", means, interval, Some(tested(&differences, self.draws)));
        }
    }

    fn quantiles(&mut self, metric: Metric, sides: &Sides) {
        for (p, suffix) in QUANTILES {
            self.tail(
                format!("{}{suffix}", metric.name()),
                metric.unit(),
                sides,
                p,
                Tail::Quantile,
            );
        }
    }

    fn tails(&mut self, confidences: &[f64]) {
        let losses = Sides { own: self.own.losses(), base: self.base.losses() };
        let notional = self.sides(Metric::LiquidatedNotional);
        for &confidence in confidences {
            let suffix = level(confidence);
            self.tail(format!("var_{suffix}"), "USDC", &losses, confidence, Tail::Quantile);
            self.tail(format!("es_{suffix}"), "USDC", &losses, confidence, Tail::Shortfall);
            self.tail(format!("lar_{suffix}"), "USDC", &notional, confidence, Tail::Quantile);
        }
    }

    /// A figure of the tail, with the interval of its difference from joint resamples of the paths.
    fn tail(&mut self, name: String, unit: &'static str, sides: &Sides, p: f64, tail: Tail) {
        let values = [&sides.own, &sides.base].map(|values| tail.of(values, p));
        let (low, high) = quantile_ranks(sides.own.len(), p, 0.95);
        let interval = match self.resamples {
            // What bounds neither quantile bounds no difference of them.
            _ if low.and(high).is_none() => Interval::UNBOUNDED,
            Some(resamples) => {
                let [own, base] =
                    [&sides.own, &sides.base].map(|values| tail.resampled(resamples, values, p));
                let mut apart = resamples.nothing();
                apart.limit_to_tail(sides.own.len(), p.min(1.0 - p));
                apart.add(1.0, &own);
                apart.add(-1.0, &base);
                apart.interval(values[0] - values[1], 0.95)
            }
            None => tail.sectioned(sides, self.draws.size(), p),
        };
        self.push(name, unit, values.map(Some), interval, None);
    }
}

/// Pairs of yes-or-no values.
fn counts(sides: &Sides) -> PairedCounts {
    let mut counts = PairedCounts::default();
    for (own, base) in sides.own.iter().zip(&sides.base) {
        match (*own > 0.0, *base > 0.0) {
            (true, true) => counts.both += 1,
            (true, false) => counts.first += 1,
            (false, true) => counts.second += 1,
            (false, false) => counts.neither += 1,
        }
    }
    counts
}
