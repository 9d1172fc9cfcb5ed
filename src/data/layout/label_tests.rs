use super::*;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Midnights: `date -ud … +%s` times 1000.
const NOV_2024: i64 = 1_730_419_200_000;
const DEC_2024: i64 = 1_733_011_200_000;

struct Case {
    name: &'static str,
    asset: Option<&'static str>,
    quote: Option<&'static str>,
    role: Option<Role>,
    interval_ms: Option<i64>,
    stem: &'static str,
}

fn case(
    name: &'static str,
    (asset, quote): (&'static str, &'static str),
    role: Option<Role>,
    interval_ms: i64,
    stem: &'static str,
) -> Case {
    let some = |text: &'static str| (!text.is_empty()).then_some(text);
    let interval_ms = (interval_ms != 0).then_some(interval_ms);
    Case { name, asset: some(asset), quote: some(quote), role, interval_ms, stem }
}

#[test]
fn names_tell_what_they_are_about() {
    let usdt = ("BTC", "USDT");
    let usd = ("BTC", "USD");
    let minute = 60_000;
    let aave =
        "polygon-aave_v3-0x2791bca1f2de4661ed88a30c99a7a9449aa84174-2023-08-14.minute.csv.gz";
    let aave_stem = "polygon-aave_v3-0x2791bca1f2de4661ed88a30c99a7a9449aa84174.minute.csv";
    let table = [
        case("BTCUSDT-1h-2024-11.csv.gz", usdt, None, HOUR, "BTCUSDT-1h.csv"),
        case("x/BTCUSDT-1h-2024-12.csv.gz", usdt, None, HOUR, "x/BTCUSDT-1h.csv"),
        case(
            "BTC_USDT_USDT-5m-futures.feather",
            usdt,
            None,
            5 * minute,
            "BTC_USDT_USDT-5m-futures.feather",
        ),
        case(
            "ETH_USDT_USDT-1h-mark.feather",
            ("ETH", "USDT"),
            Some(Role::Mark),
            HOUR,
            "ETH_USDT_USDT-1h-mark.feather",
        ),
        case(
            "SOL_USDT_USDT-8h-funding_rate.feather",
            ("SOL", "USDT"),
            Some(Role::Funding),
            8 * HOUR,
            "SOL_USDT_USDT-8h-funding_rate.feather",
        ),
        case("Binance_BTCUSDT_1h.csv.gz", usdt, None, HOUR, "Binance_BTCUSDT_1h.csv"),
        case(
            "BTCUSDT_Binance_futures_data_hour.csv",
            usdt,
            None,
            HOUR,
            "BTCUSDT_Binance_futures_data_hour.csv",
        ),
        case("Bitstamp_BTCUSD_d.csv.gz", usd, None, DAY, "Bitstamp_BTCUSD_d.csv"),
        case("XBTUSD_1440.csv.gz", usd, None, DAY, "XBTUSD_1440.csv"),
        case("XDGUSD_60.csv", ("DOGE", "USD"), None, HOUR, "XDGUSD_60.csv"),
        case("BTC-USD.csv.gz", usd, None, 0, "BTC-USD.csv"),
        case("AAVE-USD.csv.gz", ("AAVE", "USD"), None, 0, "AAVE-USD.csv"),
        case(
            "d/SOLUSDT-1h.tar.gz/SOLUSDT/1h/2020-08-01.json",
            ("SOL", "USDT"),
            None,
            HOUR,
            "d/SOLUSDT-1h.tar.gz/SOLUSDT/1h/.json",
        ),
        case(
            "coinbase/daily/btcusd_trade.zip/btcusd.csv",
            usd,
            None,
            DAY,
            "coinbase/daily/btcusd_trade.zip/btcusd.csv",
        ),
        case(
            "m/20170904_trade.zip/20170904_btcusd_minute_trade.csv",
            usd,
            None,
            minute,
            "m/trade.zip/btcusd_minute_trade.csv",
        ),
        case(
            "binance/margin_interest/btcusd.csv",
            usd,
            Some(Role::Funding),
            0,
            "binance/margin_interest/btcusd.csv",
        ),
        case(
            "BTCUSDC_1m_20230301_20230321.csv.gz",
            ("BTC", "USDC"),
            None,
            minute,
            "BTCUSDC_1m.csv",
        ),
        case("btc-perp-20211231-20220201_1m.csv.gz", ("BTC", ""), None, minute, "btc-perp_1m.csv"),
        case(
            "BTC-USDT_binance_2020-01-01_2024-01-01_funding_history.csv.gz",
            usdt,
            Some(Role::Funding),
            0,
            "BTC-USDT_binance_funding_history.csv",
        ),
        case("bitfinex-1h-btc-usd.csv.gz", usd, None, HOUR, "bitfinex-1h-btc-usd.csv"),
        case(
            "bitstamp_(BTC,ETH,LTC)USD_d.csv.gz",
            ("", "USD"),
            None,
            DAY,
            "bitstamp_(BTC,ETH,LTC)USD_d.csv",
        ),
        case("BTCUSDT_1h_pair_q3_2023.csv", usdt, None, HOUR, "BTCUSDT_1h_pair_q3.csv"),
        case(
            "SOLUSDT_1h_30000_31000.csv",
            ("SOL", "USDT"),
            None,
            HOUR,
            "SOLUSDT_1h_30000_31000.csv",
        ),
        case(aave, ("USDC", ""), None, minute, aave_stem),
        case("BTC.last.parquet", ("BTC", ""), Some(Role::Last), 0, "BTC.last.parquet"),
        case("1000PEPEUSDT.csv.gz", ("1000PEPE", "USDT"), None, 0, "1000PEPEUSDT.csv"),
        case(
            "oi_btc_perp_1h_7d.parquet",
            ("BTC", ""),
            Some(Role::OpenInterest),
            HOUR,
            "oi_btc_perp_1h_7d.parquet",
        ),
        case(
            "basis_btc_perp_spot_1d.parquet",
            ("BTC", ""),
            Some(Role::Basis),
            DAY,
            "basis_btc_perp_spot_1d.parquet",
        ),
        case(
            "funding_btcusdt_200evt.parquet",
            usdt,
            Some(Role::Funding),
            0,
            "funding_btcusdt_200evt.parquet",
        ),
        case(
            "price_weth_usdc_0813_0817.csv.gz",
            ("WETH", "USDC"),
            None,
            0,
            "price_weth_usdc_0813_0817.csv",
        ),
        case("trades_btcusdt_ethusdt.json.gz", ("", ""), None, 0, "trades_btcusdt_ethusdt.json"),
        case("wsteth.csv", ("WSTETH", ""), None, 0, "wsteth.csv"),
        case("liquidations.csv", ("", ""), None, 0, "liquidations.csv"),
        case(
            "home/btc/metadata/1h/prices.csv",
            ("", ""),
            None,
            HOUR,
            "home/btc/metadata/1h/prices.csv",
        ),
        case("", ("", ""), None, 0, ""),
    ];
    for Case { name, asset, quote, role, interval_ms, stem } in table {
        let facts = label_of(name);
        assert_eq!(facts.asset.as_deref(), asset, "asset of {name}");
        assert_eq!(facts.quote.as_deref(), quote, "quote of {name}");
        assert_eq!(facts.role, role, "role of {name}");
        assert_eq!(facts.interval_ms, interval_ms, "interval of {name}");
        assert_eq!(facts.stem, stem, "stem of {name}");
    }
}

