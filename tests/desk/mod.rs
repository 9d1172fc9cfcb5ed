//! Every room of the venue on one ledger, worked by hand: exchange, custody, escrow, spot, lending
//! and services, with ETH, BTC and SOL beside USDC.

#![allow(dead_code, reason = "each test binary uses a part")]

use drypowder::ledger::{AccountId, AssetId, Ledger, USDC};
use drypowder::stats::{Stream, StreamKey, SymMatrix};
use drypowder::units::Amount;
use drypowder::units::time::HOUR_MS;
use drypowder::venue::custody::{Books, Custody, CustodyMode, HoldingSpec, Service};
use drypowder::venue::escrow::{AgreementSpec, ContractId, ContractSpec, Escrow, EscrowSpec, Side};
use drypowder::venue::exchange::{
    Brackets, Exchange, ExchangeSpec, ForceClose, LossRule, MarginCallSpec, MarginMode, MarketSpec,
    PositionSpec, Prices, SlippageSpec, ZoneBounds,
};
use drypowder::venue::lending::{
    Context, Lending, LendingEffect, LendingSpec, LoanId, LoanSpec, OutsideBorrower, PoolSpec,
    RateSource, Rejection,
};
use drypowder::venue::services::{AgentServices, FactorSpec, Services, ServicesSpec};
use drypowder::venue::spot::{AssetAccounts, Spot, SpotSpec, round_units};

pub const ETH: AssetId = AssetId(1);
pub const BTC: AssetId = AssetId(2);
pub const SOL: AssetId = AssetId(3);
const NAMES: [&str; 3] = ["ETH", "BTC", "SOL"];

/// An amount of an asset.
pub fn of(asset: AssetId, units: f64) -> Amount {
    round_units(asset, units).expect("an amount of a test")
}

pub fn usdc(units: f64) -> Amount {
    of(USDC, units)
}

