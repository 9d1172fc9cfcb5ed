//! What holds for every model.

use drypowder::prices::models::{ModelKind, ModelOptions, ModelPath, ModelSpec};
use drypowder::prices::{PricePath, Shock, ShockKind};
use drypowder::units::time::{DAY_MS, HOUR_MS};

use crate::common::models::every;
use crate::harness::{asset, daily};

const STEPS: usize = 2_000;

fn spec(kind: ModelKind, assets: usize) -> ModelSpec {
    let names = ["A", "B", "C"];
    let named = names[..assets].iter().map(|name| asset(name, 0.7, 0.1)).collect();
    let diagonal = |at: usize| at.is_multiple_of(assets + 1);
    let matrix = (0..assets * assets).map(|at| if diagonal(at) { 1.0 } else { 0.5 }).collect();
    let shock = |name: &str, kind| Shock::new(name, None, 7 * DAY_MS, kind);
    let shocks = vec![
        shock("fall", ShockKind::Crash(vec![-0.3; assets])),
        shock("wild", ShockKind::Volatility(vec![2.0; assets])),
    ];
    let options = ModelOptions { shocks, ..ModelOptions::default() };
    ModelSpec { step_ms: HOUR_MS, options, ..daily(named, matrix, STEPS, kind) }
}

fn bits(path: &mut ModelPath, tick: usize) -> Vec<u64> {
    let n = path.assets();
    let (mut marks, mut lasts) = (vec![0.0; n], vec![0.0; n]);
    path.load(tick, &mut marks, &mut lasts);
    marks.iter().map(|mark| mark.to_bits()).collect()
}

#[test]
fn reading_order_does_not_change_a_path() {
    for (name, kind) in every(3) {
        let mut straight = ModelPath::new(&spec(kind, 3)).unwrap();
        let mut jumping = straight.clone();
        straight.begin(3, 9);
        jumping.begin(3, 4);
        jumping.draw_all();
        jumping.begin(3, 9);
        for tick in [1_999, 5, 2_000, 0, 700] {
            bits(&mut jumping, tick);
        }
        jumping.expect_loads(0, 300);
        for tick in 0..=STEPS {
            assert_eq!(bits(&mut straight, tick), bits(&mut jumping, tick), "{name}, tick {tick}");
        }
        assert_eq!(bits(&mut straight, 0), [100.0_f64.to_bits(); 3], "{name}");
        let last = bits(&mut straight, STEPS);
        straight.begin(3, 10);
        assert_ne!(bits(&mut straight, STEPS), last, "{name}: another path");
        straight.begin(4, 9);
        assert_ne!(bits(&mut straight, STEPS), last, "{name}: another seed");
    }
}

#[test]
fn an_added_asset_moves_no_other_price() {
    for ((name, two), (_, three)) in every(2).into_iter().zip(every(3)) {
        if name == "bootstrap" {
            continue; // The histories of two and of three assets differ.
        }
        let mut two = ModelPath::new(&spec(two, 2)).unwrap();
        let mut three = ModelPath::new(&spec(three, 3)).unwrap();
        for number in 0..5 {
            two.begin(1, number);
            three.begin(1, number);
            for tick in [1, 700, STEPS] {
                assert_eq!(bits(&mut two, tick), bits(&mut three, tick)[..2], "{name}");
            }
        }
    }
}

#[test]
fn prices_stay_positive_and_finite() {
    for (name, kind) in every(3) {
        let mut path = ModelPath::new(&spec(kind, 3)).unwrap();
        for number in 0..200 {
            path.begin(5, number);
            for tick in (0..=STEPS).step_by(50) {
                let prices = bits(&mut path, tick);
                let sound = |bits: &u64| f64::from_bits(*bits) > 0.0 && f64::from_bits(*bits) < 1e9;
                assert!(prices.iter().all(sound), "{name}: path {number}, tick {tick}");
            }
        }
    }
}

#[test]
fn sizes_that_do_not_fit_are_refused() {
    for (name, kind) in every(2).into_iter().filter(|(name, _)| *name != "gbm") {
        assert!(ModelPath::new(&spec(kind, 3)).is_err(), "{name}");
    }
}
