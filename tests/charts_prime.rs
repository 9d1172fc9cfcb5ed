//! Charts of prime brokerage: a PNG of the promised size from normal and from degenerate data, the
//! same bytes each time. The images stay in `target/tmp/charts` to be looked at.

#[path = "charts/check.rs"]
mod check;

use check::check;
use drypowder::report::charts::custody::{self, CustodyChart, CustodyPanel};
use drypowder::report::charts::recalls::{self, NeedKind, RecallNeed, RecalledLoan, RecallsChart};
use drypowder::report::charts::utilisation::{
    self, UtilisationChart, UtilisationEvent, UtilisationLine, UtilisationMark,
};
use drypowder::report::charts::wallet_use::{self, WalletUse, WalletUseChart, WalletUsePanel};
use drypowder::report::charts::yields::{self, YieldChart, YieldVariant};
use drypowder::report::charts::zones::{self, ZonesChart, ZonesRow};
use drypowder::report::charts::{Caption, Sample};

/// 1 October 2025, 00:00 UTC.
const START: i64 = 1_759_276_800_000;
const HOUR: i64 = 3_600_000;

fn caption(title: &str) -> Caption {
    Caption {
        title: title.into(),
        subtitle: "guarded and silo · 2025-10-01 to 2025-10-31".into(),
        footer: "drypowder 0.1.0 · seed 1 · prime".into(),
    }
}

/// A wave between two levels that jumps in the middle, over 30 days.
fn wave(low: f64, high: f64, phase: f64) -> Vec<Sample> {
    let value = |i: i64| {
        let swing = 0.5 + 0.5 * libm::sin(0.11 * i as f64 + phase) * libm::cos(0.031 * i as f64);
        let jump = if (330..420).contains(&i) { 0.22 } else { 0.0 };
        low + (high - low) * swing + jump
    };
    (0..720).map(|i| Sample { time_ms: START + i * HOUR, value: value(i) }).collect()
}

fn line(agent: &str, variant: &str, low: f64, high: f64) -> UtilisationLine {
    let samples = wave(low, high, variant.len() as f64);
    let event = |&(i, kind): &(usize, UtilisationMark)| UtilisationEvent {
        time_ms: samples[i].time_ms,
        utilisation: samples[i].value,
        kind,
    };
    let kinds = [
        (331, UtilisationMark::Recall),
        (332, UtilisationMark::Recall),
        (335, UtilisationMark::MarginCall),
        (360, UtilisationMark::Liquidation),
    ];
    let events = kinds.iter().map(event).collect();
    UtilisationLine { agent: agent.into(), variant: variant.into(), samples, events }
}

fn utilisation_chart(lines: Vec<UtilisationLine>) -> UtilisationChart {
    UtilisationChart { caption: caption("Utilisation"), lines, ..Default::default() }
}

#[test]
fn utilisation() {
    let plan = || line("trader", "guarded", 0.42, 0.66);
    let three =
        vec![plan(), line("trader", "do_nothing", 0.5, 0.7), line("trader", "silo", 0.2, 0.4)];
    let agents = ["alice", "bob", "carol"].iter().zip(1..).flat_map(|(name, i)| {
        let low = 0.15 * f64::from(i);
        [line(name, "guarded", low, low + 0.1), line(name, "silo", low / 2.0, low)]
    });
    let mut wild = plan();
    wild.samples[400].value = f64::INFINITY;
    wild.samples[401].value = f64::NAN;
    wild.samples[402].value = 1e300;
    wild.samples[403].value = -3.0;
    wild.events[0].utilisation = f64::NAN;
    let point = UtilisationLine { samples: wave(0.5, 0.6, 0.0)[..1].to_vec(), ..plan() };
    let alone = UtilisationLine { events: Vec::new(), ..point.clone() };
    let long = "a variant whose name nobody kept short: recall, rebalance and lend in green";
    for (name, chart) in [
        ("utilisation_three", utilisation_chart(three)),
        ("utilisation_agents", utilisation_chart(agents.collect())),
        ("utilisation_wild", utilisation_chart(vec![wild])),
        ("utilisation_point", utilisation_chart(vec![alone])),
        ("utilisation_crowded", utilisation_chart(vec![line("trader", long, 0.1, 1.4); 9])),
        ("utilisation_empty", UtilisationChart::default()),
    ] {
        check(name, |out| utilisation::draw(&chart, out));
    }
}

fn wallet(label: &str, scale: f64) -> WalletUsePanel {
    let (trading, lent) = (wave(0.3, 0.5, 0.0), wave(0.0, 0.4, 1.0));
    let sample = |(i, (trading, lent)): (usize, (&Sample, &Sample))| WalletUse {
        time_ms: trading.time_ms,
        trading: scale * trading.value,
        lent: if i > 60 { scale * lent.value } else { 0.0 },
        escrow: scale * 0.04 * (i / 30 % 5) as f64,
        services: scale * 0.05,
        free: scale * (0.7 - trading.value),
    };
    let samples = trading.iter().zip(&lent).enumerate().map(sample).collect();
    WalletUsePanel { label: label.into(), samples }
}

