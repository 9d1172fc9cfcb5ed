//! Ticks of bars against hand calculations.

use std::sync::Arc;

use super::*;
use crate::prices::{PricePath, Shock, ShockKind};

/// Two one-hour bars: the low of the first is nearer the open, the high of the second.
fn history(intrabar: Intrabar) -> ReplaySpec {
    let mark = [
        vec![100.0, 105.0], // open
        vec![110.0, 106.0], // high
        vec![98.0, 90.0],   // low
        vec![105.0, 95.0],  // close
    ];
    ReplaySpec {
        start_ms: 0,
        interval_ms: 3_600_000,
        close_only: false,
        intrabar,
        walk_step_ms: 300_000,
        worst_joint: false,
        assets: vec![ReplayAsset {
            name: "BTC".into(),
            mark: mark.into(),
            last: None,
            adverse_first: -1,
        }],
        shocks: vec![],
    }
}

/// −20 % between 20 and 40 minutes: 98 still as it was, 110 and 105 at 80 %. The bar's high is then
/// its open.
#[test]
fn a_fall_on_top_of_what_happened() {
    let third = 20 * 60_000;
    let crash = ShockKind::Crash(vec![libm::log(0.8)]);
    let shocks = vec![Shock::new("fall", Some(third), third, crash)];
    let spec = ReplaySpec { shocks, ..history(Intrabar::Jump) };
    let expected = [100.0, 98.0, 88.0, 84.0];
    for ((_, got), expected) in ticks(spec.clone()).into_iter().zip(expected) {
        assert!((got - expected).abs() < 1e-12, "{got}, not {expected}");
    }
    let mut path = ReplayPath::new(Arc::new(spec));
    path.begin(1, 0);
    let [high, low, close] = path.bar(0, 0);
    assert!([high - 100.0, low - 84.0, close - 84.0].iter().all(|off| off.abs() < 1e-12));
    assert_eq!(path.first_close(0), 100.0);
}

fn ticks(spec: ReplaySpec) -> Vec<(i64, f64)> {
    let mut path = ReplayPath::new(Arc::new(spec));
    path.begin(1, 0);
    let (mut mark, mut last) = ([0.0], [0.0]);
    (0..path.ticks())
        .map(|tick| {
            path.load(tick, &mut mark, &mut last);
            assert_eq!(mark, last);
            (path.tick_ms(tick), mark[0])
        })
        .collect()
}

#[test]
fn a_bar_has_four_ticks_with_the_nearer_extreme_first() {
    assert_eq!(
        ticks(history(Intrabar::Jump)),
        [
            (0, 100.0),
            (1_200_000, 98.0),
            (2_400_000, 110.0),
            (3_599_999, 105.0),
            (3_600_000, 105.0),
            (4_800_000, 106.0),
            (6_000_000, 90.0),
            (7_199_999, 95.0),
        ]
    );
}

#[test]
fn worst_joint_puts_the_adverse_extreme_first() {
    let spec = ReplaySpec { worst_joint: true, ..history(Intrabar::Jump) };
    let at_third: Vec<f64> = ticks(spec).into_iter().skip(1).step_by(4).map(|t| t.1).collect();
    assert_eq!(at_third, [98.0, 90.0]);
}

#[test]
fn a_tie_takes_the_low_first() {
    let mut spec = history(Intrabar::Jump);
    Arc::make_mut(&mut spec.assets[0].mark)[1][0] = 102.0;
    assert_eq!(ticks(spec)[1], (1_200_000, 98.0));
}

#[test]
fn a_walk_is_linear_between_the_same_four() {
    let walk = ticks(history(Intrabar::Walk));
    // From 98 at 20 min to 110 at 40 min: 101 at 25 min, 107 at 35 min.
    for expected in [(1_200_000, 98.0), (1_500_000, 101.0), (2_100_000, 107.0), (3_599_999, 105.0)]
    {
        let got = walk.iter().find(|tick| tick.0 == expected.0).unwrap();
        assert!((got.1 - expected.1).abs() < 1e-9, "{got:?}");
    }
    assert!(walk.windows(2).all(|pair| pair[0].0 < pair[1].0));
}

#[test]
fn a_bridge_keeps_the_extremes_and_the_anchors() {
    let spec = ReplaySpec { walk_step_ms: 5_000, ..history(Intrabar::Bridge) };
    let bridge = ticks(spec.clone());
    let first: Vec<f64> =
        bridge.iter().filter(|tick| tick.0 < 3_600_000).map(|tick| tick.1).collect();
    let low = first.iter().copied().fold(f64::INFINITY, f64::min);
    let high = first.iter().copied().fold(0.0, f64::max);
    assert_eq!((low, high), (98.0, 110.0));
    assert_eq!(bridge, ticks(spec.clone()));
    let jump = ticks(history(Intrabar::Jump));
    assert!(jump.iter().all(|anchor| bridge.contains(anchor)));
    let mut other = ReplayPath::new(Arc::new(spec));
    other.begin(1, 1);
    let (mut mark, mut last) = ([0.0], [0.0]);
    other.load(7, &mut mark, &mut last);
    assert_ne!(mark[0], bridge[7].1, "another path is another bridge");
}

#[test]
fn instants_and_ticks_are_inverse() {
    for intrabar in [Intrabar::Jump, Intrabar::Walk] {
        let path = ReplayPath::new(Arc::new(history(intrabar)));
        for tick in 0..path.ticks() {
            let time_ms = path.tick_ms(tick);
            assert_eq!(path.tick_at(time_ms), tick);
            assert_eq!(
                path.tick_at(time_ms + 1) == tick,
                path.ticks() == tick + 1 || path.tick_ms(tick + 1) > time_ms + 1
            );
        }
    }
}

#[test]
fn bars_end_before_an_instant() {
    let path = ReplayPath::new(Arc::new(history(Intrabar::Jump)));
    let rows =
        [(0, 0), (3_599_999, 0), (3_600_000, 1), (7_199_999, 1), (7_200_000, 2), (1 << 40, 2)];
    for (time_ms, bars) in rows {
        assert_eq!(path.bars_before(time_ms), bars, "{time_ms}");
    }
    let closes = ReplaySpec { close_only: true, ..history(Intrabar::Jump) };
    let path = ReplayPath::new(Arc::new(closes));
    for (time_ms, bars) in [(0, 0), (1, 0), (3_600_000, 0), (3_600_001, 1), (1 << 40, 1)] {
        assert_eq!(path.bars_before(time_ms), bars, "{time_ms}");
    }
}

#[test]
fn the_first_loud_tick_is_found_behind_quiet_blocks() {
    let bars = 1_000;
    let column = |value: f64| vec![value; bars];
    let mut mark = [column(100.0), column(101.0), column(99.0), column(100.0)];
    mark[2][777] = 90.0;
    let asset =
        ReplayAsset { name: "BTC".into(), mark: mark.into(), last: None, adverse_first: -1 };
    for intrabar in [Intrabar::Jump, Intrabar::Walk] {
        let spec = ReplaySpec { assets: vec![asset.clone()], ..history(intrabar) };
        let mut path = ReplayPath::new(Arc::new(spec));
        path.set_quiet(&[95.0], &[105.0]);
        let ticks = path.ticks();
        let found = path.next_loud(1, ticks);
        let (mut mark, mut last) = ([0.0], [0.0]);
        let plain = (1..ticks).find(|&tick| {
            path.load(tick, &mut mark, &mut last);
            mark[0] <= 95.0
        });
        assert_eq!(Some(found), plain);
        assert_eq!(path.next_loud(1, found), found);
    }
}
