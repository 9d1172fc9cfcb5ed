//! One axis: the values that a field takes.

use std::collections::BTreeSet;

use super::ground::{Ground, Measure, Origin};
use crate::fields::{Faults, Line, LineRule, Node, PathEntry, Place, Value};
use crate::scenario::ScaleKind;
use crate::scenario::format::{AxisForm, DesignKind, RangeForm};

/// A field that varies, and its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Path of the field, as written.
    pub path: String,
    /// Unit of the coordinates' numbers: "USDC", "s" of durations; empty where they have none.
    pub unit: &'static str,
    /// How a range lies between its ends; linear for a list.
    pub scale: ScaleKind,
    /// Its values in order; empty where every value between two ends may be drawn.
    pub values: Vec<Coordinate>,
    /// What lies between the ends of a range.
    pub(super) line: Option<Line>,
    pub(super) measure: Measure,
    /// Its path with the numbers of entries of lists.
    pub(super) place: String,
}

/// A value of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Coordinate {
    /// As a person writes it: `1.6`, `500 USDC`, `5m`; empty where a setting leaves a field alone
    /// that has no value.
    pub text: String,
    /// As a number in the unit of the axis; `None` where values have no order.
    pub number: Option<f64>,
    /// As TOML writes it; empty where the setting leaves the field alone.
    pub(super) toml: String,
}

impl Coordinate {
    /// That of a field without a value.
    pub const fn none() -> Self {
        Self { text: String::new(), number: None, toml: String::new() }
    }

    /// As TOML writes it; empty where a setting leaves the field alone.
    pub fn toml(&self) -> &str {
        &self.toml
    }

    /// A value at a place that measures so much.
    pub(super) fn of(value: &Value, measured: Option<f64>, measure: Measure) -> Self {
        let toml = value.toml();
        let text = match value {
            Value::Text(text) => text.clone(),
            _ => toml.clone(),
        };
        Self { text, number: measured.map(|measured| measure.number(measured)), toml }
    }
}

impl Axis {
    /// Reads an axis; a design that takes values as they are needs the steps of a range.
    pub(super) fn read(
        entry: &PathEntry<AxisForm>,
        kind: DesignKind,
        ground: &Ground<'_>,
        faults: &mut Faults,
    ) -> Option<Self> {
        let spot = entry.node.key_spot();
        let place = ground.varied(&entry.path, &spot, faults)?;
        let measure = Measure::of(&place);
        let mut axis = Self {
            path: entry.path.clone(),
            unit: measure.unit(),
            scale: ScaleKind::Linear,
            values: Vec::new(),
            line: None,
            measure,
            place: place.path.clone(),
        };
        match &entry.value {
            AxisForm::Values(list) => axis.take_values(list, kind, &place, faults)?,
            AxisForm::Range(range) => axis.take_range(range, entry, kind, &place, faults)?,
        }
        Some(axis)
    }

    fn take_values(
        &mut self,
        list: &[Node],
        kind: DesignKind,
        place: &Place<'_>,
        faults: &mut Faults,
    ) -> Option<()> {
        let mut seen = BTreeSet::new();
        for node in list {
            let value = judged(node, place, self.measure, faults)?;
            let new = seen.insert(value.number.map_or_else(|| value.text.clone(), key));
            if !new && kind == DesignKind::Grid {
                let help = "write every value once";
                faults.error_about(node, "stands twice among the values of an axis", help);
                return None;
            }
            self.values.push(value);
        }
        Some(())
    }

    fn take_range(
        &mut self,
        range: &RangeForm,
        entry: &PathEntry<AxisForm>,
        kind: DesignKind,
        place: &Place<'_>,
        faults: &mut Faults,
    ) -> Option<()> {
        let rule = LineRule {
            ascending: range.steps.is_none(),
            ratios: range.scale == ScaleKind::Log,
            no_order: "write the values themselves: [first, second]",
            wrong_ends: "write the smaller end first, above 0 where scale = \"log\"",
        };
        let ends = [&range.from.0, &range.to.0];
        let line = Line::between(&entry.node, ends, &rule, (place.shape, &place.bounds), faults)?;
        self.scale = range.scale;
        match range.steps {
            None if kind.draws() => {}
            None => {
                let problem = "has no steps";
                let help = format!(
                    "write how many values design = \"{}\" takes of it, e.g. steps = 5",
                    kind.word()
                );
                faults.error_about(&entry.node, problem, help);
                return None;
            }
            Some(steps) => {
                let step = |number| match range.scale {
                    ScaleKind::Linear => line.step(number, steps),
                    ScaleKind::Log => line.log_step(number, steps),
                };
                let value = |number| {
                    let (measured, value) = step(number);
                    Coordinate::of(&value, Some(measured), self.measure)
                };
                self.values = (1..=steps).map(value).collect();
                self.check_steps(&line, entry, faults)?;
            }
        }
        self.line = Some(line);
        Some(())
    }

