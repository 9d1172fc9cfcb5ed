//! `--set` on a copy of a template.

use super::names::makes;
use crate::fields::{Node, Value};

/// Whether a path names a copy of a template of the document rather than something that stands in
/// it: it is then set after the copies are made.
pub(crate) fn names_a_copy(document: &Node, path: &str) -> bool {
    let parts: Vec<&str> = path.split('.').collect();
    let (place, rest): (Option<&Node>, &[&str]) = match parts.as_slice() {
        ["agent", rest @ ..] => (document.child("agent"), rest),
        ["markets", rest @ ..] => (document.child("markets"), rest),
        ["prices", "assets", rest @ ..] => {
            (document.child("prices").and_then(|prices| prices.child("assets")), rest)
        }
        _ => return false,
    };
    let (Some(place), Some(wanted)) = (place, rest.first()) else { return false };
    let is_template = |node: &Node| node.child("count").is_some();
    match &place.value {
        Value::Table(table) => {
            !table.contains_key(*wanted)
                && table.iter().any(|(name, node)| is_template(node) && makes(name, wanted))
        }
        Value::List(list) => {
            let name = |node: &Node| node.child("name").and_then(Node::text).map(str::to_owned);
            let by_number = wanted.parse::<usize>().is_ok();
            !by_number
                && !list.iter().any(|node| name(node).as_deref() == Some(*wanted))
                && list
                    .iter()
                    .filter(|node| is_template(node))
                    .any(|node| name(node).is_some_and(|name| makes(&name, wanted)))
        }
        _ => false,
    }
}
