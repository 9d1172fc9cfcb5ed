//! How much a fleet gains by diversification as correlations go to those of a crisis.

use super::members::FleetMembers;
use super::risk::of_fleet;
use crate::engine::Plan;
use crate::prices::Prices;
use crate::prices::models::{CorrelationDrift, ModelKind, ModelOptions, ModelSpec};
use crate::scenario::Scenario;
use crate::stats::SymMatrix;
use crate::stats::risk::{Benefit, TailEstimate};
use crate::study::execution::{Execution, Progress, StudyError};
use crate::study::feed::Feed;
use crate::study::run::{NoRows, run};
use crate::study::variants::{Role, Variant, VariantSet};

/// One fleet at one confidence, from the base's correlations to the crisis's.
#[derive(Clone, Debug, PartialEq)]
pub struct DiversificationCurve {
    /// The fleet.
    pub fleet: String,
    /// Confidence.
    pub confidence: f64,
    /// By weight, ascending.
    pub points: Vec<DiversificationPoint>,
}

/// The plan under correlations (1 − w)·base + w·crisis.
#[derive(Clone, Debug, PartialEq)]
pub struct DiversificationPoint {
    /// w, 0 to 1.
    pub weight: f64,
    /// Mean correlation of the normals of two assets; `None` with one asset.
    pub assets: Option<f64>,
    /// Mean correlation of the losses of two members; `None` with fewer than two that vary.
    pub losses: Option<f64>,
    /// VaR and ES of the fleet, USDC.
    pub whole: TailEstimate,
    /// What VaR gains.
    pub var: Benefit,
    /// What ES gains.
    pub es: Benefit,
}

