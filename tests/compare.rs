//! Comparisons: paired figures against what is known of them, kills against hand-worked stories, and
//! rows of tables back to their paths.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use drypowder::engine::Metric;
use drypowder::report::{
    CompareFinished, CompareRow, Explained, Explanation, Figure, RowAsked, compare_report,
    explain_figure, explain_row, produce, produce_compare,
};
use drypowder::scenario::{Scenario, ScenarioFile};
use drypowder::study::{
    Execution, Kill, NoProgress, NoRows, VariantSet, entrants, entrants_of_files, kill_review, run,
};

fn scenario_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/compare.toml")
}

fn open(sets: &[(&str, &str)]) -> ScenarioFile {
    let sets: Vec<(String, String)> =
        sets.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    ScenarioFile::open(&scenario_path(), &sets).unwrap_or_else(|wrong| panic!("{wrong}"))
}

fn execution(stop: &AtomicBool, threads: usize) -> Execution<'_> {
    Execution { threads, stop }
}

fn compared(file: &ScenarioFile, out: &Path, threads: usize) -> CompareFinished {
    let stop = AtomicBool::new(false);
    let entrants = entrants(file).unwrap();
    let base = file.base();
    produce_compare(base, &entrants, &execution(&stop, threads), out, false, &mut NoProgress)
        .unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let read = |entry: fs::DirEntry| {
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    };
    entries.map(read).collect()
}

#[test]
fn the_same_bytes_at_1_2_and_7_threads() {
    let home = tempfile::tempdir().unwrap();
    let file = open(&[("report.charts", "false")]);
    let of = |threads: usize| {
        let out = home.path().join(threads.to_string());
        compared(&file, &out, threads);
        files(&out)
    };
    let one = of(1);
    assert!(one.contains_key("kills.csv") && one.contains_key("kill_summary.csv"));
    assert!(one == of(2) && one == of(7));
}

/// A variant that says what the scenario says differs nowhere; one that kills earlier does, and with the
/// sides changed every difference changes its sign.
#[test]
fn what_is_alike_differs_nowhere_and_sides_change_signs() {
    let home = tempfile::tempdir().unwrap();
    let sets = [("report.charts", "false")];
    let plain = compared(&open(&sets), &home.path().join("a"), 2);
    let [sames, earlies] = ["same", "early"].map(|name| {
        let rows = plain.figures.rows.iter().filter(move |row| row.variant == name);
        rows.collect::<Vec<&CompareRow>>()
    });
    assert!(sames.len() > 100);
    for row in sames {
        assert_eq!(row.difference.unwrap_or(0.0), 0.0, "{row:?}");
        assert!(row.p_sign.is_none_or(|p| p == 1.0) && row.p_holm == row.p_sign, "{row:?}");
        assert!(row.paths.is_none_or(|paths| paths == [0, 0, 60]), "{row:?}");
    }
    assert!(plain.found.rules.iter().all(|one| {
        plain.found.study.variants[one.variant].name != "same"
            || (one.paths_more == 0 && one.paths_fewer == 0 && one.count == one.baseline)
    }));
    let swapped = [sets[0], ("compare.baseline", "\"early\"")];
    let swapped = compared(&open(&swapped), &home.path().join("b"), 2);
    assert_eq!(swapped.found.study.variants[0].name, "early");
    let mut differing = 0;
    for row in earlies {
        let other = swapped.figures.get("base", &row.agent, &row.metric).unwrap();
        assert_eq!((row.value, row.baseline), (other.baseline, other.value));
        let sum = row.difference.unwrap_or(0.0) + other.difference.unwrap_or(0.0);
        assert_eq!(sum, 0.0, "{row:?}");
        let ends = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a + b).abs() < 1e-9 * (1.0 + a.abs()),
            (a, b) => a.is_none() && b.is_none(),
        };
        assert!(ends(row.interval.low, other.interval.high), "{row:?} {other:?}");
        assert!(ends(row.interval.high, other.interval.low), "{row:?} {other:?}");
        assert_eq!(row.p_sign, other.p_sign);
        let turned = row.paths.map(|[more, fewer, same]| [fewer, more, same]);
        assert_eq!(turned, other.paths);
        differing += usize::from(row.difference.is_some_and(|d| d != 0.0));
    }
    assert!(differing > 20, "{differing}");
}

