//! Laying documents over each other, and setting single fields.

use super::faults::Faults;
use super::node::{Node, Value};
use super::source::Spot;

/// Fields of which one replaces the others when a table is laid over another.
pub type Alternatives = [&'static [&'static str]];

impl Node {
    /// This document laid over `base`, field by field: what is not written here comes from there.
    ///
    /// A table that names one of `kinds` (`kind = "…"`) replaces the other as a whole when they
    /// name different ones, and a field replaces its `alternatives`.
    pub fn over(&self, base: &Self, kinds: &[&str], alternatives: &Alternatives) -> Self {
        let (Value::Table(over), Value::Table(under)) = (&self.value, &base.value) else {
            return self.clone();
        };
        let of_a_kind = |name: &&&str| match (over.get(**name), under.get(**name)) {
            (Some(one), Some(other)) => one.value != other.value,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if kinds.iter().any(|name| of_a_kind(&name)) {
            return self.clone();
        }
        let mut merged = under.clone();
        for group in alternatives.iter().filter(|group| group.iter().any(|n| over.contains_key(*n)))
        {
            group.iter().for_each(|name| drop(merged.remove(*name)));
        }
        for (name, node) in over {
            let laid = match merged.get(name) {
                Some(base) => node.over(base, kinds, alternatives),
                None => node.clone(),
            };
            merged.insert(name.clone(), laid);
        }
        Self { value: Value::Table(merged), spot: self.spot.clone(), key: self.key.clone() }
    }

    /// Puts a value at a dotted path, making tables on the way. An entry of a list is named by
    /// its number from 0 or by its `name`.
    pub fn set(&mut self, path: &str, value: Self, faults: &mut Faults) {
        const PARTS_MAX: usize = 16;
        let parts: Vec<&str> = path.split('.').collect();
        if parts.len() > PARTS_MAX || parts.iter().any(|part| part.trim().is_empty()) {
            let help = "write names with dots between, e.g. policy.top_up.warning_threshold";
            faults.error(&value.spot, format!("\"{path}\" is no path of a field"), help);
            return;
        }
        let mut at = self;
        for (depth, part) in parts.iter().enumerate() {
            let here = parts[..depth].join(".");
            let next = match step(at, part, &value.spot, &here) {
                Ok(next) => next,
                Err(problem) => {
                    faults.error(&value.spot, problem, "");
                    return;
                }
            };
            at = next;
        }
        *at = value;
    }
}

/// The node called `part` below `at`, made where a table has none.
fn step<'a>(at: &'a mut Node, part: &str, spot: &Spot, here: &str) -> Result<&'a mut Node, String> {
    match &mut at.value {
        Value::Table(table) => Ok(table.entry(part.to_owned()).or_insert_with(|| {
            let path = super::source::join(here, part);
            Node {
                value: Value::empty(),
                spot: Spot { path, ..spot.clone() },
                key: spot.span.clone(),
            }
        })),
        Value::List(list) => {
            let called = |node: &Node| node.child("name").and_then(Node::text) == Some(part);
            let index = part.parse().ok().or_else(|| list.iter().position(called));
            let count = list.len();
            index
                .and_then(|index: usize| list.get_mut(index))
                .ok_or_else(|| format!("{here} has {count} entries, and none is \"{part}\""))
        }
        other => Err(format!("{here} is {} and has no field {part}", other.kind())),
    }
}
