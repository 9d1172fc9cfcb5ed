//! Every chart draws a PNG of the promised size from normal and from degenerate data, the same
//! bytes each time, and says which file it could not write. The images stay in
//! `target/tmp/charts` to be looked at.

#[path = "charts/check.rs"]
mod check;
#[path = "charts/synthetic.rs"]
mod synthetic;

use drypowder::report::charts::backtest::{self, BacktestChart, BacktestPanel};
use drypowder::report::charts::bars;
use drypowder::report::charts::calibration::{self, CalibrationChart, QuantilePoint};
use drypowder::report::charts::fan::{self, FanChart, FanLayout};
use drypowder::report::charts::health::{self, HealthChart, HealthLine, HealthZones};
use drypowder::report::charts::inspection::{
    self, InspectionChart, InspectionPanel, Lane, LaneLook,
};
use drypowder::report::charts::price::{self, PriceChart, PricePanel};
use drypowder::report::charts::rolling::{self, RollingChart, RollingPanel};
use drypowder::report::charts::survival::{self, SurvivalChart};
use drypowder::report::charts::tornado::{self, Range, TornadoBar, TornadoChart, TornadoKind};
use drypowder::report::charts::{ChartError, Sample, histogram};
use std::path::Path;

use check::check;
use synthetic::*;

#[test]
fn price() {
    let week = price_panel("ETH price, USDC", 1, 210.0, 14 * 1440);
    let assets = [("BTC", 6400.0), ("ETH", 210.0), ("SOL", 1.23), ("DOGE", 0.0031), ("XAU", 1.2e7)];
    let five = assets.iter().zip(2..).map(|(&(name, from), seed)| {
        price_panel(&format!("{name} price, USDC"), seed, from, 400 * 1440)
    });
    let one = vec![Sample { time_ms: START, value: 210.0 }];
    let flat =
        vec![Sample { time_ms: START, value: 5.0 }, Sample { time_ms: START + 9, value: 5.0 }];
    let odd = [f64::NAN, f64::INFINITY, 3.0, f64::NAN, 1e300, 4.0];
    let odd = odd.iter().zip(0..).map(|(&value, i)| Sample { time_ms: i64::MAX - i, value });
    let only = |prices| {
        price_chart(vec![PricePanel { prices, label: "ETH".into(), ..Default::default() }])
    };
    for (name, chart) in [
        ("price_one", price_chart(vec![week.clone()])),
        (
            "price_two",
            price_chart(vec![week.clone(), price_panel("BTC price, USDC", 9, 6400.0, 14 * 1440)]),
        ),
        ("price_five", price_chart(five.collect())),
        ("price_hour", price_chart(vec![price_panel("ETH price, USDC", 4, 210.0, 60)])),
        ("price_point", only(one)),
        ("price_flat", only(flat)),
        ("price_odd", only(odd.collect())),
        ("price_crowded", price_chart(vec![week; 25])),
        ("price_empty", PriceChart::default()),
    ] {
        check(name, |out| price::draw(&chart, out));
    }
}

#[test]
fn a_price_of_two_million_points() {
    let panel = price_panel("ETH price, USDC", 5, 210.0, 2_000_000);
    check("price_long", |out| price::draw(&price_chart(vec![panel.clone()]), out));
}

#[test]
fn health() {
    let long = "a position whose name nobody kept short, such as ETH-PERP long 3× isolated";
    let five = [1.9, 2.2, 2.6, 3.1, 1.6].iter().zip(1..).map(|(&level, i)| {
        health_line(&format!("position {i}"), "", i, level, 0.46 + 0.09 * i as f64)
    });
    let pair = vec![
        health_line("ETH long", "guarded", 1, 2.2, 1.0),
        health_line("ETH long", "unguarded", 1, 1.9, 0.51),
        health_line("BTC long", "guarded", 7, 3.3, 1.0),
        health_line("BTC long", "unguarded", 7, 2.8, 1.0),
    ];
    let mut odd = health_line(long, "guarded", 3, 2.0, 0.7);
    odd.samples[500].value = f64::INFINITY;
    odd.samples[501..4000].fill(Sample { time_ms: START, value: f64::NAN });
    let point = HealthLine { samples: vec![Sample { time_ms: START, value: 1.2 }], ..odd.clone() };
    let thin = HealthZones { safe: 1.2, warning: 1.1, danger: 1.05 };
    for (name, chart) in [
        ("health_five", health_chart(five.collect())),
        ("health_pair", health_chart(pair.clone())),
        ("health_odd", health_chart(vec![odd; 9])),
        ("health_thin", HealthChart { zones: thin, y_max: f64::NAN, ..health_chart(pair) }),
        ("health_point", health_chart(vec![point])),
        ("health_empty", HealthChart::default()),
    ] {
        check(name, |out| health::draw(&chart, out));
    }
}

