//! Sweeps: what is said of axes, designs and constraints.

/// A good scenario with a sweep.
pub const SWEEP: &str = r#"name = "good"
paths = 10
nulls = []
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
[policy.top_up]
warning_threshold = 1.6
danger_threshold = 1.2
[[agent]]
name = "a"
wallet = "3000 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
[sweep]
design = "grid"
constraints = ["policy.top_up.danger_threshold < policy.top_up.warning_threshold"]
figures = ["final_equity_p05", "es_95"]
[sweep.fields]
"policy.top_up.warning_threshold" = { from = 1.2, to = 1.8, steps = 4 }
"policy.top_up.max_topup_per_event" = ["100 USDC", 200]
"#;

/// The same with two named settings in place of axes.
const LIST: &str = "design = \"list\"\n[[sweep.list]]\nname = \"x\"\nset = { \"agent.a.wallet\" = 5 }\n\
                    [[sweep.list]]\nname = \"y\"\nset = { \"agent.a.wallet\" = 6 }\n[unused]\n";

const GRID: &str = "design = \"grid\"";
const WARNING: &str = "\"policy.top_up.warning_threshold\" = { from = 1.2, to = 1.8, steps = 4 }";
const EVENT: &str = "\"policy.top_up.max_topup_per_event\" = [\"100 USDC\", 200]";
const CONSTRAINT: &str = "\"policy.top_up.danger_threshold < policy.top_up.warning_threshold\"";

