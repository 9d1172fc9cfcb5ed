//! Reading one field, one name, one choice: the faults that every section shares.

use super::bounds::Bounds;
use super::decode::{Decode, Places};
use super::faults::Faults;
use super::node::{Node, Value};

/// Reads the field `name` of a table.
///
/// A field that cannot be read is spoiled in `at` and takes its default or a stand-in, so that the
/// rest of the document can still be judged; `None` where it has neither.
pub fn read_field<T: Decode>(
    node: &Node,
    name: &'static str,
    default: Option<Value>,
    bounds: &Bounds,
    at: &mut Places,
    faults: &mut Faults,
) -> Option<T> {
    let fallback = |faults: &mut Faults| match default {
        Some(value) => {
            let spot = node.spot.below(name);
            let node = Node { value, key: spot.span.clone(), spot };
            T::decode(&node, bounds, faults)
        }
        None => T::absent(),
    };
    let Some(child) = node.child(name) else {
        let value = fallback(faults);
        if value.is_none() {
            let spot = node.spot.below(name);
            faults.error(&spot, format!("{name} is missing"), missing_help::<T>(bounds));
            at.spoil(name);
        }
        return value.or_else(T::stand_in);
    };
    at.note(name, child.spot.clone());
    let before = faults.errors();
    let value = T::decode(child, bounds, faults);
    if faults.errors() > before {
        at.spoil(name);
    }
    value.or_else(|| fallback(faults)).or_else(T::stand_in)
}

fn missing_help<T: Decode>(bounds: &Bounds) -> String {
    let (kind, range) = T::shape().words(bounds);
    if range.is_empty() { format!("give a {kind}") } else { format!("give a {kind}: {range}") }
}

/// Reports every field of a table that is none of `names`; false where it is no table.
pub fn check_names(node: &Node, names: &[&'static str], faults: &mut Faults) -> bool {
    let Value::Table(table) = &node.value else {
        let help = format!("give a table with fields {}", listed(names));
        faults.error_about(node, "is not a table", help);
        return false;
    };
    for (name, child) in table {
        if !names.contains(&name.as_str()) {
            let help = match nearest(name, names) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("known here: {}", listed(names)),
            };
            faults.error(&child.key_spot(), format!("unknown field {name}"), help);
        }
    }
    true
}

/// The known name nearest to one that is not; `None` where nothing is near.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    const LIKENESS_MIN: f64 = 0.75;
    let name = name.to_lowercase();
    let likeness = |known: &str| {
        let known = known.to_lowercase();
        let is_slip = name.len() > 1 && strsim::damerau_levenshtein(&name, &known) == 1;
        if is_slip { 1.0 } else { strsim::jaro_winkler(&name, &known) }
    };
    let near = known.iter().map(|known| (likeness(known), *known));
    near.filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| known)
}

/// Which of `names` a text is.
pub fn choose(node: &Node, names: &[&'static str], faults: &mut Faults) -> Option<usize> {
    let written = node.text().unwrap_or_default();
    let chosen = names.iter().position(|name| *name == written);
    if chosen.is_none() {
        let help = match (super::spread::misplaced(&node.value), nearest(written, names)) {
            (Some(help), _) => help.to_owned(),
            (None, Some(near)) => format!("did you mean \"{near}\"?"),
            (None, None) => String::new(),
        };
        let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        faults.error_about(node, &format!("is not one of {}", quoted.join(", ")), help);
    }
    chosen
}

/// Which variant a tagged table is; unknown fields are those that the variant does not have.
pub fn variant(
    node: &Node,
    tag: &'static str,
    variants: &[(&'static str, Vec<&'static str>)],
    faults: &mut Faults,
) -> Option<usize> {
    let names: Vec<&'static str> = variants.iter().map(|(name, _)| *name).collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let Value::Table(table) = &node.value else {
        let help = format!("give a table with {tag} = one of {}", quoted.join(", "));
        faults.error_about(node, "is not a table", help);
        return None;
    };
    let Some(chosen) = table.get(tag) else {
        let help = format!("one of {}", quoted.join(", "));
        faults.error(&node.spot.below(tag), format!("{tag} is missing"), help);
        return None;
    };
    let index = choose(chosen, &names, faults)?;
    let (name, fields) = &variants[index];
    for (field, child) in table.iter().filter(|(field, _)| *field != tag) {
        if fields.contains(&field.as_str()) {
            continue;
        }
        let elsewhere = variants.iter().find(|(_, fields)| fields.contains(&field.as_str()));
        let help = match (elsewhere, nearest(field, fields)) {
            (Some((other, _)), _) => format!("it belongs to {tag} = \"{other}\""),
            (None, Some(near)) => format!("did you mean {near}?"),
            (None, None) => format!("known here: {}", listed(fields)),
        };
        let message = format!("unknown field {field} where {tag} = \"{name}\"");
        faults.error(&child.key_spot(), message, help);
    }
    Some(index)
}

/// The entries of a list.
pub fn list<'a>(node: &'a Node, faults: &mut Faults) -> Option<&'a [Node]> {
    match &node.value {
        Value::List(list) => Some(list),
        _ => {
            faults.error_about(node, "is not a list", "write it in [brackets]");
            None
        }
    }
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
