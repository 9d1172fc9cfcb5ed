//! What an agent does at given instants: trades, loans, contracts, obligations, moves.

use super::plan::{Cuttable, Scheme, TradeSize};
use crate::engine::event::{About, Event, EventKind, Recorder};
use crate::engine::metrics::{Metric, Rule};
use crate::engine::run::Run;
use crate::ledger::{AssetId, USDC};
use crate::prices::PricePath;
use crate::units::{Amount, Quantity};
use crate::venue::custody::{MoveRequest, Service, Silo};
use crate::venue::escrow::{self, ContractSpec, Party};
use crate::venue::lending::{self, LoanSpec};
use crate::venue::spot::{self, Fill, Order, Side, units};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    pub(super) fn do_scheduled(&mut self, agent: usize, action: &Scheme) {
        match action {
            Scheme::Trade(asset, side, size) => self.trade(agent, *asset, *side, *size),
            Scheme::Loan { loan, spec } => {
                let opened = self.open_loan(agent, spec);
                if let Some(state) = self.ws.prime.as_deref_mut() {
                    state.agents[agent].loans[*loan] = opened;
                }
            }
            Scheme::Recall(loan) => {
                let id =
                    self.ws.prime.as_deref().and_then(|state| state.agents[agent].loans[*loan]);
                match id {
                    Some(id) => self.recall_loan(agent, id),
                    None => self.turn_down(agent, About::Account, "the loan was never opened"),
                }
            }
            Scheme::Repay(loan) => self.repay(agent, *loan),
            Scheme::Contract { spec, cut, .. } => self.contract(agent, spec, *cut),
            Scheme::Oblige { agreement, payee, amount } => {
                self.oblige(agent, *agreement, *payee, *amount);
            }
            Scheme::Move { from, to, amount } => self.move_money(agent, *from, *to, *amount),
        }
    }

    fn trade(&mut self, agent: usize, asset: AssetId, side: Side, size: TradeSize) {
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return };
        state.read_margins(&ws.exchange);
        let usdc = state.custody.wallet(agent, Service::Trading, USDC);
        let holding = state.custody.wallet(agent, Service::Trading, asset);
        let keep = Amount::round_usdc(state.cross_initial[agent]);
        let order = Order { asset, usdc, holding, keep, batch_units: 0.0 };
        let (ledger, prices) = ws.exchange.parts();
        let spot = &mut state.spot;
        let filled = match (side, size) {
            (Side::Buy, TradeSize::Usdc(amount)) => spot.buy_for(ledger, prices, &order, amount),
            (Side::Buy, TradeSize::Quantity(quantity)) => {
                spot.buy(ledger, prices, &order, quantity)
            }
            // Nothing says how much: the scenario refuses it.
            (Side::Buy, TradeSize::All) => Err(spot::Rejection::Nothing),
            (Side::Sell, size) => {
                let held = ledger.balance(holding) - ledger.held(holding);
                let quantity = match size {
                    TradeSize::All => Quantity::from_steps(held.micro()),
                    TradeSize::Quantity(quantity) => quantity,
                    TradeSize::Usdc(amount) => {
                        let nearly = amount.usdc() / spot.assets().price(asset, prices.lasts);
                        let price = spot.quote(prices, asset, Side::Sell, nearly);
                        spot.quantity_for(asset, amount, price)
                    }
                };
                spot.sell(ledger, prices, &order, quantity)
            }
        };
        match filled {
            Ok(fill) => self.traded(agent, asset, side, &fill),
            Err(spot::Rejection::Funds) => {
                self.lacked_money(agent, About::Holding(asset), spot::Rejection::Funds.name());
            }
            Err(other) => self.turn_down(agent, About::Holding(asset), other.name()),
        }
    }

    fn traded(&mut self, agent: usize, asset: AssetId, side: Side, fill: &Fill) {
        let outcome = &mut self.ws.outcomes[agent];
        outcome.add(Metric::SpotTrades, 1.0);
        outcome.add(Metric::FeesPaid, fill.fee.usdc());
        outcome.add(Metric::SlippageCost, fill.slippage.abs());
        self.holdings_changed(agent);
        let kind = if side == Side::Sell { EventKind::SpotSold } else { EventKind::SpotBought };
        self.tell_about(agent, About::Holding(asset), kind, |event| Event {
            amount: fill.quantity.units(),
            asset,
            price: fill.price,
            costs: fill.fee.usdc(),
            reason: "scheduled",
            ..event
        });
        self.disturb(agent);
    }

    /// Opens a loan, if the lending market agrees.
    pub(super) fn open_loan(&mut self, agent: usize, spec: &LoanSpec) -> Option<lending::LoanId> {
        let now_ms = self.now_ms;
        let ws = &mut *self.ws;
        let state = ws.prime.as_deref_mut()?;
        let mut draws = state.agents[agent].loan_draws.clone();
        let opened = state.with_lending(&mut ws.exchange, now_ms, |lending, context| {
            lending.open(spec, &mut draws, context)
        });
        state.agents[agent].loan_draws = draws;
        state.collateral_due |= opened.is_ok();
        self.count_prime();
        match opened {
            Ok(id) => return Some(id),
            Err(reason @ (lending::Rejection::LenderFunds | lending::Rejection::BorrowerFunds)) => {
                self.lacked_money(agent, About::Holding(spec.asset), reason.name())
            }
            Err(reason) => self.turn_down(agent, About::Holding(spec.asset), reason.name()),
        }
        None
    }

    pub(super) fn recall_loan(&mut self, agent: usize, id: lending::LoanId) {
        let now_ms = self.now_ms;
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return };
        let recalled = state
            .with_lending(&mut ws.exchange, now_ms, |lending, context| lending.recall(id, context));
        self.count_prime();
        if let Err(reason) = recalled {
            self.turn_down(agent, About::Loan(id.number()), reason.name());
        }
    }

    fn repay(&mut self, agent: usize, loan: usize) {
        let now_ms = self.now_ms;
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return };
        let Some(id) = state.agents[agent].loans[loan] else {
            return self.turn_down(agent, About::Account, "the loan was never opened");
        };
        let repaid = state
            .with_lending(&mut ws.exchange, now_ms, |lending, context| lending.repay(id, context));
        self.count_prime();
        match repaid {
            Ok(_) => {}
            Err(reason @ lending::Rejection::BorrowerFunds) => {
                self.lacked_money(agent, About::Loan(id.number()), reason.name());
            }
            Err(reason) => self.turn_down(agent, About::Loan(id.number()), reason.name()),
        }
    }

    fn contract(&mut self, agent: usize, spec: &ContractSpec, cut: Cuttable) {
        let now_ms = self.now_ms;
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return };
        let made = state.with_books(&mut ws.exchange, now_ms, |books, escrow, _| {
            let made = escrow.create(books, *spec);
            escrow.settle(books);
            made
        });
        if let Ok(id) = made
            && (cut.reducible || cut.discretionary)
        {
            state.agents[agent].contracts.push((id, cut));
        }
        self.count_prime();
        self.escrow_refused(agent, made.err());
    }

    fn oblige(&mut self, agent: usize, agreement: usize, payee: Party, amount: Amount) {
        let now_ms = self.now_ms;
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return };
        let payer = Party::Agent(agent);
        let done = state.with_books(&mut ws.exchange, now_ms, |books, escrow, _| {
            escrow.oblige(books, agreement, payer, payee, amount)
        });
        self.count_prime();
        self.escrow_refused(agent, done.err());
    }

    fn escrow_refused(&mut self, agent: usize, refusal: Option<escrow::Rejection>) {
        match refusal {
            // What lacks money custody has counted.
            None | Some(escrow::Rejection::Custody(_)) => {}
            Some(_) => {
                let about = About::Service(Service::Escrow);
                self.turn_down(agent, about, "the terms no longer make sense");
            }
        }
    }

    pub(super) fn move_money(&mut self, agent: usize, from: Silo, to: Silo, amount: Amount) {
        let now_ms = self.now_ms;
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref_mut() else { return };
        state.read_margins(&ws.exchange);
        let cross_initial = state.cross_initial[agent];
        let request = MoveRequest { agent, from, to, amount, now_ms, cross_initial };
        let (ledger, _) = ws.exchange.parts();
        let draws = &mut state.agents[agent].move_draws;
        let sent = state.custody.request_move(ledger, &request, draws);
        self.count_prime();
        if sent.is_ok() {
            let about = About::Move(from, to);
            self.tell_about(agent, about, EventKind::MoveRequested, |event| Event {
                amount: amount.usdc(),
                ..event
            });
            self.disturb(agent);
        }
    }

    /// Counts a request that lacked money.
    pub(super) fn lacked_money(&mut self, agent: usize, about: About, reason: &'static str) {
        self.ws.outcomes[agent].fire(Rule::RejectedFunds);
        self.note_shortfall(agent);
        self.count_turned_down(agent, about, reason);
    }

    /// Counts a request that was turned down for another reason.
    pub(super) fn turn_down(&mut self, agent: usize, about: About, reason: &'static str) {
        self.ws.outcomes[agent].fire(Rule::RejectedOther);
        self.count_turned_down(agent, about, reason);
    }

    fn count_turned_down(&mut self, agent: usize, about: About, reason: &'static str) {
        self.ws.outcomes[agent].add(Metric::RequestsRejected, 1.0);
        self.tell_turned_down(agent, about, reason);
    }

    pub(super) fn tell_turned_down(&mut self, agent: usize, about: About, reason: &'static str) {
        self.tell_about(agent, about, EventKind::RequestRejected, |event| Event {
            reason,
            ..event
        });
    }

    /// Tells the exchange what of an agent's holdings counts as capital now.
    pub(super) fn holdings_changed(&mut self, agent: usize) {
        let ws = &mut *self.ws;
        if let (Some(plan), Some(state)) = (&self.plan.prime, ws.prime.as_deref_mut()) {
            state.count_holdings(plan, &mut ws.exchange, agent);
        }
    }

    /// An event of prime brokerage.
    pub(in crate::engine) fn tell_about(
        &mut self,
        agent: usize,
        about: About,
        kind: EventKind,
        fill: impl FnOnce(Event) -> Event,
    ) {
        if R::EVENTS {
            let event = self.event_now(agent, None, kind);
            self.recorder.event(&fill(Event { about, ..event }));
        }
    }

    /// Units of the smallest units of an asset.
    pub(super) fn whole(asset: AssetId, amount: Amount) -> f64 {
        units(asset, amount)
    }
}
