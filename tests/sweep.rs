//! Sweeps: every variant is what a run of it is, failed ones are rows, and nothing that is finished
//! is lost however a sweep ends.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The program on the scenario of sweeps, in a folder.
fn sweep(home: &Path, out: &str, args: &[&str]) -> Command {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/sweep.toml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_drypowder"));
    command.current_dir(home).arg("sweep").arg(scenario).args(["--quiet", "--out", out]).args(args);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Every file of a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().into(), fs::read(&path).unwrap())).collect()
}

fn assert_same(home: &Path, one: &str, other: &str, why: &str) {
    let (one, other) = (files(&home.join(one)), files(&home.join(other)));
    assert!(one.keys().eq(other.keys()), "{why}: {:?} {:?}", one.keys(), other.keys());
    for (name, bytes) in &one {
        assert!(*bytes == other[name], "{why}: {}", name.display());
    }
}

/// Rows of a table by column.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut table = csv::Reader::from_path(path).unwrap();
    let names = table.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        names.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
    };
    table.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn the_same_bytes_at_1_2_and_7_threads() {
    let home = tempfile::tempdir().unwrap();
    for threads in ["1", "2", "7"] {
        succeeds(&mut sweep(home.path(), threads, &["--threads", threads, "--paths", "130"]));
    }
    assert_same(home.path(), "1", "2", "2 threads");
    assert_same(home.path(), "1", "7", "7 threads");
}

