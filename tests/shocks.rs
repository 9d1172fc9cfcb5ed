//! Each kind of shock by hand, and the stress that lays them on: differences path by path, places,
//! ties, the stack, the same bytes at any number of threads.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use drypowder::engine::Metric;
use drypowder::prices::models::ModelPath;
use drypowder::prices::{PricePath, Prices};
use drypowder::report::produce_stress;
use drypowder::scenario::Scenario;
use drypowder::study::{Execution, NoProgress, StressResult, stress};

/// A long of 3,000 USDC at 100 that stays at 100; funding of .01 % at 8, 16 and 24 o'clock.
const STILL: &str = r#"name = "still"
paths = 3
[prices]
model = "gbm"
step = "1h"
duration = "3d"
[prices.assets.BTC]
start_price = 100
volatility = 0
[markets.BTC-PERP]
asset = "BTC"
funding = { interval = "8h", rate = "0.01 %" }
[policy]
poll = "1h"
latency = "0s"
[[agent]]
name = "a"
wallet = "1000 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
[report]
charts = false
"#;

fn load(text: &str) -> Scenario {
    Scenario::from_text(Path::new("tests/s.toml"), text, &[]).unwrap_or_else(|f| panic!("{f}"))
}

fn found_of(scenario: &Scenario) -> StressResult {
    let execution = Execution { threads: 2, stop: &AtomicBool::new(false) };
    stress(scenario, &execution, &mut NoProgress).unwrap_or_else(|error| panic!("{error}"))
}

fn found(text: &str) -> StressResult {
    found_of(&load(text))
}

/// Damage and a metric of the whole account, by run.
fn figures(found: &StressResult, metric: Metric) -> BTreeMap<String, (f64, f64)> {
    let of = |run: usize| {
        let column = found.agent(run, found.whole()).column(metric);
        (found.damage(run), column.iter().sum::<f64>() / column.len() as f64)
    };
    (0..found.runs.len()).map(|run| (found.runs[run].name.clone(), of(run))).collect()
}

fn near(got: f64, expected: f64) {
    assert!((got - expected).abs() < 1e-6, "{got}, not {expected}");
}

/// .5 % of 3,000 is 15 a payment: one from 8 to 16 o'clock (not included), two from 7 to 17; what
/// lies between two payments costs nothing. A short gets what a long pays.
#[test]
fn funding_by_hand() {
    let shocks = r#"
[stress.shocks]
one = { kind = "funding", rate = "0.5 %", after = "8h", over = "8h" }
two = { kind = "funding", rate = "0.5 %", after = "7h", over = "10h" }
idle = { kind = "funding", rate = "0.5 %", after = "9h", over = "6h" }
paid = { kind = "funding", rate = 0, by_market = { BTC-PERP = "-0.5 %" }, after = "8h", over = "1h" }
"#;
    let long = found(&format!("{STILL}{shocks}"));
    let short = STILL.replace("notional", "side = \"short\"\nnotional");
    let short = found(&format!("{short}{shocks}"));
    for (name, damage) in [("one", 15.0), ("two", 30.0), ("idle", 0.0), ("paid", -15.0)] {
        near(figures(&long, Metric::FinalEquity)[name].0, damage);
        near(figures(&short, Metric::FinalEquity)[name].0, -damage);
    }
}

/// e^(−10·t/365): the health factor of (1000 + 30(p − 100))/(4.5 p) passes 2 below 2000/21 = 95.238,
/// first after 43 hours. Square root: 30 p·.04·√(30 p/1e6); a quarter of the depth costs √4 = 2
/// times that. 5 basis points of 30 p: 4 times.
#[test]
fn thin_books_by_hand() {
    let falling = STILL
        .replace("volatility = 0", "volatility = 0\ndrift = -10")
        .replace("latency = \"0s\"", "latency = \"0s\"\n[policy.stop_loss]\nhealth_factor = 2");
    let price = 100.0 * libm::exp(-10.0 * 43.0 / 8_760.0);
    let notional = 30.0 * price;
    let rows = [
        (
            "{ kind = \"square_root\", y = 1, sigma_day = 0.04, daily_volume = \"1000000 USDC\" }",
            notional * 0.04 * (notional / 1e6).sqrt(),
            2.0,
        ),
        ("{ kind = \"fixed_bps\", bps = 5 }", notional * 0.0005, 4.0),
    ];
    let shock =
        "[stress.shocks.thin]\nkind = \"liquidity\"\nfactor = 4\nafter = \"0s\"\nover = \"3d\"\n";
    for (form, cost, times) in rows {
        let slippery = falling.replace("funding =", &format!("slippage = {form}\nfunding ="));
        let costs = figures(&found(&format!("{slippery}{shock}")), Metric::SlippageCost);
        near(costs["none"].1, cost);
        near(costs["thin"].1, times * cost);
    }
    // Without a stop the venue closes, and pays the same multiple.
    let forced = falling
        .replace("[policy.stop_loss]\nhealth_factor = 2", "")
        .replace("duration = \"3d\"", "duration = \"20d\"")
        .replace("funding =", &format!("slippage = {}\nfunding =", rows[0].0));
    let shock = shock.replace("3d", "20d");
    let closed = found(&format!("{forced}{shock}"));
    let costs = figures(&closed, Metric::SlippageCost);
    assert!(costs["none"].1 > 1.0, "{costs:?}");
    near(costs["thin"].1, 2.0 * costs["none"].1);
    assert_eq!(figures(&closed, Metric::Liquidations)["thin"].1, 1.0);
}

