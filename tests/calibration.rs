//! Calibrating simulated data gives back what it was simulated with, within the standard errors
//! that are stated; and these match the spread over seeds.
//!
//! Real data: facts of the repository's Bitcoin history by numpy, and fits by other programs.
//!
//! Each row below calibrates paths of the crate's own models under fixed seeds. Of every parameter
//! |estimate − truth| < 3.5 standard errors on each seed (by chance missed once in 2,000), and the
//! root mean square of (estimate − truth)/error over the 12 seeds lies between 0.5 and 1.6: of a
//! right error that is √(χ²₁₂/12), outside 0.43 to 1.65 once in a thousand.

#[path = "calibration/simulate.rs"]
mod simulate;

use std::path::Path;

use drypowder::prices::calibrate::{
    CalibrateError, Calibration, Closes, DriftChoice, ModelChoice, Returns, autocorrelations,
    calibrate, excess_kurtosis,
};
use drypowder::prices::history::{Bars, GapRule, LoadOptions, align, load_bars};
use drypowder::prices::models::{
    GarchAsset, GarchSpec, MertonJumps, ModelKind, ModelSpec, Regime, RegimesSpec,
};
use drypowder::units::time::{DAY_MS, HOUR_MS};

use simulate::{returns, spec};

const SEEDS: u64 = 12;

/// Table, key, truth.
type Truth = (&'static str, &'static str, f64);

fn find(found: &Calibration, table: &str, key: &str) -> (f64, Option<f64>) {
    let of = found.parameters.iter().find(|one| one.table == table && one.key == key);
    let of = of.unwrap_or_else(|| panic!("no {table}.{key} in {:?}", found.parameters));
    (of.value, of.error)
}

/// Calibrates the model under twelve seeds.
fn recovers(name: &str, spec: &ModelSpec, model: ModelChoice, truths: &[Truth]) {
    let mut squares = vec![0.0; truths.len()];
    for seed in 1..=SEEDS {
        let found = calibrate(&returns(spec, seed), model, DriftChoice::Calibrated).unwrap();
        for (square, (table, key, truth)) in squares.iter_mut().zip(truths) {
            let (value, error) = find(&found, table, key);
            let error = error.unwrap_or_else(|| panic!("{name}: {table}.{key} has no error"));
            // A stay is judged by its logarithm: its error is a part of it, and lopsided.
            let score = match *key {
                "duration" => libm::log(value / truth) * value / error,
                _ => (value - truth) / error,
            };
            let text = format!("{name}, seed {seed}: {table}.{key} {value} ± {error}, not {truth}");
            assert!(score.abs() < 3.5, "{text}");
            *square += score * score / SEEDS as f64;
        }
    }
    for (square, (table, key, _)) in squares.iter().zip(truths) {
        println!("{name}: {table}.{key}: root mean square score {:.2}", square.sqrt());
        assert!((0.5..1.6).contains(&square.sqrt()), "{name}: {table}.{key} {}", square.sqrt());
    }
}

#[test]
fn volatility_drift_and_correlation() {
    let assets = [("A", 0.6, 0.3), ("B", 0.8, -0.2), ("C", 1.1, 0.0)];
    let correlation = [1.0, 0.8, 0.5, 0.8, 1.0, 0.6, 0.5, 0.6, 1.0];
    let spec = spec(ModelKind::Gbm, &assets, &correlation, DAY_MS, 1_500);
    let truths = [
        ("assets.A", "volatility", 0.6),
        ("assets.B", "volatility", 0.8),
        ("assets.A", "drift", 0.3),
        ("assets.C", "drift", 0.0),
        ("correlation", "A-B", 0.8),
        ("correlation", "A-C", 0.5),
        ("correlation", "B-C", 0.6),
    ];
    recovers("gbm", &spec, ModelChoice::Gbm, &truths);
}

#[test]
fn jumps() {
    let jumps = MertonJumps { intensity: 25.0, mean: -0.04, deviation: 0.08, compensated: true };
    let kind = ModelKind::Merton(vec![jumps]);
    let spec = spec(kind, &[("A", 0.5, 0.0)], &[1.0], DAY_MS, 2_000);
    let truths = [
        ("assets.A", "volatility", 0.5),
        ("assets.A.jumps", "intensity", 25.0),
        ("assets.A.jumps", "mean", -0.04),
        ("assets.A.jumps", "deviation", 0.08),
        ("assets.A", "drift", 0.0),
    ];
    recovers("merton", &spec, ModelChoice::Merton, &truths);
}

