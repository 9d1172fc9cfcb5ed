//! Long-run variance and the length of memory of a series (D. N. Politis & H. White 2004,
//! *Automatic block-length selection for the dependent bootstrap*, Econometric Reviews 23, §3.2;
//! D. N. Politis & J. P. Romano 1995, *Bias-corrected nonparametric spectral estimation*).

use super::facts::autocovariances;

/// Autocovariances R(k) weighted by the trapezoid λ(k/M), 1 up to a half and falling to 0 at 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlatTop {
    /// M: lags that count, 2·m̂ with m̂ the least lag from which on K autocorrelations in a row lie
    /// within ±2·√(log₁₀ n / n), K = max(5, ⌈√log₁₀ n⌉); at most ⌈√n⌉ + K.
    pub lags: usize,
    /// Σ λ(k/M)·R(k) over −M..M: the long-run variance.
    pub spectrum: f64,
    /// Σ λ(k/M)·|k|·R(k).
    pub slope: f64,
    /// R(0).
    pub variance: f64,
}

impl FlatTop {
    /// Of a series of any mean.
    pub fn of(series: &[f64]) -> Self {
        let n = series.len() as f64;
        let log = libm::log10(n.max(10.0));
        let run = 5_usize.max(log.sqrt().ceil() as usize);
        let most = n.sqrt().ceil() as usize + run;
        let covariance = autocovariances(series, most + run);
        let variance = covariance.first().copied().unwrap_or_default();
        let within = 2.0 * (log / n).sqrt() * variance;
        let quiet = |from: usize| {
            covariance.get(from..from + run).is_some_and(|of| of.iter().all(|c| c.abs() < within))
        };
        let first = (1..=most).find(|from| quiet(*from));
        let lags = first.map_or(most, |first| (2 * first).min(most));
        let (mut spectrum, mut slope) = (variance, 0.0);
        for (lag, covariance) in covariance.iter().enumerate().take(lags + 1).skip(1) {
            let share = lag as f64 / lags as f64;
            let weight = if share <= 0.5 { 1.0 } else { 2.0 * (1.0 - share) };
            spectrum += 2.0 * weight * covariance;
            slope += 2.0 * weight * lag as f64 * covariance;
        }
        Self { lags, spectrum, slope, variance }
    }

    /// Standard error of the mean of the series. Dependence is counted only where it widens: an
    /// estimated spectrum may fall below its true value, even below 0.
    pub fn error_of_mean(series: &[f64]) -> f64 {
        let of = Self::of(series);
        (of.spectrum.max(of.variance) / series.len() as f64).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1, −1, 1, −1, …, 40 of them: R(k) = (−1)^k·(40 − k)/40, never quiet (bound 2·√(1.602/40) =
    /// 0.40 is reached only at k > 24; ⌈√40⌉ + 5 = 12 lags). So M = 12 and, with weights 1 up to
    /// lag 6, then 10/12, 8/12, 6/12, 4/12, 2/12, 0:
    /// spectrum = 1 + 2·Σ; the sums below are worked term by term.
    #[test]
    fn an_alternating_series_by_hand() {
        let series: Vec<f64> = (0..40).map(|k| if k % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let found = FlatTop::of(&series);
        // Lags 1..6: −39 + 38 − 37 + 36 − 35 + 34 = −3; lags 7..11: (−33·10 + 32·8 − 31·6 + 30·4 −
        // 29·2)/12 = −198/12 = −16.5. Together −19.5/40.
        assert_eq!(found.lags, 12);
        assert!((found.spectrum - (1.0 - 2.0 * 19.5 / 40.0)).abs() < 1e-12, "{found:?}");
        // Times the lag: −39 + 76 − 111 + 144 − 175 + 204 = 99; (−2310 + 2048 − 1674 + 1200 −
        // 638)/12 = −1374/12 = −114.5. Together −15.5/40.
        assert!((found.slope + 2.0 * 15.5 / 40.0).abs() < 1e-12, "{found:?}");
        // Below R(0): the error of the mean does not shrink.
        assert!((FlatTop::error_of_mean(&series) - (1.0 / 40.0_f64).sqrt()).abs() < 1e-12);
    }
}
