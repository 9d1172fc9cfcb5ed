//! PNG charts, one file per chart. Each takes a plain data struct that knows nothing of the engine
//! and writes a 1600×900 PNG; the same data gives the same bytes on every machine, because the
//! font is embedded and nothing depends on the platform.
//!
//! Shared rooms: `page` (title, legend, footer), `panel` (axes and grid), `canvas` (shapes and
//! text), `ticks` and `calendar` (labels), `downsample` (long series), `bins`
//! (counting), `markers` (events), `bands` (zones), `gradient` (a metric as colour), `contour` and
//! `hatch` (where a constraint binds).

mod bands;
mod bins;
mod calendar;
mod canvas;
mod contour;
mod data;
mod downsample;
mod error;
mod font;
mod gradient;
mod hatch;
mod markers;
mod page;
mod palette;
mod panel;
mod stack;
mod ticks;

pub mod backtest;
pub mod bars;
pub mod calibration;
pub mod cascade;
pub mod custody;
pub mod differences;
pub mod diversification;
pub mod fan;
pub mod fleet_utilisation;
pub mod grid;
pub mod health;
pub mod heat_map;
pub mod histogram;
pub mod inspection;
pub mod parallel;
pub mod pareto;
pub mod price;
pub mod profile;
pub mod recalls;
pub mod rolling;
pub mod scatter;
pub mod sensitivity;
pub mod survival;
pub mod tornado;
pub mod utilisation;
pub mod wallet_use;
pub mod yields;
pub mod zones;

pub use data::{Caption, Estimate, Sample, Verdict};
pub use error::ChartError;
