//! Exponential draws of mean 1: 256-layer ziggurat (Marsaglia & Tsang 2000).

use std::sync::LazyLock;

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::ziggurat::{self, Table};

/// Start of the tail r, and area (r + 1)·exp(−r) of each layer for f(x) = exp(−x): the root of
/// "256 layers close at f = 1", solved with 50 decimal digits.
const TAIL_START: f64 = 7.697_117_470_131_05;
const AREA: f64 = 0.003_949_659_822_581_557;

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::new(TAIL_START, AREA, density, inverse_density));

fn density(x: f64) -> f64 {
    libm::exp(-x)
}

fn inverse_density(height: f64) -> f64 {
    -libm::log(height)
}

#[inline]
pub(super) fn table() -> &'static Table {
    &TABLE
}

/// One draw; 98.9 % end here.
#[inline(always)] // a call per draw would spill the generator's state
pub(super) fn draw(table: &Table, rng: &mut Xoshiro256PlusPlus) -> f64 {
    let bits = rng.next_u64();
    let layer = table.layers[ziggurat::layer_of(bits)];
    let fraction = ziggurat::fraction_of(bits);
    if fraction < layer.accept_below {
        return ziggurat::to_f64(fraction) * layer.scale;
    }
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
        let fraction = ziggurat::fraction_of(bits);
        let x = ziggurat::to_f64(fraction) * table.layers[i].scale;
        if fraction < table.layers[i].accept_below {
            return (x, rng);
        }
        if i == 0 {
            // Memoryless: the tail is the distribution itself, moved.
            return (TAIL_START - libm::log(ziggurat::uniform_open(&mut rng)), rng);
        }
        let edge = table.edge[i];
        let excess = edge - x;
        if table.is_under(i, ziggurat::uniform(&mut rng), excess) {
            return (x, rng);
        }
        bits = rng.next_u64();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::StreamKey;

    /// As for the normal: cells cut at the layers' edges and midpoints, five deviations of χ².
    #[test]
    fn counts_between_the_layers_edges() {
        let table = table();
        let mut cuts: Vec<f64> = vec![0.0];
        for pair in table.edge[1..].windows(2).rev() {
            cuts.extend([0.5 * (pair[0] + pair[1]), pair[0]]);
        }
        let draws = 8_000_000;
        let mut counts = vec![0_u32; cuts.len()];
        let mut stream = StreamKey::new("test", "layers").open(1, 0);
        for _ in 0..draws {
            let value = stream.exponential();
            counts[cuts.partition_point(|cut| *cut <= value) - 1] += 1;
        }
        let mut chi_squared = 0.0;
        for (k, count) in counts.iter().enumerate() {
            let above = cuts.get(k + 1).map_or(0.0, |cut| density(*cut));
            let expected = f64::from(draws) * (density(cuts[k]) - above);
            chi_squared +=
                (f64::from(*count) - expected) * (f64::from(*count) - expected) / expected;
        }
        let freedom = counts.len() as f64 - 1.0;
        let deviations = (chi_squared - freedom) / (2.0 * freedom).sqrt();
        assert!(deviations.abs() < 5.0, "χ² {chi_squared} on {freedom}: {deviations} deviations");
    }

    /// Beyond the tail's start what is in excess is exponential again: mean 1, variance 1.
    #[test]
    fn the_tail_has_no_memory() {
        let mut stream = StreamKey::new("test", "tail").open(1, 0);
        let draws = (0..20_000_000).map(|_| stream.exponential());
        let excess: Vec<f64> = draws.filter(|x| *x > TAIL_START).map(|x| x - TAIL_START).collect();
        let count = excess.len() as f64;
        let expected = 20_000_000.0 * density(TAIL_START);
        assert!((count - expected).abs() < 4.0 * expected.sqrt(), "{count}, not {expected}");
        let mean = excess.iter().sum::<f64>() / count;
        assert!((mean - 1.0).abs() < 4.0 / count.sqrt(), "{mean}");
    }
}
