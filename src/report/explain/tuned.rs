//! Lines of a tuning's tables: the setting that ran, and what it ran on.

use super::ExplainError;
use super::row::Row;
use super::tables::{Figure, Meant, has_run, meant, need};
use crate::scenario::{Scenario, Setting, TuneSpec};
use crate::study::TunePart;

/// Name of the scenario as it stands among candidates.
const BASE: &str = "base";

/// What a line rests on.
pub(super) struct Tuned {
    /// The setting's name.
    name: String,
    /// Fields that it sets, with values as the tables write them.
    values: Vec<(String, String)>,
    /// The part of the tuning that it ran in.
    pub part: TunePart,
}

impl Tuned {
    /// The setting, with values as TOML writes them.
    pub fn setting(&self, search: &TuneSpec) -> Setting {
        let toml = |(path, text): &(String, String)| {
            let axis = search.space.axes.iter().find(|axis| axis.path == *path);
            let mut known = axis.into_iter().flat_map(|axis| &axis.values);
            let known = known.find(|value| value.text == *text);
            let toml = known.map_or_else(|| as_toml(text), |value| value.toml().to_owned());
            (path.clone(), toml)
        };
        Setting { name: self.name.clone(), sets: self.values.iter().map(toml).collect() }
    }

    /// The prices in words; empty for the scenario's own.
    pub fn ground_words(&self) -> String {
        match &self.part {
            TunePart::Search(_) => String::new(),
            TunePart::Fresh => ", fresh paths".to_owned(),
            TunePart::Condition(name) => format!(", under the condition {name}"),
            TunePart::Walk(step) => {
                format!(", the window that step {} was tested on", step + 1)
            }
        }
    }
}

/// The agent whose figures a tuning judges; `None` for the whole account.
pub(super) fn agent(scenario: &Scenario) -> Option<String> {
    let agent = scenario.objective.as_ref()?.agent?;
    scenario.plan.agents.get(agent).map(|agent| agent.name.clone())
}

fn of(row: &Row, figure: &str, name: &str, part: TunePart) -> Result<Meant, ExplainError> {
    let mut meant = meant(row, Figure::Named(figure.to_owned()));
    meant.explained.variant = Some(name.to_owned());
    let values = values_of(row, name)?;
    meant.tuned = Some(Tuned { name: name.to_owned(), values, part });
    Ok(meant)
}

/// What a candidate sets, from the line itself where it is one of `tune.csv`, else from that table.
fn values_of(row: &Row, candidate: &str) -> Result<Vec<(String, String)>, ExplainError> {
    if candidate == BASE {
        return Ok(Vec::new());
    }
    let own = row.get("candidate") == Some(candidate);
    let found = match own && row.table == "tune.csv" {
        true => None,
        false => Some(row.beside("tune.csv", ("candidate", candidate))?),
    };
    let fields = found.as_ref().unwrap_or(&row.fields);
    // Only names of fields have a dot.
    let set = fields.iter().filter(|(name, value)| name.contains('.') && !value.is_empty());
    Ok(set.cloned().collect())
}

/// A candidate of the search, or a finalist on fresh paths.
pub(super) fn candidate(row: &Row, figure: &str) -> Result<Meant, ExplainError> {
    has_run(row)?;
    let part = match need(row, "stage")? {
        "validation" => TunePart::Fresh,
        _ => TunePart::Search(number(row, "paths")?),
    };
    of(row, figure, need(row, "candidate")?, part)
}

/// A value of an axis, all else as in the centre.
pub(super) fn profile(row: &Row, figure: &str) -> Result<Meant, ExplainError> {
    has_run(row)?;
    let centre = row.manifest["centre"].as_str().ok_or_else(|| {
        ExplainError::Input("the manifest beside the table does not name the centre".to_owned())
    })?;
    let mut meant = of(row, figure, centre, TunePart::Fresh)?;
    let (axis, centred) = (need(row, "axis")?, need(row, "centre")? == "1");
    if let (Some(tuned), false) = (&mut meant.tuned, centred) {
        let value = need(row, "value")?;
        tuned.name = format!("{axis}={value}");
        tuned.values.retain(|(path, _)| path != axis);
        tuned.values.push((axis.to_owned(), value.to_owned()));
    }
    Ok(meant)
}

/// A finalist under other conditions.
pub(super) fn condition(row: &Row, figure: &str) -> Result<Meant, ExplainError> {
    has_run(row)?;
    let part = TunePart::Condition(need(row, "condition")?.to_owned());
    of(row, figure, need(row, "candidate")?, part)
}

/// The choice of a step, on the window that it was tested on.
pub(super) fn walk(row: &Row, figure: &str) -> Result<Meant, ExplainError> {
    let step: usize = number(row, "step")?;
    let candidate = row.get("candidate").ok_or_else(|| {
        ExplainError::Input("no candidate could run in both windows of this step".to_owned())
    })?;
    of(row, figure, candidate, TunePart::Walk(step.saturating_sub(1)))
}

fn number<T: std::str::FromStr>(row: &Row, column: &str) -> Result<T, ExplainError> {
    let text = need(row, column)?;
    text.parse().map_err(|_| {
        ExplainError::Input(format!(
            "\"{text}\" in the column {column} of {} is no number",
            row.table
        ))
    })
}

/// A value as a person writes it, as TOML does.
fn as_toml(text: &str) -> String {
    let plain = text.parse::<f64>().is_ok() || text == "true" || text == "false";
    if plain || text.starts_with('[') || text.starts_with('{') {
        return text.to_owned();
    }
    format!("{text:?}")
}
