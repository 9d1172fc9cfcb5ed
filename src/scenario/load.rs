//! Loading: from a file and its overrides to a scenario, or to everything that is wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sha2::{Digest, Sha256};

use super::build::Built;
use super::format::{NullPolicy, Report, Root};
use super::sweep::{self, Figures, Ground, SweepSpec};
use super::tune::{self, Goal};
use super::{
    CompareSpec, Diagnostics, KillReview, NullPolicies, ReportSpec, Scenario, build, check,
    compare, complete, document,
};
use crate::fields::{Bounds, Decode, Document, Faults, Node, Spot};
use crate::prices::Prices;

/// Prices that were built, by the fields that they were built from, and the files they are of.
/// Loading a scenario again with other fields takes them from here: a history is read once.
#[derive(Debug, Default)]
pub(super) struct Memory {
    prices: Mutex<BTreeMap<String, Known>>,
    /// What studies ask of the scenario without any setting, which settings do not change.
    studies: OnceLock<Studies>,
}

/// What a scenario's own studies ask.
#[derive(Clone, Debug, Default)]
struct Studies {
    sweep: Option<SweepSpec>,
    compare: Option<Arc<CompareSpec>>,
    goal: Goal,
}

#[derive(Clone, Debug)]
struct Known {
    prices: Prices,
    read: Vec<(String, String)>,
}

/// Prices that are remembered, at most.
const REMEMBERED: usize = 8;

/// The files beside a scenario: where they lie, and which were read.
pub(super) struct Files<'a> {
    folder: PathBuf,
    read: Vec<(String, String)>,
    memory: &'a Memory,
}

impl<'a> Files<'a> {
    fn beside(scenario: &Path, memory: &'a Memory) -> Self {
        let folder = scenario.parent().map(Path::to_path_buf).unwrap_or_default();
        Self { folder, read: Vec::new(), memory }
    }

    /// The prices that `build` makes of some fields, or made before without saying anything.
    pub fn remember(
        &mut self,
        fields: &str,
        faults: &mut Faults,
        build: impl FnOnce(&mut Self, &mut Faults) -> Option<Prices>,
    ) -> Option<Prices> {
        let known = || self.memory.prices.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(fields).cloned() {
            self.read.extend(known.read);
            return Some(known.prices);
        }
        let before = (self.read.len(), faults.count());
        let prices = build(self, faults)?;
        let mut known = self.memory.prices.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < REMEMBERED && before.1 == faults.count() {
            let read = self.read[before.0..].to_vec();
            known.insert(fields.to_owned(), Known { prices: prices.clone(), read });
        }
        Some(prices)
    }

