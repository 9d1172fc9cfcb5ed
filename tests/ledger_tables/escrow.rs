//! Contracts that are released or time out, and netting.

use drypowder::ledger::USDC;
use drypowder::units::Amount;
use drypowder::units::time::{DAY_MS, HOUR_MS, NEVER_MS};
use drypowder::venue::escrow::{
    AgreementSpec, Conduct, ContractSpec, EscrowEffect, EscrowKind, OnTimeout, Party, Rejection,
    Side,
};

use crate::desk::{self, Desk, Setup, setup};
use crate::table::{Table, usdc};

const A: Party = Party::Agent(0);
const B: Party = Party::Agent(1);
const C: Party = Party::Agent(2);

/// a pays somebody, referred by c, until 1,000 ms.
fn contract(payee: Party, amount: f64, on_timeout: OnTimeout) -> ContractSpec {
    ContractSpec {
        payer: A,
        payee,
        amount: desk::usdc(amount),
        deadline_ms: 1_000,
        on_timeout,
        referrer: Some(C),
        conduct: Conduct::NONE,
    }
}

/// 100 and a fee of 1 % are held; the fee is paid at the release, 15 % of it to c.
#[test]
fn release_with_referral() {
    let mut desk = Desk::new(setup());
    desk.deposit(0, USDC, 150.0);
    let mut table = Table {
        title: "release",
        stages: &["before", "created", "funded", "released"],
        accounts: vec![
            usdc("market", &[-150.0; 4]),
            usdc("a wallet", &[150.0, 150.0, 50.0, 49.0]).held(&[0.0, 101.0, 1.0, 0.0]),
            usdc("escrow vault", &[0.0, 0.0, 100.0, 0.0]),
            usdc("b wallet", &[0.0, 0.0, 0.0, 100.0]),
            usdc("c wallet", &[0.0, 0.0, 0.0, 0.15]),
            usdc("venue fees", &[0.0, 0.0, 0.0, 0.85]),
        ],
        steps: vec![
            vec![],
            vec![("a wallet", "escrow vault", 100.0, "escrow funded")],
            vec![
                ("a wallet", "venue fees", 0.85, "escrow fee"),
                ("a wallet", "c wallet", 0.15, "referral"),
                ("escrow vault", "b wallet", 100.0, "escrow released"),
            ],
        ],
    }
    .begin(&mut desk);
    let spec = contract(B, 100.0, OnTimeout::ToPayer);
    let id = desk.books(|books, escrow, _| escrow.create(books, spec)).expect("150 back 101");
    table.next(&mut desk);
    assert_eq!(desk.books(|books, escrow, _| escrow.fund(books, id)), Ok(()));
    table.next(&mut desk);
    desk.at(10);
    desk.release(id);
    table.next(&mut desk);
    table.done();
    let effect = last(&desk);
    assert_eq!((effect.kind, effect.amount), (EscrowKind::Released, desk::usdc(100.0)));
    assert_eq!((effect.fee, effect.referral), (desk::usdc(1.0), desk::usdc(0.15)));
    assert_eq!((effect.referrer, effect.returned), (Some(C), Amount::ZERO));
    // Final: it cannot be confirmed again, and nothing is due any more.
    let again = desk.books(|books, escrow, _| escrow.confirm(books, id, Side::Payer));
    assert_eq!(again, Err(Rejection::Unknown));
    assert_eq!(desk.escrow.next_due_ms(), NEVER_MS);
}

fn last(desk: &Desk) -> EscrowEffect {
    *desk.escrow.effects().last().expect("an effect")
}

