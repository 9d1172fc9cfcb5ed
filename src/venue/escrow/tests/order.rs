//! What happens by itself, and in which order.

use super::*;

fn conduct(fund_ms: i64, confirm_ms: [i64; 2], dispute_ms: Option<i64>) -> Conduct {
    let dispute = dispute_ms.map(|at_ms| Dispute {
        at_ms,
        verdict_ms: at_ms + 100,
        resolution: Resolution::ToPayer,
    });
    Conduct { fund_ms, confirm_ms, dispute }
}

/// The deadline is 1,000. Confirmation goes before a dispute of the same instant, both before the
/// deadline; funding must come before it.
#[test]
fn conduct_decides_the_end() {
    use EscrowKind::{Expired, Released, Resolved, TimedOut};
    const NO: i64 = NEVER_MS;
    // funded, confirmed by payer and payee, disputed, end, when
    let rows = [
        (5, [20, 30], None, Released, 30),
        (50, [20, 30], None, Released, 50),
        (5, [20, NO], None, TimedOut, 1_000),
        (5, [1_000, 20], None, Released, 1_000),
        (5, [1_001, 20], None, TimedOut, 1_000),
        (5, [20, 30], Some(30), Released, 30),
        (5, [20, 30], Some(29), Resolved, 129),
        (5, [NO, NO], Some(1_000), Resolved, 1_100),
        (5, [NO, NO], Some(1_001), TimedOut, 1_000),
        (999, [NO, NO], None, TimedOut, 1_000),
        (1_000, [0, 0], None, Expired, 1_000),
        (NO, [0, 0], Some(0), Expired, 1_000),
    ];
    for (fund_ms, confirm_ms, dispute_ms, kind, end_ms) in rows {
        let mut room = room(EscrowSpec::DEFAULT, &[], [150.0, 0.0, 0.0]);
        let conduct = conduct(fund_ms, confirm_ms, dispute_ms);
        let id = room.created(0, ContractSpec { conduct, ..contract(100.0) });
        let mut now_ms = 0;
        while room.escrow.contract(id).is_some() {
            now_ms = room.escrow.next_due_ms();
            room.settle(now_ms);
        }
        assert_eq!((room.last().kind, now_ms), (kind, end_ms), "{conduct:?}");
    }
}

/// A side confirms earlier by a call than it would have by itself.
#[test]
fn calls_anticipate_conduct() {
    let mut room = room(EscrowSpec::DEFAULT, &[], [150.0, 0.0, 0.0]);
    let conduct = conduct(0, [400, 500], None);
    let id = room.funded(0, ContractSpec { conduct, ..contract(100.0) });
    assert_eq!(room.escrow.next_due_ms(), 500);
    assert_eq!(room.at(10, |escrow, books| escrow.confirm(books, id, Side::Payee)), Ok(()));
    assert_eq!(room.escrow.next_due_ms(), 400);
    assert_eq!(room.at(20, |escrow, books| escrow.confirm(books, id, Side::Payer)), Ok(()));
    assert_eq!(room.last().kind, EscrowKind::Released);
    assert_eq!(room.escrow.next_due_ms(), NEVER_MS);
}

/// Four contracts that end at the same instant: by paying agent, outsiders last, then by age.
#[test]
fn one_instant_goes_by_agent_and_age() {
    let mut room = room(EscrowSpec::DEFAULT, &[], [100.0; 3]);
    for payer in [Party::Outside, C, A, C] {
        room.funded(0, ContractSpec { payer, payee: B, ..contract(10.0) });
    }
    room.escrow.clear_effects();
    room.settle(1_000);
    let order: Vec<_> = (room.escrow.effects().iter())
        .map(|effect| match effect.subject {
            Subject::Contract(id) => (effect.payer, id.serial),
            Subject::Agreement(_) => unreachable!("no agreement here"),
        })
        .collect();
    let outside = Some(Party::Outside);
    assert_eq!(order, [(Some(A), 2), (Some(C), 1), (Some(C), 3), (outside, 0)]);
}

#[test]
fn a_reset_forgets_everything() {
    let mut room = room(EscrowSpec::DEFAULT, &[], [100.0; 3]);
    room.created(0, contract(10.0));
    room.escrow.reset();
    room.custody.reset();
    room.ledger.reset();
    room.check();
    assert_eq!(room.escrow.contracts().count(), 0);
    assert_eq!((room.escrow.next_due_ms(), room.escrow.effects().len()), (NEVER_MS, 0));
}
