//! Fleets: a good one, and what is said when a piece is replaced.

pub const FLEET: &str = r#"name = "fleets"
paths = 10
[prices]
model = "gbm"
step = "1h"
steps = 50
[prices.assets.BTC]
start_price = 100
volatility = 0.6
[markets.BTC-PERP]
asset = "BTC"
[fleet.desk]
coordinator = "boss"
dry_powder = "20 %"
[fleet.desk.release]
cure_hf = 1.4
max_per_cure = "100 USDC"
max_per_day = "200 USDC"
[fleet.desk.zones]
poll = "30s"
latency = "50ms"
orange = 0.75
red = 0.85
target = 0.55
[fleet.desk.reallocation]
every = "1d"
sample = "1h"
window = 20
least_samples = 10
[[agent]]
name = "boss"
wallet = "3000 USDC"
[[agent]]
name = "sub"
wallet = "500 USDC"
[agent.delegation]
fleet = "desk"
max_margin = "1500 USDC"
services = ["trading", "casino"]
[agent.casino]
bankroll = "100 USDC"
bets_per_day = 24
stake = "1 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
[[agent.draw]]
at = "1h"
amount = "10 USDC"
"#;

/// What is replaced, by what, and what is said.
pub const ROWS: &[(&str, &str, &str)] = &[
    (
        "coordinator = \"boss\"",
        "coordinator = \"bos\"",
        "fleet.desk.coordinator: unknown agent bos; did you mean boss?",
    ),
    (
        "coordinator = \"boss\"",
        "coordinator = \"sub\"",
        "agent.1.delegation.fleet: sub coordinates a fleet and is a sub-account; a coordinator has the master wallet and no delegation",
    ),
    (
        "fleet = \"desk\"",
        "fleet = \"dsk\"",
        "agent.1.delegation.fleet: unknown fleet dsk; did you mean desk?",
    ),
    (
        "wallet = \"3000 USDC\"",
        "wallet = \"1800 USDC\"",
        "fleet.desk: the master wallet of desk has 1800 USDC, of which 360 USDC are dry powder, but its sub-accounts start with 1500 USDC; give boss a wallet of at least 1875 USDC",
    ),
    (
        "max_margin = \"1500 USDC\"",
        "max_margin = \"1499 USDC\"",
        "agent.1.delegation.max_margin: sub starts with 1500 USDC of wallet and collateral, but 1499 USDC is delegated; what it starts with is drawn from the master wallet",
    ),
    (
        "[\"trading\", \"casino\"]",
        "[\"casino\"]",
        "agent.1.delegation.services: sub has positions, but trading is not delegated; add \"trading\"",
    ),
    ("[\"trading\", \"casino\"]", "[\"trading\", \"casio\"]", "services.1: "),
    (
        "cure_hf = 1.4",
        "cure_hf = 1.04",
        "fleet.desk.release.cure_hf: cure_hf 1.04 is not above liquidation_hf 1.05; a cure must leave more than what the venue closes at",
    ),
    (
        "orange = 0.75",
        "orange = 0.9",
        "fleet.desk.zones.orange: orange 0.9 is not below red 0.85; orange < red",
    ),
    (
        "target = 0.55",
        "target = 0.85",
        "fleet.desk.zones.target: target 0.85 is not below red 0.85; target < red",
    ),
    (
        "latency = \"50ms\"",
        "latency = \"30s\"",
        "fleet.desk.zones.latency: a latency of 30s is not below a poll of 30s; latency < poll",
    ),
    (
        "least_samples = 10",
        "least_samples = 21",
        "fleet.desk.reallocation.least_samples: least_samples 21 is above window 20: no delegation ever moves; least_samples <= window",
    ),
    ("dry_powder = \"20 %\"", "dry_powder = 1", "fleet.desk.dry_powder: 1 is out of range"),
    ("amount = \"10 USDC\"", "amount = \"0 USDC\"", "agent.1.draw.0.amount: "),
];

/// What is replaced, by what, and what is warned of.
pub const WARNINGS: &[(&str, &str, &str)] = &[
    (
        "[\"trading\", \"casino\"]",
        "[\"trading\"]",
        "sub uses casino, which is not delegated: the venue turns it down",
    ),
    ("max_per_cure = \"100 USDC\"", "max_per_cure = \"300 USDC\"", "it never binds"),
    ("sample = \"1h\"", "sample = \"2d\"", "a sample of 2d is longer than every 1d"),
    ("at = \"1h\"", "at = \"90h\"", "90h lies after the end of the run"),
];
