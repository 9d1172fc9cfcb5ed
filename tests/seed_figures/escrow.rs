//! Escrow: fees, referral, netting, finality.

use drypowder::ledger::USDC;
use drypowder::units::Amount;
use drypowder::units::time::{DAY_MS, HOUR_MS, to_iso};
use drypowder::venue::escrow::{
    AgreementSpec, Conduct, ContractSpec, EscrowSpec, OnTimeout, Party,
};

use crate::common::NEW_YEAR_MS;
use crate::desk::{Desk, Setup, setup, usdc};
use crate::near;

const A: Party = Party::Agent(0);
const B: Party = Party::Agent(1);
/// Who coordinates the two, and has referred all their contracts.
const C: Party = Party::Agent(2);

/// a pays b.
fn contract(now_ms: i64, amount: f64) -> ContractSpec {
    ContractSpec {
        payer: A,
        payee: B,
        amount: usdc(amount),
        deadline_ms: now_ms + DAY_MS,
        on_timeout: OnTimeout::ToPayer,
        referrer: Some(C),
        conduct: Conduct::NONE,
    }
}

/// Settles a month's volume in 20 contracts: what a pays beside it, what c gets.
fn month(volume: f64) -> (Amount, Amount) {
    let mut desk = Desk::new(setup());
    desk.deposit(0, USDC, 2.0 * volume);
    for day in 0..20 {
        desk.at(day * DAY_MS);
        let id = desk.fund(contract(desk.now_ms, volume / 20.0));
        desk.release(id);
    }
    assert_eq!(desk.balance(1, USDC), usdc(volume));
    (usdc(volume) - desk.balance(0, USDC), desk.balance(2, USDC))
}

/// 20 contracts of 500: 20·5 of fees, 20·.75 of referral.
#[test]
fn ten_thousand_a_month_give_100_of_fees_and_15_of_referral() {
    assert_eq!(month(10_000.0), (usdc(100.0), usdc(15.0)));
}

#[test]
fn a_million_a_month_gives_10000_of_fees_and_1500_of_referral() {
    assert_eq!(month(1_000_000.0), (usdc(10_000.0), usdc(1_500.0)));
}

/// 1 % of the notional, whatever its size.
#[test]
fn the_fee_is_a_flat_one_percent() {
    for (notional, fee) in [(100.0, 1.0), (80.0, 0.8), (10_000.0, 100.0), (0.01, 0.000_1)] {
        assert_eq!(EscrowSpec::DEFAULT.fee_on(usdc(notional)), usdc(fee), "{notional}");
    }
}

fn netting() -> Desk {
    let members = vec![A, B];
    let agreement = AgreementSpec { members, interval_ms: DAY_MS, origin_ms: 0, referrer: None };
    Desk::new(Setup { agreements: vec![agreement], ..setup() })
}

/// Ten of 12 one way and ten of 10 the other: 220 gross, 20 net. One settlement in place of 20 is
/// 95 % fewer; the fee is 1 % of the net, .20, in place of 2.20.
#[test]
fn twenty_obligations_ten_each_way_settle_once_95_percent_fewer() {
    let mut desk = netting();
    desk.deposit(0, USDC, 200.0);
    desk.deposit(1, USDC, 200.0);
    for hour in 0..10 {
        desk.at(hour * HOUR_MS);
        for (payer, payee, amount) in [(A, B, 12.0), (B, A, 10.0)] {
            let obliged =
                desk.books(|books, escrow, _| escrow.oblige(books, 0, payer, payee, usdc(amount)));
            assert_eq!(obliged, Ok(()));
        }
    }
    desk.settle_escrow(DAY_MS);
    let totals = *desk.escrow.agreement(0).totals();
    assert_eq!((totals.obligations, totals.settlements), (20, 1));
    near(1.0 - totals.settlements as f64 / totals.obligations as f64, 0.95, 1e-15);
    assert_eq!((totals.gross, totals.net), (usdc(220.0), usdc(20.0)));
    assert_eq!((totals.fees, totals.fees_saved), (usdc(0.2), usdc(2.0)));
    assert_eq!(desk.balance(0, USDC), usdc(179.8));
    assert_eq!(desk.balance(1, USDC), usdc(220.0));
    // Final within the day: nothing is under way.
    assert_eq!(desk.escrow.under_way(B).amount(), Amount::ZERO);
}

