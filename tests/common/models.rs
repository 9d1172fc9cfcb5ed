//! One model of every kind.

#![allow(dead_code, reason = "each test binary uses a part")]

use drypowder::prices::models::{
    BootstrapSpec, GarchAsset, GarchSpec, HestonAsset, MertonJumps, ModelKind, Regime, RegimesSpec,
};
use drypowder::stats::StreamKey;
use drypowder::units::time::DAY_MS;

/// Every kind for so many assets, none with a drift.
pub fn every(assets: usize) -> Vec<(&'static str, ModelKind)> {
    let jumps = MertonJumps { intensity: 20.0, mean: -0.06, deviation: 0.08, compensated: true };
    let garch = GarchAsset { alpha: 0.08, beta: 0.9, df: Some(4.0), start_volatility: None };
    let heston = HestonAsset {
        mean_reversion: 4.0,
        vol_of_vol: 1.5,
        price_variance: -0.4,
        start_volatility: None,
    };
    let with =
        |common_tails| ModelKind::Garch(GarchSpec { assets: vec![garch; assets], common_tails });
    vec![
        ("gbm", ModelKind::Gbm),
        ("merton", ModelKind::Merton(vec![jumps; assets])),
        ("garch, common tails", with(true)),
        ("garch, own tails", with(false)),
        ("heston", ModelKind::Heston(vec![heston; assets])),
        ("regimes", ModelKind::Regimes(regimes(assets))),
        ("bootstrap", ModelKind::Bootstrap(bootstrap(assets))),
    ]
}

/// Calm sixty days at ρ = .5, then a crash of three at ρ = .95.
fn regimes(assets: usize) -> RegimesSpec {
    let matrix = |rho: f64| -> Vec<f64> {
        let diagonal = |at: usize| at.is_multiple_of(assets + 1);
        (0..assets * assets).map(|at| if diagonal(at) { 1.0 } else { rho }).collect()
    };
    let regime = |name: &str, days: i64, next: [f64; 2], volatility: f64, rho: f64| Regime {
        name: name.into(),
        duration_ms: (days * DAY_MS) as f64,
        next: next.to_vec(),
        volatility: vec![volatility; assets],
        drift: vec![0.0; assets],
        correlation: matrix(rho),
    };
    let regimes =
        vec![regime("calm", 60, [0.0, 1.0], 0.5, 0.5), regime("crash", 3, [1.0, 0.0], 2.0, 0.95)];
    RegimesSpec { regimes, start: None }
}

/// 5,000 rows of hours that move together, in blocks of two days.
fn bootstrap(assets: usize) -> BootstrapSpec {
    let mut stream = StreamKey::new("test", "rows").open(1, 0);
    let mut returns = vec![Vec::new(); assets];
    for row in 0..5_000 {
        let wild = if row % 500 < 50 { 0.02 } else { 0.005 };
        let common = stream.normal();
        for rows in &mut returns {
            rows.push(wild * (0.8 * common + 0.6 * stream.normal()));
        }
    }
    BootstrapSpec { returns: returns.into(), mean_block: 48.0, recentred: true }
}
