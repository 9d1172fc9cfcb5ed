//! Whom an instant concerns. An instant costs what it touches: only agents that something has
//! happened to are checked by the venue, look and have their bounds computed anew.

mod bounds;
mod timers;

use super::plan::Plan;
use crate::ledger::AccountId;
use crate::venue::exchange::AccountSet;

pub(super) use bounds::Bounds;
pub(super) use timers::Timers;

/// No agent's account.
const NOBODY: u32 = u32::MAX;

/// What is known about when and at which marks each agent must be attended to.
#[derive(Clone)]
pub(super) struct Attention {
    /// Something has happened to them at this instant, or is due.
    pub touched: AccountSet,
    /// Changed since the venue found that no force-close of theirs is due.
    pub suspects: AccountSet,
    /// Changed since it found that no step of a margin call is.
    pub call_suspects: AccountSet,
    /// Must be attended to at every tick.
    pub watching: AccountSet,
    /// Between which marks nothing can happen to any other.
    pub bounds: Bounds,
    /// When something of theirs is due next.
    pub timers: Timers,
    /// Scratch: agents whose bounds the marks have left.
    pub stirred: Vec<usize>,
    /// The agent of each account of the ledger.
    owners: Vec<u32>,
}

impl Attention {
    /// `owned` tells whose accounts of the ledger those of agents are.
    pub fn new(
        plan: &Plan,
        assets: usize,
        owned: impl Iterator<Item = (usize, AccountId)>,
    ) -> Self {
        let agents = plan.agents.len();
        let mut owners = Vec::new();
        for (agent, account) in owned {
            if account.index() >= owners.len() {
                owners.resize(account.index() + 1, NOBODY);
            }
            owners[account.index()] = u32::try_from(agent).expect("fewer than 2^32 agents");
        }
        let none = AccountSet::new(agents);
        Self {
            touched: none.clone(),
            suspects: none.clone(),
            call_suspects: none.clone(),
            watching: none,
            bounds: Bounds::new(assets, agents, |agent| assets_of(plan, agent)),
            timers: Timers::new(agents),
            stirred: Vec::with_capacity(agents),
            owners,
        }
    }

    /// Starts over for a path: everybody is to be looked at.
    pub fn begin(&mut self) {
        self.touch_all();
        self.watching.clear();
        self.bounds.reset();
        self.timers.reset();
    }

    /// As another of the same plan is.
    pub fn return_to(&mut self, start: &Self) {
        let Self { touched, suspects, call_suspects, watching, bounds, timers, .. } = self;
        touched.return_to(&start.touched);
        suspects.return_to(&start.suspects);
        call_suspects.return_to(&start.call_suspects);
        watching.return_to(&start.watching);
        bounds.return_to(&start.bounds);
        timers.return_to(&start.timers);
    }

    /// Something about an agent has changed.
    #[inline]
    pub fn touch(&mut self, agent: usize) {
        self.touched.insert(agent);
        self.suspects.insert(agent);
        self.call_suspects.insert(agent);
    }

    /// Something about everybody may have changed.
    pub fn touch_all(&mut self) {
        self.touched.fill();
        self.suspects.fill();
        self.call_suspects.fill();
    }

    /// Touches those whose timer is due.
    pub fn ring(&mut self, now_ms: i64) {
        let Self { timers, touched, suspects, call_suspects, .. } = self;
        timers.due(now_ms, |agent| {
            touched.insert(agent);
            suspects.insert(agent);
            call_suspects.insert(agent);
        });
    }

    /// The agent of an account of the ledger.
    #[inline]
    pub fn owner(&self, account: AccountId) -> Option<usize> {
        let owner = self.owners.get(account.index()).copied().unwrap_or(NOBODY);
        (owner != NOBODY).then_some(owner as usize)
    }
}

/// Assets whose prices an agent's thresholds can hang on, each once.
fn assets_of(plan: &Plan, agent: usize) -> Vec<usize> {
    let positions = plan.agents[agent].positions.iter();
    let mut assets: Vec<usize> =
        positions.map(|spec| plan.exchange.markets[spec.market].asset).collect();
    if let Some(prime) = &plan.prime {
        let counted = prime.holdings.iter().filter(|holding| holding.haircut.is_some());
        assets.extend(counted.map(|holding| holding.price));
    }
    assets.sort_unstable();
    assets.dedup();
    assets
}
