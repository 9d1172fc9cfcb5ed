//! Interval, grid, gaps, outliers and the newest bar.

use super::*;

#[test]
fn bars_that_stand_twice_in_a_row_are_told() {
    // Volumes tell the bars apart; 20, 21 and 22 are 10, 11 and 12 again, 26 is 4 again.
    let mut raw = hourly(30);
    for (row, volume) in raw.columns[4].values.iter_mut().enumerate() {
        *volume = 10.0 + row as f64;
    }
    for (copy, row) in [(20, 10), (21, 11), (22, 12), (26, 4)] {
        for column in &mut raw.columns {
            column.values[copy] = column.values[row];
        }
    }
    let judged = untold(raw);
    let repeated = the(&judged, FindingKind::RepeatedRun);
    assert_eq!((repeated.severity, repeated.count), (Severity::Note, 3));
    assert_eq!(repeated.marks, [(START + 20 * HOUR, START + 22 * HOUR)]);
    assert!(judged.clean.is_some());
}

#[test]
fn missing_bars_are_counted_measured_and_filled_as_far_as_told() {
    // Missing: bar 5; bars 10, 11, 12.
    let raw = without(hourly(30), &[5, 10, 11, 12]);
    let judged = untold(raw.clone());
    let remedy = "--fill-gaps, --fill-gaps=3h for the longest, or --accept gap";
    assert_blocks(&judged, FindingKind::Gap, 2, remedy);
    let finding = the(&judged, FindingKind::Gap);
    assert_eq!(
        finding.summary,
        "2 gaps, 4 bars missing, the longest 3 bars from 2020-01-01T10:00:00Z"
    );
    assert_eq!(finding.marks[0], (START + 5 * HOUR, START + 6 * HOUR));

    let fill = |ms| RepairOptions { fill_gaps_up_to_ms: Some(ms), ..RepairOptions::default() };
    let judged = told(raw.clone(), &fill(3 * HOUR));
    assert_repaired(&judged, FindingKind::Gap, 2);
    let filled = bars(&judged);
    assert_eq!(hours(&filled.open_time), (0..30).collect::<Vec<_>>());
    // Bar 9 closed at 101.
    assert_eq!(filled.low[9..14], [99.5, 101.0, 101.0, 101.0, 99.5]);
    assert_eq!(filled.close[9..14], [101.0, 101.0, 101.0, 101.0, 101.0]);
    assert_eq!(filled.volume.as_ref().unwrap()[9..14], [10.0, 0.0, 0.0, 0.0, 10.0]);
    let expected = Repairs { gaps_filled: 2, bars_filled: 4, ..Repairs::default() };
    assert_eq!(filled.repairs(), expected);
    assert!(!has(&judged, FindingKind::FilledBars), "only the file's own are told");

    // Up to an hour: the longer one still blocks, unless accepted.
    let judged = told(raw.clone(), &fill(HOUR));
    assert_eq!(of(&judged, Severity::Repaired), [(FindingKind::Gap, 1)]);
    assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::Gap, 1)]);
    let both = RepairOptions { accept: [FindingKind::Gap].into(), ..fill(HOUR) };
    let judged = told(raw, &both);
    let expected: Vec<i64> = (0..10).chain(13..30).collect();
    assert_eq!(hours(&bars(&judged).open_time), expected);
}

#[test]
fn a_gap_without_end_is_not_filled() {
    let mut raw = hourly(3);
    // A second bar after a second, a third one after 100 years.
    raw.time[1] = START + 1_000;
    raw.time[2] = START + 36_500 * DAY;
    let fill = RepairOptions { fill_gaps_up_to_ms: Some(i64::MAX), ..RepairOptions::default() };
    let judged = told(raw, &fill);
    assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::Gap, 1)]);
    assert!(the(&judged, FindingKind::Gap).summary.contains("above 33554432"));
}

