//! A wrong scenario names file, line, field, value and what would be right, all errors at once.

mod bad;

use std::path::{Path, PathBuf};

use drypowder::policy::{CountRecalled, RebalanceSpec, UtilisationBounds};
use drypowder::scenario::{Diagnostics, Scenario, template};
use drypowder::venue::exchange::Slippage;

/// Lines are numbered from 1; each row of the tables replaces some of them.
const GOOD: &str = r#"name = "good"
seed = 1
paths = 10
[run]
start = 2026-01-01T00:00:00Z
[prices]
model = "gbm"
step = "1h"
steps = 100
[prices.assets.BTC]
start_price = 100
volatility = 0.6
[prices.assets.ETH]
start_price = 10
volatility = 0.7
[prices.correlation]
"BTC-ETH" = 0.8
[exchange]
insurance_fund = "0 USDC"
[markets.BTC-PERP]
asset = "BTC"
maintenance_margin = "15 %"
liquidation_hf = 1.05
[markets.ETH-PERP]
asset = "ETH"
[policy]
poll = "1h"
[policy.top_up]
warning_threshold = 1.6
danger_threshold = 1.2
target_health_factor = 2.0
[[agent]]
name = "a"
wallet = "3000 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
[[agent.position]]
market = "ETH-PERP"
notional = "300 USDC"
collateral = "100 USDC"
"#;

/// Loads a text as if it were `tests/s.toml`.
fn load(text: &str, overrides: &[(&str, &str)]) -> Result<Scenario, Diagnostics> {
    let owned = |(path, value): &(&str, &str)| ((*path).to_owned(), (*value).to_owned());
    let overrides: Vec<(String, String)> = overrides.iter().map(owned).collect();
    Scenario::from_text(Path::new("tests/s.toml"), text, &overrides)
}

/// `GOOD` with some lines replaced.
fn edited(edits: &[(usize, &str)]) -> String {
    edited_in(GOOD, edits)
}

/// A text with some lines replaced.
fn edited_in(good: &str, edits: &[(usize, &str)]) -> String {
    let mut lines: Vec<&str> = good.lines().collect();
    for (line, text) in edits {
        lines[line - 1] = text;
    }
    lines.join("\n")
}

/// Loads what must not load and gives its faults, one a line.
fn faults(text: &str, overrides: &[(&str, &str)]) -> String {
    match load(text, overrides) {
        Ok(scenario) => format!("loads, with {:?}", scenario.warnings),
        Err(diagnostics) => {
            let rendered = diagnostics.render(false);
            let count = diagnostics.faults().len();
            assert!(rendered.matches("error: ").count() >= count, "{rendered}");
            diagnostics.plain()
        }
    }
}

