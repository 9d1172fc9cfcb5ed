//! What prime brokerage needs while a path runs, kept from path to path.

use super::agent::{PrimeAgentState, PrimeOrder};
use super::loans::OpenLoan;
use super::plan::PrimePlan;
use super::pools::Pools;
use crate::engine::plan::Plan;
use crate::ledger::{AccountId, AssetId, USDC};
use crate::policy::{HoldingView, LoanView, PrimeActions, ReservedView};
use crate::stats::StreamKey;
use crate::units::Amount;
use crate::units::time::NEVER_MS;
use crate::venue::custody::{Books, Custody, Service, Silo};
use crate::venue::escrow::{AgreementSpec, ContractId, Escrow};
use crate::venue::exchange::Exchange;
use crate::venue::lending::{Context, Lending, LendingEffect, LoanId};
use crate::venue::services::Services;
use crate::venue::spot::{AssetAccounts, Spot, units};

/// Everything of a path beside the exchange.
pub(in crate::engine) struct PrimeState {
    pub custody: Custody,
    pub spot: Spot,
    pub lending: Lending,
    pub escrow: Escrow,
    pub services: Services,
    pub pools: Pools,
    /// Effects of the lending market, not yet counted.
    pub lending_effects: Vec<LendingEffect>,
    /// Initial margin at entry of cross positions, per agent, as of the last operation.
    pub cross_initial: Vec<f64>,
    /// Positions have changed since that was read.
    pub margins_stale: bool,
    /// Agents whose positions have; one may stand there twice.
    stale_margins: Vec<usize>,
    /// Marks at the start of the services' step, by factor asset.
    pub step_marks: Vec<f64>,
    /// Returns of the step over their standard deviation.
    pub returns: Vec<f64>,
    /// Loans that have not ended.
    pub open_loans: Vec<OpenLoan>,
    pub agents: Vec<PrimeAgentState>,
    /// Orders of policies on their way.
    pub orders: Vec<PrimeOrder>,
    pub due: Vec<PrimeOrder>,
    /// Requests that custody had turned down, of all agents, when they were last counted.
    pub turned_down: u64,
    /// Collateral of loans must be looked at.
    pub collateral_due: bool,
    /// Whether any service is used.
    pub has_services: bool,
    pub scratch: Scratch,
    draw_keys: Vec<[StreamKey; 2]>,
}

/// Views of one look, and what was decided.
#[derive(Default)]
pub(in crate::engine) struct Scratch {
    pub loans: Vec<LoanView>,
    pub loan_ids: Vec<LoanId>,
    pub reserved: Vec<ReservedView>,
    pub contracts: Vec<ContractId>,
    /// What orders on their way will free of what is reserved.
    pub freed: Amount,
    pub holdings: Vec<HoldingView>,
    pub actions: PrimeActions,
    pub counted: Vec<(usize, f64)>,
}

