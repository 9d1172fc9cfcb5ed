//! Reducing, cancelling, letting expire, and what is refused.

use super::*;

/// 100 reduced to 40 frees 60 and the fee on it, 0.60; cancelling frees the rest. Funded, what is
/// taken off comes back out of the vault.
#[test]
fn obligations_shrink_by_agreement() {
    for funded in [false, true] {
        let mut room = room(EscrowSpec::DEFAULT, &[], [150.0, 0.0, 0.0]);
        let spec = contract(100.0);
        let id = if funded { room.funded(0, spec) } else { room.created(0, spec) };
        let reduced = room.at(1, |escrow, books| escrow.reduce(books, id, usdc(40.0)));
        assert_eq!(reduced, Ok(()));
        assert_eq!(room.last().returned, usdc(60.0));
        if funded {
            assert_eq!(room.balances(), [-150.0, 0.0, 110.0, 0.0, 0.0, 40.0]);
            assert_eq!(room.holds(), [0.4, 0.0, 0.0]);
        } else {
            assert_eq!(room.balances(), [-150.0, 0.0, 150.0, 0.0, 0.0, 0.0]);
            assert_eq!(room.holds(), [40.4, 0.0, 0.0]);
        }
        assert_eq!(room.at(2, |escrow, books| escrow.cancel(books, id)), Ok(()));
        assert_eq!(room.balances(), [-150.0, 0.0, 150.0, 0.0, 0.0, 0.0]);
        assert_eq!(room.holds(), [0.0; 3]);
        assert!(room.escrow.contract(id).is_none());
        assert_eq!(room.escrow.next_due_ms(), NEVER_MS);
    }
}

/// The fee of what was reduced is that of what is left: 40 cost 0.40.
#[test]
fn a_reduced_contract_is_released() {
    let mut room = room(EscrowSpec::DEFAULT, &[], [150.0, 0.0, 0.0]);
    let id = room.funded(0, contract(100.0));
    assert_eq!(room.at(1, |escrow, books| escrow.reduce(books, id, usdc(40.0))), Ok(()));
    for side in [Side::Payer, Side::Payee] {
        assert_eq!(room.at(1, |escrow, books| escrow.confirm(books, id, side)), Ok(()));
    }
    assert_eq!(room.balances(), [-150.0, 0.34, 109.6, 40.0, 0.06, 0.0]);
}

#[test]
fn what_is_never_funded_expires() {
    let mut room = room(EscrowSpec::DEFAULT, &[], [150.0, 0.0, 0.0]);
    let spec = contract(100.0);
    // Funding at the deadline is too late.
    let late = Conduct { fund_ms: 1_000, ..Conduct::NONE };
    room.created(0, ContractSpec { conduct: late, ..spec });
    room.settle(1_000);
    assert_eq!(room.holds(), [0.0; 3]);
    assert_eq!((room.last().kind, room.last().returned), (EscrowKind::Expired, usdc(100.0)));
    assert!(room.postings().is_empty());
}

#[test]
fn what_is_refused_is_counted() {
    let mut room = room(EscrowSpec::DEFAULT, &[], [150.0, 0.0, 0.0]);
    let spec = contract(100.0);
    let share =
        Dispute { at_ms: 1, verdict_ms: 2, resolution: Resolution::Split { to_payee: 1.5 } };
    let rows = [
        (ContractSpec { amount: Amount::ZERO, ..spec }, Rejection::Amount),
        (ContractSpec { amount: usdc(-1.0), ..spec }, Rejection::Amount),
        (ContractSpec { payee: A, ..spec }, Rejection::SameParty),
        (ContractSpec { deadline_ms: 5, ..spec }, Rejection::Deadline),
        (
            ContractSpec { conduct: Conduct { dispute: Some(share), ..Conduct::NONE }, ..spec },
            Rejection::Share,
        ),
    ];
    for (spec, reason) in rows {
        assert_eq!(room.create(5, spec), Err(reason));
    }
    assert_eq!(room.escrow.rejected(Rejection::Amount), 2);
    let id = room.created(5, spec);
    let states = [
        room.at(6, |escrow, books| escrow.confirm(books, id, Side::Payer)),
        room.at(6, |escrow, _| escrow.dispute(6, id, None)),
        room.at(6, |escrow, books| escrow.resolve(books, id, Resolution::ToPayer)),
    ];
    assert_eq!(states, [Err(Rejection::State); 3]);
    for amount in [100.0, 0.0, 101.0] {
        let answer = room.at(6, |escrow, books| escrow.reduce(books, id, usdc(amount)));
        assert_eq!(answer, Err(Rejection::Amount), "{amount}");
    }
    assert_eq!(room.at(6, |escrow, books| escrow.fund(books, id)), Ok(()));
    assert_eq!(room.at(6, |escrow, books| escrow.fund(books, id)), Err(Rejection::State));
    assert_eq!(room.escrow.rejected(Rejection::State), 4);
    assert!(room.postings().len() == 1 && room.holds() == [1.0, 0.0, 0.0]);
}

/// A handle of an ended contract does not open the one that took its slot.
#[test]
fn handles_do_not_outlive_their_contract() {
    let mut room = room(EscrowSpec::DEFAULT, &[], [150.0, 0.0, 0.0]);
    let old = room.created(0, contract(10.0));
    assert_eq!(room.at(0, |escrow, books| escrow.cancel(books, old)), Ok(()));
    let new = room.created(0, contract(20.0));
    assert_eq!((old.slot, new.slot, new.serial), (0, 0, 1));
    let answer = room.at(0, |escrow, books| escrow.cancel(books, old));
    assert_eq!(answer, Err(Rejection::Unknown));
    assert_eq!(room.holds(), [20.2, 0.0, 0.0]);
}

/// The vault has what funded contracts lock, the account of what is under way what has left it: a
/// micro-unit more or less on either is found.
#[test]
fn a_vault_that_lacks_money_is_found() {
    let spec = EscrowSpec { settlement_lag_ms: 1, ..EscrowSpec::DEFAULT };
    for stray in ["escrow vault", "escrow payments under way"] {
        let mut room = room(spec, &[], [150.0, 0.0, 0.0]);
        room.funded(0, contract(100.0));
        assert!(room.escrow.is_backed(&room.ledger));
        let names = |account: &AccountId| room.ledger.name(*account) == stray;
        let account = room.ledger.accounts().find(names).expect("it is open");
        let (market, one) = (room.accounts[0], Amount::from_micro(1));
        room.ledger.transfer(account, market, one, "lost");
        assert!(!room.escrow.is_backed(&room.ledger), "{stray}");
        room.ledger.transfer(market, account, one, "found");
        assert!(room.escrow.is_backed(&room.ledger), "{stray}");
    }
}
