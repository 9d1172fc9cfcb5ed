//! The reference Monte Carlo against a plain loop over the same prices.

mod common;

use drypowder::engine::{Metric, NoRecorder, Workspace, run, run_every_instant};
use drypowder::prices::PricePath;
use drypowder::prices::models::ModelPath;

const HOURS_A_DAY: usize = 24;

/// Counts and final equity (micro-USDC) of one path.
#[derive(Debug, PartialEq)]
struct Row {
    top_ups: u32,
    kills: u32,
    liquidations: u32,
    final_micro: i64,
}

fn round(value: f64) -> i64 {
    value.round() as i64
}

/// The rules of the reference run written down once more, over prices tick by tick: no engine,
/// no ledger, no thresholds turned into prices.
fn plain(prices: &[[f64; 3]]) -> Row {
    let mut wallet = 3_000_000_000_i64;
    let mut collateral = [1_000_000_000_i64; 3];
    let entry = prices[0];
    let steps = entry.map(|price| (3_000.0 / price * 1e8).round());
    let quantity = steps.map(|steps| steps / 1e8);
    let mut open = [true; 3];
    let mut row = Row { top_ups: 0, kills: 0, liquidations: 0, final_micro: 0 };
    let mut used_today = 0_i64;
    for (tick, marks) in prices.iter().enumerate().skip(1) {
        if tick % HOURS_A_DAY == 0 {
            used_today = 0;
        }
        let equity = |i: usize, collateral: i64| {
            collateral as f64 / 1e6 + quantity[i] * (marks[i] - entry[i])
        };
        let maintenance = |i: usize| 0.15 * quantity[i] * marks[i];
        for i in 0..3 {
            if open[i] && equity(i, collateral[i]) / maintenance(i) <= 1.05 {
                let left = collateral[i] + round(quantity[i] * (marks[i] - entry[i]) * 1e6);
                let penalty = round(quantity[i] * marks[i] * 0.01 * 1e6).min(left.max(0));
                wallet += (left - penalty).max(0);
                (open[i], collateral[i]) = (false, 0);
                row.liquidations += 1;
            }
        }
        for i in 0..3 {
            if !open[i] {
                continue;
            }
            let health = equity(i, collateral[i]) / maintenance(i);
            if health >= 1.6 {
                continue;
            }
            let wanted = ((2.0 * maintenance(i) - equity(i, collateral[i])) * 1e6).ceil() as i64;
            let amount =
                wanted.min(500_000_000).min(2_000_000_000 - used_today).min(wallet - 100_000_000);
            if health < 1.2 || amount <= 0 {
                let fill = marks[i] * (1.0 - 0.0005);
                wallet += collateral[i] + round(quantity[i] * (fill - entry[i]) * 1e6);
                (open[i], collateral[i]) = (false, 0);
                row.kills += 1;
            } else {
                wallet -= amount;
                collateral[i] += amount;
                used_today += amount;
                row.top_ups += 1;
            }
        }
    }
    let last = prices[prices.len() - 1];
    let mut equity = wallet as f64 / 1e6;
    for i in 0..3 {
        if open[i] {
            equity += collateral[i] as f64 / 1e6 + quantity[i] * (last[i] - entry[i]);
        }
    }
    row.final_micro = round(equity * 1e6);
    row
}

#[test]
fn equals_the_plain_loop_on_every_path() {
    let (plan, spec) = (common::reference_plan(), common::reference_prices());
    let mut path = ModelPath::new(&spec).unwrap();
    let mut workspace = Workspace::new(&plan, 3);
    let (mut top_ups, mut kills) = (0, 0);
    for number in 0..1_000 {
        path.begin(1, number);
        run(&plan, &mut path, 1, number, &mut workspace, &mut NoRecorder).unwrap();
        let outcome = &workspace.outcomes()[0];
        let got = Row {
            top_ups: outcome.get(Metric::TopUps) as u32,
            kills: outcome.get(Metric::KillSwitches) as u32,
            liquidations: outcome.get(Metric::Liquidations) as u32,
            final_micro: round(outcome.get(Metric::FinalEquity) * 1e6),
        };
        let mut prices = vec![[0.0; 3]; path.ticks()];
        for (tick, marks) in prices.iter_mut().enumerate() {
            path.load(tick, marks, &mut [0.0; 3]);
        }
        let expected = plain(&prices);
        assert!((got.final_micro - expected.final_micro).abs() <= 1, "path {number}");
        assert_eq!(Row { final_micro: 0, ..got }, Row { final_micro: 0, ..expected }, "{number}");
        top_ups += expected.top_ups;
        kills += expected.kills;
    }
    assert!(top_ups > 10_000 && kills > 500, "{top_ups} top-ups and {kills} kills");
}

#[test]
fn equals_the_engine_that_takes_no_short_cut() {
    let (plan, spec) = (common::reference_plan(), common::reference_prices());
    let mut path = ModelPath::new(&spec).unwrap();
    let mut fast = Workspace::new(&plan, 3);
    let mut slow = Workspace::new(&plan, 3);
    for number in 0..50 {
        path.begin(2, number);
        run(&plan, &mut path, 2, number, &mut fast, &mut NoRecorder).unwrap();
        run_every_instant(&plan, &mut path, 2, number, &mut slow, &mut NoRecorder).unwrap();
        for metric in Metric::ALL {
            let (a, b) = (fast.outcomes()[0].get(*metric), slow.outcomes()[0].get(*metric));
            assert_eq!(a.to_bits(), b.to_bits(), "{} on path {number}", metric.name());
        }
    }
}
