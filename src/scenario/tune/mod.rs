//! What a scenario calls good, and how the best setting is looked for.

mod figure;
mod history;
mod objective;
mod search;

use std::sync::Arc;

use super::build::Built;
use super::format::Root;
use super::load::Files;
use super::sweep::Ground;
use crate::fields::Faults;

pub use figure::Figure;
pub use objective::{LimitSpec, ObjectiveSpec, TermSpec};
pub use search::{Halving, SearchKind, TuneSpec};

/// What a scenario maximises, and how it looks for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Goal {
    /// What is good.
    pub objective: Option<Arc<ObjectiveSpec>>,
    /// How it is looked for.
    pub search: Option<Arc<TuneSpec>>,
}

/// Reads both; what is wrong is reported and left out.
pub(super) fn goal(
    root: &Root,
    built: &Built,
    ground: &Ground<'_>,
    files: &mut Files<'_>,
    faults: &mut Faults,
) -> Goal {
    let objective = root.objective.as_ref();
    let objective =
        objective.and_then(|form| objective::objective(form, &built.plan, root.paths, faults));
    if let Some(form) = &root.tune
        && root.objective.is_none()
        && root.at.sound(&["objective"])
    {
        let help = "write [objective] with terms, see docs/TUNING.md";
        faults.error(form.at.section(), "it does not say what is good", help);
    }
    let search = root.tune.as_ref().zip(root.paths);
    let search = search.and_then(|(form, paths)| {
        let history = history::unseen(root, form, &built.prices, files, faults);
        search::tune(form, ground, &built.prices, paths, history, faults)
    });
    Goal { objective: objective.map(Arc::new), search: search.map(Arc::new) }
}
