//! Distribution functions on `libm`: normal, its inverse, and Student's t quantile.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// Two-sided 95 % point of the standard normal.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// P(Z ≤ x) for a standard normal Z.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

/// The standard normal's density at x.
pub(super) fn normal_density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x) / (2.0 * PI).sqrt()
}

/// The x with P(Z ≤ x) = p. −∞ at 0, +∞ at 1, NaN outside [0, 1].
///
/// Acklam's rational approximation (2003, relative error 1.2e-9), then one step of Halley's
/// method on the error measured by `erf` in the middle and by `erfc` in the tails, where each
/// keeps its relative accuracy. Below 1e-290, where the step would overflow, Acklam's alone.
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p > 0.5 {
        return -lower_quantile(1.0 - p, p - 0.5); // both differences are exact
    }
    lower_quantile(p, 0.5 - p)
}

/// For p ≤ 1/2, with `from_middle` = 1/2 − p.
fn lower_quantile(p: f64, from_middle: f64) -> f64 {
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    let x = acklam(p, from_middle);
    if p < 1e-290 {
        return x;
    }
    let error = if from_middle < 0.25 {
        from_middle - 0.5 * libm::erf(-x * FRAC_1_SQRT_2)
    } else {
        normal_cdf(x) - p
    };
    let step = error * (2.0 * PI).sqrt() * libm::exp(0.5 * x * x);
    x - step / (1.0 + 0.5 * x * step)
}

fn acklam(p: f64, from_middle: f64) -> f64 {
    const CENTRE_OVER: [f64; 6] = [
        -3.969683028665376e+01,
        2.209460984245205e+02,
        -2.759285104469687e+02,
        1.38357751867269e+02,
        -3.066479806614716e+01,
        2.506628277459239e+00,
    ];
    const CENTRE_UNDER: [f64; 6] = [
        -5.447609879822406e+01,
        1.615858368580409e+02,
        -1.556989798598866e+02,
        6.680131188771972e+01,
        -1.328068155288572e+01,
        1.0,
    ];
    const TAIL_OVER: [f64; 6] = [
        -7.784894002430293e-03,
        -3.223964580411365e-01,
        -2.400758277161838e+00,
        -2.549732539343734e+00,
        4.374664141464968e+00,
        2.938163982698783e+00,
    ];
    const TAIL_UNDER: [f64; 5] = [
        7.784695709041462e-03,
        3.224671290700398e-01,
        2.445134137142996e+00,
        3.754408661907416e+00,
        1.0,
    ];
    if p < 0.02425 {
        let q = (-2.0 * libm::log(p)).sqrt();
        return horner(&TAIL_OVER, q) / horner(&TAIL_UNDER, q);
    }
    let square = from_middle * from_middle;
    -from_middle * horner(&CENTRE_OVER, square) / horner(&CENTRE_UNDER, square)
}

/// Polynomial at x, highest power first.
fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |value, coefficient| value * x + coefficient)
}

/// The t with P(|T| ≤ t) = `level` for Student's T of `degrees` ≥ 1 degrees of freedom.
///
/// Up to 200 degrees by bisection of the finite series for whole degrees (Abramowitz & Stegun
/// 26.7.3–4), to the last bit or two; above, by the expansion in 1/degrees (26.7.5), whose error
/// is below 1e-10 there.
pub fn student_t_two_sided(level: f64, degrees: u64) -> f64 {
    assert!(degrees >= 1 && level > 0.0 && level < 1.0, "level {level}, degrees {degrees}");
    let z = normal_quantile(0.5 + 0.5 * level);
    if degrees > 200 {
        return cornish_fisher_t(z, degrees as f64);
    }
    let (mut low, mut high) = (0.0, 2.0 * z + 1.0);
    while student_t_mass_within(high, degrees) < level {
        high *= 2.0;
    }
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if student_t_mass_within(middle, degrees) < level { low = middle } else { high = middle }
    }
    high
}

fn cornish_fisher_t(z: f64, degrees: f64) -> f64 {
    let s = z * z;
    let terms = [
        z * (-945.0 + s * (-1920.0 + s * (1482.0 + s * (776.0 + s * 79.0)))) / 92160.0,
        z * (-15.0 + s * (17.0 + s * (19.0 + s * 3.0))) / 384.0,
        z * (3.0 + s * (16.0 + s * 5.0)) / 96.0,
        z * (1.0 + s) / 4.0,
        z,
    ];
    horner(&terms, 1.0 / degrees)
}