/// Without netting each of the 20 is a contract with a fee of its own.
#[test]
fn without_netting_the_same_twenty_pay_twenty_fees() {
    let mut desk = Desk::new(setup());
    desk.deposit(0, USDC, 200.0);
    desk.deposit(1, USDC, 200.0);
    let mut fees = Vec::new();
    for _ in 0..10 {
        for (payer, payee, amount) in [(A, B, 12.0), (B, A, 10.0)] {
            let spec = ContractSpec { payer, payee, referrer: None, ..contract(0, amount) };
            let before = desk.ledger().balance(desk.exchange.house().fees);
            let id = desk.fund(spec);
            desk.release(id);
            fees.push(desk.ledger().balance(desk.exchange.house().fees) - before);
        }
    }
    assert_eq!(fees, [usdc(0.12), usdc(0.1)].repeat(10));
    assert_eq!(desk.ledger().balance(desk.exchange.house().fees), usdc(2.2));
}

/// a buys for 100 of one and sells for 80 to another: 20 move where 180 would have, 1 − 20/180 =
/// 88.9 % less, within the 80 to 90 % that such books save.
#[test]
fn buy_100_sell_80_settles_20() {
    let members = vec![A, Party::Outside];
    let agreement = AgreementSpec { members, interval_ms: DAY_MS, origin_ms: 0, referrer: None };
    let mut desk = Desk::new(Setup { agreements: vec![agreement], ..setup() });
    desk.deposit(0, USDC, 101.0);
    for (payer, payee, amount) in [(A, Party::Outside, 100.0), (Party::Outside, A, 80.0)] {
        let obliged =
            desk.books(|books, escrow, _| escrow.oblige(books, 0, payer, payee, usdc(amount)));
        assert_eq!(obliged, Ok(()));
    }
    assert_eq!(desk.escrow.agreement(0).gross(), usdc(180.0));
    desk.settle_escrow(DAY_MS);
    let totals = *desk.escrow.agreement(0).totals();
    assert_eq!((totals.gross, totals.net, totals.settlements), (usdc(180.0), usdc(20.0), 1));
    let saved = 1.0 - totals.net.usdc() / totals.gross.usdc();
    assert!((0.80..=0.90).contains(&saved), "{saved}");
    // 101 − 20 − .20.
    assert_eq!(desk.balance(0, USDC), usdc(80.8));
}

/// Released at one in the afternoon of a Monday: there at once, or two days later, on Wednesday, with
/// 100 trapped for 48 hours.
#[test]
fn t_plus_0_is_there_at_once_and_t_plus_2_two_days_later() {
    // 2026-01-05 is a Monday.
    let monday_ms = NEW_YEAR_MS + 4 * DAY_MS + 13 * HOUR_MS;
    assert_eq!(to_iso(monday_ms), "2026-01-05T13:00:00Z");
    for (lag_ms, arrival_ms) in [(0, monday_ms), (2 * DAY_MS, monday_ms + 48 * HOUR_MS)] {
        let escrow = EscrowSpec { settlement_lag_ms: lag_ms, ..EscrowSpec::DEFAULT };
        let mut desk = Desk::new(Setup { escrow, ..setup() });
        desk.deposit(0, USDC, 101.0);
        desk.at(monday_ms);
        let id = desk.fund(contract(monday_ms, 100.0));
        desk.release(id);
        let at_once = if lag_ms == 0 { 100.0 } else { 0.0 };
        assert_eq!(desk.balance(1, USDC), usdc(at_once));
        if lag_ms > 0 {
            desk.settle_escrow(arrival_ms - 1);
            assert_eq!(desk.balance(1, USDC), Amount::ZERO);
            desk.settle_escrow(arrival_ms);
        }
        assert_eq!(desk.balance(1, USDC), usdc(100.0));
        let trapped = desk.escrow.under_way(B).usdc_ms(arrival_ms);
        assert_eq!(trapped, 100.0 * lag_ms as f64);
    }
}
