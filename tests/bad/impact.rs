//! `[exchange.impact]`: a good one, and what is said when a piece is replaced.

pub const IMPACT: &str = r#"name = "impact"
paths = 10
nulls = ["no_impact"]
[prices]
model = "gbm"
step = "1h"
steps = 50
[prices.assets.BTC]
start_price = 100
volatility = 0.6
[prices.assets.ETH]
start_price = 10
volatility = 0.7
[prices.correlation]
"BTC-ETH" = 0.8
[exchange.impact]
strength = 1.5
half_life = "10m"
daily_volume = "1000000 USDC"
sigma_day = "3 %"
[exchange.impact.assets.ETH]
permanent = 0.5
decaying = 0
half_life = "1h"
daily_volume = "100000 USDC"
sigma_day = 0.04
[markets.BTC-PERP]
asset = "BTC"
[markets.ETH-PERP]
asset = "ETH"
[[agent]]
name = "a"
wallet = "3000 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
"#;

/// What is replaced, by what, and what is said.
pub const ROWS: &[(&str, &str, &str)] = &[
    (
        "daily_volume = \"1000000 USDC\"\n",
        "",
        "exchange.impact: daily_volume of BTC is missing; say how much of it is traded in a day: \"500000000 USDC\"",
    ),
    (
        "sigma_day = \"3 %\"\n",
        "",
        "exchange.impact: sigma_day of BTC is missing; give the daily volatility of calm markets: \"3 %\"",
    ),
    (
        "impact.assets.ETH",
        "impact.assets.ETC",
        "exchange.impact.assets.ETC: asset ETC has no prices; did you mean ETH?",
    ),
    ("strength = 1.5", "strength = -1", "exchange.impact.strength: -1 is out of range"),
    ("permanent = 0.5", "permanent = -0.5", "assets.ETH.permanent: -0.5 is out of range"),
    ("decaying = 0", "decaying = \"much\"", "assets.ETH.decaying: \"much\" is not a number"),
    ("\"10m\"", "\"0s\"", "exchange.impact.half_life: \"0s\" is out of range"),
    ("\"10m\"", "600", "exchange.impact.half_life: 600 is not a duration"),
    ("\"1000000 USDC\"", "0", "exchange.impact.daily_volume: 0 is out of range"),
    ("\"3 %\"", "\"0 %\"", "exchange.impact.sigma_day: \"0 %\" is out of range"),
    ("\"3 %\"", "\"3 %\"\nrounds = 0", "exchange.impact.rounds: 0 is out of range"),
    ("\"3 %\"", "\"3 %\"\ndecay = 1", "unknown field decay; did you mean decaying?"),
    (
        "strength = 1.5",
        "strength = 0",
        ":3: nulls: no_impact is asked for, but forced fills do not move prices; give [exchange.impact] with a strength above 0",
    ),
];

/// What is replaced, by what, and the warning.
pub const WARNINGS: &[(&str, &str, &str)] = &[
    (
        "\"1000000 USDC\"",
        "\"20 USDC\"",
        "force-closing all longs on BTC at once, 150.000 days' volume, would move its price by a factor of",
    ),
    (
        "\"1000000 USDC\"",
        "\"1000000000000 USDC\"\ndecaying = 0",
        "force-closing everything would move no price by as much as 0.001 %",
    ),
];
