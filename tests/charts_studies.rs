//! Charts of studies: a PNG of the promised size from normal and from degenerate data, the same
//! bytes each time. The images stay in `target/tmp/charts` to be looked at.

#[path = "charts/check.rs"]
mod check;

use check::check;
use drypowder::report::charts::differences::{self, DifferencesChart, DifferencesVariant};
use drypowder::report::charts::grid::{self, GridAxis, GridCell, GridChart, GridLimit, Spacing};
use drypowder::report::charts::parallel::{
    self, ParallelAxis, ParallelChart, ParallelLine, ParallelRole,
};
use drypowder::report::charts::pareto::{self, ParetoAxis, ParetoChart, ParetoPoint, ParetoRole};
use drypowder::report::charts::profile::{self, ProfileChart, ProfilePanel};
use drypowder::report::charts::scatter::{self, ScatterChart, ScatterPoint};
use drypowder::report::charts::sensitivity::{
    self, SensitivityChart, SensitivityRow, SensitivityStep,
};
use drypowder::report::charts::{Caption, Estimate, Verdict};

fn caption(title: &str) -> Caption {
    Caption {
        title: title.into(),
        subtitle: "2,000 paths · max_topup_per_event 500 USDC, cooldown 5m".into(),
        footer: "drypowder 0.1.0 · seed 1 · tune_top_up".into(),
    }
}

fn around(value: f64, half: f64) -> Estimate {
    Estimate { value, low: value - half, high: value + half }
}

