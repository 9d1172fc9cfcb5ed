//! Rolling Sharpe ratio of a sub-account.

/// The last returns of intervals of equal length, at most as many as it was made for.
#[derive(Clone, Debug, PartialEq)]
pub struct SharpeWindow {
    returns: Vec<f64>,
    /// Where the next goes: of a full window the place of the oldest.
    next: usize,
    size: usize,
}

/// Return of one interval: (after − received) / before − 1, with `received` what the coordinator
/// gave in it (negative: took). `None` where there was nothing to earn on (`before` not above
/// zero) or the quotient is not a number.
pub fn interval_return(before: f64, after: f64, received: f64) -> Option<f64> {
    let value = (after - received) / before - 1.0;
    (before > 0.0 && value.is_finite()).then_some(value)
}

impl SharpeWindow {
    /// For the last `size` returns. The only place that allocates.
    pub fn new(size: usize) -> Self {
        Self { returns: Vec::with_capacity(size), next: 0, size }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.returns.clear();
        self.next = 0;
    }

    /// Takes in a return, in place of the oldest where the window is full. What is not finite is
    /// left out, as an interval without a return.
    pub fn push(&mut self, value: f64) {
        if !value.is_finite() || self.size == 0 {
            return;
        }
        if self.returns.len() < self.size {
            self.returns.push(value);
        } else {
            self.returns[self.next] = value;
        }
        self.next = (self.next + 1) % self.size;
    }

    /// Returns held.
    pub fn len(&self) -> usize {
        self.returns.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.returns.is_empty()
    }

    /// Mean over sample standard deviation (n − 1) of the returns held, per interval, not scaled
    /// to a year: only ratios between sub-accounts count, and all have the same interval. No rate
    /// is taken off.
    ///
    /// `None` with fewer than `least_samples` or than two. Returns that are all the same have no
    /// deviation: all zero (the account did not trade) is 0, anything else is `None`, since an
    /// unbounded ratio says nothing about the risk that was not seen yet.
    pub fn sharpe(&self, least_samples: usize) -> Option<f64> {
        let count = self.returns.len();
        if count < least_samples.max(2) {
            return None;
        }
        let first = self.returns[0];
        if self.returns.iter().all(|value| *value == first) {
            return (first == 0.0).then_some(0.0);
        }
        // From the oldest on, so that the sum does not depend on where the ring stands.
        let (newer, older) = self.returns.split_at(self.oldest());
        let mean = older.iter().chain(newer).sum::<f64>() / count as f64;
        let squares =
            older.iter().chain(newer).map(|value| (value - mean) * (value - mean)).sum::<f64>();
        let ratio = mean / (squares / (count - 1) as f64).sqrt();
        ratio.is_finite().then_some(ratio)
    }

    fn oldest(&self) -> usize {
        if self.returns.len() < self.size { 0 } else { self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(size: usize, values: &[f64]) -> SharpeWindow {
        let mut window = SharpeWindow::new(size);
        values.iter().for_each(|value| window.push(*value));
        window
    }

    #[test]
    fn ratios_of_windows_worked_by_hand() {
        // 1, 2, 3, 4: mean 2.5, sample variance (2.25 + .25 + .25 + 2.25)/3 = 5/3,
        // ratio 2.5/√(5/3) = 1.936 491 673 103 708 6 = √3.75.
        // .02, −.01, .03: mean .013 333, squares (4.444e−5 + 5.4444e−4 + 2.7778e−4) = 8.6667e−4,
        // variance 4.3333e−4, ratio .64051 = 4/√39.
        let rows: [(usize, &[f64], usize, Option<f64>); 9] = [
            (4, &[1.0, 2.0, 3.0, 4.0], 4, Some(3.75_f64.sqrt())),
            // Only the last four of six count.
            (4, &[90.0, -70.0, 1.0, 2.0, 3.0, 4.0], 4, Some(3.75_f64.sqrt())),
            (8, &[0.02, -0.01, 0.03], 3, Some(4.0 / 39.0_f64.sqrt())),
            (8, &[0.02, -0.01, 0.03], 4, None),
            (8, &[0.02], 1, None),
            // −1, 1: mean 0.
            (2, &[-1.0, 1.0], 2, Some(0.0)),
            (3, &[0.0, 0.0, 0.0], 3, Some(0.0)),
            // .1 three times has a sum whose mean is not .1: still no deviation.
            (3, &[0.1, 0.1, 0.1], 3, None),
            (3, &[], 0, None),
        ];
        for (size, values, least, expected) in rows {
            let got = window(size, values).sharpe(least);
            match (got, expected) {
                (Some(got), Some(expected)) => {
                    assert!((got - expected).abs() < 1e-12, "{values:?} {got}");
                }
                _ => assert_eq!(got, expected, "{values:?}"),
            }
        }
    }

    #[test]
    fn the_place_in_the_ring_changes_no_bit() {
        let last = [0.013, -0.021, 0.0007, 0.19, -0.044];
        let fresh = window(5, &last).sharpe(5);
        for before in 0..7 {
            let mut values = vec![0.5; before];
            values.extend(last);
            assert_eq!(window(5, &values).sharpe(5), fresh, "{before}");
        }
    }

    #[test]
    fn what_is_not_a_return_is_left_out() {
        let mut odd = window(4, &[1.0, f64::NAN, 2.0, f64::INFINITY, 3.0, 4.0]);
        assert_eq!(odd.sharpe(4), window(4, &[1.0, 2.0, 3.0, 4.0]).sharpe(4));
        assert_eq!(odd.len(), 4);
        odd.clear();
        assert!(odd.is_empty() && odd.sharpe(0).is_none());
        assert!(window(0, &[1.0, 2.0]).sharpe(0).is_none());
    }

    #[test]
    fn money_received_is_not_earned() {
        // 100 → 130 with 20 received: 110/100 − 1 = 10 %. With 20 taken: 150/100 − 1 = 50 %.
        let rows = [
            ((100.0, 130.0, 20.0), Some(0.1)),
            ((100.0, 130.0, -20.0), Some(0.5)),
            ((0.0, 130.0, 0.0), None),
            ((-5.0, 1.0, 0.0), None),
            ((1.0, f64::NAN, 0.0), None),
        ];
        for ((before, after, received), expected) in rows {
            let got = interval_return(before, after, received);
            assert_eq!(got.is_some(), expected.is_some(), "{before} {after}");
            let near = got.zip(expected).is_none_or(|(a, b): (f64, f64)| (a - b).abs() < 1e-12);
            assert!(near, "{got:?} {expected:?}");
        }
    }
}
