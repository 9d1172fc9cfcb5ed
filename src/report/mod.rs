//! What a person opens: tables, files and charts. Sees outcomes and traces, never the engine.
//!
//! One file per output. [`produce`] is the whole way from a scenario to a folder: rows stream
//! through [`Rows`] while the study runs, everything else is made from what it found.

mod axis_names;
mod calibration;
pub mod charts;
mod compare;
mod dictionary;
mod drift;
mod events;
mod explain;
mod fan;
mod files;
mod fired;
mod fleet;
mod folder;
mod impact;
mod json;
mod kills;
mod loans;
mod manifest;
mod models;
mod not_modelled;
mod number;
mod pictures;
mod price_table;
mod prime_table;
mod produce;
mod rare;
mod risk_table;
mod rows;
mod rows_csv;
mod rows_parquet;
mod shown;
mod story;
mod stress;
mod summary;
mod survival;
mod sweep;
mod terminal;
#[cfg(test)]
mod testing;
mod timeseries;
mod tune;
mod verdict;
mod words;

pub use calibration::{
    Calibrated, CalibrationError, Compared, SourceFile, calibration_json, calibration_text,
    check_fragment, fragment, produce_calibration,
};
pub use compare::{
    CompareFigures, CompareFinished, CompareRow, compare_json, compare_report, produce_compare,
};
pub use dictionary::metrics_markdown;
pub use explain::{
    ExplainError, Explained, Explanation, Figure, RowAsked, RowEvent, RowMoment, explain_figure,
    explain_row,
};
pub use files::{FilesError, Findings};
pub use folder::{FolderError, OutFolder};
pub use json::summary_json;
pub use manifest::Manifest;
pub use not_modelled::not_modelled;
pub use price_table::{EncodedPath, PriceFile, PriceTable, price_table};
pub use produce::{Finished, ProduceError, produce};
pub use rare::{Rare, rare_files};
pub use rows::Rows;
pub use story::{story, story_of};
pub use stress::{StressFinished, produce_stress, stress_json, stress_report};
pub use summary::{Summary, SummaryRow};
pub use sweep::{
    SweepFinished, SweepPlan, SweepRow, produce_sweep, sweep_json, sweep_report, sweep_speed,
};
pub use terminal::terminal_report;
pub use tune::{ProduceTuneError, TuneFinished, produce_tune, tune_json, tune_report};
