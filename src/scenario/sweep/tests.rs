use std::path::Path;

use super::points;
use crate::scenario::{Coordinate, Design, Scenario};

/// A scenario; `{sweep}` stands at the end.
const BASE: &str = r#"name = "s"
seed = 7
paths = 10
nulls = []
[prices]
model = "gbm"
step = "1h"
steps = 24
[prices.assets.BTC]
start_price = 100
volatility = 0.6
[markets.BTC-PERP]
asset = "BTC"
[policy]
poll = "1h"
[policy.top_up]
warning_threshold = 1.6
max_topup_per_event = "300 USDC"
[[agent]]
name = "a"
wallet = "3000 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "3000 USDC"
collateral = "1000 USDC"
[[agent]]
name = "t"
count = 3
wallet = "100 USDC"
[[agent.position]]
market = "BTC-PERP"
notional = "100 USDC"
collateral = "50 USDC"
[agent.policy.top_up]
warning_threshold = 1.7
"#;

fn load(sweep: &str) -> Scenario {
    let text = format!("{BASE}{sweep}");
    Scenario::from_text(Path::new("s.toml"), &text, &[]).unwrap_or_else(|why| panic!("{why}"))
}

fn design(sweep: &str) -> Design {
    (*load(sweep).sweep.unwrap().design).clone()
}

fn texts(design: &Design) -> Vec<Vec<&str>> {
    design
        .coordinates
        .iter()
        .map(|point| point.iter().map(|value| value.text.as_str()).collect())
        .collect()
}

fn names(design: &Design) -> Vec<&str> {
    design.settings.iter().map(|setting| setting.name.as_str()).collect()
}

/// 2 × 3 in the order of the file, the last fastest; amounts in cents, durations in the finer unit.
#[test]
fn a_grid_in_order() {
    let design = design(
        "[sweep.fields]\n\"policy.top_up.warning_threshold\" = { from = 1.5, to = 1.7, steps = 2 }\n\
         \"agent.a.wallet\" = { from = \"1000 USDC\", to = \"4000 USDC\", steps = 3, scale = \"log\" }\n",
    );
    // √(1000·4000) = 2000.
    let expected = [
        ["1.5", "1000.00 USDC"],
        ["1.5", "2000.00 USDC"],
        ["1.5", "4000.00 USDC"],
        ["1.7", "1000.00 USDC"],
        ["1.7", "2000.00 USDC"],
        ["1.7", "4000.00 USDC"],
    ];
    assert_eq!(texts(&design), expected);
    assert_eq!(names(&design), ["v0001", "v0002", "v0003", "v0004", "v0005", "v0006"]);
    let [warning, wallet] = design.space.axes.as_slice() else { panic!("not two axes") };
    assert_eq!((warning.unit, wallet.unit), ("", "USDC"));
    assert_eq!(design.coordinates[4][0].number, Some(1.7));
    assert_eq!(design.coordinates[4][1].number, Some(2000.0));
    let sets = [("policy.top_up.warning_threshold", "1.7"), ("agent.a.wallet", "\"2000.00 USDC\"")];
    let sets = sets.map(|(path, value)| (path.to_owned(), value.to_owned()));
    assert_eq!(design.settings[4].sets, sets);
}

/// Path, axis, and what its values are as text and number.
type Values = (&'static str, &'static str, &'static [&'static str], &'static [Option<f64>]);

