//! The venue's margin call beside recall and rebalance.

use drypowder::engine::prime::Cuttable;
use drypowder::engine::{Metric, Plan};
use drypowder::policy::{CountRecalled, PrimeSpec, RebalanceSpec, RecallSpec};
use drypowder::units::time::DAY_MS;
use drypowder::venue::exchange::{AfterCall, MarginCallSpec, UsedMargin};
use drypowder::venue::lending::LoanSpec;

use crate::player::{MINUTE_MS, play};
use crate::prime::{of, reserving, watching};
use crate::story::{NONE, Row, assert_story};
use crate::{free_of_costs, lends, lent};

/// 130, of which 30 are lent, behind 2 and .4 units at 100: 60 + 12 = 72 % of 100. Called above 85 %, five
/// minutes of grace.
fn plan(notice_ms: i64, target: Option<f64>) -> Plan {
    let slots = vec![reserving(60.0, "large"), reserving(12.0, "small")];
    let mut plan = free_of_costs(&[("a", 130.0, slots)]);
    plan.exchange.margin_call = Some(MarginCallSpec {
        ratio: 0.85,
        used: UsedMargin::Initial,
        grace_ms: 5 * MINUTE_MS,
        after: AfterCall::NewCall,
    });
    lends(&mut plan, &[LoanSpec { notice_ms, ..lent(30.0) }]);
    let own = of(&mut plan, 0);
    own.policy = Some(PrimeSpec {
        recall: Some(RecallSpec { count: CountRecalled::AtArrival, short_notice_ms: DAY_MS }),
        rebalance: target.map(|target| RebalanceSpec { target }),
        ..watching()
    });
    own.cuts = vec![Cuttable { reducible: true, discretionary: false }; 2];
    plan
}

const FALL: i64 = 2 * MINUTE_MS;
const CALL: &str = "a margin ratio above its limit";
const CURE: &str = "a margin ratio back within its limit";

/// At 92 after two minutes 2.4 units have lost 19.20: 72 of 80.80 is 89 %. The account is called, and at its
/// look in that instant asks its loan back.
///
/// - With a day's notice nothing comes within the grace: the smaller position (.4 units, a loss of 3.20) is
///   closed, 30 are late. Then 60 of 80.80 are used, 74 %.
/// - With four minutes' the 30 are there a minute before: 72 of 110.80, 65 %.
/// - Rebalancing to 55 % frees 72 − 44.44 = 27.56 at once: the small one's 12, and 60 of 80.80 has cured the call
///   when 15.56 of 60 of the large one are closed: .51866667 units, a loss of 4.149333.
#[test]
fn a_recall_of_a_day_does_not_answer_a_call_of_five_minutes() {
    let called: [Row; 3] = [
        (FALL, CALL, "margin_call", NONE),
        (FALL, "a red", "zone_alert", NONE),
        (FALL, "a loan 1", "loan_recalled", 30.0),
    ];
    let late = [
        called.as_slice(),
        &[
            (FALL + 5 * MINUTE_MS, "a position 1", "liquidated", -3.2),
            (FALL + 5 * MINUTE_MS, "a yellow", "zone_alert", NONE),
        ],
    ];
    let in_time = [
        called.as_slice(),
        &[
            (FALL + 4 * MINUTE_MS, "a loan 1", "loan_returned", 30.0),
            (FALL + 4 * MINUTE_MS, CURE, "margin_call_cured", NONE),
            (FALL + 4 * MINUTE_MS, "a yellow", "zone_alert", NONE),
        ],
    ];
    let reduced = [
        called.as_slice(),
        &[
            (FALL, "a position 1", "rebalanced", -3.2),
            (FALL, CURE, "margin_call_cured", NONE),
            (FALL, "a position 0", "rebalanced", -4.149_333),
            (FALL + 30_000, "a green", "zone_alert", NONE),
        ],
    ];
    for (notice_ms, target, story, needed) in [
        (DAY_MS, None, late, 30.0),
        (4 * MINUTE_MS, None, in_time, 0.0),
        (DAY_MS, Some(0.55), reduced, 0.0),
    ] {
        let closes = [[100.0; 2].as_slice(), &[92.0; 9]].concat();
        let played = play(&plan(notice_ms, target), &[&closes]);
        assert_story(&played, &story.concat());
        assert_eq!(played.outcome.get(Metric::RecallLate), needed);
        assert_eq!(played.outcome.get(Metric::RecallShortfall), 0.0);
    }
}
