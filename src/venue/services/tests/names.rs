//! Names and the faucet.

use super::*;
use crate::stats::StreamKey;
use crate::units::time::NEVER_MS;
use crate::venue::custody::{Rejection, Silo, SiloSpec};

/// | account | before | after |
/// |---|---:|---:|
/// | faucet | 0 | −50 |
/// | wallet (silo: the faucet's) | 0 | 50 |
#[test]
fn the_faucet_grants_at_the_start() {
    for mode in [CustodyMode::Unified, CustodyMode::Silo(SiloSpec::DEFAULT)] {
        let agent = AgentServices { faucet: usdc(50.0), ..nobody(0, "a") };
        let mut room = room(mode, vec![agent], &[]);
        room.ledger.keep_journal(true);
        room.start();
        let posting = room.ledger.journal()[0];
        assert_eq!(room.ledger.name(posting.from), "faucet");
        assert_eq!((posting.amount, posting.reason), (usdc(50.0), "faucet grant"));
        let granted = room.custody.wallet(0, Service::Faucet, USDC);
        assert_eq!((posting.to, room.ledger.balance(granted)), (granted, usdc(50.0)));
        assert_eq!(room.wallet(0), if mode == CustodyMode::Unified { 50.0 } else { 0.0 });
        assert_eq!(room.services.effects()[0].kind, ServiceKind::Granted);
        room.check();
    }
}

/// A registration of 10 is held for half an hour, then paid; sales of 15 come at once. With a
/// wallet of 35 no fourth order is ever backed before the first sale.
#[test]
fn registrations_are_held_then_paid() {
    let spec = DomainsSpec { registrations_per_day: 9_600.0, sales_per_day: 0.0, ..domains_spec() };
    let agent = AgentServices { domains: Some(spec), ..nobody(0, "a") };
    let mut room = room(CustodyMode::Unified, vec![agent], &[]);
    room.fund(0, 35.0);
    room.ledger.keep_journal(true);
    room.start();
    room.step(0.0);
    assert_eq!(room.custody.part(0, Service::Domains), usdc(30.0));
    assert_eq!(room.wallet(0), 35.0);
    assert!(room.custody.rejected(0, Silo::Of(Service::Domains), Rejection::Funds) > 300);
    let due_ms = HOUR_MS + HOUR_MS / 2;
    assert_eq!(room.services.next_due_ms(), due_ms);
    let (mut books, services, _) = room.books(due_ms);
    services.settle(&mut books);
    let posting = room.ledger.journal()[0];
    assert_eq!(room.ledger.name(posting.to), "registrar");
    assert_eq!((posting.amount, posting.reason), (usdc(30.0), "names registered"));
    assert_eq!((room.wallet(0), room.custody.part(0, Service::Domains)), (5.0, Amount::ZERO));
    let kinds: Vec<_> = room.services.effects().iter().map(|effect| effect.kind).collect();
    assert_eq!(
        kinds,
        [ServiceKind::Ordered { registrations: 3 }, ServiceKind::Registered { registrations: 3 }]
    );
    assert_eq!(room.services.next_due_ms(), 2 * HOUR_MS);
    room.check();
}

/// 2 sales and 1 registration a step over 50,000 steps: means within five standard errors, √(2/n)
/// and √(1/n): 0.0316 and 0.0224. Sales follow the market with 0.08, less what rounding to a
/// count of mean 2 takes (to 0.95 of it); registrations with nothing. Standard error 0.0045.
#[test]
fn sales_follow_the_market() {
    let agent = AgentServices { domains: Some(domains_spec()), ..nobody(0, "a") };
    let mut room = room(CustodyMode::Unified, vec![agent], &[]);
    room.fund(0, 1e6);
    room.start();
    let mut market = StreamKey::new("test", "market").open(1, 0);
    let (mut sales, mut orders) = (Vec::new(), Vec::new());
    for _ in 0..50_000 {
        let z = market.normal();
        room.services.clear_effects();
        room.step(z);
        let count = |wanted: fn(ServiceKind) -> u32| {
            room.services.effects().iter().map(|effect| wanted(effect.kind)).sum::<u32>()
        };
        let sold = count(|kind| if let ServiceKind::Sold { sales } = kind { sales } else { 0 });
        let ordered = count(|kind| match kind {
            ServiceKind::Ordered { registrations } => registrations,
            _ => 0,
        });
        sales.push((z, f64::from(sold)));
        orders.push((z, f64::from(ordered)));
    }
    let mean = |pairs: &[(f64, f64)]| pairs.iter().map(|pair| pair.1).sum::<f64>() / 50_000.0;
    assert!((mean(&sales) - 2.0).abs() < 0.0316, "{}", mean(&sales));
    assert!((mean(&orders) - 1.0).abs() < 0.0224, "{}", mean(&orders));
    assert!((correlation(&sales) - 0.076).abs() < 0.0225, "{}", correlation(&sales));
    assert!(correlation(&orders).abs() < 0.0225, "{}", correlation(&orders));
    room.check();
}

#[test]
fn nothing_is_due_before_the_start() {
    let room = room(CustodyMode::Unified, vec![nobody(0, "a")], &[]);
    assert_eq!(room.services.next_due_ms(), NEVER_MS);
}