/// Of two contracts that nobody confirms 100 go to their payee, with the fee, and 50 back to their
/// payer, without: 200 − 150 = 50, of which 1 + .50 are held; 50 − 1 + 50 = 99.
#[test]
fn timeout_both_ways() {
    let mut desk = Desk::new(setup());
    desk.deposit(0, USDC, 200.0);
    let mut table = Table {
        title: "timeout",
        stages: &["before", "funded", "timed out"],
        accounts: vec![
            usdc("market", &[-200.0; 3]),
            usdc("a wallet", &[200.0, 50.0, 99.0]).held(&[0.0, 1.5, 0.0]),
            usdc("escrow vault", &[0.0, 150.0, 0.0]),
            usdc("b wallet", &[0.0, 0.0, 100.0]),
            usdc("c wallet", &[0.0, 0.0, 0.15]),
            usdc("venue fees", &[0.0, 0.0, 0.85]),
        ],
        steps: vec![
            vec![
                ("a wallet", "escrow vault", 100.0, "escrow funded"),
                ("a wallet", "escrow vault", 50.0, "escrow funded"),
            ],
            vec![
                ("a wallet", "venue fees", 0.85, "escrow fee"),
                ("a wallet", "c wallet", 0.15, "referral"),
                ("escrow vault", "b wallet", 100.0, "escrow timed out"),
                ("escrow vault", "a wallet", 50.0, "escrow timed out"),
            ],
        ],
    }
    .begin(&mut desk);
    desk.fund(contract(B, 100.0, OnTimeout::ToPayee));
    desk.fund(contract(C, 50.0, OnTimeout::ToPayer));
    table.next(&mut desk);
    desk.settle_escrow(999);
    assert!(desk.ledger().journal().is_empty());
    assert_eq!(desk.escrow.next_due_ms(), 1_000);
    desk.escrow.clear_effects();
    desk.settle_escrow(1_000);
    table.next(&mut desk);
    table.done();
    // To whom, what of it, what went back, fee, referral.
    let ends: Vec<_> = (desk.escrow.effects().iter())
        .map(|one| (one.payee, one.amount, one.returned, one.fee, one.referral))
        .collect();
    let [zero, fifty, hundred] = [0.0, 50.0, 100.0].map(desk::usdc);
    let paid = (Some(B), hundred, zero, desk::usdc(1.0), desk::usdc(0.15));
    assert_eq!(ends, [paid, (Some(C), zero, fifty, zero, zero)]);
    assert!(desk.escrow.effects().iter().all(|one| one.kind == EscrowKind::TimedOut));
}

/// In a day a owes b 12 ten times and b owes a 10 ten times. The net of 20 and its fee of .20 are
/// held; at midnight the net moves through the vault, .17 go to the venue and .03 to c. Fees on
/// 220 − 20 are saved: 2.00.
#[test]
fn netting_interval() {
    let agreement =
        AgreementSpec { members: vec![A, B], interval_ms: DAY_MS, origin_ms: 0, referrer: Some(C) };
    let mut desk = Desk::new(Setup { agreements: vec![agreement], ..setup() });
    desk.deposit(0, USDC, 150.0);
    desk.deposit(1, USDC, 50.0);
    let mut table = Table {
        title: "netting",
        stages: &["before", "obliged", "settled"],
        accounts: vec![
            usdc("market", &[-200.0; 3]),
            usdc("a wallet", &[150.0, 150.0, 129.8]).held(&[0.0, 20.2, 0.0]),
            usdc("b wallet", &[50.0, 50.0, 70.0]),
            usdc("escrow vault", &[0.0; 3]),
            usdc("c wallet", &[0.0, 0.0, 0.03]),
            usdc("venue fees", &[0.0, 0.0, 0.17]),
        ],
        steps: vec![
            vec![],
            vec![
                ("a wallet", "escrow vault", 20.0, "net paid"),
                ("a wallet", "venue fees", 0.17, "escrow fee"),
                ("a wallet", "c wallet", 0.03, "referral"),
                ("escrow vault", "b wallet", 20.0, "net received"),
            ],
        ],
    }
    .begin(&mut desk);
    for hour in 0..10 {
        desk.at(hour * HOUR_MS);
        for (payer, payee, amount) in [(A, B, 12.0), (B, A, 10.0)] {
            let amount = desk::usdc(amount);
            let obliged =
                desk.books(|books, escrow, _| escrow.oblige(books, 0, payer, payee, amount));
            assert_eq!(obliged, Ok(()));
        }
    }
    table.next(&mut desk);
    assert_eq!(desk.escrow.agreement(0).net_of(A), Some(desk::usdc(20.0)));
    assert_eq!(desk.escrow.next_due_ms(), DAY_MS);
    desk.settle_escrow(DAY_MS);
    table.next(&mut desk);
    table.done();
    assert_eq!(desk.escrow.next_due_ms(), NEVER_MS);
    assert_eq!(desk.escrow.agreement(0).totals().fees_saved, desk::usdc(2.0));
}
