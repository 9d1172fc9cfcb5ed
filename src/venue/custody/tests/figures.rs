//! What silos reach.

use super::*;
use crate::stats::StreamKey;

/// 100 in two silos of 50: trading cannot back 70 until 20 have moved, which takes five minutes;
/// in the meantime 30 of 100 are at work. To back 70 and 30 without a move takes 100 in each:
/// 100 of 200, 50 %.
#[test]
fn silos_need_a_move_first() {
    let mut room = room(CustodyMode::Silo(SiloSpec::DEFAULT), &["a"]);
    let (trading, escrow) = (Silo::Of(Service::Trading), Silo::Of(Service::Escrow));
    room.fund(0, trading, 50.0);
    room.fund(0, escrow, 50.0);
    assert_eq!(room.hold(Service::Escrow, 30.0, 0.0), Ok(()));
    assert_eq!(room.hold(Service::Trading, 70.0, 0.0), Err(Rejection::Funds));
    let mut failures = StreamKey::new("silo move", "a").open(1, 0);
    let request = MoveRequest {
        agent: 0,
        from: escrow,
        to: trading,
        amount: usdc(20.0),
        now_ms: 1_000,
        cross_initial: 0.0,
    };
    let arrival = room.custody.request_move(&mut room.ledger, &request, &mut failures);
    assert_eq!(arrival, Ok(301_000));
    room.custody.settle(300_999, &mut room.ledger);
    assert_eq!(room.hold(Service::Trading, 70.0, 0.0), Err(Rejection::Funds));
    room.custody.settle(301_000, &mut room.ledger);
    assert_eq!(room.hold(Service::Trading, 70.0, 0.0), Ok(()));
    assert_eq!(room.custody.rejected(0, trading, Rejection::Funds), 2);
    let beside = room.custody.beside_trading(&room.ledger, 0);
    assert_eq!((beside.balance, beside.held), (usdc(30.0), usdc(30.0)));
    room.check();
}
