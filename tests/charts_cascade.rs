//! The cascade timeline: a PNG of the promised size from normal and from degenerate data, the same
//! bytes each time. The images stay in `target/tmp/charts` to be looked at.

#[path = "charts/check.rs"]
mod check;

use check::check;
use drypowder::report::charts::cascade::{self, CascadeChart, CascadePanel, ForcedCloses};
use drypowder::report::charts::{Caption, Sample};

/// 1 October 2025, 00:00 UTC.
const START: i64 = 1_759_276_800_000;
const MINUTE: i64 = 60_000;

fn caption() -> Caption {
    Caption {
        title: "Cascade: force-closes that move the price".into(),
        subtitle: "path 3, the largest chain of all paths: 9 force-closes".into(),
        footer: "drypowder 0.1.0 · seed 1 · cascade".into(),
    }
}

fn at(minute: i64, value: f64) -> Sample {
    Sample { time_ms: START + minute * MINUTE, value }
}

/// A fall from `start` in an hour; with impact two steps more, of which half comes back.
fn panel(label: &str, start: f64) -> CascadePanel {
    let fall = |minute: i64| start * (1.0 - 0.001 * minute as f64);
    let pushed = |minute: i64| match minute {
        30..50 => 0.98,
        50.. => 0.95 + 0.0004 * (minute - 50) as f64,
        _ => 1.0,
    };
    let closes = |minute: i64, count: usize, rounds: usize| ForcedCloses {
        time_ms: START + minute * MINUTE,
        price: fall(minute) * pushed(minute),
        notional: 100_000.0 * count as f64,
        count,
        rounds,
    };
    CascadePanel {
        label: label.into(),
        with: (0..90).map(|minute| at(minute, fall(minute) * pushed(minute))).collect(),
        without: (0..90).map(|minute| at(minute, fall(minute))).collect(),
        closes: vec![closes(30, 2, 1), closes(33, 1, 1), closes(50, 6, 4), closes(51, 3, 2)],
    }
}

fn chart(panels: Vec<CascadePanel>) -> CascadeChart {
    let with = vec![at(0, 0.0), at(30, 2e5), at(33, 3e5), at(50, 9e5), at(51, 12e5), at(89, 12e5)];
    let without = vec![at(0, 0.0), at(30, 2e5), at(60, 4e5), at(89, 4e5)];
    CascadeChart { caption: caption(), panels, with, without }
}

#[test]
fn cascades() {
    let one = panel("BTC, USDC", 88_500.0);
    let two = vec![one.clone(), panel("ETH, USDC", 2_840.0)];
    let nothing = CascadePanel { closes: Vec::new(), ..one.clone() };
    let odd = CascadePanel {
        with: vec![at(0, f64::NAN), at(1, 100.0)],
        closes: vec![ForcedCloses {
            time_ms: START,
            price: f64::NAN,
            notional: 0.0,
            count: 1,
            rounds: 1,
        }],
        ..CascadePanel::default()
    };
    for (name, data) in [
        ("cascade_one", chart(vec![one.clone()])),
        ("cascade_two", chart(two)),
        ("cascade_five", chart(vec![one.clone(); 5])),
        ("cascade_no_close", chart(vec![nothing])),
        ("cascade_odd", chart(vec![odd])),
        ("cascade_empty", CascadeChart { caption: caption(), ..CascadeChart::default() }),
    ] {
        check(name, |out| cascade::draw(&data, out));
    }
}