/// What is replaced, by what, and what is then said.
pub const ROWS: &[(&str, &str, &str)] = &[
    // The section.
    (GRID, "desing = \"grid\"", ": sweep.desing: unknown field desing; did you mean design?"),
    (
        GRID,
        "design = \"gird\"",
        ":27: sweep.design: \"gird\" is not one of \"grid\", \"zip\", \"list\", \"random\", \"latin_hypercube\", \"sobol\"; did you mean \"grid\"?",
    ),
    (
        GRID,
        "points = 5",
        ":27: sweep.points: design = \"grid\" takes no points; it has as many as its axes give",
    ),
    (GRID, "design = \"random\"", "sweep.points: design = \"random\" has no points; say how many"),
    (
        GRID,
        "design = \"random\"\npoints = 0",
        ":28: sweep.points: 0 is out of range: at least 1, at most 100000",
    ),
    (
        GRID,
        "design = \"sobol\"\npoints = 70000",
        ":28: sweep.points: 70000 points of a Sobol sequence; there are 65536; lower points",
    ),
    (
        GRID,
        "list = [{ name = \"x\", set = {} }]",
        "sweep.list: design = \"grid\" takes no list; leave [[sweep.list]] out",
    ),
    (
        GRID,
        "design = \"zip\"",
        "sweep.fields: policy.top_up.warning_threshold has 4 values, policy.top_up.max_topup_per_event has 2; zip takes the first",
    ),
    ("\"es_95\"", "\"es_99\"", ":29: sweep.figures.1: no figure es_99; did you mean es_95?"),
    (
        "\"es_95\"",
        "\"final_equity_p05\"",
        ":29: sweep.figures.1: final_equity_p05 is asked for twice",
    ),
    (
        "\"es_95\"",
        "\"interest_paid\"",
        ":29: sweep.figures.1: the figure interest_paid is not computed in this scenario",
    ),
    // Paths.
    (
        WARNING,
        "\"policy.top_up.waring_threshold\" = [1.5]",
        ":31: sweep.fields.policy.top_up.waring_threshold: there is no field policy.top_up.waring_threshold; did you mean policy.top_up.warning_threshold?",
    ),
    (
        WARNING,
        "policy.top_up.x = [1.5]",
        ":31: sweep.fields.policy: policy is neither a list of values nor a range; write [1, 2]",
    ),
    (EVENT, "\"agent.b.wallet\" = [1]", "agent has 1 entries, and none is \"b\"; known here: a"),
    (EVENT, "\"agent.1.wallet\" = [1]", "agent has 1 entries, and none is \"1\"; known here: a"),
    (
        EVENT,
        "\"markets.BTC-PREP.maintenance_margin\" = [0.1]",
        "markets has no entry BTC-PREP; did you mean BTC-PERP?",
    ),
    (
        EVENT,
        "\"prices.model\" = [\"gbm\"]",
        "model decides which fields there are; give values of the whole table",
    ),
    (
        EVENT,
        "\"prices.intrabar\" = [\"walk\"]",
        "there is no field prices.intrabar; it belongs to model = \"history\"",
    ),
    (EVENT, "\"policy..poll\" = [\"1m\"]", "\"policy..poll\" is no path of a field"),
    (EVENT, "\"agent.a.wallet.x\" = [1]", "agent.0.wallet is a amount of USDC and has no field x"),
    (
        EVENT,
        "\"seed\" = [1, 2]",
        "seed cannot be varied; every variant sees the same paths: use --seed",
    ),
    (
        EVENT,
        "\"paths\" = [1, 2]",
        "paths cannot be varied; every variant sees the same paths: use --paths",
    ),
    (EVENT, "\"report.charts\" = [true]", "report.charts cannot be varied; it changes no result"),
    (
        EVENT,
        "\"sweep.points\" = [1]",
        "sweep.points cannot be varied; a sweep does not change itself",
    ),
    (
        EVENT,
        "\"policy.top_up\" = [{}, { warning_threshold = 1.5 }]",
        ":32: sweep.fields.policy.top_up: policy.top_up.warning_threshold and policy.top_up set the same field; leave one of them out",
    ),
    (
        EVENT,
        "\"policy.poll\" = 3",
        ":32: sweep.fields.policy.poll: 3 is neither a list of values nor a range",
    ),
    (
        EVENT,
        "\"policy.poll\" = []",
        ":32: sweep.fields.policy.poll: [] has no value; give at least one",
    ),
    // Values.
    (
        EVENT,
        "\"policy.poll\" = [\"5 minutes\"]",
        ":32: sweep.fields.policy.poll.0: \"5 minutes\" is not a duration; write \"5m\"",
    ),
    (
        EVENT,
        "\"agent.a.wallet\" = [-1]",
        "sweep.fields.agent.a.wallet.0: -1 is out of range: at least 0 USDC",
    ),
    (EVENT, "\"agent.a.position.0.side\" = [\"up\"]", "\"up\" is not one of \"long\", \"short\""),
    (
        EVENT,
        "\"agent.a.wallet\" = [5, \"5 USDC\"]",
        "\"5 USDC\" stands twice among the values of an axis",
    ),
    // Ranges.
    (
        WARNING,
        "\"policy.top_up.warning_threshold\" = { from = 1.2, to = 1.8 }",
        ":31: sweep.fields.policy.top_up.warning_threshold: { from = 1.2, to = 1.8 } has no steps; write how many values design = \"grid\" takes",
    ),
    (
        WARNING,
        "\"policy.top_up.warning_threshold\" = { from = 1.2, steps = 4 }",
        "sweep.fields.policy.top_up.warning_threshold.to: to is missing",
    ),
    (
        WARNING,
        "\"policy.top_up.warning_threshold\" = { from = 1.2, to = 1.8, step = 4 }",
        "unknown field step; did you mean steps?",
    ),
    (
        WARNING,
        "\"policy.top_up.warning_threshold\" = { from = 1.2, to = 1.8, steps = 1 }",
        "leaves out its end in a single step; write steps = 2 or more",
    ),
    (
        WARNING,
        "\"policy.top_up.warning_threshold\" = { from = \"1 h\", to = 1.8, steps = 3 }",
        "\"1 h\" is not a number",
    ),
    (
        EVENT,
        "\"agent.a.wallet\" = { from = 0, to = 9, steps = 3, scale = \"log\" }",
        "starts at or below 0, where there are no ratios; write the smaller end first, above 0 where scale = \"log\"",
    ),
    (
        EVENT,
        "\"prices.steps\" = { from = 1, to = 3, steps = 5 }",
        "has only 3 different values in 5 steps: 2 comes twice; values are rounded: write steps = 3 or fewer",
    ),
    (
        EVENT,
        "\"policy.poll\" = { from = \"60s\", to = \"61s\", steps = 4 }",
        "has only 2 different values in 4 steps: 1m comes twice",
    ),
    // 60,000 ms and 60 s are one value, however the ends are written.
    (
        EVENT,
        "\"policy.poll\" = { from = \"60000ms\", to = \"60s\", steps = 2 }",
        "has only 1 different value in 2 steps: 1m comes twice",
    ),
    (
        EVENT,
        "\"policy.top_up.enabled\" = { from = false, to = true, steps = 2 }",
        "gives two ends, between which no truth value lies; write the values themselves",
    ),
    (
        EVENT,
        "\"prices.steps\" = { from = 1, to = 100_000, steps = 100_000 }",
        "the grid has 400000 points; at most 100000 may be",
    ),
    // Constraints.
    (
        CONSTRAINT,
        "\"policy.top_up.warning_threshold\"",
        ":28: sweep.constraints.0: \"policy.top_up.warning_threshold\": is no comparison; write e.g.",
    ),
    (
        CONSTRAINT,
        "\"policy.top_up.warning_threshold => 1\"",
        "=> compares nothing; write <, <=, >, >= or ==",
    ),
    (CONSTRAINT, "\"policy.top_up.warning_threshold <\"", "is no comparison"),
    (CONSTRAINT, "\"1 < 2\"", "\"1 < 2\": names no field; compare at least one field"),
    (
        CONSTRAINT,
        "\"policy.top_up.warning < 2\"",
        "there is no field policy.top_up.warning; did you mean policy.top_up.warning_threshold?",
    ),
    (
        CONSTRAINT,
        "\"policy.top_up.danger_threshold < 2\"",
        "none of its fields varies; name a field of the axes",
    ),
    (
        CONSTRAINT,
        "\"policy.top_up.warning_threshold < policy.top_up.max_topup_per_event\"",
        "policy.top_up.max_topup_per_event is an amount of USDC, policy.top_up.warning_threshold a number; compare fields",
    ),
    (
        CONSTRAINT,
        "\"policy.top_up.max_topup_per_event < 5 USD\"",
        "5 USD is not an amount of USDC; amounts are in USDC: write \"5 USDC\"",
    ),
    (
        CONSTRAINT,
        "\"policy.top_up.warning_threshold < policy.top_up.enabled\"",
        "policy.top_up.enabled is no number",
    ),
    (
        CONSTRAINT,
        "\"policy.top_up.warning_threshold < policy.kill_switch.trigger_hf\"",
        "policy.kill_switch.trigger_hf has no value of its own; write it in the scenario",
    ),
    (
        CONSTRAINT,
        "\"policy.top_up.warning_threshold > 2\"",
        ":28: sweep.constraints: no point meets every constraint; \"policy.top_up.warning_threshold > 2\" leaves out 8 of 8: widen the axes",
    ),
];

