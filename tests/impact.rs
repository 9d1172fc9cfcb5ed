//! Forced fills that move prices: dominoes, decay, squeezes and what they cost, by hand.

#[allow(dead_code)]
mod common;

use std::sync::Arc;

use common::{NEW_YEAR_MS, agent, isolated, plan, usdc};
use drypowder::engine::{
    AccountSample, AgentOutcome, AssetImpact, Event, EventKind, ImpactSpec, Metric, Plan,
    PositionSample, Recorder, Rule, Workspace, run, run_every_instant,
};
use drypowder::policy::GuardSpec;
use drypowder::prices::{Intrabar, PricePath, ReplayAsset, ReplayPath, ReplaySpec};
use drypowder::units::time::{HOUR_MS, NEVER_MS, SECOND_MS};
use drypowder::venue::exchange::{Brackets, PositionSpec, SlippageSpec};

const MINUTE_MS: i64 = 60 * SECOND_MS;
/// Volume of a day, USDC; a close of 1,000 is a thousandth of it.
const VOLUME: f64 = 1e6;

/// Events, and the marks of the first agent's first position every half hour.
#[derive(Default)]
struct Tape {
    events: Vec<Event>,
    marks: Vec<f64>,
}

impl Recorder for Tape {
    const EVENTS: bool = true;

    fn event(&mut self, event: &Event) {
        self.events.push(event.clone());
    }

    fn next_sample_ms(&self) -> i64 {
        if self.marks.len() > 20 {
            return NEVER_MS;
        }
        NEW_YEAR_MS + self.marks.len() as i64 * HOUR_MS / 2
    }

    fn sample(&mut self, _: i64, _: &[AccountSample], positions: &[PositionSample]) {
        let first = positions.iter().find(|sample| sample.agent == 0);
        self.marks.push(first.map_or(f64::NAN, |sample| sample.mark));
    }
}

fn hourly(assets: &[&[f64]]) -> ReplaySpec {
    let assets = assets.iter().enumerate().map(|(index, closes)| ReplayAsset {
        name: format!("A{index}"),
        mark: Arc::new(std::array::from_fn(|_| closes.to_vec())),
        last: None,
        adverse_first: -1,
    });
    ReplaySpec {
        start_ms: NEW_YEAR_MS,
        interval_ms: HOUR_MS,
        close_only: true,
        intrabar: Intrabar::Jump,
        walk_step_ms: MINUTE_MS,
        worst_joint: false,
        assets: assets.collect(),
        shocks: vec![],
    }
}

/// Runs both engines, which must agree, and gives what they found.
fn play(plan: &Plan, prices: &[&[f64]]) -> (Vec<AgentOutcome>, Tape) {
    let spec = Arc::new(hourly(prices));
    let both = [true, false].map(|fast| {
        let mut path = ReplayPath::new(Arc::clone(&spec));
        path.begin(1, 0);
        let mut workspace = Workspace::new(plan, plan.assets.len());
        let mut tape = Tape::default();
        let ran = if fast {
            run(plan, &mut path, 1, 0, &mut workspace, &mut tape)
        } else {
            run_every_instant(plan, &mut path, 1, 0, &mut workspace, &mut tape)
        };
        ran.unwrap();
        (workspace.outcomes().to_vec(), tape)
    });
    let [(fast, tape), (slow, slow_tape)] = both;
    assert_eq!(format!("{fast:?}"), format!("{slow:?}"));
    assert_eq!(format!("{:?}", tape.events), format!("{:?}", slow_tape.events));
    assert_eq!(format!("{:?}", tape.marks), format!("{:?}", slow_tape.marks));
    (fast, tape)
}

/// A part of the volume of a thousandth moves the log price by `permanent` and by `decaying`, of
/// which half is gone in half an hour.
fn impact(assets: usize, permanent: f64, decaying: f64) -> ImpactSpec {
    let terms = AssetImpact {
        permanent: permanent * 1e3,
        decaying: decaying * 1e3_f64.sqrt(),
        half_life_ms: HOUR_MS / 2,
        daily_volume_usdc: VOLUME,
    };
    let cascade_window_ms = 5 * MINUTE_MS;
    ImpactSpec { strength: 1.0, assets: vec![terms; assets], rounds: 8, cascade_window_ms }
}

