//! Custody, escrow and services together, in any order: nothing is made or lost, no hold exceeds
//! what backs it, and the parts sum to the total.

use proptest::prelude::*;

use super::*;
use crate::stats::StreamKey;
use crate::venue::custody::{MoveRequest, Silo, SiloSpec};
use crate::venue::escrow::{Conduct, ContractSpec, Resolution, Side};

const AGENTS: usize = 3;

/// One wish: what, by whom, towards whom, how much, and a number for the rest.
type Wish = (u8, usize, usize, i64, u8);

fn silo(number: u8) -> Silo {
    Service::ALL.get(usize::from(number) % 7).map_or(Silo::Main, |service| Silo::Of(*service))
}

fn party(number: usize) -> Party {
    if number < AGENTS { Party::Agent(number) } else { Party::Outside }
}

fn crowd(mode: CustodyMode) -> Room {
    let agents = (0..AGENTS)
        .map(|agent| AgentServices {
            faucet: usdc(20.0),
            casino: Some(CasinoSpec { bankroll: usdc(15.0), bets_per_day: 240.0, ..casino_spec() }),
            domains: Some(domains_spec()),
            escrow: Some(EscrowFlowSpec {
                never: 0.2,
                dispute: 0.2,
                counterparty: FlowParty::Agents(vec![(agent + 1) % AGENTS]),
                referrer: Some(Party::Agent(2)),
                ..flow_spec()
            }),
            ..nobody(agent, ["a", "b", "c"][agent])
        })
        .collect();
    let members = vec![Party::Agent(0), Party::Agent(1), Party::Agent(2), Party::Outside];
    let agreement =
        AgreementSpec { members, interval_ms: 6 * HOUR_MS, origin_ms: 0, referrer: None };
    let mut room = room(mode, agents, &[agreement]);
    for agent in 0..AGENTS {
        for number in 0..7 {
            let account = room.custody.silo(agent, silo(number));
            room.ledger.transfer(room.market, account, usdc(20.0), "deposit");
        }
    }
    room.start();
    room
}

/// Carries out a wish; what is refused changes nothing that the checks below do not see.
fn carry_out(room: &mut Room, now_ms: i64, wish: Wish) {
    let (what, who, whom, micro, rest) = wish;
    let (agent, amount) = (who % AGENTS, Amount::from_micro(micro));
    let market = room.market;
    let pick = usize::from(rest) % room.escrow.contracts().count().max(1);
    let id = room.escrow.contracts().nth(pick).map(|(id, _)| id);
    let (mut books, services, escrow) = room.books(now_ms);
    match what {
        0 => {
            // Only what no generator relies on may be freed: what trading holds.
            let _ = books.hold(agent, Service::Trading, amount);
        }
        1 | 2 => {
            let held = amount.max(Amount::ZERO).min(books.custody.part(agent, Service::Trading));
            if what == 1 {
                books.release(agent, Service::Trading, held);
            } else {
                books.consume(agent, Service::Trading, held, market, "spent");
            }
        }
        3 => {
            let request = MoveRequest {
                agent,
                from: silo(rest),
                to: silo(rest / 7),
                amount,
                now_ms,
                cross_initial: books.cross_initial[agent],
            };
            let mut failures = StreamKey::new("silo move", "test").open(u64::from(rest), 0);
            let _ = books.custody.request_move(books.ledger, &request, &mut failures);
        }
        4 => {
            let spec = ContractSpec {
                payer: party(who),
                payee: party(whom),
                amount,
                deadline_ms: now_ms + i64::from(rest) * HOUR_MS / 10,
                on_timeout: if rest % 2 == 0 { OnTimeout::ToPayee } else { OnTimeout::ToPayer },
                referrer: Some(party(usize::from(rest) % 4)),
                conduct: Conduct::NONE,
            };
            let _ = escrow.create(&mut books, spec);
        }
        5 => {
            let _ = escrow.oblige(&mut books, 0, party(who), party(whom), amount);
        }
        6 => {
            services.withdraw_bankroll(&mut books, agent, amount);
        }
        _ => {
            let Some(id) = id else { return };
            let share = f64::from(rest) / 255.0;
            let _ = match what {
                7 => escrow.fund(&mut books, id),
                8 => escrow.confirm(&mut books, id, Side::Payer),
                9 => escrow.confirm(&mut books, id, Side::Payee),
                10 => escrow.dispute(now_ms, id, None),
                11 => escrow.resolve(&mut books, id, Resolution::Split { to_payee: share }),
                12 => escrow.reduce(&mut books, id, amount),
                _ => escrow.cancel(&mut books, id),
            };
        }
    }
}

fn verify(room: &Room) {
    room.check();
    for agent in 0..AGENTS {
        for number in 0..7 {
            let account = room.custody.silo(agent, silo(number));
            let (held, balance) = (room.ledger.held(account), room.ledger.balance(account));
            assert!(!held.is_negative() && held <= balance, "agent {agent}: {held} of {balance}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256, failure_persistence: None, ..ProptestConfig::default()
    })]
    #[test]
    fn any_order_keeps_the_books(
        silos in any::<bool>(),
        failure_probability in 0.0..0.5_f64,
        margin in 0.0..40.0_f64,
        wishes in proptest::collection::vec(
            (0_u8..14, 0_usize..4, 0_usize..4, -1_000_000_i64..60_000_000, any::<u8>()),
            1..120,
        ),
    ) {
        let spec = SiloSpec { failure_probability, ..SiloSpec::DEFAULT };
        let mode = if silos { CustodyMode::Silo(spec) } else { CustodyMode::Unified };
        let mut room = crowd(mode);
        room.cross_initial[1] = margin;
        let mut now_ms = 0;
        for wish in wishes {
            now_ms += i64::from(wish.4) * 20_000;
            while room.services.next_step_ms() <= now_ms {
                let end_ms = room.services.next_step_ms();
                room.custody.settle(end_ms, &mut room.ledger);
                room.step(f64::from(wish.4) / 64.0 - 2.0);
                verify(&room);
            }
            room.custody.settle(now_ms, &mut room.ledger);
            let (mut books, services, escrow) = room.books(now_ms);
            services.settle(&mut books);
            escrow.settle(&mut books);
            carry_out(&mut room, now_ms, wish);
            verify(&room);
        }
    }
}
