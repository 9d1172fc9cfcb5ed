//! Statistics against analytic truth and against other implementations.
//!
//! Seeds are fixed, so nothing here is flaky; tolerances are stated as how rarely a correct
//! sampler would miss them (four standard errors: once in 16,000; K–S 1.95/√n: once in 1,000).

use drypowder::stats::{
    Interval, Observation, Stream, StreamKey, es_interval, kaplan_meier, mean_interval,
    quantile_interval, survival_at, wilson_interval,
};
use rand::SeedableRng;
use rand_distr::{Distribution, Exp1, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;
use statrs::distribution::{ContinuousCDF, Normal};

fn open(name: &str, path: u64) -> Stream {
    StreamKey::new("truth", name).open(20_260_101, path)
}

/// E[zᵏ] = 0, 1, 0, 3, 0, 15; the variance of zᵏ is E[z²ᵏ] − E[zᵏ]².
#[test]
fn normal_moments() {
    let expected =
        [(0.0, 1.0), (1.0, 2.0), (0.0, 15.0), (3.0, 96.0), (0.0, 945.0), (15.0, 10_170.0_f64)];
    let n = 10_000_000;
    let mut sums = [0.0; 6];
    let mut stream = open("moments", 0);
    for _ in 0..n {
        let z = stream.normal();
        let mut power = 1.0;
        for sum in &mut sums {
            power *= z;
            *sum += power;
        }
    }
    for (k, (sum, (moment, variance))) in sums.iter().zip(expected).enumerate() {
        let stderr = (variance / f64::from(n)).sqrt();
        let found = sum / f64::from(n);
        assert!((found - moment).abs() < 4.0 * stderr, "moment {}: {found}", k + 1);
    }
}

/// Tail counts are Poisson: four deviations. 3.654 is where the ziggurat's own tail starts.
#[test]
fn normal_tails() {
    let n = 100_000_000;
    let sigmas = [2.0, 3.0, 3.654_152_885_361, 4.0, 4.5, 5.0];
    let mut counts = [[0_u32; 2]; 6];
    let mut values = vec![0.0; 1000];
    let mut stream = open("tails", 0);
    for _ in 0..n / 1000 {
        stream.fill_normal(&mut values);
        for value in values.iter().filter(|value| value.abs() > sigmas[0]) {
            for (count, sigma) in counts.iter_mut().zip(sigmas) {
                count[usize::from(*value < 0.0)] += u32::from(value.abs() > sigma);
            }
        }
    }
    for (sides, sigma) in counts.iter().zip(sigmas) {
        let expected = f64::from(n) * 0.5 * libm::erfc(sigma / 2.0_f64.sqrt());
        for count in sides {
            let off = (f64::from(*count) - expected).abs();
            assert!(off < 4.0 * expected.sqrt(), "{sigma} sigma: {sides:?}, expected {expected}");
        }
    }
}

#[test]
fn normal_passes_kolmogorov_smirnov() {
    let mut draws = vec![0.0; 1_000_000];
    open("ks", 0).fill_normal(&mut draws);
    draws.sort_by(f64::total_cmp);
    let reference = Normal::standard();
    let distance = one_sample_distance(&draws, |x| reference.cdf(x));
    assert!(distance < 1.95 / 1000.0, "{distance}");
}

#[test]
fn exponential_passes_kolmogorov_smirnov() {
    let mut stream = open("ks", 1);
    let mut draws: Vec<f64> = (0..1_000_000).map(|_| stream.exponential()).collect();
    draws.sort_by(f64::total_cmp);
    let distance = one_sample_distance(&draws, |x| -libm::expm1(-x));
    assert!(distance < 1.95 / 1000.0, "{distance}");
    // The tail starts at 7.697: 1e6·exp(−7.697) = 454 are expected beyond, 45.4 beyond 10.
    for (from, expected) in [(7.697_117_470_131_05, 454.0_f64), (10.0, 45.4)] {
        let beyond = (draws.len() - draws.partition_point(|x| *x <= from)) as f64;
        assert!((beyond - expected).abs() < 4.0 * expected.sqrt(), "{beyond} beyond {from}");
    }
}

/// Two samples of a million: 1.95·√(2/n).
#[test]
fn samplers_agree_with_rand_distr() {
    let mut theirs = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut ours = open("rand_distr", 0);
    let n = 1_000_000;
    let normals: Vec<(f64, f64)> =
        (0..n).map(|_| (ours.normal(), StandardNormal.sample(&mut theirs))).collect();
    let exponentials: Vec<(f64, f64)> =
        (0..n).map(|_| (ours.exponential(), Exp1.sample(&mut theirs))).collect();
    for pairs in [normals, exponentials] {
        let (a, b) = pairs.into_iter().unzip();
        let distance = two_sample_distance(a, b);
        assert!(distance < 1.95 * (2.0 / f64::from(n)).sqrt(), "{distance}");
    }
}

fn one_sample_distance(sorted: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
    let n = sorted.len() as f64;
    sorted.iter().enumerate().fold(0.0, |most, (i, x)| {
        let at = cdf(*x);
        most.max(at - i as f64 / n).max((i + 1) as f64 / n - at)
    })
}

fn two_sample_distance(mut a: Vec<f64>, mut b: Vec<f64>) -> f64 {
    a.sort_by(f64::total_cmp);
    b.sort_by(f64::total_cmp);
    let n = a.len() as f64;
    a.iter().enumerate().fold(0.0, |most, (i, x)| {
        let other = b.partition_point(|y| y <= x) as f64;
        most.max(((i + 1) as f64 - other).abs() / n)
    })
}

/// First normals under keys that differ in one part, and neighbours in one stream: a correlation
/// of n independent pairs is 0 ± 1/√n.
#[test]
fn streams_are_uncorrelated() {
    let n = 200_000_u64;
    let first = |purpose: &str, name: &str| {
        let key = StreamKey::new(purpose, name);
        move |seed: u64, path: u64| key.open(seed, path).normal()
    };
    let (bitcoin, ether) = (first("prices", "BTC"), first("prices", "ETH"));
    let casino = first("casino", "BTC");
    let own: Vec<f64> = (0..n).map(|path| bitcoin(1, path)).collect();
    let rivals: [(&str, Vec<f64>); 5] = [
        ("path", (0..n).map(|path| bitcoin(1, path + 1)).collect()),
        ("seed", (0..n).map(|path| bitcoin(2, path)).collect()),
        ("name", (0..n).map(|path| ether(1, path)).collect()),
        ("purpose", (0..n).map(|path| casino(1, path)).collect()),
        ("seed and path swapped", (0..n).map(|path| bitcoin(path, 1)).collect()),
    ];
    let limit = 4.0 / (n as f64).sqrt();
    for (what, rival) in rivals {
        let sum: f64 = own.iter().zip(&rival).map(|(a, b)| a * b).sum();
        assert!((sum / n as f64).abs() < limit, "{what}: {}", sum / n as f64);
    }
    let mut stream = open("serial", 0);
    let draws: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
    let sum: f64 = draws.windows(2).map(|pair| pair[0] * pair[1]).sum();
    assert!((sum / n as f64).abs() < limit, "serial: {}", sum / n as f64);
}

/// Share of `trials` whose interval holds the truth.
fn coverage(trials: u64, truth: f64, interval: impl Fn(&mut Stream) -> Interval) -> f64 {
    let hits = (0..trials).filter(|path| interval(&mut open("coverage", *path)).contains(truth));
    hits.count() as f64 / trials as f64
}

fn sorted_normals(n: usize, stream: &mut Stream) -> Vec<f64> {
    let mut values = vec![0.0; n];
    stream.fill_normal(&mut values);
    values.sort_by(f64::total_cmp);
    values
}

/// A share of 4,000 trials has a standard error of 0.0035 at 0.95.
#[test]
fn intervals_cover_the_truth() {
    // Exact by construction and, being discrete, a little wide: never below 0.95.
    let quantile = coverage(4000, 1.644_853_626_951, |stream| {
        quantile_interval(&sorted_normals(300, stream), 0.95, 0.95)
    });
    assert!((0.94..0.98).contains(&quantile), "quantile {quantile}");
    // Six replicates: a normal interval in place of Student's would cover 0.893.
    let mean = coverage(4000, 0.0, |stream| mean_interval(&sorted_normals(6, stream)));
    assert!((0.936..0.964).contains(&mean), "mean {mean}");
    // Wilson at 100 trials and p = 0.1: 0.9364 by summing the binomial.
    let proportion = coverage(4000, 0.1, |stream| {
        wilson_interval((0..100).filter(|_| stream.uniform() < 0.1).count() as u64, 100)
    });
    assert!((0.922..0.950).contains(&proportion), "proportion {proportion}");
}

/// Normal losses: ES = φ(1.6449)/0.05 = 2.0627. 600 trials have a standard error of 0.009.
#[test]
fn shortfall_interval_covers_the_truth() {
    let share = coverage(600, 2.062_712_807_5, |stream| {
        let losses = sorted_normals(2000, stream);
        es_interval(&losses, 0.95)
    });
    assert!((0.914..0.986).contains(&share), "{share}");
}

/// Exponential lives of mean 1, censored by exponentials of mean 2: S(1) = 1/e.
#[test]
fn survival_curve_finds_the_truth_under_censoring() {
    let truth = libm::exp(-1.0);
    let trials = 1000;
    let share = coverage(trials, truth, |stream| {
        let steps = kaplan_meier(&lives(200, stream));
        let passed = steps.partition_point(|step| step.time <= 1.0);
        steps[passed - 1].interval
    });
    assert!((0.92..0.975).contains(&share), "{share}");
    // One curve's deviation at 1 is about 0.037, that of the mean of a thousand 0.0012.
    let found = (0..trials)
        .map(|path| survival_at(&kaplan_meier(&lives(200, &mut open("coverage", path))), 1.0));
    let mean = found.sum::<f64>() / trials as f64;
    assert!((mean - truth).abs() < 0.005, "{mean}");
}

fn lives(n: usize, stream: &mut Stream) -> Vec<Observation> {
    (0..n)
        .map(|_| {
            let (life, censoring) = (stream.exponential(), 2.0 * stream.exponential());
            Observation { time: life.min(censoring), event: life <= censoring }
        })
        .collect()
}
