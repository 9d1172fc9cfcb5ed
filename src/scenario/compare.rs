//! What `drypowder compare` does with one scenario.

use super::Setting;
use super::format::{CompareForm, NullPolicy, Root};
use super::sweep::{self, Ground};
use crate::fields::{ByPath, Faults, Written, nearest};

/// The variants of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareSpec {
    /// Name of the variant that all others are compared with.
    pub baseline: String,
    /// The variants beside the scenario as it stands, by name.
    pub settings: Vec<Setting>,
    /// Of each variant so many paths are run again and told.
    pub trace_paths: usize,
}

impl CompareSpec {
    /// The variant of the scenario as it stands.
    pub const BASE: &'static str = "base";

    /// Names of the null policies, which run beside the variants.
    pub const NULLS: [&'static str; 5] =
        ["do_nothing", "start_smaller", "stop_loss", "silo", "no_impact"];
}

impl Default for CompareSpec {
    /// The scenario as it stands alone.
    fn default() -> Self {
        Self { baseline: Self::BASE.to_owned(), settings: Vec::new(), trace_paths: 3 }
    }
}

/// Reads what a scenario compares; `None` where it says nothing, or something is wrong with it.
pub(super) fn compare(
    root: &Root,
    ground: &Ground<'_>,
    faults: &mut Faults,
) -> Option<CompareSpec> {
    let form = root.compare.as_ref()?;
    let before = faults.errors();
    let settings: Vec<Setting> = as_written(form)
        .into_iter()
        .filter_map(|name| variant(form, name, ground, faults))
        .collect();
    if settings.is_empty() && faults.errors() == before && form.at.sound(&["variants"]) {
        let help = "write e.g. [compare.variants.early] with \"policy.top_up.warning_threshold\" = 1.8; \
                    without [compare] the null policies are compared with the plan";
        faults.error(&form.at.of("variants"), "[compare] has no variant", help);
    }
    let baseline = match &form.baseline {
        None => CompareSpec::BASE.to_owned(),
        Some(name) => {
            let mut known: Vec<&str> = vec![CompareSpec::BASE];
            known.extend(form.variants.keys().map(String::as_str));
            known.extend(root.nulls.iter().filter_map(|policy| null_name(*policy)));
            if !known.iter().any(|known| *known == name.value) {
                let near = nearest(&name.value, &known);
                let help = match near {
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None => format!("there are {}", known.join(", ")),
                };
                faults.error(&name.spot, format!("no variant is called \"{}\"", name.value), help);
            }
            name.value.clone()
        }
    };
    let trace_paths = usize::try_from(form.trace_paths).unwrap_or(usize::MAX);
    (faults.errors() == before).then_some(CompareSpec { baseline, settings, trace_paths })
}

/// The names of the variants in the order in which they are written.
fn as_written(form: &CompareForm) -> Vec<&str> {
    let place = |set: &ByPath<Written>| {
        let spots = set.entries.iter().map(|entry| entry.node.key_spot());
        spots.map(|spot| (spot.source, spot.span.start)).min()
    };
    let mut names: Vec<(&String, _)> =
        form.variants.iter().map(|(name, set)| (name, place(set))).collect();
    names.sort_by_key(|(_, place)| *place);
    names.into_iter().map(|(name, _)| name.as_str()).collect()
}

/// Name of the variant that a null policy is; none of what runs on other prices.
const fn null_name(policy: NullPolicy) -> Option<&'static str> {
    match policy {
        NullPolicy::DoNothing => Some("do_nothing"),
        NullPolicy::StartSmaller => Some("start_smaller"),
        NullPolicy::StopLoss => Some("stop_loss"),
        NullPolicy::Silo => Some("silo"),
        NullPolicy::NoImpact => Some("no_impact"),
        NullPolicy::NoDrift => None,
    }
}

/// One variant.
fn variant(
    form: &CompareForm,
    name: &str,
    ground: &Ground<'_>,
    faults: &mut Faults,
) -> Option<Setting> {
    let set = form.variants.get(name)?;
    let spot = form.at.of("variants").below(name);
    if name == CompareSpec::BASE || CompareSpec::NULLS.contains(&name) {
        let what =
            if name == CompareSpec::BASE { "the scenario as it stands" } else { "a null policy" };
        faults.error(&spot, format!("\"{name}\" is {what}"), "give the variant another name");
        return None;
    }
    if set.entries.is_empty() {
        let help = "write e.g. \"policy.kill_switch.trigger_hf\" = 1.1 in it; the scenario as it stands \
                    is the variant \"base\"";
        faults.error(&spot, format!("variant \"{name}\" sets nothing"), help);
        return None;
    }
    for entry in &set.entries {
        if entry.path == "prices" || entry.path.starts_with("prices.") {
            let help = "variants are compared on the same prices: use `drypowder stress` for shocks, \
                        [other_models] for other models";
            faults.error(&entry.node.key_spot(), format!("{} cannot be varied", entry.path), help);
            return None;
        }
    }
    sweep::setting(name, set, ground, faults)
}
