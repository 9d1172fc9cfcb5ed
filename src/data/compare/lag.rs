//! At which shift in time two histories move together.

use crate::prices::history::Bars;

/// Farthest shift tried, bars.
const FARTHEST: i64 = 24;
/// Fewest pairs of returns from which a correlation is taken.
const PAIRS_MIN: u64 = 30;

/// The shift with the highest correlation of returns from close to close.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lag {
    /// Bars by which the times of `b` are later than those of `a` for the same move; 0: none.
    pub bars: i64,
    pub correlation: f64,
    /// Correlation without shift; `None` where too few returns meet.
    pub unshifted: Option<f64>,
}

/// Tries every shift of at most 24 bars; `None` where none has 30 pairs of returns that vary.
pub(super) fn best(a: &Bars, b: &Bars, interval_ms: i64) -> Option<Lag> {
    let (a, b) = (returns(a, interval_ms), returns(b, interval_ms));
    let unshifted = correlation(&a, &b, 0);
    let mut best = unshifted.map(|correlation| (0, correlation));
    // From near to far, so that the nearest of equals stays.
    for bars in (1..=FARTHEST).flat_map(|bars| [bars, -bars]) {
        let found = correlation(&a, &b, bars * interval_ms);
        if let Some(found) = found.filter(|found| best.is_none_or(|(_, so_far)| *found > so_far)) {
            best = Some((bars, found));
        }
    }
    best.map(|(bars, correlation)| Lag { bars, correlation, unshifted })
}

/// Start of a bar and its close over that of the bar right before it, less one.
fn returns(bars: &Bars, interval_ms: i64) -> Vec<(i64, f64)> {
    let rows = bars.open_time.windows(2).zip(bars.close.windows(2));
    rows.filter(|(time, _)| time[1] - time[0] == interval_ms)
        .map(|(time, close)| (time[1], close[1] / close[0] - 1.0))
        .filter(|(_, change)| change.is_finite())
        .collect()
}

/// Pearson's correlation of the returns of `a` at `t` and of `b` at `t + shift_ms`.
fn correlation(a: &[(i64, f64)], b: &[(i64, f64)], shift_ms: i64) -> Option<f64> {
    let (mut i, mut j, mut n) = (0, 0, 0_u64);
    let (mut mean_a, mut mean_b, mut var_a, mut var_b, mut both) = (0.0, 0.0, 0.0, 0.0, 0.0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match (x.0 + shift_ms).cmp(&y.0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                n += 1;
                let (off_a, off_b) = (x.1 - mean_a, y.1 - mean_b);
                mean_a += off_a / n as f64;
                mean_b += off_b / n as f64;
                var_a += off_a * (x.1 - mean_a);
                var_b += off_b * (y.1 - mean_b);
                both += off_a * (y.1 - mean_b);
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    let varies = n >= PAIRS_MIN && var_a > 0.0 && var_b > 0.0;
    varies.then(|| both / (var_a.sqrt() * var_b.sqrt()))
}