fn wallet_chart(panels: Vec<WalletUsePanel>) -> WalletUseChart {
    WalletUseChart { caption: caption("Use of the wallet"), panels }
}

#[test]
fn wallet_use() {
    let mut odd = wallet("odd, USDC", 1_000.0);
    odd.samples[5].free = -600.0;
    odd.samples[6].lent = f64::NAN;
    odd.samples[7].escrow = f64::INFINITY;
    for sample in &mut odd.samples[300..500] {
        sample.free = -250.0;
    }
    let point = WalletUsePanel { samples: odd.samples[..1].to_vec(), ..odd.clone() };
    let mut dense = wallet("dense, USDC", 2e7);
    let copies = dense.samples.clone();
    for day in 1..60 {
        let later = |s: &WalletUse| WalletUse { time_ms: s.time_ms + 720 * day * HOUR, ..*s };
        dense.samples.extend(copies.iter().map(later));
    }
    let zero = WalletUsePanel {
        samples: vec![WalletUse { time_ms: START, ..Default::default() }; 3],
        ..point.clone()
    };
    for (name, chart) in [
        ("wallet_use_one", wallet_chart(vec![wallet("use of the wallet, USDC", 10_000.0)])),
        (
            "wallet_use_three",
            wallet_chart(["alice", "bob", "carol"].map(|n| wallet(n, 5_000.0)).to_vec()),
        ),
        ("wallet_use_odd", wallet_chart(vec![odd])),
        ("wallet_use_dense", wallet_chart(vec![dense])),
        ("wallet_use_point", wallet_chart(vec![point])),
        ("wallet_use_zero", wallet_chart(vec![zero])),
        ("wallet_use_many", wallet_chart(vec![wallet("agent, USDC", 1.0); 9])),
        ("wallet_use_empty", WalletUseChart::default()),
    ] {
        check(name, |out| wallet_use::draw(&chart, out));
    }
}

fn zones_chart(rows: &[(&str, [f64; 4])]) -> ZonesChart {
    let row = |&(label, shares): &(&str, [f64; 4])| ZonesRow { label: label.into(), shares };
    ZonesChart {
        caption: caption("Share of time in each zone of utilisation"),
        zones: ["green < 60 %", "yellow 60–75 %", "orange 75–85 %", "red ≥ 85 %"].map(String::from),
        rows: rows.iter().map(row).collect(),
    }
}

#[test]
fn zones() {
    let some = [
        ("guarded", [0.712, 0.2, 0.0834, 0.0046]),
        ("do_nothing", [0.512, 0.2, 0.1, 0.188]),
        ("start_smaller", [1.0, 0.0, 0.0, 0.0]),
        ("stop_loss", [0.6, 0.3, 0.1, 0.0]),
        ("silo", [0.0, 0.0, 0.0, 1.0]),
    ];
    let long = "a variant whose name nobody kept short: recall, rebalance and lend in green, alice";
    let many: Vec<_> = some.iter().cycle().take(40).copied().collect();
    for (name, chart) in [
        ("zones_five", zones_chart(&some)),
        ("zones_one", zones_chart(&some[..1])),
        ("zones_many", zones_chart(&many)),
        ("zones_odd", zones_chart(&[(long, [f64::NAN, 2.0, -1.0, f64::INFINITY]); 2])),
        ("zones_empty", ZonesChart::default()),
    ] {
        check(name, |out| zones::draw(&chart, out));
    }
}

fn yield_variant(name: &str, scale: f64) -> YieldVariant {
    YieldVariant {
        name: name.into(),
        interest: 41.2 * scale,
        interest_paid: 3.7 * scale,
        lending_losses: 12.9 * scale,
        referral: 1.5 * scale,
        net: 26.1 * scale,
        fees_paid: 18.4 * scale,
        fees_saved: 22.0 * scale,
    }
}

fn yield_chart(variants: Vec<YieldVariant>) -> YieldChart {
    YieldChart {
        caption: caption("What the yield is made of"),
        x_title: "USDC, mean over paths".into(),
        variants,
    }
}

#[test]
fn yields() {
    let two = vec![yield_variant("guarded", 1.0), yield_variant("silo", 0.6)];
    let four = ["guarded", "do_nothing", "start_smaller", "silo"];
    let four = four.iter().zip(1..).map(|(name, i)| yield_variant(name, f64::from(i)));
    let odd = YieldVariant {
        interest: f64::INFINITY,
        net: f64::NAN,
        fees_paid: -5.0,
        ..yield_variant("odd", 1e-4)
    };
    let long = "a variant whose name nobody kept short: recall, rebalance and lend in green";
    for (name, chart) in [
        ("yields_one", yield_chart(vec![yield_variant("plan", 1.0)])),
        ("yields_two", yield_chart(two)),
        ("yields_four", yield_chart(four.collect())),
        ("yields_seven", yield_chart(vec![yield_variant(long, 1e6); 7])),
        ("yields_odd", yield_chart(vec![odd])),
        ("yields_zero", yield_chart(vec![YieldVariant::default()])),
        ("yields_empty", YieldChart::default()),
    ] {
        check(name, |out| yields::draw(&chart, out));
    }
}

