//! What a path needs while it runs, kept from path to path so that nothing is allocated.

use super::agent_state::{AgentState, Order};
use super::attention::Attention;
use super::fleet::Fleets;
use super::impact::ImpactState;
use super::lens::Lens;
use super::metrics::AgentOutcome;
use super::plan::Plan;
use super::prime::PrimeState;
use super::shocks::Windows;
use super::start::{Start, starts_alike};
use super::watch::Watch;
use crate::ledger::AccountId;
use crate::stats::StreamKey;
use crate::units::time::NEVER_MS;
use crate::venue::exchange::Exchange;

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
            .map(|(agent, key)| AgentState::new(agent, key.open(0, 0)))
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
            state.begin(key.open(seed, path));
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
