//! Copies of a table, and spreads: what stands in place of a value that differs between them.

mod line;
mod read;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bounds::Bounds;
use super::faults::Faults;
use super::node::{Node, Value};
use super::shape::Shape;
use super::source::join;
use crate::stats::StreamKey;
pub use line::{Line, Rule as LineRule};
use read::{Spread, form_of};

/// The forms of a spread: between two ends, or out of a list.
pub const FORMS: [&str; 5] = ["uniform", "log_uniform", "steps", "cycle", "pick"];

/// What stands for the number of a copy in texts and names.
pub const NUMBER: &str = "{n}";

/// What to say where a spread stands in place of a value of a table without copies.
pub(super) fn misplaced(value: &Value) -> Option<&'static str> {
    let Value::Table(table) = value else { return None };
    let is_spread = table.len() == 1 && table.keys().all(|name| FORMS.contains(&name.as_str()));
    is_spread
        .then_some("a spread stands only in a table with count, e.g. an [[agent]] with count = 10")
}

/// A table that is copied.
pub struct Copies<'a> {
    /// What draws are keyed by beside path and number: kind and name of the table.
    pub stream: String,
    /// What may be written there, and its bounds; `None` where nobody knows.
    pub shape: Option<(&'a Shape, &'a Bounds)>,
    /// How many copies, 1 or more.
    pub count: u64,
    /// Names of the tables that a pattern such as `markets.ALT_*` stands for; `None` where there is
    /// no such table.
    pub names: &'a dyn Fn(&str) -> Option<Vec<String>>,
}

/// What a spread came out as.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// As it is written.
    pub written: String,
    /// The least and the greatest of all copies, measured and as written; `None` for a list.
    pub range: Option<[(f64, String); 2]>,
}

/// What the spreads of a table came out as, by the path of the field.
pub type Draws = BTreeMap<String, Drawn>;

impl Copies<'_> {
    /// Reports what is wrong with the spreads of a table, once for all copies; these spreads are
    /// unusable from then on.
    pub fn check(&self, table: &mut Node, faults: &mut Faults) {
        self.check_node(table, self.shape, faults);
    }

    fn check_node(&self, node: &mut Node, shape: Option<(&Shape, &Bounds)>, faults: &mut Faults) {
        if let Some(form) = form_of(node, shape) {
            if Spread::read(node, form, shape, self.names, faults).is_none() {
                node.value = Value::Unusable;
            } else if let Some(Value::List(items)) =
                node.table_mut().and_then(|table| table.get_mut(form)).map(|node| &mut node.value)
                && matches!(form, "cycle" | "pick")
            {
                items.iter_mut().for_each(|item| self.check_item(item, shape, faults));
            }
            return;
        }
        let below = Self::below(node, shape);
        match &mut node.value {
            Value::Table(table) => {
                for ((_, child), shape) in table.iter_mut().zip(below) {
                    self.check_node(child, shape, faults);
                }
            }
            Value::List(list) => {
                for (child, shape) in list.iter_mut().zip(below) {
                    self.check_node(child, shape, faults);
                }
            }
            _ => {}
        }
    }

    /// An entry of a list to choose from: it is judged though no copy may choose it.
    fn check_item(&self, item: &mut Node, shape: Option<(&Shape, &Bounds)>, faults: &mut Faults) {
        if matches!(item.value, Value::Table(_) | Value::List(_)) {
            return self.check_node(item, shape, faults);
        }
        if item.text().is_some_and(|text| text.contains(NUMBER)) {
            return;
        }
        let (before, Some((shape, bounds))) = (faults.errors(), shape) else { return };
        match shape.inner() {
            Shape::Leaf { measure, .. } => {
                if let Err((problem, help)) = measure(&item.value, bounds) {
                    faults.error_about(item, &problem, help);
                }
            }
            Shape::Choice(names) => {
                super::read::choose(item, names, faults);
            }
            _ => {}
        }
        if faults.errors() > before {
            item.value = Value::Unusable;
        }
    }

    /// What may be written at each child of a node, in their order.
    fn below<'a>(
        node: &Node,
        shape: Option<(&'a Shape, &'a Bounds)>,
    ) -> Vec<Option<(&'a Shape, &'a Bounds)>> {
        let one = |name: &str| shape.and_then(|(shape, bounds)| shape.below(node, name, bounds));
        match &node.value {
            Value::Table(table) => table.keys().map(|name| one(name)).collect(),
            Value::List(list) => list.iter().map(|_| one("")).collect(),
            _ => Vec::new(),
        }
    }

    /// The copy of a number, from 1, called `name`; `table` has been through [`Copies::check`].
    pub fn copy(&self, table: &Node, number: u64, name: &str, draws: &mut Draws) -> Node {
        let width = self.count.to_string().len();
        let digits = format!("{number:0width$}");
        let mut copying = Copying { of: self, number, digits, name: name.into(), draws };
        copying.node(table, "", self.shape)
    }
}

/// One copy in the making.
struct Copying<'a> {
    of: &'a Copies<'a>,
    number: u64,
    digits: String,
    name: Arc<str>,
    draws: &'a mut Draws,
}

impl Copying<'_> {
    fn node(&mut self, node: &Node, path: &str, shape: Option<(&Shape, &Bounds)>) -> Node {
        if let Some(form) = form_of(node, shape) {
            return self.drawn(node, form, path, shape);
        }
        let below = Copies::below(node, shape);
        let value = match &node.value {
            Value::Text(text) => Value::Text(text.replace(NUMBER, &self.digits)),
            Value::List(list) => {
                let items = list.iter().zip(below).enumerate();
                let copied = items.map(|(at, (item, shape))| {
                    self.node(item, &join(path, &at.to_string()), shape)
                });
                Value::List(copied.collect())
            }
            Value::Table(table) => {
                let mut copied = BTreeMap::new();
                for ((name, child), shape) in table.iter().zip(below) {
                    let child = self.node(child, &join(path, name), shape);
                    copied.insert(name.replace(NUMBER, &self.digits), child);
                }
                Value::Table(copied)
            }
            other => other.clone(),
        };
        self.placed(node, value)
    }

    fn placed(&self, node: &Node, value: Value) -> Node {
        let mut spot = node.spot.clone();
        spot.copy = Some(self.name.clone());
        Node { value, spot, key: node.key.clone() }
    }

    fn drawn(
        &mut self,
        node: &Node,
        form: &'static str,
        path: &str,
        shape: Option<(&Shape, &Bounds)>,
    ) -> Node {
        // What is wrong with it has been reported.
        let mut unused = Faults::default();
        let Some(spread) = Spread::read(node, form, shape, self.of.names, &mut unused) else {
            return self.placed(node, Value::Unusable);
        };
        let key = StreamKey::new("spread", &format!("{} {path}", self.of.stream));
        let draw = key.open(0, self.number).uniform();
        let written = || node.value.toml();
        let known = self.draws.entry(path.to_owned());
        let known = known.or_insert_with(|| Drawn { written: written(), range: None });
        match spread.choose(draw, self.number, self.of.count) {
            Ok((measure, value)) => {
                let shown = (measure, value.toml().replace('"', ""));
                let [least, greatest] =
                    known.range.get_or_insert_with(|| [shown.clone(), shown.clone()]);
                if measure < least.0 {
                    least.clone_from(&shown);
                }
                if measure > greatest.0 {
                    *greatest = shown;
                }
                self.placed(node, value)
            }
            Err(item) => self.node(&item, &join(path, form), shape),
        }
    }
}

#[cfg(test)]
mod tests;
