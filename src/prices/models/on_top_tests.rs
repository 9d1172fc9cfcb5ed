//! Sobol sets, drifts by drawdown and the t copula: what they keep of a path.

use super::*;
use crate::prices::{PricePath, Shock, ShockKind};
use crate::stats::{mean_and_stderr, normal_cdf, normal_quantile, student_t_upper};
use crate::units::time::{DAY_MS, HOUR_MS};

const ROOT: f64 = 0.6;

/// Three assets A, B, C of 40, 60 and 80 %, correlations .5, .3 and .4, on daily steps.
fn three(steps: usize, kind: ModelKind, options: ModelOptions) -> ModelSpec {
    let asset = |name: &str, volatility| GbmAsset {
        name: name.into(),
        start_price: 100.0,
        volatility,
        drift: 0.0,
    };
    ModelSpec {
        start_ms: 0,
        step_ms: DAY_MS,
        steps,
        assets: vec![asset("A", 0.4), asset("B", 0.6), asset("C", 0.8)],
        correlation: vec![1.0, 0.5, 0.3, 0.5, 1.0, 0.4, 0.3, 0.4, 1.0],
        kind,
        options,
    }
}

fn kinds() -> Vec<ModelKind> {
    let garch = GarchAsset { alpha: 0.1, beta: 0.85, df: Some(4.0), start_volatility: None };
    let heston = HestonAsset {
        mean_reversion: 4.0,
        vol_of_vol: 1.5,
        price_variance: -0.4,
        start_volatility: None,
    };
    let jumps = MertonJumps { intensity: 40.0, mean: -0.05, deviation: 0.05, compensated: true };
    let with = |common_tails| ModelKind::Garch(GarchSpec { assets: vec![garch; 3], common_tails });
    vec![
        ModelKind::Gbm,
        ModelKind::Merton(vec![jumps; 3]),
        with(true),
        with(false),
        ModelKind::Heston(vec![heston; 3]),
    ]
}

fn logs(path: &mut ModelPath, steps: usize, asset: usize) -> Vec<f64> {
    (0..=steps).map(|tick| path.log_price(tick, asset)).collect()
}

fn drift(asset: usize, recovery: Option<f64>, stay_ms: Option<i64>) -> CorrelationDrift {
    CorrelationDrift {
        crisis: vec![1.0, 0.95, 0.9, 0.95, 1.0, 0.95, 0.9, 0.95, 1.0],
        after_ms: 3 * DAY_MS,
        over_ms: 5 * DAY_MS,
        stay_ms,
        drawdown: Some(Drawdown { asset, depth: 0.1, recovery }),
    }
}

/// The rules of a drift by drawdown, told again tick by tick from the prices of the whole path.
fn weights_by_hand(prices: &[f64], drift: &CorrelationDrift) -> Vec<f64> {
    let fall = drift.drawdown.unwrap();
    let (days, stay) = (drift.over_ms / DAY_MS, drift.stay_ms.map(|stay| stay / DAY_MS));
    let (mut highest, mut began, mut done) = (0.0_f64, None, 0_i64);
    let mut weights = vec![0.0];
    for (day, price) in (0_i64..).zip(&prices[..prices.len() - 1]) {
        if day < drift.after_ms / DAY_MS {
            weights.push(0.0);
            continue;
        }
        highest = highest.max(*price);
        let lost = 1.0 - price / highest;
        if let Some(since) = began {
            if stay.is_some_and(|stay| day - since >= stay + days) {
                (began, highest) = (None, *price);
            } else if fall.recovery.is_some_and(|least| lost <= least) {
                began = None;
            }
        } else if lost >= fall.depth {
            began = Some(day);
        }
        weights.push(done as f64 / days as f64);
        done = (done + if began.is_some() { 1 } else { -1 }).clamp(0, days);
    }
    weights
}

