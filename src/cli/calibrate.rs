//! `drypowder calibrate`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::common::CliError;
use super::data::{ReadArgs, RepairArgs, duration, read_files, told};
use super::print;
use crate::data::{Clean, Inspection, Judged, Role, blocking_text};
use crate::fields::{Duration, Leaf, Name, Value};
use crate::prices::calibrate::{
    CalibrateError, Closes, DriftChoice, ModelChoice, Returns, calibrate,
};
use crate::prices::history::{Bars, Repairs, align};
use crate::report::{
    Calibrated, CalibrationError, FolderError, SourceFile, calibration_json, calibration_text,
    check_fragment, fragment, produce_calibration,
};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: drypowder calibrate data/coinbase_btc_1h.parquet --model regimes \
                  --regimes 3 --from 2017-11-13\n\
                  Example: drypowder calibrate BTC=btc.csv ETH=eth.csv --model garch --step 1d\n\n\
                  Into the folder go calibrated.toml (a [prices] for a scenario), calibration.csv, \
                  comparison.csv, calibration.png, qq.png and manifest.json. docs/CALIBRATION.md says what is \
                  estimated how, and what the standard errors mean."
)]
pub(super) struct Args {
    /// Files of prices, as data import takes them; NAME=FILE names the asset
    #[arg(required = true, value_name = "[NAME=]FILE")]
    data: Vec<String>,

    /// Model
    #[arg(long, value_enum)]
    model: Model,

    /// Number of regimes, 2 or 3 [default: 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=3))]
    regimes: Option<u8>,

    /// Length of a step, a whole number of bars; one bar unless given
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    step: Option<Duration>,

    /// Drift of the fragment: 0, or that of the history, which is hardly known
    #[arg(long, value_enum, default_value_t = Drift::Zero)]
    drift: Drift,

    /// Seed of the simulated side of the pictures
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Folder, or a FILE.toml for the fragment alone [default: reports/<assets>_<model>]
    #[arg(long, value_name = "DIR|FILE")]
    out: Option<PathBuf>,

    /// Replace what is already there
    #[arg(long)]
    force: bool,

    /// No progress bar
    #[arg(long)]
    quiet: bool,

    /// Print the parameters as JSON and nothing else
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    read: ReadArgs,