/// Values as they are written, and ranges of every type that has an order.
#[test]
fn values_of_every_type() {
    let rows: [Values; 9] = [
        ("policy.top_up.warning_threshold", "[1.05, 2]", &["1.05", "2"], &[Some(1.05), Some(2.0)]),
        ("policy.poll", "[\"30s\", \"2h\"]", &["30s", "2h"], &[Some(30.0), Some(7200.0)]),
        (
            "policy.poll",
            "{ from = \"30s\", to = \"5m\", steps = 3 }",
            &["30s", "165s", "5m"],
            &[Some(30.0), Some(165.0), Some(300.0)],
        ),
        (
            "markets.BTC-PERP.maintenance_margin",
            "{ from = \"10 %\", to = 0.2, steps = 3 }",
            &["0.1", "0.15", "0.2"],
            &[Some(0.1), Some(0.15), Some(0.2)],
        ),
        (
            "prices.steps",
            "{ from = 30, to = 10, steps = 3 }",
            &["30", "20", "10"],
            &[Some(30.0), Some(20.0), Some(10.0)],
        ),
        ("policy.top_up.enabled", "[true, false]", &["true", "false"], &[None, None]),
        ("agent.0.position.0.side", "[\"long\", \"short\"]", &["long", "short"], &[None, None]),
        ("agent.t.count", "[1, 3]", &["1", "3"], &[Some(1.0), Some(3.0)]),
        // Ends keep all their digits.
        (
            "prices.assets.BTC.start_price",
            "{ from = 1.23456789, to = 2.23456789, steps = 3 }",
            &["1.23456789", "1.73457", "2.23456789"],
            &[Some(1.234_567_89), Some(1.734_57), Some(2.234_567_89)],
        ),
    ];
    for (path, axis, expected, numbers) in rows {
        let design = design(&format!("[sweep.fields]\n\"{path}\" = {axis}\n"));
        let got: Vec<&Coordinate> = design.coordinates.iter().map(|point| &point[0]).collect();
        assert_eq!(
            got.iter().map(|value| value.text.as_str()).collect::<Vec<_>>(),
            expected,
            "{path}"
        );
        assert_eq!(got.iter().map(|value| value.number).collect::<Vec<_>>(), numbers, "{path}");
    }
}

/// Every setting of a design loads, and sets what it says.
#[test]
fn settings_load() {
    let text = format!(
        "{BASE}[sweep]\ndesign = \"zip\"\n[sweep.fields]\n\
         \"agent.a.wallet\" = [500, \"600.50 USDC\"]\n\"agent.t.wallet\" = [7, 8]\n\
         \"agent.t_2.wallet\" = [17, 18]\n\"agent.1.policy.top_up.warning_threshold\" = [1.71, 1.72]\n"
    );
    let path = Path::new("s.toml");
    let base = Scenario::from_text(path, &text, &[]).unwrap();
    let design = base.sweep.unwrap().design;
    assert_eq!(design.settings.len(), 2);
    let expected = [[500.0, 7.0, 17.0, 7.0], [600.5, 8.0, 18.0, 8.0]];
    for ((setting, wallets), level) in design.settings.iter().zip(expected).zip([1.71, 1.72]) {
        let scenario = Scenario::from_text(path, &text, &setting.sets).unwrap();
        let got: Vec<f64> = scenario.plan.agents.iter().map(|agent| agent.wallet.usdc()).collect();
        assert_eq!(got, wallets);
        let top_up = &scenario.resolved["agent"][1]["policy"]["top_up"]["warning_threshold"];
        assert_eq!(top_up.as_f64(), Some(level));
    }
}

/// A list keeps its names; what a setting leaves alone has the value of the scenario.
#[test]
fn a_list_keeps_its_names() {
    let design = design(
        "[sweep]\ndesign = \"list\"\n[[sweep.list]]\nname = \"tight\"\n\
         set = { \"policy.top_up.warning_threshold\" = 1.8, \"policy.top_up.reserve_minimum\" = 5 }\n\
         [[sweep.list]]\nname = \"base\"\nset = {}\n[[sweep.list]]\nname = \"late\"\n\
         set = { \"policy.top_up.warning_threshold\" = 1.4, \"policy.top_up.cooldown\" = \"1h\" }\n",
    );
    assert_eq!(names(&design), ["tight", "base", "late"]);
    assert_eq!(design.settings[1].sets, []);
    let paths: Vec<&str> = design.space.axes.iter().map(|axis| axis.path.as_str()).collect();
    assert_eq!(paths[0], "policy.top_up.warning_threshold");
    let expected = [["1.8", "5"], ["1.6", "100 USDC"], ["1.4", "100 USDC"]];
    for (got, expected) in texts(&design).iter().zip(expected) {
        assert_eq!(got[..2], expected);
    }
}

