//! Fine bars summed up to the bars of a coarser history.

use crate::prices::history::{Bars, HistoryError};

/// A coarse bar of which the finer history has a part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Incomplete {
    /// Its start, UTC ms.
    pub time: i64,
    /// Fine bars there, and how many there would be.
    pub have: u64,
    pub of: u64,
    /// Volume of the coarse bar over that of the fine bars there; near 1 in a bar that was cut
    /// short as well.
    pub volume_ratio: Option<f64>,
}

impl Incomplete {
    /// Whether the coarse bar holds no more than the fine ones there, as one does that was
    /// collected before its end: a tenth of what is missing would show.
    pub fn is_cut_short(&self) -> bool {
        let missing = (self.of - self.have) as f64 / self.have as f64;
        self.volume_ratio.is_some_and(|ratio| ratio < 1.0 + 0.1 * missing)
    }
}

/// The fine bars on the grid of the coarse ones. Groups that lack a bar are left out and listed;
/// those at whose time the coarse history has a bar name the ratio of volumes.
pub(super) fn to_grid(
    fine: &Bars,
    coarse: &Bars,
    incomplete: &mut Vec<Incomplete>,
) -> Result<Bars, HistoryError> {
    let (short, long) = (fine.interval_ms, coarse.interval_ms);
    let (Some(&fine_start), Some(&phase)) = (fine.open_time.first(), coarse.open_time.first())
    else {
        return Ok(Bars { interval_ms: long, ..empty(fine) });
    };
    if short <= 0 || long % short != 0 || (fine_start - phase) % short != 0 {
        let problem = format!(
            "bars of {short} ms do not make up bars of {long} ms that start where these do"
        );
        return Err(HistoryError::new("comparison", problem, "compare bars of one grid"));
    }
    let n_whole = usize::try_from(long / short).unwrap_or(usize::MAX);
    let mut out = Bars { interval_ms: long, ..empty(fine) };
    let mut from = 0;
    while from < fine.open_time.len() {
        let start = phase + (fine.open_time[from] - phase).div_euclid(long) * long;
        let inside = |&time: &i64| time < start.saturating_add(long);
        let to = from + fine.open_time[from..].partition_point(inside);
        if to - from == n_whole {
            push_sum(&mut out, fine, from..to, start);
        } else {
            incomplete.push(Incomplete {
                time: start,
                have: (to - from) as u64,
                of: n_whole as u64,
                volume_ratio: volume_ratio(fine, from..to, coarse, start),
            });
        }
        from = to;
    }
    Ok(out)
}

fn empty(like: &Bars) -> Bars {
    Bars {
        interval_ms: like.interval_ms,
        open_time: Vec::new(),
        open: Vec::new(),
        high: Vec::new(),
        low: Vec::new(),
        close: Vec::new(),
        volume: like.volume.as_ref().map(|_| Vec::new()),
        close_only: like.close_only,
        metadata: like.metadata.clone(),
    }
}

/// Adds one bar made of the rows: not empty.
fn push_sum(out: &mut Bars, fine: &Bars, rows: std::ops::Range<usize>, start: i64) {
    out.open_time.push(start);
    out.open.push(fine.open[rows.start]);
    out.high.push(fine.high[rows.clone()].iter().copied().fold(f64::MIN, f64::max));
    out.low.push(fine.low[rows.clone()].iter().copied().fold(f64::MAX, f64::min));
    out.close.push(fine.close[rows.end - 1]);
    if let (Some(sums), Some(volume)) = (&mut out.volume, &fine.volume) {
        sums.push(volume[rows].iter().sum());
    }
}

fn volume_ratio(
    fine: &Bars,
    rows: std::ops::Range<usize>,
    coarse: &Bars,
    start: i64,
) -> Option<f64> {
    let at = coarse.open_time.binary_search(&start).ok()?;
    let whole = coarse.volume.as_ref()?[at];
    let part: f64 = fine.volume.as_ref()?[rows].iter().sum();
    (part > 0.0).then(|| whole / part)
}
