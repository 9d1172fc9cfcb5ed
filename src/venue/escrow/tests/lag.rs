//! Settlement that takes its time.

use super::*;

const TWO_DAYS_MS: i64 = 172_800_000;

/// 100 released at 10 arrive two days later; in between they are nobody's to use:
/// 100 × 172,800,000 = 17,280,000,000 USDC·ms.
#[test]
fn what_is_under_way_is_trapped() {
    let spec = EscrowSpec { settlement_lag_ms: TWO_DAYS_MS, ..EscrowSpec::DEFAULT };
    let mut room = room(spec, &[], [150.0, 0.0, 0.0]);
    let id = room.funded(0, contract(100.0));
    for side in [Side::Payer, Side::Payee] {
        assert_eq!(room.at(10, |escrow, books| escrow.confirm(books, id, side)), Ok(()));
    }
    // The fee is paid at the release; vault and b are empty.
    assert_eq!(room.balances(), [-150.0, 0.85, 49.0, 0.0, 0.15, 0.0]);
    assert_eq!(room.escrow.under_way(B).amount(), usdc(100.0));
    assert_eq!(room.escrow.next_due_ms(), 10 + TWO_DAYS_MS);
    room.settle(9 + TWO_DAYS_MS);
    assert_eq!(room.balances()[3], 0.0);
    room.settle(10 + TWO_DAYS_MS);
    assert_eq!(room.balances(), [-150.0, 0.85, 49.0, 100.0, 0.15, 0.0]);
    assert_eq!(room.escrow.under_way(B).amount(), Amount::ZERO);
    assert_eq!(room.escrow.under_way(B).usdc_ms(i64::MAX), 17_280_000_000.0);
    assert_eq!(room.escrow.under_way(A).usdc_ms(i64::MAX), 0.0);
    assert_eq!((room.last().kind, room.last().payee), (EscrowKind::Arrived, Some(B)));
}

/// A refund takes as long; so does a net.
#[test]
fn refunds_and_nets_take_as_long() {
    let spec = EscrowSpec { settlement_lag_ms: 500, ..EscrowSpec::DEFAULT };
    let agreement =
        AgreementSpec { members: vec![A, B], interval_ms: 1_000, origin_ms: 0, referrer: None };
    let mut room = room(spec, &[agreement], [300.0, 0.0, 0.0]);
    room.funded(0, contract(100.0));
    assert_eq!(room.at(0, |escrow, books| escrow.oblige(books, 0, A, B, usdc(50.0))), Ok(()));
    room.settle(1_000);
    let under_way = |room: &Room, to| room.escrow.under_way(to).amount().usdc();
    assert_eq!((under_way(&room, A), under_way(&room, B)), (100.0, 50.0));
    room.settle(1_500);
    assert_eq!((under_way(&room, A), under_way(&room, B)), (0.0, 0.0));
    assert_eq!(room.balances(), [-300.0, 0.5, 249.5, 50.0, 0.0, 0.0]);
}
