//! Times, zones, spans, order and duplicates.

use super::*;
use crate::data::options::{Keep, ZoneRule};
use crate::data::raw::NO_TIME;

#[test]
fn rows_of_unreadable_time_are_named_and_leave_no_gap_behind() {
    let mut raw = hourly(30);
    raw.time[4] = NO_TIME;
    raw.time[9] = NO_TIME;
    raw.written[4] = Written::Unreadable;
    raw.unread.odd[5] = 1;
    raw.unread.examples = vec![cell(4, "open", "x"), cell(4, "date", "soon")];
    let judged = untold(raw.clone());
    assert_blocks(&judged, FindingKind::UnreadableTime, 2, "--drop-bad");
    let examples = &the(&judged, FindingKind::UnreadableTime).examples;
    assert_eq!(examples[0].text, "date = \"soon\"");
    assert_eq!(examples[0].place.as_ref().unwrap().to_string(), "a.csv, row 6");
    assert_eq!(examples[1].place.as_ref().unwrap().line, 11);

    // Dropped, they do leave gaps.
    let drop = RepairOptions { drop_bad: true, ..RepairOptions::default() };
    let judged = told(raw.clone(), &drop);
    assert_eq!(of(&judged, Severity::Repaired), [(FindingKind::UnreadableTime, 2)]);
    assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::Gap, 2)]);
    let fill = RepairOptions { fill_gaps_up_to_ms: Some(HOUR), ..drop };
    let judged = told(raw, &fill);
    assert_eq!(bars(&judged).repairs().rows_dropped, 2);
    assert_eq!(bars(&judged).open_time.len(), 30);
}

#[test]
fn rows_of_another_length_are_told_apart_from_unreadable_times() {
    let mut raw = hourly(30);
    raw.time[3] = NO_TIME;
    raw.time[8] = NO_TIME;
    raw.unread.ragged = 1;
    raw.unread.examples = vec![cell(3, "whole row", "1;2")];
    let judged = untold(raw);
    assert_eq!(
        of(&judged, Severity::Blocks),
        [(FindingKind::UnreadableCell, 1), (FindingKind::UnreadableTime, 1)]
    );
    let times = the(&judged, FindingKind::UnreadableTime);
    assert_eq!(times.examples.len(), 1);
    assert_eq!(times.examples[0].place.as_ref().unwrap().line, 10);
}

#[test]
fn one_file_with_two_units_blocks_two_files_do_not() {
    let mut raw = hourly(30);
    raw.written[..10].fill(Written::SecondsWithPoint);
    let judged = untold(raw.clone());
    let accept = "--mixed-times, or --accept mixed_time_units";
    assert_blocks(&judged, FindingKind::MixedTimeUnits, 10, accept);
    let finding = the(&judged, FindingKind::MixedTimeUnits);
    assert!(
        finding.summary.contains("milliseconds in 20, seconds with a decimal point in 10"),
        "{}",
        finding.summary
    );
    assert_eq!(finding.examples.len(), 1, "one run of other units");

    let mixed = RepairOptions { mixed_times: true, ..RepairOptions::default() };
    let judged = told(raw.clone(), &mixed);
    assert_repaired(&judged, FindingKind::MixedTimeUnits, 10);
    assert_eq!(bars(&judged).repairs().times_mixed, 10);
    let judged = told(raw.clone(), &accepting(FindingKind::MixedTimeUnits));
    assert_eq!(bars(&judged).metadata["drypowder.accepted"], "mixed_time_units");

    raw.rows.members.push((10, "b.csv".into()));
    let judged = untold(raw);
    assert_eq!(of(&judged, Severity::Blocks), []);
    let remark = the(&judged, FindingKind::Remark);
    assert!(remark.summary.contains("seconds in 1 file, milliseconds in 1 file"), "{remark:?}");
}

