//! Prices of a generated case: Monte Carlo paths and replayed bars, both with big moves.

use std::sync::Arc;

use drypowder::prices::models::{GbmAsset, MertonJumps, ModelKind, ModelOptions, ModelSpec};
use drypowder::prices::{Intrabar, ReplayAsset, ReplaySpec};
use drypowder::units::time::{DAY_MS, HOUR_MS, SECOND_MS, YEAR_MS};

use super::{Draw, Scale};

const NEW_YEAR_MS: i64 = 1_767_225_600_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const NAMES: [&str; 8] = ["BTC", "ETH", "SOL", "ADA", "BNB", "DOT", "LTC", "XRP"];
const STARTS: [f64; 8] = [88_500.0, 2_840.0, 182.0, 0.6, 850.0, 3.0, 90.0, 2.2];

#[derive(Clone, Debug)]
pub enum CasePrices {
    Model(Box<ModelSpec>),
    Replay(Arc<ReplaySpec>),
}

impl CasePrices {
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Model(spec) => spec.assets.iter().map(|asset| asset.name.clone()).collect(),
            Self::Replay(spec) => spec.assets.iter().map(|asset| asset.name.clone()).collect(),
        }
    }

    pub fn start_price(&self, asset: usize) -> f64 {
        match self {
            Self::Model(spec) => spec.assets[asset].start_price,
            Self::Replay(spec) => spec.assets[asset].mark[0][0],
        }
    }
}

pub fn generate(draw: &mut Draw, assets: usize) -> (CasePrices, Scale) {
    let sigma = draw.pick(&[0.002, 0.01, 0.03, 0.06]);
    if draw.chance(0.5) { model(draw, assets, sigma) } else { replay(draw, assets, sigma) }
}

/// Half the runs have a midnight inside; some start off every grid.
fn start_ms(draw: &mut Draw, length_ms: i64) -> i64 {
    let midnight_ms = NEW_YEAR_MS + draw.whole(0, 400) * DAY_MS;
    match draw.whole(0, 3) {
        0 => midnight_ms,
        1 => midnight_ms + draw.whole(0, DAY_MS - 1),
        _ => midnight_ms - (length_ms as f64 * draw.between(0.1, 0.9)) as i64 / 1_000 * 1_000,
    }
}

fn model(draw: &mut Draw, assets: usize, sigma: f64) -> (CasePrices, Scale) {
    let step_ms = draw.pick(&[5 * SECOND_MS, MINUTE_MS, 7 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS]);
    let steps = draw.count(50, 300);
    let length_ms = step_ms * steps as i64;
    let start_ms = start_ms(draw, length_ms);
    let steps_a_year = YEAR_MS as f64 / step_ms as f64;
    let gbm = |asset: usize| GbmAsset {
        name: NAMES[asset].into(),
        start_price: STARTS[asset],
        volatility: sigma * steps_a_year.sqrt(),
        drift: 0.0,
    };
    let rho = draw.between(-0.3, 0.95);
    // More than three cannot all be that far opposed.
    let rho = if assets > 3 { rho.max(0.0) } else { rho };
    let correlation = (0..assets * assets)
        .map(|place| if place / assets == place % assets { 1.0 } else { rho })
        .collect();
    let kind = if draw.chance(0.5) {
        ModelKind::Gbm
    } else {
        let jumps = (0..assets).map(|_| MertonJumps {
            intensity: steps_a_year * draw.between(0.0, 0.08),
            mean: draw.between(-0.25, 0.15),
            deviation: draw.between(0.0, 0.25),
            compensated: draw.chance(0.5),
        });
        ModelKind::Merton(jumps.collect())
    };
    let assets = (0..assets).map(gbm).collect();
    let options = ModelOptions::default();
    let spec = ModelSpec { start_ms, step_ms, steps, assets, correlation, kind, options };
    (CasePrices::Model(Box::new(spec)), Scale { tick_ms: step_ms, start_ms, length_ms, sigma })
}

fn replay(draw: &mut Draw, assets: usize, sigma: f64) -> (CasePrices, Scale) {
    let interval_ms = draw.pick(&[MINUTE_MS, 5 * MINUTE_MS, HOUR_MS, 8 * HOUR_MS]);
    let close_only = draw.chance(0.25);
    let intrabar = draw.pick(&[Intrabar::Jump, Intrabar::Walk, Intrabar::Bridge]);
    let bars = if close_only { draw.count(50, 250) } else { draw.count(12, 70) };
    let length_ms = interval_ms * bars as i64;
    let start_ms = start_ms(draw, length_ms);
    let walk_step_ms = (interval_ms as f64 * draw.pick(&[0.1, 0.13, 0.25])) as i64;
    let own_last = draw.chance(0.4);
    let assets = (0..assets).map(|asset| {
        let mark = bars_of(draw, STARTS[asset], bars, 2.0 * sigma, close_only);
        let last = own_last.then(|| near(draw, &mark, close_only));
        let adverse_first = draw.pick(&[-1, 1]);
        ReplayAsset {
            name: NAMES[asset].into(),
            mark: mark.into(),
            last: last.map(Into::into),
            adverse_first,
        }
    });
    let assets = assets.collect();
    let worst_joint = draw.chance(0.3);
    let spec = ReplaySpec {
        start_ms,
        interval_ms,
        close_only,
        intrabar,
        walk_step_ms,
        worst_joint,
        assets,
        shocks: vec![],
    };
    let tick_ms = match intrabar {
        _ if close_only => interval_ms,
        Intrabar::Jump => interval_ms / 4,
        Intrabar::Walk | Intrabar::Bridge => walk_step_ms,
    };
    (CasePrices::Replay(spec.into()), Scale { tick_ms, start_ms, length_ms, sigma })
}

/// Bars with wicks, gaps between them, and now and then a crash.
fn bars_of(draw: &mut Draw, start: f64, bars: usize, sigma: f64, closes: bool) -> [Vec<f64>; 4] {
    let mut series: [Vec<f64>; 4] = Default::default();
    let mut price = start;
    for _ in 0..bars {
        let jump = if draw.chance(0.04) { draw.between(-0.5, 0.3) } else { 0.0 };
        let open = price * libm::exp(0.2 * sigma * draw.normal());
        let close = open * libm::exp(sigma * draw.normal() + jump);
        let mut wick =
            || libm::exp(if draw.chance(0.1) { 0.0 } else { sigma * draw.normal().abs() });
        let bar = [open, open.max(close) * wick(), open.min(close) / wick(), close];
        for (values, value) in series.iter_mut().zip(bar) {
            values.push(if closes { close } else { value });
        }
        price = close;
    }
    series
}

/// The same bars, each off by a little.
fn near(draw: &mut Draw, mark: &[Vec<f64>; 4], closes: bool) -> [Vec<f64>; 4] {
    let mut series = mark.clone();
    let width = draw.pick(&[0.001, 0.02, 0.1]);
    for bar in 0..mark[0].len() {
        let mut off = |price: f64| price * (1.0 + width * draw.between(-1.0, 1.0));
        let [open, high, low, close] = [0, 1, 2, 3].map(|place| off(mark[place][bar]));
        let all = [open, high, low, close];
        let top = all.into_iter().fold(0.0, f64::max);
        let bottom = all.into_iter().fold(f64::INFINITY, f64::min);
        let bar_prices = if closes { [close; 4] } else { [open, top, bottom, close] };
        for (values, value) in series.iter_mut().zip(bar_prices) {
            values[bar] = value;
        }
    }
    series
}
