//! One path's story, event by event, in sentences.

mod alerts;
mod cast;
mod fleet;
mod prime;
mod stretch;
#[cfg(test)]
mod tests;

use super::events::subject;
use super::loans::{Recall, recalls};
use super::number::{health, money, percent, price, signed_money};
use crate::engine::{AgentPlan, Event, EventKind, Metric, Plan};
use crate::scenario::Scenario;
use crate::study::{Trace, Variant, VariantSet, start_equity};
use crate::units::time::{DAY_MS, to_iso};
use alerts::Alerts;
use cast::Cast;
pub(super) use prime::units;
use stretch::Stretch;

/// Tells a traced path. `null` is the trace of `do_nothing` on the same path, where there is one.
/// Of many agents those are told of to whom something happened.
pub fn story(scenario: &Scenario, set: &VariantSet, trace: &Trace, null: Option<&Trace>) -> String {
    story_of(scenario, set, trace, null, None)
}

/// As [`story`], of one agent alone, by its index in the plan, where `only` names it.
pub fn story_of(
    scenario: &Scenario,
    set: &VariantSet,
    trace: &Trace,
    null: Option<&Trace>,
    only: Option<usize>,
) -> String {
    let variant = &set.all()[trace.variant];
    let cast = Cast::of(&variant.plan, trace, only);
    let events = cast.events(trace);
    let teller = Teller { variant, trace, cast, recalls: recalls(&trace.events) };
    let mut text = format!(
        "{} · path {} · {} · seed {}\n",
        scenario.name, trace.path, variant.name, scenario.seed
    );
    text.push_str(&teller.opening());
    let mut last_health = f64::NAN;
    let mut alerts = Alerts::default();
    let mut stretch = Stretch::of(&events);
    let mut lines: Vec<Line> = Vec::new();
    for event in &events {
        // Read again and found as left: nothing to tell.
        let same = (event.health_factor - last_health).abs() < 5e-4;
        last_health = event.health_factor;
        if (event.kind == EventKind::HealthConfirmed && same) || alerts.is_old_news(event) {
            continue;
        }
        if stretch.takes(event) {
            continue;
        }
        if let Some(sentence) = teller.sentence(event) {
            stretch.tell(&teller, &mut lines);
            lines.push((event.time_ms, sentence));
        }
    }
    stretch.tell(&teller, &mut lines);
    // What is summed up stands where it ends.
    lines.sort_by_key(|line| line.0);
    lines.iter().for_each(|(_, line)| text.extend([line, "\n"]));
    if alerts.untold > 0 {
        text.push_str(&format!("… and {} more alerts to and fro\n", alerts.untold));
    }
    text.push_str(&teller.ending());
    if let Some(null) = null.filter(|null| null.variant != trace.variant) {
        text.push_str(&teller.against(null, &set.all()[null.variant].name));
    }
    text
}

/// A line of a story and its instant, UTC ms.
type Line = (i64, String);

struct Teller<'a> {
    variant: &'a Variant,
    trace: &'a Trace,
    cast: Cast,
    recalls: Vec<Recall>,
}

