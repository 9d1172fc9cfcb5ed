//! History files from outside: what is refused and how it is said, what is repaired, and
//! the real data this repository carries.

use std::fs;
use std::path::{Path, PathBuf};

use drypowder::prices::history::{
    Bars, CsvColumns, DisorderRule, DuplicateRule, GapRule, HistoryError, LoadOptions, TimeUnit,
    align, load_bars, load_series, write_bars, write_series,
};
use sha2::{Digest, Sha256};

const HOUR_MS: i64 = 3_600_000;
/// 2018-11-25T00:00:00Z.
const START_MS: i64 = 1_543_104_000_000;

/// Seconds: a column of times needs no unit said.
fn options() -> LoadOptions {
    LoadOptions { time_unit: TimeUnit::Seconds, ..LoadOptions::default() }
}

fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("h.csv");
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn load(text: &str, options: &LoadOptions) -> Result<Bars, Vec<String>> {
    let (_folder, path) = file(text);
    load_bars(&path, options).map_err(|faults| texts(&faults, &path))
}

/// The messages, without the path that each begins with.
fn texts(faults: &[HistoryError], path: &Path) -> Vec<String> {
    let origin = path.display().to_string();
    let bare = |fault: &HistoryError| {
        let text = fault.to_string();
        text.strip_prefix(&origin).expect("a fault names its file").to_owned()
    };
    faults.iter().map(bare).collect()
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

#[test]
fn every_fault_of_a_value_is_told_with_its_row() {
    const GOOD: &str = "0,10,12,9,11,5\n3600,11,12,9,10,5\n7200,10,11,9,10,5\n";
    // A row put after three good ones, and what is said of it.
    #[rustfmt::skip]
    let table = [
        ("10800,10,12,9,x,5",      "row 5, close = \"x\": not a number; write a number"),
        ("10800,10,12,9,,5",       "row 5, close = \"\": empty; write a number"),
        ("10800,10,12,9,NaN,5",    "row 5, close = NaN: not a finite number"),
        ("10800,10,inf,9,10,5",    "row 5, high = inf: not a finite number"),
        ("10800,10,12,0,10,5",     "row 5, low = 0: a price must be above zero"),
        ("10800,10,12,-1,10,5",    "row 5, low = -1: a price must be above zero"),
        ("10800,10,8,9,10,5",      "row 5, high = 8: below low = 9"),
        ("10800,13,12,9,10,5",     "row 5, open = 13: outside the bar's 9..12"),
        ("10800,10,12,9,8,5",      "row 5, close = 8: outside the bar's 9..12"),
        ("10800,10,12,9,10,-5",    "row 5, volume = -5: a volume cannot be negative"),
        ("10800,10,12,9,10",       "row 5: 5 fields where the header has 6"),
        ("noon,10,12,9,10,5",      "row 5, time = \"noon\": not a time; write a whole number"),
        ("99999999999,1,1,1,1,5",  "row 5, time = 99999999999: not between 1970 and 2200"),
        ("7200,10,12,9,10,5",      "row 5, time = 1970-01-01T02:00:00Z: the same time as row 4"),
        ("1800,10,12,9,10,5",      "row 5, time = 1970-01-01T00:30:00Z: earlier than row 4"),
        ("9000,10,12,9,10,5",      "row 5, time = 1970-01-01T02:30:00Z: 1800000 ms after"),
        ("21600,10,12,9,10,5",     "3 bars are missing after 1970-01-01T02:00:00Z; allow gaps"),
        ("2018-11-25,1,1,1,1,5",   "in ISO-8601 text, while the file began in seconds"),
    ];
    for (row, expected) in table {
        let faults = load(&format!("time,open,high,low,close,volume\n{GOOD}{row}\n"), &options())
            .expect_err(row);
        assert!(faults[0].contains(expected), "{row}: {faults:?}");
    }
}

#[test]
fn every_fault_of_a_file_is_told() {
    let header_and = |rows: &str| format!("time,open,high,low,close\n{rows}");
    let auto = LoadOptions::default();
    #[rustfmt::skip]
    let table = [
        (String::new(),                                 "the file is empty"),
        (header_and(""),                                "no rows"),
        (header_and("1543104000,1,1,1,1\n"),            "a single time does not show how long"),
        ("Time,open,high,low,close\n".to_owned(),       "time: no such column; the columns are \"Time\", \"open\", \"high\", \"low\", \"close\"; name the column to read; the nearest is \"Time\""),
        ("time,close\n".to_owned(),                     "open: no such column"),
        ("time;open;high;low;close\n".to_owned(),       "separated by ';': use commas"),
        ("https://prices.example\ntime,close\n".to_owned(), "if the first line is a notice, remove it"),
        ("time,open,high,low,close,close\n".to_owned(), "close: the column is there twice"),
        (header_and("20181125,1,1,1,1\n"),              "no unit of time suits this number"),
        (header_and("1543104000,1,1,1,1\n1543107600000,1,1,1,1\n1543111200000,1,1,1,1\n"), "row 3, time = \"1543107600000\": in milliseconds, while the file began in seconds (2 rows differ)"),
        (header_and("1543104000000001,1,1,1,1\n"),      "finer than a millisecond"),
        (header_and("1543111200,1,1,1,1\n1543107600,1,1,1,1\n1543104000,1,1,1,1\n"), "the file runs newest first (2 of 2 steps go back); sort"),
    ];
    for (text, expected) in table {
        let faults = load(&text, &auto).expect_err(&text);
        assert!(faults[0].contains(expected), "{text}: {faults:?}");
    }
    for (path, expected) in [
        ("nowhere.csv", "nowhere.csv: cannot be opened"),
        ("prices.csv.gz", "neither .csv nor .parquet"),
        (env!("CARGO_MANIFEST_DIR"), "neither .csv nor .parquet"),
    ] {
        let faults = load_bars(path, &auto).unwrap_err();
        assert!(faults[0].to_string().contains(expected), "{faults:?}");
    }
}

#[test]
fn all_faults_of_a_file_come_at_once_and_no_more_than_twenty_are_shown() {
    let text = "time,open,high,low,close\n0,1,1,1,1\n\n3600,1,1,2,1\n3600,x,1,1,1\n9000,1,1,1,0\n";
    let faults = load(text, &options()).unwrap_err();
    // Lines are those of the file, the empty one counted.
    let expected = ["row 5, open", "row 4, high", "row 6, close", "row 5, time", "row 6, time"];
    assert_eq!(faults.len(), expected.len(), "{faults:?}");
    for (fault, expected) in faults.iter().zip(expected) {
        assert!(fault.contains(expected), "{expected}: {faults:?}");
    }

    let rows: String = (0..50).map(|k| format!("{},1,1,1,0\n", k * 60)).collect();
    let faults = load(&format!("time,open,high,low,close\n{rows}"), &options()).unwrap_err();
    assert_eq!((faults.len(), faults[20].as_str()), (21, ": and 30 more faults"));
}

#[test]
fn times_may_be_written_in_several_ways() {
    let ways: [fn(i64) -> String; 5] = [
        |hour| (START_MS / 1_000 + hour * 3_600).to_string(),
        |hour| (START_MS + hour * HOUR_MS).to_string(),
        |hour| ((START_MS + hour * HOUR_MS) * 1_000).to_string(),
        |hour| format!("2018-11-25 0{hour}:00:00"),
        |hour| format!("2018-11-24T2{hour}:00-04:00"),
    ];
    for way in ways {
        let rows: String = (0..4).map(|hour| format!(" {} , 7\r\n", way(hour))).collect();
        let text = format!("\u{feff}when,last\r\n{rows}");
        let columns = Some(CsvColumns::close_only("when", "last"));
        let bars = load(&text, &LoadOptions { columns, ..LoadOptions::default() }).unwrap();
        let expected: Vec<i64> = (0..4).map(|hour| START_MS + hour * HOUR_MS).collect();
        assert_eq!((bars.open_time, bars.interval_ms, bars.close_only), (expected, HOUR_MS, true));
        assert_eq!(bars.open, [7.0; 4]);
    }
}

#[test]
fn repairs_are_made_as_asked_and_recorded() {
    const TEXT: &str = "time,open,high,low,close,volume\n\
        0,1,1,1,1,9\n7200,3,3,3,3,9\n3600,2,2,2,2,9\n7200,4,4,4,4,9\n18000,5,5,5,5,9\n";
    let repairing = LoadOptions {
        disorder: DisorderRule::Sort,
        duplicates: DuplicateRule::KeepLast,
        gaps: GapRule::Fill,
        interval_ms: Some(HOUR_MS),
        ..options()
    };
    let bars = load(TEXT, &repairing).unwrap();
    assert_eq!(bars.close, [1.0, 2.0, 4.0, 4.0, 4.0, 5.0]);
    assert_eq!(bars.high, bars.close);
    assert_eq!(bars.volume, Some(vec![9.0, 9.0, 9.0, 0.0, 0.0, 9.0]));
    assert_eq!(bars.open_time, (0..6).map(|k| k * HOUR_MS).collect::<Vec<_>>());
    let recorded = "rows_sorted=1 duplicates_dropped=1 gaps_filled=1 bars_filled=2";
    assert_eq!(bars.metadata["drypowder.repairs"], recorded);
    assert_eq!(bars.repairs().bars_filled, 2);
    assert_eq!(bars.metadata["drypowder.source_sha256"], hex(TEXT.as_bytes()));

    let first = LoadOptions { duplicates: DuplicateRule::KeepFirst, ..repairing.clone() };
    assert_eq!(load(TEXT, &first).unwrap().close[2], 3.0);
    let kept = LoadOptions { gaps: GapRule::Keep, ..repairing.clone() };
    assert_eq!(load(TEXT, &kept).unwrap().close, [1.0, 2.0, 4.0, 5.0]);
    let bounded = LoadOptions { max_gap_ms: Some(HOUR_MS), ..repairing };
    let faults = load(TEXT, &bounded).unwrap_err();
    assert!(faults[0].contains("7200000 ms is longer than the 3600000 ms"), "{faults:?}");
}

#[test]
fn funding_rates_are_read_and_written() {
    let (folder, path) = file("time,rate\n2018-11-25 00:00,0.0001\n2018-11-25 08:00,-0.00375\n");
    let series = load_series(&path, &options()).unwrap();
    assert_eq!(series.time, [START_MS, START_MS + 8 * HOUR_MS]);
    assert_eq!(series.value, [0.0001, -0.00375]);
    let copy = folder.path().join("f.parquet");
    write_series(&copy, &series).unwrap();
    assert_eq!(load_series(&copy, &LoadOptions::default()), Ok(series));

    let faults = load_bars(&copy, &LoadOptions::default()).unwrap_err();
    assert!(faults[0].problem.contains("holds a series, not bars"), "{faults:?}");
    let tight = LoadOptions { max_gap_ms: Some(HOUR_MS), ..options() };
    let faults = load_series(&path, &tight).unwrap_err();
    assert!(faults[0].problem.contains("28800000 ms after 2018-11-25T00:00:00Z"), "{faults:?}");
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_data_folder_is_what_its_sums_say() {
    let sums = fs::read_to_string(data("SHA256SUMS")).unwrap();
    let readme = fs::read_to_string(data("README.md")).unwrap();
    let mut named: Vec<&str> = Vec::new();
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        assert_eq!(hex(&fs::read(data(name)).unwrap()), sum, "{name}");
        assert!(readme.contains(&format!("| `{name}` | {sum} |")), "{name} in the README");
        named.push(name);
    }
    named.sort_unstable();
    let here = fs::read_dir(data("")).unwrap();
    let mut here: Vec<String> =
        here.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    here.retain(|name| name.ends_with(".parquet"));
    here.sort_unstable();
    assert_eq!(named, here);
}

/// The facts of November 2018 are known from elsewhere: bitcoin stood near 6,400 until the 13th
/// and fell to about 3,500 by the 25th.
#[test]
fn november_2018_is_there() {
    let hours = load_bars(data("coinbase_btc_1h.parquet"), &LoadOptions::default()).unwrap();
    let day_ms = 24 * HOUR_MS;
    let month = |bars: &Bars| {
        align(&[("BTC", bars)], Some(START_MS - 24 * day_ms), Some(START_MS + 6 * day_ms)).unwrap()
    };
    let november = month(&hours);
    assert_eq!((november.interval_ms, november.n_bars, november.close_only), (HOUR_MS, 720, false));
    let btc = &november.assets[0];
    let closes_13th = &btc.close[12 * 24..13 * 24];
    assert!(closes_13th.iter().all(|close| (6_200.0..6_500.0).contains(close)), "{closes_13th:?}");
    let lowest = (0..720).min_by(|&a, &b| btc.low[a].total_cmp(&btc.low[b])).unwrap();
    assert_eq!((lowest / 24 + 1, btc.low[lowest]), (25, 3_457.81));

    for (name, low) in [("btc", 3_474.73), ("eth", 98.11), ("ltc", 26.31)] {
        let path = data(&format!("bitstamp_{name}_1d.parquet"));
        let faults = load_bars(&path, &LoadOptions::default()).unwrap_err();
        assert!(faults[0].problem.starts_with("12 bars are missing after 2019-03-19"));
        let kept = LoadOptions { gaps: GapRule::Keep, ..LoadOptions::default() };
        let days = load_bars(&path, &kept).unwrap();
        assert_eq!(month(&days).n_bars, 30);
        assert_eq!(month(&days).assets[0].low[24], low, "{name}");
        assert!(align(&[(name, &days)], None, None).is_err());
    }
}

#[test]
fn what_is_written_comes_back_bit_for_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.parquet");
    let mut bars = load_bars(data("coinbase_btc_1h.parquet"), &LoadOptions::default()).unwrap();
    bars.low[0] = f64::MIN_POSITIVE / 3.0;
    bars.high[0] = 1e308_f64.next_up();
    for (close_only, volume) in [(false, bars.volume.clone()), (false, None), (true, None)] {
        let mut bars = Bars { volume, close_only, ..bars.clone() };
        if close_only {
            (bars.open, bars.high, bars.low) =
                (bars.close.clone(), bars.close.clone(), bars.close.clone());
        }
        write_bars(&path, &bars).unwrap();
        let copy = load_bars(&path, &LoadOptions::default()).unwrap();
        let bits = |v: &[f64]| v.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&copy.low), bits(&bars.low));
        assert_eq!(copy, bars);
    }
}
