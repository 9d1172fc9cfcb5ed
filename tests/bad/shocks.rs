//! Shocks and `[stress]`: good ones of every kind, and what is said when a piece is replaced.

pub const SHOCKS: &str = r#"name = "shocks"
paths = 10
[prices]
model = "gbm"
step = "1h"
steps = 240
[prices.assets.BTC]
start_price = 100
volatility = 0.6
[prices.assets.DOGE]
start_price = 0.1
volatility = 1.0
[prices.correlation]
"BTC-DOGE" = 0.5
[prices.shocks]
quiet = { kind = "none" }
crisis = { kind = "correlation", to = 0.9, after = "1d", over = "1d" }
pairs = { kind = "correlation", to = { BTC-DOGE = 0.95 }, over = "1d" }
peg = { kind = "depeg", asset = "DOGE", size = "10 %", over = "1h", stay = "1d" }
thin = { kind = "liquidity", factor = 4, by_asset = { DOGE = 9 }, over = "1d" }
spike = { kind = "funding", rate = "0.1 %", by_market = { BTC-PERP = 0.002 }, over = "1d" }
dear = { kind = "borrow_rate", rate = "20 %", by_asset = { USDC = 0.3 }, over = "1d" }
late = { kind = "recall_failure", probability = "50 %", over = "1d" }
october = { kind = "preset", preset = "2025-10-10", like = { DOGE = "altcoin" } }
[stress]
presets = ["2020-03-12"]
like = { DOGE = "altcoin" }
after = "2d"
stack = ["thin", "2020-03-12"]
[stress.shocks.fall]
kind = "crash"
size = "10 %"
over = "1h"
[markets.BTC-PERP]
asset = "BTC"
slippage = { kind = "fixed_bps", bps = 5 }
funding = { interval = "8h", rate = 0 }
[holdings.BTC]
[lending]
[[agent]]
name = "a"
wallet = "3000 USDC"
[[agent.position]]
market = "BTC-PERP"
margin = "cross"
notional = "3000 USDC"
[policy]
poll = "1h"
latency = "0s"
"#;

pub const HISTORY: &str = r#"name = "history"
[prices]
model = "history"
from = 2018-11-12T00:00:00Z
to = 2018-11-28T00:00:00Z
[prices.assets.BTC]
file = "../data/coinbase_btc_1h.parquet"
[prices.shocks.fall]
kind = "crash"
size = "10 %"
after = "1d"
over = "1h"
[markets.BTC-PERP]
asset = "BTC"
[[agent]]
name = "a"
wallet = "3000 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
"#;

