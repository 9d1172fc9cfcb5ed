//! COBYLA from the best point of a first half.
//!
//! The library is a translation of NLopt's COBYLA (Powell 1994). It adds, multiplies, divides and
//! takes roots, draws from a generator with a fixed seed, and reads no clock where no time is set: the
//! same on every machine.

use std::cell::RefCell;
use std::collections::BTreeMap;

use cobyla::{Func, RhoBeg, StopTols, minimize};

use super::rank::by_value;
use super::runner::Runner;
use super::search::{Found, candidate, try_one};
use super::types::Judged;
use crate::scenario::{Coordinate, LimitSpec, TuneSpec};
use crate::study::execution::{Progress, StudyError};

/// Steps below this part of an axis end the search.
const STEP_MIN: f64 = 1e-3;
/// Points that the library may ask for, for each that may run: those that have run cost nothing.
const ASKS: usize = 4;

/// The points that it starts from: half of all, and at least two more than axes.
pub(super) fn first(search: &TuneSpec) -> Vec<Vec<Coordinate>> {
    let least = search.space.axes.len() as u64 + 2;
    search.points((search.candidates / 2).max(least).min(search.candidates))
}

/// What a point is worth to the library: smaller is better, limits are kept from 0 on.
#[derive(Clone, Debug)]
struct Worth {
    cost: f64,
    rooms: Vec<f64>,
}

/// Tries points until as many candidates have run as may.
pub(super) fn improve<P: Progress>(
    runner: &mut Runner<'_, P>,
    found: &mut Found,
) -> Result<(), StudyError> {
    let Some(start) = start(runner, found) else { return Ok(()) };
    let space = &runner.search.space;
    let limits = runner.objective.limits.len();
    let count = limits + space.constraints.len();
    let step = 0.5 * libm::pow(found.candidates.len() as f64, -1.0 / start.len() as f64);
    let budget = (runner.search.candidates as usize + 1).saturating_sub(found.candidates.len());
    let asker = RefCell::new(Asker::new(runner, found));
    let cost = |unit: &[f64], (): &mut ()| asker.borrow_mut().worth(unit).cost;
    let room = |at: usize| {
        let asker = &asker;
        move |unit: &[f64], (): &mut ()| asker.borrow_mut().worth(unit).rooms[at]
    };
    let rooms: Vec<_> = (0..count).map(room).collect();
    let rooms: Vec<&dyn Func<()>> = rooms.iter().map(|room| room as &dyn Func<()>).collect();
    let bounds = vec![(0.0, 1.0); start.len()];
    let stop = StopTols { xtol_abs: vec![STEP_MIN; start.len()], ..StopTols::default() };
    let begin = RhoBeg::All(step.clamp(0.05, 0.25));
    // Every point that ran is a candidate, whichever the library prefers and however it ends.
    let _ = minimize(cost, &start, &bounds, &rooms, (), ASKS * budget, begin, Some(stop));
    asker.into_inner().failed.map_or(Ok(()), Err)
}

/// Where the best candidate lies that has a place on every axis.
fn start<P: Progress>(runner: &Runner<'_, P>, found: &Found) -> Option<Vec<f64>> {
    let axes = &runner.search.space.axes;
    let place = |point: &[Option<Coordinate>]| -> Option<Vec<f64>> {
        axes.iter().zip(point).map(|(axis, value)| axis.unit(value.as_ref()?)).collect()
    };
    let judged = |at: usize| found.candidates[at].outcome.as_ref().ok();
    let mut order: Vec<usize> = (0..found.candidates.len()).collect();
    order.sort_by(|a, b| by_value(judged(*a), judged(*b), runner.objective).then(a.cmp(b)));
    order.into_iter().find_map(|at| place(&found.candidates[at].point))
}

/// Runs the points that the library asks for.
struct Asker<'r, 'a, P> {
    runner: &'r mut Runner<'a, P>,
    found: &'r mut Found,
    /// Points that have run, by their coordinates.
    known: BTreeMap<Vec<String>, Worth>,
    /// Range of the objective and of each limited figure over the first half.
    scales: (f64, Vec<f64>),
    worst: f64,
    failed: Option<StudyError>,
}

