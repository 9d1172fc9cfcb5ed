//! What an agent-step costs from 50 to 10,000 agents in 275 markets over a day of minutes: among
//! agents near their thresholds, and among as many to whom next to nothing can happen.
//!
//! The cost of a path is that of drawing 275 assets and that of the agents; the first stands alone.

#[path = "../tests/common/crowd.rs"]
mod crowd;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use drypowder::engine::{
    AccountSample, Event, NoRecorder, Plan, PositionSample, Recorder, Workspace, run,
};
use drypowder::prices::PricePath;
use drypowder::prices::models::ModelPath;
use drypowder::units::time::NEVER_MS;

const ASSETS: usize = 275;
const AGENTS: [usize; 4] = [50, 219, 1_000, 10_000];
/// Paths whose events are counted.
const COUNTED: u64 = 4;

#[derive(Default)]
struct Counter(u64);

impl Recorder for Counter {
    const EVENTS: bool = true;

    fn event(&mut self, _: &Event) {
        self.0 += 1;
    }

    fn next_sample_ms(&self) -> i64 {
        NEVER_MS
    }

    fn sample(&mut self, _: i64, _: &[AccountSample], _: &[PositionSample]) {}
}

fn events_a_path(plan: &Plan, path: &mut ModelPath, workspace: &mut Workspace) -> f64 {
    let mut counter = Counter::default();
    for number in 0..COUNTED {
        path.begin(1, number);
        run(plan, path, 1, number, workspace, &mut counter).expect("the ledger balances");
    }
    counter.0 as f64 / COUNTED as f64
}

fn agents(c: &mut Criterion) {
    let spec = crowd::prices(ASSETS);
    let mut path = ModelPath::new(&spec).expect("the matrix is positive definite");
    let mut group = c.benchmark_group("275 markets, a day of minutes");
    group.sample_size(10);
    group.bench_function("path generation alone, per path", |b| {
        let mut number = 0;
        b.iter(|| {
            number = (number + 1) % 16;
            path.begin(1, number);
            path.draw_all();
            black_box(&path);
        });
    });
    for (name, calm) in [("near thresholds, per agent-step", 1.0), ("far, per agent-step", 30.0)] {
        for agents in AGENTS {
            // Made only where it is measured.
            let mut made: Option<(Plan, Workspace)> = None;
            group.throughput(Throughput::Elements((agents * crowd::STEPS) as u64));
            group.bench_function(BenchmarkId::new(name, agents), |b| {
                let (plan, workspace) = made.get_or_insert_with(|| {
                    let plan = crowd::plan(agents, ASSETS, calm);
                    let mut workspace = Workspace::new(&plan, ASSETS);
                    let events = events_a_path(&plan, &mut path, &mut workspace);
                    println!("{agents} agents, {name}: {events} events a path");
                    (plan, workspace)
                });
                let mut number = 0;
                b.iter(|| {
                    number = (number + 1) % 16;
                    path.begin(1, number);
                    run(plan, &mut path, 1, number, workspace, &mut NoRecorder)
                        .expect("the ledger balances");
                    black_box(workspace.outcomes());
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, agents);
criterion_main!(benches);
