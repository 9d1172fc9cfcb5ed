//! The normal figures corrected for skewness and kurtosis.

use super::{Level, RiskError, TailRisk, error::common_length};
use crate::stats::{normal_quantile, special::normal_density};

/// Moments of losses over one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossShape {
    /// In the losses' unit.
    pub mean: f64,
    /// Standard deviation, in the losses' unit.
    pub deviation: f64,
    /// m₃ / m₂^1.5: positive if the large losses are the long tail.
    pub skewness: f64,
    /// m₄ / m₂² − 3: 0 for a normal.
    pub excess: f64,
}

/// Shape of a sample of losses: deviation with n − 1, skewness and kurtosis from central moments
/// with n (their usual definition).
///
/// # Errors
/// Fewer than 4 losses, one that is not finite, or losses that are all the same.
pub fn loss_shape(losses: &[f64]) -> Result<LossShape, RiskError> {
    let n = common_length(&[losses], 4)? as f64;
    let mean = losses.iter().sum::<f64>() / n;
    let mut sums = [0.0; 3];
    for loss in losses {
        let d = loss - mean;
        let square = d * d;
        sums[0] += square;
        sums[1] += square * d;
        sums[2] += square * square;
    }
    let second = sums[0] / n;
    if second <= (f64::EPSILON * mean) * (f64::EPSILON * mean) {
        return Err(RiskError::NoVariation);
    }
    Ok(LossShape {
        mean,
        deviation: (sums[0] / (n - 1.0)).sqrt(),
        skewness: sums[1] / n / (second * second.sqrt()),
        excess: sums[2] / n / (second * second) - 3.0,
    })
}

/// VaR and ES from the expansion of Cornish & Fisher (1937), as in Maillard (2012), "A user's
/// guide to the Cornish Fisher expansion": with z the normal quantile,
///
/// w = z + (z² − 1)·S/6 + (z³ − 3z)·K/24 − (2z³ − 5z)·S²/36,  VaR = mean + deviation·w,
/// ES = mean + deviation·φ(z)/(1 − c)·(1 + z·S/6 + (z² − 1)·K/24 − (2z² − 1)·S²/36).
///
/// Over h independent periods S becomes S/√h and K becomes K/h.
///
/// # Errors
/// [`RiskError::NotMonotone`] where w does not rise with z everywhere: then it is no quantile.
pub fn cornish_fisher(shape: LossShape, level: Level) -> Result<TailRisk, RiskError> {
    let h = level.periods as f64;
    let (s, k) = (shape.skewness / h.sqrt(), shape.excess / h);
    if !rises_everywhere(s, k) {
        return Err(RiskError::NotMonotone { skewness: s, excess: k });
    }
    let z = normal_quantile(level.confidence);
    let z2 = z * z;
    let w =
        z + (z2 - 1.0) * s / 6.0 + z * (z2 - 3.0) * k / 24.0 - z * (2.0 * z2 - 5.0) * s * s / 36.0;
    let tail = normal_density(z) / (1.0 - level.confidence);
    let corrected =
        tail * (1.0 + z * s / 6.0 + (z2 - 1.0) * k / 24.0 - (2.0 * z2 - 1.0) * s * s / 36.0);
    let (mean, deviation) = (shape.mean * h, shape.deviation * h.sqrt());
    Ok(TailRisk { var: mean + deviation * w, es: mean + deviation * corrected })
}

/// dw/dz = a·z² + b·z + c is nowhere negative.
fn rises_everywhere(s: f64, k: f64) -> bool {
    let a = k / 8.0 - s * s / 6.0;
    let b = s / 3.0;
    let c = 1.0 - k / 8.0 + 5.0 * s * s / 36.0;
    a >= 0.0 && c >= 0.0 && b * b <= 4.0 * a * c
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without skewness and kurtosis: the normal's 1.644854 and 2.062713 (φ(1.644854)/0.05), and
    /// √4 for four periods. With S = 0.5, K = 1 at 95 %, z = 1.644854, z² = 2.705543:
    /// w = 1.644854 + 0.142129 − 0.020181 − 1.644854·0.411087·0.25/36 = 1.762106;
    /// ES = 2.062713·(1 + 0.137071 + 0.071064 − 0.030633) = 2.428850.
    #[test]
    fn cornish_fisher_table() {
        let shape = |skewness, excess| LossShape { mean: 1.0, deviation: 2.0, skewness, excess };
        let table = [
            (shape(0.0, 0.0), 1, 1.0 + 2.0 * 1.644_854, 1.0 + 2.0 * 2.062_713),
            (shape(0.0, 0.0), 4, 4.0 + 4.0 * 1.644_854, 4.0 + 4.0 * 2.062_713),
            (shape(0.5, 1.0), 1, 1.0 + 2.0 * 1.762_106, 1.0 + 2.0 * 2.428_850),
            // Over four periods S = 1 and K = 4 have become 0.5 and 1.
            (shape(1.0, 4.0), 4, 4.0 + 4.0 * 1.762_106, 4.0 + 4.0 * 2.428_850),
        ];
        for (shape, periods, var, es) in table {
            let level = Level::new(0.95, periods).expect("a level");
            let found = cornish_fisher(shape, level).expect("monotone");
            assert!((found.var - var).abs() < 5e-6, "{shape:?}: {found:?} not {var}");
            assert!((found.es - es).abs() < 5e-6, "{shape:?}: {found:?} not {es}");
        }
    }

    /// K = 0 leaves a = −S²/6 < 0; K = 8 is the most without skewness (c = 0 there).
    #[test]
    fn a_shape_beyond_the_expansion_is_refused() {
        let level = Level::new(0.99, 1).expect("a level");
        for (skewness, excess, fits) in
            [(0.3, 0.0, false), (0.0, 7.9, true), (0.0, 8.1, false), (0.0, -0.1, false)]
        {
            let shape = LossShape { mean: 0.0, deviation: 1.0, skewness, excess };
            assert_eq!(cornish_fisher(shape, level).is_ok(), fits, "{skewness} {excess}");
        }
    }

    /// 1, 1, 1, 5: mean 2, deviations −1, −1, −1, 3: sums 12, 24, 84; m₂ = 3; S = 6/3^1.5,
    /// K = 21/9 − 3, s² = 12/3.
    #[test]
    fn shape_by_hand() {
        let shape = loss_shape(&[1.0, 1.0, 5.0, 1.0]).expect("varies");
        let expected = [2.0, 2.0, 6.0 / (3.0 * 3.0_f64.sqrt()), 21.0 / 9.0 - 3.0];
        let found = [shape.mean, shape.deviation, shape.skewness, shape.excess];
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-14, "{shape:?}");
        }
        assert_eq!(loss_shape(&[2.5; 9]), Err(RiskError::NoVariation));
        assert_eq!(loss_shape(&[1.0; 3]), Err(RiskError::TooFew { needed: 4, found: 3 }));
    }
}
