//! A hand-made plan with prime brokerage and events of it, for tests of what is written and told.

use crate::engine::prime::{AgreementPlan, LendTerms, PoolPlan, PoolsPlan, PrimeAgent, PrimePlan};
use crate::engine::{About, AgentOutcome, Event, EventKind};
use crate::ledger::{AssetId, USDC};
use crate::policy::{
    CountRecalled, LendSpec, PrimeSpec, RebalanceSpec, RecallSpec, UtilisationBounds,
};
use crate::scenario::Scenario;
use crate::stats::SymMatrix;
use crate::study::{Trace, VariantSet};
use crate::units::time::{DAY_MS, HOUR_MS};
use crate::units::{Amount, Quantity};
use crate::venue::custody::{CustodyMode, HoldingSpec, SiloSpec, amount_of};
use crate::venue::escrow::{AgreementSpec, EscrowSpec, OnTimeout, Party as EscrowParty};
use crate::venue::lending::{
    AAVE_V3_USDC, AAVE_V3_WETH, Curve, LendingSpec, LoanSpec, OutsideBorrower, Party, PoolSpec,
    RateSource,
};
use crate::venue::services::{
    AgentServices, CasinoSpec, EscrowFlowSpec, FactorSpec, FlowParty, Notional, ServicesSpec, Stake,
};
use crate::venue::spot::SpotSpec;

/// 10 October 2025, 00:00 UTC.
pub(super) const T0: i64 = 1_760_054_400_000;

/// The second asset of the ledger.
pub(super) const ETH: AssetId = AssetId(1);

/// alice and bob, each with a position; alice holds 2 ETH too and lends them with a day's notice.
pub(super) fn prime_scenario() -> Scenario {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios/two_agents.toml");
    let sets = [("paths".to_owned(), "3".to_owned())];
    let mut scenario = Scenario::load(file, &sets).unwrap_or_else(|wrong| panic!("{wrong}"));
    let slippage = scenario.plan.exchange.markets[1].slippage;
    scenario.plan.prime = Some(PrimePlan {
        custody: CustodyMode::Unified,
        silo: SiloSpec::DEFAULT,
        holdings: vec![HoldingSpec { name: "ETH".to_owned(), price: 1, haircut: Some(0.8) }],
        spot: vec![SpotSpec { price_asset: 1, fee: 0.001, slippage }],
        escrow: EscrowSpec::DEFAULT,
        agreements: vec![AgreementPlan {
            name: "daily".to_owned(),
            spec: AgreementSpec {
                members: vec![EscrowParty::Agent(0), EscrowParty::Agent(1)],
                interval_ms: DAY_MS,
                origin_ms: 0,
                referrer: None,
            },
        }],
        lending: LendingSpec::new(vec![pool(AAVE_V3_USDC), pool(AAVE_V3_WETH)], 8),
        pools: PoolsPlan {
            step_ms: HOUR_MS,
            correlation: 0.0,
            trading: 0,
            pools: vec![PoolPlan { demand: None, watched: 1, rates: None }; 2],
        },
        services: ServicesSpec {
            step_ms: HOUR_MS,
            factors: FactorSpec::prime(SymMatrix::identity(2), 0),
            agents: vec![services()],
        },
        factor_assets: vec![0, 1],
        volatility: vec![0.60, 0.75],
        agents: vec![agent(0, 2.0), agent(1, 0.0)],
    });
    scenario
}

/// alice bets, and pays and is paid through escrow.
fn services() -> AgentServices {
    let usdc = Amount::round_usdc;
    AgentServices {
        agent: 0,
        name: "alice".to_owned(),
        faucet: usdc(5.0),
        casino: Some(CasinoSpec {
            bankroll: usdc(50.0),
            bets_per_day: 20.0,
            stake: Stake::Fixed(usdc(1.0)),
            house_edge: 0.02,
            payoff: 2.0,
        }),
        domains: None,
        escrow: Some(EscrowFlowSpec {
            contracts_per_day: 4.0,
            notional: Notional::Fixed(usdc(40.0)),
            payer_share: 0.6,
            counterparty: FlowParty::Outside,
            confirm_mean_ms: 6.0 * HOUR_MS as f64,
            never: 0.05,
            dispute: 0.02,
            verdict_ms: DAY_MS,
            verdicts: [0.5, 0.3],
            timeout_ms: 2 * DAY_MS,
            on_timeout: OnTimeout::ToPayer,
            referrer: None,
            agreement: None,
        }),
    }
}

