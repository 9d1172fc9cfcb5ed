//! Moves between silos.

use super::*;
use crate::stats::{Stream, StreamKey};
use crate::units::time::NEVER_MS;

const TRADING: Silo = Silo::Of(Service::Trading);

fn stream() -> Stream {
    StreamKey::new("silo move", "a").open(1, 0)
}

fn request(from: Silo, to: Silo, amount: f64, now_ms: i64) -> MoveRequest {
    MoveRequest { agent: 0, from, to, amount: usdc(amount), now_ms, cross_initial: 0.0 }
}

/// 40 of 100 leave the plain wallet at 0 and arrive at 300,000 ms:
///
/// | account | before | after the request | after the arrival |
/// |---|---:|---:|---:|
/// | plain wallet | 100 | 60 | 60 |
/// | in transit | 0 | 40 | 0 |
/// | trading | 0 | 0 | 40 |
///
/// Trapped: 40 × 300,000 = 12,000,000 USDC·ms.
#[test]
fn a_move_is_trapped_until_it_arrives() {
    let mut room = room(CustodyMode::Silo(SiloSpec::DEFAULT), &["a"]);
    room.fund(0, Silo::Main, 100.0);
    room.ledger.keep_journal(true);
    let asked = request(Silo::Main, TRADING, 40.0, 0);
    assert_eq!(room.custody.next_due_ms(), NEVER_MS);
    assert_eq!(room.custody.request_move(&mut room.ledger, &asked, &mut stream()), Ok(300_000));
    assert_eq!(room.custody.next_due_ms(), 300_000);
    assert_eq!(room.custody.in_transit(0).amount(), usdc(40.0));
    assert_eq!(room.custody.arriving(0, Service::Trading), usdc(40.0));
    assert_eq!(room.free(Service::Trading, 0.0), 0.0);
    room.custody.settle(300_000, &mut room.ledger);
    assert_eq!(room.free(Service::Trading, 0.0), 40.0);
    assert_eq!(room.custody.in_transit(0).amount(), Amount::ZERO);
    assert_eq!(room.custody.in_transit(0).usdc_ms(900_000), 12_000_000.0);
    let postings: Vec<_> = (room.ledger.journal().iter())
        .map(|one| (room.ledger.name(one.from), room.ledger.name(one.to), one.amount.usdc()))
        .collect();
    assert_eq!(
        postings,
        [("a plain wallet", "a in transit", 40.0), ("a in transit", "a wallet", 40.0)]
    );
    assert_eq!(room.custody.effects().len(), 1);
    assert!(room.custody.effects()[0].arrived);
    room.check();
}

#[test]
fn what_cannot_be_moved() {
    let mut silos = room(CustodyMode::Silo(SiloSpec::DEFAULT), &["a"]);
    silos.fund(0, TRADING, 100.0);
    let held = silos.hold(Service::Trading, 30.0, 0.0);
    assert_eq!(held, Ok(()));
    // to, amount, initial margin of cross positions, reason; free is 70 less the margin
    let rows = [
        (Silo::Main, 70.1, 0.0, Rejection::Funds),
        (Silo::Main, 20.1, 50.0, Rejection::Funds),
        (Silo::Main, 0.0, 0.0, Rejection::NotPositive),
        (Silo::Main, -1.0, 0.0, Rejection::NotPositive),
        (TRADING, 1.0, 0.0, Rejection::SameSilo),
    ];
    for (to, amount, cross_initial, reason) in rows {
        let asked = MoveRequest { cross_initial, ..request(TRADING, to, amount, 0) };
        let answer = silos.custody.request_move(&mut silos.ledger, &asked, &mut stream());
        assert_eq!(answer, Err(reason), "{amount}");
    }
    assert_eq!(silos.custody.rejected(0, TRADING, Rejection::Funds), 2);
    assert_eq!(silos.custody.next_due_ms(), NEVER_MS);
    let mut unified = room(CustodyMode::Unified, &["a"]);
    unified.fund(0, TRADING, 100.0);
    let asked = request(TRADING, Silo::Main, 1.0, 0);
    let answer = unified.custody.request_move(&mut unified.ledger, &asked, &mut stream());
    assert_eq!(answer, Err(Rejection::Unified));
}

/// A call fails with probability 0.2, so a move with 1 − 0.8³ = 0.488: of 10,000 moves 4,880,
/// standard deviation √(10,000·0.488·0.512) = 50. All money is back or there in the end.
#[test]
fn a_failed_move_comes_back() {
    let spec = SiloSpec { failure_probability: 0.2, ..SiloSpec::DEFAULT };
    assert!((spec.move_fails() - 0.488).abs() < 1e-12);
    let mut room = room(CustodyMode::Silo(spec), &["a"]);
    room.fund(0, Silo::Main, 10_000.0);
    let mut failures = stream();
    for now_ms in 0..10_000 {
        let asked = request(Silo::Main, TRADING, 1.0, now_ms);
        let due = room.custody.request_move(&mut room.ledger, &asked, &mut failures);
        assert_eq!(due, Ok(now_ms + 300_000));
    }
    room.custody.settle(400_000, &mut room.ledger);
    let failed = room.custody.effects().iter().filter(|effect| !effect.arrived).count();
    assert!(failed.abs_diff(4_880) < 250, "{failed}");
    assert_eq!(room.ledger.balance(room.custody.silo(0, Silo::Main)), usdc(failed as f64));
    assert_eq!(room.custody.in_transit(0).amount(), Amount::ZERO);
    // All were ended at 400,000; the n-th was sent at n and so trapped for 400,000 − n:
    // 10,000·400,000 − 49,995,000 = 3,950,005,000.
    assert_eq!(room.custody.in_transit(0).usdc_ms(400_000), 3_950_005_000.0);
    room.check();
}
