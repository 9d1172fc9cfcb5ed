//! Time: `i64` milliseconds since the Unix epoch, UTC. Names end in `_ms`.

/// One second.
pub const SECOND_MS: i64 = 1_000;
/// One hour.
pub const HOUR_MS: i64 = 3_600 * SECOND_MS;
/// One UTC day.
pub const DAY_MS: i64 = 24 * HOUR_MS;
/// The year of annual volatilities and rates: 365 days.
pub const YEAR_MS: i64 = 365 * DAY_MS;
/// No instant: later than every other.
pub const NEVER_MS: i64 = i64::MAX;

/// Number of the UTC day that holds `time_ms`.
#[inline]
pub const fn day_of(time_ms: i64) -> i64 {
    time_ms.div_euclid(DAY_MS)
}

/// The first instant of the UTC day after the one that holds `time_ms`.
#[inline]
pub const fn next_midnight_ms(time_ms: i64) -> i64 {
    (day_of(time_ms) + 1) * DAY_MS
}

/// The first instant `origin_ms + k·interval_ms` with k ≥ 1 that is not before `from_ms`.
#[inline]
pub const fn next_on_grid_ms(origin_ms: i64, interval_ms: i64, from_ms: i64) -> i64 {
    let past_ms = from_ms - origin_ms;
    if past_ms <= interval_ms {
        return origin_ms + interval_ms;
    }
    origin_ms + (past_ms + interval_ms - 1) / interval_ms * interval_ms
}

/// `time_ms` as `2018-11-14T00:00:00Z`, with milliseconds only where they are not zero.
pub fn to_iso(time_ms: i64) -> String {
    match jiff::Timestamp::from_millisecond(time_ms) {
        Ok(instant) => instant.to_string(),
        Err(_) => format!("{time_ms} ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_and_days() {
        // origin, interval, from, next
        let rows = [
            (0, 5, 0, 5),
            (0, 5, 5, 5),
            (0, 5, 6, 10),
            (100, 5, 101, 105),
            (100, 5, 110, 110),
            (100, 5, 111, 115),
        ];
        for (origin, interval, from, next) in rows {
            assert_eq!(next_on_grid_ms(origin, interval, from), next);
        }
        assert_eq!(day_of(-1), -1);
        assert_eq!(next_midnight_ms(DAY_MS), 2 * DAY_MS);
        assert_eq!(to_iso(1_542_153_600_000), "2018-11-14T00:00:00Z");
    }
}
