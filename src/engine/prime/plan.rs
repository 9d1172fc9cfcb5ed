//! The part of a plan that is prime brokerage: wallets, lending, escrow, services, and what agents
//! do with them. Plain data, validated elsewhere.

use std::sync::Arc;

use crate::ledger::AssetId;
use crate::policy::PrimeSpec;
use crate::units::{Amount, Quantity};
use crate::venue::custody::{CustodyMode, HoldingSpec, Silo, SiloSpec};
use crate::venue::escrow::{AgreementSpec, ContractSpec, EscrowSpec, Party};
use crate::venue::lending::{LendingSpec, LoanSpec};
use crate::venue::services::ServicesSpec;
use crate::venue::spot::{Side, SpotSpec};

/// Prime brokerage around the exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct PrimePlan {
    /// One wallet or a balance per service.
    pub custody: CustodyMode,
    /// How money moves between silos, in this plan or in the one that it is compared with.
    pub silo: SiloSpec,
    /// Assets beside USDC; the n-th of the list is `AssetId(n + 1)`.
    pub holdings: Vec<HoldingSpec>,
    /// Spot market of each holding, one for one.
    pub spot: Vec<SpotSpec>,
    /// Fees and finality of escrow.
    pub escrow: EscrowSpec,
    /// Netting agreements.
    pub agreements: Vec<AgreementPlan>,
    /// The lending market: one pool per asset, USDC's first.
    pub lending: LendingSpec,
    /// How the pools' conditions move.
    pub pools: PoolsPlan,
    /// Casino, domains, faucet and escrow flows.
    pub services: ServicesSpec,
    /// Assets of the path whose returns the services' factors follow, in the order of
    /// `services.factors.assets`.
    pub factor_assets: Vec<usize>,
    /// Standard deviation of a year's log return of each asset of the path: what returns are
    /// measured in, for services and pools.
    pub volatility: Vec<f64>,
    /// One per agent of the plan.
    pub agents: Vec<PrimeAgent>,
}

/// A netting agreement and its name.
#[derive(Clone, Debug, PartialEq)]
pub struct AgreementPlan {
    /// Name for reports.
    pub name: String,
    /// Its terms.
    pub spec: AgreementSpec,
}

/// How utilisation, drawdown and given rates of the pools move: at the end of every step.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolsPlan {
    /// Length of a step, ms, counted from the start.
    pub step_ms: i64,
    /// Correlation of demand with the asset that stands for trading, in [−1, 1].
    pub correlation: f64,
    /// That asset, an index of the path.
    pub trading: usize,
    /// By asset, USDC's first.
    pub pools: Vec<PoolPlan>,
}

/// One pool.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolPlan {
    /// How demand moves; `None`: utilisation stays as it starts.
    pub demand: Option<Demand>,
    /// Asset of the path whose fall from its high at earlier steps is the borrowers' drawdown.
    pub watched: usize,
    /// Rates a year from given instants on; `None`: the pool's curve or its first rate.
    pub rates: Option<Arc<RateSeries>>,
}

/// Mean-reverting demand: `logit(u) = logit(u₀) + amplitude·x`, x an Ornstein–Uhlenbeck process with
/// standard deviation 1 that starts at 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// κ: x falls back by e^(−κ) in a day.
    pub reversion_per_day: f64,
    /// Standard deviation of logit(u).
    pub amplitude: f64,
}

/// Rates a year, each holding from its instant until the next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RateSeries {
    /// UTC ms, ascending.
    pub time_ms: Vec<i64>,
    /// A fraction a year.
    pub rate: Vec<f64>,
}

impl RateSeries {
    /// The rate that holds at an instant; before the first, the first.
    pub fn at(&self, now_ms: i64) -> f64 {
        let after = self.time_ms.partition_point(|time_ms| *time_ms <= now_ms);
        self.rate[after.saturating_sub(1)]
    }
}

/// What one agent has and does beside its positions.
#[derive(Clone, Debug, PartialEq)]
pub struct PrimeAgent {
    /// How the agent's wallet is split under silo custody, by index of the silo; sums to it. All
    /// zero where the plan never runs with silos.
    pub silos: [Amount; Silo::COUNT],
    /// What it holds of each asset beside USDC, in smallest units.
    pub holdings: Vec<Amount>,
    /// What it does at given instants, ascending by time, then in the order of the scenario.
    pub schedule: Vec<Scheduled>,
    /// How it balances its wallet.
    pub policy: Option<PrimeSpec>,
    /// How the loans are made that the policy gives, by asset; `None` for those it never lends.
    pub lends: Vec<Option<LendTerms>>,
    /// Which positions its policy may reduce, one for one.
    pub cuts: Vec<Cuttable>,
    /// Silo custody: what it keeps free in the trading silo.
    pub keep: Option<KeepSpec>,
}

/// Terms of the loans that a policy gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LendTerms {
    /// Everything but the amount.
    pub spec: LoanSpec,
    /// At the pool's rate of the opening for good, in place of `spec.rate`.
    pub fix_rate: bool,
}

/// Whether something reserved may be given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cuttable {
    /// In orange and red.
    pub reducible: bool,
    /// In yellow too.
    pub discretionary: bool,
}

/// Silo custody: refilling the trading silo out of the plain wallet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeepSpec {
    /// It looks once in so long, first one interval after the start.
    pub poll_ms: i64,
    /// A move is requested when less is free, arriving moves counted.
    pub least: Amount,
    /// It brings what is free to this.
    pub target: Amount,
}

/// Something that an agent does at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Scheduled {
    /// When, UTC ms.
    pub at_ms: i64,
    /// What.
    pub action: Scheme,
}

/// What is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Scheme {
    /// Buys or sells a holding at the spot market.
    Trade(AssetId, Side, TradeSize),
    /// Opens a loan, the agent's `loan`-th, as lender or as borrower.
    Loan {
        /// Its number among those of the agent.
        loan: usize,
        /// Its terms.
        spec: LoanSpec,
    },
    /// Asks a loan back.
    Recall(usize),
    /// Gives a loan back.
    Repay(usize),
    /// Makes a contract, the agent's `contract`-th.
    Contract {
        /// Its number among those of the agent.
        contract: usize,
        /// Its terms, in absolute time.
        spec: ContractSpec,
        /// Whether its hold may be reduced.
        cut: Cuttable,
    },
    /// An obligation of the agent under an agreement.
    Oblige {
        /// Index of the agreement.
        agreement: usize,
        /// To whom.
        payee: Party,
        /// How much.
        amount: Amount,
    },
    /// Silo custody: a move.
    Move {
        /// Where from.
        from: Silo,
        /// Where to.
        to: Silo,
        /// How much.
        amount: Amount,
    },
}

/// How much is traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeSize {
    /// So much of the asset.
    Quantity(Quantity),
    /// Bought for, or sold to yield, at least so many USDC.
    Usdc(Amount),
    /// All that is free of it (a sale only).
    All,
}

impl PrimePlan {
    /// Name of an asset of the ledger.
    pub fn asset_name(&self, asset: AssetId) -> &str {
        match usize::from(asset.0).checked_sub(1) {
            Some(index) => &self.holdings[index].name,
            None => "USDC",
        }
    }
}
