//! Closes, and the log returns between them.

use super::CalibrateError;
use crate::units::time::YEAR_MS;

/// Closes of several assets at the same instants, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Closes {
    /// Names, in the order of `closes`.
    pub names: Vec<String>,
    /// `closes[asset][row]`.
    pub closes: Vec<Vec<f64>>,
    /// Time from row to row.
    pub bar_ms: i64,
}

/// Log returns of several assets over the same steps, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Returns {
    /// Names, in the order of `rows`.
    pub names: Vec<String>,
    /// `rows[asset][step]`.
    pub rows: Vec<Vec<f64>>,
    /// The last close of each asset.
    pub last: Vec<f64>,
    /// Length of a step.
    pub step_ms: i64,
}

impl Returns {
    /// Log returns from close to close, a step apart, counted back from the last close. Rows before
    /// the first whole step are left out.
    ///
    /// # Errors
    /// No asset, different numbers of closes, a close that is no price, a step that is no whole
    /// number of bars.
    pub fn of(closes: &Closes, step_ms: i64) -> Result<Self, CalibrateError> {
        let (Some(first), Some(name)) = (closes.closes.first(), closes.names.first()) else {
            return Err(CalibrateError::Nothing);
        };
        let bar_ms = closes.bar_ms;
        if bar_ms <= 0 || step_ms <= 0 || step_ms % bar_ms != 0 {
            return Err(CalibrateError::Step { step_ms, bar_ms });
        }
        for (asset, rows) in closes.names.iter().zip(&closes.closes) {
            if rows.len() != first.len() {
                let (asset, first_name) = (asset.clone(), name.clone());
                let (found, needed) = (rows.len(), first.len());
                return Err(CalibrateError::Unaligned { asset, first: first_name, found, needed });
            }
            let wrong = |price: &&f64| !(price.is_finite() && **price > 0.0);
            if let Some(row) = rows.iter().position(|price| wrong(&price)) {
                let asset = asset.clone();
                return Err(CalibrateError::NoPrice { asset, row: row + 1, value: rows[row] });
            }
        }
        let stride = usize::try_from(step_ms / bar_ms).unwrap_or(usize::MAX);
        let count = first.len().saturating_sub(1) / stride;
        let rows = closes.closes.iter().map(|closes| log_returns(closes, stride, count)).collect();
        let last = closes.closes.iter().map(|closes| closes.last().copied().unwrap_or_default());
        Ok(Self { names: closes.names.clone(), rows, last: last.collect(), step_ms })
    }

    /// Number of steps.
    pub fn count(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    /// A step, in years of 365 days.
    pub fn dt(&self) -> f64 {
        self.step_ms as f64 / YEAR_MS as f64
    }

    /// Enough of them, and prices that move.
    pub(super) fn check(&self, needed: usize) -> Result<(), CalibrateError> {
        if self.rows.is_empty() {
            return Err(CalibrateError::Nothing);
        }
        if self.count() < needed {
            return Err(CalibrateError::TooFew { found: self.count(), needed });
        }
        for (name, rows) in self.names.iter().zip(&self.rows) {
            // Prices that grow by the same part each step differ by rounding alone.
            let (least, most) = rows
                .iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), r| (r.min(a), r.max(b)));
            if most - least <= 1e-12 {
                return Err(CalibrateError::Constant(name.clone()));
            }
        }
        Ok(())
    }
}

fn log_returns(closes: &[f64], stride: usize, count: usize) -> Vec<f64> {
    let first = closes.len().saturating_sub(1 + count * stride);
    let log = |row: usize| {
        let at = first + row * stride;
        libm::log(closes[at + stride] / closes[at])
    };
    (0..count).map(log).collect()
}

/// Mean and standard deviation (over n).
pub(super) fn mean_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
    (mean, square.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closes(rows: &[&[f64]]) -> Closes {
        let names = ["BTC", "ETH"][..rows.len()].iter().map(|name| (*name).to_owned()).collect();
        Closes { names, closes: rows.iter().map(|row| row.to_vec()).collect(), bar_ms: 1_000 }
    }

    /// Two-bar steps back from the last close: ln(8/2) and ln(2/1); the first close is left out.
    #[test]
    fn steps_count_back_from_the_last_close() {
        let returns = Returns::of(&closes(&[&[5.0, 1.0, 9.0, 2.0, 4.0, 8.0]]), 2_000).unwrap();
        let expected = [2.0_f64, 4.0].map(libm::log);
        assert_eq!(returns.rows, [expected]);
        assert_eq!((returns.count(), returns.last[0]), (2, 8.0));
    }

    #[test]
    fn unsound_closes_are_refused() {
        let e = |rows: &[&[f64]], step| Returns::of(&closes(rows), step).unwrap_err().to_string();
        let table = [
            (e(&[], 1_000), "no prices to calibrate"),
            (e(&[&[1.0, 2.0], &[1.0]], 1_000), "ETH has 1 closes, BTC has 2"),
            (e(&[&[1.0, 0.0]], 1_000), "BTC, close 2: 0 is no price above zero"),
            (e(&[&[1.0, f64::NAN]], 1_000), "BTC, close 2: NaN is no price"),
            (e(&[&[1.0, 2.0]], 1_500), "a step of 1500 ms is no whole number of bars of 1000 ms"),
            (e(&[&[1.0, 2.0]], 0), "a step of 0 ms"),
        ];
        for (found, expected) in table {
            assert!(found.starts_with(expected), "{found}");
        }
        let few = Returns::of(&closes(&[&[1.0, 2.0, 1.0]]), 1_000).unwrap();
        assert_eq!(few.check(3), Err(CalibrateError::TooFew { found: 2, needed: 3 }));
        let flat = Returns::of(&closes(&[&[3.0; 50]]), 1_000).unwrap();
        assert_eq!(flat.check(30), Err(CalibrateError::Constant("BTC".to_owned())));
    }
}