    /// Where a file lies that the scenario calls `name`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The bytes of a file, whose hash is noted; a fault at `spot` where it cannot be read.
    fn bytes(&mut self, name: &str, spot: &Spot, faults: &mut Faults) -> Option<Vec<u8>> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(bytes) => {
                let hash = sha256(&bytes);
                let entry = (name.to_owned(), hash);
                if !self.read.contains(&entry) {
                    self.read.push(entry);
                }
                Some(bytes)
            }
            Err(error) => {
                let help = format!("looked for it at {}", path.display());
                faults.error(spot, format!("\"{name}\" cannot be read: {error}"), help);
                None
            }
        }
    }

    /// Notes a data file that is read by others; false where it cannot be read.
    pub fn note(&mut self, name: &str, spot: &Spot, faults: &mut Faults) -> bool {
        self.bytes(name, spot, faults).is_some()
    }

    /// A file as text.
    pub fn text(&mut self, name: &str, spot: &Spot, faults: &mut Faults) -> Option<String> {
        let bytes = self.bytes(name, spot, faults)?;
        let text = String::from_utf8(bytes).ok();
        if text.is_none() {
            faults.error(spot, format!("\"{name}\" is not UTF-8 text"), "");
        }
        text
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Scenario {
    /// Reads a scenario file; `overrides` are paths of fields and their values as written, laid
    /// over it in order.
    ///
    /// # Errors
    /// Everything that is wrong with the scenario, its overrides and its data files.
    pub fn load(
        path: impl AsRef<Path>,
        overrides: &[(String, String)],
    ) -> Result<Self, Diagnostics> {
        Self::read(path.as_ref(), overrides, &Memory::default()).map(|(_, scenario)| scenario)
    }

    /// The file's text and what it says; prices that are in the memory are not built again.
    pub(super) fn read(
        path: &Path,
        overrides: &[(String, String)],
        memory: &Memory,
    ) -> Result<(String, Self), Diagnostics> {
        match fs::read_to_string(path) {
            Ok(text) => {
                let scenario = Self::from_text_with(path, &text, overrides, memory)?;
                Ok((text, scenario))
            }
            Err(error) => {
                let mut faults = Faults::default();
                let source = faults.sources.add_file(path.display().to_string(), "");
                let spot = Spot { source, ..Spot::default() };
                faults.error(&spot, format!("cannot be read: {error}"), "check the path");
                Err(faults.into_diagnostics())
            }
        }
    }

    /// As [`Scenario::load`], for a text that stands at `path` (files that it names lie beside).
    ///
    /// # Errors
    /// As [`Scenario::load`].
    pub fn from_text(
        path: &Path,
        text: &str,
        overrides: &[(String, String)],
    ) -> Result<Self, Diagnostics> {
        Self::from_text_with(path, text, overrides, &Memory::default())
    }

    /// The same; prices that are in the memory are not built again.
    pub(super) fn from_text_with(
        path: &Path,
        text: &str,
        overrides: &[(String, String)],
        memory: &Memory,
    ) -> Result<Self, Diagnostics> {
        let mut faults = Faults::default();
        let mut files = Files::beside(path, memory);
        match resolve(path, text, overrides, &mut files, &mut faults) {
            Some(scenario) if !faults.has_errors() => {
                files.read.sort();
                files.read.dedup();
                let warnings = faults.warnings();
                Ok(Self { warnings, data_files: files.read, ..scenario })
            }
            _ => Err(faults.into_diagnostics()),
        }
    }
}

fn resolve(
    path: &Path,
    text: &str,
    overrides: &[(String, String)],
    files: &mut Files<'_>,
    faults: &mut Faults,
) -> Option<Scenario> {
    let source = faults.sources.add_file(path.display().to_string(), text);
    let (document, templates) = document::assemble(source, overrides, files, faults)?;
    let mut root = Root::decode(&document, &Bounds::ANY, faults)?;
    complete::complete(&mut root, faults);
    let built = build::build(&root, files, faults);
    check::check(&root, built.as_ref(), faults);
    let memory = files.memory;
    let known = &memory.studies;
    let asked = || studies(&root, built.as_ref(), (source, &document), files, faults);
    let studies = known.get_or_init(asked).clone();
    let built = built?;
    Some(Scenario {
        name: root.name.0.clone(),
        question: root.question.clone(),
        file: path.to_path_buf(),
        seed: root.seed,
        paths: root.paths?,
        risk: build::risk(&root, &built.prices),
        plan: built.plan,
        prices: built.prices,
        other_models: built.other_models,
        nulls: nulls(&root),
        stress: built.stress,
        sweep: studies.sweep,
        objective: studies.goal.objective,
        tune: studies.goal.search,
        compare: studies.compare,
        kill_review: root
            .run
            .kill_switch_false_positives
            .then_some(KillReview { window_ms: root.run.false_positive_window.ms }),
        report: report(&root.report),
        templates,
        resolved: root.json()?,
        warnings: Vec::new(),
        data_files: Vec::new(),
    })
}

/// The variants that a scenario asks for and what it maximises, which are read against the text as it
/// is written too: templates have not become copies there.
fn studies(
    root: &Root,
    built: Option<&Built>,
    (source, read): (usize, &Node),
    files: &mut Files<'_>,
    faults: &mut Faults,
) -> Studies {
    let asks = root.sweep.is_some()
        || root.compare.is_some()
        || root.tune.is_some()
        || root.objective.is_some();
    let Some(written) = asks.then(|| Node::parse(source, faults)).flatten() else {
        return Studies::default();
    };
    let document = Document { shape: &Root::shape(), read, written: &written };
    let ground = Ground { document, seed: root.seed };
    let figures = built.map(|built| Figures {
        scope: built.plan.metric_scope(),
        confidences: build::risk(root, &built.prices).confidences,
    });
    let sweep = root.sweep.as_ref().and_then(|form| sweep::sweep(form, &ground, figures, faults));
    let compare = compare::compare(root, &ground, faults).map(Arc::new);
    let goal =
        built.map(|built| tune::goal(root, built, &ground, files, faults)).unwrap_or_default();
    Studies { sweep, compare, goal }
}

fn nulls(root: &Root) -> NullPolicies {
    let has = |policy| root.nulls.contains(&policy);
    let parameters = &root.null_policies;
    NullPolicies {
        do_nothing: has(NullPolicy::DoNothing),
        start_smaller: has(NullPolicy::StartSmaller).then_some(parameters.start_smaller.0),
        stop_loss: has(NullPolicy::StopLoss).then_some(parameters.stop_loss_hf),
        silo: has(NullPolicy::Silo),
        no_drift: has(NullPolicy::NoDrift),
        no_impact: has(NullPolicy::NoImpact),
    }
}

fn report(report: &Report) -> ReportSpec {
    ReportSpec {
        format: report.format,
        paths: report.paths_file,
        charts: report.charts,
        trace_paths: report.trace_paths.clone(),
        samples: report.samples,
        fan_paths: report.fan_paths,
    }
}
