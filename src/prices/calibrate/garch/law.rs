//! The likelihood of one asset.

/// Parameters of one asset, per step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GarchFit {
    /// Variance of a step in the long run, that of the sample.
    pub variance: f64,
    /// Weight of the last squared shock.
    pub alpha: f64,
    /// Weight of the last variance.
    pub beta: f64,
    /// Degrees of freedom.
    pub df: f64,
}

impl GarchFit {
    /// From ln variance, logit of α + β, logit of α's share in it, ln(ν − 2).
    pub(super) fn of(variance: f64, persistence: f64, share: f64, tail: f64) -> Self {
        let logistic = |x: f64| 1.0 / (1.0 + libm::exp(-x));
        let persistence = logistic(persistence);
        let alpha = persistence * logistic(share);
        let df = 2.0 + libm::exp(tail);
        Self { variance: libm::exp(variance), alpha, beta: persistence - alpha, df }
    }

    /// The variance of each step and of the one after the last; the first is that of the long run.
    pub(super) fn variances(&self, shocks: &[f64]) -> Vec<f64> {
        let omega = (1.0 - self.alpha - self.beta) * self.variance;
        let mut h = self.variance;
        let mut all = Vec::with_capacity(shocks.len() + 1);
        all.push(h);
        for shock in shocks {
            h = omega + self.alpha * shock * shock + self.beta * h;
            all.push(h);
        }
        all
    }

    /// Whether returns have a fourth moment, without which the error of the volatility is none:
    /// (α + β)² + α²·(κ − 1) < 1 with the kurtosis κ = 3(ν − 2)/(ν − 4) of the innovations.
    pub(super) fn has_fourth_moment(&self) -> bool {
        let kurtosis = 3.0 * (self.df - 2.0) / (self.df - 4.0);
        let persistence = self.alpha + self.beta;
        self.df > 4.0
            && persistence * persistence + self.alpha * self.alpha * (kurtosis - 1.0) < 1.0
    }
}

/// Log likelihood of each shock (a return less its mean) under Student's t of variance h:
/// lnΓ((ν+1)/2) − lnΓ(ν/2) − ln(π(ν−2)h)/2 − (ν+1)/2·ln(1 + ε²/((ν−2)h)).
pub fn log_likelihood(fit: &GarchFit, shocks: &[f64]) -> Vec<f64> {
    let df = fit.df;
    let constant = libm::lgamma((df + 1.0) / 2.0)
        - libm::lgamma(df / 2.0)
        - 0.5 * libm::log(std::f64::consts::PI * (df - 2.0));
    let terms = fit.variances(shocks).into_iter().zip(shocks).map(|(h, shock)| {
        let tail = libm::log1p(shock * shock / ((df - 2.0) * h));
        constant - 0.5 * libm::log(h) - (df + 1.0) / 2.0 * tail
    });
    terms.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three shocks 1, −2, 0.5 with variance 1, α = .1, β = .8, ν = 5. h: 1, .1 + .1 + .8 = 1,
    /// .1 + .4 + .8 = 1.3. Each term by scipy.stats.t.logpdf(ε, 5, scale = √(3h/5)).
    #[test]
    fn a_likelihood_worked_independently() {
        let fit = GarchFit { variance: 1.0, alpha: 0.1, beta: 0.8, df: 5.0 };
        let shocks = [1.0, -2.0, 0.5];
        let h = fit.variances(&shocks);
        for (found, expected) in h.iter().zip([1.0, 1.0, 1.3, 0.1 + 0.025 + 1.04]) {
            assert!((found - expected).abs() < 1e-15, "{h:?}");
        }
        let expected = [-1.5762529945270716, -3.2551003583333395, -1.030784252726493];
        for (found, expected) in log_likelihood(&fit, &shocks).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }
}
