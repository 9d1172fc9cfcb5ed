//! What a point must meet: `a < b <= 5m`.

use super::axis::{Axis, Coordinate};
use super::ground::{Ground, Measure, Origin};
use crate::fields::{Bounds, Faults, Located, Place, Value};

/// A chain of comparisons between fields and values.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// As written.
    pub text: String,
    operands: Vec<Operand>,
    relations: Vec<Relation>,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq)]
enum Operand {
    /// The coordinate of an axis, by number.
    Axis(usize),
    /// What every point has.
    Number(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
}

impl Relation {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "<" => Self::Less,
            "<=" => Self::AtMost,
            ">" => Self::Greater,
            ">=" => Self::AtLeast,
            "==" => Self::Equal,
            _ => return None,
        })
    }

    fn holds(self, one: f64, other: f64) -> bool {
        match self {
            Self::Less => one < other,
            Self::AtMost => one <= other,
            Self::Greater => one > other,
            Self::AtLeast => one >= other,
            Self::Equal => one == other,
        }
    }
}

impl Constraint {
    /// Whether a point meets it; a coordinate without a number meets nothing.
    pub fn holds(&self, point: &[Coordinate]) -> bool {
        let number = |operand: &Operand| match operand {
            Operand::Axis(axis) => point[*axis].number.unwrap_or(f64::NAN),
            Operand::Number(number) => *number,
        };
        let pairs = self.operands.windows(2).zip(&self.relations);
        pairs.into_iter().all(|(pair, relation)| relation.holds(number(&pair[0]), number(&pair[1])))
    }

    /// By how much a point meets it, as a part of what is compared: the least of its comparisons.
    /// Below 0 it does not; NaN where a coordinate has no number.
    pub fn slack(&self, point: &[Coordinate]) -> f64 {
        let number = |operand: &Operand| match operand {
            Operand::Axis(axis) => point[*axis].number.unwrap_or(f64::NAN),
            Operand::Number(number) => *number,
        };
        let slack = |(pair, relation): (&[Operand], &Relation)| {
            let (one, other) = (number(&pair[0]), number(&pair[1]));
            let apart = match relation {
                Relation::Less | Relation::AtMost => other - one,
                Relation::Greater | Relation::AtLeast => one - other,
                Relation::Equal => -(one - other).abs(),
            };
            apart / one.abs().max(other.abs()).max(f64::MIN_POSITIVE)
        };
        let pairs = self.operands.windows(2).zip(&self.relations);
        pairs.map(slack).fold(f64::INFINITY, f64::min)
    }

    /// The axes that it binds.
    pub fn axes(&self) -> impl Iterator<Item = usize> + '_ {
        self.operands.iter().filter_map(|operand| match operand {
            Operand::Axis(axis) => Some(*axis),
            Operand::Number(_) => None,
        })
    }

    pub(super) fn read(
        written: &Located<String>,
        axes: &[Axis],
        ground: &Ground<'_>,
        faults: &mut Faults,
    ) -> Option<Self> {
        let mut reader = Reader { written, axes, ground, faults };
        let (texts, relations) = reader.split()?;
        let operands = reader.operands(&texts)?;
        let constraint = Self { text: written.value.trim().to_owned(), operands, relations };
        if constraint.axes().next().is_none() {
            reader.fault("none of its fields varies", "name a field of the axes, or leave it out");
            return None;
        }
        Some(constraint)
    }
}

struct Reader<'a, 'd> {
    written: &'a Located<String>,
    axes: &'a [Axis],
    ground: &'a Ground<'d>,
    faults: &'a mut Faults,
}

