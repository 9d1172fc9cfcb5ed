//! What each axis does: along it through the centre, and over the whole design.

use super::axis::{AxisReport, Finding, ProfilePoint, ProfileWorth};
use super::finals::{Finals, ground};
use super::runner::Runner;
use super::search::Found;
use super::types::{Candidate, Difference, Judged};
use crate::scenario::{Axis, Coordinate, Setting};
use crate::stats::{GroupEffect, Interval, StreamKey, group_effect};
use crate::study::execution::{Progress, StudyError};

/// Values of a profile, the centre's not counted.
const VALUES: usize = 8;
/// Groups that an axis of many values is cut into.
const GROUPS: usize = 5;

/// How many values of an axis run, at most.
pub(super) fn length(axis: &Axis) -> usize {
    if axis.values.is_empty() { VALUES } else { axis.values.len().min(VALUES) }
}

/// The values of a profile: steps of the axis, evenly spread where there are more than are run, and
/// those next to the centre; else equal parts of the way between its ends.
fn values(axis: &Axis, own: Option<&Coordinate>) -> Vec<Coordinate> {
    let count = axis.values.len();
    let mut values: Vec<Coordinate> = match count {
        0 => {
            let part = |at: usize| axis.at(at as f64 / (VALUES - 1) as f64);
            (0..VALUES).map(part).collect()
        }
        few if few <= VALUES => axis.values.clone(),
        many => {
            let at = own.and_then(|own| axis.values.iter().position(|v| v.text == own.text));
            let beside = at.map_or([None; 2], |at| [at.checked_sub(1), Some(at + 1)]);
            let spread = |at: usize| at * (many - 1) / (VALUES - 3);
            let mut places: Vec<usize> = (0..VALUES - 2).map(spread).collect();
            places.extend(beside.into_iter().flatten().filter(|at| *at < many));
            places.sort_unstable();
            places.dedup();
            places.into_iter().map(|at| axis.values[at].clone()).collect()
        }
    };
    let mut known = std::collections::BTreeSet::new();
    values.retain(|value| known.insert(value.text.clone()));
    values
}

/// A value in the place of an axis, all else as in the centre.
fn moved(centre: &Candidate, axis: &Axis, value: &Coordinate) -> Setting {
    let mut sets: Vec<_> =
        centre.setting.sets.iter().filter(|(path, _)| *path != axis.path).cloned().collect();
    sets.push((axis.path.clone(), value.toml().to_owned()));
    Setting { name: format!("{}={}", axis.path, value.text), sets }
}

/// Walks along every axis through the centre.
pub(super) fn axes<P: Progress>(
    runner: &mut Runner<'_, P>,
    found: &Found,
    finals: &Finals,
) -> Result<Vec<AxisReport>, StudyError> {
    let search = runner.search;
    let Some(centre) = finals.finalists.get(finals.centre) else { return Ok(Vec::new()) };
    let (Ok(judged), Some(sample)) = (&centre.fresh, &finals.sample) else {
        return Ok(Vec::new());
    };
    let candidate = &found.candidates[centre.candidate];
    let point: Option<Vec<Coordinate>> = candidate.point.iter().cloned().collect();
    let permitted = |at: usize, value: &Coordinate| {
        point.as_ref().is_none_or(|point| {
            let mut point = point.clone();
            point[at] = value.clone();
            search.space.permits(&point)
        })
    };
    let mut all: Vec<(usize, Coordinate)> = Vec::new();
    for (at, axis) in search.space.axes.iter().enumerate() {
        let own = candidate.point[at].as_ref();
        let others = values(axis, own).into_iter();
        let others = others.filter(|value| own.is_none_or(|own| own.text != value.text));
        all.extend(others.filter(|value| permitted(at, value)).map(|value| (at, value)));
    }
    let settings: Vec<Setting> =
        all.iter().map(|(at, value)| moved(candidate, &search.space.axes[*at], value)).collect();
    let (seed, paths) = ground(runner);
    let ran = runner.judged(&settings, seed, paths, finals.finalists.len())?;
    let mut points: Vec<Vec<ProfilePoint>> = search.space.axes.iter().map(|_| Vec::new()).collect();
    for ((at, coordinate), (ran, outcome)) in all.into_iter().zip(ran) {
        let same = ran.as_ref().is_ok_and(|ran| ran.same(sample));
        let outcome = outcome.map(|other| {
            let less_centre = other.less(judged);
            ProfileWorth { judged: other, less_centre, same }
        });
        points[at].push(ProfilePoint { coordinate, outcome });
    }
    let seed = runner.file.base().seed;
    let each = search.space.axes.iter().zip(points).enumerate();
    Ok(each
        .map(|(at, (axis, points))| {
            let effect = effect(at, axis, found, seed);
            report(
                axis,
                candidate.point[at].as_ref(),
                judged,
                points,
                effect,
                search.space.axes.len(),
            )
        })
        .collect())
}

