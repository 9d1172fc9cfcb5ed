//! Price and funding histories: read from CSV or Parquet, checked, repaired only as asked, and
//! laid side by side.
//!
//! [`load_bars`] and [`load_series`] read one file and either hand over a history whose times
//! strictly increase and whose values are sane, or list every fault found. [`align`] cuts several
//! of them to one span in which each has every bar. [`write_bars`] and [`write_series`] write the
//! normal form, which [`normal_form`] describes. Times are UTC milliseconds since the epoch.

mod align;
mod bars;
mod check;
mod csv_form;
mod error;
#[cfg(test)]
mod hostile;
mod load;
pub mod normal_form;
mod options;
pub(crate) mod parquet_columns;
mod parquet_writer;
mod repair;
mod table;
mod times;

pub use align::{Aligned, AlignedAsset, align};
pub use bars::{Bars, Repairs, Series};
pub(crate) use bars::{INTERVAL_KEY, LAYOUT_KEY, REPAIRS_KEY, SOURCE_KEY};
pub(crate) use error::Faults;
pub use error::HistoryError;
pub(crate) use load::sha256_hex;
pub use load::{load_bars, load_series};
pub use normal_form::{write_bars, write_series};
pub use options::{
    CsvColumns, DisorderRule, DuplicateRule, GapRule, LoadOptions, SeriesColumns, TimeUnit,
};
pub(crate) use parquet_writer::{Values, write_columns};
pub(crate) use times::Written as TimeWritten;
