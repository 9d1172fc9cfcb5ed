//! Standard normal draws: 256-layer ziggurat (Marsaglia & Tsang 2000), tail after Marsaglia
//! (1964).

use std::sync::LazyLock;

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::ziggurat::{self, Table};

/// Start of the tail r, and area r·f(r) + ∫ᵣ^∞ f of each layer for f(x) = exp(−x²/2): the root
/// of "256 layers close at f = 1", solved with 50 decimal digits.
const TAIL_START: f64 = 3.654_152_885_361_008_8;
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