    /// Both ends are among the values, and no value twice, as rounding can make it.
    fn check_steps(
        &self,
        line: &Line,
        entry: &PathEntry<AxisForm>,
        faults: &mut Faults,
    ) -> Option<()> {
        let [first, last] = line.ends();
        if self.values.len() == 1 && first.0 != last.0 {
            let help = "write steps = 2 or more, or a list with the one value";
            faults.error_about(&entry.node, "leaves out its end in a single step", help);
            return None;
        }
        // By what they are, not how they are written: the ends stand as written.
        let known = |value: &Coordinate| value.number.map_or_else(|| value.text.clone(), key);
        let values: BTreeSet<String> = self.values.iter().map(known).collect();
        let twice = self.values.windows(2).find(|pair| known(&pair[0]) == known(&pair[1]));
        if let Some([_, twice]) = twice {
            let (steps, different) = (self.values.len(), values.len());
            let plural = if different == 1 { "" } else { "s" };
            let problem = format!(
                "has only {different} different value{plural} in {steps} steps: {} comes twice",
                twice.text
            );
            let help = format!("values are rounded: write steps = {different} or fewer");
            faults.error_about(&entry.node, &problem, help);
            return None;
        }
        Some(())
    }

    /// The value at a place of the unit interval: of several values each has an equal part, between
    /// two ends equal parts are equal steps or ratios.
    pub fn at(&self, unit: f64) -> Coordinate {
        let Some(line) = self.line.as_ref().filter(|_| self.values.is_empty()) else {
            let count = self.values.len();
            let index = (unit * count as f64) as usize;
            return self.values[index.min(count - 1)].clone();
        };
        let (measured, value) = match self.scale {
            ScaleKind::Linear => line.uniform(unit),
            ScaleKind::Log => line.log_uniform(unit),
        };
        Coordinate::of(&value, Some(measured), self.measure)
    }

    /// The value that the field has where nothing is set; `None` where it has none.
    pub(in crate::scenario) fn own(&self, ground: &Ground<'_>) -> Option<Coordinate> {
        let place = ground.document.place(&self.path).ok()?;
        let Origin::Value(value) = ground.origin(&place, &[]) else { return None };
        let measured = place.measure(value).ok()?.filter(|_| self.measure != Measure::None);
        Some(Coordinate::of(value, measured, self.measure))
    }

    /// The place of the unit interval at which a value lies, as [`Axis::at`] has it; `None` for what
    /// the axis does not have.
    pub fn unit(&self, value: &Coordinate) -> Option<f64> {
        if !self.values.is_empty() {
            let at = self.values.iter().position(|known| known.text == value.text)?;
            return Some((at as f64 + 0.5) / self.values.len() as f64);
        }
        let [from, to] = self.ends().map(|end| end.number);
        let (from, to, number) = (from?, to?, value.number?);
        let part = match self.scale {
            ScaleKind::Linear => (number - from) / (to - from),
            ScaleKind::Log => libm::log(number / from) / libm::log(to / from),
        };
        (0.0..=1.0).contains(&part).then_some(part)
    }

    /// The first and the last value; the least and the greatest of what may be drawn.
    pub fn ends(&self) -> [Coordinate; 2] {
        match (&self.line, self.values.as_slice()) {
            (_, [only]) => [only.clone(), only.clone()],
            (_, [first, .., last]) => [first.clone(), last.clone()],
            (Some(line), []) => line
                .ends()
                .map(|(measured, value)| Coordinate::of(&value, Some(measured), self.measure)),
            (None, []) => unreachable!("an axis has values or ends"),
        }
    }
}

/// A value that is written, judged at its place.
pub(super) fn judged(
    node: &Node,
    place: &Place<'_>,
    measure: Measure,
    faults: &mut Faults,
) -> Option<Coordinate> {
    match place.measure(&node.value) {
        Ok(measured) => {
            let measured = measured.filter(|_| measure != Measure::None);
            Some(Coordinate::of(&node.value, measured, measure))
        }
        Err((problem, help)) => {
            faults.error_about(node, &problem, help);
            None
        }
    }
}

/// A number as what tells it from others.
fn key(number: f64) -> String {
    format!("{number:?}")
}
