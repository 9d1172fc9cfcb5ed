//! What the files say, recomputed from one another.

#[path = "common/runs.rs"]
mod runs;

use std::collections::BTreeMap;
use std::fs::File;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use runs::{Run, load};
use sha2::{Digest, Sha256};

use drypowder::engine::{Metric, Rule};
use drypowder::prices::PricePath;
use drypowder::report::{metrics_markdown, price_table};
use drypowder::scenario::TableFormat;
use drypowder::study::{Execution, VariantSet, each_price_path};

/// Header and rows of a table.
fn table(run: &Run, file: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(run.path(file)).unwrap();
    let texts = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
    let header = texts(reader.headers().unwrap());
    let rows = reader.records().map(|row| texts(&row.unwrap())).collect();
    (header, rows)
}

/// Values of a metric in the order of the paths, by variant and agent, from `paths.csv`.
fn columns(run: &Run, metric: &str) -> BTreeMap<(String, String), Vec<f64>> {
    let (header, rows) = table(run, "paths.csv");
    let place = header.iter().position(|name| name == metric).unwrap();
    let mut columns = BTreeMap::<_, Vec<f64>>::new();
    for row in rows {
        let value = if row[place].is_empty() { f64::NAN } else { row[place].parse().unwrap() };
        columns.entry((row[0].clone(), row[2].clone())).or_default().push(value);
    }
    columns
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Type 7, straight from Hyndman and Fan's definition.
fn quantile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = p * (sorted.len() - 1) as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    sorted[low] + (place - low as f64) * (sorted[high] - sorted[low])
}

fn near(run: &Run, key: &(String, String), metric: &str, wanted: f64) {
    let row = run.finished.findings.summary.get(&key.0, &key.1, metric).unwrap();
    let got = row.value.unwrap();
    assert!(
        (got - wanted).abs() <= 1e-9 * wanted.abs().max(1.0),
        "{key:?} {metric}: {got} {wanted}"
    );
    let bounded = |end: Option<f64>, sign: f64| end.is_none_or(|end| sign * (got - end) >= -1e-9);
    assert!(
        bounded(row.interval.low, 1.0) && bounded(row.interval.high, -1.0),
        "{metric}: {row:?}"
    );
}

#[test]
fn the_summary_is_what_the_rows_say() {
    let run = Run::of("two_agents", &[("report.charts", "false")], 2);
    let start = BTreeMap::from([("alice", 1_600.0), ("bob", 1_000.0)]);
    for (key, equity) in columns(&run, "final_equity") {
        assert_eq!(equity.len(), 150);
        near(&run, &key, "final_equity", mean(&equity));
        for (p, suffix) in [(0.05, "_p05"), (0.5, "_p50"), (0.95, "_p95"), (0.99, "_p99")] {
            near(&run, &key, &format!("final_equity{suffix}"), quantile(&equity, p));
        }
        let mut losses: Vec<f64> =
            equity.iter().map(|equity| start[key.1.as_str()] - equity).collect();
        near(&run, &key, "var_95", quantile(&losses, 0.95));
        losses.sort_by(|a, b| b.total_cmp(a));
        // The worst 5 % of 150 paths: seven whole and half of the eighth.
        let worst = losses[..7].iter().sum::<f64>() + 0.5 * losses[7];
        near(&run, &key, "es_95", worst / 7.5);
    }
    for (metric, statistic) in [
        ("liquidations", "liquidation_probability"),
        ("distress_exits", "distress_probability"),
        ("bad_debt", "bad_debt_probability"),
    ] {
        for (key, counts) in columns(&run, metric) {
            let hits = counts.iter().filter(|count| **count > 0.0).count();
            near(&run, &key, statistic, hits as f64 / counts.len() as f64);
        }
    }
    for (key, notional) in columns(&run, "liquidated_notional") {
        near(&run, &key, "lar_95", quantile(&notional, 0.95));
    }
}