#[test]
fn a_single_bar_needs_its_interval_told() {
    let judged = untold(hourly(1));
    assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::Remark, 1)]);
    let read = ReadOptions { interval_ms: Some(HOUR), ..ReadOptions::default() };
    let judged = judge(Raw::Series(hourly(1)), &read, &RepairOptions::default());
    assert_eq!(bars(&judged).interval_ms, HOUR);
    let mut raw = hourly(1);
    raw.stated_interval_ms = Some(HOUR);
    assert_eq!(bars(&untold(raw)).interval_ms, HOUR);
    for interval in [0, -1, 367 * DAY] {
        let read = ReadOptions { interval_ms: Some(interval), ..ReadOptions::default() };
        let judged = judge(Raw::Series(hourly(9)), &read, &RepairOptions::default());
        assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::Remark, 9)], "{interval}");
    }
}

#[test]
fn a_name_that_disagrees_is_a_note() {
    let mut raw = hourly(72);
    raw.stated_interval_ms = Some(DAY);
    raw.stated_span_ms = Some((START, START + 10 * DAY));
    let judged = untold(raw.clone());
    assert_eq!(of(&judged, Severity::Blocks), []);
    let notes: Vec<&Finding> =
        judged.findings.iter().filter(|f| f.kind == FindingKind::NameDisagrees).collect();
    assert_eq!(notes.len(), 2);
    assert_eq!(notes[0].summary, "the name or metadata says 1d, the rows step by 1h");
    assert!(notes[1].summary.ends_with("2020-01-03T23:00:00Z, 0 of them outside"), "{notes:?}");
    // A day more or less is how dates in names are meant.
    raw.stated_interval_ms = Some(HOUR);
    for days in [2, 3, 4] {
        raw.stated_span_ms = Some((START, START + days * DAY));
        assert!(!has(&untold(raw.clone()), FindingKind::NameDisagrees), "{days}");
    }
}

#[test]
fn jitter_is_snapped_and_other_times_are_not() {
    let mut raw = hourly(30);
    raw.time[4] += 7;
    raw.time[5] -= 800;
    let judged = untold(raw.clone());
    assert_blocks(&judged, FindingKind::OffGrid, 2, "--snap 1s");
    assert_eq!(
        the(&judged, FindingKind::OffGrid).examples[0].text,
        "7ms after 2020-01-01T04:00:00Z"
    );
    let snap = |ms| RepairOptions { snap_ms: Some(ms), ..RepairOptions::default() };
    let judged = told(raw.clone(), &snap(1_000));
    assert_repaired(&judged, FindingKind::OffGrid, 2);
    assert_eq!(hours(&bars(&judged).open_time), (0..30).collect::<Vec<_>>());
    assert_eq!(bars(&judged).repairs().times_snapped, 2);
    // Told less than it takes.
    let judged = told(raw.clone(), &snap(7));
    assert_eq!(of(&judged, Severity::Repaired), [(FindingKind::OffGrid, 1)]);
    assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::OffGrid, 1)]);
    // Half an hour is no jitter; bars need their grid.
    raw.time[5] = START + 5 * HOUR + HOUR / 2;
    let judged = told(raw, &RepairOptions { accept: [FindingKind::OffGrid].into(), ..snap(1_000) });
    assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::OffGrid, 1)]);
}

#[test]
fn two_rows_are_not_snapped_to_one_time() {
    let mut raw = hourly(30);
    raw.time[5] = START + 4 * HOUR + 300;
    let snap = RepairOptions { snap_ms: Some(1_000), ..RepairOptions::default() };
    let judged = told(raw, &snap);
    let finding = the(&judged, FindingKind::OffGrid);
    assert_eq!((finding.severity, finding.count), (Severity::Blocks, 1));
    assert!(finding.summary.contains("another row is there"), "{}", finding.summary);
}

#[test]
fn bars_may_lie_off_the_full_hour_all_together() {
    let mut raw = hourly(30);
    raw.time.iter_mut().for_each(|time| *time += 17 * 60_000);
    assert_eq!(of(&untold(raw), Severity::Blocks), []);
}

