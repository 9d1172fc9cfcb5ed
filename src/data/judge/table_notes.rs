//! What the columns of a table show by themselves. All of it is notes.
//!
//! - A column whose median size changes by a factor of 10 000 from one quarter of the time to
//!   another, or from the rows in which one of two alternating columns is filled to the others,
//!   has changed its unit: raw integers of a token have six to eighteen decimals, markets change
//!   by a factor of ten. Twenty values a part make a median.
//! - Of two numeric columns one is filled exactly where the other is blank, in 95 % of rows and
//!   each in at least 5 %: two kinds of rows. The pair of the most similar names is told first.
//! - Two numeric columns that differ in most rows hold the same value in one row, at the greatest
//!   of both, twice any other: one was joined into the other by mistake.

use super::log::{Log, Sights};
use super::stamps::Stamps;
use super::words::counted;
use crate::data::finding::{Example, Finding, FindingKind};
use crate::data::raw::{Cells, TableColumn};

const SCALE_FACTOR: f64 = 1e4;
const VALUES_MIN: usize = 20;
/// Columns beyond these are not compared with each other: pairs grow with the square.
const COLUMNS_MAX: usize = 256;

/// Notes of blank cells, alternating columns, scales and equal values.
pub(super) fn judge(columns: &[TableColumn], stamps: &Stamps, timed: bool, log: &mut Log<'_>) {
    blanks(columns, stamps.len(), log);
    let numeric: Vec<(&str, &[f64])> = columns
        .iter()
        .filter_map(|column| match &column.cells {
            Cells::Number(values) => Some((column.name.as_str(), values.as_slice())),
            Cells::Text(_) => None,
        })
        .take(COLUMNS_MAX)
        .collect();
    let pairs = alternating(&numeric, stamps.len(), log);
    scales(&numeric, &pairs, timed, log);
    equal(&numeric, stamps, timed, log);
}

fn blanks(columns: &[TableColumn], n_rows: usize, log: &mut Log<'_>) {
    let mut sights = Sights::default();
    let mut n_columns = 0;
    for column in columns {
        let blank = match &column.cells {
            Cells::Number(values) => values.iter().filter(|value| value.is_nan()).count(),
            Cells::Text(texts) => texts.iter().filter(|text| text.is_empty()).count(),
        };
        if blank > 0 {
            n_columns += 1;
            sights.count += blank as u64;
            sights.examples.push(Example {
                place: None,
                time: None,
                text: format!("{}: {blank} of {n_rows} blank", column.name),
            });
        }
    }
    if n_columns > 0 {
        sights.examples.truncate(Finding::SHOWN);
        let cells = counted(sights.count, "blank cell");
        let summary = format!("{cells} in {}", counted(n_columns, "column"));
        log.note(FindingKind::BlankCell, sights, summary);
    }
}

/// Which rows of a column are filled, a bit a row.
fn filled(values: &[f64]) -> Vec<u64> {
    let word = |chunk: &[f64]| {
        chunk.iter().enumerate().fold(0, |word, (bit, v)| word | u64::from(!v.is_nan()) << bit)
    };
    values.chunks(64).map(word).collect()
}

fn ones(words: impl Iterator<Item = u64>) -> u64 {
    words.map(|word| u64::from(word.count_ones())).sum()
}

/// Pairs of columns that fill each other's blanks.
fn alternating(
    columns: &[(&str, &[f64])],
    n_rows: usize,
    log: &mut Log<'_>,
) -> Vec<(usize, usize)> {
    let n_rows = n_rows as u64;
    let bits: Vec<(usize, Vec<u64>, u64)> = columns
        .iter()
        .enumerate()
        .map(|(at, (_, values))| {
            let bits = filled(values);
            let count = ones(bits.iter().copied());
            (at, bits, count)
        })
        .filter(|(_, _, count)| count * 20 >= n_rows && *count < n_rows)
        .collect();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut texts: Vec<(usize, String)> = Vec::new();
    for (nth, (a, a_bits, a_count)) in bits.iter().enumerate() {
        for (b, b_bits, b_count) in &bits[nth + 1..] {
            let words = || a_bits.iter().zip(b_bits);
            let one = ones(words().map(|(a, b)| a ^ b));
            if one * 100 < n_rows * 95 {
                continue;
            }
            let both = match ones(words().map(|(a, b)| a & b)) {
                0 => "never both".to_owned(),
                both => format!("both in {both}"),
            };
            pairs.push((*a, *b));
            let (a, b) = (columns[*a].0, columns[*b].0);
            let rows = counted(*a_count, "row");
            let text = format!("{a} filled in {rows}, {b} in {b_count}, {both}");
            texts.push((strsim::osa_distance(a, b), text));
        }
    }
    texts.sort_by_key(|(distance, _)| *distance);
    let mut sights = Sights::default();
    for (_, text) in texts {
        sights.add(None, || Example { place: None, time: None, text });
    }
    if let Some(first) = sights.examples.first() {
        let more = match sights.count - 1 {
            0 => String::new(),
            more => format!("; and {more} more such pairs"),
        };
        let summary = format!("two kinds of rows: {}{more}", first.text);
        log.note(FindingKind::AlternatingColumns, sights, summary);
    }
    pairs
}

