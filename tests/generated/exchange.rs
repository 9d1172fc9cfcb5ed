//! The venue of a generated case.

use drypowder::units::Amount;
use drypowder::units::time::HOUR_MS;
use drypowder::venue::exchange::{
    AfterCall, Brackets, ExchangeSpec, ForceClose, FundingSeries, FundingSource, FundingSpec,
    LossRule, MarginCallSpec, MarketSpec, Slippage, SlippageSpec, UsedMargin, ZoneBounds,
};

use super::{Draw, Scale};

pub fn generate(draw: &mut Draw, assets: usize, scale: Scale) -> ExchangeSpec {
    // Sometimes two markets move with one asset.
    let count = draw.count(assets, assets + 1);
    let markets = (0..count).map(|index| market(draw, index, index % assets, scale)).collect();
    let insurance = match draw.whole(0, 2) {
        0 => Amount::ZERO,
        1 => draw.usdc(1.0, 300.0),
        _ => draw.usdc(1_000.0, 20_000.0),
    };
    let loss_rule =
        draw.pick(&[LossRule::BadDebt, LossRule::AutoDeleveraging, LossRule::Socialised]);
    let margin_call = draw.chance(0.3).then(|| margin_call(draw, scale));
    ExchangeSpec { markets, insurance, loss_rule, max_gross: None, margin_call }
}

fn margin_call(draw: &mut Draw, scale: Scale) -> MarginCallSpec {
    MarginCallSpec {
        ratio: draw.pick(&[0.3, 0.6, 0.85, 0.95]),
        used: draw.pick(&[UsedMargin::Initial, UsedMargin::Maintenance]),
        grace_ms: draw.pick(&[0, scale.tick_ms / 3, scale.tick_ms, 7 * scale.tick_ms]),
        after: draw.pick(&[AfterCall::NewCall, AfterCall::UntilCured]),
    }
}

fn market(draw: &mut Draw, index: usize, asset: usize, scale: Scale) -> MarketSpec {
    let rate = draw.pick(&[0.02, 0.05, 0.15, 0.30]);
    let maintenance = if draw.chance(0.3) {
        let first = if draw.chance(0.2) { 0.0 } else { rate };
        let pairs =
            [(0.0, first), (3_000.0, rate * 1.2), (8_000.0, rate * 1.7), (30_000.0, rate * 2.0)];
        Brackets::new(&pairs).expect("an ascending table")
    } else {
        Brackets::flat(rate)
    };
    let slippage_now = slippage(draw, scale);
    MarketSpec {
        name: format!("M{index}"),
        asset,
        initial_margin: rate * 2.0,
        maintenance,
        liquidation_hf: draw.pick(&[1.0, 1.05, 1.05, 1.1]),
        zones: ZoneBounds::default(),
        taker_fee: draw.pick(&[0.0, 0.0005, 0.01]),
        penalty: draw.pick(&[0.0, 0.01, 0.03]),
        liquidation_slippage: if draw.chance(0.3) { slippage_now } else { slippage(draw, scale) },
        slippage: slippage_now,
        force_close: force_close(draw, scale),
        funding: draw.chance(0.4).then(|| funding(draw, scale)),
    }
}

fn slippage(draw: &mut Draw, scale: Scale) -> SlippageSpec {
    let form = match draw.whole(0, 2) {
        0 => Slippage::None,
        1 => Slippage::FixedBps { bps: draw.pick(&[5.0, 100.0]) },
        _ => Slippage::SquareRoot { y: draw.between(0.3, 1.5), daily_volume_usdc: 1e5 },
    };
    let stress_multiplier = if draw.chance(0.4) { draw.between(0.2, 3.0) } else { 0.0 };
    let stress_window_ms = scale.tick_ms * draw.whole(1, 40);
    SlippageSpec { form, sigma_day: draw.between(0.02, 0.2), stress_multiplier, stress_window_ms }
}

fn force_close(draw: &mut Draw, scale: Scale) -> ForceClose {
    match draw.whole(0, 2) {
        0 => ForceClose::Full,
        1 => ForceClose::Partial {
            fraction: draw.between(0.1, 0.9),
            above_notional_usdc: draw.pick(&[0.0, 500.0, 4_000.0]),
            cooldown_ms: draw.pick(&[0, 30_000, 5 * scale.tick_ms]),
        },
        _ => ForceClose::ToTarget { target_hf: draw.between(1.15, 1.8) },
    }
}

/// Rates far beyond any market's, so that they move health factors.
fn funding(draw: &mut Draw, scale: Scale) -> FundingSpec {
    let interval_ms = match draw.whole(0, 2) {
        0 => 8 * HOUR_MS,
        1 => scale.tick_ms * draw.whole(3, 30),
        _ => (scale.tick_ms as f64 * draw.between(2.5, 9.5)) as i64,
    };
    let interval_ms = interval_ms.max(1_000);
    let source = if draw.chance(0.5) {
        FundingSource::Constant(draw.between(-0.01, 0.01))
    } else {
        let mut series = FundingSeries::default();
        let mut time_ms = scale.start_ms - interval_ms;
        while time_ms < scale.start_ms + scale.length_ms {
            // On ticks and between them.
            time_ms += scale.tick_ms * draw.whole(1, 30) + draw.pick(&[0, 0, 1, 777]);
            series.time_ms.push(time_ms);
            series.rate.push(draw.between(-0.02, 0.02));
        }
        FundingSource::Series(series.into())
    };
    FundingSpec { interval_ms, source }
}
