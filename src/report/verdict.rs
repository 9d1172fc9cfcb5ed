//! The answer in sentences: would these thresholds have saved me, and what did they cost?

use super::drift;
use super::models;
use super::number::{count, money, percent, signed_money};
use super::summary::{Summary, mean_with_interval};
use crate::engine::{Metric, Rule};
use crate::prices::{Intrabar, Prices};
use crate::scenario::Scenario;
use crate::stats::{Interval, Replication};
use crate::study::{AgentResult, Role, StudyResult, VariantSet};

/// Two variants that are compared path by path.
struct Pair<'a> {
    plan: &'a AgentResult,
    null: &'a AgentResult,
    draws: Replication,
}

impl<'a> Pair<'a> {
    /// The plan and `do_nothing` on an intrabar mode.
    fn of(result: &'a StudyResult, set: &VariantSet, mode: Option<Intrabar>) -> Option<Self> {
        let agent = |role| set.with_role(role, mode).map(|index| result.variants[index].whole());
        let draws = result.replication;
        Some(Self { plan: agent(Role::Plan)?, null: agent(Role::DoNothing)?, draws })
    }

    /// Mean over paths of what the plan ended with more than `do_nothing`, USDC.
    fn gain(&self) -> (f64, Interval) {
        let (plan, null) =
            (self.plan.column(Metric::FinalEquity), self.null.column(Metric::FinalEquity));
        let differences: Vec<f64> = plan.iter().zip(null.iter()).map(|(a, b)| a - b).collect();
        mean_with_interval(&differences, self.draws)
    }

    /// Liquidations of the plan and of `do_nothing`: on one path how many, else on how many paths.
    fn liquidated(&self) -> (u64, u64) {
        let count = |agent: &AgentResult| match agent.column(Metric::Liquidations) {
            column if column.len() == 1 => column.get(0) as u64,
            column => column.positive(),
        };
        (count(self.plan), count(self.null))
    }

    fn saved(&self) -> Saved {
        let (plan, null) = self.liquidated();
        match (plan, null) {
            (0, 0) => Saved::NothingToSave,
            (0, _) => Saved::Yes,
            (with, without) if with < without => Saved::Partly,
            _ => Saved::No,
        }
    }
}

/// Whether the protections kept liquidations away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Saved {
    NothingToSave,
    Yes,
    Partly,
    No,
}

impl Saved {
    const fn answer(self) -> &'static str {
        match self {
            Self::NothingToSave => "There was nothing to save: doing nothing is never liquidated.",
            Self::Yes => "Yes, these thresholds kept every liquidation away.",
            Self::Partly => "In part: these thresholds kept some liquidations away.",
            Self::No => "No, these thresholds kept no liquidation away.",
        }
    }
}

/// The verdict, then the bracket, then what it hangs on; one sentence or two per paragraph.
pub(super) fn sentences(
    scenario: &Scenario,
    set: &VariantSet,
    result: &StudyResult,
    summary: &Summary,
) -> Vec<String> {
    let mut text = Vec::new();
    match Pair::of(result, set, None) {
        Some(pair) if result.paths == 1 => text.push(one_path(&pair)),
        Some(pair) => text.push(many_paths(&pair, set, result, summary)),
        None if scenario.plan.is_guarded() => text.push(
            "Not answered: nulls leaves do_nothing out, so there is nothing to compare with."
                .to_owned(),
        ),
        None => text.push("Not answered: the plan has no protection.".to_owned()),
    }
    text.extend(drift::sentence(result, set, summary));
    text.extend(bracket(scenario, set, result));
    text.extend(models::sentence(scenario, set, result, summary));
    text.extend(drift_caveat(scenario));
    text
}

fn one_path(pair: &Pair) -> String {
    let plan = |metric| pair.plan.column(metric).get(0);
    let null = |metric| pair.null.column(metric).get(0);
    let gain = pair.gain().0;
    format!(
        "{} Liquidations {} against {} without; {} kill switches, {} top-ups of {} USDC. Final \
         equity {} USDC against {} without: the protections {} {} USDC.",
        pair.saved().answer(),
        count(plan(Metric::Liquidations)),
        count(null(Metric::Liquidations)),
        count(plan(Metric::KillSwitches)),
        count(plan(Metric::TopUps)),
        money(plan(Metric::TopUpAmount)),
        money(plan(Metric::FinalEquity)),
        money(null(Metric::FinalEquity)),
        if gain < 0.0 { "cost" } else { "saved" },
        money(gain.abs()),
    )
}

