//! Stories of hand-made events.

use super::story;
use crate::engine::{About, Event, EventKind, Metric};
use crate::report::testing::{event, failed_recall, on_loan, prime_scenario, trace_of, variants};
use crate::venue::custody::{Service, Silo};

fn told(events: Vec<Event>) -> Vec<String> {
    let scenario = prime_scenario();
    let set = variants(&scenario);
    let mut trace = trace_of(events);
    trace.outcomes[0].set(Metric::FinalEquity, 7_000.0);
    trace.outcomes[0].set(Metric::RecallShortfall, 2_272.0);
    story(&scenario, &set, &trace, None).lines().map(str::to_owned).collect()
}

/// .8 × 2,840 = 2,272; due a day after the request; alice starts with 600 + 1,000 + 2 × 2,840.
#[test]
fn a_recall_that_fails() {
    let lines = told(failed_recall());
    let wanted = [
        "2025-10-10T00:00:00Z  alice: starts with 7,280.00 USDC, 600.00 of it free in the wallet; \
         it holds 2 ETH (5,680.00 USDC).",
        "2025-10-10T00:00:00Z  bob: starts with 1,000.00 USDC, 300.00 of it free in the wallet.",
        "2025-10-10T00:00:00Z  alice: loan 3 given: 0.8 ETH (2,240.00 USDC).",
        "2025-10-11T00:00:00Z  alice: recall of loan 3 (0.8 ETH, 2,272.00 USDC) asked for, due \
         2025-10-12T00:00:00Z.",
        "2025-10-11T06:00:00Z  alice: BTC at 70,800.00, down 20.0 % since the start: LIQUIDATED: \
         the venue closed BTC-PERP (equity left), health factor 1.040 before; filled at \
         70,000.00: realised -900.00 USDC, costs 12.50. Recalled and not there: 2,272.00 USDC of \
         loan 3.",
        "2025-10-12T00:00:00Z  alice: RECALL FAILED: loan 3 was not returned at its deadline: 0.8 \
         ETH (2,320.00 USDC).",
        "2025-10-12T00:00:00Z  alice: loan 3 bought in with its collateral at 2,900.00: 0.7 ETH \
         (2,030.00 USDC) to the lender.",
        "2025-10-12T00:00:00Z  alice: LENDING LOSS: 0.1 ETH (290.00 USDC) of loan 3 came back \
         neither from the borrower nor from its collateral.",
        "2025-10-14T00:00:00Z  The end. BTC at 70,800.00 (-20.0 %). ETH at 2,982.00 (+5.0 %).",
        "alice: Final equity 7,000.00 USDC, -280.00 since the start after 4.0 days. Fees 0.00, \
         slippage 0.00, penalties 0.00, funding 0.00.",
        "alice: Interest received 0.00, paid 0.00, lending losses 0.00, referral 0.00: net yield \
         +0.00 USDC. Recalls 0, 0 of them failed, shortfall 2,272.00 USDC. Margin calls 0, \
         requests turned down 0.",
    ];
    assert_eq!(&lines[1..=wanted.len()], wanted);
}

#[test]
fn money_that_came_in_time_is_not_missed() {
    let mut events = failed_recall();
    events[3] = on_loan(29, EventKind::LoanReturnedEarly, 3, 0.8, 2_850.0);
    events.swap(2, 3);
    let lines = told(events[..4].to_vec());
    assert_eq!(
        lines[5],
        "2025-10-11T05:00:00Z  alice: loan 3 came back before its deadline, 5.0 hours after its \
         recall: 0.8 ETH (2,280.00 USDC)."
    );
    assert!(lines[6].ends_with("costs 12.50."), "{}", lines[6]);
}

fn contract(hours: i64, kind: EventKind, number: u64) -> Event {
    Event { about: About::Contract(number), amount: 100.0, reason: "pays", ..event(hours, kind) }
}

#[test]
fn daily_business_is_summed_up_where_there_is_much_of_it() {
    let made = |n: u64| contract(n as i64, EventKind::EscrowCreated, n);
    let few: Vec<Event> = (0..12).map(made).collect();
    assert_eq!(
        told(few)[3],
        "2025-10-10T00:00:00Z  alice: contract 0 made: 100.00 USDC and its fee held."
    );
    let mut many: Vec<Event> = (0..12).map(made).collect();
    let refused = |hours| Event {
        about: About::Service(Service::Casino),
        reason: "less is free than it takes",
        ..event(hours, EventKind::RequestRejected)
    };
    many.extend((1..=3).map(|n| contract(11, EventKind::EscrowReleased, n)));
    many.extend([refused(12), refused(13)]);
    many.push(Event { reason: "orange", ..event(14, EventKind::ZoneAlert) });
    let paid = Event { agent: 1, reason: "is paid", ..contract(15, EventKind::EscrowReleased, 9) };
    many.push(paid);
    many.push(Event { reason: "orange", ..event(16, EventKind::ZoneAlert) });
    let lines = told(many);
    let wanted = [
        "2025-10-10T13:00:00Z  alice: since 2025-10-10T00:00:00Z: 12 contracts made (1,200.00 \
         USDC, pays), 3 contracts released (300.00 USDC, pays), 2 requests turned down (less is free than it \
         takes).",
        "2025-10-10T14:00:00Z  alice: alert: utilisation 50.0 % is in the zone orange.",
        "2025-10-10T15:00:00Z  bob: contract 9 released: 100.00 USDC received.",
        "… and 1 more alerts to and fro",
    ];
    assert_eq!(&lines[3..3 + wanted.len()], wanted);
}

/// Every kind has a sentence of its own: none falls back on its name in files.
#[test]
fn every_kind_is_told() {
    let kinds = [
        EventKind::Rebalanced,
        EventKind::SpotSold,
        EventKind::SpotBought,
        EventKind::InterestPaid,
        EventKind::RecallOrdered,
        EventKind::LoanReturned,
        EventKind::LoanRepaid,
        EventKind::CollateralCalled,
        EventKind::CollateralPosted,
        EventKind::CollateralCallCured,
        EventKind::CollateralLiquidated,
        EventKind::CollateralSold,
        EventKind::EscrowFunded,
        EventKind::EscrowReduced,
        EventKind::EscrowCancelled,
        EventKind::EscrowExpired,
        EventKind::EscrowTimedOut,
        EventKind::EscrowDisputed,
        EventKind::EscrowResolved,
        EventKind::Obliged,
        EventKind::Netted,
        EventKind::NetPaid,
        EventKind::NetReceived,
        EventKind::SettlementArrived,
        EventKind::ReferralReceived,
        EventKind::FaucetGranted,
        EventKind::BankrollHeld,
        EventKind::BankrollReleased,
        EventKind::BetsSettled,
        EventKind::NamesOrdered,
        EventKind::NamesRegistered,
        EventKind::NamesSold,
        EventKind::MoveRequested,
        EventKind::MoveArrived,
        EventKind::MoveFailed,
    ];
    for kind in kinds {
        let about = About::Move(Silo::Main, Silo::Of(Service::Trading));
        let lines = told(vec![Event { about, amount: 1.5, ..event(1, kind) }]);
        assert!(lines[3].starts_with("2025-10-10T01:00:00Z  alice: "), "{kind:?}: {}", lines[3]);
        assert!(!lines[3].contains("NaN") && lines[3].ends_with('.'), "{kind:?}: {}", lines[3]);
        assert!(lines[3].contains("1.50") || lines[3].contains("main to trading"), "{}", lines[3]);
    }
}
