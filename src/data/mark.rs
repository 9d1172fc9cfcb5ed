//! Mark prices in short bars, made from mark prices in long ones.
//!
//! Public archives often have marks by the hour and last prices by the minute. Inside a long bar
//! the short bars take the last price, limited to what the mark is known to have done:
//!
//! 1. every open, high, low and close is limited to the long bar's low and high;
//! 2. the first open is the long bar's open, the last close its close;
//! 3. highs and lows are widened to the opens and closes that 2 moved;
//! 4. the short bar that is highest (the first of several) gets the long bar's high, the one that
//!    is lowest its low.
//!
//! So the short bars, summed up again, are the long ones to the last bit. When inside the long bar
//! the mark went where is a construction, not data.

use std::ops::Range;

use crate::prices::history::{Bars, HistoryError};
use crate::units::time::to_iso;

/// Metadata key: how values were made that no source has.
pub const CONSTRUCTED_KEY: &str = "drypowder.constructed";

/// Marks in the bars of `last`, from marks in longer bars. `name` stands in messages. The result
/// has no volume; its metadata is that of `mark` and [`CONSTRUCTED_KEY`].
///
/// # Errors
/// Closes only, intervals or grids that do not fit, long bars that are missing or of which `last`
/// has a part only.
pub fn mark_within(name: &str, last: &Bars, mark: &Bars) -> Result<Bars, Vec<HistoryError>> {
    let groups = groups(name, last, mark)?;
    let mut out = Bars {
        interval_ms: last.interval_ms,
        open_time: last.open_time.clone(),
        open: last.open.clone(),
        high: last.high.clone(),
        low: last.low.clone(),
        close: last.close.clone(),
        volume: None,
        close_only: false,
        metadata: mark.metadata.clone(),
    };
    for (long, rows) in groups {
        limit(&mut out, rows, [mark.open[long], mark.high[long], mark.low[long], mark.close[long]]);
    }
    let text = format!(
        "marks of {} ms: last prices of {} ms limited to marks of {} ms",
        last.interval_ms, last.interval_ms, mark.interval_ms
    );
    out.metadata.insert(CONSTRUCTED_KEY.to_owned(), text);
    Ok(out)
}

/// Puts the marks of one long bar in place of the last prices of its rows.
fn limit(out: &mut Bars, rows: Range<usize>, [open, high, low, close]: [f64; 4]) {
    let (first, last) = (rows.start, rows.end - 1);
    // Not `clamp`, which panics where low and high are out of order.
    let within = |price: f64| price.min(high).max(low);
    for row in rows.clone() {
        out.open[row] = if row == first { open } else { within(out.open[row]) };
        out.close[row] = if row == last { close } else { within(out.close[row]) };
        out.high[row] = within(out.high[row]).max(out.open[row]).max(out.close[row]);
        out.low[row] = within(out.low[row]).min(out.open[row]).min(out.close[row]);
    }
    let (mut highest, mut lowest) = (first, first);
    for row in rows {
        if out.high[row] > out.high[highest] {
            highest = row;
        }
        if out.low[row] < out.low[lowest] {
            lowest = row;
        }
    }
    out.high[highest] = high;
    out.low[lowest] = low;
}

/// Long bars and their rows of `last`, all whole, covering every row.
fn groups(
    name: &str,
    last: &Bars,
    mark: &Bars,
) -> Result<Vec<(usize, Range<usize>)>, Vec<HistoryError>> {
    let fault = |problem: String, remedy: &str| HistoryError::new(name, problem, remedy);
    let (short, long) = (last.interval_ms, mark.interval_ms);
    if last.close_only || mark.close_only {
        let problem = "a mark cannot be made from closes alone".to_owned();
        return Err(vec![fault(problem, "give bars with open, high, low and close")]);
    }
    let (Some(&start), Some(&phase)) = (last.open_time.first(), mark.open_time.first()) else {
        return Err(vec![fault("no bars to make a mark from".to_owned(), "give bars")]);
    };
    if short <= 0 || long <= short || long % short != 0 || (start - phase) % short != 0 {
        let problem = format!("bars of {short} ms do not make up marks of {long} ms");
        let remedy =
            "give marks whose bars are longer and start together with those of the last price";
        return Err(vec![fault(problem, remedy)]);
    }
    let n_whole = usize::try_from(long / short).unwrap_or(usize::MAX);
    let mut groups = Vec::new();
    let (mut missing, mut partial) = (Trouble::default(), Trouble::default());
    let mut from = 0;
    while from < last.open_time.len() {
        let start = phase + (last.open_time[from] - phase).div_euclid(long) * long;
        let inside = |&time: &i64| time < start.saturating_add(long);
        let to = from + last.open_time[from..].partition_point(inside);
        match mark.open_time.binary_search(&start) {
            Err(_) => missing.note(start),
            Ok(_) if to - from != n_whole => partial.note(start),
            Ok(at) => groups.push((at, from..to)),
        }
        from = to;
    }
    let mut faults = Vec::new();
    if missing.count > 0 {
        let remedy = "give marks for the whole span, or cut it with --from and --to";
        faults.push(fault(missing.say("no mark for"), remedy));
    }
    if partial.count > 0 {
        let remedy = "cut the span to whole bars of the marks with --from and --to, \
                      or fill the gaps with --fill-gaps";
        faults.push(fault(partial.say("last prices have a part only of"), remedy));
    }
    if faults.is_empty() { Ok(groups) } else { Err(faults) }
}