/// Each row that lacks a fragment, or has not as many lines as it should.
fn unlike(plain: &str, fragments: &[&str], lines: Option<usize>, row: &str) -> Vec<String> {
    let mut wrong: Vec<String> = fragments
        .iter()
        .filter(|fragment| !plain.contains(**fragment))
        .map(|fragment| format!("{row}: no {fragment:?} in\n{plain}\n"))
        .collect();
    if lines.is_some_and(|lines| lines != plain.lines().count()) {
        wrong.push(format!("{row}: not {lines:?} faults:\n{plain}\n"));
    }
    wrong
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_good_one_loads() {
    let scenario = load(GOOD, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(scenario.plan.assets, ["BTC", "ETH"]);
    // The default latency is all that is odd.
    assert_eq!(scenario.warnings.len(), 1, "{:?}", scenario.warnings);
    assert!(scenario.plan.agents[0].guard.active_kill_switch().is_some(), "no fallback");
}

#[test]
fn one_fault_one_message() {
    let rows = bad::SINGLE.iter().flat_map(|(edits, fragment)| {
        unlike(&faults(&edited(edits), &[]), &[fragment], Some(1), &format!("{edits:?}"))
    });
    assert_none(&rows.collect::<Vec<_>>());
}

/// A model's prices with markets and agents.
fn on_model(prices: &str) -> String {
    format!("{prices}{}", bad::models::REST)
}

#[test]
fn price_models_one_fault_one_message() {
    use bad::models::{BOOTSTRAP, DRIFT, GARCH, HESTON, RARE, REGIMES, SINGLE};
    for good in [GARCH, HESTON, REGIMES, BOOTSTRAP, DRIFT, RARE] {
        let scenario = load(&on_model(good), &[]).unwrap_or_else(|faults| panic!("{faults}"));
        assert!(scenario.warnings.is_empty(), "{:?}", scenario.warnings);
        let resolved = toml::to_string(&scenario.resolved).unwrap();
        let again = load(&resolved, &[]).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!((scenario.prices, scenario.resolved), (again.prices, again.resolved));
    }
    let rows = SINGLE.iter().flat_map(|(good, old, new, fragment)| {
        assert!(good.contains(old), "{old}");
        let plain = faults(&on_model(&good.replacen(old, new, 1)), &[]);
        unlike(&plain, &[fragment], Some(1), &format!("{old} → {new}"))
    });
    assert_none(&rows.collect::<Vec<_>>());
}

#[test]
fn impact_one_fault_one_message() {
    use bad::impact::{IMPACT, ROWS, WARNINGS};
    one_fault_each(IMPACT, ROWS, WARNINGS);
}

#[test]
fn fleets_one_fault_one_message() {
    use bad::fleet::{FLEET, ROWS, WARNINGS};
    one_fault_each(FLEET, ROWS, WARNINGS);
}

#[test]
fn comparisons_one_fault_one_message() {
    use bad::compare::{COMPARE, ROWS};
    one_fault_each(COMPARE, ROWS, &[]);
}

#[test]
fn sweeps_one_fault_one_message() {
    use bad::sweep::{ROWS, SWEEP, on_list};
    one_fault_each(SWEEP, ROWS, &[]);
    let (list, rows) = on_list();
    one_fault_each(&list, &rows, &[]);
}

#[test]
fn tunings_one_fault_one_message() {
    use bad::tune::{ALONE, ON_GRID, ROWS, TUNE, on_grid};
    one_fault_each(TUNE, ROWS, &[]);
    one_fault_each(&on_grid(), ON_GRID, &[]);
    let (section, said) = ALONE;
    let (before, rest) = TUNE.split_once(section).unwrap();
    let (_, after) = rest.split_once("[tune]").unwrap();
    let plain = faults(&format!("{before}[tune]{after}"), &[]);
    assert_none(&unlike(&plain, &[said], Some(1), "no objective"));
}

/// A good scenario without warnings, that says the same when its resolved form is read again; what is
/// replaced in it, by what, and what is then said, or warned of.
fn one_fault_each(text: &str, rows: &[(&str, &str, &str)], warnings: &[(&str, &str, &str)]) {
    let good = load(text, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(good.warnings.is_empty(), "{:?}", good.warnings);
    let again = load(&toml::to_string(&good.resolved).unwrap(), &[]).unwrap();
    assert_eq!((good.plan, good.resolved), (again.plan, again.resolved));
    let rows = rows.iter().flat_map(|(old, new, fragment)| {
        assert!(text.contains(old), "{old}");
        let plain = faults(&text.replacen(old, new, 1), &[]);
        unlike(&plain, &[fragment], Some(1), &format!("{old} → {new}"))
    });
    assert_none(&rows.collect::<Vec<_>>());
    for (old, new, warning) in warnings {
        let scenario = load(&text.replacen(old, new, 1), &[]).unwrap();
        let found = scenario.warnings.iter().any(|text| text.contains(warning));
        assert!(found, "{old} → {new}: {:?}", scenario.warnings);
    }
}

/// Of the plan nothing is left of impact at strength 0; no_impact keeps what counts chains.
#[test]
fn impact_of_strength_0_is_none() {
    use bad::impact::IMPACT;
    let off = IMPACT.replace("nulls = [\"no_impact\"]\n", "nulls = []\n");
    let without = load(&off, &[("exchange.impact.strength", "0")]).unwrap();
    assert_eq!(without.plan.impact, None);
    let spec = load(IMPACT, &[]).unwrap().plan.impact.unwrap();
    // BTC takes what stands above: .314·.03 and 1·.03; ETH all of its own.
    let [btc, eth] = [spec.assets[0], spec.assets[1]];
    assert!((btc.permanent - 0.00942).abs() < 1e-15 && (btc.decaying - 0.03).abs() < 1e-15);
    assert_eq!((btc.half_life_ms, btc.daily_volume_usdc), (600_000, 1e6));
    assert!((eth.permanent - 0.02).abs() < 1e-15 && eth.decaying == 0.0);
    assert_eq!((eth.half_life_ms, eth.daily_volume_usdc), (3_600_000, 1e5));
    assert_eq!((spec.strength, spec.rounds, spec.cascade_window_ms), (1.5, 8, 300_000));
}

#[test]
fn risk_figures_one_fault_one_message() {
    use bad::risk::{HISTORY, ON_HISTORY, ON_MODEL};
    let past = format!("{HISTORY}{}", bad::models::REST);
    let on_model = ON_MODEL.iter().map(|(risk, fragment)| (GOOD, risk, fragment));
    let on_history = ON_HISTORY.iter().map(|(risk, fragment)| (past.as_str(), risk, fragment));
    let rows = on_model.chain(on_history).flat_map(|(good, risk, fragment)| {
        let text = format!("{good}\n[risk]\n{risk}\n");
        unlike(&faults(&text, &[]), &[fragment], Some(1), risk)
    });
    assert_none(&rows.collect::<Vec<_>>());
}

#[test]
fn shocks_one_fault_one_message() {
    use bad::shocks::{HISTORY, ROWS, SHOCKS};
    for good in [SHOCKS, HISTORY] {
        let scenario = load(good, &[]).unwrap_or_else(|faults| panic!("{faults}"));
        let resolved = toml::to_string(&scenario.resolved).unwrap();
        let again = load(&resolved, &[]).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!((scenario.stress, scenario.resolved), (again.stress, again.resolved));
    }
    let rows = ROWS.iter().flat_map(|(good, old, new, fragment)| {
        assert!(good.contains(old), "{old}");
        let plain = faults(&good.replacen(old, new, 1), &[]);
        unlike(&plain, &[fragment], Some(1), &format!("{old} → {new}"))
    });
    assert_none(&rows.collect::<Vec<_>>());
}

/// In which the variance touches 0, and correlations that nothing says.
#[test]
fn price_models_odd_but_usable() {
    use bad::models::{DRIFT, GARCH, HESTON, REGIMES};
    // Eigenvalues of ±.9 with one sign turned: 1.9, 1.9 and 1 − 2·.9; the nearest matrix has ±.5.
    let turned = |good: &str, rho: &str| {
        good.replace(&format!("\"ETH-SOL\" = {rho}"), &format!("\"ETH-SOL\" = -{rho}"))
    };
    let rows = [
        (
            turned(DRIFT, "0.9"),
            "correlation_drift.to: repaired: the correlation matrix is not positive semi-definite, its smallest eigenvalue is -0.800000; the nearest that is takes its place, at a distance of 0.979796 (Frobenius)",
        ),
        (
            DRIFT.replace("paths = 640", "paths = 320"),
            "prices.sobol: 320 paths are 5 Sobol sets: intervals rest on 5 observations; give more",
        ),
        (
            DRIFT.replace(", recovery = 0.1", ""),
            "prices.correlation_drift.drawdown: this crisis never ends: neither stay nor recovery is given",
        ),
        (
            REGIMES
                .replace(
                    "start_price = 10\n",
                    "start_price = 10\n[prices.assets.SOL]\nstart_price = 1\n",
                )
                .replace("steps = 1000", "steps = 1000\nrepair = \"nearest\"")
                .replace("ETH = {", "SOL = { volatility = 1 }, ETH = {")
                .replace(
                    "{ \"BTC-ETH\" = 0.95 }",
                    "{ \"BTC-ETH\" = 0.9, \"BTC-SOL\" = 0.9, \"ETH-SOL\" = -0.9 }",
                ),
            "prices.regimes.crash.correlation: repaired: the correlation matrix",
        ),
        (
            HESTON.replace("vol_of_vol = 1.5", "vol_of_vol = 2"),
            // 2·5·.36/4 = .9.
            "vol_of_vol: Feller's condition fails for BTC: 2·mean_reversion·volatility²/vol_of_vol² = 0.9000",
        ),
        (
            GARCH.replace("to = { \"BTC-ETH\" = 0.95 }", "to = {}"),
            "correlation_drift.to: no correlation is given for \"BTC-ETH\": 0 is taken",
        ),
    ];
    for (prices, fragment) in rows {
        let scenario = load(&on_model(&prices), &[]).unwrap_or_else(|faults| panic!("{faults}"));
        assert!(scenario.warnings.join("\n").contains(fragment), "{:?}", scenario.warnings);
    }
}

/// Of ±.9 with one sign turned the least eigenvalue is 1 − 2·.9; nothing repairs it unasked.
#[test]
fn a_crisis_that_cannot_be_is_refused() {
    let text = bad::models::DRIFT
        .replace("repair = \"nearest\"\n", "")
        .replace("\"ETH-SOL\" = 0.9", "\"ETH-SOL\" = -0.9");
    let plain = faults(&on_model(&text), &[]);
    let words = "prices.correlation_drift.to: the correlation matrix is not positive semi-definite: its \
                 smallest eigenvalue is -0.800000; no set of prices can move so";
    assert_none(&unlike(&plain, &[words], Some(1), "crisis"));
}

/// The casino moves with BTC and against ETH: that fits while both are opposed, not in a crisis in
/// which they move together. Of the three alone the least eigenvalue is −.8, as above.
#[test]
fn services_that_do_not_fit_the_crisis_are_refused() {
    let text = bad::prime::GOOD
        .replace("casino = 0.42", "\"casino-ETH\" = -0.9\ncasino = 0.9\n\"casino-escrow\" = 0");
    let with = |base: &str, crisis: &str| {
        let drift = format!("{{ over = \"1d\", to = {{ \"BTC-ETH\" = {crisis} }} }}");
        let sets = [("prices.correlation.BTC-ETH", base), ("prices.correlation_drift", &drift)];
        match load(&text, &sets) {
            Ok(_) => String::new(),
            Err(faults) => faults.to_string(),
        }
    };
    assert_eq!(with("-0.9", "-0.88"), "");
    let refused = with("-0.9", "0.9");
    let words = "services.correlations: these correlations cannot hold together with those of the \
                 assets in the crisis of prices.correlation_drift: their smallest eigenvalue is -0.";
    assert!(refused.contains(words), "{refused}");
    assert!(with("0.9", "0.9").contains("these correlations cannot hold together: their"));
}

#[test]
fn prime_brokerage_one_fault_one_message() {
    load(bad::prime::GOOD, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let rows = bad::prime::SINGLE.iter().flat_map(|(edits, fragment)| {
        let plain = faults(&edited_in(bad::prime::GOOD, edits), &[]);
        unlike(&plain, &[fragment], Some(1), &format!("{edits:?}"))
    });
    assert_none(&rows.collect::<Vec<_>>());
}

#[test]
fn prime_brokerage_all_faults_at_once() {
    let rows = bad::prime::SEVERAL.iter().flat_map(|(edits, fragments)| {
        let plain = faults(&edited_in(bad::prime::GOOD, edits), &[]);
        unlike(&plain, fragments, Some(fragments.len()), &format!("{edits:?}"))
    });
    assert_none(&rows.collect::<Vec<_>>());
}

#[test]
fn prime_brokerage_odd_but_usable() {
    let rows = bad::prime::ODD.iter().flat_map(|(edits, fragment)| {
        let warnings = match load(&edited_in(bad::prime::GOOD, edits), &[]) {
            Ok(scenario) => scenario.warnings.join("\n"),
            Err(faults) => format!("does not load:\n{faults}"),
        };
        unlike(&warnings, &[fragment], None, &format!("{edits:?}"))
    });
    assert_none(&rows.collect::<Vec<_>>());
}

#[test]
fn templates_one_fault_one_message() {
    let good = bad::templates::GOOD;
    load(good, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let rows = bad::templates::SINGLE.iter().flat_map(|(edits, fragment)| {
        let plain = faults(&edited_in(good, edits), &[]);
        unlike(&plain, &[fragment], Some(1), &format!("{edits:?}"))
    });
    let sets = bad::templates::OVERRIDES.iter().flat_map(|(path, value, fragment)| {
        unlike(&faults(good, &[(path, value)]), &[fragment], Some(1), path)
    });
    assert_none(&rows.chain(sets).collect::<Vec<_>>());
}

/// Collateral in steps of 100, sides and markets in turn; draws within their ends.
#[test]
fn templates_become_copies() {
    let good = bad::templates::GOOD;
    let scenario = load(good, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let plan = &scenario.plan;
    assert_eq!((plan.assets.len(), plan.exchange.markets.len(), plan.agents.len()), (13, 13, 9));
    assert_eq!((plan.assets[0].as_str(), plan.assets[11].as_str()), ("ALT_01", "ALT_12"));
    for (index, agent) in plan.agents.iter().enumerate() {
        let position = &agent.positions[0];
        assert_eq!(agent.name, format!("t_{}", index + 1));
        assert_eq!(position.collateral.usdc(), 1_000.0 + 100.0 * index as f64);
        assert_eq!(position.side, if index % 2 == 0 { 1 } else { -1 });
        let market = &plan.exchange.markets[position.market];
        assert_eq!(market.name, format!("ALT_{:02}-PERP", index + 1));
        assert_eq!(plan.assets[market.asset], format!("ALT_{:02}", index + 1));
        assert!((500.0..=900.0).contains(&agent.wallet.usdc()));
    }
    // One-factor correlations: .4 and .8 at the ends of twelve, with BTC's .9.
    let drypowder::prices::Prices::Model(model) = &scenario.prices else { panic!("a model") };
    let rho = |row: usize, column: usize| model.correlation[row * 13 + column];
    assert!((rho(0, 11) - 0.32).abs() < 1e-12 && (rho(12, 0) - 0.36).abs() < 1e-12);
    // The seed moves no copy; one more moves none of the others; a copy can be set alone.
    let wallets = |sets: &[(&str, &str)]| -> Vec<f64> {
        let scenario = load(good, sets).unwrap_or_else(|faults| panic!("{faults}"));
        scenario.plan.agents.iter().map(|agent| agent.wallet.usdc()).collect()
    };
    let own = wallets(&[]);
    assert_eq!(wallets(&[("seed", "9")]), own);
    assert_eq!(wallets(&[("agent.t.count", "8")]), own[..8]);
    assert_eq!(wallets(&[("agent.t.wallet", "777")]), [777.0; 9]);
    let mut third = own.clone();
    third[2] = 7.0;
    assert_eq!(wallets(&[("agent.t_3.wallet", "7")]), third);
    let fee = load(good, &[("markets.ALT_07-PERP.taker_fee", "0.01")]).unwrap();
    let fees: Vec<f64> = fee.plan.exchange.markets.iter().map(|market| market.taker_fee).collect();
    assert_eq!((fees[6], fees.iter().sum::<f64>()), (0.01, 0.01));
}

/// `count` and spreads stand where a template may, and nowhere else.
#[test]
fn the_schema_knows_templates() {
    let schema = drypowder::scenario::schema();
    let root = &schema["properties"];
    let spread = serde_json::json!({ "$ref": "#/$defs/spread" });
    let asset = &root["prices"]["oneOf"][0]["properties"]["assets"]["additionalProperties"];
    let places = [
        (&root["agent"]["items"], "wallet", 20_000),
        (&root["markets"]["additionalProperties"], "taker_fee", 2_000),
        (asset, "start_price", 1_000),
    ];
    for (place, field, most) in places {
        assert_eq!(place["properties"]["count"]["maximum"], most, "{field}");
        let forms = place["properties"][field]["anyOf"].as_array().unwrap();
        assert!(forms.contains(&spread), "{field}: {forms:?}");
    }
    let position = &root["agent"]["items"]["properties"]["position"]["items"]["properties"];
    assert!(position["side"]["anyOf"].as_array().unwrap().contains(&spread));
    assert!(position["count"].is_null() && root["seed"]["anyOf"].is_null());
    let policy = &root["policy"]["properties"]["poll"];
    assert!(!policy.to_string().contains("spread"), "{policy}");
}

/// One number for all pairs; of many pairs that are missing a warning names a few.
#[test]
fn one_correlation_for_all_pairs() {
    let all = load(GOOD, &[("prices.correlation", "0.3")]).unwrap();
    let drypowder::prices::Prices::Model(model) = &all.prices else { panic!("a model") };
    assert_eq!(model.correlation, [1.0, 0.3, 0.3, 1.0]);
    let both = faults(bad::templates::GOOD, &[("prices.correlation", "0.3")]);
    assert!(
        both.contains("one correlation for all pairs and market_factor are both given"),
        "{both}"
    );
    let text = edited_in(bad::templates::GOOD, &[(11, ""), (16, "")]);
    let silent = load(&text, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let warnings = silent.warnings.join("\n");
    // 13·12/2 = 78 pairs, of which 12 are named.
    assert!(warnings.contains("and 66 other pairs: 0 is taken"), "{warnings}");
}

#[test]
fn silos_need_prime_brokerage() {
    let plain = faults(&edited(&[(3, "nulls = [\"silo\"]")]), &[]);
    let fragment = ":3: nulls: silo is asked for, but nothing of prime brokerage is written";
    assert_none(&unlike(&plain, &[fragment], Some(1), "silo"));
}

#[test]
fn all_faults_of_a_file_at_once() {
    let rows = bad::SEVERAL.iter().flat_map(|(edits, fragments)| {
        let plain = faults(&edited(edits), &[]);
        unlike(&plain, fragments, Some(fragments.len()), &format!("{edits:?}"))
    });
    assert_none(&rows.collect::<Vec<_>>());
}

#[test]
fn odd_but_usable() {
    let rows = bad::ODD.iter().flat_map(|(edits, fragment)| {
        let warnings = match load(&edited(edits), &[]) {
            Ok(scenario) => scenario.warnings.join("\n"),
            Err(faults) => format!("does not load:\n{faults}"),
        };
        unlike(&warnings, &[fragment], None, &format!("{edits:?}"))
    });
    assert_none(&rows.collect::<Vec<_>>());
}

#[test]
fn overrides() {
    let amount = |wallet: &str, path: &str| {
        let scenario = load(GOOD, &[(path, wallet)]).unwrap_or_else(|faults| panic!("{faults}"));
        scenario.plan.agents[0].wallet.usdc()
    };
    assert_eq!(amount("500 USDC", "agent.0.wallet"), 500.0);
    assert_eq!(amount("\"500 USDC\"", "agent.a.wallet"), 500.0);
    assert_eq!(amount("500", "agent.a.wallet"), 500.0);
    let made = load(GOOD, &[("policy.kill_switch.trigger_hf", "1.3")]).unwrap();
    let kill = made.plan.agents[0].guard.active_kill_switch().unwrap();
    assert_eq!(kill.trigger_hf, Some(1.3));
    let rows = bad::OVERRIDES.iter().flat_map(|(path, value, fragment)| {
        unlike(&faults(GOOD, &[(path, value)]), &[fragment], Some(1), path)
    });
    assert_none(&rows.collect::<Vec<_>>());
}

#[test]
fn tables_combine() {
    // The defaults' slippage gives way as a whole to another kind, field by field to its own.
    let text = edited(&[
        (
            18,
            "[exchange.defaults]\ntaker_fee = 0.001\nslippage = { kind = \"fixed_bps\", bps = 5 }\n[exchange]",
        ),
        (23, "slippage = { kind = \"none\" }"),
        (25, "slippage = { kind = \"fixed_bps\", bps = 7 }"),
        (24, "[markets.ETH-PERP]\nasset = \"ETH\""),
        // An agent's own fields over those of all.
        (
            34,
            "wallet = 3000\n[agent.policy]\npoll = \"2h\"\n[agent.policy.top_up]\nwarning_threshold = 1.7",
        ),
        (38, "collateral = 1000\ntop_up = { target_health_factor = 2.5 }"),
    ]);
    let scenario = load(&text, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let [btc, eth] = scenario.plan.exchange.markets.as_slice() else { panic!("two markets") };
    assert_eq!((btc.taker_fee, eth.taker_fee), (0.001, 0.001));
    assert_eq!(btc.slippage.form, Slippage::None);
    assert_eq!(eth.slippage.form, Slippage::FixedBps { bps: 7.0 });
    assert_eq!(eth.liquidation_slippage, eth.slippage);
    let agent = &scenario.plan.agents[0];
    assert_eq!(agent.guard.poll_ms, 7_200_000);
    let levels = |at: usize| (agent.thresholds[at].warning, agent.thresholds[at].target);
    assert_eq!((levels(0), levels(1)), ((1.7, 2.5), (1.7, 2.0)));
    // A preset changes defaults and nothing else.
    let prime = load(&text, &[("preset", "prime")]).unwrap_or_else(|faults| panic!("{faults}"));
    let plan = &prime.plan;
    assert_eq!(
        (plan.assets.clone(), &plan.agents),
        (scenario.plan.assets.clone(), &scenario.plan.agents)
    );
    assert_eq!(plan.exchange.markets, scenario.plan.exchange.markets);
    assert_eq!((plan.exchange.max_gross, scenario.plan.exchange.max_gross), (Some(3.5), None));
    assert_eq!(
        plan.exchange.margin_call.map(|call| (call.ratio, call.grace_ms)),
        Some((0.85, 300_000))
    );
    let policy = plan.prime.as_ref().and_then(|prime| prime.agents[0].policy.as_ref()).unwrap();
    assert_eq!((policy.poll_ms, policy.zones), (30_000, UtilisationBounds::default()));
    assert_eq!(policy.rebalance, Some(RebalanceSpec { target: 0.55 }));
    assert_eq!(policy.recall.map(|recall| recall.count), Some(CountRecalled::AtArrival));
    assert!(scenario.plan.prime.is_none());
    assert_eq!(prime.resolved["exchange"]["max_gross_exposure"], 3.5);
}

#[test]
fn the_live_configuration_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.toml");
    let load = |json: &str, top_up: &str| {
        std::fs::write(folder.path().join("topup.json"), json).unwrap();
        let text = edited(&[(28, top_up), (29, ""), (30, ""), (31, "")]);
        Scenario::from_text(&path, &text, &[])
    };
    let live = r#"{
  "enabled": true, "warning_threshold": 1.7, "danger_threshold": 1.2,
  "target_health_factor": 2.1, "max_topup_per_event": "400 USDC",
  "max_topup_per_day": "1000 USDC", "reserve_minimum": "50 USDC",
  "fallback_to_kill_switch": false, "notify_webhook": null
}"#;
    let direct = load(live, "top_up = \"topup.json\"").unwrap_or_else(|faults| panic!("{faults}"));
    let top_up = direct.plan.agents[0].guard.active_top_up().unwrap();
    assert_eq!((top_up.thresholds.warning, top_up.max_per_event.usdc()), (1.7, 400.0));
    assert_eq!(direct.data_files[0].0, "topup.json");
    let beside = load(live, "top_up_file = \"topup.json\"\n[policy.top_up]\ncooldown = \"1h\"");
    let beside = beside.unwrap_or_else(|faults| panic!("{faults}"));
    let top_up = beside.plan.agents[0].guard.active_top_up().unwrap();
    assert_eq!((top_up.thresholds.target, top_up.cooldown_ms), (2.1, 3_600_000));
    let rows = [
        (
            live.replace("1.7", "\"x\""),
            "topup.json:2: policy.top_up.warning_threshold: \"x\" is not a number",
        ),
        (
            live.replace("reserve_minimum", "reserve"),
            "topup.json:4: policy.top_up.reserve: unknown field reserve; did you mean reserve_minimum?",
        ),
        (live.replace("\"enabled\"", "\"sizing\": \"exact\", \"enabled\""), "unknown field sizing"),
        ("[]".to_owned(), "not a JSON object"),
        ("{".to_owned(), "not JSON"),
    ];
    for (json, fragment) in rows {
        let plain = load(&json, "top_up = \"topup.json\"").unwrap_err().plain();
        assert_none(&unlike(&plain, &[fragment], None, &json));
    }
}

#[test]
fn what_ships_loads_and_resolves_to_itself() {
    let mut texts: Vec<(PathBuf, String)> = vec![("template.toml".into(), template())];
    for entry in std::fs::read_dir("scenarios").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("# "), "{path:?} does not open with its question");
            texts.push((path, text));
        }
    }
    assert!(texts.len() > 7);
    for (path, text) in texts {
        let first = Scenario::from_text(&path, &text, &[]);
        let first = first.unwrap_or_else(|faults| panic!("{}", faults.render(false)));
        let resolved = toml::to_string(&first.resolved).unwrap();
        let second = Scenario::from_text(&path, &resolved, &[]);
        let second = second.unwrap_or_else(|faults| panic!("{}", faults.render(false)));
        assert_eq!(first.plan, second.plan, "{path:?}");
        assert_eq!(first.prices, second.prices, "{path:?}");
        assert_eq!(first.resolved, second.resolved, "{path:?}");
    }
}

#[test]
fn the_manual_is_up_to_date() {
    let written = std::fs::read_to_string("docs/SCENARIO.md").unwrap();
    let hint = "run: cargo run --release --example scenario_manual";
    assert!(written == drypowder::scenario::manual(), "docs/SCENARIO.md is out of date; {hint}");
}

#[test]
fn no_text_makes_it_panic() {
    let models = [bad::models::GARCH, bad::models::HESTON, bad::models::REGIMES, bad::models::RARE];
    let models = models.map(on_model);
    let mut goods = vec![GOOD, bad::prime::GOOD, bad::templates::GOOD, bad::sweep::SWEEP];
    goods.push(bad::tune::TUNE);
    goods.extend(models.iter().map(String::as_str));
    let mut mutator = bad::mutate::Mutator::new(1);
    for _ in 0..9_000 {
        let text = mutator.next(&goods);
        if let Err(diagnostics) = load(&text, &[]) {
            assert!(!diagnostics.render(false).is_empty());
        }
    }
}

#[test]
fn no_depth_or_length_makes_it_panic() {
    let many = 100_000;
    let texts = [
        format!("{} = 1", "a.".repeat(many) + "a"),
        format!("[{}]", "a.".repeat(many) + "a"),
        format!("a = {}", "[".repeat(many)),
        format!("a = {}", "{ a = ".repeat(many)),
        "a".repeat(many),
        "[[agent]]\n".repeat(2_000),
        String::new(),
    ];
    for text in texts {
        assert!(load(&text, &[]).is_err());
        assert!(load(GOOD, &[("policy", &text)]).is_err());
        assert!(load(GOOD, &[(&text, "1")]).is_err());
    }
}
