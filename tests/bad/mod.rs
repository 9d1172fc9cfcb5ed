//! The tables: lines of the good scenario that are replaced, and what is said about it.

pub mod compare;
pub mod fleet;
pub mod impact;
pub mod models;
pub mod mutate;
pub mod prime;
pub mod risk;
pub mod shocks;
pub mod sweep;
pub mod templates;
pub mod tune;

pub type Row = (&'static [(usize, &'static str)], &'static str);

/// One fault each.
pub const SINGLE: &[Row] = &[
    // Names of fields.
    (&[(3, "pahts = 10")], "tests/s.toml:3: pahts: unknown field pahts; did you mean paths?"),
    (
        &[(29, "waring_threshold = 1.6")],
        ":29: policy.top_up.waring_threshold: unknown field waring_threshold; did you mean warning_threshold?",
    ),
    (
        &[(12, "volatility = 0.6\nfile = 'x.csv'")],
        ":13: prices.assets.BTC.file: unknown field file",
    ),
    (
        &[(9, "steps = 100\nintrabar = \"walk\"")],
        ":10: prices.intrabar: unknown field intrabar where model = \"gbm\"; it belongs to model = \"history\"",
    ),
    (&[(1, "")], ": name: name is missing; give a name"),
    (&[(21, "")], ":20: markets.BTC-PERP.asset: asset is missing"),
    (
        &[(11, "")],
        ":10: prices.assets.BTC.start_price: start_price is missing; give a number: at least 0.000000001, at most 1000000000",
    ),
    // Types and units.
    (&[(1, "name = \"not good\"")], ":1: name: \"not good\" is not a name; write 1 to 64 letters"),
    (
        &[(3, "paths = \"ten\"")],
        ":3: paths: \"ten\" is not a whole number; write one without quotes",
    ),
    (&[(3, "paths = -1")], ":3: paths: -1 is not a whole number; write one that is not negative"),
    (&[(8, "step = 30")], ":8: prices.step: 30 is not a duration; say the unit: \"30s\""),
    (
        &[(27, "poll = \"5 minutes\"")],
        ":27: policy.poll: \"5 minutes\" is not a duration; write \"5m\"",
    ),
    (
        &[(34, "wallet = \"500 USD\"")],
        ":34: agent.0.wallet: \"500 USD\" is not an amount of USDC; amounts are in USDC: write \"500 USDC\"",
    ),
    (
        &[(34, "wallet = 0.0000001")],
        ":34: agent.0.wallet: 0.0000001 is not an amount of USDC; the ledger keeps micro-USDC",
    ),
    (
        &[(22, "maintenance_margin = \"15\"")],
        ":22: markets.BTC-PERP.maintenance_margin: \"15\" is not a fraction; write 0.15 or \"15 %\"",
    ),
    (
        &[(5, "start = \"tomorrow\"")],
        ":5: run.start: \"tomorrow\" is not a date; write e.g. 2018-11-01T00:00:00Z",
    ),
    (
        &[(11, "start_price = \"100\"")],
        ":11: prices.assets.BTC.start_price: \"100\" is not a number",
    ),
    (
        &[(29, "enabled = \"yes\"")],
        ":29: policy.top_up.enabled: \"yes\" is not a truth value; write true or false",
    ),
    (
        &[(7, "model = \"gmb\"")],
        ":7: prices.model: \"gmb\" is not one of \"gbm\", \"merton\", \"garch\", \"heston\", \"regimes\", \"bootstrap\", \"history\"; did you mean \"gbm\"?",
    ),
    (&[(5, "metrics = \"all\"")], ":5: run.metrics: \"all\" is not one of \"full\", \"events\""),
    (&[(4, ""), (5, "run = 3")], ":5: run: 3 is not a table"),
    (&[(4, "exchange = 3\n[run]"), (18, ""), (19, "")], "exchange: 3 is not a table"),
    (&[(3, "nulls = \"stop_loss\"")], ":3: nulls: \"stop_loss\" is not a list"),
    (&[(1, "name = good")], "tests/s.toml:1: not TOML"),
    (&[(2, "seed = 99999999999999999999")], ":2: seed: 99999999999999999999 is too large"),
    // Ranges.
    (
        &[(18, "[margin_call]\nratio = 1.5\n[exchange]")],
        ":19: margin_call.ratio: 1.5 is out of range: above 0, below 1",
    ),
    (
        &[(18, "[margin_call]\nused = \"gross\"\n[exchange]")],
        ":19: margin_call.used: \"gross\" is not one of \"initial\", \"maintenance\"",
    ),
    (
        &[(18, "[margin_call]\nafter = \"nothing\"\n[exchange]")],
        ":19: margin_call.after: \"nothing\" is not one of \"new_call\", \"until_cured\"",
    ),
    (
        &[(18, "[margin_call]\ngrace = 5\n[exchange]")],
        ":19: margin_call.grace: 5 is not a duration",
    ),
    (&[(3, "paths = 0")], ":3: paths: 0 is out of range: at least 1"),
    (&[(9, "steps = 0")], ":9: prices.steps: 0 is out of range: at least 1"),
    (&[(8, "step = \"0s\"")], ":8: prices.step: \"0s\" is out of range: at least 1ms"),
    (&[(27, "poll = \"0s\"")], ":27: policy.poll: \"0s\" is out of range"),
    (
        &[(38, "collateral = \"-1 USDC\"")],
        ":38: agent.0.position.0.collateral: \"-1 USDC\" is out of range: at least 0 USDC",
    ),
    (&[(34, "wallet = -5")], ":34: agent.0.wallet: -5 is out of range"),
    (&[(37, "notional = 0")], ":37: agent.0.position.0.notional: 0 is out of range: above 0 USDC"),
    (
        &[(22, "maintenance_margin = 15")],
        ":22: markets.BTC-PERP.maintenance_margin: 15 is out of range: above 0, below 1",
    ),
    (
        &[(17, "\"BTC-ETH\" = 1.2")],
        ":17: prices.correlation.BTC-ETH: 1.2 is out of range: at least -1, at most 1",
    ),
    (&[(12, "volatility = nan")], ":12: prices.assets.BTC.volatility: nan is out of range"),
    (&[(5, "start = 2250-01-01")], ":5: run.start: 2250-01-01 is out of range"),
    // Order of thresholds.
    (
        &[(30, "danger_threshold = 1.7")],
        ":30: policy.top_up.danger_threshold: danger_threshold 1.7 is not below warning_threshold 1.6; danger_threshold < warning_threshold",
    ),
    (
        &[(29, "warning_threshold = 2.5")],
        ":29: policy.top_up.warning_threshold: warning_threshold 2.5 is not below target_health_factor 2",
    ),
    (
        &[(23, "zones = { warning = 2.5 }")],
        ":23: markets.BTC-PERP.zones.warning: warning 2.5 is not below safe 2",
    ),
    (
        &[(23, "liquidation_hf = 1.3\nzones = { danger = 1.3 }")],
        ":31: policy.top_up.danger_threshold: danger_threshold 1.2 is not above liquidation_hf 1.3 of BTC-PERP; the venue closes first",
    ),
    (
        &[(38, "collateral = 1000\ntop_up = { danger_threshold = 1.0 }")],
        ":39: agent.0.position.0.top_up.danger_threshold: danger_threshold 1 is not above liquidation_hf 1.05",
    ),
    (
        &[(23, "initial_margin = 0.1")],
        ":23: markets.BTC-PERP.initial_margin: initial_margin 0.1 is below the maintenance margin 0.15",
    ),
    (
        &[(23, "force_close = { kind = \"to_target\", target_hf = 1.04 }")],
        ":23: markets.BTC-PERP.force_close.target_hf: target_hf 1.04 is not above liquidation_hf 1.05",
    ),
    (
        &[(26, "[policy.reduce_to_target]\ntrigger_hf = 1.5\ntarget_hf = 1.4\n[policy]")],
        ":27: policy.reduce_to_target.trigger_hf: trigger_hf 1.5 is not below target_hf 1.4",
    ),
    // Margin at the start.
    (
        &[(38, "collateral = \"800 USDC\"")],
        ":38: agent.0.position.0.collateral: 800 USDC of collateral and 0.00 USDC of profit do not meet the initial margin of 900.00 USDC",
    ),
    (
        &[(38, "collateral = 1000\nentry_price = 110")],
        ":38: agent.0.position.0.collateral: 1000 USDC of collateral and -272.73 USDC of profit do not meet",
    ),
    (
        &[(34, "wallet = 100"), (38, "margin = \"cross\"")],
        ":34: agent.0.wallet: 100.00 USDC behind the cross positions do not meet their initial margin of 900.00 USDC; give a wallet of at least \"900 USDC\"",
    ),
    (
        &[(23, "initial_margin = 0.151"), (38, "collateral = 460")],
        ":38: agent.0.position.0.collateral: the health factor at the start is 1.022, at or below liquidation_hf 1.05",
    ),
    (
        &[(38, "margin = \"isolated\"")],
        ":35: agent.0.position.0.collateral: an isolated position needs collateral",
    ),
    (
        &[(38, "collateral = 1000\nmargin = \"cross\"")],
        ":38: agent.0.position.0.collateral: a cross position has no collateral of its own",
    ),
    (
        &[(19, "max_gross_exposure = 0.5")],
        ":34: agent.0.wallet: 3300.00 USDC of notional exceed max_gross_exposure",
    ),
    (&[(37, "")], ":35: agent.0.position.0.notional: neither notional nor quantity is given"),
    (
        &[(37, "notional = 3000\nquantity = 1")],
        ":37: agent.0.position.0.notional: both notional and quantity are given",
    ),
    (
        &[(37, "notional = 0.000001"), (11, "start_price = 1_000_000")],
        ":37: agent.0.position.0.notional: the quantity is outside what is exact",
    ),
    (&[(12, "volatility = 9.9"), (9, "duration = \"3650d\"")], "the ledger has room for 4e12"),
    // Names that must be known or unique.
    (
        &[(36, "market = \"BTC-PRP\"")],
        ":36: agent.0.position.0.market: unknown market BTC-PRP; did you mean BTC-PERP?",
    ),
    (&[(21, "asset = \"XBT\"")], ":21: markets.BTC-PERP.asset: asset XBT has no prices"),
    (
        &[(40, "market = \"BTC-PERP\"")],
        ":40: agent.0.position.1.market: a second position of a is called BTC-PERP; give it a name of its own",
    ),
    (
        &[(32, "[[agent]]\nname = \"a\"\nwallet = 1\n[[agent]]")],
        ":36: agent.1.name: a second agent is called a",
    ),
    (
        &[(17, "\"BTC-SOL\" = 0.8")],
        ":17: prices.correlation.BTC-SOL: SOL is no asset of [prices.assets]",
    ),
    (
        &[(17, "\"BTC-BTC\" = 0.8")],
        ":17: prices.correlation.BTC-BTC: BTC is always correlated with itself",
    ),
    (
        &[(17, "\"BTC-ETH\" = 0.8\n\"ETH-BTC\" = 0.7")],
        ":18: prices.correlation.ETH-BTC: the correlation of ETH and BTC is given twice",
    ),
    (
        &[(26, "[policy.top_up.markets.BTC]\nwarning_threshold = 1.7\n[policy]")],
        ":26: policy.top_up.markets.BTC: unknown market BTC; did you mean BTC-PERP?",
    ),
    // Spans and counts.
    (&[(9, ""), (5, "end = 2025-01-01")], ":5: run.end: the end is not after the start"),
    (
        &[(9, "steps = 100\nduration = \"1d\"")],
        "steps and duration are given, but each alone says how long",
    ),
    (
        &[(9, "duration = \"90m\"")],
        ":9: prices.duration: 90m is no whole number of steps; the step is 1h",
    ),
    (&[(8, "step = \"3650d\"")], "end after the year 2199"),
    (
        &[(3, "paths = 10\nreport = { trace_paths = [0, 10] }")],
        ":4: report.trace_paths: path 10 is not run: there are 10, numbered from 0",
    ),
    // Protections and terms that exclude each other.
    (
        &[
            (26, "[policy.stop_loss]\nprice = 101\n[policy.top_up.markets]\n[policy]"),
            (39, ""),
            (40, ""),
            (41, ""),
            (42, ""),
        ],
        ":27: policy.stop_loss.price: a stop at 101 is on the wrong side of the long BTC-PERP, which starts at 100; set it below 100",
    ),
    (
        &[(26, "[policy.stop_loss]\nloss = 0.1\nhealth_factor = 1.3\n[policy]")],
        ":26: policy.stop_loss: loss and health_factor are given together; give exactly one",
    ),
    (
        &[(23, "brackets = [{ floor = 0, rate = 0.1 }]")],
        ":23: markets.BTC-PERP.brackets: both maintenance_margin and brackets are given",
    ),
    (
        &[(22, "brackets = [{ floor = 5, rate = 0.1 }]")],
        ":22: markets.BTC-PERP.brackets: the first bracket starts at 5, not at 0",
    ),
    (
        &[(23, "funding = { interval = \"8h\" }")],
        ":23: markets.BTC-PERP.funding: neither rate nor file is given",
    ),
    (
        &[(23, "slippage = { kind = \"fixed_bps\", bps = 5, stress_multiplier = 2 }")],
        ":23: markets.BTC-PERP.slippage.stress_multiplier: stress_multiplier needs sigma_day",
    ),
    (
        &[(23, "funding = { file = \"none.csv\" }")],
        ":23: markets.BTC-PERP.funding.file: \"none.csv\" cannot be read",
    ),
    (
        &[(28, "top_up = \"none.json\""), (29, ""), (30, ""), (31, "")],
        ":28: policy.top_up: \"none.json\" cannot be read",
    ),
    (
        &[(10, "[prices.assets.B-C]"), (21, "asset = \"B-C\""), (17, "")],
        ":10: prices.assets.B-C: \"B-C\" is no name of an asset; a pair of correlations",
    ),
    (
        &[
            (32, "agent = []"),
            (33, ""),
            (34, ""),
            (35, ""),
            (36, ""),
            (37, ""),
            (38, ""),
            (39, ""),
            (40, ""),
            (41, ""),
            (42, ""),
            (26, ""),
            (27, ""),
            (28, ""),
            (29, ""),
            (30, ""),
            (31, ""),
            (4, "agent = []\n[run]"),
            (32, ""),
        ],
        ":4: agent: no agent; give at least one [[agent]]",
    ),
];

