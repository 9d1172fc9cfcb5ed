//! Names: registration costs that are held first, and revenue of sales.

use std::collections::VecDeque;

use super::draw::{MOST_PER_STEP, poisson_quantile};
use super::effect::{ServiceEffect, ServiceKind};
use super::spec::DomainsSpec;
use crate::ledger::AccountId;
use crate::stats::{Stream, StreamKey, normal_cdf};
use crate::units::Amount;
use crate::units::time::{DAY_MS, NEVER_MS};
use crate::venue::custody::{Books, Service};

/// One agent's trade in names.
#[derive(Clone, Debug)]
pub struct Domains {
    spec: DomainsSpec,
    agent: usize,
    registrar: AccountId,
    market: AccountId,
    /// Expected registrations and sales per step.
    means: [f64; 2],
    /// When orders are complete, and how many.
    orders: VecDeque<(i64, u32)>,
    key: StreamKey,
    stream: Stream,
}

impl Domains {
    pub(super) fn new(
        spec: DomainsSpec,
        agent: usize,
        name: &str,
        step_ms: i64,
        registrar: AccountId,
        market: AccountId,
    ) -> Self {
        let steps_per_day = DAY_MS as f64 / step_ms as f64;
        let means = [spec.registrations_per_day, spec.sales_per_day].map(|rate| {
            let mean = rate / steps_per_day;
            assert!((0.0..=MOST_PER_STEP).contains(&mean), "{mean} names expected in one step");
            mean
        });
        let key = StreamKey::new("domains", name);
        let (orders, stream) = (VecDeque::new(), key.open(0, 0));
        Self { spec, agent, registrar, market, means, orders, key, stream }
    }

    pub(super) fn reset(&mut self, seed: u64, path: u64) {
        self.orders.clear();
        self.stream = self.key.open(seed, path);
    }

    /// When the next order is complete.
    pub(super) fn next_due_ms(&self) -> i64 {
        self.orders.front().map_or(NEVER_MS, |(due_ms, _)| *due_ms)
    }

    /// Completes what is due: the held cost goes to the registrar.
    pub(super) fn complete(&mut self, books: &mut Books<'_>, effects: &mut Vec<ServiceEffect>) {
        while self.next_due_ms() <= books.now_ms {
            let Some((_, registrations)) = self.orders.pop_front() else { return };
            let amount = times(self.spec.cost, registrations);
            let to = self.registrar;
            books.consume(self.agent, Service::Domains, amount, to, "names registered");
            let kind = ServiceKind::Registered { registrations };
            effects.push(ServiceEffect { agent: self.agent, kind, amount });
        }
    }

    /// One step: registrations are Poisson and independent of the factor, sales the Poisson
    /// quantile at Φ(factor). Each registration is a request of its own.
    pub(super) fn step(
        &mut self,
        books: &mut Books<'_>,
        factor: f64,
        effects: &mut Vec<ServiceEffect>,
    ) {
        let agent = self.agent;
        let sales = poisson_quantile(self.means[1], normal_cdf(factor));
        if sales > 0 {
            let amount = times(self.spec.revenue, sales);
            books.pay_in(self.market, agent, Service::Domains, amount, "names sold");
            effects.push(ServiceEffect { agent, kind: ServiceKind::Sold { sales }, amount });
        }
        let wanted = poisson_quantile(self.means[0], self.stream.uniform_open());
        let cost = self.spec.cost;
        let ordered = (0..wanted).map(|_| books.hold(agent, Service::Domains, cost));
        let registrations = ordered.map(|answer| u32::from(answer.is_ok())).sum();
        if registrations > 0 {
            let amount = times(cost, registrations);
            effects.push(ServiceEffect {
                agent,
                kind: ServiceKind::Ordered { registrations },
                amount,
            });
            self.orders.push_back((books.now_ms + self.spec.registration_ms, registrations));
            self.complete(books, effects);
        }
    }
}

fn times(amount: Amount, count: u32) -> Amount {
    let total = amount.micro().checked_mul(i64::from(count));
    Amount::from_micro(total.expect("amounts and counts are bounded by the scenario"))
}
