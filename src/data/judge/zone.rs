//! Times that name no zone: moved to UTC as told, or judged whether they can be UTC at all.
//!
//! Naive times are read as UTC, which the report says. They are refused where they show that they
//! are not:
//!
//! - bars or payments of two hours to a day, which lie on UTC's clock by custom of every venue,
//!   all stand off it by one whole or half hour (95 % of rows, so that a few late stamps do not
//!   hide it), or by two offsets an hour apart, as a summer time makes;
//! - bars of at most an hour jump over an hour on a Sunday night in spring, and repeat one in
//!   autumn.

use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::grid::usual_step;
use super::log::{Log, Sights};
use super::stamps::{Stamps, each_run};
use super::times::Skipped;
use super::words::{DAY_MS, HOUR_MS, MINUTE_MS, counted, either, iso, length, offset};
use crate::data::finding::{Example, FindingKind};
use crate::data::options::ZoneRule;
use crate::data::raw::NO_TIME;
use crate::prices::history::Repairs;

/// Instants that a reader takes: 1970 up to 2200.
const RANGE_MS: std::ops::Range<i64> = 0..7_258_118_400_000;
/// Zones are between twelve hours behind and fourteen ahead of UTC.
const OFFSETS_MS: std::ops::RangeInclusive<i64> = -12 * HOUR_MS..=14 * HOUR_MS;
/// Share of rows, in percent, that must share an offset.
const SHARE_PERCENT: u64 = 95;

/// Moves naive times to UTC as `zone` says.
pub(super) fn apply(
    stamps: &mut Stamps,
    zone: Option<&ZoneRule>,
    log: &mut Log<'_>,
    repairs: &mut Repairs,
) -> Skipped {
    let mut skipped = Skipped::default();
    let naive =
        |stamps: &Stamps, at: usize| stamps.written[at].is_naive() && stamps.time[at] != NO_TIME;
    let n_naive = (0..stamps.len()).filter(|&at| naive(stamps, at)).count() as u64;
    let Some(zone) = zone else {
        if n_naive > 0 {
            let summary = format!("{} without a zone, read as UTC", counted(n_naive, "time"));
            log.note(FindingKind::Remark, Sights::of(n_naive), summary);
        }
        return skipped;
    };
    if n_naive == 0 {
        let summary =
            "every time names its zone or counts from 1970: the zone told changes nothing";
        log.note(FindingKind::Remark, Sights::default(), summary.to_owned());
        return skipped;
    }
    let name = match zone {
        ZoneRule::Offset(0) => {
            let summary = format!("{} without a zone, UTC as told", counted(n_naive, "time"));
            log.note(FindingKind::Remark, Sights::of(n_naive), summary);
            return skipped;
        }
        ZoneRule::Offset(ahead) => {
            for at in (0..stamps.len()).filter(|&at| stamps.written[at].is_naive()) {
                if stamps.time[at] != NO_TIME {
                    stamps.time[at] = moved(stamps.time[at], *ahead);
                }
            }
            offset(*ahead)
        }
        ZoneRule::Named(name) => {
            let Ok(zone) = TimeZone::get(name) else {
                let summary = format!("no time zone {name:?} in the IANA database");
                let remedy = "--time-zone with a name such as America/New_York";
                log.fatal(FindingKind::NaiveLocalTime, Sights::of(n_naive), summary, remedy);
                return skipped;
            };
            let ranges: Vec<_> = stamps.by_member().map(|(_, range)| range).collect();
            for range in ranges {
                to_utc(stamps, range, &zone, name, &mut skipped);
            }
            name.clone()
        }
    };
    repairs.times_shifted += n_naive;
    let summary = format!("{} without a zone, moved to UTC from {name}", counted(n_naive, "time"));
    log.mended(FindingKind::NaiveLocalTime, Sights::of(n_naive), summary);
    skipped
}

