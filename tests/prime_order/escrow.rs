//! Escrow beside positions: what frees holds, and when money arrives.

use drypowder::engine::prime::{Cuttable, Scheme};
use drypowder::engine::{EventKind, Metric};
use drypowder::policy::{PrimeSpec, RebalanceSpec};
use drypowder::units::time::{DAY_MS, HOUR_MS, SECOND_MS};
use drypowder::venue::escrow::{Conduct, ContractSpec, EscrowSpec, Party};

use crate::common::NEW_YEAR_MS;
use crate::player::{play, play_every};
use crate::prime::{after, of, reserving, watching};
use crate::story::{NONE, Row, assert_story};
use crate::{contract, free_of_costs, near};

const REDUCIBLE: Cuttable = Cuttable { reducible: true, discretionary: false };

fn rebalancing() -> Option<PrimeSpec> {
    Some(PrimeSpec { rebalance: Some(RebalanceSpec { target: 0.55 }), ..watching() })
}

/// 420 of margin and an obligation of 400, which holds 404, of 1,000: 82.4 %. 274 are to be freed: 130 stay
/// held, for 130/1.01 = 128.712871… and its fee of 1.287129: to the micro-unit. 271.287129 less are
/// obliged. It is funded after an hour, confirmed by both after two: 1,000 − 130 are left.
#[test]
fn an_obligation_is_reduced_to_the_micro_unit() {
    let mut plan = free_of_costs(&[("a", 1_000.0, vec![reserving(420.0, "long")])]);
    let own = of(&mut plan, 0);
    own.policy = rebalancing();
    let conduct = Conduct {
        fund_ms: NEW_YEAR_MS + HOUR_MS,
        confirm_ms: [NEW_YEAR_MS + 2 * HOUR_MS; 2],
        dispute: None,
    };
    let spec = ContractSpec { conduct, ..contract(400.0) };
    own.schedule = vec![after(0, Scheme::Contract { contract: 0, spec, cut: REDUCIBLE })];
    let played = play_every(&plan, HOUR_MS, &[&[100.0; 4]]);
    let the = "a contract 0";
    assert_story(
        &played,
        &[
            (30_000, the, "escrow_reduced", 271.287_129),
            (60_000, "a green", "zone_alert", NONE),
            (HOUR_MS, the, "escrow_funded", 128.712_871),
            (2 * HOUR_MS, the, "escrow_released", 128.712_871),
        ],
    );
    let green = played.of(EventKind::ZoneAlert).next().expect("one");
    assert_eq!(green.utilisation, 0.55);
    assert_eq!(played.outcome.get(Metric::FeesPaid), 1.287_129);
    assert_eq!(played.outcome.get(Metric::FinalEquity), 870.0);
}

/// 480 and 404 of 1,000; 16 units fall by 10 before the look: 884 − .55·840 = 422 are to be freed, more than
/// the 404: the contract ends, 480/840 = 57 % are left.
#[test]
fn an_obligation_that_is_too_small_ends() {
    let mut plan = free_of_costs(&[("a", 1_000.0, vec![reserving(480.0, "long")])]);
    let own = of(&mut plan, 0);
    own.policy = rebalancing();
    let spec = contract(400.0);
    own.schedule = vec![after(0, Scheme::Contract { contract: 0, spec, cut: REDUCIBLE })];
    let played = play_every(&plan, 20 * SECOND_MS, &[&[100.0, 90.0, 90.0, 90.0, 90.0]]);
    assert_story(
        &played,
        &[
            (30_000, "a contract 0", "escrow_cancelled", 400.0),
            (60_000, "a green", "zone_alert", NONE),
        ],
    );
}