#[test]
fn two_forms_of_dates_block_seconds_with_and_without_point_do_not() {
    let table = [
        (Written::Date, Written::TwelveHour, Some(FindingKind::MixedDateFormats)),
        (Written::IsoZoned, Written::IsoNaive, Some(FindingKind::MixedDateFormats)),
        (Written::Millis, Written::IsoZoned, Some(FindingKind::MixedDateFormats)),
        (Written::Micros, Written::Millis, Some(FindingKind::MixedTimeUnits)),
        (Written::Seconds, Written::SecondsWithPoint, None),
        (Written::Date, Written::Date, None),
    ];
    for (most, few, expected) in table {
        let mut raw = hourly(30);
        raw.written.fill(most);
        raw.written[20] = few;
        let blocked = of(&untold(raw), Severity::Blocks);
        let expected: Vec<_> = expected.into_iter().map(|kind| (kind, 1)).collect();
        assert_eq!(blocked, expected, "{most:?} {few:?}");
    }
}

#[test]
fn naive_payments_off_the_clock_of_utc_block() {
    // 2020-01-01 03:00, 11:00, 19:00 and so on: UTC+3, UTC-5 or UTC+11.
    let times = |off: i64| (0..60).map(|n| START + n * 8 * HOUR + off).collect::<Vec<_>>();
    let judged = untold(payments(times(3 * HOUR), Written::IsoNaive));
    let remedy = "--utc-offset +03:00, --utc-offset +00:00 if they are UTC, or --accept \
                  naive_local_time";
    assert_blocks(&judged, FindingKind::NaiveLocalTime, 60, remedy);
    let finding = the(&judged, FindingKind::NaiveLocalTime);
    assert!(finding.summary.ends_with("+03:00, -05:00 or +11:00"), "{}", finding.summary);

    let zone =
        |ahead| RepairOptions { zone: Some(ZoneRule::Offset(ahead)), ..RepairOptions::default() };
    let judged = told(payments(times(3 * HOUR), Written::IsoNaive), &zone(3 * HOUR));
    assert_repaired(&judged, FindingKind::NaiveLocalTime, 60);
    assert_eq!(series(&judged).time, times(0));
    assert_eq!(series(&judged).repairs().times_shifted, 60);
    // Stated to be UTC: nothing moves, nothing blocks.
    let judged = told(payments(times(3 * HOUR), Written::IsoNaive), &zone(0));
    assert_eq!(series(&judged).time, times(3 * HOUR));

    // The same instants written with a zone or as numbers are no assumption.
    for written in [Written::IsoZoned, Written::Millis] {
        assert_eq!(of(&untold(payments(times(3 * HOUR), written)), Severity::Blocks), []);
        let judged = told(payments(times(3 * HOUR), written), &zone(3 * HOUR));
        assert_eq!(series(&judged).time, times(3 * HOUR), "only naive times move");
    }
    // Payments some ms late are off the clock of UTC all the same.
    let late = times(3 * HOUR).iter().map(|time| time + time % 7).collect();
    assert!(has(&untold(payments(late, Written::IsoNaive)), FindingKind::NaiveLocalTime));
    // On the clock of UTC, and off it by no half hour.
    for off in [0, 8 * HOUR, 7 * 60_000] {
        assert_eq!(of(&untold(payments(times(off), Written::IsoNaive)), Severity::Blocks), []);
    }
}

#[test]
fn naive_days_that_begin_elsewhere_block() {
    let mut raw = hourly(20);
    for (row, time) in raw.time.iter_mut().enumerate() {
        *time = START + row as i64 * DAY - 9 * HOUR;
    }
    raw.written.fill(Written::IsoNaive);
    let judged = untold(raw);
    // Midnight of UTC is 15:00 in UTC-9; 15 hours ahead of UTC is no zone.
    let finding = the(&judged, FindingKind::NaiveLocalTime);
    assert!(finding.summary.ends_with("stand 15h off the clock of UTC: the zone may be -09:00"));
}

/// Quarter hours of New York's clock from 2021-03-14T00:00Z for so many hours of UTC.
fn new_york(hours: i64) -> (Vec<i64>, Vec<i64>) {
    const SPRING: i64 = 1_615_680_000_000;
    let utc: Vec<i64> = (0..hours * 4).map(|n| SPRING + n * HOUR / 4).collect();
    // Summer time from 2021-03-14T07:00Z to 2021-11-07T06:00Z.
    let behind = |&utc: &i64| {
        let summer = (SPRING + 7 * HOUR..1_636_264_800_000).contains(&utc);
        utc - if summer { 4 * HOUR } else { 5 * HOUR }
    };
    (utc.iter().map(behind).collect(), utc)
}

