//! How the best setting is looked for.

use std::collections::BTreeSet;

use crate::fields::Faults;
use crate::prices::{Prices, ReplaySpec};
use crate::scenario::format::{CANDIDATES_MAX, DesignKind, TuneForm};
use crate::scenario::sweep::{Coordinate, Ground, Space};
use crate::stats::{SOBOL_DIMENSIONS, SOBOL_LOG2_MAX, StreamKey};

/// A search.
#[derive(Clone, Debug, PartialEq)]
pub struct TuneSpec {
    /// How candidates are found.
    pub search: SearchKind,
    /// How many, beside the scenario as it stands; of a grid its points.
    pub candidates: u64,
    /// Successive halving, where it is asked for.
    pub halving: Option<Halving>,
    /// How many of the best run on fresh paths.
    pub finalists: usize,
    /// Fresh paths of the finalists.
    pub validation_paths: u64,
    /// Their seed.
    pub validation_seed: u64,
    /// What varies, and what every candidate must meet.
    pub space: Space,
    /// The scenario's own coordinate on each axis, where it has one.
    pub own: Vec<Option<Coordinate>>,
    /// Whether finalists run again under other conditions.
    pub robustness: bool,
    /// A history that the search does not see.
    pub history: Option<ReplaySpec>,
    /// Windows that a replay is cut into.
    pub walk_forward: u64,
}

/// Successive halving.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Halving {
    /// Paths of the first rung.
    pub paths: u64,
    /// Part of the candidates that goes on.
    pub keep: f64,
}

/// How candidates are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchKind {
    /// Every combination of steps.
    Grid,
    /// Points of the Sobol sequence.
    Sobol,
    /// Some of these, then COBYLA (Powell 1994) from the best.
    Optimiser,
}

impl SearchKind {
    /// As a scenario writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Sobol => "sobol",
            Self::Optimiser => "optimiser",
        }
    }
}

/// Reads the search; `None` where something is wrong with it.
pub(in crate::scenario) fn tune(
    form: &TuneForm,
    ground: &Ground<'_>,
    prices: &Prices,
    paths: u64,
    history: Option<ReplaySpec>,
    faults: &mut Faults,
) -> Option<TuneSpec> {
    let before = faults.errors();
    check_fields(form, faults);
    check_walk(form, prices, faults);
    let kind = match form.search {
        SearchKind::Grid => DesignKind::Grid,
        SearchKind::Sobol | SearchKind::Optimiser => DesignKind::Sobol,
    };
    let constraints = form.constraints.as_deref().unwrap_or_default();
    let space = match form.at.sound(&["fields", "constraints", "search"]) {
        true => Space::read(&form.fields, constraints, kind, ground, faults),
        false => None,
    };
    let halving = halving(form, paths, prices, faults);
    let space = space?;
    let candidates = candidates(form, &space, faults)?;
    let own = space.axes.iter().map(|axis| axis.own(ground)).collect();
    let fresh = StreamKey::new("tune", "validation").open(ground.seed, 0).next_u64() >> 1;
    if form.validation_seed == Some(ground.seed) {
        let message =
            format!("{} is the seed of the search: its paths are no fresh ones", ground.seed);
        faults.error(&form.at.of("validation_seed"), message, "leave it out, or take another");
    }
    let spec = TuneSpec {
        search: form.search,
        candidates,
        halving,
        finalists: form.finalists as usize,
        validation_paths: form.validation_paths.unwrap_or(paths),
        validation_seed: form.validation_seed.unwrap_or(fresh),
        space,
        own,
        robustness: form.robustness,
        history,
        walk_forward: form.walk_forward.unwrap_or(WINDOWS),
    };
    spec.check_constraints(form, faults);
    (faults.errors() == before).then_some(spec)
}

/// Points of the Sobol sequence that are looked at for each that is wanted: constraints leave some
/// out, and rounding makes some the same.
const TRIES: u64 = 16;

impl TuneSpec {
    /// The points of the design that meet every constraint, each once: at most so many.
    pub fn points(&self, count: u64) -> Vec<Vec<Coordinate>> {
        let mut known = BTreeSet::new();
        let mut new = |point: &Vec<Coordinate>| {
            let texts: Vec<String> = point.iter().map(|value| value.text.clone()).collect();
            self.space.permits(point) && known.insert(texts)
        };
        let mut all = self.tried(count);
        all.retain(|point| new(point));
        all.truncate(count as usize);
        all
    }

