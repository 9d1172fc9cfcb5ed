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

mod finding;
mod judge;
mod judged;
pub mod layout;
pub mod normal;
mod options;
mod raw;
mod report;
mod source;

pub use finding::{Example, Finding, FindingKind, Severity};
pub use judge::judge;
pub use judged::{Clean, CleanTable, Facts, Judged, Outline};
pub use options::{Keep, ReadOptions, RepairOptions, ZoneRule};
pub use raw::{
    Cells, Column, Label, Meaning, Place, Raw, RawSeries, RawTable, Role, Rows, Shape, TableColumn,
    Unread, UnreadCell, Written,
};
pub use source::{Member, SourceHash, each_member};
