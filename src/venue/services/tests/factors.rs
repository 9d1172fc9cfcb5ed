//! Factors of the services.

use super::*;
use crate::stats::{Stream, StreamKey};

const DRAWS: usize = 200_000;
/// Five standard errors of a correlation near 0 over so many draws.
const TOLERANCE: f64 = 0.0112;

/// Market returns of two assets with correlation 0.8 and the services' factors.
fn sample(spec: &FactorSpec) -> (Vec<[f64; 2]>, Vec<[f64; Factor::COUNT]>) {
    let mut factors = ServiceFactors::new(spec).expect("correlations hold");
    let mut market: Stream = StreamKey::new("test", "market").open(1, 0);
    let mut own = StreamKey::new("service factors", "a").open(1, 0);
    (0..DRAWS)
        .map(|_| {
            let first = market.normal();
            let second = 0.8 * first + 0.6 * market.normal();
            let returns = [first, second];
            factors.set_market(&returns[..spec.assets.n()]);
            (returns, factors.draw(&mut own))
        })
        .unzip()
}

fn two_assets() -> SymMatrix {
    SymMatrix::new(2, vec![1.0, 0.8, 0.8, 1.0]).expect("symmetric")
}

/// The table of the worked figures, by the asset that "trading" is; for the other asset times 0.8.
#[test]
fn correlations_are_those_asked_for() {
    let (returns, factors) = sample(&FactorSpec::prime(two_assets(), 0));
    let with = |asset: usize, service: usize| {
        let pairs = returns.iter().zip(&factors);
        correlation(&pairs.map(|(z, s)| (z[asset], s[service])).collect::<Vec<_>>())
    };
    for (service, rho) in [0.42, 0.08, 0.11, -0.31].into_iter().enumerate() {
        assert!((with(0, service) - rho).abs() < TOLERANCE, "{service}: {}", with(0, service));
        assert!((with(1, service) - 0.8 * rho).abs() < TOLERANCE, "{service}");
    }
    for one in 0..Factor::COUNT {
        for other in 0..one {
            let pairs: Vec<_> = factors.iter().map(|s| (s[one], s[other])).collect();
            let rho = if (one, other) == (2, 0) { 0.06 } else { 0.0 };
            assert!((correlation(&pairs) - rho).abs() < TOLERANCE, "{one} {other}");
        }
        // Standard normal: mean 0 (± 5/√n = 0.0112), variance 1 (± 5·√(2/n) = 0.0158).
        let mean = factors.iter().map(|s| s[one]).sum::<f64>() / DRAWS as f64;
        let square = factors.iter().map(|s| s[one] * s[one]).sum::<f64>() / DRAWS as f64;
        assert!(mean.abs() < 0.0112 && (square - 1.0).abs() < 0.0158, "{one} {mean} {square}");
    }
}

/// With one asset and no other correlation s = ρ·z + √(1 − ρ²)·ε: the same ε, hand by hand.
#[test]
fn one_asset_is_the_plain_formula() {
    let spec = FactorSpec {
        between: SymMatrix::identity(Factor::COUNT),
        with_trading: [0.42, 0.0, 0.0, 0.0],
        ..FactorSpec::prime(SymMatrix::identity(1), 0)
    };
    let mut factors = ServiceFactors::new(&spec).expect("correlations hold");
    let mut stream = StreamKey::new("test", "plain").open(1, 0);
    let mut same = stream.clone();
    factors.set_market(&[1.5]);
    let drawn = factors.draw(&mut stream);
    let casino = 0.42 * 1.5 + (1.0 - 0.42_f64 * 0.42).sqrt() * same.normal();
    assert!((drawn[0] - casino).abs() < 1e-15);
    assert!((drawn[1] - same.normal()).abs() < 1e-15);
}

/// A given correlation stands in place of the product.
#[test]
fn a_given_correlation_counts() {
    let given = vec![(Factor::Casino, 1, 0.1)];
    let (returns, factors) = sample(&FactorSpec { given, ..FactorSpec::prime(two_assets(), 0) });
    let with = |asset: usize| {
        let pairs = returns.iter().zip(&factors);
        correlation(&pairs.map(|(z, s)| (z[asset], s[0])).collect::<Vec<_>>())
    };
    assert!((with(0) - 0.42).abs() < TOLERANCE && (with(1) - 0.1).abs() < TOLERANCE);
}

