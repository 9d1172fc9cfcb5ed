//! `drypowder calibrate` as a person meets it: folders, fragments that load, wrong input.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use drypowder::scenario::Scenario;

const MODELS: [&str; 5] = ["gbm", "merton", "garch", "regimes", "bootstrap"];

fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name).display().to_string()
}

/// Exit status, standard output, standard error.
fn calibrate(home: &Path, args: &[&str], threads: &str) -> (i32, String, String) {
    let mut command = Command::cargo_bin("drypowder").unwrap();
    command.current_dir(home).env("RAYON_NUM_THREADS", threads).arg("calibrate").args(args);
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Names and bytes of a folder.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        (path.file_name().unwrap().into(), bytes)
    };
    let mut files: Vec<(PathBuf, Vec<u8>)> = entries.map(read).collect();
    files.sort();
    files
}

/// Two coins over 400 days, hourly bars made daily where a model needs no more.
fn span() -> [String; 6] {
    let files = [data("bitstamp_btc_1d.parquet"), data("bitstamp_eth_1d.parquet")];
    let [btc, eth] = files;
    let names = [format!("BTC={btc}"), format!("ETH={eth}")];
    let [btc, eth] = names;
    [btc, eth, "--from".into(), "2017-11-09".into(), "--to".into(), "2019-03-19".into()]
}

#[test]
fn every_model_writes_a_fragment_that_loads_and_runs() {
    let home = tempfile::tempdir().unwrap();
    for model in MODELS {
        let one = [data("bitstamp_btc_1d.parquet"), "--to".into(), "2019-03-19".into()];
        let several = span();
        let files: Vec<&str> = match model {
            "garch" => one.iter().map(String::as_str).collect(),
            _ => several.iter().map(String::as_str).collect(),
        };
        let args: Vec<&str> = files.into_iter().chain(["--model", model, "--out", model]).collect();
        let (code, out, err) = calibrate(home.path(), &args, "1");
        assert_eq!((code, err.as_str()), (0, ""), "{model}: {out}");
        assert!(out.contains("standard error") && out.contains("greatest drawdown"), "{out}");
        let folder = home.path().join(model);
        for name in ["calibration.csv", "comparison.csv", "manifest.json"] {
            assert!(folder.join(name).is_file(), "{model}: no {name}");
        }
        let pictures = if model == "garch" {
            ["calibration.png", "qq.png"]
        } else {
            ["calibration_BTC.png", "qq_ETH.png"]
        };
        pictures.iter().for_each(|name| assert!(folder.join(name).is_file(), "{model}: no {name}"));
        let fragment = fs::read_to_string(folder.join("calibrated.toml")).unwrap();
        let scenario = format!(
            "name = \"s\"\nseed = 3\npaths = 4\n{fragment}\n[markets.BTC-PERP]\nasset = \"BTC\"\n\
             [[agent]]\nname = \"a\"\nwallet = \"100 USDC\"\n[[agent.position]]\n\
             market = \"BTC-PERP\"\nnotional = \"300 USDC\"\ncollateral = \"100 USDC\"\n"
        );
        let place = folder.join("s.toml");
        fs::write(&place, &scenario).unwrap();
        let days = [
            ("prices.steps".to_owned(), "30".to_owned()),
            ("run.start".to_owned(), "2026-01-01T00:00:00Z".to_owned()),
        ];
        let loaded =
            Scenario::load(&place, &days).unwrap_or_else(|faults| panic!("{model}: {faults}"));
        assert_eq!(loaded.plan.assets[0], "BTC");
        let mut run = Command::cargo_bin("drypowder").unwrap();
        run.current_dir(&folder).args(["run", "s.toml", "--quiet", "--set", "prices.steps=30"]);
        run.args(["--set", "run.start=2026-01-01T00:00:00Z"]);
        run.assert().success();
    }
}

