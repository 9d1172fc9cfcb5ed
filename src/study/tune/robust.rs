//! The finalists under other conditions than those of the search: what the answer hangs on, and what
//! being wrong costs.

use super::TuneGround;
use super::condition::{Condition, ConditionKind, Robustness};
use super::finals::{Finals, fresh, ground};
use super::runner::{Runner, Sampled};
use super::search::Found;
use crate::prices::{Intrabar, Prices, ReplayAsset, ReplaySpec};
use crate::scenario::{Scenario, Setting, TuneSpec};
use crate::stats::Replication;
use crate::study::execution::{Progress, StudyError};

/// What is added to and taken from the arithmetic drift per year of every asset.
pub const DRIFT_SHIFT: f64 = 0.5;

/// Paths of a random bridge where the scenario's own history is one path.
const BRIDGE_PATHS: u64 = 50;

/// The condition of fresh paths, and that of a history that the search does not see.
const OWN: &str = "own";
const HISTORY: &str = "history";

/// Other prices, by the name of the condition.
fn other_prices(scenario: &Scenario, paths: u64) -> Vec<(String, ConditionKind, u64, Prices)> {
    let mut all = Vec::new();
    match &scenario.prices {
        Prices::Model(own) => {
            for (name, model) in &scenario.other_models {
                let prices = Prices::Model(model.clone());
                all.push((format!("model {name}"), ConditionKind::Model, paths, prices));
            }
            for (sign, shift) in [("+", DRIFT_SHIFT), ("−", -DRIFT_SHIFT)] {
                let name = format!("drift {sign}{} % a year", 100.0 * DRIFT_SHIFT);
                let prices = Prices::Model(own.with_drift_shift(shift));
                all.push((name, ConditionKind::Drift, paths, prices));
            }
        }
        Prices::History(own) if !own.close_only => {
            for (word, mode) in
                [("jump", Intrabar::Jump), ("walk", Intrabar::Walk), ("bridge", Intrabar::Bridge)]
            {
                if mode == own.intrabar {
                    continue;
                }
                let count = match mode {
                    Intrabar::Bridge => BRIDGE_PATHS,
                    Intrabar::Jump | Intrabar::Walk => 1,
                };
                let prices = Prices::History(ReplaySpec { intrabar: mode, ..own.clone() });
                all.push((format!("intrabar {word}"), ConditionKind::Intrabar, count, prices));
            }
        }
        Prices::History(_) => {}
    }
    all
}

/// The windows of the history that the search does not see, from the run's own start prices on.
fn windows(scenario: &Scenario, history: &ReplaySpec) -> Vec<Prices> {
    let (span_ms, starts): (i64, Vec<f64>) = match &scenario.prices {
        Prices::Model(own) => {
            let starts = own.assets.iter().map(|asset| asset.start_price).collect();
            (own.steps as i64 * own.step_ms, starts)
        }
        Prices::History(own) => {
            let first = |asset: &ReplayAsset| asset.mark[0].first().copied();
            let starts = own.assets.iter().map(|asset| first(asset).unwrap_or(1.0)).collect();
            (own.span_ms(), starts)
        }
    };
    let length = (span_ms / history.interval_ms.max(1)) as usize;
    let cut = history.windows(length).into_iter();
    cut.map(|window| Prices::History(window.starting_at(&starts))).collect()
}

/// What is drawn in sets takes whole ones.
fn whole_sets(paths: u64, prices: &Prices) -> u64 {
    let size = prices.replication().size() as u64;
    if paths == 1 { 1 } else { paths.div_ceil(size) * size }
}

/// The ground of a condition by its name; `None` where the tuning has no such condition.
pub(super) fn ground_of(scenario: &Scenario, search: &TuneSpec, name: &str) -> Option<TuneGround> {
    let (seed, paths) = fresh(scenario, search);
    if name == OWN {
        return Some(TuneGround { seed, paths, prices: Vec::new() });
    }
    if name == HISTORY {
        let prices = windows(scenario, search.history.as_ref()?);
        return Some(TuneGround { seed, paths: 1, prices });
    }
    let others = other_prices(scenario, paths).into_iter();
    let (_, _, paths, prices) = others.filter(|_| search.robustness).find(|one| one.0 == name)?;
    let paths = whole_sets(paths, &prices);
    Some(TuneGround { seed, paths, prices: vec![prices] })
}

/// Settings times paths of all conditions.
pub(super) fn work(scenario: &Scenario, search: &TuneSpec) -> u64 {
    let fresh = if scenario.paths == 1 { 1 } else { search.validation_paths };
    let mut paths: u64 = 0;
    if search.robustness {
        paths = other_prices(scenario, fresh).iter().map(|(_, _, paths, _)| paths).sum();
    }
    if let Some(history) = &search.history {
        paths += windows(scenario, history).len() as u64;
    }
    paths.saturating_mul(search.finalists as u64 + 1)
}

/// Runs the finalists under every other condition.
pub(super) fn robustness<P: Progress>(
    runner: &mut Runner<'_, P>,
    found: &Found,
    finals: &Finals,
) -> Result<Robustness, StudyError> {
    let (scenario, search) = (runner.file.base(), runner.search);
    let settings: Vec<Setting> = (finals.finalists.iter())
        .map(|one| found.candidates[one.candidate].setting.clone())
        .collect();
    let (seed, paths) = ground(runner);
    let others = match search.robustness {
        true => other_prices(scenario, paths),
        false => Vec::new(),
    };
    if others.is_empty() && search.history.is_none() {
        return Ok(Robustness::default());
    }
    let mut conditions = vec![Condition {
        name: OWN.to_owned(),
        kind: ConditionKind::Own,
        paths,
        worth: finals.finalists.iter().map(|one| one.fresh.clone()).collect(),
    }];
    let tried = settings.len();
    for (name, kind, paths, prices) in others {
        let paths = whole_sets(paths, &prices);
        let worth = runner.judged_on(&prices, &settings, (seed, paths), tried)?;
        conditions.push(Condition { name, kind, paths, worth });
    }
    let mut history = None;
    if let Some(spec) = &search.history {
        let windows = windows(scenario, spec);
        conditions.push(on_windows(runner, &windows, &settings, seed)?);
        history = Some(super::walk::witness(spec));
    }
    Ok(Robustness { conditions, history })
}

/// Settings on windows of a history, each a path.
fn on_windows<P: Progress>(
    runner: &mut Runner<'_, P>,
    windows: &[Prices],
    settings: &[Setting],
    seed: u64,
) -> Result<Condition, StudyError> {
    let mut joined: Option<Vec<Sampled>> = None;
    for samples in runner.run_each(windows, settings, (seed, 1))? {
        joined = Some(match joined {
            None => samples,
            Some(known) => known
                .into_iter()
                .zip(samples)
                .map(|(all, more)| {
                    let (mut all, more) = (all?, more?);
                    all.extend(more);
                    Ok(all)
                })
                .collect(),
        });
    }
    let (paths, samples) = (windows.len() as u64, joined.unwrap_or_default());
    let worth = runner.judge_all(&samples, (seed, paths), Replication::INDEPENDENT, settings.len());
    Ok(Condition { name: HISTORY.to_owned(), kind: ConditionKind::History, paths, worth })
}
