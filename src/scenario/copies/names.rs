//! What copies are called, and which entries a pattern stands for.

use crate::fields::{NUMBER, Node, Value};

/// The name of a copy, from 1: the number stands for `{n}`, else after the name and `_`; it has as
/// many digits as the count.
pub(super) fn copy_name(name: &str, number: u64, count: u64) -> String {
    let width = count.to_string().len();
    let digits = format!("{number:0width$}");
    if name.contains(NUMBER) { name.replace(NUMBER, &digits) } else { format!("{name}_{digits}") }
}

/// Whether a template of a name makes a copy called `wanted`, whatever its count.
pub(super) fn makes(name: &str, wanted: &str) -> bool {
    let (before, after) = match name.split_once(NUMBER) {
        Some(around) => around,
        None => (name, ""),
    };
    let rest = wanted.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    let digits = match rest {
        Some(rest) if !name.contains(NUMBER) => rest.strip_prefix('_'),
        rest => rest,
    };
    digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The names of the entries of a table, ascending, which a pattern such as `markets.ALT_*` stands
/// for; `None` where it names no table.
pub(super) fn entries_of(document: &Node, pattern: &str) -> Option<Vec<String>> {
    let (path, pattern) = pattern.rsplit_once('.')?;
    let table = path.split('.').try_fold(document, |node, name| node.child(name))?;
    let Value::Table(table) = &table.value else { return None };
    let fits = |name: &str| match pattern.split_once('*') {
        Some((before, after)) => {
            name.len() >= before.len() + after.len()
                && name.starts_with(before)
                && name.ends_with(after)
        }
        None => name == pattern,
    };
    Some(table.keys().filter(|name| fits(name)).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_copies() {
        let rows = [("t", 7, 82, "t_07"), ("t", 7, 9, "t_7"), ("t{n}-x", 7, 100, "t007-x")];
        for (name, number, count, expected) in rows {
            assert_eq!(copy_name(name, number, count), expected);
            assert!(makes(name, expected));
        }
        for (name, other) in [("t", "t"), ("t", "t_"), ("t", "t_a"), ("t{n}", "u1"), ("t{n}", "t")]
        {
            assert!(!makes(name, other), "{name} {other}");
        }
    }
}
