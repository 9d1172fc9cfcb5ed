//! The presets' figures, measured again on real market data.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use drypowder::prices::presets::{CrashPreset, PRESETS};

const DAY_MS: i64 = 86_400_000;

/// The folder of real files; `None`, after a line that says so, where there is none.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("DRYPOWDER_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: needs the folder of real files in DRYPOWDER_DATA");
    }
    folder
}

fn text(path: &Path) -> Option<String> {
    let mut text = String::new();
    let file = std::fs::File::open(path).ok()?;
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Open, low and close of each bar, by its start.
type Bars = BTreeMap<i64, [f64; 3]>;

fn bars(folder: &Path, coin: &str, tag: &str) -> Option<Bars> {
    let name = format!("static-klines/crash-windows/{coin}USDT-{tag}.json.gz");
    let rows: Vec<Vec<serde_json::Value>> =
        serde_json::from_str(&text(&folder.join(name))?).ok()?;
    let number = |value: &serde_json::Value| value.as_str()?.parse::<f64>().ok();
    let bar = |row: &Vec<serde_json::Value>| {
        Some((row[0].as_i64()?, [number(&row[1])?, number(&row[3])?, number(&row[4])?]))
    };
    rows.iter().map(bar).collect()
}

/// The file of an event: its own, or the month's in hours.
fn tags(preset: &CrashPreset) -> [&'static str; 2] {
    match preset.name {
        "2020-03-12" => ["1h-2020-03-01", "1h-2020-03-01"],
        "2021-05-19" => ["1h-2021-05-01", "1h-2021-05-01"],
        "2022-05" => ["30m-2022-05-09", "1h-2022-05-01"],
        "2022-11-08" => ["30m-2022-11-07", "1h-2022-11-01"],
        "2024-08-05" => ["15m-2024-08-05", "1h-2024-08-01"],
        _ => ["15m-2025-10-06", "15m-2025-10-06"],
    }
}

fn start_ms(preset: &CrashPreset) -> i64 {
    preset.start.parse::<jiff::Timestamp>().expect("an instant").as_millisecond()
}

/// Beginnings of the legs, and the end.
fn instants(preset: &CrashPreset) -> Vec<i64> {
    let mut at = vec![start_ms(preset)];
    for leg in preset.legs_ms {
        at.push(at[at.len() - 1] + leg);
    }
    at
}

/// Price at the end of each leg as a part of the first open; `None` where a bar is missing.
fn levels(bars: &Bars, at: &[i64]) -> Option<Vec<f64>> {
    let open = |time: &i64| bars.get(time).map(|bar| bar[0]);
    let first = open(&at[0])?;
    let (_, legs) = at.split_first()?;
    let (end, inner) = legs.split_last()?;
    let lowest = bars.range(at[0]..*end).map(|(_, bar)| bar[1]).fold(f64::INFINITY, f64::min);
    let mut levels: Vec<f64> = inner.iter().map(open).collect::<Option<_>>()?;
    levels.push(lowest);
    Some(levels.iter().map(|level| level / first).collect())
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let (ma, mb) = (mean(a), mean(b));
    let sum = |x: &[f64], mx: f64, y: &[f64], my: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
    };
    sum(a, ma, b, mb) / (sum(a, ma, a, ma) * sum(b, mb, b, mb)).sqrt()
}

#[test]
fn falls_and_correlations() {
    let Some(folder) = folder() else { return };
    for preset in &PRESETS {
        let (at, tags) = (instants(preset), tags(preset));
        let mut returns: Vec<Vec<f64>> = Vec::new();
        for (asset, stated) in preset.falls {
            let bars = bars(&folder, asset, tags[0]).expect("its bars");
            let found = levels(&bars, &at).expect("every bar");
            for (found, stated) in found.iter().zip(*stated) {
                assert!((found - stated).abs() < 6e-5, "{} {asset}: {found}", preset.name);
            }
            let end = at[at.len() - 1];
            let closes: Vec<f64> =
                bars.range(at[0]..end).map(|(_, bar)| libm::log(bar[2])).collect();
            returns.push(closes.windows(2).map(|pair| pair[1] - pair[0]).collect());
        }
        let mut pairs = Vec::new();
        for one in 0..returns.len() {
            for other in 0..one {
                pairs.push(correlation(&returns[one], &returns[other]));
            }
        }
        let mean = pairs.iter().sum::<f64>() / pairs.len() as f64;
        assert!((mean - preset.correlation).abs() < 6e-4, "{}: {mean}", preset.name);
        let mut lowest: Vec<f64> = ["BNB", "XRP", "DOGE", "ADA", "AVAX", "LINK", "DOT"]
            .iter()
            .filter_map(|coin| {
                let mut found = tags.iter().filter_map(|tag| bars(&folder, coin, tag));
                found.find_map(|bars| levels(&bars, &at)?.last().copied())
            })
            .collect();
        lowest.sort_by(f64::total_cmp);
        let half = lowest.len() / 2;
        let median = if lowest.len() % 2 == 1 {
            lowest[half]
        } else {
            (lowest[half - 1] + lowest[half]) / 2.0
        };
        assert!((median - preset.altcoin).abs() < 6e-5, "{}: {median}", preset.name);
    }
}

/// Payments by instant; the file's times are three hours late.
fn payments(folder: &Path, asset: &str) -> Option<BTreeMap<i64, f64>> {
    let name = format!("{asset}-USDT_binance_2020-01-01_2024-01-01_funding_history.csv.gz");
    let text = text(&folder.join("historical-funding-rates-fetcher").join(name))?;
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let time = fields.get(1)?.replace(' ', "T") + "Z";
        let time = time.parse::<jiff::Timestamp>().ok()?.as_millisecond() - DAY_MS / 8;
        Some((time, fields.get(2)?.trim().parse().ok()?))
    };
    text.lines().skip(1).filter(|line| !line.is_empty()).map(row).collect()
}

#[test]
fn funding_of_2020_to_2022() {
    let Some(folder) = folder() else { return };
    for asset in ["BTC", "ETH"] {
        let payments = payments(&folder, asset).expect("a file of payments");
        for preset in PRESETS.iter().filter(|preset| preset.name < "2023") {
            let start = start_ms(preset);
            let leg = start + preset.last_leg_ms();
            let after: Vec<f64> = payments.range(leg..).take(3).map(|(_, rate)| *rate).collect();
            let before: Vec<f64> = payments.range(..start).rev().take(90).map(|p| *p.1).collect();
            let mean = |rates: &[f64]| rates.iter().sum::<f64>() / rates.len() as f64;
            let added = mean(&after) - mean(&before);
            let stated = preset.funding_of(asset).expect("it has one");
            assert!((added - stated).abs() < 1e-6, "{} {asset}: {added}", preset.name);
        }
    }
}
