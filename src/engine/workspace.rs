//! What a path needs while it runs, kept from path to path so that nothing is allocated.

use super::attention::Attention;
use super::fleet::Fleets;
use super::impact::ImpactState;
use super::lens::Lens;
use super::metrics::AgentOutcome;
use super::observe::Watch;
use super::plan::{AgentPlan, Plan};
use super::prime::PrimeState;
use super::shocks::Windows;
use super::start::{Start, starts_alike};
use crate::ledger::AccountId;
use crate::policy::{GuardMemory, WilderAtr};
use crate::stats::{Stream, StreamKey};
use crate::units::time::NEVER_MS;
use crate::units::{Amount, Quantity};
use crate::venue::exchange::{Exchange, Zone};

/// An order on its way: decided, not yet carried out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub due_ms: i64,
    pub agent: usize,
    pub position: usize,
    pub kind: OrderKind,
}

/// Kinds of orders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum OrderKind {
    /// Close by the kill switch.
    Kill {
        /// Goes before other orders.
        priority: bool,
        /// Why it was pulled.
        reason: &'static str,
    },
    /// Close at a stop.
    StopLoss,
    /// Close a part.
    Reduce(Quantity),
    /// Add collateral.
    TopUp {
        amount: Amount,
        /// UTC day of the decision.
        day: i64,
        /// Arrives as a delayed transfer, not as an order.
        transfer: bool,
    },
    /// Enter again.
    Resume,
}

/// What the engine keeps of one position beside the venue's own state.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlotState {
    pub memory: GuardMemory,
    /// Top-ups on their way.
    pub adding: Amount,
    /// A close is on its way.
    pub closing: bool,
    /// A reduction is on its way.
    pub reducing: Quantity,
    /// An entry is on its way.
    pub entering: bool,
    /// When the kill switch closed it, while it waits to enter again.
    pub killed_ms: Option<i64>,
    pub resumes: u32,
    /// The bar after which a rejected entry may be tried again.
    pub retry_bar: usize,
    /// Quantity and collateral that it started with.
    pub first_quantity: Quantity,
    pub first_collateral: Amount,
    /// The present stay below a threshold has been logged: so that a dry run, a rejection or an
    /// empty cap is counted once per stay, not once per look.
    pub dry_run_logged: bool,
    pub cross_logged: bool,
    pub empty_logged: bool,
    pub blocked_logged: bool,
    /// Zone at the monitor's last look.
    pub zone: Option<Zone>,
    /// The last decision may change at any price.
    pub watch: bool,
    pub atr: Option<(usize, WilderAtr)>,
}

impl SlotState {
    const START: Self = Self {
        memory: GuardMemory { top_up_after_ms: i64::MIN, reduce_after_ms: i64::MIN },
        adding: Amount::ZERO,
        closing: false,
        reducing: Quantity::ZERO,
        entering: false,
        killed_ms: None,
        resumes: 0,
        retry_bar: 0,
        first_quantity: Quantity::ZERO,
        first_collateral: Amount::ZERO,
        dry_run_logged: false,
        cross_logged: false,
        empty_logged: false,
        blocked_logged: false,
        zone: None,
        watch: false,
        atr: None,
    };

    /// A position that is entered again starts a new stay below any threshold.
    pub fn forget_stay(&mut self) {
        self.dry_run_logged = false;
        self.cross_logged = false;
        self.empty_logged = false;
        self.blocked_logged = false;
    }

    /// Whether the log of the present stay below a threshold has anything to forget.
    pub fn stays_logged(&self) -> bool {
        self.dry_run_logged || self.cross_logged || self.empty_logged || self.blocked_logged
    }

    /// Whether an order for it is on its way.
    pub fn in_flight(&self) -> bool {
        self.closing
            || self.entering
            || self.adding != Amount::ZERO
            || self.reducing != Quantity::ZERO
    }
}