impl PrimeState {
    /// Opens the accounts of a plan's services in the exchange's ledger.
    pub fn new(plan: &Plan, prime: &PrimePlan, exchange: &mut Exchange) -> Self {
        let names: Vec<&str> = plan.agents.iter().map(|agent| agent.name.as_str()).collect();
        let wallets: Vec<AccountId> =
            exchange.accounts().iter().map(|account| account.wallet).collect();
        let house = exchange.house();
        let (ledger, _) = exchange.parts();
        let custody = Custody::new(prime.custody, &names, &prime.holdings, ledger, &wallets);
        let assets: Vec<&str> =
            prime.holdings.iter().map(|holding| holding.name.as_str()).collect();
        let usdc = AssetAccounts { market: house.market, fees: house.fees };
        let spot = Spot::new(prime.spot.clone(), AssetAccounts::open(usdc, &assets, ledger));
        let wallets = (0..names.len()).map(|agent| lending_wallets(&custody, agent, assets.len()));
        let lending = Lending::new(prime.lending.clone(), &spot, wallets.collect(), ledger);
        let agreements: Vec<AgreementSpec> =
            prime.agreements.iter().map(|agreement| agreement.spec.clone()).collect();
        let count = names.len();
        let escrow =
            Escrow::new(prime.escrow, &agreements, count, ledger, house.market, house.fees);
        let services = Services::new(&prime.services, ledger, house.market)
            .expect("the scenario has checked that the correlations can hold together");
        let draw_keys: Vec<[StreamKey; 2]> = (names.iter())
            .map(|name| [StreamKey::new("loans", name), StreamKey::new("silo moves", name)])
            .collect();
        let agents = (prime.agents.iter().zip(&draw_keys))
            .map(|(agent, keys)| PrimeAgentState::new(agent, keys, agreements.len()))
            .collect();
        Self {
            custody,
            spot,
            lending,
            escrow,
            services,
            pools: Pools::new(prime),
            lending_effects: Vec::new(),
            cross_initial: vec![0.0; count],
            margins_stale: true,
            stale_margins: Vec::with_capacity(count),
            step_marks: vec![f64::NAN; prime.factor_assets.len()],
            returns: vec![0.0; prime.factor_assets.len()],
            open_loans: Vec::with_capacity(prime.lending.loans_max),
            agents,
            orders: Vec::new(),
            due: Vec::new(),
            turned_down: 0,
            collateral_due: false,
            has_services: !prime.services.agents.is_empty(),
            scratch: Scratch::default(),
            draw_keys,
        }
    }

    /// Starts over for a path. The exchange has reset the ledger.
    pub fn reset(&mut self, seed: u64, path: u64) {
        self.custody.reset();
        self.spot.reset();
        self.lending.reset();
        self.escrow.reset();
        self.services.reset(seed, path);
        self.pools.reset(seed, path);
        self.lending_effects.clear();
        self.open_loans.clear();
        self.orders.clear();
        self.turned_down = 0;
        self.collateral_due = false;
        self.margins_stale = true;
        for (state, keys) in self.agents.iter_mut().zip(&self.draw_keys) {
            state.reset(keys, seed, path);
        }
    }

    /// Positions of an agent have changed.
    pub fn margin_changed(&mut self, agent: usize) {
        if self.stale_margins.len() >= self.agents.len() {
            self.margins_stale = true;
        }
        if !self.margins_stale {
            self.stale_margins.push(agent);
        }
    }

    /// Whether what cross positions reserve is known as it is.
    pub fn knows_margins(&self) -> bool {
        !self.margins_stale && self.stale_margins.is_empty()
    }

    /// Reads anew what cross positions reserve, where any has changed: before services and loans draw
    /// on wallets.
    pub fn read_margins(&mut self, exchange: &Exchange) {
        if std::mem::take(&mut self.margins_stale) {
            self.stale_margins.clear();
            self.stale_margins.extend(0..self.cross_initial.len());
        }
        let shared = self.custody.is_unified();
        for agent in self.stale_margins.drain(..) {
            let margin = exchange.cross_initial(agent);
            self.cross_initial[agent] = margin;
            let reserved = if shared { Amount::round_usdc(margin) } else { Amount::ZERO };
            self.lending.set_reserved(agent, reserved);
        }
    }

