//! Made-up chart data that looks like what a run gives, and some that looks like nothing sane.

use drypowder::report::charts::bars::{Bar, BarChart};
use drypowder::report::charts::fan::{FanChart, FanLayout, FanStep, FanVariant};
use drypowder::report::charts::health::{HealthChart, HealthLine, HealthZones};
use drypowder::report::charts::histogram::{HistogramChart, HistogramVariant};
use drypowder::report::charts::price::{
    EventKind, PriceChart, PriceEvent, PricePanel, VariantMarks,
};
use drypowder::report::charts::survival::{SurvivalChart, SurvivalStep, SurvivalVariant};
use drypowder::report::charts::{Caption, Sample};

/// 7 November 2018, 00:00 UTC: a week before the fall of that month.
pub const START: i64 = 1_541_548_800_000;
pub const MINUTE: i64 = 60_000;

pub fn caption(title: &str) -> Caption {
    Caption {
        title: title.into(),
        subtitle: "3,000 USDC wallet, 3× long, top-ups from 1.6, kill switch at 1.2".into(),
        footer: "drypowder 0.1.0 · seed 1 · guarded_monte_carlo".into(),
    }
}

/// Uniform noise in [−0.5, 0.5) by a 64-bit linear congruence (Knuth's MMIX constants).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    }

    /// About normal, variance 1.
    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum()
    }
}

/// Minute prices from 210 that fall by a third within hours in the middle.
pub fn crash(seed: u64, from: f64, minutes: i64) -> Vec<Sample> {
    let (mut noise, mut level) = (Noise(seed), 0.0);
    let price = |i: i64| {
        let far = (i - minutes / 2) as f64 / (minutes as f64 / 28.0);
        level += 0.9 * noise.bell() / libm::sqrt(minutes as f64) * 0.12;
        let value = from * libm::exp(level - 0.36 / (1.0 + libm::exp(-3.0 * far)));
        Sample { time_ms: START + i * MINUTE, value }
    };
    (0..minutes).map(price).collect()
}

pub fn event(prices: &[Sample], share: f64, kind: EventKind) -> PriceEvent {
    let at = prices[((prices.len() - 1) as f64 * share) as usize];
    PriceEvent { time_ms: at.time_ms, price: at.value, kind }
}

pub fn price_panel(label: &str, seed: u64, from: f64, minutes: i64) -> PricePanel {
    use EventKind::*;
    let prices = crash(seed, from, minutes);
    let on = |list: &[(f64, EventKind)]| list.iter().map(|&(s, k)| event(&prices, s, k)).collect();
    let top_ups: Vec<_> = (0..9).map(|i| (0.478 + 0.004 * f64::from(i), TopUp)).collect();
    let mut guarded = top_ups;
    guarded.extend([(0.3, MarginCall), (0.52, Reduce), (0.52, KillSwitch), (0.55, StopLoss)]);
    guarded.push((0.8, Resume));
    let held =
        |share: f64, value| Sample { value, ..prices[(prices.len() as f64 * share) as usize] };
    let liquidation_price = vec![
        held(0.0, 0.71 * from),
        held(0.48, 0.66 * from),
        held(0.5, 0.6 * from),
        held(0.52, f64::NAN),
    ];
    let guarded = VariantMarks { name: "guarded".into(), liquidation_price, events: on(&guarded) };
    let unguarded = VariantMarks {
        name: "unguarded".into(),
        liquidation_price: vec![held(0.0, 0.74 * from), held(0.52, 0.74 * from)],
        events: on(&[(0.52, Liquidation), (0.52, Liquidation)]),
    };
    PricePanel { label: label.into(), prices, variants: vec![guarded, unguarded] }
}

pub fn price_chart(panels: Vec<PricePanel>) -> PriceChart {
    PriceChart { caption: caption("The guard in the fall of November 2018"), panels }
}

pub fn health_line(
    position: &str,
    variant: &str,
    seed: u64,
    level: f64,
    closed: f64,
) -> HealthLine {
    let prices = crash(seed, 1.0, 20_000);
    let end = (20_000.0 * closed) as usize;
    let health = |(i, s): (usize, &Sample)| {
        let value = if i < end { level * (3.0 * s.value - 1.7) } else { f64::NAN };
        Sample { value, ..*s }
    };
    let samples = prices.iter().enumerate().map(health).collect();
    HealthLine { position: position.into(), variant: variant.into(), samples }
}

pub fn health_chart(lines: Vec<HealthLine>) -> HealthChart {
    let zones = HealthZones::default();
    HealthChart { caption: caption("Health factor in the crash"), zones, y_max: 4.0, lines }
}