#[test]
fn fan() {
    let three = || {
        vec![
            fan_variant("guarded", 0.001, 0.04, 30),
            fan_variant("unguarded", -0.004, 0.07, 30),
            fan_variant("start smaller", 0.0, 0.025, 30),
        ]
    };
    let two = || three()[..2].to_vec();
    let flat = vec![fan_variant("constant", 0.0, 0.0, 30)];
    for (name, chart) in [
        ("fan_panels", fan_chart(FanLayout::Panels, two())),
        ("fan_three", fan_chart(FanLayout::Panels, three())),
        ("fan_overlay", fan_chart(FanLayout::Overlay, three())),
        ("fan_flat", fan_chart(FanLayout::Panels, flat)),
        ("fan_point", fan_chart(FanLayout::Overlay, vec![fan_variant("guarded", 0.0, 0.1, 0)])),
        ("fan_empty", FanChart::default()),
    ] {
        check(name, |out| fan::draw(&chart, out));
    }
}

#[test]
fn rolling() {
    let line = |seed: u64, width: f64, from: f64| -> Vec<Sample> {
        let noise = crash(seed, 1.0, 200);
        let at = |(k, sample): (usize, &Sample)| Sample {
            time_ms: START + k as i64 * 3_600_000,
            value: from + 0.4 * (k as f64 / 200.0) + width * (sample.value - 1.0),
        };
        noise.iter().take(200).enumerate().map(at).collect()
    };
    let panel = |seed: u64, from: f64| RollingPanel {
        label: "BTC and ETH, correlation".into(),
        traced: line(seed, 0.5, from),
        mean: line(seed + 1, 0.05, from),
        target: line(1, 0.0, from),
        traced_target: if seed == 1 { line(1, 0.0, from + 0.1) } else { Vec::new() },
    };
    let chart = |panels| RollingChart {
        caption: caption("Rolling correlation"),
        traced: 3,
        paths: 300,
        panels,
    };
    let mut odd = panel(4, -0.9);
    odd.traced[50..90].fill(Sample { time_ms: START, value: f64::NAN });
    odd.mean.iter_mut().for_each(|sample| sample.value = f64::INFINITY);
    odd.target.truncate(1);
    for (name, chart) in [
        ("rolling_one", chart(vec![panel(1, 0.3)])),
        ("rolling_six", chart((1..7).map(|seed| panel(seed, 0.1 * seed as f64 - 0.3)).collect())),
        ("rolling_odd", chart(vec![odd])),
        ("rolling_none", chart(vec![RollingPanel::default()])),
        ("rolling_empty", RollingChart::default()),
    ] {
        check(name, |out| rolling::draw(&chart, out));
    }
}

#[test]
fn histogram() {
    let guarded = || histogram_variant("guarded", equity(1, 10_000, 0.25, 0.02, 2150.0));
    let shapes = vec![guarded(), histogram_variant("unguarded", equity(2, 10_000, 0.4, 0.0, 0.0))];
    let atom =
        vec![guarded(), histogram_variant("unguarded", equity(2, 10_000, 0.4, 0.46, 1000.0))];
    let twice = vec![
        histogram_variant("guarded", equity(4, 10_000, 0.2, 0.31, 1000.0)),
        histogram_variant("unguarded", equity(5, 10_000, 0.4, 0.46, 1000.0)),
        histogram_variant("stop loss only", equity(6, 10_000, 0.4, 0.9, 2400.0)),
    ];
    let negative = equity(3, 10_000, 0.5, 0.0, 0.0).iter().map(|v| v - 1900.0).collect();
    let bankrupt = vec![guarded(), histogram_variant("unguarded", negative)];
    let equal = vec![histogram_variant("guarded", vec![3000.0; 50]); 2];
    let long = "a variant whose name nobody kept short: top-up, reduce to target and kill switch";
    let mut far = equity(8, 10_000, 0.2, 0.0, 0.0);
    far.extend([9e6, -3e5, f64::NAN]);
    for (name, chart) in [
        ("histogram_two", histogram_chart(shapes)),
        ("histogram_atom", histogram_chart(atom)),
        ("histogram_three_atoms", histogram_chart(twice)),
        ("histogram_bankrupt", histogram_chart(bankrupt)),
        ("histogram_equal", histogram_chart(equal)),
        ("histogram_far", histogram_chart(vec![histogram_variant(long, far)])),
        ("histogram_point", histogram_chart(vec![histogram_variant("one", vec![-4.0])])),
        ("histogram_empty", histogram_chart(vec![histogram_variant("none", Vec::new())])),
    ] {
        check(name, |out| histogram::draw(&chart, out));
    }
}

