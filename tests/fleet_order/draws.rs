//! Draws on the master wallet: what the delegation permits, what a top-up draws.

use drypowder::engine::Metric;
use drypowder::engine::fleet::ScheduledDraw;
use drypowder::policy::GuardSpec;
use drypowder::units::time::HOUR_MS;

use crate::common::{NEW_YEAR_MS, guard, isolated, live_top_up, usdc};
use crate::player::{MINUTE_MS, play};
use crate::story::assert_story;
use crate::{collateral, fleet, line, metric, near, sub_with, wallet, worth};

fn at(minutes: i64, amount: f64, back: bool) -> ScheduledDraw {
    let at_ms = NEW_YEAR_MS + minutes * MINUTE_MS;
    ScheduledDraw { at_ms, line: 0, amount: usdc(amount), back }
}

/// b has drawn 100 of 150; 70 are free on the master wallet, 200 are dry powder. 60 more are above the
/// delegation, 50 are not, then nothing is; after 30 have gone back 30 can be drawn; of a delegation of
/// 1,000 what the master wallet has free is the limit: 100 are not there.
#[test]
fn a_draw_above_the_delegation_is_rejected() {
    let mut plan = fleet(70.0, 200.0, vec![sub_with("b", 100.0, Vec::new())]);
    line(&mut plan, 0).max_margin = usdc(150.0);
    plan.fleets[0].schedule = vec![
        at(1, 60.0, false),
        at(2, 50.0, false),
        at(3, 0.000001, false),
        at(4, 30.0, true),
        at(5, 30.0, false),
        at(6, 200.0, true),
    ];
    let played = play(&plan, &[&[100.0; 10]]);
    assert_story(
        &played,
        &[
            (MINUTE_MS, "b fleet 0", "draw_rejected", 60.0),
            (2 * MINUTE_MS, "b fleet 0", "margin_drawn", 50.0),
            (3 * MINUTE_MS, "b fleet 0", "draw_rejected", 0.000001),
            (4 * MINUTE_MS, "b fleet 0", "margin_given_back", 30.0),
            (5 * MINUTE_MS, "b fleet 0", "margin_drawn", 30.0),
            (6 * MINUTE_MS, "b fleet 0", "draw_rejected", 200.0),
        ],
    );
    let reasons: Vec<_> = (played.events.iter())
        .filter(|event| event.kind.name() == "draw_rejected")
        .map(|event| event.reason)
        .collect();
    let above = "above the delegation";
    assert_eq!(reasons, [above, above, "less is free than it gives back"]);
    near(wallet(&played, 0), 20.0);
    near(wallet(&played, 1), 150.0);
    near(metric(&played, 1, Metric::DrawnAmount), 80.0);
    near(metric(&played, 1, Metric::FromCoordinator), 50.0);
    near(metric(&played, 0, Metric::FromCoordinator), -50.0);
    near(metric(&played, 1, Metric::DrawsRejected), 3.0);
    near(metric(&played, 0, Metric::DryPowderLeft), 200.0);
    near(worth(&played), 370.0);
}

#[test]
fn a_draw_above_the_master_wallet_is_rejected_though_there_is_dry_powder() {
    let mut plan = fleet(70.0, 200.0, vec![sub_with("b", 100.0, Vec::new())]);
    line(&mut plan, 0).max_margin = usdc(1_000.0);
    plan.fleets[0].schedule = vec![at(1, 70.000001, false), at(2, 70.0, false)];
    let played = play(&plan, &[&[100.0; 4]]);
    let rows = [
        (MINUTE_MS, "b fleet 0", "draw_rejected", 70.000001),
        (2 * MINUTE_MS, "b fleet 0", "margin_drawn", 70.0),
    ];
    assert_story(&played, &rows);
    near(wallet(&played, 0), 0.0);
}

/// b: a long of 3,000 with 1,000, a wallet of 120 of which 100 are its reserve. At 88: E = 640,
/// MM = 396, HF 1.616; at 87: E = 610, MM = 391.5, HF 1.558 < 1.6: to 2.0 it takes 783 − 610 = 173. Its
/// own 20 above the reserve and 153 drawn. With a delegation that leaves 40: 60 in all. Without any: 20.
#[test]
fn a_top_up_draws_what_its_own_wallet_lacks() {
    let rows = [(1_000.0, 153.0, 173.0), (40.0, 40.0, 60.0), (0.0, 0.0, 20.0)];
    for (room, drawn, added) in rows {
        let guarded = GuardSpec { poll_ms: HOUR_MS, ..guard(Some(live_top_up()), None) };
        let slots = vec![isolated(0, 1, 3_000.0, 1_000.0)];
        let mut b = sub_with("b", 120.0, slots);
        b.guard = guarded;
        let mut plan = fleet(500.0, 0.0, vec![b]);
        plan.fleets[0].on_demand = vec![true];
        line(&mut plan, 0).max_margin += usdc(room);
        // The look after an hour sees 87, and no later one does.
        let mut closes = vec![87.0; 61];
        closes[0] = 100.0;
        closes.push(100.0);
        let played = play(&plan, &[&closes]);
        near(metric(&played, 1, Metric::DrawnAmount), drawn);
        near(metric(&played, 1, Metric::TopUpAmount), added);
        near(collateral(&played, 1), 1_000.0 + added);
        near(wallet(&played, 0), 500.0 - drawn);
        near(wallet(&played, 1), 100.0);
        near(worth(&played), 1_620.0);
    }
}