fn garch(alpha: f64, beta: f64, df: f64) -> GarchAsset {
    GarchAsset { alpha, beta, df: Some(df), start_volatility: None }
}

#[test]
fn clustering() {
    let kind =
        ModelKind::Garch(GarchSpec { assets: vec![garch(0.1, 0.85, 7.0)], common_tails: true });
    let spec = spec(kind, &[("A", 0.7, 0.0)], &[1.0], DAY_MS, 3_000);
    let truths = [
        ("assets.A", "volatility", 0.7),
        ("assets.A", "alpha", 0.1),
        ("assets.A", "beta", 0.85),
        ("assets.A", "df", 7.0),
    ];
    recovers("garch", &spec, ModelChoice::Garch, &truths);
}

#[test]
fn clustering_of_two_assets_with_common_tails() {
    let assets = vec![garch(0.1, 0.8, 6.0), garch(0.06, 0.9, 6.0)];
    let kind = ModelKind::Garch(GarchSpec { assets, common_tails: true });
    let spec =
        spec(kind, &[("A", 0.7, 0.0), ("B", 0.9, 0.0)], &[1.0, 0.7, 0.7, 1.0], DAY_MS, 1_500);
    let truths = [
        ("assets.A", "alpha", 0.1),
        ("assets.B", "beta", 0.9),
        ("assets.B", "df", 6.0),
        ("correlation", "A-B", 0.7),
    ];
    recovers("garch of two", &spec, ModelChoice::Garch, &truths);
}

fn regime(name: &str, days: i64, next: &[f64], volatility: &[f64], drift: f64, rho: f64) -> Regime {
    let n = volatility.len();
    let correlation = (0..n * n).map(|at| if at % (n + 1) == 0 { 1.0 } else { rho }).collect();
    Regime {
        name: name.to_owned(),
        duration_ms: (days * DAY_MS) as f64,
        next: next.to_vec(),
        volatility: volatility.to_vec(),
        drift: vec![drift; n],
        correlation,
    }
}

#[test]
fn two_regimes_of_two_assets() {
    let calm = regime("calm", 40, &[0.0, 1.0], &[0.4, 0.5], 0.5, 0.5);
    let wild = regime("wild", 15, &[1.0, 0.0], &[1.2, 1.4], -1.0, 0.9);
    let kind = ModelKind::Regimes(RegimesSpec { regimes: vec![calm, wild], start: None });
    let spec =
        spec(kind, &[("A", 0.7, 0.0), ("B", 0.8, 0.0)], &[1.0, 0.7, 0.7, 1.0], DAY_MS, 2_000);
    let truths = [
        ("regimes.calm", "duration", 40.0 * DAY_MS as f64),
        ("regimes.wild", "duration", 15.0 * DAY_MS as f64),
        ("regimes.calm.assets.A", "volatility", 0.4),
        ("regimes.wild.assets.B", "volatility", 1.4),
        ("regimes.calm.assets.B", "drift", 0.5),
        ("regimes.wild.assets.A", "drift", -1.0),
        ("regimes.calm.correlation", "A-B", 0.5),
        ("regimes.wild.correlation", "A-B", 0.9),
    ];
    recovers("regimes", &spec, ModelChoice::Regimes(2), &truths);
}

#[test]
fn three_regimes() {
    let calm = regime("calm", 30, &[0.0, 0.8, 0.2], &[0.25], 0.0, 0.0);
    let restless = regime("restless", 20, &[0.5, 0.0, 0.5], &[0.7], 0.0, 0.0);
    let wild = regime("wild", 12, &[0.3, 0.7, 0.0], &[2.0], 0.0, 0.0);
    let kind = ModelKind::Regimes(RegimesSpec { regimes: vec![calm, restless, wild], start: None });
    let spec = spec(kind, &[("A", 0.7, 0.0)], &[1.0], DAY_MS, 3_000);
    let truths = [
        ("regimes.calm", "duration", 30.0 * DAY_MS as f64),
        ("regimes.wild", "duration", 12.0 * DAY_MS as f64),
        ("regimes.calm.next", "restless", 0.8),
        ("regimes.restless.assets.A", "volatility", 0.7),
        ("regimes.wild.assets.A", "volatility", 2.0),
    ];
    recovers("three regimes", &spec, ModelChoice::Regimes(3), &truths);
}

