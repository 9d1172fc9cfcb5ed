//! Objectives and searches: what is said of figures, limits and axes.

/// A good scenario with an objective and a search.
pub const TUNE: &str = r#"name = "good"
paths = 200
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
[objective]
terms = [{ metric = "final_equity" }, { metric = "es_95", weight = -0.5 }]
constraints = [{ metric = "liquidation_probability", at_most = "1 %" }]
[tune]
search = "sobol"
candidates = 8
constraints = ["policy.top_up.danger_threshold < policy.top_up.warning_threshold"]
halving = { paths = 50, keep = "50 %" }
[tune.fields]
"policy.top_up.warning_threshold" = { from = 1.3, to = 1.9 }
"policy.top_up.max_topup_per_event" = { from = "100 USDC", to = "400 USDC", steps = 4 }
"#;

const FIRST: &str = "{ metric = \"final_equity\" }";
const ES: &str = "{ metric = \"es_95\", weight = -0.5 }";
const LIMIT: &str = "{ metric = \"liquidation_probability\", at_most = \"1 %\" }";
const SEARCH: &str = "search = \"sobol\"\ncandidates = 8";
const HALVING: &str = "halving = { paths = 50, keep = \"50 %\" }";
const WARNING: &str = "\"policy.top_up.warning_threshold\" = { from = 1.3, to = 1.9 }";