#[test]
fn payments_may_change_their_interval_but_not_skip() {
    // Twenty every 8 h, then forty every 4 h.
    let change = START + 20 * 8 * HOUR;
    let mut times: Vec<i64> = (0..20).map(|n| START + n * 8 * HOUR).collect();
    times.extend((0..40).map(|n| change + n * 4 * HOUR));
    let judged = untold(payments(times.clone(), Written::Millis));
    assert_eq!(of(&judged, Severity::Blocks), []);
    assert_eq!(the(&judged, FindingKind::Remark).summary, "the interval changes: steps of 4h, 8h");

    // One payment missing in each part: 16 h, and 8 h amid steps of 4 h.
    let missing: Vec<i64> =
        times.iter().enumerate().filter(|(n, _)| *n != 10 && *n != 40).map(|(_, t)| *t).collect();
    let judged = untold(payments(missing, Written::Millis));
    assert_blocks(&judged, FindingKind::Gap, 2, "--accept gap");
    let judged_examples = &the(&judged, FindingKind::Gap).examples;
    assert_eq!(judged_examples[0].time, Some(START + 80 * HOUR));
    assert_eq!(judged_examples[1].time, Some(change + 80 * HOUR));
}

#[test]
fn late_payments_are_jitter() {
    let late = |n: i64| if n % 3 == 0 { n % 7 } else { 0 };
    let times: Vec<i64> = (0..60).map(|n| START + n * 8 * HOUR + late(n)).collect();
    // Of n = 0, 3, … 57 the remainder by 7 is 0 for 0, 21 and 42: 17 of 20 are late, by 6 ms at most.
    let judged = untold(payments(times.clone(), Written::Millis));
    assert_blocks(&judged, FindingKind::OffGrid, 17, "--snap 1s, or --accept off_grid");
    let snap = RepairOptions { snap_ms: Some(1_000), ..RepairOptions::default() };
    let judged = told(payments(times.clone(), Written::Millis), &snap);
    assert_repaired(&judged, FindingKind::OffGrid, 17);
    assert_eq!(series(&judged).time[57], START + 57 * 8 * HOUR);
    // A plain series may keep them.
    let judged = told(payments(times.clone(), Written::Millis), &accepting(FindingKind::OffGrid));
    assert_eq!(series(&judged).time, times);
}

#[test]
fn payments_that_are_all_late_are_late_from_the_round_time() {
    let times: Vec<i64> = (0..60).map(|n| START + n * 8 * HOUR + 1 + n * n % 11).collect();
    let judged = untold(payments(times, Written::Millis));
    assert_blocks(&judged, FindingKind::OffGrid, 60, "--snap 1s, or --accept off_grid");
    assert!(
        the(&judged, FindingKind::OffGrid).summary.contains("off the grid of 8h by at most 10ms")
    );
}

#[test]
fn a_single_long_step_is_a_gap_and_no_change_of_interval() {
    let mut times: Vec<i64> = (0..12).map(|n| START + n * 8 * HOUR).collect();
    times[6..].iter_mut().for_each(|time| *time += 700 * DAY);
    let judged = untold(payments(times.clone(), Written::Millis));
    assert_blocks(&judged, FindingKind::Gap, 1, "--accept gap");
    assert!(!has(&judged, FindingKind::Remark));
    let fill = RepairOptions { fill_gaps_up_to_ms: Some(i64::MAX), ..RepairOptions::default() };
    let judged = told(payments(times, Written::Millis), &fill);
    assert_blocks(&judged, FindingKind::Gap, 1, "--accept gap");
    assert!(the(&judged, FindingKind::Gap).summary.ends_with("are not made up"));
}

#[test]
fn jitter_in_two_usual_steps_hides_no_interval() {
    // 5 ms later at every payment, by 7: steps of 8 h - 2 ms and of 8 h + 5 ms.
    let times: Vec<i64> = (0..70).map(|n| START + n * 8 * HOUR + n * 5 % 7).collect();
    let judged = untold(payments(times, Written::Millis));
    assert_eq!(judged.facts.interval_ms, Some(8 * HOUR));
    // Each remainder is there ten times, of which that of 0 ms is the anchor.
    assert_blocks(&judged, FindingKind::OffGrid, 60, "--snap 1s, or --accept off_grid");
    assert!(!has(&judged, FindingKind::Remark));
}

#[test]
fn irregular_series_have_no_gaps() {
    // Steps of 1 to 40 s that repeat after 40.
    let mut time = START;
    let times: Vec<i64> = (0..400)
        .map(|n| {
            time += (n * 7 % 40 + 1) * 1_000;
            time
        })
        .collect();
    let judged = untold(payments(times, Written::Millis));
    assert_eq!(of(&judged, Severity::Blocks), []);
    assert!(the(&judged, FindingKind::Remark).summary.contains("no regular grid"));
}

