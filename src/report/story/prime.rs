//! Sentences of prime brokerage.

use super::{Teller, because, health_moves, realised};
use crate::engine::{About, Event, EventKind, Metric, Plan};
use crate::ledger::{AssetId, USDC};
use crate::report::events::asset_name;
use crate::report::loans::{BORROWER, Recall, lacked_money};
use crate::report::number::{count, money, percent, price, quantity, signed_money};
use crate::units::time::{HOUR_MS, to_iso};
use crate::venue::custody::units_of;

/// What a contract's event says to the side that pays.
const PAYER: &str = "pays";
/// And to the side that is paid.
const PAYEE: &str = "is paid";

impl Teller<'_> {
    /// `; it holds 1 ETH (2,840.00 USDC)`.
    pub(super) fn holdings(&self, agent: usize) -> String {
        let Some(prime) = &self.plan().prime else { return String::new() };
        let held: Vec<String> = (prime.agents[agent].holdings.iter().zip(&prime.holdings))
            .filter(|(amount, _)| amount.is_positive())
            .map(|(amount, spec)| {
                let units = units_of(*amount);
                let value = units * self.trace.start_marks[spec.price];
                format!("{} {} ({} USDC)", quantity(units), spec.name, money(value))
            })
            .collect();
        if held.is_empty() { String::new() } else { format!("; it holds {}", held.join(", ")) }
    }

    /// What lending, services and escrow came to.
    pub(super) fn prime_ending(&self, agent: usize) -> String {
        if self.plan().prime.is_none() {
            return String::new();
        }
        let get = |metric| self.trace.outcomes[agent].get(metric);
        format!(
            "{}Interest received {}, paid {}, lending losses {}, referral {}: net yield {} USDC. \
             Recalls {}, {} of them failed, shortfall {} USDC. Margin calls {}, requests turned \
             down {}.\n",
            self.owner(agent),
            money(get(Metric::Interest)),
            money(get(Metric::InterestPaid)),
            money(get(Metric::LendingLosses)),
            money(get(Metric::Referral)),
            signed_money(get(Metric::NetYield)),
            count(get(Metric::Recalls)),
            count(get(Metric::RecallsFailed)),
            money(get(Metric::RecallShortfall)),
            count(get(Metric::MarginCalls)),
            count(get(Metric::RequestsRejected)),
        )
    }

    /// What of the agent's recalled money was still to come when it was needed.
    pub(super) fn awaited(&self, event: &Event) -> String {
        if !lacked_money(event) && event.kind != EventKind::MarginCall {
            return String::new();
        }
        let own = self.recalls.iter().filter(|recall| recall.agent == event.agent);
        let pending = own.filter(|recall| recall.is_pending(event.time_ms));
        let (mut loans, mut value) = (Vec::new(), 0.0);
        for recall in pending {
            loans.push(recall.loan.to_string());
            value += recall.value_usdc;
        }
        match loans.len() {
            0 => String::new(),
            1 => format!(" Recalled and not there: {} USDC of loan {}.", money(value), loans[0]),
            _ => format!(
                " Recalled and not there: {} USDC of loans {}.",
                money(value),
                loans.join(", ")
            ),
        }
    }

    /// A sentence on an event of prime brokerage; `name` is what it is about.
    pub(super) fn prime(&self, event: &Event, name: &str) -> Option<String> {
        let because = because(event);
        let amount = units(self.plan(), event.asset, event.amount);
        let text = match event.kind {
            EventKind::Rebalanced => {
                let moves = health_moves(event.health_before, event.health_factor);
                let done = realised(event);
                format!("{name} reduced to bring utilisation down{because}{moves}; {done}.")
            }
            EventKind::ZoneAlert => {
                let zone = event.reason;
                format!("alert: utilisation {} is in the zone {zone}.", percent(event.utilisation))
            }
            EventKind::RequestRejected => {
                let sum =
                    if event.amount.is_nan() { String::new() } else { format!(" of {amount}") };
                format!("request{sum} for {name} turned down{because}.")
            }
            EventKind::SpotSold => {
                format!("{amount} sold at {}{because}{}.", price(event.price), costs(event))
            }
            EventKind::SpotBought => {
                format!("{amount} bought at {}{because}{}.", price(event.price), costs(event))
            }
            EventKind::FaucetGranted => format!("the faucet granted {amount}."),
            EventKind::BankrollHeld => format!("{amount} held as bankroll{because}."),
            EventKind::BankrollReleased => format!("{amount} of the bankroll freed{because}."),
            EventKind::BetsSettled => {
                format!("bets settled: {} USDC{because}.", signed_money(event.amount))
            }
            EventKind::NamesOrdered => format!("names ordered, {amount} held for them."),
            EventKind::NamesRegistered => format!("names registered for {amount}."),
            EventKind::NamesSold => format!("names sold for {amount}."),
            EventKind::MoveRequested => format!("{amount} sent, {name}{because}."),
            EventKind::MoveArrived => format!("{amount} arrived, {name}."),
            EventKind::MoveFailed => {
                format!("MOVE FAILED, {name}{because}: {amount} is back where it came from.")
            }
            _ => return self.loan(event, name).or_else(|| self.escrow(event, name)),
        };
        Some(text + &self.awaited(event))
    }

    fn loan(&self, event: &Event, name: &str) -> Option<String> {
        // What the engine says of loans is on which side the agent stands.
        let borrows = event.reason == BORROWER;
        let amount = worth(self.plan(), event);
        let at = price(event.price);
        let due = event.due_ms.map_or_else(String::new, |ms| format!(", due {}", to_iso(ms)));
        let back = if borrows { "given back" } else { "came back" };
        Some(match event.kind {
            EventKind::LoanOpened => {
                format!("{name} {}: {amount}.", if borrows { "taken" } else { "given" })
            }
            EventKind::InterestPaid => {
                let done = if borrows { "paid" } else { "received" };
                format!("interest of {amount} {done} on {name}{}.", self.cut(event))
            }
            EventKind::RecallOrdered => format!("recall of {name} ordered: {amount}."),
            EventKind::LoanRecalled => {
                let amount = amount.replace(" (", ", ").replace(')', "");
                format!("recall of {name} ({amount}) asked for{due}.")
            }
            EventKind::LoanReturnedEarly => {
                format!("{name} {back} before its deadline{}: {amount}.", self.waited(event))
            }
            EventKind::LoanReturned => {
                format!("{name} {back} at its deadline{}: {amount}.", self.waited(event))
            }
            EventKind::LoanRepaid => format!("{name} {back}: {amount}."),
            EventKind::RecallFailed => {
                format!("RECALL FAILED: {name} was not returned at its deadline: {amount}.")
            }
            EventKind::BoughtIn => {
                format!("{name} bought in with its collateral at {at}: {amount} to the lender.")
            }
            EventKind::CollateralCalled => {
                format!("call for collateral on {name}: {amount} lacks{due}.")
            }
            EventKind::CollateralPosted => format!("{amount} of collateral posted on {name}."),
            EventKind::CollateralCallCured => {
                format!("{name} is covered again, its call for collateral is over.")
            }
            EventKind::CollateralLiquidated => {
                format!("collateral of {name} sold at {at}: {amount} to the lender.")
            }
            EventKind::CollateralSold => {
                format!("collateral of {name} sold at {at} for interest: {amount}.")
            }
            EventKind::LendingShortfall if event.amount == 0.0 => {
                format!("the interest of {name} was not covered by its collateral.")
            }
            EventKind::LendingShortfall => format!(
                "LENDING LOSS: {amount} of {name} came back neither from the borrower nor from \
                 its collateral."
            ),
            _ => return None,
        })
    }

    /// `, 0.001 ETH of it the broker's`.
    fn cut(&self, interest: &Event) -> String {
        if interest.costs > 0.0 {
            let cut = units(self.plan(), interest.asset, interest.costs);
            format!(", {cut} of it the broker's")
        } else {
            String::new()
        }
    }

    fn escrow(&self, event: &Event, name: &str) -> Option<String> {
        // Both sides are told of a contract; the reason says which.
        let paid = event.reason == PAYEE;
        let because = if paid || event.reason == PAYER { String::new() } else { because(event) };
        let amount = units(self.plan(), event.asset, event.amount);
        let costs = costs(event);
        Some(match event.kind {
            EventKind::EscrowCreated if paid => format!("{name} made: {amount} to be received."),
            EventKind::EscrowCreated => format!("{name} made: {amount} and its fee held{because}."),
            EventKind::EscrowFunded => format!("{name} funded: {amount} locked."),
            EventKind::EscrowReduced => format!("{name} made smaller{because}: {amount} freed."),
            EventKind::EscrowCancelled => format!("{name} cancelled{because}: {amount} freed."),
            EventKind::EscrowExpired => format!("{name} expired, not funded in time{because}."),
            EventKind::EscrowReleased if paid => format!("{name} released: {amount} received."),
            EventKind::EscrowReleased => format!("{name} released: {amount} paid{costs}."),
            EventKind::EscrowTimedOut => format!("{name} timed out{because}: {amount}{costs}."),
            EventKind::EscrowDisputed => format!("{name} disputed{because}: {amount} locked."),
            EventKind::EscrowResolved => {
                format!("dispute of {name} resolved{because}: {amount} to the payee{costs}.")
            }
            EventKind::Obliged if paid => format!("claim on {amount} joined {name}."),
            EventKind::Obliged => format!("obligation of {amount} joined {name}{because}."),
            EventKind::Netted => format!("{name} settled: net {amount}{because}."),
            EventKind::NetPaid => format!("net of {amount} paid under {name}{costs}."),
            EventKind::NetReceived => format!("net of {amount} received under {name}."),
            EventKind::SettlementArrived => format!("{amount} of {name} arrived."),
            EventKind::ReferralReceived => format!("referral of {amount} received for {name}."),
            _ => return None,
        })
    }

    /// The recall that an event on a loan belongs to.
    fn recall_of(&self, event: &Event) -> Option<&Recall> {
        let About::Loan(loan) = event.about else { return None };
        self.recalls.iter().find(|recall| recall.loan == loan)
    }

    /// `, 7.5 hours after its recall`.
    fn waited(&self, event: &Event) -> String {
        self.recall_of(event).map_or_else(String::new, |recall| {
            let hours = (event.time_ms - recall.asked_ms) as f64 / HOUR_MS as f64;
            format!(", {hours:.1} hours after its recall")
        })
    }
}

/// An amount with its asset.
pub(in crate::report) fn units(plan: &Plan, asset: AssetId, amount: f64) -> String {
    let text = if asset == USDC { money(amount) } else { quantity(amount) };
    format!("{text} {}", asset_name(plan, asset))
}

/// The same, with its value where that is told.
fn worth(plan: &Plan, event: &Event) -> String {
    let text = units(plan, event.asset, event.amount);
    let value = event.amount * event.price;
    if event.asset == USDC || value.is_nan() {
        text
    } else {
        format!("{text} ({} USDC)", money(value))
    }
}

fn costs(event: &Event) -> String {
    if event.costs > 0.0 { format!(", costs {}", money(event.costs)) } else { String::new() }
}
