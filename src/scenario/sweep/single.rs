//! One named setting, judged field by field.

use super::axis::judged;
use super::ground::{Ground, Measure};
use crate::fields::{ByPath, Faults, Written};
use crate::scenario::Setting;

/// The setting of that name; `None` where a field does not exist, may not vary or takes no such value.
pub(in crate::scenario) fn setting(
    name: &str,
    set: &ByPath<Written>,
    ground: &Ground<'_>,
    faults: &mut Faults,
) -> Option<Setting> {
    let before = faults.errors();
    let mut sets = Vec::with_capacity(set.entries.len());
    for entry in &set.entries {
        let Some(place) = ground.varied(&entry.path, &entry.node.key_spot(), faults) else {
            continue;
        };
        if let Some(value) = judged(&entry.node, &place, Measure::of(&place), faults) {
            sets.push((entry.path.clone(), value.toml));
        }
    }
    (faults.errors() == before).then(|| Setting { name: name.to_owned(), sets })
}
