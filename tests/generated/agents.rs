//! Agents of a generated case, their positions and their protections.

use drypowder::engine::AgentPlan;
use drypowder::policy::{
    FallbackWhen, GuardSpec, KillScope, KillSwitchSpec, ReduceSpec, ResumeSpec, Sizing,
    StopLossSpec, StopTrigger, TopUpSpec, TopUpThresholds, ZoneMonitorSpec,
};
use drypowder::units::Amount;
use drypowder::units::time::{HOUR_MS, SECOND_MS};
use drypowder::venue::exchange::{ExchangeSpec, MarginMode, PositionSpec, ZoneBounds};

use super::{CasePrices, Draw, Scale};

/// Looks of one monitor over a run, at most: what the slow engine can bear.
const LOOKS_MAX: i64 = 1_500;

pub fn generate(
    draw: &mut Draw,
    exchange: &ExchangeSpec,
    prices: &CasePrices,
    scale: Scale,
) -> Vec<AgentPlan> {
    let count = draw.pick(&[1, 1, 2, 3, 4]);
    let name = |index: usize| format!("agent {index}");
    (0..count).map(|index| agent(draw, name(index), exchange, prices, scale)).collect()
}

/// Many that share a few markets.
pub fn crowd(
    draw: &mut Draw,
    exchange: &ExchangeSpec,
    prices: &CasePrices,
    scale: Scale,
) -> Vec<AgentPlan> {
    let name = |index: usize| format!("agent {index:02}");
    let count = draw.count(5, 24);
    (0..count).map(|index| agent(draw, name(index), exchange, prices, scale)).collect()
}

fn agent(
    draw: &mut Draw,
    name: String,
    exchange: &ExchangeSpec,
    prices: &CasePrices,
    scale: Scale,
) -> AgentPlan {
    let cross_share = draw.pick(&[0.0, 0.3, 1.0]);
    let mut wallet = draw.pick(&[0.0, 50.0, 400.0, 3_000.0, 10_000.0]);
    let positions: Vec<PositionSpec> = (0..draw.count(1, 4))
        .map(|place| {
            let (spec, backing) = position(draw, place, exchange, prices, cross_share);
            if spec.mode == MarginMode::Cross {
                wallet += backing;
            }
            spec
        })
        .collect();
    let thresholds = positions.iter().map(|_| thresholds(draw)).collect();
    let zone_monitor = draw.chance(0.4).then(|| ZoneMonitorSpec {
        enabled: draw.chance(0.9),
        poll_ms: poll_ms(draw, scale),
        latency_ms: draw.pick(&[0, 50]),
    });
    AgentPlan {
        name,
        wallet: Amount::round_usdc(wallet),
        positions,
        thresholds,
        guard: guard(draw, prices, scale),
        zone_monitor,
    }
}

/// A position, and the money that puts it at a health factor not far above liquidation.
fn position(
    draw: &mut Draw,
    place: usize,
    exchange: &ExchangeSpec,
    prices: &CasePrices,
    cross_share: f64,
) -> (PositionSpec, f64) {
    let market = draw.count(0, exchange.markets.len() - 1);
    let spec = &exchange.markets[market];
    let notional_usdc = draw.pick(&[100.0, 1_000.0, 3_000.0, 9_000.0, 40_000.0]);
    let health = draw.between(1.2, 3.0);
    let backing = health * spec.maintenance.maintenance(notional_usdc);
    let cross = draw.chance(cross_share);
    let start = prices.start_price(spec.asset);
    let own_entry = draw.chance(0.1);
    let zones = ZoneBounds { safe: 1.8, warning: 1.5, danger: 1.2 };
    let position = PositionSpec {
        name: format!("position {place}"),
        market,
        mode: if cross { MarginMode::Cross } else { MarginMode::Isolated },
        side: draw.pick(&[1, 1, -1]),
        notional_usdc,
        quantity: draw.chance(0.1).then_some(notional_usdc / start),
        entry_price: own_entry.then(|| start * draw.between(0.97, 1.03)),
        collateral: Amount::round_usdc(if cross { 0.0 } else { backing }),
        zones: draw.chance(0.2).then_some(zones),
    };
    (position, backing)
}

fn thresholds(draw: &mut Draw) -> TopUpThresholds {
    let warning = draw.between(1.2, 2.4);
    let danger = draw.between(1.0, warning);
    TopUpThresholds { warning, danger, target: warning + draw.between(0.0, 0.8) }
}

