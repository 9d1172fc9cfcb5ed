//! Merton's jumps (R. C. Merton 1976, *Option pricing when underlying stock returns are
//! discontinuous*): a compound Poisson process of lognormal jumps on top of the diffusion.

/// Jumps of one asset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MertonJumps {
    /// Expected jumps a year.
    pub intensity: f64,
    /// Mean of the jump of the log price.
    pub mean: f64,
    /// Standard deviation of the jump of the log price.
    pub deviation: f64,
    /// Whether the drift is reduced by λ·(E[e^J] − 1), so that μ stays the expected return.
    pub compensated: bool,
}

impl MertonJumps {
    /// What the jumps add to the expected return a year, `λ·(E[e^J] − 1)` with
    /// `E[e^J] = e^(mean + deviation²/2)`; zero where they are not compensated.
    pub fn compensation(&self) -> f64 {
        if !self.compensated {
            return 0.0;
        }
        self.intensity * libm::expm1(self.mean + self.deviation * self.deviation / 2.0)
    }
}
