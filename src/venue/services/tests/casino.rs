//! The casino.

use super::*;
use crate::stats::StreamKey;

/// A casino on its own, with a wallet of 100.
fn table(spec: CasinoSpec) -> (Room, Casino, Vec<ServiceEffect>) {
    let mut room = room(CustodyMode::Unified, vec![nobody(0, "a")], &[]);
    room.fund(0, 100.0);
    let house = room.ledger.open("test house", USDC);
    let casino = Casino::new(spec, 0, "a", HOUR_MS, house);
    (room, casino, Vec::new())
}

/// Some 400 bets are wanted a step, so the bankroll of 10 decides: with a stake of 3 it is three.
/// All lost: 10 − 9 = 1, which stakes none. All won at 2.5: 3·3·2.5 = 22.5 returned of 9 staked, so
/// 10 + 13.5 = 23.5.
#[test]
fn the_bankroll_follows() {
    let spec = CasinoSpec {
        bankroll: usdc(10.0),
        bets_per_day: 9_600.0,
        stake: Stake::Fixed(usdc(3.0)),
        house_edge: 0.02,
        payoff: 2.5,
    };
    // factor, net of the first step, bankroll and wallet after it
    for (factor, net, bankroll, wallet) in [(-9.0, -9.0, 1.0, 91.0), (9.0, 13.5, 23.5, 113.5)] {
        let (mut room, mut casino, mut effects) = table(spec);
        let (mut books, ..) = room.books(0);
        casino.sit_down(&mut books, &mut effects);
        casino.step(&mut books, factor, &mut effects);
        let ServiceKind::Bets { bets, wins, skipped } = effects[1].kind else {
            panic!("{effects:?}")
        };
        assert_eq!((bets, wins), (3, if factor > 0.0 { 3 } else { 0 }));
        assert!(skipped > 300);
        assert_eq!(effects[1].amount, usdc(net));
        assert_eq!(room.custody.part(0, Service::Casino), usdc(bankroll));
        assert_eq!(room.wallet(0), wallet);
        room.check();
        let (mut books, ..) = room.books(0);
        casino.step(&mut books, factor, &mut effects);
        let last = effects[2];
        if factor < 0.0 {
            assert!(matches!(last.kind, ServiceKind::Bets { bets: 0, .. }), "{last:?}");
            assert_eq!(last.amount, Amount::ZERO);
        }
        let (mut books, ..) = room.books(0);
        let part = books.custody.part(0, Service::Casino);
        assert_eq!(casino.withdraw(&mut books, usdc(1e6), &mut effects), part);
        assert_eq!(room.custody.part(0, Service::Casino), Amount::ZERO);
        room.check();
    }
}

/// 60 of 100 are backed by cross positions: a bankroll of 50 is rejected at the start and held as
/// soon as the margin is gone.
#[test]
fn a_rejected_bankroll_is_asked_for_again() {
    let spec = CasinoSpec { bankroll: usdc(50.0), ..casino_spec() };
    let mut room = room(
        CustodyMode::Unified,
        vec![AgentServices { casino: Some(spec), ..nobody(0, "a") }],
        &[],
    );
    room.fund(0, 100.0);
    room.cross_initial[0] = 60.0;
    room.start();
    room.step(0.0);
    let funds = crate::venue::custody::Rejection::Funds;
    let casino = crate::venue::custody::Silo::Of(Service::Casino);
    assert_eq!(room.custody.rejected(0, casino, funds), 2);
    assert!(room.services.effects().is_empty());
    room.cross_initial[0] = 0.0;
    room.step(0.0);
    assert_eq!(room.services.effects()[0].kind, ServiceKind::BankrollHeld);
    assert_eq!(room.services.effects()[0].amount, usdc(50.0));
    room.check();
}

/// A fifth of a bankroll of 10 is staked at a time, five times at most.
#[test]
fn a_stake_may_be_a_fraction() {
    let spec = CasinoSpec {
        bankroll: usdc(10.0),
        bets_per_day: 9_600.0,
        stake: Stake::Fraction(0.2),
        ..casino_spec()
    };
    let (mut room, mut casino, mut effects) = table(spec);
    let (mut books, ..) = room.books(0);
    casino.sit_down(&mut books, &mut effects);
    casino.step(&mut books, -9.0, &mut effects);
    assert!(matches!(effects[1].kind, ServiceKind::Bets { bets: 5, wins: 0, .. }));
    assert_eq!(effects[1].amount, usdc(-10.0));
    room.check();
}

/// 50,000 steps of 20 bets of 1 at an edge of 2 %: the mean of a step is −0.4 and its variance
/// 20·(4·0.49·0.51 + 0.02²) = 20, so the mean's standard error is √(20/50,000) = 0.02. The result
/// follows the market: ρ = 0.42, which rounding to whole wins and the number of bets (its variance
/// comes with the edge of 0.02 only) weaken by less than 0.01; standard error 0.004.
#[test]
fn the_house_edge_holds_in_the_mean() {
    let agent = AgentServices { casino: Some(casino_spec()), ..nobody(0, "a") };
    let mut room = room(CustodyMode::Unified, vec![agent], &[]);
    room.fund(0, 2e6);
    room.start();
    let mut market = StreamKey::new("test", "market").open(1, 0);
    let pairs: Vec<(f64, f64)> = (0..50_000)
        .map(|_| {
            let (z, before) = (market.normal(), room.wallet(0));
            room.services.clear_effects();
            room.step(z);
            (z, room.wallet(0) - before)
        })
        .collect();
    let mean = pairs.iter().map(|pair| pair.1).sum::<f64>() / 50_000.0;
    assert!((mean + 0.4).abs() < 0.08, "{mean}");
    let rho = correlation(&pairs);
    assert!((0.395..0.435).contains(&rho), "{rho}");
    // The bankroll has followed: it began at 1,000,000 of 2,000,000.
    assert_eq!(room.custody.part(0, Service::Casino).usdc(), room.wallet(0) - 1e6);
    room.check();
}
