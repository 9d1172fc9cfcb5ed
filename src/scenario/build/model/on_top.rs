//! What comes on top of a model: drifting correlations and antithetic paths. Shocks come later,
//! since they are the venue's too.

use crate::fields::{Faults, Places};
use crate::prices::models::{CorrelationDrift, ModelOptions};
use crate::scenario::build::correlation::correlation;
use crate::scenario::format::Normals;

/// The options of a model; `normals` is `None` where a model has none of these fields.
pub(super) fn options(
    names: &[&str],
    normals: Option<&Normals>,
    prices: &Places,
    faults: &mut Faults,
) -> Option<ModelOptions> {
    let before = faults.errors();
    let antithetic = normals.is_some_and(|normals| normals.antithetic);
    let drift = normals.and_then(|normals| normals.correlation_drift.as_ref());
    let correlation_drift = match drift {
        Some(drift) => {
            let spot = drift.at.of("to");
            let sound = prices.sound(&["assets"]) && drift.at.sound(&["to"]);
            let crisis = correlation(names, Some(&drift.to), &spot, sound, faults)?;
            Some(CorrelationDrift {
                crisis,
                after_ms: drift.after.ms,
                over_ms: drift.over.ms,
                stay_ms: drift.stay.map(|stay| stay.ms),
            })
        }
        None => None,
    };
    let options = ModelOptions {
        antithetic,
        correlation_drift,
        shocks: Vec::new(),
        refine: normals.map_or(0, |normals| normals.refine as u32),
    };
    (faults.errors() == before).then_some(options)
}
