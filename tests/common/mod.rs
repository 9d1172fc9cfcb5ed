//! Plans written in code, for tests that need no scenario file.

pub mod models;

use drypowder::engine::{AgentPlan, CheckLevel, MetricLevel, Plan};
use drypowder::policy::{
    FallbackWhen, GuardSpec, KillScope, KillSwitchSpec, Sizing, TopUpSpec, TopUpThresholds,
};
use drypowder::prices::models::{GbmAsset, ModelKind, ModelOptions, ModelSpec};
use drypowder::units::Amount;
use drypowder::units::time::HOUR_MS;
use drypowder::venue::exchange::{
    Brackets, ExchangeSpec, ForceClose, LossRule, MarginMode, MarketSpec, PositionSpec, Slippage,
    SlippageSpec, ZoneBounds,
};

/// 2026-01-01T00:00Z.
pub const NEW_YEAR_MS: i64 = 1_767_225_600_000;

pub fn usdc(amount: f64) -> Amount {
    Amount::round_usdc(amount)
}

/// A market of asset number `asset`: 15 % maintenance, force-close at 1.05, penalty 1 %, orders
/// at 5 basis points, force-closes at the mark.
pub fn market(name: &str, asset: usize) -> MarketSpec {
    MarketSpec {
        name: format!("{name}-PERP"),
        asset,
        initial_margin: 0.30,
        maintenance: Brackets::flat(0.15),
        liquidation_hf: 1.05,
        zones: ZoneBounds::default(),
        taker_fee: 0.0,
        penalty: 0.01,
        slippage: SlippageSpec { form: Slippage::FixedBps { bps: 5.0 }, ..SlippageSpec::NONE },
        liquidation_slippage: SlippageSpec::NONE,
        force_close: ForceClose::Full,
        funding: None,
    }
}

/// An isolated position at the start mark.
pub fn isolated(market: usize, side: i64, notional_usdc: f64, collateral: f64) -> PositionSpec {
    PositionSpec {
        name: format!("position {market}"),
        market,
        mode: MarginMode::Isolated,
        side,
        notional_usdc,
        quantity: None,
        entry_price: None,
        collateral: usdc(collateral),
        zones: None,
    }
}

pub const THRESHOLDS: TopUpThresholds = TopUpThresholds { warning: 1.6, danger: 1.2, target: 2.0 };

/// The live top-up, with the kill switch as fallback whenever nothing can be added.
pub fn live_top_up() -> TopUpSpec {
    TopUpSpec {
        enabled: true,
        thresholds: THRESHOLDS,
        max_per_event: usdc(500.0),
        max_per_day: usdc(2_000.0),
        reserve_minimum: usdc(100.0),
        fallback_to_kill_switch: true,
        fallback_when: FallbackWhen::AnyCap,
        sizing: Sizing::Exact,
        cooldown_ms: 0,
        transfer_delay_ms: 0,
        failure_probability: 0.0,
        notify_webhook: None,
    }
}

pub fn kill_switch(scope: KillScope) -> KillSwitchSpec {
    KillSwitchSpec {
        enabled: true,
        trigger_hf: None,
        scope,
        dry_run: false,
        priority: true,
        reason: String::new(),
    }
}

/// A guard that looks every hour and acts at once.
pub fn guard(top_up: Option<TopUpSpec>, kill: Option<KillSwitchSpec>) -> GuardSpec {
    GuardSpec { poll_ms: HOUR_MS, top_up, kill_switch: kill, ..GuardSpec::none() }
}

pub fn agent(name: &str, wallet: f64, positions: Vec<PositionSpec>, guard: GuardSpec) -> AgentPlan {
    AgentPlan {
        name: name.into(),
        wallet: usdc(wallet),
        thresholds: vec![THRESHOLDS; positions.len()],
        positions,
        guard,
        zone_monitor: None,
    }
}

pub fn plan(assets: &[&str], agents: Vec<AgentPlan>) -> Plan {
    Plan {
        shocks: Vec::new(),
        assets: assets.iter().map(|name| name.to_string()).collect(),
        exchange: ExchangeSpec {
            markets: assets.iter().enumerate().map(|(i, name)| market(name, i)).collect(),
            insurance: Amount::ZERO,
            loss_rule: LossRule::BadDebt,
            max_gross: None,
            margin_call: None,
        },
        agents,
        prime: None,
        fleets: Vec::new(),
        impact: None,
        checks: CheckLevel::EveryBatch,
        metrics: MetricLevel::Events,
    }
}

/// The plan of `scenarios/guarded_monte_carlo.toml`.
pub fn reference_plan() -> Plan {
    let positions = (0..3).map(|market| isolated(market, 1, 3_000.0, 1_000.0)).collect();
    let guard = guard(Some(live_top_up()), Some(kill_switch(KillScope::Triggering)));
    let mut plan = plan(&["BTC", "ETH", "SOL"], vec![agent("agent", 3_000.0, positions, guard)]);
    plan.checks = CheckLevel::PerPath;
    plan
}

/// Its prices.
pub fn reference_prices() -> ModelSpec {
    let asset = |name: &str, start_price: f64, volatility: f64| GbmAsset {
        name: name.into(),
        start_price,
        volatility,
        drift: 0.0,
    };
    ModelSpec {
        start_ms: NEW_YEAR_MS,
        step_ms: HOUR_MS,
        steps: 8_760,
        assets: vec![
            asset("BTC", 88_500.0, 0.60),
            asset("ETH", 2_840.0, 0.75),
            asset("SOL", 182.0, 0.95),
        ],
        correlation: vec![1.0, 0.80, 0.65, 0.80, 1.0, 0.70, 0.65, 0.70, 1.0],
        kind: ModelKind::Gbm,
        options: ModelOptions::default(),
    }
}