/// Long bars that something is wrong with: how many, and the first.
#[derive(Default)]
struct Trouble {
    count: u64,
    first: Vec<String>,
}

impl Trouble {
    const SHOWN: usize = 5;

    fn note(&mut self, start: i64) {
        self.count += 1;
        if self.first.len() < Self::SHOWN {
            self.first.push(to_iso(start));
        }
    }

    fn say(&self, what: &str) -> String {
        let more = if self.count > Self::SHOWN as u64 { ", …" } else { "" };
        let bars = if self.count == 1 { "bar" } else { "bars" };
        format!("{what} {} {bars} of the mark: {}{more}", self.count, self.first.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_MS: i64 = 60_000;
    /// 2018-11-25T00:00:00Z.
    const START_MS: i64 = 1_543_104_000_000;

    fn bars(interval_ms: i64, start: i64, rows: &[[f64; 4]]) -> Bars {
        let column = |at: usize| rows.iter().map(|row| row[at]).collect();
        Bars {
            interval_ms,
            open_time: (0..rows.len() as i64).map(|k| start + k * interval_ms).collect(),
            open: column(0),
            high: column(1),
            low: column(2),
            close: column(3),
            volume: None,
            close_only: false,
            metadata: Default::default(),
        }
    }

    #[test]
    fn short_marks_follow_the_rule() {
        // Long mark: open 101, high 106, low 95, close 97.
        let mark = bars(3 * MINUTE_MS, START_MS, &[[101.0, 106.0, 95.0, 97.0]]);
        let last =
            [[100.0, 104.0, 99.0, 103.0], [103.0, 108.0, 90.0, 94.0], [94.0, 99.0, 93.0, 98.0]];
        // Row 0: open 101 by rule 2; all else is inside.
        // Row 1: high 108 → 106, low 90 → 95, close 94 → 95.
        // Row 2: open 94 → 95, low 93 → 95, close 97 by rule 2.
        // Highest is row 1 (106 already), lowest row 1, the first of two (95 already).
        let expected =
            [[101.0, 104.0, 99.0, 103.0], [103.0, 106.0, 95.0, 95.0], [95.0, 99.0, 95.0, 97.0]];
        let last = bars(MINUTE_MS, START_MS, &last);
        let made = mark_within("BTC", &last, &mark).unwrap();
        let want = bars(MINUTE_MS, START_MS, &expected);
        assert_eq!(made.metadata[CONSTRUCTED_KEY].split(':').next(), Some("marks of 60000 ms"));
        assert_eq!(Bars { metadata: Default::default(), ..made }, want);
    }

    #[test]
    fn extremes_of_the_mark_are_reached_though_the_last_price_stayed_inside() {
        let mark = bars(2 * MINUTE_MS, START_MS, &[[100.0, 110.0, 80.0, 120.0 / 1.2]]);
        let last =
            bars(MINUTE_MS, START_MS, &[[99.0, 101.0, 90.0, 95.0], [95.0, 96.0, 94.0, 95.5]]);
        // Row 0: open 100, highest of the two (101), so 110; lowest (90), so 80.
        // Row 1: close 100 by rule 2, which widens its high from 96 to 100.
        let want =
            bars(MINUTE_MS, START_MS, &[[100.0, 110.0, 80.0, 95.0], [95.0, 100.0, 94.0, 100.0]]);
        let made = mark_within("BTC", &last, &mark).unwrap();
        assert_eq!(Bars { metadata: Default::default(), ..made }, want);
    }

    #[test]
    fn what_cannot_be_made_says_why() {
        let row = [1.0; 4];
        let last = bars(MINUTE_MS, START_MS, &[row; 4]);
        let long = 2 * MINUTE_MS;
        let closes = Bars { close_only: true, ..last.clone() };
        let late = bars(MINUTE_MS, START_MS + MINUTE_MS, &[row; 3]);
        #[rustfmt::skip]
        let table = [
            (&last, bars(long, START_MS, &[row; 1]), "no mark for 1 bar of the mark: 2018-11-25T00:02:00Z"),
            (&late, bars(long, START_MS, &[row; 2]), "a part only of 1 bar of the mark: 2018-11-25T00:00:00Z"),
            (&last, bars(MINUTE_MS, START_MS, &[row; 4]), "do not make up marks of 60000 ms"),
            (&last, bars(90_000, START_MS, &[row; 4]), "do not make up marks of 90000 ms"),
            (&last, bars(long, START_MS + 1, &[row; 4]), "do not make up"),
            (&closes, bars(long, START_MS, &[row; 2]), "closes alone"),
            (&last, bars(long, START_MS, &[]), "no bars"),
        ];
        for (last, mark, expected) in table {
            let faults = mark_within("BTC", last, &mark).unwrap_err();
            assert!(faults[0].to_string().contains(expected), "{expected}: {faults:?}");
        }
    }
}
