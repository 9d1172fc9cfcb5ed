//! Fleet figures are the sums of their parts at every instant.

use drypowder::engine::{Metric, MetricLevel};
use drypowder::venue::exchange::margin::utilisation;

use crate::common::isolated;
use crate::player::{MINUTE_MS, play};
use crate::{RELEASE, fleet, near, sub_with};

/// A long and a short that dry powder and freed money move between, at prices up and down: at every
/// sample the fleet's utilisation is Σ reserved / Σ capital of its accounts, with wallets, dry powder,
/// collateral and profit taken one by one, and the metric is their mean over time.
#[test]
fn utilisation_is_the_sum_of_its_parts_at_every_instant() {
    let subs = vec![
        sub_with("b", 50.0, vec![isolated(0, 1, 1_000.0, 250.0)]),
        sub_with("c", 20.0, vec![isolated(0, -1, 800.0, 200.0)]),
    ];
    let mut plan = fleet(300.0, 120.0, subs);
    plan.metrics = MetricLevel::Full;
    plan.fleets[0].release = Some(RELEASE);
    plan.fleets[0].sweep = true;
    plan.fleets[0].spec.freed_delay_ms = 2 * MINUTE_MS;
    let closes: Vec<f64> =
        (0..60).map(|minute| 100.0 + 24.0 * libm::sin(f64::from(minute) / 6.0)).collect();
    let played = play(&plan, &[&closes]);
    assert!(played.workspace.outcomes()[1].get(Metric::Cures) > 0.0, "dry powder was released");
    let freed: f64 =
        played.workspace.outcomes().iter().map(|row| row.get(Metric::FreedMargin)).sum();
    assert!(freed > 0.0, "a sub-account was closed");
    let mut mean = 0.0;
    for (place, (_, accounts)) in played.samples.iter().enumerate() {
        let reserved: f64 = accounts.iter().map(|account| account.trading).sum();
        // Equity is capital and what is under way.
        let capital: f64 = accounts.iter().map(|account| account.equity - account.in_transit).sum();
        let master = &accounts[0];
        near(master.equity, master.wallet + master.dry_powder + master.in_transit);
        let weights = if place + 1 < played.samples.len() { 1.0 / 59.0 } else { 0.0 };
        mean += utilisation(reserved, capital) * weights;
    }
    near(played.workspace.outcomes()[0].get(Metric::FleetUtilisationMean), mean);
}
