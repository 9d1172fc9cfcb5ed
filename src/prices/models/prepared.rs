//! What all paths of a model share.

use super::setting::Setting;
use super::{ModelError, ModelKind, ModelSpec};
use crate::stats::{LowerTriangular, StreamKey, SymMatrix, cholesky, smallest_eigenvalue};
use crate::units::time::YEAR_MS;

/// What all paths of a model share.
#[derive(Debug)]
pub(super) struct Prepared {
    pub spec: ModelSpec,
    pub keys: Vec<StreamKey>,
    pub settings: Vec<Setting>,
}

impl Prepared {
    /// Prepares a model; refuses a correlation matrix that is not positive semi-definite.
    pub fn of(spec: &ModelSpec) -> Result<Self, ModelError> {
        let factor = factor(spec.assets.len(), &spec.correlation)?;
        let settings = vec![setting(spec, &factor)];
        let keys = spec.assets.iter().map(|asset| StreamKey::new("prices", &asset.name)).collect();
        Ok(Self { spec: spec.clone(), keys, settings })
    }
}

/// The Cholesky factor of a correlation matrix.
pub(super) fn factor(n: usize, correlation: &[f64]) -> Result<LowerTriangular, ModelError> {
    let matrix =
        SymMatrix::new(n, correlation.to_vec()).map_err(|_| ModelError::NotPsd(f64::NAN))?;
    cholesky(&matrix).map_err(|_| ModelError::NotPsd(smallest_eigenvalue(&matrix)))
}

/// Drift and loadings of the model's normals. A model that moves its own variance takes
/// correlated standard normals.
fn setting(spec: &ModelSpec, factor: &LowerTriangular) -> Setting {
    let dt = spec.step_ms as f64 / YEAR_MS as f64;
    let root_dt = dt.sqrt();
    let n = spec.assets.len();
    let (drift, scales): (Vec<f64>, Vec<f64>) = match &spec.kind {
        ModelKind::Gbm | ModelKind::Merton(_) => (0..n)
            .map(|asset| (log_drift(spec, asset) * dt, spec.assets[asset].volatility * root_dt))
            .unzip(),
        ModelKind::Garch(_) => (vec![0.0; n], vec![1.0; n]),
    };
    let loadings = (scales.iter().enumerate())
        .map(|(row, scale)| factor.row(row).iter().map(|value| value * scale).collect())
        .collect();
    Setting { drift, loadings }
}

/// Drift of the log price per year: μ − σ²/2, less the compensation of the jumps.
fn log_drift(spec: &ModelSpec, asset: usize) -> f64 {
    let diffusion = &spec.assets[asset];
    let drift = diffusion.drift - diffusion.volatility * diffusion.volatility / 2.0;
    match &spec.kind {
        ModelKind::Merton(jumps) => drift - jumps[asset].compensation(),
        _ => drift,
    }
}
