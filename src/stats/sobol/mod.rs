//! Randomised Sobol points.

mod directions;

use super::Stream;
use directions::DIRECTIONS;

/// Bits of a coordinate: uniforms (k + 1/2)·2⁻⁵², as [`Stream::uniform_open`] has them.
const BITS: u32 = 52;

/// Most points of a set, as a power of two.
pub const SOBOL_LOG2_MAX: u32 = 16;

/// Dimensions that there are direction numbers for.
pub const SOBOL_DIMENSIONS: usize = DIRECTIONS.len() + 1;

/// The first 2^m points of the Sobol sequence (Sobol 1967, direction numbers of Joe & Kuo 2008),
/// randomised by Matoušek's linear scramble and a digital shift (J. Matoušek 1998, *On the
/// L2-discrepancy for anchored boxes*).
///
/// Every point is uniform in the unit cube, so that a mean over a set has no bias, and the set
/// stays a net; two randomisations are independent. For smooth functions the error of a mean falls
/// faster than with independent points (A. Owen 1997, *Scrambled net variance*).
#[derive(Clone, Debug)]
pub struct SobolSet {
    log2: u32,
    /// Direction numbers of each dimension, the binary point above bit [`BITS`].
    directions: Vec<Vec<u64>>,
    /// The same, scrambled.
    scrambled: Vec<Vec<u64>>,
    shifts: Vec<u64>,
}

impl SobolSet {
    /// A set of 2^`log2` points, not randomised: its first point is near the corner 0.
    ///
    /// # Panics
    /// If there are more than [`SOBOL_DIMENSIONS`], or 2^[`SOBOL_LOG2_MAX`] points.
    pub fn new(dimensions: usize, log2: u32) -> Self {
        assert!(dimensions <= SOBOL_DIMENSIONS, "{dimensions} dimensions of a Sobol set");
        assert!(log2 <= SOBOL_LOG2_MAX, "2^{log2} points of a Sobol set");
        let directions: Vec<_> = (0..dimensions).map(|at| directions_of(at, log2)).collect();
        Self { log2, scrambled: directions.clone(), directions, shifts: vec![0; dimensions] }
    }

    /// Draws another randomisation: as many words for each dimension as there are bits in a
    /// point's number, and one.
    pub fn randomise(&mut self, stream: &mut Stream) {
        let both = self.directions.iter().zip(&mut self.scrambled);
        for ((plain, scrambled), shift) in both.zip(&mut self.shifts) {
            scrambled.fill(0);
            // Column by column of a random lower triangle with ones on its diagonal.
            for digit in 1..=self.log2 {
                let place = 1_u64 << (BITS - digit);
                let column = place | (stream.next_u64() & (place - 1));
                for (to, from) in scrambled.iter_mut().zip(plain) {
                    if from & place != 0 {
                        *to ^= column;
                    }
                }
            }
            *shift = stream.next_u64() >> (64 - BITS);
        }
    }

    /// A coordinate of a point, in (0, 1). Points are numbered from 0.
    ///
    /// # Panics
    /// If the set has no such dimension.
    pub fn coordinate(&self, point: u32, dimension: usize) -> f64 {
        let bits = self.scrambled[dimension].iter().enumerate().fold(
            self.shifts[dimension],
            |bits, (place, direction)| {
                if point >> place & 1 == 1 { bits ^ direction } else { bits }
            },
        );
        (bits as f64 + 0.5) / (1_u64 << BITS) as f64
    }
}

