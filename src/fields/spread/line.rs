//! Values between two ends.

use super::super::bounds::Bounds;
use super::super::faults::Faults;
use super::super::leaf::Leaf;
use super::super::node::{Node, Value};
use super::super::shape::Shape;
use super::super::values::{Duration, Fraction, Money, Units};

/// Two ends and how what lies between them is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    from: f64,
    to: f64,
    form: Form,
}

/// What two ends must be, and what to say where they are not.
pub struct Rule<'a> {
    /// Whether the first must not be the greater.
    pub ascending: bool,
    /// Whether both must be above 0, so that ratios between them exist.
    pub ratios: bool,
    /// What to write where nothing lies between them.
    pub no_order: &'a str,
    /// What to write where they are the wrong way round, or not above 0.
    pub wrong_ends: &'a str,
}

/// How a value is written, and to what it is rounded.
#[derive(Clone, Debug, PartialEq)]
enum Form {
    /// Whole numbers.
    Whole,
    /// Six significant digits, between the ends.
    Number,
    /// The same, of an asset that is named.
    Units(String),
    /// As many decimals as the ends have, two or more.
    Money(usize),
    /// Whole multiples of the finer unit of the ends, ms.
    Duration(i64),
}

/// Decimals that drawn amounts have at least: cents.
const CENTS: usize = 2;

impl Line {
    /// Reads `[from, to]`, which must be what may be written there.
    pub fn read(
        node: &Node,
        form: &str,
        (shape, bounds): (&Shape, &Bounds),
        faults: &mut Faults,
    ) -> Option<Self> {
        let rule = Rule {
            ascending: form != "steps",
            ratios: form == "log_uniform",
            no_order: "use cycle (in turn) or pick (drawn) with a list",
            wrong_ends: "write the smaller end first, above 0 for log_uniform",
        };
        let ends = match &node.value {
            _ if !matches!(shape.inner(), Shape::Leaf { .. }) => [node, node],
            Value::List(ends) if ends.len() == 2 => [&ends[0], &ends[1]],
            _ => {
                let help = format!("write e.g. {{ {form} = [1, 5] }}");
                faults.error_about(node, "is not two ends", help);
                return None;
            }
        };
        Self::between(node, ends, &rule, (shape, bounds), faults)
    }

    /// What lies between two ends, each of which must be what may be written there; `node` is what
    /// is reported of both.
    pub fn between(
        node: &Node,
        ends: [&Node; 2],
        rule: &Rule<'_>,
        (shape, bounds): (&Shape, &Bounds),
        faults: &mut Faults,
    ) -> Option<Self> {
        let not_between = |kind: &str, faults: &mut Faults| {
            let problem = format!("gives two ends, between which no {kind} lies");
            faults.error_about(node, &problem, rule.no_order);
        };
        let Shape::Leaf { kind, measure, .. } = shape.inner() else {
            not_between(&shape.words(bounds).0, faults);
            return None;
        };
        let read = ends.map(|end| match measure(&end.value, bounds) {
            Ok(number) => Some(number),
            Err((problem, help)) => {
                faults.error_about(end, &problem, help);
                None
            }
        });
        let [Some(from), Some(to)] = read else { return None };
        let written = Form::of(kind, ends);
        let (Some(from), Some(to), Some(written)) = (from, to, written) else {
            not_between(kind, faults);
            return None;
        };
        let problem = if rule.ascending && from > to {
            "starts above its end"
        } else if rule.ratios && from.min(to) <= 0.0 {
            "starts at or below 0, where there are no ratios"
        } else {
            return Some(Self { from, to, form: written });
        };
        faults.error_about(node, problem, rule.wrong_ends);
        None
    }

    /// The value at a draw of [0, 1); whole numbers, both ends included, are equally likely.
    pub fn uniform(&self, draw: f64) -> (f64, Value) {
        let number = match self.form {
            Form::Whole => self.from + (draw * (self.to - self.from + 1.0)).floor(),
            _ => self.from + draw * (self.to - self.from),
        };
        self.written(number)
    }

