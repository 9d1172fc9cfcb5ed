//! The folder of a calibration.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::compare::charts;
use super::fragment::{closes_file, fragment};
use super::table::{calibration_json, comparison_csv, csv};
use super::{Calibrated, Compared, SourceFile};
use crate::fields::Duration;
use crate::prices::Prices;
use crate::prices::calibrate::ModelChoice;
use crate::prices::history::{Bars, HistoryError, sha256_hex, write_bars};
use crate::prices::models::{ModelError, ModelSpec};
use crate::report::charts::calibration::{draw, draw_qq};
use crate::report::charts::{Caption, ChartError};
use crate::report::folder::{FolderError, OutFolder, at};
use crate::report::number::count;
use crate::scenario::{Diagnostics, Scenario};
use crate::units::time::to_iso;

/// Name of the fragment.
const FRAGMENT: &str = "calibrated.toml";

/// Why a calibration cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A picture.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// A model that cannot be simulated.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A file of closes.
    #[error("{}", .0.iter().map(HistoryError::to_string).collect::<Vec<_>>().join("\n"))]
    History(Vec<HistoryError>),
    /// Parameters that a scenario does not take.
    #[error("the calibrated parameters are out of what a scenario takes:\n{}", .0.plain())]
    Scenario(Diagnostics),
}

/// Writes fragment, tables, pictures and manifest into a folder, as a run does; gives its name and
/// how history and model compare.
///
/// # Errors
/// A folder that cannot be written or replaced, parameters that a scenario does not take.
pub fn produce_calibration(
    of: &Calibrated,
    out: &Path,
    force: bool,
) -> Result<(PathBuf, Vec<Compared>), CalibrationError> {
    let folder = OutFolder::open(out, force)?;
    let write =
        |name: &str, text: &str| at(&folder.path(name), std::fs::write(folder.path(name), text));
    let text = fragment(of);
    if of.model == ModelChoice::Bootstrap {
        write_closes(of, &folder)?;
    }
    write(FRAGMENT, &text)?;
    let spec = check_fragment(of, &text, &folder.path(FRAGMENT))?;
    write("calibration.csv", &csv(of))?;
    let several = of.returns.names.len() > 1;
    let (mut made, compared) = charts(&of.returns, &spec, of.seed)?;
    write("comparison.csv", &comparison_csv(&compared))?;
    for (name, chart) in of.returns.names.iter().zip(&mut made) {
        chart.caption = caption(of, name, chart.model_drawdowns.len());
        chart.returns_label = format!("log return of {}, %", Duration { ms: of.returns.step_ms });
        let suffix = if several { format!("_{name}") } else { String::new() };
        draw(chart, &folder.path(&format!("calibration{suffix}.png")))?;
        chart.caption.title =
            format!("Tails of {name}: history against the calibrated {}", of.model_name());
        draw_qq(chart, &folder.path(&format!("qq{suffix}.png")))?;
    }
    let manifest = format!("{:#}\n", manifest(of, &compared, &folder)?);
    write("manifest.json", &manifest)?;
    Ok((folder.finish()?, compared))
}

/// The model that a scenario makes of a fragment at this path: what is drawn is what is written.
///
/// # Errors
/// Parameters that a scenario does not take.
pub fn check_fragment(
    of: &Calibrated,
    text: &str,
    path: &Path,
) -> Result<ModelSpec, CalibrationError> {
    let asset = of.returns.names.first().map_or("", String::as_str);
    let scenario = format!(
        "name = \"calibrated\"\nseed = 1\npaths = 1\n[run]\nstart = 2026-01-01T00:00:00Z\n{text}\n\
         [markets.{asset}-PERP]\nasset = \"{asset}\"\n[[agent]]\nname = \"a\"\nwallet = \"100 USDC\"\n\
         [[agent.position]]\nmarket = \"{asset}-PERP\"\nnotional = \"10 USDC\"\ncollateral = \"10 USDC\"\n"
    );
    let steps = [("prices.steps".to_owned(), "1".to_owned())];
    match Scenario::from_text(path, &scenario, &steps) {
        Ok(scenario) => match scenario.prices {
            Prices::Model(spec) => Ok(spec),
            // The fragment names a model.
            Prices::History(_) => Err(ModelError::NotPsd(f64::NAN).into()),
        },
        Err(diagnostics) => Err(CalibrationError::Scenario(diagnostics)),
    }
}

/// The closes that a bootstrap draws from, beside the fragment that names them.
fn write_closes(of: &Calibrated, folder: &OutFolder) -> Result<(), CalibrationError> {
    let history = &of.history;
    let time = |bar: usize| history.start_ms + bar as i64 * history.interval_ms;
    let open_time: Vec<i64> = (0..history.n_bars).map(time).collect();
    for asset in &history.assets {
        let close = || asset.close.clone();
        let bars = Bars {
            interval_ms: history.interval_ms,
            open_time: open_time.clone(),
            open: close(),
            high: close(),
            low: close(),
            close: close(),
            volume: None,
            close_only: true,
            metadata: BTreeMap::new(),
        };
        write_bars(folder.path(&closes_file(&asset.name)), &bars)
            .map_err(CalibrationError::History)?;
    }
    Ok(())
}

fn caption(of: &Calibrated, asset: &str, paths: usize) -> Caption {
    let (from, to) = of.span();
    let files: Vec<&str> =
        of.sources.iter().map(|source: &SourceFile| source.name.as_str()).collect();
    Caption {
        title: format!("{asset}: the calibrated {} beside its history", of.model_name()),
        subtitle: format!(
            "{} returns of {}, {} to {}; {paths} simulated paths of the same length",
            count(of.returns.count() as f64),
            Duration { ms: of.returns.step_ms },
            to_iso(from),
            to_iso(to)
        ),
        footer: format!(
            "drypowder {} · seed {} · {}",
            env!("CARGO_PKG_VERSION"),
            of.seed,
            files.join(", ")
        ),
    }
}

/// What was read and what came out, by hash.
fn manifest(
    of: &Calibrated,
    compared: &[Compared],
    folder: &OutFolder,
) -> Result<serde_json::Value, FolderError> {
    let mut files = serde_json::Map::new();
    for name in folder.files()? {
        let path = folder.path(&name);
        let bytes = at(&path, std::fs::read(&path))?;
        files.insert(name, sha256_hex(&bytes).into());
    }
    Ok(json!({
        "program": "drypowder",
        "version": env!("CARGO_PKG_VERSION"),
        "command": "calibrate",
        "seed": of.seed,
        "calibration": calibration_json(of, compared),
        "files_sha256": files,
    }))
}