/// The last line of the standard error has how much ran: variants × paths × steps. Nothing of it is said
/// quietly, and no file has it.
#[test]
fn the_speed_is_told_to_the_terminal_alone() {
    let home = tempfile::tempdir().unwrap();
    let program = |out: &str, quiet: &[&str]| {
        let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/sweep.toml");
        let mut command = Command::new(env!("CARGO_BIN_EXE_drypowder"));
        command.current_dir(home.path()).arg("sweep").arg(scenario);
        let output = command.args(["--paths", "3", "--out", out]).args(quiet).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    let said = program("told", &[]);
    let variants = rows(&home.path().join("told/sweep.csv"));
    let runs = variants.iter().filter(|row| row["agent"] == "a").count() * 3;
    let mut grouped = (runs * 720).to_string();
    for at in
        (1..grouped.len()).rev().filter(|at| (grouped.len() - at) % 3 == 0).collect::<Vec<_>>()
    {
        grouped.insert(at, ',');
    }
    let words = format!("{grouped} state evaluations ({runs} paths of variants × 720 steps) in ");
    assert!(said.contains(&words) && said.contains(" a second"), "{words}: {said}");
    assert_eq!(program("quiet", &["--quiet"]), "");
    assert_same(home.path(), "told", "quiet", "the clock");
}

/// A variant's figures are those of a run with the same fields, also where prices are among them.
#[test]
fn every_variant_is_what_a_run_of_it_is() {
    let home = tempfile::tempdir().unwrap();
    let axes = [
        "sweep.fields={ \"policy.top_up.warning_threshold\" = [1.3, 1.9], \
         \"prices.assets.BTC.volatility\" = [0.4, 0.8], \"agent.a.wallet\" = [\"2000 USDC\", \"600 USDC\"] }",
        "sweep.constraints=[]",
        "sweep.paths_file=true",
    ];
    let sets: Vec<&str> = axes.iter().flat_map(|set| ["--set", *set]).collect();
    let more = [sets.as_slice(), &["--paths", "90"]].concat();
    succeeds(&mut sweep(home.path(), "swept", &more));
    let swept = rows(&home.path().join("swept/sweep.csv"));
    let paths = rows(&home.path().join("swept/sweep_paths.csv"));
    assert_eq!((swept.len(), paths.len()), (8, 8 * 90));
    for row in &swept {
        let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/sweep.toml");
        let mut run = Command::new(env!("CARGO_BIN_EXE_drypowder"));
        run.current_dir(home.path()).arg("run").arg(scenario).stdout(Stdio::null());
        run.args(["--quiet", "--force", "--out", "alone", "--paths", "90"]);
        run.args(["--set", "report.charts=false"]);
        for (field, value) in row.iter().filter(|(name, _)| name.contains('.')) {
            let value = if value.contains("USDC") { format!("\"{value}\"") } else { value.clone() };
            run.args(["--set", &format!("{field}={value}")]);
        }
        succeeds(&mut run);
        let alone = rows(&home.path().join("alone/summary.csv"));
        let mut compared = 0;
        for figure in &alone {
            if let Some(value) = row.get(&figure["metric"]) {
                assert_eq!(*value, figure["value"], "{} {}", row["variant"], figure["metric"]);
                compared += 1;
            }
        }
        assert!(compared > 12, "{compared}");
        let alone = rows(&home.path().join("alone/paths.csv"));
        let mine = paths.iter().filter(|path| path["variant"] == row["variant"]);
        for (mine, alone) in mine.zip(&alone) {
            let figures = |row: &BTreeMap<String, String>| {
                let mut row = row.clone();
                row.remove("variant");
                row
            };
            assert_eq!(figures(mine), figures(alone));
        }
    }
}

#[test]
fn a_variant_that_fails_is_a_row_with_its_reason() {
    let home = tempfile::tempdir().unwrap();
    let axes = "sweep.fields={ \"agent.a.position.1.collateral\" = [\"2000 USDC\", \"10 USDC\"] }";
    let args = ["--set", axes, "--set", "sweep.constraints=[]", "--paths", "20"];
    succeeds(&mut sweep(home.path(), "out", &args));
    let rows = rows(&home.path().join("out/sweep.csv"));
    let told: Vec<(&str, &str)> =
        rows.iter().map(|row| (row["status"].as_str(), row["reason"].as_str())).collect();
    assert_eq!(told[0], ("done", ""));
    assert_eq!(told[1].0, "failed");
    assert!(told[1].1.contains("initial margin"), "{}", told[1].1);
    assert_eq!(rows[1]["final_equity"], "");
    assert_ne!(rows[0]["final_equity"], "");
}

/// Killed without warning again and again, a sweep ends with the bytes of one that was left alone.
#[test]
fn killed_ten_times_it_ends_the_same() {
    let home = tempfile::tempdir().unwrap();
    let args = ["--paths", "2000", "--set", "sweep.paths_file=true"];
    succeeds(&mut sweep(home.path(), "whole", &args));
    let tiles = home.path().join("killed.partial/000000.tiles");
    let mut sizes = Vec::new();
    for kill in 0..10 {
        let mut child = sweep(home.path(), "killed", &args).spawn().unwrap();
        // It is killed when the file of tiles has grown a little, each time a little more.
        let before = fs::metadata(&tiles).map_or(0, |file| file.len());
        let wanted = before + 1 + 7_001 * kill;
        while fs::metadata(&tiles).map_or(0, |file| file.len()) < wanted {
            if child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        sizes.push(fs::metadata(&tiles).map_or(0, |file| file.len()));
    }
    // It went on each time, not from the beginning.
    assert!(sizes[0] > 0 && sizes.windows(2).all(|two| two[0] <= two[1]), "{sizes:?}");
    assert!(!home.path().join("killed").exists(), "it was never through: {sizes:?}");
    succeeds(&mut sweep(home.path(), "killed", &args));
    assert_same(home.path(), "whole", "killed", "after ten kills");
    // What is torn at the end of the tiles is made again.
    assert!(!home.path().join("killed.partial").exists());
}

/// Other fields are another sweep: it starts over.
#[test]
fn what_was_stopped_is_not_mixed_with_another() {
    let home = tempfile::tempdir().unwrap();
    let mut child = sweep(home.path(), "out", &["--paths", "2000"]).spawn().unwrap();
    let tiles = home.path().join("out.partial/000000.tiles");
    while fs::metadata(&tiles).map_or(0, |file| file.len()) < 1_000 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    succeeds(&mut sweep(home.path(), "out", &["--paths", "100", "--seed", "6"]));
    succeeds(&mut sweep(home.path(), "fresh", &["--paths", "100", "--seed", "6"]));
    assert_same(home.path(), "out", "fresh", "another seed");
}

/// Without room on the disk it says so, and goes on from there when there is some.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing_that_is_finished() {
    let home = tempfile::tempdir().unwrap();
    let args = ["--paths", "1000"];
    succeeds(&mut sweep(home.path(), "whole", &args));
    // A file may have so many blocks of 512 bytes; further writes fail as on a full disk.
    let limited = sweep(home.path(), "full", &args);
    let mut shell = Command::new("sh");
    shell.current_dir(home.path());
    shell.args(["-c", "ulimit -f 200; exec \"$0\" \"$@\""]);
    shell.arg(limited.get_program()).args(limited.get_args());
    let output = shell.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("cannot write") && said.contains("give the same command again"),
        "{said}"
    );
    let kept = fs::metadata(home.path().join("full.partial/000000.tiles")).unwrap().len();
    assert!(kept > 50_000, "{kept}");
    succeeds(&mut sweep(home.path(), "full", &args));
    assert_same(home.path(), "whole", "full", "after a full disk");
}

#[test]
fn an_unknown_figure_is_refused_with_the_nearest() {
    let home = tempfile::tempdir().unwrap();
    let output =
        sweep(home.path(), "out", &["--set", "sweep.figures=[\"es95\"]"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("did you mean es_95?"), "{said}");
}

/// A sweep has a picture whatever its number of axes; one of a single variant has nothing to show.
#[test]
fn one_axis_has_a_picture() {
    let home = tempfile::tempdir().unwrap();
    for (out, wallets, has_one) in [("three", "[2000, 3000, 4000]", true), ("one", "[3000]", false)]
    {
        let fields = format!("sweep.fields={{\"agent.a.wallet\" = {wallets}}}");
        let sets = ["--set", "sweep.constraints=[]", "--set", &fields, "--paths", "8"];
        succeeds(&mut sweep(home.path(), out, &sets));
        assert_eq!(home.path().join(out).join("sweep.png").exists(), has_one, "{out}");
    }
}
