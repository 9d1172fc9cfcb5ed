//! Yellow: nothing leveraged is opened, and only what is discretionary is reduced.

use drypowder::engine::prime::{Cuttable, Scheme};
use drypowder::policy::{
    GuardSpec, KillScope, KillSwitchSpec, PrimeSpec, RebalanceSpec, ResumeSpec,
};
use drypowder::venue::escrow::ContractSpec;

use crate::common::{NEW_YEAR_MS, guard, isolated, kill_switch};
use crate::player::{MINUTE_MS, play};
use crate::prime::{after, of, reserving, watching};
use crate::story::{NONE, Row, assert_story};
use crate::{contract, free_of_costs, near};

/// 500, 60 and 90 of 1,000: 65 %. 100 are to be freed, 60 are discretionary: all of them go, at the first
/// look; then 59 %.
#[test]
fn only_what_is_discretionary_is_reduced() {
    let slots = [500.0, 60.0, 90.0].map(|margin| reserving(margin, "long"));
    let mut plan = free_of_costs(&[("a", 1_000.0, slots.to_vec())]);
    let own = of(&mut plan, 0);
    own.policy = Some(PrimeSpec { rebalance: Some(RebalanceSpec { target: 0.55 }), ..watching() });
    own.cuts = vec![Cuttable { reducible: true, discretionary: false }; 3];
    own.cuts[1] = Cuttable { reducible: false, discretionary: true };
    let played = play(&plan, &[&[100.0; 5]]);
    assert_story(
        &played,
        &[(30_000, "a position 1", "rebalanced", 0.0), (60_000, "a green", "zone_alert", NONE)],
    );
    near(played.events.last().expect("two").utilisation, 0.59);
}

/// 10 units at 100 with 300 of collateral, killed below 1.5: at 90 it is 200/135 = 1.48. Entered again at
/// half the size once a bar has not moved.
fn watched() -> GuardSpec {
    let kill = KillSwitchSpec { trigger_hf: Some(1.5), ..kill_switch(KillScope::Triggering) };
    GuardSpec {
        poll_ms: MINUTE_MS,
        resume: Some(ResumeSpec {
            enabled: true,
            atr_threshold: 0.05,
            atr_bars: 1,
            size_fraction: 0.5,
            cooldown_ms: 0,
            max_resumes: 1,
        }),
        ..guard(None, Some(kill))
    }
}

/// An obligation of 780 that expires after ten minutes holds as much of 1,000: 1,080 of 1,300 at the start,
/// 1,080 of 1,200 at 90 in the first minute, 780 of 1,200 (65 %) after the kill and until it expires. The bar
/// of the fall ends at the first minute and is known at the second, the first calm one at the third.
#[test]
fn a_killed_position_is_not_entered_again_before_green() {
    let killed: Row = (MINUTE_MS, "a position 0", "kill_switch_closed", -100.0);
    let expired: Row = (10 * MINUTE_MS, "a contract 0", "escrow_expired", 780.0);
    let again =
        |minute: i64| -> Row { (minute * MINUTE_MS, "a position 0", "position_resumed", 150.0) };
    let alert = |at_ms: i64, zone: &'static str| -> Row { (at_ms, zone, "zone_alert", NONE) };
    let minute = MINUTE_MS;
    let looking = [
        alert(minute, "a red"),
        killed,
        alert(minute + minute / 2, "a yellow"),
        expired,
        alert(10 * minute, "a green"),
        again(10),
    ];
    let not_looking = [killed, again(3), expired];
    let mut closes = [90.0; 14];
    closes[0] = 100.0;
    for looks in [true, false] {
        let slots = vec![isolated(0, 1, 1_000.0, 300.0)];
        let mut plan = free_of_costs(&[("a", 1_000.0, slots)]);
        plan.prime.as_mut().expect("it has").escrow.fee = 0.0;
        plan.agents[0].guard = watched();
        let own = of(&mut plan, 0);
        own.policy = looks.then(watching);
        let deadline_ms = NEW_YEAR_MS + 10 * MINUTE_MS;
        let spec = ContractSpec { deadline_ms, ..contract(780.0) };
        let cut = Cuttable::default();
        own.schedule = vec![after(0, Scheme::Contract { contract: 0, spec, cut })];
        let played = play(&plan, &[&closes]);
        assert_story(&played, if looks { &looking } else { &not_looking });
    }
}