const LENDING: &str = r#"name = "lender"
paths = 400
[prices]
model = "gbm"
step = "1h"
duration = "11d"
[prices.assets.BTC]
start_price = 100
volatility = 0
[markets.BTC-PERP]
asset = "BTC"
[holdings.BTC]
[lending.pools.USDC]
rate = "10 %"
[[agent]]
name = "a"
wallet = "10000 USDC"
[[agent.loan]]
side = "lend"
asset = "USDC"
amount = "1000 USDC"
collateral_asset = "BTC"
recall_at = "9d"
notice = "24h"
[report]
charts = false
"#;

/// A floating loan of 1,000 at 10 % earns 1000·.1·10/365 in ten days, and 36.5 % more for five of
/// them: 5.00 on top.
#[test]
fn dear_loans_by_hand() {
    let shock = r#"
[stress.shocks.dear]
kind = "borrow_rate"
rate = 0
by_asset = { USDC = "36.5 %" }
after = "2d"
over = "5d"
"#;
    let text = LENDING.replace("paths = 400", "paths = 2");
    let interest = figures(&found(&format!("{text}{shock}")), Metric::Interest);
    near(interest["none"].1, 2.739_726);
    near(interest["dear"].1, 7.739_726);
    near(interest["dear"].0, -5.0);
}

/// The loan is due after ten days. Recalls of the tenth day fail, those of the ninth are none of this
/// loan's; with one half, half of 400 paths: 200 ± 40, four deviations of √(400/4).
#[test]
fn recalls_that_fail() {
    let shocks = r#"
[stress.shocks]
then = { kind = "recall_failure", after = "9d", over = "36h" }
before = { kind = "recall_failure", after = "8d", over = "48h" }
half = { kind = "recall_failure", probability = "50 %", after = "9d", over = "36h" }
"#;
    let failed = figures(&found(&format!("{LENDING}{shocks}")), Metric::RecallsFailed);
    assert_eq!(failed["none"].1, 0.0);
    assert_eq!(failed["then"].1, 1.0);
    assert_eq!(failed["before"].1, 0.0);
    assert!((failed["half"].1 - 0.5).abs() < 0.1, "{failed:?}");
}

fn logs(text: &str, asset: usize) -> Vec<f64> {
    let scenario = load(text);
    let Prices::Model(model) = &scenario.prices else { panic!("no model") };
    let mut path = ModelPath::new(model).unwrap();
    path.begin(scenario.seed, 0);
    let n = path.assets();
    let (mut marks, mut lasts) = (vec![0.0; n], vec![0.0; n]);
    let level = |tick: usize| {
        path.load(tick, &mut marks, &mut lasts);
        libm::log(marks[asset] / 100.0)
    };
    (0..9).map(level).collect()
}

/// 10 % lost between 2 and 3 o'clock, for three hours, found again within two: half of ln .9 at 7.
#[test]
fn a_depeg_returns() {
    let shock = r#"
[prices.shocks.depeg]
kind = "depeg"
asset = "BTC"
size = "10 %"
after = "2h"
over = "1h"
stay = "3h"
back = "2h"
"#;
    let lost = libm::log(0.9);
    let expected = [0.0, 0.0, 0.0, lost, lost, lost, lost, lost / 2.0, 0.0];
    for (got, expected) in logs(&format!("{STILL}{shock}"), 0).into_iter().zip(expected) {
        assert!((got - expected).abs() < 1e-12, "{got}, not {expected}");
    }
}