/// What a market must be maintained with, of notional.
const RATE: f64 = 0.1;

/// Bought or sold at 100, worth 1,000 at `price`, where its health factor is 1: of a long
/// C + q(x − 100) = r·q·x, of a short C − q(x − 100) = r·q·x.
fn falls_at(market: usize, side: i64, price: f64, rate: f64) -> PositionSpec {
    let units = 1_000.0 / price;
    let signed = side as f64;
    let collateral = units * (rate * price - signed * (price - 100.0));
    let spec = isolated(market, side, 0.0, 0.0);
    PositionSpec { quantity: Some(units), collateral: usdc(collateral), ..spec }
}

/// A plan without costs whose accounts fall at a health factor of 1.
fn venue(assets: &[&str], positions: Vec<PositionSpec>, impact: Option<ImpactSpec>) -> Plan {
    let agents = positions.into_iter().enumerate();
    let agents = agents.map(|(index, position)| {
        agent(&format!("agent {index:02}"), 0.0, vec![position], GuardSpec::none())
    });
    let mut plan = plan(assets, agents.collect());
    for market in &mut plan.exchange.markets {
        market.maintenance = Brackets::flat(RATE);
        (market.liquidation_hf, market.penalty) = (1.0, 0.0);
        market.slippage = SlippageSpec::NONE;
    }
    Plan { impact, ..plan }
}

fn sum(outcomes: &[AgentOutcome], metric: Metric) -> f64 {
    outcomes.iter().map(|outcome| outcome.get(metric)).sum()
}

fn fired(outcomes: &[AgentOutcome], rule: Rule) -> u32 {
    outcomes.iter().map(|outcome| outcome.fired(rule)).sum()
}

/// Prices at which account `k` of a row falls: 95·.99^k of longs, 105·1.01^k of shorts.
fn domino_price(side: i64, k: usize) -> f64 {
    let (start, ratio) = if side > 0 { (95.0, 0.99) } else { (105.0, 1.01) };
    (0..k).fold(start, |price, _| price * ratio)
}

/// Just beyond the first.
fn push(side: i64) -> f64 {
    if side > 0 { 94.99 } else { 105.01 }
}

/// Orders in which `count` dominoes may stand in the list.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let stride = |step: usize| (0..count).map(|index| index * step % count).collect();
    let mut orders: Vec<Vec<usize>> = vec![stride(1), stride(3), stride(7)];
    orders.push((0..count).rev().collect());
    orders
}

/// Dominoes 1 % apart. One close of 1,000 moves the price by e^∓.009 or e^∓.011.
///
/// Longs, the first falls at 95, pushed to 94.99: e^−.009 leads to 94.14, and the next falls at
/// 94.05: no further. e^−.011 leads to 93.95: it falls, worth 999 there, and so on: each is pushed
/// by a little less than .011, more than the ln(1/.99) = .01005 that it takes, as long as the lead
/// is below .011/.01005 − 1 = 9 %. Shorts: 105.01·e^.009 = 105.96 < 106.05 < 106.17 =
/// 105.01·e^.011; there the closes become dearer and the lead grows.
#[test]
fn one_domino_or_all_in_any_order_of_listing() {
    for side in [1, -1] {
        for order in orders(8) {
            for (permanent, falls) in [(0.009, 1.0), (0.011, 8.0)] {
                let positions =
                    order.iter().map(|&k| falls_at(0, side, domino_price(side, k), RATE));
                let spec = Some(impact(1, permanent, 0.0));
                let plan = venue(&["A"], positions.collect(), spec);
                let prices = [100.0, push(side), push(side)];
                let (outcomes, _) = play(&plan, &[&prices]);
                assert_eq!(sum(&outcomes, Metric::Liquidations), falls, "{side} {order:?}");
                assert_eq!(sum(&outcomes, Metric::CascadeSize), falls);
                assert_eq!(sum(&outcomes, Metric::CascadeLiquidations), falls - 1.0);
                for (outcome, &k) in outcomes.iter().zip(&order) {
                    let fell = (k as f64) < falls;
                    assert_eq!(outcome.get(Metric::Liquidations), f64::from(u8::from(fell)));
                    let round = if fell { k as f64 + 1.0 } else { 0.0 };
                    assert_eq!(outcome.get(Metric::CascadeDepth), round);
                }
            }
        }
    }
}

