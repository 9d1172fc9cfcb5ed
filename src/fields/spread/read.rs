//! Reading a spread.

use super::super::bounds::Bounds;
use super::super::faults::Faults;
use super::super::node::{Node, Value};
use super::super::shape::Shape;
use super::FORMS;
use super::line::Line;

/// A spread that can be drawn from.
pub(super) enum Spread {
    /// Every value between two ends is as likely as any other.
    Uniform(Line),
    /// Every ratio is.
    LogUniform(Line),
    /// From one end to the other in equal steps over the copies.
    Steps(Line),
    /// In turn.
    Cycle(Vec<Node>),
    /// Each as likely as the others.
    Pick(Vec<Node>),
}

/// The form of the spread that stands at a place; `None` where no spread does.
pub(super) fn form_of(node: &Node, shape: Option<(&Shape, &Bounds)>) -> Option<&'static str> {
    let Value::Table(table) = &node.value else { return None };
    let is_field = |name: &str| {
        let below = shape.and_then(|(shape, bounds)| shape.below(node, name, bounds));
        below.is_some()
    };
    FORMS.into_iter().find(|form| table.contains_key(*form) && !is_field(form))
}

impl Spread {
    /// Reads the spread of a form that stands at `node`.
    pub fn read(
        node: &Node,
        form: &'static str,
        shape: Option<(&Shape, &Bounds)>,
        names: &dyn Fn(&str) -> Option<Vec<String>>,
        faults: &mut Faults,
    ) -> Option<Self> {
        let (Value::Table(table), Some(argument)) = (&node.value, node.child(form)) else {
            return None;
        };
        if let Some((other, child)) = table.iter().find(|(name, _)| *name != form) {
            let message = format!("{other} stands beside {form}");
            let help = format!("a spread has one of {} and nothing else", FORMS.join(", "));
            faults.error(&child.key_spot(), message, help);
            return None;
        }
        if form == "cycle" || form == "pick" {
            let items = items(argument, form, names, faults)?;
            return Some(if form == "cycle" { Self::Cycle(items) } else { Self::Pick(items) });
        }
        let line = Line::read(argument, form, shape?, faults)?;
        Some(match form {
            "uniform" => Self::Uniform(line),
            "log_uniform" => Self::LogUniform(line),
            _ => Self::Steps(line),
        })
    }

    /// The value of a copy with its measure, or the entry that stands for it. `draw` lies in [0, 1).
    pub fn choose(self, draw: f64, number: u64, count: u64) -> Result<(f64, Value), Node> {
        match self {
            Self::Uniform(line) => Ok(line.uniform(draw)),
            Self::LogUniform(line) => Ok(line.log_uniform(draw)),
            Self::Steps(line) => Ok(line.step(number, count)),
            Self::Cycle(mut items) => {
                let at = (number.saturating_sub(1) % items.len() as u64) as usize;
                Err(items.swap_remove(at))
            }
            Self::Pick(mut items) => {
                let at = (draw * items.len() as f64) as usize;
                Err(items.swap_remove(at.min(items.len() - 1)))
            }
        }
    }
}

/// What is chosen from: a list, or the names that a pattern stands for.
fn items(
    argument: &Node,
    form: &str,
    names: &dyn Fn(&str) -> Option<Vec<String>>,
    faults: &mut Faults,
) -> Option<Vec<Node>> {
    match &argument.value {
        Value::List(list) if !list.is_empty() => Some(list.clone()),
        Value::Text(pattern) => match names(pattern) {
            Some(names) if !names.is_empty() => {
                let node = |name: String| Node { value: Value::Text(name), ..argument.clone() };
                Some(names.into_iter().map(node).collect())
            }
            known => {
                let problem = match known {
                    Some(_) => "stands for no entry",
                    None => "names no table",
                };
                let help =
                    "write e.g. \"markets.*\", \"markets.ALT_*\", \"prices.assets.*\", or a list";
                faults.error_about(argument, problem, help);
                None
            }
        },
        _ => {
            let help = format!(
                "write e.g. {{ {form} = [1, 2, 5] }}, or {{ {form} = \"markets.*\" }} for names"
            );
            faults.error_about(argument, "is nothing to choose from", help);
            None
        }
    }
}
