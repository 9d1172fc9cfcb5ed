//! What a scenario calls good, and how the best setting is looked for.

mod figure;
mod objective;
mod search;

pub use figure::Figure;
pub(super) use objective::objective;
pub use objective::{LimitSpec, ObjectiveSpec, TermSpec};
pub(super) use search::tune;
pub use search::{Halving, SearchKind, TuneSpec};
