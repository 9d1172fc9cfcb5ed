//! Dry powder: untouched until the emergency, released by the rule, and how long it lasts.

use drypowder::engine::Metric;
use drypowder::policy::ReleaseSpec;
use drypowder::venue::exchange::{AfterCall, MarginCallSpec, UsedMargin};

use crate::common::{isolated, usdc};
use crate::player::{MINUTE_MS, play};
use crate::story::{NONE, assert_story};
use crate::{RELEASE, collateral, fleet, line, metric, near, sub, worth};

/// b: 10 units at 100 with 300. At 84: E = 140, MM = 126, HF 1.11; at 83: E = 130, MM = 124.5, 1.0442:
/// due. To 1.4: 174.3 − 130 = 44.3.
const FALL: [f64; 5] = [100.0, 84.0, 83.0, 80.0, 100.0];

#[test]
fn it_saves_a_sub_account_that_dies_without_it() {
    let mut plan = fleet(0.0, 500.0, vec![sub("b", 1_000.0, 300.0)]);
    let without = play(&plan, &[&FALL]);
    assert_story(&without, &[(2 * MINUTE_MS, "b position 0", "liquidated", -170.0)]);
    near(metric(&without, 0, Metric::DryPowderLeft), 500.0);
    near(metric(&without, 1, Metric::FinalEquity), 130.0);

    plan.fleets[0].release = Some(RELEASE);
    let with = play(&plan, &[&FALL]);
    // At 80 with 344.3: E = 144.3, MM = 120, HF 1.2025: nothing is due.
    assert_story(&with, &[(2 * MINUTE_MS, "b position 0", "dry_powder_released", 44.3)]);
    near(collateral(&with, 1), 344.3);
    near(metric(&with, 0, Metric::DryPowderLeft), 455.7);
    near(metric(&with, 1, Metric::CureAmount), 44.3);
    near(metric(&with, 1, Metric::FinalEquity), 344.3);
    near(worth(&with), 800.0);
    assert!(metric(&with, 0, Metric::DryPowderLasted).is_nan());
}

/// It is not touched by a sub-account that is low and not due, however low.
#[test]
fn it_is_untouched_until_the_emergency() {
    let mut plan = fleet(0.0, 500.0, vec![sub("b", 1_000.0, 300.0)]);
    plan.fleets[0].release = Some(RELEASE);
    // At 83.11: E = 131.1, MM = 124.665, HF 1.0516 > 1.05.
    let played = play(&plan, &[&[100.0, 83.11, 83.11, 90.0]]);
    assert_story(&played, &[]);
    near(metric(&played, 0, Metric::DryPowderLeft), 500.0);
}

/// Three alike, each in need of 44.3, of 100: the last to be liquidated first. 100 − 88.6 = 11.4 would
/// bring the third to 141.4 / 124.5 = 1.1357, above 1.05: it gets the rest. With 89 the rest is .4:
/// 130.4 / 124.5 = 1.0474: too little, and it is not spent.
#[test]
fn the_last_to_be_liquidated_is_saved_first() {
    let subs =
        || vec![sub("b", 1_000.0, 300.0), sub("c", 1_000.0, 300.0), sub("d", 1_000.0, 300.0)];
    let at = 2 * MINUTE_MS;
    let mut plan = fleet(0.0, 100.0, subs());
    plan.fleets[0].release = Some(RELEASE);
    for (place, priority) in [2, 3, 1].into_iter().enumerate() {
        line(&mut plan, place).priority = priority;
    }
    let released = "dry_powder_released";
    let played = play(&plan, &[&FALL[..3]]);
    assert_story(
        &played,
        &[
            (at, "c position 0", released, 44.3),
            (at, "b position 0", released, 44.3),
            (at, "d position 0", released, 11.4),
        ],
    );
    near(metric(&played, 0, Metric::DryPowderLasted), 2.0 / 1_440.0);
    plan.fleets[0].spec.dry_powder = usdc(89.0);
    let played = play(&plan, &[&FALL[..3]]);
    assert_story(
        &played,
        &[
            (at, "c position 0", released, 44.3),
            (at, "b position 0", released, 44.3),
            (at, "d fleet 0", "dry_powder_refused", NONE),
            (at, "d position 0", "liquidated", -170.0),
        ],
    );
    near(metric(&played, 0, Metric::DryPowderLeft), 0.4);
    near(metric(&played, 3, Metric::CuresRefused), 1.0);
}

/// At most 20 a cure: 150 / 124.5 = 1.2048. At most 30 a day: the second gets 10: 140 / 124.5 = 1.1245.
#[test]
fn its_caps_hold() {
    let mut plan = fleet(0.0, 500.0, vec![sub("b", 1_000.0, 300.0), sub("c", 1_000.0, 300.0)]);
    let (cure, day) = (Some(usdc(20.0)), Some(usdc(30.0)));
    plan.fleets[0].release = Some(ReleaseSpec { max_per_cure: cure, max_per_day: day, ..RELEASE });
    let played = play(&plan, &[&FALL[..3]]);
    let at = 2 * MINUTE_MS;
    let rows = [
        (at, "b position 0", "dry_powder_released", 20.0),
        (at, "c position 0", "dry_powder_released", 10.0),
    ];
    assert_story(&played, &rows);
    near(metric(&played, 0, Metric::DryPowderLeft), 470.0);
}

/// b and c have 100 beside 300 of collateral: called above 85 %, so below K = 300 / .85 = 352.941176. At
/// 95 K = 350. When the grace of five minutes has passed both lack 2.941177 (rounded up), and 3 are
/// there: c, which would go last, is saved; b is closed at 95.
#[test]
fn of_expired_calls_the_last_to_go_is_saved_first() {
    let with_wallet = |name| crate::sub_with(name, 100.0, vec![isolated(0, 1, 1_000.0, 300.0)]);
    let mut plan = fleet(0.0, 3.0, vec![with_wallet("b"), with_wallet("c")]);
    line(&mut plan, 1).priority = 2;
    plan.fleets[0].release = Some(RELEASE);
    plan.exchange.margin_call = Some(MarginCallSpec {
        ratio: 0.85,
        used: UsedMargin::Initial,
        grace_ms: 5 * MINUTE_MS,
        after: AfterCall::NewCall,
    });
    let (call, end) = (MINUTE_MS, 6 * MINUTE_MS);
    let mut closes = [95.0; 8];
    closes[0] = 100.0;
    let played = play(&plan, &[&closes]);
    assert_story(
        &played,
        &[
            (call, "b margin ratio above its limit", "margin_call", NONE),
            (call, "c margin ratio above its limit", "margin_call", NONE),
            (end, "c fleet 0", "dry_powder_released", 2.941177),
            (end, "b fleet 0", "dry_powder_refused", NONE),
            (end, "b position 0", "liquidated", -50.0),
            (end, "c margin ratio back within its limit", "margin_call_cured", NONE),
        ],
    );
}
