//! Back-tests: the VaR that a broker would have used at each period's start, beside what was lost.
//!
//! The book keeps its units. At the end of a period the forecast for the next one is made from
//! what was known then: the returns of the window before, at the exposures of that instant (the
//! naive one from the margins reserved so far).

use super::covariance;
use super::past::{closes, log_returns};
use crate::prices::{Prices, ReplaySpec};
use crate::scenario::{BacktestSpec, Book, BookLine, Scenario, books};
use crate::stats::backtest::{
    BacktestError, LikelihoodRatio, TrafficLight, conditional_coverage, exceedances, independence,
    kupiec, traffic_light, transitions,
};
use crate::stats::quantile_type7;
use crate::stats::risk::{Level, LinearPortfolio, RiskError, naive_var};
use crate::study::execution::StudyError;

/// The Basel Committee's year of trading days.
const YEAR: usize = 250;

/// Who makes the forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forecaster {
    /// The window's returns at present exposures.
    Historical,
    /// Normal, with the window's covariance.
    Parametric,
    /// Rises of the reserved margin.
    Naive,
}

impl Forecaster {
    const ALL: [Self; 3] = [Self::Historical, Self::Parametric, Self::Naive];

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Historical => "historical",
            Self::Parametric => "parametric",
            Self::Naive => "naive",
        }
    }
}

/// One period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BacktestDay {
    /// Its end, UTC ms.
    pub time_ms: i64,
    /// What the book lost in it, USDC; below 0 a gain.
    pub loss_usdc: f64,
    /// The VaR forecast for it, USDC.
    pub var_usdc: f64,
    /// Gross exposure at its start, USDC.
    pub gross_usdc: f64,
    /// Whether the loss was above the forecast.
    pub exceeded: bool,
}

/// Whether the exceedances are as many and as unconnected as they should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tests {
    /// Periods with a loss above the forecast.
    pub exceedances: u64,
    /// How many there should be.
    pub expected: f64,
    /// Kupiec's proportion of failures.
    pub kupiec: LikelihoodRatio,
    /// Christoffersen's independence.
    pub independence: LikelihoodRatio,
    /// Both together.
    pub coverage: LikelihoodRatio,
    /// Exceedances in the last 250 periods, or in all where there are fewer.
    pub last_year: u64,
    /// The Basel Committee's light over those.
    pub light: TrafficLight,
}

/// The back-test of one forecaster for one book.
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    /// Agent, or `all`.
    pub agent: String,
    /// Who forecasts.
    pub forecaster: Forecaster,
    /// Confidence of the forecast.
    pub confidence: f64,
    /// Every period that has a forecast, in order.
    pub days: Vec<BacktestDay>,
    /// The verdicts.
    pub tests: Tests,
}

/// All books by all forecasters; none without a history.
pub fn backtests(scenario: &Scenario, spec: &BacktestSpec) -> Result<Vec<Backtest>, StudyError> {
    let Prices::History(replay) = &scenario.prices else { return Ok(Vec::new()) };
    let bars = (spec.period_ms / replay.interval_ms).max(1) as usize;
    let assets = 0..replay.assets.len();
    let closes: Vec<Vec<f64>> = assets.map(|asset| closes(replay, asset, bars)).collect();
    let returns: Vec<Vec<f64>> = closes.iter().map(|closes| log_returns(closes)).collect();
    let mut all = Vec::new();
    for book in books(scenario) {
        let walk = Walk { replay, spec, book: &book, closes: &closes, returns: &returns };
        for forecaster in Forecaster::ALL {
            let days = walk.days(forecaster).map_err(StudyError::Risk)?;
            let tests = tests(&days, spec.confidence).map_err(StudyError::Backtest)?;
            let (agent, confidence) = (book.agent.clone(), spec.confidence);
            all.push(Backtest { agent, forecaster, confidence, days, tests });
        }
    }
    Ok(all)
}

