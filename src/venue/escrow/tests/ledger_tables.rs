//! What a dispute, and parties from outside, do to the accounts. a starts with 150; fee 1, referral
//! 0.15.
//!
//! Balances are those of market, venue fees, a, b, c, escrow vault.

use super::*;

const START: [f64; 6] = [-150.0, 0.0, 150.0, 0.0, 0.0, 0.0];
const FUNDED: [f64; 6] = [-150.0, 0.0, 50.0, 0.0, 0.0, 100.0];

fn funded_room(spec: ContractSpec) -> (Room, ContractId) {
    let mut room = room(EscrowSpec::DEFAULT, &[], [150.0, 0.0, 0.0]);
    assert_eq!(room.balances(), START);
    let id = room.created(0, spec);
    assert_eq!((room.balances(), room.holds()), (START, [101.0, 0.0, 0.0]));
    assert_eq!(room.at(0, |escrow, books| escrow.fund(books, id)), Ok(()));
    assert_eq!((room.balances(), room.holds()), (FUNDED, [1.0, 0.0, 0.0]));
    assert_eq!(room.postings(), ["a wallet > escrow vault 100.000000 escrow funded"]);
    (room, id)
}

/// A verdict pays its share at once: 30 to b, 70 back; the fee on 30 is 0.30, of which 0.045 go to
/// c, and the 0.70 held for the rest are free.
#[test]
fn a_dispute_is_resolved() {
    // resolution, fees, a, b, c
    let rows = [
        (Resolution::Split { to_payee: 0.3 }, 0.255, 119.7, 30.0, 0.045),
        (Resolution::ToPayee, 0.85, 49.0, 100.0, 0.15),
        (Resolution::ToPayer, 0.0, 150.0, 0.0, 0.0),
    ];
    for (resolution, fees, a, b, c) in rows {
        let (mut room, id) = funded_room(contract(100.0));
        let disputed = room.at(10, |escrow, _| escrow.dispute(10, id, Some((2_000, resolution))));
        assert_eq!(disputed, Ok(()));
        // The deadline at 1,000 no longer counts, nor do confirmations.
        let confirmed = room.at(20, |escrow, books| escrow.confirm(books, id, Side::Payer));
        assert_eq!(confirmed, Err(Rejection::State));
        room.settle(1_999);
        assert_eq!(room.balances(), FUNDED);
        room.settle(2_000);
        assert_eq!(room.balances(), [-150.0, fees, a, b, c, 0.0], "{resolution:?}");
        assert_eq!(room.holds(), [0.0; 3]);
        assert_eq!(room.last().kind, EscrowKind::Resolved);
    }
}

#[test]
fn the_postings_of_a_split() {
    let (mut room, id) = funded_room(contract(100.0));
    assert_eq!(room.at(10, |escrow, _| escrow.dispute(10, id, None)), Ok(()));
    assert_eq!(room.escrow.next_due_ms(), NEVER_MS);
    let half = Resolution::Split { to_payee: 0.5 };
    assert_eq!(room.at(20, |escrow, books| escrow.resolve(books, id, half)), Ok(()));
    assert_eq!(
        room.postings(),
        [
            "a wallet > venue fees 0.425000 escrow fee",
            "a wallet > c wallet 0.075000 referral",
            "escrow vault > b wallet 50.000000 escrow resolved",
            "escrow vault > a wallet 50.000000 escrow resolved",
        ]
    );
}

/// Outsiders hold nothing: what they pay comes from the market, what they get goes there. A
/// referrer that is nobody of the run is paid on the referral account.
#[test]
fn outsiders_pay_and_are_paid() {
    let mut room = room(EscrowSpec::DEFAULT, &[], [0.0; 3]);
    let outside = Some(Party::Outside);
    let spec = ContractSpec { payer: Party::Outside, referrer: outside, ..contract(100.0) };
    let id = room.funded(0, spec);
    assert_eq!(room.balances(), [-100.0, 0.0, 0.0, 0.0, 0.0, 100.0]);
    for side in [Side::Payer, Side::Payee] {
        assert_eq!(room.at(1, |escrow, books| escrow.confirm(books, id, side)), Ok(()));
    }
    assert_eq!(room.balances(), [-101.0, 0.85, 0.0, 100.0, 0.0, 0.0]);
    assert_eq!(room.ledger.balance(room.escrow.referral_account()), usdc(0.15));
    let spec = ContractSpec { payer: B, payee: Party::Outside, referrer: None, ..contract(50.0) };
    let id = room.funded(2, spec);
    for side in [Side::Payer, Side::Payee] {
        assert_eq!(room.at(3, |escrow, books| escrow.confirm(books, id, side)), Ok(()));
    }
    // Without a referrer the venue keeps the fee: 0.85 + 0.50.
    assert_eq!(room.balances(), [-51.0, 1.35, 0.0, 49.5, 0.0, 0.0]);
}
