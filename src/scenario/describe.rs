//! A scenario in words: what `validate` prints after "ok".

mod account;
mod compare;
mod fleet;
mod guard;
mod impact;
mod prices;
mod prime;
mod sweep;
mod templates;
mod tune;

use std::fmt::Write;

use super::build::start_prices;
use super::copies::TemplateKind;
use super::entry::Account;
use super::{RiskSpec, Scenario};
use crate::fields::{Duration, Money};
use crate::prices::Prices;
use crate::venue::exchange::{
    AfterCall, ForceClose, FundingSource, LossRule, MarginCallSpec, MarketSpec, Slippage,
    SlippageSpec, UsedMargin,
};
use templates::{Telling, Untold};

/// What a scenario resolves to: prices, markets, each position with its figures at the start and
/// the price moves at which its thresholds lie, protections, warnings.
pub fn describe(scenario: &Scenario) -> String {
    let mut text = String::new();
    let plan = &scenario.plan;
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(text, "{}: {}", scenario.name, scenario.question);
    let _ = writeln!(text, "prices   {}", prices::in_words(scenario));
    let _ = writeln!(text, "assets   {}", templates::listed(&plan.assets));
    templates::assets(&mut text, scenario);
    write_shocks(&mut text, scenario);
    write_markets(&mut text, scenario);
    let loss = match plan.exchange.loss_rule {
        LossRule::BadDebt => "stays bad debt",
        LossRule::AutoDeleveraging => "falls on opposite positions in profit",
        LossRule::Socialised => "is shared pro rata to equity",
    };
    let fund = Money(plan.exchange.insurance);
    let _ = writeln!(text, "losses   insurance fund {fund}; what it does not cover {loss}");
    impact::write(&mut text, plan);
    if let Some(call) = &plan.exchange.margin_call {
        let _ = writeln!(text, "calls    {}", call_in_words(call));
    }
    prime::write(&mut text, plan);
    fleet::write(&mut text, plan);
    let start = start_prices(&scenario.prices);
    if !scenario.templates.is_empty() {
        let (markets, agents) = (plan.exchange.markets.len(), plan.agents.len());
        let _ = writeln!(text, "\n{markets} markets, {agents} agents");
    }
    let mut untold = Untold::of(scenario, TemplateKind::Agent);
    for (index, agent) in plan.agents.iter().enumerate() {
        match untold.tell(&agent.name) {
            Telling::Itself => {}
            Telling::Template(template) => {
                templates::agents(&mut text, scenario, template, &start);
                let _ = writeln!(text, "  the first of them:");
            }
            Telling::Told => continue,
        }
        let _ = writeln!(text, "\nagent {}: wallet {}", agent.name, Money(agent.wallet));
        let account = Account::of(plan, agent, &start);
        account::write(&mut text, scenario, agent, &account);
        guard::write(&mut text, agent, prime::protects(plan, index));
        prime::write_agent(&mut text, plan, index);
        fleet::write_agent(&mut text, plan, index);
    }
    let _ = writeln!(text, "\nbeside it: {}", nulls_in_words(scenario));
    let _ = writeln!(text, "risk     {}", risk_in_words(&scenario.risk));
    sweep::write(&mut text, scenario);
    tune::write(&mut text, scenario);
    compare::write(&mut text, scenario);
    for warning in &scenario.warnings {
        let _ = writeln!(text, "warning: {warning}");
    }
    text
}

/// Markets; those of a template in a line for all.
fn write_markets(text: &mut String, scenario: &Scenario) {
    let plan = &scenario.plan;
    let mut untold = Untold::of(scenario, TemplateKind::Market);
    for market in &plan.exchange.markets {
        match untold.tell(&market.name) {
            Telling::Itself => {
                let _ = writeln!(text, "market   {}", market_in_words(market, &plan.assets));
            }
            Telling::Template(template) => templates::market(text, scenario, template, market),
            Telling::Told => {}
        }
    }
}

/// Shocks of every run, then those of `drypowder stress`.
fn write_shocks(text: &mut String, scenario: &Scenario) {
    let always = |name: &str| {
        let of_venue = scenario.plan.shocks.iter().any(|shock| shock.onset.name == name);
        let of_prices = match &scenario.prices {
            Prices::Model(model) => &model.options.shocks,
            Prices::History(replay) => &replay.shocks,
        };
        of_venue || of_prices.iter().any(|shock| shock.onset.name == name)
    };
    let stress = scenario.resolved.get("stress").is_some();
    for shock in &scenario.stress.shocks {
        let always = always(&shock.name);
        if always || stress {
            let kind = if always { "shock   " } else { "stress  " };
            let _ = writeln!(text, "{kind} {}: {}", shock.name, shock.words);
        }
    }
}

fn call_in_words(call: &MarginCallSpec) -> String {
    let used = match call.used {
        UsedMargin::Initial => "initial",
        UsedMargin::Maintenance => "maintenance",
    };
    let after = match call.after {
        AfterCall::NewCall => "called anew",
        AfterCall::UntilCured => "and the next at once",
    };
    format!(
        "above a margin ratio of {} ({used} margin); after {} the smallest position is closed, while in breach {after}",
        percent(call.ratio),
        Duration { ms: call.grace_ms }
    )
}