fn at_times(times: &[i64]) -> RawSeries {
    let mut raw = hourly(times.len());
    raw.time = times.to_vec();
    raw.written.fill(Written::IsoNaive);
    raw
}

#[test]
fn a_summer_time_shows_by_a_skipped_and_a_repeated_hour() {
    let (local, utc) = new_york(240 * 24);
    let judged = untold(at_times(&local));
    // One Sunday of each; neither disorder, gap nor duplicates are told beside it.
    let remedy = "--time-zone NAME, --utc-offset +00:00 if they are UTC, or --accept \
                  naive_local_time";
    assert_blocks(&judged, FindingKind::NaiveLocalTime, 2, remedy);

    let zone = Some(ZoneRule::Named("America/New_York".into()));
    let repair = RepairOptions { zone, ..RepairOptions::default() };
    let judged = told(at_times(&local), &repair);
    assert_repaired(&judged, FindingKind::NaiveLocalTime, utc.len() as u64);
    assert_eq!(bars(&judged).open_time, utc);

    // Newest first, the later of the two hours comes first.
    let backwards: Vec<i64> = local.iter().rev().copied().collect();
    let judged = told(at_times(&backwards), &RepairOptions { sort: true, ..repair });
    assert_eq!(bars(&judged).open_time, utc);
    assert!(!has(&judged, FindingKind::ConflictingDuplicate));
}

#[test]
fn accepted_local_time_leaves_its_duplicates_to_be_settled() {
    let (local, _) = new_york(240 * 24);
    let judged = told(at_times(&local), &accepting(FindingKind::NaiveLocalTime));
    // The hour from 01:00 twice: four quarters; one step back; one hour missing in spring.
    let blocked = of(&judged, Severity::Blocks);
    assert!(blocked.contains(&(FindingKind::Disorder, 1)), "{blocked:?}");
    assert!(blocked.contains(&(FindingKind::Gap, 1)), "{blocked:?}");
    let twice = blocked.iter().filter(|(kind, _)| {
        matches!(kind, FindingKind::Duplicate | FindingKind::ConflictingDuplicate)
    });
    assert_eq!(twice.map(|(_, count)| count).sum::<u64>(), 4);
}

#[test]
fn two_offsets_an_hour_apart_show_a_summer_time() {
    // Payments every 8 h of UTC, in New York's winter and summer: 19:00 and 20:00 and so on.
    let payments_at = |n: i64| {
        let utc = START + n * 8 * HOUR;
        utc - if n < 200 { 5 * HOUR } else { 4 * HOUR }
    };
    let times: Vec<i64> = (0..400).map(payments_at).collect();
    let judged = untold(payments(times, Written::IsoNaive));
    let blocked = of(&judged, Severity::Blocks);
    assert_eq!(blocked, [(FindingKind::NaiveLocalTime, 400)]);
    assert!(the(&judged, FindingKind::NaiveLocalTime).remedy.contains("--time-zone"));
}

#[test]
fn a_time_that_the_clock_skipped_is_unreadable() {
    // 2021-03-14 02:00 and 02:30 do not exist in New York; half-hourly bars from 00:00.
    let times: Vec<i64> = (0..48).map(|n| 1_615_680_000_000 + n * HOUR / 2).collect();
    let zone = Some(ZoneRule::Named("America/New_York".into()));
    let judged = told(at_times(&times), &RepairOptions { zone, ..RepairOptions::default() });
    let finding = the(&judged, FindingKind::UnreadableTime);
    assert_eq!((finding.count, finding.severity), (2, Severity::Blocks));
    assert_eq!(finding.examples[0].text, "2021-03-14T02:00:00 does not exist in America/New_York");
}

#[test]
fn an_unknown_zone_blocks() {
    let zone = Some(ZoneRule::Named("Mars/Olympus".into()));
    let judged =
        told(at_times(&[START, START + HOUR]), &RepairOptions { zone, ..RepairOptions::default() });
    let finding = the(&judged, FindingKind::NaiveLocalTime);
    assert_eq!(finding.severity, Severity::Blocks);
    assert!(finding.summary.contains("Mars/Olympus"));
}