/// The figures of final equity from the columns themselves, by other sums.
#[test]
fn differences_are_those_of_the_paths() {
    let home = tempfile::tempdir().unwrap();
    let done = compared(&open(&[("report.charts", "false")]), &home.path().join("a"), 2);
    let metric = drypowder::engine::Metric::FinalEquity;
    let study = &done.found.study;
    let place = study.variants.iter().position(|one| one.name == "early").unwrap();
    let equity = |variant: usize| study.variants[variant].agents[0].column(metric);
    let apart: Vec<f64> =
        equity(place).iter().zip(equity(0).iter()).map(|(own, base)| own - base).collect();
    let row = done.figures.get("early", "amy", "final_equity").unwrap();
    let count = |keep: fn(f64) -> bool| apart.iter().filter(|d| keep(**d)).count() as u64;
    let (more, fewer) = (count(|d| d > 0.0), count(|d| d < 0.0));
    assert!(more > 0 && fewer > 0 && more + fewer < 60, "{more} {fewer}");
    assert_eq!(row.paths, Some([more, fewer, 60 - more - fewer]));
    let mean = apart.iter().sum::<f64>() / 60.0;
    assert!(row.difference.is_some_and(|d| (d - mean).abs() < 1e-9));
    // Twice the tail of a fair coin's tosses, each term by the one before.
    let (least, all) = (more.min(fewer), more + fewer);
    let (mut term, mut tail) = (0.5_f64.powi(all as i32), 0.0);
    for heads in 0..=least {
        tail += term;
        term *= (all - heads) as f64 / (heads + 1) as f64;
    }
    let p = (2.0 * tail).min(1.0);
    assert!(row.p_sign.is_some_and(|found| (found - p).abs() < 1e-9 * p), "{row:?} {p}");
    assert!(row.p_holm >= row.p_sign);
    // The path that is told first is the one that differs most over both agents.
    let whole = |variant: usize| study.variants[variant].whole().column(metric);
    let sums = whole(place).iter().zip(whole(0).iter()).map(|(own, base)| (own - base).abs());
    let most = sums.enumerate().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).unwrap();
    let told = done.found.traced.iter().find(|one| one.variant == place).unwrap();
    assert_eq!(told.path as usize, most.0);
    let text = compare_report(open(&[]).base(), &done);
    assert!(text.contains("They part at") && text.contains("p corrected (Holm)"), "{text}");
}

#[test]
fn scenarios_that_are_no_pair_are_refused() {
    let scenario = |sets: &[(&str, &str)]| {
        let mut scenario = open(sets).base().clone();
        scenario.compare = None;
        scenario
    };
    let rows: [(&[(&str, &str)], &str); 4] = [
        (&[("seed", "3"), ("name", "\"x\"")], "seed (11 and 3): give --seed 11 for all"),
        (&[("paths", "9"), ("name", "\"x\"")], "paths (60 and 9): give --paths 60 for all"),
        (
            &[("prices.assets.BTC.volatility", "1.0"), ("name", "\"x\"")],
            "prices.assets.BTC.volatility: make them alike",
        ),
        (&[("agent.0.name", "\"zoe\""), ("name", "\"x\"")], "agents (amy, ben; ben, zoe)"),
    ];
    for (sets, words) in rows {
        let why = entrants_of_files(&[scenario(&[]), scenario(sets)]).unwrap_err().to_string();
        assert!(why.contains(words), "{why}");
    }
    let two = [scenario(&[]), scenario(&[("name", "\"x\"")])];
    let found = entrants_of_files(&two).unwrap();
    assert_eq!(found.plans[0].1, found.plans[1].1);
    let why = entrants_of_files(&[open(&[]).base().clone(), two[1].clone()]).unwrap_err();
    assert!(why.to_string().contains("has [compare]"), "{why}");
}

