//! Whether two histories tell the same prices.

mod aggregate;
mod lag;
mod pairs;
mod words;

pub use aggregate::Incomplete;
pub use lag::Lag;
pub use pairs::{Pair, pairs};

use aggregate::to_grid;

use crate::prices::history::{Bars, HistoryError};

/// Values whose relative difference is at most this count as equal: the same number, written with
/// other digits.
const CLOSELY: f64 = 1e-9;

/// How two histories agree. Bars of different lengths are compared in the longer one.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// Length of the bars compared, ms.
    pub interval_ms: i64,
    /// Which of the two was summed up to that length, if one was.
    pub summed_up: Option<Side>,
    /// Bars that the finer history covers in part, at most [`Agreement::SHOWN`] of them; they are
    /// not compared.
    pub incomplete: Vec<Incomplete>,
    pub n_incomplete: u64,
    /// Bars that both have.
    pub common_bars: u64,
    /// Start of the first and of the last of them, UTC ms.
    pub common_span: Option<(i64, i64)>,
    /// Common bars whose prices are equal to the last bit.
    pub equal_bits: u64,
    /// Common bars whose prices differ by at most 1e-9 of their value.
    pub equal_closely: u64,
    /// Common bars whose closes do.
    pub equal_closes: u64,
    /// Common bars whose prices or volumes differ by more.
    pub differing: u64,
    /// The first of them, at most [`Agreement::SHOWN`].
    pub examples: Vec<Difference>,
    /// Per column compared.
    pub columns: Vec<ColumnAgreement>,
    /// Bars that one has and the other has not, between the first and the last bar of both.
    pub only_in_a: u64,
    pub only_in_b: u64,
    pub basis: Option<Basis>,
    /// The shift of `b` at which returns go together best.
    pub lag: Option<Lag>,
}

/// One of the two histories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    A,
    B,
}

/// One cell that differs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// Start of the bar, UTC ms.
    pub time: i64,
    pub column: &'static str,
    pub a: f64,
    pub b: f64,
}

/// How one column agrees over the common bars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColumnAgreement {
    pub name: &'static str,
    pub differing: u64,
    /// Greatest |a − b| / max(|a|, |b|).
    pub greatest: f64,
}

/// Close of `a` over close of `b` less one, in basis points, over the common bars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Basis {
    pub mean_bps: f64,
    /// Mean of its size.
    pub mean_size_bps: f64,
    /// The value of greatest size, with its sign.
    pub max_bps: f64,
    /// Start of that bar, UTC ms.
    pub max_time: i64,
}

impl Agreement {
    /// How many examples are kept.
    pub const SHOWN: usize = 5;
}

/// Compares two histories bar for bar.
///
/// # Errors
/// Intervals of which one is no multiple of the other, or grids that never meet.
pub fn compare(a: &Bars, b: &Bars) -> Result<Agreement, HistoryError> {
    let (interval_ms, summed_up) = match (a.interval_ms, b.interval_ms) {
        (of_a, of_b) if of_a == of_b => (of_a, None),
        (of_a, of_b) if of_a < of_b => (of_b, Some(Side::A)),
        (of_a, _) => (of_a, Some(Side::B)),
    };
    let mut incomplete = Vec::new();
    let summed;
    let (a, b) = match summed_up {
        None => (a, b),
        Some(Side::A) => {
            summed = to_grid(a, b, &mut incomplete)?;
            (&summed, b)
        }
        Some(Side::B) => {
            summed = to_grid(b, a, &mut incomplete)?;
            (a, &summed)
        }
    };
    let part: Vec<i64> = incomplete.iter().map(|bar: &Incomplete| bar.time).collect();
    let mut agreement = Agreement {
        interval_ms,
        summed_up,
        n_incomplete: incomplete.len() as u64,
        incomplete,
        common_bars: 0,
        common_span: None,
        equal_bits: 0,
        equal_closely: 0,
        equal_closes: 0,
        differing: 0,
        examples: Vec::new(),
        columns: Vec::new(),
        only_in_a: 0,
        only_in_b: 0,
        basis: None,
        lag: lag::best(a, b, interval_ms),
    };
    // The last ones tell most: whether the newest bar was closed.
    let spare = agreement.incomplete.len().saturating_sub(Agreement::SHOWN);
    agreement.incomplete.drain(..spare);
    fill(&mut agreement, a, b, &part);
    Ok(agreement)
}

