//! Defaults that depend on other fields, filled in so that everything after sees values.

mod prime;

use super::format::{
    Agent, Market, MarketTerms, OwnThresholds, Position, PricesSection, Root, TopUp,
};
use crate::fields::{Duration, Faults, Fraction, Instant, Money, Name, Places, defaults};
use crate::prices::Intrabar;
use crate::units::Amount;
use crate::units::time::DAY_MS;
use crate::venue::exchange::MarginMode;

/// 2026-01-01T00:00Z, where a model starts unless `run.start` says otherwise.
const START_MS: i64 = 1_767_225_600_000;
/// Maintenance margin where neither a rate nor brackets are given.
const MAINTENANCE: f64 = 0.15;
/// Length of a model's run where nothing says how long it is.
const LENGTH_MS: i64 = 365 * DAY_MS;

/// Fills in what depends on other fields.
pub(super) fn complete(root: &mut Root, faults: &mut Faults) {
    if let Some(clock) = root.prices.clock_mut() {
        complete_clock(&mut root.run, clock, faults);
        let (own, step) = (clock.steps, clock.step);
        for other in root.other_models.values_mut() {
            if let Some(clock) = other.0.clock_mut() {
                complete_other_clock(&mut root.run, clock, own.map(|steps| (steps, step)), faults);
            }
        }
    }
    let paths = match &root.prices {
        PricesSection::History(history) if history.intrabar == Intrabar::Bridge => 100,
        PricesSection::History(_) => 1,
        _ => 1_000,
    };
    root.paths.get_or_insert(paths);
    complete_terms(&mut root.exchange.defaults);
    root.markets.values_mut().for_each(|market| complete_terms(&mut market.terms));
    for agent in &mut root.agent {
        complete_agent(agent, &root.markets);
    }
    prime::complete(root);
}

/// Step and length of another model are those of the run's unless given.
fn complete_other_clock(
    run: &mut super::format::Run,
    clock: &mut super::format::ModelClock,
    own: Option<(u64, Duration)>,
    faults: &mut Faults,
) {
    let Some((steps, step)) = own else { return };
    if !clock.at.has("step") {
        clock.step = step;
    }
    if clock.steps.is_none() && clock.duration.is_none() {
        let length = u64::try_from(step.ms).ok().and_then(|step| steps.checked_mul(step));
        let length = length.and_then(|length| i64::try_from(length).ok());
        clock.duration = length.map(|ms| Duration { ms });
    }
    complete_clock(run, clock, faults);
}

/// One length out of the three ways to give it.
fn complete_clock(
    run: &mut super::format::Run,
    clock: &mut super::format::ModelClock,
    faults: &mut Faults,
) {
    let start = *run.start.get_or_insert(Instant { ms: START_MS });
    let step_ms = clock.step.ms.max(1);
    let given = [
        ("steps", clock.at.has("steps")),
        ("duration", clock.at.has("duration")),
        ("run.end", run.end.is_some()),
    ];
    let names: Vec<&str> = given.iter().filter(|way| way.1).map(|way| way.0).collect();
    if names.len() > 1 {
        let message = format!("{} are given, but each alone says how long", names.join(" and "));
        faults.error(&clock.at.of("steps"), message, "give one of them");
        return;
    }
    let (length_ms, spot) = match (clock.duration.take(), run.end) {
        (Some(duration), _) => (duration.ms, clock.at.of("duration")),
        (None, Some(end)) => (end.ms.saturating_sub(start.ms), run.at.of("end")),
        (None, None) => (LENGTH_MS, clock.at.of("steps")),
    };
    if clock.steps.is_some() || !clock.at.sound(&["steps", "duration", "step"]) {
        return;
    }
    if length_ms <= 0 {
        let message = "the end is not after the start";
        faults.error(&spot, message, "the run starts at run.start, 2026-01-01 unless given");
    } else if length_ms % step_ms != 0 {
        let message = format!("{} is no whole number of steps", Duration { ms: length_ms });
        faults.error(&spot, message, format!("the step is {}", clock.step));
    }
    run.end = None;
    clock.steps = u64::try_from(length_ms / step_ms).ok().filter(|steps| *steps > 0).or(Some(1));
}

fn complete_terms(terms: &mut MarketTerms) {
    if terms.brackets.is_none() {
        terms.maintenance_margin.get_or_insert(Fraction(MAINTENANCE));
    }
    terms.liquidation_slippage.get_or_insert_with(|| terms.slippage.clone());
    if terms.zones.danger.is_none() {
        terms.zones.danger = Some(terms.liquidation_hf);
        terms.zones.at.note("danger", terms.at.of("liquidation_hf"));
    }
}

fn complete_agent(agent: &mut Agent, markets: &std::collections::BTreeMap<String, Market>) {
    if let Some(policy) = &mut agent.policy
        && let Some(top_up) = &policy.top_up
        && top_up.0.enabled
        && top_up.0.fallback_to_kill_switch
        && policy.kill_switch.is_none()
    {
        policy.kill_switch = defaults(&policy.at, "kill_switch");
    }
    let top_up = agent.policy.as_ref().and_then(|policy| policy.top_up.as_ref());
    for position in &mut agent.position {
        let market = markets.get(&position.market.0);
        complete_position(position, market, top_up.map(|top_up| &top_up.0));
    }
}

fn complete_position(position: &mut Position, market: Option<&Market>, top_up: Option<&TopUp>) {
    position.name.get_or_insert_with(|| Name(position.market.0.clone()));
    if position.margin == MarginMode::Cross {
        position.collateral.get_or_insert(Money(Amount::ZERO));
    }
    if let (Some(zones), Some(market)) = (&mut position.zones, market) {
        zones.danger = zones.danger.or(market.terms.zones.danger);
    }
    let mut own = position.top_up.take().unwrap_or_else(|| OwnThresholds {
        warning_threshold: None,
        danger_threshold: None,
        target_health_factor: None,
        at: position.at.clone(),
    });
    if let Some(top_up) = top_up {
        if let Some(of_market) = top_up.markets.get(&position.market.0) {
            let values = [
                of_market.warning_threshold,
                of_market.danger_threshold,
                of_market.target_health_factor,
            ];
            inherit(&mut own, values, &of_market.at);
        }
        let values =
            [top_up.warning_threshold, top_up.danger_threshold, top_up.target_health_factor];
        inherit(&mut own, values.map(Some), &top_up.at);
    }
    position.top_up = Some(own);
}

/// Takes over the thresholds that are not given, and where they stand.
fn inherit(own: &mut OwnThresholds, values: [Option<f64>; 3], at: &Places) {
    let fields = [
        ("warning_threshold", &mut own.warning_threshold),
        ("danger_threshold", &mut own.danger_threshold),
        ("target_health_factor", &mut own.target_health_factor),
    ];
    for ((name, field), value) in fields.into_iter().zip(values) {
        if field.is_none() && value.is_some() {
            *field = value;
            own.at.note(name, at.of(name));
            if !at.sound(&[name]) {
                own.at.spoil(name);
            }
        }
    }
}
