//! A scenario run from end to end into a folder.

use std::path::{Path, PathBuf};

use super::files::{Cascade, FilesError, Findings, write_files};
use super::folder::{FolderError, OutFolder, at};
use super::manifest::Manifest;
use super::rows::Rows;
use super::summary::Summary;
use super::{drift, fleet, impact, kills};
use crate::engine::Metric;
use crate::prices::models::ModelError;
use crate::scenario::Scenario;
use crate::study::{
    self, Execution, FleetMembers, Progress, Role, StudyError, StudyResult, VariantSet,
};

/// Points of a price series in a chart, about.
const PRICE_POINTS: usize = 30_000;

/// A finished run.
#[derive(Clone, Debug)]
pub struct Finished {
    /// What was found.
    pub findings: Findings,
    /// Its hash.
    pub manifest: Manifest,
    /// Where its files are.
    pub folder: PathBuf,
}

/// Why a run did not finish: also of `drypowder stress`.
#[derive(Debug, thiserror::Error)]
pub enum ProduceError {
    /// The folder cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The study failed or was stopped.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// A model with its shocks cannot be simulated.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A question about rare events has no answer.
    #[error("{0}")]
    Rare(String),
    /// A file could not be written.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// Runs all variants of a scenario and writes every file. The folder grows as `<out>.partial`;
/// what an earlier run left there is started over. A run that is stopped leaves it behind.
pub fn produce(
    scenario: &Scenario,
    set: &VariantSet,
    execution: &Execution,
    out: &Path,
    force: bool,
    progress: &mut impl Progress,
) -> Result<Finished, ProduceError> {
    let folder = OutFolder::open(out, force)?;
    let rows = Rows::new(&folder, &scenario.report, scenario.plan.metric_scope());
    let mut rows = at(folder.partial(), rows)?;
    let result = study::run(scenario, set, execution, &mut rows, progress)?;
    let confidences = &scenario.risk.confidences;
    let mut summary = Summary::of(&result, result.run_days(), confidences);
    summary.extend(drift::rows(&result, set));
    summary.extend(impact::rows(&result, set));
    let members = FleetMembers::of(&scenario.plan);
    let fleets = study::fleet_risk(scenario, set, &result, &members).map_err(StudyError::Risk)?;
    summary.extend(fleet::rows(&fleets, set));
    let killed = match scenario.kill_review {
        Some(review) => study::kill_review(scenario, set, &result, review, execution)?,
        None => Vec::new(),
    };
    summary.extend(kills::rows(&killed, &result));
    let mut traces = Vec::new();
    for &path in scenario.report.trace_paths.iter().filter(|&&path| path < scenario.paths) {
        for variant in 0..set.all().len() {
            let samples = scenario.report.samples;
            traces.push(study::trace(scenario, set, variant, path, samples)?);
        }
    }
    let fans = study::fans(scenario, set, execution)?;
    let prices = match traces.first() {
        Some(first) if scenario.report.charts => {
            study::price_series(scenario, set, 0, first.path, PRICE_POINTS)
        }
        _ => Vec::new(),
    };
    let book = match &scenario.risk.book {
        Some(spec) => study::book_figures(scenario, set, spec, execution, progress)?,
        None => Vec::new(),
    };
    let backtests = match &scenario.risk.backtest {
        Some(spec) => study::backtests(scenario, spec)?,
        None => Vec::new(),
    };
    let correlations = match traces.first() {
        Some(first) if scenario.report.charts => {
            study::rolling_correlations(scenario, set, first.path, execution)?
        }
        _ => None,
    };
    let cascade = match scenario.report.charts {
        true => cascade_of(scenario, set, &result)?,
        false => None,
    };
    let weights = &scenario.risk.diversification;
    let diversification = match weights.is_empty() {
        true => Vec::new(),
        false => study::diversification(scenario, &members, weights, execution, progress)?,
    };
    let findings = Findings {
        cascade,
        kills: scenario.kill_review.map(|_| killed),
        result,
        summary,
        traces,
        fans,
        book,
        backtests,
        fleets,
        diversification,
        prices,
        correlations,
    };
    let manifest = write_files(&folder, scenario, set, &findings, &rows.digest())?;
    Ok(Finished { findings, manifest, folder: folder.finish()? })
}

/// The largest chain of force-closes of the plan over all paths, the first of equal ones; none
/// where force-closes move no price or there was none.
fn cascade_of(
    scenario: &Scenario,
    set: &VariantSet,
    result: &StudyResult,
) -> Result<Option<Cascade>, StudyError> {
    let place = |role| set.with_role(role, None);
    let (Some(_), Some(plan)) = (&scenario.plan.impact, place(Role::Plan)) else {
        return Ok(None);
    };
    let sizes = result.variants[plan].whole().column(Metric::CascadeSize).iter();
    let mut largest = (0.0, 0);
    for (path, size) in (0..).zip(sizes) {
        if size > largest.0 {
            largest = (size, path);
        }
    }
    let (size, path) = largest;
    if size == 0.0 {
        return Ok(None);
    }
    let with = study::trace(scenario, set, plan, path, 0)?;
    let without = place(Role::NoImpact).map(|still| study::trace(scenario, set, still, path, 0));
    let prices = study::price_series(scenario, set, plan, path, PRICE_POINTS);
    Ok(Some(Cascade { with, without: without.transpose()?, prices }))
}
