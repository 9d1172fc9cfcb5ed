//! A history that a search does not see.

use crate::fields::Faults;
use crate::prices::{Prices, ReplaySpec};
use crate::scenario::build::unseen_history;
use crate::scenario::format::{Root, TuneForm};
use crate::scenario::load::Files;

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
        let bar_ms = spec.interval_ms;
        let message = format!(
            "{} bars of {} s are no window of {} s, the length of the run",
            spec.bars(),
            bar_ms / 1_000,
            span_ms / 1_000
        );
        let help = "give a longer history, of bars shorter than half of the run";
        faults.error(&history.at.of("assets"), message, help);
        return None;
    }
    Some(spec)
}