/// Every account comes out with the same equity wherever it stands in the list, and however the
/// two markets of the asset are listed.
#[test]
fn order_of_agents_and_markets_moves_no_figure() {
    let mut found: Vec<Vec<f64>> = Vec::new();
    for order in orders(8) {
        for swapped in [false, true] {
            // Domino k stands in the market on A called "k even" or "k odd".
            let place = |k: usize| if swapped { 1 - k % 2 } else { k % 2 };
            let positions =
                order.iter().map(|&k| falls_at(place(k), 1, domino_price(1, k), RATE)).collect();
            let mut plan = venue(&["A", "B"], positions, Some(impact(2, 0.011, 0.0)));
            plan.exchange.markets[1].asset = 0;
            let flat = [100.0; 3];
            let (outcomes, _) = play(&plan, &[&[100.0, 94.99, 94.99], &flat]);
            let mut equity = vec![f64::NAN; 8];
            for (outcome, &k) in outcomes.iter().zip(&order) {
                equity[k] = outcome.get(Metric::FinalEquity);
            }
            found.push(equity);
        }
    }
    // q(x' − 95·.9), the price x' being that of the push.
    assert!((found[0][0] - (94.99 - 85.5) * 1_000.0 / 95.0).abs() < 1e-5);
    assert!(found.iter().all(|equity| *equity == found[0]), "{found:?}");
}

/// Twenty dominoes, eight rounds an instant: eight fall at one o'clock, eight at two, four at
/// three. Each push of at most .0105 is .00045 more than the way to the next, over twenty of them
/// less than the .01005 at which two would fall in one round.
#[test]
fn what_the_rounds_leave_falls_at_the_next_ticks() {
    let positions = (0..20).map(|k| falls_at(0, 1, domino_price(1, k), RATE)).collect();
    let plan = venue(&["A"], positions, Some(impact(1, 0.0105, 0.0)));
    let (outcomes, tape) = play(&plan, &[&[100.0, 94.99, 94.99, 94.99, 94.99]]);
    let hours = |hour: i64| {
        let at = NEW_YEAR_MS + hour * HOUR_MS;
        let kind = EventKind::Liquidated;
        tape.events.iter().filter(|event| event.kind == kind && event.time_ms == at).count()
    };
    assert_eq!([hours(1), hours(2), hours(3), hours(4)], [8, 8, 4, 0]);
    assert_eq!(sum(&outcomes, Metric::CascadeLiquidations), 19.0);
    assert_eq!(fired(&outcomes, Rule::ImpactCascade), 19);
    // One account waits at one o'clock, one at two.
    assert_eq!(fired(&outcomes, Rule::ImpactCapped), 2);
    let depth =
        outcomes.iter().map(|outcome| outcome.get(Metric::CascadeDepth)).fold(0.0, f64::max);
    assert_eq!(depth, 8.0);
    // An hour apart is not within five minutes.
    assert_eq!(sum(&outcomes, Metric::CascadeSize), 8.0);
    let mut joined = plan;
    joined.impact.as_mut().unwrap().cascade_window_ms = HOUR_MS;
    let (outcomes, _) = play(&joined, &[&[100.0, 94.99, 94.99, 94.99, 94.99]]);
    assert_eq!(sum(&outcomes, Metric::CascadeSize), 20.0);
}

