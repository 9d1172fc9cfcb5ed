//! Student's t for any degrees of freedom, and normals that follow it rank by rank.

use std::f64::consts::PI;

use super::normal_quantile;

/// P(T > t) for Student's t with `degrees` > 0 degrees of freedom: I_x(ν/2, 1/2)/2 with
/// x = ν/(ν + t²) (Abramowitz & Stegun 26.7.1), to about 1e-13 of itself, also far out.
pub fn student_t_upper(t: f64, degrees: f64) -> f64 {
    let half = 0.5 * upper_of_log(libm::log1p(t * t / degrees), degrees);
    if t >= 0.0 { half } else { 1.0 - half }
}

/// P(|T| > t) by L = ln(1 + t²/ν).
fn upper_of_log(log: f64, degrees: f64) -> f64 {
    if log == 0.0 {
        return 1.0;
    }
    let (a, x, rest) = (degrees / 2.0, libm::exp(-log), -libm::expm1(-log));
    let ln_beta = libm::lgamma(a) + libm::lgamma(0.5) - libm::lgamma(a + 0.5);
    // x^a·(1 − x)^b/B(a, b)
    let front = libm::exp(-a * log - ln_beta) * rest.sqrt();
    if x < (a + 1.0) / (a + 2.5) {
        front * fraction(a, 0.5, x) / a
    } else {
        1.0 - front * fraction(0.5, a, rest) / 0.5
    }
}

/// The continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8) by Lentz's
/// method.
pub(super) fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let off_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / off_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..10_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for term in [even, odd] {
            d = 1.0 / off_zero(1.0 + term * d);
            c = off_zero(1.0 + term / c);
            value *= d * c;
        }
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

/// Cells of the table for each unit of L.
const CELLS: f64 = 64.0;
/// L up to which there is a table; beyond it the function itself is asked.
const REACH: usize = 24;

/// t ↦ Φ⁻¹(T_ν(t)): turns a Student t into the normal of the same rank.
///
/// With L = ln(1 + t²/ν), |z| = √(ν·L)·h(L), h smooth and nearly constant (D. L. Wallace 1959,
/// *Bounds on normal approximations to Student's and the chi-square distributions*: (8ν + 1)/(8ν +
/// 3)). h stands in a table, between whose entries a cubic through four runs: |z| is exact to 1e-8.
#[derive(Clone, Debug)]
pub struct NormalOfT {
    degrees: f64,
    /// h at −1, 0, 1, … cells; h is even in t, so that the one before 0 is extrapolated.
    table: Vec<f64>,
}

impl NormalOfT {
    /// The table for `degrees` > 0 degrees of freedom.
    pub fn new(degrees: f64) -> Self {
        let at = |cell: usize| h(cell as f64 / CELLS, degrees);
        let cells = REACH * CELLS as usize + 2;
        let values: Vec<f64> = (0..=cells).map(at).collect();
        let before = 4.0 * values[0] - 6.0 * values[1] + 4.0 * values[2] - values[3];
        let table = std::iter::once(before).chain(values).collect();
        Self { degrees, table }
    }

    /// The normal of the rank of t, given t's sign by `signed` and t²/ν.
    #[inline]
    pub fn of_square(&self, signed: f64, square: f64) -> f64 {
        let log = libm::log1p(square);
        let place = log * CELLS;
        let cell = place as usize;
        let ratio = match self.table.get(cell..cell.saturating_add(4)) {
            Some(&[a, b, c, d]) => {
                let s = place - cell as f64;
                // Lagrange's cubic through −1, 0, 1, 2.
                let (p, q, r) = (s + 1.0, s - 1.0, s - 2.0);
                -s * q * r / 6.0 * a + p * q * r / 2.0 * b - p * s * r / 2.0 * c
                    + p * s * q / 6.0 * d
            }
            _ => h(log, self.degrees),
        };
        ((self.degrees * log).sqrt() * ratio).copysign(signed)
    }

    /// The normal of the rank of t.
    pub fn of(&self, t: f64) -> f64 {
        self.of_square(t, t * t / self.degrees)
    }
}

