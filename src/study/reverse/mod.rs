//! Reverse stress: the likeliest path that breaks a plan.
//!
//! A path of a Gaussian model is made of independent standard normals z, and its density is
//! e^(−½Σz²): of all paths with an event the likeliest is that of least *energy* ½Σz². For small
//! noise the probability of the event goes like e^(−energy) (Freidlin & Wentzell 1998, *Random
//! Perturbations of Dynamical Systems*, ch. 3; Dembo & Zeitouni 1998, §5.6): an order of magnitude,
//! no estimate.
//!
//! The path of the factors goes straight from node to node up to a time that is sought too, and
//! stands still afterwards (drift goes on). The real plan, run by the engine, says how far a shape
//! must be stretched until the event happens; a simplex search finds the shape: straight ones first,
//! from the direction of each asset's price up and down and of what all positions stand to lose
//! together, then bent ones from the best of these. What is found is a path that breaks the plan,
//! and the least that this search found: no proof that none is likelier.

mod probe;
mod shape;
mod spec;

pub use spec::{ReverseError, ReverseResult};

use std::cell::Cell;

use self::probe::Probe;
use self::shape::Shape;
use super::feed::Feed;
use super::trace::trace_begun;
use crate::engine::Plan;
use crate::prices::models::{ModelKind, ModelOptions, ModelPath, ModelSpec};
use crate::prices::{PricePath, Prices};
use crate::scenario::ReverseSpec;
use crate::stats::{Corner, descend};

/// Precision of a scale while shapes are compared, and of the last.
const ROUGH: f64 = 1e-7;
const FINE: f64 = 1e-10;
/// A search ends when its corners' energies agree to this part.
const AGREE: f64 = 1e-7;
/// Straight starts that are searched from, of those tried.
const STARTS: usize = 3;
/// A new search from where the last one ended must gain this part, or it is the last.
const GAIN: f64 = 1e-5;

/// Finds the likeliest path of a plan to an event.
///
/// # Errors
/// Prices that are no geometric Brownian motion, parameters out of bounds, a plan that no path
/// breaks, or a run that fails.
pub fn reverse(
    plan: &Plan,
    prices: &Prices,
    seed: u64,
    spec: &ReverseSpec,
    samples: u64,
) -> Result<ReverseResult, ReverseError> {
    let model = checked(plan, prices, spec)?;
    let mut probe = Probe::new(plan, ModelPath::new(&model)?, seed, spec);
    let (shape, scale, straight) = if probe.breaks_alone() {
        (Shape { slopes: vec![0.0; model.assets.len()], pieces: 1, span: 1.0 }, 0.0, 0.0)
    } else {
        likeliest(&mut probe, plan, &model, spec)?
    };
    if let Some(error) = probe.failed {
        return Err(error.into());
    }
    probe.begin(&shape, scale);
    let (shapes, runs) = (probe.shapes, probe.runs);
    let mut feed = Feed::Model(Box::new(probe.path));
    let prices = prices_along(feed.path());
    let trace = trace_begun(&mut feed, plan, 0, seed, 0, samples)?;
    let mine = |agent: usize| spec.agent.is_none_or(|one| one == agent);
    let broken = trace.events.iter().find(|event| mine(event.agent) && spec.event.is(event.kind));
    let break_ms = broken.ok_or(ReverseError::Unbreakable)?.time_ms;
    Ok(ReverseResult {
        spec: spec.clone(),
        energy: scale * scale,
        straight_energy: straight * straight,
        break_ms,
        prices,
        trace,
        shapes,
        runs,
    })
}

