//! The conditions of the lending pools: demand, drawdown and given rates, step by step.

use super::plan::{PoolPlan, PrimePlan, Scheme};
use crate::engine::shocks::Windows;
use crate::ledger::AssetId;
use crate::policy::PrimeSpec;
use crate::stats::{Stream, StreamKey};
use crate::units::time::{DAY_MS, NEVER_MS, YEAR_MS};
use crate::venue::lending::Lending;

/// All pools of a path.
pub(in crate::engine) struct Pools {
    step_ms: i64,
    correlation: f64,
    trading: usize,
    /// Standard deviation of a step's log return of the asset that stands for trading.
    deviation: f64,
    /// Whether anybody can ever have a loan.
    used: bool,
    /// End of the running step.
    step_due_ms: i64,
    /// When a shock moves the rates next.
    shock_due_ms: i64,
    /// Its mark at the last step.
    mark: f64,
    pools: Vec<Pool>,
}

struct Pool {
    asset: AssetId,
    plan: PoolPlan,
    /// Utilisation at the start.
    start: f64,
    /// Demand, of standard deviation 1.
    x: f64,
    /// High of the watched asset at steps so far.
    high: f64,
    /// What of the demand is kept over a step: e^(−κΔ), and the weight of its shock.
    kept: [f64; 2],
    /// Its rate before conditions changed last.
    rate_before: f64,
    key: StreamKey,
    stream: Stream,
}

impl Pools {
    pub fn new(prime: &PrimePlan) -> Self {
        let plan = &prime.pools;
        let pools = (plan.pools.iter().zip(&prime.lending.pools).enumerate())
            .map(|(index, (plan, spec))| {
                let asset = AssetId(u16::try_from(index).expect("fewer than 2^16 assets"));
                let key = StreamKey::new("pool demand", prime.asset_name(asset));
                let days = prime.pools.step_ms as f64 / DAY_MS as f64;
                let reversion = plan.demand.map_or(0.0, |demand| demand.reversion_per_day);
                let kept = libm::exp(-reversion * days);
                Pool {
                    asset,
                    plan: plan.clone(),
                    start: spec.utilisation,
                    x: 0.0,
                    high: 0.0,
                    kept: [kept, (1.0 - kept * kept).sqrt()],
                    rate_before: f64::NAN,
                    key,
                    stream: key.open(0, 0),
                }
            })
            .collect();
        let years = plan.step_ms as f64 / YEAR_MS as f64;
        Self {
            step_ms: plan.step_ms,
            correlation: plan.correlation,
            trading: plan.trading,
            deviation: prime.volatility[plan.trading] * years.sqrt(),
            used: lends(prime),
            step_due_ms: NEVER_MS,
            shock_due_ms: NEVER_MS,
            mark: f64::NAN,
            pools,
        }
    }

    pub fn reset(&mut self, seed: u64, path: u64) {
        (self.step_due_ms, self.shock_due_ms) = (NEVER_MS, NEVER_MS);
        for pool in &mut self.pools {
            pool.x = 0.0;
            pool.high = 0.0;
            pool.stream = pool.key.open(seed, path);
        }
    }

    /// The first conditions: those that the pools start with, given rates, and shocks.
    pub fn start(&mut self, now_ms: i64, marks: &[f64], lending: &mut Lending, shocks: &Windows) {
        if !self.used {
            return;
        }
        self.step_due_ms = now_ms + self.step_ms;
        self.mark = marks[self.trading];
        for pool in &mut self.pools {
            pool.high = marks[pool.plan.watched];
            if let Some(rates) = &pool.plan.rates {
                lending.set_rate(now_ms, pool.asset, rates.at(now_ms));
            }
        }
        self.shock(now_ms, lending, shocks);
    }

    /// The next instant at which conditions change.
    pub fn next_ms(&self) -> i64 {
        self.step_due_ms.min(self.shock_due_ms)
    }

