//! The interval of a series, and times off its grid.
//!
//! Bars lie on a grid: the interval, from the remainder that most times leave. A time off it by at
//! most a second or a hundredth of the interval is jitter of a clock and can be moved; one further
//! off is another bar, which no rule can place.
//!
//! A plain series may change its interval, as venues change that of funding from 8 h to 4 h. Its
//! grid is the smallest difference that makes up at least 5 % of all, two of them or more, and only
//! jitter counts. If such differences together make up less than 80 %, or are more than four, the series is
//! irregular: nothing is said of its grid or gaps.

use super::case::Case;
use super::log::Sights;
use super::stamps::{each_run, most_frequent};
use super::words::{DAY_MS, MINUTE_MS, SECOND_MS, counted, iso, length};
use crate::data::finding::FindingKind;
use crate::data::raw::Shape;

/// Layout of files whose own metadata states the interval.
const NORMAL_FORM: &str = "normal form";
/// Longest bar, as the loader of histories takes it.
const INTERVAL_MAX_MS: i64 = 366 * DAY_MS;

/// Settles the interval: as told, as the file's own metadata says, or as most neighbours stand
/// apart. Names what the file's name says otherwise.
pub(super) fn interval(case: &mut Case<'_>) {
    let found = usual_step(&case.stamps.time);
    // The file's own metadata says it; a file's name is only held against the rows.
    let own = case.stated_interval_ms.filter(|_| case.layout == NORMAL_FORM);
    let settled = case.read.interval_ms.or(own).or(found).or(case.stated_interval_ms);
    let both = case.stated_interval_ms.zip(found);
    if let Some((stated, found)) = both.filter(|(stated, found)| stated != found) {
        let (stated, found) = (length(stated), length(found));
        let summary = format!("the name or metadata says {stated}, the rows step by {found}");
        case.log.note(FindingKind::NameDisagrees, Sights::of(1), summary);
    }
    let sound = |ms: &i64| (1..=INTERVAL_MAX_MS).contains(ms);
    case.interval_ms = settled.filter(sound);
    if case.interval_ms.is_none() && case.has_prices() {
        let summary = match settled {
            Some(ms) => format!("an interval of {} is not between 1 ms and 366 d", length(ms)),
            None => "a single bar does not show how long it is".to_owned(),
        };
        let count = case.len() as u64;
        case.log.fatal(FindingKind::Remark, Sights::of(count), summary, "--interval, such as 1h");
    }
}

/// The most frequent difference of neighbours; rounded to seconds or minutes where that is more
/// frequent, as with clocks that jitter.
pub(super) fn usual_step(times: &[i64]) -> Option<i64> {
    let by_unit = UNITS_MS.map(|unit| most_frequent(steps(times, unit)));
    let mut best: Option<(i64, u64)> = None;
    for (step, count) in by_unit.into_iter().flatten().filter(|(step, _)| *step > 0) {
        if best.is_none_or(|(_, most)| count > most) {
            best = Some((step, count));
        }
    }
    best.map(|(step, _)| step)
}

fn steps(times: &[i64], unit: i64) -> Vec<i64> {
    times.windows(2).map(|w| (w[1] - w[0] + unit / 2) / unit * unit).collect()
}

/// Names what the file's name says of the span.
pub(super) fn name(case: &mut Case<'_>) {
    let (Some((from, to)), Some((first, last))) = (case.stated_span_ms, case.stamps.span()) else {
        return;
    };
    if case.read.from_ms.is_some() || case.read.to_ms.is_some() {
        return;
    }
    let slack = DAY_MS + case.interval_ms.unwrap_or(0);
    let apart = |a: i64, b: i64| (a - b).abs() > slack;
    if apart(from, first) || apart(to, last) {
        let outside = case.stamps.time.iter().filter(|time| !(from..to).contains(*time)).count();
        let summary = format!(
            "the name says {} to {}, the rows run from {} to {}, {} of them outside",
            iso(from),
            iso(to),
            iso(first),
            iso(last),
            outside
        );
        case.log.note(FindingKind::NameDisagrees, Sights::of(1), summary);
    }
}

/// Differences are looked at exactly, and rounded to these.
const UNITS_MS: [i64; 3] = [1, SECOND_MS, MINUTE_MS];
/// Most usual differences of a regular series.
const USUAL_MAX: usize = 4;

/// What spacing a plain series keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spacing {
    /// The usual differences, the smallest first.
    Regular(Vec<i64>),
    Irregular,
}

