//! What `drypowder sweep` writes and prints.
//!
//! Variants go in batches, each over all paths; what was found so far stands on disk tile by tile
//! ([`spill`]). A sweep that was stopped, or whose process died, goes on from there and ends with the
//! same bytes. Tables are written when all is found.

mod manifest;
mod picture;
mod spill;
mod table;
mod text;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use self::spill::Spill;
use super::files::FilesError;
use super::folder::{FolderError, OutFolder, at};
use super::manifest::hex;
use super::produce::ProduceError;
use crate::scenario::{Design, Diagnostics, ScenarioFile};
use crate::study::{Batch, Execution, Ground, Progress, StudyError};

pub use manifest::sweep_json;
pub use table::SweepRow;
pub use text::{sweep_report, sweep_speed};

/// Variants that are in memory at a time.
const BATCH: usize = 1024;

/// A sweep of a scenario.
#[derive(Debug)]
pub struct SweepPlan<'a> {
    /// The scenario.
    pub file: &'a ScenarioFile,
    /// Its variants.
    pub design: &'a Design,
    /// The figures of each, in the order of the columns.
    pub columns: Vec<String>,
    /// Whether the rows of all paths are written.
    pub paths_file: bool,
}

impl<'a> SweepPlan<'a> {
    /// The sweep of a scenario.
    ///
    /// # Errors
    /// If it asks for none.
    pub fn of(file: &'a ScenarioFile) -> Result<Self, Diagnostics> {
        let spec = file.sweep()?;
        let mut columns = table::columns(file.base(), &spec.figures);
        // What the picture shows is in the tables too.
        if let Some(objective) = &file.base().objective {
            for (name, _) in objective.figures() {
                if !columns.iter().any(|column| column == name) {
                    columns.push(name.to_owned());
                }
            }
        }
        Ok(Self { file, design: &spec.design, columns, paths_file: spec.paths_file })
    }

    /// Paths of the fields that vary.
    pub fn axes(&self) -> Vec<&str> {
        self.design.space.axes.iter().map(|axis| axis.path.as_str()).collect()
    }

    /// Variants times paths.
    pub fn cells(&self) -> u64 {
        self.file.base().paths * self.design.settings.len() as u64
    }
}

/// A finished sweep and what it wrote.
#[derive(Clone, Debug)]
pub struct SweepFinished {
    /// The variants in their order.
    pub rows: Vec<SweepRow>,
    /// Whether it went on with one that had been stopped.
    pub resumed: bool,
    /// Variants times paths that ran, without those that had run before it was stopped.
    pub ran: u64,
    /// SHA-256 of `sweep.csv` and `summary.csv`.
    pub result_hash: String,
    /// Where its files are.
    pub folder: PathBuf,
}

/// Names of the tables.
const WIDE: &str = "sweep.csv";
const LONG: &str = "summary.csv";
const PATHS: &str = "sweep_paths.csv";

/// Runs a sweep into a folder, which grows as `<out>.partial`.
///
/// # Errors
/// If the folder cannot be written (a full disk loses nothing that is finished), the study is stopped,
/// or its threads cannot be started. A variant that fails is no error but a row.
pub fn produce_sweep(
    plan: &SweepPlan<'_>,
    execution: &Execution,
    out: &Path,
    force: bool,
    progress: &mut impl Progress,
) -> Result<SweepFinished, ProduceError> {
    let key = key_of(plan);
    let (folder, resumed) = OutFolder::resume(out, force, &hex(&key))?;
    let mut paths = plan.paths_file.then(|| Table::open(&folder, PATHS)).transpose()?;
    if let Some(table) = &mut paths {
        table.write(|out| table::write_paths_header(plan.file.base(), out))?;
    }
    let mut rows = Vec::with_capacity(plan.design.settings.len());
    let mut spills = Vec::new();
    let sweep = Sweep { plan, execution, folder: &folder, key };
    let mut counted = Counted { progress, before: 0, ran: 0, total: plan.cells() };
    for batch in 0..plan.design.settings.len().div_ceil(BATCH) {
        spills.push(sweep.batch(batch, &mut counted, &mut rows, paths.as_mut())?);
    }
    let ran = counted.ran;
    if let Some(table) = paths {
        table.finish()?;
    }
    let mut wide = Table::open(&folder, WIDE)?;
    wide.write(|out| table::write_wide(plan, &rows, out))?;
    wide.finish()?;
    let mut long = Table::open(&folder, LONG)?;
    long.write(|out| table::write_long(&rows, out))?;
    long.finish()?;
    for spill in spills {
        at(folder.partial(), spill.remove())?;
    }
    if plan.file.base().report.charts {
        picture::draw(&folder, plan, &rows).map_err(FilesError::from)?;
    }
    let result_hash = manifest::write(&folder, plan, &rows)?;
    let folder = folder.finish()?;
    Ok(SweepFinished { rows, resumed, ran, result_hash, folder })
}