/// What the engine keeps of one agent.
#[derive(Debug)]
pub(super) struct AgentState {
    pub slots: Vec<SlotState>,
    /// The next look of the guard that can matter.
    pub guard_due_ms: i64,
    /// The next look of the zone monitor that can matter.
    pub zones_due_ms: i64,
    /// UTC day of `topped_up`.
    pub day: i64,
    /// Top-ups decided on that day.
    pub topped_up: Amount,
    /// Draws whether top-ups fail.
    pub failures: Stream,
}

impl Clone for AgentState {
    fn clone(&self) -> Self {
        Self { slots: self.slots.clone(), failures: self.failures.clone(), ..*self }
    }

    /// Keeps its memory.
    fn clone_from(&mut self, source: &Self) {
        let mut slots = std::mem::take(&mut self.slots);
        slots.clone_from(&source.slots);
        *self = Self { slots, failures: source.failures.clone(), ..*source };
    }
}

/// Between which marks nothing can happen to what concerns all agents together.
#[derive(Clone, Debug)]
pub(super) struct SharedBounds {
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    /// Assets that have a bound.
    pub bound: Vec<usize>,
}

impl SharedBounds {
    fn new(assets: usize) -> Self {
        Self {
            low: vec![0.0; assets],
            high: vec![f64::INFINITY; assets],
            bound: Vec::with_capacity(assets),
        }
    }

    /// Takes every bound away; `told` hears of which assets.
    pub fn open(&mut self, mut told: impl FnMut(usize)) {
        for asset in self.bound.drain(..) {
            (self.low[asset], self.high[asset]) = (0.0, f64::INFINITY);
            told(asset);
        }
    }
}

/// Scratch for one worker; one plan at a time.
pub struct Workspace {
    pub(super) exchange: Exchange,
    /// What lies beside the exchange, where the plan has prime brokerage.
    pub(super) prime: Option<Box<PrimeState>>,
    /// Coordinators and their sub-accounts.
    pub(super) fleets: Fleets,
    /// What forced fills have done to prices, where the plan has them do so.
    pub(super) impact: Option<Box<ImpactState>>,
    pub(super) agents: Vec<AgentState>,
    /// Whom the present instant concerns, and when and where the next one lies.
    pub(super) attention: Attention,
    pub(super) orders: Vec<Order>,
    pub(super) due: Vec<Order>,
    /// Top-ups after which the health factor will be read again, at `due_ms`.
    pub(super) confirmations: Vec<Order>,
    pub(super) scope: Vec<usize>,
    pub(super) outcomes: Vec<AgentOutcome>,
    pub(super) watches: Vec<Watch>,
    pub(super) lenses: Vec<Lens>,
    /// Scratch: between which marks nothing can happen to one agent, by asset.
    pub(super) quiet_low: Vec<f64>,
    pub(super) quiet_high: Vec<f64>,
    /// What concerns all agents together.
    pub(super) shared: SharedBounds,
    /// The path's: the narrowest of all.
    pub(super) path_low: Vec<f64>,
    pub(super) path_high: Vec<f64>,
    /// Scratch: assets whose interval is to be told to the path.
    pub(super) retold: Vec<usize>,
    /// An agent that may have an open position: where the search for one begins.
    pub(super) open_hint: usize,
    pub(super) funding_due_ms: Vec<i64>,
    /// Whether any market's slippage follows volatility.
    pub(super) stressed: bool,
    /// Shocks to the venue.
    pub(super) shocks: Windows,
    failure_keys: Vec<StreamKey>,
    /// Whether paths start alike, and then what they start with, once it is known.
    pub(super) starts_alike: bool,
    pub(super) start: Option<Box<Start>>,
}