fn loan(number: i64, asked: i64, arrived: Option<i64>, fails: bool) -> RecalledLoan {
    let asked_ms = START + asked * HOUR;
    RecalledLoan {
        label: format!("loan {number}, {} ETH", number as f64 / 5.0),
        asked_ms,
        due_ms: Some(asked_ms + 24 * HOUR),
        failed_ms: fails.then_some(asked_ms + 24 * HOUR),
        arrived_ms: arrived.map(|hours| asked_ms + hours * HOUR),
    }
}

fn recalls_chart(loans: Vec<RecalledLoan>) -> RecallsChart {
    let at = |hour: i64, value| Sample { time_ms: START + hour * HOUR, value };
    let values = [
        (0, 0.0),
        (240, 568.0),
        (241, 2_840.0),
        (247, 2_272.0),
        (265, 0.0),
        (280, 900.0),
        (300, 900.0),
    ];
    let need =
        |hour: i64, on_the_way, kind| RecallNeed { time_ms: START + hour * HOUR, on_the_way, kind };
    RecallsChart {
        caption: caption("Recalls: money on its way"),
        span_ms: (START, START + 300 * HOUR),
        loans,
        on_the_way: values.iter().map(|&(hour, value)| at(hour, value)).collect(),
        needs: vec![
            need(243, 2_840.0, NeedKind::Rejection),
            need(250, 2_272.0, NeedKind::Exit),
            need(255, 2_272.0, NeedKind::Liquidation),
            need(255, 2_272.0, NeedKind::Liquidation),
        ],
    }
}

#[test]
fn recalls() {
    let four = vec![
        loan(1, 240, Some(7), false),
        loan(3, 241, Some(24), true),
        loan(4, 241, Some(24), false),
        loan(7, 280, None, false),
    ];
    let many = (0..40).map(|i| loan(i, 200 + 3 * i, Some(24), i % 9 == 0)).collect();
    let unknown = RecalledLoan { due_ms: None, ..loan(1, 10, Some(0), false) };
    let extreme = RecallsChart {
        on_the_way: vec![Sample { time_ms: i64::MAX, value: f64::NAN }],
        needs: vec![RecallNeed { time_ms: i64::MIN, on_the_way: 1e300, kind: NeedKind::Exit }],
        loans: vec![RecalledLoan { asked_ms: i64::MIN, due_ms: Some(i64::MAX), ..unknown.clone() }],
        ..recalls_chart(Vec::new())
    };
    for (name, chart) in [
        ("recalls_four", recalls_chart(four)),
        ("recalls_many", recalls_chart(many)),
        ("recalls_one", RecallsChart { needs: Vec::new(), ..recalls_chart(vec![unknown]) }),
        ("recalls_extreme", extreme),
        ("recalls_empty", RecallsChart::default()),
    ] {
        check(name, |out| recalls::draw(&chart, out));
    }
}

fn custody_chart(panels: &[(&str, &str, bool, [f64; 2])]) -> CustodyChart {
    let panel = |&(title, unit, fraction, values): &(&str, &str, bool, [f64; 2])| CustodyPanel {
        title: title.into(),
        unit: unit.into(),
        fraction,
        values,
    };
    CustodyChart {
        caption: caption("One wallet against a balance per service"),
        names: ["guarded (unified)".into(), "silo".into()],
        panels: panels.iter().map(panel).collect(),
    }
}

#[test]
fn custody() {
    let five = [
        ("utilisation", "of capital, mean", true, [0.652, 0.418]),
        ("liquidations", "a path", false, [0.031, 0.204]),
        ("requests rejected", "a path", false, [0.0, 17.0]),
        ("final equity", "USDC", false, [10_412.3, 9_873.9]),
        ("trapped capital", "USDC·days", false, [0.0, 12.4]),
    ];
    let odd = [
        ("a figure whose name nobody kept short", "of nothing in particular", true, [-0.5, 0.3]),
        ("none", "", false, [f64::NAN, f64::INFINITY]),
        ("debts", "USDC", false, [-1e9, -3.0]),
        ("huge", "USDC", false, [1e300, 1e18]),
    ];
    for (name, chart) in [
        ("custody_five", custody_chart(&five)),
        ("custody_one", custody_chart(&five[..1])),
        ("custody_odd", custody_chart(&odd)),
        ("custody_many", custody_chart(&[five, five].concat())),
        ("custody_empty", CustodyChart::default()),
    ] {
        check(name, |out| custody::draw(&chart, out));
    }
}