/// A table under way.
struct Table {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Table {
    fn open(folder: &OutFolder, name: &str) -> Result<Self, FolderError> {
        let path = folder.path(name);
        let out = BufWriter::new(at(&path, File::create(&path))?);
        Ok(Self { path, out })
    }

    fn write(
        &mut self,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), FolderError> {
        at(&self.path, write(&mut self.out))
    }

    fn finish(mut self) -> Result<(), FolderError> {
        at(&self.path, self.out.flush())
    }
}

/// What is swept: everything that a result hangs on.
fn key_of(plan: &SweepPlan<'_>) -> [u8; spill::KEY] {
    let scenario = plan.file.base();
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(scenario.resolved.to_string());
    hash.update(format!("{:?} {:?}", scenario.data_files, plan.design.settings));
    hash.finalize().into()
}

/// A sweep under way.
struct Sweep<'a> {
    plan: &'a SweepPlan<'a>,
    execution: &'a Execution<'a>,
    folder: &'a OutFolder,
    key: [u8; spill::KEY],
}

impl Sweep<'_> {
    /// Runs a batch, or goes on with it, and adds its rows; what it found remains on disk.
    fn batch(
        &self,
        number: usize,
        progress: &mut Counted<'_, impl Progress>,
        rows: &mut Vec<SweepRow>,
        paths: Option<&mut Table>,
    ) -> Result<Spill, ProduceError> {
        let Self { plan, execution, .. } = self;
        let first = number * BATCH;
        let settings = &plan.design.settings[first..plan.design.settings.len().min(first + BATCH)];
        let scenario = plan.file.base();
        let ground = Ground { seed: scenario.seed, paths: 0..scenario.paths, prices: None };
        let batch = Batch::load(plan.file, settings, &ground, execution)?;
        let path = self.folder.path(&format!("{number:06}.tiles"));
        let mut spill = at(&path, Spill::open(&path, &self.key))?;
        for tile in 0..spill.tiles() {
            progress.add(batch.cells(tile));
        }
        batch
            .run(spill.tiles(), execution, |tile| {
                spill.keep(&tile)?;
                let cells = batch.cells(tile.number);
                progress.ran += cells;
                Ok(progress.add(cells))
            })
            .map_err(|error| named(error, &path))?;
        let trial = |place| batch.trial(place, |tile, place| spill.record(tile, place));
        let row = |place: usize| {
            let setting = &settings[place];
            SweepRow::of(
                trial(place),
                setting,
                &plan.design.coordinates[first + place],
                &plan.columns,
                scenario,
            )
        };
        let made: Vec<SweepRow> =
            execution.pool()?.install(|| (0..settings.len()).into_par_iter().map(row).collect());
        rows.extend(made);
        if let Some(table) = paths {
            let scope = scenario.plan.metric_scope();
            let done = || (0..settings.len()).filter_map(|place| trial(place).ok());
            table
                .write(|out| done().try_for_each(|trial| table::write_paths(&trial, scope, out)))?;
        }
        Ok(spill)
    }
}

/// Says which file could not be written.
fn named(error: StudyError, path: &Path) -> ProduceError {
    match error {
        StudyError::Sink(source) => FolderError::Io { path: path.to_owned(), source }.into(),
        other => other.into(),
    }
}

/// Counts the cells of all batches.
struct Counted<'a, P> {
    progress: &'a mut P,
    before: u64,
    /// Of these by this process.
    ran: u64,
    total: u64,
}

impl<P: Progress> Counted<'_, P> {
    fn add(&mut self, cells: u64) -> u64 {
        self.before += cells;
        self.progress.advance(self.before, self.total);
        self.before
    }
}
