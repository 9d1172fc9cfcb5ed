//! The model's side of the pictures: paths of the fragment itself, as a scenario would draw them.

use crate::prices::PricePath;
use crate::prices::calibrate::{Returns, autocorrelations, excess_kurtosis, max_drawdown};
use crate::prices::models::{ModelPath, ModelSpec};
use crate::report::charts::Caption;
use crate::report::charts::calibration::{CalibrationChart, QuantilePoint};
use crate::stats::{Z_95, quantile_type7};

/// Steps simulated in all.
const STEPS: usize = 1_500_000;
/// Lags of the autocorrelation.
const LAGS: usize = 40;
/// Ranks shown at each end; between them every so many.
const ENDS: usize = 60;
const BETWEEN: usize = 80;

/// A figure of the history beside those of simulated paths of the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Asset.
    pub asset: String,
    /// Such as `volatility`.
    pub figure: &'static str,
    /// Of the history.
    pub history: f64,
    /// 5 %, 50 % and 95 % quantile over the paths.
    pub model: [f64; 3],
}

impl Compared {
    /// What a reader must know where history lies outside of nearly all paths.
    pub fn warning(&self) -> Option<String> {
        let Self { asset, figure, history, model } = self;
        let [low, _, high] = *model;
        let side = match history {
            history if *history > high => "more than 95 % of simulated paths",
            history if *history < low => "less than 95 % of simulated paths",
            _ => return None,
        };
        Some(format!(
            "The {figure} of {asset} in the history is {side} have: {history:.3}, they {low:.3} to {high:.3}."
        ))
    }
}

/// Data of the pictures of every asset, captions aside, and figures of both sides.
pub(super) fn charts(
    returns: &Returns,
    spec: &ModelSpec,
    seed: u64,
) -> Result<(Vec<CalibrationChart>, Vec<Compared>), crate::prices::models::ModelError> {
    let n = returns.count();
    let paths = (STEPS / n.max(1)).clamp(20, 400);
    let spec = ModelSpec { steps: n, ..spec.clone() };
    let mut path = ModelPath::new(&spec)?;
    let mut sides: Vec<Side> = returns.rows.iter().map(|_| Side::default()).collect();
    let ranks = ranks(n);
    for number in 0..paths {
        path.begin(seed, number as u64);
        let rows = log_returns(&mut path);
        sides.iter_mut().zip(rows).for_each(|(side, rows)| side.add(rows, &ranks, returns.dt()));
    }
    let dt = returns.dt();
    let mut compared = Vec::new();
    for ((name, rows), side) in returns.names.iter().zip(&returns.rows).zip(&sides) {
        for (place, (figure, of)) in FIGURES.iter().enumerate() {
            let mut values: Vec<f64> = side.figures.iter().map(|path| path[place]).collect();
            values.sort_by(f64::total_cmp);
            let model = [0.05, 0.5, 0.95].map(|share| quantile_type7(&values, share));
            let history = of(rows, dt);
            compared.push(Compared { asset: name.clone(), figure, history, model });
        }
    }
    let made = returns.rows.iter().zip(sides);
    Ok((made.map(|(rows, side)| side.chart(rows, &ranks)).collect(), compared))
}

/// Ranks from 0 that are shown: all at the ends, some between.
fn ranks(n: usize) -> Vec<usize> {
    let stride = (n / BETWEEN).max(1);
    (0..n).filter(|rank| *rank < ENDS || rank + ENDS >= n || rank % stride == 0).collect()
}

/// Log returns of each asset over the path.
fn log_returns(path: &mut ModelPath) -> Vec<Vec<f64>> {
    let n = path.assets();
    let (mut marks, mut lasts) = (vec![0.0; n], vec![0.0; n]);
    path.load(0, &mut marks, &mut lasts);
    let mut logs: Vec<f64> = marks.iter().map(|mark| libm::log(*mark)).collect();
    let mut rows = vec![Vec::with_capacity(path.ticks()); n];
    for tick in 1..path.ticks() {
        path.load(tick, &mut marks, &mut lasts);
        for ((row, log), mark) in rows.iter_mut().zip(&mut logs).zip(&marks) {
            let now = libm::log(*mark);
            row.push(now - *log);
            *log = now;
        }
    }
    rows
}

