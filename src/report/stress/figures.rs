//! The figures of a stress, and `stress.csv`.

use std::io::{self, Write};

use crate::engine::Metric;
use crate::report::number::exact_or_empty;
use crate::stats::{Interval, Replication, expected_shortfall, mean_and_stderr};
use crate::study::StressResult;

/// Confidence of the expected shortfall.
const CONFIDENCE: f64 = 0.95;

/// The probabilities: name, and the metric that counts what they are of.
const PROBABILITIES: [(&str, &str, Metric); 2] = [
    ("liquidation_probability", "liquidation_probability_added", Metric::Liquidations),
    ("distress_probability", "distress_probability_added", Metric::DistressExits),
];

/// What each metric of `stress.csv` is.
pub(super) const DICTIONARY: [(&str, &str, &str); 10] = [
    ("loss_added", "USDC", "mean of none's final equity less the run's, path by path"),
    (
        "rank",
        "1",
        "place of a single shock by loss_added of the whole account; equal ones share it",
    ),
    ("loss", "USDC", "mean of capital at the start less final equity"),
    ("es_95", "USDC", "expected shortfall of that loss at 95 %"),
    ("bad_debt", "USDC", "mean of losses that nobody bore"),
    ("bad_debt_added", "USDC", "mean of the run's bad debt less none's, path by path"),
    ("liquidation_probability", "probability", "share of paths with a force-close"),
    ("liquidation_probability_added", "probability", "that share less none's, path by path"),
    ("distress_probability", "probability", "share of paths with a force-close or a kill"),
    ("distress_probability_added", "probability", "that share less none's, path by path"),
];

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figure {
    /// Name of the run.
    pub shock: String,
    /// Agent, or `all`.
    pub agent: String,
    /// What it is.
    pub metric: &'static str,
    /// Its value; `None` where there is none.
    pub value: Option<f64>,
    /// 95 % interval.
    pub interval: Interval,
    /// Unit.
    pub unit: &'static str,
}

/// All figures: by run, agent and metric.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figures(pub Vec<Figure>);

impl Figures {
    /// Those of a stress.
    pub fn of(found: &StressResult) -> Self {
        let ranks = found.ranks();
        let mut figures = Vec::new();
        for (run, rank) in ranks.iter().enumerate() {
            for agent in 0..found.study.variants[run].agents.len() {
                let mut row = Row { found, run, agent, out: &mut figures };
                row.losses();
                row.money("bad_debt", "bad_debt_added", Metric::BadDebt);
                row.probabilities();
                if agent == found.whole() {
                    row.push("rank", rank.map(|rank| rank as f64), Interval::UNBOUNDED, "1");
                }
            }
        }
        Self(figures)
    }

    /// One figure.
    pub fn get(&self, shock: &str, agent: &str, metric: &str) -> Option<&Figure> {
        let wanted =
            |one: &&Figure| one.metric == metric && one.shock == shock && one.agent == agent;
        self.0.iter().find(wanted)
    }

    /// Writes `stress.csv`.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["shock", "agent", "metric", "value", "ci_low", "ci_high", "unit"])?;
        for one in &self.0 {
            table.write_record([
                one.shock.as_str(),
                &one.agent,
                one.metric,
                &exact_or_empty(one.value),
                &exact_or_empty(one.interval.low),
                &exact_or_empty(one.interval.high),
                one.unit,
            ])?;
        }
        table.flush()
    }
}

/// One agent of one run.
struct Row<'a> {
    found: &'a StressResult,
    run: usize,
    agent: usize,
    out: &'a mut Vec<Figure>,
}

impl Row<'_> {
    fn push(
        &mut self,
        metric: &'static str,
        value: Option<f64>,
        interval: Interval,
        unit: &'static str,
    ) {
        self.out.push(Figure {
            shock: self.found.runs[self.run].name.clone(),
            agent: self.found.agent(self.run, self.agent).name.clone(),
            metric,
            value,
            interval,
            unit,
        });
    }

    fn values(&self, run: usize, metric: Metric) -> Vec<f64> {
        self.found.agent(run, self.agent).column(metric).iter().collect()
    }

    /// The mean of values and its interval.
    fn mean(&mut self, metric: &'static str, values: &[f64]) {
        let interval = self.draws().mean_interval(values);
        self.push(metric, Some(mean_and_stderr(values).0), interval, "USDC");
    }

    /// The mean of differences, path by path, and its interval.
    fn paired(&mut self, metric: &'static str, a: &[f64], b: &[f64], unit: &'static str) {
        let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        let interval = self.draws().mean_interval(&differences);
        self.push(metric, Some(mean_and_stderr(&differences).0), interval, unit);
    }

    fn losses(&mut self) {
        let none = self.values(0, Metric::FinalEquity);
        let own = self.values(self.run, Metric::FinalEquity);
        self.paired("loss_added", &none, &own, "USDC");
        let start = self.found.agent(self.run, self.agent).start_capital_usdc;
        let mut losses: Vec<f64> = own.iter().map(|equity| start - equity).collect();
        self.mean("loss", &losses);
        let interval = self.draws().es_interval(&losses, CONFIDENCE);
        losses.sort_by(f64::total_cmp);
        let shortfall = expected_shortfall(&losses, CONFIDENCE);
        self.push("es_95", Some(shortfall), interval, "USDC");
    }

    fn draws(&self) -> Replication {
        self.found.study.replication
    }

    fn money(&mut self, name: &'static str, added: &'static str, metric: Metric) {
        let (none, own) = (self.values(0, metric), self.values(self.run, metric));
        self.mean(name, &own);
        self.paired(added, &own, &none, "USDC");
    }

    fn probabilities(&mut self) {
        for (name, added, metric) in PROBABILITIES {
            let (none, own) = (self.values(0, metric), self.values(self.run, metric));
            let hits: Vec<bool> = own.iter().map(|value| *value > 0.0).collect();
            let share = |values: Vec<f64>| -> Vec<f64> {
                values.into_iter().map(|value| f64::from(u8::from(value > 0.0))).collect()
            };
            let (none, own) = (share(none), share(own));
            let interval = match hits.len() {
                // One path is what happened, no draw from anything.
                1 => Interval::UNBOUNDED,
                _ => self.draws().proportion_interval(&hits),
            };
            self.push(name, Some(mean_and_stderr(&own).0), interval, "probability");
            self.paired(added, &own, &none, "probability");
        }
    }
}
