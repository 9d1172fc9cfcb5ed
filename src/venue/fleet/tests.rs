//! A fleet's money against hand calculations.

use super::*;
use crate::ledger::{AccountId, Ledger, USDC};
use crate::units::Amount;

fn usdc(amount: f64) -> Amount {
    Amount::round_usdc(amount)
}

/// A master wallet with 500 free, 200 of dry powder, and two sub-accounts that have drawn 100 each
/// of at most 150 and 400.
struct Room {
    ledger: Ledger,
    fleet: Fleet,
    wallets: Vec<AccountId>,
}

fn room(refill: bool) -> Room {
    let mut ledger = Ledger::default();
    let market = ledger.open("market", USDC);
    let wallets: Vec<AccountId> =
        ["master", "a", "b"].map(|name| ledger.open(name, USDC)).into_iter().collect();
    let one = |account, max_margin| Delegation {
        account,
        max_margin: usdc(max_margin),
        drawn: usdc(100.0),
        priority: account as u32,
    };
    let spec = FleetSpec {
        coordinator: 0,
        dry_powder: usdc(200.0),
        refill,
        freed_delay_ms: 60_000,
        delegations: vec![one(1, 150.0), one(2, 400.0)],
    };
    let fleet = Fleet::new(spec, "desk", market, &wallets, &mut ledger);
    fleet.endow(&mut ledger);
    for (wallet, amount) in wallets.iter().zip([500.0, 100.0, 100.0]) {
        ledger.transfer(market, *wallet, usdc(amount), "deposit");
    }
    Room { ledger, fleet, wallets }
}

impl Room {
    fn balances(&self) -> [f64; 5] {
        let of = |index: usize| self.ledger.balance(self.wallets[index]).usdc();
        assert_eq!(self.ledger.conservation(), Ok(()));
        let dry = self.fleet.dry_powder(&self.ledger).usdc();
        [of(0), of(1), of(2), dry, self.fleet.in_transit(&self.ledger).usdc()]
    }
}

#[test]
fn a_draw_is_bounded_by_delegation_and_master_wallet() {
    let mut room = room(true);
    // a may draw 50 more, b 300; 500 are free.
    let rows = [
        (0, 50.000001, Err(DrawRejection::Delegation)),
        (0, 50.0, Ok(())),
        (0, 0.000001, Err(DrawRejection::Delegation)),
        (1, 300.000001, Err(DrawRejection::Delegation)),
        (1, 300.0, Ok(())),
        (0, 0.0, Err(DrawRejection::NotPositive)),
    ];
    for (line, amount, expected) in rows {
        let drawn = room.fleet.draw(&mut room.ledger, line, usdc(amount), Amount::ZERO);
        assert_eq!(drawn, expected, "{line} {amount}");
    }
    assert_eq!(room.balances(), [150.0, 150.0, 400.0, 200.0, 0.0]);
    let received = room.fleet.lines().iter().map(|line| line.received.usdc());
    assert_eq!(received.collect::<Vec<_>>(), [50.0, 300.0]);
}

#[test]
fn dry_powder_and_what_the_coordinator_keeps_are_out_of_reach() {
    let mut room = room(true);
    room.fleet.set_margin(1, usdc(1e6));
    // 500 free, 120 of it kept for the coordinator's own positions; 200 of dry powder beside it.
    assert_eq!(room.fleet.drawable(&room.ledger, 1, usdc(120.0)), usdc(380.0));
    let draw =
        |room: &mut Room, amount| room.fleet.draw(&mut room.ledger, 1, usdc(amount), usdc(120.0));
    assert_eq!(draw(&mut room, 380.000001), Err(DrawRejection::Master));
    assert_eq!(draw(&mut room, 380.0), Ok(()));
    room.fleet.set_frozen(true);
    assert_eq!(room.fleet.drawable(&room.ledger, 0, Amount::ZERO), Amount::ZERO);
    assert_eq!(draw(&mut room, 1.0), Err(DrawRejection::Frozen));
}

#[test]
fn what_comes_back_fills_dry_powder_first() {
    // 130 are spent: 70 of 200 are left. 100 come back: all to dry powder. 40 more: 30 of them.
    for (refill, once, twice) in [
        (true, [500.0, 0.0, 230.0, 170.0, 0.0], [510.0, 0.0, 190.0, 200.0, 0.0]),
        (false, [600.0, 0.0, 230.0, 70.0, 0.0], [640.0, 0.0, 190.0, 70.0, 0.0]),
    ] {
        let mut room = room(refill);
        let to = room.wallets[2];
        room.fleet.release(&mut room.ledger, 1, to, usdc(130.0));
        let due_ms = room.fleet.send_back(&mut room.ledger, 0, usdc(100.0), 5_000);
        assert_eq!(due_ms, 65_000);
        assert_eq!(room.balances(), [500.0, 0.0, 230.0, 70.0, 100.0]);
        assert_eq!(room.fleet.arrive(&mut room.ledger, 64_999), None);
        let arrival = room.fleet.arrive(&mut room.ledger, 65_000);
        assert_eq!(arrival, Some(Arrival { line: 0, amount: usdc(100.0), due_ms: 65_000 }));
        assert_eq!(room.balances(), once);
        room.fleet.give_back(&mut room.ledger, 1, usdc(40.0));
        assert_eq!(room.balances(), twice);
        // Dry powder is not drawn: b has drawn 100, given back 40, and received 130 − 40.
        assert_eq!(room.fleet.lines()[1].drawn, usdc(60.0));
        assert_eq!(room.fleet.lines()[1].received, usdc(90.0));
    }
}

#[test]
fn gains_that_come_back_leave_the_whole_delegation_to_draw() {
    let mut room = room(true);
    let market = room.ledger.open("outside", USDC);
    room.ledger.transfer(market, room.wallets[1], usdc(70.0), "gain");
    room.fleet.give_back(&mut room.ledger, 0, usdc(170.0));
    assert_eq!(room.fleet.lines()[0].drawn, Amount::ZERO);
    assert_eq!(room.fleet.lines()[0].received, usdc(-170.0));
    assert_eq!(room.fleet.drawable(&room.ledger, 0, Amount::ZERO), usdc(150.0));
}
