//! Replays of real bars.

use std::sync::Arc;

use crate::fields::{Faults, Spot};
use crate::prices::history::{
    Aligned, AlignedAsset, Bars, CsvColumns, GapRule, HistoryError, LoadOptions, align, load_bars,
};
use crate::prices::{Prices, ReplayAsset, ReplaySpec, Series};
use crate::scenario::format::{FileForm, GapChoice, HistoryKind, HistoryPrices, Reading, Root};
use crate::scenario::load::Files;

/// One file of an asset.
struct Part {
    asset: usize,
    name: String,
    spot: Spot,
    bars: Bars,
}

/// Reads, checks and aligns the files of all assets.
pub(super) fn replay(
    root: &Root,
    prices: &HistoryPrices,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<Prices> {
    for (name, given) in [("start", root.run.start), ("end", root.run.end)] {
        if given.is_some() {
            let help = "the span of a history is prices.from and prices.to";
            faults.error(&root.run.at.of(name), format!("run.{name} with a history"), help);
        }
    }
    bars(prices, files, faults).map(Prices::History)
}

/// A history beside that of the run, or in place of its model.
pub(in crate::scenario) fn unseen_history(
    root: &Root,
    prices: &HistoryPrices,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<ReplaySpec> {
    let mut spec = bars(prices, files, faults)?;
    set_adverse(root, &mut spec);
    Some(spec)
}

fn bars(prices: &HistoryPrices, files: &mut Files, faults: &mut Faults) -> Option<ReplaySpec> {
    let mut parts = Vec::new();
    let mut complete = prices.at.sound(&["assets"]) && !prices.assets.is_empty();
    for (asset, (name, spec)) in prices.assets.iter().enumerate() {
        let last = (name.clone(), Some(&spec.file), "file");
        let mark = (format!("{name} (mark)"), spec.mark_file.as_ref(), "mark_file");
        for (name, file, field) in [last, mark] {
            let Some(file) = file.filter(|_| spec.at.sound(&[field])) else {
                complete &= spec.at.sound(&[field]);
                continue;
            };
            let spot = spec.at.of(field);
            match read(file, &options(&prices.reading, &spec.form), &spot, files, faults) {
                Some(bars) => parts.push(Part { asset, name, spot, bars }),
                None => complete = false,
            }
        }
    }
    let (from, to) = (prices.from.map(|at| at.ms), prices.to.map(|at| at.ms));
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        let help = "give a later end";
        faults.error(&prices.at.of("to"), "the end is not after the start", help);
        return None;
    }
    if !complete {
        return None;
    }
    let named: Vec<(&str, &Bars)> =
        parts.iter().map(|part| (part.name.as_str(), &part.bars)).collect();
    match align(&named, from, to) {
        Ok(aligned) => Some(spec(prices, aligned, &parts)),
        Err(errors) => {
            for error in errors {
                let part = parts.iter().find(|part| part.name == error.origin);
                let spot = part.map_or_else(|| prices.at.of("assets"), |part| part.spot.clone());
                report(error, &spot, faults);
            }
            None
        }
    }
}

pub(super) fn report(error: HistoryError, spot: &Spot, faults: &mut Faults) {
    let help = error.remedy.clone();
    let message = HistoryError { remedy: String::new(), ..error }.to_string();
    faults.error(spot, message, help);
}

/// The bars of a file.
pub(super) fn read(
    file: &str,
    options: &LoadOptions,
    spot: &Spot,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<Bars> {
    if !files.note(file, spot, faults) {
        return None;
    }
    match load_bars(files.path(file), options) {
        Ok(bars) => Some(bars),
        Err(errors) => {
            errors.into_iter().for_each(|error| report(error, spot, faults));
            None
        }
    }
}

/// How a file of bars is read.
pub(super) fn options(reading: &Reading, form: &FileForm) -> LoadOptions {
    let columns = match (&form.columns, form.kind) {
        (None, HistoryKind::Ohlc) => None,
        (None, HistoryKind::Close) => Some(CsvColumns::close_only("time", "close")),
        (Some(names), HistoryKind::Close) => {
            Some(CsvColumns::close_only(&names.time, &names.close))
        }
        (Some(names), HistoryKind::Ohlc) => Some(CsvColumns {
            time: names.time.clone(),
            open: Some(names.open.clone()),
            high: Some(names.high.clone()),
            low: Some(names.low.clone()),
            close: names.close.clone(),
            volume: names.volume.clone(),
        }),
    };
    LoadOptions {
        columns,
        time_unit: form.time_unit,
        gaps: match reading.gaps {
            // A gap outside the span harms nothing; `align` refuses one inside it.
            GapChoice::Refuse => GapRule::Keep,
            GapChoice::Fill => GapRule::Fill,
        },
        max_gap_ms: reading.max_gap.map(|gap| gap.ms),
        duplicates: reading.duplicates,
        disorder: reading.disorder,
        ..LoadOptions::default()
    }
}

fn spec(prices: &HistoryPrices, aligned: Aligned, parts: &[Part]) -> ReplaySpec {
    let close_only = aligned.close_only;
    let mut series: Vec<Option<Series>> =
        aligned.assets.into_iter().map(|asset| Some(Arc::new(four(asset, close_only)))).collect();
    let mut take = |asset: usize, is_mark: bool| {
        let wanted = |part: &Part| part.asset == asset && part.name.ends_with(')') == is_mark;
        parts.iter().position(wanted).and_then(|index| series[index].take())
    };
    let assets = prices.assets.keys().enumerate().filter_map(|(asset, name)| {
        let last = take(asset, false)?;
        let (mark, last) = match take(asset, true) {
            Some(mark) => (mark, Some(last)),
            None => (last, None),
        };
        Some(ReplayAsset { name: name.clone(), mark, last, adverse_first: -1 })
    });
    ReplaySpec {
        start_ms: aligned.start_ms,
        interval_ms: aligned.interval_ms,
        close_only,
        intrabar: prices.intrabar,
        walk_step_ms: prices.walk_step.ms,
        worst_joint: prices.worst_joint,
        assets: assets.collect(),
        shocks: Vec::new(),
    }
}

/// Says of each asset which extreme is the adverse one for what is held.
pub(super) fn set_adverse(root: &Root, replay: &mut ReplaySpec) {
    for asset in &mut replay.assets {
        let start = asset.mark[0].first().copied().unwrap_or_default();
        asset.adverse_first = if net_notional(root, &asset.name, start) < 0.0 { 1 } else { -1 };
    }
}

/// Open, high, low and close; all the close where only closes are used.
fn four(asset: AlignedAsset, close_only: bool) -> [Vec<f64>; 4] {
    if close_only {
        return [asset.close.clone(), asset.close.clone(), asset.close.clone(), asset.close];
    }
    [asset.open, asset.high, asset.low, asset.close]
}

/// What all agents together hold in an asset: its sign says which extreme is the adverse one.
fn net_notional(root: &Root, asset: &str, price: f64) -> f64 {
    let mut net = 0.0;
    for position in root.agent.iter().flat_map(|agent| &agent.position) {
        let market = root.markets.get(&position.market.0);
        if market.is_some_and(|market| market.asset.0 == asset) {
            let notional = position.notional.map(|notional| notional.0.usdc());
            let size = notional.or(position.quantity.map(|units| units * price));
            net += position.side.sign() as f64 * size.unwrap_or_default();
        }
    }
    net
}
