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