#[test]
fn a_price_far_from_its_neighbours_blocks() {
    // Neighbours close at 100 or 101; the open of the first bar and its high are false. There is
    // nothing before it, so that it must be off by a factor of three.
    let mut raw = hourly(30);
    set(&mut raw, 0, Meaning::Open, 290.0);
    set(&mut raw, 0, Meaning::High, 290.0);
    assert_eq!(of(&untold(raw.clone()), Severity::Blocks), []);
    set(&mut raw, 0, Meaning::Open, 380.0);
    set(&mut raw, 0, Meaning::High, 380.0);
    let judged = untold(raw.clone());
    let remedy = "--drop-outliers, or --accept outlier";
    assert_blocks(&judged, FindingKind::Outlier, 1, remedy);
    assert_eq!(
        the(&judged, FindingKind::Outlier).examples[0].text,
        "open 380, neighbours about 101"
    );
    let judged =
        told(raw.clone(), &RepairOptions { drop_outliers: true, ..RepairOptions::default() });
    assert_repaired(&judged, FindingKind::Outlier, 1);
    assert_eq!(hours(&bars(&judged).open_time), (1..30).collect::<Vec<_>>());
    assert_eq!(bars(&judged).repairs().outliers_dropped, 1);
    let judged = told(raw, &accepting(FindingKind::Outlier));
    assert_eq!(bars(&judged).open[0], 380.0);
}

#[test]
fn closes_stand_out_beyond_half_as_much_again() {
    for (close, count) in [(149.0, 0), (155.0, 1), (68.0, 0), (64.0, 1)] {
        let mut raw = hourly(30);
        set(&mut raw, 12, Meaning::Close, close);
        set(&mut raw, 12, Meaning::High, close.max(101.5));
        set(&mut raw, 12, Meaning::Low, close.min(99.5));
        // Half as much again as 101 is 151.5, as 100 less 66.7.
        let blocked = of(&untold(raw), Severity::Blocks);
        assert_eq!(blocked.iter().map(|(_, count)| count).sum::<u64>(), count, "{close}");
    }
}

#[test]
fn in_a_wild_market_a_price_may_lie_further_off() {
    // Closes by turns 100 and 100·k: each bar's neighbours change by ln k.
    for (k, blocks) in [(1.05_f64, true), (1.2, false)] {
        let mut raw = hourly(60);
        for row in 0..60 {
            let near = (20..40).contains(&row) && row % 2 == 1;
            let close = if near { 100.0 * k } else { 100.0 };
            set(&mut raw, row, Meaning::Close, if row == 30 { 200.0 } else { close });
            set(&mut raw, row, Meaning::High, 200.0);
        }
        // 200 lies beyond the band by less than ln 2 = 0.69; 5 ln 1.05 = 0.24, 5 ln 1.2 = 0.91.
        let judged = untold(raw);
        assert_eq!(has(&judged, FindingKind::Outlier), blocks, "{k}");
    }
}

#[test]
fn wicks_are_real_where_much_is_traded() {
    // A low at a fifth of the price: false at the usual volume, a crash at 2.5 times it.
    for (low, volume, severity) in [
        (20.0, 10.0, Some(Severity::Blocks)),
        (20.0, 24.0, Some(Severity::Blocks)),
        (20.0, 25.0, Some(Severity::Note)),
        (40.0, 10.0, None),
    ] {
        let mut raw = hourly(30);
        set(&mut raw, 12, Meaning::Low, low);
        set(&mut raw, 12, Meaning::Volume, volume);
        let judged = untold(raw);
        let found = judged.findings.iter().find(|f| f.kind == FindingKind::Outlier);
        assert_eq!(found.map(|f| f.severity), severity, "{low} {volume}");
    }
}