/// From ρ = .8 of the assets to .96: on the way and at its end factors are standard normal still,
/// and ρ(casino, second asset) = .42 times the assets' correlation of the step.
#[test]
fn correlations_drift_with_those_of_the_assets() {
    let crisis = SymMatrix::new(2, vec![1.0, 0.96, 0.96, 1.0]).expect("symmetric");
    let spec = FactorSpec { crisis: Some(crisis), ..FactorSpec::prime(two_assets(), 0) };
    let mut factors = ServiceFactors::new(&spec).expect("correlations hold");
    let mut market: Stream = StreamKey::new("test", "market").open(2, 0);
    let mut own = StreamKey::new("service factors", "a").open(2, 0);
    for (weight, rho) in [(0.0, 0.8), (0.5, 0.88), (1.0, 0.96_f64)] {
        factors.set_crisis(weight);
        let pairs: Vec<_> = (0..DRAWS)
            .map(|_| {
                let first = market.normal();
                let second = rho * first + (1.0 - rho * rho).sqrt() * market.normal();
                factors.set_market(&[first, second]);
                (second, factors.draw(&mut own)[0])
            })
            .collect();
        assert!((correlation(&pairs) - 0.42 * rho).abs() < TOLERANCE, "{weight}");
        let square = pairs.iter().map(|(_, s)| s * s).sum::<f64>() / DRAWS as f64;
        assert!((square - 1.0).abs() < 0.0158, "{weight}: {square}");
    }
}

/// .9 with trading and −.9 with an asset fit while the assets are opposed, not when they move
/// together: of the three [[1, .9, .9], [.9, 1, −.9], [.9, −.9, 1]] has the eigenvalue −.8.
#[test]
fn a_crisis_that_cannot_be_is_refused() {
    let opposed = |rho| SymMatrix::new(2, vec![1.0, rho, rho, 1.0]).expect("symmetric");
    let spec = FactorSpec {
        with_trading: [0.9, 0.0, 0.0, 0.0],
        between: SymMatrix::identity(Factor::COUNT),
        given: vec![(Factor::Casino, 1, -0.9)],
        ..FactorSpec::prime(opposed(-0.9), 0)
    };
    assert!(ServiceFactors::new(&spec).is_ok());
    let spec = FactorSpec { crisis: Some(opposed(0.9)), ..spec };
    let refused = ServiceFactors::new(&spec).expect_err("not semi-definite");
    assert!((refused.smallest_eigenvalue + 0.8).abs() < 1e-12, "{refused}");
}

/// Of [[1, .9, −.9], [.9, 1, .9], [−.9, .9, 1]] the eigenvalues are 1.9, 1.9 and −0.8; the two
/// services beside it have 1.
#[test]
fn what_cannot_hold_together_is_refused() {
    let mut between = SymMatrix::identity(Factor::COUNT);
    between.set(Factor::Casino as usize, Factor::Lending as usize, 0.9);
    let spec = FactorSpec {
        with_trading: [0.9, 0.0, 0.0, -0.9],
        between,
        ..FactorSpec::prime(SymMatrix::identity(1), 0)
    };
    let refused = ServiceFactors::new(&spec).expect_err("not semi-definite");
    assert!((refused.smallest_eigenvalue + 0.8).abs() < 1e-12, "{refused}");
}

/// Two assets that are one: the second adds nothing.
#[test]
fn assets_may_be_the_same() {
    let assets = SymMatrix::new(2, vec![1.0; 4]).expect("symmetric");
    let mut factors = ServiceFactors::new(&FactorSpec::prime(assets, 0)).expect("semi-definite");
    let mut stream = StreamKey::new("test", "same").open(1, 0);
    factors.set_market(&[2.0, 2.0]);
    assert!(factors.draw(&mut stream).iter().all(|factor| factor.is_finite()));
}

/// Half way from .8 to 1 between the assets is .9; casino .42 → .71, lending −.31 → −.655, a
/// service without correlation stays at 0; casino with the other asset (.8·.42 + 1)/2 = .668;
/// casino–escrow (.06 + 1)/2 = .53, casino–lending −.5. At the end all are ±1, which holds.
#[test]
fn on_the_way_to_a_crisis() {
    let target = SymMatrix::new(2, vec![1.0, 1.0, 1.0, 1.0]).expect("symmetric");
    let mut base = FactorSpec::prime(two_assets(), 0);
    base.with_trading[Factor::Domains as usize] = 0.0;
    let half = base.towards(&target, 0.5);
    let near = |found: f64, truth: f64| assert!((found - truth).abs() < 1e-12, "{found} {truth}");
    near(half.assets.get(0, 1), 0.9);
    for (service, rho) in [0.71, 0.0, 0.555, -0.655].into_iter().enumerate() {
        near(half.with_trading[service], rho);
    }
    let given = half.given.iter().find(|(of, ..)| *of == Factor::Casino).expect("set");
    assert_eq!(given.1, 1);
    near(given.2, 0.668);
    near(half.between.get(Factor::Casino as usize, Factor::Escrow as usize), 0.53);
    near(half.between.get(Factor::Casino as usize, Factor::Lending as usize), -0.5);
    near(half.between.get(Factor::Casino as usize, Factor::Domains as usize), 0.0);
    for step in 0..=10 {
        let spec = base.towards(&target, f64::from(step) / 10.0);
        assert!(ServiceFactors::new(&spec).is_ok(), "{step}");
    }
    let none = base.towards(&target, 0.0);
    assert_eq!((none.with_trading, none.between), (base.with_trading, base.between));
}