/// The first agent watches: its own price of liquidation is far. The second falls at 94.99; the
/// part that decays starts at −.02 (of which the close of 1,000·94.99/95 makes √.999895) and has a
/// half-life of half an hour. Marks stand between the hours: e^−.02 until two o'clock, there
/// e^−.005, then e^−.00125.
#[test]
fn half_life_by_hand() {
    let positions = vec![falls_at(0, 1, 40.0, RATE), falls_at(0, 1, 95.0, RATE)];
    let plan = venue(&["A"], positions, Some(impact(1, 0.0, 0.02)));
    let (outcomes, tape) = play(&plan, &[&[100.0, 94.99, 94.99, 96.0, 96.0]]);
    let start = 0.02 * (94.99_f64 / 95.0).sqrt();
    let expected = [
        (0, 100.0),
        (1, 100.0),
        (2, 94.99 * libm::exp(-start)),
        (3, 94.99 * libm::exp(-start)),
        (4, 94.99 * libm::exp(-start / 4.0)),
        (5, 94.99 * libm::exp(-start / 4.0)),
        (6, 96.0 * libm::exp(-start / 16.0)),
    ];
    for (half_hours, mark) in expected {
        let got = tape.marks[half_hours];
        assert!((got - mark).abs() < 1e-9, "{half_hours}: {got} {mark}");
    }
    let moved: Vec<&Event> =
        tape.events.iter().filter(|event| event.kind == EventKind::PriceMoved).collect();
    assert_eq!(moved.len(), 1);
    assert_eq!((moved[0].agent, moved[0].mark), (1, 94.99));
    assert!((moved[0].price - expected[2].1).abs() < 1e-9);
    assert!((moved[0].amount + 1_000.0 * 94.99 / 95.0).abs() < 1e-5);
    let most = outcomes[0].get(Metric::ImpactMove);
    assert!((most - (1.0 - libm::exp(-start))).abs() < 1e-12, "{most}");
}

/// A push that decays before the next tick: at two o'clock the price of the path itself falls by
/// .3 %, onto 94.70·e^−.005 = 94.23: the second account, at 94.5, falls by both together and by
/// neither alone; the fast engine must see it though the path alone stays above.
#[test]
fn a_decaying_push_and_the_path_together() {
    let positions = vec![falls_at(0, 1, 95.0, RATE), falls_at(0, 1, 94.5, RATE)];
    for (decaying, closes, falls) in [
        (0.0, [100.0, 94.99, 94.7, 94.7], 1.0),
        (0.02, [100.0, 94.99, 96.0, 96.0], 2.0),
        (0.004, [100.0, 94.99, 94.99, 94.99], 1.0),
        // At one o'clock 94.61, at two 94.51·e^−.001 = 94.42.
        (0.004, [100.0, 94.99, 94.51, 94.51], 2.0),
    ] {
        let plan = venue(&["A"], positions.clone(), Some(impact(1, 0.0, decaying)));
        let (outcomes, _) = play(&plan, &[&closes]);
        assert_eq!(sum(&outcomes, Metric::Liquidations), falls, "{decaying} {closes:?}");
    }
}

/// Each asset has its own flow: A falls and pushes A's second, not B's; B's first, due at the same
/// instant, pushes B's.
#[test]
fn assets_do_not_push_each_other() {
    let row = |market: usize| [95.0, 94.05].map(|price| falls_at(market, 1, price, RATE));
    let positions = [row(0), row(1)].concat();
    let plan = venue(&["A", "B"], positions, Some(impact(2, 0.011, 0.0)));
    let (down, flat) = ([100.0, 94.99, 94.99], [100.0; 3]);
    for (prices, expected) in
        [([down, flat], [1.0, 1.0, 0.0, 0.0]), ([down, down], [1.0, 1.0, 1.0, 1.0])]
    {
        let (outcomes, _) = play(&plan, &[&prices[0], &prices[1]]);
        let got: Vec<f64> = outcomes.iter().map(|o| o.get(Metric::Liquidations)).collect();
        assert_eq!(got, expected);
    }
}

/// A sale and a purchase of one round and one size push nothing: long and short of 1,000 at 100
/// with 99 and 101 as prices of the other's fall, both due at the start.
#[test]
fn opposite_fills_of_a_round_net() {
    let equal = |side: i64, limit: f64| PositionSpec {
        quantity: Some(10.0),
        ..falls_at(0, side, limit, RATE)
    };
    let watcher = falls_at(0, 1, 40.0, RATE);
    let positions = vec![watcher, equal(1, 101.0), equal(-1, 99.0)];
    let plan = venue(&["A"], positions, Some(impact(1, 0.011, 0.02)));
    let (outcomes, tape) = play(&plan, &[&[100.0, 100.0]]);
    assert_eq!(sum(&outcomes, Metric::Liquidations), 2.0);
    assert_eq!(outcomes[0].get(Metric::ImpactMove), 0.0);
    assert!(tape.events.iter().all(|event| event.kind != EventKind::PriceMoved));
}