/// A section that is not there has no defaults that hold: setting one switches it on.
#[test]
fn a_setting_can_switch_a_section_on() {
    let design = design(
        "[sweep]\ndesign = \"list\"\n[[sweep.list]]\nname = \"as_is\"\nset = {}\n\
         [[sweep.list]]\nname = \"sold\"\nset = { \"policy.kill_switch.dry_run\" = true }\n",
    );
    assert_eq!(names(&design), ["as_is", "sold"]);
    assert_eq!(texts(&design), [[""], ["true"]]);
}

/// Of each axis exactly one of n equal parts of the unit interval holds one of n points, whatever
/// the number of axes; another axis moves none.
#[test]
fn a_latin_hypercube_has_one_point_in_each_stratum() {
    for count in [1, 2, 7, 64] {
        for path in ["a", "b"] {
            let column = points::latin_hypercube(path, 3, count);
            let mut parts: Vec<u64> = column.iter().map(|x| (x * count as f64) as u64).collect();
            parts.sort_unstable();
            assert_eq!(parts, (0..count).collect::<Vec<_>>(), "{path} {count}");
        }
    }
    let sweep = |more: &str| {
        design(&format!(
            "[sweep]\ndesign = \"latin_hypercube\"\npoints = 16\n[sweep.fields]\n{more}\
             \"policy.top_up.warning_threshold\" = {{ from = 1, to = 5 }}\n"
        ))
    };
    let (one, two) = (sweep(""), sweep("\"policy.poll\" = [\"30m\", \"1h\"]\n"));
    for (one, two) in one.coordinates.iter().zip(&two.coordinates) {
        assert_eq!(one[0], two[1]);
    }
    // Sixteen strata of width 1/4 each.
    let mut parts: Vec<i64> =
        one.coordinates.iter().map(|x| ((x[0].number.unwrap() - 1.0) * 4.0) as i64).collect();
    parts.sort_unstable();
    assert_eq!(parts, (0..16).collect::<Vec<_>>());
    // Two values have eight points each: their halves of the interval hold eight strata.
    let short = two.coordinates.iter().filter(|point| point[0].text == "30m").count();
    assert_eq!(short, 8);
}

/// Random points are uniform: the mean of 4,000 is 1/2 ± 4·√(1/12/4000) = .018; the first of more
/// points are those of fewer, and neither is that of another seed or axis.
#[test]
fn random_points_are_uniform_and_keyed() {
    let column = points::random("a", 3, 4_000);
    let mean = column.iter().sum::<f64>() / 4_000.0;
    assert!((mean - 0.5).abs() < 0.018, "{mean}");
    assert_eq!(points::random("a", 3, 5), column[..5]);
    assert_ne!(points::random("b", 3, 5), column[..5]);
    assert_ne!(points::random("a", 4, 5), column[..5]);
}

/// The first points in two dimensions as Joe & Kuo print them; on axes 1 to 5 and 10 to 30.
#[test]
fn sobol_points_are_the_published_ones() {
    let expected =
        [(0.0, 0.0), (0.5, 0.5), (0.75, 0.25), (0.25, 0.75), (0.375, 0.375), (0.875, 0.875)];
    let (one, two) = (points::sobol(0, 6), points::sobol(1, 6));
    for ((x, y), expected) in one.iter().zip(&two).zip(expected) {
        assert!((x - expected.0).abs() < 1e-15 && (y - expected.1).abs() < 1e-15, "{x} {y}");
    }
    let design = design(
        "[sweep]\ndesign = \"sobol\"\npoints = 4\n[sweep.fields]\n\
         \"policy.top_up.warning_threshold\" = { from = 1, to = 5 }\n\
         \"policy.top_up.max_topup_per_event\" = { from = 10, to = 30 }\n",
    );
    let expected = [
        ["1.0", "10.00 USDC"],
        ["3.0", "20.00 USDC"],
        ["4.0", "15.00 USDC"],
        ["2.0", "25.00 USDC"],
    ];
    assert_eq!(texts(&design), expected);
}

