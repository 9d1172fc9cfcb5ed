//! What all paths of a model share.

use super::{ModelKind, ModelSpec};
use crate::stats::{StreamKey, SymMatrix, cholesky, smallest_eigenvalue};
use crate::units::time::YEAR_MS;

/// Why a model cannot be simulated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the correlation matrix is not positive semi-definite: smallest eigenvalue {0}")]
pub struct ModelError(pub f64);

/// What all paths of a model share.
#[derive(Debug)]
pub(super) struct Prepared {
    pub spec: ModelSpec,
    pub keys: Vec<StreamKey>,
    pub jump_keys: Vec<StreamKey>,
    /// Per asset: drift of the log price per step, jumps compensated.
    pub drift: Vec<f64>,
    /// Per asset: its row of the correlation's Cholesky factor × σ√dt.
    pub loadings: Vec<Vec<f64>>,
}

impl Prepared {
    /// Prepares a model; refuses a correlation matrix that is not positive semi-definite.
    pub fn of(spec: &ModelSpec) -> Result<Self, ModelError> {
        let n = spec.assets.len();
        let dt = spec.step_ms as f64 / YEAR_MS as f64;
        let matrix =
            SymMatrix::new(n, spec.correlation.clone()).map_err(|_| ModelError(f64::NAN))?;
        let factor = cholesky(&matrix).map_err(|_| ModelError(smallest_eigenvalue(&matrix)))?;
        let loadings = (spec.assets.iter().enumerate())
            .map(|(row, asset)| {
                let scale = asset.volatility * dt.sqrt();
                factor.row(row).iter().take(row + 1).map(|value| value * scale).collect()
            })
            .collect();
        let drift = (0..n).map(|asset| log_drift(spec, asset) * dt).collect();
        let key = |purpose: &str| -> Vec<StreamKey> {
            spec.assets.iter().map(|asset| StreamKey::new(purpose, &asset.name)).collect()
        };
        let (keys, jump_keys) = (key("prices"), key("jumps"));
        Ok(Self { spec: spec.clone(), keys, jump_keys, drift, loadings })
    }
}

/// Drift of the log price per year: μ − σ²/2, less the compensation of the jumps.
fn log_drift(spec: &ModelSpec, asset: usize) -> f64 {
    let diffusion = &spec.assets[asset];
    let drift = diffusion.drift - diffusion.volatility * diffusion.volatility / 2.0;
    match &spec.kind {
        ModelKind::Gbm => drift,
        ModelKind::Merton(jumps) => drift - jumps[asset].compensation(),
    }
}
