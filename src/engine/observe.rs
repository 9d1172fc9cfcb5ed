//! Looking without touching: metrics of every tick, and samples for time series.

use super::event::{AccountSample, LeastHealth, PositionSample, Recorder};
use super::lens::Sight;
use super::metrics::{AgentOutcome, Metric};
use super::plan::MetricLevel;
use super::run::Run;
use crate::prices::PricePath;
use crate::venue::exchange::{Health, MarginMode, Zone};

/// Bounds of the utilisation zones: yellow, orange, red.
const UTILISATION_BOUNDS: [f64; 3] = [0.60, 0.75, 0.85];

/// Columns of an agent's utilisation: mean, 95 % quantile, zones upwards.
const OWN: [Metric; 6] = [
    Metric::UtilisationMean,
    Metric::UtilisationP95,
    Metric::TimeGreen,
    Metric::TimeYellow,
    Metric::TimeOrange,
    Metric::TimeRed,
];

/// Columns of a fleet's.
const FLEET: [Metric; 6] = [
    Metric::FleetUtilisationMean,
    Metric::FleetUtilisationP95,
    Metric::FleetTimeGreen,
    Metric::FleetTimeYellow,
    Metric::FleetTimeOrange,
    Metric::FleetTimeRed,
];

/// One agent's state since the last look, and what has been added up.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    since_ms: i64,
    utilisation: f64,
    zone: Zone,
    peak: f64,
    drawdown: f64,
    /// Stretches of time with their utilisation.
    stretches: Vec<(f64, i64)>,
    /// Time with the lowest health factor in safe, warning, danger.
    in_zone_ms: [i64; 3],
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            since_ms: 0,
            utilisation: 0.0,
            zone: Zone::Safe,
            peak: f64::NEG_INFINITY,
            drawdown: 0.0,
            stretches: Vec::new(),
            in_zone_ms: [0; 3],
        }
    }
}

impl Watch {
    /// Starts over, keeping its memory.
    pub(super) fn begin(&mut self, start_ms: i64) {
        let mut stretches = std::mem::take(&mut self.stretches);
        stretches.clear();
        *self = Self { since_ms: start_ms, stretches, ..Self::default() };
    }

    /// Adds up the time since the last look at what held then.
    pub(super) fn pass(&mut self, now_ms: i64) {
        let passed_ms = now_ms - self.since_ms;
        if passed_ms == 0 {
            return;
        }
        match self.stretches.last_mut() {
            Some((last, length_ms)) if *last == self.utilisation => *length_ms += passed_ms,
            _ => self.stretches.push((self.utilisation, passed_ms)),
        }
        match self.zone {
            Zone::Safe => self.in_zone_ms[0] += passed_ms,
            Zone::Warning => self.in_zone_ms[1] += passed_ms,
            // At or below the lowest bound and still open: the venue's own level lies lower.
            Zone::Danger | Zone::Liquidated => self.in_zone_ms[2] += passed_ms,
        }
        self.since_ms = now_ms;
    }

    /// What holds from now on.
    pub(super) fn note(&mut self, sight: Sight) {
        let Sight { equity, utilisation, zone, .. } = sight;
        self.utilisation = utilisation;
        self.zone = zone;
        self.peak = self.peak.max(equity);
        if self.peak > 0.0 {
            self.drawdown = self.drawdown.max((self.peak - equity) / self.peak);
        }
    }

    /// Writes the metrics of the whole path.
    fn write(&mut self, outcome: &mut AgentOutcome, length_ms: i64) {
        outcome.set(Metric::MaxDrawdown, self.drawdown);
        if length_ms <= 0 {
            return;
        }
        let total = length_ms as f64;
        self.write_utilisation(outcome, length_ms, UTILISATION_BOUNDS, OWN);
        for (metric, passed_ms) in [Metric::TimeSafe, Metric::TimeWarning, Metric::TimeDanger]
            .into_iter()
            .zip(self.in_zone_ms)
        {
            outcome.set(metric, passed_ms as f64 / total);
        }
    }

    /// Writes the metrics of a fleet's utilisation.
    pub(super) fn write_fleet(
        &mut self,
        outcome: &mut AgentOutcome,
        length_ms: i64,
        bounds: [f64; 3],
    ) {
        if length_ms > 0 {
            self.write_utilisation(outcome, length_ms, bounds, FLEET);
        }
    }

    /// Mean, 95 % quantile and shares of time in the zones.
    fn write_utilisation(
        &mut self,
        outcome: &mut AgentOutcome,
        length_ms: i64,
        bounds: [f64; 3],
        columns: [Metric; 6],
    ) {
        let total = length_ms as f64;
        let mut mean = 0.0;
        let mut in_band_ms = [0_i64; 4];
        for &(utilisation, passed_ms) in &self.stretches {
            mean += utilisation * (passed_ms as f64 / total);
            let band = bounds.iter().filter(|bound| utilisation >= **bound).count();
            in_band_ms[band] += passed_ms;
        }
        let [mean_column, quantile_column, bands @ ..] = columns;
        outcome.set(mean_column, mean);
        outcome.set(quantile_column, self.quantile(length_ms, 0.95));
        for (metric, passed_ms) in bands.into_iter().zip(in_band_ms) {
            outcome.set(metric, passed_ms as f64 / total);
        }
    }

    /// The least utilisation that held, or less, for the part `p` of the time: halves the
    /// stretches around their median until one is left.
    fn quantile(&mut self, length_ms: i64, p: f64) -> f64 {
        let mut wanted_ms = p * length_ms as f64;
        let mut left = self.stretches.as_mut_slice();
        while left.len() > 1 {
            let middle = (left.len() - 1) / 2;
            left.select_nth_unstable_by(middle, |a, b| a.0.total_cmp(&b.0));
            let (low, high) = left.split_at_mut(middle + 1);
            let low_ms: i64 = low.iter().map(|stretch| stretch.1).sum();
            if low_ms as f64 >= wanted_ms {
                left = low;
            } else {
                wanted_ms -= low_ms as f64;
                left = high;
            }
        }
        left.first().map_or(0.0, |stretch| stretch.0)
    }
}

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
