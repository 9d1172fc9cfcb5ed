//! Risk figures: what is said when prices and horizons do not allow them.

/// On a model of 100 hourly steps.
pub const ON_MODEL: &[(&str, &str)] = &[
    (
        "book = true\nhorizon = [\"90m\"]",
        "risk.horizon: a horizon of 90m is no multiple of 1h; give whole steps or bars",
    ),
    (
        "book = true\nhorizon = [\"1h\", \"5d\"]",
        "risk.horizon: a horizon of 5d is longer than the run of 100h",
    ),
    ("book = true\nconfidence = [\"95 %\", 99]", "risk.confidence.1: 99 is out of range"),
    ("book = true\nconfidence = [0.2]", "risk.confidence.0: 0.2 is out of range: at least 0.5"),
    ("book = true\ndraws = 10", "risk.draws: 10 is out of range: at least 100"),
    (
        "diversification = {}",
        "risk.diversification: there is no fleet that could be diversified; add [fleet.NAME]",
    ),
    ("diversification = { weights = [2] }", "risk.diversification.weights.0: 2 is out of range"),
    ("diversification = { weight = [1] }", "did you mean weights?"),
    ("books = true", "risk.books: unknown field books; did you mean book?"),
    (
        "backtest = {}",
        "risk.backtest: a back-test needs a history, and prices are drawn from a model; use \
         prices.model = \"history\"",
    ),
];

/// On 52 daily bars.
pub const ON_HISTORY: &[(&str, &str)] = &[
    (
        "backtest = { period = \"36h\" }",
        "risk.backtest.period: a period of 36h is no multiple of a bar of 1d; give whole bars",
    ),
    (
        "backtest = { window = 20 }",
        "risk.backtest.window: 52 periods of 1d leave 31 forecasts after a window of 20: fewer \
         than 50 judge nothing",
    ),
    ("backtest = { window = 2 }", "risk.backtest.window: 2 is out of range: at least 20"),
    ("backtest = { confidence = 1 }", "risk.backtest.confidence: 1 is out of range"),
];

pub const HISTORY: &str = r#"name = "past"
[prices]
model = "history"
from = 2018-01-01
to = 2018-02-22
[prices.assets.BTC]
file = "../data/bitstamp_btc_1d.parquet"
"#;