/// Settles the spacing of a plain series: exact or rounded as [`usual_step`], whichever leaves
/// the fewest differences.
pub(super) fn spacing(times: &[i64]) -> Spacing {
    let mut best = Spacing::Irregular;
    for unit in UNITS_MS {
        let steps = steps(times, unit);
        let n_steps = steps.len() as u64;
        let (mut usual, mut covered) = (Vec::new(), 0);
        each_run(steps, |step, count| {
            if step > 0 && count >= 2 && count * 20 >= n_steps {
                usual.push(step);
                covered += count;
            }
        });
        let fewest = match &best {
            Spacing::Regular(fewest) => fewest.len(),
            Spacing::Irregular => USUAL_MAX + 1,
        };
        if (1..fewest).contains(&usual.len()) && covered * 100 >= n_steps * 80 {
            best = Spacing::Regular(usual);
        }
    }
    best
}

/// Names and moves times off the grid of `interval`.
pub(super) fn off_grid(case: &mut Case<'_>, interval: i64) {
    let remainders = case.stamps.time.iter().map(|time| time.rem_euclid(interval)).collect();
    let Some((most, count)) = most_frequent(remainders) else { return };
    if count == case.len() as u64 {
        return;
    }
    // Where no remainder is usual, the clock jitters all the time: a round one is meant.
    let minutes = (most + MINUTE_MS / 2) / MINUTE_MS * MINUTE_MS;
    let round = count * 2 < case.len() as u64 && (most - minutes).abs() <= SECOND_MS;
    let anchor = if round { minutes } else { most };

    let jitter = SECOND_MS.max(interval / 100).min((interval - 1) / 2);
    let reach = case.repair.snap_ms.unwrap_or(0);
    let nearest = |time: i64| {
        let past = (time - anchor).rem_euclid(interval);
        if past * 2 > interval { time - past + interval } else { time - past }
    };
    let mut near = Sights::default();
    let mut far = Sights::default();
    let mut snapped = Sights::default();
    let (mut farthest, mut collisions) = (0, 0_u64);
    let mut before: Option<i64> = None;
    let times = &case.stamps.time;
    let mut moved = times.clone();
    for (at, &time) in times.iter().enumerate() {
        let target = nearest(time);
        let taken =
            before == Some(target) || times.get(at + 1).map(|&t| nearest(t)) == Some(target);
        before = Some(target);
        let off = (time - target).abs();
        if off == 0 {
            continue;
        }
        let place = || case.stamps.place(at);
        let text = || {
            let side = if time > target { "after" } else { "before" };
            format!("{} {side} {}", length(off), iso(target))
        };
        if off <= reach && !taken {
            moved[at] = target;
            snapped.row(place, time, text);
        } else if off <= jitter {
            collisions += u64::from(taken);
            farthest = off.max(farthest);
            near.row(place, time, text);
        } else {
            far.row(place, time, text);
        }
    }
    case.stamps.time = moved;
    case.repairs.times_snapped += snapped.count;
    let grid = length(interval);
    if snapped.count > 0 {
        let summary =
            format!("{} off the grid of {grid}: moved to it", counted(snapped.count, "time"));
        case.log.mended(FindingKind::OffGrid, snapped, summary);
    }
    if near.count > 0 {
        let mut summary = format!(
            "{} off the grid of {grid} by at most {}",
            counted(near.count, "time"),
            length(farthest)
        );
        if collisions > 0 {
            summary += &format!("; {collisions} cannot be moved, as another row is there");
        }
        tell(case, near, summary, &format!("--snap {}", flag(farthest)));
    }
    if far.count > 0 && case.shape == Shape::Series {
        let summary =
            format!("{} between the times of a grid of {grid}", counted(far.count, "time"));
        case.log.note(FindingKind::OffGrid, far, summary);
    } else if far.count > 0 {
        let summary = format!(
            "{} off the grid of {grid} by more than a clock's jitter",
            counted(far.count, "time")
        );
        tell(case, far, summary, "--interval, or --from and --to for a span of one interval");
    }
}

/// Plain series need no grid, bars do.
fn tell(case: &mut Case<'_>, sights: Sights, summary: String, remedy: &str) {
    if case.has_prices() {
        case.log.fatal(FindingKind::OffGrid, sights, summary, remedy);
    } else {
        case.log.fault(FindingKind::OffGrid, sights, summary, remedy);
    }
}

/// The next length that people write.
fn flag(off: i64) -> String {
    let round = [1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600];
    let seconds = round.into_iter().find(|s| s * SECOND_MS >= off);
    length(seconds.map_or(off, |s| s * SECOND_MS))
}