#[test]
fn all_is_the_sum_of_the_agents_path_by_path() {
    let run = Run::of("two_agents", &[("report.charts", "false")], 2);
    let of = |metric: &str, variant: &str| {
        let columns = columns(&run, metric);
        let agent = |name: &str| columns[&(variant.to_owned(), name.to_owned())].clone();
        std::iter::zip(agent("alice"), agent("bob")).collect::<Vec<_>>()
    };
    for variant in ["guarded", "do_nothing", "start_smaller", "stop_loss"] {
        let key = (variant.to_owned(), "all".to_owned());
        let equity: Vec<f64> = of("final_equity", variant).iter().map(|(a, b)| a + b).collect();
        near(&run, &key, "final_equity_p05", quantile(&equity, 0.05));
        let either = of("liquidations", variant);
        let hits = either.iter().filter(|(a, b)| a + b > 0.0).count();
        near(&run, &key, "liquidation_probability", hits as f64 / 150.0);
        let firsts: Vec<f64> =
            of("time_to_first_liquidation", variant).iter().map(|(a, b)| a.min(*b)).collect();
        let mut firsts: Vec<f64> = firsts.into_iter().filter(|time| !time.is_nan()).collect();
        firsts.sort_by(f64::total_cmp);
        // Without censoring before the end the curve falls by 1/150 a path: 5 % at the eighth.
        let p05 =
            run.finished.findings.summary.get(variant, "all", "time_to_first_liquidation_p05");
        assert_eq!(p05.unwrap().value, firsts.get(7).copied(), "{variant}");
        assert!(run.finished.findings.summary.get(variant, "all", "max_drawdown").is_none());
    }
}

#[test]
fn columns_are_those_of_the_contract() {
    let full = Run::of("two_agents", &[("paths", "3"), ("report.charts", "false")], 1);
    let plain = Metric::ALL.iter().filter(|metric| {
        // Rebalances are those of a wallet or a fleet.
        let beside = metric.is_prime() || metric.is_fleet() || metric.is_impact();
        !beside && **metric != Metric::Rebalances
    });
    let names: Vec<&str> = plain.map(|metric| metric.name()).collect();
    assert_eq!(table(&full, "paths.csv").0[3..], names);
    assert_eq!(
        table(&full, "events.csv").0.join(","),
        "path,time,agent,kind,subject,amount,asset,price,health_factor,utilisation,reason,variant,costs"
    );
    assert_eq!(
        table(&full, "summary.csv").0.join(","),
        "variant,agent,metric,value,ci_low,ci_high,unit"
    );
    let sets = [("paths", "3"), ("run.metrics", "\"events\""), ("report.charts", "false")];
    let events = Run::of("two_agents", &sets, 1);
    let header = table(&events, "paths.csv").0;
    assert!(header.contains(&"final_equity".to_owned()));
    assert!(!header.contains(&"utilisation_mean".to_owned()));
    for run in [&full, &events] {
        for file in run.files().iter().filter(|name| name.ends_with(".csv")) {
            let text = String::from_utf8(run.bytes(file)).unwrap();
            assert!(!text.contains("NaN"), "{file}");
        }
    }
}

#[test]
fn parquet_holds_what_csv_holds() {
    let csv = Run::of("two_agents", &[("report.charts", "false")], 2);
    let sets = [("report.charts", "false"), ("report.format", "\"parquet\"")];
    let other = Run::of("two_agents", &sets, 2);
    assert!(!other.path("paths.csv").exists());
    let reader =
        SerializedFileReader::new(File::open(other.path("paths.parquet")).unwrap()).unwrap();
    let (header, rows) = table(&csv, "paths.csv");
    let mut read = 0;
    for (record, row) in reader.get_row_iter(None).unwrap().zip(&rows) {
        for ((name, field), (column, text)) in
            record.unwrap().get_column_iter().zip(header.iter().zip(row))
        {
            assert_eq!(name, column);
            match field {
                Field::Str(value) => assert_eq!(value, text),
                Field::Long(value) => assert_eq!(&value.to_string(), text),
                Field::Null => assert_eq!(text, "", "{name}"),
                Field::Double(value) => {
                    let number: f64 = text.parse().unwrap();
                    assert_eq!(value.to_bits(), number.to_bits(), "{name}");
                }
                other => panic!("{name} is {other:?}"),
            }
        }
        read += 1;
    }
    assert_eq!(read, rows.len());
}

