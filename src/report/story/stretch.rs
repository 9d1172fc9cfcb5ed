//! What services do all day, summed up: told one by one it would drown the story.

use super::prime::units;
use super::{Line, Teller};
use crate::engine::{Event, EventKind};
use crate::ledger::AssetId;
use crate::units::time::to_iso;

/// Up to so many routine events on a path are told one by one.
const FEW: usize = 12;

/// Whether an event is part of the daily business of a service.
pub(super) const fn is_routine(kind: EventKind) -> bool {
    noun(kind).is_some()
}

/// What is counted of routine events of a kind: one, and several.
const fn noun(kind: EventKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        EventKind::EscrowCreated => ("contract made", "contracts made"),
        EventKind::EscrowFunded => ("contract funded", "contracts funded"),
        EventKind::EscrowReleased => ("contract released", "contracts released"),
        EventKind::EscrowTimedOut => ("contract timed out", "contracts timed out"),
        EventKind::EscrowExpired => ("contract expired", "contracts expired"),
        EventKind::EscrowDisputed => ("contract disputed", "contracts disputed"),
        EventKind::EscrowResolved => ("dispute resolved", "disputes resolved"),
        EventKind::Obliged => ("obligation taken on", "obligations taken on"),
        EventKind::Netted => ("agreement settled", "agreements settled"),
        EventKind::NetPaid => ("net paid", "nets paid"),
        EventKind::NetReceived => ("net received", "nets received"),
        EventKind::SettlementArrived => ("payment arrived", "payments arrived"),
        EventKind::ReferralReceived => ("referral received", "referrals received"),
        EventKind::InterestPaid => ("payment of interest", "payments of interest"),
        EventKind::BetsSettled => ("round of bets", "rounds of bets"),
        EventKind::NamesOrdered => ("order of names", "orders of names"),
        EventKind::NamesRegistered => ("registration of names", "registrations of names"),
        EventKind::NamesSold => ("sale of names", "sales of names"),
        EventKind::MoveRequested => {
            ("move between silos asked for", "moves between silos asked for")
        }
        EventKind::MoveArrived => ("move between silos arrived", "moves between silos arrived"),
        EventKind::RequestRejected => ("request turned down", "requests turned down"),
        _ => return None,
    })
}

/// Routine events since the last sentence.
pub(super) struct Stretch<'a> {
    many: bool,
    events: Vec<&'a Event>,
}

/// Events of one kind that are told together.
struct Sum {
    kind: EventKind,
    asset: AssetId,
    reason: &'static str,
    count: usize,
    amount: f64,
}

impl<'a> Stretch<'a> {
    /// For a path of these events.
    pub fn of(events: &[Event]) -> Self {
        let routine = events.iter().filter(|event| is_routine(event.kind)).count();
        Self { many: routine > FEW, events: Vec::new() }
    }

    /// Whether the event will be told with others.
    pub fn takes(&mut self, event: &'a Event) -> bool {
        let takes = self.many && is_routine(event.kind);
        if takes {
            self.events.push(event);
        }
        takes
    }

    /// Tells what has gathered, a line per agent.
    pub fn tell(&mut self, teller: &Teller, lines: &mut Vec<Line>) {
        let events = std::mem::take(&mut self.events);
        for agent in 0..teller.agents().len() {
            let own: Vec<&Event> =
                events.iter().copied().filter(|event| event.agent == agent).collect();
            match own[..] {
                [] => {}
                [event] => {
                    let sentence = teller.sentence(event);
                    lines.extend(sentence.map(|sentence| (event.time_ms, sentence)));
                }
                [first, .., last] => {
                    let line = format!(
                        "{}  {}since {}: {}.",
                        to_iso(last.time_ms),
                        teller.owner(agent),
                        to_iso(first.time_ms),
                        summed_up(teller, &own)
                    );
                    lines.push((last.time_ms, line));
                }
            }
        }
    }
}

fn summed_up(teller: &Teller, events: &[&Event]) -> String {
    let mut sums: Vec<Sum> = Vec::new();
    // A contract of a flow is funded as it is made.
    let told = events.iter().filter(|event| event.kind != EventKind::EscrowFunded);
    told.for_each(|event| add(&mut sums, event));
    let parts: Vec<String> = sums.iter().map(|sum| part(teller, sum)).collect();
    parts.join(", ")
}

fn add(sums: &mut Vec<Sum>, event: &Event) {
    let Event { kind, asset, amount, reason, .. } = *event;
    let key = |sum: &Sum| (sum.kind, sum.asset, sum.reason);
    match sums.iter_mut().find(|sum| key(sum) == (kind, asset, reason)) {
        Some(sum) => {
            sum.count += 1;
            sum.amount += amount;
        }
        None => sums.push(Sum { kind, asset, reason, count: 1, amount }),
    }
}

/// `12 contracts made (1,200.00 USDC, pays)`.
fn part(teller: &Teller, sum: &Sum) -> String {
    let (one, several) = noun(sum.kind).unwrap_or_default();
    let noun = if sum.count == 1 { one } else { several };
    let amount = (!sum.amount.is_nan()).then(|| units(teller.plan(), sum.asset, sum.amount));
    let reason = (!sum.reason.is_empty()).then(|| sum.reason.to_owned());
    let more: Vec<String> = amount.into_iter().chain(reason).collect();
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
    format!("{} {noun}{more}", sum.count)
}