/// Looks every six hours, lends ETH in green, recalls and counts on it at once, and reduces.
fn policy() -> PrimeSpec {
    let lend = LendSpec { max_share: 0.4, min_loan: Amount::round_usdc(50.0), min_rate: 0.0 };
    PrimeSpec {
        poll_ms: 6 * HOUR_MS,
        latency_ms: 0,
        zones: UtilisationBounds::default(),
        recall: Some(RecallSpec { count: CountRecalled::AtRequest, short_notice_ms: DAY_MS }),
        rebalance: Some(RebalanceSpec { target: 0.55 }),
        lend: vec![None, Some(lend)],
    }
}

fn pool(curve: Curve) -> PoolSpec {
    PoolSpec {
        rate: RateSource::Curve(curve),
        utilisation: 0.80,
        least_rate: 0.0,
        borrowers: OutsideBorrower::RELIABLE,
    }
}

fn agent(index: usize, eth: f64) -> PrimeAgent {
    let held = Quantity::try_round(eth).map(amount_of).unwrap();
    let spec = LoanSpec::new(Party::Agent(index), Party::Outside, ETH, held, USDC);
    PrimeAgent {
        silos: [Amount::ZERO; 7],
        holdings: vec![held],
        schedule: Vec::new(),
        policy: (index == 0).then(policy),
        lends: vec![None, Some(LendTerms { spec, fix_rate: false })],
        cuts: vec![Default::default()],
        keep: None,
    }
}

/// An event of alice on a loan, so many hours after [`T0`], in ETH.
pub(super) fn on_loan(hours: i64, kind: EventKind, loan: u32, amount: f64, price: f64) -> Event {
    let about = About::Loan(loan);
    Event { about, asset: ETH, amount, price, reason: "as lender", ..event(hours, kind) }
}

/// An event of alice on her account.
pub(super) fn event(hours: i64, kind: EventKind) -> Event {
    Event {
        notional: f64::NAN,
        time_ms: T0 + hours * HOUR_MS,
        agent: 0,
        kind,
        position: None,
        about: About::Account,
        amount: f64::NAN,
        asset: USDC,
        price: f64::NAN,
        mark: f64::NAN,
        costs: f64::NAN,
        due_ms: None,
        health_before: f64::NAN,
        health_factor: f64::NAN,
        utilisation: 0.5,
        reason: "",
    }
}

/// A loan that is recalled and not returned while alice is liquidated.
pub(super) fn failed_recall() -> Vec<Event> {
    let liquidated = Event {
        position: Some(0),
        amount: -900.0,
        price: 70_000.0,
        mark: 70_800.0,
        costs: 12.5,
        health_before: 1.04,
        reason: "equity left",
        ..event(30, EventKind::Liquidated)
    };
    let recalled = Event {
        due_ms: Some(T0 + 2 * DAY_MS),
        ..on_loan(24, EventKind::LoanRecalled, 3, 0.8, 2_840.0)
    };
    vec![
        on_loan(0, EventKind::LoanOpened, 3, 0.8, 2_800.0),
        recalled,
        liquidated,
        on_loan(48, EventKind::RecallFailed, 3, 0.8, 2_900.0),
        on_loan(48, EventKind::BoughtIn, 3, 0.7, 2_900.0),
        on_loan(48, EventKind::LendingShortfall, 3, 0.1, 2_900.0),
    ]
}

/// A trace of the plan from [`T0`] on, four days long.
pub(super) fn trace_of(events: Vec<Event>) -> Trace {
    Trace {
        variant: 0,
        path: 2,
        span_ms: (T0, T0 + 4 * DAY_MS),
        start_marks: vec![88_500.0, 2_840.0],
        end_marks: vec![70_800.0, 2_982.0],
        events,
        samples: Vec::new(),
        outcomes: vec![AgentOutcome::default(); 2],
        unrealised: vec![vec![0.0]; 2],
    }
}

pub(super) fn variants(scenario: &Scenario) -> VariantSet {
    VariantSet::of(scenario).unwrap()
}
