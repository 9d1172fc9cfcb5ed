//! Correlations that drift from those of the base to those of a crisis: by schedule, or when a
//! market has fallen.

use super::timetable::Run;
use super::{ModelError, ModelOptions, ModelSpec};

/// Even stairs in which the drift is taken.
pub(super) const STAIRS: usize = 256;

/// From the base matrix to a crisis matrix. In between stands (1 − w)·base + w·crisis, which is
/// positive semi-definite as both are.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrelationDrift {
    /// Correlations of the crisis, row-major, positive semi-definite.
    pub crisis: Vec<f64>,
    /// When the drift begins, ms after the start; with a drawdown, from when on it is watched.
    pub after_ms: i64,
    /// How long it takes, ms; 0: at once.
    pub over_ms: i64,
    /// How long the crisis lasts before correlations go back, in the same time; `None`: for good,
    /// unless the fall that began it recovers.
    pub stay_ms: Option<i64>,
    /// The fall that begins the drift; `None`: it begins by schedule.
    pub drawdown: Option<Drawdown>,
}

/// A fall of one market below its highest price since it is watched, or since the last crisis
/// that ended by its time. It is seen at a tick, and moves the steps after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawdown {
    /// The market, by its place among the assets.
    pub asset: usize,
    /// 1 − price / highest at or above which the crisis begins, in (0, 1).
    pub depth: f64,
    /// At or below which it ends; `None`: it does not end by recovery.
    pub recovery: Option<f64>,
}

impl CorrelationDrift {
    /// The market whose drawdown is watched.
    pub fn watched(&self) -> Option<usize> {
        self.drawdown.map(|drawdown| drawdown.asset)
    }

    /// w at an instant, ms after the start, of a drift by schedule.
    pub fn weight(&self, time_ms: i64) -> f64 {
        let rise = self.ramp(time_ms.saturating_sub(self.after_ms));
        let Some(stay) = self.stay_ms else { return rise };
        let back = self.after_ms.saturating_add(self.over_ms).saturating_add(stay);
        rise - self.ramp(time_ms.saturating_sub(back))
    }

    fn ramp(&self, passed_ms: i64) -> f64 {
        if passed_ms < 0 {
            0.0
        } else if passed_ms >= self.over_ms {
            1.0
        } else {
            passed_ms as f64 / self.over_ms as f64
        }
    }

    /// The stairs of the steps to the ticks `first..first + count`, each by its start.
    pub(super) fn runs(&self, step_ms: i64, first: usize, count: usize, runs: &mut Vec<Run>) {
        for from in 0..count {
            push(runs, from, stair(self.weight((first + from - 1) as i64 * step_ms)));
        }
    }

    /// Refuses a drawdown that means nothing.
    pub(super) fn check(&self, assets: usize) -> Result<(), ModelError> {
        let Some(Drawdown { asset, depth, recovery }) = self.drawdown else { return Ok(()) };
        let recovered = recovery.is_none_or(|recovery| recovery >= 0.0 && recovery < depth);
        if asset < assets && depth > 0.0 && depth < 1.0 && recovered {
            return Ok(());
        }
        let problem = format!("a drawdown of {depth} of asset {asset}, recovery {recovery:?}");
        Err(ModelError::Parameter { name: "correlation drift".to_owned(), problem })
    }
}

impl ModelSpec {
    /// The same model without its drift of correlations, on the same draws: before a crisis, and in
    /// the market whose drawdown is watched, it has the same prices. `None` where it has no drift.
    pub fn without_drift(&self) -> Option<Self> {
        let drift = self.options.correlation_drift.as_ref()?;
        // A watched market leads the factor matrix, here too.
        let calm = CorrelationDrift { crisis: self.correlation.clone(), ..drift.clone() };
        let options = ModelOptions { correlation_drift: Some(calm), ..self.options.clone() };
        Some(Self { options, ..self.clone() })
    }
}

/// The stair of a weight.
pub(super) fn stair(weight: f64) -> usize {
    libm::round(weight * STAIRS as f64) as usize
}

/// Adds one step to a list of runs.
pub(super) fn push(runs: &mut Vec<Run>, from: usize, setting: usize) {
    match runs.last_mut() {
        Some(run) if run.setting == setting => run.count += 1,
        _ => runs.push(Run { from, count: 1, setting }),
    }
}

/// The matrix on a stair.
pub(super) fn between(base: &[f64], crisis: &[f64], stair: usize) -> Vec<f64> {
    let weight = stair as f64 / STAIRS as f64;
    let one = |(base, crisis): (&f64, &f64)| (1.0 - weight) * base + weight * crisis;
    base.iter().zip(crisis).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Begins at 100, takes 50, stays 30, goes back in 50: at 125 half, at 180 to go back, at 205
    /// half again, at 230 over.
    #[test]
    fn the_weight_rises_stays_and_falls() {
        let drift = CorrelationDrift {
            crisis: vec![1.0],
            after_ms: 100,
            over_ms: 50,
            stay_ms: Some(30),
            drawdown: None,
        };
        let times = [0, 100, 110, 125, 150, 180, 205, 220, 230, i64::MAX];
        let expected = [0.0, 0.0, 0.2, 0.5, 1.0, 1.0, 0.5, 0.2, 0.0, 0.0];
        for (time, weight) in times.into_iter().zip(expected) {
            assert!((drift.weight(time) - weight).abs() < 1e-15, "{time}");
        }
        let for_good = CorrelationDrift { stay_ms: None, ..drift.clone() };
        assert_eq!([for_good.weight(99), for_good.weight(1_000_000)], [0.0, 1.0]);
        let at_once = CorrelationDrift { over_ms: 0, stay_ms: Some(0), ..drift };
        assert_eq!([99, 100, 101].map(|time| at_once.weight(time)), [0.0; 3]);
    }
}
