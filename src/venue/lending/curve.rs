//! The rate of a pool as a function of how much of it is lent.

/// A kinked curve: two straight lines that meet at the kink.
///
/// rate(u) = base + slope1·u/kink up to the kink, base + slope1 + slope2·(u − kink)/(1 − kink)
/// beyond it (Aave, *Interest Rate Strategy*). Rates are nominal, a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Rate when nothing is lent.
    pub base: f64,
    /// Rise from nothing lent to the kink.
    pub slope1: f64,
    /// Rise from the kink to everything lent.
    pub slope2: f64,
    /// Utilisation of the kink, in (0, 1).
    pub kink: f64,
}

impl Curve {
    /// From Compound v3's numbers, whose slopes are per unit of utilisation: base + low·u up to
    /// the kink, then + high·(u − kink).
    pub const fn compound(base: f64, low: f64, high: f64, kink: f64) -> Self {
        Self { base, slope1: low * kink, slope2: high * (1.0 - kink), kink }
    }

    /// The rate at a utilisation in [0, 1].
    #[inline]
    pub fn rate(&self, utilisation: f64) -> f64 {
        assert!((0.0..=1.0).contains(&utilisation), "a utilisation of {utilisation}");
        if utilisation <= self.kink {
            self.base + self.slope1 * (utilisation / self.kink)
        } else {
            let beyond = (utilisation - self.kink) / (1.0 - self.kink);
            self.base + self.slope1 + self.slope2 * beyond
        }
    }

    /// The same shape, all of it times a factor, so that it gives `rate` at `utilisation`. The
    /// shape's rate there must be above zero.
    pub fn through(&self, utilisation: f64, rate: f64) -> Self {
        let shape = self.rate(utilisation);
        assert!(shape > 0.0, "a curve that is zero at {utilisation} cannot be scaled to {rate}");
        let factor = rate / shape;
        Self {
            base: self.base * factor,
            slope1: self.slope1 * factor,
            slope2: self.slope2 * factor,
            kink: self.kink,
        }
    }
}