/// A long of 10 units at 100 on 300 USDC: HF = (10·p − 700)/(1.5·p), below 1.5 under 90.32, force-closed
/// at 1.05 or 83.09. The kill comes at hour 1 at 90: it loses 100.
const STORY: &str = r#"name = "story"
nulls = []
[run]
kill_switch_false_positives = true
[prices]
model = "history"
intrabar = "jump"
[prices.assets.A]
file = "a.csv"
[prices.assets.B]
file = "b.csv"
[exchange.defaults]
taker_fee = 0
slippage = { kind = "none" }
[markets.A-PERP]
asset = "A"
[markets.B-PERP]
asset = "B"
[policy]
poll = "1h"
latency = "0s"
[policy.top_up]
enabled = false
[policy.kill_switch]
trigger_hf = 1.5
[[agent]]
name = "amy"
wallet = "1000 USDC"
[[agent.position]]
market = "A-PERP"
notional = "1000 USDC"
collateral = "300 USDC"
[[agent.position]]
market = "B-PERP"
notional = "1000 USDC"
collateral = "300 USDC"
"#;

/// Flat hourly bars.
fn bars(prices: &[f64]) -> String {
    let mut text = "time,open,high,low,close\n".to_owned();
    for (hour, price) in prices.iter().enumerate() {
        let time = 1_543_104_000 + 3600 * hour;
        text.push_str(&format!("{time},{price},{price},{price},{price}\n"));
    }
    text
}

/// The kills of the plan on two price series.
fn story(a: &[f64], b: &[f64]) -> Vec<Kill> {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("a.csv"), bars(a)).unwrap();
    fs::write(home.path().join("b.csv"), bars(b)).unwrap();
    let path = home.path().join("s.toml");
    fs::write(&path, STORY).unwrap();
    let scenario = Scenario::load(&path, &[]).unwrap_or_else(|wrong| panic!("{wrong}"));
    let stop = AtomicBool::new(false);
    let set = VariantSet::of(&scenario).unwrap();
    let result = run(&scenario, &set, &execution(&stop, 1), &mut NoRows, &mut NoProgress).unwrap();
    let review = scenario.kill_review.unwrap();
    let kills = kill_review(&scenario, &set, &result, review, &execution(&stop, 2)).unwrap();
    kills.into_iter().filter(|kill| kill.variant == 0).collect()
}

fn series(parts: &[(f64, usize)]) -> Vec<f64> {
    parts.iter().flat_map(|(price, hours)| std::iter::repeat_n(*price, *hours)).collect()
}

/// What is said of a kill: hours from it to the force-close, both verdicts, what it cost.
type Said = (Option<i64>, Option<bool>, bool, f64);

/// Recovery at once: 100 lost for nothing. A fall to 82 an hour later: −180 and 1 % of 820 spared, so
/// 88.2 saved. The same fall after 31 hours: outside the window, inside the path. An end after 10 hours:
/// the window is open.
#[test]
fn kills_by_hand() {
    let calm = |hours: usize| series(&[(100.0, hours)]);
    let rows: [(&[(f64, usize)], Said); 4] = [
        (&[(100.0, 1), (90.0, 1), (100.0, 48)], (None, Some(true), true, 100.0)),
        (&[(100.0, 1), (90.0, 1), (82.0, 48)], (Some(1), Some(false), false, -88.2)),
        (&[(100.0, 1), (90.0, 31), (82.0, 18)], (Some(31), Some(true), false, -88.2)),
        (&[(100.0, 1), (90.0, 10)], (None, None, true, 0.0)),
    ];
    for (prices, (hours, window, end, cost)) in rows {
        let prices = series(prices);
        let kills = story(&prices, &calm(prices.len()));
        assert_eq!(kills.len(), 1, "{kills:?}");
        let kill = &kills[0];
        assert_eq!((kill.time_ms, kill.price), (1_543_107_600_000, 90.0));
        let after = kill.force_closed_ms.map(|time_ms| (time_ms - kill.time_ms) / 3_600_000);
        assert_eq!(
            (after, kill.false_positive_window, kill.false_positive_end),
            (hours, window, end)
        );
        assert!((kill.agent_cost - cost).abs() < 1e-9, "{kill:?}");
        assert!(kill.position_cost.is_some_and(|part| (part - cost).abs() < 1e-9), "{kill:?}");
    }
}

/// One that recovers and one that does not: 100 − 88.2 for the agent, each its part.
#[test]
fn kills_of_two_positions_have_their_parts() {
    let kills = story(
        &series(&[(100.0, 1), (90.0, 1), (100.0, 48)]),
        &series(&[(100.0, 1), (90.0, 1), (82.0, 48)]),
    );
    assert_eq!(kills.len(), 2, "{kills:?}");
    for (kill, part) in kills.iter().zip([100.0, -88.2]) {
        assert!((kill.agent_cost - 11.8).abs() < 1e-9, "{kill:?}");
        assert!(kill.position_cost.is_some_and(|found| (found - part).abs() < 1e-9), "{kill:?}");
    }
}