/// v_k = m_k/2^k, k = 1..=log2: m_k = 2a₁m_{k−1} ⊕ … ⊕ 2^s·m_{k−s} ⊕ m_{k−s} (Bratley & Fox 1988,
/// *Algorithm 659*); in dimension 0 van der Corput's, m_k = 1.
fn directions_of(dimension: usize, log2: u32) -> Vec<u64> {
    let Some(&(inner, first)) = dimension.checked_sub(1).and_then(|at| DIRECTIONS.get(at)) else {
        return (1..=log2).map(|k| 1 << (BITS - k)).collect();
    };
    let degree = first.len();
    let mut m: Vec<u64> = first.iter().map(|m| u64::from(*m)).collect();
    for k in degree..log2 as usize {
        let mut next = m[k - degree] ^ (m[k - degree] << degree);
        for j in 1..degree {
            if inner >> (degree - 1 - j) & 1 == 1 {
                next ^= m[k - j] << j;
            }
        }
        m.push(next);
    }
    (1..=log2).zip(m).map(|(k, m)| m << (BITS - k)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::StreamKey;

    /// The ten points in three dimensions that Joe & Kuo's program prints, in Gray code's order:
    /// number k of theirs is number k ⊕ k/2 here.
    #[test]
    fn points_are_those_of_joe_and_kuo() {
        let theirs = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
            [0.1875, 0.3125, 0.9375],
            [0.6875, 0.8125, 0.4375],
        ];
        let set = SobolSet::new(3, 4);
        for (number, expected) in (0_u32..).zip(theirs) {
            let found = [0, 1, 2].map(|at| set.coordinate(number ^ (number >> 1), at));
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-15, "{number}: {found}, not {expected}");
            }
        }
    }

    /// Scrambled or not, each of 2^m equal intervals holds one of 2^m points in every dimension,
    /// and each of the elementary rectangles of dimensions 0 and 1, a (0, 2)-sequence, one point.
    #[test]
    fn sets_are_nets() {
        let mut stream = StreamKey::new("test", "sobol").open(1, 0);
        let mut set = SobolSet::new(SOBOL_DIMENSIONS, 10);
        for _ in 0..3 {
            for dimension in 0..SOBOL_DIMENSIONS {
                let mut taken = vec![false; 1024];
                for point in 0..1024 {
                    taken[(set.coordinate(point, dimension) * 1024.0) as usize] = true;
                }
                assert!(taken.iter().all(|taken| *taken), "dimension {dimension}");
            }
            for bits in 0..=10 {
                let (wide, high) = (f64::from(1 << bits), f64::from(1 << (10 - bits)));
                let mut taken = vec![false; 1024];
                for point in 0..1024 {
                    let column = (set.coordinate(point, 0) * wide) as usize;
                    let row = (set.coordinate(point, 1) * high) as usize;
                    taken[column * (1 << (10 - bits)) + row] = true;
                }
                assert!(taken.iter().all(|taken| *taken), "{wide} × {high}");
            }
            set.randomise(&mut stream);
        }
    }

    /// Each point is uniform, each pair of dimensions independent: over 4,000 randomisations
    /// counts of 16 cells of one point, χ² of 15 degrees, and the product of two coordinates about
    /// 1/2, of variance 1/144. Four and a half deviations.
    #[test]
    fn each_point_is_uniform() {
        let mut stream = StreamKey::new("test", "uniform").open(1, 0);
        let mut set = SobolSet::new(8, 5);
        let (mut counts, mut product) = ([[0_u32; 16]; 8], 0.0);
        for _ in 0..4_000 {
            set.randomise(&mut stream);
            for (dimension, counts) in counts.iter_mut().enumerate() {
                counts[(set.coordinate(13, dimension) * 16.0) as usize] += 1;
            }
            product += (set.coordinate(13, 2) - 0.5) * (set.coordinate(13, 7) - 0.5);
        }
        for counts in counts {
            let square = |count: &u32| (f64::from(*count) - 250.0) * (f64::from(*count) - 250.0);
            let chi_squared: f64 = counts.iter().map(square).sum::<f64>() / 250.0;
            assert!((chi_squared - 15.0).abs() < 4.5 * 30.0_f64.sqrt(), "{chi_squared}");
        }
        assert!((product / 4_000.0).abs() < 4.5 / 12.0 / 4_000.0_f64.sqrt(), "{product}");
    }
}