/// With noise: the log of both crashes is the sum of each, and correlations of 1 make ETH move as
/// BTC does while they hold.
#[test]
fn stacking_adds_in_log_price() {
    let wild = STILL.replace("volatility = 0\n", "volatility = 0.6\n").replace(
        "[markets.BTC-PERP]",
        "[prices.assets.ETH]\nstart_price = 100\nvolatility = 0.6\n[prices.correlation]\n\
         \"BTC-ETH\" = 0\n[markets.BTC-PERP]",
    );
    let slow =
        "[prices.shocks.slow]\nkind = \"crash\"\nsize = \"30 %\"\nafter = \"1h\"\nover = \"4h\"\n";
    let fast =
        "[prices.shocks.fast]\nkind = \"crash\"\nsize = \"20 %\"\nafter = \"3h\"\nover = \"0s\"\n";
    let of = |shocks: &str| logs(&format!("{wild}{shocks}"), 0);
    let (plain, one, other) = (of(""), of(slow), of(fast));
    let both = of(&format!("{slow}{fast}"));
    for tick in 0..9 {
        let sum = one[tick] + other[tick] - plain[tick];
        assert!((both[tick] - sum).abs() < 1e-12, "tick {tick}");
    }
    let one =
        "[prices.shocks.one]\nkind = \"correlation\"\nto = 1\nafter = \"2h\"\nover = \"3h\"\n";
    let text = format!("{wild}{one}");
    let (btc, eth) = (logs(&text, 0), logs(&text, 1));
    for step in 1..9 {
        let (a, b) = (btc[step] - btc[step - 1], eth[step] - eth[step - 1]);
        let together = (3..6).contains(&step);
        assert_eq!((a - b).abs() < 1e-12, together, "step {step}: {a} {b}");
    }
}

/// A shock of no strength changes no bit of any figure, whatever its kind.
#[test]
fn no_strength_is_no_shock() {
    let text =
        LENDING.replace("paths = 400", "paths = 4").replace("volatility = 0", "volatility = 0.9");
    let text = text.replace("[holdings.BTC]", "funding = { interval = \"8h\", rate = \"0.01 %\" }\nslippage = { kind = \"fixed_bps\", bps = 5 }\n[prices.assets.ETH]\nstart_price = 10\nvolatility = 1\n[prices.correlation]\n\"BTC-ETH\" = 0.5\n[holdings.BTC]");
    let shocks = r#"
[[agent.position]]
market = "BTC-PERP"
notional = "9000 USDC"
collateral = "0 USDC"
margin = "cross"
[stress.shocks]
nothing = { kind = "none" }
crash = { kind = "crash", size = 0, over = "2h" }
volatility = { kind = "volatility", factor = 1, over = "2d" }
correlation = { kind = "correlation", to = 0.5, over = "2d" }
liquidity = { kind = "liquidity", factor = 1, over = "5d" }
funding = { kind = "funding", rate = 0, over = "5d" }
borrow_rate = { kind = "borrow_rate", rate = 0, over = "5d" }
recall_failure = { kind = "recall_failure", probability = 0, over = "5d" }
"#;
    let (loan, report) = text.split_once("[report]").expect("it has one");
    let found = found(&format!("{loan}{shocks}[report]{report}"));
    assert_eq!(found.runs.len(), 1 + 8 + 6 + 1);
    // As text, in which what is no number equals itself.
    let bits = |run: usize| format!("{:?}", found.study.variants[run].agents);
    let none = bits(0);
    for (run, spec) in found.runs.iter().enumerate() {
        assert!(bits(run) == none, "{} differs", spec.name);
    }
}

/// `stress.csv` of a scenario, by shock, agent and metric.
fn table(text: &str) -> BTreeMap<String, String> {
    let home = tempfile::tempdir().unwrap();
    let execution = Execution { threads: 2, stop: &AtomicBool::new(false) };
    let out = home.path().join("out");
    produce_stress(&load(text), &execution, &out, false, &mut NoProgress).unwrap();
    let table = std::fs::read_to_string(out.join("stress.csv")).unwrap();
    let row = |line: &str| {
        let mut fields = line.splitn(4, ',');
        let key: Vec<&str> = fields.by_ref().take(3).collect();
        (key.join(" "), fields.next().unwrap_or_default().to_owned())
    };
    table.lines().map(row).collect()
}