/// Numbers without a pattern that the eye would see, in [0, 1).
fn scattered(i: usize, salt: u64) -> f64 {
    let mut x = (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt.wrapping_mul(0xBF58_476D);
    x ^= x >> 29;
    x = x.wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^= x >> 32;
    (x >> 11) as f64 / (1u64 << 53) as f64
}

fn axis(title: &str, from: f64, to: f64, count: usize) -> GridAxis {
    let step = |i: usize| from + (to - from) * i as f64 / (count - 1).max(1) as f64;
    let values: Vec<f64> = (0..count).map(step).collect();
    let labels = values.iter().map(|value| format!("{value:.2}")).collect();
    GridAxis { title: title.into(), labels, values, spacing: Spacing::Linear }
}

/// A hill, and a probability of liquidation that falls to the upper right.
fn hill(columns: usize, rows: usize) -> GridChart {
    let (x, y) = (
        axis("policy.top_up.warning_threshold", 1.2, 2.0, columns),
        axis("policy.top_up.target_health_factor", 1.4, 3.0, rows),
    );
    let cell = |i: usize| {
        let (a, b) = (x.values[i % columns], y.values[i / columns]);
        let value = 400.0 - 900.0 * (a - 1.6) * (a - 1.6) - 150.0 * (b - 2.0) * (b - 2.0);
        let constrained = 8.0 - 3.1 * (a - 1.2) - 2.7 * (b - 1.4);
        let verdict = match constrained {
            c if c > 4.0 => Verdict::Violated,
            c if c > 3.6 => Verdict::CannotTell,
            _ => Verdict::Holds,
        };
        GridCell::Ran { value, constrained, verdict }
    };
    let cells = (0..columns * rows).map(cell).collect();
    GridChart {
        caption: caption("Net yield over two thresholds of the top-up"),
        x,
        y,
        metric: "net yield, USDC".into(),
        higher_is_better: true,
        cells,
        limit: Some(GridLimit { at: 4.0, label: "liquidation probability = 4 %".into() }),
        best: Some((columns * 2 / 3, rows * 2 / 3)),
        best_label: "best of those whose constraints hold".into(),
        base: Some((columns / 2, rows / 4)),
    }
}

#[test]
fn grids() {
    let mut holes = hill(9, 7);
    holes.cells[3] = GridCell::Failed;
    holes.cells[22] = GridCell::Missing;
    holes.cells[40] =
        GridCell::Ran { value: f64::NAN, constrained: f64::NAN, verdict: Verdict::Holds };
    holes.base = holes.best;
    let mut categories = hill(3, 4);
    categories.x = GridAxis {
        title: "policy.kill_switch.scope".into(),
        labels: ["most_at_risk", "triggering", "all"].map(String::from).to_vec(),
        ..GridAxis::default()
    };
    categories.higher_is_better = false;
    let mut log = hill(5, 5);
    log.x.values = vec![100.0, 200.0, 400.0, 800.0, 1600.0];
    log.x.labels = log.x.values.iter().map(|v| format!("{v} USDC")).collect();
    log.x.spacing = Spacing::Log;
    let mut odd = hill(3, 3);
    odd.cells = vec![GridCell::Failed; 9];
    odd.cells[0] =
        GridCell::Ran { value: 1e300, constrained: f64::INFINITY, verdict: Verdict::Violated };
    odd.cells[1] = GridCell::Ran { value: 7.0, constrained: -1e300, verdict: Verdict::Holds };
    odd.best = Some((17, 4));
    let short = GridChart { cells: Vec::new(), ..hill(3, 3) };
    for (name, data) in [
        ("grid", hill(9, 7)),
        ("grid_fine", hill(60, 40)),
        ("grid_holes", holes),
        ("grid_categories", categories),
        ("grid_log", log),
        ("grid_one", hill(1, 1)),
        ("grid_odd", odd),
        ("grid_short", short),
        ("grid_none", GridChart { caption: caption("Nothing"), ..GridChart::default() }),
    ] {
        check(name, |out| grid::draw(&data, out));
    }
}

#[test]
fn scatters() {
    let point = |i: usize| {
        let (x, y) = (1.2 + 0.8 * scattered(i, 1), 1.4 + 1.6 * scattered(i, 2));
        let value = 400.0 - 900.0 * (x - 1.6) * (x - 1.6) - 150.0 * (y - 2.0) * (y - 2.0);
        let constrained = 8.0 - 3.1 * (x - 1.2) - 2.7 * (y - 1.4);
        let verdict = match constrained {
            c if c > 4.0 => Verdict::Violated,
            c if c > 3.6 => Verdict::CannotTell,
            _ => Verdict::Holds,
        };
        ScatterPoint { x, y, value, verdict }
    };
    let chart = |count: usize| ScatterChart {
        caption: caption("Net yield of the candidates"),
        x_title: "policy.top_up.warning_threshold".into(),
        y_title: "policy.top_up.target_health_factor".into(),
        metric: "net yield, USDC".into(),
        higher_is_better: true,
        points: (0..count).map(point).collect(),
        best: Some((1.62, 2.4)),
        base: Some((1.6, 2.0)),
    };
    let mut odd = chart(5);
    odd.points[0].value = f64::NAN;
    odd.points[1].x = f64::INFINITY;
    odd.points[2].y = 1e300;
    for (name, data) in [
        ("scatter", chart(64)),
        ("scatter_many", chart(600)),
        ("scatter_one", chart(1)),
        ("scatter_odd", odd),
        ("scatter_none", ScatterChart { caption: caption("Nothing"), ..ScatterChart::default() }),
    ] {
        check(name, |out| scatter::draw(&data, out));
    }
}

#[test]
fn paretos() {
    let point = |i: usize| {
        let risk = 0.3 + 6.0 * scattered(i, 3);
        let gain = 500.0 * (1.0 - libm::exp(-risk / 2.0)) - 160.0 * scattered(i, 4);
        let verdict = match risk {
            r if r > 3.0 => Verdict::Violated,
            r if r > 2.6 => Verdict::CannotTell,
            _ => Verdict::Holds,
        };
        let (x, y) = (around(risk, 0.3), around(gain, 20.0));
        ParetoPoint { x, y, verdict, role: ParetoRole::Candidate }
    };
    let chart = |count: usize| {
        let mut points: Vec<ParetoPoint> = (0..count).map(point).collect();
        let role = |x, y, role| ParetoPoint {
            x: around(x, 0.3),
            y: around(y, 20.0),
            verdict: Verdict::Holds,
            role,
        };
        points.push(role(2.4, 345.0, ParetoRole::Recommendation));
        points.push(role(2.3, 330.0, ParetoRole::Finalist));
        points.push(role(2.42, 340.0, ParetoRole::Finalist));
        points.push(role(4.2, 210.0, ParetoRole::Base));
        points.last_mut().expect("it was pushed").verdict = Verdict::Violated;
        ParetoChart {
            caption: caption("Net yield against liquidation probability"),
            x: ParetoAxis {
                title: "liquidation_probability, %".into(),
                higher_is_better: false,
                limit: Some((3.0, "liquidation_probability ≤ 3 %".into())),
            },
            y: ParetoAxis { title: "net_yield, USDC".into(), higher_is_better: true, limit: None },
            points,
        }
    };
    let mut odd = chart(4);
    odd.points[0].x.value = f64::NAN;
    odd.points[1].y = Estimate { value: 1e300, low: f64::NEG_INFINITY, high: f64::INFINITY };
    odd.x.limit = Some((1e9, "far away".into()));
    for (name, data) in [
        ("pareto", chart(64)),
        ("pareto_many", chart(600)),
        ("pareto_few", chart(0)),
        ("pareto_odd", odd),
        ("pareto_none", ParetoChart { caption: caption("Nothing"), ..ParetoChart::default() }),
    ] {
        check(name, |out| pareto::draw(&data, out));
    }
}

#[test]
fn sensitivities() {
    let step = |to: &str, change| {
        let verdict = if to == "1.7" { Verdict::Violated } else { Verdict::Holds };
        Some(SensitivityStep { to: to.into(), change, verdict })
    };
    let row = |i: usize| {
        let size = 220.0 / (1 + i) as f64;
        SensitivityRow {
            parameter: format!("top_up.{}", ["warning_threshold", "cooldown", "x"][i % 3]),
            value: "1.6".into(),
            down: step("1.5", around(-size, 18.0)),
            up: (i != 2).then(|| step("1.7", around(0.6 * size - 30.0, 14.0))).flatten(),
        }
    };
    let chart = |count: usize| SensitivityChart {
        caption: caption("What one step away from the recommendation changes"),
        metric: "objective, USDC".into(),
        about: "the recommendation".into(),
        is_sample: true,
        rows: (0..count).map(row).collect(),
    };
    let mut odd = chart(3);
    odd.rows[0].down = step("0", Estimate::default());
    odd.rows[1].up = step("1", Estimate { value: 5.0, low: f64::NEG_INFINITY, high: f64::NAN });
    odd.rows[2].down = None;
    let mut flat = chart(2);
    for row in &mut flat.rows {
        row.down = step("a", around(0.0, 0.0));
        row.up = step("b", around(0.0, 0.0));
    }
    for (name, data) in [
        ("sensitivity", chart(5)),
        ("sensitivity_many", chart(40)),
        ("sensitivity_one", chart(1)),
        ("sensitivity_odd", odd),
        ("sensitivity_flat", flat),
        ("sensitivity_none", chart(0)),
    ] {
        check(name, |out| sensitivity::draw(&data, out));
    }
}

#[test]
fn paired_differences() {
    // 95 % ties, a few gains, fewer and larger losses.
    let variant = |name: &str, ties: f64, shift: f64| {
        let value = |i: usize| match scattered(i, 7) {
            u if u < ties => 0.0,
            u if u < ties + 0.8 * (1.0 - ties) => 40.0 + 120.0 * scattered(i, 8) + shift,
            _ => -600.0 * scattered(i, 9) - 20.0,
        };
        let differences: Vec<f64> = (0..2_000).map(value).collect();
        let mean = differences.iter().sum::<f64>() / 2_000.0;
        DifferencesVariant { name: name.into(), differences, mean: around(mean, 6.0) }
    };
    let chart = |variants| DifferencesChart {
        caption: caption("What the kill switch changes, path by path"),
        baseline: "kill_off".into(),
        quantity: "final equity".into(),
        unit: "USDC".into(),
        higher_is_better: true,
        variants,
    };
    let three = vec![
        variant("kill_105", 0.95, 0.0),
        variant("kill_120", 0.6, 60.0),
        variant("kill_140", 0.1, -90.0),
    ];
    let mut odd = variant("odd", 0.5, 0.0);
    odd.differences[0] = f64::NAN;
    odd.differences[1] = f64::INFINITY;
    odd.differences[2] = 1e12;
    odd.mean = Estimate { value: 5.0, low: f64::NEG_INFINITY, high: f64::INFINITY };
    let same = DifferencesVariant {
        name: "the same".into(),
        differences: vec![0.0; 100],
        mean: around(0.0, 0.0),
    };
    for (name, data) in [
        ("differences", chart(three.clone())),
        ("differences_one", chart(three[..1].to_vec())),
        ("differences_many", chart(vec![three[1].clone(); 9])),
        ("differences_odd", chart(vec![odd])),
        ("differences_same", chart(vec![same.clone()])),
        ("differences_both", chart(vec![same, three[0].clone()])),
        ("differences_none", chart(Vec::new())),
    ] {
        check(name, |out| differences::draw(&data, out));
    }
}

#[test]
fn parallels() {
    const TITLES: [&str; 8] = [
        "warning_threshold",
        "danger_threshold",
        "target_health_factor",
        "max_topup_per_event, USDC",
        "kill_switch.scope",
        "net_yield, USDC",
        "liquidation_probability, %",
        "es_95, USDC",
    ];
    let line = |i: usize| {
        let (a, b, c) = (scattered(i, 11), scattered(i, 12), scattered(i, 13));
        let metric = 400.0 - 500.0 * (a - 0.6) * (a - 0.6) - 200.0 * (b - 0.4) * (b - 0.4);
        let risk = 6.0 - 3.0 * a - 2.0 * c;
        let category = (3.0 * scattered(i, 14)).floor();
        let cap = 100.0 * libm::pow(10.0, scattered(i, 15));
        let values =
            vec![1.2 + a, 1.0 + 0.4 * b, 1.6 + 2.0 * c, cap, category, metric, risk, 90.0 * risk];
        let verdict = match risk {
            high if high > 4.0 => Verdict::Violated,
            middle if middle > 3.5 => Verdict::CannotTell,
            _ => Verdict::Holds,
        };
        ParallelLine { values, metric, verdict, role: ParallelRole::Candidate }
    };
    let chart = |axes: usize, count: usize| {
        let mut lines: Vec<ParallelLine> = (0..count).map(line).collect();
        let best = lines
            .iter()
            .filter(|line| line.verdict == Verdict::Holds)
            .max_by(|a, b| a.metric.total_cmp(&b.metric))
            .cloned();
        lines.extend(best.map(|best| ParallelLine { role: ParallelRole::Recommendation, ..best }));
        lines.extend(
            lines.first().cloned().map(|line| ParallelLine { role: ParallelRole::Base, ..line }),
        );
        lines.iter_mut().for_each(|line| line.values.truncate(axes));
        let axis = |i: usize| ParallelAxis {
            title: TITLES[i].into(),
            log: i == 3,
            categories: match i {
                4 => ["most_at_risk", "triggering", "all"].map(String::from).to_vec(),
                _ => Vec::new(),
            },
        };
        ParallelChart {
            caption: caption("All candidates"),
            axes: (0..axes).map(axis).collect(),
            metric: "objective, USDC".into(),
            higher_is_better: true,
            lines,
        }
    };
    let mut odd = chart(8, 4);
    odd.lines[0].values[2] = f64::NAN;
    odd.lines[1].values.truncate(3);
    odd.lines[2].values[3] = -5.0;
    odd.lines[3].metric = f64::NAN;
    odd.lines[2].verdict = Verdict::LeftEarly;
    odd.lines[3].verdict = Verdict::Failed;
    for (name, data) in [
        ("parallel", chart(8, 500)),
        ("parallel_few", chart(4, 30)),
        ("parallel_one", chart(3, 1)),
        ("parallel_odd", odd),
        ("parallel_no_axis", chart(1, 5)),
        ("parallel_none", chart(8, 0)),
    ] {
        check(name, |out| parallel::draw(&data, out));
    }
}

/// Figures over one parameter: numbers to scale and as logarithms, names, gaps, open ends, one value, none.
#[test]
fn figures_over_one_parameter() {
    let panel = |title: &str, limit, count: usize| ProfilePanel {
        title: title.into(),
        points: (0..count).map(|i| around(10.0 + 3.0 * scattered(i, 5), 0.8)).collect(),
        limit,
    };
    let chart = |axis: GridAxis| {
        let count = axis.labels.len();
        ProfileChart {
            caption: caption("One threshold of the top-up"),
            panels: vec![
                panel("final_equity, USDC", None, count),
                panel("es_95, USDC", None, count),
                panel("liquidation_probability, %", Some(11.0), count),
            ],
            axis,
        }
    };
    let linear = chart(axis("policy.top_up.warning_threshold", 1.2, 2.0, 9));
    check("profile", |out| profile::draw(&linear, out));
    let mut log = chart(axis("max_topup_per_event, USDC", 100.0, 6_400.0, 7));
    log.axis.spacing = Spacing::Log;
    log.panels[1].points[3] = Estimate::default();
    log.panels[2].points[2].high = f64::NAN;
    check("profile_log", |out| profile::draw(&log, out));
    let labels = ["triggering", "all", "most_at_risk"].map(String::from).to_vec();
    let names = GridAxis {
        title: "policy.kill_switch.scope".into(),
        labels,
        values: Vec::new(),
        spacing: Spacing::Even,
    };
    check("profile_names", |out| profile::draw(&chart(names.clone()), out));
    let mut single = chart(axis("one value", 1.2, 1.2, 1));
    single.panels.truncate(1);
    check("profile_single", |out| profile::draw(&single, out));
    let nothing = ProfileChart { panels: Vec::new(), axis: GridAxis::default(), ..single };
    check("profile_nothing", |out| profile::draw(&nothing, out));
}
