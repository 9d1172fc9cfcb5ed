//! What a path costs: drawing it, running the reference Monte Carlo on it, replaying a history.

#[path = "../tests/common/mod.rs"]
mod common;
mod prime_plan;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use drypowder::engine::{Metric, MetricLevel, NoRecorder, Plan, Workspace, run};
use drypowder::prices::models::{
    CorrelationDrift, Drawdown, ModelOptions, ModelPath, ModelSpec, RefinedPath,
};
use drypowder::prices::{Intrabar, PricePath, ReplayAsset, ReplayPath, ReplaySpec};
use drypowder::stats::StreamKey;
use drypowder::units::time::DAY_MS;

const PATHS: u64 = 200;
const MINUTES_A_YEAR: usize = 525_600;

fn monte_carlo(c: &mut Criterion) {
    let (plan, spec) = (common::reference_plan(), common::reference_prices());
    let full = Plan { metrics: MetricLevel::Full, ..plan.clone() };
    let mut path = ModelPath::new(&spec).expect("the matrix is positive definite");
    let mut group = c.benchmark_group("reference Monte Carlo, per path-step");
    group.throughput(Throughput::Elements(PATHS * spec.steps as u64));
    group.sample_size(20);
    group.bench_function("path generation alone", |b| {
        b.iter(|| {
            for number in 0..PATHS {
                path.begin(1, number);
                path.draw_all();
                black_box(&path);
            }
        });
    });
    for (name, plan) in [("whole run, events", &plan), ("whole run, every metric", &full)] {
        let mut workspace = Workspace::new(plan, 3);
        group.bench_function(name, |b| {
            b.iter(|| {
                for number in 0..PATHS {
                    path.begin(1, number);
                    run(plan, &mut path, 1, number, &mut workspace, &mut NoRecorder)
                        .expect("the ledger balances");
                    black_box(workspace.outcomes());
                }
            });
        });
    }
    group.finish();
}

/// A month of hours with all services behind one wallet.
fn prime(c: &mut Criterion) {
    let (plan, spec) = (prime_plan::plan(), prime_plan::prices());
    let full = Plan { metrics: MetricLevel::Full, ..plan.clone() };
    let mut path = ModelPath::new(&spec).expect("the matrix is positive definite");
    let mut group = c.benchmark_group("prime brokerage, per agent-step");
    group.throughput(Throughput::Elements(PATHS * spec.steps as u64));
    group.sample_size(20);
    group.bench_function("path generation alone", |b| {
        b.iter(|| {
            for number in 0..PATHS {
                path.begin(1, number);
                path.draw_all();
                black_box(&path);
            }
        });
    });
    for (name, plan) in [("whole run, events", &plan), ("whole run, every metric", &full)] {
        let mut workspace = Workspace::new(plan, 2);
        path.begin(1, PATHS - 1);
        run(plan, &mut path, 1, PATHS - 1, &mut workspace, &mut NoRecorder)
            .expect("the ledger balances");
        // What is measured uses everything.
        let outcome = &workspace.outcomes()[0];
        for metric in [Metric::LoansGiven, Metric::Obligations, Metric::CasinoPnl] {
            assert!(outcome.get(metric) != 0.0, "no {}", metric.name());
        }
        group.bench_function(name, |b| {
            b.iter(|| {
                for number in 0..PATHS {
                    path.begin(1, number);
                    run(plan, &mut path, 1, number, &mut workspace, &mut NoRecorder)
                        .expect("the ledger balances");
                    black_box(workspace.outcomes());
                }
            });
        });
    }
    group.finish();
}

/// Every model on the assets of the reference, for a year of hours.
fn models(c: &mut Criterion) {
    let reference = common::reference_prices();
    let n = reference.assets.len();
    let mut group = c.benchmark_group("models, per asset-step");
    group.throughput(Throughput::Elements(PATHS * (reference.steps * n) as u64));
    group.sample_size(10);
    let kinds = common::models::every(n).into_iter();
    let plain = kinds.map(|(name, kind)| (name, ModelSpec { kind, ..reference.clone() }));
    for (name, spec) in plain.chain(options(&reference)) {
        let mut path = ModelPath::new(&spec).expect("the model can be simulated");
        group.bench_function(name, |b| {
            b.iter(|| {
                for number in 0..PATHS {
                    path.begin(1, number);
                    path.draw_all();
                    black_box(&path);
                }
            });
        });
    }
    group.finish();
}