/// 15, 30 and 30: the two that cost as much share the first place, by name; the third is third.
/// All three cost 75, the worst two 60, on every path.
#[test]
fn places_ties_and_the_stack() {
    let shocks = r#"
[stress]
after = "8h"
[stress.shocks]
small = { kind = "funding", rate = "0.5 %", over = "1h" }
twin_b = { kind = "funding", rate = "1 %", over = "1h" }
twin_a = { kind = "funding", rate = "1 %", over = "1h" }
"#;
    let found = found(&format!("{STILL}{shocks}"));
    let names: Vec<&str> = found.runs.iter().map(|run| run.name.as_str()).collect();
    assert_eq!(names, ["none", "twin_a", "twin_b", "small", "twin_a+twin_b", "stacked"]);
    assert_eq!(found.ranks(), [None, Some(1), Some(1), Some(3), None, None]);
    for (run, damage) in [0.0, 30.0, 30.0, 15.0, 60.0, 75.0].into_iter().enumerate() {
        assert!(found.damages(run, 0).iter().all(|one| (one - damage).abs() < 1e-6), "{run}");
    }
    // Every path loses 30: no doubt at all. No path of three is liquidated: Wilson's 3.8416/6.8416.
    let table = table(&format!("{STILL}{shocks}"));
    assert_eq!(table["twin_a a loss_added"], "30,30,30,USDC");
    assert_eq!(table["twin_b a rank"], "1,,,1");
    assert_eq!(table["small a rank"], "3,,,1");
    assert_eq!(table["none a loss_added"], "0,0,0,USDC");
    assert!(table["none a liquidation_probability"].starts_with("0,0,0.5614"), "{table:?}");
    let listed = format!("{STILL}{shocks}")
        .replace("after = \"8h\"\n", "after = \"8h\"\nstack = [\"small\", \"twin_b\"]\n");
    let found = self::found(&listed);
    let last = found.runs.len() - 1;
    assert_eq!((found.runs[last].name.as_str(), found.runs.len()), ("stacked", 5));
    near(found.damage(last), 45.0);
}

/// Pairs of mirrored paths are one observation, and shocks begin on both at one instant.
#[test]
fn antithetic_paths_make_pairs() {
    let text =
        STILL.replace("volatility = 0\n", "volatility = 0.5\n").replace("paths = 3", "paths = 40");
    let text = text.replace("step =", "antithetic = true\nstep =");
    let shock = "[stress.shocks.any]\nkind = \"crash\"\nsize = \"30 %\"\nover = \"1h\"\n";
    let found = found(&format!("{text}{shock}"));
    assert_eq!(found.study.replication.size(), 2);
    let table = table(&format!("{text}{shock}"));
    for metric in ["loss_added", "loss", "liquidation_probability"] {
        let row: Vec<&str> = table[&format!("any a {metric}")].split(',').collect();
        assert!(row[..3].iter().all(|value| value.parse::<f64>().is_ok()), "{metric}: {row:?}");
    }
}

/// A scenario without shocks meets the presets that know its assets and fit into its run.
#[test]
fn presets_where_no_shock_is_named() {
    let names = |text: &str| -> Vec<String> {
        load(text).stress.shocks.iter().map(|shock| shock.name.clone()).collect()
    };
    let week = STILL.replace("3d", "7d");
    let all = ["2020-03-12", "2021-05-19", "2022-05", "2022-11-08", "2024-08-05", "2025-10-10"];
    assert_eq!(names(&week), all);
    let short = load(STILL);
    assert_eq!(short.stress.shocks.len(), 5);
    assert!(
        short.stress.remarks[0].contains("2022-05 (longer than the run)"),
        "{:?}",
        short.stress
    );
    let solana = week.replace("assets.BTC", "assets.SOL").replace("\"BTC\"", "\"SOL\"");
    assert_eq!(names(&solana), all[1..]);
    let doge = week.replace("assets.BTC", "assets.DOGE").replace("\"BTC\"", "\"DOGE\"");
    assert!(names(&doge).is_empty());
    assert!(load(&doge).stress.remarks[0].contains("altcoin"));
    let like = format!("{doge}[stress]\nlike = {{ DOGE = \"altcoin\" }}\n");
    assert_eq!(names(&like), all);
}

#[test]
fn every_file_is_the_same_at_1_2_and_7_threads() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/crash_2025_10_10.toml");
    let sets = [("paths", "24"), ("prices.step", "\"30m\""), ("policy.poll", "\"30m\"")];
    let sets: Vec<(String, String)> =
        sets.iter().map(|(path, value)| (path.to_string(), value.to_string())).collect();
    let scenario = Scenario::load(&file, &sets).unwrap_or_else(|faults| panic!("{faults}"));
    let home = tempfile::tempdir().unwrap();
    let files = |threads: usize| -> Vec<Vec<u8>> {
        let out = home.path().join(threads.to_string());
        let execution = Execution { threads, stop: &AtomicBool::new(false) };
        produce_stress(&scenario, &execution, &out, false, &mut NoProgress).unwrap();
        ["stress.csv", "stress.png", "manifest.json"]
            .map(|name| std::fs::read(out.join(name)).unwrap())
            .into()
    };
    let one = files(1);
    assert!(one == files(2) && one == files(7));
}
