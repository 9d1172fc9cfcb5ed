//! Marks between which nothing of prime brokerage can happen.

use super::state::PrimeState;
use crate::engine::event::Recorder;
use crate::engine::run::Run;
use crate::policy::UtilisationBounds;
use crate::prices::PricePath;
use crate::units::time::NEVER_MS;
use crate::venue::lending::CollateralLine;

impl<P: PricePath, R: Recorder, const EVERY: bool> Run<'_, P, R, EVERY> {
    /// Whether an agent's wallet must be looked at at every tick.
    pub(in crate::engine) fn prime_watches(&self, agent: usize) -> bool {
        self.ws
            .prime
            .as_deref()
            .is_some_and(|state| state.agents[agent].watch || state.agents[agent].ordered > 0)
    }

    /// A bound of utilisation is passed where `reserved − bound·capital` changes its sign: a plane in
    /// the marks of positions and counted holdings. A box in which each keeps its share of the
    /// distance cannot touch it. Capital is above zero wherever a bound below infinity is passed.
    pub(in crate::engine) fn narrow_to_zones(&mut self, agent: usize) {
        let Some(plan) = self.plan.prime.as_ref() else { return };
        let Some(policy) = &plan.agents[agent].policy else { return };
        let capital = self.capital(agent);
        if capital.reserved <= 0.0 {
            return;
        }
        let UtilisationBounds { yellow, orange, red, hysteresis } = policy.zones;
        for bound in [yellow, orange, red] {
            for level in [bound, bound - hysteresis] {
                let distance = (capital.reserved - level * capital.equity).abs();
                self.narrow_capital(agent, level, distance);
            }
        }
    }

    /// Keeps `level·capital` within `distance` of what it is.
    fn narrow_capital(&mut self, agent: usize, level: f64, distance: f64) {
        let ws = &mut *self.ws;
        let exchange = &ws.exchange;
        let slots = &exchange.accounts()[agent].positions;
        let open = slots.iter().filter(|slot| slot.is_open());
        let legs = open.map(|slot| (exchange.market(slot.market).asset, slot.units));
        let legs = legs.chain(exchange.counted(agent).iter().copied());
        let count = legs.clone().count();
        for (asset, units) in legs {
            let reach = distance / count as f64 / (level * units.abs());
            let mark = exchange.marks()[asset];
            ws.quiet_low[asset] = ws.quiet_low[asset].max(mark - reach);
            ws.quiet_high[asset] = ws.quiet_high[asset].min(mark + reach);
        }
    }

    /// No loan falls below its requirement until its interest is looked at again.
    pub(in crate::engine) fn narrow_to_collateral(&mut self) {
        let resting_since_ms = self.checks_rest().then_some(self.now_ms);
        let ws = &mut *self.ws;
        let Some(state) = ws.prime.as_deref() else { return };
        if state.open_loans.is_empty() {
            return;
        }
        let until_ms = horizon(state, resting_since_ms);
        let (ledger, marks) = (ws.exchange.ledger(), ws.exchange.marks());
        for loan in state.lending.loans().filter(|loan| loan.call.is_none()) {
            let Ok(line) = state.lending.collateral_line(loan.id, until_ms, ledger) else {
                continue;
            };
            let shared = &mut ws.shared;
            shared.bound.extend([line.collateral, line.debt].into_iter().flatten());
            narrow_to_line(&line, marks, &mut shared.low, &mut shared.high);
        }
    }
}

/// Until when interest is reckoned: the next instant at which collateral is looked at anyway. Where the
/// venue's checks rest, that is after what waits for them.
fn horizon(state: &PrimeState, resting_since_ms: Option<i64>) -> i64 {
    let lending_ms = match resting_since_ms {
        Some(now_ms) => state.lending.next_due_beside_calls_ms(now_ms).max(now_ms),
        None => state.lending.next_due_ms(),
    };
    let next_ms = state.pools.next_ms().min(lending_ms);
    debug_assert!(next_ms < NEVER_MS, "pools step as long as there are loans");
    next_ms
}

/// `C·p − r·D·p'` keeps its sign where both marks keep to half of what it is; a loan that interest
/// alone would take below its requirement is watched at every tick.
fn narrow_to_line(line: &CollateralLine, marks: &[f64], low: &mut [f64], high: &mut [f64]) {
    let price = |asset: Option<usize>| asset.map_or(1.0, |asset| marks[asset]);
    let owed = line.requirement * line.debt_units;
    let slack = line.collateral_units * price(line.collateral) - owed * price(line.debt);
    let moving = [line.collateral, line.debt].into_iter().flatten().count();
    let share = slack / moving as f64;
    if let Some(asset) = line.collateral {
        low[asset] = low[asset].max(marks[asset] - share / line.collateral_units);
        if share <= 0.0 {
            low[asset] = f64::INFINITY;
        }
    }
    if let Some(asset) = line.debt {
        high[asset] = high[asset].min(marks[asset] + share / owed);
        if share <= 0.0 {
            high[asset] = 0.0;
        }
    }
}