/// Median size of the values that are neither blank nor zero, of enough of them.
fn size(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sizes: Vec<f64> = values.filter(|v| v.is_finite() && *v != 0.0).map(f64::abs).collect();
    if sizes.len() < VALUES_MIN {
        return None;
    }
    let middle = sizes.len() / 2;
    Some(*sizes.select_nth_unstable_by(middle, f64::total_cmp).1)
}

fn scales(columns: &[(&str, &[f64])], pairs: &[(usize, usize)], timed: bool, log: &mut Log<'_>) {
    let mut sights = Sights::default();
    for (name, values) in columns {
        let mut changes: Vec<String> = Vec::new();
        for &(a, b) in pairs {
            let where_filled = |at: usize| {
                let marks = columns[at].1.iter();
                size(values.iter().zip(marks).filter(|(_, mark)| !mark.is_nan()).map(|(v, _)| *v))
            };
            let both = where_filled(a).zip(where_filled(b));
            if let Some((one, other)) = both.filter(|&(one, other)| apart(one, other)) {
                let (a, b) = (columns[a].0, columns[b].0);
                changes.push(format!(
                    "{name} about {one:e} where {a} is filled, {other:e} where {b} is"
                ));
            }
        }
        if changes.is_empty() && timed {
            changes.extend(by_quarter(name, values));
        }
        if let Some(text) = changes.into_iter().next() {
            sights.add(None, || Example { place: None, time: None, text });
        }
    }
    if sights.count > 0 {
        let change = if sights.count == 1 { "changes its" } else { "change their" };
        let summary = format!(
            "{} {change} scale by a factor above {SCALE_FACTOR}",
            counted(sights.count, "column")
        );
        log.note(FindingKind::ScaleChange, sights, summary);
    }
}

fn apart(a: f64, b: f64) -> bool {
    a >= b * SCALE_FACTOR || b >= a * SCALE_FACTOR
}

/// Sizes by quarters of the rows in time, if two of them next to each other are far apart.
fn by_quarter(name: &str, values: &[f64]) -> Option<String> {
    let quarter = values.len().div_ceil(4).max(1);
    let sizes: Vec<Option<f64>> =
        values.chunks(quarter).map(|rows| size(rows.iter().copied())).collect();
    let (nth, (one, other)) = sizes
        .windows(2)
        .map(|w| w[0].zip(w[1]))
        .enumerate()
        .find_map(|(nth, pair)| Some((nth, pair.filter(|&(a, b)| apart(a, b))?)))?;
    Some(format!(
        "{name} about {one:e} in quarter {} of the rows in time, {other:e} in quarter {}",
        nth + 1,
        nth + 2
    ))
}

/// Index and value of the greatest, if it is at least twice any other.
fn peak(values: &[f64]) -> Option<(usize, f64)> {
    let (mut top, mut second) = (None::<(usize, f64)>, f64::NEG_INFINITY);
    for (at, &value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        match top {
            Some((_, most)) if value <= most => second = second.max(value),
            _ => {
                second = top.map_or(second, |(_, most)| most);
                top = Some((at, value));
            }
        }
    }
    top.filter(|&(_, most)| most > 0.0 && most.is_finite() && most >= 2.0 * second)
}

fn equal(columns: &[(&str, &[f64])], stamps: &Stamps, timed: bool, log: &mut Log<'_>) {
    let peaks: Vec<Option<(usize, f64)>> = columns.iter().map(|(_, values)| peak(values)).collect();
    let mut sights = Sights::default();
    for (a, (a_name, a_values)) in columns.iter().enumerate() {
        for (b, (b_name, b_values)) in columns.iter().enumerate().skip(a + 1) {
            let Some((row, value)) = peaks[a]
                .filter(|&(row, value)| b_values[row] == value)
                .or(peaks[b].filter(|&(row, value)| a_values[row] == value))
            else {
                continue;
            };
            let differ = a_values.iter().zip(*b_values).filter(|(a, b)| a != b).count();
            if differ * 2 > a_values.len() && a_values.len() >= VALUES_MIN {
                sights.add(None, || Example {
                    place: Some(stamps.place(row)),
                    time: timed.then(|| stamps.time[row]),
                    text: format!("{a_name} and {b_name} are both {value}"),
                });
            }
        }
    }
    if let Some(first) = sights.examples.first() {
        let summary = format!(
            "columns hold the same unusual value in one row, as a wrong join makes: {}",
            first.text
        );
        log.note(FindingKind::EqualColumns, sights, summary);
    }
}