/// Text, what is replaced, by what, and what is said: one fault each.
pub const ROWS: &[(&str, &str, &str, &str)] = &[
    (
        SHOCKS,
        "to = 0.9,",
        "to = 1.9,",
        ":17: prices.shocks.crisis.to: 1.9 is out of range: at least -1, at most 1",
    ),
    (SHOCKS, "to = 0.9,", "to = \"high\",", "\"high\" is no correlation; write 0.95, or pairs"),
    (SHOCKS, "{ BTC-DOGE = 0.95 }", "{ BTC-DOG = 0.95 }", "DOG is no asset of [prices.assets]"),
    (SHOCKS, "to = 0.9, ", "", "prices.shocks.crisis.to: to is missing"),
    (
        SHOCKS,
        "asset = \"DOGE\"",
        "asset = \"USDC\"",
        "peg.asset: USDC is the money of the run: prices and balances are in it; its depeg lifts",
    ),
    (
        SHOCKS,
        "asset = \"DOGE\"",
        "asset = \"DOG\"",
        "peg.asset: DOG is no asset of [prices.assets]; did you mean DOGE?",
    ),
    (SHOCKS, "\"10 %\", over", "1, over", "peg.size: 1 is out of range: above 0, below 1"),
    (SHOCKS, "stay = \"1d\"", "stay = \"20d\"", "the shock peg ends"),
    (SHOCKS, "factor = 4", "factor = 0.5", "thin.factor: 0.5 is out of range: at least 1"),
    (SHOCKS, "DOGE = 9", "DGE = 9", "thin.by_asset.DGE: DGE is no asset of [prices.assets]"),
    (
        SHOCKS,
        "{ BTC-PERP = 0.002 }",
        "{ BTC-PREP = 0.002 }",
        "spike.by_market.BTC-PREP: BTC-PREP is no market of [markets]; did you mean BTC-PERP?",
    ),
    (SHOCKS, "rate = \"0.1 %\"", "rate = 2", "spike.rate: 2 is out of range: at least -1"),
    (
        SHOCKS,
        "funding = { interval = \"8h\", rate = 0 }",
        "",
        "spike: BTC-PERP has no funding payments that something could be added to; give markets",
    ),
    (SHOCKS, "rate = \"20 %\"", "rate = -0.1", "dear.rate: -0.1 is out of range: at least 0"),
    (
        SHOCKS,
        "{ USDC = 0.3 }",
        "{ USD = 0.3 }",
        "dear.by_asset.USD: USD is no pool: USDC or one of [holdings]; did you mean USDC?",
    ),
    (
        SHOCKS,
        "kind = \"recall_failure\", probability = \"50 %\"",
        "kind = \"borrow_rate\", rate = 10",
        "prices.shocks: all shocks together add 10.3 a year to a pool's rate; at most 10",
    ),
    (
        SHOCKS,
        "probability = \"50 %\"",
        "probability = 1.5",
        "late.probability: 1.5 is out of range",
    ),
    (
        SHOCKS,
        "preset = \"2025-10-10\"",
        "preset = \"2025-10-11\"",
        "october.preset: \"2025-10-11\" is not one of \"2020-03-12\", \"2021-05-19\"",
    ),
    (
        SHOCKS,
        "like = { DOGE = \"altcoin\" } }",
        "like = { DOGE = \"alt\" } }",
        "\"alt\" is not one of \"BTC\", \"ETH\", \"SOL\", \"altcoin\"",
    ),
    (
        SHOCKS,
        ", like = { DOGE = \"altcoin\" } }",
        " }",
        "october.preset: the preset 2025-10-10 has no figure of DOGE; give like = { DOGE",
    ),
    (
        SHOCKS,
        "like = { DOGE = \"altcoin\" } }",
        "like = { DOGE = \"altcoin\", BTC = \"ETH\" } }",
        "october.like.BTC: the preset 2025-10-10 has figures of BTC; leave it out",
    ),
    (
        SHOCKS,
        "like = { DOGE = \"altcoin\" } }",
        "like = { DOGE = \"altcoin\" }, by_asset = { DOGE = 0.5 } }",
        "october.like.DOGE: DOGE stands in by_asset and in like; give one of them",
    ),
    (
        SHOCKS,
        "like = { DOGE = \"altcoin\" } }",
        "by_asset = { DOGE = 1 } }",
        "october.by_asset.DOGE: 1 is out of range",
    ),
    (
        SHOCKS,
        "like = { DOGE = \"altcoin\" }\n",
        "like = { DOGE = \"altcoin\", SHIB = \"altcoin\" }\n",
        "stress.like.SHIB: SHIB is no asset of [prices.assets]",
    ),
    (SHOCKS, "[\"thin\", ", "[\"thick\", ", "stress.stack: thick is no shock"),
    (SHOCKS, "[\"thin\", ", "[\"thin\", \"thin\", ", "stress.stack: thin stands twice"),
    (
        SHOCKS,
        "presets = [\"2020-03-12\"]",
        "presets = [\"2020-03-12\", \"2020-03-12\"]",
        "stress.presets: there is a shock 2020-03-12 already; name it once",
    ),
    (
        SHOCKS,
        "[stress.shocks.fall]",
        "[stress.shocks.thin]",
        "stress.shocks.thin: prices.shocks has a shock thin too; give it another name",
    ),
    (
        SHOCKS,
        "[stress.shocks.fall]",
        "[stress.shocks.stacked]",
        "stress.shocks.stacked: a shock cannot be called stacked: a run of `stress` is",
    ),
    (
        SHOCKS,
        "kind = \"crash\"",
        "kind = \"crash\"\nafter = \"30d\"",
        "stress.shocks.fall.over: the shock fall ends 721h after the start: the run is over",
    ),
    (
        SHOCKS,
        "after = \"2d\"\nstack",
        "afer = \"2d\"\nstack",
        "unknown field afer; did you mean after?",
    ),
    (
        HISTORY,
        "after = \"1d\"\n",
        "",
        "fall.over: the shock fall does not say when it begins; a history has one path to draw on",
    ),
    (
        HISTORY,
        "kind = \"crash\"\nsize = \"10 %\"",
        "kind = \"volatility\"\nfactor = 2",
        "prices.shocks.fall: these prices have no volatility of their own to change; what happened",
    ),
    (
        HISTORY,
        "kind = \"crash\"\nsize = \"10 %\"",
        "kind = \"correlation\"\nto = 0.9",
        "prices.shocks.fall: these prices have no correlation of their own to change",
    ),
    (HISTORY, "over = \"1h\"", "over = \"16d\"", "the shock fall ends 17d after the start"),
    (
        HISTORY,
        "kind = \"crash\"\nsize = \"10 %\"",
        "kind = \"recall_failure\"",
        "prices.shocks.fall: kind = \"recall_failure\" in a run without lending",
    ),
];
