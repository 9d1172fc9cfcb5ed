//! Named settings.

use super::axis::{Axis, Coordinate, judged};
use super::ground::{Ground, Measure, Origin};
use super::space::{Points, Space, overlap};
use crate::fields::{Faults, Spot};
use crate::scenario::ScaleKind;
use crate::scenario::format::SettingForm;

/// The axes that named settings span, and their points: what a setting leaves alone has the value
/// of the scenario, where it has one, and is not set.
pub(super) fn read(
    list: &[SettingForm],
    ground: &Ground<'_>,
    faults: &mut Faults,
) -> Option<(Space, Points)> {
    let before = faults.errors();
    let mut axes: Vec<Axis> = Vec::new();
    let mut given: Vec<Vec<(usize, Coordinate)>> = Vec::new();
    let mut bases: Vec<Coordinate> = Vec::new();
    for setting in list {
        let spot = setting.at.of("name");
        if let Some(other) = list.iter().find(|other| other.name == setting.name)
            && other.at.of("name") != spot
        {
            let message = format!("a second setting is called {}", setting.name.0);
            faults.error(&spot, message, "give it another name");
        }
        let mut values = Vec::new();
        for entry in &setting.set.entries {
            let spot = entry.node.key_spot();
            let Some(place) = ground.varied(&entry.path, &spot, faults) else { continue };
            let measure = Measure::of(&place);
            let Some(value) = judged(&entry.node, &place, measure, faults) else { continue };
            let known = axes.iter().position(|axis| axis.place == place.path);
            let twice = |axis: &usize| values.iter().any(|(other, _)| other == axis);
            let other = known.filter(twice).or_else(|| {
                let overlaps = |axis: &Axis| overlap(&axis.place, &place.path);
                known.is_none().then(|| axes.iter().position(overlaps)).flatten()
            });
            if let Some(other) = other {
                let message = format!("{} and {} set the same field", axes[other].path, entry.path);
                faults.error(&spot, message, "write it in one way");
                continue;
            }
            let axis = known.unwrap_or_else(|| {
                bases.push(base(ground, &place, measure));
                axes.push(Axis {
                    path: entry.path.clone(),
                    unit: measure.unit(),
                    scale: ScaleKind::Linear,
                    values: Vec::new(),
                    line: None,
                    measure,
                    place: place.path.clone(),
                });
                axes.len() - 1
            });
            values.push((axis, value));
        }
        given.push(values);
    }
    if faults.errors() > before {
        return None;
    }
    let point = |values: &Vec<(usize, Coordinate)>| {
        let mut point = bases.clone();
        values.iter().for_each(|(axis, value)| point[*axis] = value.clone());
        point
    };
    let points: Vec<Vec<Coordinate>> = given.iter().map(point).collect();
    for (number, axis) in axes.iter_mut().enumerate() {
        for point in &points {
            if !axis.values.iter().any(|known| known.text == point[number].text) {
                axis.values.push(point[number].clone());
            }
        }
    }
    let names = list.iter().map(|setting| setting.name.0.clone());
    Some((Space { axes, constraints: Vec::new() }, names.zip(points).collect()))
}

/// The value that a field has in the scenario, which a setting does not set.
fn base(ground: &Ground<'_>, place: &crate::fields::Place<'_>, measure: Measure) -> Coordinate {
    let none = Coordinate { text: String::new(), number: None, toml: String::new() };
    // The default of a section that is not there does not hold.
    let Origin::Value(value) = ground.origin(place, &[]) else { return none };
    if place.node.is_none() && !place.inside {
        return none;
    }
    let measured = place.measure(value).ok().flatten();
    Coordinate { toml: String::new(), ..Coordinate::of(value, measured, measure) }
}

/// Where a setting stands.
pub(super) fn spot_of(list: &[SettingForm], name: &str) -> Spot {
    let found = list.iter().find(|setting| setting.name.0 == name);
    found.map(|setting| setting.at.of("name")).unwrap_or_default()
}