/// Whichever market is watched under whichever model: its prices are those of a path without any
/// drift, the weights follow from them alone, and others' prices are those of the base until the
/// first weight.
#[test]
fn a_drawdown_moves_correlations_and_not_the_market_watched() {
    let steps = 700;
    let mut moved = 0;
    for kind in kinds() {
        for (asset, recovery, stay) in
            [(0, Some(0.02), None), (1, None, Some(20 * DAY_MS)), (2, Some(0.05), Some(9 * DAY_MS))]
        {
            let drift = drift(asset, recovery, stay);
            let shock =
                Shock::new("fall", None, 2 * DAY_MS, ShockKind::Crash(vec![-0.2, -0.2, 0.0]));
            let options = ModelOptions {
                shocks: vec![shock],
                correlation_drift: Some(drift.clone()),
                sobol: (asset == 1).then_some(64),
                antithetic: asset == 2,
                ..ModelOptions::default()
            };
            let spec = three(steps, kind.clone(), options);
            let calm = CorrelationDrift { crisis: spec.correlation.clone(), ..drift.clone() };
            let options = ModelOptions { correlation_drift: Some(calm), ..spec.options.clone() };
            let mut base = ModelPath::new(&ModelSpec { options, ..spec.clone() }).unwrap();
            let mut path = ModelPath::new(&spec).unwrap();
            for number in [5, 70] {
                path.begin(2, number);
                base.begin(2, number);
                let watched = logs(&mut path, steps, asset);
                assert_eq!(watched, logs(&mut base, steps, asset), "{kind:?}");
                let prices: Vec<f64> = watched.iter().map(|log| libm::exp(*log)).collect();
                let expected = weights_by_hand(&prices, &drift);
                let found: Vec<f64> = (0..=steps).map(|tick| path.crisis_weight(tick)).collect();
                for (tick, (found, expected)) in found.iter().zip(&expected).enumerate() {
                    assert!((found - expected).abs() <= 0.5 / 256.0 + 1e-12, "{kind:?}, {tick}");
                }
                let first = found.iter().position(|weight| *weight > 0.0).unwrap_or(steps + 1);
                let other = (asset + 1) % 3;
                let (with, without) =
                    (logs(&mut path, steps, other), logs(&mut base, steps, other));
                assert_eq!(with[..first], without[..first], "{kind:?}");
                moved += usize::from(first <= steps && with != without);
            }
        }
    }
    assert!(moved > 20, "{moved} paths with a crisis");
}

/// The correlation that steps have in the crisis, and before: 12,000 paths of 60 days, the first
/// fall of 10 % of A. Four and a half standard errors and half a stair.
#[test]
fn steps_after_a_fall_have_the_correlations_of_the_crisis() {
    let spike = CorrelationDrift { after_ms: 0, over_ms: 0, ..drift(0, None, None) };
    let options = ModelOptions { correlation_drift: Some(spike), ..ModelOptions::default() };
    let mut path = ModelPath::new(&three(60, ModelKind::Gbm, options)).unwrap();
    let mut products: [[Vec<f64>; 3]; 2] = Default::default();
    for number in 0..12_000 {
        path.begin(4, number);
        let rows = [0, 1, 2].map(|asset| logs(&mut path, 60, asset));
        for tick in 1..=60 {
            let crisis = usize::from(path.crisis_weight(tick) == 1.0);
            let unit = |asset: usize, sigma: f64| {
                let dt = 1.0 / 365.0_f64;
                let step = rows[asset][tick] - rows[asset][tick - 1];
                (step + sigma * sigma / 2.0 * dt) / (sigma * dt.sqrt())
            };
            let [a, b, c] = [unit(0, 0.4), unit(1, 0.6), unit(2, 0.8)];
            for (products, product) in products[crisis].iter_mut().zip([a * b, a * c, b * c]) {
                products.push(product);
            }
        }
    }
    for (products, truths) in products.iter().zip([[0.5, 0.3, 0.4], [0.95, 0.9, 0.95]]) {
        for (products, truth) in products.iter().zip(truths) {
            let (found, stderr) = mean_and_stderr(products);
            assert!((found - truth).abs() < 4.5 * stderr, "{found} ± {stderr}, not {truth}");
        }
    }
}

