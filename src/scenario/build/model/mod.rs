//! Price models.

mod bootstrap;
mod diffusions;
mod drift;
mod on_top;
mod regimes;

pub(in crate::scenario) use bootstrap::aligned as bootstrap_bars;
use bootstrap::bootstrap;
use diffusions::{garch, gbm, heston, merton};
use regimes::regimes;

use crate::fields::{Bounds, Faults, Instant, Leaf, Places};
use crate::prices::Prices;
use crate::prices::models::{ModelError, ModelSpec};
use crate::scenario::format::{ModelClock, PricesSection, Run};
use crate::scenario::load::Files;

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

/// The prices of a model; none of a history, which is none.
pub(super) fn prices(
    run: &Run,
    section: &PricesSection,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<Prices> {
    match section {
        PricesSection::Gbm(form) => gbm(run, form, faults),
        PricesSection::Merton(form) => merton(run, form, faults),
        PricesSection::Garch(form) => garch(run, form, faults),
        PricesSection::Heston(form) => heston(run, form, faults),
        PricesSection::Regimes(form) => regimes(run, form, faults),
        PricesSection::Bootstrap(form) => bootstrap(run, form, files, faults),
        PricesSection::History(_) => None,
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
