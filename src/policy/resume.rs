//! Resume: enter again, smaller, once the market has calmed.

/// Parameters of re-entry after a kill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResumeSpec {
    /// Off: a killed position stays closed.
    pub enabled: bool,
    /// Enters when the average true range is below this fraction of the price.
    pub atr_threshold: f64,
    /// Bars of Wilder's average.
    pub atr_bars: usize,
    /// Size of the new position as a part of the first, collateral likewise.
    pub size_fraction: f64,
    /// Not before so long after the kill.
    pub cooldown_ms: i64,
    /// At most so often per position.
    pub max_resumes: u32,
}

impl ResumeSpec {
    /// The decision: whether a position killed at `killed_ms` and entered again `resumes` times
    /// enters now, given the average true range as a fraction of the price.
    pub fn enters(&self, now_ms: i64, killed_ms: i64, resumes: u32, atr: Option<f64>) -> bool {
        resumes < self.max_resumes
            && now_ms >= killed_ms.saturating_add(self.cooldown_ms)
            && atr.is_some_and(|atr| atr < self.atr_threshold)
    }
}

/// Wilder's average true range (J. Welles Wilder, *New Concepts in Technical Trading Systems*,
/// 1978): the mean of the first `n` true ranges, then `(previous·(n − 1) + range) / n`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WilderAtr {
    bars: usize,
    seen: usize,
    value: f64,
    last_close: f64,
}

impl WilderAtr {
    /// An average over `bars` bars (at least one) that has seen nothing but a first close.
    pub fn new(bars: usize, first_close: f64) -> Self {
        assert!(bars > 0, "an average over no bars");
        Self { bars, seen: 0, value: 0.0, last_close: first_close }
    }

    /// Takes a finished bar.
    pub fn push(&mut self, high: f64, low: f64, close: f64) {
        let high = high.max(self.last_close);
        let low = low.min(self.last_close);
        let range = high - low;
        self.seen += 1;
        let weight = self.seen.min(self.bars) as f64;
        self.value += (range - self.value) / weight;
        self.last_close = close;
    }

    /// Bars taken so far.
    pub const fn seen(&self) -> usize {
        self.seen
    }

    /// The average as a fraction of the last close; `None` before enough bars.
    pub fn fraction(&self) -> Option<f64> {
        (self.seen >= self.bars).then(|| self.value / self.last_close)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilder_by_hand() {
        // n = 3, first close 10. Bars (high, low, close): true ranges 2, 3, 4 → mean 3;
        // then range 6 → (3·2 + 6)/3 = 4.
        let mut atr = WilderAtr::new(3, 10.0);
        for (high, low, close) in [(11.0, 9.0, 11.0), (13.0, 10.0, 12.0), (12.0, 8.0, 9.0)] {
            assert_eq!(atr.fraction(), None);
            atr.push(high, low, close);
        }
        assert!((atr.fraction().unwrap() - 3.0 / 9.0).abs() < 1e-15);
        // A gap counts: previous close 9, bar 14..15 → range 15 − 9 = 6.
        atr.push(15.0, 14.0, 14.0);
        assert!((atr.fraction().unwrap() - 4.0 / 14.0).abs() < 1e-15);
    }

    #[test]
    fn closes_alone_give_absolute_changes() {
        let mut atr = WilderAtr::new(2, 100.0);
        for close in [101.0, 98.0] {
            atr.push(close, close, close);
        }
        // (1 + 3)/2 = 2 over 98.
        assert!((atr.fraction().unwrap() - 2.0 / 98.0).abs() < 1e-15);
    }
}
