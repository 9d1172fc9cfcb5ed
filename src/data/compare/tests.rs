use super::*;

const HOUR_MS: i64 = 3_600_000;
/// 2018-11-25T00:00:00Z.
const START_MS: i64 = 1_543_104_000_000;

/// Hourly bars at `START_MS + hour` with these closes; open, high and low follow from the close.
fn hourly(rows: &[(i64, f64)]) -> Bars {
    Bars {
        interval_ms: HOUR_MS,
        open_time: rows.iter().map(|row| START_MS + row.0 * HOUR_MS).collect(),
        open: rows.iter().map(|row| row.1 - 1.0).collect(),
        high: rows.iter().map(|row| row.1 + 2.0).collect(),
        low: rows.iter().map(|row| row.1 - 2.0).collect(),
        close: rows.iter().map(|row| row.1).collect(),
        volume: Some(rows.iter().map(|_| 1.0).collect()),
        close_only: false,
        metadata: Default::default(),
    }
}

fn wave(hours: i64, shift: i64) -> Bars {
    // A walk that repeats after no less than 97 hours, so that no other shift fits.
    let close = |hour: i64| 100.0 + ((hour + shift) * (hour + shift) % 97) as f64 / 10.0;
    hourly(&(0..hours).map(|hour| (hour, close(hour))).collect::<Vec<_>>())
}

#[test]
fn equal_histories_are_equal_bar_for_bar() {
    let a = hourly(&[(0, 100.0), (1, 101.0), (2, 102.0)]);
    let found = compare(&a, &a).unwrap();
    assert_eq!((found.common_bars, found.equal_bits, found.equal_closely), (3, 3, 3));
    assert_eq!((found.differing, found.only_in_a, found.only_in_b), (0, 0, 0));
    assert_eq!(found.verdict(), "equal bar for bar (3 bars)");
    // Too few bars for a shift.
    assert_eq!(found.lag, None);
}

#[test]
fn what_differs_is_counted_and_shown() {
    let a = hourly(&[(0, 100.0), (1, 101.0), (3, 103.0), (4, 104.0), (5, 105.0)]);
    let mut b = hourly(&[(1, 101.0), (2, 102.0), (3, 103.0), (4, 104.0)]);
    b.close[2] = 103.0 * (1.0 + 1e-12); // Equal within 1e-9, not to the last bit.
    b.close[3] = 130.0; // 26 of 130: 0.2.
    b.high[3] = 132.0;
    let found = compare(&a, &b).unwrap();
    // Hours 1, 3 and 4; hour 2 is only in b, hours 0 and 5 lie outside what both cover.
    assert_eq!((found.common_bars, found.equal_bits, found.equal_closely), (3, 1, 2));
    assert_eq!((found.only_in_a, found.only_in_b, found.differing), (0, 1, 1));
    assert_eq!(found.common_span, Some((START_MS + HOUR_MS, START_MS + 4 * HOUR_MS)));
    let time = START_MS + 4 * HOUR_MS;
    assert_eq!(found.examples, [Difference { time, column: "high", a: 106.0, b: 132.0 }]);
    let close = found.columns.iter().find(|column| column.name == "close").unwrap();
    assert_eq!((close.differing, close.greatest), (1, 0.2));
    let basis = found.basis.unwrap();
    // Closes 0, about 0, and 104 / 130 − 1 = −0.2 apart.
    assert!((basis.max_bps + 2000.0).abs() < 1e-6 && basis.max_time == time, "{basis:?}");
    assert!((basis.mean_bps + 2000.0 / 3.0).abs() < 1e-6, "{basis:?}");
}

#[test]
fn one_source_under_two_names() {
    let a = wave(200, 0);
    let mut b = a.clone();
    b.close[7] += 0.5;
    let found = compare(&a, &b).unwrap();
    assert_eq!(found.verdict(), "closes equal in 199 of 200: the same source under two names");
    b.close[7] -= 0.5;
    b.volume = Some(vec![2.0; 200]);
    let found = compare(&a, &b).unwrap();
    assert_eq!(found.verdict(), "prices equal in all 200 bars, volumes differ in 200");
    for close in &mut b.close {
        *close *= 1.0002; // 2 bps, of which (1 − 1 / 1.0002) · 1e4 = 1.9996 are seen from b.
    }
    assert_eq!(compare(&a, &b).unwrap().verdict(), "same market within 2.0 bps on average");
}

#[test]
fn a_shifted_zone_is_found() {
    // b at hour h has what a has at hour h − 3.
    let found = compare(&wave(300, 3), &wave(300, 0)).unwrap();
    let lag = found.lag.unwrap();
    assert_eq!(lag.bars, 3);
    assert!(lag.correlation > 0.999 && lag.unshifted.unwrap() < 0.5, "{lag:?}");
    assert!(found.verdict().contains("3h later"), "{}", found.verdict());
    assert_eq!(compare(&wave(300, 0), &wave(300, 3)).unwrap().lag.unwrap().bars, -3);
    assert_eq!(compare(&wave(300, 0), &wave(300, 0)).unwrap().lag.unwrap().bars, 0);
}

#[test]
fn hours_make_up_days() {
    // Two whole days and 20 hours of a third.
    let fine = hourly(&(0..68).map(|hour| (hour, 100.0 + hour as f64)).collect::<Vec<_>>());
    let day = |day: i64, volume: f64, close: f64| {
        let first = 100.0 + 24.0 * day as f64;
        (START_MS + day * 24 * HOUR_MS, first - 1.0, close + 2.0, first - 2.0, close, volume)
    };
    // Day 1 was collected an hour early; of day 2 the finer history has 20 hours.
    let days = [day(0, 24.0, 123.0), day(1, 23.0, 146.0), day(2, 20.0, 167.0)];
    let coarse = Bars {
        interval_ms: 24 * HOUR_MS,
        open_time: days.iter().map(|day| day.0).collect(),
        open: days.iter().map(|day| day.1).collect(),
        high: days.iter().map(|day| day.2).collect(),
        low: days.iter().map(|day| day.3).collect(),
        close: days.iter().map(|day| day.4).collect(),
        volume: Some(days.iter().map(|day| day.5).collect()),
        close_only: false,
        metadata: Default::default(),
    };
    for (a, b, side) in [(&coarse, &fine, Side::B), (&fine, &coarse, Side::A)] {
        let found = compare(a, b).unwrap();
        assert_eq!((found.summed_up, found.interval_ms), (Some(side), 24 * HOUR_MS));
        assert_eq!((found.common_bars, found.equal_bits, found.differing), (2, 1, 1));
        assert_eq!(found.examples[0].column, "high");
        let part = Incomplete { time: days[2].0, have: 20, of: 24, volume_ratio: Some(1.0) };
        assert!(
            part.is_cut_short() && !Incomplete { volume_ratio: Some(1.1), ..part }.is_cut_short()
        );
        assert_eq!((found.n_incomplete, found.incomplete.as_slice()), (1, &[part][..]));
    }
    let odd = Bars { interval_ms: 7 * HOUR_MS, ..coarse.clone() };
    let error = compare(&coarse, &odd).unwrap_err();
    assert!(error.to_string().contains("one grid"), "{error}");
}

#[test]
fn nothing_in_common_is_said() {
    let found = compare(&hourly(&[(0, 1.0)]), &hourly(&[(9, 1.0)])).unwrap();
    assert_eq!((found.common_bars, found.verdict().as_str()), (0, "no bar in common"));
    let none = compare(&hourly(&[]), &hourly(&[])).unwrap();
    assert_eq!((none.common_bars, none.only_in_a, none.basis), (0, 0, None));
}