#[test]
fn the_same_bytes_at_any_number_of_threads() {
    let home = tempfile::tempdir().unwrap();
    let args = |out: &'static str| {
        let mut args: Vec<String> = span().to_vec();
        args.extend(["--model", "merton", "--seed", "5", "--out", out].map(str::to_owned));
        args
    };
    let mut all = Vec::new();
    for (out, threads) in [("one", "1"), ("two", "2"), ("seven", "7")] {
        let args = args(out);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        assert_eq!(calibrate(home.path(), &args, threads).0, 0);
        all.push(contents(&home.path().join(out)));
    }
    assert_eq!(all[0].len(), 8);
    assert!(all[0] == all[1] && all[0] == all[2]);
}

#[test]
fn folders_and_files_are_kept() {
    let home = tempfile::tempdir().unwrap();
    let file = data("bitstamp_btc_1d.parquet");
    let base = [file.as_str(), "--model", "gbm", "--to", "2019-03-19"];
    let with = |more: &[&'static str]| {
        let args: Vec<&str> = base.iter().copied().chain(more.iter().copied()).collect();
        calibrate(home.path(), &args, "1")
    };
    assert_eq!(with(&[]).0, 0);
    assert!(home.path().join("reports/BTC_gbm/calibrated.toml").is_file());
    let (code, _, err) = with(&[]);
    assert_eq!(code, 2);
    assert!(err.contains("reports/BTC_gbm exists: give another --out, or --force"), "{err}");
    assert_eq!(with(&["--force"]).0, 0);
    let (code, out, _) = with(&["--out", "btc.toml", "--json", "--drift", "calibrated"]);
    assert_eq!(code, 0);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let find = |key: &str| {
        json["parameters"].as_array().unwrap().iter().find(|one| one["key"] == key).unwrap().clone()
    };
    // As numpy says, see tests/calibration.rs.
    assert!((find("drift")["estimate"].as_f64().unwrap() - 0.832_342).abs() < 1e-6);
    let text = fs::read_to_string(home.path().join("btc.toml")).unwrap();
    assert!(text.contains("drift = 0.832342 # ± 0.36 per year"), "{text}");
    assert!(
        text.contains("sha256 a489785653290be349c0093aad4ea1eb1c6798af47824fd3942b68d69fec13a4")
    );
    assert_eq!(with(&["--out", "btc.toml"]).0, 2);
    fs::create_dir(home.path().join("mine")).unwrap();
    fs::write(home.path().join("mine/letter.txt"), "dear").unwrap();
    assert_eq!(with(&["--out", "mine", "--force"]).0, 2);
}

/// Daily closes from 2020-01-01; a row of `None` is left out.
fn closes(home: &Path, name: &str, days: i64, close: impl Fn(i64) -> Option<f64>) {
    let mut text = "time,open,high,low,close\n".to_owned();
    for day in 0..days {
        if let Some(price) = close(day) {
            let time = 1_577_836_800 + day * 86_400;
            writeln!(text, "{time},{price},{price},{price},{price}").unwrap();
        }
    }
    fs::write(home.join(name), text).unwrap();
}