    /// The points that are looked at for so many.
    fn tried(&self, count: u64) -> Vec<Vec<Coordinate>> {
        match self.search {
            SearchKind::Grid => (0..count).map(|number| self.space.grid_point(number)).collect(),
            SearchKind::Sobol | SearchKind::Optimiser => {
                let most = (count * TRIES).min(1 << SOBOL_LOG2_MAX);
                self.space.drawn(DesignKind::Sobol, most, 0)
            }
        }
    }

    fn check_constraints(&self, form: &TuneForm, faults: &mut Faults) {
        if self.space.constraints.is_empty() {
            return;
        }
        let all = self.tried(self.candidates);
        if all.iter().any(|point| self.space.permits(point)) {
            return;
        }
        let refused = self.space.constraints.iter().map(|constraint| {
            (constraint, all.iter().filter(|point| !constraint.holds(point)).count())
        });
        let help = refused.max_by_key(|(_, refused)| *refused).map_or_else(
            String::new,
            |(one, refused)| {
                format!("\"{}\" leaves out {refused} of {}: widen the axes", one.text, all.len())
            },
        );
        faults.error(&form.at.of("constraints"), "no point meets every constraint", help);
    }
}

fn check_fields(form: &TuneForm, faults: &mut Faults) {
    if form.fields.entries.is_empty() && form.at.sound(&["fields"]) {
        let help = "write e.g. [tune.fields] with \"policy.top_up.warning_threshold\" = { from = 1.2, to = 2 }";
        faults.error(&form.at.of("fields"), "no axis", help);
    }
    let axes = form.fields.entries.len();
    if form.search != SearchKind::Grid && axes > SOBOL_DIMENSIONS {
        let message = format!("{axes} axes of a Sobol sequence; it has {SOBOL_DIMENSIONS}");
        faults.error(&form.at.of("fields"), message, "tune fewer fields at once");
    }
    if form.search == SearchKind::Optimiser && form.halving.is_some() {
        let message = "an optimiser compares every point with those before it, on all paths";
        let help = "leave halving out, or search = \"sobol\"";
        faults.error(&form.at.of("halving"), message, help);
    }
}

/// Windows of a walk forward unless given.
const WINDOWS: u64 = 4;

fn check_walk(form: &TuneForm, prices: &Prices, faults: &mut Faults) {
    let Some(windows) = form.walk_forward else { return };
    let spot = form.at.of("walk_forward");
    match prices {
        Prices::Model(_) => {
            let help = "leave it out, or name a history in [tune.history]";
            faults.error(&spot, "prices are drawn from a model: there is nothing to walk", help);
        }
        Prices::History(spec) if (spec.bars() as u64) < 2 * windows => {
            let message = format!("{windows} windows of a history of {} bars", spec.bars());
            faults.error(&spot, message, "a window has two bars at least: take fewer");
        }
        Prices::History(_) => {}
    }
}

fn candidates(form: &TuneForm, space: &Space, faults: &mut Faults) -> Option<u64> {
    let spot = form.at.of("candidates");
    match (form.search, form.candidates) {
        (SearchKind::Grid, Some(_)) => {
            let help = "it has as many as its axes give: leave candidates out";
            faults.error(&spot, "search = \"grid\" takes no candidates", help);
            None
        }
        (SearchKind::Grid, None) => match space.grid_size() {
            Some(size) if size <= CANDIDATES_MAX => Some(size),
            size => {
                let size = size.map_or("more than 2^64".to_owned(), |size| size.to_string());
                let message =
                    format!("the grid has {size} points; at most {CANDIDATES_MAX} may be");
                let help = "take fewer steps, or search = \"sobol\"";
                faults.error(&form.at.of("fields"), message, help);
                None
            }
        },
        (SearchKind::Sobol | SearchKind::Optimiser, given) => Some(given.unwrap_or(64)),
    }
}

fn halving(form: &TuneForm, paths: u64, prices: &Prices, faults: &mut Faults) -> Option<Halving> {
    let form = form.halving.as_ref()?;
    let (first, size) = (form.paths, prices.replication().size() as u64);
    if first >= paths {
        let message = format!("its first rung of {first} paths is the whole of {paths}");
        faults.error(&form.at.of("paths"), message, "take fewer, or leave halving out");
    }
    if !first.is_multiple_of(size) {
        let message = format!("{first} paths are no whole number of sets of {size}");
        let help = "paths of a set depend on each other: give a multiple";
        faults.error(&form.at.of("paths"), message, help);
    }
    Some(Halving { paths: first, keep: form.keep.0 })
}
