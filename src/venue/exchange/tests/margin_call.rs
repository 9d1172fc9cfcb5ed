//! The margin call: ratio, grace, cure, smallest first, and what follows.

use super::*;
use CallStep::{Call, Close, Cure};

const GRACE_MS: i64 = 300_000;

/// Maintenance so low that the force-close stays away.
fn called(used: UsedMargin, after: AfterCall) -> ExchangeSpec {
    let low = |market: MarketSpec| MarketSpec {
        maintenance: Brackets::flat(0.02),
        liquidation_hf: 1.0,
        ..market
    };
    let margin_call = Some(MarginCallSpec { ratio: 0.85, used, grace_ms: GRACE_MS, after });
    ExchangeSpec { margin_call, ..venue(vec![low(market()), low(second())]) }
}

/// 100 in the wallet; one A at 200 reserves 60, half a B at 100 reserves 15: 75 %.
fn account(spec: ExchangeSpec) -> Exchange {
    let positions = vec![position(0, Cross, 1.0, 200.0, 0.0), position(1, Cross, 0.5, 100.0, 0.0)];
    open(spec, &[200.0, 100.0], &[("a", 100.0, positions)])
}

/// Takes every step that is due.
fn settle(exchange: &mut Exchange) -> Vec<CallStep> {
    let mut steps = Vec::new();
    while let Some(due) = exchange.call_due() {
        exchange.execute_call(due);
        steps.push(due.step);
        assert!(steps.len() < 100, "margin calls without end");
    }
    assert_eq!(exchange.ledger().conservation(), Ok(()));
    steps
}

#[test]
fn an_account_is_called_above_85_percent_and_not_at_it() {
    let mut exchange = account(called(UsedMargin::Initial, AfterCall::NewCall));
    near(exchange.margin_ratio(0, UsedMargin::Initial), 0.75, 1e-12);
    // K = 100 − 12 = 88: 75 / 88 = .852; a dollar higher 75 / 89 = .843.
    for (mark, steps) in [(189.0, vec![]), (188.0, vec![Call])] {
        at(&mut exchange, 1, &[mark, 100.0]);
        assert_eq!(settle(&mut exchange), steps, "{mark}");
    }
    near(exchange.effects()[0].amount, 75.0 / 88.0, 1e-12);
    assert_eq!(exchange.call_ends_ms(0), 1 + GRACE_MS);
}

#[test]
fn a_call_is_cured_when_the_ratio_comes_back_in_time() {
    let mut exchange = account(called(UsedMargin::Initial, AfterCall::NewCall));
    at(&mut exchange, 0, &[188.0, 100.0]);
    assert_eq!(settle(&mut exchange), [Call]);
    at(&mut exchange, GRACE_MS - 1, &[188.0, 100.0]);
    assert_eq!(settle(&mut exchange), []);
    at(&mut exchange, GRACE_MS, &[190.0, 100.0]);
    assert_eq!(settle(&mut exchange), [Cure]);
    assert_eq!(exchange.call_ends_ms(0), crate::units::time::NEVER_MS);
}

#[test]
fn after_five_minutes_the_smallest_position_by_notional_is_closed() {
    let mut exchange = account(called(UsedMargin::Initial, AfterCall::NewCall));
    at(&mut exchange, 0, &[188.0, 100.0]);
    settle(&mut exchange);
    at(&mut exchange, GRACE_MS, &[188.0, 100.0]);
    // B is 50 of notional, A 188; what is left uses 60 of 88.
    assert_eq!(settle(&mut exchange), [Close(1)]);
    assert_eq!((still_open(&exchange, 0, 0), still_open(&exchange, 0, 1)), (1.0, 0.0));
    near(exchange.margin_ratio(0, UsedMargin::Initial), 60.0 / 88.0, 1e-12);
    assert_eq!(exchange.call_ends_ms(0), crate::units::time::NEVER_MS);
}

#[test]
fn a_breach_that_goes_on_is_called_anew_or_closed_on() {
    // A at 168: K = 68. With both 75 / 68, with A alone 60 / 68 = .88, still above.
    for (after, steps, next_ms, left) in [
        (AfterCall::NewCall, vec![Close(1)], 2 * GRACE_MS, 1.0),
        (AfterCall::UntilCured, vec![Close(1), Close(0)], crate::units::time::NEVER_MS, 0.0),
    ] {
        let mut exchange = account(called(UsedMargin::Initial, after));
        at(&mut exchange, 0, &[168.0, 100.0]);
        settle(&mut exchange);
        at(&mut exchange, GRACE_MS, &[168.0, 100.0]);
        assert_eq!(settle(&mut exchange), steps, "{after:?}");
        assert_eq!(exchange.call_ends_ms(0), next_ms, "{after:?}");
        assert_eq!(still_open(&exchange, 0, 0), left, "{after:?}");
    }
}

#[test]
fn used_may_be_the_maintenance_margin() {
    let mut exchange = account(called(UsedMargin::Maintenance, AfterCall::NewCall));
    // 2 % of 200 + 50 = 5 of 100.
    near(exchange.margin_ratio(0, UsedMargin::Maintenance), 0.05, 1e-12);
    // A at 104: K = 4, used 2 % of 104 + 50 = 3.08, .77; at 103.5: 3.07 of 3.5, .877.
    for (mark, steps) in [(104.0, vec![]), (103.5, vec![Call])] {
        at(&mut exchange, 1, &[mark, 100.0]);
        assert_eq!(settle(&mut exchange), steps, "{mark}");
    }
}

#[test]
fn cross_equity_below_its_maintenance_is_a_breach_whatever_the_ratio() {
    let mut spec = called(UsedMargin::Initial, AfterCall::NewCall);
    spec.margin_call = spec.margin_call.map(|call| MarginCallSpec { ratio: 1e9, ..call });
    let mut exchange = account(spec);
    // E = 100 − 97 = 3 against 2 % of 103 + 50 = 3.06; a dollar higher 4 against 3.08.
    for (mark, steps) in [(104.0, vec![]), (103.0, vec![Call])] {
        at(&mut exchange, 1, &[mark, 100.0]);
        assert_eq!(settle(&mut exchange), steps, "{mark}");
    }
}

#[test]
fn isolated_collateral_counts_as_used() {
    let spec = called(UsedMargin::Initial, AfterCall::NewCall);
    // 42 of 100 in collateral of a short: K falls as A rises; at 251 42 / (100 − 51) = .857.
    let positions = vec![position(0, Isolated, -1.0, 200.0, 42.0)];
    let mut exchange = open(spec, &[200.0, 100.0], &[("a", 58.0, positions)]);
    near(exchange.margin_ratio(0, UsedMargin::Initial), 0.42, 1e-12);
    for (mark, steps) in [(250.0, vec![]), (251.0, vec![Call])] {
        at(&mut exchange, 1, &[mark, 100.0]);
        assert_eq!(settle(&mut exchange), steps, "{mark}");
    }
}
