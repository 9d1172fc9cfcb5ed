//! Where prices come from, in words.

use super::percent;
use crate::fields::Duration;
use crate::prices::models::{ModelKind, ModelSpec, RegimesSpec};
use crate::prices::{Intrabar, Prices};
use crate::scenario::Scenario;
use crate::scenario::span::Span;
use crate::units::time::to_iso;

/// Kind, length and number of paths.
pub(super) fn in_words(scenario: &Scenario) -> String {
    let span = Span::of(&scenario.prices);
    let (kind, ticks) = match &scenario.prices {
        Prices::Model(model) => {
            let step = Duration { ms: model.step_ms };
            (model_in_words(model), format!("{} steps of {step}", model.steps))
        }
        Prices::History(replay) => {
            let bars = replay.assets.first().map_or(0, |asset| asset.mark[3].len());
            let between = match replay.intrabar {
                _ if replay.close_only => "closes only".to_owned(),
                Intrabar::Jump => "4 ticks a bar".to_owned(),
                Intrabar::Walk => format!("walked in {}", Duration { ms: replay.walk_step_ms }),
                Intrabar::Bridge => format!("bridged in {}", Duration { ms: replay.walk_step_ms }),
            };
            let length = Duration { ms: replay.interval_ms };
            ("history".to_owned(), format!("{bars} bars of {length}, {between}"))
        }
    };
    let paths = match scenario.paths {
        1 => "one path".to_owned(),
        paths => format!("{paths} paths"),
    };
    let (start, end) = (to_iso(span.start_ms), to_iso(span.end_ms));
    format!("{kind}, {ticks}, {start} to {end}; {paths}, seed {}", scenario.seed)
}

fn model_in_words(model: &ModelSpec) -> String {
    let mut words = match &model.kind {
        ModelKind::Gbm => "geometric Brownian motion".to_owned(),
        ModelKind::Merton(_) => "geometric Brownian motion with jumps".to_owned(),
        ModelKind::Garch(garch) if garch.assets.iter().all(|asset| asset.df.is_none()) => {
            "GARCH(1,1), normal innovations".to_owned()
        }
        ModelKind::Garch(garch) => {
            let tails = if garch.common_tails { "common" } else { "own" };
            format!("GARCH(1,1), t innovations with {tails} tails")
        }
        ModelKind::Heston(_) => "Heston's stochastic volatility".to_owned(),
        ModelKind::Regimes(regimes) => regimes_in_words(regimes),
        ModelKind::Bootstrap(rows) => format!(
            "blocks of {} steps on average out of {} of history",
            (rows.mean_block * 100.0).round() / 100.0,
            rows.returns.first().map_or(0, Vec::len)
        ),
    };
    if let Some(drift) = &model.options.correlation_drift {
        words += ", correlations drift to a crisis";
        if let Some(fall) = drift.drawdown {
            words += &format!(
                " when {} has fallen by {}",
                model.assets[fall.asset].name,
                percent(fall.depth)
            );
        }
    }
    if let Some(degrees) = model.options.copula_df {
        words += &format!(", t copula of {degrees} degrees of freedom");
    }
    if model.options.antithetic {
        words += ", antithetic pairs";
    }
    if let Some(size) = model.options.sobol {
        words += &format!(", Sobol sets of {size}");
    }
    if model.options.refine > 0 {
        words += &format!(", {} ticks a step by a bridge", 1_u32 << model.options.refine);
    }
    words
}

/// The regimes and their shares of the time.
fn regimes_in_words(regimes: &RegimesSpec) -> String {
    let shares = regimes.occupancy().unwrap_or_default();
    let named = regimes.regimes.iter().zip(shares);
    let each: Vec<String> =
        named.map(|(regime, share)| format!("{} {}", regime.name, percent(share))).collect();
    format!("regimes ({} of the time)", each.join(", "))
}
