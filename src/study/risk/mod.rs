//! Risk figures of the book at the start, taken apart, and back-tests of them.
//!
//! The book is what stands at the start ([`crate::scenario::books`]) and is held as it is: what
//! policies do is in the figures of the run, not in these.

mod backtest;
mod covariance;
mod figure;
mod figures;
mod past;
mod simulated;

pub use backtest::{Backtest, BacktestDay, Forecaster, Tests, backtests};
pub use figure::{BookFigure, Method};
pub use figures::book_figures;