/// Runs the scenario's plan on the same draws under correlations on the way to a crisis, at each of
/// `weights`; curves by fleet and confidence.
///
/// The crisis is the one that correlations drift to, else one in which every two assets move
/// together wholly; each service that is correlated with trading follows it wholly there. Within a
/// run they stay as they are. Empty where there is no model whose correlations could be set: a
/// history or a bootstrap.
///
/// # Errors
/// As [`run`].
pub fn diversification(
    scenario: &Scenario,
    fleets: &[FleetMembers],
    weights: &[f64],
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<Vec<DiversificationCurve>, StudyError> {
    let Prices::Model(model) = &scenario.prices else { return Ok(Vec::new()) };
    if matches!(model.kind, ModelKind::Bootstrap(_)) || fleets.is_empty() {
        return Ok(Vec::new());
    }
    let models: Vec<ModelSpec> = weights.iter().map(|weight| towards(model, *weight)).collect();
    let feeds = models.iter().map(|model| Feed::new(&Prices::Model(model.clone())));
    let feeds: Vec<Feed> = feeds.collect::<Result<_, _>>()?;
    let variants = weights.iter().enumerate().map(|(feed, weight)| Variant {
        name: format!("w={weight}"),
        role: Role::Plan,
        plan: plan_towards(&scenario.plan, model, *weight),
        intrabar: None,
        model: None,
        feed,
    });
    let set = VariantSet::of_parts(variants.collect(), feeds);
    let result = run(scenario, &set, execution, &mut NoRows, progress)?;
    let mut curves = Vec::new();
    for fleet in fleets {
        for &confidence in &scenario.risk.confidences {
            let mut points = Vec::with_capacity(weights.len());
            for ((weight, model), outcome) in weights.iter().zip(&models).zip(&result.variants) {
                let risk = of_fleet(outcome, fleet, confidence, result.replication)
                    .map_err(StudyError::Risk)?;
                points.push(DiversificationPoint {
                    weight: *weight,
                    assets: mean_off_diagonal(model),
                    losses: risk.correlation,
                    whole: risk.whole,
                    var: risk.var,
                    es: risk.es,
                });
            }
            curves.push(DiversificationCurve { fleet: fleet.name.clone(), confidence, points });
        }
    }
    Ok(curves)
}

/// The model with fixed correlations (1 − w)·base + w·crisis, on the same draws.
fn towards(model: &ModelSpec, weight: f64) -> ModelSpec {
    let crisis = crisis(model);
    let blend = |base: &[f64]| -> Vec<f64> {
        base.iter().zip(&crisis).map(|(base, to)| (1.0 - weight) * base + weight * to).collect()
    };
    let mut found = ModelSpec { correlation: blend(&model.correlation), ..model.clone() };
    if let ModelKind::Regimes(regimes) = &mut found.kind {
        for regime in &mut regimes.regimes {
            regime.correlation = blend(&regime.correlation);
        }
    }
    // A watched market goes on leading the factor matrix.
    let fixed = |drift: &CorrelationDrift| CorrelationDrift {
        crisis: found.correlation.clone(),
        ..drift.clone()
    };
    let correlation_drift = model.options.correlation_drift.as_ref().map(fixed);
    found.options = ModelOptions { correlation_drift, ..model.options.clone() };
    found
}

/// Correlations of the crisis: those that the model drifts to, else all one.
fn crisis(model: &ModelSpec) -> Vec<f64> {
    let drift = model.options.correlation_drift.as_ref();
    drift.map_or_else(|| vec![1.0; model.correlation.len()], |drift| drift.crisis.clone())
}

/// The plan with its services' factors as far on the way.
fn plan_towards(plan: &Plan, model: &ModelSpec, weight: f64) -> Plan {
    let mut plan = plan.clone();
    if let Some(prime) = &mut plan.prime {
        let end = towards(model, 1.0);
        let assets = &prime.factor_assets;
        let mut target = SymMatrix::identity(assets.len());
        for (row, one) in assets.iter().enumerate() {
            for (column, other) in assets.iter().enumerate().take(row) {
                target.set(row, column, end.return_correlation(*one, *other));
            }
        }
        prime.services.factors = prime.services.factors.towards(&target, weight);
    }
    plan
}

fn mean_off_diagonal(model: &ModelSpec) -> Option<f64> {
    let n = model.assets.len();
    let sum: f64 = model.correlation.iter().sum();
    (n > 1).then(|| (sum - n as f64) / (n * (n - 1)) as f64)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::stats::Interval;
    use crate::study::execution::NoProgress;

    /// A coordinator with money alone, and two accounts that are never liquidated: what they win
    /// and lose over a day is their notional times a return that is all but normal.
    fn scenario(rest: &str) -> Scenario {
        let account = |name: &str, market: &str, side: &str| {
            format!(
                "[[agent]]\nname = \"{name}\"\nwallet = \"10 USDC\"\n[[agent.position]]\nmarket = \
                 \"{market}\"\nside = \"{side}\"\nnotional = \"1000 USDC\"\ncollateral = \"5000 USDC\"\n"
            )
        };
        let text = format!(
            "name = \"f\"\nquestion = \"?\"\nseed = 3\npaths = 4000\nnulls = []\n[prices]\nmodel = \
             \"gbm\"\nstep = \"1d\"\nsteps = 1\n[prices.assets]\nA = {{ start_price = 100, volatility = \
             0.2 }}\nB = {{ start_price = 50, volatility = 0.2 }}\n{rest}\n[markets]\nA-PERP = {{ asset = \
             \"A\" }}\nB-PERP = {{ asset = \"B\" }}\n[[agent]]\nname = \"desk\"\nwallet = \"100 \
             USDC\"\n{}{}",
            account("one", "A-PERP", "long"),
            account("two", "B-PERP", "long"),
        );
        Scenario::from_text(Path::new("f.toml"), &text, &[]).unwrap_or_else(|e| panic!("{e}"))
    }

    fn curve(scenario: &Scenario, weights: &[f64]) -> DiversificationCurve {
        // Agents by name: desk, one, two.
        let members = FleetMembers { name: "f".to_owned(), coordinator: 0, accounts: vec![1, 2] };
        let stop = AtomicBool::new(false);
        let execution = Execution { threads: 2, stop: &stop };
        let mut curves =
            diversification(scenario, &[members], weights, &execution, &mut NoProgress)
                .unwrap_or_else(|error| panic!("{error}"));
        curves.swap_remove(0)
    }

    /// ρ(w) = (1 − w)·ρ + w·crisis, benefit 1 − √(2 + 2ρ)/2, met within twice the 95 % interval's
    /// half width, four standard errors. A return of a day is not quite normal: the lognormal's
    /// skewness, 3·.0105, moves a VaR by .5 %, far less than that.
    #[test]
    fn two_normal_accounts_on_the_way_to_a_crisis() {
        let all_one = "[prices.correlation]\n\"A-B\" = 0.2";
        let drift = "[prices.correlation]\n\"A-B\" = -0.5\n[prices.correlation_drift]\nto = { \
                     \"A-B\" = 0.8 }\nafter = \"1h\"\nover = \"1h\"";
        for (rest, base, crisis) in [(all_one, 0.2, 1.0), (drift, -0.5, 0.8)] {
            let curve = curve(&scenario(rest), &[0.0, 0.5, 1.0]);
            for point in &curve.points {
                let rho: f64 = (1.0 - point.weight) * base + point.weight * crisis;
                let truth = 1.0 - (2.0 + 2.0 * rho).sqrt() / 2.0;
                for benefit in [&point.var, &point.es] {
                    let value = benefit.value().expect("at risk");
                    let Interval { low: Some(low), high: Some(high) } = benefit.interval() else {
                        panic!("4,000 paths bound it")
                    };
                    let allowed = (high - low).max(1e-9);
                    assert!((value - truth).abs() <= allowed, "{rho}: {value} not {truth}");
                    assert!(high - low < 0.1, "{low} {high}");
                }
                assert!(point.assets.is_some_and(|found| (found - rho).abs() < 1e-12));
                let losses = point.losses.expect("two vary");
                assert!((losses - rho).abs() < 4.0 * (1.0 - rho * rho) / 4000_f64.sqrt() + 2e-3);
            }
            let [first, .., last] = curve.points.as_slice() else { panic!("three weights") };
            let (fall, interval) = last.var.less(&first.var).expect("both at risk");
            assert!(fall < 0.0 && interval.high.is_some_and(|high| high < 0.0), "{interval:?}");
        }
    }

    #[test]
    fn weight_0_is_the_plan_itself() {
        let scenario = scenario("[prices.correlation]\n\"A-B\" = 0.3");
        let curve = curve(&scenario, &[0.0]);
        let set = VariantSet::of(&scenario).unwrap_or_else(|error| panic!("{error}"));
        let stop = AtomicBool::new(false);
        let execution = Execution { threads: 1, stop: &stop };
        let result = run(&scenario, &set, &execution, &mut NoRows, &mut NoProgress)
            .unwrap_or_else(|error| panic!("{error}"));
        let members = FleetMembers { name: "f".to_owned(), coordinator: 0, accounts: vec![1, 2] };
        let plain =
            of_fleet(&result.variants[0], &members, 0.95, result.replication).expect("finite");
        assert_eq!((&plain.var, &plain.es), (&curve.points[0].var, &curve.points[0].es));
    }
}