/// Rows of a list of settings, in which `[sweep.fields]` is not.
pub fn on_list() -> (String, Vec<(&'static str, &'static str, &'static str)>) {
    let head = SWEEP.split("design = ").next().unwrap_or_default();
    let text = format!("{head}{}", LIST.trim_end_matches("[unused]\n"));
    let rows = vec![
        (
            "name = \"y\"",
            "name = \"x\"",
            ":32: sweep.list.1.name: a second setting is called x; give it another name",
        ),
        (
            "wallet\" = 6",
            "wallet\" = 5",
            "sweep.list.1.name: y sets the same as x; leave one of them out",
        ),
        (
            "\"agent.a.wallet\" = 6",
            "\"agent.a.walet\" = 6",
            "there is no field agent.0.walet; did you mean agent.0.wallet?",
        ),
        ("wallet\" = 6", "wallet\" = -6", "-6 is out of range"),
        (
            "wallet\" = 6",
            "wallet\" = 6, \"agent.0.wallet\" = 7",
            "agent.a.wallet and agent.0.wallet set the same field; write it in one way",
        ),
        (
            "wallet\" = 6",
            "wallet\" = 6, \"agent.a\" = {}",
            "agent.a.wallet and agent.a set the same field; write it in one way",
        ),
        (
            "design = \"list\"",
            "design = \"list\"\npoints = 2",
            "design = \"list\" takes no points; it has as many as stand in the list",
        ),
        (
            "design = \"list\"",
            "design = \"list\"\nfields = { \"agent.a.wallet\" = [1] }",
            "design = \"list\" has no axes; leave [sweep.fields] out",
        ),
        (
            "design = \"list\"",
            "design = \"list\"\nconstraints = [\"agent.a.wallet > 7\"]",
            "no point meets every constraint",
        ),
    ];
    (text, rows)
}