/// Every step, also around the nodes of the bridge and between far ticks, has the covariances of
/// the plain model, and the end is normal: 4,096 paths in sets of 64, 50 steps (nodes at 6, 12, 18,
/// 25, …). Errors are those of the 64 sets' means; 4.5 of them.
#[test]
fn sobol_paths_have_the_law_of_plain_ones() {
    let options = ModelOptions { sobol: Some(64), ..ModelOptions::default() };
    let spec = three(50, ModelKind::Gbm, options);
    let mut path = ModelPath::new(&spec).unwrap();
    let dt = (1.0 / 365.0_f64).sqrt();
    let paths: Vec<[Vec<f64>; 3]> = (0..4_096)
        .map(|number| {
            path.begin(9, number);
            [(0, 0.4), (1, 0.6), (2, 0.8)].map(|(asset, sigma): (usize, f64)| {
                let rows = logs(&mut path, 50, asset);
                let drift = sigma * sigma / 2.0 * dt * dt;
                rows.windows(2).map(|two| (two[1] - two[0] + drift) / (sigma * dt)).collect()
            })
        })
        .collect();
    let check = |label: &str, truth: f64, of: &dyn Fn(&[Vec<f64>; 3]) -> f64| {
        let values: Vec<f64> = paths.iter().map(of).collect();
        let means: Vec<f64> = values.chunks(64).map(|set| mean_and_stderr(set).0).collect();
        let (found, stderr) = mean_and_stderr(&means);
        assert!((found - truth).abs() < 4.5 * stderr, "{label}: {found} ± {stderr}, not {truth}");
    };
    for (one, other) in
        [(0, 0), (0, 1), (5, 6), (5, 5), (6, 6), (11, 12), (24, 25), (24, 24), (3, 40)]
    {
        let own = f64::from(u8::from(one == other));
        check("A with A", own, &|path| path[0][one] * path[0][other]);
        check("A with B", 0.5 * own, &|path| path[0][one] * path[1][other]);
        check("B with C", 0.4 * own, &|path| path[1][one] * path[2][other]);
    }
    let end = |asset: usize| {
        move |path: &[Vec<f64>; 3]| path[asset].iter().sum::<f64>() / 50.0_f64.sqrt()
    };
    check("fourth moment", 3.0, &|path| end(1)(path).powi(4));
    for level in [-2.0, -1.0, 0.0, 0.7] {
        check("share below", normal_cdf(level), &|path| f64::from(u8::from(end(2)(path) < level)));
    }
    // Kolmogorov–Smirnov over all ends, of which sets are more even than chance: 1.95/√n is the
    // level of 1e-3.
    let mut ends: Vec<f64> = paths.iter().map(end(0)).collect();
    ends.sort_by(f64::total_cmp);
    let n = ends.len() as f64;
    let gap = |(rank, end): (usize, &f64)| {
        let share = normal_cdf(*end);
        (share - rank as f64 / n).abs().max((rank as f64 + 1.0) / n - share)
    };
    let most = ends.iter().enumerate().map(gap).fold(0.0, f64::max);
    assert!(most < 1.95 / n.sqrt(), "{most}");
}