/// Every look, once an hour, once a tick, off the ticks, or once in many; never too often.
fn poll_ms(draw: &mut Draw, scale: Scale) -> i64 {
    let tick_ms = scale.tick_ms;
    let wanted_ms = match draw.whole(0, 5) {
        0 => 5 * SECOND_MS,
        1 => HOUR_MS,
        2 => tick_ms,
        3 => (tick_ms as f64 * draw.between(0.2, 0.95)) as i64,
        4 => (tick_ms as f64 * draw.between(1.1, 6.0)) as i64,
        _ => tick_ms * draw.whole(2, 12),
    };
    wanted_ms.max(scale.length_ms / LOOKS_MAX).clamp(1, scale.length_ms)
}

fn delay_ms(draw: &mut Draw, scale: Scale) -> i64 {
    match draw.whole(0, 5) {
        0..=2 => 0,
        3 => 50,
        4 => scale.tick_ms * draw.whole(1, 4),
        _ => (scale.tick_ms as f64 * draw.between(0.2, 5.0)) as i64,
    }
}

fn guard(draw: &mut Draw, prices: &CasePrices, scale: Scale) -> GuardSpec {
    let kill_switch = draw.chance(0.75).then(|| kill_switch(draw));
    GuardSpec {
        poll_ms: poll_ms(draw, scale),
        latency_ms: delay_ms(draw, scale),
        top_up: draw.chance(0.75).then(|| top_up(draw, scale)),
        kill_switch,
        reduce: draw.chance(0.35).then(|| {
            let trigger_hf = draw.between(1.1, 2.0);
            ReduceSpec {
                enabled: draw.chance(0.95),
                trigger_hf,
                target_hf: trigger_hf + draw.between(0.0, 1.0),
                cooldown_ms: draw.pick(&[0, 0, 60_000, 7 * scale.tick_ms]),
            }
        }),
        stop_loss: draw.chance(0.2).then(|| stop_loss(draw, prices)),
        resume: draw.chance(0.6).then(|| ResumeSpec {
            enabled: draw.chance(0.95),
            atr_threshold: scale.sigma * draw.between(0.3, 6.0),
            atr_bars: draw.count(1, 8),
            size_fraction: draw.between(0.2, 1.0),
            cooldown_ms: draw.pick(&[0, 60_000, 5 * scale.tick_ms]),
            max_resumes: draw.pick(&[0, 1, 5]),
        }),
    }
}

fn top_up(draw: &mut Draw, scale: Scale) -> TopUpSpec {
    TopUpSpec {
        enabled: draw.chance(0.95),
        thresholds: thresholds(draw),
        max_per_event: Amount::round_usdc(draw.pick(&[0.0, 0.000_003, 20.0, 500.0, 1e6])),
        max_per_day: Amount::round_usdc(draw.pick(&[0.0, 0.000_01, 50.0, 500.0, 2_000.0, 1e6])),
        reserve_minimum: Amount::round_usdc(draw.pick(&[0.0, 0.0, 10.0, 100.0])),
        fallback_to_kill_switch: draw.chance(0.6),
        fallback_when: draw.pick(&[FallbackWhen::Reserve, FallbackWhen::AnyCap]),
        sizing: draw.pick(&[Sizing::Exact, Sizing::Exact, Sizing::Proportional]),
        cooldown_ms: draw.pick(&[0, 0, 60_000, 10 * scale.tick_ms]),
        transfer_delay_ms: delay_ms(draw, scale),
        failure_probability: draw.pick(&[0.0, 0.0, 0.3, 1.0]),
        notify_webhook: None,
    }
}

fn kill_switch(draw: &mut Draw) -> KillSwitchSpec {
    let scope = match draw.whole(0, 4) {
        0 => KillScope::MostAtRisk,
        1 => KillScope::Triggering,
        2 => KillScope::All,
        3 => KillScope::AboveLeverage(draw.between(2.0, 20.0)),
        _ => KillScope::AboveLeverage(1e9),
    };
    KillSwitchSpec {
        enabled: draw.chance(0.95),
        trigger_hf: draw.chance(0.5).then(|| draw.between(1.05, 1.6)),
        scope,
        dry_run: draw.chance(0.2),
        priority: draw.chance(0.7),
        reason: String::new(),
    }
}

fn stop_loss(draw: &mut Draw, prices: &CasePrices) -> StopLossSpec {
    let trigger = match draw.whole(0, 2) {
        0 => StopTrigger::Price(prices.start_price(0) * draw.between(0.8, 1.2)),
        1 => StopTrigger::Loss(draw.between(0.01, 0.2)),
        _ => StopTrigger::HealthFactor(draw.between(1.1, 1.8)),
    };
    StopLossSpec { enabled: draw.chance(0.95), trigger }
}
