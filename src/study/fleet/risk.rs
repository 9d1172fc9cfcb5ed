//! Value at risk and expected shortfall of a fleet and of its members, from the paths of a study.

use super::members::FleetMembers;
use crate::scenario::Scenario;
use crate::stats::risk::{
    Benefit, Level, RiskError, Tail, TailEstimate, TailRisk, historical_components,
};
use crate::stats::{Replication, mean_and_stderr, normal_quantile};
use crate::study::columns::{StudyResult, VariantResult};
use crate::study::variants::{Role, VariantSet};

/// Figures of one fleet under one variant at one confidence, USDC, losses positive.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetRisk {
    /// The fleet.
    pub fleet: String,
    /// The variant.
    pub variant: String,
    /// Confidence.
    pub confidence: f64,
    /// Coordinator, then sub-accounts.
    pub parts: Vec<PartRisk>,
    /// Of the fleet's loss, the sum of its members'.
    pub whole: TailEstimate,
    /// VaR of a normal loss with the mean and the variance (all covariances of the members in
    /// it) of the fleet's.
    pub normal_var: f64,
    /// What VaR gains by members not losing together.
    pub var: Benefit,
    /// What ES gains.
    pub es: Benefit,
    /// Mean correlation of the losses of two members, over those whose losses vary; `None` with
    /// fewer than two.
    pub correlation: Option<f64>,
}

/// Figures of one member.
#[derive(Clone, Debug, PartialEq)]
pub struct PartRisk {
    /// Index of the agent.
    pub agent: usize,
    /// Its name.
    pub name: String,
    /// Of its own loss, alone.
    pub alone: TailEstimate,
    /// What it adds to the fleet's; these sum to it.
    pub component: TailRisk,
}

/// The figures of all fleets: under the plan on every model and without drift, by variant, fleet
/// and confidence.
///
/// # Errors
/// An equity that is not finite, which conservation excludes; no path.
pub fn fleet_risk(
    scenario: &Scenario,
    set: &VariantSet,
    result: &StudyResult,
    fleets: &[FleetMembers],
) -> Result<Vec<FleetRisk>, RiskError> {
    let mut found = Vec::new();
    for (variant, outcome) in set.all().iter().zip(&result.variants) {
        if !matches!(variant.role, Role::Plan | Role::NoDrift) {
            continue;
        }
        for fleet in fleets {
            for &confidence in &scenario.risk.confidences {
                found.push(of_fleet(outcome, fleet, confidence, result.replication)?);
            }
        }
    }
    Ok(found)
}

/// One fleet at one confidence.
pub(super) fn of_fleet(
    outcome: &VariantResult,
    fleet: &FleetMembers,
    confidence: f64,
    draws: Replication,
) -> Result<FleetRisk, RiskError> {
    let losses = fleet.losses(outcome);
    let components = historical_components(&losses, Level::new(confidence, 1)?)?;
    let count = losses[0].len();
    let total: Vec<f64> =
        (0..count).map(|path| losses.iter().map(|part| part[path]).sum()).collect();
    let parts = fleet.all().zip(&losses).zip(&components.component);
    let parts = parts.map(|((agent, losses), component)| {
        let name = outcome.agents[agent].name.clone();
        let alone = TailEstimate::of(losses, confidence, draws);
        PartRisk { agent, name, alone, component: *component }
    });
    let (mean, stderr) = mean_and_stderr(&total);
    let deviation = if count > 1 { stderr * (count as f64).sqrt() } else { 0.0 };
    let benefit = |tail| Benefit::of(&losses, tail, confidence, draws.size());
    Ok(FleetRisk {
        fleet: fleet.name.clone(),
        variant: outcome.name.clone(),
        confidence,
        parts: parts.collect(),
        whole: TailEstimate::of(&total, confidence, draws),
        normal_var: mean + normal_quantile(confidence) * deviation,
        var: benefit(Tail::Var)?,
        es: benefit(Tail::Es)?,
        correlation: mean_correlation(&losses),
    })
}