impl<'r, 'a, P: Progress> Asker<'r, 'a, P> {
    fn new(runner: &'r mut Runner<'a, P>, found: &'r mut Found) -> Self {
        let judged: Vec<&Judged> =
            found.candidates.iter().filter_map(|one| one.outcome.as_ref().ok()).collect();
        let range = |of: &dyn Fn(&Judged) -> f64| {
            let values = || judged.iter().map(|one| of(one));
            let (low, high) = (
                values().fold(f64::INFINITY, f64::min),
                values().fold(f64::NEG_INFINITY, f64::max),
            );
            if high > low { high - low } else { 1.0 }
        };
        let limits = 0..runner.objective.limits.len();
        let scales = (
            range(&|one| one.objective.value),
            limits.map(|at| range(&|one| one.verdicts[at].value)).collect(),
        );
        let mut asker =
            Self { runner, found, known: BTreeMap::new(), scales, worst: 0.0, failed: None };
        for at in 0..asker.found.candidates.len() {
            let candidate = &asker.found.candidates[at];
            let point: Option<Vec<Coordinate>> = candidate.point.iter().cloned().collect();
            let (Some(point), Ok(judged)) = (point, &candidate.outcome) else { continue };
            let worth = asker.of(&point, judged);
            asker.worst = asker.worst.max(worth.cost);
            asker.known.insert(texts(&point), worth);
        }
        asker
    }

    fn worth(&mut self, unit: &[f64]) -> Worth {
        let unit: Vec<f64> = unit.iter().map(|place| place.clamp(0.0, 1.0)).collect();
        let space = &self.runner.search.space;
        let point = space.at(&unit);
        let key = texts(&point);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let may_run = self.failed.is_none()
            && self.found.candidates.len() <= self.runner.search.candidates as usize
            && space.permits(&point);
        let judged = if may_run { self.run(&point) } else { None };
        let worth = match &judged {
            Some(judged) => self.of(&point, judged),
            None => {
                let limits = self.runner.objective.limits.len();
                let rooms = std::iter::repeat_n(-1.0, limits).chain(self.slacks(&point)).collect();
                Worth { cost: self.worst, rooms }
            }
        };
        self.worst = self.worst.max(worth.cost);
        self.known.insert(key, worth.clone());
        worth
    }

    fn run(&mut self, point: &[Coordinate]) -> Option<Judged> {
        let search = self.runner.search;
        let number = self.found.candidates.len();
        let width = search.candidates.to_string().len().max(3);
        let one = candidate(search, format!("c{number:0width$}"), point.to_vec());
        match try_one(self.runner, self.found, one, search.candidates as usize + 1) {
            Ok(judged) => judged,
            Err(error) => {
                self.failed = Some(error);
                None
            }
        }
    }

    /// Limits are to be kept by the ends of their intervals, where paths bound them.
    fn of(&self, point: &[Coordinate], judged: &Judged) -> Worth {
        let limits = self.runner.objective.limits.iter().zip(&judged.verdicts).zip(&self.scales.1);
        let room = |((limit, verdict), scale): ((&LimitSpec, &super::Verdict), &f64)| {
            limit.room(verdict.end.unwrap_or(verdict.value)) / scale
        };
        let rooms = limits.map(room).chain(self.slacks(point)).collect();
        Worth { cost: -judged.objective.value / self.scales.0, rooms }
    }

    fn slacks(&self, point: &[Coordinate]) -> Vec<f64> {
        let slack = |one: &crate::scenario::Constraint| {
            let slack = one.slack(point);
            if slack.is_finite() { slack } else { -1.0 }
        };
        self.runner.search.space.constraints.iter().map(slack).collect()
    }
}

fn texts(point: &[Coordinate]) -> Vec<String> {
    point.iter().map(|value| value.text.clone()).collect()
}