/// The model, without a bridge inside its steps: the likeliest is a straight line there.
fn checked(plan: &Plan, prices: &Prices, spec: &ReverseSpec) -> Result<ModelSpec, ReverseError> {
    let needs = ReverseError::Prices(
        "model = \"gbm\" without a copula: other paths have other noise than normals",
    );
    let Prices::Model(model) = prices else { return Err(needs) };
    if model.kind != ModelKind::Gbm || model.options.copula_df.is_some() {
        return Err(needs);
    }
    let fault = |problem: &str| Err(ReverseError::Parameter(problem.to_owned()));
    if spec.agent.is_some_and(|agent| agent >= plan.agents.len()) {
        return fault("no such agent");
    }
    if spec.pieces == 0 || spec.pieces > model.steps || spec.shapes < 100 {
        return fault("at least one piece, no more than steps, and 100 shapes");
    }
    let options =
        ModelOptions { refine: 0, antithetic: false, sobol: None, ..model.options.clone() };
    Ok(ModelSpec { options, ..model.clone() })
}

/// The best shape, its scale, and the scale of the best straight one.
fn likeliest(
    probe: &mut Probe<'_>,
    plan: &Plan,
    model: &ModelSpec,
    spec: &ReverseSpec,
) -> Result<(Shape, f64, f64), ReverseError> {
    let steps = probe.steps();
    let mut guess = 3.0;
    let mut starts: Vec<Corner> = Vec::new();
    for direction in directions(plan, model, &probe.path) {
        for part in [0.2, libm::log(0.3)] {
            let at: Vec<f64> = direction.iter().copied().chain([part]).collect();
            let value = probe.least_scale(&Shape::of(&at, 1, steps), guess, ROUGH);
            guess = if value.is_finite() { value } else { guess };
            starts.push(Corner { point: at, value });
        }
    }
    starts.sort_by(|a, b| a.value.total_cmp(&b.value));
    starts.truncate(STARTS);
    let each = spec.shapes / (2 * STARTS);
    let mut best = Corner { point: Vec::new(), value: f64::INFINITY };
    for start in starts.into_iter().filter(|start| start.value.is_finite()) {
        let found = settle(probe, start, 1, each);
        best = if found.value < best.value { found } else { best };
    }
    if !best.value.is_finite() {
        return Err(ReverseError::Unbreakable);
    }
    let straight = best.value;
    let (slopes, part) = best.point.split_at(best.point.len() - 1);
    let bent = slopes.iter().flat_map(|slope| std::iter::repeat_n(*slope, spec.pieces));
    let bent = Corner { point: bent.chain(part.iter().copied()).collect(), value: straight };
    let found = settle(probe, bent, spec.pieces, spec.shapes / 2);
    let shape = Shape::of(&found.point, spec.pieces, steps);
    let scale = probe.least_scale(&shape, found.value, FINE);
    Ok((shape, scale, straight))
}

/// Searches from a start, and again from where that ended, until nothing is gained.
fn settle(probe: &mut Probe<'_>, start: Corner, pieces: usize, shapes: usize) -> Corner {
    let steps = probe.steps();
    let last = probe.shapes + shapes as u64;
    let mut best = start;
    loop {
        let length = best.point.len() - 1;
        let size = best.point[..length].iter().map(|slope| slope * slope).sum::<f64>().sqrt();
        let mut corner = vec![0.3 * size / (length as f64).sqrt(); length];
        corner.push(-0.3);
        let mut guess = best.value;
        let left = Cell::new(last.saturating_sub(probe.shapes));
        let mut scale_of = |at: &[f64]| {
            left.set(left.get().saturating_sub(1));
            let scale = probe.least_scale(&Shape::of(at, pieces, steps), guess, ROUGH);
            guess = guess.min(scale);
            scale
        };
        let from = Corner { value: scale_of(&best.point), point: best.point.clone() };
        let found = descend(&mut scale_of, from, &corner, |corners| {
            let (best, worst) = (corners[0].value, corners[corners.len() - 1].value);
            left.get() == 0 || worst - best <= AGREE * best.abs()
        });
        let gained = best.value - found.value;
        let done = gained <= GAIN * best.value || probe.shapes >= last;
        best = if found.value < best.value { found } else { best };
        if done {
            return best;
        }
    }
}

