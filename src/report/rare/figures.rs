//! `rare.csv`.

use std::io::{self, Write};

use super::Rare;
use crate::report::number::exact_or_empty;
use crate::stats::Interval;
use crate::study::{ReverseResult, SplittingResult};
use crate::units::time::DAY_MS;

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Figure {
    /// `splitting` or `reverse`.
    pub question: &'static str,
    /// What it is.
    pub metric: String,
    /// Its value; `None` where there is none.
    pub value: Option<f64>,
    /// 95 % interval.
    pub interval: Interval,
    /// Unit.
    pub unit: &'static str,
}

/// All figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::report) struct Figures(pub Vec<Figure>);

impl Figures {
    /// Those of some answers.
    pub fn of(rare: &Rare) -> Self {
        let mut figures = Self::default();
        if let Some(found) = &rare.splitting {
            figures.splitting(found);
        }
        if let Some(found) = &rare.reverse {
            figures.reverse(found);
        }
        figures
    }

    fn push(&mut self, question: &'static str, metric: &str, value: f64, unit: &'static str) {
        self.0.push(Figure {
            question,
            metric: metric.to_owned(),
            value: Some(value),
            interval: Interval::UNBOUNDED,
            unit,
        });
    }

    fn splitting(&mut self, found: &SplittingResult) {
        let name = "splitting";
        self.push(name, "probability", found.estimate.probability, "probability");
        if let Some(first) = self.0.last_mut() {
            first.interval = found.estimate.interval;
        }
        let error = found.estimate.stderr;
        self.push(name, "standard_error", error, "probability");
        self.push(name, "runs", found.runs as f64, "1");
        self.push(name, "pilot_runs", found.pilot_runs as f64, "1");
        self.push(name, "plain_paths", found.estimate.plain_paths, "1");
        for (place, stage) in found.stages.iter().enumerate() {
            if let Some(level) = stage.level {
                self.push(name, &format!("level_{}", place + 1), level, "1");
            }
            let part = stage.reached as f64 / stage.of as f64;
            let figure = Figure {
                question: name,
                metric: format!("reached_{}", place + 1),
                value: Some(part).filter(|part| part.is_finite()),
                interval: Interval::UNBOUNDED,
                unit: "probability",
            };
            self.0.push(figure);
        }
    }

    fn reverse(&mut self, found: &ReverseResult) {
        let name = "reverse";
        self.push(name, "energy", found.energy, "1");
        self.push(name, "straight_energy", found.straight_energy, "1");
        self.push(name, "deviations", found.deviations(), "1");
        let days = (found.break_ms - found.trace.span_ms.0) as f64 / DAY_MS as f64;
        self.push(name, "days_to_event", days, "days");
        self.push(name, "runs", found.runs as f64, "1");
    }

    /// Writes the table.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        let mut table = csv::Writer::from_writer(out);
        table.write_record(["question", "metric", "value", "ci_low", "ci_high", "unit"])?;
        for one in &self.0 {
            table.write_record([
                one.question,
                &one.metric,
                &exact_or_empty(one.value),
                &exact_or_empty(one.interval.low),
                &exact_or_empty(one.interval.high),
                one.unit,
            ])?;
        }
        table.flush()
    }
}
