//! Looking without touching: metrics of every tick, and samples for time series.

use super::event::{AccountSample, LeastHealth, PositionSample, Recorder};
use super::metrics::Metric;
use super::plan::MetricLevel;
use super::run::Run;
use crate::prices::PricePath;
use crate::venue::exchange::{Health, MarginMode};

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Starts the metrics of every tick.
    pub(super) fn begin_watching(&mut self) {
        let fleets = self.ws.fleets.all.iter_mut().map(|state| &mut state.figures);
        for watch in self.ws.watches.iter_mut().chain(fleets) {
            watch.begin(self.start_ms);
        }
        self.watch_all(self.start_ms);
    }

    /// After an instant: adds up the time until now, then notes what holds from now on.
    pub(super) fn watch_all(&mut self, now_ms: i64) {
        if self.plan.metrics == MetricLevel::Events {
            return;
        }
        // Interest of a loan changes with its pool's rate, and money may be under way to an agent whose
        // own accounts nothing has happened to.
        if self.ws.prime.is_some() {
            self.ws.attention.touched.fill();
        }
        let mut place = 0;
        while let Some(agent) = self.ws.attention.touched.first_from(place) {
            place = agent + 1;
            let mut lens = std::mem::take(&mut self.ws.lenses[agent]);
            lens.focus(&self.ws.exchange, agent, |position| self.zones_of(agent, position));
            self.focus_prime(agent, &mut lens);
            lens.apart = self.apart(agent);
            self.ws.lenses[agent] = lens;
        }
        self.glance(now_ms, self.path.tick_ms(self.tick));
    }

    /// At a tick at which nothing but the marks has changed, or at an instant with the marks of
    /// `tick_ms`: interest counts up to these, so that looking more often sees nothing else.
    pub(super) fn glance(&mut self, now_ms: i64, tick_ms: i64) {
        let ws = &mut *self.ws;
        ws.fleets.begin_sums();
        for (agent, (watch, lens)) in ws.watches.iter_mut().zip(&ws.lenses).enumerate() {
            let sight = lens.look(&ws.exchange, tick_ms);
            watch.pass(now_ms);
            watch.note(sight);
            ws.fleets.add_up(agent, &sight);
        }
        ws.fleets.note_sums(now_ms);
    }

    /// Everything that is known only at the end.
    pub(super) fn close_books(&mut self) {
        self.confirm_before(self.end_ms.saturating_add(1));
        self.samples_before(self.end_ms.saturating_add(1));
        if self.anything_open() || self.ws.prime.is_some() {
            self.load_marks(self.path.ticks() - 1);
        }
        self.close_impact();
        for agent in 0..self.plan.agents.len() {
            let equity = self.wealth(agent, self.end_ms);
            self.ws.outcomes[agent].set(Metric::FinalEquity, equity);
            self.close_prime(agent);
            if self.plan.metrics == MetricLevel::Full {
                self.ws.watches[agent].pass(self.end_ms);
                let length_ms = self.end_ms - self.start_ms;
                self.ws.watches[agent].write(&mut self.ws.outcomes[agent], length_ms);
            }
        }
        self.close_fleets();
        for outcome in &mut self.ws.outcomes {
            outcome.round_money();
        }
    }

    /// Gives the recorder its samples of the time before an instant.
    pub(super) fn samples_before(&mut self, time_ms: i64) {
        loop {
            let sample_ms = self.recorder.next_sample_ms();
            if sample_ms >= time_ms || sample_ms > self.end_ms {
                return;
            }
            self.load_marks(self.path.tick_at(sample_ms.max(self.start_ms)));
            let accounts = self.account_samples(sample_ms);
            let positions = self.position_samples();
            self.recorder.sample(sample_ms, &accounts, &positions);
        }
    }

    /// Shows the recorder the least health factor of each agent, where it wants that.
    pub(super) fn show_health(&mut self) {
        if !R::HEALTH {
            return;
        }
        for (agent, account) in self.ws.exchange.accounts().iter().enumerate() {
            let mut least = LeastHealth { own: f64::INFINITY, backed: f64::INFINITY };
            let free = self.ws.exchange.free_wallet(agent).usdc();
            for (position, slot) in account.positions.iter().enumerate() {
                if slot.is_open() {
                    let health = self.ws.exchange.health(agent, position);
                    let backing = if slot.mode == MarginMode::Isolated { free } else { 0.0 };
                    let backed = Health { equity: health.equity + backing, ..health };
                    least.own = least.own.min(health.factor());
                    least.backed = least.backed.min(backed.factor());
                }
            }
            self.recorder.health(self.tick, agent, least);
        }
    }

    fn account_samples(&self, now_ms: i64) -> Vec<AccountSample> {
        let exchange = &self.ws.exchange;
        (0..self.plan.agents.len())
            .map(|agent| {
                let capital = self.capital(agent);
                let mut sample = AccountSample {
                    agent,
                    wallet: exchange.ledger().balance(exchange.accounts()[agent].wallet).usdc(),
                    equity: self.wealth(agent, now_ms),
                    utilisation: capital.utilisation(),
                    capital: capital.equity,
                    reserved: capital.reserved,
                    trading: (0..exchange.accounts()[agent].positions.len())
                        .map(|position| exchange.margin_of(agent, position))
                        .sum(),
                    escrow: 0.0,
                    services: 0.0,
                    free: exchange.free_wallet(agent).usdc() - exchange.cross_initial(agent),
                    lent: 0.0,
                    recalled: 0.0,
                    holdings: 0.0,
                    dry_powder: 0.0,
                    in_transit: 0.0,
                };
                self.prime_sample(agent, &mut sample);
                self.fleet_sample(agent, &mut sample);
                sample
            })
            .collect()
    }

    fn position_samples(&self) -> Vec<PositionSample> {
        let exchange = &self.ws.exchange;
        let mut samples = Vec::new();
        for (agent, account) in exchange.accounts().iter().enumerate() {
            for (position, slot) in account.positions.iter().enumerate() {
                if slot.is_open() {
                    samples.push(PositionSample {
                        agent,
                        position,
                        health_factor: exchange.health(agent, position).factor(),
                        mark: exchange.mark_of(slot),
                        liquidation_price: exchange
                            .liquidation_price(agent, position)
                            .unwrap_or(f64::NAN),
                    });
                }
            }
        }
        samples
    }
}
