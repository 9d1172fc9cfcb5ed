//! Rows of the tables of sweeps, tunings, stresses and comparisons lead to the path that they rest on: the
//! story told is that of a plain run of the same fields, seed and prices.

#[path = "common/bars.rs"]
mod bars;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use drypowder::engine::Metric;
use drypowder::report::{
    Explanation, RowAsked, SweepPlan, explain_row, produce_stress, produce_sweep, produce_tune,
};
use drypowder::scenario::ScenarioFile;
use drypowder::study::{Execution, NoProgress, NoRows, VariantSet, run};

static STOP: AtomicBool = AtomicBool::new(false);

const EXECUTION: Execution<'static> = Execution { threads: 2, stop: &STOP };

type Table = Vec<(u64, BTreeMap<String, String>)>;

struct Home(tempfile::TempDir);

impl Home {
    fn new(text: &str) -> Self {
        let home = Self(tempfile::tempdir().expect("a folder"));
        fs::write(home.path("s.toml"), text).expect("a file");
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn open(&self) -> ScenarioFile {
        self.load("s.toml", &[])
    }

    fn load(&self, name: &str, sets: &[(&str, &str)]) -> ScenarioFile {
        let owned = |(path, value): &(&str, &str)| ((*path).to_owned(), (*value).to_owned());
        let sets: Vec<(String, String)> = sets.iter().map(owned).collect();
        ScenarioFile::open(&self.path(name), &sets).unwrap_or_else(|faults| panic!("{faults}"))
    }

    /// Final equity of the first agent on every path of a plain run of the plan, in a world of its own.
    fn plain(&self, sets: &[(&str, &str)], variant: &str) -> Vec<f64> {
        // The first rung of a search may be all that runs here.
        let text = fs::read_to_string(self.path("s.toml")).expect("a file");
        // Its fresh seed is that of this plain run.
        let is_kept =
            |line: &&str| !["halving", "validation_seed"].iter().any(|a| line.starts_with(a));
        let kept: Vec<&str> = text.lines().filter(is_kept).collect();
        fs::write(self.path("plain.toml"), kept.join("\n")).expect("a file");
        let file = self.load("plain.toml", sets);
        let set = VariantSet::of(file.base()).expect("sound models");
        let result =
            run(file.base(), &set, &EXECUTION, &mut NoRows, &mut NoProgress).expect("it runs");
        let found = result.variants.iter().find(|one| one.name == variant).expect(variant);
        found.agents[0].column(Metric::FinalEquity).iter().collect()
    }

    fn explain(&self, table: &str, line: u64, figure: Option<&str>) -> Result<Explanation, String> {
        let path = self.path(table);
        let asked = RowAsked { file: &path, line, figure };
        let found = explain_row(&self.open(), &asked, &EXECUTION, &mut NoProgress);
        found.map_err(|why| why.to_string())
    }

    /// Lines of a table with their numbers.
    fn lines(&self, table: &str) -> Table {
        lines(&self.path(table))
    }
}

fn lines(path: &Path) -> Table {
    let mut table = csv::Reader::from_path(path).expect("a table");
    let names = table.headers().expect("a header").clone();
    let row = |record: csv::StringRecord| {
        names.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
    };
    (2..).zip(table.records().map(|record| row(record.expect("a line")))).collect()
}

/// What the story says of the end.
fn told_equity(text: &str) -> f64 {
    let (_, rest) = text.rsplit_once("Final equity ").unwrap_or_else(|| panic!("no end: {text}"));
    let (amount, _) = rest.split_once(" USDC").expect("an amount");
    amount.replace(',', "").parse().expect("a number")
}

/// The story is that of the path in `equity`, and no path is nearer to `wanted`.
fn leads_to(found: &Explanation, equity: &[f64], wanted: f64) {
    let own = equity[found.path as usize];
    assert!((told_equity(&found.text) - own).abs() < 0.006, "{own}: {}", found.text);
    let least = equity.iter().map(|one| (one - wanted).abs()).fold(f64::INFINITY, f64::min);
    assert!(
        ((own - wanted).abs() - least).abs() < 1e-9,
        "{own}, not near {wanted}: {}",
        found.text
    );
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Of 41 values the 5 % quantile of type 7 stands at 40 · 0.05 = 2: the third least.
fn third_least(values: &[f64]) -> f64 {
    assert_eq!(values.len(), 41);
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[2]
}

/// A long that is topped up on jumpy prices, over two notionals, one that no margin carries, and two wallets.
const SWEEP: &str = r#"name = "swept"
paths = 41
seed = 7
nulls = []
[prices]
model = "merton"
step = "1h"
steps = 240
assets.BTC = { start_price = 100, volatility = 0.9, jumps = { intensity = 60, mean = -0.08, deviation = 0.05 } }
[markets.BTC-PERP]
asset = "BTC"
initial_margin = "20 %"
[policy.top_up]
[[agent]]
name = "a"
wallet = "500 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
[report]
charts = false
[sweep]
design = "grid"
paths_file = true
figures = ["final_equity", "final_equity_p05", "liquidation_probability"]
[sweep.fields]
"agent.a.position.0.notional" = ["2000 USDC", "4000 USDC", "90000 USDC"]
"agent.a.wallet" = ["300 USDC", "900 USDC"]
"#;

#[test]
fn rows_of_a_sweep() {
    let home = Home::new(SWEEP);
    let file = home.open();
    let plan = SweepPlan::of(&file).expect("a sweep");
    produce_sweep(&plan, &EXECUTION, &home.path("out"), false, &mut NoProgress).expect("it runs");
    let all = home.lines("out/sweep_paths.csv");
    let of = |variant: &str, column: &str| -> Vec<f64> {
        let rows = all.iter().filter(|(_, row)| row["variant"] == variant);
        rows.map(|(_, row)| row[column].parse().expect("a number")).collect()
    };
    let rows = home.lines("out/sweep.csv");
    assert_eq!(rows.len(), 6);
    for (line, row) in &rows {
        if row["status"] == "failed" {
            let why = home.explain("out/sweep.csv", *line, None).unwrap_err();
            assert!(why.contains("the line has no paths: its run failed: "), "{why}");
            continue;
        }
        let equity = of(&row["variant"], "final_equity");
        let notional = format!("{:?}", row["agent.a.position.0.notional"]);
        let wallet = format!("{:?}", row["agent.a.wallet"]);
        let sets = [
            ("agent.a.position.0.notional", notional.as_str()),
            ("agent.a.wallet", wallet.as_str()),
        ];
        let plain = home.plain(&sets, "guarded");
        assert_eq!(equity, plain, "{row:?}");
        let found = home.explain("out/sweep.csv", *line, None).expect("a story");
        leads_to(&found, &equity, mean(&equity));
        assert!(found.text.contains(&format!("variant {}: ", row["variant"])), "{}", found.text);
        let tail = home.explain("out/sweep.csv", *line, Some("final_equity_p05")).expect("a story");
        assert_eq!(equity[tail.path as usize], third_least(&equity), "{}", tail.text);
        leads_to(&tail, &equity, third_least(&equity));
        let hits = of(&row["variant"], "liquidations");
        match home.explain("out/sweep.csv", *line, Some("liquidation_probability")) {
            Ok(found) => assert!(
                hits[found.path as usize] > 0.0 && found.text.contains("LIQUIDATED"),
                "{}",
                found.text
            ),
            Err(why) => {
                assert!(hits.iter().all(|hit| *hit == 0.0) && why.contains("no path has"), "{why}");
            }
        }
    }
    assert_eq!(rows.iter().filter(|(_, row)| row["status"] == "failed").count(), 2);
    for (line, row) in all.iter().step_by(23) {
        let found = home.explain("out/sweep_paths.csv", *line, None).expect("a story");
        assert_eq!(found.path.to_string(), row["path"]);
        let equity: f64 = row["final_equity"].parse().expect("a number");
        assert!((told_equity(&found.text) - equity).abs() < 0.006, "{row:?}: {}", found.text);
    }
    for (line, row) in home.lines("out/summary.csv") {
        if row["metric"] == "final_equity_p05" {
            let equity = of(&row["variant"], "final_equity");
            let found = home.explain("out/summary.csv", line, None).expect("a story");
            assert_eq!(equity[found.path as usize], third_least(&equity), "{}", found.text);
        }
    }
    let why = home.explain("out/sweep_paths.csv", 2, Some("es_95")).unwrap_err();
    assert!(why.contains("is of one figure or path: leave out --metric es_95"), "{why}");
    let why = home.explain("out/sweep.csv", 2, Some("es_59x")).unwrap_err();
    assert!(why.contains("no path stands behind es_59x"), "{why}");
}

/// A long of three notionals, judged by its agent alone; a short beside it that turns the order of the
/// whole account's paths around.
const TUNE: &str = r#"name = "tuned"
paths = 40
seed = 3
nulls = []
[prices]
model = "gbm"
step = "1h"
steps = 240
[prices.assets.BTC]
start_price = 100
volatility = 0.4
drift = 0.3
[other_models.jumpy]
model = "merton"
assets.BTC = { start_price = 100, volatility = 0.4, jumps = { intensity = 60, mean = -0.05, deviation = 0.02 } }
[markets.BTC-PERP]
asset = "BTC"
[[agent]]
name = "a"
wallet = "2000 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "1000 USDC"
collateral = "1000 USDC"
[[agent]]
name = "b"
wallet = "20000 USDC"
[[agent.position]]
market = "BTC-PERP"
side = "short"
notional = "9000 USDC"
collateral = "9000 USDC"
[report]
charts = false
[objective]
agent = "a"
terms = [{ metric = "final_equity" }, { metric = "es_95", weight = -0.01 }]
[tune]
search = "grid"
finalists = 2
halving = { paths = 20, keep = "50 %" }
validation_paths = 41
validation_seed = 77
[tune.fields]
"agent.a.position.0.notional" = ["500 USDC", "1500 USDC", "2000 USDC"]
"agent.a.wallet" = ["1900 USDC", "2100 USDC"]
"#;

const NOTIONAL: &str = "agent.a.position.0.notional";
const WALLET: &str = "agent.a.wallet";

#[test]
fn rows_of_a_tuning() {
    let home = Home::new(TUNE);
    produce_tune(&home.open(), &EXECUTION, &home.path("out"), false, &mut NoProgress)
        .unwrap_or_else(|why| panic!("{why}"));
    let rows = home.lines("out/tune.csv");
    let quoted = |text: &str| format!("{text:?}");
    // Fields of each candidate.
    let sets: BTreeMap<String, [String; 2]> = (rows.iter())
        .map(|(_, row)| {
            (row["candidate"].clone(), [NOTIONAL, WALLET].map(|path| quoted(&row[path])))
        })
        .collect();
    let plain = |candidate: &str, variant: &str, more: &[(&str, &str)]| {
        let [notional, wallet] = &sets[candidate];
        let own = [(NOTIONAL, notional.as_str()), (WALLET, wallet.as_str())];
        home.plain(&[&own, more].concat(), variant)
    };
    let fresh = [("seed", "77"), ("paths", "41")];
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for (line, row) in &rows {
        let stage = format!("{} {}", row["stage"], row["paths"]);
        let ground = match row["stage"].as_str() {
            "search" => [("seed", "3"), ("paths", row["paths"].as_str())],
            _ => fresh,
        };
        let equity = plain(&row["candidate"], "plan", &ground);
        let found = home.explain("out/tune.csv", *line, None).expect("a story");
        leads_to(&found, &equity, mean(&equity));
        assert!(found.text.contains(&format!("seed {}", ground[0].1)), "{}", found.text);
        if row["stage"] == "validation" {
            let found = home.explain("out/tune.csv", *line, Some("final_equity_p05")).unwrap();
            assert_eq!(equity[found.path as usize], third_least(&equity), "{}", found.text);
            assert!(found.text.contains("fresh paths: "), "{}", found.text);
        }
        *seen.entry(stage).or_default() += 1;
    }
    let stages: Vec<&str> = seen.keys().map(String::as_str).collect();
    assert_eq!(stages, ["search 20", "search 40", "validation 41"]);

    // The drift of 0.3 a year with 0.5 more and less; the other model as a run has it.
    let mut kinds = 0;
    for (line, row) in home.lines("out/tune_conditions.csv") {
        let candidate = row["candidate"].as_str();
        let more = |path, value| plain(candidate, "plan", &[&fresh[..], &[(path, value)]].concat());
        let equity = match row["condition"].as_str() {
            "own" => plain(candidate, "plan", &fresh),
            "model jumpy" => plain(candidate, "plan[jumpy]", &fresh),
            "drift +50 % a year" => more("prices.assets.BTC.drift", "0.8"),
            "drift −50 % a year" => more("prices.assets.BTC.drift", "-0.2"),
            other => panic!("{other}"),
        };
        kinds += 1;
        let found =
            home.explain("out/tune_conditions.csv", line, Some("final_equity_p05")).unwrap();
        assert_eq!(
            found.path as usize,
            equity.iter().position(|e| *e == third_least(&equity)).unwrap()
        );
        leads_to(&found, &equity, third_least(&equity));
        let words = format!("variant {candidate}, under the condition {}", row["condition"]);
        assert!(found.text.contains(&words), "{}", found.text);
    }
    // Four conditions of two finalists and the scenario as it stands.
    assert_eq!(kinds, 12);

    // Along an axis: the centre's other field, and the row's value.
    let manifest = fs::read_to_string(home.path("out/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let centre = manifest["recommended"].as_str().expect("a recommendation").to_owned();
    assert_eq!(manifest["centre"].as_str(), Some(centre.as_str()));
    let profile = home.lines("out/tune_profile.csv");
    assert_eq!(profile.len(), 5);
    for (line, row) in profile {
        let value = quoted(&row["value"]);
        let equity = plain(&centre, "plan", &[&fresh[..], &[(&row["axis"], &value)]].concat());
        let found = home.explain("out/tune_profile.csv", line, None).expect("a story");
        leads_to(&found, &equity, mean(&equity));
    }
    fs::remove_file(home.path("out/tune.csv")).unwrap();
    let why = home.explain("out/tune_profile.csv", 2, None).unwrap_err();
    assert!(
        why.contains("tune.csv, which a row of tune_profile.csv needs, cannot be read"),
        "{why}"
    );
}

/// A long or short of 1,000 USDC with 3,000 USDC in all, without fees.
const SIDE: &str = r#"name = "side"
nulls = []
[prices]
model = "history"
[prices.assets.BTC]
file = "break.csv"
[markets.BTC-PERP]
asset = "BTC"
taker_fee = 0
[[agent]]
name = "a"
wallet = "2000 USDC"
[[agent.position]]
market = "BTC-PERP"
side = "short"
notional = "1000 USDC"
collateral = "1000 USDC"
[report]
charts = false
[objective]
terms = [{ metric = "final_equity" }, { metric = "es_95", weight = -0.000001 }]
[tune]
search = "grid"
finalists = 2
[tune.fields]
"agent.0.position.0.side" = ["long", "short"]
"#;

/// Windows of +10 %, +10 %, −10 %, −10 %. The long is chosen by the first two and tried on the second and
/// third: 3,000 + 100 and 3,000 − 100; the short is chosen by the third: 3,000 + 100 on the last.
#[test]
fn steps_of_a_walk() {
    let home = Home::new(SIDE);
    fs::write(home.path("break.csv"), bars::between(&[100.0, 110.0, 121.0, 108.9, 98.01], 50))
        .unwrap();
    produce_tune(&home.open(), &EXECUTION, &home.path("out"), false, &mut NoProgress).unwrap();
    let rows = home.lines("out/walk_forward.csv");
    for ((line, row), expected) in rows.iter().zip([3_100.0, 2_900.0, 3_100.0]) {
        let found = home.explain("out/walk_forward.csv", *line, None).expect("a story");
        assert!((told_equity(&found.text) - expected).abs() < 0.01, "{}", found.text);
        let [from, to] = ["tested_from", "tested_to"].map(|column| row[column].as_str());
        assert!(found.text.contains(from) && found.text.contains(to), "{}", found.text);
        let words = format!("the window that step {} was tested on", row["step"]);
        assert!(found.text.contains(&words), "{}", found.text);
    }
    assert_eq!(rows.len(), 3);
    // A replay has one path in every mode but the bridge, which is drawn.
    for (line, row) in home.lines("out/tune_conditions.csv") {
        let found = home.explain("out/tune_conditions.csv", line, None).expect("a story");
        let lead = format!("Path {} of {}, from 0", found.path, row["paths"]);
        assert!(found.text.contains(&lead), "{}", found.text);
    }
}

/// A history that the search did not see: windows of +10 %, −21 %, +5 % and −4 % make 3,100, 2,790, 3,050
/// and 2,960 of a long of 1,000 USDC. Their mean is 2,975, to which the last is nearest; the least is the
/// second.
#[test]
fn windows_of_a_history() {
    let text = SIDE
        .replace("model = \"history\"", "model = \"gbm\"\nstep = \"1h\"\nsteps = 50")
        .replace("file = \"break.csv\"", "start_price = 100\nvolatility = 0.2")
        .replace("side = \"short\"", "side = \"long\"")
        .replace("nulls = []", "paths = 100\nnulls = []")
        .replace("[tune.fields]", "[tune.history.assets.BTC]\nfile = \"seen.csv\"\n[tune.fields]");
    let home = Home::new(&text);
    let ends = [5_000.0, 5_500.0, 4_345.0, 4_562.25, 4_379.76];
    fs::write(home.path("seen.csv"), bars::between(&ends, 50)).unwrap();
    produce_tune(&home.open(), &EXECUTION, &home.path("out"), false, &mut NoProgress).unwrap();
    let rows = home.lines("out/tune_conditions.csv");
    let is = |row: &BTreeMap<String, String>| {
        row["condition"] == "history" && row["candidate"] == "base"
    };
    let (line, _) = rows.iter().find(|(_, row)| is(row)).expect("the scenario as it stands");
    for (figure, window, expected) in [
        (None, 3, 2_960.0),
        // The least of four by the quantile of type 7 at 3 · 0.05 = 0.15: 2,790 + 0.15 · 170 = 2,815.5.
        (Some("final_equity_p05"), 1, 2_790.0),
    ] {
        let found = home.explain("out/tune_conditions.csv", *line, figure).expect("a story");
        assert_eq!(found.path, window, "{}", found.text);
        assert!((told_equity(&found.text) - expected).abs() < 0.01, "{}", found.text);
        let lead = format!("Window {window} of 4, from 0, seed ");
        let variant = format!("variant base[{window}], under the condition history: ");
        assert!(found.text.contains(&lead) && found.text.contains(&variant), "{}", found.text);
    }
}

/// A long of 3,000 USDC on a price that stands still: a fall of 10 % takes 300 of 2,000, one of 5 % 150,
/// and both 3,000 · (1 − 0.9 · 0.95) = 435. No path has a force-close.
#[test]
fn rows_of_a_stress() {
    let text = r#"name = "still"
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
taker_fee = 0
[[agent]]
name = "a"
wallet = "1000 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
[report]
charts = false
[stress]
after = "8h"
[stress.shocks]
ten = { kind = "crash", size = "10 %", over = "1h" }
five = { kind = "crash", size = "5 %", over = "1h" }
"#;
    let home = Home::new(text);
    let file = home.open();
    produce_stress(file.base(), &EXECUTION, &home.path("out"), false, &mut NoProgress).unwrap();
    let mut told = BTreeMap::new();
    for (line, row) in home.lines("out/stress.csv") {
        let (shock, metric) = (row["shock"].as_str(), row["metric"].as_str());
        match home.explain("out/stress.csv", line, None) {
            Ok(found) => {
                let expected = match shock {
                    "none" => 2_000.0,
                    "five" => 1_850.0,
                    "ten" => 1_700.0,
                    _ => 1_565.0,
                };
                assert!((told_equity(&found.text) - expected).abs() < 0.01, "{}", found.text);
                assert!(found.text.contains(&format!("variant {shock}")), "{}", found.text);
                told.insert(format!("{shock} {metric}"), ());
            }
            Err(why) => assert!(why.contains("no path has"), "{shock} {metric}: {why}"),
        }
    }
    for row in ["none loss", "ten loss", "ten loss_added", "five rank", "stacked es_95"] {
        assert!(told.contains_key(row), "{row}: {told:?}");
    }
}
