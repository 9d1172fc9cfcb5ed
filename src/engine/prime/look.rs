//! (7): an agent looks at its wallet and decides what to recall, reduce and lend.

use super::agent::{PrimeOrder, PrimeOrderKind};
use super::state::Scratch;
use crate::engine::event::{About, Event, EventKind, Recorder};
use crate::engine::metrics::{Metric, Rule};
use crate::engine::run::Run;
use crate::ledger::{AssetId, USDC};
use crate::policy::{
    Cut, HoldingView, LoanView, PrimeSpec, PrimeView, Reserve, ReservedView, UtilisationZone,
    decide_prime,
};
use crate::prices::PricePath;
use crate::units::time::NEVER_MS;
use crate::units::{Amount, USDC_SCALE};
use crate::venue::custody::{Service, Silo};
use crate::venue::escrow::State as ContractState;
use crate::venue::exchange::MarginMode;
use crate::venue::lending::{Party, State};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// The looks of one agent at its wallet that are due now.
    pub(in crate::engine) fn prime_looks(&mut self, agent: usize) {
        let Some(plan) = self.plan.prime.as_ref() else { return };
        let Some(state) = self.ws.prime.as_deref() else { return };
        let (due_ms, keep_due_ms) = (state.agents[agent].due_ms, state.agents[agent].keep_due_ms);
        if let Some(policy) = &plan.agents[agent].policy
            && due_ms == self.now_ms
        {
            self.wallet_look(agent, policy);
        }
        if keep_due_ms == self.now_ms {
            self.keep_look(agent);
        }
    }

    fn wallet_look(&mut self, agent: usize, policy: &PrimeSpec) {
        let next_ms = self.now_ms + policy.poll_ms;
        let Some(state) = self.ws.prime.as_deref_mut() else { return };
        state.agents[agent].due_ms = if EVERY { next_ms } else { NEVER_MS };
        let before = state.agents[agent].zone;
        let mut scratch = std::mem::take(&mut state.scratch);
        self.fill_views(agent, policy, &mut scratch);
        self.tell_if_full(agent, policy);
        let capital = self.capital(agent);
        let view = PrimeView {
            capital: Amount::floor_usdc(capital.equity),
            reserved: Amount::ceil_usdc(capital.reserved) - scratch.freed,
            utilisation: capital.utilisation(),
            loans: &scratch.loans,
            reservations: &scratch.reserved,
            holdings: &scratch.holdings,
        };
        let zone = decide_prime(policy, before, &view, &mut scratch.actions);
        let watch = hangs_on_prices(policy, zone, &scratch);
        let acts = !scratch.actions.is_empty();
        self.zone_seen(agent, before, zone);
        self.order_prime(agent, policy, &scratch);
        let Some(state) = self.ws.prime.as_deref_mut() else { return };
        state.scratch = scratch;
        state.agents[agent].watch = watch;
        if acts {
            // Whatever came of it, the next look sees it.
            state.agents[agent].due_ms = next_ms;
        }
    }

    /// Whether as many loans are open as the market has vaults for.
    fn lending_is_full(&self) -> bool {
        let most = self.plan.prime.as_ref().map(|plan| plan.lending.loans_max);
        let open = self.ws.prime.as_deref().map(|state| state.open_loans.len());
        open >= most
    }

    /// A policy that lends and finds no room says so once, until there is room again.
    fn tell_if_full(&mut self, agent: usize, policy: &PrimeSpec) {
        let full = policy.lend.iter().any(Option::is_some) && self.lending_is_full();
        let Some(state) = self.ws.prime.as_deref_mut() else { return };
        let told = std::mem::replace(&mut state.agents[agent].full_told, full);
        if full && !told {
            let about = About::Service(Service::Lending);
            self.turn_down(agent, about, "as many loans are open as lending.max_loans");
        }
    }

    fn zone_seen(&mut self, agent: usize, before: UtilisationZone, zone: UtilisationZone) {
        if before == zone {
            return;
        }
        if let Some(state) = self.ws.prime.as_deref_mut() {
            state.agents[agent].zone = zone;
        }
        let outcome = &mut self.ws.outcomes[agent];
        outcome.add(Metric::Alerts, 1.0);
        match zone {
            UtilisationZone::Green => {}
            UtilisationZone::Yellow => outcome.fire(Rule::ZoneYellow),
            UtilisationZone::Orange => outcome.fire(Rule::ZoneOrange),
            UtilisationZone::Red => outcome.fire(Rule::ZoneRed),
        }
        let reason = zone.name();
        self.tell_about(agent, About::Account, EventKind::ZoneAlert, |event| Event {
            reason,
            ..event
        });
        // Positions are entered again in green only.
        self.disturb(agent);
    }

    fn fill_views(&self, agent: usize, policy: &PrimeSpec, scratch: &mut Scratch) {
        let Some(state) = self.ws.prime.as_deref() else { return };
        let (assets, marks) = (state.spot.assets(), self.ws.exchange.marks());
        scratch.loans.clear();
        scratch.loan_ids.clear();
        let mine = state.lending.loans().filter(|loan| loan.spec.lender == Party::Agent(agent));
        for (index, loan) in mine.enumerate() {
            let value = loan.principal_units() * assets.price(loan.spec.asset, marks);
            scratch.loan_ids.push(loan.id);
            scratch.loans.push(LoanView {
                loan: index,
                value: Amount::round_usdc(value),
                notice_ms: loan.spec.notice_ms,
                recalled: loan.state == State::Recalled || self.recall_ordered(loan.id),
            });
        }
        self.fill_reserved(agent, scratch);
        scratch.holdings.clear();
        if self.lending_is_full() {
            return;
        }
        for (index, _) in policy.lend.iter().enumerate().filter(|(_, lend)| lend.is_some()) {
            scratch.holdings.push(self.holding_view(agent, index));
        }
    }

    fn fill_reserved(&self, agent: usize, scratch: &mut Scratch) {
        let Some(plan) = self.plan.prime.as_ref() else { return };
        let Some(state) = self.ws.prime.as_deref() else { return };
        scratch.reserved.clear();
        scratch.freed = Amount::ZERO;
        for (position, cut) in plan.agents[agent].cuts.iter().enumerate() {
            let closing = self.ws.agents[agent].slots[position].closing;
            let margin = Amount::round_usdc(self.ws.exchange.margin_of(agent, position));
            let freed = if closing { margin } else { self.cut_ordered(agent, position) };
            let freed = freed.min(margin);
            scratch.freed += freed;
            if margin > freed {
                scratch.reserved.push(ReservedView {
                    of: Reserve::Position(position),
                    reserved: margin - freed,
                    reducible: cut.reducible,
                    discretionary: cut.discretionary,
                });
            }
        }
        scratch.contracts.clear();
        for (id, cut) in &state.agents[agent].contracts {
            // Of a funded contract only the fee is held: there is nothing to free.
            let made = state.escrow.contract(*id).filter(|one| one.state == ContractState::Created);
            if let Some(contract) = made {
                let held = contract.spec.amount + contract.fee;
                let freed = self.contract_cut_ordered(*id).min(held);
                scratch.freed += freed;
                scratch.reserved.push(ReservedView {
                    of: Reserve::Obligation(scratch.contracts.len()),
                    reserved: held - freed,
                    reducible: cut.reducible,
                    discretionary: cut.discretionary,
                });
                scratch.contracts.push(*id);
            }
        }
    }

    fn holding_view(&self, agent: usize, index: usize) -> HoldingView {
        let Some(state) = self.ws.prime.as_deref() else {
            unreachable!("an agent with a policy for its wallet has prime brokerage")
        };
        let asset = AssetId(index as u16);
        let ledger = self.ws.exchange.ledger();
        let wallet = state.custody.wallet(agent, Service::Lending, asset);
        let held = ledger.balance(wallet);
        let (idle, price) = if asset == USDC {
            let cross_initial = self.ws.exchange.cross_initial(agent);
            let free = state.custody.free(ledger, agent, Service::Lending, cross_initial);
            (free, 1.0 / USDC_SCALE)
        } else {
            let price = state.spot.assets().price(asset, self.ws.exchange.marks());
            (held - ledger.held(wallet), price * 1e-8)
        };
        let ordered = self.loans_ordered(agent, asset);
        HoldingView {
            asset: index,
            idle: (idle - ordered).max(Amount::ZERO),
            held: held - ordered,
            lent: state.lending.lent(agent, asset) + ordered,
            price,
            rate: state.lending.rate(asset),
        }
    }

    /// Does at once, or orders, what was decided: recalls, reductions, loans.
    fn order_prime(&mut self, agent: usize, policy: &PrimeSpec, scratch: &Scratch) {
        let due_ms = self.now_ms.saturating_add(policy.latency_ms);
        let actions = &scratch.actions;
        let recalls =
            actions.recalls.iter().map(|loan| PrimeOrderKind::Recall(scratch.loan_ids[*loan]));
        let cuts = actions.cuts.iter().map(|Cut { of, part, whole }| match *of {
            Reserve::Position(position) => {
                PrimeOrderKind::CutPosition { position, part: *part, whole: *whole }
            }
            Reserve::Obligation(index) => PrimeOrderKind::CutContract {
                contract: scratch.contracts[index],
                part: *part,
                whole: *whole,
            },
        });
        let lends = actions.lends.iter().map(|lend| PrimeOrderKind::Lend {
            asset: AssetId(lend.asset as u16),
            amount: lend.amount,
        });
        let orders = recalls.chain(cuts).chain(lends);
        let orders = orders.map(|kind| PrimeOrder { due_ms, agent, kind });
        if policy.latency_ms > 0 {
            let Some(state) = self.ws.prime.as_deref_mut() else { return };
            let first = state.orders.len();
            state.orders.extend(orders);
            state.agents[agent].ordered += state.orders.len() - first;
            return self.tell_recalls(first);
        }
        let orders: Vec<PrimeOrder> = orders.collect();
        self.carry_out_all(&orders);
    }

    /// Silo custody: refills the trading silo out of the plain wallet.
    fn keep_look(&mut self, agent: usize) {
        let Some(plan) = self.plan.prime.as_ref() else { return };
        let Some(keep) = plan.agents[agent].keep else { return };
        let next_ms = self.now_ms + keep.poll_ms;
        let cross_initial = self.ws.exchange.cross_initial(agent);
        let Some(state) = self.ws.prime.as_deref_mut() else { return };
        state.agents[agent].keep_due_ms = if EVERY { next_ms } else { NEVER_MS };
        if state.custody.is_unified() {
            return;
        }
        let ledger = self.ws.exchange.ledger();
        let free = state.custody.free(ledger, agent, Service::Trading, cross_initial)
            + state.custody.arriving(agent, Service::Trading);
        let (from, to) = (Silo::Main, Silo::Of(Service::Trading));
        let plain = ledger.balance(state.custody.silo(agent, from));
        let amount = (keep.target - free).min(plain);
        if free < keep.least && amount.is_positive() {
            self.move_money(agent, from, to, amount);
        }
    }

    /// Whether a resumed position would be a new leveraged trade above green.
    pub(in crate::engine) fn may_enter(&self, agent: usize) -> bool {
        let looks =
            (self.plan.prime.as_ref()).is_some_and(|plan| plan.agents[agent].policy.is_some());
        let zone = self.ws.prime.as_deref().map(|state| state.agents[agent].zone);
        !looks || zone == Some(UtilisationZone::Green)
    }

    /// Quantity of all reductions of a batch in the market, and on the side, of one of them.
    pub(super) fn cut_units(&self, orders: &[PrimeOrder], one: &PrimeOrder) -> f64 {
        let accounts = self.ws.exchange.accounts();
        let PrimeOrderKind::CutPosition { position, .. } = one.kind else { return 0.0 };
        let slot = &accounts[one.agent].positions[position];
        let mut sum = 0.0;
        for order in orders {
            let PrimeOrderKind::CutPosition { position, part, whole } = order.kind else {
                continue;
            };
            let other = &accounts[order.agent].positions[position];
            if other.market == slot.market && other.units * slot.units > 0.0 {
                sum += other.units * (part.micro() as f64 / whole.micro() as f64);
            }
        }
        sum
    }

    /// Whether a position has collateral of its own.
    pub(super) fn is_isolated(&self, agent: usize, position: usize) -> bool {
        self.ws.exchange.accounts()[agent].positions[position].mode == MarginMode::Isolated
    }
}

/// Whether the next look may decide otherwise at any price: above green what must be freed moves
/// with every mark, and a loan below the least value waits for a price.
fn hangs_on_prices(policy: &PrimeSpec, zone: UtilisationZone, scratch: &Scratch) -> bool {
    match zone {
        UtilisationZone::Green => scratch.holdings.iter().any(|holding| {
            let lend = policy.lend.get(holding.asset).and_then(Option::as_ref);
            holding.asset > 0 && lend.is_some_and(|lend| lend.waits_for_price(holding))
        }),
        UtilisationZone::Yellow => {
            policy.rebalance.is_some() && scratch.reserved.iter().any(|view| view.discretionary)
        }
        UtilisationZone::Orange | UtilisationZone::Red => {
            policy.recall.is_some() || policy.rebalance.is_some()
        }
    }
}
