//! The shocks of a run, and those of `drypowder stress`.

use std::collections::BTreeMap;

use super::preset::{knows_all, needed};
use super::{Scene, rare};
use crate::engine::Plan;
use crate::fields::{Bounds, Decode, Faults, Node, Spot, Value, nearest};
use crate::prices::Prices;
use crate::prices::presets::CrashPreset;
use crate::scenario::format::{self, PresetForm, PresetName, Root, ShockForm};
use crate::scenario::span::Span;
use crate::scenario::{NONE, NamedShock, STACKED, StressSpec};
use crate::venue::lending::RATE_MAX;

/// What a scenario's shocks are built to.
pub(in crate::scenario::build) struct Stress {
    /// Those of every run.
    pub of_run: Vec<NamedShock>,
    /// What `drypowder stress` does.
    pub spec: StressSpec,
}

/// Builds all shocks; faults are reported.
pub(in crate::scenario::build) fn stress(
    root: &Root,
    assets: &[String],
    prices: Option<&Prices>,
    plan: Option<&Plan>,
    faults: &mut Faults,
) -> Stress {
    let run_ms = match (prices, root.prices.clock()) {
        (_, Some(clock)) => clock.steps.map(|steps| steps as f64 * clock.step.ms as f64),
        (Some(prices), None) => {
            let span = Span::of(prices);
            Some((span.end_ms - span.start_ms) as f64)
        }
        (None, None) => None,
    };
    let assets: Vec<&str> = assets.iter().map(String::as_str).collect();
    let mut scene = Scene { root, assets, plan, run_ms, after: None };
    let written = root.prices.shocks();
    let place = root.prices.at().of("shocks");
    check_reserved(written, &place, faults);
    let of_run: Vec<NamedShock> =
        written.iter().filter_map(|(name, form)| scene.shock(name, form, faults)).collect();
    let mut shocks = of_run.clone();
    let mut remarks = Vec::new();
    let (mut cumulative, mut stack) = (true, None);
    if let Some(section) = &root.stress {
        scene.after = section.after;
        own(&scene, section, &mut shocks, faults);
        cumulative = section.cumulative;
        stack = section.stack.as_ref();
    }
    let names_any = !root.prices.shocks().is_empty()
        || root.stress.as_ref().is_some_and(|s| !s.shocks.is_empty() || s.presets.is_some());
    if !names_any {
        every_preset(&scene, &mut shocks, &mut remarks);
    }
    let stack = match (stack, &root.stress) {
        (Some(stack), Some(section)) => stacked(stack, root, section, &shocks, faults),
        _ => (0..shocks.len()).collect(),
    };
    let section = root.stress.as_ref();
    let splitting = section.and_then(|section| section.splitting.as_ref());
    let reverse = section.and_then(|section| section.reverse.as_ref());
    let splitting = splitting.and_then(|form| rare::splitting(form, plan, prices, faults));
    let reverse = reverse.and_then(|form| rare::reverse(form, plan, prices, faults));
    let spec =
        StressSpec { shocks, stack, cumulative, named: names_any, remarks, splitting, reverse };
    check_rates(&scene, &spec, faults);
    Stress { of_run, spec }
}

/// The shocks and presets of the section.
fn own(
    scene: &Scene<'_>,
    section: &format::StressRun,
    shocks: &mut Vec<NamedShock>,
    faults: &mut Faults,
) {
    check_reserved(&section.shocks, &section.at.of("shocks"), faults);
    for (name, form) in &section.shocks {
        if shocks.iter().any(|shock| shock.name == *name) {
            let message = format!("prices.shocks has a shock {name} too");
            faults.error(&section.at.of("shocks").below(name), message, "give it another name");
        }
        shocks.extend(scene.shock(name, form, faults));
    }
    let spot = section.at.of("presets");
    for preset in section.presets.iter().flatten() {
        if shocks.iter().any(|shock| shock.name == preset.text()) {
            let message = format!("there is a shock {} already", preset.text());
            faults.error(&spot, message, "name it once");
            continue;
        }
        let Some(form) = plain(*preset, &spot) else { continue };
        let Some(figures) = CrashPreset::of(preset.text()) else { continue };
        let like = needed(figures, known_like(section, scene).as_ref());
        let form = PresetForm { like, ..form };
        let form = ShockForm::Preset(Box::new(form));
        shocks.extend(scene.shock(preset.text(), &form, faults));
    }
    let known = &scene.assets;
    let what = "asset of [prices.assets]";
    let like = section.like.as_ref();
    super::names::check_names(like, known, what, &section.at.of("like"), faults);
}

