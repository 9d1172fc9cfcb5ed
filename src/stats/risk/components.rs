//! What each part adds to the whole.

use super::{Level, RiskError, TailRisk, error::common_length};
use crate::stats::{expected_shortfall, quantile_type7};

/// Risk by part; every part in the order given.
#[derive(Debug, Clone, PartialEq)]
pub struct Components {
    /// Rise of the total per unit of the part's exposure; empty where there are no exposures.
    pub marginal: Vec<TailRisk>,
    /// The part's share of the total: they sum to it.
    pub component: Vec<TailRisk>,
    /// The part held alone.
    pub standalone: Vec<TailRisk>,
    pub total: TailRisk,
}

impl Components {
    /// 1 − total VaR / Σ standalone VaR; `None` unless that sum is positive.
    pub fn diversification_benefit(&self) -> Option<f64> {
        let parts: f64 = self.standalone.iter().map(|part| part.var).sum();
        (parts > 0.0).then(|| 1.0 - self.total.var / parts)
    }
}

/// Component = exposure · marginal.
pub(super) fn from_marginals(
    exposures: &[f64],
    marginal: Vec<TailRisk>,
    standalone: Vec<TailRisk>,
    total: TailRisk,
) -> Components {
    let scaled = |(w, m): (&f64, &TailRisk)| TailRisk { var: w * m.var, es: w * m.es };
    let component = exposures.iter().zip(&marginal).map(scaled).collect();
    Components { marginal, component, standalone, total }
}

/// Components of historical VaR and ES from one series of losses per part, over the level's
/// confidence; the losses already stand for its horizon.
///
/// Scenarios are ranked by their total; each part enters VaR and ES with the weights of the
/// total's own (Acerbi & Tasche 2002), so that the parts sum to it. Parts of scenarios with equal
/// totals are averaged: their order must not matter. VaR's components rest on two scenarios only
/// and are noisy; ES's on the whole tail.
///
/// # Errors
/// No part, no loss, different lengths, or a loss that is not finite.
pub fn historical_components<S: AsRef<[f64]>>(
    losses: &[S],
    level: Level,
) -> Result<Components, RiskError> {
    let n = common_length(losses, 1)?;
    let totals: Vec<f64> =
        (0..n).map(|t| losses.iter().map(|part| part.as_ref()[t]).sum()).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| totals[a].total_cmp(&totals[b]));
    let figures = |ranked: &[f64]| TailRisk {
        var: quantile_type7(ranked, level.confidence),
        es: expected_shortfall(ranked, level.confidence),
    };
    let component = losses.iter().map(|part| figures(&ranked(part.as_ref(), &order, &totals)));
    let alone = |part: &S| {
        let mut sorted = part.as_ref().to_vec();
        sorted.sort_by(f64::total_cmp);
        figures(&sorted)
    };
    let sorted_totals: Vec<f64> = order.iter().map(|&t| totals[t]).collect();
    Ok(Components {
        marginal: Vec::new(),
        component: component.collect(),
        standalone: losses.iter().map(alone).collect(),
        total: figures(&sorted_totals),
    })
}

/// One part's losses in the order of the totals, averaged over equal totals.
fn ranked(part: &[f64], order: &[usize], totals: &[f64]) -> Vec<f64> {
    let mut values = Vec::with_capacity(part.len());
    for tied in order.chunk_by(|&a, &b| totals[a] == totals[b]) {
        let mean = tied.iter().map(|&t| part[t]).sum::<f64>() / tied.len() as f64;
        values.extend(std::iter::repeat_n(mean, tied.len()));
    }
    values
}
