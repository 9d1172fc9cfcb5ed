use super::*;

/// 2018-11-25T10:00:00Z, by `date -ud 2018-11-25T10:00 +%s` times 1000.
const TEN: i64 = 1_543_140_000_000;
const HOUR: i64 = 3_600_000;

#[test]
fn times_are_read_in_every_form() {
    let midnight = TEN - 10 * HOUR;
    let table = [
        ("1543140000", TEN, Written::Seconds, false),
        ("1543140000000", TEN, Written::Millis, false),
        ("1543140000000000", TEN, Written::Micros, false),
        ("1543140000000001", TEN, Written::Micros, true),
        ("1543140000000000000", TEN, Written::Nanos, false),
        ("1543140000085937768", TEN + 85, Written::Nanos, true),
        ("1543140000.0", TEN, Written::SecondsWithPoint, false),
        ("1543140000.5", TEN + 500, Written::SecondsWithPoint, false),
        ("1543140000.0625001", TEN + 62, Written::SecondsWithPoint, true),
        ("1543140000000.0", TEN, Written::Millis, false),
        ("1543140000000.5", TEN, Written::Millis, true),
        ("2018-11-25", midnight, Written::Date, false),
        ("2018/11/25", midnight, Written::Date, false),
        ("2018-11-25 10:00", TEN, Written::IsoNaive, false),
        ("2018-11-25T10:00:00.125", TEN + 125, Written::IsoNaive, false),
        ("2018-11-25 10:00:00.0000005", TEN, Written::IsoNaive, true),
        ("2018-11-25T10:00:00Z", TEN, Written::IsoZoned, false),
        ("2018-11-25 10:00:00+00:00", TEN, Written::IsoZoned, false),
        ("2018-11-25 10:00:00 UTC", TEN, Written::IsoZoned, false),
        ("2018-11-25T05:00:00.5-05:00", TEN + 500, Written::IsoZoned, false),
        ("2018-11-25T15:30+0530", TEN, Written::IsoZoned, false),
        ("2018-11-25T05:00-05", TEN, Written::IsoZoned, false),
        ("2018-11-25 10-AM", TEN, Written::TwelveHour, false),
        ("2018-11-25 12-AM", midnight, Written::TwelveHour, false),
        ("2018-11-25 12-PM", midnight + 12 * HOUR, Written::TwelveHour, false),
        ("2018-11-25 11-PM", midnight + 23 * HOUR, Written::TwelveHour, false),
        ("20181125", midnight, Written::Compact, false),
        ("20181125 10:00", TEN, Written::Compact, false),
        ("2018112510", TEN, Written::Compact, false),
        ("201811251000", TEN, Written::Compact, false),
        ("20181125100030", TEN + 30_000, Written::Compact, false),
        ("1543140000", TEN, Written::Seconds, false),
        ("20181125 10:00:30", TEN + 30_000, Written::Compact, false),
        ("1970-01-01", 0, Written::Date, false),
        ("2000-02-29", 951_782_400_000, Written::Date, false),
        ("2199-12-31 23:59:59.999", 7_258_118_399_999, Written::IsoNaive, false),
    ];
    for (text, ms, written, finer) in table {
        let stamp = Stamp::read(text.as_bytes(), TimeUnit::Auto);
        assert_eq!(stamp, Stamp { ms, written, finer }, "{text}");
    }
}

#[test]
fn what_is_no_time_or_may_be_two_is_refused() {
    let table = [
        "",
        "-1543140000",
        "12",
        "154314000012345678901",
        "2200-01-01",
        "1969-12-31",
        "2018-13-25",
        "2018-02-29",
        "2018-11-25 24:00",
        "2018-11-25 10:60",
        "2018-11-25 10",
        "2018-11-25 10:00:60",
        "2018-11-25 10:00 CET",
        "2018-11-25T10:00[Europe/Paris]",
        "2018-11-25 13-AM",
        "2018-11-25 00-AM",
        "2018-W47-7",
        "11/25/2018",
        "25.11.2018",
        "20181325",
        "20181125 1000",
        "1.5e9",
        "2018-11-25x",
        "time",
        "2018-11/25",
        "99999999999999999999999",
        "2018-11-2é",
        "2018-11-25T10:00:0é",
    ];
    for text in table {
        let stamp = Stamp::read(text.as_bytes(), TimeUnit::Auto);
        assert_eq!(stamp, Stamp::UNREADABLE, "{text}");
    }
}

#[test]
fn a_unit_that_is_told_decides() {
    let table = [
        ("86400", TimeUnit::Seconds, 86_400_000, Written::Seconds),
        ("86400", TimeUnit::Millis, 86_400, Written::Millis),
        ("20181125", TimeUnit::Seconds, 20_181_125_000, Written::Seconds),
        ("86400000000", TimeUnit::Micros, 86_400_000, Written::Micros),
    ];
    for (text, unit, ms, written) in table {
        assert_eq!(Stamp::read(text.as_bytes(), unit), Stamp { ms, written, finer: false });
    }
}

#[test]
fn milliseconds_of_a_day_lie_within_it() {
    assert_eq!(Stamp::of_day(b"60000", TEN).ms, TEN + 60_000);
    assert_eq!(Stamp::of_day(b"86400000", TEN), Stamp::UNREADABLE);
    assert_eq!(Stamp::of_day(b"-1", TEN), Stamp::UNREADABLE);
}

#[test]
fn dates_that_begin_with_day_or_month_are_ambiguous() {
    for text in ["11/25/2018", "25.11.2018", "1/2/18", "25-11-2018 10:00"] {
        assert!(is_ambiguous(text.as_bytes()), "{text}");
    }
    for text in ["2018-11-25", "10.5", "1543140000.0", "", "a/b/c", "11/25.2018"] {
        assert!(!is_ambiguous(text.as_bytes()), "{text}");
    }
}
