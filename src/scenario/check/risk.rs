//! Whether risk figures can be made of the prices that there are.

use crate::fields::{Duration, Faults, Spot};
use crate::prices::Prices;
use crate::prices::models::ModelKind;
use crate::scenario::format::{Diversification, Root};
use crate::scenario::span::Span;

/// Fewer forecasts than this judge nothing.
const LEAST_FORECASTS: i64 = 50;
/// Fewer windows of a history than this are no distribution.
const LEAST_WINDOWS: i64 = 20;

/// Judges `[risk]` beside the prices.
pub(super) fn check(root: &Root, prices: &Prices, faults: &mut Faults) {
    let form = &root.risk;
    if !form.book && form.at.has("horizon") {
        let message = "the horizon is that of the book's figures, and book is off: no effect";
        faults.warn(&form.at.of("horizon"), message, "set book = true");
    }
    let holds = root.agent.iter().any(|agent| {
        !agent.position.is_empty() || agent.holdings.as_ref().is_some_and(|held| !held.is_empty())
    });
    if !holds && form.book {
        let message = "no agent has a position or a holding: there is no book";
        faults.error(&form.at.of("book"), message, "leave book out");
    }
    if let Some(form) = &form.diversification {
        check_diversification(root, form, prices, faults);
    }
    let span = Span::of(prices);
    if form.book {
        for horizon in &form.horizon {
            check_horizon(*horizon, &form.at.of("horizon"), prices, &span, faults);
        }
    }
    let Some(test) = &form.backtest else { return };
    let spot = form.at.of("backtest");
    let Prices::History(replay) = prices else {
        let message = "a back-test needs a history, and prices are drawn from a model";
        faults.error(&spot, message, "use prices.model = \"history\", or leave backtest out");
        return;
    };
    if !holds {
        faults.error(&spot, "no agent has a position or a holding to test", "leave backtest out");
    }
    if test.period.ms % replay.interval_ms != 0 {
        let bar = Duration { ms: replay.interval_ms };
        let message = format!("a period of {} is no multiple of a bar of {bar}", test.period);
        faults.error(&test.at.of("period"), message, "give whole bars");
        return;
    }
    let periods = (span.end_ms - span.start_ms) / test.period.ms;
    let forecasts = periods - 1 - test.window as i64;
    if forecasts < LEAST_FORECASTS {
        let message = format!(
            "{periods} periods of {} leave {} forecasts after a window of {}: fewer than \
             {LEAST_FORECASTS} judge nothing",
            test.period,
            forecasts.max(0),
            test.window
        );
        faults.error(&test.at.of("window"), message, "give a longer history or a shorter window");
    }
}

/// A fleet, correlations that can be set, and weights in order.
fn check_diversification(
    root: &Root,
    form: &Diversification,
    prices: &Prices,
    faults: &mut Faults,
) {
    let spot = form.at.section();
    if root.fleet.as_ref().is_none_or(|fleets| fleets.is_empty()) {
        let message = "there is no fleet that could be diversified";
        faults.error(spot, message, "add [fleet.NAME], or leave diversification out");
    }
    let correlated = match prices {
        Prices::History(_) => Err("a history has"),
        Prices::Model(model) => match &model.kind {
            ModelKind::Bootstrap(_) => Err("a bootstrap has"),
            _ => Ok(model.assets.len() > 1 || root.services.is_some()),
        },
    };
    match correlated {
        Err(who) => {
            let message = format!("{who} its own correlations, which cannot be set");
            faults.error(spot, message, "use another prices.model, or leave diversification out");
        }
        Ok(false) => {
            let message = "one asset has no correlation: all weights give the same";
            faults.warn(spot, message, "add an asset, or leave diversification out");
        }
        Ok(true) => {}
    }
    let weights: Vec<f64> = form.weights.iter().map(|weight| weight.0).collect();
    if weights.len() < 2 || weights.windows(2).any(|pair| pair[0] >= pair[1]) {
        let message = "weights are at least two, each above the one before";
        faults.error(&form.at.of("weights"), message, "e.g. [\"0 %\", \"50 %\", \"100 %\"]");
    }
}

fn check_horizon(
    horizon: Duration,
    spot: &Spot,
    prices: &Prices,
    span: &Span,
    faults: &mut Faults,
) {
    let (step_ms, rows) = match prices {
        Prices::Model(model) => match &model.kind {
            ModelKind::Bootstrap(rows) => {
                (model.step_ms, rows.returns.first().map(|returns| returns.len() as i64))
            }
            _ => (model.step_ms, None),
        },
        Prices::History(replay) => {
            (replay.interval_ms, Some((span.end_ms - span.start_ms) / replay.interval_ms))
        }
    };
    let step = Duration { ms: step_ms };
    if horizon.ms % step_ms != 0 {
        let message = format!("a horizon of {horizon} is no multiple of {step}");
        faults.error(spot, message, "give whole steps or bars");
    } else if horizon.ms > span.end_ms - span.start_ms {
        let length = Duration { ms: span.end_ms - span.start_ms };
        let message = format!("a horizon of {horizon} is longer than the run of {length}");
        faults.error(spot, message, "give a shorter one, or a longer run");
    } else if let Some(rows) = rows {
        let windows = rows * step_ms / horizon.ms;
        if windows < LEAST_WINDOWS {
            let message = format!(
                "the history has {windows} windows of {horizon}: the historical figures of fewer \
                 than {LEAST_WINDOWS} are left out"
            );
            faults.warn(spot, message, "");
        }
    }
}
