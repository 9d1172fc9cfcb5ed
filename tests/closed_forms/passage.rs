//! First passage of Brownian motion with drift, and its continuity correction.

use drypowder::stats::normal_cdf;

/// −ζ(1/2)/√(2π): the mean overshoot of a Gaussian random walk, in its own standard deviations
/// (Chernoff 1965; Siegmund 1979).
pub const OVERSHOOT: f64 = 0.582_597_157_939_010_6;

/// A Brownian motion that starts at zero and a barrier above it. A barrier below is the mirror.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    /// Barrier − start, above zero, in the log of the price.
    pub distance: f64,
    /// Drift towards the barrier, per year.
    pub drift: f64,
    /// Volatility, per √year.
    pub volatility: f64,
}

impl Passage {
    /// P(the maximum up to `years` reaches the barrier). With a = `distance`:
    /// `Φ((νT − a)/σ√T) + exp(2νa/σ²)·Φ((−νT − a)/σ√T)`
    /// (Harrison 1985, *Brownian Motion and Stochastic Flow Systems*, §1.8; Borodin & Salminen
    /// 2002, *Handbook of Brownian Motion*, part II, 2.1.1.4).
    pub fn probability(&self, years: f64) -> f64 {
        let Self { distance, drift, volatility } = *self;
        let spread = volatility * years.sqrt();
        let direct = normal_cdf((drift * years - distance) / spread);
        let reflected = normal_cdf((-drift * years - distance) / spread);
        direct + libm::exp(2.0 * drift * distance / (volatility * volatility)) * reflected
    }

    /// The same barrier for a motion that is looked at only every `step` years: moved away by
    /// 0.5826·σ√dt (Broadie, Glasserman & Kou 1997, *A continuity correction for discrete barrier
    /// options*, theorem 1.1; the price of the barrier moves by the factor exp(±0.5826·σ√dt)).
    pub fn watched_every(self, step: f64) -> Self {
        let beyond = OVERSHOOT * self.volatility * step.sqrt();
        Self { distance: self.distance + beyond, ..self }
    }
}
