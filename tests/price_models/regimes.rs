//! Regime switching.

use drypowder::prices::models::{
    GbmAsset, ModelError, ModelKind, ModelPath, ModelSpec, Regime, RegimesSpec,
};
use drypowder::units::time::DAY_MS;

use crate::harness::{Table, asset, daily, day, each_path, mean, steps};

fn regime(days: f64, next: &[f64], volatility: &[f64], drift: &[f64], rho: f64) -> Regime {
    let n = volatility.len();
    Regime {
        name: format!("{days}d"),
        duration_ms: days * DAY_MS as f64,
        next: next.to_vec(),
        volatility: volatility.to_vec(),
        drift: drift.to_vec(),
        correlation: (0..n * n).map(|at| if at % (n + 1) == 0 { 1.0 } else { rho }).collect(),
    }
}

fn spec(regimes: Vec<Regime>, start: Option<usize>, steps: usize) -> ModelSpec {
    let regimes = RegimesSpec { regimes, start };
    let long_run = regimes.long_run().expect("it is a chain");
    let names = ["A", "B", "C"];
    let assets: Vec<GbmAsset> = (long_run.volatility.iter().zip(&long_run.drift))
        .zip(names)
        .map(|((volatility, drift), name)| asset(name, *volatility, *drift))
        .collect();
    daily(assets, long_run.correlation, steps, ModelKind::Regimes(regimes))
}

/// Three stays of 10, 4 and 2 days; the second is followed by either other.
fn three() -> Vec<Regime> {
    vec![
        regime(10.0, &[0.0, 1.0, 0.0], &[0.0], &[1.0], 0.0),
        regime(4.0, &[0.3, 0.0, 0.7], &[0.0], &[2.0], 0.0),
        regime(2.0, &[1.0, 0.0, 0.0], &[0.0], &[3.0], 0.0),
    ]
}

type Matrix = [[f64; 3]; 3];

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}

/// e^(Q·days) of the chain above, by its power series at a 1024th of the time, squared ten times.
fn transition(days: f64) -> Matrix {
    let rate = [0.1, 0.25, 0.5];
    let next = [[0.0, 1.0, 0.0], [0.3, 0.0, 0.7], [1.0, 0.0, 0.0]];
    let one: Matrix = std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j))));
    let q: Matrix = std::array::from_fn(|i| {
        std::array::from_fn(|j| rate[i] * (next[i][j] - one[i][j]) * days / 1024.0)
    });
    let (mut sum, mut term) = (one, one);
    for k in 1..20 {
        term = product(&term, &q).map(|row| row.map(|x| x / f64::from(k)));
        sum = std::array::from_fn(|i| std::array::from_fn(|j| sum[i][j] + term[i][j]));
    }
    (0..10).fold(sum, |power, _| product(&power, &power))
}

/// Without volatility a step's log is its regime's drift, which names the regime. From the third
/// the probability of each at the start of step k + 1 is a row of e^(Qk). In the long run: flows
/// balance at π₁/10 = .3π₂/4 + π₃/2, π₂/4 = π₁/10, π₃/2 = .7π₂/4, so that π₂ = .4π₁ and π₃ =
/// .14π₁: π = (1, .4, .14)/1.54.
#[test]
fn occupancy_is_that_of_the_chain() {
    let mut table = Table::new("regimes");
    let which = |step: f64| (step / day()).round() as usize - 1;
    let rows = each_path(&spec(three(), Some(2), 60), 1, 60_000, |logs| -> Vec<usize> {
        steps(&logs[0]).into_iter().map(which).collect()
    });
    for days in [1, 3, 10, 40] {
        let truth = transition(f64::from(days))[2];
        for (regime, truth) in truth.into_iter().enumerate() {
            let at = days as usize;
            let is: Vec<f64> =
                rows.iter().map(|row| f64::from(u8::from(row[at] == regime))).collect();
            table.mean(format!("regime {regime} after {days} d"), truth, &is);
        }
    }
    let rows = each_path(&spec(three(), None, 200), 2, 20_000, |logs| {
        let regimes: Vec<usize> = steps(&logs[0]).into_iter().map(which).collect();
        let share =
            |regime: usize| mean(regimes.iter().map(|is| f64::from(u8::from(*is == regime))));
        let changes = regimes.windows(2).map(|pair| f64::from(u8::from(pair[0] != pair[1])));
        ([share(0), share(1), share(2)], mean(changes))
    });
    let long_run = [1.0, 0.4, 0.14].map(|share| share / 1.54);
    for (regime, truth) in long_run.into_iter().enumerate() {
        let shares: Vec<f64> = rows.iter().map(|row| row.0[regime]).collect();
        table.mean(format!("long-run share of regime {regime}"), truth, &shares);
    }
    let changes: Vec<f64> = rows.iter().map(|row| row.1).collect();
    let p = transition(1.0);
    let truth: f64 = (0..3).map(|regime| long_run[regime] * (1.0 - p[regime][regime])).sum();
    table.mean("changes a step", truth, &changes);
    table.check();
}

