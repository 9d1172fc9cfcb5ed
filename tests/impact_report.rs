//! What a run says of impact feedback.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use drypowder::report::{Findings, produce, terminal_report};
use drypowder::scenario::Scenario;
use drypowder::study::{Execution, NoProgress, Role, VariantSet};

const SCENARIO: &str = "scenarios/cascade.toml";

fn run(text: &str, sets: &[(&str, &str)], out: &Path) -> (Scenario, VariantSet, Findings) {
    let owned = |(path, value): &(&str, &str)| ((*path).to_owned(), (*value).to_owned());
    let sets: Vec<(String, String)> = sets.iter().map(owned).collect();
    let scenario = Scenario::from_text(Path::new(SCENARIO), text, &sets).unwrap();
    let stop = AtomicBool::new(false);
    let execution = Execution { threads: 2, stop: &stop };
    let set = VariantSet::of(&scenario).unwrap();
    let finished = produce(&scenario, &set, &execution, out, false, &mut NoProgress).unwrap();
    (scenario, set, finished.findings)
}

/// In the shipped scenario impact takes more accounts: the whole interval of the difference lies
/// above 0 for liquidations and the size of the largest chain, and each difference is that of the
/// rows of plan and no_impact.
#[test]
fn impact_takes_more_accounts() {
    let home = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(SCENARIO).unwrap();
    let sets = [("paths", "60"), ("report.charts", "false"), ("report.trace_paths", "[]")];
    let out = home.path().join("out");
    let (scenario, set, findings) = run(&text, &sets, &out);
    let plan = &findings.result.variants[set.with_role(Role::Plan, None).unwrap()].name;
    for (metric, above) in [
        ("liquidations", true),
        ("cascade_size", true),
        ("bad_debt", false),
        ("var_95", false),
        ("es_95", false),
        ("liquidation_probability", false),
    ] {
        let value = |variant: &str, metric: &str| {
            findings.summary.get(variant, "all", metric).unwrap().value.unwrap()
        };
        let row = findings.summary.get(plan, "all", &format!("{metric}_by_impact")).unwrap();
        let difference = value(plan, metric) - value("no_impact", metric);
        assert!((row.value.unwrap() - difference).abs() < 1e-6, "{metric}: {row:?}");
        if above {
            assert!(row.interval.low.unwrap() > 0.0, "{metric}: {row:?}");
        }
    }
    let text = terminal_report(&scenario, &set, &findings, "", &out);
    assert!(text.contains("impact of forced fills"), "{text}");
    assert!(text.contains("any other fill than a force-close"), "{text}");
}

/// At strength 0 every file but the scenario's own is that of a run without the table, byte by
/// byte.
#[test]
fn strength_0_writes_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(SCENARIO).unwrap();
    let from = text.find("[exchange.impact]").unwrap();
    let to = text.find("[exchange.defaults]").unwrap();
    let without = format!("{}{}", &text[..from], &text[to..]);
    let common = [("paths", "14"), ("nulls", "[]"), ("report.charts", "false")];
    let off = [&common[..], &[("exchange.impact.strength", "0")]].concat();
    let folders = [home.path().join("without"), home.path().join("off")];
    run(&without, &common, &folders[0]);
    run(&text, &off, &folders[1]);
    let mut compared = 0;
    for entry in fs::read_dir(&folders[0]).unwrap() {
        let name = entry.unwrap().file_name();
        let read = |folder: &Path| fs::read(folder.join(&name)).unwrap();
        if name != "manifest.json" {
            assert!(read(&folders[0]) == read(&folders[1]), "{name:?}");
            compared += 1;
        }
    }
    assert!(compared >= 6, "{compared} files");
}
