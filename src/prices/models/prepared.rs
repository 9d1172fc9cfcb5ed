//! What all paths of a model share.

use super::correlation_drift::{self, CorrelationDrift, STAIRS};
use super::factors::Factors;
use super::setting::Setting;
use super::shocks;
use super::{MertonJumps, ModelError, ModelKind, ModelSpec, Regime};
use crate::stats::StreamKey;
use crate::units::time::YEAR_MS;

/// What all paths of a model share.
#[derive(Debug)]
pub(super) struct Prepared {
    pub spec: ModelSpec,
    pub keys: Vec<StreamKey>,
    pub settings: Vec<Setting>,
}

impl Prepared {
    /// Prepares a model; refuses correlations that are not positive semi-definite.
    pub fn of(spec: &ModelSpec) -> Result<Self, ModelError> {
        let keys = spec.assets.iter().map(|asset| StreamKey::new("prices", &asset.name)).collect();
        let mut settings = settings(spec)?;
        settings.extend(shocked(spec)?);
        Ok(Self { spec: spec.clone(), keys, settings })
    }

    /// Index of the setting of the first correlation shock.
    pub fn first_shocked(&self) -> usize {
        self.settings.len() - shocks::matrices(&self.spec.options.shocks).len()
    }
}

/// One setting per correlation shock; a model that has correlations of its own takes none.
fn shocked(spec: &ModelSpec) -> Result<Vec<Setting>, ModelError> {
    let matrices = shocks::matrices(&spec.options.shocks);
    if let (ModelKind::Regimes(_) | ModelKind::Bootstrap(_), false) =
        (&spec.kind, matrices.is_empty())
    {
        let name = "correlation shock".to_owned();
        return Err(ModelError::Parameter { name, problem: "this model takes none".to_owned() });
    }
    let n = spec.assets.len();
    let made = |matrix: &&[f64]| {
        if matrix.len() != n * n {
            return Err(ModelError::sizes(matrix.len(), n * n));
        }
        Ok(setting(spec, &Factors::of(n, matrix, leader(spec))?))
    };
    matrices.iter().map(made).collect()
}

/// One setting, one per stair of a drift of correlations, or one per regime.
fn settings(spec: &ModelSpec) -> Result<Vec<Setting>, ModelError> {
    let n = spec.assets.len();
    let drift = spec.options.correlation_drift.as_ref();
    let factor = |matrix: &[f64]| Factors::of(n, matrix, leader(spec));
    let base = factor(&spec.correlation)?;
    if let ModelKind::Regimes(regimes) = &spec.kind {
        no_drift(drift)?;
        regimes.check(n)?;
        let of_regime = |regime: &Regime| {
            let factor = factor(&regime.correlation)?;
            Ok(diffusion(spec, &regime.volatility, &regime.drift, &factor))
        };
        return regimes.regimes.iter().map(of_regime).collect();
    }
    if let ModelKind::Bootstrap(_) = &spec.kind {
        no_drift(drift)?;
        return Ok(Vec::new());
    }
    let Some(drift) = drift else { return Ok(vec![setting(spec, &base)]) };
    factor(&drift.crisis)?;
    drift.check(n)?;
    let on_stair = |stair| {
        let matrix = correlation_drift::between(&spec.correlation, &drift.crisis, stair);
        Ok(setting(spec, &factor(&matrix)?))
    };
    (0..=STAIRS).map(on_stair).collect()
}

/// The first of the factor matrix: a watched market, so that no other factor moves it.
fn leader(spec: &ModelSpec) -> usize {
    let drift = spec.options.correlation_drift.as_ref();
    let watched = drift.and_then(CorrelationDrift::watched);
    watched.filter(|watched| *watched < spec.assets.len()).unwrap_or(0)
}

fn no_drift(drift: Option<&CorrelationDrift>) -> Result<(), ModelError> {
    let problem = "this model takes none".to_owned();
    let fault = ModelError::Parameter { name: "correlation drift".to_owned(), problem };
    drift.map_or(Ok(()), |_| Err(fault))
}

/// Drift and loadings of the model's normals. A model that moves its own variance takes
/// correlated standard normals.
fn setting(spec: &ModelSpec, factor: &Factors) -> Setting {
    let n = spec.assets.len();
    if let ModelKind::Garch(_) | ModelKind::Heston(_) = &spec.kind {
        let loadings = (0..n).map(|row| factor.row(row).to_vec()).collect();
        let spread = spec.options.copula_df.map(|_| vec![1.0; n]);
        return Setting { drift: vec![0.0; n], half_variance: vec![0.0; n], loadings, spread };
    }
    let volatility: Vec<f64> = spec.assets.iter().map(|asset| asset.volatility).collect();
    let drift: Vec<f64> = spec.assets.iter().map(|asset| asset.drift).collect();
    diffusion(spec, &volatility, &drift, factor)
}

/// Those of a diffusion: μ − σ²/2 less the compensation of the jumps, and σ√dt.
fn diffusion(spec: &ModelSpec, volatility: &[f64], drift: &[f64], factor: &Factors) -> Setting {
    let dt = spec.step_ms as f64 / YEAR_MS as f64;
    let mut setting =
        Setting { drift: vec![], half_variance: vec![], loadings: vec![], spread: None };
    let mut scales = Vec::with_capacity(volatility.len());
    let is_bent = spec.options.copula_df.is_some();
    for (asset, (volatility, drift)) in volatility.iter().zip(drift).enumerate() {
        let compensation = match &spec.kind {
            ModelKind::Merton(jumps) => jumps.get(asset).map_or(0.0, MertonJumps::compensation),
            _ => 0.0,
        };
        let log_drift = drift - volatility * volatility / 2.0 - compensation;
        let scale = volatility * dt.sqrt();
        setting.drift.push(log_drift * dt);
        setting.half_variance.push(volatility * volatility / 2.0 * dt);
        let times = if is_bent { 1.0 } else { scale };
        setting.loadings.push(factor.row(asset).iter().map(|value| value * times).collect());
        scales.push(scale);
    }
    setting.spread = is_bent.then_some(scales);
    setting
}