/// What a desk is opened with; a test changes what it is about.
pub struct Setup {
    pub custody: CustodyMode,
    pub markets: Vec<MarketSpec>,
    pub margin_call: Option<MarginCallSpec>,
    /// Limit on gross exposure, a multiple of wallet and collateral.
    pub max_gross: Option<f64>,
    /// Fee and slippage of the spot markets.
    pub spot: (f64, SlippageSpec),
    pub escrow: EscrowSpec,
    pub agreements: Vec<AgreementSpec>,
    pub lending: LendingSpec,
    pub services: Vec<AgentServices>,
    /// Agents with the slots of their positions.
    pub agents: Vec<(&'static str, Vec<PositionSpec>)>,
}

/// One wallet behind everything, no costs but those of escrow, agents a, b and c.
pub fn setup() -> Setup {
    let markets = (NAMES.iter().zip(0..)).map(|(name, asset)| perpetual(name, asset));
    Setup {
        custody: CustodyMode::Unified,
        markets: markets.collect(),
        margin_call: None,
        max_gross: None,
        spot: (0.0, SlippageSpec::NONE),
        escrow: EscrowSpec::DEFAULT,
        agreements: Vec::new(),
        lending: LendingSpec::new(vec![pool(); 4], 4),
        services: Vec::new(),
        agents: ["a", "b", "c"].map(|name| (name, Vec::new())).to_vec(),
    }
}

/// 30 % initial and 15 % maintenance margin, force-close at 1.05, penalty 1 %, no other costs.
pub fn perpetual(name: &str, asset: usize) -> MarketSpec {
    MarketSpec {
        name: format!("{name}-PERP"),
        asset,
        initial_margin: 0.30,
        maintenance: Brackets::flat(0.15),
        liquidation_hf: 1.05,
        zones: ZoneBounds::default(),
        taker_fee: 0.0,
        penalty: 0.01,
        slippage: SlippageSpec::NONE,
        liquidation_slippage: SlippageSpec::NONE,
        force_close: ForceClose::Full,
        funding: None,
    }
}

/// A long of `units` at `entry` in the market of asset `asset`; isolated where it has collateral
/// of its own.
pub fn long(asset: usize, units: f64, entry: f64, collateral: f64) -> PositionSpec {
    let mode = if collateral > 0.0 { MarginMode::Isolated } else { MarginMode::Cross };
    PositionSpec {
        name: format!("{}-PERP", NAMES[asset]),
        market: asset,
        mode,
        side: 1,
        notional_usdc: units * entry,
        quantity: Some(units),
        entry_price: Some(entry),
        collateral: usdc(collateral),
        zones: None,
    }
}

/// A pool whose loans name their own rates, with borrowers that always return.
pub fn pool() -> PoolSpec {
    PoolSpec {
        rate: RateSource::Given(0.0),
        utilisation: 0.8,
        least_rate: 0.0,
        borrowers: OutsideBorrower::RELIABLE,
    }
}

pub struct Desk {
    pub exchange: Exchange,
    pub custody: Custody,
    pub escrow: Escrow,
    pub spot: Spot,
    pub lending: Lending,
    pub services: Services,
    pub effects: Vec<LendingEffect>,
    pub now_ms: i64,
    specs: Vec<Vec<PositionSpec>>,
    cross: Vec<f64>,
    draws: Stream,
}

impl Desk {
    /// All accounts empty, ETH at 2,840, BTC at 88,500, SOL at 182; every posting is kept.
    pub fn new(setup: Setup) -> Self {
        let slots: Vec<(&str, &[PositionSpec])> =
            setup.agents.iter().map(|(name, slots)| (*name, slots.as_slice())).collect();
        let names: Vec<&str> = slots.iter().map(|(name, _)| *name).collect();
        let spec = ExchangeSpec {
            markets: setup.markets,
            insurance: Amount::ZERO,
            loss_rule: LossRule::BadDebt,
            max_gross: setup.max_gross,
            margin_call: setup.margin_call,
        };
        let mut exchange = Exchange::new(spec, NAMES.len(), &slots);
        let wallets: Vec<AccountId> = exchange.accounts().iter().map(|one| one.wallet).collect();
        let house = exchange.house();
        let (ledger, _) = exchange.parts();
        let holdings: Vec<HoldingSpec> = (NAMES.iter().enumerate())
            .map(|(price, name)| HoldingSpec { name: (*name).into(), price, haircut: None })
            .collect();
        let custody = Custody::new(setup.custody, &names, &holdings, ledger, &wallets);
        let (count, market, fees) = (names.len(), house.market, house.fees);
        let escrow = Escrow::new(setup.escrow, &setup.agreements, count, ledger, market, fees);
        let accounts = AssetAccounts::open(AssetAccounts { market, fees }, &NAMES, ledger);
        let (fee, slippage) = setup.spot;
        let spot = (0..NAMES.len()).map(|price_asset| SpotSpec { price_asset, fee, slippage });
        let spot = Spot::new(spot.collect(), accounts);
        let purses = (0..count)
            .map(|agent| {
                [USDC, ETH, BTC, SOL].map(|asset| custody.wallet(agent, Service::Lending, asset))
            })
            .map(Vec::from);
        let lending = Lending::new(setup.lending, &spot, purses.collect(), ledger);
        let factors = FactorSpec::prime(SymMatrix::identity(1), 0);
        let spec = ServicesSpec { step_ms: HOUR_MS, factors, agents: setup.services };
        let mut services = Services::new(&spec, ledger, market).expect("correlations hold");
        services.reset(1, 0);
        exchange.keep_journal();
        exchange.reset();
        let mut desk = Self {
            exchange,
            custody,
            escrow,
            spot,
            lending,
            services,
            effects: Vec::new(),
            now_ms: 0,
            cross: vec![0.0; count],
            specs: setup.agents.into_iter().map(|(_, slots)| slots).collect(),
            draws: StreamKey::new("loans", "").open(1, 0),
        };
        desk.prices([2_840.0, 88_500.0, 182.0]);
        desk
    }

    pub fn ledger(&self) -> &Ledger {
        self.exchange.ledger()
    }

