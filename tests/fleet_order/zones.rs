//! Zones of the fleet's utilisation: orange stops draws, red closes by priority.

use drypowder::engine::fleet::ScheduledDraw;
use drypowder::engine::{Metric, Plan};
use drypowder::policy::{FleetZonesSpec, RebalanceSpec, UtilisationBounds};
use drypowder::units::time::SECOND_MS;

use crate::common::{NEW_YEAR_MS, isolated, usdc};
use crate::player::{MINUTE_MS, play};
use crate::story::{NONE, assert_story};
use crate::{fleet, line, metric, near, sub_with, wallet};

const ZONES: FleetZonesSpec = FleetZonesSpec {
    poll_ms: 30 * SECOND_MS,
    latency_ms: 0,
    zones: UtilisationBounds { yellow: 0.60, orange: 0.75, red: 0.85, hysteresis: 0.0 },
    deleverage: Some(RebalanceSpec { target: 0.55 }),
};

/// The coordinator has 100 and 100 of dry powder. b: 400 of collateral on 20 units and 100 on 5; c: 200
/// on 10. R = 700 of K = 900: 77.8 %, orange at once.
fn plan() -> Plan {
    let two = vec![isolated(0, 1, 2_000.0, 400.0), isolated(0, 1, 500.0, 100.0)];
    let subs =
        vec![sub_with("b", 0.0, two), sub_with("c", 0.0, vec![isolated(0, 1, 1_000.0, 200.0)])];
    let mut plan = fleet(100.0, 100.0, subs);
    plan.exchange.markets[0].liquidation_hf = 0.5;
    plan.fleets[0].zones = Some(ZONES);
    line(&mut plan, 1).max_margin = usdc(1_000.0);
    plan
}

#[test]
fn orange_gives_no_margin_out() {
    let mut plan = plan();
    let draw = |at_ms| ScheduledDraw { at_ms, line: 1, amount: usdc(50.0), back: false };
    plan.fleets[0].schedule =
        vec![draw(NEW_YEAR_MS + MINUTE_MS), draw(NEW_YEAR_MS + 3 * MINUTE_MS)];
    // At 110 K = 900 + 350 = 1,250: 56 %, seen at the look of the same instant.
    let played = play(&plan, &[&[100.0, 100.0, 110.0, 110.0]]);
    assert_story(
        &played,
        &[
            (MINUTE_MS, "c fleet 0", "draw_rejected", 50.0),
            (2 * MINUTE_MS, "a fleet 0", "fleet_zone", NONE),
            (3 * MINUTE_MS, "c fleet 0", "margin_drawn", 50.0),
        ],
    );
}

/// At 98 K = 900 − 70 = 830, 84.3 %: still orange. At 97: K = 795, R/K = 88.05 %: red. Gap = 700 − .55·795
/// = 262.75. c has priority 1 (b 2): all of its 200; then of b the smaller first: 62.75 of 100.
#[test]
fn red_closes_by_priority_down_to_the_target() {
    let mut plan = plan();
    line(&mut plan, 0).priority = 2;
    let played = play(&plan, &[&[100.0, 98.0, 97.0, 97.0, 97.0]]);
    assert_story(
        &played,
        &[
            (2 * MINUTE_MS, "a fleet 0", "fleet_zone", NONE),
            (2 * MINUTE_MS, "c position 0", "rebalanced", -30.0),
            (2 * MINUTE_MS, "b position 1", "rebalanced", -15.0 * 0.6275),
            (2 * MINUTE_MS + 30 * SECOND_MS, "a fleet 0", "fleet_zone", NONE),
        ],
    );
    // R = 400 + 37.25 = 437.25 = 55 % of 795.
    let capital = played.samples.last().expect("it was sampled").1.iter();
    let equity: f64 = capital.map(|account| account.equity).sum();
    near(equity, 795.0);
    near(played.workspace.exchange().margin_of(1, 0), 400.0);
    near(played.workspace.exchange().margin_of(1, 1), 37.25);
    near(wallet(&played, 2), 170.0);
    near(metric(&played, 2, Metric::Rebalances), 1.0);
}

/// The same half a second later, at the price that then holds: 262.75 are still what is closed.
#[test]
fn with_latency_the_amounts_are_those_of_the_decision() {
    let mut plan = plan();
    line(&mut plan, 0).priority = 2;
    plan.fleets[0].zones = Some(FleetZonesSpec { latency_ms: 500, ..ZONES });
    let played = play(&plan, &[&[100.0, 97.0, 97.0]]);
    let (look, effect) = (MINUTE_MS, MINUTE_MS + 500);
    assert_story(
        &played,
        &[
            (look, "a fleet 0", "fleet_zone", NONE),
            (effect, "c position 0", "rebalanced", -30.0),
            (effect, "b position 1", "rebalanced", -15.0 * 0.6275),
            (look + 30 * SECOND_MS, "a fleet 0", "fleet_zone", NONE),
        ],
    );
}
