//! Orders that are on their way longer than until the next look.

use drypowder::engine::prime::Cuttable;
use drypowder::policy::{CountRecalled, PrimeSpec, RebalanceSpec, RecallSpec};
use drypowder::units::time::DAY_MS;

use crate::player::play_every;
use crate::prime::{of, reserving, watching};
use crate::story::{NONE, assert_story};
use crate::{free_of_costs, lends, lent, near};

/// 78 of 100 are reserved by 2.6 units at 100, 10 are lent. At 30 s 23 are to be freed: the loan is asked back
/// and 23 of 78 reduced, both at 120 s. At 60 s the price is 95, K = 87: 78 − 23 − .55·87 = 7.15 more are to be
/// freed, of the 55 that will be left, at 150 s. No look in between orders anything again. At 120 s
/// 23/78 of 2.6, .76666667, are closed, at 150 s 7.15/55 of 1.83333333, .23833334 (rounded up to a step); each
/// loses 5 a unit. R = 47.85 = 55 % of 87.
#[test]
fn orders_on_their_way_count_as_done() {
    let mut plan = free_of_costs(&[("a", 110.0, vec![reserving(78.0, "long")])]);
    lends(&mut plan, &[lent(10.0)]);
    let own = of(&mut plan, 0);
    let count = CountRecalled::AtArrival;
    own.policy = Some(PrimeSpec {
        latency_ms: 90_000,
        recall: Some(RecallSpec { count, short_notice_ms: DAY_MS }),
        rebalance: Some(RebalanceSpec { target: 0.55 }),
        ..watching()
    });
    own.cuts = vec![Cuttable { reducible: true, discretionary: false }];
    let closes = [[100.0; 4].as_slice(), &[95.0; 12]].concat();
    let played = play_every(&plan, 15_000, &[&closes]);
    assert_story(
        &played,
        &[
            (30_000, "a loan 1", "recall_ordered", 10.0),
            (60_000, "a red", "zone_alert", NONE),
            (120_000, "a loan 1", "loan_recalled", 10.0),
            (120_000, "a position 0", "rebalanced", -3.833_333),
            (120_000, "a yellow", "zone_alert", NONE),
            (150_000, "a position 0", "rebalanced", -1.191_667),
            (150_000, "a green", "zone_alert", NONE),
        ],
    );
    near(played.events.last().expect("seven").utilisation, 0.55);
}
