//! Who goes first, and what a closed sub-account frees for the next.

use drypowder::engine::Metric;
use drypowder::units::time::SECOND_MS;

use crate::player::{MINUTE_MS, play};
use crate::story::{NONE, assert_story};
use crate::{RELEASE, fleet, line, metric, near, sub, wallet, worth};

/// All alike and due at 83 (see dry_powder): by priority, equal ones by name.
#[test]
fn liquidation_follows_priority() {
    let subs = vec![sub("b", 1_000.0, 300.0), sub("c", 1_000.0, 300.0), sub("d", 1_000.0, 300.0)];
    for (priorities, order) in [([1, 1, 1], ["b", "c", "d"]), ([3, 2, 1], ["d", "c", "b"])] {
        let mut plan = fleet(0.0, 0.0, subs.clone());
        for (place, priority) in priorities.into_iter().enumerate() {
            line(&mut plan, place).priority = priority;
        }
        let played = play(&plan, &[&[100.0, 83.0]]);
        let closed: Vec<&str> = (played.events.iter())
            .filter(|event| event.kind.name() == "liquidated")
            .map(|event| ["a", "b", "c", "d"][event.agent])
            .collect();
        assert_eq!(closed, order);
    }
}

/// b of 10 units with 200 is due at 93.9 (E = 139, MM = 140.85, HF .987) and leaves 139; c of 10 units
/// with 300 is due at 83, in need of 44.3. Dry powder of 10 saves neither: b would need 58.19. When b's
/// 139 are back in time, they fill dry powder up to its 10, which does not save c (140/124.5 = 1.1245:
/// it does); a minute too late they do not.
#[test]
fn freed_margin_that_arrives_too_late_does_not_save_the_next() {
    let subs = || vec![sub("b", 1_000.0, 200.0), sub("c", 1_000.0, 300.0)];
    let mut plan = fleet(0.0, 60.0, subs());
    plan.fleets[0].sweep = true;
    plan.fleets[0].release = Some(RELEASE);
    // 60 lift b once, to 1.4: 197.19 − 139 = 58.19. 1.81 are left. At 88.5 b with 258.19: E = 143.19,
    // MM = 132.75, HF 1.0786; at 88: 138.19 / 132 = 1.0469: 46.61 are needed, 1.81 lift it to 1.0606.
    // At 87.8: 140 − 2 = 138 / 131.7 = 1.0478: nothing is left, it is closed at 87.8 and frees 138.
    let closes = [100.0, 93.9, 88.0, 87.8, 87.8, 83.0, 83.0];
    let freed = |delay_ms| {
        let mut plan = plan.clone();
        plan.fleets[0].spec.freed_delay_ms = delay_ms;
        play(&plan, &[&closes])
    };
    let start = [
        (MINUTE_MS, "b position 0", "dry_powder_released", 58.19),
        (2 * MINUTE_MS, "b position 0", "dry_powder_released", 1.81),
        (3 * MINUTE_MS, "b fleet 0", "dry_powder_refused", NONE),
        (3 * MINUTE_MS, "b position 0", "liquidated", -122.0),
        (3 * MINUTE_MS, "b fleet 0", "margin_freed", 138.0),
    ];
    let in_time = freed(2 * MINUTE_MS);
    let mut expected = start.to_vec();
    expected.push((5 * MINUTE_MS, "a fleet 0", "freed_arrived", 138.0));
    expected.push((5 * MINUTE_MS, "c position 0", "dry_powder_released", 44.3));
    assert_story(&in_time, &expected);
    near(metric(&in_time, 0, Metric::DryPowderLeft), 60.0 - 44.3);
    near(wallet(&in_time, 0), 78.0);

    let late = freed(2 * MINUTE_MS + SECOND_MS);
    let mut expected = start.to_vec();
    expected.push((5 * MINUTE_MS, "c fleet 0", "dry_powder_refused", NONE));
    expected.push((5 * MINUTE_MS, "c position 0", "liquidated", -170.0));
    expected.push((5 * MINUTE_MS, "c fleet 0", "margin_freed", 130.0));
    expected.push((5 * MINUTE_MS + SECOND_MS, "a fleet 0", "freed_arrived", 138.0));
    assert_story(&late, &expected);
    // What c freed is still under way at the end, and owned all the same.
    near(worth(&late), 560.0 - 122.0 - 170.0);

    // At once: in the same instant, before the venue goes on to the next.
    let at_once = freed(0);
    let arrived = (3 * MINUTE_MS, "a fleet 0", "freed_arrived", 138.0);
    let saved = (5 * MINUTE_MS, "c position 0", "dry_powder_released", 44.3);
    assert_story(&at_once, &[&start[..], &[arrived, saved]].concat());
}

/// Both are cured at 83, c of priority 2 by 44.3, b of priority 1 by what 60 leave: 15.7 lift it to
/// 145.7 / 124.5 = 1.17. At 77.5 MM = 116.25: b has 90.7, c 119.3 (1.026): both are due and nothing is
/// left. b is closed first; when its 90.7 are there at once, 60 of them are dry powder again, and c's
/// 162.75 − 119.3 = 43.45 are paid before the venue comes to it. A second later they are not.
#[test]
fn freed_margin_that_is_there_at_once_saves_the_next_on_the_list() {
    let mut plan = fleet(0.0, 60.0, vec![sub("b", 1_000.0, 300.0), sub("c", 1_000.0, 300.0)]);
    line(&mut plan, 1).priority = 2;
    plan.fleets[0].sweep = true;
    plan.fleets[0].release = Some(RELEASE);
    let (first, second) = (MINUTE_MS, 2 * MINUTE_MS);
    let start = [
        (first, "c position 0", "dry_powder_released", 44.3),
        (first, "b position 0", "dry_powder_released", 15.7),
        (second, "b fleet 0", "dry_powder_refused", NONE),
        (second, "c fleet 0", "dry_powder_refused", NONE),
        (second, "b position 0", "liquidated", -225.0),
        (second, "b fleet 0", "margin_freed", 90.7),
    ];
    let closes = [100.0, 83.0, 77.5];
    let saved = [
        (second, "a fleet 0", "freed_arrived", 90.7),
        (second, "c position 0", "dry_powder_released", 43.45),
    ];
    assert_story(&play(&plan, &[&closes]), &[&start[..], &saved].concat());
    plan.fleets[0].spec.freed_delay_ms = SECOND_MS;
    let lost = [
        (second, "c position 0", "liquidated", -225.0),
        (second, "c fleet 0", "margin_freed", 119.3),
    ];
    assert_story(&play(&plan, &[&closes]), &[&start[..], &lost].concat());
}