    /// The value whose logarithm is at a draw.
    pub fn log_uniform(&self, draw: f64) -> (f64, Value) {
        let (from, to) = (libm::log(self.from), libm::log(self.to));
        self.written(libm::exp(from + draw * (to - from)))
    }

    /// The value of a copy, from 1, when `count` copies divide the way; of a single one the start.
    pub fn step(&self, number: u64, count: u64) -> (f64, Value) {
        match number {
            0 | 1 => self.written(self.from),
            last if last == count => self.written(self.to),
            _ => {
                let part = (number - 1) as f64 / (count - 1) as f64;
                self.written(self.from + part * (self.to - self.from))
            }
        }
    }

    /// The same in equal ratios; both ends are above 0.
    pub fn log_step(&self, number: u64, count: u64) -> (f64, Value) {
        match number {
            0 | 1 => self.written(self.from),
            last if last == count => self.written(self.to),
            _ => {
                let (from, to) = (libm::log(self.from), libm::log(self.to));
                let part = (number - 1) as f64 / (count - 1) as f64;
                self.written(libm::exp(from + part * (to - from)))
            }
        }
    }

    /// Both ends as they are written.
    pub fn ends(&self) -> [(f64, Value); 2] {
        [self.written(self.from), self.written(self.to)]
    }

    /// Rounded, never beyond the ends; these are as they are.
    fn written(&self, number: f64) -> (f64, Value) {
        let (low, high) = (self.from.min(self.to), self.from.max(self.to));
        let number = number.clamp(low, high);
        let is_end = number == self.from || number == self.to;
        let short = || if is_end { number } else { six_digits(number).clamp(low, high) };
        match &self.form {
            Form::Whole => (number.round(), Value::Integer(number.round() as i64)),
            Form::Number => (short(), Value::Float(short())),
            Form::Units(asset) => (short(), Value::Text(format!("{} {asset}", short()))),
            Form::Money(decimals) => {
                let text = format!("{number:.decimals$}");
                // What was just written as a number is one.
                let rounded = text.parse().unwrap_or(number);
                (rounded, Value::Text(format!("{text} USDC")))
            }
            Form::Duration(unit_ms) => {
                let ms = (number / *unit_ms as f64).round() as i64 * unit_ms;
                (ms as f64, Value::Text(Duration { ms }.to_string()))
            }
        }
    }
}

/// To six significant digits.
fn six_digits(number: f64) -> f64 {
    // What was just written as a number is one.
    format!("{number:.5e}").parse().unwrap_or(number)
}

impl Form {
    /// `None` for what cannot lie between two others.
    fn of(kind: &str, ends: [&Node; 2]) -> Option<Self> {
        let money = |end: &Node| Money::read(&end.value).ok().map(|money| decimals(&money));
        let duration = |end: &Node| Duration::read(&end.value).ok().map(unit_ms);
        let units = |end: &Node| Units::read(&end.value).ok().map(|units| units.asset);
        Some(match kind {
            <u64 as Leaf>::KIND => Self::Whole,
            <f64 as Leaf>::KIND | Fraction::KIND => Self::Number,
            Money::KIND => Self::Money(money(ends[0])?.max(money(ends[1])?).max(CENTS)),
            Duration::KIND => Self::Duration(duration(ends[0])?.min(duration(ends[1])?)),
            Units::KIND => match (units(ends[0])?, units(ends[1])?) {
                (None, None) => Self::Number,
                (Some(one), Some(other)) if one == other => Self::Units(one),
                _ => return None,
            },
            _ => return None,
        })
    }
}

fn decimals(money: &Money) -> usize {
    let text = money.to_string();
    let number = text.split(' ').next().unwrap_or_default();
    number.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

/// The unit in which a duration is written, ms.
fn unit_ms(duration: Duration) -> i64 {
    let text = duration.to_string();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    match Duration::read(&Value::Text(format!("1{unit}"))) {
        Ok(one) => one.ms,
        Err(_) => 1,
    }
}
