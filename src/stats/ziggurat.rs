//! Tables of a 256-layer ziggurat over a decreasing density on [0, ∞), and the bit layout that
//! both samplers share.
//!
//! Source: Marsaglia & Tsang, "The Ziggurat Method for Generating Random Variables", J. Stat.
//! Softw. 5(8), 2000; one 64-bit draw serves layer, sign and a 53-bit fraction from disjoint
//! bits, which avoids the correlation that Doornik (2005) found in the original.

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

pub(super) const LAYERS: usize = 256;
const FRACTION_BITS: u32 = 53;
/// 2^53 and its inverse, both exact.
const FRACTION_ONE: f64 = (1_u64 << FRACTION_BITS) as f64;
const FRACTION_UNIT: f64 = 1.0 / FRACTION_ONE;

/// What the fast path reads: 16 bytes, hence one cache line per draw.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layer {
    /// Fractions below this lie under the density whatever the height: accept.
    pub accept_below: u64,
    /// Right edge of the layer × 2⁻⁵³: fraction × scale is the abscissa.
    pub scale: f64,
}

/// Layer 0 is the base strip with the tail; layer i ≥ 1 spans heights
/// `height[i]..height[i + 1]` and abscissae up to `edge[i]`. Every layer has the same area.
#[derive(Debug)]
pub(super) struct Table {
    /// Layers 0–255 again as 256–511 with the scale negated: a sign costs no instruction.
    pub layers: [Layer; 2 * LAYERS],
    /// Density at `edge`; `height[0]` is 0 and not used.
    pub height: [f64; LAYERS + 1],
    /// `edge[1]` is where the tail starts, `edge[256]` is 0, `edge[0]` the base strip's width.
    pub edge: [f64; LAYERS + 1],
}

impl Table {
    /// `tail_start` and `area` (of each layer, base strip with tail included) are the pair that
    /// makes the uppermost layer end exactly at the density's peak of 1.
    pub fn new(
        tail_start: f64,
        area: f64,
        density: fn(f64) -> f64,
        inverse: fn(f64) -> f64,
    ) -> Self {
        let mut edge = [0.0; LAYERS + 1];
        let mut height = [0.0; LAYERS + 1];
        edge[0] = area / density(tail_start);
        edge[1] = tail_start;
        height[1] = density(tail_start);
        for i in 2..LAYERS {
            height[i] = height[i - 1] + area / edge[i - 1];
            edge[i] = inverse(height[i]);
        }
        edge[LAYERS] = 0.0;
        height[LAYERS] = 1.0;
        let mut layers = [Layer { accept_below: 0, scale: 0.0 }; 2 * LAYERS];
        for i in 0..LAYERS {
            let accept_below = (edge[i + 1] / edge[i] * FRACTION_ONE) as u64;
            let scale = edge[i] * FRACTION_UNIT;
            layers[i] = Layer { accept_below, scale };
            layers[i + LAYERS] = Layer { accept_below, scale: -scale };
        }
        Self { layers, height, edge }
    }

    /// Whether a point at `share` of the height of layer i ≥ 1 lies under the density, which is
    /// there exp(`excess`) times that at the layer's right edge; `excess` ≤ 0.76 in both tables.
    ///
    /// exp costs as much as ten whole draws; its series to the third order, whose remainder lies
    /// in [δ⁴/24, δ⁴/10] for such δ, decides nearly always.
    #[inline]
    pub fn is_under(&self, i: usize, share: f64, excess: f64) -> bool {
        let risen = share * (self.height[i + 1] - self.height[i]) / self.height[i];
        let below = excess * (1.0 + excess * (0.5 + excess * (1.0 / 6.0)));
        if risen < below {
            return true;
        }
        let squared = excess * excess;
        risen < below + 0.1 * squared * squared && risen < libm::expm1(excess)
    }
}

/// Which of the 512 signed layers: bits 0–8, the layer below the sign.
#[inline]
pub(super) fn signed_layer_of(bits: u64) -> usize {
    (bits & 0x1ff) as usize
}

/// Layer: bits 0–7.
#[inline]
pub(super) fn layer_of(bits: u64) -> usize {
    (bits & 0xff) as usize
}

/// Fraction × 2⁵³: bits 11–63.
#[inline]
pub(super) fn fraction_of(bits: u64) -> u64 {
    bits >> 11
}

/// The fraction as `f64`, exact: it has 53 bits. Through `i64`, which converts in one instruction.
#[inline]
pub(super) fn to_f64(fraction: u64) -> f64 {
    fraction as i64 as f64
}

/// [0, 1) in steps of 2⁻⁵³.
#[inline]
pub(super) fn uniform(rng: &mut Xoshiro256PlusPlus) -> f64 {
    to_f64(rng.next_u64() >> 11) * FRACTION_UNIT
}

/// (0, 1): the midpoints of 2⁵² equal cells, so that a logarithm is finite and not zero.
#[inline]
pub(super) fn uniform_open(rng: &mut Xoshiro256PlusPlus) -> f64 {
    (to_f64(rng.next_u64() >> 12) + 0.5) * (2.0 * FRACTION_UNIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{exponential, normal};

    #[test]
    fn layers_have_equal_area_and_close_at_the_peak() {
        for table in [normal::table(), exponential::table()] {
            let area = table.edge[0] * table.height[1];
            for i in 1..LAYERS {
                let found = table.edge[i] * (table.height[i + 1] - table.height[i]);
                // Cancellation in the heights, most where layers are thin.
                assert!((found / area - 1.0).abs() < 1e-12, "layer {i}: {found}, not {area}");
            }
            assert!(table.edge.is_sorted_by(|a, b| a > b));
            for (i, layer) in table.layers.iter().enumerate() {
                let accepted = to_f64(layer.accept_below) * layer.scale.abs();
                assert!((accepted - table.edge[i % LAYERS + 1]).abs() < 1e-14, "layer {i}");
            }
        }
    }

    /// The series decides as `exp` does, on a grid over every wedge, but for points that lie on
    /// the density up to rounding.
    #[test]
    fn the_series_decides_as_the_exponential() {
        for table in [normal::table(), exponential::table()] {
            for i in 1..LAYERS {
                let most = libm::log(table.height[i + 1] / table.height[i]);
                assert!(most < 0.76, "layer {i}: {most}");
                for (a, b) in (0..=40).flat_map(|a| (0..=40).map(move |b| (a, b))) {
                    let (share, excess) = (f64::from(a) / 40.0, f64::from(b) / 40.0 * most);
                    let height = table.height[i] + share * (table.height[i + 1] - table.height[i]);
                    let density = table.height[i] * libm::exp(excess);
                    if (height / density - 1.0).abs() > 1e-14 {
                        assert_eq!(table.is_under(i, share, excess), height < density, "layer {i}");
                    }
                }
            }
        }
    }

    #[test]
    fn layer_sign_and_fraction_share_no_bit() {
        for bit in 0..64 {
            let word = 1_u64 << bit;
            let (layer, fraction) = (signed_layer_of(word), fraction_of(word));
            assert!(layer == 0 || fraction == 0, "bit {bit}");
            assert_eq!(layer != 0, bit < 9, "bit {bit}");
            assert_eq!(fraction != 0, bit >= 11, "bit {bit}");
        }
    }
}