/// |Φ⁻¹(T_ν(t))|/√(ν·L); at 0 the limit, the ratio of both densities there.
fn h(log: f64, degrees: f64) -> f64 {
    if log == 0.0 {
        let ratio = libm::exp(libm::lgamma(degrees / 2.0 + 0.5) - libm::lgamma(degrees / 2.0));
        return ratio * (2.0 / degrees).sqrt();
    }
    let tail = 0.5 * upper_of_log(log, degrees);
    let z = if tail > 1e-290 { -normal_quantile(tail) } else { far_normal(log, degrees) };
    z / (degrees * log).sqrt()
}

/// −Φ⁻¹ of a tail below 1e-290, by its logarithm: −2·ln p = z² + ln(2π·z²) + 2/z² + …, solved by
/// repetition.
fn far_normal(log: f64, degrees: f64) -> f64 {
    let a = degrees / 2.0;
    let ln_beta = libm::lgamma(a) + libm::lgamma(0.5) - libm::lgamma(a + 0.5);
    let series = libm::log(fraction(a, 0.5, libm::exp(-log)));
    let rest = 0.5 * libm::log(-libm::expm1(-log));
    let twice = 2.0 * (a * log + ln_beta + libm::log(2.0 * a) - rest - series);
    let mut square = twice;
    for _ in 0..50 {
        square = twice - libm::log(2.0 * PI * square) - 2.0 / square;
    }
    square.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::normal_cdf;

    /// P(T > t) of 2 degrees is (1 − t/√(2 + t²))/2, of 1
    /// 1/2 − atan(t)/π. Printed tables: t = 2.776 of 4, 2.228 of 10, 1.980 of 120 leave 2.5 %.
    #[test]
    fn tails_of_closed_forms() {
        for t in [0.0, 0.01, 0.5, 1.0, 3.0, 20.0, 400.0_f64] {
            let root = (2.0 + t * t).sqrt();
            // (1 − t/root)/2 without cancellation: 1/(root·(root + t)).
            let two = 1.0 / (root * (root + t));
            assert!((student_t_upper(t, 2.0) / two - 1.0).abs() < 1e-12, "{t}");
            let one = 0.5 - libm::atan(t) / PI;
            assert!((student_t_upper(t, 1.0) - one).abs() < 1e-14, "{t}");
            assert!((student_t_upper(-t, 2.0) - (1.0 - two)).abs() < 1e-14, "{t}");
        }
        for (t, degrees) in [(2.776_445_105, 4.0), (2.228_138_852, 10.0), (1.979_930_405, 120.0)] {
            assert!((student_t_upper(t, degrees) - 0.025).abs() < 1e-9, "{degrees}");
        }
    }

    /// The normal has the t's rank: Φ(−z) is the tail, near 0, between entries and beyond them.
    #[test]
    fn ranks_are_kept() {
        for degrees in [2.01, 3.0, 4.5, 30.0, 1000.0] {
            let normal = NormalOfT::new(degrees);
            assert_eq!(normal.of(0.0), 0.0);
            for k in 1..4_000 {
                let t = 1e-3 * libm::exp(f64::from(k) / 300.0);
                let tail = student_t_upper(t, degrees);
                if tail < 1e-250 {
                    break;
                }
                let z = normal.of(t);
                // dp/p = z·dz far out, φ/Φ̄ < z + 1.
                let off = (normal_cdf(-z) / tail - 1.0).abs() / (1.0 + z);
                assert!(off < 1e-8 * z + 1e-11, "ν {degrees}, t {t}: {z} is off by {off}");
                assert_eq!(normal.of(-t).to_bits(), (-z).to_bits());
            }
        }
    }

    /// Both ways to a normal meet where one ends, and no t is too large.
    #[test]
    fn no_t_is_too_large() {
        for degrees in [2.01, 4.0, 1000.0] {
            // The tail is near 1e-290 there.
            let edge = 2.0 * 290.0 * std::f64::consts::LN_10 / degrees;
            let (below, above) = (h(edge * 0.99, degrees), h(edge * 1.01, degrees));
            assert!((below / above - 1.0).abs() < 2e-3, "{degrees}: {below}, {above}");
            let far = NormalOfT::new(degrees).of(1e150);
            assert!(far > 30.0 && far.is_finite(), "{degrees}: {far}");
        }
    }
}