/// Names that runs without shocks and with all of them have.
fn check_reserved(written: &BTreeMap<String, ShockForm>, spot: &Spot, faults: &mut Faults) {
    for name in [NONE, STACKED].into_iter().filter(|name| written.contains_key(*name)) {
        let message = format!("a shock cannot be called {name}: a run of `stress` is");
        faults.error(&spot.below(name), message, "give it another name");
    }
}

/// What of `like` names an asset; the rest is reported once, not with every preset.
fn known_like(
    section: &format::StressRun,
    scene: &Scene<'_>,
) -> Option<BTreeMap<String, format::Like>> {
    let like = section.like.as_ref()?.iter();
    let known = like.filter(|(asset, _)| scene.assets.contains(&asset.as_str()));
    Some(known.map(|(asset, like)| (asset.clone(), *like)).collect())
}

/// A preset with the defaults of all its other fields.
fn plain(preset: PresetName, spot: &Spot) -> Option<PresetForm> {
    let at = |value| Node { spot: spot.clone(), ..Node::bare(value) };
    let text = at(Value::Text(preset.text().to_owned()));
    let node = at(Value::Table([("preset".to_owned(), text)].into_iter().collect()));
    PresetForm::decode(&node, &Bounds::ANY, &mut Faults::default())
}

/// Every preset that knows all assets and has room in the run; what is left out is said.
fn every_preset(scene: &Scene<'_>, shocks: &mut Vec<NamedShock>, remarks: &mut Vec<String>) {
    let like = scene.root.stress.as_ref().and_then(|section| known_like(section, scene));
    let (mut strangers, mut others) = (Vec::new(), Vec::new());
    for preset in PresetName::ALL {
        let Some(figures) = CrashPreset::of(preset.text()) else { continue };
        if !knows_all(figures, &scene.assets, like.as_ref()) {
            strangers.push(preset.text());
            continue;
        }
        let Some(form) = plain(preset, &Spot::default()) else { continue };
        let like = needed(figures, like.as_ref());
        let form = ShockForm::Preset(Box::new(PresetForm { like, ..form }));
        // What does not fit into the run is left out, and said to be.
        let mut unfit = Faults::default();
        match scene.shock(preset.text(), &form, &mut unfit) {
            Some(shock) => shocks.push(shock),
            None => others.push(preset.text()),
        }
    }
    if !strangers.is_empty() {
        remarks.push(format!(
            "presets without a figure of every asset: {}; give one, e.g. [stress] like = {{ X = \"altcoin\" }}",
            strangers.join(", ")
        ));
    }
    if !others.is_empty() {
        let why = match scene.root.prices.clock() {
            Some(_) => "longer than the run",
            None if scene.after.is_none() => "a history needs [stress] after = \"…\"",
            None => "the run ends before they do",
        };
        remarks.push(format!("presets left out: {} ({why})", others.join(", ")));
    }
}

/// A pool's rate has room for all of them at once.
fn check_rates(scene: &Scene<'_>, spec: &StressSpec, faults: &mut Faults) {
    let sums = spec.borrow_rates();
    if let Some(sum) = sums.iter().find(|sum| **sum > RATE_MAX) {
        let message = format!("all shocks together add {sum} a year to a pool's rate");
        let spot = scene.root.prices.at().of("shocks");
        faults.error(&spot, message, format!("at most {RATE_MAX}"));
    }
}

fn stacked(
    stack: &[crate::fields::Name],
    root: &Root,
    section: &format::StressRun,
    shocks: &[NamedShock],
    faults: &mut Faults,
) -> Vec<usize> {
    // What is written but could not be built has been reported.
    let own = root.prices.shocks().keys().chain(section.shocks.keys()).map(String::as_str);
    let presets = section.presets.iter().flatten().map(|preset| preset.text());
    let mut written: Vec<&str> = own.chain(presets).collect();
    for shock in shocks {
        if !written.contains(&shock.name.as_str()) {
            written.push(&shock.name);
        }
    }
    let spot = section.at.of("stack");
    let mut found: Vec<usize> = Vec::with_capacity(stack.len());
    for name in stack {
        match shocks.iter().position(|shock| shock.name == name.0) {
            Some(index) if found.contains(&index) => {
                faults.error(&spot, format!("{} stands twice", name.0), "name it once");
            }
            Some(index) => found.push(index),
            None if written.contains(&name.0.as_str()) => {}
            None if section.at.sound(&["shocks", "presets"]) => {
                let help = match nearest(&name.0, &written) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("known: {}", written.join(", ")),
                };
                faults.error(&spot, format!("{} is no shock", name.0), help);
            }
            None => {}
        }
    }
    found.sort_unstable();
    found
}
