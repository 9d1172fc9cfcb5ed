//! `drypowder stress` with both questions, and the likeliest path replayed.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

fn drypowder(home: &Path, args: &[&str]) -> String {
    let output = Command::cargo_bin("drypowder").unwrap().current_dir(home).args(args).output();
    let output = output.unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    String::from_utf8(output.stdout).unwrap()
}

fn scenario() -> String {
    format!("{}/scenarios/rare_liquidation.toml", env!("CARGO_MANIFEST_DIR"))
}

const FEW: [&str; 8] = [
    "--quiet",
    "--paths",
    "20",
    "--set",
    "stress.splitting.particles=50",
    "--set",
    "stress.splitting.replicates=3",
    "--force",
];

/// The same figures at one thread and at three; what was asked is printed and written.
#[test]
fn both_questions_are_answered() {
    let home = tempfile::tempdir().unwrap();
    let scenario = scenario();
    let run = |out: &str, threads: &str, json: bool| {
        let mut args = vec!["stress", &scenario, "--out", out, "--threads", threads];
        args.extend(FEW);
        args.extend(json.then_some("--json"));
        drypowder(home.path(), &args)
    };
    let text = run("one", "1", false);
    assert!(text.contains("Probability of a force-close of the account"), "{text}");
    assert!(text.contains("order of magnitude"), "{text}");
    let all: Value = serde_json::from_str(&run("three", "3", true)).unwrap();
    let figure = |question: &str, metric: &str| all["rare"][question][metric].as_f64().unwrap();
    assert!(figure("splitting", "probability") < 0.05);
    assert!(figure("reverse", "energy") > 1.0);
    for file in
        ["rare.csv", "likeliest.txt", "likeliest_BTC.csv", "likeliest_ETH.csv", "likeliest.png"]
    {
        let read = |out: &str| fs::read(home.path().join(out).join(file)).unwrap();
        assert_eq!(read("one"), read("three"), "{file}");
    }
}

/// The closes of the likeliest path, replayed as a history by the same account, tell the same story
/// line by line, the force-close among them.
#[test]
fn the_likeliest_path_can_be_replayed() {
    let home = tempfile::tempdir().unwrap();
    let mut args = vec!["stress", "SCENARIO", "--out", "found"];
    let scenario = scenario();
    args[1] = &scenario;
    args.extend(FEW);
    drypowder(home.path(), &args);
    let text = fs::read_to_string(&scenario).unwrap();
    let (head, rest) = text.split_once("[prices]\n").unwrap();
    let rest = &rest[rest.find("[exchange.defaults]").unwrap()..];
    let rest = &rest[..rest.find("# The shock beside").unwrap()];
    let head = head.replace("paths = 500\n", "").replace("[run]\nmetrics = \"events\"\n", "");
    let asset = |name: &str| {
        format!("{name} = {{ file = \"found/likeliest_{name}.csv\", kind = \"close\" }}\n")
    };
    let prices =
        format!("[prices]\nmodel = \"history\"\n[prices.assets]\n{}{}", asset("BTC"), asset("ETH"));
    fs::write(home.path().join("replay.toml"), format!("{head}{prices}{rest}")).unwrap();
    let story = drypowder(home.path(), &["explain", "replay.toml"]);
    let told = fs::read_to_string(home.path().join("found/likeliest.txt")).unwrap();
    let lines = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&story), lines(&told));
    assert!(told.contains("LIQUIDATED"), "{told}");
}
