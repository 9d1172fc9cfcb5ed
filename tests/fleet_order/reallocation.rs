//! Delegations follow rolling Sharpe ratios, a bounded step at a time.

use drypowder::engine::fleet::ReallocationPlan;
use drypowder::engine::{EventKind, Metric, Plan};
use drypowder::policy::ReallocateSpec;

use crate::common::{isolated, usdc};
use crate::player::{MINUTE_MS, Played, play};
use crate::{fleet, line, metric, near, sub_with, wallet, worth};

/// b is long 5 units, c short 5, each with 500 and 500 in its wallet and 2,000 delegated; d does
/// nothing. Returns are taken every minute, delegations move every third.
fn plan(max_step: f64, moves_money: bool) -> Plan {
    let subs = vec![
        sub_with("b", 500.0, vec![isolated(0, 1, 500.0, 500.0)]),
        sub_with("c", 500.0, vec![isolated(0, -1, 500.0, 500.0)]),
        sub_with("d", 1_000.0, Vec::new()),
    ];
    let mut plan = fleet(1_000.0, 200.0, subs);
    for place in 0..3 {
        line(&mut plan, place).max_margin = usdc(2_000.0);
    }
    plan.fleets[0].reallocation = Some(ReallocationPlan {
        every_ms: 3 * MINUTE_MS,
        sample_ms: MINUTE_MS,
        window: 3,
        least_samples: 3,
        moves_money,
        spec: ReallocateSpec { max_step },
        bounds: vec![[usdc(1_600.0), usdc(2_350.0)]; 3],
    });
    plan
}

/// Prices that rise: b's ratio is above zero, c's below, d's zero: b should have all 6,000.
const RISING: [f64; 8] = [100.0, 101.0, 103.0, 104.0, 106.0, 107.0, 109.0, 110.0];

fn moves(played: &Played) -> Vec<(i64, usize, f64)> {
    let minute =
        |event: &drypowder::engine::Event| (event.time_ms - crate::common::NEW_YEAR_MS) / MINUTE_MS;
    let of = played.of(EventKind::Reallocated);
    of.map(|event| (minute(event), event.agent, event.amount)).collect()
}

/// A step of 10 %: b may gain 200, c and d lose at most 200 each; the 400 are scaled down to 200. The
/// next time b may gain 220, but 2,350 is its most: 150; c and d could lose 190 each and lose 75.
#[test]
fn a_step_is_bounded_and_the_sum_stays() {
    let played = play(&plan(0.1, false), &[&RISING]);
    let expected = [
        (3, 1, 200.0),
        (3, 2, -100.0),
        (3, 3, -100.0),
        (6, 1, 150.0),
        (6, 2, -75.0),
        (6, 3, -75.0),
    ];
    assert_eq!(moves(&played), expected);
    for (agent, change) in [(1, 350.0), (2, -175.0), (3, -175.0)] {
        near(metric(&played, agent, Metric::DelegationChange), change);
    }
    // Nothing is drawn above a delegation, so no money moves.
    near(wallet(&played, 0), 1_000.0);
}

/// With money: b is paid 200, then 150. c and d have drawn 1,000 of more than 1,600: nothing comes back.
/// With 1,950 delegated and drawn by d (in its wallet), what is above 1,900 and then 1,825 does.
#[test]
fn money_follows_the_delegation() {
    let played = play(&plan(0.1, true), &[&RISING]);
    near(metric(&played, 1, Metric::FromCoordinator), 350.0);
    near(wallet(&played, 1), 850.0);
    near(wallet(&played, 0), 650.0);

    let mut plan = plan(0.1, true);
    plan.agents[3].wallet = usdc(2_000.0);
    line(&mut plan, 2).drawn = usdc(2_000.0);
    let played = play(&plan, &[&RISING]);
    near(metric(&played, 3, Metric::GivenBack), 175.0);
    near(wallet(&played, 3), 1_825.0);
    near(wallet(&played, 0), 1_000.0 - 350.0 + 175.0);
    // b gained 10·5, c lost it.
    near(worth(&played), 1_200.0 + 1_000.0 + 1_000.0 + 2_000.0);
}

/// Before there are enough returns, and where nobody has earned anything, nothing moves.
#[test]
fn nothing_moves_without_evidence() {
    assert_eq!(moves(&play(&plan(0.1, true), &[&RISING[..3]])), []);
    assert_eq!(moves(&play(&plan(0.1, true), &[&[100.0; 8]])), []);
}
