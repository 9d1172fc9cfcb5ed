//! Standard normal draws: 256-layer ziggurat (Marsaglia & Tsang 2000), tail after Marsaglia
//! (1964).

use std::sync::LazyLock;

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::ziggurat::{self, Table};

/// Start of the tail r, and area r·f(r) + ∫ᵣ^∞ f of each layer for f(x) = exp(−x²/2): the root
/// of "256 layers close at f = 1", solved with 50 decimal digits.
const TAIL_START: f64 = 3.654_152_885_361_009;
const AREA: f64 = 0.004_928_673_233_974_655;

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::new(TAIL_START, AREA, density, inverse_density));

fn density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x)
}

fn inverse_density(height: f64) -> f64 {
    (-2.0 * libm::log(height)).sqrt()
}

#[inline]
pub(super) fn table() -> &'static Table {
    &TABLE
}

/// One draw: 98.8 % end here, after one generator call, one multiplication and one comparison.
#[inline(always)] // a call per draw would spill the generator's state
pub(super) fn draw(table: &Table, rng: &mut Xoshiro256PlusPlus) -> f64 {
    let bits = rng.next_u64();
    let layer = table.layers[ziggurat::signed_layer_of(bits)];
    let fraction = ziggurat::fraction_of(bits);
    if fraction < layer.accept_below {
        return ziggurat::to_f64(fraction) * layer.scale;
    }
    // By value, in and out: a reference would force the generator out of its registers.
    let (value, advanced) = draw_slow(table, rng.clone(), bits);
    *rng = advanced;
    value
}

/// Wedge, tail, and the redraws after a rejection.
#[cold]
#[inline(never)]
fn draw_slow(
    table: &Table,
    mut rng: Xoshiro256PlusPlus,
    mut bits: u64,
) -> (f64, Xoshiro256PlusPlus) {
    loop {
        let i = ziggurat::layer_of(bits);
        let layer = table.layers[ziggurat::signed_layer_of(bits)];
        let fraction = ziggurat::fraction_of(bits);
        let x = ziggurat::to_f64(fraction) * layer.scale;
        if fraction < layer.accept_below {
            return (x, rng);
        }
        if i == 0 {
            let x = tail(&mut rng).copysign(layer.scale);
            return (x, rng);
        }
        let edge = table.edge[i];
        let excess = 0.5 * (edge - x.abs()) * (edge + x.abs());
        if table.is_under(i, ziggurat::uniform(&mut rng), excess) {
            return (x, rng);
        }
        bits = rng.next_u64();
    }
}

/// A normal above `TAIL_START`: x = −ln(U₁)/r, y = −ln(U₂), until 2y > x² (Marsaglia 1964).
fn tail(rng: &mut Xoshiro256PlusPlus) -> f64 {
    loop {
        let x = -libm::log(ziggurat::uniform_open(rng)) / TAIL_START;
        let y = -libm::log(ziggurat::uniform_open(rng));
        if 2.0 * y > x * x {
            return TAIL_START + x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{StreamKey, normal_cdf};

    /// Counts between layer edges and their midpoints, where a wrong wedge or a layer drawn too
    /// often would show, against the normal distribution. χ² of k cells is near k − 1 ± √(2k):
    /// five deviations above is wrong once in a million.
    #[test]
    fn counts_between_the_layers_edges() {
        let table = table();
        let mut cuts: Vec<f64> = vec![0.0];
        for pair in table.edge[1..].windows(2).rev() {
            cuts.extend([0.5 * (pair[0] + pair[1]), pair[0]]);
        }
        let draws = 8_000_000;
        let mut counts = vec![0_u32; 2 * cuts.len()];
        let mut stream = StreamKey::new("test", "layers").open(1, 0);
        for _ in 0..draws {
            let value = stream.normal();
            let cell = cuts.partition_point(|cut| *cut <= value.abs()) - 1;
            counts[2 * cell + usize::from(value < 0.0)] += 1;
        }
        let mut chi_squared = 0.0;
        for (k, count) in counts.iter().enumerate() {
            let above = cuts.get(k / 2 + 1).map_or(0.0, |cut| normal_cdf(-cut));
            let expected = f64::from(draws) * (normal_cdf(-cuts[k / 2]) - above);
            chi_squared +=
                (f64::from(*count) - expected) * (f64::from(*count) - expected) / expected;
        }
        let freedom = counts.len() as f64 - 1.0;
        let deviations = (chi_squared - freedom) / (2.0 * freedom).sqrt();
        assert!(deviations.abs() < 5.0, "χ² {chi_squared} on {freedom}: {deviations} deviations");
    }
}
