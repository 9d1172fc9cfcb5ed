//! All services of a run, step by step.

use super::casino::Casino;
use super::domains::Domains;
use super::effect::{ServiceEffect, ServiceKind};
use super::factors::{Factor, ServiceFactors};
use super::flow::{EscrowFlow, EscrowRequest};
use super::spec::ServicesSpec;
use crate::ledger::{AccountId, Ledger, USDC};
use crate::stats::{NotPsd, Stream, StreamKey};
use crate::units::Amount;
use crate::units::time::NEVER_MS;
use crate::venue::custody::{Books, Service};
use crate::venue::escrow::Escrow;

/// The generators of all agents.
#[derive(Clone, Debug)]
pub struct Services {
    step_ms: i64,
    factors: ServiceFactors,
    users: Vec<User>,
    faucet: AccountId,
    /// The end of the running step.
    step_due_ms: i64,
    requests: Vec<EscrowRequest>,
    effects: Vec<ServiceEffect>,
}

/// One agent's generators.
#[derive(Clone, Debug)]
struct User {
    agent: usize,
    grant: Amount,
    casino: Option<Casino>,
    domains: Option<Domains>,
    escrow: Option<EscrowFlow>,
    key: StreamKey,
    stream: Stream,
    /// Its factors of the last step.
    factors: [f64; Factor::COUNT],
}

impl Services {
    /// Opens the services' accounts; `market` is the outside world.
    ///
    /// # Errors
    /// [`NotPsd`] when the correlations cannot all hold together.
    pub fn new(
        spec: &ServicesSpec,
        ledger: &mut Ledger,
        market: AccountId,
    ) -> Result<Self, NotPsd> {
        assert!(spec.step_ms > 0, "services step forward");
        let house = ledger.open("casino house", USDC);
        let registrar = ledger.open("registrar", USDC);
        let faucet = ledger.open("faucet", USDC);
        let step_ms = spec.step_ms;
        let mut users: Vec<User> = (spec.agents.iter())
            .map(|one| {
                let (agent, name) = (one.agent, one.name.as_str());
                let key = StreamKey::new("service factors", name);
                User {
                    agent,
                    grant: one.faucet,
                    casino: one.casino.map(|spec| Casino::new(spec, agent, name, step_ms, house)),
                    domains: (one.domains)
                        .map(|spec| Domains::new(spec, agent, name, step_ms, registrar, market)),
                    escrow: (one.escrow.as_ref())
                        .map(|spec| EscrowFlow::new(spec.clone(), agent, name, step_ms)),
                    key,
                    stream: key.open(0, 0),
                    factors: [0.0; Factor::COUNT],
                }
            })
            .collect();
        users.sort_by_key(|user| user.agent);
        Ok(Self {
            step_ms,
            factors: ServiceFactors::new(&spec.factors)?,
            users,
            faucet,
            step_due_ms: NEVER_MS,
            requests: Vec::new(),
            effects: Vec::new(),
        })
    }

    /// Opens the streams of a path and forgets what was; the ledger is reset by its owner.
    pub fn reset(&mut self, seed: u64, path: u64) {
        self.step_due_ms = NEVER_MS;
        self.requests.clear();
        self.effects.clear();
        for user in &mut self.users {
            user.stream = user.key.open(seed, path);
            user.factors = [0.0; Factor::COUNT];
            if let Some(casino) = &mut user.casino {
                casino.reset(seed, path);
            }
            if let Some(domains) = &mut user.domains {
                domains.reset(seed, path);
            }
            if let Some(escrow) = &mut user.escrow {
                escrow.reset(seed, path);
            }
        }
    }

    /// Grants what the faucet gives and holds the bankrolls; the first step begins.
    pub fn start(&mut self, books: &mut Books<'_>) {
        self.step_due_ms = books.now_ms + self.step_ms;
        for user in &mut self.users {
            let (agent, amount) = (user.agent, user.grant);
            if amount.is_positive() {
                books.pay_in(self.faucet, agent, Service::Faucet, amount, "faucet grant");
                self.effects.push(ServiceEffect { agent, kind: ServiceKind::Granted, amount });
            }
            if let Some(casino) = &mut user.casino {
                casino.sit_down(books, &mut self.effects);
            }
        }
    }

