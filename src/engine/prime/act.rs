//! Carrying out what a policy ordered for the wallet.

use super::agent::{PrimeOrder, PrimeOrderKind};
use crate::engine::event::Recorder;
use crate::engine::metrics::Rule;
use crate::engine::run::Run;
use crate::ledger::AssetId;
use crate::prices::PricePath;
use crate::units::{Amount, Quantity};
use crate::venue::escrow::ContractId;
use crate::venue::lending::LoanRate;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Carries out orders of one instant; the venue checks after each.
    pub(super) fn carry_out_all(&mut self, orders: &[PrimeOrder]) {
        let units: Vec<f64> = orders.iter().map(|order| self.cut_units(orders, order)).collect();
        for (order, units) in orders.iter().zip(units) {
            self.carry_out_prime(order, units);
            self.venue_checks();
        }
    }

    fn carry_out_prime(&mut self, order: &PrimeOrder, batch_units: f64) {
        let agent = order.agent;
        match order.kind {
            PrimeOrderKind::Recall(loan) => {
                self.ws.outcomes[agent].fire(Rule::Recall);
                self.recall_loan(agent, loan);
            }
            PrimeOrderKind::CutPosition { position, part, whole } => {
                let reason = "utilisation above its target";
                if self.cut_position(agent, position, [part, whole], batch_units, reason) {
                    self.ws.outcomes[agent].fire(Rule::Rebalance);
                }
            }
            PrimeOrderKind::CutContract { contract, part, whole } => {
                self.cut_contract(agent, contract, whole - part);
            }
            PrimeOrderKind::Lend { asset, amount } => self.lend(agent, asset, amount),
        }
        self.disturb(agent);
    }

    /// Closes `part / whole` of a position and frees what it reserved; whether anything was closed.
    pub(in crate::engine) fn cut_position(
        &mut self,
        agent: usize,
        position: usize,
        [part, whole]: [Amount; 2],
        batch_units: f64,
        reason: &'static str,
    ) -> bool {
        let slot = &self.ws.exchange.accounts()[agent].positions[position];
        if !slot.is_open() || self.ws.agents[agent].slots[position].closing {
            return false;
        }
        let quantity = if part >= whole {
            slot.quantity
        } else {
            slot.quantity.part_up(part.micro() as f64 / whole.micro() as f64)
        };
        if quantity == Quantity::ZERO {
            return false;
        }
        let rest = if self.is_isolated(agent, position) { whole - part } else { Amount::ZERO };
        self.ws.exchange.close_and_free(agent, position, quantity, rest, batch_units);
        self.drain_effects(reason);
        true
    }

    /// Makes a contract that has not been funded smaller, so that it holds `rest` at most, or ends
    /// it.
    fn cut_contract(&mut self, agent: usize, contract: ContractId, rest: Amount) {
        let now_ms = self.now_ms;
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return };
        let spec = *state.escrow.spec();
        let mut amount =
            Amount::from_micro((rest.micro() as f64 / (1.0 + spec.fee)).floor() as i64);
        if amount + spec.fee_on(amount) > rest {
            amount -= Amount::from_micro(1);
        }
        let cut = state.with_books(&mut ws.exchange, now_ms, |books, escrow, _| {
            if amount.is_positive() {
                escrow.reduce(books, contract, amount)
            } else {
                escrow.cancel(books, contract)
            }
        });
        // It may have ended while the order was on its way.
        if cut.is_ok() {
            self.ws.outcomes[agent].fire(Rule::Rebalance);
        }
        self.count_prime();
    }

    fn lend(&mut self, agent: usize, asset: AssetId, amount: Amount) {
        let Some(plan) = self.plan.prime.as_ref() else { return };
        let terms = plan.agents[agent].lends.get(usize::from(asset.0)).and_then(Option::as_ref);
        let (Some(terms), Some(state)) = (terms, self.ws.prime.as_deref()) else { return };
        let mut spec = terms.spec;
        spec.amount = amount;
        if terms.fix_rate {
            spec.rate = LoanRate::Fixed(state.lending.rate(asset));
        }
        if self.open_loan(agent, &spec).is_some() {
            self.ws.outcomes[agent].fire(Rule::Lend);
        }
    }
}