impl Workspace {
    /// Scratch for a plan on paths of so many assets.
    pub fn new(plan: &Plan, assets: usize) -> Self {
        let accounts: Vec<(&str, &[_])> = (plan.agents.iter())
            .map(|agent| (agent.name.as_str(), agent.positions.as_slice()))
            .collect();
        let failure_keys: Vec<StreamKey> = (plan.agents.iter())
            .map(|agent| StreamKey::new("top-up failure", &agent.name))
            .collect();
        let agents = (plan.agents.iter().zip(&failure_keys))
            .map(|(agent, key)| fresh_agent(agent, key.open(0, 0)))
            .collect();
        let count = plan.agents.len();
        let stressed = plan.exchange.markets.iter().any(|market| {
            market.slippage.stress_multiplier > 0.0
                || market.liquidation_slippage.stress_multiplier > 0.0
        });
        let mut exchange = Exchange::new(plan.exchange.clone(), assets, &accounts);
        let mut prime = (plan.prime.as_ref())
            .map(|prime| Box::new(PrimeState::new(plan, prime, &mut exchange)));
        let fleets = Fleets::new(plan, &mut exchange, prime.as_deref_mut());
        let impact = plan.impact.as_ref().map(|spec| Box::new(ImpactState::new(plan, spec)));
        let attention = Attention::new(plan, assets, owned_accounts(&exchange, prime.as_deref()));
        Self {
            exchange,
            prime,
            impact,
            fleets,
            agents,
            attention,
            orders: Vec::new(),
            due: Vec::new(),
            confirmations: Vec::new(),
            scope: Vec::new(),
            outcomes: vec![AgentOutcome::default(); count],
            watches: vec![Watch::default(); count],
            lenses: vec![Lens::default(); count],
            quiet_low: vec![0.0; assets],
            quiet_high: vec![f64::INFINITY; assets],
            shared: SharedBounds::new(assets),
            path_low: vec![0.0; assets],
            path_high: vec![f64::INFINITY; assets],
            retold: Vec::with_capacity(assets),
            open_hint: 0,
            funding_due_ms: vec![NEVER_MS; plan.exchange.markets.len()],
            stressed,
            shocks: Windows::new(&plan.shocks),
            failure_keys,
            starts_alike: starts_alike(plan),
            start: None,
        }
    }

    /// The outcome of the last path, one row per agent of the plan.
    pub fn outcomes(&self) -> &[AgentOutcome] {
        &self.outcomes
    }

    /// The exchange as the last path left it.
    pub fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Keeps every posting of the following paths in the exchange's ledger.
    pub fn keep_journal(&mut self) {
        self.exchange.keep_journal();
        // A start that is copied has no postings.
        self.starts_alike = false;
    }

    pub(super) fn reset(&mut self, seed: u64, path: u64) {
        self.exchange.reset();
        self.attention.begin();
        self.shared.open(|_| {});
        // No interval has been told yet.
        self.path_low.fill(f64::NAN);
        self.open_hint = 0;
        if let Some(prime) = &mut self.prime {
            prime.reset(seed, path);
        }
        self.fleets.reset();
        if let Some(impact) = &mut self.impact {
            impact.reset();
        }
        self.orders.clear();
        self.confirmations.clear();
        self.outcomes.fill(AgentOutcome::default());
        for (state, key) in self.agents.iter_mut().zip(&self.failure_keys) {
            state.slots.fill(SlotState::START);
            state.guard_due_ms = NEVER_MS;
            state.zones_due_ms = NEVER_MS;
            state.day = i64::MIN;
            state.topped_up = Amount::ZERO;
            state.failures = key.open(seed, path);
        }
    }
}

/// The accounts of the ledger that hang together with an agent, and whose they are.
fn owned_accounts<'a>(
    exchange: &'a Exchange,
    prime: Option<&'a PrimeState>,
) -> impl Iterator<Item = (usize, AccountId)> + 'a {
    let trading = exchange.accounts().iter().enumerate().flat_map(|(agent, account)| {
        let collateral = account.positions.iter().map(|slot| slot.collateral);
        std::iter::once(account.wallet).chain(collateral).map(move |id| (agent, id))
    });
    let agents = 0..exchange.accounts().len();
    let beside = prime.into_iter().flat_map(move |state| {
        let of = move |agent| state.wallets(agent).map(move |id| (agent, id));
        agents.clone().flat_map(of)
    });
    trading.chain(beside)
}

fn fresh_agent(agent: &AgentPlan, failures: Stream) -> AgentState {
    AgentState {
        slots: vec![SlotState::START; agent.positions.len()],
        guard_due_ms: NEVER_MS,
        zones_due_ms: NEVER_MS,
        day: i64::MIN,
        topped_up: Amount::ZERO,
        failures,
    }
}