#[test]
fn the_manifest_names_every_file_by_its_hash() {
    let run = Run::of("two_agents", &[("paths", "20")], 2);
    let manifest: serde_json::Value = serde_json::from_slice(&run.bytes("manifest.json")).unwrap();
    let hex = |bytes: &[u8]| -> String {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let listed = manifest["files_sha256"].as_object().unwrap();
    let mut names: Vec<String> = listed.keys().cloned().collect();
    names.push("manifest.json".to_owned());
    names.sort();
    assert_eq!(names, run.files());
    for (name, hash) in listed {
        assert_eq!(hash.as_str(), Some(hex(&run.bytes(name)).as_str()), "{name}");
    }
    assert_eq!(manifest["result_hash"], run.finished.manifest.result_hash.as_str());
    assert_eq!(manifest["paths"], 20);
    assert!(manifest["scenario"]["seed"] == 7 && manifest["metrics"]["es_95"].is_object());
    for metric in Metric::ALL {
        assert!(metrics_markdown().contains(&format!("`{}`", metric.name())));
    }
}

#[test]
fn fired_rules_count_what_fired_and_name_what_did_not() {
    let run = Run::of("two_agents", &[("report.charts", "false")], 2);
    let (_, rows) = table(&run, "fired_rules.csv");
    assert_eq!(rows.len(), 4 * 3 * Rule::ALL.len());
    let top_ups = columns(&run, "top_ups");
    for row in &rows {
        let count: u64 = row[3].parse().unwrap();
        let paths: u64 = row[4].parse().unwrap();
        assert_eq!(row[5].is_empty(), count > 0);
        match row[2].as_str() {
            // Nothing of these is in the scenario.
            "funding" | "resume" => assert_eq!(row[5], "not switched on"),
            "bad_debt" if count == 0 => assert_eq!(row[5], "never fired: not tested"),
            _ => {}
        }
        assert!(paths <= count && paths <= 150);
        if row[2] == "top_up" && row[1] != "all" {
            let sum: f64 = top_ups[&(row[0].clone(), row[1].clone())].iter().sum();
            assert_eq!(sum, count as f64);
        }
    }
}

#[test]
fn a_history_runs_its_intrabar_bracket() {
    let run = Run::of("november_2018", &[], 2);
    let names: Vec<&str> =
        run.finished.findings.result.variants.iter().map(|v| v.name.as_str()).collect();
    let base = ["guarded", "do_nothing", "start_smaller", "stop_loss"];
    let walk = base.map(|name| format!("{name}[walk]"));
    assert_eq!(names[..4], base);
    assert_eq!(names[4..], walk.each_ref().map(String::as_str));
    let value = |variant: &str, metric: &str| {
        run.finished.findings.summary.get(variant, "trader", metric).unwrap().value.unwrap()
    };
    assert_eq!(value("guarded", "liquidations"), 0.0);
    assert_eq!(value("do_nothing", "liquidations"), 1.0);
    assert!(value("guarded[walk]", "top_ups") >= value("guarded", "top_ups"));
    assert!(run.path("price.png").exists() && !run.path("histogram.png").exists());
}

#[test]
fn a_plan_without_protection_is_its_own_do_nothing() {
    let scenario = load("two_agents", &[("policy.top_up.enabled", "false")]);
    let set = VariantSet::of(&scenario).unwrap();
    let names: Vec<&str> = set.all().iter().map(|variant| variant.name.as_str()).collect();
    assert_eq!(names, ["plan", "start_smaller", "stop_loss"]);
}

#[test]
fn written_prices_read_back_bit_for_bit() {
    let scenario = load("two_agents", &[]);
    let set = VariantSet::of(&scenario).unwrap();
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("prices.csv");
    let stop = std::sync::atomic::AtomicBool::new(false);
    let execution = Execution { threads: 2, stop: &stop };
    let assets = &scenario.plan.assets;
    let (table, mut file) = price_table(&out, TableFormat::Csv, assets).unwrap();
    let mut wanted = Vec::new();
    let read = |number: u64, path: &mut dyn PricePath| {
        let mut marks = vec![[0.0; 2]; path.ticks()];
        for (tick, marks) in marks.iter_mut().enumerate() {
            path.load(tick, marks, &mut [0.0; 2]);
        }
        (table.encode(number, path), marks)
    };
    each_price_path(&scenario, &set, 5, &execution, read, |(encoded, marks)| {
        wanted.extend(marks);
        file.write(encoded)
    })
    .unwrap();
    file.finish().unwrap();
    let mut reader = csv::Reader::from_path(&out).unwrap();
    assert_eq!(reader.headers().unwrap(), vec!["path", "step", "time", "BTC", "ETH"]);
    let mut rows = 0;
    for (row, marks) in reader.records().zip(&wanted) {
        let row = row.unwrap();
        for (text, mark) in [&row[3], &row[4]].into_iter().zip(marks) {
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), mark.to_bits());
        }
        rows += 1;
    }
    assert_eq!((rows, wanted.len()), (5 * 241, 5 * 241));
}
