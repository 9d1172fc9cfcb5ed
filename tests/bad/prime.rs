//! Rows on prime brokerage: lines of its good scenario that are replaced, and what is said about it.

use super::{Row, Rows};

/// A good scenario; lines are numbered from 1.
pub const GOOD: &str = r#"name = "good"
paths = 10
nulls = ["silo"]
[prices]
model = "gbm"
step = "1h"
steps = 100
[prices.assets]
BTC = { start_price = 100, volatility = 0.6 }
ETH = { start_price = 10, volatility = 0.7 }
[prices.correlation]
"BTC-ETH" = 0.8
[markets]
BTC-PERP = { asset = "BTC" }
[custody]
calls = 3
[holdings.ETH]
haircut = 0.2
[escrow]
fee = 0.01
[agreements.daily]
members = ["a", "b", "outside"]
[lending]
step = "1h"
[lending.pools.ETH]
utilisation = 0.8
[services]
step = "1h"
[services.correlations]
casino = 0.42
[policy.utilisation]
poll = "30s"
[policy.utilisation.recall]
count = "at_arrival"
[policy.utilisation.rebalance]
target = 0.55
[policy.utilisation.lend.ETH]
max_share = 0.4
[policy.keep_in_trading]
least = 10
target = 20
[[agent]]
name = "b"
wallet = 500
silos = { main = 500 }
[[agent]]
name = "a"
wallet = 3000
holdings = { ETH = 5 }
silos = { trading = 1800, casino = 200, main = 1000 }
[agent.casino]
bankroll = 100
bets_per_day = 24
stake = 1
[agent.domains]
registrations_per_day = 1
cost = 10
sales_per_day = 1
revenue = 20
[agent.escrow]
contracts_per_day = 4
notional = 50
[[agent.loan]]
side = "lend"
asset = "ETH"
amount = 1
[[agent.trade]]
asset = "ETH"
side = "buy"
quantity = 1
[[agent.contract]]
payee = "b"
amount = 100
deadline = "1d"
[[agent.obligation]]
agreement = "daily"
payee = "b"
amount = 10
[[agent.move]]
from = "main"
to = "trading"
amount = 50
[[agent.position]]
market = "BTC-PERP"
notional = 300
collateral = 100
"#;

