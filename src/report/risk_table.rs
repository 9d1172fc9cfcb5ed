//! `risk.csv`, `backtest.csv` and `backtest_tests.csv`, and what a run prints of them.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::number::{count, exact, exact_or_empty, grouped, money, p_value, percent};
use crate::fields::Duration;
use crate::stats::backtest::{LikelihoodRatio, Zone};
use crate::study::{Backtest, BookFigure, Method};
use crate::units::time::to_iso;

/// The book taken apart.
pub(super) fn write_risk_csv(out: &mut impl Write, figures: &[BookFigure]) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "agent",
        "part",
        "method",
        "confidence",
        "horizon",
        "exposure",
        "var",
        "var_low",
        "var_high",
        "es",
        "es_low",
        "es_high",
        "component_var",
        "component_es",
        "marginal_var",
        "marginal_es",
        "diversification",
    ])?;
    for figure in figures {
        let (component, marginal) = (figure.component, figure.marginal);
        table.write_record([
            figure.agent.as_str(),
            figure.part.as_deref().unwrap_or("all"),
            figure.method.name(),
            &exact(figure.confidence),
            &Duration { ms: figure.horizon_ms }.to_string(),
            &exact(figure.exposure_usdc),
            &exact(figure.var),
            &exact_or_empty(figure.var_interval.low),
            &exact_or_empty(figure.var_interval.high),
            &exact_or_empty(figure.es),
            &exact_or_empty(figure.es_interval.low),
            &exact_or_empty(figure.es_interval.high),
            &exact_or_empty(component.map(|risk| risk.var)),
            &exact_or_empty(component.map(|risk| risk.es)),
            &exact_or_empty(marginal.map(|risk| risk.var)),
            &exact_or_empty(marginal.map(|risk| risk.es)),
            &exact_or_empty(figure.diversification),
        ])?;
    }
    table.flush()
}

/// Every period of every back-test.
pub(super) fn write_backtest_csv(out: &mut impl Write, tests: &[Backtest]) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["agent", "method", "time", "gross_exposure", "loss", "var", "exceeded"])?;
    for test in tests {
        for day in &test.days {
            table.write_record([
                test.agent.as_str(),
                test.forecaster.name(),
                &to_iso(day.time_ms),
                &exact(day.gross_usdc),
                &exact(day.loss_usdc),
                &exact(day.var_usdc),
                if day.exceeded { "1" } else { "0" },
            ])?;
        }
    }
    table.flush()
}

/// The verdicts.
pub(super) fn write_tests_csv(out: &mut impl Write, tests: &[Backtest]) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "agent",
        "method",
        "confidence",
        "periods",
        "exceedances",
        "expected",
        "kupiec",
        "kupiec_p",
        "independence",
        "independence_p",
        "conditional_coverage",
        "conditional_coverage_p",
        "exceedances_250",
        "traffic_light",
        "cumulative_probability",
        "multiplier_addition",
    ])?;
    for test in tests {
        let found = &test.tests;
        let ratio = |ratio: LikelihoodRatio| [exact(ratio.statistic), exact(ratio.p_value)];
        let start = [
            test.agent.clone(),
            test.forecaster.name().to_owned(),
            exact(test.confidence),
            test.days.len().to_string(),
            found.exceedances.to_string(),
            exact(found.expected),
        ];
        let ratios = [found.kupiec, found.independence, found.coverage].map(ratio);
        let end = [
            found.last_year.to_string(),
            light(found.light.zone).to_owned(),
            exact(found.light.cumulative),
            exact_or_empty(found.light.addition),
        ];
        table.write_record(start.iter().chain(ratios.as_flattened()).chain(&end))?;
    }
    table.flush()
}

pub(super) const fn light(zone: Zone) -> &'static str {
    match zone {
        Zone::Green => "green",
        Zone::Yellow => "yellow",
        Zone::Red => "red",
    }
}

/// The book's figures as printed: the wholes, and the parts by the method that has them all.
pub(super) fn book_table(figures: &[BookFigure]) -> String {
    if figures.is_empty() {
        return String::new();
    }
    let mut table = new_table(&[
        "agent",
        "part",
        "method",
        "confidence",
        "horizon",
        "exposure",
        "VaR [95 % interval]",
        "ES [95 % interval]",
        "adds to VaR",
        "diversified away",
    ]);
    let one_book = figures.iter().all(|figure| figure.agent == figures[0].agent);
    let shown = |figure: &&BookFigure| {
        figure.part.is_none() || (one_book && figure.method == Method::Parametric)
    };
    for figure in figures.iter().filter(shown) {
        let or_none = |value: Option<f64>, show: fn(f64) -> String| {
            value.map_or_else(|| "–".to_owned(), show)
        };
        let range = |value: Option<f64>, interval: &crate::stats::Interval| {
            let value = or_none(value, |usdc| grouped(usdc, 2));
            match (interval.low, interval.high) {
                (None, None) => value,
                (low, high) => {
                    let bound = |bound: Option<f64>| {
                        bound.map_or_else(|| "…".to_owned(), |usdc| grouped(usdc, 0))
                    };
                    format!("{value} [{}, {}]", bound(low), bound(high))
                }
            }
        };
        push_row(
            &mut table,
            3,
            [
                figure.agent.clone(),
                figure.part.clone().unwrap_or_else(|| "all".to_owned()),
                figure.method.name().to_owned(),
                percent(figure.confidence),
                Duration { ms: figure.horizon_ms }.to_string(),
                money(figure.exposure_usdc),
                range(Some(figure.var), &figure.var_interval),
                range(figure.es, &figure.es_interval),
                or_none(figure.component.map(|risk| risk.var), money),
                or_none(figure.diversification, percent),
            ],
        );
    }
    format!(
        "\n\nThe book of the start, held as it is: value at risk and expected shortfall, USDC\n{table}\n  \
         monte_carlo: the paths of this run, or draws from the history's covariance; parametric: \
         normal.\n  naive: rises of the reserved margin, for comparison; it looks at no loss. All \
         parts by all methods: risk.csv"
    )
}

/// The verdicts as printed.
pub(super) fn tests_table(tests: &[Backtest]) -> String {
    let Some(first) = tests.first() else { return String::new() };
    let mut table = new_table(&[
        "agent",
        "VaR",
        "exceeded",
        "expected",
        "Kupiec p",
        "independence p",
        "both p",
        "last 250",
        "light",
    ]);
    for test in tests {
        let found = &test.tests;
        let p = |ratio: LikelihoodRatio| p_value(ratio.p_value);
        push_row(
            &mut table,
            2,
            [
                test.agent.clone(),
                test.forecaster.name().to_owned(),
                count(found.exceedances as f64),
                grouped(found.expected, 1),
                p(found.kupiec),
                p(found.independence),
                p(found.coverage),
                count(found.last_year as f64),
                light(found.light.zone).to_owned(),
            ],
        );
    }
    format!(
        "\n\nBack-test of the {} VaR for the next period, {} forecasts: how often was the loss above \
         it?\n{table}\n  A p-value below 0.05 says that the forecast is wrong: too many or too few \
         (Kupiec), or in clusters\n  (Christoffersen).",
        percent(first.confidence),
        count(first.days.len() as f64),
    )
}

fn new_table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    table
}

/// The first columns to the left, the others to the right.
fn push_row<const N: usize>(table: &mut Table, names: usize, row: [String; N]) {
    let cells = row.into_iter().enumerate().map(|(column, text)| {
        let side = if column < names { CellAlignment::Left } else { CellAlignment::Right };
        Cell::new(text).set_alignment(side)
    });
    table.add_row(cells);
}