/// Maintenance of .05 %: the second, due at 94.05, is closed at 94.99·e^(−.011·94.99/95) = 93.951,
/// below the 94.05·(1 − .0005) = 94.003 at which its equity is gone: its loss of q·(94.003 −
/// 93.951) falls on the insurance fund, then is bad debt. Without impact there is none.
#[test]
fn losses_beyond_equity_by_impact() {
    let rate = 0.0005;
    let positions = || [95.0, 94.05].map(|price| falls_at(0, 1, price, rate)).to_vec();
    let price = 94.99 * libm::exp(-0.011 * 94.99 / 95.0);
    let loss = 1_000.0 / 94.05 * (94.05 * (1.0 - rate) - price);
    assert!(loss > 0.5 && loss < 0.6, "{loss}");
    for (permanent, fund, insurance, bad_debt) in [
        (0.0, 0.0, 0.0, 0.0),
        (0.011, 0.0, 0.0, loss),
        (0.011, 0.2, 0.2, loss - 0.2),
        (0.011, 50.0, loss, 0.0),
    ] {
        let mut plan = venue(&["A"], positions(), Some(impact(1, permanent, 0.0)));
        plan.exchange.markets[0].maintenance = Brackets::flat(rate);
        plan.exchange.insurance = usdc(fund);
        let (outcomes, _) = play(&plan, &[&[100.0, 94.99, 94.99]]);
        for (metric, expected) in [(Metric::InsuranceUsed, insurance), (Metric::BadDebt, bad_debt)]
        {
            let got = sum(&outcomes, metric);
            assert!((got - expected).abs() < 2e-6, "{permanent} {fund} {metric:?}: {got}");
        }
    }
}

/// At strength 0 everything that a plan without impact has is the same to the last bit.
#[test]
fn strength_0_is_none() {
    let positions = (0..8).map(|k| falls_at(0, 1, domino_price(1, k), RATE)).collect();
    let none = venue(&["A"], positions, None);
    let mut off = impact(1, 0.011, 0.02);
    off.strength = 0.0;
    let zero = Plan { impact: Some(off), ..none.clone() };
    let prices: &[&[f64]] = &[&[100.0, 94.0, 93.0, 97.0]];
    let ((a, a_tape), (b, b_tape)) = (play(&none, prices), play(&zero, prices));
    for (a, b) in a.iter().zip(&b) {
        for metric in none.metric_scope().metrics() {
            assert_eq!(a.get(metric).to_bits(), b.get(metric).to_bits(), "{metric:?}");
        }
        assert!(Rule::ALL.iter().all(|rule| a.fired(*rule) == b.fired(*rule)));
    }
    assert_eq!(format!("{:?}", a_tape.events), format!("{:?}", b_tape.events));
    // 94.0 is at or below 94.05, and 93.0 at or below 93.11.
    assert_eq!(sum(&b, Metric::Liquidations), 3.0);
    assert_eq!(sum(&b, Metric::CascadeSize), 2.0);
    assert_eq!(sum(&a, Metric::CascadeSize), 0.0);
}

/// Twice the volume closed at a permanent part of 2 would move the price by e^−4: refused.
#[test]
fn a_move_beyond_the_rule_ends_the_run() {
    let huge = |price: f64| {
        let spec = falls_at(0, 1, price, RATE);
        PositionSpec {
            quantity: spec.quantity.map(|units| units * 2_000.0),
            collateral: usdc(spec.collateral.usdc() * 2_000.0),
            ..spec
        }
    };
    let plan = venue(&["A"], vec![huge(95.0)], Some(impact(1, 0.002, 0.0)));
    let mut path = ReplayPath::new(Arc::new(hourly(&[&[100.0, 94.99, 94.99]])));
    path.begin(1, 0);
    let mut workspace = Workspace::new(&plan, 1);
    let mut tape = Tape::default();
    let error = run(&plan, &mut path, 1, 7, &mut workspace, &mut tape).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("path 7 at 2026-01-01T01:00:00"), "{text}");
    assert!(text.contains("price of A by more than a factor of 10"), "{text}");
}