#[test]
fn what_a_model_has_nothing_of_is_said() {
    let quiet = spec(ModelKind::Gbm, &[("A", 0.6, 0.0)], &[1.0], HOUR_MS, 2_000);
    let rows = returns(&quiet, 3);
    let merton = calibrate(&rows, ModelChoice::Merton, DriftChoice::Zero).unwrap();
    assert!(
        merton.notes.iter().any(|note| note.starts_with("No jumps of A")),
        "{:?}",
        merton.notes
    );
    assert!(merton.parameters.iter().all(|one| !one.table.contains("jumps")));
    let garch = calibrate(&rows, ModelChoice::Garch, DriftChoice::Zero).unwrap();
    let (alpha, _) = find(&garch, "assets.A", "alpha");
    assert!(alpha < 0.06, "{alpha}");
    let few = returns(&spec(ModelKind::Gbm, &[("A", 0.6, 0.0)], &[1.0], HOUR_MS, 299), 1);
    assert_eq!(
        calibrate(&few, ModelChoice::Regimes(2), DriftChoice::Zero),
        Err(CalibrateError::TooFew { found: 299, needed: 300 })
    );
}

/// Returns of files of the repository, `[from, to)`.
fn history(files: &[(&str, &str)], from: &str, to: Option<&str>) -> Returns {
    let instant = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let options = LoadOptions { gaps: GapRule::Keep, ..LoadOptions::default() };
    let bars: Vec<Bars> =
        files.iter().map(|(_, file)| load_bars(folder.join(file), &options).unwrap()).collect();
    let named: Vec<(&str, &Bars)> = files.iter().map(|(name, _)| *name).zip(&bars).collect();
    let aligned = align(&named, Some(instant(from)), to.map(instant)).unwrap();
    let closes = Closes {
        names: aligned.assets.iter().map(|asset| asset.name.clone()).collect(),
        closes: aligned.assets.iter().map(|asset| asset.close.clone()).collect(),
        bar_ms: aligned.interval_ms,
    };
    Returns::of(&closes, aligned.interval_ms).unwrap()
}

fn daily_bitcoin() -> Returns {
    let to = Some("2019-03-19T00:00:00Z"); // before the gap of the file
    history(&[("BTC", "bitstamp_btc_1d.parquet")], "2014-11-28T00:00:00Z", to)
}

fn near(found: f64, expected: f64, part: f64, what: &str) {
    assert!((found / expected - 1.0).abs() < part, "{what}: {found}, not {expected}");
}

/// Numbers of numpy: numpy.diff(numpy.log(close)), scipy.stats.kurtosis, autocorrelation of
/// (r − r̄)². Chance alone stays within 1.96/√n, .05 and .015.
#[test]
fn bitcoin_has_fat_tails_and_clusters() {
    let hourly = history(&[("BTC", "coinbase_btc_1h.parquet")], "2017-11-13T00:00:00Z", None);
    let table = [
        (daily_bitcoin(), 1_571, 7.125_023_627_964_405, [0.384_045_500_470, 0.112_215_173_392]),
        (hourly, 16_881, 17.787_336_782_072_103, [0.122_261_479_007, 0.184_338_081_263]),
    ];
    for (returns, count, kurtosis, memory) in table {
        let rows = &returns.rows[0];
        assert_eq!(rows.len(), count);
        near(excess_kurtosis(rows), kurtosis, 1e-9, "kurtosis");
        let mean = rows.iter().sum::<f64>() / rows.len() as f64;
        let squares: Vec<f64> = rows.iter().map(|r| (r - mean) * (r - mean)).collect();
        let found = autocorrelations(&squares, 20);
        near(found[0], memory[0], 1e-9, "lag 1");
        near(found[1], memory[1], 1e-9, "lag 2");
        let chance = 1.96 / (rows.len() as f64).sqrt();
        assert!(found[..5].iter().all(|of| *of > chance), "{found:?}");
    }
}

