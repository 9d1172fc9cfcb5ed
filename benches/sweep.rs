//! What a further variant costs beside drawing the paths that it runs on.

use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use drypowder::prices::models::ModelPath;
use drypowder::prices::{PricePath, Prices};
use drypowder::scenario::{ScenarioFile, Setting};
use drypowder::study::{Batch, Execution, Ground};

/// So many variants of the top-up's first threshold; `more` multiplies the collateral of each.
fn settings(count: usize, more: f64) -> Vec<Setting> {
    let set = |path: String, value: f64| (path, format!("{value}"));
    let collateral = |place: usize| {
        set(format!("agent.0.position.{place}.collateral"), [3500.0, 2000.0, 1200.0][place] * more)
    };
    let setting = |k: usize| {
        let warning = 1.3 + 0.6 * k as f64 / count as f64;
        let mut sets = vec![set("agent.0.policy.top_up.warning_threshold".to_owned(), warning)];
        sets.extend((0..3).map(collateral));
        Setting { name: format!("v{k}"), sets }
    };
    (0..count).map(setting).collect()
}

/// The prices as another model draws them: clusters of volatility with fat tails.
fn garch() -> Vec<(String, String)> {
    let of = |asset: &str| {
        let figure = |(name, value): (&str, &str)| {
            (format!("prices.assets.{asset}.{name}"), value.to_owned())
        };
        [("alpha", "0.08"), ("beta", "0.90"), ("df", "5")].map(figure)
    };
    let model = ("prices.model".to_owned(), "garch".to_owned());
    std::iter::once(model).chain(["BTC", "ETH", "SOL"].into_iter().flat_map(of)).collect()
}

fn sweep(c: &mut Criterion) {
    let figures = [
        ("1 variant", 1, 1.0),
        ("33 variants", 33, 1.0),
        ("33 variants, top-ups on few paths", 33, 1.8),
        ("33 variants to which nothing happens", 33, 4.0),
    ];
    over(c, "sweep, per path-step of one variant", &[], &figures);
    over(
        c,
        "sweep over GARCH paths, per path-step of one variant",
        &garch(),
        &[figures[1], figures[3]],
    );
}

/// Drawing the paths alone, then variants on them: how many, and how much more collateral they have.
fn over(c: &mut Criterion, title: &str, sets: &[(String, String)], figures: &[(&str, usize, f64)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/sweep.toml");
    let file = ScenarioFile::open(&path, sets).expect("the scenario is sound");
    let scenario = file.base();
    let Prices::Model(spec) = &scenario.prices else { panic!("a model") };
    let stop = AtomicBool::new(false);
    let execution = Execution { threads: 1, stop: &stop };
    let ground = Ground { seed: scenario.seed, paths: 0..scenario.paths, prices: None };
    let mut group = c.benchmark_group(title);
    let steps = scenario.paths * spec.steps as u64;
    group.throughput(Throughput::Elements(steps));
    group.sample_size(20);
    group.bench_function("path generation alone", |b| {
        let mut path = ModelPath::new(spec).expect("the model can be simulated");
        b.iter(|| {
            for number in 0..scenario.paths {
                path.begin(scenario.seed, number);
                path.draw_all();
                black_box(&path);
            }
        });
    });
    for &(name, count, more) in figures {
        let batch = Batch::load(&file, &settings(count, more), &ground, &execution);
        let batch = batch.expect("threads start");
        group.throughput(Throughput::Elements(steps * count as u64));
        group.bench_function(name, |b| {
            b.iter(|| {
                let kept = batch.run(0, &execution, |tile| {
                    black_box(&tile);
                    Ok(0)
                });
                kept.expect("every variant runs");
            });
        });
    }
    group.finish();
}

criterion_group!(benches, sweep);
criterion_main!(benches);
