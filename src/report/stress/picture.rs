//! The tornado chart of a stress.

use std::path::Path;

use super::figures::{Figure, Figures};
use crate::report::charts::tornado::{self, Range, TornadoBar, TornadoChart, TornadoKind};
use crate::report::charts::{Caption, ChartError};
use crate::scenario::Scenario;
use crate::study::{StressKind, StressResult};

pub(super) fn draw(
    scenario: &Scenario,
    found: &StressResult,
    figures: &Figures,
    out: &Path,
) -> Result<(), ChartError> {
    let agent = &found.agent(0, found.whole()).name;
    let range = |one: Option<&Figure>| {
        let value = one.and_then(|one| one.value).unwrap_or(f64::NAN);
        let end = |end: Option<f64>| end.unwrap_or(f64::NAN);
        let interval = one.map(|one| one.interval);
        Range {
            value,
            low: end(interval.and_then(|interval| interval.low)),
            high: end(interval.and_then(|interval| interval.high)),
        }
    };
    let of = |run: usize, metric: &str| range(figures.get(&found.runs[run].name, agent, metric));
    let bars = (1..found.runs.len()).map(|run| {
        let label = match found.runs[run].kind {
            StressKind::Cumulative => {
                let last = found.runs[run].name.rsplit('+').next().unwrap_or_default();
                format!("worst {}: + {last}", found.runs[run].shocks.len())
            }
            StressKind::Stacked => format!("stacked: all {}", found.runs[run].shocks.len()),
            StressKind::None | StressKind::Single => found.runs[run].name.clone(),
        };
        TornadoBar {
            label,
            kind: match found.runs[run].kind {
                StressKind::None | StressKind::Single => TornadoKind::Single,
                StressKind::Cumulative => TornadoKind::LaidOn,
                StressKind::Stacked => TornadoKind::Stacked,
            },
            damage: of(run, "loss_added"),
            probability: of(run, "distress_probability"),
        }
    });
    let (paths, lines) = match found.study.paths {
        1 => ("path", ""),
        _ => ("paths", "; lines are 95 % intervals"),
    };
    let chart = TornadoChart {
        caption: Caption {
            title: "What each shock costs".to_owned(),
            subtitle: format!(
                "{}: {agent}, {} {paths}, the same with and without{lines}",
                scenario.name, found.study.paths
            ),
            footer: format!(
                "drypowder {} · seed {} · {}",
                env!("CARGO_PKG_VERSION"),
                scenario.seed,
                scenario.name
            ),
        },
        bars: bars.collect(),
        probability_without: of(0, "distress_probability").value,
    };
    tornado::draw(&chart, out)
}
