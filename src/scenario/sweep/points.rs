//! Points of the unit cube.

use crate::stats::{SobolSet, StreamKey};

/// Independent uniform coordinates of an axis, one for each point. They depend on the axis' path, so
/// that another axis or more points move none of them.
pub(super) fn random(path: &str, seed: u64, count: u64) -> Vec<f64> {
    let key = StreamKey::new("sweep", path);
    (0..count).map(|point| key.open(seed, point).uniform()).collect()
}

/// Coordinates of an axis of a Latin hypercube: one, uniform, in each of as many equal parts of the
/// unit interval as there are points, in random order (McKay, Beckman & Conover 1979, *A comparison
/// of three methods for selecting values of input variables*, Technometrics 21(2)).
pub(super) fn latin_hypercube(path: &str, seed: u64, count: u64) -> Vec<f64> {
    let mut order: Vec<u64> = (0..count).collect();
    let mut stream = StreamKey::new("sweep strata", path).open(seed, 0);
    for last in (1..order.len()).rev() {
        let other = (stream.uniform() * (last + 1) as f64) as usize;
        order.swap(last, other.min(last));
    }
    let within = random(path, seed, count);
    let place = |(part, within): (u64, f64)| (part as f64 + within) / count as f64;
    order.into_iter().zip(within).map(place).collect()
}

/// Coordinates of an axis, by its number, of the first points of the Sobol sequence in the order of
/// Gray's code, as the published tables have them. The corner of all lower ends is the first: without
/// it 2^m points are no net (A. Owen 2020, *On dropping the first Sobol' point*).
pub(super) fn sobol(axis: usize, count: u64) -> Vec<f64> {
    let log2 = count.next_power_of_two().trailing_zeros();
    let set = SobolSet::new(axis + 1, log2);
    let points = 0..u32::try_from(count).unwrap_or(u32::MAX);
    points.map(|number| set.coordinate(number ^ (number >> 1), axis)).collect()
}