/// The same likelihoods maximised by scipy.optimize (Nelder–Mead) over numpy: GARCH with Student's
/// t by scipy.stats.t.logpdf under variance targeting, Merton's mixture of up to 14 jumps. Regimes
/// by statsmodels' MarkovRegression (its first state is drawn by the long-run shares, here evenly:
/// hence the wider tolerance). Blocks by arch.bootstrap.optimal_block_length. Volatility and drift
/// by numpy. The drift's error of a diffusion is σ/√T = .755/√4.304 = .364.
#[test]
fn bitcoin_as_other_programs_fit_it() {
    let returns = daily_bitcoin();
    let fit = |model| calibrate(&returns, model, DriftChoice::Calibrated).unwrap();
    let gbm = fit(ModelChoice::Gbm);
    near(find(&gbm, "assets.BTC", "volatility").0, 0.754_902_018_699_030_7, 1e-9, "volatility");
    near(find(&gbm, "assets.BTC", "drift").0, 0.832_342_004_118_485_7, 1e-9, "drift");
    near(find(&gbm, "assets.BTC", "drift").1.unwrap(), 0.364, 0.1, "error of the drift");

    let garch = fit(ModelChoice::Garch);
    near(find(&garch, "assets.BTC", "alpha").0, 0.124_724_95, 1e-4, "alpha");
    near(find(&garch, "assets.BTC", "beta").0, 0.867_055_26, 1e-4, "beta");
    near(find(&garch, "assets.BTC", "df").0, 3.390_803_57, 1e-4, "df");
    near(garch.log_likelihood.unwrap(), 3_287.689_446_133_77, 1e-9, "likelihood of garch");

    let merton = fit(ModelChoice::Merton);
    near(find(&merton, "assets.BTC", "volatility").0, 0.182_710_960, 1e-4, "diffusion");
    near(find(&merton, "assets.BTC.jumps", "intensity").0, 301.504_44, 1e-4, "intensity");
    near(find(&merton, "assets.BTC.jumps", "deviation").0, 0.040_679_261, 1e-4, "jumps");
    near(merton.log_likelihood.unwrap(), 3_160.183_910_368_7, 1e-9, "likelihood of merton");
    assert!(
        merton.notes.iter().any(|note| note.contains("is no rare event")),
        "{:?}",
        merton.notes
    );

    let regimes = fit(ModelChoice::Regimes(2));
    // Standardised variances .1408 and 2.0600 of a deviation of .0395007998 a day; leaving with
    // probability .0907 and .1130: rates −ln(1 − .2037)/.2037 times these, 9.86 and 7.91 days.
    let of = |variance: f64| (variance * 365.0_f64).sqrt() * 0.039_500_799_7;
    near(find(&regimes, "regimes.calm.assets.BTC", "volatility").0, of(0.1408), 0.01, "calm");
    near(find(&regimes, "regimes.wild.assets.BTC", "volatility").0, of(2.06), 0.01, "wild");
    near(find(&regimes, "regimes.calm", "duration").0, 9.86 * DAY_MS as f64, 0.03, "calm");
    near(find(&regimes, "regimes.wild", "duration").0, 7.91 * DAY_MS as f64, 0.03, "wild");

    let bootstrap = fit(ModelChoice::Bootstrap);
    let days = |key: &str| find(&bootstrap, "assets.BTC", key).0 / DAY_MS as f64;
    near(days("mean block of returns"), 1.447_044, 1e-6, "block");
    near(days("mean block of squared returns"), 19.646_751, 1e-6, "block of squares");
    assert_eq!(find(&bootstrap, "", "mean_block").0, 20.0 * DAY_MS as f64);
}

/// Ledoit & Wolf's own program covCor, in numpy, on the standardised returns: intensity .7353282,
/// mean .7426963, raw correlations .7132757, .7079851, .8068281.
#[test]
fn correlations_of_three_coins_are_shrunk() {
    let files = [
        ("BTC", "bitstamp_btc_1d.parquet"),
        ("ETH", "bitstamp_eth_1d.parquet"),
        ("LTC", "bitstamp_ltc_1d.parquet"),
    ];
    let returns = history(&files, "2017-11-09T00:00:00Z", Some("2019-03-19T00:00:00Z"));
    assert_eq!(returns.count(), 494);
    let found = calibrate(&returns, ModelChoice::Gbm, DriftChoice::Zero).unwrap();
    near(find(&found, "correlation", "shrinkage intensity").0, 0.735_328_210_63, 1e-8, "intensity");
    let raw = [("BTC-ETH", 0.713_275_71), ("BTC-LTC", 0.707_985_11), ("ETH-LTC", 0.806_828_13)];
    for (pair, raw) in raw {
        near(find(&found, "correlation", &format!("{pair}, before shrinkage")).0, raw, 1e-7, pair);
        let expected = raw + 0.735_328_2 * (0.742_696_3 - raw);
        near(find(&found, "correlation", pair).0, expected, 1e-6, pair);
    }
}
