//! Every worked figure of the domain's published texts, each under its own name.

#[allow(dead_code, reason = "a part of it is used")]
mod common;
mod desk;

#[path = "seed_figures/custody.rs"]
mod custody;
#[path = "seed_figures/escrow.rs"]
mod escrow;
#[path = "seed_figures/health.rs"]
mod health;
#[path = "seed_figures/kill_switch.rs"]
mod kill_switch;
#[path = "seed_figures/lending.rs"]
mod lending;
#[path = "seed_figures/margin_call.rs"]
mod margin_call;
#[path = "seed_figures/player.rs"]
mod player;
#[path = "seed_figures/prime.rs"]
mod prime;
#[path = "seed_figures/rebalance.rs"]
mod rebalance;
#[path = "seed_figures/risk.rs"]
mod risk;
#[path = "seed_figures/runs.rs"]
mod runs;
#[path = "seed_figures/top_up.rs"]
mod top_up;

#[track_caller]
fn near(got: f64, expected: f64, tolerance: f64) {
    assert!((got - expected).abs() <= tolerance, "{got} instead of {expected} ± {tolerance}");
}
