//! Custody's state: wallets, holds by service, moves under way.

use std::collections::VecDeque;

use super::moves::{Move, MoveEffect};
use super::rejection::Rejection;
use super::service::{Service, Silo};
use super::spec::{CustodyMode, HoldingSpec};
use super::time_integral::TimeIntegral;
use crate::ledger::{AccountId, AssetId, Ledger, USDC};
use crate::units::Amount;

/// Wallets and holds of all agents.
#[derive(Clone, Debug)]
pub struct Custody {
    pub(super) mode: CustodyMode,
    pub(super) holdings: Vec<HoldingSpec>,
    /// Per agent.
    pub(super) purses: Vec<Purses>,
    /// Per agent: held by each service.
    pub(super) parts: Vec<[Amount; Service::COUNT]>,
    /// Per agent, silo and reason.
    pub(super) rejected: Vec<[[u64; Rejection::COUNT]; Silo::COUNT]>,
    /// Sum of them.
    pub(super) turned_down: u64,
    /// Moves under way, in the order of their arrival.
    pub(super) moves: VecDeque<Move>,
    pub(super) effects: Vec<MoveEffect>,
    /// Per agent: money between two silos.
    pub(super) trapped: Vec<TimeIntegral>,
    /// Per agent: which services may hold its money.
    pub(super) permitted: Vec<[bool; Service::COUNT]>,
}

/// The ledger accounts of one agent.
#[derive(Clone, Debug)]
pub(super) struct Purses {
    /// USDC, by index of the silo; unified: one account throughout.
    pub usdc: [AccountId; Silo::COUNT],
    /// Other assets, in the order of the holdings.
    pub others: Vec<AccountId>,
    /// USDC between two silos.
    pub transit: AccountId,
}

impl Custody {
    /// Opens the accounts that the exchange has not: `trading_wallets` are its own, one per agent.
    pub fn new(
        mode: CustodyMode,
        agents: &[&str],
        holdings: &[HoldingSpec],
        ledger: &mut Ledger,
        trading_wallets: &[AccountId],
    ) -> Self {
        assert_eq!(agents.len(), trading_wallets.len(), "one trading wallet per agent");
        let purses = (agents.iter().zip(trading_wallets))
            .map(|(name, trading)| open_purses(mode, name, holdings, ledger, *trading))
            .collect();
        let count = agents.len();
        Self {
            mode,
            holdings: holdings.to_vec(),
            purses,
            parts: vec![[Amount::ZERO; Service::COUNT]; count],
            rejected: vec![[[0; Rejection::COUNT]; Silo::COUNT]; count],
            turned_down: 0,
            moves: VecDeque::new(),
            effects: Vec::new(),
            trapped: vec![TimeIntegral::default(); count],
            permitted: vec![[true; Service::COUNT]; count],
        }
    }

    /// Says which services may hold an agent's money; all may unless told.
    pub fn permit(&mut self, agent: usize, services: [bool; Service::COUNT]) {
        self.permitted[agent] = services;
    }

    /// Forgets holds, moves and counts; the ledger is reset by its owner.
    pub fn reset(&mut self) {
        self.parts.fill([Amount::ZERO; Service::COUNT]);
        self.rejected.fill([[0; Rejection::COUNT]; Silo::COUNT]);
        self.turned_down = 0;
        self.moves.clear();
        self.effects.clear();
        self.trapped.fill(TimeIntegral::default());
    }

    /// The account that a service of an agent draws on. Assets other than USDC have one wallet
    /// per agent, whatever the service.
    #[inline]
    pub fn wallet(&self, agent: usize, service: Service, asset: AssetId) -> AccountId {
        if asset == USDC {
            return self.silo(agent, Silo::Of(service));
        }
        self.purses[agent].others[usize::from(asset.0) - 1]
    }

    /// The account of a silo. Under unified custody all of them are the wallet.
    #[inline]
    pub fn silo(&self, agent: usize, silo: Silo) -> AccountId {
        self.purses[agent].usdc[silo.index()]
    }

    /// Whether one wallet backs everything.
    #[inline]
    pub fn is_unified(&self) -> bool {
        self.mode == CustodyMode::Unified
    }

    /// How many agents there are.
    #[inline]
    pub fn agents(&self) -> usize {
        self.purses.len()
    }
}

fn open_purses(
    mode: CustodyMode,
    name: &str,
    holdings: &[HoldingSpec],
    ledger: &mut Ledger,
    trading: AccountId,
) -> Purses {
    let mut usdc = [trading; Silo::COUNT];
    if mode != CustodyMode::Unified {
        for service in Service::ALL.into_iter().filter(|service| *service != Service::Trading) {
            usdc[service.index()] = ledger.open(format!("{name} {} silo", service.name()), USDC);
        }
        usdc[Silo::Main.index()] = ledger.open(format!("{name} plain wallet"), USDC);
    }
    let others = (holdings.iter().zip(1..))
        .map(|(holding, asset)| {
            ledger.open(format!("{name} {} wallet", holding.name), AssetId(asset))
        })
        .collect();
    let transit = ledger.open(format!("{name} in transit"), USDC);
    Purses { usdc, others, transit }
}
