//! A model with other drifts.

use super::{ModelKind, ModelSpec};

impl ModelSpec {
    /// The same model, on the same draws, with `shift` added to the arithmetic drift per year of every
    /// asset, in every regime. A bootstrap that keeps its history's own growth is shifted from that.
    pub fn with_drift_shift(&self, shift: f64) -> Self {
        let mut shifted = self.clone();
        for (asset, of) in shifted.assets.iter_mut().enumerate() {
            of.drift = shift
                + match &self.kind {
                    ModelKind::Bootstrap(spec) if !spec.recentred => {
                        spec.drift(asset, self.step_ms)
                    }
                    _ => of.drift,
                };
        }
        match &mut shifted.kind {
            ModelKind::Bootstrap(spec) => spec.recentred = true,
            ModelKind::Regimes(spec) => {
                let drifts = spec.regimes.iter_mut().flat_map(|regime| regime.drift.iter_mut());
                drifts.for_each(|drift| *drift += shift);
            }
            ModelKind::Gbm | ModelKind::Merton(_) | ModelKind::Garch(_) | ModelKind::Heston(_) => {}
        }
        shifted
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{BootstrapSpec, GbmAsset, ModelOptions, Regime, RegimesSpec};
    use super::*;

    fn model(kind: ModelKind) -> ModelSpec {
        let asset =
            GbmAsset { name: "A".to_owned(), start_price: 100.0, volatility: 0.5, drift: 0.1 };
        ModelSpec {
            start_ms: 0,
            step_ms: 86_400_000,
            steps: 30,
            assets: vec![asset],
            correlation: vec![1.0],
            kind,
            options: ModelOptions::default(),
        }
    }

    #[test]
    fn every_model_is_shifted_once() {
        let down = model(ModelKind::Gbm).with_drift_shift(-0.5);
        assert_eq!(down.assets[0].drift, -0.4);
        let regime = Regime {
            name: "calm".to_owned(),
            duration_ms: 1e9,
            next: vec![0.0],
            volatility: vec![0.5],
            drift: vec![0.2],
            correlation: vec![1.0],
        };
        let kind = ModelKind::Regimes(RegimesSpec { regimes: vec![regime], start: None });
        let ModelKind::Regimes(spec) = model(kind).with_drift_shift(0.5).kind else { panic!() };
        assert_eq!(spec.regimes[0].drift, [0.7]);
        // Days of ±1 % that multiply to 0.99 · 1.01: the mean of e^r is 1, a drift of 0 a year.
        let returns = Arc::new(vec![vec![libm::log(1.01), libm::log(0.99)]]);
        let kept = BootstrapSpec { returns, mean_block: 2.0, recentred: false };
        let shifted = model(ModelKind::Bootstrap(kept)).with_drift_shift(0.5);
        assert!((shifted.assets[0].drift - 0.5).abs() < 1e-12, "{}", shifted.assets[0].drift);
        assert!(matches!(shifted.kind, ModelKind::Bootstrap(spec) if spec.recentred));
    }
}
