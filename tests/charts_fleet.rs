//! Charts of fleets: a PNG of the promised size from normal and from degenerate data, the same
//! bytes each time. The images stay in `target/tmp/charts` to be looked at.

#[path = "charts/check.rs"]
mod check;

use check::check;
use drypowder::report::charts::diversification::{
    self, DiversificationChart, DiversificationStep, Estimate,
};
use drypowder::report::charts::fleet_utilisation::{
    self, FleetEvent, FleetLine, FleetMark, FleetUtilisationChart,
};
use drypowder::report::charts::heat_map::{self, HeatMapChart, HeatRow};
use drypowder::report::charts::utilisation::UtilisationZones;
use drypowder::report::charts::{Caption, Sample};

/// 1 October 2025, 00:00 UTC.
const START: i64 = 1_759_276_800_000;
const HOUR: i64 = 3_600_000;

fn caption(title: &str) -> Caption {
    Caption {
        title: title.into(),
        subtitle: "what happened on one path: guarded and do_nothing · path 3".into(),
        footer: "drypowder 0.1.0 · seed 1 · fleet".into(),
    }
}

fn wave(low: f64, high: f64, phase: f64) -> Vec<Sample> {
    let value = |i: i64| {
        let swing = 0.5 + 0.5 * libm::sin(0.11 * i as f64 + phase) * libm::cos(0.031 * i as f64);
        low + (high - low) * swing
    };
    (0..480).map(|i| Sample { time_ms: START + i * HOUR, value: value(i) }).collect()
}

fn fleet_line(variant: &str, low: f64) -> FleetLine {
    let powder = |i: i64| match i {
        ..120 => 20_000.0,
        120..200 => 20_000.0 - 150.0 * (i - 120) as f64,
        200..300 => 8_000.0,
        _ => 0.0,
    };
    let event = |(hour, kind)| FleetEvent { time_ms: START + hour * HOUR, kind };
    let kinds = [
        (150, FleetMark::Cure),
        (160, FleetMark::Cure),
        (300, FleetMark::Cure),
        (310, FleetMark::Refused),
        (311, FleetMark::Liquidation),
        (315, FleetMark::Liquidation),
    ];
    FleetLine {
        variant: variant.into(),
        utilisation: wave(low, low + 0.55, variant.len() as f64),
        dry_powder: (0..480)
            .map(|i| Sample { time_ms: START + i * HOUR, value: powder(i) })
            .collect(),
        events: kinds.into_iter().map(event).collect(),
    }
}

#[test]
fn fleet_utilisation() {
    let two = vec![fleet_line("guarded", 0.3), fleet_line("do_nothing", 0.45)];
    let mut wild = vec![fleet_line("guarded", 0.3)];
    wild[0].utilisation[40].value = f64::INFINITY;
    wild[0].utilisation[41].value = f64::NAN;
    wild[0].dry_powder[41].value = f64::NAN;
    wild[0].dry_powder[42].value = -1e300;
    let point = FleetLine {
        utilisation: wave(0.5, 0.6, 0.0)[..1].to_vec(),
        dry_powder: Vec::new(),
        ..fleet_line("guarded", 0.2)
    };
    for (name, lines) in [
        ("fleet_utilisation", two),
        ("fleet_wild", wild),
        ("fleet_point", vec![point]),
        ("fleet_none", vec![]),
    ] {
        let caption = caption("Utilisation of the fleet alpha, and its dry powder");
        let zones = UtilisationZones::default();
        let chart = FleetUtilisationChart { caption, zones, lines };
        check(name, |out| fleet_utilisation::draw(&chart, out));
    }
}

fn heat_row(index: usize, priority: u32) -> HeatRow {
    let mut samples = wave(0.9, 2.6, 0.4 * index as f64);
    let last = 200 + 37 * index % 300;
    let dies = index.is_multiple_of(3);
    if dies {
        samples[last.min(479)..].iter_mut().for_each(|sample| sample.value = f64::NAN);
    }
    let closed = if dies { vec![START + last as i64 * HOUR] } else { Vec::new() };
    HeatRow { label: format!("account_{index:03} ({priority})"), priority, samples, closed }
}

#[test]
fn heat_map() {
    let rows = |count: usize, groups: u32| -> Vec<HeatRow> {
        (0..count).map(|i| heat_row(i, 1 + (i as u32 * groups) / count as u32)).collect()
    };
    let mut wild = rows(3, 1);
    wild[0].samples[5].value = f64::INFINITY;
    wild[1].samples[5].value = f64::NEG_INFINITY;
    wild[2].samples.clear();
    for (name, rows) in [
        ("heat_5", rows(5, 3)),
        ("heat_40", rows(40, 4)),
        ("heat_219", rows(219, 5)),
        ("heat_groups", rows(219, 120)),
        ("heat_wild", wild),
        ("heat_none", Vec::new()),
    ] {
        let caption = caption("Health of the sub-accounts of alpha");
        let chart = HeatMapChart { caption, rows, ..HeatMapChart::default() };
        check(name, |out| heat_map::draw(&chart, out));
    }
}

#[test]
fn diversification() {
    let around = |value: f64, half: f64| Estimate { value, low: value - half, high: value + half };
    let step = |i: u32| {
        let weight = f64::from(i) / 5.0;
        let rho = 0.25 + 0.75 * weight;
        let benefit = 1.0 - (0.25 + 0.75 * rho).sqrt();
        DiversificationStep {
            weight,
            correlation: Some(rho),
            benefit_var: around(benefit, 0.03),
            benefit_es: around(0.95 * benefit, 0.04),
            es: around(40_000.0 * (1.0 - 0.95 * benefit), 1_500.0),
            parts_es: around(40_000.0, 1_200.0),
        }
    };
    let points: Vec<DiversificationStep> = (0..6).map(step).collect();
    let mut wild = points.clone();
    wild[2].benefit_var = Estimate::default();
    wild[3].benefit_es.low = f64::NEG_INFINITY;
    wild[4].correlation = None;
    for (name, points) in [
        ("diversification", points.clone()),
        ("diversification_one", points[..1].to_vec()),
        ("diversification_wild", wild),
        ("diversification_none", Vec::new()),
    ] {
        let caption = caption("Diversification of the fleet alpha against correlation");
        let chart = DiversificationChart { caption, level: "95".into(), points };
        check(name, |out| diversification::draw(&chart, out));
    }
}