impl<'d> Reader<'_, 'd> {
    /// A fault of this constraint, which the message starts with.
    fn fault(&mut self, problem: &str, help: impl Into<String>) {
        let message = format!("\"{}\": {problem}", self.written.value.trim());
        self.faults.error(&self.written.spot, message, help);
    }

    /// Operands and what stands between them.
    fn split(&mut self) -> Option<(Vec<String>, Vec<Relation>)> {
        let text = self.written.value.clone();
        let (mut operands, mut relations) = (vec![String::new()], Vec::new());
        let mut signs = String::new();
        let is_sign = |c: char| matches!(c, '<' | '>' | '=' | '!');
        for c in text.chars().chain([' ']) {
            if is_sign(c) {
                signs.push(c);
                continue;
            }
            if !signs.is_empty() {
                let Some(relation) = Relation::read(&signs) else {
                    let help = "write <, <=, >, >= or == between fields and values";
                    self.fault(&format!("{signs} compares nothing"), help);
                    return None;
                };
                relations.push(relation);
                operands.push(String::new());
                signs.clear();
            }
            if let Some(operand) = operands.last_mut() {
                operand.push(c);
            }
        }
        let operands: Vec<_> = operands.iter().map(|operand| operand.trim().to_owned()).collect();
        if operands.len() < 2 || operands.iter().any(String::is_empty) || !signs.is_empty() {
            let help = "write e.g. \"policy.top_up.danger_threshold < \
                        policy.top_up.warning_threshold <= 2\"";
            self.fault("is no comparison", help);
            return None;
        }
        Some((operands, relations))
    }

    fn operands(&mut self, texts: &[String]) -> Option<Vec<Operand>> {
        let mut places: Vec<Option<Place<'d>>> = Vec::new();
        for text in texts {
            places.push(if is_path(text) { Some(self.place(text)?) } else { None });
        }
        let Some(first) = places.iter().flatten().next().cloned() else {
            self.fault("names no field", "compare at least one field");
            return None;
        };
        let measure = Measure::of(&first);
        for (text, place) in texts.iter().zip(&places) {
            let of_place = place.as_ref().map_or(measure, Measure::of);
            if of_place == Measure::None || of_place != measure {
                let (one, other) = (of_place.words(), measure.words());
                let problem = match of_place {
                    Measure::None => format!("{text} is {one}"),
                    _ => format!("{text} is {one}, {} {other}", texts[0]),
                };
                self.fault(&problem, "compare fields with an order, and of the same unit");
                return None;
            }
        }
        let both = texts.iter().zip(&places);
        both.map(|(text, place)| match place {
            Some(place) => self.of_field(text, place, measure),
            None => self.of_value(text, &first, measure),
        })
        .collect()
    }

    fn place(&mut self, path: &str) -> Option<Place<'d>> {
        let place = self.ground.document.place(path);
        place.map_err(|(problem, help)| self.fault(&problem, help)).ok()
    }

    fn of_value(&mut self, text: &str, like: &Place<'_>, measure: Measure) -> Option<Operand> {
        let value = match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(whole), _) => Value::Integer(whole),
            (_, Ok(number)) => Value::Float(number),
            _ => Value::Text(text.trim_matches(['"', '\'']).to_owned()),
        };
        let mut place = like.clone();
        place.bounds = Bounds::ANY;
        match place.measure(&value) {
            Ok(measured) => measured.map(|measured| Operand::Number(measure.number(measured))),
            Err((problem, help)) => {
                self.fault(&format!("{text} {problem}"), help);
                None
            }
        }
    }

    /// A field is an axis, takes its value from one, or has the same value at every point.
    fn of_field(&mut self, text: &str, place: &Place<'_>, measure: Measure) -> Option<Operand> {
        let value = match self.ground.origin(place, self.axes) {
            Origin::Axis(axis) => return self.of_axis(axis),
            Origin::Value(value) => value,
            Origin::Within(axis) => {
                let problem = format!("{text} lies inside {}", self.axes[axis].path);
                self.fault(&problem, "vary the field itself, not the table that it stands in");
                return None;
            }
            Origin::None => {
                let help =
                    "write it in the scenario, or name the field that it takes its value from";
                self.fault(&format!("{text} has no value of its own"), help);
                return None;
            }
        };
        // A value that is wrong has been reported where it stands.
        let measured = place.measure(value).ok().flatten()?;
        Some(Operand::Number(measure.number(measured)))
    }

    fn of_axis(&mut self, axis: usize) -> Option<Operand> {
        let unordered = self.axes[axis].values.iter().find(|value| value.number.is_none());
        if let Some(value) = unordered {
            let (path, text) = (&self.axes[axis].path, &value.text);
            let problem = match text.as_str() {
                "" => format!("{path} has no value in a setting"),
                text => format!("the value {text} of {path} is no number"),
            };
            self.fault(&problem, "give it one in every setting, or in the scenario");
            return None;
        }
        Some(Operand::Axis(axis))
    }
}

fn is_path(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
}
