//! The command line as a person or another program meets it.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

fn scenario(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(format!("{name}.toml"))
}

/// What was printed, without the place of the repository.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap().replace(env!("CARGO_MANIFEST_DIR"), "[repository]")
}

struct Done {
    code: i32,
    out: String,
    err: String,
}

/// Runs the program in a folder; an argument `@name` is the path of a test scenario.
fn drypowder(home: &Path, args: &[&str]) -> Done {
    let mut command = Command::cargo_bin("drypowder").unwrap();
    command.current_dir(home).env_remove("COLUMNS");
    for arg in args {
        match arg.strip_prefix('@') {
            Some(name) => command.arg(scenario(name)),
            None => command.arg(arg),
        };
    }
    let output = command.output().unwrap();
    Done { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn help_of_every_subcommand() {
    let home = tempfile::tempdir().unwrap();
    let subcommands = [
        "",
        "init",
        "validate",
        "run",
        "sweep",
        "compare",
        "tune",
        "stress",
        "explain",
        "paths",
        "data",
        "calibrate",
        "schema",
    ];
    for subcommand in subcommands {
        let args: Vec<&str> =
            [subcommand, "--help"].into_iter().filter(|a| !a.is_empty()).collect();
        let done = drypowder(home.path(), &args);
        assert_eq!((done.code, done.err.as_str()), (0, ""));
        let one = done.out.contains("Example: drypowder ");
        assert!(one || done.out.contains("Examples:\n  drypowder "), "{}", done.out);
        let name = if subcommand.is_empty() { "drypowder" } else { subcommand };
        insta::assert_snapshot!(format!("help_{name}"), done.out);
    }
}

#[test]
fn a_run_prints_its_table_and_its_answer() {
    let home = tempfile::tempdir().unwrap();
    let many = drypowder(home.path(), &["run", "@two_agents", "--out", "many", "--paths", "40"]);
    assert_eq!((many.code, many.err.as_str()), (0, ""));
    insta::assert_snapshot!("run_two_agents", many.out);
    let one = drypowder(home.path(), &["run", "@november_2018", "--threads", "1"]);
    assert_eq!((one.code, one.err.as_str()), (0, ""));
    assert!(home.path().join("reports/november_2018/manifest.json").is_file());
    insta::assert_snapshot!("run_november_2018", one.out);
}

#[test]
fn a_stress_ranks_its_shocks() {
    let home = tempfile::tempdir().unwrap();
    let args = ["stress", "@two_agents", "--paths", "40"];
    let done = drypowder(home.path(), &args);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    insta::assert_snapshot!("stress_two_agents", done.out);
    let folder = home.path().join("reports/two_agents_stress");
    for name in ["stress.csv", "stress.png", "manifest.json"] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    let again = drypowder(home.path(), &args);
    assert_eq!((again.code, again.out.as_str()), (2, ""));
    assert!(again.err.contains("--force"), "{}", again.err);
    let json = drypowder(home.path(), &[&args[..], &["--force", "--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["paths"], 40);
    assert!(json["metrics"]["2022-05"]["all"]["rank"].is_number());
    assert!(json["metrics"]["stacked"]["alice"]["loss_added"].is_number());
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["result_hash"], json["result_hash"]);
}

#[test]
fn a_stress_of_a_history_says_when() {
    let home = tempfile::tempdir().unwrap();
    let named = ["stress", "@november_2018"];
    let history = drypowder(home.path(), &named);
    assert_eq!(history.code, 2);
    assert!(history.err.contains("names no shock"), "{}", history.err);
    assert!(history.err.contains("a history needs [stress] after"), "{}", history.err);
    let sets = ["--set", "stress.after=1d", "--set", "stress.presets=[\"2025-10-10\"]"];
    let history = drypowder(home.path(), &[&named[..], &sets].concat());
    assert_eq!((history.code, history.err.as_str()), (0, ""));
    assert!(history.out.contains("2025-10-10"), "{}", history.out);
}

#[test]
fn a_story_is_told_event_by_event() {
    let home = tempfile::tempdir().unwrap();
    let done = drypowder(home.path(), &["explain", "@two_agents", "--path", "3"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    insta::assert_snapshot!("explain_two_agents", done.out);
    let null = drypowder(home.path(), &["explain", "@november_2018", "--variant", "do_nothing"]);
    insta::assert_snapshot!("explain_do_nothing", null.out);
    let unknown = drypowder(home.path(), &["explain", "@november_2018", "--variant", "nobody"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("there are guarded, do_nothing"), "{}", unknown.err);
    let beyond = drypowder(home.path(), &["explain", "@november_2018", "--path", "1"]);
    assert_eq!(beyond.code, 2);
    assert!(beyond.err.contains("path 1 is not run"), "{}", beyond.err);
}

#[test]
fn json_is_all_that_json_prints() {
    let home = tempfile::tempdir().unwrap();
    let args = ["run", "@two_agents", "--json", "--paths", "10", "--seed", "3", "--out", "a"];
    let done = drypowder(home.path(), &args);
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let json: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(
        (&json["name"], &json["seed"], &json["paths"]),
        (&"two_agents".into(), &3.into(), &10.into())
    );
    assert!(json["metrics"]["guarded"]["alice"]["final_equity"].is_number());
    assert!(json["metrics"]["guarded"]["all"]["liquidation_probability"].is_number());
    assert!(json["fired"]["guarded"]["bob"]["top_up"].is_u64());
    let manifest = fs::read_to_string(home.path().join("a/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["result_hash"], json["result_hash"]);
    let parquet = [&args[..8], &["b", "--format", "parquet"]].concat();
    let other: serde_json::Value =
        serde_json::from_str(&drypowder(home.path(), &parquet).out).unwrap();
    assert_eq!(other, json);
    assert!(home.path().join("b/paths.parquet").is_file());
}

#[test]
fn nothing_is_written_over_without_force() {
    let home = tempfile::tempdir().unwrap();
    let run = ["run", "@two_agents", "--paths", "5", "--out", "a"];
    let prices = ["paths", "@two_agents", "--paths", "2", "--out", "p.csv"];
    for args in [&run[..], &prices[..], &["init", "my.toml"][..]] {
        assert_eq!(drypowder(home.path(), args).code, 0, "{args:?}");
        let again = drypowder(home.path(), args);
        assert_eq!((again.code, again.out.as_str()), (2, ""), "{args:?}");
        assert!(again.err.contains("--force"), "{}", again.err);
        let forced = drypowder(home.path(), &[args, &["--force"]].concat());
        assert_eq!(forced.code, 0, "{}", forced.err);
    }
    fs::create_dir(home.path().join("mine")).unwrap();
    fs::write(home.path().join("mine/letter.txt"), "dear").unwrap();
    let args = ["run", "@two_agents", "--paths", "5", "--out", "mine", "--force"];
    assert_eq!(drypowder(home.path(), &args).code, 2);
    assert!(home.path().join("mine/letter.txt").is_file());
}

#[test]
fn wrong_input_ends_with_2() {
    let home = tempfile::tempdir().unwrap();
    let rows: &[(&[&str], &str)] = &[
        (&[], "Usage"),
        (&["run", "missing.toml"], "missing.toml"),
        (&["run", "@two_agents", "--set", "sead=3"], "sead"),
        (&["run", "@two_agents", "--set", "nothing"], "PATH=VALUE"),
        (&["run", "@two_agents", "--threads", "0"], "--threads"),
        (&["run", "@two_agents", "--paths", "0"], "paths"),
        (&["paths", "@two_agents", "--out", "p.xlsx"], ".csv or .parquet"),
        (&["sweep", "@two_agents"], "sweep"),
        (&["compare", "@two_agents", "--set", "nulls=[]"], "[compare.variants.NAME]"),
        (&["explain", "@two_agents", "--row", "summary.csv"], "FILE:LINE"),
        (&["explain", "@two_agents", "--row", "missing.csv:2"], "missing.csv"),
    ];
    for (args, message) in rows {
        let done = drypowder(home.path(), args);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{args:?}");
        assert!(done.err.contains(message), "{args:?}: {}", done.err);
    }
}

#[test]
fn what_init_writes_is_valid_and_runs() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(drypowder(home.path(), &["init"]).code, 0);
    let valid = drypowder(home.path(), &["validate", "scenario.toml"]);
    assert_eq!(valid.code, 0, "{}", valid.err);
    assert!(valid.out.starts_with("ok\n"));
    let schema = drypowder(home.path(), &["schema"]);
    let schema: serde_json::Value = serde_json::from_str(&schema.out).unwrap();
    assert!(schema.is_object());
}

#[test]
fn paths_writes_one_row_per_tick() {
    let home = tempfile::tempdir().unwrap();
    let args = ["paths", "@two_agents", "--paths", "3", "--out", "p.csv", "--quiet"];
    let done = drypowder(home.path(), &args);
    assert_eq!((done.code, done.out.as_str(), done.err.as_str()), (0, "", ""));
    let text = fs::read_to_string(home.path().join("p.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("path,step,time,BTC,ETH"));
    assert_eq!(lines.next(), Some("0,0,2026-01-01T00:00:00Z,88500,2840"));
    assert_eq!(text.lines().count(), 1 + 3 * 241);
}

#[test]
fn every_model_runs_and_writes_its_prices() {
    let home = tempfile::tempdir().unwrap();
    let ticks = [("garch", 1_001), ("heston", 1_001), ("regimes", 1_001), ("bootstrap", 101)];
    for (model, ticks) in ticks {
        let scenario = format!("@model_{model}");
        let said = drypowder(home.path(), &["validate", &scenario]);
        assert_eq!(said.code, 0, "{}", said.err);
        let file = format!("{model}.csv");
        let args = ["paths", &scenario, "--paths", "4", "--out", &file, "--quiet"];
        let done = drypowder(home.path(), &args);
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{model}");
        let table = fs::read_to_string(home.path().join(&file)).unwrap();
        assert!(table.starts_with("path,step,time,BTC"), "{table}");
        assert_eq!(table.lines().count(), 1 + 4 * ticks, "{model}");
        let positive = |line: &str| {
            let price: f64 = line.rsplit(',').next().unwrap().parse().unwrap();
            price.is_finite() && price > 0.0
        };
        assert!(table.lines().skip(1).all(positive), "{model}");
        let hashes: Vec<String> = ["1", "2"]
            .map(|threads| {
                let args = ["run", &scenario, "--threads", threads, "--json", "--force"];
                let done = drypowder(home.path(), &args);
                assert_eq!(done.code, 0, "{}", done.err);
                let json: serde_json::Value = serde_json::from_str(&done.out).unwrap();
                json["result_hash"].as_str().unwrap().to_owned()
            })
            .to_vec();
        assert_eq!(hashes[0], hashes[1], "{model}");
    }
}