#[test]
fn survival() {
    let two =
        vec![survival_variant("guarded", 0.004, 80), survival_variant("unguarded", 0.03, 200)];
    let rare = vec![survival_variant("guarded", 0.0002, 12), survival_variant("stop loss", 0.0, 0)];
    for (name, chart) in [
        ("survival_two", survival_chart(two)),
        ("survival_rare", survival_chart(rare)),
        ("survival_empty", SurvivalChart::default()),
    ] {
        check(name, |out| survival::draw(&chart, out));
    }
}

#[test]
fn backtest() {
    let panel = |title: &str, level: f64| {
        let at = |day: i64, value: f64| Sample { time_ms: START + day * 86_400_000, value };
        BacktestPanel {
            title: title.to_owned(),
            losses: (0..700).map(|day| at(day, 6.0 * libm::sin(0.7 * day as f64))).collect(),
            forecasts: (0..700).map(|day| at(day, level + 0.001 * day as f64)).collect(),
        }
    };
    let three = ["historical", "parametric", "naive"].map(|title| panel(title, 5.6));
    let mut odd = panel("odd", 1.0);
    odd.losses[3].value = f64::NAN;
    odd.forecasts[5].value = f64::NAN;
    for (name, panels) in [
        ("backtest_three", three.to_vec()),
        ("backtest_odd", vec![odd]),
        ("backtest_empty", vec![]),
    ] {
        let chart = BacktestChart { panels, ..BacktestChart::default() };
        check(name, |out| backtest::draw(&chart, out));
    }
}

#[test]
fn tornado() {
    let range = |value: f64, half: f64| Range { value, low: value - half, high: value + half };
    let bar = |label: &str, kind, damage, chance| TornadoBar {
        label: label.into(),
        kind,
        damage,
        probability: chance,
    };
    let chart = |bars: Vec<TornadoBar>, probability_without| TornadoChart {
        caption: caption("What each shock costs"),
        bars,
        probability_without,
    };
    let some = vec![
        bar("2020-03-12", TornadoKind::Single, range(2_400.0, 90.0), range(0.61, 0.04)),
        bar("dear funding", TornadoKind::Single, range(130.0, 4.0), range(0.02, 0.01)),
        bar("a rise", TornadoKind::Single, range(-310.0, 60.0), range(0.0, 0.0)),
        bar(
            "worst 2: + dear funding",
            TornadoKind::LaidOn,
            range(2_500.0, 90.0),
            range(0.62, 0.04),
        ),
        bar("stacked: all 3", TornadoKind::Stacked, range(2_300.0, 80.0), range(0.6, 0.04)),
    ];
    let nothing = range(f64::NAN, f64::INFINITY);
    let still = vec![bar("nothing", TornadoKind::Single, range(0.0, 0.0), range(0.0, 0.0))];
    let odd = vec![bar("odd", TornadoKind::Single, nothing, nothing)];
    let many: Vec<_> = some.iter().cycle().take(60).cloned().collect();
    for (name, chart) in [
        ("tornado_some", chart(some, 0.01)),
        ("tornado_still", chart(still, 0.0)),
        ("tornado_odd", chart(odd, f64::NAN)),
        ("tornado_many", chart(many, 0.01)),
        ("tornado_empty", chart(vec![], 0.5)),
    ] {
        check(name, |out| tornado::draw(&chart, out));
    }
}

#[test]
fn bars() {
    let some = [
        ("top-up", 48_211),
        ("top-up capped by the day's limit", 3_902),
        ("top-up refused: the reserve is empty", 17),
        ("kill switch, most at risk", 1_204),
        ("resume", 0),
        ("stop loss", 0),
        ("force-close", 1),
    ];
    let many: Vec<_> = some.iter().cycle().take(60).copied().collect();
    let long = "a rule whose name nobody kept short: reduce to target before the kill switch trips";
    for (name, chart) in [
        ("bars_some", bar_chart(&some)),
        ("bars_twenty", bar_chart(&many[..20])),
        ("bars_many", bar_chart(&many)),
        ("bars_zero", bar_chart(&[("resume", 0), (long, 0)])),
        ("bars_huge", bar_chart(&[(long, u64::MAX), ("top-up", 1)])),
        ("bars_empty", bar_chart(&[])),
    ] {
        check(name, |out| bars::draw(&chart, out));
    }
}

fn inspection_panel<'a>(
    label: &str,
    of: &'a Inspected,
    lanes: &[(&str, LaneLook)],
) -> InspectionPanel<'a> {
    let lane = |&(label, look): &(&str, LaneLook)| {
        let marks = if label.starts_with("gap") { &of.gaps } else { &of.spots };
        Lane { label: label.into(), look, marks: marks.as_slice() }
    };
    InspectionPanel {
        label: label.into(),
        time: &of.time,
        low: &of.low,
        high: &of.high,
        close: &of.close,
        gaps: &of.gaps,
        lanes: lanes.iter().map(lane).collect(),
    }
}