/// Lines of a table with their numbers.
fn lines(path: &Path) -> Vec<(u64, BTreeMap<String, String>)> {
    let mut table = csv::Reader::from_path(path).unwrap();
    let names = table.headers().unwrap().clone();
    let row = |record: csv::StringRecord| -> BTreeMap<String, String> {
        names.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
    };
    (2..).zip(table.records().map(|record| row(record.unwrap()))).collect()
}

fn explained(file: &ScenarioFile, table: &Path, line: u64) -> Result<Explanation, String> {
    let stop = AtomicBool::new(false);
    let asked = RowAsked { file: table, line, figure: None };
    explain_row(file, &asked, &execution(&stop, 2), &mut NoProgress).map_err(|why| why.to_string())
}

/// Quantiles lead to the path that has them in `paths.csv`, rows of a path to that path, events to their
/// instant; another scenario is refused with what changed.
#[test]
fn rows_of_a_run_lead_to_their_paths() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("run");
    let file = open(&[("report.charts", "false")]);
    let stop = AtomicBool::new(false);
    let set = VariantSet::of(file.base()).unwrap();
    produce(file.base(), &set, &execution(&stop, 2), &out, false, &mut NoProgress).unwrap();
    let paths = lines(&out.join("paths.csv"));
    let summary = lines(&out.join("summary.csv"));
    let row = |metric: &str| {
        let wanted = |row: &BTreeMap<String, String>| {
            row["variant"] == "do_nothing" && row["agent"] == "ben" && row["metric"] == metric
        };
        let found = summary.iter().find(|(_, row)| wanted(row)).unwrap();
        (found.0, found.1["value"].parse::<f64>().unwrap())
    };
    let own = |column: &str| -> BTreeMap<u64, f64> {
        let of = paths.iter().filter(|(_, r)| r["variant"] == "do_nothing" && r["agent"] == "ben");
        of.map(|(_, r)| (r["path"].parse().unwrap(), r[column].parse().unwrap())).collect()
    };
    let equity = own("final_equity");
    for metric in ["final_equity_p05", "final_equity_p95", "final_equity"] {
        let (line, value) = row(metric);
        let found = explained(&file, &out.join("summary.csv"), line).unwrap();
        let off = |path: &u64| (equity[path] - value).abs();
        let least = equity.keys().map(off).fold(f64::INFINITY, f64::min);
        assert_eq!(off(&found.path), least, "{metric}: {}", found.text);
        assert!(found.text.contains("variant do_nothing: its final_equity is nearest to"));
    }
    // A loss of 1,400 USDC at the start less final equity.
    let (line, value) = row("var_95");
    let found = explained(&file, &out.join("summary.csv"), line).unwrap();
    let off = |path: &u64| (1400.0 - equity[path] - value).abs();
    let least = equity.keys().map(off).fold(f64::INFINITY, f64::min);
    assert!((off(&found.path) - least).abs() < 1e-9, "{}", found.text);
    let (line, _) = row("liquidation_probability");
    let found = explained(&file, &out.join("summary.csv"), line).unwrap();
    assert!(own("liquidations")[&found.path] > 0.0 && found.text.contains("liquidated"));

    // Several events fall on one instant: the row's own is told.
    for (line, event) in lines(&out.join("events.csv")).into_iter().step_by(5) {
        let found = explained(&file, &out.join("events.csv"), line).unwrap();
        assert_eq!(found.path.to_string(), event["path"]);
        let words = format!(
            "The instant that mattered: {} {}: {}",
            event["time"],
            event["kind"].replace('_', " "),
            event["subject"]
        );
        assert!(found.text.contains(&words), "{event:?}: {}", found.text);
    }
    let (line, sample) = lines(&out.join("timeseries.csv")).swap_remove(700);
    let found = explained(&file, &out.join("timeseries.csv"), line).unwrap();
    let words = format!("The instant of the row: {}", sample["time"]);
    assert!(found.text.contains(&words), "{}", found.text);
    // Of a count that is 0 there is no event.
    let (line, _) = row("kill_switches_p95");
    let found = explained(&file, &out.join("summary.csv"), line).unwrap();
    assert!(found.text.contains("It is 0 there: no event of the path makes it."), "{}", found.text);
    for (line, kill) in lines(&out.join("kills.csv")).into_iter().step_by(7) {
        let found = explained(&file, &out.join("kills.csv"), line).unwrap();
        assert_eq!(found.path.to_string(), kill["path"]);
        let moment = drypowder::units::time::to_iso(found.moment_ms.unwrap());
        assert_eq!(moment, kill["time"]);
        assert!(found.text.contains(&format!("variant {}", kill["variant"])), "{}", found.text);
        assert!(found.text.contains("kill switch closed"), "{}", found.text);
    }

    let other = open(&[("report.charts", "false"), ("agent.0.wallet", "\"600 USDC\"")]);
    let why = explained(&other, &out.join("summary.csv"), 2).unwrap_err();
    assert!(why.contains("agent.0.wallet was") && why.contains("600"), "{why}");
    // What is written decides no result; what was written may not be changed.
    let other = open(&[("report.charts", "true"), ("question", "\"?\"")]);
    explained(&other, &out.join("summary.csv"), 2).unwrap();
    let text = fs::read_to_string(out.join("fan.csv")).unwrap();
    fs::write(out.join("survival.csv"), text).unwrap();
    let why = explained(&file, &out.join("survival.csv"), 2).unwrap_err();
    assert!(why.contains("survival.csv is not as it was written"), "{why}");
    let why = explained(&file, &out.join("summary.csv"), 999_999).unwrap_err();
    assert!(why.contains("has no line 999999: line 1 is the header, the last is"), "{why}");
    let why = explained(&file, &out.join("fired_rules.csv"), 2).unwrap_err();
    assert!(why.contains("rows of fired_rules.csv have no path behind them"), "{why}");
}