/// Figures of a series of returns, given the years of a step.
type Figure = (&'static str, fn(&[f64], f64) -> f64);

/// What history and model are compared by.
const FIGURES: [Figure; 5] = [
    ("volatility", |rows, dt| (squares(rows).iter().sum::<f64>() / rows.len() as f64 / dt).sqrt()),
    ("excess kurtosis", |rows, _| excess_kurtosis(rows)),
    ("autocorrelation of squares, lags 1 to 20", |rows, _| {
        let memory = autocorrelations(&squares(rows), 20);
        memory.iter().sum::<f64>() / memory.len().max(1) as f64
    }),
    ("worst step", |rows, _| -libm::expm1(rows.iter().copied().fold(0.0, f64::min))),
    ("greatest drawdown", |rows, _| max_drawdown(rows)),
];

/// What paths of one asset showed.
#[derive(Default)]
struct Side {
    /// Per path, in the order of [`FIGURES`].
    figures: Vec<[f64; FIGURES.len()]>,
    returns: Vec<f64>,
    memory: Vec<Vec<f64>>,
    drawdowns: Vec<f64>,
    /// Per shown rank, one return a path.
    ranked: Vec<Vec<f64>>,
}

impl Side {
    fn add(&mut self, mut rows: Vec<f64>, ranks: &[usize], dt: f64) {
        self.figures.push(FIGURES.map(|(_, of)| of(&rows, dt)));
        self.drawdowns.push(100.0 * max_drawdown(&rows));
        self.memory.push(autocorrelations(&squares(&rows), LAGS));
        rows.sort_by(f64::total_cmp);
        self.ranked.resize(ranks.len(), Vec::new());
        for (row, rank) in self.ranked.iter_mut().zip(ranks) {
            row.push(100.0 * rows[*rank]);
        }
        self.returns.extend(rows.iter().map(|r| 100.0 * r));
    }

    fn chart(self, history: &[f64], ranks: &[usize]) -> CalibrationChart {
        let memory = autocorrelations(&squares(history), LAGS);
        let of_lag = |lag: usize| {
            let mut values: Vec<f64> =
                self.memory.iter().filter_map(|path| path.get(lag).copied()).collect();
            values.sort_by(f64::total_cmp);
            let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
            [quantile_type7(&values, 0.05), mean, quantile_type7(&values, 0.95)]
        };
        let model_memory = match self.memory.iter().any(|path| path.len() < memory.len()) {
            true => Vec::new(),
            false => (0..memory.len()).map(of_lag).collect(),
        };
        let mut sorted = history.to_vec();
        sorted.sort_by(f64::total_cmp);
        let point = |(mut paths, rank): (Vec<f64>, &usize)| {
            paths.sort_by(f64::total_cmp);
            QuantilePoint {
                history: 100.0 * sorted[*rank],
                model: quantile_type7(&paths, 0.5),
                low: quantile_type7(&paths, 0.025),
                high: quantile_type7(&paths, 0.975),
            }
        };
        CalibrationChart {
            caption: Caption::default(),
            returns_label: String::new(),
            history: history.iter().map(|r| 100.0 * r).collect(),
            model: self.returns,
            chance: Z_95 / (history.len() as f64).sqrt(),
            memory,
            model_memory,
            quantiles: self.ranked.into_iter().zip(ranks).map(point).collect(),
            drawdown: 100.0 * max_drawdown(history),
            model_drawdowns: self.drawdowns,
        }
    }
}

/// Squares of the deviations from the mean.
fn squares(rows: &[f64]) -> Vec<f64> {
    let mean = rows.iter().sum::<f64>() / rows.len().max(1) as f64;
    rows.iter().map(|r| (r - mean) * (r - mean)).collect()
}
