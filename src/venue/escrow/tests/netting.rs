//! Netting agreements.

use super::*;

const DAY_MS: i64 = 86_400_000;

fn agreement(members: &[Party]) -> AgreementSpec {
    AgreementSpec {
        members: members.to_vec(),
        interval_ms: DAY_MS,
        origin_ms: 0,
        referrer: Some(C),
    }
}

fn oblige(room: &mut Room, now_ms: i64, payer: Party, payee: Party, amount: f64) -> bool {
    room.at(now_ms, |escrow, books| escrow.oblige(books, 0, payer, payee, usdc(amount))).is_ok()
}

/// Buy 100, sell 80: 20 settle. With the outside world as the other side the fee falls from 1.80
/// to 0.20. With three agents a pays 20 and c pays 80 so that b gets 100: fees of 1.00 for 1.80.
#[test]
fn buy_a_hundred_sell_eighty() {
    let out = Party::Outside;
    // members, buys from, sells to, market, fees, a, b, c, net, saved
    let rows = [
        (vec![A, out], out, out, [-480.0, 0.2, 79.8, 200.0, 200.0, 0.0], 20.0, 1.6),
        (vec![A, B, C], B, C, [-500.0, 1.0, 79.8, 300.0, 119.2, 0.0], 100.0, 0.8),
    ];
    for (members, seller, buyer, balances, net, saved) in rows {
        let spec = AgreementSpec { referrer: None, ..agreement(&members) };
        let mut room = room(EscrowSpec::DEFAULT, &[spec], [100.0, 200.0, 200.0]);
        // 100 and its fee are more than a has; after the sale they are not.
        assert!(!oblige(&mut room, 0, A, seller, 100.0));
        assert!(oblige(&mut room, 1, buyer, A, 80.0));
        assert!(oblige(&mut room, 2, A, seller, 100.0));
        assert_eq!(room.escrow.agreement(0).net_of(A), Some(usdc(20.0)));
        assert_eq!(room.escrow.agreement(0).gross(), usdc(180.0));
        room.settle(DAY_MS);
        assert_eq!(room.balances(), balances);
        let totals = room.escrow.agreement(0).totals();
        assert_eq!((totals.net, totals.fees_saved), (usdc(net), usdc(saved)));
        assert_eq!(totals.settlements, 1);
    }
}

/// Nothing left to pay: no settlement, no fee; netting saved the fees on all of it.
#[test]
fn a_net_of_nothing_costs_nothing() {
    let mut room = room(EscrowSpec::DEFAULT, &[agreement(&[A, B])], [150.0, 50.0, 0.0]);
    assert!(oblige(&mut room, 0, A, B, 40.0));
    assert!(oblige(&mut room, 0, B, A, 40.0));
    room.settle(DAY_MS);
    assert!(room.postings().is_empty());
    let totals = room.escrow.agreement(0).totals();
    assert_eq!((totals.obligations, totals.settlements), (2, 0));
    assert_eq!((totals.fees, totals.fees_saved), (Amount::ZERO, usdc(0.8)));
}

/// a and b have 50 each. The hold is the net and the fee on it, of whoever owes it.
#[test]
fn the_hold_is_the_net() {
    let mut room = room(EscrowSpec::DEFAULT, &[agreement(&[A, B])], [50.0, 50.0, 0.0]);
    // payer, payee, amount, accepted, a holds, b holds
    let rows = [
        (A, B, 30.0, true, 30.3, 0.0),
        (B, A, 50.0, true, 0.0, 20.2),
        // 80 − 20 = 60 with a fee of 0.60 are more than 50.
        (A, B, 80.0, false, 0.0, 20.2),
        (A, B, 69.0, true, 49.49, 0.0),
        (A, B, 1.0, false, 49.49, 0.0),
        (B, A, 49.0, true, 0.0, 0.0),
    ];
    for (payer, payee, amount, accepted, a, b) in rows {
        assert_eq!(oblige(&mut room, 0, payer, payee, amount), accepted, "{amount}");
        assert_eq!(room.holds(), [a, b, 0.0], "{amount}");
    }
    let answer = room.at(0, |escrow, books| escrow.oblige(books, 0, A, C, usdc(1.0)));
    assert_eq!(answer, Err(Rejection::Member));
    let answer = room.at(0, |escrow, books| escrow.oblige(books, 0, A, A, usdc(1.0)));
    assert_eq!(answer, Err(Rejection::SameParty));
}

/// 10 owed for 1,000 ms, 4 for 2,000 more: 18,000 USDC·ms. An obligation at the instant of a
/// settlement waits for the next; what is open at the end stays open.
#[test]
fn unsettled_exposure_is_read() {
    let spec = AgreementSpec { interval_ms: 3_000, ..agreement(&[A, B]) };
    let mut room = room(EscrowSpec::DEFAULT, &[spec], [50.0, 50.0, 0.0]);
    assert!(oblige(&mut room, 0, A, B, 10.0));
    assert!(oblige(&mut room, 1_000, B, A, 6.0));
    assert_eq!(room.escrow.agreement(0).unsettled().amount(), usdc(4.0));
    room.settle(3_000);
    assert_eq!(room.escrow.agreement(0).unsettled().usdc_ms(9_000), 18_000.0);
    assert!(oblige(&mut room, 3_000, A, B, 5.0));
    assert_eq!(room.escrow.next_due_ms(), 6_000);
    room.settle(5_999);
    assert_eq!(room.escrow.agreement(0).unsettled().amount(), usdc(5.0));
}
