//! What is gained against what is risked.

use super::types::{Candidate, Front, FrontPoint, Judged, Standing};
use crate::scenario::{Figure, ObjectiveSpec};

/// The candidates that ran over all paths between gain and risk.
///
/// On the front are those that no other is better than in both, of candidates that are not known to break
/// a limit; of all, where every one is.
///
/// Gain is the sum of the terms that are no tail of wealth; the whole objective where all are, or where
/// the risk is no term. Risk is the first tail of wealth among limits and terms.
pub(super) fn front(
    objective: &ObjectiveSpec,
    candidates: &[Candidate],
    ranking: &[usize],
) -> Front {
    let figures = objective.figures();
    let tail = |name: &str| figures.iter().any(|(known, f)| *known == name && f.is_wealth_tail());
    let limited = objective.limits.iter().find(|limit| limit.guards_tail());
    let risk = match limited {
        Some(limit) => (limit.name.as_str(), limit.figure, !limit.at_most),
        None => match objective.terms.iter().find(|term| term.guards_tail()) {
            Some(term) => (term.name.as_str(), term.figure, term.weight > 0.0),
            // An objective without a tail of wealth is refused.
            None => ("", Figure::ExpectedShortfall(0.95), false),
        },
    };
    let kept: Vec<(&str, f64)> = (objective.terms.iter())
        .filter(|term| !tail(&term.name))
        .map(|term| (term.name.as_str(), term.weight))
        .collect();
    let is_part = !kept.is_empty() && kept.len() < objective.terms.len();
    let find = |name: &str| figures.iter().position(|(known, _)| *known == name);
    let value =
        |judged: &Judged, name: &str| find(name).map_or(f64::NAN, |at| judged.figures[at].value);
    let gain = |judged: &Judged| match is_part {
        true => kept.iter().map(|(name, weight)| weight * value(judged, name)).sum(),
        false => judged.objective.value,
    };
    let of = |at: &usize| {
        let judged = candidates[*at].outcome.as_ref().ok()?;
        let risk = judged.figures[find(risk.0)?];
        Some(FrontPoint { candidate: *at, gain: gain(judged), risk, on_front: false })
    };
    let mut points: Vec<FrontPoint> = ranking.iter().filter_map(of).collect();
    let good = |point: &FrontPoint| if risk.2 { point.risk.value } else { -point.risk.value };
    let keeps = |point: &FrontPoint| {
        let outcome = candidates[point.candidate].outcome.as_ref();
        outcome.is_ok_and(|judged| judged.standing() != Standing::Violated)
    };
    let any = points.iter().any(keeps);
    let may = |point: &FrontPoint| !any || keeps(point);
    let beaten = |one: &FrontPoint| {
        points.iter().filter(|other| may(other)).any(|other| {
            let (a, b) = ((other.gain, good(other)), (one.gain, good(one)));
            a.0 >= b.0 && a.1 >= b.1 && (a.0 > b.0 || a.1 > b.1)
        })
    };
    let on_front: Vec<bool> = points.iter().map(|point| may(point) && !beaten(point)).collect();
    points.iter_mut().zip(on_front).for_each(|(point, on)| point.on_front = on);
    let terms = objective.terms.iter().filter(|term| !is_part || !tail(&term.name)).cloned();
    let named = ObjectiveSpec { terms: terms.collect(), ..objective.clone() };
    let gain_unit = match named.terms.as_slice() {
        [only] if only.weight == 1.0 => Some(only.figure.unit()),
        _ => None,
    };
    Front {
        gain: named.formula(),
        gain_unit,
        risk: risk.0.to_owned(),
        risk_unit: risk.1.unit(),
        more_is_better: risk.2,
        points,
    }
}
