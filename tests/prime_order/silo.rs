//! Money in another silo is there five minutes after it was asked for.

use drypowder::engine::prime::KeepSpec;
use drypowder::engine::{Metric, Plan};
use drypowder::policy::{GuardSpec, TopUpSpec};
use drypowder::units::Amount;
use drypowder::venue::custody::{CustodyMode, Service, Silo, SiloSpec};

use crate::common::{guard, isolated, live_top_up, usdc};
use crate::free_of_costs;
use crate::player::{MINUTE_MS, play};
use crate::prime::of;
use crate::story::assert_story;

/// 30 units at 100 with 1,000 of collateral; of 500 in the wallet a silo of trading has 100, and looks every
/// minute whether less than 100 is left.
fn plan(custody: CustodyMode) -> Plan {
    let slots = vec![isolated(0, 1, 3_000.0, 1_000.0)];
    let mut plan = free_of_costs(&[("a", 500.0, slots)]);
    plan.prime.as_mut().expect("it has").custody = custody;
    let top_up = TopUpSpec {
        reserve_minimum: Amount::ZERO,
        fallback_to_kill_switch: false,
        ..live_top_up()
    };
    plan.agents[0].guard = GuardSpec { poll_ms: MINUTE_MS, ..guard(Some(top_up), None) };
    let own = of(&mut plan, 0);
    own.silos[Silo::Of(Service::Trading).index()] = usdc(100.0);
    own.silos[Silo::Main.index()] = usdc(400.0);
    own.keep = Some(KeepSpec { poll_ms: MINUTE_MS, least: usdc(100.0), target: usdc(300.0) });
    plan
}

const ADDED: &str = "collateral_topped_up";
const READ: &str = "health_confirmed";
const LONG: &str = "a position 0";
const MOVE: &str = "a main > trading";
const NONE: f64 = f64::NAN;

/// At 87 after 10 minutes (610/391.5 = 1.56) 2·391.5 − 610 = 173 are wanted, at 78 after 12
/// 2·351 − (1,173 − 660) = 189; at 76 and 74 it is 642/342 = 1.88 and 582/333 = 1.75.
///
/// The silo has 100 at 10 minutes and none at 12; it asks for 300 at 11, and at 15, when
/// (1,100 − 780)/333 = .96, they are still a minute away. 320 come back from the position.
#[test]
fn a_move_arrives_too_late_for_a_top_up_that_one_wallet_makes() {
    let mut closes = [100.0; 20];
    closes[10..12].fill(87.0);
    closes[12..14].fill(78.0);
    closes[14] = 76.0;
    closes[15..].fill(74.0);
    let at = |minute: i64| minute * MINUTE_MS;
    let unified = play(&plan(CustodyMode::Unified), &[&closes]);
    assert_story(
        &unified,
        &[
            (at(10), LONG, ADDED, 173.0),
            (at(10) + 200, LONG, READ, NONE),
            (at(12), LONG, ADDED, 189.0),
            (at(12) + 200, LONG, READ, NONE),
        ],
    );
    assert_eq!(unified.outcome.get(Metric::FinalEquity), 1_500.0 - 30.0 * 26.0);
    let silo = play(&plan(CustodyMode::Silo(SiloSpec::DEFAULT)), &[&closes]);
    assert_story(
        &silo,
        &[
            (at(10), LONG, ADDED, 100.0),
            (at(10) + 200, LONG, READ, NONE),
            (at(11), MOVE, "move_requested", 300.0),
            (at(15), LONG, "liquidated", -780.0),
            (at(16), MOVE, "move_arrived", 300.0),
        ],
    );
    // Five minutes of 300.
    let trapped = silo.outcome.get(Metric::TrappedCapital);
    assert!((trapped - 300.0 * 5.0 / 1_440.0).abs() < 1e-12, "{trapped}");
    assert_eq!(silo.outcome.get(Metric::FinalEquity), 1_500.0 - 30.0 * 26.0);
}