/// The worst path by the quantile 0 of final equity is the path of the least.
#[test]
fn figures_without_a_table() {
    let file = open(&[]);
    let stop = AtomicBool::new(false);
    let ask = |figure: Figure| {
        let asked = Explained {
            variant: Some("do_nothing".to_owned()),
            agent: Some("amy".to_owned()),
            figure,
        };
        explain_figure(&file, &asked, &execution(&stop, 2), &mut NoProgress)
    };
    let set = VariantSet::of(file.base()).unwrap();
    let result =
        run(file.base(), &set, &execution(&stop, 2), &mut NoRows, &mut NoProgress).unwrap();
    let equity = result.variants[1].agents[0].column(drypowder::engine::Metric::FinalEquity);
    let least = equity.iter().enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0;
    let found = ask(Figure::Quantile("final_equity".to_owned(), 0.0)).unwrap();
    assert_eq!(equity.get(found.path as usize), equity.get(least));
    for (figure, words) in [
        (Figure::Named("final_equty".to_owned()), "no path stands behind final_equty"),
        (Figure::Quantile("final_equity".to_owned(), 1.5), "1.5 is no quantile"),
        (Figure::Named("kill_switch_cost".to_owned()), "no path has a kill"),
    ] {
        let why = ask(figure).unwrap_err().to_string();
        assert!(why.contains(words), "{why}");
    }
}