/// Directions in the space of the factors: those along which one asset's price rises and falls
/// fastest, and that along which the positions of all agents lose fastest.
fn directions(plan: &Plan, model: &ModelSpec, path: &ModelPath) -> Vec<Vec<f64>> {
    let n = model.assets.len();
    let mut exposure = vec![0.0; n];
    for position in plan.agents.iter().flat_map(|agent| &agent.positions) {
        let asset = plan.exchange.markets[position.market].asset;
        exposure[asset] += position.side as f64 * position.notional_usdc;
    }
    let unit = |weights: &[f64]| -> Option<Vec<f64>> {
        let mut sum = vec![0.0; n];
        for (asset, weight) in weights.iter().enumerate() {
            for (value, loading) in sum.iter_mut().zip(path.loadings(asset)) {
                *value -= weight * loading;
            }
        }
        let length = sum.iter().map(|value| value * value).sum::<f64>().sqrt();
        (length > 0.0).then(|| sum.iter().map(|value| value / length).collect())
    };
    let one = |asset: usize, sign: f64| -> Vec<f64> {
        (0..n).map(|other| if other == asset { sign } else { 0.0 }).collect()
    };
    let each = (0..n).flat_map(|asset| [one(asset, 1.0), one(asset, -1.0)]);
    std::iter::once(exposure).chain(each).filter_map(|weights| unit(&weights)).collect()
}

/// Marks of all assets at every tick of the path that was begun last.
fn prices_along(path: &mut dyn PricePath) -> Vec<Vec<(i64, f64)>> {
    let assets = path.assets();
    let (mut marks, mut lasts) = (vec![0.0; assets], vec![0.0; assets]);
    let mut series = vec![Vec::with_capacity(path.ticks()); assets];
    for tick in 0..path.ticks() {
        path.load(tick, &mut marks, &mut lasts);
        for (series, mark) in series.iter_mut().zip(&marks) {
            series.push((path.tick_ms(tick), *mark));
        }
    }
    series
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{RareEvent, Scenario};

    /// A 3x long on σ 60 % for 40 steps of an hour, force-closed at b = ln(2/(3 − .4725)); drift
    /// of the log price −.18. From a path that goes up, down, up and down and ends early, the search
    /// comes to the straight line: energy (b + .18·t)²/(2·.36·t), and slopes that agree to 2 %.
    #[test]
    fn a_bent_path_is_straightened() {
        let text = "name = \"bent\"\nnulls = []\n[prices]\nmodel = \"gbm\"\nsteps = 40\n\
            [prices.assets.BTC]\nstart_price = 100\nvolatility = 0.6\n\
            [markets.BTC-PERP]\nasset = \"BTC\"\n[[agent]]\nname = \"a\"\nwallet = \"0 USDC\"\n\
            [[agent.position]]\nmarket = \"BTC-PERP\"\nnotional = \"3000 USDC\"\n\
            collateral = \"1000 USDC\"\n";
        let scenario = Scenario::from_text("bent.toml".as_ref(), text, &[])
            .unwrap_or_else(|faults| panic!("{faults}"));
        let Prices::Model(model) = &scenario.prices else { panic!("a model") };
        let spec =
            ReverseSpec { event: RareEvent::Liquidation, agent: None, pieces: 4, shapes: 4_000 };
        let mut probe = Probe::new(&scenario.plan, ModelPath::new(model).unwrap(), 1, &spec);
        let at = vec![0.5, -2.0, 0.5, -1.0, -0.4];
        let value = probe.least_scale(&Shape::of(&at, 4, 40), 3.0, ROUGH);
        let found = settle(&mut probe, Corner { point: at, value }, 4, 4_000);
        let (b, t): (f64, f64) = (libm::log(2.0 / (3.0 - 0.4725)), 40.0 / 8_760.0);
        let truth = (b + 0.18 * t) * (b + 0.18 * t) / (0.72 * t);
        println!("{} from {}, {truth}: {:?}", found.value.powi(2), value.powi(2), found.point);
        assert!(value * value > 1.3 * truth, "the start is no worse");
        assert!((found.value * found.value / truth - 1.0).abs() < 1e-3);
        let mean = found.point[..4].iter().sum::<f64>() / 4.0;
        assert!(found.point[..4].iter().all(|slope| (slope / mean - 1.0).abs() < 0.02));
    }
}