pub fn fan_variant(name: &str, drift: f64, width: f64, days: i32) -> FanVariant {
    let step = |day| {
        let spread = width * libm::sqrt(f64::from(day));
        let at = |z: f64| 3000.0 * libm::exp(drift * f64::from(day) + z * spread);
        let (q05, q25, q50, q75, q95) = (at(-1.64), at(-0.67), at(0.0), at(0.67), at(1.64));
        FanStep { day: f64::from(day), q05, q25, q50, q75, q95 }
    };
    FanVariant { name: name.into(), steps: (0..=days).map(step).collect() }
}

pub fn fan_chart(layout: FanLayout, variants: Vec<FanVariant>) -> FanChart {
    let caption = caption("Equity over 10,000 paths");
    let y_title = "equity, USDC".into();
    FanChart { caption, y_title, layout, start_equity: Some(3000.0), variants }
}

pub fn histogram_variant(name: &str, mut values: Vec<f64>) -> HistogramVariant {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let i = (values.len().max(1) - 1) as f64 * share;
        values.get(i as usize).copied().unwrap_or(f64::NAN)
    };
    HistogramVariant { name: name.into(), median: at(0.5), q05: at(0.05), values }
}

/// Lognormal equity; a share of the paths ends at the wallet's remainder.
pub fn equity(seed: u64, paths: usize, sigma: f64, atom: f64, remainder: f64) -> Vec<f64> {
    let mut noise = Noise(seed);
    let mut value = || {
        let spread = libm::exp(sigma * noise.bell());
        if noise.next() + 0.5 < atom { remainder } else { 3000.0 * spread }
    };
    (0..paths).map(|_| value()).collect()
}

pub fn histogram_chart(variants: Vec<HistogramVariant>) -> HistogramChart {
    let (quantity, unit) = ("final equity".into(), "USDC".into());
    HistogramChart { caption: caption("Where 10,000 paths end"), quantity, unit, variants }
}

pub fn survival_variant(name: &str, daily: f64, steps: i32) -> SurvivalVariant {
    let step = |i| {
        let day = 30.0 * f64::from(i) / f64::from(steps + 1);
        let share = libm::exp(-daily * day);
        let half = 1.96 * libm::sqrt(share * (1.0 - share) / 2000.0);
        SurvivalStep { day, share, low: share - half, high: (share + half).min(1.0) }
    };
    SurvivalVariant { name: name.into(), steps: (1..=steps).map(step).collect() }
}

pub fn survival_chart(variants: Vec<SurvivalVariant>) -> SurvivalChart {
    SurvivalChart { caption: caption("Paths without a liquidation"), end_day: 30.0, variants }
}

pub fn bar_chart(bars: &[(&str, u64)]) -> BarChart {
    let bar = |&(label, count): &(&str, u64)| Bar { label: label.into(), count };
    let bars = bars.iter().map(bar).collect();
    BarChart {
        caption: caption("Which rules fired"),
        x_title: "times fired, all paths".into(),
        bars,
    }
}

/// A history with gaps and defects, as an inspection holds it.
pub struct Inspected {
    pub time: Vec<i64>,
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    pub close: Vec<f64>,
    /// Where bars are missing; the newest lasts to the end.
    pub gaps: Vec<(i64, i64)>,
    pub spots: Vec<(i64, i64)>,
}

/// Minute bars around [`crash`] with every twentieth part missing for a tenth of it.
pub fn inspected(seed: u64, from: f64, minutes: i64) -> Inspected {
    let mut noise = Noise(seed);
    let (part, mut gaps) = (minutes / 20, Vec::new());
    let missing = |i: i64| i / part % 7 == 3 && i % part < part / 10;
    let mut all = Inspected {
        time: Vec::new(),
        low: Vec::new(),
        high: Vec::new(),
        close: Vec::new(),
        gaps: Vec::new(),
        spots: Vec::new(),
    };
    for (i, sample) in (0..minutes).zip(crash(seed, from, minutes)) {
        if missing(i) {
            if !missing(i - 1) {
                gaps.push((sample.time_ms, sample.time_ms + part / 10 * MINUTE));
            }
            continue;
        }
        let reach = 0.004 * sample.value * noise.bell().abs();
        all.time.push(sample.time_ms);
        all.close.push(sample.value);
        all.low.push(sample.value - reach);
        all.high.push(sample.value + 0.7 * reach);
        if i % 611 == 7 {
            all.spots.push((sample.time_ms, sample.time_ms));
        }
    }
    all.gaps = gaps;
    all
}