/// Names and values of the columns that both have.
fn shared<'a>(a: &'a Bars, b: &'a Bars) -> Vec<(&'static str, &'a [f64], &'a [f64])> {
    let mut columns: Vec<(&'static str, &[f64], &[f64])> = Vec::new();
    if !(a.close_only || b.close_only) {
        columns.push(("open", &a.open, &b.open));
        columns.push(("high", &a.high, &b.high));
        columns.push(("low", &a.low, &b.low));
    }
    columns.push(("close", &a.close, &b.close));
    if let (Some(of_a), Some(of_b)) = (&a.volume, &b.volume) {
        columns.push(("volume", of_a, of_b));
    }
    columns
}

/// Counts over all bars. Those at the times `part` are told apart already.
fn fill(agreement: &mut Agreement, a: &Bars, b: &Bars, part: &[i64]) {
    let columns = shared(a, b);
    agreement.columns = columns
        .iter()
        .map(|&(name, ..)| ColumnAgreement { name, differing: 0, greatest: 0.0 })
        .collect();
    let (mut size_sum, mut sum) = (0.0, 0.0);
    for step in walk(&a.open_time, &b.open_time) {
        let (i, j) = match step {
            Step::OnlyA(time) => {
                agreement.only_in_a += u64::from(part.binary_search(&time).is_err());
                continue;
            }
            Step::OnlyB(time) => {
                agreement.only_in_b += u64::from(part.binary_search(&time).is_err());
                continue;
            }
            Step::Both(i, j) => (i, j),
        };
        let time = a.open_time[i];
        agreement.common_bars += 1;
        agreement.common_span = Some((agreement.common_span.map_or(time, |span| span.0), time));
        one_bar(agreement, &columns, (i, j), time);
        let bps = (a.close[i] / b.close[j] - 1.0) * 1e4;
        sum += bps;
        size_sum += bps.abs();
        let greatest = agreement.basis.is_none_or(|basis| bps.abs() > basis.max_bps.abs());
        let (max_bps, max_time) = match agreement.basis {
            Some(basis) if !greatest => (basis.max_bps, basis.max_time),
            _ => (bps, time),
        };
        let count = agreement.common_bars as f64;
        agreement.basis = Some(Basis {
            mean_bps: sum / count,
            mean_size_bps: size_sum / count,
            max_bps,
            max_time,
        });
    }
}

/// Counts one common bar: row `i` of `a`, row `j` of `b`.
fn one_bar(
    agreement: &mut Agreement,
    columns: &[(&'static str, &[f64], &[f64])],
    (i, j): (usize, usize),
    time: i64,
) {
    let (mut same_bits, mut closely, mut whole) = (true, true, true);
    for (&(name, of_a, of_b), counted) in columns.iter().zip(&mut agreement.columns) {
        let (a, b) = (of_a[i], of_b[j]);
        let apart = relative(a, b);
        counted.greatest = counted.greatest.max(apart);
        let price = name != "volume";
        same_bits &= !price || a.to_bits() == b.to_bits();
        if apart <= CLOSELY {
            agreement.equal_closes += u64::from(name == "close");
            continue;
        }
        counted.differing += 1;
        closely &= !price;
        if whole && agreement.examples.len() < Agreement::SHOWN {
            agreement.examples.push(Difference { time, column: name, a, b });
        }
        whole = false;
    }
    agreement.equal_bits += u64::from(same_bits);
    agreement.equal_closely += u64::from(closely);
    agreement.differing += u64::from(!whole);
}

/// |a − b| / max(|a|, |b|); 0 for equal ones.
fn relative(a: f64, b: f64) -> f64 {
    let scale = a.abs().max(b.abs());
    if scale == 0.0 { 0.0 } else { (a - b).abs() / scale }
}

/// One step along two ascending lists of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    OnlyA(i64),
    OnlyB(i64),
    Both(usize, usize),
}

/// Walks over both lists between the later start and the earlier end.
fn walk<'a>(a: &'a [i64], b: &'a [i64]) -> impl Iterator<Item = Step> + 'a {
    let ends = a.first().zip(b.first()).map(|(x, y)| *x.max(y));
    let from = ends.unwrap_or(i64::MAX);
    let to = a.last().zip(b.last()).map_or(i64::MIN, |(x, y)| *x.min(y));
    let mut i = a.partition_point(|&time| time < from);
    let mut j = b.partition_point(|&time| time < from);
    std::iter::from_fn(move || {
        let inside = |time: &&i64| **time <= to;
        match (a.get(i).filter(inside), b.get(j).filter(inside)) {
            (Some(x), Some(y)) if x == y => {
                (i, j) = (i + 1, j + 1);
                Some(Step::Both(i - 1, j - 1))
            }
            (Some(x), other) if other.is_none_or(|y| x < y) => {
                i += 1;
                Some(Step::OnlyA(*x))
            }
            (_, Some(y)) => {
                j += 1;
                Some(Step::OnlyB(*y))
            }
            // A pair without `b` was the arm before the last.
            (_, None) => None,
        }
    })
}

#[cfg(test)]
mod tests;