fn many_paths(pair: &Pair, set: &VariantSet, result: &StudyResult, summary: &Summary) -> String {
    let name = |role| set.with_role(role, None).map_or("", |i| result.variants[i].name.as_str());
    let figure = |role, agent: &AgentResult, metric: &str| {
        let row = summary.get(name(role), &agent.name, metric);
        row.and_then(|row| row.value).unwrap_or(f64::NAN)
    };
    let both = |metric: &str| {
        (figure(Role::Plan, pair.plan, metric), figure(Role::DoNothing, pair.null, metric))
    };
    let liquidation = both("liquidation_probability");
    let tail = both("final_equity_p05");
    let shortfall = both("es_95");
    let (gain, interval) = pair.gain();
    let answer = match pair.saved() {
        Saved::Yes if elsewhere(set, result) => {
            "On [prices] yes, these thresholds kept every liquidation away; on another of the \
             models below they did not."
        }
        saved => saved.answer(),
    };
    format!(
        "{answer} Liquidation probability {} against {} without. Final equity on the same paths differs \
         by {} USDC in the mean{}, by {} USDC at the 5 % quantile. The worst 5 % of paths lose {} \
         USDC on average against {} without: {}.",
        percent(liquidation.0),
        percent(liquidation.1),
        signed_money(gain),
        interval_text(&interval),
        signed_money(tail.0 - tail.1),
        money(shortfall.0),
        money(shortfall.1),
        if shortfall.0 > shortfall.1 {
            "what was saved from liquidation was fed into losers"
        } else {
            "the tail is no worse for it"
        },
    )
}

/// Whether the plan is liquidated on any other model.
fn elsewhere(set: &VariantSet, result: &StudyResult) -> bool {
    set.all().iter().zip(&result.variants).any(|(variant, found)| {
        variant.role == Role::Plan
            && variant.model.is_some()
            && found.whole().column(Metric::Liquidations).positive() > 0
    })
}

fn interval_text(interval: &Interval) -> String {
    match (interval.low, interval.high) {
        (Some(low), Some(high)) => {
            format!(" (95 %: {} to {})", signed_money(low), signed_money(high))
        }
        _ => String::new(),
    }
}

/// What the other ends of the intrabar bracket say.
fn bracket(scenario: &Scenario, set: &VariantSet, result: &StudyResult) -> Option<String> {
    let Prices::History(_) = &scenario.prices else { return None };
    let own = Pair::of(result, set, None)?;
    let mut ends = Vec::new();
    let mut differs = false;
    for (mode, name) in [(Intrabar::Walk, "walk"), (Intrabar::Jump, "jump")] {
        let Some(pair) = Pair::of(result, set, Some(mode)) else { continue };
        differs |= pair.saved() != own.saved() || (pair.gain().0 > 0.0) != (own.gain().0 > 0.0);
        let (with, without) = pair.liquidated();
        let what = if result.paths == 1 { "liquidations" } else { "paths liquidated" };
        ends.push(format!(
            "[{name}] {what}: {with} against {without} without; final equity differs by {} USDC",
            signed_money(pair.gain().0)
        ));
    }
    let verdict = if differs {
        "The verdict CHANGES with what is assumed inside a bar"
    } else {
        "The verdict is the same whatever is assumed inside a bar"
    };
    (!ends.is_empty()).then(|| format!("{verdict}: {}.", ends.join("; ")))
}

fn drift_caveat(scenario: &Scenario) -> Option<String> {
    let Prices::Model(model) = &scenario.prices else { return None };
    let drifts: Vec<String> = (model.assets.iter())
        .filter(|asset| asset.drift != 0.0)
        .map(|asset| format!("{} {}", asset.name, percent(asset.drift)))
        .collect();
    /// Drifts that are listed.
    const LISTED: usize = 6;
    let given = match drifts.len() {
        0 => "zero here".to_owned(),
        1..=LISTED => format!("{} a year here", drifts.join(", ")),
        more => format!("given for {more} assets"),
    };
    let lead = match scenario.other_models.is_empty() {
        true => format!("One model, its drift {given}"),
        false => format!("The drift of [prices] is {given}, and no other was tried"),
    };
    Some(format!(
        "{lead}: over long horizons drift decides final equity more than \
         any threshold, and the intervals hold sampling error only."
    ))
}

/// Rules that fired under the plan, with their counts, and those switched on that did not.
pub(super) fn rules(set: &VariantSet, result: &StudyResult) -> (Vec<String>, Vec<&'static str>) {
    let plan = result.variants[0].whole();
    let (fired, silent): (Vec<Rule>, Vec<Rule>) = (Rule::ALL.iter())
        .filter(|&&rule| plan.fired(rule).count > 0 || set.all()[0].plan.arms(rule))
        .partition(|&&rule| plan.fired(rule).count > 0);
    let shown = fired
        .iter()
        .map(|&rule| format!("{} {}", rule.name(), count(plan.fired(rule).count as f64)));
    (shown.collect(), silent.iter().map(|rule| rule.name()).collect())
}
