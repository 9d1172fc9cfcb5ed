//! Axes with what points of them must meet.

use std::collections::BTreeMap;

use super::axis::{Axis, Coordinate};
use super::constraint::Constraint;
use super::ground::{Ground, lies_in};
use super::points;
use crate::fields::{ByPath, Faults, Located};
use crate::scenario::Setting;
use crate::scenario::format::{AxisForm, DesignKind};

/// Named points.
pub(super) type Points = Vec<(String, Vec<Coordinate>)>;

/// The settings that a design can be made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    /// What varies, in the order of the scenario.
    pub axes: Vec<Axis>,
    /// What every point must meet.
    pub constraints: Vec<Constraint>,
}

impl Space {
    /// Reads axes and constraints.
    pub(in crate::scenario) fn read(
        fields: &ByPath<AxisForm>,
        constraints: &[Located<String>],
        kind: DesignKind,
        ground: &Ground<'_>,
        faults: &mut Faults,
    ) -> Option<Self> {
        let before = faults.errors();
        let mut axes: Vec<Axis> = Vec::new();
        for entry in &fields.entries {
            let Some(axis) = Axis::read(entry, kind, ground, faults) else { continue };
            if let Some(other) = axes.iter().find(|other| overlap(&axis.place, &other.place)) {
                let message = format!("{} and {} set the same field", other.path, axis.path);
                faults.error(&entry.node.key_spot(), message, "leave one of them out");
            }
            axes.push(axis);
        }
        if faults.errors() > before {
            return None;
        }
        let mut space = Self { axes, constraints: Vec::new() };
        space.constrain(constraints, ground, faults)?;
        Some(space)
    }

    /// Adds constraints on the axes; `None` where one is wrong.
    pub(super) fn constrain(
        &mut self,
        written: &[Located<String>],
        ground: &Ground<'_>,
        faults: &mut Faults,
    ) -> Option<()> {
        for written in written {
            self.constraints.extend(Constraint::read(written, &self.axes, ground, faults));
        }
        (self.constraints.len() == written.len()).then_some(())
    }

    /// Whether a point meets every constraint.
    pub fn permits(&self, point: &[Coordinate]) -> bool {
        self.constraints.iter().all(|constraint| constraint.holds(point))
    }

    /// The point at a place of the unit cube.
    pub fn at(&self, unit: &[f64]) -> Vec<Coordinate> {
        self.axes.iter().zip(unit).map(|(axis, unit)| axis.at(*unit)).collect()
    }

    /// The setting of a point. Fields that it leaves alone are not set.
    pub fn setting(&self, name: String, point: &[Coordinate]) -> Setting {
        let written = self.axes.iter().zip(point).filter(|(_, value)| !value.toml.is_empty());
        let sets = written.map(|(axis, value)| (axis.path.clone(), value.toml.clone())).collect();
        Setting { name, sets }
    }

    /// How many points the grid has; `None` beyond 2⁶⁴.
    pub fn grid_size(&self) -> Option<u64> {
        self.axes.iter().try_fold(1_u64, |size, axis| size.checked_mul(axis.values.len() as u64))
    }

    /// A point of the grid, by its number from 0; the last axis changes fastest.
    pub fn grid_point(&self, number: u64) -> Vec<Coordinate> {
        let mut rest = number;
        let mut point: Vec<Coordinate> = Vec::with_capacity(self.axes.len());
        for axis in self.axes.iter().rev() {
            let count = axis.values.len() as u64;
            point.push(axis.values[(rest % count) as usize].clone());
            rest /= count;
        }
        point.reverse();
        point
    }

    /// Points drawn in the unit cube, as many as asked for; the same for the same seed.
    pub fn drawn(&self, kind: DesignKind, count: u64, seed: u64) -> Vec<Vec<Coordinate>> {
        let of_axis = |(number, axis): (usize, &Axis)| match kind {
            DesignKind::Sobol => points::sobol(number, count),
            DesignKind::LatinHypercube => points::latin_hypercube(&axis.path, seed, count),
            _ => points::random(&axis.path, seed, count),
        };
        let columns: Vec<Vec<f64>> = self.axes.iter().enumerate().map(of_axis).collect();
        let point = |point: usize| {
            let unit: Vec<f64> = columns.iter().map(|column| column[point]).collect();
            self.at(&unit)
        };
        (0..count as usize).map(point).collect()
    }
}

/// Whether two fields are one, or one lies in the other.
pub(super) fn overlap(one: &str, other: &str) -> bool {
    one == other || lies_in(one, other) || lies_in(other, one)
}

/// Points that were there before are left out: how many.
pub(super) fn without_duplicates(points: &mut Points) -> Vec<(String, String)> {
    let mut known: BTreeMap<Vec<String>, String> = BTreeMap::new();
    let mut left_out = Vec::new();
    points.retain(|(name, point)| {
        // What is set, not what holds: a default that is set can switch a section on.
        let key: Vec<String> = point.iter().map(|value| value.toml.clone()).collect();
        match known.get(&key) {
            Some(first) => left_out.push((first.clone(), name.clone())),
            None => {
                known.insert(key, name.clone());
                return true;
            }
        }
        false
    });
    left_out
}