/// What is replaced, by what, and what is then said.
pub const ROWS: &[(&str, &str, &str)] = &[
    // Figures.
    (
        FIRST,
        "{ metric = \"final_equty\" }",
        ":27: objective.terms.0.metric: \"final_equty\" is no figure of summary.csv; did you mean final_equity?",
    ),
    (
        FIRST,
        "{ metric = \"interest_paid\" }",
        "objective.terms.0.metric: interest_paid is not computed in this scenario; run.metrics",
    ),
    (
        FIRST,
        "{ metric = \"time_to_first_liquidation\" }",
        "\"time_to_first_liquidation\" is a time, which not every path has; take a probability",
    ),
    (
        FIRST,
        "{ metric = \"es_95\" }",
        ":27: objective.terms.1.metric: es_95 stands twice among the terms",
    ),
    (
        FIRST,
        "{ metric = \"final_equity\", wieght = 1 }",
        "unknown field wieght; did you mean weight?",
    ),
    (
        "weight = -0.5",
        "weight = 0",
        ":27: objective.terms.1.weight: es_95 with weight 0 adds nothing; leave the term out",
    ),
    ("weight = -0.5", "weight = nan", ":27: objective.terms.1.weight: nan is out of range"),
    // The tail of wealth.
    (
        ES,
        "{ metric = \"top_ups\" }",
        ":26: objective: nothing in it looks at the worst paths' wealth: a wallet that is fed into losers",
    ),
    (
        ES,
        "{ metric = \"final_equity_p50\" }",
        ": objective: nothing in it looks at the worst paths'",
    ),
    (ES, "{ metric = \"es_50\" }", ": objective: nothing in it looks at the worst paths' wealth"),
    (
        "terms = [{ metric = \"final_equity\" }, { metric = \"es_95\", weight = -0.5 }]",
        "terms = []",
        ":27: objective.terms: there is nothing to maximise; write e.g. { metric = \"net_yield\" }",
    ),
    (
        "weight = -0.5",
        "weight = 0.5",
        "has few liquidations and large losses; es_95 with weight 0.5 asks for worse ones; add a term",
    ),
    (
        "weight = -0.5 }]\nconstraints = [",
        "weight = 0.5 }]\nconstraints = [{ metric = \"final_equity_p05\", at_most = 5 }, ",
        "es_95 with weight 0.5, final_equity_p05 at_most 5 asks for worse ones",
    ),
    // Limits.
    (
        LIMIT,
        "{ metric = \"es_95\" }",
        ":28: objective.constraints.0: es_95 has no limit; write at_most",
    ),
    (
        LIMIT,
        "{ metric = \"es_95\", at_most = 5, at_least = 1 }",
        ":28: objective.constraints.0: es_95 has two limits; write a constraint for each",
    ),
    (
        LIMIT,
        "{ metric = \"es_95\", at_most = \"5 %\" }",
        ":28: objective.constraints.0.at_most: es_95 is in USDC; write e.g. \"9000 USDC\"",
    ),
    (
        "\"1 %\"",
        "\"10 USDC\"",
        ":28: objective.constraints.0.at_most: liquidation_probability is in probability; write e.g. \"1 %\"",
    ),
    (
        LIMIT,
        "{ metric = \"top_ups\", at_most = \"10 USDC\" }",
        "objective.constraints.0.at_most: top_ups is in count; write a number of count",
    ),
    ("\"1 %\"", "1", "a probability of at most 1 limits nothing; write e.g. \"1 %\" or 0.01"),
    ("\"1 %\"", "\"-1 %\"", "no probability is at most -0.01; write e.g. \"1 %\" or 0.01"),
    (
        "\"1 %\"",
        "\"0 %\"",
        "at most 0 can never be known to hold: paths bound a probability by an interval, and its end is",
    ),
    ("at_most = \"1 %\"", "at_least = 0", "a probability of at least 0 limits nothing; write e.g."),
    // The search.
    (
        "[tune]",
        "[tune]\nvalidation_seed = 1",
        "tune.validation_seed: 1 is the seed of the search: its paths are no fresh ones; leave it out",
    ),
    (
        "danger_threshold < policy.top_up.warning_threshold\"]",
        "warning_threshold < policy.top_up.danger_threshold\"]",
        "tune.constraints: no point meets every constraint; \"policy.top_up.warning_threshold < \
         policy.top_up.danger_threshold\" leaves out 128 of 128: widen the axes",
    ),
    (
        "\"1 %\"",
        "\"1 percent\"",
        ":28: objective.constraints.0.at_most: \"1 percent\" is not a limit; write e.g.",
    ),
    // Whose.
    (
        "[objective]",
        "[objective]\nagent = \"b\"",
        ":27: objective.agent: there is no agent b; known here: a",
    ),
    // The search.
    (
        "search = \"sobol\"",
        "search = \"cobyla\"",
        ":30: tune.search: \"cobyla\" is not one of \"grid\", \"sobol\", \"optimiser\"",
    ),
    (
        SEARCH,
        "search = \"optimiser\"",
        "tune.halving: an optimiser compares every point with those before it, on all paths; leave halving out",
    ),
    ("candidates = 8", "candidates = 1", ":31: tune.candidates: 1 is out of range: at least 2"),
    (
        HALVING,
        "halving = { paths = 200 }",
        "tune.halving.paths: its first rung of 200 paths is the whole of 200; take fewer",
    ),
    (HALVING, "halving = { paths = 5 }", "tune.halving.paths: 5 is out of range: at least 20"),
    (HALVING, "halving = { keep = 1 }", "tune.halving.keep: 1 is out of range: above 0, below 1"),
    (HALVING, "finalists = 0", "tune.finalists: 0 is out of range: at least 1"),
    (HALVING, "validation_paths = 1", "tune.validation_paths: 1 is out of range: at least 2"),
    // Robustness.
    (HALVING, "walk_forward = 1", "tune.walk_forward: 1 is out of range: at least 2"),
    (
        HALVING,
        "walk_forward = 4",
        "tune.walk_forward: prices are drawn from a model: there is nothing to walk; leave it out",
    ),
    (
        "[tune.fields]",
        "[tune.history.assets.ETH]\nfile = \"x.csv\"\n[tune.fields]",
        "tune.history.assets: assets ETH in place of BTC; give a file for each asset of [prices]",
    ),
    (
        "[tune.fields]",
        "[tune.history.assets.BTC]\nfile = \"none.csv\"\n[tune.fields]",
        "tune.history.assets.BTC.file: \"none.csv\" cannot be read",
    ),
    (
        "[tune.fields]",
        "[tune.history.shocks.fall]\nkind = \"none\"\n[tune.history.assets.BTC]\n\
         file = \"none.csv\"\n[tune.fields]",
        "tune.history.shocks: what happened is replayed as it was; leave shocks out",
    ),
    (
        WARNING,
        "\"policy.top_up.waring_threshold\" = [1.5, 1.6]",
        "there is no field policy.top_up.waring_threshold; did you mean policy.top_up.warning_threshold?",
    ),
    (
        WARNING,
        "\"paths\" = [10, 20]",
        "tune.fields.paths: paths cannot be varied; every variant sees",
    ),
];

/// The same as a grid: what stands in place of the search, and what is then said.
pub const ON_GRID: &[(&str, &str, &str)] = &[
    (
        "search = \"grid\"",
        "search = \"grid\"\ncandidates = 8",
        ":31: tune.candidates: search = \"grid\" takes no candidates; it has as many as its axes give",
    ),
    (
        "to = 1.9, steps = 5",
        "to = 1.9",
        "has no steps; write how many values design = \"grid\" takes of it",
    ),
    (
        "to = 1.9, steps = 5",
        "to = 1.9, steps = 5000",
        "tune.fields: the grid has 20000 points; at most 10000 may be; take fewer steps",
    ),
];

/// The good scenario as a grid.
pub fn on_grid() -> String {
    let text = TUNE.replace(SEARCH, "search = \"grid\"");
    text.replace("to = 1.9 }", "to = 1.9, steps = 5 }")
}

/// What is said where one of both is missing.
pub const ALONE: (&str, &str) =
    ("[objective]", "tune: it does not say what is good; write [objective]");
