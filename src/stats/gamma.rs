//! Gamma draws and the incomplete gamma function.

use super::Stream;

/// A gamma draw of this shape, scale 1; NaN unless the shape is a positive number.
///
/// Marsaglia & Tsang 2000, *A simple method for generating gamma variables*: d·(1 + c·z)³ with
/// d = shape − 1/3, c = 1/√(9d), accepted more than 95 times in a hundred. Below shape 1, one of
/// shape + 1 times U^(1/shape).
pub(super) fn draw(shape: f64, stream: &mut Stream) -> f64 {
    if !(shape > 0.0 && shape.is_finite()) {
        return f64::NAN;
    }
    if shape < 1.0 {
        return draw(shape + 1.0, stream) * libm::pow(stream.uniform_open(), 1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let z = stream.normal();
        let root = 1.0 + c * z;
        if root <= 0.0 {
            continue;
        }
        let cube = root * root * root;
        let share = stream.uniform_open();
        // The squeeze lies below the density everywhere, so that it changes no draw.
        let square = z * z;
        if share < 1.0 - 0.0331 * square * square
            || libm::log(share) < 0.5 * square + d * (1.0 - cube + libm::log(cube))
        {
            return d * cube;
        }
    }
}

/// Q(a, x) = Γ(a, x)/Γ(a): the probability that a gamma variable of shape a > 0 exceeds x ≥ 0;
/// NaN outside. To about 1e-13 while x < a + 1 (by the series of P, Abramowitz & Stegun 6.5.29),
/// else by Legendre's continued fraction (6.5.31, Lentz's method).
pub fn gamma_upper(a: f64, x: f64) -> f64 {
    if !(a > 0.0 && x >= 0.0 && a.is_finite() && x.is_finite()) {
        return f64::NAN;
    }
    if x == 0.0 {
        return 1.0;
    }
    if x < a + 1.0 { 1.0 - lower_series(a, x) } else { upper_fraction(a, x) }
}

/// P(a, x) = x^a·e^(−x)/Γ(a + 1) · Σ xⁿ/((a + 1)…(a + n)).
fn lower_series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0, 1.0, a);
    while term > sum * f64::EPSILON / 4.0 {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    libm::exp(a * libm::log(x) - x - libm::lgamma(a + 1.0)) * sum
}

fn upper_fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    // For x ≥ a + 1 a few times √a terms do.
    for n in 1..100_000 {
        let n = f64::from(n);
        let over = -n * (n - a);
        b += 2.0;
        d = over * d + b;
        d = 1.0 / if d.abs() < TINY { TINY } else { d };
        c = b + over / c;
        c = if c.abs() < TINY { TINY } else { c };
        let factor = d * c;
        h *= factor;
        if (factor - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    libm::exp(a * libm::log(x) - x - libm::lgamma(a)) * h
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{StreamKey, normal_cdf};

    /// Q(1, x) = e^(−x); Q(1/2, x) = erfc(√x) = 2Φ(−√(2x)); Q(a + 1, x) = Q(a, x) +
    /// x^a·e^(−x)/Γ(a + 1), so that Q(2, x) = (1 + x)e^(−x) and Q(3, x) = (1 + x + x²/2)e^(−x).
    #[test]
    fn the_incomplete_gamma_function_at_known_points() {
        for x in [1e-6, 0.003, 0.4, 1.0, 1.9, 2.1, 3.5, 9.0, 30.0] {
            let e = libm::exp(-x);
            let rows = [
                (1.0, e),
                (0.5, 2.0 * normal_cdf(-(2.0 * x).sqrt())),
                (2.0, (1.0 + x) * e),
                (3.0, (1.0 + x + x * x / 2.0) * e),
            ];
            for (a, expected) in rows {
                let found = gamma_upper(a, x);
                assert!((found - expected).abs() < 1e-13 + 1e-12 * expected, "Q({a}, {x}) {found}");
            }
        }
        // Of shape 5e5 nothing lies below 1250, 700 deviations down.
        assert_eq!(gamma_upper(5e5, 1250.0), 1.0);
        assert_eq!(gamma_upper(2.5, 0.0), 1.0);
        assert!(gamma_upper(0.0, 1.0).is_nan() && gamma_upper(1.0, -1.0).is_nan());
    }

    /// Counts in 40 cells of equal probability (bounds by bisection of Q) for shapes on both sides
    /// of 1: χ² of 40 cells is near 39 ± √78, five deviations are allowed.
    #[test]
    fn gamma_draws_follow_their_law() {
        let cells = 40;
        for shape in [0.4, 1.0, 1.05, 1.5, 2.5, 10.0, 200.0] {
            let bounds: Vec<f64> = (1..cells)
                .map(|cell| {
                    let wanted = 1.0 - f64::from(cell) / f64::from(cells);
                    let (mut low, mut high) = (0.0, 1e3);
                    for _ in 0..200 {
                        let middle = 0.5 * (low + high);
                        let above = gamma_upper(shape, middle) > wanted;
                        (low, high) = if above { (middle, high) } else { (low, middle) };
                    }
                    high
                })
                .collect();
            let mut stream = StreamKey::new("test", "gamma").open(1, 0);
            let draws = 400_000;
            let mut counts = vec![0.0; bounds.len() + 1];
            for _ in 0..draws {
                let value = draw(shape, &mut stream);
                counts[bounds.partition_point(|bound| *bound <= value)] += 1.0;
            }
            let expected = f64::from(draws) / f64::from(cells);
            let square = |count: &f64| (count - expected) * (count - expected) / expected;
            let chi_squared: f64 = counts.iter().map(square).sum();
            let deviations = (chi_squared - 39.0) / 78.0_f64.sqrt();
            assert!(deviations.abs() < 5.0, "shape {shape}: χ² {chi_squared}");
        }
        assert!(draw(0.0, &mut StreamKey::new("test", "").open(1, 0)).is_nan());
    }
}
