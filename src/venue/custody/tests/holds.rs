//! Holds: what is rejected, what is counted, what each service holds.

use super::*;

/// 100 in the wallet; each row asks in turn.
#[test]
fn asks_until_nothing_is_free() {
    let mut room = room(CustodyMode::Unified, &["a"]);
    room.fund(0, Silo::Main, 100.0);
    // service, amount, initial margin of cross positions, answer, free of holds and margin after
    let rows = [
        (Service::Escrow, 23.0, 42.0, Ok(()), 35.0),
        (Service::Casino, 35.000_001, 42.0, Err(Rejection::Funds), 35.0),
        (Service::Casino, 35.0, 42.0, Ok(()), 0.0),
        (Service::Domains, 0.000_001, 42.0, Err(Rejection::Funds), 0.0),
        (Service::Domains, -1.0, 42.0, Err(Rejection::NotPositive), 0.0),
        (Service::Domains, 0.0, 60.0, Ok(()), -18.0),
        // The margin is free again: 100 − 58 = 42.
        (Service::Domains, 42.0, 0.0, Ok(()), 0.0),
    ];
    for (service, amount, initial, answer, free) in rows {
        assert_eq!(room.hold(service, amount, initial), answer, "{service:?} {amount}");
        assert_eq!(room.free(service, initial), free, "{service:?} {amount}");
        room.check();
    }
    let parts = room.custody.parts(0).map(Amount::usdc);
    assert_eq!(parts, [0.0, 23.0, 35.0, 42.0, 0.0, 0.0]);
    let count = |service, reason| room.custody.rejected(0, Silo::Of(service), reason);
    assert_eq!(count(Service::Casino, Rejection::Funds), 1);
    assert_eq!(count(Service::Domains, Rejection::Funds), 1);
    assert_eq!(count(Service::Domains, Rejection::NotPositive), 1);
    assert_eq!(count(Service::Escrow, Rejection::Funds), 0);
}

/// Noise of `f64` in the margin rejects nothing: 0.1 + 0.2 is 0.30000000000000004.
#[test]
fn a_margin_counts_to_the_micro_unit() {
    let mut room = room(CustodyMode::Unified, &["a"]);
    room.fund(0, Silo::Main, 1.0);
    assert_eq!(room.hold(Service::Escrow, 0.7, 0.1 + 0.2), Ok(()));
}

/// 100 with 30 and 20 held: 10 of the 30 are freed, 15 of them spent, so that 85 are left of
/// which 5 + 20 are held.
#[test]
fn releasing_and_spending() {
    let mut room = room(CustodyMode::Unified, &["a"]);
    let house = room.ledger.open("casino house", USDC);
    room.fund(0, Silo::Main, 100.0);
    assert_eq!(room.hold(Service::Casino, 30.0, 0.0), Ok(()));
    assert_eq!(room.hold(Service::Escrow, 20.0, 0.0), Ok(()));
    room.custody.release(&mut room.ledger, 0, Service::Casino, usdc(10.0));
    room.custody.consume(&mut room.ledger, 0, Service::Casino, usdc(15.0), house, "stake");
    assert_eq!(room.custody.part(0, Service::Casino), usdc(5.0));
    assert_eq!(room.ledger.balance(house), usdc(15.0));
    assert_eq!(room.free(Service::Trading, 0.0), 60.0);
    room.check();
    room.custody.reset();
    room.ledger.reset();
    assert_eq!(room.custody.part(0, Service::Escrow), Amount::ZERO);
    room.check();
}

/// In silos a service holds only what lies in its own, and the margin of cross positions
/// concerns the trading silo alone.
#[test]
fn silos_hold_their_own() {
    let mut room = room(CustodyMode::Silo(SiloSpec::DEFAULT), &["a"]);
    room.fund(0, Silo::Of(Service::Trading), 60.0);
    room.fund(0, Silo::Of(Service::Escrow), 40.0);
    // service, amount, initial margin, answer
    let rows = [
        (Service::Escrow, 41.0, 0.0, Err(Rejection::Funds)),
        (Service::Escrow, 40.0, 60.0, Ok(())),
        (Service::Casino, 1.0, 0.0, Err(Rejection::Funds)),
        (Service::Trading, 10.0, 60.0, Err(Rejection::Funds)),
        (Service::Trading, 10.0, 50.0, Ok(())),
    ];
    for (service, amount, initial, answer) in rows {
        assert_eq!(room.hold(service, amount, initial), answer, "{service:?} {amount}");
        room.check();
    }
}

#[test]
#[should_panic(expected = "escrow releases more than it holds")]
fn no_service_frees_what_another_holds() {
    let mut room = room(CustodyMode::Unified, &["a"]);
    room.fund(0, Silo::Main, 10.0);
    assert_eq!(room.hold(Service::Casino, 10.0, 0.0), Ok(()));
    room.custody.release(&mut room.ledger, 0, Service::Escrow, usdc(1.0));
}

#[test]
fn a_mismatch_is_found() {
    let mut room = room(CustodyMode::Unified, &["a", "b"]);
    room.fund(1, Silo::Main, 10.0);
    let wallet = room.custody.wallet(1, Service::Trading, USDC);
    assert!(room.ledger.hold(wallet, usdc(1.0)));
    let found = PartsMismatch { agent: 1, parts: Amount::ZERO, held: usdc(1.0) };
    assert_eq!(room.custody.check(&room.ledger), Err(found));
}

#[test]
fn a_service_that_is_not_delegated_holds_nothing() {
    let mut room = room(CustodyMode::Unified, &["a"]);
    room.fund(0, Silo::Of(Service::Trading), 100.0);
    let mut services = [true; Service::COUNT];
    services[Service::Casino.index()] = false;
    room.custody.permit(0, services);
    assert_eq!(room.hold(Service::Casino, 1.0, 0.0), Err(Rejection::NotDelegated));
    assert_eq!(room.hold(Service::Casino, 0.0, 0.0), Ok(()));
    assert_eq!(room.hold(Service::Escrow, 1.0, 0.0), Ok(()));
    let casino = Silo::Of(Service::Casino);
    assert_eq!(room.custody.rejected(0, casino, Rejection::NotDelegated), 1);
    room.check();
}
