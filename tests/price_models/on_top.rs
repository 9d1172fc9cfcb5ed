//! Drifting correlations, shocks and antithetic paths.

use drypowder::prices::models::{
    BootstrapSpec, CorrelationDrift, GarchAsset, GarchSpec, HestonAsset, MertonJumps, ModelError,
    ModelKind, ModelOptions, ModelPath, ModelSpec, Regime, RegimesSpec,
};
use drypowder::prices::{Shock, ShockKind};
use drypowder::stats::StreamKey;
use drypowder::units::time::DAY_MS;

use crate::harness::{Table, asset, daily, day, each_path, mean, pair, steps};

/// Every model for one asset of 80 % with the same expected growth.
fn models() -> Vec<(&'static str, ModelKind)> {
    let jumps = MertonJumps { intensity: 30.0, mean: -0.05, deviation: 0.05, compensated: true };
    let garch = GarchAsset { alpha: 0.1, beta: 0.85, df: Some(4.0), start_volatility: None };
    let heston = HestonAsset {
        mean_reversion: 3.0,
        vol_of_vol: 2.0,
        price_variance: -0.6,
        start_volatility: None,
    };
    let regime = |days: f64, next: [f64; 2], volatility: f64| Regime {
        name: format!("{days}d"),
        duration_ms: days * DAY_MS as f64,
        next: next.to_vec(),
        volatility: vec![volatility],
        drift: vec![0.4],
        correlation: vec![1.0],
    };
    let regimes = vec![regime(30.0, [0.0, 1.0], 0.5), regime(10.0, [1.0, 0.0], 1.5)];
    let mut stream = StreamKey::new("test", "rows").open(1, 0);
    let rows = (0..500).map(|_| 0.04 * stream.normal()).collect();
    vec![
        ("gbm", ModelKind::Gbm),
        ("merton", ModelKind::Merton(vec![jumps])),
        ("garch", ModelKind::Garch(GarchSpec { assets: vec![garch], common_tails: true })),
        ("heston", ModelKind::Heston(vec![heston])),
        ("regimes", ModelKind::Regimes(RegimesSpec { regimes, start: None })),
        (
            "bootstrap",
            ModelKind::Bootstrap(BootstrapSpec {
                returns: vec![rows].into(),
                mean_block: 1.0,
                recentred: true,
            }),
        ),
    ]
}

fn one(kind: ModelKind, steps: usize, options: ModelOptions) -> ModelSpec {
    ModelSpec { options, ..daily(vec![asset("A", 0.8, 0.4)], vec![1.0], steps, kind) }
}

fn shock(name: &str, after_days: Option<i64>, over_ms: i64, kind: ShockKind) -> Shock {
    Shock::new(name, after_days.map(|days| days * DAY_MS), over_ms, kind)
}

/// From ρ = .2 to .9 between day 100 and day 200, there for 50 days and back: the expected product
/// of two steps is that of the correlation at the step's start, to half a stair of 256: .7/512.
#[test]
fn correlations_drift_by_schedule() {
    let garch = GarchAsset { alpha: 0.0, beta: 0.0, df: Some(6.0), start_volatility: None };
    let garch = ModelKind::Garch(GarchSpec { assets: vec![garch; 2], common_tails: true });
    let mut table = Table::new("correlation drift");
    for (name, kind) in [("gbm", ModelKind::Gbm), ("garch", garch)] {
        let drift = CorrelationDrift {
            crisis: vec![1.0, 0.9, 0.9, 1.0],
            after_ms: 100 * DAY_MS,
            over_ms: 100 * DAY_MS,
            stay_ms: Some(50 * DAY_MS),
            drawdown: None,
        };
        let options = ModelOptions { correlation_drift: Some(drift), ..ModelOptions::default() };
        let spec = ModelSpec { options, ..pair(0.0015, 0.2, 400, kind) };
        let unit = 0.0015 * 0.0015 * day();
        // Ten days each; the weight in the middle of those whose ends lie on one ramp.
        let windows =
            [(0, 0.0), (90, 0.0), (120, 0.245), (170, 0.745), (220, 1.0), (300, 0.455), (380, 0.0)];
        let rows = each_path(&spec, 1, 20_000, |logs| {
            let (a, b) = (steps(&logs[0]), steps(&logs[1]));
            windows.map(|(from, _)| mean((from..from + 10).map(|at| a[at] * b[at] / unit)))
        });
        for (place, (from, weight)) in windows.into_iter().enumerate() {
            let values: Vec<f64> = rows.iter().map(|row| row[place]).collect();
            let truth = 0.2 + 0.7 * weight;
            table.mean_within(
                format!("{name}: days {from} to {}", from + 10),
                truth,
                &values,
                0.7 / 512.0,
            );
        }
    }
    table.check();
}