fn moved(time: i64, ahead: i64) -> i64 {
    time.checked_sub(ahead).filter(|time| RANGE_MS.contains(time)).unwrap_or(NO_TIME)
}

/// Moves the naive times of one member. A time that the clock shows twice in autumn is the first
/// such instant that goes on in the direction of the file, which is its order in the file: the
/// earlier one unless the row before is there already.
fn to_utc(
    stamps: &mut Stamps,
    range: std::ops::Range<usize>,
    zone: &TimeZone,
    name: &str,
    skipped: &mut Skipped,
) {
    let newest_first = {
        let readable = stamps.time[range.clone()].iter().filter(|time| **time != NO_TIME);
        let steps = readable.clone().zip(readable.skip(1));
        let sum: i64 = steps.map(|(a, b)| (b - a).signum()).sum();
        sum < 0
    };
    let mut before: Option<i64> = None;
    for at in range {
        let local = stamps.time[at];
        if local == NO_TIME {
            continue;
        }
        if stamps.written[at].is_naive() {
            let utc = match zone.to_ambiguous_timestamp(civil(local)).offset() {
                AmbiguousOffset::Unambiguous { offset } => moved(local, ms(offset)),
                AmbiguousOffset::Fold { before: first, after: second } => {
                    let (early, late) = (moved(local, ms(first)), moved(local, ms(second)));
                    match before {
                        Some(before) if newest_first && late >= before => early,
                        _ if newest_first => late,
                        Some(before) if early <= before => late,
                        _ => early,
                    }
                }
                AmbiguousOffset::Gap { .. } => {
                    skipped.count += 1;
                    if skipped.examples.len() < crate::data::finding::Finding::SHOWN {
                        let text = format!("{} does not exist in {name}", civil(local));
                        skipped.examples.insert(stamps.row[at], text);
                    }
                    NO_TIME
                }
            };
            stamps.time[at] = utc;
        }
        if stamps.time[at] != NO_TIME {
            before = Some(stamps.time[at]);
        }
    }
}

fn ms(offset: jiff::tz::Offset) -> i64 {
    i64::from(offset.seconds()) * 1_000
}

fn civil(ms: i64) -> DateTime {
    // Readable times lie between 1970 and 2200.
    let instant = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeZone::UTC.to_datetime(instant)
}

/// What naive times show of a zone other than UTC.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Local {
    /// All stand off the clock of UTC by this, for these possible offsets.
    Offset { off: i64, offsets: Vec<i64> },
    /// Summer time by two offsets an hour apart.
    TwoOffsets { off: [i64; 2] },
    /// Summer time: an hour skipped here and one repeated there.
    Summer { skipped: Vec<i64>, repeated: Vec<i64> },
}

/// Looks for local time in sorted times without zone.
pub(super) fn detect(times: &[i64]) -> Option<Local> {
    let interval = usual_step(times).filter(|&step| step > 0)?;
    if interval <= HOUR_MS && HOUR_MS % interval == 0 {
        summer(times, interval)
    } else if interval >= 2 * HOUR_MS && DAY_MS % interval == 0 {
        constant(times, interval)
    } else {
        None
    }
}

fn constant(times: &[i64], interval: i64) -> Option<Local> {
    let n_rows = times.len() as u64;
    let mut top: [(i64, u64); 2] = [(0, 0); 2];
    // Whole minutes, for clocks that jitter.
    let minute = |time: &i64| (time + MINUTE_MS / 2) / MINUTE_MS * MINUTE_MS;
    let offs = times.iter().map(|time| minute(time).rem_euclid(interval)).collect();
    each_run(offs, |off, count| {
        if count > top[0].1 {
            top = [(off, count), top[0]];
        } else if count > top[1].1 {
            top[1] = (off, count);
        }
    });
    let [(off, most), (other, second)] = top;
    let half_hours = off % (30 * MINUTE_MS) == 0;
    if half_hours && off != 0 && most * 100 >= n_rows * SHARE_PERCENT {
        let mut offsets: Vec<i64> = (-12 * HOUR_MS..=14 * HOUR_MS)
            .step_by(30 * MINUTE_MS as usize)
            .filter(|ahead| (ahead - off) % interval == 0 && OFFSETS_MS.contains(ahead))
            .collect();
        offsets.sort_by_key(|ahead| ahead.abs());
        return Some(Local::Offset { off, offsets });
    }
    let apart = (off - other).abs();
    let hour_apart = apart == HOUR_MS || apart == interval - HOUR_MS;
    let both = (most + second) * 100 >= n_rows * SHARE_PERCENT && second * 10 >= n_rows;
    (half_hours && hour_apart && both).then_some(Local::TwoOffsets { off: [off, other] })
}