    /// The end of the running step: the market's returns over it are wanted then.
    #[inline]
    pub fn next_step_ms(&self) -> i64 {
        self.step_due_ms
    }

    /// The next instant at which something falls due: the end of the step, or an order of names.
    pub fn next_due_ms(&self) -> i64 {
        let orders = self.users.iter().filter_map(|user| user.domains.as_ref());
        orders.map(Domains::next_due_ms).fold(self.step_due_ms, i64::min)
    }

    /// Completes the orders of names that are due.
    pub fn settle(&mut self, books: &mut Books<'_>) {
        for domains in self.users.iter_mut().filter_map(|user| user.domains.as_mut()) {
            domains.complete(books, &mut self.effects);
        }
    }

    /// Says how far correlations have drifted to those of a crisis in the step that ends, 0 to 1.
    pub fn set_crisis(&mut self, weight: f64) {
        self.factors.set_crisis(weight);
    }

    /// Ends the running step and begins the next: by agent, casino, domains, escrow. `returns` are
    /// the assets' returns over the step, each over its standard deviation. What escrow refuses it
    /// has counted; what it took is funded before this returns.
    pub fn step(&mut self, books: &mut Books<'_>, escrow: &mut Escrow, returns: &[f64]) {
        assert!(books.now_ms >= self.step_due_ms, "the step has not ended");
        self.step_due_ms += self.step_ms;
        self.factors.set_market(returns);
        for user in &mut self.users {
            user.factors = self.factors.draw(&mut user.stream);
            if let Some(casino) = &mut user.casino {
                casino.sit_down(books, &mut self.effects);
                casino.step(books, user.factors[Factor::Casino as usize], &mut self.effects);
            }
            if let Some(domains) = &mut user.domains {
                domains.step(books, user.factors[Factor::Domains as usize], &mut self.effects);
            }
            if let Some(flow) = &mut user.escrow {
                let factor = user.factors[Factor::Escrow as usize];
                flow.step(books.now_ms, factor, &mut self.requests);
            }
            for request in self.requests.drain(..) {
                carry_out(books, escrow, request);
            }
        }
        escrow.settle(books);
    }

    /// Frees up to `amount` of an agent's casino bankroll; returns how much.
    pub fn withdraw_bankroll(
        &mut self,
        books: &mut Books<'_>,
        agent: usize,
        amount: Amount,
    ) -> Amount {
        let user = self.users.iter_mut().find(|user| user.agent == agent);
        let casino = user.and_then(|user| user.casino.as_mut());
        casino.map_or(Amount::ZERO, |one| one.withdraw(books, amount, &mut self.effects))
    }

    /// An agent's factors of the last step, by [`Factor`]; `None` when it uses no service.
    pub fn factors_of(&self, agent: usize) -> Option<[f64; Factor::COUNT]> {
        self.users.iter().find(|user| user.agent == agent).map(|user| user.factors)
    }

    /// What happened since the last call of [`Services::clear_effects`].
    #[inline]
    pub fn effects(&self) -> &[ServiceEffect] {
        &self.effects
    }

    /// Forgets the effects.
    #[inline]
    pub fn clear_effects(&mut self) {
        self.effects.clear();
    }
}

/// A refusal needs nothing done: escrow and custody have counted it.
fn carry_out(books: &mut Books<'_>, escrow: &mut Escrow, request: EscrowRequest) {
    let _refused = match request {
        EscrowRequest::Contract(spec) => escrow.create(books, spec).err(),
        EscrowRequest::Obligation { agreement, payer, payee, amount } => {
            escrow.oblige(books, agreement, payer, payee, amount).err()
        }
    };
}