/// The first agent is paid 100 by the second after an hour. With a lag of two days they are under way for so
/// long: trapped 100·2 = 200 USDC·days. Its own 50 back a margin of 30: 60 % of 50 until they are there, then
/// 30 of 150; what it owns is 150 from the release on.
#[test]
fn what_is_under_way_is_owned_and_not_yet_capital() {
    for lag_days in [0, 2] {
        let slots = vec![reserving(30.0, "long")];
        let mut plan = free_of_costs(&[("a", 50.0, slots), ("b", 101.0, vec![])]);
        let escrow = EscrowSpec { settlement_lag_ms: lag_days * DAY_MS, ..EscrowSpec::DEFAULT };
        plan.prime.as_mut().expect("it has").escrow = escrow;
        let conduct = Conduct {
            fund_ms: NEW_YEAR_MS + HOUR_MS / 2,
            confirm_ms: [NEW_YEAR_MS + HOUR_MS; 2],
            dispute: None,
        };
        let (payer, payee) = (Party::Agent(1), Party::Agent(0));
        let spec = ContractSpec { payer, payee, conduct, ..contract(100.0) };
        let cut = Cuttable::default();
        of(&mut plan, 1).schedule = vec![after(0, Scheme::Contract { contract: 0, spec, cut })];
        let played = play_every(&plan, HOUR_MS, &[&[100.0; 52]]);
        let mut story: Vec<Row> = vec![
            (HOUR_MS / 2, "b contract 0", "escrow_funded", 100.0),
            (HOUR_MS / 2, "a contract 0", "escrow_funded", 100.0),
            (HOUR_MS, "b contract 0", "escrow_released", 100.0),
            (HOUR_MS, "a contract 0", "escrow_released", 100.0),
        ];
        if lag_days > 0 {
            story.push((HOUR_MS + 2 * DAY_MS, "a contract 0", "settlement_arrived", 100.0));
        }
        assert_story(&played, &story);
        assert_eq!(played.outcome.get(Metric::TrappedCapital), 100.0 * lag_days as f64);
        assert_eq!(played.outcome.get(Metric::FinalEquity), 150.0);
        let arrives_ms = HOUR_MS + lag_days * DAY_MS;
        for (at_ms, accounts) in &played.samples {
            let [a, b] = [&accounts[0], &accounts[1]];
            let (owned, capital) = match *at_ms {
                t if t < HOUR_MS => (50.0, 50.0),
                t if t < arrives_ms => (150.0, 50.0),
                _ => (150.0, 150.0),
            };
            near(a.equity, owned);
            near(a.utilisation, 30.0 / capital);
            near(b.equity, if *at_ms < HOUR_MS { 101.0 } else { 0.0 });
        }
    }
}

/// 300 behind 10 units at 100, which fall to 80 in the first minute: (300 − 200)/120 = .83. With 100 that
/// arrive in that very instant 200/120 = 1.67; a millisecond later they come too late. So for 100 paid
/// by another, and for 100 of its own that an expired obligation no longer holds.
#[test]
fn what_falls_due_arrives_before_the_venue_looks() {
    let minute = 60_000;
    for (late_ms, own) in [(0, false), (1, false), (0, true), (1, true)] {
        let wallet = if own { 400.0 } else { 300.0 };
        let slots = vec![reserving(300.0, "long")];
        let mut plan = free_of_costs(&[("a", wallet, slots), ("b", 101.0, vec![])]);
        plan.prime.as_mut().expect("it has").escrow.fee = 0.0;
        let at_ms = NEW_YEAR_MS + minute + late_ms;
        let conduct = Conduct { fund_ms: NEW_YEAR_MS, confirm_ms: [at_ms; 2], dispute: None };
        let spec = if own {
            ContractSpec { deadline_ms: at_ms, ..contract(100.0) }
        } else {
            let (payer, payee) = (Party::Agent(1), Party::Agent(0));
            ContractSpec { payer, payee, conduct, ..contract(100.0) }
        };
        let cut = Cuttable::default();
        let contract = vec![after(0, Scheme::Contract { contract: 0, spec, cut })];
        of(&mut plan, usize::from(!own)).schedule = contract;
        let played = play(&plan, &[&[100.0, 80.0, 80.0]]);
        let due_ms = minute + late_ms;
        let arrives: Vec<Row> = if own {
            vec![(due_ms, "a contract 0", "escrow_expired", 100.0)]
        } else {
            vec![
                (due_ms, "b contract 0", "escrow_released", 100.0),
                (due_ms, "a contract 0", "escrow_released", 100.0),
            ]
        };
        let closed: Row = (minute, "a position 0", "liquidated", -200.0);
        let closed = if late_ms > 0 { vec![closed] } else { Vec::new() };
        assert_story(&played, &[closed, arrives].concat());
    }
}
