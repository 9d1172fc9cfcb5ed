//! Price models.

mod bootstrap;
mod diffusions;
mod on_top;
mod regimes;

pub(super) use bootstrap::bootstrap;
pub(super) use diffusions::{garch, gbm, heston, merton};
pub(super) use regimes::regimes;

use crate::fields::{Bounds, Faults, Instant, Leaf, Places};
use crate::prices::Prices;
use crate::prices::models::{ModelError, ModelSpec};
use crate::scenario::format::{ModelClock, Run};

/// Start, step and number of steps of a model.
#[derive(Clone, Copy)]
struct Clock {
    start_ms: i64,
    step_ms: i64,
    steps: usize,
}

impl Clock {
    /// All instants lie in the range of dates.
    fn of(run: &Run, clock: &ModelClock, faults: &mut Faults) -> Option<Self> {
        let start_ms = run.start?.ms;
        let steps = clock.steps?;
        let end_ms = start_ms as f64 + clock.step.ms as f64 * steps as f64;
        let range: Bounds = Instant::RANGE;
        if !range.holds(end_ms) {
            let message = format!("{steps} steps of {} end after the year 2199", clock.step);
            faults.error(&clock.at.of("steps"), message, "give fewer or shorter steps");
            return None;
        }
        Some(Self { start_ms, step_ms: clock.step.ms, steps: usize::try_from(steps).ok()? })
    }
}

/// The prices of a model; what no field alone shows to be wrong is reported here.
pub(super) fn made(spec: ModelSpec, prices: &Places, faults: &mut Faults) -> Option<Prices> {
    match spec.check() {
        Ok(()) => Some(Prices::Model(spec)),
        Err(error) => {
            let of_asset = match &error {
                ModelError::Parameter { name, .. } => {
                    spec.assets.iter().find(|asset| asset.name == *name)
                }
                ModelError::NotPsd(_) => None,
            };
            let spot = match of_asset {
                Some(asset) => prices.of("assets").below(&asset.name),
                None => prices.section().clone(),
            };
            faults.error(&spot, error.to_string(), "");
            None
        }
    }
}
