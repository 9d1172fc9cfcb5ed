//! Comparisons: what is said of variants and their baseline.

/// A good scenario with a comparison.
pub const COMPARE: &str = r#"name = "good"
paths = 10
nulls = ["do_nothing"]
[run]
kill_switch_false_positives = true
false_positive_window = "12h"
[prices]
model = "gbm"
step = "1h"
steps = 100
[prices.assets.BTC]
start_price = 100
volatility = 0.6
[markets.BTC-PERP]
asset = "BTC"
[policy]
poll = "1h"
latency = "0s"
[policy.kill_switch]
trigger_hf = 1.2
[policy.top_up]
enabled = false
[[agent]]
name = "a"
wallet = "3000 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
[compare]
baseline = "do_nothing"
trace_paths = 2
[compare.variants.early]
"policy.kill_switch.trigger_hf" = 1.4
[compare.variants.poor]
"agent.a.wallet" = "2000 USDC"
"#;

const EARLY: &str = "\"policy.kill_switch.trigger_hf\" = 1.4";

/// What is replaced, by what, and what is then said.
pub const ROWS: &[(&str, &str, &str)] = &[
    (
        "baseline = \"do_nothing\"",
        "base_line = \"do_nothing\"",
        ": compare.base_line: unknown field base_line; did you mean baseline?",
    ),
    (
        "baseline = \"do_nothing\"",
        "baseline = \"eraly\"",
        ":31: compare.baseline: no variant is called \"eraly\"; did you mean \"early\"?",
    ),
    (
        "baseline = \"do_nothing\"",
        "baseline = \"stop_loss\"",
        "compare.baseline: no variant is called \"stop_loss\"; there are base, early, poor, do_nothing",
    ),
    (
        "[compare.variants.poor]",
        "[compare.variants.base]",
        "compare.variants.base: \"base\" is the scenario as it stands; give the variant another name",
    ),
    (
        "[compare.variants.poor]",
        "[compare.variants.silo]",
        "compare.variants.silo: \"silo\" is a null policy; give the variant another name",
    ),
    (EARLY, "", "compare.variants.early: variant \"early\" sets nothing"),
    (
        EARLY,
        "\"policy.kill_switch.triger_hf\" = 1.4",
        "compare.variants.early.policy.kill_switch.triger_hf",
    ),
    (EARLY, "\"policy.kill_switch.trigger_hf\" = \"low\"", "\"low\" is not a number"),
    (EARLY, "\"seed\" = 4", "seed cannot be varied; every variant sees the same paths"),
    (
        EARLY,
        "\"prices.assets.BTC.volatility\" = 0.9",
        "prices.assets.BTC.volatility cannot be varied; variants are compared on the same prices",
    ),
    ("trace_paths = 2", "trace_paths = 2000", ":32: compare.trace_paths: 2000 is out of range"),
    (
        "false_positive_window = \"12h\"",
        "false_positive_window = \"0s\"",
        ":6: run.false_positive_window: \"0s\" is out of range",
    ),
];
