//! What comes on top of a model: drifting correlations, a copula, paths that depend on each other.
//! Shocks come later, since they are the venue's too.

use super::drift::drift;
use crate::fields::{Faults, Places};
use crate::prices::models::ModelOptions;
use crate::scenario::format::{CopulaForm, Normals};

/// The options of a model, but for its copula.
pub(super) fn options(
    names: &[&str],
    normals: &Normals,
    prices: &Places,
    faults: &mut Faults,
) -> Option<ModelOptions> {
    let before = faults.errors();
    let sobol = sobol(normals.antithetic, normals.sobol, &normals.at, faults);
    let correlation_drift = match &normals.correlation_drift {
        Some(form) => Some(drift(names, form, normals.repair, prices, faults)?),
        None => None,
    };
    (faults.errors() == before).then_some(ModelOptions {
        antithetic: normals.antithetic,
        sobol,
        correlation_drift,
        refine: normals.refine as u32,
        ..ModelOptions::default()
    })
}

/// The size of a Sobol set.
pub(super) fn sobol(
    antithetic: bool,
    size: Option<u64>,
    at: &Places,
    faults: &mut Faults,
) -> Option<u32> {
    let size = size?;
    let spot = at.of("sobol");
    if !size.is_power_of_two() {
        let message = format!("{size} is no power of two: such points are no net");
        let help =
            format!("write {} or {}", size.next_power_of_two() / 2, size.next_power_of_two());
        faults.error(&spot, message, help);
    }
    if antithetic {
        let message = "a Sobol set is not mirrored as well";
        faults.error(&spot, message, "leave sobol out, or antithetic");
    }
    u32::try_from(size).ok()
}

/// Degrees of freedom of the copula.
pub(super) fn copula(
    names: &[&str],
    form: &CopulaForm,
    prices: &Places,
    faults: &mut Faults,
) -> Option<f64> {
    let CopulaForm::StudentT(tails) = form else { return None };
    if names.len() < 2 && prices.sound(&["assets"]) {
        let message = "a copula joins the extremes of two assets at least: there is one";
        faults.error(&prices.of("copula"), message, "leave it out, or add an asset");
    }
    tails.at.sound(&["df"]).then_some(tails.df)
}