/// The guarded reference with 64 ticks a step: refined where a threshold is near, and everywhere.
fn refined(c: &mut Criterion) {
    let plan = common::reference_plan();
    let mut spec = common::reference_prices();
    spec.options.refine = 6;
    let mut group = c.benchmark_group("bridge of 64 ticks a step, whole run, per path-step");
    group.throughput(Throughput::Elements(PATHS * spec.steps as u64));
    group.sample_size(10);
    for (name, every) in [("refined near thresholds", false), ("refined everywhere", true)] {
        let mut path = RefinedPath::new(&spec).expect("the model can be refined");
        if every {
            path.refine_every_step();
        }
        let mut workspace = Workspace::new(&plan, 3);
        group.bench_function(name, |b| {
            b.iter(|| {
                for number in 0..PATHS {
                    path.begin(1, number);
                    run(&plan, &mut path, 1, number, &mut workspace, &mut NoRecorder)
                        .expect("the ledger balances");
                    black_box(workspace.outcomes());
                }
            });
        });
    }
    group.finish();
}

/// The reference with each option of the joint law.
fn options(reference: &ModelSpec) -> Vec<(&'static str, ModelSpec)> {
    let with = |options| ModelSpec { options, ..reference.clone() };
    let drift = |drawdown| CorrelationDrift {
        crisis: vec![1.0, 0.95, 0.9, 0.95, 1.0, 0.92, 0.9, 0.92, 1.0],
        after_ms: 0,
        over_ms: 30 * DAY_MS,
        stay_ms: Some(30 * DAY_MS),
        drawdown,
    };
    let watched = Drawdown { asset: 0, depth: 0.1, recovery: None };
    let drifting = |drawdown| ModelOptions {
        correlation_drift: Some(drift(drawdown)),
        ..ModelOptions::default()
    };
    vec![
        ("gbm, sobol", with(ModelOptions { sobol: Some(64), ..ModelOptions::default() })),
        ("gbm, t copula", with(ModelOptions { copula_df: Some(4.0), ..ModelOptions::default() })),
        ("gbm, drift by schedule", with(drifting(None))),
        ("gbm, drift by drawdown", with(drifting(Some(watched)))),
    ]
}

/// A year of one-minute bars of three assets: a random walk of realistic volatility.
fn minutes() -> ReplaySpec {
    let assets = ["BTC", "ETH", "SOL"].map(|name| {
        let mut stream = StreamKey::new("bench", name).open(1, 0);
        let mut mark: [Vec<f64>; 4] = std::array::from_fn(|_| Vec::with_capacity(MINUTES_A_YEAR));
        let mut price = 100.0;
        for _ in 0..MINUTES_A_YEAR {
            let close = price * (1.0 + 0.0008 * stream.normal());
            let wick = 1.0 + 0.0004 * stream.exponential();
            mark[0].push(price);
            mark[1].push(f64::max(price, close) * wick);
            mark[2].push(f64::min(price, close) / wick);
            mark[3].push(close);
            price = close;
        }
        ReplayAsset { name: name.into(), mark: Arc::new(mark), last: None, adverse_first: -1 }
    });
    ReplaySpec {
        start_ms: common::NEW_YEAR_MS,
        interval_ms: 60_000,
        close_only: false,
        intrabar: Intrabar::Jump,
        walk_step_ms: 5_000,
        worst_joint: false,
        assets: assets.into(),
        shocks: vec![],
    }
}

fn replay(c: &mut Criterion) {
    let mut plan = common::reference_plan();
    plan.agents[0].guard.poll_ms = 5_000;
    plan.agents[0].guard.latency_ms = 50;
    // Low leverage: the positions live to the end, so that the whole year is replayed.
    for position in &mut plan.agents[0].positions {
        position.collateral = common::usdc(2_000.0);
    }
    let full = Plan { metrics: MetricLevel::Full, ..plan.clone() };
    let history = Arc::new(minutes());
    let mut group = c.benchmark_group("replay of 525,600 one-minute bars of 3 assets, per bar");
    group.throughput(Throughput::Elements(MINUTES_A_YEAR as u64));
    group.sample_size(10);
    for (name, plan) in [("events", &plan), ("every metric", &full)] {
        let path = ReplayPath::new(Arc::clone(&history));
        let mut workspace = Workspace::new(plan, 3);
        run(plan, &mut path.clone(), 1, 0, &mut workspace, &mut NoRecorder).expect("it balances");
        let open =
            workspace.exchange().accounts()[0].positions.iter().filter(|slot| slot.is_open());
        assert!(open.count() > 0, "the replay ended early");
        group.bench_function(name, |b| {
            b.iter_batched(
                || path.clone(),
                |mut path| {
                    path.begin(1, 0);
                    run(plan, &mut path, 1, 0, &mut workspace, &mut NoRecorder)
                        .expect("the ledger balances");
                    black_box(workspace.outcomes());
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, monte_carlo, prime, models, refined, replay);
criterion_main!(benches);