#[test]
fn an_offset_beyond_all_times_makes_them_unreadable() {
    for ahead in [i64::MIN, i64::MAX, -300 * 366 * DAY] {
        let zone = Some(ZoneRule::Offset(ahead));
        let judged = told(
            at_times(&[START, START + HOUR]),
            &RepairOptions { zone, ..RepairOptions::default() },
        );
        assert_eq!(the(&judged, FindingKind::UnreadableTime).count, 2);
    }
}

#[test]
fn a_span_cuts_and_what_lies_outside_is_not_judged() {
    let mut raw = hourly(48);
    set(&mut raw, 2, Meaning::Low, -1.0);
    set(&mut raw, 47, Meaning::Volume, 0.1);
    raw.written[..5].fill(Written::Seconds);
    let read = ReadOptions {
        from_ms: Some(START + 10 * HOUR),
        to_ms: Some(START + 40 * HOUR),
        ..ReadOptions::default()
    };
    let judged = judge(Raw::Series(raw.clone()), &read, &RepairOptions::default());
    assert_eq!(judged.findings, []);
    assert_eq!(hours(&bars(&judged).open_time), (10..40).collect::<Vec<_>>());
    assert_eq!((judged.facts.rows_read, judged.facts.rows_in_span), (48, 30));

    let read = ReadOptions { from_ms: Some(START + 48 * HOUR), ..ReadOptions::default() };
    let judged = judge(Raw::Series(raw), &read, &RepairOptions::default());
    assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::Remark, 0)]);
    assert_eq!(judged.findings[0].summary, "no rows from 2020-01-03T00:00:00Z");
}

#[test]
fn no_rows_block() {
    let judged = untold(hourly(0));
    assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::Remark, 0)]);
}

#[test]
fn disorder_is_counted_as_a_reader_sees_it() {
    let forth: Vec<usize> = (0..30).collect();
    let back: Vec<usize> = (0..30).rev().collect();
    let mut one_late = forth.clone();
    one_late.swap(10, 11);
    let mut back_but_two = back.clone();
    back_but_two.swap(3, 4);
    back_but_two.swap(20, 21);
    let table: [(&[usize], u64, &str); 3] = [
        (&one_late, 1, "1 row is older than the row before"),
        (&back, 29, "newest first"),
        // Each swap makes one step forth: 27 of the 29 steps go back.
        (&back_but_two, 27, "newest first, with 2 rows out of order"),
    ];
    for (order, count, summary) in table {
        let mut raw = hourly(30);
        pick(&mut raw, order);
        let judged = untold(raw.clone());
        assert_blocks(&judged, FindingKind::Disorder, count, "--sort");
        assert_eq!(the(&judged, FindingKind::Disorder).summary, summary);

        let judged = told(raw, &RepairOptions { sort: true, ..RepairOptions::default() });
        assert_repaired(&judged, FindingKind::Disorder, count);
        assert_eq!(bars(&judged).repairs().rows_sorted, count);
        assert_eq!(bars(&judged).close, bars(&untold(hourly(30))).close);
    }
}

#[test]
fn disorder_cannot_be_accepted() {
    let mut raw = hourly(3);
    pick(&mut raw, &[0, 2, 1]);
    let judged = told(raw, &accepting(FindingKind::Disorder));
    let finding = the(&judged, FindingKind::Disorder);
    assert_eq!(finding.severity, Severity::Blocks);
    assert_eq!(finding.remedy, "--sort (it cannot be accepted: no history in normal form has it)");
}

#[test]
fn files_out_of_order_by_name_are_no_defect_unless_they_overlap() {
    let mut raw = hourly(30);
    let second_first: Vec<usize> = (10..30).chain(0..10).collect();
    pick(&mut raw, &second_first);
    raw.rows.members.push((20, "b.csv".into()));
    let judged = untold(raw);
    assert_eq!(of(&judged, Severity::Blocks), []);
    assert!(the(&judged, FindingKind::Remark).summary.contains("not in order of time by name"));
    assert_eq!(hours(&bars(&judged).open_time), (0..30).collect::<Vec<_>>());

    let mut raw = hourly(30);
    let overlapping: Vec<usize> = (0..20).chain([15]).chain(20..30).collect();
    pick(&mut raw, &overlapping);
    raw.rows.members.push((20, "b.csv".into()));
    let judged = untold(raw);
    assert_eq!(
        of(&judged, Severity::Blocks),
        [(FindingKind::Disorder, 1), (FindingKind::Duplicate, 1)]
    );
}