fn summer(times: &[i64], interval: i64) -> Option<Local> {
    let skipped: Vec<i64> = times
        .windows(2)
        .filter(|w| w[1] - w[0] == interval + HOUR_MS && is_night(w[0] + interval))
        .map(|w| w[0] + interval)
        .collect();
    let doubled: Vec<i64> = times
        .windows(2)
        .filter(|w| w[1] == w[0] && is_night(w[0]))
        .map(|w| w[0] - w[0].rem_euclid(HOUR_MS))
        .collect();
    let per_hour = (HOUR_MS / interval) as usize;
    let repeated: Vec<i64> = doubled
        .chunk_by(|a, b| a == b)
        .filter(|hour| hour.len() == per_hour)
        .map(|hour| hour[0])
        .collect();
    let season = |ms: i64| matches!(civil(ms).month(), 2..=4);
    let apart = skipped.iter().any(|&s| repeated.iter().any(|&r| season(s) != season(r)));
    apart.then_some(Local::Summer { skipped, repeated })
}

/// Whether clocks may change then: before five on a Sunday morning.
fn is_night(ms: i64) -> bool {
    let at = civil(ms);
    at.weekday() == Weekday::Sunday && at.hour() < 5
}

/// Names what was found.
pub(super) fn tell(local: &Local, n_rows: u64, log: &mut Log<'_>) {
    let mut sights = Sights::of(n_rows);
    let (summary, remedy) = match local {
        Local::Offset { off, offsets } => {
            let named: Vec<String> = offsets.iter().take(3).map(|&ms| offset(ms)).collect();
            let summary = format!(
                "times without a zone all stand {} off the clock of UTC: the zone may be {}",
                length(*off),
                either(&named)
            );
            let first = named.first().map_or_else(String::new, |name| format!(" {name}"));
            (summary, format!("--utc-offset{first}, --utc-offset +00:00 if they are UTC"))
        }
        Local::TwoOffsets { off: [a, b] } => {
            let summary = format!(
                "times without a zone stand {} or {} off the clock of UTC, as with a summer time",
                length(*a),
                length(*b)
            );
            (summary, "--time-zone NAME, --utc-offset +00:00 if they are UTC".to_owned())
        }
        Local::Summer { skipped, repeated } => {
            sights.count = (skipped.len() + repeated.len()) as u64;
            let shown = |text: &str, &ms: &i64| Example {
                place: None,
                time: Some(ms),
                text: format!("the hour from {} {text}", iso(ms)),
            };
            let examples = skipped.iter().map(|ms| shown("is missing", ms));
            let all = examples.chain(repeated.iter().map(|ms| shown("is there twice", ms)));
            sights.examples = all.take(crate::data::finding::Finding::SHOWN).collect();
            let summary = format!(
                "times without a zone skip an hour on {} and repeat one on {}, as a summer time does",
                counted(skipped.len() as u64, "Sunday"),
                counted(repeated.len() as u64, "Sunday")
            );
            (summary, "--time-zone NAME, --utc-offset +00:00 if they are UTC".to_owned())
        }
    };
    log.fault(FindingKind::NaiveLocalTime, sights, summary, &remedy);
}