#[test]
fn rows_of_a_comparison_lead_to_their_paths() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("compare");
    let file = open(&[("report.charts", "false")]);
    let finished = compared(&file, &out, 2);
    for (line, row) in lines(&out.join("compare_paths.csv")) {
        let found = explained(&file, &out.join("compare_paths.csv"), line).unwrap();
        assert_eq!(found.path.to_string(), row["path"]);
        let moment = found.moment_ms.map(drypowder::units::time::to_iso);
        assert_eq!(moment.unwrap_or_default(), row["first_time"], "{}", found.text);
        assert!(found.text.contains(&format!("variant {}", row["variant"])), "{}", found.text);
    }
    let rows = lines(&out.join("compare.csv"));
    let wanted = |variant: &str| {
        let is = |row: &BTreeMap<String, String>| {
            row["variant"] == variant && row["agent"] == "all" && row["metric"] == "final_equity"
        };
        rows.iter().find(|(_, row)| is(row)).unwrap().0
    };
    let found = explained(&file, &out.join("compare.csv"), wanted("early")).unwrap();
    assert!(found.text.contains("its difference is the median"), "{}", found.text);
    // A probability differs where one side alone has it, whatever the counts.
    let study = &finished.found.study;
    let hits = |variant: usize, path: u64| {
        let column = study.variants[variant].whole().column(Metric::Liquidations);
        column.get(path as usize) > 0.0
    };
    let place = study.variants.iter().position(|one| one.name == "do_nothing").unwrap();
    let is = |row: &BTreeMap<String, String>| {
        row["variant"] == "do_nothing"
            && row["agent"] == "all"
            && row["metric"] == "liquidation_probability"
    };
    let (line, row) = rows.iter().find(|(_, row)| is(row)).unwrap();
    let found = explained(&file, &out.join("compare.csv"), *line).unwrap();
    assert!(hits(place, found.path) && !hits(0, found.path), "{}", found.text);
    let words = format!("of {} paths with a force-close where the baseline", row["paths_more"]);
    assert!(found.text.contains(&words), "{}", found.text);
    let why = explained(&file, &out.join("compare.csv"), wanted("same")).unwrap_err();
    assert!(why.contains("final_equity is the same on every path"), "{why}");
    let why = explained(&file, &out.join("compare_events.csv"), 2).unwrap_err();
    assert!(why.contains("compare_paths.csv has paths on which events differ"), "{why}");
    for (line, kill) in lines(&out.join("kills.csv")).into_iter().step_by(7) {
        let found = explained(&file, &out.join("kills.csv"), line).unwrap();
        assert_eq!(found.path.to_string(), kill["path"]);
        assert!(found.text.contains(&format!("variant {}", kill["variant"])), "{}", found.text);
    }
    // Every other row leads to a path of the run, or says what no path has.
    for (line, row) in rows.iter().step_by(5) {
        match explained(&file, &out.join("compare.csv"), *line) {
            Ok(found) => assert!(found.path < 60, "{row:?}: {}", found.text),
            Err(why) => {
                assert!(why.contains("every path") || why.contains("no path has"), "{row:?}: {why}")
            }
        }
    }
    for (line, row) in lines(&out.join("kill_summary.csv")) {
        match explained(&file, &out.join("kill_summary.csv"), line) {
            Ok(found) => {
                assert!(found.text.contains("kill switch"), "{row:?}: {}", found.text);
                let moment = drypowder::units::time::to_iso(found.moment_ms.unwrap());
                let kills = lines(&out.join("kills.csv"));
                let that = |kill: &BTreeMap<String, String>| {
                    kill["path"] == found.path.to_string()
                        && kill["variant"] == row["variant"]
                        && kill["time"] == moment
                        && match row["metric"].as_str() {
                            "kill_switch_false_positives" | "kill_switch_false_positive_share" => {
                                kill["false_positive_window"] == "yes"
                            }
                            "kill_switch_false_positive_share_end" => {
                                kill["false_positive_end"] == "yes"
                            }
                            _ => true,
                        }
                };
                assert!(kills.iter().any(|(_, kill)| that(kill)), "{row:?}: {}", found.text);
            }
            Err(why) => assert!(why.contains("no path has a kill"), "{row:?}: {why}"),
        }
    }
}

/// 72 paths bound the worst 5 % (0.95⁷² < 0.025 < 0.95⁷¹), 60 do not; one path bounds nothing.
#[test]
fn ends_that_are_missing_have_a_reason() {
    let home = tempfile::tempdir().unwrap();
    let report = |paths: &str| {
        let sets = [("report.charts", "false"), ("run.kill_switch_false_positives", "false")];
        let file = open(&[&sets[..], &[("paths", paths)]].concat());
        let finished = compared(&file, &home.path().join(paths), 2);
        let text = compare_report(file.base(), &finished);
        (text.contains('…'), text.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let (dots, text) = report("1");
    assert!(dots && text.contains("one path is what happened, no sample of anything"), "{text}");
    let (dots, text) = report("71");
    let why = "for ES95 71 paths have too few in the worst 5 %, which takes 72 or more.";
    assert!(dots && text.contains(why), "{text}");
    let (dots, text) = report("72");
    assert!(!dots && !text.contains("an end of an interval"), "{text}");
}
