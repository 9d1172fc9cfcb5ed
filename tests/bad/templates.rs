//! Templates and spreads: what is said of them, once however many copies there are.

/// The lines that the rows replace, from 1.
pub const GOOD: &str = r#"name = "good"
seed = 1
paths = 10
[prices]
model = "gbm"
step = "1h"
steps = 100
[prices.assets.BTC]
start_price = 100
volatility = 0.6
market_factor = 0.9
[prices.assets.ALT]
count = 12
start_price = { log_uniform = [1, 100] }
volatility = { uniform = ["60 %", 1.2] }
market_factor = { steps = [0.4, 0.8] }
[markets.BTC-PERP]
asset = "BTC"
[markets."ALT_{n}-PERP"]
count = 12
asset = "ALT_{n}"
[policy.top_up]
warning_threshold = 1.6
[[agent]]
name = "t"
count = 9
wallet = { uniform = ["500 USDC", "900 USDC"] }
[[agent.position]]
market = { cycle = "markets.ALT_*" }
side = { cycle = ["long", "short"] }
notional = "3000 USDC"
collateral = { steps = ["1000 USDC", "1800 USDC"] }
[agent.policy]
poll = { pick = ["1h", "2h"] }
"#;

/// One fault each.
pub const SINGLE: &[super::Row] = &[
    // Counts.
    (
        &[(13, "count = 0")],
        ":13: prices.assets.ALT.count: 0 is out of range: at least 1, at most 1000 is expected",
    ),
    (&[(20, "count = 2001")], ":20: markets.ALT_{n}-PERP.count: 2001 is out of range"),
    (
        &[(26, "count = 30000")],
        ":26: agent.0.count: 30000 is out of range: at least 1, at most 20000",
    ),
    (&[(26, "count = 2.5")], ":26: agent.0.count: 2.5 is not a whole number"),
    // Names.
    (&[(25, "")], ": agent.0.name: a template needs a name of its own"),
    (&[(25, "name = { pick = [\"a\"] }")], ":25: agent.0.name: a template needs a name of its own"),
    (
        &[(25, "name = \"t t\"")],
        ":25: agent.0.name: \"t t\" is not a name (in t t_1 and 8 other copies)",
    ),
    (
        &[(24, "[[agent]]\nname = \"t_3\"\nwallet = 1\n[[agent]]")],
        ":28: agent.1.name: a second agent is called t_3 (in t_3); give it another name",
    ),
    (
        &[(17, "[markets.ALT_03-PERP]")],
        ":19: markets.ALT_{n}-PERP: a second market is called ALT_03-PERP; give it another name",
    ),
    // Spreads.
    (
        &[(27, "wallet = { uniform = [\"500 USD\", 900] }")],
        ":27: agent.0.wallet.uniform.0: \"500 USD\" is not an amount of USDC; amounts are in USDC: write \"500 USDC\"",
    ),
    (
        &[(15, "volatility = { uniform = [0.5, 11] }")],
        ":15: prices.assets.ALT.volatility.uniform.1: 11 is out of range: at least 0, at most 10",
    ),
    (
        &[(16, "market_factor = { steps = [0.4, 1.8] }")],
        ".market_factor.steps.1: 1.8 is out of range",
    ),
    (&[(15, "volatility = { uniform = [1.2, 0.5] }")], "[1.2, 0.5] starts above its end"),
    (
        &[(14, "start_price = { log_uniform = [1] }")],
        "[1] is not two ends; write e.g. { log_uniform = [1, 5] }",
    ),
    (
        &[(30, "side = { uniform = [1, 2] }")],
        ":30: agent.0.position.0.side.uniform: [1, 2] gives two ends, between which no choice lies; use cycle",
    ),
    (
        &[(30, "side = { cycle = [\"long\", \"shrt\"] }")],
        ":30: agent.0.position.0.side.cycle.1: \"shrt\" is not one of \"long\", \"short\"; did you mean \"short\"?",
    ),
    (
        &[(34, "poll = { pick = [\"1h\"], cycle = [\"2h\"] }")],
        "agent.0.policy.poll.pick: pick stands beside cycle",
    ),
    (&[(34, "poll = { pick = [\"1h\", \"soon\"] }")], ".poll.pick.1: \"soon\" is not a duration"),
    (
        &[(29, "market = { cycle = \"market.*\" }")],
        "\"market.*\" names no table; write e.g. \"markets.*\"",
    ),
    (&[(29, "market = { cycle = \"markets.X*\" }")], "\"markets.X*\" stands for no entry"),
    (
        &[(9, "start_price = { pick = [1, 2] }")],
        ":9: prices.assets.BTC.start_price: { pick = [1, 2] } is not a number; a spread stands only in a table with count",
    ),
    (
        &[(23, "warning_threshold = { uniform = [1.5, 1.8] }")],
        ":23: policy.top_up.warning_threshold: { uniform = [1.5, 1.8] } is not a number; a spread stands only",
    ),
    // What copies have in common is told once.
    (
        &[(29, "market = \"ALT_{n}-PERP\"")],
        ":29: agent.0.position.0.market: unknown market ALT_1-PERP (in t_1 and 8 other copies); did you mean",
    ),
    (
        &[(30, "sid = \"long\"")],
        ":30: agent.0.position.0.sid: unknown field sid (in t_1 and 8 other copies); did you mean side?",
    ),
    (
        &[(16, "")],
        ".market_factor: ALT_01 has no market_factor, and other assets have one (in ALT_01 and 11 other copies)",
    ),
    // 900 USDC are needed; in nine steps from 100 to 1800 the first four have less.
    (
        &[(32, "collateral = { steps = [100, \"1800 USDC\"] }")],
        ":32: agent.0.position.0.collateral: 100 USDC of collateral and 0.00 USDC of profit do not meet the initial margin of 900.00 USDC (0.3 of 3000.00) (in t_1 and 3 other copies)",
    ),
];

/// `--set` on templates and copies: path, value, what is said.
pub const OVERRIDES: &[(&str, &str, &str)] = &[
    (
        "agent.t.wallet",
        "5 USD",
        "--set agent.t.wallet=5 USD: agent.t.wallet: 5 USD is not an amount of USDC (in t_1 and 8 other copies)",
    ),
    ("agent.t_77.wallet", "5", "agent has 9 entries, and none is \"t_77\""),
    (
        "agent.t_3.wallet",
        "x",
        "--set agent.t_3.wallet=x: agent.t_3.wallet: x is not an amount of USDC",
    ),
    ("agent.t.count", "0", "--set agent.t.count=0: agent.t.count: 0 is out of range"),
];