/// Each step grows by e^(μ·dt) of the regime at its start: E S_n/S₀ = 1ᵀ(D·e^(Q·1d))ⁿ from the
/// first regime, D = diag e^(μ·dt), whatever the volatilities.
#[test]
fn the_expected_price_is_that_of_the_chain() {
    let drifts = [1.5, -2.0, -8.0];
    let regimes: Vec<Regime> = (three().into_iter().zip(drifts).zip([0.3, 0.9, 2.0]))
        .map(|((regime, drift), volatility)| Regime {
            drift: vec![drift],
            volatility: vec![volatility],
            ..regime
        })
        .collect();
    let p = transition(1.0);
    let mut at = [1.0, 0.0, 0.0];
    for _ in 0..90 {
        let grown: [f64; 3] = std::array::from_fn(|k| at[k] * libm::exp(drifts[k] * day()));
        at = std::array::from_fn(|to| (0..3).map(|from| grown[from] * p[from][to]).sum());
    }
    let growth = each_path(&spec(regimes, Some(0), 90), 3, 60_000, |logs| libm::exp(logs[0][90]));
    let mut table = Table::new("regimes, growth");
    table.mean("E S/S₀ after 90 d", at.iter().sum(), &growth);
    table.check();
}

/// Calm 30 days of the time at ρ = .2, wild 10 days at ρ = .9: π = ¾, ¼. Variances
/// ¾·.01² + ¼·.03² = 3e-4 and ¾·.02² + ¼·.04² = 7e-4, covariance ¾·.2·2e-4 + ¼·.9·12e-4 = 3e-4.
#[test]
fn each_regime_has_its_own_correlations() {
    let regimes = vec![
        regime(30.0, &[0.0, 1.0], &[0.01, 0.02], &[0.0, 0.0], 0.2),
        regime(10.0, &[1.0, 0.0], &[0.03, 0.04], &[0.0, 0.0], 0.9),
    ];
    let spec = spec(regimes, None, 200);
    let expected = [(0, 0, 3e-4), (1, 1, 7e-4), (0, 1, 3e-4)];
    let rows = each_path(&spec, 4, 20_000, |logs| {
        let steps = [steps(&logs[0]), steps(&logs[1])];
        expected.map(|(one, other, _)| {
            mean(steps[one].iter().zip(&steps[other]).map(|(a, b)| a * b)) / day() * 1e4
        })
    });
    let mut table = Table::new("regimes, two assets");
    for (place, (one, other, truth)) in expected.into_iter().enumerate() {
        let values: Vec<f64> = rows.iter().map(|row| row[place]).collect();
        table.mean(format!("covariance {one}{other}, 1e-4 a year"), truth * 1e4, &values);
        let found = spec.assets[one].volatility
            * spec.assets[other].volatility
            * spec.correlation[one * 2 + other];
        assert!((found - truth).abs() < 1e-12, "{found}, not {truth}");
    }
    table.check();
}

#[test]
fn what_is_no_chain_is_refused() {
    let good = || regime(1.0, &[0.0, 1.0], &[0.1], &[0.0], 0.0);
    let other = || regime(1.0, &[1.0, 0.0], &[0.1], &[0.0], 0.0);
    let island = |next: &[f64]| regime(1.0, next, &[0.1], &[0.0], 0.0);
    let rows: Vec<(Vec<Regime>, &str)> = vec![
        (vec![], "no regime to start in"),
        (vec![Regime { duration_ms: 0.0, ..good() }, other()], "expected stay of 0 ms"),
        (vec![island(&[0.0, 0.5]), other()], "probabilities [0.0, 0.5]"),
        (vec![island(&[0.5, 0.5]), other()], "probabilities [0.5, 0.5]"),
        (vec![Regime { volatility: vec![-0.1], ..good() }, other()], "volatilities [-0.1]"),
        (
            vec![
                island(&[0.0, 1.0, 0.0, 0.0]),
                island(&[1.0, 0.0, 0.0, 0.0]),
                island(&[0.0, 0.0, 0.0, 1.0]),
                island(&[0.0, 0.0, 1.0, 0.0]),
            ],
            "never reach each other",
        ),
    ];
    for (regimes, words) in rows {
        let kind = ModelKind::Regimes(RegimesSpec { regimes, start: None });
        let spec = daily(vec![asset("A", 0.1, 0.0)], vec![1.0], 1, kind);
        match ModelPath::new(&spec).map(|_| ()) {
            Err(ModelError::Parameter { problem, .. }) => {
                assert!(problem.contains(words), "{words}: {problem}");
            }
            other => panic!("{words}: {other:?}"),
        }
    }
    let matrix = vec![1.0, 0.9, -0.9, 0.9, 1.0, 0.9, -0.9, 0.9, 1.0];
    let bad =
        Regime { correlation: matrix, ..regime(1.0, &[0.0], &[0.1, 0.1, 0.1], &[0.0; 3], 0.0) };
    let kind = ModelKind::Regimes(RegimesSpec { regimes: vec![bad], start: None });
    let assets = ["A", "B", "C"].map(|name| asset(name, 0.1, 0.0)).to_vec();
    let identity = (0..9).map(|at| f64::from(u8::from(at % 4 == 0))).collect();
    // Eigenvalues of this pattern: 1 + .9 twice and 1 − 1.8 = −.8.
    let error = ModelPath::new(&daily(assets, identity, 1, kind)).unwrap_err();
    assert!(matches!(error, ModelError::NotPsd(least) if (least + 0.8).abs() < 1e-12), "{error}");
}