    /// Runs something of the services on the wallets.
    pub fn with_books<T>(
        &mut self,
        exchange: &mut Exchange,
        now_ms: i64,
        work: impl FnOnce(&mut Books<'_>, &mut Escrow, &mut Services) -> T,
    ) -> T {
        self.read_margins(exchange);
        let (ledger, _) = exchange.parts();
        let mut books = Books {
            now_ms,
            ledger,
            custody: &mut self.custody,
            cross_initial: &self.cross_initial,
        };
        work(&mut books, &mut self.escrow, &mut self.services)
    }

    /// Runs something of the lending market.
    pub fn with_lending<T>(
        &mut self,
        exchange: &mut Exchange,
        now_ms: i64,
        work: impl FnOnce(&mut Lending, &mut Context<'_>) -> T,
    ) -> T {
        self.read_margins(exchange);
        let (ledger, prices) = exchange.parts();
        let mut context = Context {
            now_ms,
            ledger,
            spot: &mut self.spot,
            prices,
            effects: &mut self.lending_effects,
        };
        work(&mut self.lending, &mut context)
    }

    /// Every account of the ledger in which custody keeps something of an agent.
    pub fn wallets(&self, agent: usize) -> impl Iterator<Item = AccountId> {
        let silos = Silo::ALL.into_iter().map(move |silo| self.custody.silo(agent, silo));
        let assets = 1..self.spot.assets().count();
        let holdings = assets.flat_map(move |asset| {
            let asset = asset_id(asset - 1);
            Service::ALL.into_iter().map(move |service| self.custody.wallet(agent, service, asset))
        });
        silos.chain(holdings)
    }

    /// When something is due next for an agent.
    pub fn agent_due_ms(&self, plan: &PrimePlan, agent: usize) -> i64 {
        let state = &self.agents[agent];
        let next = plan.agents[agent].schedule.get(state.next);
        let scheduled_ms = next.map_or(NEVER_MS, |one| one.at_ms);
        state.due_ms.min(state.keep_due_ms).min(scheduled_ms)
    }

    /// Whether anything has happened that is not yet counted.
    pub fn has_news(&self) -> bool {
        !(self.custody.effects().is_empty()
            && self.services.effects().is_empty()
            && self.escrow.effects().is_empty()
            && self.lending_effects.is_empty())
            || self.custody.turned_down() != self.turned_down
    }

    /// The next instant at which anything of it wants to be called that is no agent's own.
    ///
    /// Where the venue's checks rest, calls for collateral that had ended by `waiting_since_ms` wait
    /// for the next tick with them.
    pub fn next_due_ms(&self, waiting_since_ms: Option<i64>) -> i64 {
        let mut next_ms = self.custody.next_due_ms();
        let lending_ms = match waiting_since_ms {
            Some(now_ms) => self.lending.next_due_beside_calls_ms(now_ms),
            None => self.lending.next_due_ms(),
        };
        next_ms = next_ms.min(self.escrow.next_due_ms()).min(lending_ms);
        next_ms = next_ms.min(self.pools.next_ms());
        if self.has_services {
            next_ms = next_ms.min(self.services.next_due_ms());
        }
        for order in &self.orders {
            next_ms = next_ms.min(order.due_ms);
        }
        next_ms
    }

    /// Tells the exchange which holdings count as an agent's capital.
    pub fn count_holdings(&mut self, plan: &PrimePlan, exchange: &mut Exchange, agent: usize) {
        let counted = &mut self.scratch.counted;
        counted.clear();
        for (index, holding) in plan.holdings.iter().enumerate() {
            let Some(haircut) = holding.haircut else { continue };
            let asset = asset_id(index);
            let wallet = self.custody.wallet(agent, Service::Trading, asset);
            let held = units(asset, exchange.ledger().balance(wallet));
            counted.push((holding.price, held * (1.0 - haircut)));
        }
        exchange.set_counted(agent, counted.iter().copied());
    }
}

/// The ledger's asset of the n-th holding.
pub(in crate::engine) fn asset_id(holding: usize) -> AssetId {
    AssetId(u16::try_from(holding + 1).expect("fewer than 2^16 assets"))
}

/// Where an agent's money for lending lies, by asset.
fn lending_wallets(custody: &Custody, agent: usize, holdings: usize) -> Vec<AccountId> {
    let others = (0..holdings).map(asset_id);
    let assets = std::iter::once(USDC).chain(others);
    assets.map(|asset| custody.wallet(agent, Service::Lending, asset)).collect()
}