/// One fault each: every field first, in the order of the manual, then what they say together.
pub const SINGLE: &[Row] = &[
    // [custody], [holdings], [escrow], [agreements].
    (&[(16, "mode = \"two\"")], ":16: custody.mode: \"two\" is not one of \"unified\", \"silo\""),
    (&[(16, "calls = 0")], ":16: custody.calls: 0 is out of range: at least 1, at most 100"),
    (&[(16, "delay = 5")], ":16: custody.delay: 5 is not a duration; say the unit: \"5s\""),
    (&[(16, "failure_probability = 1.5")], ":16: custody.failure_probability: 1.5 is out of range"),
    (
        &[(18, "haircut = 20")],
        ":18: holdings.ETH.haircut: 20 is out of range: at least 0, at most 1",
    ),
    (&[(18, "fee = 1")], ":18: holdings.ETH.fee: 1 is out of range: at least 0, at most 0.1"),
    (
        &[(18, "slippage = { kind = \"fixed_bps\" }")],
        ":18: holdings.ETH.slippage.bps: bps is missing",
    ),
    (&[(20, "fee = 0.6")], ":20: escrow.fee: 0.6 is out of range: at least 0, at most 0.5"),
    (&[(20, "referral = 15")], ":20: escrow.referral: 15 is out of range: at least 0, at most 1"),
    (&[(20, "settlement_lag = \"2\"")], ":20: escrow.settlement_lag: \"2\" is not a duration"),
    (
        &[
            (22, "members = [\"a\", \"c\", \"outside\"]"),
            (76, "agreement = \"daily\"\n"),
            (77, "payee = \"outside\""),
        ],
        ":22: agreements.daily.members.1: unknown agent c; known: a, b, outside",
    ),
    (
        &[(22, "members = [\"a\", \"b\", \"outside\"]\ninterval = \"0s\"")],
        ":23: agreements.daily.interval: \"0s\" is out of range: at least 1ms",
    ),
    (
        &[(22, "members = [\"a\", \"b\"]\nreferrer = \"d\"")],
        ":23: agreements.daily.referrer: unknown agent d; known: a, b, outside",
    ),
    // [lending] and its pools.
    (&[(24, "step = \"0s\"")], ":24: lending.step: \"0s\" is out of range: at least 1ms"),
    (
        &[(24, "max_lent_share = 40")],
        ":24: lending.max_lent_share: 40 is out of range: at least 0, at most 1",
    ),
    (&[(24, "min_loan = \"1 USD\"")], ":24: lending.min_loan: \"1 USD\" is not an amount of USDC"),
    (
        &[(24, "broker_cut = 1.1")],
        ":24: lending.broker_cut: 1.1 is out of range: at least 0, at most 1",
    ),
    (
        &[(24, "max_loans = 0")],
        ":24: lending.max_loans: 0 is out of range: at least 1, at most 1000",
    ),
    (
        &[(24, "pools = 3"), (25, ""), (26, "")],
        ":24: lending.pools: 3 is not a table; give a table of named entries",
    ),
    (
        &[(26, "preset = \"aave_weth\"")],
        ":26: lending.pools.ETH.preset: \"aave_weth\" is not one of \"prime\", \"aave_v3_weth\"",
    ),
    (
        &[(26, "rate = 10.5")],
        ":26: lending.pools.ETH.rate: 10.5 is out of range: at least 0, at most 10",
    ),
    (
        &[(26, "curve = { slope1 = 0.04, kink = 0.9 }")],
        ":26: lending.pools.ETH.curve.slope2: slope2 is missing",
    ),
    (
        &[(26, "curve = { base = -1, slope1 = 0.04, slope2 = 1, kink = 0.9 }")],
        ":26: lending.pools.ETH.curve.base: -1 is out of range",
    ),
    (
        &[(26, "curve = { slope1 = 11, slope2 = 1, kink = 0.9 }")],
        ":26: lending.pools.ETH.curve.slope1: 11 is out of range",
    ),
    (
        &[(26, "curve = { slope1 = 0.1, slope2 = 1, kink = 1 }")],
        ":26: lending.pools.ETH.curve.kink: 1 is out of range: above 0, below 1",
    ),
    (
        &[(26, "file = \"none.parquet\"\ncolumns = { time = \"t\", rate = \"r\" }")],
        ":26: lending.pools.ETH.file: \"none.parquet\" cannot be read",
    ),
    (
        &[(26, "columns = { tim = \"t\" }")],
        ":26: lending.pools.ETH.columns.tim: unknown field tim; did you mean time?",
    ),
    (&[(26, "utilisation = 1.1")], ":26: lending.pools.ETH.utilisation: 1.1 is out of range"),
    (&[(26, "least_rate = 11")], ":26: lending.pools.ETH.least_rate: 11 is out of range"),
    (
        &[(26, "demand = { reversion = 0 }")],
        ":26: lending.pools.ETH.demand.reversion: 0 is out of range: above 0",
    ),
    (
        &[(26, "demand = { amplitude = -1 }")],
        ":26: lending.pools.ETH.demand.amplitude: -1 is out of range",
    ),
    (
        &[(26, "drawdown_of = \"XBT\"")],
        ":26: lending.pools.ETH.drawdown_of: asset XBT has no prices",
    ),
    (
        &[(26, "early_return = { drawdown = 1 }")],
        ":26: lending.pools.ETH.early_return.base: base is missing",
    ),
    (
        &[(26, "recall_failure = { base = 0, drawdown = \"much\" }")],
        ":26: lending.pools.ETH.recall_failure.drawdown: \"much\" is not a number",
    ),
    (
        &[(26, "recall_failure = { base = 0, utilisation = 1e9 }")],
        ":26: lending.pools.ETH.recall_failure.utilisation: 1e9 is out of range",
    ),
    (
        &[(26, "cure = { base = 1, kink = 2 }")],
        ":26: lending.pools.ETH.cure.kink: 2 is out of range: at least 0, at most 1",
    ),
    // [services].
    (&[(28, "step = 1")], ":28: services.step: 1 is not a duration"),
    (
        &[(28, "trading = \"BTX\"")],
        ":28: services.trading: asset BTX has no prices; did you mean BTC?",
    ),
    (
        &[(28, "volatility = { BTC = 0 }")],
        ":28: services.volatility.BTC: 0 is out of range: above 0",
    ),
    (
        &[(28, "volatility = { DOGE = 0.6 }")],
        ":28: services.volatility.DOGE: asset DOGE has no prices",
    ),
    (
        &[(30, "casino = 42")],
        ":30: services.correlations.casino: 42 is out of range: at least -1, at most 1",
    ),
    (
        &[(30, "casinos = 0.42")],
        ":30: services.correlations.casinos: casinos is no service with a factor; did you mean casino?",
    ),
    // [policy.utilisation] and [policy.keep_in_trading].
    (&[(32, "enabled = 1")], ":32: policy.utilisation.enabled: 1 is not a truth value"),
    (
        &[(32, "poll = \"0s\"")],
        ":32: policy.utilisation.poll: \"0s\" is out of range: at least 1ms",
    ),
    (&[(32, "yellow = 0")], ":32: policy.utilisation.yellow: 0 is out of range: above 0"),
    (&[(32, "orange = \"high\"")], ":32: policy.utilisation.orange: \"high\" is not a fraction"),
    (&[(32, "red = 101")], ":32: policy.utilisation.red: 101 is out of range"),
    (&[(32, "hysteresis = -0.1")], ":32: policy.utilisation.hysteresis: -0.1 is out of range"),
    (
        &[(34, "enabled = \"no\"")],
        ":34: policy.utilisation.recall.enabled: \"no\" is not a truth value",
    ),
    (
        &[(34, "count = \"arrival\"")],
        ":34: policy.utilisation.recall.count: \"arrival\" is not one of \"at_arrival\", \"at_request\"",
    ),
    (
        &[(34, "short_notice = 24")],
        ":34: policy.utilisation.recall.short_notice: 24 is not a duration",
    ),
    (&[(36, "enabled = 0")], ":36: policy.utilisation.rebalance.enabled: 0 is not a truth value"),
    (
        &[(36, "target = -1")],
        ":36: policy.utilisation.rebalance.target: -1 is out of range: at least 0",
    ),
    (&[(38, "enabled = 0")], ":38: policy.utilisation.lend.ETH.enabled: 0 is not a truth value"),
    (
        &[(38, "max_share = 1.2")],
        ":38: policy.utilisation.lend.ETH.max_share: 1.2 is out of range: at least 0, at most 1",
    ),
    (
        &[(38, "min_loan = -1")],
        ":38: policy.utilisation.lend.ETH.min_loan: -1 is out of range: at least 0 USDC",
    ),
    (
        &[(38, "min_rate = 12")],
        ":38: policy.utilisation.lend.ETH.min_rate: 12 is out of range: at least 0, at most 10",
    ),
    (
        &[(38, "rate = 0.05")],
        ":38: policy.utilisation.lend.ETH.rate: 0.05 is not one of \"fixed\", \"floating\"",
    ),
    (
        &[(38, "compounding = \"weekly\"")],
        ":38: policy.utilisation.lend.ETH.compounding: \"weekly\" is not one of \"simple\", \"daily\"",
    ),
    (
        &[(38, "interest_interval = \"1ms\"")],
        ":38: policy.utilisation.lend.ETH.interest_interval: interest would be paid 360000000 times",
    ),
    (
        &[(38, "interest_interval = \"0s\"")],
        ":38: policy.utilisation.lend.ETH.interest_interval: \"0s\" is out of range",
    ),
    (
        &[(38, "collateral_asset = \"BTC\"")],
        ":38: policy.utilisation.lend.ETH.collateral_asset: BTC is no asset of [holdings]; give it a table [holdings.BTC]",
    ),
    (
        &[(38, "collateral_ratio = -1")],
        ":38: policy.utilisation.lend.ETH.collateral_ratio: -1 is out of range",
    ),
    (
        &[(38, "requirement = \"x\"")],
        ":38: policy.utilisation.lend.ETH.requirement: \"x\" is not a number",
    ),
    (&[(38, "notice = 1")], ":38: policy.utilisation.lend.ETH.notice: 1 is not a duration"),
    (&[(38, "grace = 1")], ":38: policy.utilisation.lend.ETH.grace: 1 is not a duration"),
    (
        &[(38, "long_term = \"yes\"")],
        ":38: policy.utilisation.lend.ETH.long_term: \"yes\" is not a truth value",
    ),
    (
        &[(39, "[policy.keep_in_trading]\nenabled = 3")],
        ":40: policy.keep_in_trading.enabled: 3 is not a truth value",
    ),
    (
        &[(39, "[policy.keep_in_trading]\npoll = \"0s\"")],
        ":40: policy.keep_in_trading.poll: \"0s\" is out of range",
    ),
    (
        &[(40, "least = -1")],
        ":40: policy.keep_in_trading.least: -1 is out of range: at least 0 USDC",
    ),
    (&[(41, "")], ":39: policy.keep_in_trading.target: target is missing"),
    // An agent's own.
    (
        &[(49, "holdings = { ETH = -5 }")],
        ":49: agent.1.holdings.ETH: -5 is out of range: at least 0, at most 90000000",
    ),
    (
        &[(49, "holdings = { ETH = 5, ET = 3 }")],
        ":49: agent.1.holdings.ET: ET is no asset of [holdings]; did you mean ETH?",
    ),
    (
        &[(50, "silos = { trade = 3000 }")],
        ":50: agent.1.silos.trade: unknown field trade; did you mean trading?",
    ),
    (&[(50, "silos = { trading = -1 }")], ":50: agent.1.silos.trading: -1 is out of range"),
    (&[(50, "silos = { escrow = -1 }")], ":50: agent.1.silos.escrow: -1 is out of range"),
    (&[(50, "silos = { casino = -1 }")], ":50: agent.1.silos.casino: -1 is out of range"),
    (&[(50, "silos = { domains = -1 }")], ":50: agent.1.silos.domains: -1 is out of range"),
    (&[(50, "silos = { faucet = -1 }")], ":50: agent.1.silos.faucet: -1 is out of range"),
    (&[(50, "silos = { lending = -1 }")], ":50: agent.1.silos.lending: -1 is out of range"),
    (&[(50, "silos = { main = -1 }")], ":50: agent.1.silos.main: -1 is out of range"),
    (&[(49, "faucet = \"1 ETH\"")], ":49: agent.1.faucet: \"1 ETH\" is not an amount of USDC"),
    (&[(52, "bankroll = 0")], ":52: agent.1.casino.bankroll: 0 is out of range: above 0 USDC"),
    (&[(53, "bets_per_day = -1")], ":53: agent.1.casino.bets_per_day: -1 is out of range"),
    (&[(54, "stake = 0")], ":54: agent.1.casino.stake: 0 is out of range: above 0 USDC"),
    (
        &[(54, "stake_fraction = 2")],
        ":54: agent.1.casino.stake_fraction: 2 is out of range: above 0, at most 1",
    ),
    (&[(54, "stake = 1\nhouse_edge = 2")], ":55: agent.1.casino.house_edge: 2 is out of range"),
    (&[(54, "stake = 1\npayoff = 0")], ":55: agent.1.casino.payoff: 0 is out of range: above 0"),
    (
        &[(56, "registrations_per_day = -1")],
        ":56: agent.1.domains.registrations_per_day: -1 is out of range",
    ),
    (&[(57, "cost = -1")], ":57: agent.1.domains.cost: -1 is out of range"),
    (
        &[(57, "cost = 10\nregistration_time = 6")],
        ":58: agent.1.domains.registration_time: 6 is not a duration",
    ),
    (&[(58, "sales_per_day = -1")], ":58: agent.1.domains.sales_per_day: -1 is out of range"),
    (&[(59, "")], ":55: agent.1.domains.revenue: revenue is missing"),
    (
        &[(61, "contracts_per_day = -1")],
        ":61: agent.1.escrow.contracts_per_day: -1 is out of range",
    ),
    (&[(62, "notional = 0")], ":62: agent.1.escrow.notional: 0 is out of range: above 0 USDC"),
    (
        &[(62, "notional = 50\nsigma = 6")],
        ":63: agent.1.escrow.sigma: 6 is out of range: at least 0, at most 5",
    ),
    (
        &[(62, "notional = 50\npayer_share = 2")],
        ":63: agent.1.escrow.payer_share: 2 is out of range",
    ),
    (
        &[(62, "notional = 50\ncounterparties = [\"bob\"]")],
        ":63: agent.1.escrow.counterparties.0: unknown agent bob",
    ),
    (
        &[(62, "notional = 50\nconfirm_mean = 1")],
        ":63: agent.1.escrow.confirm_mean: 1 is not a duration",
    ),
    (&[(62, "notional = 50\nnever = 2")], ":63: agent.1.escrow.never: 2 is out of range"),
    (&[(62, "notional = 50\ndispute = 2")], ":63: agent.1.escrow.dispute: 2 is out of range"),
    (
        &[(62, "notional = 50\nverdict_time = 2")],
        ":63: agent.1.escrow.verdict_time: 2 is not a duration",
    ),
    (
        &[(62, "notional = 50\nverdict_payee = 2")],
        ":63: agent.1.escrow.verdict_payee: 2 is out of range",
    ),
    (
        &[(62, "notional = 50\nverdict_payer = 2")],
        ":63: agent.1.escrow.verdict_payer: 2 is out of range",
    ),
    (
        &[(62, "notional = 50\ntimeout = \"0s\"")],
        ":63: agent.1.escrow.timeout: \"0s\" is out of range",
    ),
    (
        &[(62, "notional = 50\non_timeout = \"payee\"")],
        ":63: agent.1.escrow.on_timeout: \"payee\" is not one of \"to_payee\", \"to_payer\"",
    ),
    (&[(62, "notional = 50\nreferrer = \"c\"")], ":63: agent.1.escrow.referrer: unknown agent c"),
    (
        &[(62, "notional = 50\nagreement = \"dayly\"")],
        ":63: agent.1.escrow.agreement: unknown agreement dayly; did you mean daily?",
    ),
    // Loans.
    (
        &[(64, "side = \"give\"")],
        ":64: agent.1.loan.0.side: \"give\" is not one of \"lend\", \"borrow\"",
    ),
    (
        &[(65, "asset = \"ETC\"")],
        ":65: agent.1.loan.0.asset: ETC is no asset of [holdings]; did you mean ETH?",
    ),
    (&[(66, "amount = 0")], ":66: agent.1.loan.0.amount: 0 is out of range: above 0"),
    (
        &[(66, "amount = \"one\"")],
        ":66: agent.1.loan.0.amount: \"one\" is not an amount of an asset; write units",
    ),
    (
        &[(66, "amount = \"1 USDC\"")],
        ":66: agent.1.loan.0.amount: 1 USDC is no amount of ETH; write units of ETH",
    ),
    (
        &[(66, "amount = 1\ncounterparty = \"c\"")],
        ":67: agent.1.loan.0.counterparty: unknown agent c",
    ),
    (&[(66, "amount = 1\nat = 3")], ":67: agent.1.loan.0.at: 3 is not a duration"),
    (
        &[(66, "amount = 1\nrate = 11")],
        ":67: agent.1.loan.0.rate: 11 is out of range: at least 0, at most 10",
    ),
    (&[(66, "amount = 1\nrecall_at = 3")], ":67: agent.1.loan.0.recall_at: 3 is not a duration"),
    (&[(66, "amount = 1\nrepay_at = 3")], ":67: agent.1.loan.0.repay_at: 3 is not a duration"),
    (
        &[(66, "amount = 1\ncollateral = \"12 ETH\"")],
        ":67: agent.1.loan.0.collateral: 12 ETH is no amount of USDC",
    ),
    (
        &[(66, "amount = 1\ncompounding = 1")],
        ":67: agent.1.loan.0.compounding: 1 is not one of \"simple\", \"daily\"",
    ),
    (
        &[(66, "amount = 1\ninterest_interval = \"1ms\"")],
        ":67: agent.1.loan.0.interest_interval: interest would be paid 360000000 times in the run",
    ),
    (
        &[(66, "amount = 1\ninterest_interval = 1")],
        ":67: agent.1.loan.0.interest_interval: 1 is not a duration",
    ),
    (
        &[(66, "amount = 1\ncollateral_asset = \"ETH\"")],
        ":67: agent.1.loan.0.collateral_asset: the collateral is the asset that is lent",
    ),
    (
        &[(66, "amount = 1\ncollateral_ratio = 101")],
        ":67: agent.1.loan.0.collateral_ratio: 101 is out of range",
    ),
    (
        &[(66, "amount = 1\nrequirement = -1")],
        ":67: agent.1.loan.0.requirement: -1 is out of range",
    ),
    (&[(66, "amount = 1\nnotice = \"1\"")], ":67: agent.1.loan.0.notice: \"1\" is not a duration"),
    (&[(66, "amount = 1\ngrace = \"1\"")], ":67: agent.1.loan.0.grace: \"1\" is not a duration"),
    (&[(66, "amount = 1\nlong_term = 1")], ":67: agent.1.loan.0.long_term: 1 is not a truth value"),
    // Trades, contracts, obligations, moves.
    (&[(68, "at = 1\nasset = \"ETH\"")], ":68: agent.1.trade.0.at: 1 is not a duration"),
    (
        &[(68, "asset = \"USDC\"")],
        ":68: agent.1.trade.0.asset: USDC is what holdings are traded against",
    ),
    (
        &[(69, "side = \"long\"")],
        ":69: agent.1.trade.0.side: \"long\" is not one of \"buy\", \"sell\"",
    ),
    (
        &[(70, "quantity = 1e9")],
        ":70: agent.1.trade.0.quantity: 1e9 is out of range: above 0, at most 90000000",
    ),
    (&[(70, "usdc = 0")], ":70: agent.1.trade.0.usdc: 0 is out of range: above 0 USDC"),
    (&[(70, "all = 1")], ":70: agent.1.trade.0.all: 1 is not a truth value"),
    (&[(72, "at = 1\npayee = \"b\"")], ":72: agent.1.contract.0.at: 1 is not a duration"),
    (
        &[(72, "payee = \"c\"")],
        ":72: agent.1.contract.0.payee: unknown agent c; known: a, b, outside",
    ),
    (
        &[(72, "payer = \"b\"")],
        ":72: agent.1.contract.0.payer: an agent's payment is written at that agent",
    ),
    (&[(73, "amount = 0")], ":73: agent.1.contract.0.amount: 0 is out of range: above 0 USDC"),
    (
        &[(74, "deadline = \"0s\"")],
        ":74: agent.1.contract.0.deadline: \"0s\" is out of range: at least 1ms",
    ),
    (&[(73, "amount = 1\non_timeout = 1")], ":74: agent.1.contract.0.on_timeout: 1 is not one of"),
    (&[(73, "amount = 1\nreferrer = \"c\"")], ":74: agent.1.contract.0.referrer: unknown agent c"),
    (
        &[(73, "amount = 1\nfund_after = 1")],
        ":74: agent.1.contract.0.fund_after: 1 is not a duration",
    ),
    (
        &[(73, "amount = 1\npayer_confirms_after = 1")],
        ":74: agent.1.contract.0.payer_confirms_after: 1 is not a duration",
    ),
    (
        &[(73, "amount = 1\npayee_confirms_after = 1")],
        ":74: agent.1.contract.0.payee_confirms_after: 1 is not a duration",
    ),
    (
        &[(73, "amount = 1\nreducible = 1")],
        ":74: agent.1.contract.0.reducible: 1 is not a truth value",
    ),
    (
        &[(73, "amount = 1\ndiscretionary = 1")],
        ":74: agent.1.contract.0.discretionary: 1 is not a truth value",
    ),
    (
        &[(73, "amount = 1\ndispute = { resolution = \"to_payee\" }")],
        ":74: agent.1.contract.0.dispute.after: after is missing",
    ),
    (
        &[(
            73,
            "amount = 1\ndispute = { after = \"1h\", resolution = \"to_payee\", verdict_after = 1 }",
        )],
        ":74: agent.1.contract.0.dispute.verdict_after: 1 is not a duration",
    ),
    (
        &[(73, "amount = 1\ndispute = { after = \"1h\", resolution = \"payee\" }")],
        ":74: agent.1.contract.0.dispute.resolution: \"payee\" is not one of \"to_payee\", \"to_payer\", \"split\"",
    ),
    (
        &[(73, "amount = 1\ndispute = { after = \"1h\", resolution = \"split\", share = 2 }")],
        ":74: agent.1.contract.0.dispute.share: 2 is out of range: at least 0, at most 1",
    ),
    (&[(76, "at = 1\nagreement = \"daily\"")], ":76: agent.1.obligation.0.at: 1 is not a duration"),
    (
        &[(76, "agreement = \"x\"")],
        ":76: agent.1.obligation.0.agreement: unknown agreement x; known: daily",
    ),
    (&[(77, "payee = \"c\"")], ":77: agent.1.obligation.0.payee: unknown agent c"),
    (&[(78, "amount = 0")], ":78: agent.1.obligation.0.amount: 0 is out of range"),
    (
        &[(78, "amount = 1\nevery = \"0s\"")],
        ":79: agent.1.obligation.0.every: \"0s\" is out of range",
    ),
    (
        &[(78, "amount = 1\nevery = \"1h\"\ncount = 0")],
        ":80: agent.1.obligation.0.count: 0 is out of range",
    ),
    (&[(80, "at = 1\nfrom = \"main\"")], ":80: agent.1.move.0.at: 1 is not a duration"),
    (
        &[(80, "from = \"wallet\"")],
        ":80: agent.1.move.0.from: \"wallet\" is not one of \"trading\", \"escrow\"",
    ),
    (&[(81, "to = \"trade\"")], ":81: agent.1.move.0.to: \"trade\" is not one of"),
    (&[(82, "amount = 0")], ":82: agent.1.move.0.amount: 0 is out of range"),
    (
        &[(86, "collateral = 100\nreducible = 1")],
        ":87: agent.1.position.0.reducible: 1 is not a truth value",
    ),
    (
        &[(86, "collateral = 100\ndiscretionary = 1")],
        ":87: agent.1.position.0.discretionary: 1 is not a truth value",
    ),
    // Names that mean something.
    (&[(17, "[holdings.DOGE]\n[holdings.ETH]")], ":17: holdings.DOGE: asset DOGE has no prices"),
    (
        &[(17, "[holdings.USDC]\n[holdings.ETH]")],
        ":17: holdings.USDC: USDC is the money of the run and no holding",
    ),
    (
        &[(49, "holdings = { ETH = 5, USDC = 1 }")],
        ":49: agent.1.holdings.USDC: USDC is no holding; the wallet is USDC",
    ),
    (
        &[(49, "holdings = { ETH = 0.000000001 }")],
        ":49: agent.1.holdings.ETH: 0.000000001 ETH is less than 0.00000001",
    ),
    (
        &[
            (43, "name = \"outside\""),
            (22, "members = [\"a\", \"outside\"]"),
            (72, "payee = \"outside\""),
            (77, "payee = \"outside\""),
        ],
        ":43: agent.0.name: \"outside\" is everybody who is no agent of the run",
    ),
    (
        &[(22, "members = [\"a\", \"b\", \"a\"]")],
        ":22: agreements.daily.members.2: a is a member of daily twice",
    ),
    (
        &[(21, "[agreements.alone]\nmembers = [\"a\"]\n[agreements.daily]")],
        ":22: agreements.alone.members: alone has 1 members; give at least two",
    ),
    (
        &[(25, "[lending.pools.SOL]\npreset = \"prime\"\n[lending.pools.ETH]")],
        ":25: lending.pools.SOL: SOL is no asset of [holdings]; give it a table [holdings.SOL]",
    ),
    (
        &[
            (
                10,
                "ETH = { start_price = 10, volatility = 0.7 }\nX = { start_price = 1, volatility = 1 }",
            ),
            (17, "[holdings.X]\n[holdings.ETH]"),
            (65, "asset = \"X\""),
        ],
        ":67: agent.1.loan.0.asset: X has no pool and is not lent; give it a table [lending.pools.X]",
    ),
    (
        &[
            (
                10,
                "ETH = { start_price = 10, volatility = 0.7 }\nX = { start_price = 1, volatility = 1 }",
            ),
            (17, "[holdings.X]\n[holdings.ETH]"),
            (25, "[lending.pools.X]\npreset = \"prime\"\n[lending.pools.ETH]"),
        ],
        ":28: lending.pools.X.preset: the prime table has no rate of X; it has USDC, ETH, BTC, SOL",
    ),
    // Custody.
    (&[(45, "")], ":42: agent.0.silos: silo custody needs to know how the wallet of b is split"),
    (
        &[(50, "silos = { trading = 1800, casino = 200 }")],
        ":50: agent.1.silos: the silos hold 2000 USDC, the wallet 3000 USDC; make them sum to the wallet",
    ),
    (
        &[(81, "to = \"main\"")],
        ":81: agent.1.move.0.to: the money moves to where it is; name another silo",
    ),
    (
        &[(41, "target = 5")],
        ":41: policy.keep_in_trading.target: target 5 USDC is below least 10 USDC",
    ),
    (
        &[(50, "silos = { trading = 50, casino = 200, main = 2750 }"), (86, "margin = \"cross\"")],
        ":50: agent.1.silos.trading: 50.00 USDC behind the cross positions in the trading silo do not meet their initial margin of 90.00 USDC; put at least \"90 USDC\" into it",
    ),
    // Pools and loans.
    (
        &[(26, "preset = \"prime\"\nrate = 0.05")],
        ":25: lending.pools.ETH: preset and rate are given together; give exactly one",
    ),
    (
        &[(26, "rate = 0.05\ncolumns = { time = \"t\" }")],
        ":27: lending.pools.ETH.columns: columns without a file",
    ),
    (
        &[(26, "curve = { base = 1, slope1 = 5, slope2 = 5, kink = 0.9 }")],
        ":26: lending.pools.ETH.curve: the rate where everything is lent is 11; at most 10 a year",
    ),
    (
        &[(26, "utilisation = 1\ndemand = {}")],
        ":26: lending.pools.ETH.utilisation: demand moves logit(u), and utilisation is 1; above 0 and below 1",
    ),
    (
        &[(26, "cure = { base = 1.5 }")],
        ":26: lending.pools.ETH.cure.base: cure is a probability, and base is 1.5; at most 1",
    ),
    (
        &[(26, "recall_failure = { base = 2 }")],
        ":26: lending.pools.ETH.recall_failure.base: recall_failure is a probability",
    ),
    (
        &[(66, "amount = 1\ncollateral_ratio = 1.05")],
        ":67: agent.1.loan.0.collateral_ratio: collateral_ratio 1.05 is below the requirement of 1.1; such a loan is refused",
    ),
    (
        &[(66, "amount = 1\nrequirement = 1.3")],
        ":67: agent.1.loan.0.requirement: collateral_ratio 1.2 is below the requirement of 1.3",
    ),
    (
        &[(66, "amount = 1\ncollateral = 12\ncollateral_ratio = 1.2")],
        ":68: agent.1.loan.0.collateral_ratio: both collateral and collateral_ratio are given",
    ),
    (
        &[(65, "asset = \"USDC\""), (66, "amount = 100")],
        ":63: agent.1.loan.0.collateral_asset: a loan of USDC needs a collateral_asset",
    ),
    (
        &[(65, "asset = \"USDC\""), (66, "amount = 100\nrate = 0.04\ncollateral_asset = \"ETH\"")],
        ":67: agent.1.loan.0.rate: the rate 0.04 is below the pool's least_rate 0.05; such a loan is refused",
    ),
    (
        &[(65, "asset = \"USDC\""), (66, "amount = \"0.5 USDC\"\ncollateral_asset = \"ETH\"")],
        ":66: agent.1.loan.0.amount: a loan of 0.5 USDC is below lending.min_loan 1 USDC",
    ),
    (
        &[(66, "amount = 9.1e7")],
        ":66: agent.1.loan.0.amount: 91000000 ETH is outside what is exact: 0.00000001 to 90,071,992",
    ),
    (
        &[(66, "amount = 1\ncounterparty = \"a\"")],
        ":67: agent.1.loan.0.counterparty: lender and borrower are one",
    ),
    (
        &[(66, "amount = 1\nrepay_at = \"1d\"")],
        ":67: agent.1.loan.0.repay_at: a lender repays nothing; write recall_at",
    ),
    (
        &[(64, "side = \"borrow\""), (66, "amount = 1\nrecall_at = \"1d\"")],
        ":67: agent.1.loan.0.recall_at: a borrower recalls nothing; write repay_at",
    ),
    (
        &[(66, "amount = 1\nat = \"1d\"\nrecall_at = \"1d\"")],
        ":68: agent.1.loan.0.recall_at: recall_at 1d is not after at 1d; give a later instant",
    ),
    (
        &[(38, "max_share = 0.5")],
        ":38: policy.utilisation.lend.ETH.max_share: max_share 0.5 is above lending.max_lent_share 0.4; the venue refuses",
    ),
    (
        &[(38, "min_loan = \"0.5 USDC\"")],
        ":38: policy.utilisation.lend.ETH.min_loan: min_loan 0.5 USDC is below lending.min_loan 1 USDC",
    ),
    (
        &[(38, "requirement = 1.25")],
        ":38: policy.utilisation.lend.ETH.requirement: collateral_ratio 1.2 is below the requirement of 1.25",
    ),
    (
        &[(24, "step = \"1ms\"")],
        ":24: lending.step: 360000000 steps of 1ms in the run; at most 1000000",
    ),
    // 0.05 ETH at 10; 1.1 times a loan of 10; 9e7 ETH at 1,000.
    (
        &[(66, "amount = 0.05")],
        ":66: agent.1.loan.0.amount: the loan is worth 0.50 USDC at the start, below lending.min_loan 1 USDC; such a loan is refused",
    ),
    (
        &[(66, "amount = 1\ncollateral = 10.99")],
        ":67: agent.1.loan.0.collateral: the collateral is worth 10.99 USDC at the start, less than the requirement of 1.1 × 10.00",
    ),
    (
        &[(10, "ETH = { start_price = 1000, volatility = 0.1 }"), (66, "amount = 9e7")],
        ":66: agent.1.loan.0.amount: the loan is worth 90000000000.00 USDC at the start, above 1e10 USDC",
    ),
    // Services.
    (
        &[(28, "step = \"1ms\"")],
        ":28: services.step: 360000000 steps of 1ms in the run; at most 1000000",
    ),
    (&[(54, "")], ":51: agent.1.casino.stake: neither stake nor stake_fraction is given"),
    (
        &[(54, "stake = 1\nstake_fraction = 0.1")],
        ":54: agent.1.casino.stake: both stake and stake_fraction are given",
    ),
    (
        &[(54, "stake = 101")],
        ":54: agent.1.casino.stake: a stake of 101 USDC is above the bankroll of 100 USDC",
    ),
    (
        &[(54, "stake = 1\npayoff = 0.5")],
        ":55: agent.1.casino.payoff: a bet wins with probability (1 − 0.02) / 0.5 = 1.9600; at most 1",
    ),
    // 500 a step of an hour are 12,000 a day.
    (
        &[(53, "bets_per_day = 12_001")],
        ":53: agent.1.casino.bets_per_day: 12001 a day are 500 in a step of 1h; at most 500; at most 12000 a day, or a shorter services.step",
    ),
    (
        &[(56, "registrations_per_day = 13_000")],
        ":56: agent.1.domains.registrations_per_day: 13000 a day are 542 in a step",
    ),
    (
        &[(58, "sales_per_day = 13_000")],
        ":58: agent.1.domains.sales_per_day: 13000 a day are 542 in a step",
    ),
    (
        &[(61, "contracts_per_day = 13_000")],
        ":61: agent.1.escrow.contracts_per_day: 13000 a day are 542 in a step",
    ),
    (
        &[(62, "notional = 50\nnever = 0.6\ndispute = 0.5")],
        ":63: agent.1.escrow.never: never 0.6 and dispute 0.5 are more than 1",
    ),
    (
        &[(62, "notional = 50\nverdict_payer = 0.6")],
        ":63: agent.1.escrow.verdict_payer: verdict_payee 0.5 and verdict_payer 0.6 are more than 1",
    ),
    // 50·exp(5·8.5 − 12.5) = 50·exp(30) = 5.343e14.
    (
        &[(62, "notional = 50\nsigma = 5")],
        ":63: agent.1.escrow.sigma: a notional of 5.343e14 USDC can be drawn; at most 1e12",
    ),
    (
        &[(62, "notional = 50\ncounterparties = [\"a\"]")],
        ":63: agent.1.escrow.counterparties.0: a is on both sides",
    ),
    (
        &[(62, "notional = 50\ncounterparties = []")],
        ":63: agent.1.escrow.counterparties: nobody is on the other side",
    ),
    (
        &[(62, "notional = 50\ncounterparties = [\"b\", \"outside\"]")],
        ":63: agent.1.escrow.counterparties.1: \"outside\" stands beside agents",
    ),
    (
        &[(62, "notional = 50\ncounterparties = [\"b\", \"b\"]")],
        ":63: agent.1.escrow.counterparties.1: b is named twice",
    ),
    (
        &[
            (21, "[agreements.two]\nmembers = [\"b\", \"outside\"]\n[agreements.daily]"),
            (62, "notional = 50\nagreement = \"two\""),
        ],
        ":65: agent.1.escrow.agreement: a is no member of two; both sides must be members",
    ),
    (
        &[(9, "BTC = { start_price = 100, volatility = 0 }")],
        ":27: services.volatility: no volatility of BTC is known, in which casino, domains and escrow flows measure its returns",
    ),
    (
        &[(30, "casino-casino = 0.4")],
        ":30: services.correlations.casino-casino: casino is always correlated with itself by 1",
    ),
    (
        &[(30, "BTC-ETH = 0.4")],
        ":30: services.correlations.BTC-ETH: \"BTC-ETH\" is no pair of a service and a service or an asset",
    ),
    (
        &[(30, "casino-BTC = 0.4")],
        ":30: services.correlations.casino-BTC: BTC stands for trading; write casino alone",
    ),
    (
        &[(30, "casino-DOGE = 0.4")],
        ":30: services.correlations.casino-DOGE: asset DOGE has no prices",
    ),
    (
        &[(30, "casino-escrow = 0.4\nescrow-casino = 0.3")],
        "the correlation escrow-casino is given twice; give it once, in either order",
    ),
    // The joint matrix of BTC, ETH and the four services; numpy.linalg.eigvalsh: −0.92448.
    (
        &[(30, "casino = 0.9\ndomains = 0.9\ncasino-domains = -0.9")],
        ":29: services.correlations: these correlations cannot hold together: their smallest eigenvalue is -0.92448",
    ),
    // The policy.
    (
        &[(32, "yellow = 0.8")],
        ":32: policy.utilisation.yellow: yellow 0.8 is not below orange 0.75; yellow < orange",
    ),
    (&[(32, "orange = 0.9")], ":32: policy.utilisation.orange: orange 0.9 is not below red 0.85"),
    (
        &[(32, "hysteresis = 0.6")],
        ":32: policy.utilisation.hysteresis: hysteresis 0.6 is not below yellow 0.6",
    ),
    (
        &[(36, "target = 0.75")],
        ":36: policy.utilisation.rebalance.target: target 0.75 is not below orange 0.75",
    ),
    (
        &[(32, "poll = \"50ms\"")],
        ":32: policy.utilisation.poll: a latency of 50ms is not below a poll of 50ms",
    ),
    (
        &[(31, "[policy]\nlatency = \"1m\"\n[policy.utilisation]")],
        ":32: policy.latency: a latency of 1m is not below a poll of 30s; latency < policy.utilisation.poll",
    ),
    // The schedule.
    (
        &[(70, "")],
        ":67: agent.1.trade.0: none of quantity, usdc and all is given; give exactly one",
    ),
    (
        &[(70, "quantity = 1\nusdc = 3")],
        ":67: agent.1.trade.0: quantity and usdc are given together",
    ),
    (&[(70, "all = true")], ":70: agent.1.trade.0.all: a purchase of all; give quantity or usdc"),
    (
        &[(70, "quantity = 1e-9")],
        ":70: agent.1.trade.0.quantity: the quantity is outside what is exact",
    ),
    (&[(72, "")], ":71: agent.1.contract.0: neither payee nor payer is given"),
    (
        &[(72, "payee = \"b\"\npayer = \"outside\"")],
        ":71: agent.1.contract.0: both payer and payee are given",
    ),
    (&[(72, "payee = \"a\"")], ":72: agent.1.contract.0.payee: payer and payee are one"),
    (
        &[(73, "amount = 1\ndispute = { after = \"1h\", resolution = \"split\" }")],
        ":74: agent.1.contract.0.dispute.share: a split needs the payee's share",
    ),
    (
        &[(73, "amount = 1\ndispute = { after = \"1h\", resolution = \"to_payee\", share = 0.5 }")],
        ":74: agent.1.contract.0.dispute.share: share without resolution = \"split\"",
    ),
    (&[(77, "payee = \"a\"")], ":77: agent.1.obligation.0.payee: payer and payee are one"),
    (
        &[(22, "members = [\"a\", \"outside\"]")],
        ":77: agent.1.obligation.0.payee: b is no member of daily; name it among its members",
    ),
    (&[(78, "amount = 1\ncount = 3")], ":79: agent.1.obligation.0.count: count without every"),
    (
        &[(78, "amount = 1\nevery = \"1ms\"")],
        ":79: agent.1.obligation.0.every: more than 100000 obligations in the run",
    ),
    // Room in the ledger.
    (
        &[(49, "holdings = { ETH = 9e7 }"), (10, "ETH = { start_price = 1e6, volatility = 0.7 }")],
        ":49: agent.1.holdings: what it holds can grow to",
    ),
    (&[(59, "revenue = 1e12")], ":59: agent.1.domains.revenue: the revenue can grow to"),
    (&[(62, "notional = 1e12")], ":62: agent.1.escrow.notional: the sum of contracts can grow to"),
    (
        &[(78, "amount = 1e12\nevery = \"1h\"")],
        ":75: agent.1.obligation: the sum of contracts and obligations can grow to 1.01",
    ),
    // A year and more at 1,000 % a year, compounded: e^(10·2.28) times the loan.
    (
        &[(7, "steps = 20000"), (66, "amount = 1e4\nrate = 10\ncompounding = \"daily\"")],
        ":66: agent.1.loan.0.amount: the loan can grow to",
    ),
    // Half of the bankroll on every bet, 2,400 of them: no bound worth the name.
    (
        &[(7, "steps = 20000"), (54, "stake_fraction = 0.5")],
        ":52: agent.1.casino.bankroll: the bankroll can grow to",
    ),
    // Without prime brokerage there is nothing to split.
    (
        &[(3, "nulls = [\"silos\"]")],
        ":3: nulls.0: \"silos\" is not one of \"do_nothing\", \"start_smaller\", \"stop_loss\", \"silo\", \"no_drift\", \"no_impact\"; did you mean \"silo\"?",
    ),
];

