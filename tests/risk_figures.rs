//! The book taken apart, and back-tests, against numbers worked outside the crate.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use drypowder::scenario::Scenario;
use drypowder::study::{
    BookFigure, Execution, Forecaster, Method, NoProgress, VariantSet, backtests, book_figures,
};

static STOP: AtomicBool = AtomicBool::new(false);

/// A long of BTC and a short of ETH, and another agent with half the long.
const TWO: &str = r#"name = "book"
paths = 20000
nulls = []
[prices]
model = "gbm"
step = "6h"
duration = "10d"
[prices.assets]
BTC = { start_price = 100, volatility = 0.6 }
ETH = { start_price = 10, volatility = 0.7 }
[prices.correlation]
"BTC-ETH" = 0.8
[risk]
book = true
horizon = ["1d"]
confidence = ["95 %"]
[markets]
BTC-PERP = { asset = "BTC" }
ETH-PERP = { asset = "ETH" }
[[agent]]
name = "pair"
wallet = "9000 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "3000 USDC"
[[agent.position]]
market = "ETH-PERP"
notional = "1000 USDC"
collateral = "1000 USDC"
side = "short"
"#;

const ONE: &str = r#"[[agent]]
name = "long"
wallet = "0 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "3000 USDC"
"#;

fn figures(text: &str, sets: &[(&str, &str)], threads: usize) -> Vec<BookFigure> {
    let sets: Vec<(String, String)> =
        sets.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    let scenario = Scenario::from_text(Path::new("tests/book.toml"), text, &sets)
        .unwrap_or_else(|wrong| panic!("{wrong}"));
    let set = VariantSet::of(&scenario).expect("a sound model");
    let spec = scenario.risk.book.clone().expect("asked for");
    let execution = Execution { threads, stop: &STOP };
    book_figures(&scenario, &set, &spec, &execution, &mut NoProgress).expect("figures")
}

fn find<'a>(
    all: &'a [BookFigure],
    agent: &str,
    part: Option<&str>,
    method: Method,
) -> &'a BookFigure {
    all.iter()
        .find(|one| one.agent == agent && one.part.as_deref() == part && one.method == method)
        .unwrap_or_else(|| panic!("{agent} {part:?} {method:?}"))
}

/// A day's deviations: a = 3000·0.6/√365 = 94.21629 and b = −1000·0.7/√365 = −36.63967 with
/// ρ = 0.8: σ = √(a² + b² + 2ρab) = 68.52657. VaR 1.644854·σ, ES φ(1.644854)/0.05·σ. Components
/// 1.644854·(a² + ρab)/σ and (b² + ρab)/σ; a marginal is that over the exposure.
#[test]
fn a_pair_by_hand() {
    let all = figures(TWO, &[], 1);
    let of = |part| find(&all, "pair", part, Method::Parametric);
    let near = |found: f64, worked: f64| {
        assert!((found - worked).abs() < 1e-4 * worked.abs(), "{found}, worked {worked}");
    };
    let (a, b, rho) = (3000.0 * 0.6 / 365_f64.sqrt(), -1000.0 * 0.7 / 365_f64.sqrt(), 0.8);
    let (z, tail) = (1.644_853_627, 2.062_712_807);
    let sigma = (a * a + b * b + 2.0 * rho * a * b).sqrt();
    near(sigma, 68.526_567);
    let whole = of(None);
    near(whole.exposure_usdc, 2000.0);
    near(whole.var, z * sigma);
    near(whole.es.expect("normal"), tail * sigma);
    near(whole.diversification.expect("two parts"), 1.0 - sigma / (a - b));
    let rows = [("BTC-PERP", 3000.0, a, b), ("ETH-PERP", -1000.0, b, a)];
    for (part, exposure, own, other) in rows {
        let figure = of(Some(part));
        near(figure.exposure_usdc, exposure);
        near(figure.var, z * own.abs());
        let adds = z * (own * own + rho * own * other) / sigma;
        near(figure.component.expect("of two").var, adds);
        near(figure.marginal.expect("of two").var, adds / exposure);
    }
}

