//! Streams: adding an agent or a service moves no other draw.

use super::*;

fn busy(agent: usize, name: &str) -> AgentServices {
    AgentServices {
        casino: Some(CasinoSpec { bankroll: usdc(100.0), ..casino_spec() }),
        domains: Some(domains_spec()),
        escrow: Some(flow_spec()),
        ..nobody(agent, name)
    }
}

/// What agent 0 did in 50 steps, of one kind of service.
fn story(agents: Vec<AgentServices>, path: u64, of: fn(ServiceKind) -> bool) -> Vec<ServiceEffect> {
    let count = agents.len();
    let mut room = room(CustodyMode::Unified, agents, &[]);
    room.services.reset(7, path);
    for agent in 0..count {
        room.fund(agent, 100_000.0);
    }
    room.start();
    for step in 0..50 {
        room.step(f64::from(step % 5) - 2.0);
    }
    let mine = room.services.effects().iter().filter(|one| one.agent == 0 && of(one.kind));
    mine.copied().collect()
}

#[test]
fn others_move_no_draw() {
    let casino = |kind| matches!(kind, ServiceKind::Bets { .. });
    let alone = story(vec![busy(0, "a")], 3, |_| true);
    assert!(alone.len() > 100);
    // Another agent, whatever the order in the list.
    assert_eq!(story(vec![busy(0, "a"), busy(1, "b")], 3, |_| true), alone);
    let bets = story(vec![busy(0, "a")], 3, casino);
    let without = AgentServices { domains: None, escrow: None, ..busy(0, "a") };
    assert_eq!(story(vec![without], 3, casino), bets);
    // Another path or name has other draws.
    assert_ne!(story(vec![busy(0, "a")], 4, casino), bets);
    assert_ne!(story(vec![busy(0, "b")], 3, casino), bets);
}

/// Steps stand on the grid from the start.
#[test]
fn steps_stand_on_a_grid() {
    let mut room = room(CustodyMode::Unified, vec![busy(0, "a")], &[]);
    let (mut books, services, _) = room.books(500);
    services.start(&mut books);
    assert_eq!(room.services.next_step_ms(), 500 + HOUR_MS);
    room.step(0.0);
    assert_eq!(room.services.next_step_ms(), 500 + 2 * HOUR_MS);
}
