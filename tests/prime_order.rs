//! Hand-made histories with prime brokerage: what comes before what, when, and how much of it.

#[allow(dead_code, reason = "a part of it is used")]
mod common;
mod desk;
#[path = "seed_figures/player.rs"]
mod player;
#[path = "seed_figures/prime.rs"]
mod prime;

#[path = "prime_order/calls.rs"]
mod calls;
#[path = "prime_order/escrow.rs"]
mod escrow;
#[path = "prime_order/in_flight.rs"]
mod in_flight;
#[path = "prime_order/orange.rs"]
mod orange;
#[path = "prime_order/recall.rs"]
mod recall;
#[path = "prime_order/short.rs"]
mod short;
#[path = "prime_order/silo.rs"]
mod silo;
#[path = "prime_order/spot.rs"]
mod spot;
#[path = "prime_order/story.rs"]
mod story;
#[path = "prime_order/yellow.rs"]
mod yellow;

use drypowder::engine::Plan;
use drypowder::engine::prime::Scheme;
use drypowder::ledger::USDC;
use drypowder::units::time::{HOUR_MS, NEVER_MS};
use drypowder::venue::escrow::{Conduct, ContractSpec, OnTimeout, Party as EscrowParty};
use drypowder::venue::exchange::{PositionSpec, SlippageSpec};
use drypowder::venue::lending::{LoanRate, LoanSpec, Party};

use common::{NEW_YEAR_MS, usdc};
use desk::ETH;

#[track_caller]
fn near(got: f64, expected: f64) {
    assert!((got - expected).abs() <= 1e-6, "{got} instead of {expected}");
}

/// A plan whose fills cost nothing.
fn free_of_costs(agents: &[(&str, f64, Vec<PositionSpec>)]) -> Plan {
    let mut plan = prime::prime_plan(agents);
    plan.exchange.markets[0].slippage = SlippageSpec::NONE;
    plan.exchange.markets[0].penalty = 0.0;
    plan
}

/// USDC of the first agent lent to the outside for nothing, for long, against ETH.
fn lent(amount: f64) -> LoanSpec {
    LoanSpec {
        rate: LoanRate::Fixed(0.0),
        long_term: true,
        ..LoanSpec::new(Party::Agent(0), Party::Outside, USDC, usdc(amount), ETH)
    }
}

/// Lends these amounts at the start, one loan after the other.
fn lends(plan: &mut Plan, loans: &[LoanSpec]) {
    prime::of(plan, 0).schedule = (loans.iter().enumerate())
        .map(|(loan, spec)| prime::after(0, Scheme::Loan { loan, spec: *spec }))
        .collect();
}

/// The first agent will pay the outside; nothing happens to it by itself for a thousand hours.
fn contract(amount: f64) -> ContractSpec {
    ContractSpec {
        payer: EscrowParty::Agent(0),
        payee: EscrowParty::Outside,
        amount: usdc(amount),
        deadline_ms: NEW_YEAR_MS + 1_000 * HOUR_MS,
        on_timeout: OnTimeout::ToPayer,
        referrer: None,
        conduct: Conduct { fund_ms: NEVER_MS, ..Conduct::NONE },
    }
}