#[test]
fn dates_in_names_give_spans() {
    const JAN_2020: i64 = 1_577_836_800_000;
    let table = [
        ("BTCUSDT-1h-2024-11.csv.gz", Some((NOV_2024, DEC_2024)), None),
        ("BTCUSDT-1h-202411.csv.gz", Some((NOV_2024, DEC_2024)), None),
        ("BTCUSDT-1h-2024-12.csv.gz", Some((DEC_2024, 1_735_689_600_000)), None),
        ("a_20241101_20241130.csv", Some((NOV_2024, DEC_2024)), None),
        ("a_2020-01-01_2024-11-30_f.csv", Some((JAN_2020, DEC_2024)), None),
        ("a_2024-11-01.csv", None, Some(NOV_2024)),
        ("a.zip/x/2020-01-01.json", None, Some(JAN_2020)),
        ("2024-11/a.csv", None, None),
        ("a_2024-13.csv", None, None),
        ("a_2024-02-30.csv", Some((1_706_745_600_000, 1_709_251_200_000)), None),
        ("a_20241130_20241101.csv", None, None),
        ("a_2024.csv", None, None),
    ];
    for (name, span_ms, date_ms) in table {
        let facts = label_of(name);
        assert_eq!((facts.span_ms, facts.date_ms), (span_ms, date_ms), "{name}");
    }
}

#[test]
fn symbols_split_into_base_and_quote() {
    let table = [
        ("BTC/USDT", "BTC", Some("USDT")),
        ("BTCUSD", "BTC", Some("USD")),
        ("BTC/USDT:USDT", "BTC", Some("USDT")),
        ("btc-usd", "BTC", Some("USD")),
        ("XBT/USD", "BTC", Some("USD")),
        ("ETH", "ETH", None),
        ("ETH-USD-PERP", "ETH", Some("USD")),
        ("1000BONK/USDC:USDC", "1000BONK", Some("USDC")),
        ("", "", None),
    ];
    for (symbol, asset, quote) in table {
        let quote = quote.map(str::to_owned);
        assert_eq!(symbol_of(symbol), (asset.to_owned(), quote), "{symbol}");
    }
}
