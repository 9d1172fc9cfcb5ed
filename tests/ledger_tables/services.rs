//! The faucet.

use drypowder::units::Amount;
use drypowder::venue::custody::{CustodyMode, SiloSpec};
use drypowder::venue::services::AgentServices;

use crate::desk::{self, Desk, Setup, setup};
use crate::table::{Table, usdc};

fn granted(custody: CustodyMode) -> Desk {
    let grant = |agent, name: &str, amount| AgentServices {
        agent,
        name: name.into(),
        faucet: amount,
        casino: None,
        domains: None,
        escrow: None,
    };
    // c is granted nothing: no posting.
    let services = vec![
        grant(0, "a", desk::usdc(20.0)),
        grant(1, "b", desk::usdc(5.0)),
        grant(2, "c", Amount::ZERO),
    ];
    Desk::new(Setup { custody, services, ..setup() })
}

/// 20 for a and 5 for b out of a fund that may owe; with silos into the faucet's own.
#[test]
fn faucet_grant() {
    let unified = Table {
        title: "faucet, one wallet",
        stages: &["before", "granted"],
        accounts: vec![
            usdc("faucet", &[0.0, -25.0]),
            usdc("a wallet", &[0.0, 20.0]),
            usdc("b wallet", &[0.0, 5.0]),
        ],
        steps: vec![vec![
            ("faucet", "a wallet", 20.0, "faucet grant"),
            ("faucet", "b wallet", 5.0, "faucet grant"),
        ]],
    };
    let silo = Table {
        title: "faucet, silos",
        stages: &["before", "granted"],
        accounts: vec![
            usdc("faucet", &[0.0, -25.0]),
            usdc("a faucet silo", &[0.0, 20.0]),
            usdc("b faucet silo", &[0.0, 5.0]),
        ],
        steps: vec![vec![
            ("faucet", "a faucet silo", 20.0, "faucet grant"),
            ("faucet", "b faucet silo", 5.0, "faucet grant"),
        ]],
    };
    for (custody, table) in
        [(CustodyMode::Unified, unified), (CustodyMode::Silo(SiloSpec::DEFAULT), silo)]
    {
        let mut desk = granted(custody);
        let mut table = table.begin(&mut desk);
        desk.books(|books, _, services| services.start(books));
        table.next(&mut desk);
        table.done();
    }
}
