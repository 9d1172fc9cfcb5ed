//! What is compared: variants of one scenario, or several scenarios.

use crate::engine::Plan;
use crate::prices::models::ModelError;
use crate::scenario::{CompareSpec, Diagnostics, Scenario, ScenarioFile};
use crate::study::VariantSet;

/// Plans by name, the baseline first.
#[derive(Clone, Debug)]
pub struct Entrants {
    /// Name and plan.
    pub plans: Vec<(String, Plan)>,
    /// Fields that each of them sets over the scenario, as written; empty for those that set none.
    pub sets: Vec<Vec<(String, String)>>,
    /// Of each variant so many paths are told.
    pub trace_paths: usize,
    /// Whether they are of several scenarios.
    pub several: bool,
}

/// Why there is nothing to compare.
#[derive(Debug, thiserror::Error)]
pub enum EntrantsError {
    /// A variant is wrong.
    #[error("variant {name} is wrong: {why}")]
    Variant {
        /// Its name.
        name: String,
        /// Everything that is.
        why: String,
    },
    /// The scenarios cannot be compared.
    #[error("{0}")]
    Unlike(String),
    /// The scenario's model cannot be simulated.
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl EntrantsError {
    fn of_variant(name: &str, why: &Diagnostics) -> Self {
        Self::Variant { name: name.to_owned(), why: why.plain() }
    }
}

/// The variants of a scenario: those of its `[compare]` and the null policies that it asks for, against
/// its baseline; without `[compare]` the null policies against the plan.
///
/// # Errors
/// A variant that is wrong, has other prices or other agents, or is not there.
pub fn entrants(file: &ScenarioFile) -> Result<Entrants, EntrantsError> {
    let base = file.base();
    let spec = base.compare.as_deref();
    let set = VariantSet::of(base)?;
    let mut plans: Vec<(String, Plan)> = Vec::new();
    let mut sets = Vec::new();
    for (_, variant) in set.main() {
        let plan = plans.is_empty();
        let name = if plan && spec.is_some() { CompareSpec::BASE } else { &variant.name };
        plans.push((name.to_owned(), variant.plan.clone()));
        sets.push(Vec::new());
    }
    for setting in spec.map_or(&[][..], |spec| &spec.settings) {
        let scenario =
            file.with(setting).map_err(|why| EntrantsError::of_variant(&setting.name, &why))?;
        like(base, &scenario, &setting.name)?;
        plans.push((setting.name.clone(), scenario.plan));
        sets.push(setting.sets.clone());
    }
    if let Some(spec) = spec {
        let place = plans.iter().position(|(name, _)| *name == spec.baseline).ok_or_else(|| {
            let words = format!(
                "the baseline {} does not run: a plan without protections is its own do_nothing; write \
                 compare.baseline = \"base\"",
                spec.baseline
            );
            EntrantsError::Unlike(words)
        })?;
        // The others keep their order.
        plans[..=place].rotate_right(1);
        sets[..=place].rotate_right(1);
    }
    if plans.len() < 2 {
        let words = "there is nothing to compare: write [compare.variants.NAME] with fields and values, \
                     or nulls = [\"do_nothing\"], or give several scenarios";
        return Err(EntrantsError::Unlike(words.to_owned()));
    }
    let trace_paths = spec.map_or(CompareSpec::default().trace_paths, |spec| spec.trace_paths);
    Ok(Entrants { plans, sets, trace_paths, several: false })
}

/// Several scenarios, the first the baseline, by their names, or by their files where names repeat.
///
/// # Errors
/// Which fields differ that must not.
pub fn entrants_of_files(scenarios: &[Scenario]) -> Result<Entrants, EntrantsError> {
    let mut plans: Vec<(String, Plan)> = Vec::new();
    for scenario in scenarios {
        let file = scenario.file.display().to_string();
        if scenario.compare.is_some() {
            let words = format!(
                "{file} has [compare], which says what is compared within one scenario: give it alone, or \
                 leave [compare] out"
            );
            return Err(EntrantsError::Unlike(words));
        }
        let repeated = scenarios.iter().filter(|other| other.name == scenario.name).count() > 1;
        let name = if repeated { file } else { scenario.name.clone() };
        if plans.iter().any(|(known, _)| *known == name) {
            return Err(EntrantsError::Unlike(format!(
                "{name} is given twice: give each file once"
            )));
        }
        like(&scenarios[0], scenario, &name)?;
        plans.push((name, scenario.plan.clone()));
    }
    let trace_paths = CompareSpec::default().trace_paths;
    Ok(Entrants { sets: vec![Vec::new(); plans.len()], plans, trace_paths, several: true })
}

/// Fields that must be alike: name of the field, what may be done, and whether it is.
fn like(base: &Scenario, other: &Scenario, name: &str) -> Result<(), EntrantsError> {
    let mut unlike = Vec::new();
    if base.seed != other.seed {
        unlike.push(format!(
            "seed ({} and {}): give --seed {} for all",
            base.seed, other.seed, base.seed
        ));
    }
    if base.paths != other.paths {
        unlike.push(format!(
            "paths ({} and {}): give --paths {} for all",
            base.paths, other.paths, base.paths
        ));
    }
    if base.prices != other.prices {
        let fields = differing("prices", &base.resolved["prices"], &other.resolved["prices"]);
        let fields = match fields.as_slice() {
            [] => "prices: markets or agents change what is simulated".to_owned(),
            _ => fields.join(", "),
        };
        unlike.push(format!("{fields}: make them alike, or use --set for all"));
    }
    let names = |scenario: &Scenario| -> Vec<String> {
        scenario.plan.agents.iter().map(|agent| agent.name.clone()).collect()
    };
    let (ours, theirs) = (names(base), names(other));
    if ours != theirs {
        let (ours, theirs) = (ours.join(", "), theirs.join(", "));
        unlike.push(format!("agents ({ours}; {theirs}): give both the same names"));
    }
    if unlike.is_empty() {
        return Ok(());
    }
    let what = unlike.join("; ");
    Err(EntrantsError::Unlike(format!("{name} cannot be compared with {}: {what}", base.name)))
}

/// Paths of the fields that differ below one, at most five.
fn differing(path: &str, a: &serde_json::Value, b: &serde_json::Value) -> Vec<String> {
    let mut found = Vec::new();
    match (a.as_object(), b.as_object()) {
        (Some(a), Some(b)) => {
            let missing = serde_json::Value::Null;
            let mut names: Vec<&String> = a.keys().chain(b.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let [a, b] = [a, b].map(|table| table.get(name).unwrap_or(&missing));
                found.extend(differing(&format!("{path}.{name}"), a, b));
            }
        }
        _ if a != b => found.push(path.to_owned()),
        _ => {}
    }
    found.truncate(5);
    found
}
