//! Market data as people have it: recognised, judged, repaired as told, written in normal form.
//!
//! ```text
//! FILE… ─▶ source ─▶ layout ─▶ Raw ─▶ check ─▶ findings ─▶ report, picture
//!         (members)  (plan,            │
//!                     readers)         └──▶ repair ─▶ normal form (Parquet)
//! ```
//!
//! `source` turns files into members: it hashes, unpacks gzip, zip and tar, and bounds what a
//! hostile archive can cost. `layout` recognises what a member holds and reads it into [`Raw`]
//! columns, in which nothing is sorted, dropped or altered. `check` finds what is wrong, `repair`
//! mends what the caller names, and what neither mends nor accepts is refused.

pub mod compare;
mod finding;
mod fragment;
mod import;
mod judge;
mod judged;
pub mod layout;
mod mark;
pub mod normal;
mod options;
mod raw;
mod report;
mod source;
mod span;
mod store;
#[cfg(test)]
mod testing;

pub use compare::{Agreement, Pair, compare, pairs};
pub use finding::{Example, Finding, FindingKind, Severity};
pub use import::{Inspection, add_marks, read};
pub use judge::judge;
pub use judged::{Clean, CleanTable, Facts, Judged, Outline};
pub use mark::{CONSTRUCTED_KEY, mark_within};
pub use options::{Keep, ReadOptions, RepairOptions, ZoneRule};
pub use raw::{
    Cells, Column, Label, Meaning, Place, Raw, RawSeries, RawTable, Role, Rows, Shape, TableColumn,
    Unread, UnreadCell, Written,
};
pub use report::{
    Coverage, blocking_text, coverage, inspection_json, inspection_text, pairs_text, written_text,
};
pub use source::{Member, SourceHash, each_member};
pub use span::align;
pub use store::{Plan, plan, write};