    #[command(flatten)]
    repair: RepairArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Model {
    Gbm,
    Merton,
    Garch,
    Heston,
    Regimes,
    Bootstrap,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Drift {
    Zero,
    Calibrated,
}

const NO_HESTON: &str = "--model heston: Heston's variance is never seen, and closes alone leave its speed, its own \
     volatility and its correlation with the price next to unknown: they are not calibrated here. \
     Take --model garch, which clusters as well, or set them by hand (docs/CALIBRATION.md)";

pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let model = match args.model {
        Model::Gbm => ModelChoice::Gbm,
        Model::Merton => ModelChoice::Merton,
        Model::Garch => ModelChoice::Garch,
        Model::Regimes => ModelChoice::Regimes(usize::from(args.regimes.unwrap_or(2))),
        Model::Bootstrap => ModelChoice::Bootstrap,
        Model::Heston => return Err(CliError::Input(NO_HESTON.to_owned())),
    };
    if args.regimes.is_some() && !matches!(model, ModelChoice::Regimes(_)) {
        let text = "--regimes belongs to --model regimes: leave it out, or take that model";
        return Err(CliError::Input(text.to_owned()));
    }
    check_out(args, model)?;
    let calibrated = calibrated(args, model)?;
    let out = args.out.clone().unwrap_or_else(|| default_out(&calibrated));
    let (written, compared) = if is_file(&out) {
        (write_file(&calibrated, &out)?, Vec::new())
    } else {
        produce_calibration(&calibrated, &out, args.force).map_err(failed)?
    };
    print(&if args.json {
        format!("{:#}\n", calibration_json(&calibrated, &compared))
    } else {
        calibration_text(&calibrated, &compared, &written)
    })
}

/// What can be told before anything is read.
fn check_out(args: &Args, model: ModelChoice) -> Result<(), CliError> {
    let Some(out) = args.out.as_ref().filter(|out| is_file(out)) else { return Ok(()) };
    let name = out.display();
    if model == ModelChoice::Bootstrap {
        let text = format!(
            "--out {name}: a bootstrap draws from files of returns that stand beside its fragment; \
             give a folder"
        );
        return Err(CliError::Input(text));
    }
    if out.exists() && !args.force {
        let text = format!("{name} exists: give another --out, or --force to replace it");
        return Err(CliError::Input(text));
    }
    Ok(())
}

fn is_file(out: &Path) -> bool {
    out.extension().is_some_and(|ending| ending == "toml")
}

fn default_out(of: &Calibrated) -> PathBuf {
    Path::new("reports").join(format!("{}_{}", of.returns.names.join("_"), of.model_name()))
}

fn write_file(of: &Calibrated, out: &Path) -> Result<PathBuf, CliError> {
    let text = fragment(of);
    check_fragment(of, &text, out).map_err(failed)?;
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    let partial = out.with_file_name(name);
    let written = std::fs::write(&partial, text).and_then(|()| std::fs::rename(&partial, out));
    let told = |error| CliError::Failed(format!("cannot write {}: {error}", out.display()));
    written.map(|()| out.to_owned()).map_err(told)
}

fn failed(error: CalibrationError) -> CliError {
    match error {
        CalibrationError::Folder(FolderError::Exists(_) | FolderError::Foreign(_))
        | CalibrationError::Scenario(_) => CliError::Input(error.to_string()),
        _ => CliError::Failed(error.to_string()),
    }
}

/// Reads, aligns and fits.
fn calibrated(args: &Args, model: ModelChoice) -> Result<Calibrated, CliError> {
    let (series, sources) = read(args)?;
    let mut named: Vec<(&str, &Bars)> = Vec::new();
    for (name, bars) in &series {
        if name.contains('-') {
            let text = format!(
                "{name} is no name of an asset, as a pair of correlations is written \"BTC-ETH\": \
                 give another, {}=FILE",
                name.replace('-', "_")
            );
            return Err(CliError::Input(text));
        }
        if named.iter().any(|(other, _)| other == name) {
            let text = format!(
                "{name}: two series of prices have this name; give one, or name them: NAME=FILE"
            );
            return Err(CliError::Input(text));
        }
        named.push((name.as_str(), bars));
    }
    named.sort_by(|a, b| a.0.cmp(b.0));
    let history = align(&named, args.read.from, args.read.to).map_err(told)?;
    let bar = Duration { ms: history.interval_ms };
    let step = args.step.unwrap_or(bar);
    if step.ms % bar.ms != 0 {
        let text = format!(
            "--step {step}: no whole number of bars of {bar}; write a multiple, e.g. --step {}",
            Duration { ms: 2 * bar.ms }
        );
        return Err(CliError::Input(text));
    }
    let closes = Closes {
        names: history.assets.iter().map(|asset| asset.name.clone()).collect(),
        closes: history.assets.iter().map(|asset| asset.close.clone()).collect(),
        bar_ms: bar.ms,
    };
    let wrong = |error: CalibrateError| CliError::Input(error.to_string());
    let returns = Returns::of(&closes, step.ms).map_err(wrong)?;
    let drift = match args.drift {
        Drift::Zero => DriftChoice::Zero,
        Drift::Calibrated => DriftChoice::Calibrated,
    };
    let found = calibrate(&returns, model, drift).map_err(wrong)?;
    let repairs = named.iter().filter_map(|(name, bars)| repaired(name, bars)).collect();
    Ok(Calibrated { sources, history, returns, model, found, repairs, seed: args.seed })
}

fn repaired(name: &str, bars: &Bars) -> Option<String> {
    let repairs = bars.repairs();
    // A file that was only sorted says what it said.
    let sorted = Repairs { rows_sorted: repairs.rows_sorted, ..Repairs::default() };
    (repairs != sorted).then(|| format!("{name} was repaired on its way here: {repairs}."))
}

/// Series of prices by the name of their asset, and the files they came from.
type Series = (Vec<(String, Bars)>, Vec<SourceFile>);

/// Files with a name of their own are read one by one, the others together.
fn read(args: &Args) -> Result<Series, CliError> {
    let (mut plain, mut series, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    let mut take = |files: &[PathBuf], asset: Option<String>| -> Result<(), CliError> {
        let mut options = args.read.options();
        options.asset = asset.or(options.asset);
        let found = read_files(files, &options, &args.repair.options(), args.quiet)?;
        sources.extend(found.sources.iter().map(|source| SourceFile {
            name: source.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            sha256: source.sha256.clone(),
        }));
        series.extend(prices(found)?);
        Ok(())
    };
    for text in &args.data {
        match text.split_once('=').filter(|_| !Path::new(text).exists()) {
            Some((name, file)) => {
                let name = Name::read(&Value::from(name)).map_err(|error| {
                    CliError::Input(format!("{text}: the name {name}: {error}"))
                })?;
                take(&[PathBuf::from(file)], Some(name.0))?;
            }
            None => plain.push(PathBuf::from(text)),
        }
    }
    if !plain.is_empty() {
        take(&plain, None)?;
    }
    Ok((series, sources))
}

/// The last prices of each asset, or its marks where there are none.
fn prices(found: Inspection) -> Result<Vec<(String, Bars)>, CliError> {
    if !found.is_clean() {
        let mut text = "defects stop the calibration; nothing was written\n\n".to_owned();
        text.push_str(&blocking_text(&found));
        text.push_str(
            "Give a span without them (--from, --to), the flags of the remedies, or import the \
             files first: drypowder data import",
        );
        return Err(CliError::Input(text));
    }
    let has_last = |name: &str| {
        let of = |one: &Judged| one.facts.label.asset == name && one.facts.label.role == Role::Last;
        found.series.iter().any(of)
    };
    let mut prices = Vec::new();
    for judged in &found.series {
        let label = &judged.facts.label;
        let wanted =
            label.role == Role::Last || (label.role == Role::Mark && !has_last(&label.asset));
        if let (true, Some(Clean::Bars(bars))) = (wanted, &judged.clean) {
            prices.push((label.asset.clone(), bars.clone()));
        }
    }
    if prices.is_empty() {
        let labels: Vec<String> =
            found.series.iter().map(|one| one.facts.label.to_string()).collect();
        let text = format!(
            "no prices to calibrate in {}; give files of last prices or marks",
            labels.join(", ")
        );
        return Err(CliError::Input(text));
    }
    Ok(prices)
}
