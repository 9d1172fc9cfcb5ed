//! The picture of a back-test.

use super::Album;
use crate::report::charts::{ChartError, Sample, backtest};
use crate::report::folder::OutFolder;
use crate::report::number::{count, grouped, p_value, percent};
use crate::report::risk_table::light;
use crate::study::Backtest;

/// Draws that of the last book: the only one, or all together.
pub(super) fn draw(album: &Album, folder: &OutFolder) -> Result<(), ChartError> {
    let tests = &album.findings.backtests;
    let Some(last) = tests.last() else { return Ok(()) };
    let shown: Vec<&Backtest> = tests.iter().filter(|test| test.agent == last.agent).collect();
    let chart = backtest::BacktestChart {
        caption: album.caption(
            "Would the VaR have held?",
            format!(
                "loss per period of {}'s book, % of its gross exposure, beside the {} VaR forecast \
                 from what was known before",
                last.agent,
                percent(last.confidence)
            ),
        ),
        panels: shown.into_iter().map(panel).collect(),
    };
    backtest::draw(&chart, &folder.path("backtest.png"))
}

fn panel(test: &Backtest) -> backtest::BacktestPanel {
    let samples = |value: fn(&crate::study::BacktestDay) -> f64| -> Vec<Sample> {
        let share = |day: &crate::study::BacktestDay| 100.0 * value(day) / day.gross_usdc;
        test.days.iter().map(|day| Sample { time_ms: day.time_ms, value: share(day) }).collect()
    };
    let found = &test.tests;
    backtest::BacktestPanel {
        title: format!(
            "{}, % of gross exposure: {} above of {} ({} expected), Kupiec p {}, last 250: {} ({})",
            test.forecaster.name(),
            count(found.exceedances as f64),
            count(test.days.len() as f64),
            grouped(found.expected, 1),
            p_value(found.kupiec.p_value),
            count(found.last_year as f64),
            light(found.light.zone),
        ),
        losses: samples(|day| day.loss_usdc),
        forecasts: samples(|day| day.var_usdc),
    }
}
