//! Other price models beside that of the run.

use super::model;
use crate::engine::Plan;
use crate::fields::Faults;
use crate::prices::Prices;
use crate::prices::models::ModelSpec;
use crate::scenario::format::{PricesSection, Root};
use crate::scenario::load::Files;
use crate::scenario::{NamedShock, with_shocks};

/// Each with its name; one that cannot stand beside the run's prices is reported.
pub(super) fn other_models(
    root: &Root,
    prices: Option<&Prices>,
    files: &mut Files,
    faults: &mut Faults,
) -> Vec<(String, ModelSpec)> {
    let mut models = Vec::new();
    for (name, other) in &root.other_models {
        let spot = root.at.of("other_models").below(name);
        let Some(own) = prices else { continue };
        let Prices::Model(own) = own else {
            let message = "other models stand beside a model, and prices are replayed";
            faults.error(&spot, message, "leave it out, or draw prices from a model");
            continue;
        };
        if let PricesSection::History(_) = other.0 {
            let help = "give model = \"bootstrap\" to draw from a history";
            faults.error(&spot, "a replay is no model", help);
            continue;
        }
        if let Some(clock) = other.0.clock().filter(|clock| !clock.shocks.is_empty()) {
            let message = "the shocks of a run are those of [prices], in every model";
            faults.error(&clock.at.of("shocks"), message, "write them there");
            continue;
        }
        let Some(Prices::Model(spec)) = model::prices(&root.run, &other.0, files, faults) else {
            continue;
        };
        match unlike(own, &spec) {
            None => models.push((name.clone(), spec)),
            Some((message, help)) => faults.error(&spot, message, help),
        }
    }
    models
}

/// The same with the run's own shocks: what befalls the market does so in every model.
pub(super) fn shocked(
    root: &Root,
    models: Vec<(String, ModelSpec)>,
    plan: &Plan,
    shocks: &[&NamedShock],
    faults: &mut Faults,
) -> Vec<(String, ModelSpec)> {
    let mut made = Vec::with_capacity(models.len());
    for (name, spec) in models {
        let (Prices::Model(spec), _) = with_shocks(&Prices::Model(spec), plan, shocks) else {
            continue;
        };
        match spec.check() {
            Ok(()) => made.push((name, spec)),
            Err(error) => {
                let spot = root.at.of("other_models").below(&name);
                faults.error(&spot, error.to_string(), "");
            }
        }
    }
    made
}

/// What keeps a model from standing beside another.
fn unlike(own: &ModelSpec, other: &ModelSpec) -> Option<(String, &'static str)> {
    let names = |spec: &ModelSpec| -> Vec<String> {
        spec.assets.iter().map(|asset| asset.name.clone()).collect()
    };
    if names(own) != names(other) {
        let message = format!(
            "its assets are {}, those of [prices] {}",
            names(other).join(", "),
            names(own).join(", ")
        );
        return Some((message, "give the same ones"));
    }
    let pairs = own.assets.iter().zip(&other.assets);
    if let Some((own, other)) = pairs.clone().find(|(a, b)| a.start_price != b.start_price) {
        let message = format!(
            "{} starts at {}, in [prices] at {}",
            other.name, other.start_price, own.start_price
        );
        return Some((message, "give the same start_price"));
    }
    let length = |spec: &ModelSpec| spec.step_ms * spec.steps as i64;
    if length(own) != length(other) {
        return Some(("it is not as long as [prices]".to_owned(), "leave steps and duration out"));
    }
    (own.replicate_size() != other.replicate_size()).then(|| {
        let message = "its paths depend on each other otherwise than those of [prices]";
        (message.to_owned(), "give the same antithetic or sampling")
    })
}