/// With as many steps as nodes or fewer, and with more factors than dimensions.
#[test]
fn few_steps_and_many_factors() {
    for steps in [1, 2, 3, 7, 8, 9] {
        let options = ModelOptions { sobol: Some(16), ..ModelOptions::default() };
        let mut path = ModelPath::new(&three(steps, ModelKind::Gbm, options)).unwrap();
        let ends: Vec<f64> = (0..16_000)
            .map(|number| {
                path.begin(1, number);
                let log = path.log_price(steps, 1) + 0.18 * steps as f64 / 365.0;
                log / (ROOT * (steps as f64 / 365.0).sqrt())
            })
            .collect();
        let squares: Vec<f64> = ends.chunks(16).map(|set| mean_and_stderr(set).0).collect();
        let (mean, stderr) = mean_and_stderr(&squares);
        assert!(mean.abs() < 4.5 * stderr, "{steps} steps: {mean} ± {stderr}");
        let square = mean_and_stderr(&ends.iter().map(|end| end * end).collect::<Vec<_>>()).0;
        assert!((square - 1.0).abs() < 4.5 * (2.0_f64 / 16_000.0).sqrt(), "{steps}: {square}");
    }
    let asset = |k: usize| GbmAsset {
        name: format!("M{k:02}"),
        start_price: 1.0,
        volatility: 0.5,
        drift: 0.0,
    };
    let spec = ModelSpec {
        assets: (0..70).map(asset).collect(),
        correlation: crate::stats::SymMatrix::identity(70).values().to_vec(),
        ..three(40, ModelKind::Gbm, ModelOptions { sobol: Some(4), ..Default::default() })
    };
    let mut path = ModelPath::new(&spec).unwrap();
    path.begin(1, 0);
    assert!((0..70).all(|asset| path.log_price(40, asset).abs() < 1.0));
}

/// Sets of one seed are independent of each other and keyed: what a path is does not depend on
/// which were made before it.
#[test]
fn a_sobol_path_depends_on_its_number_alone() {
    let options = ModelOptions { sobol: Some(8), ..ModelOptions::default() };
    let spec = ModelSpec { step_ms: HOUR_MS, ..three(1_500, ModelKind::Gbm, options) };
    let mut straight = ModelPath::new(&spec).unwrap();
    let mut jumping = straight.clone();
    for number in [17, 3, 16, 2, 17] {
        jumping.begin(5, number);
        jumping.draw_all();
    }
    straight.begin(5, 17);
    assert_eq!(logs(&mut straight, 1_500, 2), logs(&mut jumping, 1_500, 2));
    assert_eq!(spec.replicate_size(), 8);
}

#[test]
fn options_that_mean_nothing_are_refused() {
    let bootstrap = || {
        ModelKind::Bootstrap(BootstrapSpec {
            returns: vec![vec![0.1]; 3].into(),
            mean_block: 1.0,
            recentred: true,
        })
    };
    let garch = || kinds().remove(2);
    let fall = |asset, depth, recovery| {
        let drawdown = Some(Drawdown { asset, depth, recovery });
        Some(CorrelationDrift { drawdown, ..drift(0, None, None) })
    };
    let plain = ModelOptions::default;
    let table = [
        (ModelKind::Gbm, ModelOptions { sobol: Some(48), ..plain() }, "48 points: a power of two"),
        (ModelKind::Gbm, ModelOptions { sobol: Some(1), ..plain() }, "1 points: a power of two"),
        (
            ModelKind::Gbm,
            ModelOptions { sobol: Some(8), antithetic: true, ..plain() },
            "not with antithetic paths",
        ),
        (bootstrap(), ModelOptions { sobol: Some(8), ..plain() }, "not made of normals"),
        (ModelKind::Gbm, ModelOptions { copula_df: Some(2.0), ..plain() }, "df = 2 is not above 2"),
        (garch(), ModelOptions { copula_df: Some(4.0), ..plain() }, "joint law of its own"),
        (bootstrap(), ModelOptions { copula_df: Some(4.0), ..plain() }, "joint law of its own"),
        (
            ModelKind::Gbm,
            ModelOptions { correlation_drift: fall(3, 0.1, None), ..plain() },
            "a drawdown of 0.1 of asset 3",
        ),
        (
            ModelKind::Gbm,
            ModelOptions { correlation_drift: fall(0, 0.1, Some(0.1)), ..plain() },
            "recovery Some(0.1)",
        ),
        (
            ModelKind::Gbm,
            ModelOptions { correlation_drift: fall(0, 1.0, None), ..plain() },
            "a drawdown of 1 of",
        ),
    ];
    for (kind, options, words) in table {
        let spec = three(10, kind, options);
        let error = ModelPath::new(&spec).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains(words), "{error}, not {words}");
        assert!(spec.check().is_err(), "{words}");
    }
}

