//! PNG charts, one file per chart. Each takes a plain data struct that knows nothing of the engine
//! and writes a 1600×900 PNG; the same data gives the same bytes on every machine, because the
//! font is embedded and nothing depends on the platform.
//!
//! Shared rooms: `page` (title, legend, footer), `panel` (axes and grid), `canvas` (shapes and
//! text), `ticks` and `calendar` (labels), `downsample` (long series), `bins`
//! (counting), `markers` (events), `bands` (zones).

mod bands;
mod bins;
mod calendar;
mod canvas;
mod data;
mod downsample;
mod error;
mod font;
mod markers;
mod page;
mod palette;
mod panel;
mod ticks;

pub mod backtest;
pub mod bars;
pub mod calibration;
pub mod cascade;
pub mod custody;
pub mod diversification;
pub mod fan;
pub mod fleet_utilisation;
pub mod health;
pub mod heat_map;
pub mod histogram;
pub mod inspection;
pub mod price;
pub mod recalls;
pub mod rolling;
pub mod survival;
pub mod tornado;
pub mod utilisation;
pub mod wallet_use;
pub mod yields;
pub mod zones;

pub use data::{Caption, Sample};
pub use error::ChartError;