struct Walk<'a> {
    replay: &'a ReplaySpec,
    spec: &'a BacktestSpec,
    book: &'a Book,
    /// `closes[asset][period]`.
    closes: &'a [Vec<f64>],
    /// `returns[asset][period − 1]`.
    returns: &'a [Vec<f64>],
}

impl Walk<'_> {
    fn days(&self, forecaster: Forecaster) -> Result<Vec<BacktestDay>, RiskError> {
        let periods = self.closes.first().map_or(0, Vec::len);
        let sum_of =
            |what: &dyn Fn(&BookLine) -> f64| -> f64 { self.book.lines.iter().map(what).sum() };
        let reserved: Vec<f64> = (0..periods)
            .map(|at| {
                sum_of(&|line| line.initial_margin * line.units.abs() * self.closes[line.asset][at])
            })
            .collect();
        let mut days = Vec::with_capacity(periods.saturating_sub(self.spec.window + 1));
        for known in self.spec.window..periods.saturating_sub(1) {
            let var_usdc = match forecaster {
                Forecaster::Historical => self.historical(known),
                Forecaster::Parametric => self.parametric(known)?,
                Forecaster::Naive => {
                    naive_var(&reserved[..=known], reserved[known], self.spec.confidence)?
                }
            };
            let loss_usdc = sum_of(&|line| {
                let closes = &self.closes[line.asset];
                line.units * (closes[known] - closes[known + 1])
            });
            days.push(BacktestDay {
                time_ms: self.replay.start_ms + (known as i64 + 2) * self.spec.period_ms,
                loss_usdc,
                var_usdc,
                gross_usdc: sum_of(&|line| line.units.abs() * self.closes[line.asset][known]),
                exceeded: loss_usdc > var_usdc,
            });
        }
        Ok(days)
    }

    /// Returns that lead to the closes of the window that ends with period `known`.
    fn window(&self, asset: usize, known: usize) -> &[f64] {
        &self.returns[asset][known - self.spec.window..known]
    }

    fn exposure(&self, line: &BookLine, known: usize) -> f64 {
        line.units * self.closes[line.asset][known]
    }

    fn historical(&self, known: usize) -> f64 {
        let mut losses = vec![0.0; self.spec.window];
        for line in &self.book.lines {
            let exposure = self.exposure(line, known);
            for (loss, r) in losses.iter_mut().zip(self.window(line.asset, known)) {
                *loss -= exposure * libm::expm1(*r);
            }
        }
        losses.sort_by(f64::total_cmp);
        quantile_type7(&losses, self.spec.confidence)
    }

    fn parametric(&self, known: usize) -> Result<f64, RiskError> {
        let lines = &self.book.lines;
        let assets = 0..self.closes.len();
        let windows: Vec<&[f64]> = assets.map(|asset| self.window(asset, known)).collect();
        let moments = covariance::of_past(&windows, lines)?;
        let exposures = lines.iter().map(|line| self.exposure(line, known)).collect();
        let level = Level::new(self.spec.confidence, 1)?;
        Ok(LinearPortfolio::new(exposures, moments)?.normal(level).var)
    }
}

fn tests(days: &[BacktestDay], confidence: f64) -> Result<Tests, BacktestError> {
    let losses: Vec<f64> = days.iter().map(|day| day.loss_usdc).collect();
    let forecasts: Vec<f64> = days.iter().map(|day| day.var_usdc).collect();
    let hits = exceedances(&losses, &forecasts)?;
    let count = |hits: &[bool]| hits.iter().filter(|hit| **hit).count() as u64;
    let last = &hits[hits.len().saturating_sub(YEAR)..];
    Ok(Tests {
        exceedances: count(&hits),
        expected: (1.0 - confidence) * hits.len() as f64,
        kupiec: kupiec(count(&hits), hits.len() as u64, confidence)?,
        independence: independence(transitions(&hits))?,
        coverage: conditional_coverage(&hits, confidence)?,
        last_year: count(last),
        light: traffic_light(count(last), last.len() as u64, confidence)?,
    })
}
