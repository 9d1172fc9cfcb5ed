//! A venue of many agents and many markets, of any size: half of the accounts in cross margin, two
//! in five with a guard that tops up.

use drypowder::engine::{AgentPlan, CheckLevel, MetricLevel, Plan};
use drypowder::policy::{
    FallbackWhen, GuardSpec, KillScope, KillSwitchSpec, Sizing, TopUpSpec, TopUpThresholds,
};
use drypowder::prices::models::{GbmAsset, ModelKind, ModelOptions, ModelSpec};
use drypowder::stats::StreamKey;
use drypowder::units::Amount;
use drypowder::units::time::{HOUR_MS, SECOND_MS};
use drypowder::venue::exchange::{
    Brackets, ExchangeSpec, ForceClose, FundingSource, FundingSpec, LossRule, MarginMode,
    MarketSpec, PositionSpec, Slippage, SlippageSpec, ZoneBounds,
};

/// A day of minutes from 2026-01-01T00:00Z.
pub const STEPS: usize = 1_440;

fn asset_name(asset: usize) -> String {
    format!("A{asset:04}")
}

/// Geometric Brownian motions of 60 to 120 % a year, each pair correlated by 1/2.
pub fn prices(assets: usize) -> ModelSpec {
    let one = |asset: usize| GbmAsset {
        name: asset_name(asset),
        start_price: 10.0 + asset as f64,
        volatility: 0.6 + 0.6 * (asset % 7) as f64 / 6.0,
        drift: 0.0,
    };
    let entry = |index: usize| if index / assets == index % assets { 1.0 } else { 0.5 };
    ModelSpec {
        start_ms: 1_767_225_600_000,
        step_ms: 60 * SECOND_MS,
        steps: STEPS,
        assets: (0..assets).map(one).collect(),
        correlation: (0..assets * assets).map(entry).collect(),
        kind: ModelKind::Gbm,
        options: ModelOptions::default(),
    }
}

fn market(asset: usize) -> MarketSpec {
    let slippage = Slippage::SquareRoot { y: 1.0, daily_volume_usdc: 1e8 };
    let slippage = SlippageSpec { form: slippage, sigma_day: 0.04, ..SlippageSpec::NONE };
    MarketSpec {
        name: format!("{}-PERP", asset_name(asset)),
        asset,
        initial_margin: 0.1,
        maintenance: Brackets::flat(0.05),
        liquidation_hf: 1.05,
        zones: ZoneBounds::default(),
        taker_fee: 0.0005,
        penalty: 0.01,
        slippage,
        liquidation_slippage: slippage,
        force_close: ForceClose::Full,
        funding: Some(FundingSpec {
            interval_ms: 8 * HOUR_MS,
            source: FundingSource::Constant(1e-4),
        }),
    }
}

fn guard() -> GuardSpec {
    let top_up = TopUpSpec {
        enabled: true,
        thresholds: TopUpThresholds { warning: 1.6, danger: 1.2, target: 2.0 },
        max_per_event: Amount::round_usdc(500.0),
        max_per_day: Amount::round_usdc(2_000.0),
        reserve_minimum: Amount::round_usdc(100.0),
        fallback_to_kill_switch: true,
        fallback_when: FallbackWhen::AnyCap,
        sizing: Sizing::Exact,
        cooldown_ms: 0,
        transfer_delay_ms: 0,
        failure_probability: 0.0,
        notify_webhook: None,
    };
    let kill_switch = KillSwitchSpec {
        enabled: true,
        trigger_hf: None,
        scope: KillScope::Triggering,
        dry_run: false,
        priority: true,
        reason: String::new(),
    };
    GuardSpec {
        poll_ms: 5 * SECOND_MS,
        latency_ms: 50,
        top_up: Some(top_up),
        kill_switch: Some(kill_switch),
        ..GuardSpec::none()
    }
}

/// Each agent is made of a stream of its own. Health factors begin between 1.3 and 3, `calm` times
/// as high.
fn agent(number: usize, assets: usize, calm: f64) -> AgentPlan {
    let name = format!("agent {number:05}");
    let mut draw = StreamKey::new("crowd", &name).open(1, 0);
    let cross = number.is_multiple_of(2);
    let count = 2 + (draw.uniform() * 3.0) as usize;
    let mut wallet = 1_000.0;
    let positions: Vec<PositionSpec> = (0..count)
        .map(|place| {
            let notional_usdc = 1_000.0 + 9_000.0 * draw.uniform();
            let health = (1.3 + 1.7 * draw.uniform()) * calm;
            let backing = health * 0.05 * notional_usdc;
            wallet += if cross { backing } else { 0.0 };
            PositionSpec {
                name: format!("position {place}"),
                market: (draw.uniform() * assets as f64) as usize,
                mode: if cross { MarginMode::Cross } else { MarginMode::Isolated },
                side: if draw.uniform() < 0.7 { 1 } else { -1 },
                notional_usdc,
                quantity: None,
                entry_price: None,
                collateral: Amount::round_usdc(if cross { 0.0 } else { backing }),
                zones: None,
            }
        })
        .collect();
    let thresholds = TopUpThresholds { warning: 1.6, danger: 1.2, target: 2.0 };
    AgentPlan {
        name,
        wallet: Amount::round_usdc(wallet),
        thresholds: vec![thresholds; positions.len()],
        positions,
        guard: if number % 5 < 2 { guard() } else { GuardSpec::none() },
        zone_monitor: None,
    }
}

/// So many agents in so many markets; losses are borne by nobody, so that no agent's fate hangs on
/// another's but through the prices of common fills.
pub fn plan(agents: usize, assets: usize, calm: f64) -> Plan {
    Plan {
        shocks: Vec::new(),
        assets: (0..assets).map(asset_name).collect(),
        exchange: ExchangeSpec {
            markets: (0..assets).map(market).collect(),
            insurance: Amount::ZERO,
            loss_rule: LossRule::BadDebt,
            max_gross: None,
            margin_call: None,
        },
        agents: (0..agents).map(|number| agent(number, assets, calm)).collect(),
        prime: None,
        fleets: Vec::new(),
        impact: None,
        checks: CheckLevel::PerPath,
        metrics: MetricLevel::Events,
    }
}