pub type Rows = (&'static [(usize, &'static str)], &'static [&'static str]);

/// Several faults at once.
pub const SEVERAL: &[Rows] = &[
    (
        // The names of assets are known though a price of one is not.
        &[(11, "start_price = 0"), (21, "asset = \"BTX\"")],
        &[
            ":11: prices.assets.BTC.start_price: 0 is out of range",
            ":21: markets.BTC-PERP.asset: asset BTX has no prices; did you mean BTC?",
        ],
    ),
    (
        &[(1, "name = 7"), (8, "step = 1"), (22, "maintenance_margin = 2"), (36, "market = \"X\"")],
        &[
            ":1: name: 7 is not a name",
            ":8: prices.step: 1 is not a duration",
            ":22: markets.BTC-PERP.maintenance_margin: 2 is out of range",
            // Nothing is said about the market while the markets have a fault of their own.
        ],
    ),
    (
        &[
            (30, "danger_threshold = 1.7"),
            (36, "market = \"BTC-PRP\""),
            (42, "collateral = 1"),
            (3, "sed = 3"),
        ],
        &[
            ":3: sed: unknown field sed; did you mean seed?",
            ":30: policy.top_up.danger_threshold: danger_threshold 1.7 is not below",
            ":36: agent.0.position.0.market: unknown market BTC-PRP",
        ],
    ),
    (
        &[(17, "\"BTC-ETH\" = 0.8\n\"BTC-LTC\" = 0.5\n\"ETH\" = 1"), (21, "asset = \"BCT\"")],
        &[
            ":18: prices.correlation.BTC-LTC: LTC is no asset",
            ":19: prices.correlation.ETH: \"ETH\" is no pair of assets",
            ":23: markets.BTC-PERP.asset: asset BCT has no prices; did you mean BTC?",
        ],
    ),
    (
        &[(38, "collateral = 1"), (42, "collateral = 2")],
        &[
            ":38: agent.0.position.0.collateral: 1 USDC of collateral",
            ":42: agent.0.position.1.collateral: 2 USDC of collateral",
        ],
    ),
    (
        &[(23, "initial_margin = 0.15\nliquidation_hf = 2.3")],
        &[
            ":24: markets.BTC-PERP.liquidation_hf: danger 2.3 is not below warning 1.4",
            ":30: policy.top_up.warning_threshold: warning_threshold 1.6 is not above liquidation_hf 2.3",
            ":31: policy.top_up.danger_threshold: danger_threshold 1.2 is not above liquidation_hf 2.3",
            ":39: agent.0.position.0.collateral: the health factor at the start is 2.222, at or below liquidation_hf 2.3",
        ],
    ),
    // TOML itself.
    (&[(2, "seed = "), (9, "steps == 3")], &[":2: not TOML", ":9: not TOML"]),
    // History: every file and the window.
    (
        &[
            (5, ""),
            (7, "model = \"history\""),
            (8, "from = 2018-01-01"),
            (9, "to = 2017-01-01"),
            (11, "file = \"../data/coinbase_btc_1h.parquet\""),
            (12, ""),
            (14, "file = \"none.parquet\""),
            (15, ""),
            (16, ""),
            (17, ""),
        ],
        &[
            ":9: prices.to: the end is not after the start",
            ":14: prices.assets.ETH.file: \"none.parquet\" cannot be read",
        ],
    ),
    (
        &[
            (5, ""),
            (7, "model = \"history\""),
            (8, "from = 2019-03-01"),
            (9, "to = 2019-05-01"),
            (11, "file = \"../data/bitstamp_btc_1d.parquet\""),
            (12, ""),
            (14, "file = \"../data/bitstamp_eth_1d.parquet\""),
            (15, ""),
            (16, ""),
            (17, ""),
        ],
        &[
            ":11: prices.assets.BTC.file: BTC: 12 bars missing",
            ":14: prices.assets.ETH.file: ETH: 12 bars missing",
        ],
    ),
    (
        &[
            (5, ""),
            (7, "model = \"history\""),
            (8, "gaps = \"fill\""),
            (9, "max_gap = \"5d\""),
            (11, "file = \"../data/bitstamp_btc_1d.parquet\""),
            (12, ""),
            (14, "file = \"../data/coinbase_btc_1h.parquet\""),
            (15, ""),
            (16, ""),
            (17, ""),
        ],
        &[":11: prices.assets.BTC.file: "],
    ),
    (
        &[
            (7, "model = \"history\""),
            (8, "from = 2010-01-01"),
            (9, ""),
            (11, "file = \"../data/coinbase_btc_1h.parquet\""),
            (12, ""),
            (14, "file = \"../data/coinbase_btc_1h.parquet\""),
            (15, ""),
            (16, ""),
            (17, ""),
        ],
        &[
            ":5: run.start: run.start with a history; the span of a history is prices.from",
            ":11: prices.assets.BTC.file: BTC: covers 2017-07-01",
            ":14: prices.assets.ETH.file: ETH: covers 2017-07-01",
        ],
    ),
    // A matrix that cannot be.
    (
        &[
            (16, "[prices.assets.SOL]\nstart_price = 1\nvolatility = 1\n[prices.correlation]"),
            (17, "BTC-ETH = 0.9\nBTC-SOL = 0.9\nETH-SOL = -0.9"),
        ],
        &[
            ":19: prices.correlation: the correlation matrix is not positive semi-definite: its smallest eigenvalue is -0.8",
        ],
    ),
    (
        &[(17, "order = [\"BTC\", \"ETH\"]\nmatrix = [[1, 0.5], [0.4, 1]]")],
        &[":18: prices.correlation.matrix: 0.4 in row 1 is 0.5 in row 0"],
    ),
];

