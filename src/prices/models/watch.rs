//! A drift of correlations that begins when one market has fallen.

use super::correlation_drift::{CorrelationDrift, Drawdown, STAIRS, push};
use super::draw::{Branch, Draw};
use super::path::ModelPath;
use super::timetable::Run;
use super::{GarchSpec, GbmAsset, ModelError, ModelKind, ModelOptions, ModelSpec};
use crate::prices::{PricePath, Shock, ShockKind, ShockPart};

/// The crisis on the present path, tick by tick.
///
/// The market watched leads the factor matrix ([`super::factors::Factors`]), so that nothing else
/// moves it: a path of it alone, on the same streams, has the same prices. That one is drawn
/// ahead, a chunk at a time; the step after a tick knows no later tick.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    market: Box<ModelPath>,
    drift: CorrelationDrift,
    drawdown: Drawdown,
    step_ms: i64,
    /// ln of 1 − depth and of 1 − recovery.
    fallen: f64,
    recovered: f64,
    /// Highest log price since it is watched.
    highest: f64,
    /// When the crisis began that is under way, ms after the start.
    since_ms: Option<i64>,
    /// Way to the crisis, ms of `over_ms`; with 0 of them it is taken at once.
    way_ms: i64,
    /// Stair of the step to each tick so far.
    stairs: Vec<u16>,
}

impl Watch {
    /// That of a model, where its drift hangs on a drawdown.
    pub fn of(spec: &ModelSpec) -> Result<Option<Self>, ModelError> {
        let Some(drift) = &spec.options.correlation_drift else { return Ok(None) };
        let Some(drawdown) = drift.drawdown else { return Ok(None) };
        drift.check(spec.assets.len())?;
        let market = ModelPath::alone(spec, &alone(spec, drawdown.asset), drawdown.asset)?;
        Ok(Some(Self {
            market: Box::new(market),
            drift: drift.clone(),
            drawdown,
            step_ms: spec.step_ms,
            fallen: libm::log1p(-drawdown.depth),
            recovered: libm::log1p(-drawdown.recovery.unwrap_or_default()),
            highest: f64::NEG_INFINITY,
            since_ms: None,
            way_ms: 0,
            stairs: vec![0; spec.steps + 1],
        }))
    }

    /// Goes to the start of a path.
    pub fn begin(&mut self, draw: Draw) {
        self.market.begin(draw.seed, draw.own);
        (self.highest, self.since_ms, self.way_ms) = (f64::NEG_INFINITY, None, 0);
    }

    /// The branches of the path that has begun.
    pub fn leave_at(&mut self, branches: &[Branch]) {
        self.market.leave_at(branches);
    }

    /// The normals of the path that has begun, of so many steps: the market's are its own row.
    pub fn give(&mut self, normals: &[f64], steps: usize) {
        let from = self.drawdown.asset * steps;
        self.market.give(&normals[from..from + steps]);
    }

    /// The stairs of the steps to the ticks `first..first + count`.
    pub fn runs(&mut self, first: usize, count: usize, runs: &mut Vec<Run>) {
        for from in 0..count {
            let log = self.market.log_price(first + from - 1, 0);
            let stair = self.look((first + from - 1) as i64 * self.step_ms, log);
            self.stairs[first + from] = stair as u16;
            push(runs, from, stair);
        }
    }

    /// w of the step to a tick that has been drawn.
    pub fn weight(&self, tick: usize) -> f64 {
        f64::from(self.stairs[tick]) / STAIRS as f64
    }

    /// Sees a tick; the stair of the step after it.
    fn look(&mut self, now_ms: i64, log: f64) -> usize {
        if now_ms < self.drift.after_ms {
            return 0;
        }
        self.highest = self.highest.max(log);
        let over_ms = self.drift.over_ms;
        match self.since_ms {
            None if log - self.highest <= self.fallen => self.since_ms = Some(now_ms),
            Some(since) => self.end(now_ms - since, log),
            None => {}
        }
        if over_ms == 0 {
            return if self.since_ms.is_some() { STAIRS } else { 0 };
        }
        let stair = libm::round(self.way_ms as f64 / over_ms as f64 * STAIRS as f64) as usize;
        let way = if self.since_ms.is_some() { self.step_ms } else { -self.step_ms };
        self.way_ms = self.way_ms.saturating_add(way).clamp(0, over_ms);
        stair
    }

    /// Ends a crisis that has lasted so long, or of which the market has recovered.
    fn end(&mut self, lasted_ms: i64, log: f64) {
        let stay_ms = self.drift.stay_ms.map(|stay| stay.saturating_add(self.drift.over_ms));
        if stay_ms.is_some_and(|stay| lasted_ms >= stay) {
            // The next one needs a fall of its own.
            self.since_ms = None;
            self.highest = log;
        } else if self.drawdown.recovery.is_some() && log - self.highest >= self.recovered {
            self.since_ms = None;
        }
    }
}

/// A model of one of its assets alone, which on the same streams has the same prices where that
/// asset leads the factor matrix.
fn alone(spec: &ModelSpec, asset: usize) -> ModelSpec {
    let kind = match &spec.kind {
        ModelKind::Merton(jumps) => ModelKind::Merton(one(jumps, asset)),
        ModelKind::Garch(garch) => ModelKind::Garch(GarchSpec {
            assets: one(&garch.assets, asset),
            common_tails: garch.common_tails,
        }),
        ModelKind::Heston(heston) => ModelKind::Heston(one(heston, asset)),
        other => other.clone(),
    };
    let part = |part: &ShockPart| {
        let kind = match &part.kind {
            ShockKind::Crash(sizes) => ShockKind::Crash(one(sizes, asset)),
            ShockKind::Volatility(factors) => ShockKind::Volatility(one(factors, asset)),
            ShockKind::Correlation(_) => ShockKind::Correlation(vec![1.0]),
        };
        ShockPart { kind, ..part.clone() }
    };
    let shock =
        |shock: &Shock| Shock { parts: shock.parts.iter().map(part).collect(), ..shock.clone() };
    let options = ModelOptions {
        correlation_drift: None,
        shocks: spec.options.shocks.iter().map(shock).collect(),
        ..spec.options.clone()
    };
    let assets: Vec<GbmAsset> = one(&spec.assets, asset);
    ModelSpec { assets, correlation: vec![1.0], kind, options, ..spec.clone() }
}

fn one<T: Clone>(all: &[T], place: usize) -> Vec<T> {
    all.get(place).cloned().into_iter().collect()
}