/// Each position with the price moves at which its thresholds lie; a part of [`describe`].
pub fn distances(scenario: &Scenario) -> String {
    let mut text = String::new();
    let start = start_prices(&scenario.prices);
    let mut untold = Untold::of(scenario, TemplateKind::Agent);
    for agent in &scenario.plan.agents {
        match untold.tell(&agent.name) {
            Telling::Itself => {}
            Telling::Template(template) => {
                templates::agents(&mut text, scenario, template, &start);
                continue;
            }
            Telling::Told => continue,
        }
        let account = Account::of(&scenario.plan, agent, &start);
        account::write(&mut text, scenario, agent, &account);
    }
    text
}

fn market_in_words(market: &MarketSpec, assets: &[String]) -> String {
    let mut words = format!(
        "{} on {}: initial margin {}, maintenance {}, liquidation at health factor {}, penalty {}",
        market.name,
        assets.get(market.asset).map_or("", String::as_str),
        percent(market.initial_margin),
        maintenance(market),
        market.liquidation_hf,
        percent(market.penalty),
    );
    let _ = write!(words, ", taker fee {}", percent(market.taker_fee));
    let _ = write!(words, ", slippage {}", slippage(&market.slippage));
    if market.liquidation_slippage != market.slippage {
        let _ = write!(words, " (force-closes {})", slippage(&market.liquidation_slippage));
    }
    words.push_str(match market.force_close {
        ForceClose::Full => "",
        ForceClose::Partial { .. } => ", force-closes in part",
        ForceClose::ToTarget { .. } => ", force-closes to a target",
    });
    match market.funding.as_ref().map(|funding| (&funding.source, funding.interval_ms)) {
        None => words.push_str(", no funding"),
        Some((FundingSource::Constant(rate), ms)) => {
            let _ = write!(words, ", funding {} every {}", percent(*rate), Duration { ms });
        }
        Some((FundingSource::Series(series), _)) => {
            let _ = write!(words, ", {} funding payments from a file", series.rate.len());
        }
    }
    words
}

fn maintenance(market: &MarketSpec) -> String {
    let rates: Vec<String> =
        market.maintenance.iter().map(|bracket| percent(bracket.rate)).collect();
    rates.join(" / ")
}

fn slippage(spec: &SlippageSpec) -> String {
    let calm = match spec.form {
        Slippage::None => "none".to_owned(),
        Slippage::FixedBps { bps } => format!("{bps} bps"),
        Slippage::SquareRoot { y, .. } => format!("square-root, Y = {y}"),
    };
    if spec.stress_multiplier > 0.0 { format!("{calm}, more in a storm") } else { calm }
}

fn risk_in_words(risk: &RiskSpec) -> String {
    let confidences: Vec<String> = risk.confidences.iter().map(|c| percent(*c)).collect();
    let mut words = format!("VaR, ES and LaR of the run at {}", confidences.join(", "));
    if let Some(book) = &risk.book {
        let horizon = |ms: &i64| Duration { ms: *ms }.to_string();
        let horizons: Vec<String> = book.horizons_ms.iter().map(horizon).collect();
        words += &format!("; the book taken apart over {}", horizons.join(", "));
    }
    if let Some(test) = &risk.backtest {
        let period = Duration { ms: test.period_ms };
        words += &format!(
            "; back-test of the {} VaR of {period} from {} periods before",
            percent(test.confidence),
            test.window
        );
    }
    if !risk.diversification.is_empty() {
        let weights: Vec<String> = risk.diversification.iter().map(|w| percent(*w)).collect();
        words += &format!(
            "; the fleets' diversification with correlations {} of the way to a crisis",
            weights.join(", ")
        );
    }
    words
}

fn nulls_in_words(scenario: &Scenario) -> String {
    let nulls = &scenario.nulls;
    let mut words = Vec::new();
    // A plan without any protection is that null policy itself.
    if nulls.do_nothing && scenario.plan.is_guarded() {
        words.push("no protection at all".to_owned());
    }
    if let Some(part) = nulls.start_smaller {
        words.push(format!("no protection at {} of the size", percent(part)));
    }
    match nulls.stop_loss {
        Some(Some(level)) => words.push(format!("a stop loss below health factor {level}")),
        Some(None) => words.push("a stop loss at the warning threshold".to_owned()),
        None => {}
    }
    if nulls.silo && scenario.plan.prime.is_some() {
        words.push("the plan under silo custody".to_owned());
    }
    if nulls.no_drift {
        words.push("the plan without the drift of correlations".to_owned());
    }
    if nulls.no_impact {
        words.push("the plan without the impact of forced fills".to_owned());
    }
    if words.is_empty() { "no null policy".to_owned() } else { words.join(", ") }
}

/// A fraction as a percentage, without digits that only binary fractions have.
fn percent(fraction: f64) -> String {
    let rounded = format!("{:.4}", fraction * 100.0);
    format!("{} %", rounded.trim_end_matches('0').trim_end_matches('.'))
}