/// Warnings.
pub const ODD: &[Row] = &[
    (&[(17, "")], "no correlation is given for \"BTC-ETH\": 0 is taken"),
    (
        &[(29, "warning_threshold = 2.0")],
        ":29: policy.top_up.warning_threshold: warning_threshold and target_health_factor are both 2",
    ),
    (
        &[(27, "poll = \"5s\"")],
        ":27: policy.poll: a poll of 5s and a latency of 50ms shorter than a tick of 1h: no effect",
    ),
    (&[(38, "margin = \"cross\"")], "a top-up has no effect on the cross positions of a"),
    (&[(34, "wallet = 100")], "reserve_minimum 100 USDC is not below the wallet of a"),
    (
        &[(31, "max_topup_per_day = 400")],
        ":31: policy.top_up.max_topup_per_day: max_topup_per_day 400 USDC is below max_topup_per_event 500 USDC",
    ),
    (&[(38, "collateral = 4000")], "warning_threshold 1.6 can never bind for BTC-PERP"),
    (
        &[
            (29, "warning_threshold = 1.9\n[policy.kill_switch]\nscope = \"above_leverage\""),
            (30, ""),
            (31, ""),
        ],
        "leverage_threshold 10 can never bind: margin permits an effective leverage of at most 6.35",
    ),
    (
        &[(28, "[policy.kill_switch]"), (29, ""), (30, ""), (31, "")],
        ":28: policy.kill_switch: the kill switch can never act: it has no trigger_hf",
    ),
    (
        &[(28, "[policy.kill_switch]"), (29, "trigger_hf = 1.01"), (30, ""), (31, "")],
        ":29: policy.kill_switch.trigger_hf: trigger_hf 1.01 can never bind for BTC-PERP: the venue closes at 1.05",
    ),
    (
        &[(28, "[policy.kill_switch]"), (29, "trigger_hf = 2.9"), (30, ""), (31, "")],
        "BTC-PERP starts at a health factor of 2.222, below trigger_hf 2.9",
    ),
    (
        &[(28, "[policy.kill_switch]\nenabled = false\n[policy.top_up]")],
        "fallback_to_kill_switch is on, but the kill switch is not enabled",
    ),
    (
        &[(28, "[policy.resume]\natr_threshold = 0.01"), (29, ""), (30, ""), (31, "")],
        "resume can never act",
    ),
];

/// Overrides that are wrong: path, value, message.
pub const OVERRIDES: &[(&str, &str, &str)] = &[
    ("policy.poll", "0s", "--set policy.poll=0s: policy.poll: 0s is out of range"),
    ("policy.pol", "5s", "--set policy.pol=5s: policy.pol: unknown field pol; did you mean poll?"),
    (
        "agent.bob.wallet",
        "5",
        "--set agent.bob.wallet=5: agent.bob.wallet: agent has 1 entries, and none is \"bob\"",
    ),
    ("agent.3.wallet", "5", "agent has 1 entries, and none is \"3\""),
    ("seed.x", "5", "seed is a whole number and has no field x"),
    ("a..b", "5", "\"a..b\" is no path of a field"),
    (
        "policy.top_up.danger_threshold",
        "1.9",
        "--set policy.top_up.danger_threshold=1.9: policy.top_up.danger_threshold: danger_threshold 1.9 is not below warning_threshold 1.6",
    ),
];