fn report(
    axis: &Axis,
    own: Option<&Coordinate>,
    judged: &Judged,
    mut points: Vec<ProfilePoint>,
    effect: Option<GroupEffect>,
    axes: usize,
) -> AxisReport {
    let finding = finding(&points, effect, axes);
    let coordinate = own.cloned().unwrap_or_else(Coordinate::none);
    let less_centre = Difference { value: 0.0, error: 0.0, degrees: 1 };
    let worth = ProfileWorth { judged: judged.clone(), less_centre, same: true };
    let above = |point: &ProfilePoint| match (coordinate.number, point.coordinate.number) {
        (Some(own), Some(other)) => other > own,
        // Values without an order stand as in the axis.
        _ => {
            axis.values.iter().position(|value| value.text == coordinate.text)
                < axis.values.iter().position(|value| value.text == point.coordinate.text)
        }
    };
    let key = |point: &ProfilePoint| point.coordinate.number;
    if points.iter().all(|point| key(point).is_some()) {
        points.sort_by(|a, b| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal));
    }
    let centre = points.iter().position(above).unwrap_or(points.len());
    points.insert(centre, ProfilePoint { coordinate, outcome: Ok(worth) });
    AxisReport {
        path: axis.path.clone(),
        unit: axis.unit,
        profile: points,
        centre,
        effect,
        finding,
    }
}

/// Differences are corrected for the pairs of values of the profile, since the centre's was chosen as the
/// best on the same paths; the design's part of variance for the axes.
fn finding(points: &[ProfilePoint], effect: Option<GroupEffect>, axes: usize) -> Finding {
    let worths: Vec<&ProfileWorth> =
        points.iter().filter_map(|point| point.outcome.as_ref().ok()).collect();
    if worths.is_empty() {
        return Finding::Unknown;
    }
    if worths.iter().all(|worth| worth.same) {
        return Finding::NoEffect;
    }
    let values = worths.len() + 1;
    let level = 1.0 - 0.05 / (values * (values - 1) / 2) as f64;
    let seen = worths.iter().any(|worth| worth.differs(level));
    let p_value = effect.and_then(|effect| effect.p_value);
    let in_design = p_value.is_some_and(|p_value| p_value < 0.05 / axes as f64);
    let open = |worth: &&ProfileWorth| {
        worth.judged.paths > 1 && worth.less_centre.interval(level) == Interval::UNBOUNDED
    };
    match seen || in_design {
        true => Finding::Felt,
        false if p_value.is_none() && worths.iter().all(open) => Finding::Unbounded,
        false => Finding::WithinNoise,
    }
}

/// What part of the variance of objectives over the design goes with an axis.
fn effect(at: usize, axis: &Axis, found: &Found, seed: u64) -> Option<GroupEffect> {
    let coordinate = |candidate: usize| found.candidates[candidate].point[at].as_ref();
    let members: Vec<(&Coordinate, &Judged)> = (found.design.iter())
        .filter_map(|(candidate, judged)| coordinate(*candidate).map(|one| (one, judged)))
        .collect();
    let groups = groups(&members.iter().map(|(one, _)| *one).collect::<Vec<_>>())?;
    let values: Vec<f64> = members.iter().map(|(_, judged)| judged.objective.value).collect();
    let errors: Option<Vec<Vec<f64>>> =
        members.iter().map(|(_, judged)| judged.deviations()).collect();
    let mut stream = StreamKey::new("tune.effect", &axis.path).open(seed, 0);
    group_effect(&values, &groups, errors.as_deref(), &mut stream)
}

/// Groups of equal values where they are few, else of neighbouring ones; `None` where there would be
/// fewer than two in each.
fn groups(values: &[&Coordinate]) -> Option<Vec<usize>> {
    let mut texts: Vec<&str> = Vec::new();
    for value in values {
        if !texts.contains(&value.text.as_str()) {
            texts.push(&value.text);
        }
    }
    let place = |value: &&Coordinate| texts.iter().position(|text| *text == value.text);
    if texts.len() >= 2 && texts.len() * 2 <= values.len() {
        return values.iter().map(place).collect();
    }
    let count = GROUPS.min(values.len() / 4);
    let numbers: Option<Vec<f64>> = values.iter().map(|value| value.number).collect();
    let numbers = numbers.filter(|_| count >= 2)?;
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    let mut groups = vec![0; numbers.len()];
    for (rank, at) in order.into_iter().enumerate() {
        groups[at] = rank * count / numbers.len();
    }
    Some(groups)
}