/// Mean of Pearson's correlation over all pairs of series that vary: with each scaled to mean 0
/// and variance 1, (variance of their sum − k) / (k·(k − 1)).
fn mean_correlation(series: &[Vec<f64>]) -> Option<f64> {
    let mut sum = vec![0.0; series.first()?.len()];
    let mut count = 0.0;
    for values in series {
        let (mean, stderr) = mean_and_stderr(values);
        let deviation = stderr * (values.len() as f64).sqrt();
        if deviation > 0.0 && deviation.is_finite() {
            count += 1.0;
            sum.iter_mut().zip(values).for_each(|(sum, x)| *sum += (x - mean) / deviation);
        }
    }
    let squares: f64 = sum.iter().map(|sum| sum * sum).sum();
    let variance = squares / (sum.len() as f64 - 1.0);
    (count >= 2.0).then(|| (variance - count) / (count * (count - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{AgentOutcome, Metric, MetricLevel, MetricScope};
    use crate::stats::StreamKey;
    use crate::study::columns::AgentResult;

    const PATHS: usize = 20_000;
    const SCOPE: MetricScope =
        MetricScope { level: MetricLevel::Full, prime: false, fleet: true, impact: false };

    /// Start, deviation of profit and loss, loading on the common factor.
    type Account = (f64, f64, f64);

    /// A coordinator that keeps 1,000, and accounts with normal profit and loss.
    fn fleet(accounts: &[Account]) -> (VariantResult, FleetMembers) {
        let mut stream = StreamKey::new("test", "fleet risk").open(5, 0);
        let starts = std::iter::once(1_000.0).chain(accounts.iter().map(|account| account.0));
        let mut agents: Vec<AgentResult> = (starts.enumerate())
            .map(|(index, start)| AgentResult::new(&format!("agent{index}"), start))
            .collect();
        for _ in 0..PATHS {
            let common = stream.normal();
            let gains =
                std::iter::once(0.0).chain(accounts.iter().map(|(_, deviation, loading)| {
                    let own = (1.0 - loading * loading).sqrt() * stream.normal();
                    deviation * (loading * common + own)
                }));
            for (agent, gain) in agents.iter_mut().zip(gains) {
                let mut outcome = AgentOutcome::default();
                outcome.set(Metric::FinalEquity, agent.start_capital_usdc + gain);
                agent.push(&outcome, SCOPE, PATHS);
            }
        }
        let members = FleetMembers {
            name: "f".to_owned(),
            coordinator: 0,
            accounts: (1..=accounts.len()).collect(),
        };
        (VariantResult { name: "plan".to_owned(), agents }, members)
    }

    fn found(accounts: &[Account], confidence: f64) -> FleetRisk {
        let (outcome, members) = fleet(accounts);
        of_fleet(&outcome, &members, confidence, Replication::INDEPENDENT).expect("finite losses")
    }

    /// VaR = z·σ, ES = σ·φ(z)/(1 − c), σ of a sum √(Σσ² + 2Σρσσ'). One path in 20,000 beyond:
    /// standard error of the 95 % quantile √(.05·.95/20000)/φ(1.645) = 1.5 % of σ, 1.4 % of ES;
    /// four of them are allowed.
    #[test]
    fn normal_accounts_have_their_closed_forms() {
        // accounts, σ of the fleet, mean correlation
        let rows: [(&[Account], f64, f64); 3] = [
            // Loadings .8 and .5: ρ = .4; 9 + 16 + 2·.4·12 = 34.6.
            (&[(50.0, 3.0, 0.8), (80.0, 4.0, 0.5)], 34.6_f64.sqrt(), 0.4),
            // ρ = .64 of three: 3 + 6·.64 = 6.84.
            (&[(9.0, 1.0, 0.8), (9.0, 1.0, 0.8), (9.0, 1.0, 0.8)], 6.84_f64.sqrt(), 0.64),
            // Independent: 1 + 4.
            (&[(1.0, 1.0, 0.0), (1.0, 2.0, 0.0)], 5.0_f64.sqrt(), 0.0),
        ];
        let (z, es) = (1.644_853_627, 2.062_712_808);
        for (accounts, sigma, rho) in rows {
            let risk = found(accounts, 0.95);
            let near = |found: f64, truth: f64, scale: f64| {
                assert!((found - truth).abs() < 0.06 * scale, "{found} not {truth}");
            };
            near(risk.whole.risk.var, z * sigma, sigma);
            near(risk.whole.risk.es, es * sigma, sigma);
            near(risk.normal_var, z * sigma, sigma);
            let parts: f64 = accounts.iter().map(|account| account.1).sum();
            near(risk.var.parts, z * parts, parts);
            near(risk.es.parts, es * parts, parts);
            let benefit = 1.0 - sigma / parts;
            assert!((risk.var.value().expect("at risk") - benefit).abs() < 0.03, "{benefit}");
            assert!((risk.es.value().expect("at risk") - benefit).abs() < 0.03, "{benefit}");
            assert!(risk.var.interval().contains(benefit), "{:?}", risk.var.interval());
            let correlation = risk.correlation.expect("several vary");
            assert!((correlation - rho).abs() < 4.0 / (PATHS as f64).sqrt(), "{correlation}");
            // Components sum to the whole, and the coordinator, which risks nothing, adds none.
            let sum: f64 = risk.parts.iter().map(|part| part.component.es).sum();
            assert!((sum - risk.whole.risk.es).abs() < 1e-9 * sigma);
            assert_eq!(risk.parts[0].alone.risk, TailRisk { var: 0.0, es: 0.0 });
        }
    }

    #[test]
    fn equal_accounts_gain_nothing_and_opposite_ones_everything() {
        let risk = found(&[(1.0, 2.0, 1.0), (1.0, 3.0, 1.0)], 0.99);
        assert!(risk.var.value().is_some_and(|value| value.abs() < 1e-9), "{:?}", risk.var);
        let risk = found(&[(1.0, 2.0, 1.0), (1.0, 2.0, -1.0)], 0.99);
        let gained = |benefit: &Benefit| benefit.value().is_some_and(|v| (v - 1.0).abs() < 1e-9);
        assert!(gained(&risk.var) && gained(&risk.es), "{risk:?}");
        assert!(risk.correlation.is_some_and(|rho| (rho + 1.0).abs() < 1e-9));
    }

    #[test]
    fn one_path_has_figures_and_no_interval() {
        let (mut outcome, members) = fleet(&[(1.0, 1.0, 0.5)]);
        for agent in &mut outcome.agents {
            let mut only = AgentResult::new(&agent.name, agent.start_capital_usdc);
            let mut row = AgentOutcome::default();
            row.set(Metric::FinalEquity, agent.column(Metric::FinalEquity).get(0));
            only.push(&row, SCOPE, 1);
            *agent = only;
        }
        let risk =
            of_fleet(&outcome, &members, 0.95, Replication::INDEPENDENT).expect("finite losses");
        assert_eq!(risk.normal_var, risk.whole.risk.var);
        assert_eq!((risk.correlation, risk.var.interval().high), (None, None));
    }
}