impl Teller<'_> {
    fn plan(&self) -> &Plan {
        &self.variant.plan
    }

    fn agents(&self) -> &[AgentPlan] {
        &self.plan().agents
    }

    /// What an agent starts with, USDC.
    fn start(&self, agent: usize) -> f64 {
        start_equity(self.plan(), agent, &self.trace.start_marks)
    }

    /// `name: ` where there are several agents.
    fn owner(&self, agent: usize) -> String {
        if self.agents().len() > 1 {
            format!("{}: ", self.agents()[agent].name)
        } else {
            String::new()
        }
    }

    fn asset_of(&self, agent: usize, position: usize) -> usize {
        let market = self.agents()[agent].positions[position].market;
        self.variant.plan.exchange.markets[market].asset
    }

    fn opening(&self) -> String {
        let mut text = String::new();
        text.push_str(&self.cast.others());
        for (index, agent) in self.agents().iter().enumerate() {
            if !self.cast.has(index) {
                continue;
            }
            text.push_str(&format!(
                "{}  {}starts with {} USDC, {} of it free in the wallet{}.\n",
                to_iso(self.trace.span_ms.0),
                self.owner(index),
                money(self.start(index)),
                money(agent.wallet.usdc()),
                self.holdings(index),
            ));
        }
        text
    }

    fn sentence(&self, event: &Event) -> Option<String> {
        let what = self.what(event)?;
        Some(format!(
            "{}  {}{}{what}",
            to_iso(event.time_ms),
            self.owner(event.agent),
            self.market(event)
        ))
    }

    /// What the price had done since the start.
    fn market(&self, event: &Event) -> String {
        let Some(position) = event.position else { return String::new() };
        let asset = self.asset_of(event.agent, position);
        let change = event.mark / self.trace.start_marks[asset] - 1.0;
        let moved = match event.kind {
            EventKind::Opened => return String::new(),
            _ if change < 0.0 => format!("down {} since the start", percent(-change)),
            _ => format!("up {} since the start", percent(change)),
        };
        format!("{} at {}, {moved}: ", self.variant.plan.assets[asset], price(event.mark))
    }

    fn what(&self, event: &Event) -> Option<String> {
        let name = &*subject(self.plan(), event);
        let amount = money(event.amount);
        let because = because(event);
        let moves = health_moves(event.health_before, event.health_factor);
        let text = match event.kind {
            EventKind::Opened => return Some(self.opened(event, name)),
            EventKind::CollateralToppedUp => {
                format!("{amount} USDC added to {name}{because}{moves}.")
            }
            EventKind::TopUpOrdered => {
                format!("top-up of {amount} USDC ordered for {name}{because}{moves}.")
            }
            EventKind::TopUpRejected => format!("top-up of {name} rejected{because}{moves}."),
            EventKind::KillSwitchTriggered => {
                format!("kill switch pulled on {name}{because}{moves}.")
            }
            EventKind::KillSwitchClosed => {
                format!("kill switch closed {name}{because}{moves}; {}.", realised(event))
            }
            EventKind::KillSwitchDryRun => {
                format!("kill switch would have closed {name}{because}{moves} (dry run).")
            }
            EventKind::Reduced => {
                format!("part of {name} closed{because}{moves}; {}.", realised(event))
            }
            EventKind::StopLoss => {
                format!("stop closed {name}{because}{moves}; {}.", realised(event))
            }
            EventKind::Resumed => format!("{name} entered again{because}{moves}."),
            EventKind::ResumeRejected => format!("re-entry into {name} rejected{because}."),
            EventKind::Liquidated => {
                format!("LIQUIDATED: the venue closed {name}{because}{moves}; {}.", realised(event))
            }
            EventKind::InsurancePaid => format!("the insurance fund bore {amount} USDC of {name}."),
            EventKind::AutoDeleveraged => {
                format!("{name} closed at a bankruptcy price: {amount} USDC of profit lost.")
            }
            EventKind::LossSocialised => format!("{amount} USDC of others' losses taken."),
            EventKind::BadDebt => format!("{amount} USDC of {name} stayed as bad debt."),
            EventKind::MarginCall => {
                format!("MARGIN CALL{because}, utilisation {}.", percent(event.utilisation))
            }
            EventKind::MarginCallCured => {
                format!("margin call cured{because}, utilisation {}.", percent(event.utilisation))
            }
            EventKind::PriceMoved => {
                format!(
                    "{} of {} USDC moved {name} from {} to {}, by {}.",
                    event.reason,
                    money(event.amount.abs()),
                    price(event.mark),
                    price(event.price),
                    percent(event.price / event.mark - 1.0)
                )
            }
            EventKind::Alert => format!("alert: {name} is in the zone {}{moves}.", event.reason),
            EventKind::HealthConfirmed => {
                format!("health factor of {name} read again: {}.", health(event.health_factor))
            }
            EventKind::Funding => return None,
            _ => return self.fleet(event, name).or_else(|| self.prime(event, name)),
        };
        Some(text + &self.awaited(event))
    }

    fn opened(&self, event: &Event, name: &str) -> String {
        let position = event.position.map(|index| &self.agents()[event.agent].positions[index]);
        let side = position.map_or("", |spec| if spec.side < 0 { "short" } else { "long" });
        let size = position.map_or(String::new(), |spec| match spec.quantity {
            Some(quantity) => format!("{quantity} units"),
            None => format!("{} USDC", money(spec.notional_usdc)),
        });
        format!(
            "opened {name}, {side} {size} at {}{}.",
            price(event.price),
            health_moves(f64::NAN, event.health_factor)
        )
    }

    fn ending(&self) -> String {
        let mut text = format!("{}  The end.", to_iso(self.trace.span_ms.1));
        for (asset, name) in self.variant.plan.assets.iter().enumerate() {
            if !self.cast.has_asset(self.plan(), asset) {
                continue;
            }
            let (start, end) = (self.trace.start_marks[asset], self.trace.end_marks[asset]);
            let sign = if end < start { "" } else { "+" };
            text.push_str(&format!(
                " {name} at {} ({sign}{}).",
                price(end),
                percent(end / start - 1.0)
            ));
        }
        text.push('\n');
        for (index, outcome) in self.trace.outcomes.iter().enumerate() {
            if !self.cast.has(index) {
                continue;
            }
            let equity = outcome.get(Metric::FinalEquity);
            text.push_str(&format!(
                "{}Final equity {} USDC, {} since the start{} after {:.1} days. Fees {}, slippage {}, \
                 penalties {}, funding {}.\n",
                self.owner(index),
                money(equity),
                signed_money(equity - self.start(index)),
                self.of_coordinator(index),
                (self.trace.span_ms.1 - self.trace.span_ms.0) as f64 / DAY_MS as f64,
                money(outcome.get(Metric::FeesPaid)),
                money(outcome.get(Metric::SlippageCost)),
                money(outcome.get(Metric::Penalties)),
                money(outcome.get(Metric::FundingPaid)),
            ));
            text.push_str(&self.prime_ending(index));
        }
        text
    }

    /// The verdict against `do_nothing` on the same path.
    fn against(&self, null: &Trace, name: &str) -> String {
        let total = |trace: &Trace, metric| -> f64 {
            trace.outcomes.iter().map(|outcome| outcome.get(metric)).sum()
        };
        let (mine, theirs) =
            (total(self.trace, Metric::FinalEquity), total(null, Metric::FinalEquity));
        let (hits, null_hits) =
            (total(self.trace, Metric::Liquidations), total(null, Metric::Liquidations));
        let verdict = if mine < theirs { "cost" } else { "saved" };
        format!(
            "On the same path {name} has liquidations: {null_hits} and ends with {} USDC; {} has \
             {hits} and ends with {} USDC: it {verdict} {} USDC.\n",
            money(theirs),
            self.variant.name,
            money(mine),
            money((mine - theirs).abs()),
        )
    }
}

/// ` (why)`.
fn because(event: &Event) -> String {
    if event.reason.is_empty() { String::new() } else { format!(" ({})", event.reason) }
}

fn realised(event: &Event) -> String {
    let (profit, costs) = (signed_money(event.amount), money(event.costs));
    format!("filled at {}: realised {profit} USDC, costs {costs}", price(event.price))
}

/// `, health factor 1.587 → 2.000`.
fn health_moves(before: f64, after: f64) -> String {
    match Some(before).filter(|before| !before.is_nan()) {
        Some(before) if after.is_nan() => format!(", health factor {} before", health(before)),
        Some(before) if (before - after).abs() > 5e-4 => {
            format!(", health factor {} → {}", health(before), health(after))
        }
        _ if after.is_nan() => String::new(),
        _ => format!(", health factor {}", health(after)),
    }
}