#[test]
fn wrong_input_gets_one_clear_message() {
    let home = tempfile::tempdir().unwrap();
    let at = home.path();
    let wave = |day: i64| Some(100.0 + 5.0 * libm::sin(day as f64 * 1.7) + (day % 7) as f64);
    closes(at, "good.csv", 400, wave);
    closes(at, "short.csv", 20, wave);
    closes(at, "flat.csv", 400, |_| Some(7.0));
    closes(at, "gap.csv", 400, |day| wave(day).filter(|_| !(100..110).contains(&day)));
    closes(at, "later.csv", 400, |day| if day < 380 { None } else { wave(day) });
    closes(at, "bad.csv", 400, |day| if day == 50 { Some(-3.0) } else { wave(day) });
    closes(at, "early.csv", 40, wave);
    closes(at, "late.csv", 400, |day| if day < 60 { None } else { wave(day) });
    fs::write(at.join("text.csv"), "hello\nworld\n").unwrap();
    let hourly = format!("H={}", data("coinbase_btc_1h.parquet"));
    #[rustfmt::skip]
    let table: &[(&[&str], &str)] = &[
        (&["A=short.csv", "--model", "gbm"], "19 returns are too few: this model needs at least 30"),
        (&["A=good.csv", "--model", "garch"], "399 returns are too few: this model needs at least 500"),
        (&["A=good.csv", "--model", "regimes", "--regimes", "3"], "399 returns are too few: this model needs at least 450"),
        (&["A=flat.csv", "--model", "gbm"], "the price of A never moves"),
        (&["A=good.csv", "B=flat.csv", "--model", "bootstrap"], "the price of B never moves"),
        (&["A=gap.csv", "--model", "gbm"], "gap"),
        (&["A=bad.csv", "--model", "gbm"], "defects stop the calibration"),
        (&["A=good.csv", "B=later.csv", "--model", "gbm"], "19 returns are too few"),
        (&["A=early.csv", "B=late.csv", "--model", "gbm"], "prices: nothing between"),
        (&["A=good.csv", &hourly, "--model", "gbm"], "H: bars of 3600000 ms, A of 86400000 ms"),
        (&["A=good.csv", "A=short.csv", "--model", "gbm"], "A: two series of prices have this name"),
        (&["A=good.csv", "--model", "gbm", "--step", "36h"], "--step 36h: no whole number of bars of 1d; write a multiple, e.g. --step 2d"),
        (&["A=good.csv", "--model", "gbm", "--from", "2021-06-01"], "2021"),
        (&["A=good.csv", "--model", "heston"], "--model heston: Heston's variance is never seen"),
        (&["A=good.csv", "--model", "levy"], "invalid value 'levy'"),
        (&["A=good.csv", "--model", "regimes", "--regimes", "5"], "5 is not in 2..=3"),
        (&["A=good.csv", "--model", "bootstrap", "--out", "a.toml"], "give a folder"),
        (&["=good.csv", "--model", "gbm"], "the name "),
        (&["A=text.csv", "--model", "gbm"], "text.csv"),
        (&["nowhere.csv", "--model", "gbm"], "nowhere.csv"),
        (&["--model", "gbm"], "required arguments"),
    ];
    let mut wrong = String::new();
    for (args, fragment) in table {
        let (code, out, err) = calibrate(at, args, "1");
        if code != 2 || !err.contains(fragment) || !out.is_empty() {
            writeln!(wrong, "{args:?}: {code}\n{out}{err}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(!at.join("reports").exists(), "nothing is written");
}

/// Years of bars that never trade: jumps and regimes say what is wrong, or find something, but no
/// figure is without bound.
#[test]
fn mostly_flat_prices_give_no_nonsense() {
    let home = tempfile::tempdir().unwrap();
    let step = |day: i64| (day / 9 % 13) as f64;
    closes(home.path(), "flat.csv", 900, |day| Some(100.0 + step(day)));
    for model in MODELS {
        let (code, out, err) =
            calibrate(home.path(), &["A=flat.csv", "--model", model, "--json"], "1");
        assert!(code == 0 || code == 2, "{model}: {code} {err}");
        if code == 0 {
            let json: serde_json::Value = serde_json::from_str(&out).unwrap();
            for one in json["parameters"].as_array().unwrap() {
                assert!(
                    one["estimate"].as_f64().is_some_and(|value| value.abs() < 1e12),
                    "{model}: {one}"
                );
            }
        }
    }
}

/// The shipped scenario holds what its command makes, line for line.
#[test]
fn the_shipped_scenario_is_what_its_command_makes() {
    let home = tempfile::tempdir().unwrap();
    let file = data("coinbase_btc_1h.parquet");
    let args = [file.as_str(), "--model", "regimes", "--regimes", "3", "--from", "2017-11-13"];
    let args: Vec<&str> = args.into_iter().chain(["--out", "made.toml"]).collect();
    assert_eq!(calibrate(home.path(), &args, "1").0, 0);
    let made = fs::read_to_string(home.path().join("made.toml")).unwrap();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/calibrated_btc.toml");
    let shipped = fs::read_to_string(&place).unwrap();
    let mut lines = shipped.lines();
    for line in made.lines().filter(|line| !line.starts_with('#')) {
        assert!(lines.any(|of| of == line), "not in its place in the scenario: {line}");
    }
    let loaded = Scenario::load(&place, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(loaded.plan.assets, ["BTC"]);
}
