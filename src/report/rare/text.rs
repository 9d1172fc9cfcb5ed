//! What rare events print.

use super::Rare;
use crate::report::number::count;
use crate::report::terminal::push_wrapped;
use crate::scenario::{LevelMeasure, Scenario};
use crate::study::{ReverseResult, SplittingResult};
use crate::units::time::to_iso;

/// The answers in words; empty where nothing was asked.
pub(in crate::report) fn rare_text(scenario: &Scenario, rare: &Rare) -> String {
    let mut text = String::new();
    if let Some(found) = &rare.splitting {
        text.push_str("\nRare events\n");
        probability(scenario, found).iter().for_each(|line| push_wrapped(&mut text, "  ", line));
    }
    if let Some(found) = &rare.reverse {
        text.push_str("\nReverse stress\n");
        path(scenario, found).iter().for_each(|line| push_wrapped(&mut text, "  ", line));
    }
    for why in &rare.unanswered {
        text.push('\n');
        push_wrapped(&mut text, "No answer: ", why);
    }
    text
}

fn whose(scenario: &Scenario, agent: Option<usize>) -> String {
    match agent {
        Some(agent) => format!("of {}", scenario.plan.agents[agent].name),
        None if scenario.plan.agents.len() == 1 => "of the account".to_owned(),
        None => "of any account".to_owned(),
    }
}

fn probability(scenario: &Scenario, found: &SplittingResult) -> Vec<String> {
    let estimate = &found.estimate;
    let end = |end: Option<f64>| end.map_or("unbounded".to_owned(), |end| format!("{end:.2e}"));
    let mut all = vec![format!(
        "Probability of {} {} within the run: {:.3e} [{}, {}], by splitting: {} replicates of {} \
         paths a stage.",
        found.spec.event.words(),
        whose(scenario, found.spec.agent),
        estimate.probability,
        end(estimate.interval.low),
        end(estimate.interval.high),
        found.replicates.len(),
        found.spec.particles
    )];
    if estimate.probability > 0.0 {
        all.push(format!(
            "{} runs of the engine ({} of them to choose levels) are worth {} plain paths.",
            count((found.runs + found.pilot_runs) as f64),
            count(found.pilot_runs as f64),
            count(estimate.plain_paths.round())
        ));
    } else {
        all.push("No replicate saw it: more particles, or levels of your own.".to_owned());
    }
    let measure = match found.spec.measure {
        LevelMeasure::HealthFactor => "health factor",
        LevelMeasure::BackedHealthFactor => "health factor with the free wallet",
    };
    let levels: Vec<String> =
        found.stages.iter().filter_map(|stage| Some(format!("{:.3}", stage.level?))).collect();
    all.push(format!("Levels of the least {measure}: {}.", levels.join(", ")));
    all.push(
        "One model's figure: the interval is that of sampling, and says nothing of the model."
            .to_owned(),
    );
    all
}

fn path(scenario: &Scenario, found: &ReverseResult) -> Vec<String> {
    let moves: Vec<String> = (scenario.plan.assets.iter().zip(&found.prices))
        .map(|(name, prices)| {
            let start = prices.first().map_or(f64::NAN, |first| first.1);
            let at = prices.iter().rev().find(|point| point.0 <= found.break_ms);
            format!("{name} {:+.2} %", 100.0 * (at.map_or(f64::NAN, |at| at.1) / start - 1.0))
        })
        .collect();
    vec![
        format!(
            "The likeliest path found to {} {}: {} by {}.",
            found.spec.event.words(),
            whose(scenario, found.spec.agent),
            moves.join(", "),
            to_iso(found.break_ms)
        ),
        format!(
            "Energy {:.3}, half the sum of squares of its normals: as rare as one normal of {:.2} \
             standard deviations. e^-energy = 1e{:.1} is the order of magnitude to which the \
             probability shrinks as noise does, no estimate of it.",
            found.energy,
            found.deviations(),
            -found.energy / std::f64::consts::LN_10
        ),
        format!(
            "{} shapes, {} runs of the engine; the best straight path has energy {:.3}. It is the \
             least that this search found, no proof that none is likelier.",
            count(found.shapes as f64),
            count(found.runs as f64),
            found.straight_energy
        ),
    ]
}