    /// Conditions change: the running step ends, or a shock begins or ends, or both.
    pub fn advance(&mut self, now_ms: i64, marks: &[f64], lending: &mut Lending, shocks: &Windows) {
        for pool in &mut self.pools {
            pool.rate_before = lending.rate(pool.asset);
        }
        if self.step_due_ms <= now_ms {
            self.step(now_ms, marks, lending);
        }
        self.shock(now_ms, lending, shocks);
    }

    /// What shocks add to the rates.
    fn shock(&mut self, now_ms: i64, lending: &mut Lending, shocks: &Windows) {
        if !shocks.moves_rates() {
            return;
        }
        for (index, pool) in self.pools.iter().enumerate() {
            lending.set_spread(now_ms, pool.asset, shocks.borrow_rate(now_ms, index));
        }
        self.shock_due_ms = shocks.next_rate_ms(now_ms);
    }

    /// Ends the running step: `x' = x·e^(−κΔ) + √(1 − e^(−2κΔ))·s`, with `s = ρ·z + √(1 − ρ²)·ε` and
    /// z the return over the step by its standard deviation.
    fn step(&mut self, now_ms: i64, marks: &[f64], lending: &mut Lending) {
        self.step_due_ms = now_ms + self.step_ms;
        let mark = marks[self.trading];
        let z =
            if self.deviation > 0.0 { libm::log(mark / self.mark) / self.deviation } else { 0.0 };
        self.mark = mark;
        for pool in &mut self.pools {
            let watched = marks[pool.plan.watched];
            pool.high = pool.high.max(watched);
            let drawdown = 1.0 - watched / pool.high;
            if let Some(demand) = pool.plan.demand {
                let rho = self.correlation;
                let shock = rho * z + (1.0 - rho * rho).sqrt() * pool.stream.normal();
                let [kept, weight] = pool.kept;
                pool.x = pool.x * kept + weight * shock;
                let utilisation = shifted(pool.start, demand.amplitude * pool.x);
                lending.set_conditions(now_ms, pool.asset, drawdown, utilisation);
            } else {
                lending.set_drawdown(now_ms, pool.asset, drawdown);
            }
            if let Some(rates) = &pool.plan.rates {
                lending.set_rate(now_ms, pool.asset, rates.at(now_ms));
            }
        }
    }
}

impl Pools {
    /// Whether the last change took a rate to the other side of the least at which somebody lends.
    pub fn passed_rate_of(&self, policy: &PrimeSpec, lending: &Lending) -> bool {
        self.pools.iter().zip(&policy.lend).any(|(pool, lend)| {
            lend.is_some_and(|lend| {
                let now = lending.rate(pool.asset);
                (pool.rate_before >= lend.min_rate) != (now >= lend.min_rate)
            })
        })
    }
}

/// Whether the plan has anybody lend or borrow.
fn lends(prime: &PrimePlan) -> bool {
    prime.agents.iter().any(|agent| {
        let scheduled = |one: &super::plan::Scheduled| matches!(one.action, Scheme::Loan { .. });
        agent.schedule.iter().any(scheduled)
            || (agent.policy.as_ref()).is_some_and(|policy| policy.lend.iter().any(Option::is_some))
    })
}

/// The share whose log odds are those of `share` and `by` more. Shares of 0 and 1 stay.
fn shifted(share: f64, by: f64) -> f64 {
    if share >= 1.0 {
        return 1.0;
    }
    share / (share + (1.0 - share) * libm::exp(-by))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Odds of .8 are 4: doubled 8/9, halved 2/3; of .5 tripled 3/4.
    #[test]
    fn odds_are_multiplied() {
        let ln = libm::log;
        let rows = [
            (0.8, ln(2.0), 8.0 / 9.0),
            (0.8, -ln(2.0), 2.0 / 3.0),
            (0.5, ln(3.0), 0.75),
            (0.0, 5.0, 0.0),
            (1.0, -5.0, 1.0),
            (0.5, -1e4, 0.0),
            (0.5, 1e4, 1.0),
            (1.0, -1e4, 1.0),
        ];
        for (share, by, expected) in rows {
            assert!((shifted(share, by) - expected).abs() < 1e-12, "{share} {by}");
        }
    }
}