/// Several faults at once.
pub const SEVERAL: &[Rows] = &[(
    &[
        (18, "haircut = 2"),
        (22, "members = [\"a\"]"),
        (32, "yellow = 0.9"),
        (52, "bankroll = \"x\""),
        (72, "payee = \"bb\""),
        (81, "to = \"main\""),
    ],
    &[
        ":18: holdings.ETH.haircut: 2 is out of range",
        ":22: agreements.daily.members: daily has 1 members",
        ":32: policy.utilisation.yellow: yellow 0.9 is not below orange 0.75",
        ":52: agent.1.casino.bankroll: \"x\" is not an amount of USDC",
        ":72: agent.1.contract.0.payee: unknown agent bb; did you mean b?",
        ":77: agent.1.obligation.0.payee: b is no member of daily",
        ":81: agent.1.move.0.to: the money moves to where it is",
    ],
)];

/// Warnings.
pub const ODD: &[Row] = &[
    (&[(3, "nulls = []")], ":50: agent.1.silos: silos have no effect under unified custody"),
    (&[(3, "nulls = []")], "agent.1.move.0: a move has no effect under unified custody"),
    (
        &[(3, "nulls = []")],
        ":39: policy.keep_in_trading: keep_in_trading has no effect under unified custody",
    ),
    (&[(16, "mode = \"silo\"")], ":3: nulls: the plan itself is under silo custody"),
    (
        &[(38, "min_rate = 0.05")],
        ":38: policy.utilisation.lend.ETH.min_rate: ETH is never lent: its pool's rate stays 0.042, below min_rate 0.05",
    ),
    (
        &[(26, "rate = 0.03\nleast_rate = 0.04")],
        "ETH is never lent: its pool's rate stays 0.03, below min_rate 0.04",
    ),
    (
        &[(26, "least_rate = 0.02"), (38, "min_rate = 0.01")],
        ":38: policy.utilisation.lend.ETH.min_rate: min_rate 0.01 is below the least_rate 0.02 of the pool",
    ),
    (
        &[(66, "amount = 6")],
        ":66: agent.1.loan.0.amount: a starts with 5 ETH, less than the 6 ETH of this loan",
    ),
    (
        &[(66, "amount = 3")],
        ":66: agent.1.loan.0.amount: 3 ETH are more than lending.max_lent_share 0.4 of the 5 ETH that a starts with",
    ),
    (&[(66, "amount = 1\nrequirement = 1.2")], "collateral_ratio and requirement are both 1.2"),
    (
        &[
            (24, "max_loans = 1"),
            (67, "[[agent.loan]]\nside = \"lend\"\nasset = \"ETH\"\namount = 1\n[[agent.trade]]"),
        ],
        ":24: lending.max_loans: 2 loans are written, of which 1 can be open at once",
    ),
    (
        &[(28, "step = \"10m\"")],
        ":28: services.step: a step of 10m is shorter than a tick of prices, 1h",
    ),
    (
        &[(28, "step = \"10d\"")],
        ":28: services.step: a step of 10d is longer than the run: no flow comes",
    ),
    (
        &[(28, "volatility = { BTC = 1.2 }")],
        ":28: services.volatility.BTC: the volatility 1.2 of BTC is far from that of its prices, 0.6000",
    ),
    // 100 of collateral and 100 of bankroll over 3,100 and 40 of ETH: 200 / 3,140 = 0.0637.
    (
        &[(32, "yellow = 0.05"), (36, "target = 0.04")],
        ":32: policy.utilisation.yellow: a starts at a utilisation of 0.064, not below yellow 0.05",
    ),
    (
        &[(36, "target = 0.7")],
        ":36: policy.utilisation.rebalance.target: target 0.7 is not below yellow 0.6",
    ),
    (
        &[(37, ""), (38, ""), (64, "side = \"borrow\"")],
        ":33: policy.utilisation.recall: recall can never act: no agent under it gives a loan",
    ),
    (
        &[
            (44, "wallet = 500"),
            (
                73,
                "amount = 1
reducible = false",
            ),
            (
                86,
                "collateral = 100
reducible = false",
            ),
        ],
        ":35: policy.utilisation.rebalance: rebalance can never act: nothing under it is reducible",
    ),
    (
        &[(52, "bankroll = 4000")],
        ":52: agent.1.casino.bankroll: a bankroll of 4000 USDC is above the wallet of a, 3000 USDC",
    ),
    (
        &[(52, "bankroll = 300")],
        ":52: agent.1.casino.bankroll: a bankroll of 300 USDC is above the casino's silo, 200 USDC",
    ),
    (
        &[(15, "[margin_call]\nratio = 0.8\n[custody]")],
        ":33: policy.utilisation.red: red 0.85 lies above margin_call.ratio 0.8: the broker calls first",
    ),
    (
        &[(73, "amount = 1\nfund_after = \"1d\"")],
        ":74: agent.1.contract.0.fund_after: a contract with a deadline of 1d and fund_after = 1d is never funded",
    ),
    (
        &[(73, "amount = 1\npayer_confirms_after = \"2d\"")],
        ":74: agent.1.contract.0.payer_confirms_after: payer_confirms_after = 2d lies behind the deadline of 1d",
    ),
    (
        &[(73, "amount = 1\ndispute = { after = \"2d\", resolution = \"to_payer\" }")],
        "dispute.after = 2d lies behind the deadline of 1d",
    ),
    (
        &[(68, "asset = \"ETH\"\nat = \"9d\"")],
        ":69: agent.1.trade.0.at: 9d after the start never comes: the run is 100h long",
    ),
    (
        &[(66, "amount = 1\nrecall_at = \"9d\"")],
        ":67: agent.1.loan.0.recall_at: 9d after the start never comes",
    ),
    (
        &[(22, "members = [\"a\", \"b\"]\ninterval = \"7d\"")],
        ":23: agreements.daily.interval: daily never settles: the run is 100h long",
    ),
    // 1.2 × 300 ETH at 10.
    (
        &[(64, "side = \"borrow\"\ncounterparty = \"b\""), (66, "amount = 300")],
        "a starts with USDC worth 3000.00 USDC, less than the collateral of 3600.00 USDC",
    ),
    (
        &[(32, "poll = \"9d\"")],
        ":32: policy.utilisation.poll: 9d after the start never comes: the run is 100h long",
    ),
];
