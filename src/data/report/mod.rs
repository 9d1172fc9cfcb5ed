//! What an inspection says: text and JSON.

mod coverage;
mod json;
mod number;
mod text;

pub use coverage::{Coverage, Covered, coverage};
pub use json::inspection_json;
pub use text::{blocking_text, inspection_text, pairs_text, written_text};

pub(super) use number::{grouped, length};