#[test]
fn a_crash_or_rally_that_lasts_is_no_outlier_a_change_of_unit_is() {
    for (factor, count) in [(0.5, 0), (2.0, 0), (4.9, 0), (10.0, 1), (0.001, 1)] {
        let mut raw = hourly(40);
        for column in raw.columns.iter_mut().take(4) {
            column.values[20..].iter_mut().for_each(|value| *value *= factor);
        }
        let judged = untold(raw.clone());
        let blocked = of(&judged, Severity::Blocks);
        let expected: &[(FindingKind, u64)] = &[(FindingKind::Outlier, 1)];
        assert_eq!(blocked, &expected[..count], "{factor}");
        // After a long gap prices may be anywhere.
        let gap = without(raw.clone(), &(9..20).collect::<Vec<_>>());
        assert_eq!(of(&untold(gap), Severity::Blocks), [(FindingKind::Gap, 1)]);
        // It cannot be dropped.
        let drop = RepairOptions { drop_outliers: true, ..RepairOptions::default() };
        assert_eq!(of(&told(raw, &drop), Severity::Blocks), &expected[..count]);
    }
}

#[test]
fn a_newest_bar_cut_short_blocks() {
    let mut raw = hourly(30);
    set(&mut raw, 29, Meaning::Volume, 1.9);
    let judged = untold(raw.clone());
    let remedy = "--drop-last, or --accept partial_last_bar";
    assert_blocks(&judged, FindingKind::PartialLastBar, 1, remedy);
    assert!(!has(&judged, FindingKind::LastBarUnproven));
    let drop = RepairOptions { drop_last: true, ..RepairOptions::default() };
    let judged = told(raw.clone(), &drop);
    assert_repaired(&judged, FindingKind::PartialLastBar, 1);
    assert_eq!(hours(&bars(&judged).open_time), (0..29).collect::<Vec<_>>());
    assert_eq!(bars(&judged).repairs().last_bars_dropped, 1);
    // A fifth of the usual 10 is 2.
    set(&mut raw, 29, Meaning::Volume, 2.0);
    assert_eq!(of(&untold(raw.clone()), Severity::Blocks), []);
    // Half of the least of the 24 before, 3, is 1.5; bar 4 is the 25th before.
    set(&mut raw, 4, Meaning::Volume, 0.1);
    set(&mut raw, 5, Meaning::Volume, 3.0);
    set(&mut raw, 29, Meaning::Volume, 1.5);
    assert_eq!(of(&untold(raw.clone()), Severity::Blocks), []);
    set(&mut raw, 29, Meaning::Volume, 1.4);
    assert_eq!(of(&untold(raw.clone()), Severity::Blocks), [(FindingKind::PartialLastBar, 1)]);
    // Sizes of quotes are no volume.
    raw.label.role = Role::Bid;
    assert_eq!(of(&untold(raw.clone()), Severity::Blocks), []);
    raw.label.role = Role::Last;
    // A thin market shows nothing.
    set(&mut raw, 29, Meaning::Volume, 0.0);
    assert_eq!(of(&untold(raw.clone()), Severity::Blocks), [(FindingKind::PartialLastBar, 1)]);
    set(&mut raw, 20, Meaning::Volume, 0.0);
    assert_eq!(of(&untold(raw), Severity::Blocks), []);
    // Told to drop the newest bar, it goes though it looks whole.
    let judged = told(hourly(30), &drop);
    assert_repaired(&judged, FindingKind::LastBarUnproven, 1);
    assert_eq!(bars(&judged).open_time.len(), 29);
}

#[test]
fn few_trades_show_a_bar_cut_short_too() {
    let mut raw = hourly(30);
    let mut trades = vec![100.0; 30];
    trades[29] = 19.0;
    add(&mut raw, Meaning::Trades, "trades", trades);
    let judged = untold(raw);
    assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::PartialLastBar, 1)]);
    assert!(the(&judged, FindingKind::PartialLastBar).summary.contains("trades 19, about 100"));
}

#[test]
fn the_newest_day_is_held_against_the_day_before() {
    // 24 and 23 bars; 24 and 24; 12 and 12 of a file that began at noon.
    for (raw, short) in [
        (hourly(47), true),
        (hourly(48), false),
        (without(hourly(36), &(0..12).collect::<Vec<_>>()), false),
    ] {
        assert_eq!(has(&untold(raw), FindingKind::LastDayShort), short);
    }
}
