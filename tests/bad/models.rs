//! Price models: a good one of each kind, and what is said when a piece of it is replaced.

/// Markets and agents on any of the prices below.
pub const REST: &str = r#"
[markets.BTC-PERP]
asset = "BTC"
[[agent]]
name = "a"
wallet = "3000 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
[policy]
poll = "1h"
latency = "0s"
"#;

pub const GARCH: &str = r#"name = "models"
paths = 10
[prices]
model = "garch"
tails = "common"
antithetic = true
step = "1h"
steps = 1000
[prices.assets.BTC]
start_price = 100
volatility = 0.6
alpha = 0.1
beta = 0.85
df = 4
[prices.assets.ETH]
start_price = 10
volatility = 0.7
alpha = 0.05
beta = 0.9
df = 4
start_volatility = "90 %"
[prices.correlation]
"BTC-ETH" = 0.8
[prices.correlation_drift]
after = "5d"
over = "2d"
stay = "1d"
to = { "BTC-ETH" = 0.95 }
[prices.shocks.fall]
kind = "crash"
size = "30 %"
by_asset = { ETH = 0.4 }
after = "3d"
over = "1h"
[prices.shocks.wild]
kind = "volatility"
factor = 2
over = "1d"
"#;

pub const RARE: &str = r#"name = "models"
paths = 10
[stress.splitting]
event = "distress"
agent = "a"
levels = [1.8, 1.4]
particles = 500
[stress.reverse]
event = "liquidation"
agent = "a"
pieces = 3
[prices]
model = "gbm"
step = "1h"
steps = 50
refine = 4
[prices.assets.BTC]
start_price = 100
volatility = 0.6
"#;

/// Three assets of a diffusion with everything that can be asked of their joint law.
pub const DRIFT: &str = r#"name = "models"
paths = 640
nulls = ["no_drift"]
[prices]
model = "gbm"
sobol = 64
repair = "nearest"
copula = { kind = "student_t", df = 4 }
steps = 1000
[prices.assets]
BTC = { start_price = 100, volatility = 0.6 }
ETH = { start_price = 10, volatility = 0.7 }
SOL = { start_price = 1, volatility = 0.9 }
[prices.correlation]
"BTC-ETH" = 0.5
"BTC-SOL" = 0.5
"ETH-SOL" = 0.5
[prices.correlation_drift]
drawdown = { asset = "BTC", depth = "20 %", recovery = 0.1 }
over = "2d"
to = { "BTC-ETH" = 0.9, "BTC-SOL" = 0.9, "ETH-SOL" = 0.9 }
"#;

pub const HESTON: &str = r#"name = "models"
[prices]
model = "heston"
steps = 1000
[prices.assets.BTC]
start_price = 100
volatility = 0.6
mean_reversion = 5
vol_of_vol = 1.5
price_variance = -0.4
"#;

pub const REGIMES: &str = r#"name = "models"
[prices]
model = "regimes"
steps = 1000
start_regime = "calm"
[prices.assets.BTC]
start_price = 100
[prices.assets.ETH]
start_price = 10
[prices.regimes.calm]
duration = "60d"
assets = { BTC = { volatility = 0.4 }, ETH = { volatility = 0.5 } }
correlation = { "BTC-ETH" = 0.6 }
next = { crash = 0.3, rally = 0.7 }
[prices.regimes.crash]
duration = "3d"
assets = { BTC = { volatility = 1.5, drift = -3 }, ETH = { volatility = 2, drift = -4 } }
correlation = { "BTC-ETH" = 0.95 }
[prices.regimes.rally]
duration = "20d"
assets = { BTC = { volatility = 0.6, drift = 1 }, ETH = { volatility = 0.7, drift = 1 } }
correlation = { "BTC-ETH" = 0.8 }
"#;

pub const BOOTSTRAP: &str = r#"name = "models"
[prices]
model = "bootstrap"
step = "2d"
steps = 100
mean_block = "10d"
from = 2018-01-01
to = 2019-01-01
[prices.assets.BTC]
file = "../data/bitstamp_btc_1d.parquet"
[prices.assets.ETH]
file = "../data/bitstamp_eth_1d.parquet"
start_price = 100
drift = 0.1
"#;

