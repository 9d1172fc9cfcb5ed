//! What the choice of the price model does to the answer.

use super::number::{money, percent};
use super::summary::Summary;
use crate::prices::Prices;
use crate::prices::models::ModelKind;
use crate::scenario::Scenario;
use crate::study::{Role, StudyResult, VariantSet};

/// The plan's liquidation probability and ES95 over all models; none where there is one model.
pub(super) fn sentence(
    scenario: &Scenario,
    set: &VariantSet,
    result: &StudyResult,
    summary: &Summary,
) -> Option<String> {
    if scenario.other_models.is_empty() {
        return None;
    }
    let plans = (set.all().iter().zip(&result.variants))
        .filter(|(variant, _)| variant.role == Role::Plan && variant.intrabar.is_none());
    let mut said = Vec::new();
    let (mut probabilities, mut shortfalls) = (Vec::new(), Vec::new());
    for (variant, found) in plans {
        let get = |metric: &str| summary.get(&variant.name, &found.whole().name, metric);
        let row = get("liquidation_probability")?;
        let (probability, shortfall) = (row.value?, get("es_95")?.value?);
        let bound = |end: Option<f64>| end.map_or_else(|| "…".to_owned(), percent);
        said.push(format!(
            "{} {} (95 %: {} to {})",
            variant.model.as_deref().unwrap_or("[prices]"),
            percent(probability),
            bound(row.interval.low),
            bound(row.interval.high),
        ));
        probabilities.push(probability);
        shortfalls.push(shortfall);
    }
    let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some(format!(
        "Over {} price models the liquidation probability is {} to {}: {}. ES95 is {} to {} USDC.{}",
        said.len(),
        percent(least(&probabilities)),
        percent(most(&probabilities)),
        said.join(", "),
        money(least(&shortfalls)),
        money(most(&shortfalls)),
        missing(scenario),
    ))
}

/// Which kinds are not among them.
fn missing(scenario: &Scenario) -> String {
    let own = match &scenario.prices {
        Prices::Model(model) => Some(&model.kind),
        Prices::History(_) => None,
    };
    let kinds: Vec<&ModelKind> =
        own.into_iter().chain(scenario.other_models.iter().map(|(_, spec)| &spec.kind)).collect();
    let jumps = kinds.iter().any(|kind| matches!(kind, ModelKind::Merton(_)));
    let drawn = kinds.iter().any(|kind| matches!(kind, ModelKind::Bootstrap(_)));
    match (jumps, drawn) {
        (true, true) => String::new(),
        (true, false) => " None of them draws from a real history.".to_owned(),
        (false, true) => " None of them jumps.".to_owned(),
        (false, false) => " None of them jumps, and none draws from a real history.".to_owned(),
    }
}