/// e^x with x normal: the 95 % VaR of a long of 3,000 over a day is
/// 3000·(1 − e^(−s²/2 − 1.644854·s)), s = 0.6/√365 = 0.0314054, and the ES
/// 3000·(1 − Φ(−1.644854 − s)/0.05); 20,000 paths come within their own intervals (two figures of
/// 95 %, fixed seed). Parts' components sum to the whole whatever the method.
#[test]
fn the_model_s_paths_give_the_lognormal_figures() {
    let text = format!("{TWO}{ONE}");
    let all = figures(&text, &[], 2);
    let long = find(&all, "long", None, Method::MonteCarlo);
    let s = 0.6 / 365_f64.sqrt();
    let var = 3000.0 * (1.0 - libm::exp(-s * s / 2.0 - 1.644_853_627 * s));
    assert!((var - 152.441_974).abs() < 1e-5, "{var}");
    assert!(long.var_interval.contains(var), "{long:?}");
    assert!(long.es_interval.contains(189.376_205), "{long:?}");
    for method in [Method::Parametric, Method::MonteCarlo] {
        let parts = all
            .iter()
            .filter(|one| one.agent == "all" && one.part.is_some() && one.method == method);
        let sums = parts.clone().map(|one| one.component.expect("several parts"));
        let (var, es) = sums.fold((0.0, 0.0), |sum, part| (sum.0 + part.var, sum.1 + part.es));
        let whole = find(&all, "all", None, method);
        assert_eq!(parts.count(), 3);
        assert!((var - whole.var).abs() < 1e-9, "{method:?}: {var} {whole:?}");
        assert!((es - whole.es.expect("there")).abs() < 1e-9, "{method:?}: {es} {whole:?}");
    }
    // No history: 12 % of the margin reserved, 30 % of 3,000 + 1,000 + 3,000.
    assert!((find(&all, "all", None, Method::Naive).var - 252.0).abs() < 1e-9);
    assert_eq!(all, figures(&text, &[], 1));
    assert_eq!(all, figures(&text, &[], 7));
}

/// Mirrored paths: the interval of the mean of replicates, not of independent paths.
#[test]
fn mirrored_paths_lower_the_variance_and_say_so() {
    use drypowder::report::Summary;
    use drypowder::study::{self, NoRows};
    let row = |antithetic: &str, metric: &str| {
        let sets = [("prices.antithetic".to_owned(), antithetic.to_owned())];
        let path = Path::new("tests/book.toml");
        let scenario = Scenario::from_text(path, TWO, &sets).unwrap_or_else(|e| panic!("{e}"));
        let set = VariantSet::of(&scenario).expect("sound");
        let execution = Execution { threads: 2, stop: &STOP };
        let result = study::run(&scenario, &set, &execution, &mut NoRows, &mut NoProgress);
        let result = result.expect("runs");
        let summary = Summary::of(&result, result.run_days(), &[0.95]);
        summary.get("plan", "pair", metric).map(|row| (row.value, row.interval))
    };
    let ratio = row("true", "variance_reduction_final_equity").and_then(|row| row.0);
    // A book that is linear in prices over ten days: e^x is nearly linear in x, mirrors cancel.
    assert!(ratio.is_some_and(|ratio| ratio > 20.0), "{ratio:?}");
    assert_eq!(row("false", "variance_reduction_final_equity"), None);
    let width = |antithetic| {
        let (_, interval) = row(antithetic, "final_equity").expect("a figure");
        interval.high.expect("bounded") - interval.low.expect("bounded")
    };
    let narrower = width("false") / width("true");
    let expected = ratio.expect("a ratio").sqrt();
    // Both are the same spread, estimated on different paths.
    assert!((narrower / expected - 1.0).abs() < 0.1, "{narrower} {expected}");
}

/// The shipped back-test, worked once more with numpy from the same file: linear quantiles of the
/// 250 days before, mean and deviation (n − 1) of them, and the rises of 30 % of the notional.
#[test]
fn four_years_of_bitcoin() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/var_backtest.toml");
    let scenario = Scenario::load(&file, &[]).unwrap_or_else(|wrong| panic!("{wrong}"));
    let spec = scenario.risk.backtest.expect("asked for");
    let found = backtests(&scenario, &spec).expect("a long history");
    let table = [
        (Forecaster::Historical, 20, 3),
        (Forecaster::Parametric, 36, 6),
        (Forecaster::Naive, 138, 3),
    ];
    assert_eq!(found.len(), 3);
    for (test, (forecaster, exceedances, last_year)) in found.iter().zip(table) {
        assert_eq!((test.forecaster, test.days.len()), (forecaster, 1321));
        let tests = &test.tests;
        assert_eq!((tests.exceedances, tests.last_year), (exceedances, last_year));
    }
    let kupiec = found[0].tests.kupiec;
    assert!((kupiec.statistic - 3.045_640_814).abs() < 1e-8, "{kupiec:?}");
    assert!((kupiec.p_value - 0.080_954_162).abs() < 1e-8, "{kupiec:?}");
    let set = VariantSet::of(&scenario).expect("a history");
    let execution = Execution { threads: 1, stop: &STOP };
    let book = scenario.risk.book.clone().expect("asked for");
    let all = book_figures(&scenario, &set, &book, &execution, &mut NoProgress).expect("figures");
    let near = |method, confidence: f64, worked: f64| {
        let one = all.iter().find(|one| {
            one.method == method && one.confidence == confidence && one.horizon_ms == 86_400_000
        });
        let var = one.expect("a figure").var;
        assert!((var - worked).abs() < 1e-6, "{method:?}: {var}, worked {worked}");
    };
    near(Method::Historical, 0.95, 194.240_833_260);
    near(Method::Historical, 0.99, 332.124_111_158);
    near(Method::Parametric, 0.95, 190.481_960_651);
}
