//! Randomness and statistics: everything a result is drawn from or judged by.
//!
//! Keyed streams and the samplers on them, quantiles and intervals, survival curves, and the
//! small matrix routines behind correlated factors. All of it is scalar, sums left to right and
//! takes its functions from `libm`, so that the same input gives the same bits on every machine.

mod exponential;
mod normal;
mod stream;
mod ziggurat;

pub use stream::{Stream, StreamKey};
