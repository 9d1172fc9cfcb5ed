//! What a recommendation hangs on, where it is known: drift by construction, windows of a history, and
//! a walk over a history whose regime breaks.

#[path = "common/bars.rs"]
mod bars;

use std::fs;
use std::sync::atomic::AtomicBool;

use drypowder::report::{TuneFinished, produce_tune, tune_report};
use drypowder::scenario::ScenarioFile;
use drypowder::study::{Bearing, ConditionKind, Execution, NoProgress, TuneResult, Walked};

/// A long that cannot be force-closed (its collateral is at least half its notional, 30 days at 20 % a
/// year): the mean gain of a notional N is N·(e^(μ·30/365) − 1).
const LONG: &str = r#"name = "long"
paths = 1000
seed = 3
nulls = []
[prices]
model = "gbm"
step = "1h"
steps = 720
[prices.assets.BTC]
start_price = 100
volatility = 0.2
drift = 0.3
[markets.BTC-PERP]
asset = "BTC"
taker_fee = 0
[[agent]]
name = "a"
wallet = "2000 USDC"
[[agent.position]]
market = "BTC-PERP"
side = "long"
notional = "1000 USDC"
collateral = "1000 USDC"
[objective]
terms = [{ metric = "final_equity" }, { metric = "es_95", weight = -0.01 }]
[tune]
search = "grid"
finalists = 4
[tune.fields]
"agent.0.position.0.notional" = ["500 USDC", "1000 USDC", "2000 USDC"]
"#;

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn open(&self, text: &str) -> ScenarioFile {
        let path = self.0.path().join("s.toml");
        fs::write(&path, text).expect("a file");
        ScenarioFile::open(&path, &[]).unwrap_or_else(|faults| panic!("{faults}"))
    }

    fn produce(&self, text: &str, out: &str, threads: usize) -> (ScenarioFile, TuneFinished) {
        let file = self.open(text);
        let stop = AtomicBool::new(false);
        let execution = Execution { threads, stop: &stop };
        let out = self.0.path().join(out);
        let finished = produce_tune(&file, &execution, &out, false, &mut NoProgress)
            .unwrap_or_else(|error| panic!("{error}"));
        (file, finished)
    }
}

fn notional(found: &TuneResult, finalist: usize) -> f64 {
    let point = &found.candidate(finalist).point[0];
    point.as_ref().and_then(|value| value.number).expect("a number")
}

/// How the recommendation stands under each other condition, by name.
fn bearings(found: &TuneResult) -> Vec<(String, Bearing)> {
    let own = &found.robustness.conditions[0];
    let base = found.finalists.iter().position(|one| one.candidate == 0);
    let of = |condition: &drypowder::study::Condition| {
        let bearing = condition.bearing(own, found.centre, base);
        (condition.name.clone(), bearing)
    };
    found.robustness.conditions[1..].iter().map(of).collect()
}

/// At a drift of 0.3 the largest position is best. At −0.2 it loses 2000·(1 − e^(−0.2·30/365)) = 32.61,
/// the scenario as it stands half of that: 16.31 less (its expected shortfall, at a weight of 0.01, adds
/// 1000 · 0.12 · 0.01 = 1.2 or so). Of 1,000 paths the standard error is 1000 · 0.2 · √(30/365)/√1000 =
/// 1.8; 16.31 + 1.2 ± 4.5 is 2.5 of them.
#[test]
fn what_lives_on_drift_hangs_on_it() {
    let home = Home::new();
    let (file, finished) = home.produce(LONG, "out", 0);
    let found = &finished.found;
    assert_eq!(notional(found, found.recommended.expect("no limits")), 2_000.0);
    let bearings = bearings(found);
    let names: Vec<&str> = bearings.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["drift +50 % a year", "drift −50 % a year"]);
    assert_eq!(bearings[0].1, Bearing::Stands);
    let Bearing::Turns(loss) = &bearings[1].1 else { panic!("{:?}", bearings[1]) };
    assert!((loss.value - 17.5).abs() < 4.5, "{loss:?}");
    // The regret there is that to the smallest position: 1500/1000 of it.
    let regrets = found.robustness.conditions[2].regrets(&found.objective);
    assert!((regrets[found.centre] / loss.value - 1.5).abs() < 0.05, "{regrets:?}");
    let worst = found.robustness.worst_regrets(&found.objective);
    assert_eq!(worst[found.centre], regrets[found.centre]);
    let report = said(&file, &finished);
    let words =
        "It hangs on the drift: under drift −50 % a year it is worse than the scenario as it";
    assert!(report.contains(words), "{report}");
}