/// What constraints leave of thresholds {1.1, 1.6, 2.1} of two fields, by hand; names do not move.
#[test]
fn constraints_leave_points_out() {
    let sweep = |constraint: &str| {
        design(&format!(
            "[sweep]\nconstraints = [{constraint}]\n[sweep.fields]\n\
             \"policy.top_up.danger_threshold\" = [1.1, 1.6]\n\
             \"policy.top_up.warning_threshold\" = [1.1, 1.6, 2.1]\n"
        ))
    };
    let (danger, warning) = ("policy.top_up.danger_threshold", "policy.top_up.warning_threshold");
    // v0001 (1.1, 1.1), v0002 (1.1, 1.6), v0003 (1.1, 2.1), v0004 (1.6, 1.1), v0005, v0006.
    let rows: [(String, &[&str], &[usize]); 7] = [
        (format!("'{danger} < {warning}'"), &["v0002", "v0003", "v0006"], &[3]),
        (format!("'{warning} >= {danger}'"), &["v0001", "v0002", "v0003", "v0005", "v0006"], &[1]),
        (format!("'{danger} == {warning}'"), &["v0001", "v0005"], &[4]),
        (format!("'1.05 < {danger}<{warning} <= 2'"), &["v0002"], &[5]),
        // The target of the scenario is its default, 2.
        (format!("'{danger} < {warning} < policy.top_up.target_health_factor'"), &["v0002"], &[5]),
        (format!("'{danger} < {warning}', '{warning} > 1.6'"), &["v0003", "v0006"], &[3, 4]),
        // An agent without thresholds of its own inherits the axis.
        (format!("'agent.a.{danger} < agent.a.{warning}'"), &["v0002", "v0003", "v0006"], &[3]),
    ];
    for (constraint, left, refused) in rows {
        let design = sweep(&constraint);
        assert_eq!(names(&design), left, "{constraint}");
        assert_eq!(design.refused, refused, "{constraint}");
        assert_eq!(design.dropped, 6 - left.len(), "{constraint}");
    }
    // The template writes its own threshold, 1.7: that of its copies does not vary.
    let design = sweep(&format!("'{danger} < 1.5', 'agent.t_2.{warning} < {warning}'"));
    assert_eq!(names(&design), ["v0003"]);
    let amounts = design_of_units("policy.top_up.max_topup_per_event < 250 USDC");
    assert_eq!(texts(&amounts), [["200 USDC"]]);
}

fn design_of_units(constraint: &str) -> Design {
    design(&format!(
        "[sweep]\nconstraints = [\"{constraint}\"]\n[sweep.fields]\n\
         \"policy.top_up.max_topup_per_event\" = [\"200 USDC\", \"300 USDC\"]\n"
    ))
}

/// Points of three values that are drawn sixteen times are left out when they come again.
#[test]
fn points_drawn_again_are_counted() {
    let design = design(
        "[sweep]\ndesign = \"random\"\npoints = 16\n[sweep.fields]\n\
         \"policy.top_up.warning_threshold\" = [1.5, 1.6, 1.7]\n",
    );
    assert_eq!(design.settings.len() + design.duplicates, 16);
    assert!(design.settings.len() <= 3);
}

/// A sweep changes nothing of the run, and a variant does not make the design again.
#[test]
fn a_run_leaves_the_sweep_alone() {
    let (with, without) =
        (load("[sweep.fields]\n\"policy.top_up.warning_threshold\" = [1.5]\n"), load(""));
    assert_eq!(with.plan, without.plan);
    assert!(without.sweep.is_none());
}