/// Model, what is replaced, by what, and a part of the one message.
pub const SINGLE: &[(&str, &str, &str, &str)] = &[
    (
        GARCH,
        "beta = 0.85",
        "beta = 0.9",
        ":13: prices.assets.BTC.beta: alpha + beta = 1 of BTC is not below 1; the variance would \
         have no long-run mean",
    ),
    (
        GARCH,
        "alpha = 0.1",
        "alpha = -0.1",
        "prices.assets.BTC.alpha: -0.1 is out of range: at least 0",
    ),
    (
        GARCH,
        "df = 4\nstart",
        "df = 2\nstart",
        ":20: prices.assets.ETH.df: 2 is out of range: above 2, at most 1000",
    ),
    (
        GARCH,
        "df = 4\nstart",
        "df = 5\nstart",
        ":20: prices.assets.ETH.df: the df of ETH is 5, of BTC 4: common tails have one; give all",
    ),
    (GARCH, "df = 4\nstart", "start", "the df of ETH is none, of BTC 4"),
    (
        GARCH,
        "paths = 10",
        "paths = 11",
        ":6: prices.antithetic: the last of 11 paths has no mirror",
    ),
    (
        GARCH,
        "to = { \"BTC-ETH\" = 0.95 }",
        "to = { \"BTC-ETH\" = 1.5 }",
        "correlation_drift.to.BTC-ETH: 1.5 is out of range: at least -1, at most 1",
    ),
    (
        GARCH,
        "to = { \"BTC-ETH\" = 0.95 }",
        "to = { order = [\"BTC\", \"ETH\"], matrix = [[1, 0.5], [0.4, 1]] }",
        "0.4 in row 1 is 0.5 in row 0",
    ),
    (GARCH, "stay = \"1d\"\nto", "stay = \"1d\"\nthere = 1\nto", "unknown field there"),
    (
        GARCH,
        "ETH = 0.4",
        "ETF = 0.4",
        "prices.shocks.fall.by_asset.ETF: ETF is no asset of [prices.assets]; did you mean ETH?",
    ),
    (
        GARCH,
        "size = \"30 %\"",
        "size = 1",
        "prices.shocks.fall.size: 1 is out of range: at least -9, below 1",
    ),
    (GARCH, "factor = 2", "factor = -2", "prices.shocks.wild.factor: -2 is out of range"),
    (
        GARCH,
        "after = \"3d\"",
        "after = \"42d\"",
        "prices.shocks.fall.over: the shock fall ends 1009h after the start: the run is over",
    ),
    (
        GARCH,
        "kind = \"crash\"",
        "kind = \"crsh\"",
        "\"crsh\" is not one of \"none\", \"crash\", \"volatility\", \"correlation\"",
    ),
    (
        DRIFT,
        "sobol = 64",
        "sobol = 48",
        ":6: prices.sobol: 48 is no power of two: such points are no net; write 32 or 64",
    ),
    (DRIFT, "sobol = 64", "sobol = 1", ":6: prices.sobol: 1 is out of range: at least 2"),
    (
        DRIFT,
        "paths = 640",
        "paths = 650",
        ":6: prices.sobol: 650 paths are no whole number of Sobol sets of 64; give 640 or 704 paths",
    ),
    (
        DRIFT,
        "paths = 640",
        "paths = 60",
        "60 paths are no whole number of Sobol sets of 64; give 64 paths, or smaller sets",
    ),
    (
        DRIFT,
        "sobol = 64",
        "sobol = 64\nantithetic = true",
        ":6: prices.sobol: a Sobol set is not mirrored as well; leave sobol out, or antithetic",
    ),
    (DRIFT, "\"nearest\"", "\"nearst\"", "\"nearst\" is not one of \"refuse\", \"nearest\""),
    (
        GARCH,
        "to = { \"BTC-ETH\" = 0.95 }",
        "to = { order = [\"BTC\"], matrix = [[1]] }",
        "prices.correlation_drift.to.order: order must name each asset once: BTC, ETH",
    ),
    (DRIFT, "df = 4", "df = 2", ":8: prices.copula.df: 2 is out of range: above 2, at most 1000"),
    (DRIFT, "\"student_t\", df = 4", "\"gaussian\", df = 4", "prices.copula.df: unknown field df"),
    (
        DRIFT,
        "\"student_t\"",
        "\"clayton\"",
        "\"clayton\" is not one of \"gaussian\", \"student_t\"",
    ),
    (
        GARCH,
        "tails = \"common\"",
        "tails = \"common\"\ncopula = { kind = \"student_t\", df = 4 }",
        "prices.copula: unknown field copula where model = \"garch\"",
    ),
    (
        HESTON,
        "steps = 1000",
        "steps = 1000\ncopula = { kind = \"student_t\", df = 4 }",
        ":5: prices.copula: a copula joins the extremes of two assets at least: there is one",
    ),
    (
        DRIFT,
        "\"BTC\", depth",
        "\"BTX\", depth",
        ":19: prices.correlation_drift.drawdown.asset: BTX is no asset of [prices.assets]; did you mean BTC?",
    ),
    (
        DRIFT,
        "\"20 %\"",
        "1",
        ":19: prices.correlation_drift.drawdown.depth: 1 is out of range: above 0, below 1",
    ),
    (
        DRIFT,
        "recovery = 0.1",
        "recovery = 0.2",
        "drawdown.recovery: a recovery of 0.2 is not below the depth of 0.2; the crisis would end",
    ),
    (DRIFT, "recovery = 0.1", "recovery = -0.1", "recovery: -0.1 is out of range"),
    (DRIFT, "depth = \"20 %\", ", "", "prices.correlation_drift.drawdown.depth: depth is missing"),
    (GARCH, "paths = 10\n", "paths = 10\nnulls = [\"no_drit\"]\n", "\"no_drit\" is not one of"),
    (
        REGIMES,
        "[prices]",
        "nulls = [\"no_drift\"]\n[prices]",
        ":2: nulls: no_drift is asked for, but correlations do not drift; give [prices.correlation_drift]",
    ),
    (
        REGIMES,
        "steps = 1000",
        "steps = 1000\nsobol = 3",
        ":5: prices.sobol: 3 is no power of two: such points are no net; write 2 or 4",
    ),
    (
        REGIMES,
        "steps = 1000",
        "steps = 1000\ncorrelation_drift = { over = \"1d\", to = {} }",
        "unknown field correlation_drift where model = \"regimes\"",
    ),
    (
        HESTON,
        "volatility = 0.6",
        "volatility = 0",
        ":7: prices.assets.BTC.volatility: the volatility of BTC is 0; a variance that moves",
    ),
    (HESTON, "mean_reversion = 5", "mean_reversion = 0", "0 is out of range: above 0"),
    (HESTON, "price_variance = -0.4", "price_variance = -1.4", "-1.4 is out of range: at least -1"),
    (
        HESTON,
        "vol_of_vol = 1.5\nprice_variance = -0.4",
        "vol_of_vol = 1000\nprice_variance = 1\n[prices.shocks.a]\nkind = \"volatility\"\nfactor = 90\nover = \"1d\"",
        "prices.assets.BTC: BTC: the step is too long for a correlation of 1 with the variance",
    ),
    (
        HESTON,
        "model = \"heston\"",
        "model = \"heston\"\ntails = \"own\"",
        ":4: prices.tails: unknown field tails where model = \"heston\"; it belongs to model = \"garch\"",
    ),
    (
        REGIMES,
        "\"calm\"",
        "\"clam\"",
        ":5: prices.start_regime: clam is no regime of [prices.regimes]; did you mean calm?",
    ),
    (
        REGIMES,
        "crash = 0.3",
        "crush = 0.3",
        "crush is no regime of [prices.regimes]; did you mean crash?",
    ),
    (REGIMES, "crash = 0.3", "calm = 0.3", "calm does not follow itself"),
    (
        REGIMES,
        "crash = 0.3",
        "crash = 0.2",
        "prices.regimes.calm.next: the probabilities of what follows calm sum to 0.8999999999999999, not 1",
    ),
    (REGIMES, "crash = 0.3", "crash = -0.3", "-0.3 is out of range: at least 0, at most 1"),
    (
        REGIMES,
        "duration = \"3d\"",
        "duration = \"0s\"",
        "prices.regimes.crash.duration: \"0s\" is out of range",
    ),
    (
        REGIMES,
        ", ETH = { volatility = 0.5 }",
        "",
        "prices.regimes.calm.assets: the regime calm says nothing of ETH; give prices.regimes.calm.assets.ETH.volatility",
    ),
    (
        REGIMES,
        "ETH = { volatility = 0.5 }",
        "ETH = { volatility = 0.5 }, SOL = { volatility = 1 }",
        "prices.regimes.calm.assets.SOL: SOL is no asset of [prices.assets]",
    ),
    (
        REGIMES,
        "next = { crash = 0.3, rally = 0.7 }\n[prices.regimes.crash]\n",
        r#"next = { crash = 1 }
[prices.regimes.a]
duration = "1d"
next = { b = 1 }
assets = { BTC = { volatility = 0.4 }, ETH = { volatility = 0.5 } }
correlation = { "BTC-ETH" = 0.6 }
[prices.regimes.b]
duration = "1d"
next = { a = 1 }
assets = { BTC = { volatility = 0.4 }, ETH = { volatility = 0.5 } }
correlation = { "BTC-ETH" = 0.6 }
[prices.regimes.crash]
next = { calm = 1 }
"#,
        "prices.regimes: some regimes never reach each other, so that no long-run share exists",
    ),
    (
        BOOTSTRAP,
        "step = \"2d\"",
        "step = \"36h\"",
        ":4: prices.step: a step of 36h is no whole number of bars of 1d; write step = \"1d\"",
    ),
    (
        BOOTSTRAP,
        "mean_block = \"10d\"",
        "mean_block = \"1d\"",
        ":6: prices.mean_block: a mean block of 1d is shorter than a step of 2d; a block has",
    ),
    (
        BOOTSTRAP,
        "mean_block = \"10d\"",
        "mean_block = \"800d\"",
        "a mean block of 800d is longer than the 182 steps of history",
    ),
    (BOOTSTRAP, "mean_block = \"10d\"\n", "", "prices.mean_block: mean_block is missing"),
    (
        BOOTSTRAP,
        "mean_block",
        "recentre = false\nmean_block",
        "prices.assets.ETH.drift: a drift of 0.1 with recentre = false; ETH then keeps the trend",
    ),
    (
        BOOTSTRAP,
        "_btc_",
        "_xrp_",
        "prices.assets.BTC.file: \"../data/bitstamp_xrp_1d.parquet\" cannot be read",
    ),
    (
        BOOTSTRAP,
        "from = 2018-01-01",
        "from = 2017-01-01",
        "prices.assets.ETH.file: ETH: covers 2017-11-09T00:00:00Z to",
    ),
    (
        BOOTSTRAP,
        "from = 2018-01-01",
        "antithetic = true\nfrom = 2018-01-01",
        "prices.antithetic: unknown field antithetic where model = \"bootstrap\"",
    ),
    (RARE, "event = \"distress\"", "event = \"ruin\"", "stress.splitting.event: \"ruin\""),
    (
        RARE,
        "agent = \"a\"\nlevels",
        "agent = \"b\"\nlevels",
        ":5: stress.splitting.agent: b is no agent",
    ),
    (RARE, "[1.8, 1.4]", "[1.4, 1.8]", "stress.splitting.levels: level 1.8 is not below 1.4"),
    (RARE, "[1.8, 1.4]", "[]", "stress.splitting.levels: names no level"),
    (RARE, "[1.8, 1.4]", "[1.8, 0]", "stress.splitting.levels"),
    (RARE, "particles = 500", "particles = 1", "stress.splitting.particles: 1 is out of range"),
    (RARE, "particles = 500", "replicates = 1", "stress.splitting.replicates: 1 is out of range"),
    (RARE, "particles = 500", "share = 1", "stress.splitting.share: 1 is out of range"),
    (
        RARE,
        "refine = 4",
        "antithetic = true",
        "stress.splitting: splitting draws each path for itself, and these come in sets",
    ),
    (RARE, "pieces = 3", "pieces = 60", "stress.reverse.pieces: 60 pieces in 50 steps"),
    (RARE, "pieces = 3", "pieces = 0", "stress.reverse.pieces: 0 is out of range"),
    (RARE, "pieces = 3", "nodes = 3", "stress.reverse.nodes: unknown field nodes"),
    (
        GARCH,
        "[prices]\n",
        "[stress.reverse]\n[prices]\n",
        "stress.reverse: the likeliest path is one of normals",
    ),
    (RARE, "refine = 4", "refine = 13", "prices.refine: 13 is out of range"),
    (RARE, "step = \"1h\"", "step = \"10ms\"", "refine: 2^4 ticks in a step of 10 ms"),
    (
        BOOTSTRAP,
        "from = 2018-01-01",
        "refine = 4\nfrom = 2018-01-01",
        "prices.refine: unknown field refine where model = \"bootstrap\"",
    ),
    (
        DRIFT,
        "steps = 1000",
        "refine = 4\nsteps = 1000",
        "refine: a copula is a law of whole steps: there is none inside them",
    ),
    (
        DRIFT,
        "[prices]\n",
        "[stress.splitting]\n[prices]\n",
        "stress.splitting: splitting draws each path for itself, and these come in sets",
    ),
    (
        DRIFT,
        "[prices]\n",
        "[stress.reverse]\n[prices]\n",
        "stress.reverse: the likeliest path is one of normals",
    ),
];
