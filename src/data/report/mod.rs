//! What an inspection says: text and JSON.

mod coverage;
mod json;
mod number;
mod pairs;
mod text;

pub use coverage::{Coverage, Covered, coverage};
pub use json::inspection_json;
pub use pairs::pairs_text;
pub use text::{blocking_text, inspection_text, written_text};

pub(super) use number::{grouped, length};
