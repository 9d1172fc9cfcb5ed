//! Correlations that drift to those of a crisis.

use crate::fields::{Faults, Places, nearest};
use crate::prices::models::{CorrelationDrift, Drawdown};
use crate::scenario::build::correlation::correlation;
use crate::scenario::format::{CorrelationDriftForm, DrawdownForm, Repair};

/// The drift of a model's correlations; `None` where it could not be built, which has been
/// reported.
pub(super) fn drift(
    names: &[&str],
    form: &CorrelationDriftForm,
    repair: Repair,
    prices: &Places,
    faults: &mut Faults,
) -> Option<CorrelationDrift> {
    let sound = prices.sound(&["assets"]) && form.at.sound(&["to"]);
    let crisis = correlation(names, Some(&form.to), &form.at.of("to"), sound, repair, faults);
    let drawdown = form.drawdown.as_ref().map(|form| drawdown(names, form, faults));
    if let (Some(form_of), None, true) = (&form.drawdown, form.stay, form.at.sound(&["stay"]))
        && form_of.recovery.is_none()
        && form_of.at.sound(&["recovery"])
    {
        let message = "this crisis never ends: neither stay nor recovery is given";
        let help = "give one of them if correlations are to go back";
        faults.warn(form_of.at.section(), message, help);
    }
    Some(CorrelationDrift {
        crisis: crisis?,
        after_ms: form.after.ms,
        over_ms: form.over.ms,
        stay_ms: form.stay.map(|stay| stay.ms),
        drawdown: match drawdown {
            Some(drawdown) => Some(drawdown?),
            None => None,
        },
    })
}

fn drawdown(names: &[&str], form: &DrawdownForm, faults: &mut Faults) -> Option<Drawdown> {
    let (depth, recovery) = (form.depth.0, form.recovery.map(|recovery| recovery.0));
    if let Some(recovery) = recovery.filter(|recovery| *recovery >= depth)
        && form.at.sound(&["depth", "recovery"])
    {
        let message = format!("a recovery of {recovery} is not below the depth of {depth}");
        let help = "the crisis would end where it begins: give a smaller loss";
        faults.error(&form.at.of("recovery"), message, help);
        return None;
    }
    let found = names.iter().position(|name| *name == form.asset.0);
    if found.is_none() && form.at.sound(&["asset"]) {
        let help = match nearest(&form.asset.0, names) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("known: {}", names.join(", ")),
        };
        let message = format!("{} is no asset of [prices.assets]", form.asset.0);
        faults.error(&form.at.of("asset"), message, help);
    }
    Some(Drawdown { asset: found?, depth, recovery })
}