/// Where a tail weighs three times, the smallest position is best whatever the drift: of 0.8 a year the
/// mean gain is 6.8 % of the notional, and three times the expected shortfall, 3·(11.8 − 6.8) % or more.
#[test]
fn what_does_not_live_on_drift_does_not_hang_on_it() {
    let home = Home::new();
    let (file, finished) = home.produce(&LONG.replace("-0.01", "-3"), "out", 0);
    let found = &finished.found;
    let best = found.recommended.expect("no limits");
    assert_eq!(notional(found, best), 500.0);
    assert!(bearings(found).iter().all(|(_, bearing)| *bearing == Bearing::Stands));
    assert_eq!(found.robustness.minimax(&found.objective), Some(best));
    assert_eq!(found.robustness.worst_regrets(&found.objective)[best], 0.0);
    let report = said(&file, &finished);
    for words in [
        "It does not hang on the drift: no limit that it kept is broken there",
        "is the best finalist under every condition",
    ] {
        assert!(report.contains(words), "{words}: {report}");
    }
    let (_, off) = home.produce(&LONG.replace("[tune]", "[tune]\nrobustness = false"), "off", 0);
    assert!(off.found.robustness.conditions.is_empty());
}

fn said(file: &ScenarioFile, finished: &TuneFinished) -> String {
    tune_report(file, finished).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Four windows: +10 %, +10 %, −10 %, −10 %, of 1,000 USDC either way; the scenario as it stands is
/// short. The long is chosen by the first two: it gains 200 over the short where it is chosen; in the
/// second window 200 too, in the third it loses as much. The short is chosen by the third, and gains
/// nothing over itself. Efficiency: (200 − 200 + 0) / (200 + 200 + 0) = 0.
#[test]
fn a_regime_that_breaks_costs_what_it_gave() {
    let home = Home::new();
    let ends = [100.0, 110.0, 121.0, 108.9, 98.01];
    fs::write(home.0.path().join("break.csv"), bars::between(&ends, 50)).unwrap();
    let (head, rest) = LONG.split_once("[prices]").unwrap();
    let (_, rest) = rest.split_once("[markets.BTC-PERP]").unwrap();
    let text =
        format!(
        "{}[prices]\nmodel = \"history\"\n[prices.assets.BTC]\nfile = \"break.csv\"\n\
         [markets.BTC-PERP]{}",
        head.replace("paths = 1000\n", ""),
        rest.replace("side = \"long\"", "side = \"short\"").replace(
            "\"agent.0.position.0.notional\" = [\"500 USDC\", \"1000 USDC\", \"2000 USDC\"]",
            "\"agent.0.position.0.side\" = [\"long\", \"short\"]",
        ).replace("-0.01", "-0.000001"),
    );
    let (file, finished) = home.produce(&text, "out", 0);
    let found = &finished.found;
    let walk = found.walk.as_ref().expect("a replay");
    let gains: Vec<[f64; 2]> = walk
        .steps
        .iter()
        .map(|step| {
            let Walked { in_sample, base_in_sample, out_of_sample, base_out_of_sample, .. } =
                step.walked.expect("both ran");
            [in_sample - base_in_sample, out_of_sample - base_out_of_sample]
        })
        .collect();
    for (found, expected) in gains.iter().zip([[200.0, 200.0], [200.0, -200.0], [0.0, 0.0]]) {
        assert!(
            (found[0] - expected[0]).abs() < 1e-2 && (found[1] - expected[1]).abs() < 1e-2,
            "{gains:?}"
        );
    }
    assert!(walk.efficiency().expect("something was gained").abs() < 1e-4);
    let hours = |step: usize| (walk.steps[step].tested_ms.0 - 1_767_225_600_000) / 3_600_000;
    assert_eq!([hours(0), hours(1), hours(2)], [50, 100, 150]);
    // 98.01 is 19 % below 121.
    assert!(walk.witness.falls.is_empty());
    let kinds: Vec<(ConditionKind, u64)> =
        found.robustness.conditions.iter().map(|one| (one.kind, one.paths)).collect();
    let intrabar = ConditionKind::Intrabar;
    assert_eq!(kinds, [(ConditionKind::Own, 1), (intrabar, 1), (intrabar, 50)]);
    let report = said(&file, &finished);
    for words in [
        "4 windows; the best of each on the next: c001, c001, base.",
        "Gain over the scenario as it stands, mean of 3 steps: +133.33 where it was chosen, +0.0000 in",
        "it rests on 0 independent crashes.",
    ] {
        assert!(report.contains(words), "{words}: {report}");
    }
    let table = fs::read_to_string(finished.folder.join("walk_forward.csv")).unwrap();
    assert_eq!(table.lines().count(), 4, "{table}");
}

/// A run of 50 hours over a history of 200 at another price level: four windows of +10 %, −21 %, +5 % and
/// −4 %. In the mean 1,000 USDC gain 1000 · (0.1 − 0.21 + 0.05 − 0.04)/4 = −25, and the fall of 21 % is
/// one crash.
#[test]
fn windows_of_an_unseen_history_are_paths() {
    let home = Home::new();
    let ends = [5_000.0, 5_500.0, 4_345.0, 4_562.25, 4_379.76];
    fs::write(home.0.path().join("seen.csv"), bars::between(&ends, 50)).unwrap();
    let text = LONG
        .replace("steps = 720", "steps = 50")
        .replace("-0.01", "-0.000001")
        .replace("[tune.fields]", "[tune.history.assets.BTC]\nfile = \"seen.csv\"\n[tune.fields]");
    let (file, finished) = home.produce(&text, "out", 0);
    let found = &finished.found;
    let history = found.robustness.conditions.last().expect("a history");
    assert_eq!((history.kind, history.paths), (ConditionKind::History, 4));
    let base = found.finalists.iter().position(|one| one.candidate == 0).expect("among them");
    let value = history.worth[base].as_ref().expect("it ran").objective.value;
    assert!((value - (3_000.0 - 25.0)).abs() < 0.01, "{value}");
    let witness = found.robustness.history.as_ref().expect("a history");
    let falls: Vec<(&str, f64)> =
        witness.falls.iter().map(|fall| (fall.asset.as_str(), fall.depth)).collect();
    assert_eq!(falls.len(), 1, "{falls:?}");
    assert!((falls[0].1 - 0.21).abs() < 1e-9, "{falls:?}");
    assert!(said(&file, &finished).contains("it rests on 1 independent crash: BTC 2026-01-05"));
    // Too short for a single window.
    let long = text.replace("steps = 50", "steps = 201");
    fs::write(home.0.path().join("long.toml"), &long).unwrap();
    let refused = ScenarioFile::open(&home.0.path().join("long.toml"), &[]).expect_err("too short");
    let refused = refused.to_string();
    assert!(refused.contains("200 bars of 1h are no window of 201h"), "{refused}");
}

#[test]
fn threads_change_no_table() {
    let home = Home::new();
    let text = LONG.replace("paths = 1000", "paths = 100");
    let tables: Vec<Vec<u8>> = [1, 2, 7]
        .iter()
        .map(|threads| {
            let (_, finished) = home.produce(&text, &format!("out{threads}"), *threads);
            fs::read(finished.folder.join("tune_conditions.csv")).unwrap()
        })
        .collect();
    assert!(tables[0].len() > 500);
    assert!(tables[1] == tables[0] && tables[2] == tables[0]);
}

/// A history that the search draws from, or replays, is none that it does not see; what comes after it is.
#[test]
fn a_history_that_is_seen_is_refused() {
    let home = Home::new();
    let ends = [100.0, 110.0, 90.0, 95.0, 92.0];
    fs::write(home.0.path().join("seen.csv"), bars::between(&ends, 50)).unwrap();
    let (head, rest) = LONG.split_once("[prices]").unwrap();
    let (_, rest) = rest.split_once("[markets.BTC-PERP]").unwrap();
    let of = |prices: &str, paths: &str, history: &str| {
        let head = head.replace("paths = 1000\n", paths);
        let file = "[tune.history.assets.BTC]\nfile = \"seen.csv\"\n[tune.fields]";
        let rest = rest.replace("[tune.fields]", &format!("{history}{file}"));
        let text = format!("{head}[prices]\n{prices}[markets.BTC-PERP]{rest}");
        fs::write(home.0.path().join("s.toml"), text).unwrap();
        ScenarioFile::open(&home.0.path().join("s.toml"), &[]).map(|_| ())
    };
    // Bars from 2026-01-01 on, an hour each; the first 100 are seen.
    let asset = "[prices.assets.BTC]\nfile = \"seen.csv\"\n";
    let replay = format!("model = \"history\"\nto = 2026-01-05T04:00:00Z\n{asset}");
    let blocks = format!(
        "model = \"bootstrap\"\nstep = \"1h\"\nsteps = 50\nmean_block = \"10h\"\n\
         to = 2026-01-05T04:00:00Z\n{asset}"
    );
    for (prices, paths) in [(&replay, ""), (&blocks, "paths = 100\n")] {
        let refused = of(prices, paths, "").expect_err("the same bars").to_string();
        let words = "2026-01-01T00:00:00Z to 2026-01-09T08:00:00Z is in part what the search sees, \
                     2026-01-01T00:00:00Z to 2026-01-05T04:00:00Z; give from and to on either side";
        assert!(refused.contains(words), "{refused}");
        let later = "[tune.history]\nfrom = 2026-01-05T04:00:00Z\n";
        assert!(of(prices, paths, later).is_ok(), "{:?}", of(prices, paths, later));
    }
}