#[test]
fn a_crisis_matrix_that_is_none_is_refused() {
    let drift = |crisis| CorrelationDrift {
        crisis,
        after_ms: 0,
        over_ms: 0,
        stay_ms: None,
        drawdown: None,
    };
    let with = |kind, crisis| {
        let options =
            ModelOptions { correlation_drift: Some(drift(crisis)), ..ModelOptions::default() };
        ModelPath::new(&ModelSpec { options, ..pair(0.5, 0.2, 1, kind) }).map(|_| ())
    };
    // Eigenvalues 1 ± 1.2.
    let error = with(ModelKind::Gbm, vec![1.0, 1.2, 1.2, 1.0]).unwrap_err();
    assert!(matches!(error, ModelError::NotPsd(least) if (least + 0.2).abs() < 1e-12), "{error}");
    let bootstrap = BootstrapSpec {
        returns: vec![vec![0.1], vec![0.1]].into(),
        mean_block: 1.0,
        recentred: true,
    };
    let error = with(ModelKind::Bootstrap(bootstrap), vec![1.0, 0.0, 0.0, 1.0]).unwrap_err();
    assert!(error.to_string().contains("this model takes none"), "{error}");
}

/// Without volatility and drift only shocks are left: 40 % down over 4 days from day 2 on, a step
/// and a half of nothing, and 10 % more within day 8.
#[test]
fn crashes_stack() {
    let options = ModelOptions {
        shocks: vec![
            shock("slow", Some(2), 4 * DAY_MS, ShockKind::Crash(vec![libm::log(0.6)])),
            shock("fast", Some(7), 0, ShockKind::Crash(vec![libm::log(0.9)])),
        ],
        ..ModelOptions::default()
    };
    let spec =
        ModelSpec { options, ..daily(vec![asset("A", 0.0, 0.0)], vec![1.0], 10, ModelKind::Gbm) };
    let logs = &each_path(&spec, 1, 1, |logs| logs[0].clone())[0];
    let quarter = libm::log(0.6) / 4.0;
    let fallen = [0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 4.0, 4.0, 4.0, 4.0];
    for (tick, quarters) in fallen.into_iter().enumerate() {
        let fast = if tick >= 8 { libm::log(0.9) } else { 0.0 };
        let truth = quarters * quarter + fast;
        assert!((logs[tick] - truth).abs() < 1e-12, "tick {tick}: {}, not {truth}", logs[tick]);
    }
}

/// At a random instant: even over the 8 days at which 2 days of fall fit into 10.
#[test]
fn a_random_shock_is_even_over_the_run() {
    let options = ModelOptions {
        shocks: vec![shock("any", None, 2 * DAY_MS, ShockKind::Crash(vec![-0.5]))],
        ..ModelOptions::default()
    };
    let spec =
        ModelSpec { options, ..daily(vec![asset("A", 0.0, 0.0)], vec![1.0], 10, ModelKind::Gbm) };
    let rows = each_path(&spec, 1, 50_000, |logs| logs[0].clone());
    let mut table = Table::new("random shock");
    // E of the part fallen by day t: ∫ over u in [0, 8] of clamp((t − u)/2, 0, 1)/8: t²/32 up to 2,
    // then (t − 1)/8.
    for (tick, truth) in [(1, 1.0 / 32.0), (2, 0.125), (5, 0.5), (9, 1.0 - 1.0 / 32.0)] {
        let values: Vec<f64> = rows.iter().map(|row| row[tick] / -0.5).collect();
        table.mean(format!("fallen by day {tick}"), truth, &values);
    }
    assert!(rows.iter().all(|row| (row[10] + 0.5).abs() < 1e-12));
    table.check();
}

