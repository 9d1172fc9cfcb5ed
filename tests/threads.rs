//! The same bytes for any number of threads, and the same result whatever is written of it.

#[path = "common/runs.rs"]
mod runs;

use runs::{Run, load};
use std::sync::atomic::AtomicBool;

use drypowder::engine::Metric;
use drypowder::report::{ProduceError, produce, story, story_of, terminal_report};
use drypowder::scenario::Scenario;
use drypowder::study::{AgentResult, Execution, NoProgress, StudyError, VariantSet};

#[test]
fn every_file_is_the_same_at_1_2_and_7_threads() {
    for scenario in ["two_agents", "november_2018", "drift"] {
        let one = Run::of(scenario, &[], 1);
        for threads in [2, 7] {
            let many = Run::of(scenario, &[], threads);
            assert_eq!(one.files(), many.files(), "{scenario} at {threads} threads");
            for file in one.files() {
                assert!(one.bytes(&file) == many.bytes(&file), "{scenario}: {file} at {threads}");
            }
        }
    }
}

/// Of 301 agents the table shows the ten that lose most in the mean and the sum, the story those to
/// whom something happened, or one.
#[test]
fn many_agents_are_told_in_few_lines() {
    let run = Run::of("many", &[("nulls", "[]")], 2);
    let scenario = load("many", &[("nulls", "[]")]);
    let set = VariantSet::of(&scenario).unwrap();
    let findings = &run.finished.findings;
    let report = terminal_report(&scenario, &set, findings, "", std::path::Path::new("out"));
    assert!(report.contains("10 of 301 agents are shown"), "{report}");
    let table = report.split("The wallet:").next().unwrap();
    let shown: Vec<&str> = table.lines().filter_map(|line| line.split('┆').nth(1)).collect();
    let names: Vec<&str> = shown.iter().skip(1).map(|name| name.trim()).collect();
    // By hand: mean final equity less what there was at the start, ascending, of every agent.
    let agents = &findings.result.variants[0].agents[..301];
    let change = |agent: &AgentResult| {
        let ends: Vec<f64> = agent.column(Metric::FinalEquity).iter().collect();
        ends.iter().sum::<f64>() / ends.len() as f64 - agent.start_capital_usdc
    };
    let mut worst: Vec<(f64, &str)> =
        agents.iter().map(|agent| (change(agent), agent.name.as_str())).collect();
    worst.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut expected: Vec<&str> = worst[..10].iter().map(|(_, name)| *name).collect();
    expected.sort_unstable();
    expected.push("all");
    assert_eq!(names, expected);
    let trace = &findings.traces[0];
    let told = story(&scenario, &set, trace, None);
    assert!(told.contains("other agents, of whom none was called"), "{told}");
    let zed = story_of(&scenario, &set, trace, None, Some(300));
    assert!(
        zed.contains("300 other agents are left out") && zed.contains("zed: opened COIN_07-PERP")
    );
    assert!(!zed.contains("trader_"), "{zed}");
}

/// 301 agents of templates and of their own. Listed in another order, nothing of any agent changes.
#[test]
fn hundreds_of_agents_in_any_order_at_1_2_and_7_threads() {
    let sets = [("report.trace_paths", "[]")];
    let one = Run::of("many", &sets, 1);
    let text = std::fs::read_to_string(runs::scenario_file("many")).unwrap();
    let (head, agents) = text.split_once("[[agent]]").unwrap();
    let mut agents: Vec<&str> = agents.split("[[agent]]").collect();
    agents.reverse();
    let turned = format!("{head}[[agent]]\n{}", agents.join("\n[[agent]]\n"));
    let owned = sets.map(|(path, value)| (path.to_owned(), value.to_owned()));
    let turned = Scenario::from_text(&runs::scenario_file("many"), &turned, &owned);
    let turned = turned.unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(turned.plan.agents.len(), 301);
    let others =
        [Run::of("many", &sets, 2), Run::of("many", &sets, 7), Run::of_scenario(&turned, 2)];
    for other in others {
        for file in ["paths.csv", "summary.csv", "fired_rules.csv", "fan.csv"] {
            assert!(one.bytes(file) == other.bytes(file), "{file}");
        }
    }
    let fired = String::from_utf8(one.bytes("fired_rules.csv")).unwrap();
    let liquidated = fired.lines().filter(|line| {
        line.contains("trader_")
            && line.contains(",liquidation.equity_left,")
            && line.ends_with(',')
    });
    assert!(liquidated.count() > 10, "nobody is liquidated");
}

#[test]
fn the_result_does_not_depend_on_what_is_written() {
    let all = Run::of("two_agents", &[], 2);
    let settings: [&[(&str, &str)]; 4] = [
        &[("report.format", "\"parquet\"")],
        &[("report.paths_file", "false"), ("report.charts", "false")],
        &[("report.trace_paths", "[]"), ("report.charts", "false")],
        &[("report.fan_paths", "1"), ("report.samples", "2")],
    ];
    for sets in settings {
        let other = Run::of("two_agents", sets, 2);
        let hashes = [&all, &other].map(|run| run.finished.manifest.result_hash.clone());
        assert_eq!(hashes[0], hashes[1], "{sets:?}");
        assert!(all.bytes("summary.csv") == other.bytes("summary.csv"), "{sets:?}");
    }
    let other_seed = Run::of("two_agents", &[("seed", "8")], 2);
    assert_ne!(all.finished.manifest.result_hash, other_seed.finished.manifest.result_hash);
}

#[test]
fn more_paths_leave_the_first_ones_as_they_were() {
    let few = Run::of("two_agents", &[("paths", "20"), ("report.charts", "false")], 2);
    let many = Run::of("two_agents", &[("report.charts", "false")], 2);
    let (few, many) = (few.bytes("paths.csv"), many.bytes("paths.csv"));
    assert!(many.starts_with(&few));
    assert!(many.len() > few.len());
}

#[test]
fn a_stopped_run_keeps_its_rows_and_a_new_one_starts_over() {
    let scenario = load("two_agents", &[("report.charts", "false")]);
    let set = VariantSet::of(&scenario).unwrap();
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let run = |stop: bool| {
        let stop = AtomicBool::new(stop);
        let execution = Execution { threads: 1, stop: &stop };
        produce(&scenario, &set, &execution, &out, false, &mut NoProgress)
    };
    let Err(ProduceError::Study(StudyError::Stopped { done })) = run(true) else {
        panic!("the run was not stopped");
    };
    assert!(0 < done && done < scenario.paths, "{done}");
    assert!(!out.exists());
    let rows = std::fs::read_to_string(home.path().join("out.partial/paths.csv")).unwrap();
    let agents = 2;
    assert_eq!(rows.lines().count() as u64, 1 + done * set.all().len() as u64 * agents);
    run(false).unwrap();
    assert!(out.join("manifest.json").is_file() && !home.path().join("out.partial").exists());
}
