//! Orange and red: loans are asked back before anything is reduced.

use drypowder::engine::Plan;
use drypowder::engine::prime::Cuttable;
use drypowder::policy::{CountRecalled, PrimeSpec, RebalanceSpec, RecallSpec};
use drypowder::units::time::{DAY_MS, SECOND_MS};

use crate::common::isolated;
use crate::player::{Played, play_every};
use crate::prime::{of, reserving, watching};
use crate::story::{NONE, assert_story};
use crate::{free_of_costs, lends, lent, near};

/// 970 of which 170 are lent, and 200 of collateral: K = 1,000. Cross longs of 16 and 4 units at 100
/// reserve 480 and 120, an isolated one of 4 units its 200: R = 800.
fn plan(count: CountRecalled) -> Plan {
    let slots =
        vec![reserving(480.0, "large"), isolated(0, 1, 400.0, 200.0), reserving(120.0, "small")];
    let mut plan = free_of_costs(&[("a", 970.0, slots)]);
    lends(&mut plan, &[lent(100.0), lent(70.0)]);
    let own = of(&mut plan, 0);
    own.policy = Some(PrimeSpec {
        recall: Some(RecallSpec { count, short_notice_ms: DAY_MS }),
        rebalance: Some(RebalanceSpec { target: 0.55 }),
        ..watching()
    });
    own.cuts = vec![Cuttable { reducible: true, discretionary: false }; 3];
    plan
}

/// 95 before the first look, which is half a minute after the start.
fn played(count: CountRecalled) -> Played {
    let mut closes = vec![95.0; 6 * 60 * 24 + 12];
    closes[0] = 100.0;
    play_every(&plan(count), 10 * SECOND_MS, &[&closes])
}

const LOOK: i64 = 30_000;
const BACK: i64 = LOOK + DAY_MS;

/// At 95 the 24 units have lost 5 each: K = 1,000 − 120 = 880, R = 800: 91 %, red. To free: 800 − .55·880
/// = 316. Recalled 70 and 100, the smaller first, of which nothing counts before it is there: 316 are
/// reduced, all of the small one (120) and 196 of the isolated 200. That is 98 % of its 4 units: 3.92
/// close 19.60 lower than they were opened; of the 180.40 left 4 stay. R = 480 + 4 = 484 = 55 % of 880.
#[test]
fn what_has_not_arrived_leaves_all_to_be_reduced() {
    let played = played(CountRecalled::AtArrival);
    assert_story(
        &played,
        &[
            (LOOK, "a red", "zone_alert", NONE),
            (LOOK, "a loan 2", "loan_recalled", 70.0),
            (LOOK, "a loan 1", "loan_recalled", 100.0),
            (LOOK, "a position 2", "rebalanced", -20.0),
            (LOOK, "a position 1", "rebalanced", -19.6),
            (2 * LOOK, "a green", "zone_alert", NONE),
            (BACK, "a loan 1", "loan_returned", 100.0),
            (BACK, "a loan 2", "loan_returned", 70.0),
        ],
    );
    let reduced = &played.events.iter().rfind(|event| event.position == Some(1));
    near(reduced.expect("it was").utilisation, 0.55);
    after(&played, [16.0, 0.08, 0.0], 4.0, 880.0 + 170.0);
}

/// Counted at once, 170 of the 316 need no reduction: 146 are reduced, the small one's 120 and 26 of 200:
/// 13 % of 4 units, .52 at a loss of 2.60; of the 197.40 left 174 stay. R = 480 + 174 = 654: 74.3 %, yellow.
#[test]
fn what_was_asked_for_needs_no_reduction_when_it_counts() {
    let played = played(CountRecalled::AtRequest);
    assert_story(
        &played,
        &[
            (LOOK, "a red", "zone_alert", NONE),
            (LOOK, "a loan 2", "loan_recalled", 70.0),
            (LOOK, "a loan 1", "loan_recalled", 100.0),
            (LOOK, "a position 2", "rebalanced", -20.0),
            (LOOK, "a position 1", "rebalanced", -2.6),
            (2 * LOOK, "a yellow", "zone_alert", NONE),
            (BACK, "a loan 1", "loan_returned", 100.0),
            (BACK, "a loan 2", "loan_returned", 70.0),
        ],
    );
    let reduced = &played.events.iter().rfind(|event| event.position == Some(1));
    near(reduced.expect("it was").utilisation, 654.0 / 880.0);
    after(&played, [16.0, 3.48, 0.0], 174.0, 880.0 + 170.0);
}

/// Units of each position at the end, what is left of the isolated collateral, and everything owned.
#[track_caller]
fn after(played: &Played, units: [f64; 3], collateral: f64, equity: f64) {
    let exchange = played.workspace.exchange();
    for (slot, units) in exchange.accounts()[0].positions.iter().zip(units) {
        near(slot.units, units);
    }
    near(exchange.collateral(0, 1).usdc(), collateral);
    near(exchange.equity(0), equity);
    // (200 − 20) / (.15·4·95): freeing collateral in proportion leaves it as it was.
    near(exchange.health(0, 1).factor(), 180.0 / 57.0);
    // So it does when it is reduced; of a closed position nothing is read.
    let reduced: Vec<_> = played.of(drypowder::engine::EventKind::Rebalanced).collect();
    near(reduced[0].health_before, 700.0 / 285.0);
    assert!(reduced[0].health_factor.is_nan());
    near(reduced[1].health_before, 180.0 / 57.0);
    near(reduced[1].health_factor, 180.0 / 57.0);
}