    pub fn prices(&mut self, prices: [f64; 3]) {
        let (marks, lasts) = self.exchange.prices_mut();
        marks.copy_from_slice(&prices);
        lasts.copy_from_slice(&prices);
    }

    pub fn at(&mut self, now_ms: i64) {
        self.now_ms = now_ms;
        self.exchange.begin_instant(now_ms);
    }

    /// Pays in from outside.
    pub fn deposit(&mut self, agent: usize, asset: AssetId, units: f64) {
        let from = self.spot.accounts()[usize::from(asset.0)].market;
        let to = self.custody.wallet(agent, Service::Trading, asset);
        self.exchange.parts().0.transfer(from, to, of(asset, units), "deposit");
    }

    pub fn balance(&self, agent: usize, asset: AssetId) -> Amount {
        self.ledger().balance(self.custody.wallet(agent, Service::Trading, asset))
    }

    /// Opens an agent's positions as at the start of a run.
    pub fn open_positions(&mut self, agent: usize) {
        for position in 0..self.specs[agent].len() {
            let spec = self.specs[agent][position].clone();
            self.exchange.open_at_start(agent, position, &spec);
        }
    }

    /// Lets custody, escrow or services do something; the books balance after it.
    pub fn books<T>(
        &mut self,
        act: impl FnOnce(&mut Books<'_>, &mut Escrow, &mut Services) -> T,
    ) -> T {
        for agent in 0..self.cross.len() {
            self.cross[agent] = self.exchange.cross_initial(agent);
        }
        let mut books = Books {
            now_ms: self.now_ms,
            ledger: self.exchange.parts().0,
            custody: &mut self.custody,
            cross_initial: &self.cross,
        };
        let done = act(&mut books, &mut self.escrow, &mut self.services);
        self.check();
        done
    }

    /// Makes a contract and funds it.
    pub fn fund(&mut self, spec: ContractSpec) -> ContractId {
        self.books(|books, escrow, _| {
            let id = escrow.create(books, spec).expect("the payer can back it");
            escrow.fund(books, id).expect("it is new");
            id
        })
    }

    /// Both sides confirm.
    pub fn release(&mut self, id: ContractId) {
        self.books(|books, escrow, _| {
            for side in [Side::Payee, Side::Payer] {
                escrow.confirm(books, id, side).expect("it is funded");
            }
        });
    }

    /// Does what falls due of escrow.
    pub fn settle_escrow(&mut self, now_ms: i64) {
        self.at(now_ms);
        self.books(|books, escrow, _| escrow.settle(books));
    }

    /// Lets the lending market do something; the books balance after it.
    pub fn lend<T>(&mut self, act: impl FnOnce(&mut Lending, &mut Context<'_>) -> T) -> T {
        let (ledger, prices): (&mut Ledger, Prices<'_>) = self.exchange.parts();
        let mut context = Context {
            now_ms: self.now_ms,
            ledger,
            spot: &mut self.spot,
            prices,
            effects: &mut self.effects,
        };
        let done = act(&mut self.lending, &mut context);
        self.check();
        done
    }

    pub fn open_loan(&mut self, spec: &LoanSpec) -> Result<LoanId, Rejection> {
        let mut draws = self.draws.clone();
        let opened = self.lend(|lending, context| lending.open(spec, &mut draws, context));
        self.draws = draws;
        opened
    }

    /// Force-closes and margin calls until nothing is due; how many there were.
    pub fn venue_checks(&mut self) -> usize {
        let mut steps = 0;
        loop {
            if let Some(due) = self.exchange.due() {
                self.exchange.execute(due);
            } else if let Some(due) = self.exchange.call_due() {
                self.exchange.execute_call(due);
            } else {
                self.check();
                return steps;
            }
            steps += 1;
            assert!(steps < 100, "venue checks without end");
        }
    }

    fn check(&self) {
        assert_eq!(self.ledger().conservation(), Ok(()));
        assert_eq!(self.custody.check(self.ledger()), Ok(()));
        assert!(self.escrow.is_backed(self.ledger()));
    }
}
