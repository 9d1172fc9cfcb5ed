//! Everything that a finished run leaves in its folder.

use std::io;

use super::charts::ChartError;
use super::folder::{FolderError, OutFolder, at};
use super::manifest::Manifest;
use super::summary::Summary;
use super::{
    dictionary, events, fan, fired, fleet, kills, pictures, risk_table, survival, timeseries,
};
use crate::scenario::Scenario;
use crate::study::{
    Backtest, BookFigure, DiversificationCurve, Fan, FleetRisk, Kill, RollingCorrelations,
    StudyResult, Trace, VariantSet,
};

/// The largest chain of force-closes of all paths, for its picture.
#[derive(Clone, Debug)]
pub struct Cascade {
    /// The plan on its path.
    pub with: Trace,
    /// The plan on the same path where forced fills move no price, if that runs too.
    pub without: Option<Trace>,
    /// Marks of the path itself, one series per asset: UTC ms and USDC.
    pub prices: Vec<Vec<(i64, f64)>>,
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The study.
    pub result: StudyResult,
    /// Its figures.
    pub summary: Summary,
    /// The traced paths: by path, then by variant.
    pub traces: Vec<Trace>,
    /// Equity over time.
    pub fans: Vec<Fan>,
    /// The book at the start taken apart; empty unless asked for.
    pub book: Vec<BookFigure>,
    /// Back-tests; empty unless asked for.
    pub backtests: Vec<Backtest>,
    /// Risk of the fleets; empty without one.
    pub fleets: Vec<FleetRisk>,
    /// Their benefit of diversification against correlation; empty unless asked for.
    pub diversification: Vec<DiversificationCurve>,
    /// Marks of the first traced path, one series per asset: UTC ms and USDC.
    pub prices: Vec<Vec<(i64, f64)>>,
    /// The largest chain of force-closes, where they move prices and charts are drawn.
    pub cascade: Option<Cascade>,
    /// Every kill, judged by a second run without any, where that is asked for.
    pub kills: Option<Vec<Kill>>,
    /// Rolling correlations, where they drift and charts are drawn.
    pub correlations: Option<RollingCorrelations>,
}

/// Why the files could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A table or the manifest.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A chart.
    #[error(transparent)]
    Chart(#[from] ChartError),
}

/// Writes every file but the rows, whose digest it is given.
pub(super) fn write_files(
    folder: &OutFolder,
    scenario: &Scenario,
    set: &VariantSet,
    findings: &Findings,
    rows: &[u8; 32],
) -> Result<Manifest, FilesError> {
    let table = |name: &str, write: &dyn Fn(&mut Vec<u8>) -> io::Result<()>| {
        let path = folder.path(name);
        let mut bytes = Vec::new();
        at(&path, write(&mut bytes).and_then(|()| std::fs::write(&path, &bytes)))?;
        Ok::<_, FolderError>(bytes)
    };
    let curves = survival::curves(&findings.result, findings.result.run_days());
    let summary_csv = table("summary.csv", &|out| findings.summary.write_csv(out))?;
    let fired_csv = table("fired_rules.csv", &|out| fired::write_csv(out, set, &findings.result))?;
    table("events.csv", &|out| events::write_csv(out, set, &findings.traces))?;
    table("timeseries.csv", &|out| timeseries::write_csv(out, set, &findings.traces))?;
    table("survival.csv", &|out| survival::write_csv(out, &curves))?;
    table("fan.csv", &|out| fan::write_csv(out, set, &findings.fans))?;
    let mut results = vec![summary_csv, fired_csv];
    if !findings.book.is_empty() {
        let write = |out: &mut Vec<u8>| risk_table::write_risk_csv(out, &findings.book);
        results.push(table("risk.csv", &write)?);
    }
    if !findings.backtests.is_empty() {
        let write = |out: &mut Vec<u8>| risk_table::write_backtest_csv(out, &findings.backtests);
        results.push(table("backtest.csv", &write)?);
        table("backtest_tests.csv", &|out| risk_table::write_tests_csv(out, &findings.backtests))?;
    }
    if !findings.diversification.is_empty() {
        let write = |out: &mut Vec<u8>| fleet::write_curves_csv(out, &findings.diversification);
        results.push(table("diversification.csv", &write)?);
    }
    if let Some(killed) = &findings.kills {
        results.push(table("kills.csv", &|out| kills::write_csv(out, set, killed))?);
    }
    table("metrics.md", &|out| {
        io::Write::write_all(out, dictionary::metrics_markdown().as_bytes())
    })?;
    if scenario.report.charts {
        pictures::draw_all(folder, scenario, set, findings, &curves)?;
    }
    let manifest = Manifest::of(rows, &results);
    manifest.write(folder, scenario, set, findings.result.paths)?;
    Ok(manifest)
}