#[test]
fn rows_of_one_time_are_alike_or_conflict() {
    // Bar 5 three times: alike, and with close 100.5; bar 7 twice, other in trades only.
    let mut raw = hourly(30);
    add(&mut raw, Meaning::Trades, "trades", vec![3.0; 30]);
    let order: Vec<usize> = (0..=5).chain([5, 5, 6, 7, 7]).chain(8..30).collect();
    pick(&mut raw, &order);
    set(&mut raw, 7, Meaning::Close, 100.5);
    set(&mut raw, 10, Meaning::Trades, f64::NAN);
    let judged = untold(raw.clone());
    assert_eq!(
        of(&judged, Severity::Blocks),
        [(FindingKind::Duplicate, 2), (FindingKind::ConflictingDuplicate, 1)]
    );
    let conflict = the(&judged, FindingKind::ConflictingDuplicate);
    assert_eq!(
        conflict.examples[0].text,
        "2020-01-01T05:00:00Z: close = 100.5, in a.csv, row 7 101"
    );
    assert_eq!(conflict.remedy, "--dedupe first or --dedupe last");

    for (keep, close) in [(Keep::First, 101.0), (Keep::Last, 100.5)] {
        let repair = RepairOptions { dedupe: Some(keep), ..RepairOptions::default() };
        let judged = told(raw.clone(), &repair);
        assert_eq!(of(&judged, Severity::Blocks), []);
        let bars = bars(&judged);
        assert_eq!((bars.open_time.len(), bars.close[5]), (30, close));
        assert_eq!(bars.repairs().duplicates_dropped, 3);
    }
}

#[test]
fn a_volume_rounded_by_the_source_is_the_same_volume() {
    for (volume, kind) in [
        (10.0, FindingKind::Duplicate),
        (10.004, FindingKind::Duplicate),
        (10.4, FindingKind::Duplicate),
        (10.6, FindingKind::ConflictingDuplicate),
        (f64::NAN, FindingKind::ConflictingDuplicate),
    ] {
        let mut raw = hourly(30);
        let order: Vec<usize> = (0..=5).chain(5..30).collect();
        pick(&mut raw, &order);
        set(&mut raw, 6, Meaning::Volume, volume);
        let judged = untold(raw);
        assert!(has(&judged, kind), "{volume}");
    }
}

#[test]
fn of_a_newest_first_file_the_row_nearer_the_top_is_the_first() {
    let mut raw = hourly(30);
    let order: Vec<usize> = (5..30).rev().chain([5]).chain((0..5).rev()).collect();
    pick(&mut raw, &order);
    set(&mut raw, 25, Meaning::Close, 100.5);
    let repair =
        RepairOptions { dedupe: Some(Keep::First), sort: true, ..RepairOptions::default() };
    assert_eq!(bars(&told(raw.clone(), &repair)).close[5], 101.0);
    let repair = RepairOptions { dedupe: Some(Keep::Last), ..repair };
    assert_eq!(bars(&told(raw, &repair)).close[5], 100.5);
}

#[test]
fn times_finer_than_a_millisecond_and_remarks_are_notes() {
    let mut raw = hourly(30);
    raw.finer_than_ms = 2;
    raw.remarks = vec!["volume is in USD".into(), "not listed before 2020: 5 rows".into()];
    let judged = untold(raw);
    assert_eq!(of(&judged, Severity::Blocks), []);
    assert!(has(&judged, FindingKind::NotYetListed));
    let remarks = judged.findings.iter().filter(|finding| finding.kind == FindingKind::Remark);
    let remarks: Vec<&str> = remarks.map(|finding| finding.summary.as_str()).collect();
    assert_eq!(
        remarks,
        ["volume is in USD", "2 times finer than a millisecond were cut down to it"]
    );
}
