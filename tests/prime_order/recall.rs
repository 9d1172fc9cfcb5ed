//! A recall that is late, fails, and is bought in.

use drypowder::engine::prime::Cuttable;
use drypowder::engine::{EventKind, Metric, Plan};
use drypowder::policy::{CountRecalled, PrimeSpec, RebalanceSpec, RecallSpec};
use drypowder::units::time::{DAY_MS, HOUR_MS};
use drypowder::venue::exchange::{Slippage, SlippageSpec};
use drypowder::venue::lending::{Collateral, LoanSpec, Response};

use crate::common::NEW_YEAR_MS;
use crate::desk::{ETH, of as amount};
use crate::player::{Played, play_every};
use crate::prime::{of, reserving, watching};
use crate::story::{NONE, assert_story};
use crate::{free_of_costs, lends, lent, near};

/// 500, of which 200 are lent against .12 ETH at 2,000 to somebody who will not return them; a long of .42 ETH
/// reserves 252 of the 300 left. Selling costs 10 basis points and .1 %. The policy takes effect after 50 ms.
fn plan(count: CountRecalled) -> Plan {
    let mut plan = free_of_costs(&[("a", 500.0, vec![reserving(252.0, "long")])]);
    let spec = LoanSpec { collateral: Collateral::Amount(amount(ETH, 0.12)), ..lent(200.0) };
    lends(&mut plan, &[spec]);
    let prime = plan.prime.as_mut().expect("it has");
    prime.lending.pools[0].borrowers.failure = Response::constant(1.0);
    prime.lending.pools[0].borrowers.cure = Response::constant(0.0);
    prime.spot[0].fee = 0.001;
    let form = Slippage::FixedBps { bps: 10.0 };
    prime.spot[0].slippage = SlippageSpec { form, ..SlippageSpec::NONE };
    let own = of(&mut plan, 0);
    own.policy = Some(PrimeSpec {
        latency_ms: 50,
        recall: Some(RecallSpec { count, short_notice_ms: DAY_MS }),
        rebalance: Some(RebalanceSpec { target: 0.55 }),
        ..watching()
    });
    own.cuts = vec![Cuttable { reducible: true, discretionary: false }];
    plan
}

/// 2,000 for twenty hours, then 1,500.
fn played(count: CountRecalled) -> Played {
    let closes: Vec<f64> = (0..27).map(|hour| if hour < 20 { 2_000.0 } else { 1_500.0 }).collect();
    play_every(&plan(count), HOUR_MS, &[&closes])
}

const LOOK: i64 = 30_000;
const ASKED: i64 = LOOK + 50;
const FALL: i64 = 20 * HOUR_MS;
const DUE: i64 = ASKED + DAY_MS;

/// .12 ETH at 1,498.50, less .1 %: 179.64018 of 200.
const YIELD: f64 = 179.640_18;
const LOST: f64 = 20.359_82;

/// 252 of 300: 84 %. 252 − 165 = 87 are to be freed; 200 come back in a day, and count: nothing is reduced.
/// After 20 hours .42 ETH have lost 210 of 300: 90/94.5 is below 1.05, while 200 that were counted have not
/// arrived. The borrower is called (1.1·200/1,500 − .12 = .02666667 ETH, rounded up), and before that call
/// ends the loan is due: its collateral is sold.
#[test]
fn what_was_counted_and_did_not_come_is_the_shortfall() {
    let played = played(CountRecalled::AtRequest);
    assert_story(
        &played,
        &[
            (LOOK, "a loan 1", "recall_ordered", 200.0),
            (ASKED, "a loan 1", "loan_recalled", 200.0),
            (FALL, "a position 0", "liquidated", -210.0),
            (FALL, "a loan 1", "collateral_called", 0.026_666_67),
            (FALL, "a green", "zone_alert", NONE),
            (DUE, "a loan 1", "recall_failed", 200.0),
            (DUE, "a loan 1", "bought_in", YIELD),
            (DUE, "a loan 1", "lending_shortfall", LOST),
        ],
    );
    due(&played);
    // 300 − 210 + 179.64018.
    assert_losses(&played, [200.0, 200.0], 269.640_18);
}

/// The same where nothing counts before it is there: 87 of 252 are reduced with the recall. The other 165, .275
/// ETH, lose 137.50 and are not closed: (300 − 137.5)/61.875 = 2.63.
#[test]
fn what_is_not_counted_is_late_for_nothing() {
    let played = played(CountRecalled::AtArrival);
    assert_story(
        &played,
        &[
            (LOOK, "a loan 1", "recall_ordered", 200.0),
            (ASKED, "a loan 1", "loan_recalled", 200.0),
            (ASKED, "a position 0", "rebalanced", 0.0),
            (2 * LOOK, "a green", "zone_alert", NONE),
            (FALL, "a loan 1", "collateral_called", 0.026_666_67),
            (FALL, "a red", "zone_alert", NONE),
            // 165 of 162.5, of which 89.375 stay: 75.625/165 of .275 ETH, .12604167, at 1,500.
            (FALL + 50, "a position 0", "rebalanced", -63.020_835),
            (FALL + LOOK, "a green", "zone_alert", NONE),
            (DUE, "a loan 1", "recall_failed", 200.0),
            (DUE, "a loan 1", "bought_in", YIELD),
            (DUE, "a loan 1", "lending_shortfall", LOST),
        ],
    );
    due(&played);
    assert_losses(&played, [0.0, 0.0], 300.0 - 137.5 + YIELD);
}

/// An order says when it takes effect, a recall when it is due.
#[track_caller]
fn due(played: &Played) {
    for (kind, due_ms) in [(EventKind::RecallOrdered, ASKED), (EventKind::LoanRecalled, DUE)] {
        let event = played.of(kind).next().expect("one");
        assert_eq!(event.due_ms, Some(NEW_YEAR_MS + due_ms), "{kind:?}");
    }
}

#[track_caller]
fn assert_losses(played: &Played, [shortfall, late]: [f64; 2], equity: f64) {
    let got = |metric| played.outcome.get(metric);
    assert_eq!([got(Metric::RecallShortfall), got(Metric::RecallLate)], [shortfall, late]);
    assert_eq!([got(Metric::Recalls), got(Metric::RecallsFailed)], [1.0, 1.0]);
    assert_eq!([got(Metric::RecallsArrived), got(Metric::RecallDays)], [1.0, 1.0]);
    near(got(Metric::LendingLosses), LOST);
    near(got(Metric::FinalEquity), equity);
}
