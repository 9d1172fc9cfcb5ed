//! A history that a search does not see.

use crate::fields::{Duration, Faults};
use crate::prices::{Prices, ReplaySpec};
use crate::scenario::build::{bootstrap_bars, unseen_history};
use crate::scenario::format::{PricesSection, Root, TuneForm};
use crate::scenario::load::Files;
use crate::units::time::to_iso;

/// The history of `[tune.history]`; `None` where there is none, or something is wrong with it.
pub(super) fn unseen(
    root: &Root,
    form: &TuneForm,
    prices: &Prices,
    files: &mut Files<'_>,
    faults: &mut Faults,
) -> Option<ReplaySpec> {
    let history = form.history.as_ref()?;
    let own = root.prices.asset_names();
    let there: Vec<&str> = history.assets.keys().map(String::as_str).collect();
    if history.at.sound(&["assets"]) && own != there {
        let message = format!("assets {} in place of {}", there.join(", "), own.join(", "));
        let help = "give a file for each asset of [prices], and for no other";
        faults.error(&history.at.of("assets"), message, help);
        return None;
    }
    if !history.shocks.is_empty() {
        let message = "what happened is replayed as it was";
        faults.error(&history.at.of("shocks"), message, "leave shocks out");
        return None;
    }
    let spec = unseen_history(root, history, files, faults)?;
    let span_ms = match prices {
        Prices::Model(model) => model.steps as i64 * model.step_ms,
        Prices::History(own) => own.span_ms(),
    };
    let length = (span_ms / spec.interval_ms) as usize;
    if length < 2 || spec.bars() < length {
        let message = format!(
            "{} bars of {} are no window of {}, the length of the run",
            spec.bars(),
            Duration { ms: spec.interval_ms },
            Duration { ms: span_ms }
        );
        let help = "give a longer history, of bars shorter than half of the run";
        faults.error(&history.at.of("assets"), message, help);
        return None;
    }
    if let Some(seen) = seen(root, prices, files, faults) {
        let unseen = (spec.start_ms, spec.start_ms + spec.span_ms());
        if seen.0 < unseen.1 && unseen.0 < seen.1 {
            let words = |(from, to): (i64, i64)| format!("{} to {}", to_iso(from), to_iso(to));
            let message =
                format!("{} is in part what the search sees, {}", words(unseen), words(seen));
            let help = "give from and to on either side, so that the two have no bar in common";
            faults.error(history.at.section(), message, help);
            return None;
        }
    }
    Some(spec)
}

/// The real time that the search's own paths are made of.
fn seen(
    root: &Root,
    prices: &Prices,
    files: &mut Files<'_>,
    faults: &mut Faults,
) -> Option<(i64, i64)> {
    match (prices, &root.prices) {
        (Prices::History(own), _) => Some((own.start_ms, own.start_ms + own.span_ms())),
        (Prices::Model(_), PricesSection::Bootstrap(form)) => {
            let bars = bootstrap_bars(form, files, faults)?;
            Some((bars.start_ms, bars.start_ms + bars.n_bars as i64 * bars.interval_ms))
        }
        (Prices::Model(_), _) => None,
    }
}
