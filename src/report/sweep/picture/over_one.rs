//! A sweep over one axis: figures over its values.

use std::cmp::Ordering;

use super::{Goal, SweepPlan, SweepRow, axis, caption};
use crate::report::axis_names::{axis_names, axis_titles};
use crate::report::charts::Estimate;
use crate::report::charts::profile::{PANELS, ProfileChart, ProfilePanel};
use crate::scenario::{Axis, Coordinate};

/// What is shown of a sweep without an objective.
const USUAL: [&str; PANELS] = ["final_equity", "es_95", "liquidation_probability"];

/// The figures of the objective, or the usual ones, over one axis.
pub(super) fn chart(
    plan: &SweepPlan<'_>,
    rows: &[SweepRow],
    goal: &Goal<'_>,
    only: &Axis,
) -> ProfileChart {
    let mut names: Vec<&str> = match &plan.file.base().objective {
        Some(objective) => objective.figures().into_iter().map(|(name, _)| name).collect(),
        None => USUAL.into_iter().filter(|name| plan.columns.iter().any(|c| c == name)).collect(),
    };
    names.truncate(PANELS);
    let order = ordered(plan, only);
    let panel = |name: &&str| {
        let at = |value: &Coordinate| {
            let row = rows.iter().find(|row| row.coordinates == [value.text.as_str()]);
            row.and_then(|row| row.get(&goal.agent, name))
        };
        let unit = order.values.iter().find_map(at).map_or("", |row| row.unit);
        let (times, unit) = match unit {
            "probability" | "fraction" => (100.0, "%"),
            other => (1.0, other),
        };
        let estimate = |value: &Coordinate| {
            let end = |end: Option<f64>| times * end.unwrap_or(f64::NAN);
            at(value).map_or_else(Estimate::default, |row| Estimate {
                value: end(row.value),
                low: end(row.interval.low),
                high: end(row.interval.high),
            })
        };
        let limit = goal.limits.iter().find(|limit| limit.name == *name);
        ProfilePanel {
            title: format!("{name}, {unit}"),
            points: order.values.iter().map(estimate).collect(),
            limit: limit.map(|limit| times * limit.limit),
        }
    };
    let panels = names.iter().map(panel).collect();
    let axes = std::slice::from_ref(only);
    let (name, title) = (axis_names(axes).concat(), axis_titles(axes).concat());
    ProfileChart { caption: caption(plan, goal, &name), axis: axis(&order, &title), panels }
}

/// The axis with the values that ran, numbers ascending.
fn ordered(plan: &SweepPlan<'_>, axis: &Axis) -> Axis {
    let ran = plan.design.coordinates.iter().filter_map(|point| point.first());
    let mut values: Vec<Coordinate> = ran.cloned().collect();
    if values.iter().all(|value| value.number.is_some()) {
        values.sort_by(|a, b| a.number.partial_cmp(&b.number).unwrap_or(Ordering::Equal));
    }
    let mut ordered = axis.clone();
    ordered.values = values;
    ordered
}