/// P(|T| ≤ t).
fn student_t_mass_within(t: f64, degrees: u64) -> f64 {
    let n = degrees as f64;
    let angle = libm::atan(t / n.sqrt());
    let sine = t / (n + t * t).sqrt();
    let cosine_squared = n / (n + t * t);
    let odd = degrees % 2;
    // Terms follow from each other by cos² · k/(k + 1), k = 1, 3, 5, … (even) or 2, 4, … (odd).
    let mut term = if odd == 1 { cosine_squared.sqrt() } else { 1.0 };
    let mut sum = if degrees == 1 { 0.0 } else { term };
    let mut k = 1 + odd;
    while k + 3 <= degrees {
        term *= cosine_squared * (k as f64) / (k as f64 + 1.0);
        sum += term;
        k += 2;
    }
    if odd == 1 { 2.0 / PI * (angle + sine * sum) } else { sine * sum }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    /// Values from mpmath with 40 digits: `erfc(-x/sqrt(2))/2` for the x given as `f64`.
    #[test]
    fn normal_cdf_matches_forty_digit_values() {
        let table = [
            (-30.0, 4.906713927148187e-198),
            (-8.0, 6.220960574271784e-16),
            (-5.0, 2.866515718791939e-07),
            (-3.0, 0.0013498980316300946),
            (-1.0, 0.15865525393145705),
            (-0.1, 0.460172162722971),
            (0.0, 0.5),
            (0.5, 0.6914624612740131),
            (1.0, 0.8413447460685429),
            (2.0, 0.9772498680518208),
            (4.0, 0.9999683287581669),
        ];
        for (x, expected) in table {
            let relative: f64 = normal_cdf(x) / expected - 1.0;
            // Half an ulp of x moves the tail by x² of its own ulps.
            assert!(relative.abs() < 2e-16 * (4.0 + x * x), "{x}: {}", normal_cdf(x));
        }
    }

    /// Values from mpmath with 40 digits: `-sqrt(2)*erfcinv(2*p)` for the p given as `f64`.
    #[test]
    fn normal_quantile_matches_forty_digit_values() {
        let table = [
            (1e-250, -33.79958617269484),
            (1e-30, -11.464024688443615),
            (1e-09, -5.9978070150076865),
            (0.001, -3.0902323061678136),
            (0.02, -2.053748910631823),
            (0.0243, -1.9720841590292886),
            (0.1, -1.2815515655446004),
            (0.25, -0.6744897501960817),
            (0.3, -0.5244005127080408),
            (0.4999999999, -2.506628482030354e-10),
            (0.5000001, 2.506628273311648e-07),
            (0.6, 0.2533471031357997),
            (0.75, 0.6744897501960817),
            (0.9, 1.2815515655446006),
            (0.975, 1.9599639845400538),
            (0.99, 2.3263478740408408),
            (0.999, 3.090232306167813),
            (0.9999999, 5.199337582290661),
        ];
        for (p, expected) in table {
            let x = normal_quantile(p);
            assert!((x / expected - 1.0).abs() < 2e-15, "{p}: {x} not {expected}");
        }
        assert_eq!(normal_quantile(0.5), 0.0);
        assert!((normal_quantile(0.975) - Z_95).abs() < 1e-15);
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(f64::NAN).is_nan());
    }

    #[test]
    fn normal_quantile_matches_statrs() {
        let reference = Normal::standard();
        for i in 1..2000 {
            let p = f64::from(i) / 2000.0;
            let (x, expected) = (normal_quantile(p), reference.inverse_cdf(p));
            assert!((x - expected).abs() <= 1e-13 * expected.abs(), "{p}: {x} not {expected}");
        }
    }

    /// Two-sided points solved from mpmath's `betainc` with 40 digits; the 95 % ones, rounded,
    /// are those of any printed t table (12.706, 4.303, 2.228, 1.984, 1.962).
    #[test]
    fn student_t_points() {
        let table = [
            (0.5, 1, 1.0),
            (0.5, 2, 0.816496580927726),
            (0.5, 3, 0.7648923284043453),
            (0.5, 10, 0.6998120613124317),
            (0.5, 99, 0.6769759855461527),
            (0.5, 100, 0.6769510430114715),
            (0.5, 199, 0.6757245956106457),
            (0.5, 200, 0.6757184114042202),
            (0.5, 201, 0.6757122888309559),
            (0.5, 1000, 0.6747351646070094),
            (0.95, 1, 12.706204736174694),
            (0.95, 2, 4.302652729749462),
            (0.95, 3, 3.1824463052837086),
            (0.95, 10, 2.2281388519862744),
            (0.95, 99, 1.9842169515864172),
            (0.95, 100, 1.9839715185235518),
            (0.95, 199, 1.9719565442517535),
            (0.95, 200, 1.971896223633909),
            (0.95, 201, 1.9718365067798589),
            (0.95, 1000, 1.962339080826408),
            (0.999, 1, 636.6192487687191),
            (0.999, 2, 31.599054576443606),
            (0.999, 3, 12.92397863668748),
            (0.999, 10, 4.586893858702635),
            (0.999, 99, 3.39152883336365),
            (0.999, 100, 3.39049131116423),
            (0.999, 199, 3.3400865561614306),
            (0.999, 200, 3.339835406275678),
            (0.999, 201, 3.3395867889052693),
            (0.999, 1000, 3.3002826484239125),
        ];
        for (level, degrees, expected) in table {
            let t = student_t_two_sided(level, degrees);
            // The series is exact up to rounding in 1 − level; above 200 degrees the first term
            // left out is of order z⁸/n⁵.
            let tolerance = if degrees > 200 { 1e-10 } else { 1e-14 + 1e-15 / (1.0 - level) };
            assert!((t / expected - 1.0).abs() < tolerance, "{level} {degrees}: {t}");
        }
    }
}