/// Volatility × 3 for 20 of 60 days, as two shocks of 2 and 1.5: the expected growth stays e^(μT)
/// under every model, and the diffusions' variance of a step is nine times what it was.
#[test]
fn wilder_prices_grow_as_before() {
    let factor =
        |name, factor| shock(name, Some(30), 20 * DAY_MS, ShockKind::Volatility(vec![factor]));
    let options = ModelOptions {
        shocks: vec![factor("a", 2.0), factor("b", 1.5)],
        ..ModelOptions::default()
    };
    let mut table = Table::new("volatility × 3");
    for (name, kind) in models() {
        let spec = one(kind, 60, options.clone());
        let rows = each_path(&spec, 2, 60_000, |logs| {
            let steps = steps(&logs[0]);
            (libm::exp(logs[0][60]), (steps[29], steps[30], steps[49], steps[50]))
        });
        let growth: Vec<f64> = rows.iter().map(|row| row.0).collect();
        table.mean(format!("{name}: E S/S₀"), libm::exp(0.4 * 60.0 * day()), &growth);
        if name == "gbm" {
            // ln step = (μ − m²σ²/2)·dt + mσ√dt·z.
            let variance = 0.64 * day();
            let square = |scale: f64| {
                let drift = 0.4 * day() - scale * variance / 2.0;
                scale * variance + drift * drift
            };
            let of = |pick: fn(&(f64, f64, f64, f64)) -> f64| -> Vec<f64> {
                rows.iter().map(|row| pick(&row.1) * pick(&row.1) * 1e3).collect()
            };
            table.mean("gbm: square before, 1e-3", square(1.0) * 1e3, &of(|row| row.0));
            table.mean("gbm: square at first, 1e-3", square(9.0) * 1e3, &of(|row| row.1));
            table.mean("gbm: square at last, 1e-3", square(9.0) * 1e3, &of(|row| row.2));
            table.mean("gbm: square after, 1e-3", square(1.0) * 1e3, &of(|row| row.3));
        }
    }
    table.check();
}

/// A mirrored path has the law of any other; the logs of a pair of diffusions sum to twice their
/// drift.
#[test]
fn pairs_mirror_each_other() {
    let options = ModelOptions { antithetic: true, ..ModelOptions::default() };
    let mut table = Table::new("antithetic");
    for (name, kind) in models().into_iter().filter(|(name, _)| *name != "bootstrap") {
        let spec = one(kind, 60, options.clone());
        let logs = each_path(&spec, 3, 80_000, |logs| logs[0][60]);
        let odd: Vec<f64> = logs.chunks(2).map(|pair| libm::exp(pair[1])).collect();
        let both: Vec<f64> =
            logs.chunks(2).map(|pair| (libm::exp(pair[0]) + libm::exp(pair[1])) / 2.0).collect();
        let truth = libm::exp(0.4 * 60.0 * day());
        table.mean(format!("{name}: mirrored paths"), truth, &odd);
        table.mean(format!("{name}: pairs"), truth, &both);
        if name == "gbm" {
            let twice = 2.0 * (0.4 - 0.32) * 60.0 * day();
            assert!(logs.chunks(2).all(|pair| (pair[0] + pair[1] - twice).abs() < 1e-12));
        }
        let plain = ModelSpec { options: ModelOptions::default(), ..spec.clone() };
        let even = each_path(&plain, 3, 10, |logs| logs[0][60].to_bits());
        assert!((0..5).all(|k| even[2 * k] == logs[2 * k].to_bits()), "{name}");
        assert_eq!([plain.replicate_size(), spec.replicate_size()], [1, 2]);
    }
    table.check();
}
