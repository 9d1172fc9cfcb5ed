//! The histogram of paired differences.

use std::path::Path;

use crate::engine::Metric;
use crate::report::charts::differences::{self, DifferencesChart, DifferencesVariant};
use crate::report::charts::{Caption, ChartError, Estimate};
use crate::scenario::Scenario;
use crate::study::Comparison;

/// Draws the differences of final equity of the whole account.
pub(super) fn draw(scenario: &Scenario, found: &Comparison, out: &Path) -> Result<(), ChartError> {
    let equity = |variant: usize| found.study.variants[variant].whole().column(Metric::FinalEquity);
    let variants = (1..found.study.variants.len()).map(|variant| {
        let differences: Vec<f64> =
            equity(variant).iter().zip(equity(0).iter()).map(|(own, base)| own - base).collect();
        let interval = found.study.replication.mean_interval(&differences);
        DifferencesVariant {
            name: found.study.variants[variant].name.clone(),
            mean: Estimate {
                value: crate::stats::mean_and_stderr(&differences).0,
                low: interval.low.unwrap_or(f64::NAN),
                high: interval.high.unwrap_or(f64::NAN),
            },
            differences,
        }
    });
    let base = &found.study.variants[0];
    let paths = if found.study.paths == 1 { "path" } else { "paths" };
    let chart = DifferencesChart {
        caption: Caption {
            title: format!("What each variant changes against {}", base.name),
            subtitle: format!(
                "{}: final equity of {}, {} {paths}, the same for all; bands about means are 95 % intervals",
                scenario.name,
                base.whole().name,
                found.study.paths
            ),
            footer: format!(
                "drypowder {} · seed {} · {}",
                env!("CARGO_PKG_VERSION"),
                scenario.seed,
                scenario.name
            ),
        },
        baseline: base.name.clone(),
        quantity: "final equity".to_owned(),
        unit: "USDC".to_owned(),
        higher_is_better: true,
        variants: variants.collect(),
    };
    differences::draw(&chart, out)
}
