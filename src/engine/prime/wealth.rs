//! What an agent has in all its places, and how much of it is reserved.

use super::state::PrimeState;
use crate::engine::event::Recorder;
use crate::engine::lens::{Lens, LensLoan, PrimeLens};
use crate::engine::metrics::Metric;
use crate::engine::run::Run;
use crate::ledger::USDC;
use crate::policy::{UtilisationBounds, UtilisationZone};
use crate::prices::PricePath;
use crate::units::time::{DAY_MS, YEAR_MS};
use crate::venue::custody::{Service, Silo};
use crate::venue::escrow;
use crate::venue::exchange::Capital;
use crate::venue::lending::{Party, State};
use crate::venue::spot::units;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// What an agent has and how much of it is reserved, over all its silos.
    pub(in crate::engine) fn capital(&self, agent: usize) -> Capital {
        let mut capital = self.ws.exchange.capital(agent);
        if let Some(state) = self.ws.prime.as_deref() {
            let beside = state.custody.beside_trading(self.ws.exchange.ledger(), agent);
            capital.equity += beside.balance.usdc();
            capital.reserved += beside.held.usdc();
        }
        capital.equity += self.apart(agent).dry_powder;
        capital
    }

    /// Everything that an agent owns less what it owes, USDC.
    pub(in crate::engine) fn wealth(&self, agent: usize, now_ms: i64) -> f64 {
        if self.ws.prime.is_none() {
            let apart = self.apart(agent);
            return self.ws.exchange.equity(agent) + apart.dry_powder + apart.in_transit;
        }
        let mut lens = Lens::default();
        lens.focus(&self.ws.exchange, agent, |position| self.zones_of(agent, position));
        self.focus_prime(agent, &mut lens);
        lens.apart = self.apart(agent);
        lens.look(&self.ws.exchange, now_ms).equity
    }

    /// The zone of its utilisation, seen for the first time.
    pub(super) fn zone_now(&self, agent: usize) -> UtilisationZone {
        let bounds = (self.plan.prime.as_ref())
            .and_then(|plan| plan.agents[agent].policy.as_ref())
            .map_or_else(UtilisationBounds::default, |policy| policy.zones);
        bounds.zone(self.capital(agent).utilisation(), UtilisationZone::Green)
    }

    /// Takes into a lens what lies beside the exchange.
    pub(in crate::engine) fn focus_prime(&self, agent: usize, lens: &mut Lens) {
        let Some(state) = self.ws.prime.as_deref() else { return };
        let ledger = self.ws.exchange.ledger();
        let beside = state.custody.beside_trading(ledger, agent);
        let mut prime = lens.prime.take().unwrap_or_default();
        prime.clear();
        prime.beside = beside.balance.usdc();
        prime.beside_held = beside.held.usdc();
        prime.cash = self.cash_under_way(state, agent);
        prime.counted.extend_from_slice(self.ws.exchange.counted(agent));
        for asset in 1..state.spot.assets().count() {
            let asset = super::state::asset_id(asset - 1);
            let wallet = state.custody.wallet(agent, Service::Trading, asset);
            let held = units(asset, ledger.balance(wallet));
            if held != 0.0 {
                prime.holdings.push((state.spot.assets().price_asset(asset), held));
            }
        }
        self.focus_loans(state, agent, &mut prime);
        lens.prime = Some(prime);
    }

    /// USDC of an agent that is in no wallet: between silos, under way from escrow, locked there.
    fn cash_under_way(&self, state: &PrimeState, agent: usize) -> f64 {
        let to = escrow::Party::Agent(agent);
        let under_way = state.escrow.under_way(to).amount() + state.escrow.locked_by(agent);
        (under_way + state.custody.in_transit(agent).amount()).usdc()
    }

    fn focus_loans(&self, state: &PrimeState, agent: usize, prime: &mut PrimeLens) {
        if state.open_loans.is_empty() {
            return;
        }
        let assets = state.spot.assets();
        let ledger = self.ws.exchange.ledger();
        for loan in state.lending.loans() {
            let side = |party| f64::from(u8::from(party == Party::Agent(agent)));
            let sign = side(loan.spec.lender) - side(loan.spec.borrower);
            if sign == 0.0 {
                continue;
            }
            prime.loans.push(LensLoan {
                sign,
                asset: assets.price_asset(loan.spec.asset),
                principal: loan.principal_units(),
                accrual: loan.accrual,
                kept: if sign > 0.0 { 1.0 - state.lending.broker_cut() } else { 1.0 },
            });
            if sign < 0.0 {
                let asset = loan.spec.collateral_asset;
                let pledged = units(asset, state.lending.pledged(loan, ledger));
                prime.holdings.push((assets.price_asset(asset), pledged));
            }
        }
    }

    /// Value at mark of what an agent has recalled and not received, USDC.
    pub(super) fn recalled_value(&self, state: &PrimeState, agent: usize) -> f64 {
        self.lent_value(state, agent, |state| state == State::Recalled)
    }

    fn lent_value(&self, state: &PrimeState, agent: usize, wanted: impl Fn(State) -> bool) -> f64 {
        if state.open_loans.is_empty() {
            return 0.0;
        }
        let (assets, marks) = (state.spot.assets(), self.ws.exchange.marks());
        (state.lending.loans())
            .filter(|loan| loan.spec.lender == Party::Agent(agent) && wanted(loan.state))
            .map(|loan| loan.principal_units() * assets.price(loan.spec.asset, marks))
            .sum()
    }

    /// The columns of a time series that prime brokerage has.
    pub(in crate::engine) fn prime_sample(
        &self,
        agent: usize,
        sample: &mut crate::engine::event::AccountSample,
    ) {
        let Some(state) = self.ws.prime.as_deref() else { return };
        let ledger = self.ws.exchange.ledger();
        let parts = state.custody.parts(agent);
        let locked = state.escrow.locked_by(agent);
        sample.escrow = (parts[Service::Escrow.index()] + locked).usdc();
        let casino = parts[Service::Casino.index()];
        sample.services = (casino + parts[Service::Domains.index()]).usdc();
        let wallet = ledger.balance(state.custody.silo(agent, Silo::Of(Service::Trading))).usdc();
        let beside = state.custody.beside_trading(ledger, agent);
        let held: f64 = parts.iter().map(|part| part.usdc()).sum();
        sample.free = wallet + beside.balance.usdc() - held - self.ws.exchange.cross_initial(agent);
        sample.lent = self.lent_value(state, agent, |_| true);
        sample.recalled = self.recalled_value(state, agent);
        let (assets, marks) = (state.spot.assets(), self.ws.exchange.marks());
        sample.holdings = (1..assets.count())
            .map(|index| {
                let asset = super::state::asset_id(index - 1);
                let wallet = state.custody.wallet(agent, Service::Trading, asset);
                assets.value(asset, ledger.balance(wallet), marks)
            })
            .sum();
    }

    /// What is known only at the end.
    pub(in crate::engine) fn close_prime(&mut self, agent: usize) {
        let (start_ms, end_ms) = (self.start_ms, self.end_ms);
        let Some(state) = self.ws.prime.as_deref() else { return };
        let days = (end_ms - start_ms) as f64 / DAY_MS as f64;
        let years = (end_ms - start_ms) as f64 / YEAR_MS as f64;
        let trapped_ms = state.escrow.under_way(escrow::Party::Agent(agent)).usdc_ms(end_ms)
            + state.custody.in_transit(agent).usdc_ms(end_ms);
        let mine = &state.agents[agent];
        let (lent_days, capital) = (mine.lent.usdc_days(end_ms), mine.start_equity);
        let marks = self.ws.exchange.marks();
        let owed_to = state.lending.interest_owed_to(agent, end_ms, marks);
        let owed_by = state.lending.interest_owed_by(agent, end_ms, marks);
        let outcome = &mut self.ws.outcomes[agent];
        outcome.set(Metric::InterestAccrued, owed_to);
        outcome.add(Metric::Interest, owed_to);
        outcome.add(Metric::InterestPaid, owed_by);
        let earned = outcome.get(Metric::Interest) - outcome.get(Metric::LendingLosses);
        let income = earned - outcome.get(Metric::InterestPaid) + outcome.get(Metric::Referral);
        outcome.set(Metric::NetYield, income);
        outcome.set(Metric::TrappedCapital, trapped_ms / DAY_MS as f64);
        if days > 0.0 {
            outcome.set(Metric::LentMean, lent_days / days);
        }
        if lent_days > 0.0 {
            outcome.set(Metric::AprOnLent, earned / (lent_days / 365.0));
        }
        if capital > 0.0 && years > 0.0 {
            outcome.set(Metric::AprOnCapital, income / capital / years);
        }
    }

    /// Grants of assets and money beside the trading wallet, at the start.
    pub(in crate::engine) fn prime_endows(&mut self) {
        let Some(plan) = self.plan.prime.as_ref() else { return };
        for (agent, own) in plan.agents.iter().enumerate() {
            let ws = &mut *self.ws;
            let Some(state) = ws.prime.as_deref_mut() else { return };
            let market = ws.exchange.house().market;
            let (ledger, _) = ws.exchange.parts();
            if !state.custody.is_unified() {
                for silo in Silo::ALL.into_iter().filter(|s| *s != Silo::Of(Service::Trading)) {
                    let (to, amount) = (state.custody.silo(agent, silo), own.silos[silo.index()]);
                    ledger.transfer(market, to, amount, "deposit");
                }
            }
            for (index, amount) in own.holdings.iter().enumerate() {
                let asset = super::state::asset_id(index);
                let from = state.spot.accounts()[index + 1].market;
                let to = state.custody.wallet(agent, Service::Trading, asset);
                assert!(asset != USDC, "holdings are assets beside USDC");
                ledger.transfer(from, to, *amount, "deposit");
            }
            self.holdings_changed(agent);
        }
    }
}
