//! A plan on several price models: each is what it would be alone, and what cannot stand beside
//! the run's own is refused.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use drypowder::engine::Metric;
use drypowder::scenario::Scenario;
use drypowder::study::{self, Execution, NoProgress, NoRows, StudyResult, VariantSet};

static STOP: AtomicBool = AtomicBool::new(false);

const GOOD: &str = r#"name = "models"
paths = 400
seed = 3
[prices]
model = "gbm"
step = "2h"
duration = "20d"
assets.BTC = { start_price = 100, volatility = 0.9 }
[other_models.jumps]
model = "merton"
assets.BTC = { start_price = 100, volatility = 0.9, jumps = { intensity = 100, mean = -0.1 } }
[other_models.same]
model = "gbm"
assets.BTC = { start_price = 100, volatility = 0.9 }
[markets.BTC-PERP]
asset = "BTC"
[policy]
poll = "2h"
latency = "0s"
[policy.top_up]
[[agent]]
name = "a"
wallet = "500 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
"#;

fn load(text: &str) -> Result<Scenario, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models.toml");
    Scenario::from_text(&path, text, &[]).map_err(|wrong| wrong.plain())
}

fn run(scenario: &Scenario, threads: usize) -> StudyResult {
    let set = VariantSet::of(scenario).expect("sound models");
    let execution = Execution { threads, stop: &STOP };
    study::run(scenario, &set, &execution, &mut NoRows, &mut NoProgress).expect("runs")
}

fn equity(result: &StudyResult, variant: &str) -> Vec<f64> {
    let found = result.variants.iter().find(|one| one.name == variant).expect(variant);
    found.whole().column(Metric::FinalEquity).iter().collect()
}

/// The same model under another name gives the same paths, that with jumps those of a run of its
/// own, whatever the number of threads.
#[test]
fn each_model_is_what_it_is_alone() {
    let scenario = load(GOOD).unwrap_or_else(|wrong| panic!("{wrong}"));
    let result = run(&scenario, 1);
    let names: Vec<&str> = result.variants.iter().map(|one| one.name.as_str()).collect();
    let on = |model: &str| ["guarded", "do_nothing"].map(|plan| format!("{plan}[{model}]"));
    assert!(on("jumps").iter().chain(&on("same")).all(|name| names.contains(&name.as_str())));
    assert_eq!(names.len(), 8, "{names:?}");
    assert_eq!(equity(&result, "guarded"), equity(&result, "guarded[same]"));
    assert_eq!(equity(&result, "do_nothing"), equity(&result, "do_nothing[same]"));
    let start = GOOD.find("[other_models.jumps]").expect("there");
    let end = GOOD.find("[markets").expect("there");
    let alone = format!("{}{}", &GOOD[..start], &GOOD[end..]).replace(
        "model = \"gbm\"\nstep = \"2h\"\nduration = \"20d\"\nassets.BTC = { start_price = 100, volatility = 0.9 }",
        "model = \"merton\"\nstep = \"2h\"\nduration = \"20d\"\n\
         assets.BTC = { start_price = 100, volatility = 0.9, jumps = { intensity = 100, mean = -0.1 } }",
    );
    let alone = run(&load(&alone).unwrap_or_else(|wrong| panic!("{wrong}")), 1);
    assert_eq!(equity(&alone, "guarded"), equity(&result, "guarded[jumps]"));
    for threads in [2, 7] {
        let again = run(&scenario, threads);
        for name in &names {
            assert_eq!(equity(&result, name), equity(&again, name), "{name}, {threads} threads");
        }
    }
}

#[test]
fn what_cannot_stand_beside_is_refused() {
    let same = "[other_models.same]\nmodel = \"gbm\"\nassets.BTC = { start_price = 100, volatility = 0.9 }";
    let rows = [
        (
            "[other_models.same]\nmodel = \"gbm\"\nassets.BTC = { start_price = 101, volatility = 0.9 }",
            "other_models.same: BTC starts at 101, in [prices] at 100; give the same start_price",
        ),
        (
            "[other_models.same]\nmodel = \"gbm\"\nassets.ETH = { start_price = 100, volatility = 0.9 }",
            "other_models.same: its assets are ETH, those of [prices] BTC; give the same ones",
        ),
        (
            "[other_models.same]\nmodel = \"gbm\"\nsteps = 3\nassets.BTC = { start_price = 100, volatility = 0.9 }",
            "other_models.same: it is not as long as [prices]; leave steps and duration out",
        ),
        (
            "[other_models.same]\nmodel = \"gbm\"\nantithetic = true\nassets.BTC = { start_price = 100, volatility = 0.9 }",
            "other_models.same: its paths depend on each other otherwise than those of [prices]",
        ),
        (
            "[other_models.same]\nmodel = \"history\"\nassets.BTC = { file = \"../data/bitstamp_btc_1d.parquet\" }",
            "other_models.same: a replay is no model; give model = \"bootstrap\"",
        ),
        (
            "[other_models.same]\nmodel = \"gbn\"\nassets.BTC = { start_price = 100, volatility = 0.9 }",
            "other_models.same.model: \"gbn\" is not one of \"gbm\"",
        ),
        (
            "[other_models.same]\nmodel = \"gbm\"\nassets.BTC = { start_price = 100, volatility = -1 }",
            "other_models.same.assets.BTC.volatility: -1 is out of range",
        ),
    ];
    for (text, fragment) in rows {
        assert!(GOOD.contains(same));
        let wrong = load(&GOOD.replace(same, text)).err().unwrap_or_else(|| panic!("{text} loads"));
        assert!(wrong.contains(fragment), "no {fragment:?} in\n{wrong}");
        assert_eq!(wrong.lines().count(), 1, "{wrong}");
    }
}
