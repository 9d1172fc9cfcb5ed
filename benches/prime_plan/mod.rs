//! One wallet with all services behind it, as in `scenarios/prime_agent.toml`, and its prices.

use drypowder::engine::prime::{
    Cuttable, Demand, KeepSpec, LendTerms, PoolPlan, PoolsPlan, PrimeAgent, PrimePlan,
};
use drypowder::engine::{AgentPlan, CheckLevel, Plan};
use drypowder::ledger::{AssetId, USDC};
use drypowder::policy::{
    CountRecalled, GuardSpec, LendSpec, PrimeSpec, RebalanceSpec, RecallSpec, UtilisationBounds,
};
use drypowder::prices::models::{ModelKind, ModelSpec};
use drypowder::stats::SymMatrix;
use drypowder::units::Amount;
use drypowder::units::time::{DAY_MS, HOUR_MS};
use drypowder::venue::custody::{CustodyMode, HoldingSpec, Silo, SiloSpec};
use drypowder::venue::escrow::{EscrowSpec, OnTimeout, Party as EscrowParty};
use drypowder::venue::exchange::{MarginMode, PositionSpec, Slippage, SlippageSpec};
use drypowder::venue::lending::{
    AAVE_V3_USDC, AAVE_V3_WETH, BASE_UTILISATION, Curve, LendingSpec, LoanSpec, OutsideBorrower,
    Party, PoolSpec, RateSource, Response,
};
use drypowder::venue::services::{
    AgentServices, CasinoSpec, DomainsSpec, EscrowFlowSpec, FactorSpec, FlowParty, Notional,
    ServicesSpec, Stake,
};
use drypowder::venue::spot::SpotSpec;

use crate::common::{isolated, reference_plan, reference_prices, usdc};

const ETH: AssetId = AssetId(1);

/// A month of hours of BTC and ETH.
pub fn prices() -> ModelSpec {
    let mut spec = reference_prices();
    spec.steps = 720;
    spec.assets.truncate(2);
    spec.correlation = vec![1.0, 0.85, 0.85, 1.0];
    spec.kind = ModelKind::Gbm;
    spec
}

/// A cross long of BTC and an isolated one of ETH; loans of USDC and ETH in green, recall and rebalance
/// above; casino, domains and six contracts a day.
pub fn plan() -> Plan {
    let mut plan = reference_plan();
    plan.assets.truncate(2);
    plan.exchange.markets.truncate(2);
    let cross = PositionSpec {
        mode: MarginMode::Cross,
        collateral: Amount::ZERO,
        ..isolated(0, 1, 6_000.0, 0.0)
    };
    let positions = vec![cross, isolated(1, 1, 3_000.0, 1_000.0)];
    plan.agents = vec![AgentPlan {
        name: "prime".into(),
        wallet: usdc(10_000.0),
        thresholds: vec![crate::common::THRESHOLDS; 2],
        positions,
        guard: GuardSpec::none(),
        zone_monitor: None,
    }];
    plan.checks = CheckLevel::PerPath;
    plan.prime = Some(prime());
    plan
}

fn prime() -> PrimePlan {
    let form = Slippage::FixedBps { bps: 10.0 };
    let slippage = SlippageSpec { form, ..SlippageSpec::NONE };
    let demand = Some(Demand { reversion_per_day: 0.5, amplitude: 0.6 });
    let pool = |watched| PoolPlan { demand, watched, rates: None };
    PrimePlan {
        custody: CustodyMode::Unified,
        silo: SiloSpec::DEFAULT,
        holdings: vec![HoldingSpec { name: "ETH".into(), price: 1, haircut: Some(0.3) }],
        spot: vec![SpotSpec { price_asset: 1, fee: 0.001, slippage }],
        escrow: EscrowSpec::DEFAULT,
        agreements: Vec::new(),
        lending: LendingSpec::new(
            vec![
                terms(AAVE_V3_USDC.through(BASE_UTILISATION, 0.094), 0.05),
                terms(AAVE_V3_WETH.through(BASE_UTILISATION, 0.042), 0.0),
            ],
            64,
        ),
        pools: PoolsPlan {
            step_ms: HOUR_MS,
            correlation: -0.31,
            trading: 0,
            pools: vec![pool(0), pool(1)],
        },
        services: ServicesSpec {
            step_ms: HOUR_MS,
            factors: FactorSpec::prime(SymMatrix::identity(1), 0),
            agents: vec![services()],
        },
        factor_assets: vec![0],
        volatility: vec![0.60, 0.75],
        agents: vec![agent()],
    }
}

fn terms(curve: Curve, least_rate: f64) -> PoolSpec {
    let falling = |base, drawdown| Response { base, drawdown, utilisation: 0.0, kink: 1.0 };
    PoolSpec {
        rate: RateSource::Curve(curve),
        utilisation: BASE_UTILISATION,
        least_rate,
        borrowers: OutsideBorrower {
            early: falling(0.3, 0.0),
            failure: falling(0.01, 0.3),
            cure: falling(0.95, -1.0),
        },
    }
}

fn agent() -> PrimeAgent {
    let lend = |min_rate| LendSpec { max_share: 0.4, min_loan: usdc(100.0), min_rate };
    let terms = |asset, collateral| {
        let (lender, borrower) = (Party::Agent(0), Party::Outside);
        let spec = LoanSpec::new(lender, borrower, asset, Amount::ZERO, collateral);
        Some(LendTerms { spec, fix_rate: false })
    };
    let mut silos = [Amount::ZERO; Silo::COUNT];
    silos[Silo::Main.index()] = usdc(10_000.0);
    PrimeAgent {
        silos,
        holdings: vec![Amount::from_micro(100_000_000)],
        schedule: Vec::new(),
        policy: Some(PrimeSpec {
            poll_ms: 30_000,
            latency_ms: 50,
            zones: UtilisationBounds::default(),
            recall: Some(RecallSpec { count: CountRecalled::AtArrival, short_notice_ms: DAY_MS }),
            rebalance: Some(RebalanceSpec { target: 0.55 }),
            lend: vec![Some(lend(0.05)), Some(lend(0.02))],
        }),
        lends: vec![terms(USDC, ETH), terms(ETH, USDC)],
        cuts: vec![Cuttable { reducible: true, discretionary: false }; 2],
        keep: Some(KeepSpec { poll_ms: 30_000, least: usdc(500.0), target: usdc(1_000.0) }),
    }
}

fn services() -> AgentServices {
    AgentServices {
        agent: 0,
        name: "prime".into(),
        faucet: usdc(1.0),
        casino: Some(CasinoSpec {
            bankroll: usdc(300.0),
            bets_per_day: 20.0,
            stake: Stake::Fixed(usdc(5.0)),
            house_edge: 0.02,
            payoff: 2.0,
        }),
        domains: Some(DomainsSpec {
            registrations_per_day: 0.5,
            cost: usdc(20.0),
            registration_ms: DAY_MS,
            sales_per_day: 0.3,
            revenue: usdc(40.0),
        }),
        escrow: Some(EscrowFlowSpec {
            contracts_per_day: 6.0,
            notional: Notional::LogNormal { mean_usdc: 60.0, sigma: 0.5 },
            payer_share: 0.5,
            counterparty: FlowParty::Outside,
            confirm_mean_ms: 6.0 * HOUR_MS as f64,
            never: 0.02,
            dispute: 0.01,
            verdict_ms: DAY_MS,
            verdicts: [0.4, 0.3],
            timeout_ms: 3 * DAY_MS,
            on_timeout: OnTimeout::ToPayer,
            referrer: Some(EscrowParty::Outside),
            agreement: None,
        }),
    }
}
