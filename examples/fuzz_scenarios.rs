//! Feeds mutated scenarios to the loader for so many seconds: `fuzz_scenarios SECONDS [SEED]`.
//! Ends with an error at the first panic and prints the text that caused it.

#[path = "../tests/bad/mutate.rs"]
mod mutate;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use drypowder::scenario::{Scenario, describe, template};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| -> u64 {
        arguments.next().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seconds, seed) = (number(60), number(1));
    let texts = texts();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let path = Path::new("scenarios/fuzz.toml");
    let mut mutator = mutate::Mutator::new(seed);
    let (mut cases, mut good) = (0_u64, 0_u64);
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(seconds) {
        let text = mutator.next(&texts);
        let tried =
            catch_unwind(AssertUnwindSafe(|| match Scenario::from_text(path, &text, &[]) {
                Ok(scenario) => !describe(&scenario).is_empty(),
                Err(diagnostics) => diagnostics.render(false).is_empty(),
            }));
        match tried {
            Ok(loads) => good += u64::from(loads),
            Err(_) => {
                eprintln!("panic after {cases} cases (seed {seed}) in:\n{text}");
                return ExitCode::FAILURE;
            }
        }
        cases += 1;
    }
    println!("{cases} scenarios, {good} of them loadable, no panic");
    ExitCode::SUCCESS
}

/// Every scenario that ships, those of the tests, and the template.
fn texts() -> Vec<String> {
    let mut texts = vec![template()];
    for folder in ["scenarios", "tests/scenarios"] {
        let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
        texts.extend(files.filter_map(|file| std::fs::read_to_string(file.path()).ok()));
    }
    texts.sort();
    texts
}
