//! Questions about rare events.

use crate::engine::Plan;
use crate::fields::{Faults, Name, Spot, nearest};
use crate::prices::models::ModelKind;
use crate::prices::{Onset, Prices};
use crate::scenario::format::{ReverseForm, SplittingForm};
use crate::scenario::{ReverseSpec, SplittingSpec};

/// Fewer particles a stage make intervals that cover too little: see docs/RARE.md.
const FEW_PARTICLES: u64 = 500;

/// Whether anything else than prices is drawn on a path.
fn draws_beside_prices(plan: &Plan, prices: Option<&Prices>) -> bool {
    let fails = plan.agents.iter().any(|agent| {
        agent.guard.top_up.as_ref().is_some_and(|top_up| top_up.failure_probability > 0.0)
    });
    let at_random = |onset: &Onset| onset.after_ms.is_none();
    let of_prices = match prices {
        Some(Prices::Model(model)) => {
            model.options.shocks.iter().any(|shock| at_random(&shock.onset))
        }
        _ => false,
    };
    let of_venue = plan.shocks.iter().any(|shock| at_random(&shock.onset));
    let flows = plan.prime.as_ref().is_some_and(|prime| !prime.services.agents.is_empty());
    fails || of_prices || of_venue || flows
}

/// Builds a splitting study; faults are reported.
pub(super) fn splitting(
    form: &SplittingForm,
    plan: Option<&Plan>,
    prices: Option<&Prices>,
    faults: &mut Faults,
) -> Option<SplittingSpec> {
    let before = faults.errors();
    let here = form.at.section();
    match prices {
        Some(Prices::History(_)) => {
            let message =
                "splitting draws paths anew from where they stand, and a history has none to draw";
            faults.error(here, message, "leave it out, or give prices.model");
        }
        Some(Prices::Model(model)) if model.replicate_size() > 1 => {
            let message = "splitting draws each path for itself, and these come in sets";
            faults.error(here, message, "leave out prices.antithetic and prices.sobol");
        }
        _ => {}
    }
    if form.particles < FEW_PARTICLES {
        let message = format!(
            "with {} particles a stage the interval of a rare probability is too narrow: it misses \
             more often than 5 %",
            form.particles
        );
        faults.warn(&form.at.of("particles"), message, format!("give {FEW_PARTICLES} or more"));
    }
    if plan.is_some_and(|plan| draws_beside_prices(plan, prices)) {
        let message = "instants of shocks, failing top-ups and flows of services are drawn once for \
                       all branches of a path: where they decide the event, the interval may be \
                       far too narrow";
        let help = "compare several seeds, give shocks an instant (after) and top-ups no failures, \
                    or read it as an order of magnitude";
        faults.warn(here, message, help);
    }
    let levels = form.levels.clone().unwrap_or_default();
    if let Some(pair) = levels.windows(2).find(|pair| pair[1] >= pair[0]) {
        let message = format!("level {} is not below {}, the one before", pair[1], pair[0]);
        faults.error(&form.at.of("levels"), message, "give them from the highest to the lowest");
    }
    if form.levels.as_ref().is_some_and(Vec::is_empty) {
        faults.error(&form.at.of("levels"), "names no level", "leave it out for a pilot's choice");
    }
    let agent = agent(form.agent.as_ref(), &form.at.of("agent"), plan, faults);
    (faults.errors() == before).then_some(SplittingSpec {
        event: form.event,
        agent,
        measure: form.measure,
        levels,
        particles: form.particles,
        replicates: form.replicates,
        share: form.share.0,
    })
}

/// Builds a reverse stress; faults are reported.
pub(super) fn reverse(
    form: &ReverseForm,
    plan: Option<&Plan>,
    prices: Option<&Prices>,
    faults: &mut Faults,
) -> Option<ReverseSpec> {
    let before = faults.errors();
    let steps = match prices {
        Some(Prices::Model(model))
            if model.kind == ModelKind::Gbm && model.options.copula_df.is_none() =>
        {
            Some(model.steps as u64)
        }
        _ => None,
    };
    if prices.is_some() && steps.is_none() {
        let message =
            "the likeliest path is one of normals, and these prices have other noise or none";
        let help = "leave it out, or give prices.model = \"gbm\" without a copula";
        faults.error(form.at.section(), message, help);
    }
    if let Some(steps) = steps.filter(|steps| form.pieces > *steps) {
        let message = format!("{} pieces in {steps} steps", form.pieces);
        faults.error(&form.at.of("pieces"), message, "give at most one piece a step");
    }
    let agent = agent(form.agent.as_ref(), &form.at.of("agent"), plan, faults);
    (faults.errors() == before).then_some(ReverseSpec {
        event: form.event,
        agent,
        pieces: form.pieces as usize,
        shapes: form.shapes as usize,
    })
}

/// Index of a named agent.
fn agent(
    name: Option<&Name>,
    spot: &Spot,
    plan: Option<&Plan>,
    faults: &mut Faults,
) -> Option<usize> {
    let (name, plan) = (name?, plan?);
    let known: Vec<&str> = plan.agents.iter().map(|agent| agent.name.as_str()).collect();
    let found = known.iter().position(|known| *known == name.0);
    if found.is_none() {
        let help = match nearest(&name.0, &known) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("known: {}", known.join(", ")),
        };
        faults.error(spot, format!("{} is no agent", name.0), help);
    }
    found
}