#[test]
fn inspection() {
    use LaneLook::*;
    let long = inspected(3, 6400.0, 60 * 1440);
    let short = inspected(4, 210.0, 200);
    let mut wild = inspected(5, 4300.0, 4000);
    wild.high[100] = 161_999.1;
    wild.low[2000] = f64::NAN;
    wild.close[3000] = f64::INFINITY;
    let zero = Inspected { low: vec![0.0; wild.time.len()], ..inspected(5, 4300.0, 4000) };
    let some: &[(&str, LaneLook)] =
        &[("gap: 3", Blocks), ("conflicting duplicate: 12", Accepted), ("zero volume: 8", Note)];
    let kinds = ["swapped volumes", "disorder", "unreadable cell", "off grid", "outlier"];
    let many: Vec<_> = kinds.iter().cycle().take(14).map(|kind| (*kind, Repaired)).collect();
    let label = "BTC.last, USDT, every 1m";
    let values = Inspected { high: short.low.clone(), ..inspected(4, 210.0, 200) };
    let of = |panels: Vec<_>| InspectionChart { caption: caption("What is wrong"), panels };
    for (name, chart) in [
        ("inspection_long", of(vec![inspection_panel(label, &long, some)])),
        ("inspection_short", of(vec![inspection_panel(label, &short, some)])),
        ("inspection_wild", of(vec![inspection_panel(label, &wild, &some[..1])])),
        ("inspection_zero", of(vec![inspection_panel(label, &zero, &[])])),
        ("inspection_many_kinds", of(vec![inspection_panel(label, &long, &many)])),
        ("inspection_values", of(vec![inspection_panel("BTC.funding", &values, &[])])),
        (
            "inspection_three",
            of(["A", "B", "C"].map(|name| inspection_panel(name, &long, some)).to_vec()),
        ),
        ("inspection_six", of(vec![inspection_panel(label, &long, some); 6])),
        ("inspection_crowded", of(vec![inspection_panel(label, &short, &many); 9])),
        ("inspection_empty", InspectionChart::default()),
    ] {
        check(name, |out| inspection::draw(&chart, out));
    }
}

#[test]
fn an_unwritable_path_is_named() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no such folder").join("bars.png");
    let error = bars::draw(&bar_chart(&[("top-up", 3)]), &out).expect_err("there is no folder");
    assert!(matches!(error, ChartError::Write { .. }), "{error:?}");
    assert!(error.to_string().contains("bars.png"), "{error}");
}

#[test]
fn calibration() {
    let wave = |n: usize, size: f64| -> Vec<f64> {
        (0..n).map(|k| size * libm::sin(k as f64 * 1.3) * libm::sin(k as f64 * 0.11)).collect()
    };
    let point = |k: i32| QuantilePoint {
        history: f64::from(k).powi(3) / 400.0,
        model: f64::from(k) / 4.0,
        low: f64::from(k - 3) / 4.0,
        high: f64::from(k + 3) / 4.0,
    };
    let usual = CalibrationChart {
        caption: caption("BTC: the calibrated garch beside its history"),
        returns_label: "log return of 1h, %".into(),
        history: wave(2_000, 6.0),
        model: wave(50_000, 5.0),
        memory: (1..=40).map(|lag| 0.4 / f64::from(lag)).collect(),
        model_memory: (1..=40).map(|lag| [0.0, 0.3 / f64::from(lag), 0.5]).collect(),
        chance: 0.05,
        quantiles: (-20..=20).map(point).collect(),
        drawdown: 62.0,
        model_drawdowns: wave(300, 100.0).into_iter().map(f64::abs).collect(),
    };
    let bare = CalibrationChart { memory: Vec::new(), model_memory: Vec::new(), ..usual.clone() };
    let odd = CalibrationChart {
        history: vec![f64::NAN, f64::INFINITY, 1.0, 1.0],
        model: vec![f64::NAN, 1e300],
        memory: vec![f64::NAN, 1e300],
        quantiles: vec![QuantilePoint { history: f64::NAN, ..QuantilePoint::default() }; 3],
        drawdown: f64::NAN,
        model_drawdowns: vec![f64::NAN, -5.0, 1e9],
        ..usual.clone()
    };
    let flat = CalibrationChart { history: vec![2.0; 9], model: vec![2.0; 9], ..usual.clone() };
    let empty = CalibrationChart::default();
    for (name, chart) in
        [("usual", usual), ("bare", bare), ("odd", odd), ("flat", flat), ("empty", empty)]
    {
        check(&format!("calibration_{name}"), |out| calibration::draw(&chart, out));
        check(&format!("qq_{name}"), |out| calibration::draw_qq(&chart, out));
    }
}
