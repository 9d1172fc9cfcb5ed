//! Words of names: assets, quotes, intervals, roles.

use crate::data::raw::Role;

/// Assets that prices are quoted in; the longer of two that fit comes first.
const QUOTES: &[&str] = &[
    "FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USDP", "USDE", "USD", "EUR", "GBP", "JPY", "CHF",
    "KRW", "DAI", "BTC", "ETH", "BNB",
];

/// Assets whose name ends as a quote does, and so is no pair.
const WHOLE: &[&str] = &[
    "STETH", "WSTETH", "RETH", "CBETH", "WEETH", "WBETH", "FRXETH", "SFRXETH", "OSETH", "METH",
    "EZETH", "RSETH", "ETHBNB", "CBBTC", "TBTC", "LBTC", "RENBTC", "SBTC", "GUSD", "LUSD", "SUSD",
    "CUSD", "PYUSD", "CRVUSD", "GHUSD", "USDD", "FRAXUSD",
];

/// Assets that are known without a quote beside them.
const ASSETS: &[&str] = &[
    "BTC", "XBT", "ETH", "SOL", "BNB", "XRP", "ADA", "DOGE", "XDG", "LTC", "AVAX", "DOT", "LINK",
    "MATIC", "POL", "ATOM", "UNI", "AAVE", "FIL", "NEAR", "ALGO", "TRX", "XLM", "XMR", "BCH",
    "ETC", "WBTC", "WETH", "STETH", "WSTETH", "USDT", "USDC", "DAI", "HYPE", "SUI", "APT", "ARB",
    "OP", "CRV", "MKR", "SNX", "COMP", "LDO", "BUSD",
];

/// Words of file names that name no asset.
const NOISE: &[&str] = &[
    "binance",
    "bitstamp",
    "coinbase",
    "kraken",
    "bitfinex",
    "gemini",
    "bybit",
    "okx",
    "okex",
    "ftx",
    "dydx",
    "deribit",
    "bitmex",
    "huobi",
    "kucoin",
    "hyperliquid",
    "gate",
    "poloniex",
    "polygon",
    "ethereum",
    "arbitrum",
    "optimism",
    "v2",
    "v3",
    "spot",
    "futures",
    "future",
    "perp",
    "perps",
    "perpetual",
    "swap",
    "um",
    "cm",
    "data",
    "price",
    "prices",
    "candles",
    "candle",
    "klines",
    "kline",
    "ohlc",
    "ohlcv",
    "ohlcvt",
    "full",
    "history",
    "historical",
    "pair",
    "pairs",
    "trade",
    "trades",
    "quote",
    "quotes",
    "ticks",
    "bars",
    "bar",
    "hour",
    "minute",
    "day",
    "daily",
    "hourly",
    "all",
    "merged",
    "raw",
    "sample",
    "test",
    "crypto",
    "rate",
    "rates",
];

/// The asset in capitals, by its usual name: Kraken's `XBT` is `BTC`, its `XDG` is `DOGE`.
pub(super) fn canonical(asset: &str) -> String {
    let asset = asset.trim().to_ascii_uppercase();
    match asset.as_str() {
        "XBT" => "BTC".to_owned(),
        "XDG" => "DOGE".to_owned(),
        _ => asset,
    }
}

/// The quote asset that `word` is, in capitals.
pub(super) fn quote_of(word: &str) -> Option<String> {
    QUOTES.iter().find(|quote| quote.eq_ignore_ascii_case(word)).map(|quote| (*quote).to_owned())
}

/// Whether `word` is an asset of note, in any case.
pub(super) fn is_known_asset(word: &str) -> bool {
    ASSETS.iter().any(|asset| asset.eq_ignore_ascii_case(word))
}

/// Splits `BTCUSDT`: a base of at least two letters or digits, not digits alone, and a quote.
pub(super) fn pair_of(word: &str) -> Option<(String, String)> {
    let upper = word.to_ascii_uppercase();
    if upper.len() > 20 || !upper.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    if WHOLE.contains(&upper.as_str()) || QUOTES.contains(&upper.as_str()) {
        return None;
    }
    // XBTUSD is XBT in USD rather than XB in TUSD: a known base decides, then a base of length.
    let bases = || QUOTES.iter().filter_map(|quote| Some((upper.strip_suffix(quote)?, quote)));
    let (base, quote) = bases()
        .find(|(base, _)| is_known_asset(base))
        .or_else(|| bases().find(|(base, _)| base.len() >= 3))
        .or_else(|| bases().next())?;
    let named = base.len() >= 2 && base.bytes().any(|b| b.is_ascii_alphabetic());
    named.then(|| (canonical(base), (*quote).to_owned()))
}

/// Whether `word`, in small letters, says nothing of the asset.
pub(super) fn is_noise(word: &str) -> bool {
    NOISE.contains(&word)
}

/// Length of a bar that a word such as `5m`, `1h`, `d` or `minute` says, ms. Months have none.
pub(super) fn interval_of(word: &str) -> Option<i64> {
    const MINUTE: i64 = 60_000;
    if word.ends_with('M') {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    let digits = lower.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = lower.split_at(digits);
    let unit_ms = match (count.is_empty(), unit) {
        (false, "s" | "sec") | (_, "second" | "seconds") => 1_000,
        (false, "m" | "min" | "mins") | (_, "minute" | "minutes") => MINUTE,
        (false, "hr") | (_, "h" | "hour" | "hours") | (true, "hourly") => 60 * MINUTE,
        (_, "d" | "day" | "days") | (true, "daily") => 1_440 * MINUTE,
        (false, "w") | (_, "week") | (true, "weekly") => 7 * 1_440 * MINUTE,
        _ => return None,
    };
    let count = if count.is_empty() { 1 } else { count.parse::<i64>().ok()? };
    (1..=10_000).contains(&count).then(|| count * unit_ms)
}

/// Role that the words, in small letters, speak of.
pub(super) fn role_of(words: &[&str]) -> Option<Role> {
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let next = |first: &str, second: &str| words.windows(2).any(|two| two == [first, second]);
    if has(&["funding", "fundingrate", "fundingrates", "funding_rate", "margin_interest"])
        || next("margin", "interest")
    {
        Some(Role::Funding)
    } else if has(&["oi", "openinterest", "open_interest"]) || next("open", "interest") {
        Some(Role::OpenInterest)
    } else if has(&["mark", "markprice", "markpriceklines"]) {
        Some(Role::Mark)
    } else if has(&["basis"]) {
        Some(Role::Basis)
    } else {
        None
    }
}

/// Symbol of a token by its address; an unknown address stands for itself.
pub(super) fn asset_of_address(address: &str) -> String {
    let lower = address.to_ascii_lowercase();
    match lower.as_str() {
        "0x2791bca1f2de4661ed88a30c99a7a9449aa84174" => "USDC".to_owned(),
        "0x7ceb23fd6bc0add59e62ac25578270cff1b9f619" => "WETH".to_owned(),
        _ => lower,
    }
}
