//! Short names of the fields that a study varies.

use crate::scenario::Axis;

/// The last parts of each field's path, as many as tell it from the others.
pub(super) fn axis_names(axes: &[Axis]) -> Vec<String> {
    let paths: Vec<&str> = axes.iter().map(|axis| axis.path.as_str()).collect();
    paths.iter().map(|path| shortest(path, &paths)).collect()
}

/// The same with its unit, where it has one.
pub(super) fn axis_titles(axes: &[Axis]) -> Vec<String> {
    let names = axis_names(axes).into_iter().zip(axes);
    let title = |(name, axis): (String, &Axis)| match axis.unit {
        "" => name,
        unit => format!("{name}, {unit}"),
    };
    names.map(title).collect()
}

fn shortest(path: &str, all: &[&str]) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let ends = |other: &str, end: &str| {
        other == end || other.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'))
    };
    let ends_of = (0..parts.len()).rev().map(|from| parts[from..].join("."));
    let unique = |end: &String| all.iter().filter(|other| ends(other, end)).count() == 1;
    ends_of.into_iter().find(unique).unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_short_as_tells_them_apart() {
        let all = ["policy.kill_switch.enabled", "policy.top_up.enabled", "a.b", "b", "x.prefab"];
        let short = ["kill_switch.enabled", "top_up.enabled", "a.b", "b", "prefab"];
        for (path, short) in all.iter().zip(short) {
            assert_eq!(shortest(path, &all), short);
        }
    }
}