/// Under the t copula of 3 degrees and ρ = .5: each asset's normals stay normal (shares below
/// four levels), the correlation is that of the closed form's integral, and of steps beyond the
/// p-quantile the share q that has both is that of the bivariate t, ∫ over the mixing variable
/// here by a sum over radii; it goes to λ = 2·T₄(−√(4·(1 − .5)/(1 + .5))) = .3125 as p → 0.
#[test]
fn extremes_come_together_under_the_t_copula() {
    let (degrees, rho) = (3.0, 0.5);
    let options = ModelOptions { copula_df: Some(degrees), ..ModelOptions::default() };
    let spec = three(500, ModelKind::Gbm, options);
    assert!((spec.correlation[1] - rho).abs() < 1e-15);
    let mut path = ModelPath::new(&spec).unwrap();
    let dt = 1.0 / 365.0_f64;
    let mut pairs = Vec::new();
    for number in 0..800 {
        path.begin(6, number);
        let rows = [logs(&mut path, 500, 0), logs(&mut path, 500, 1)];
        for tick in 1..=500 {
            let unit = |row: &[f64], sigma: f64| {
                (row[tick] - row[tick - 1] + sigma * sigma / 2.0 * dt) / (sigma * dt.sqrt())
            };
            pairs.push([unit(&rows[0], 0.4), unit(&rows[1], 0.6)]);
        }
    }
    let n = pairs.len() as f64;
    let near = |label: &str, found: f64, truth: f64| {
        let stderr = (truth * (1.0 - truth) / n).sqrt();
        assert!((found - truth).abs() < 4.5 * stderr, "{label}: {found} ± {stderr}, not {truth}");
    };
    for level in [-3.0, -1.5, 0.3, 2.5] {
        for asset in [0, 1] {
            let below = pairs.iter().filter(|pair| pair[asset] < level).count() as f64;
            near("below", below / n, normal_cdf(level));
        }
    }
    let (product, stderr) =
        mean_and_stderr(&pairs.iter().map(|[a, b]| a * b).collect::<Vec<f64>>());
    let truth = spec.return_correlation(0, 1);
    // The same integral with T₃ in its closed form, outside this program, on the same grid.
    assert!((truth - 0.487_05).abs() < 1e-4, "{truth}");
    assert!((product - truth).abs() < 4.5 * stderr, "{product} ± {stderr}, not {truth}");
    for p in [0.05, 0.005] {
        let level = normal_quantile(p);
        let both = pairs.iter().filter(|pair| pair.iter().all(|z| *z < level)).count() as f64;
        near("both", both / n, both_below(p, rho, degrees));
    }
    let lambda = 2.0 * student_t_upper((4.0 * (1.0 - rho) / (1.0 + rho)).sqrt(), 4.0);
    assert!((lambda - 0.3125).abs() < 5e-4, "{lambda}");
    let share = both_below(1e-7, rho, degrees) / 1e-7;
    assert!((share - lambda).abs() < 2e-3, "{share} tends to {lambda}");
}

/// P(both t's below their p-quantile): with axes at an angle, P = mean over even angles of
/// P(r > needed), (1 + r²/ν)^(−ν/2).
fn both_below(p: f64, rho: f64, degrees: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1e6);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if student_t_upper(middle, degrees) > p { low = middle } else { high = middle }
    }
    let rest = (1.0 - rho * rho).sqrt();
    let angles = 200_000;
    let total: f64 = (0..angles)
        .map(|k| (f64::from(k) + 0.5) / f64::from(angles) * std::f64::consts::TAU)
        .map(|angle| {
            let (x, y) = (libm::cos(angle), libm::sin(angle));
            let least = x.min(rho * x + rest * y);
            let most = x.max(rho * x + rest * y);
            if most >= 0.0 || least == 0.0 {
                return 0.0;
            }
            let radius = low / -most;
            libm::pow(1.0 + radius * radius / degrees, -degrees / 2.0)
        })
        .sum();
    total / f64::from(angles)
}
