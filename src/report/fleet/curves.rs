//! `diversification.csv`: a fleet's benefit against correlation.

use std::io::{self, Write};

use super::super::number::{exact, exact_or_empty};
use crate::stats::Interval;
use crate::stats::risk::Benefit;
use crate::study::DiversificationCurve;

const COLUMNS: [&str; 23] = [
    "fleet",
    "confidence",
    "weight",
    "asset_correlation",
    "loss_correlation",
    "var",
    "var_low",
    "var_high",
    "parts_var",
    "parts_var_low",
    "parts_var_high",
    "benefit_var",
    "benefit_var_low",
    "benefit_var_high",
    "es",
    "es_low",
    "es_high",
    "parts_es",
    "parts_es_low",
    "parts_es_high",
    "benefit_es",
    "benefit_es_low",
    "benefit_es_high",
];

/// A row per fleet, confidence and weight; 95 % intervals.
pub(in crate::report) fn write_curves_csv(
    out: &mut impl Write,
    curves: &[DiversificationCurve],
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(COLUMNS)?;
    for curve in curves {
        for point in &curve.points {
            let mut row = vec![curve.fleet.clone(), exact(curve.confidence), exact(point.weight)];
            row.extend([point.assets, point.losses].map(exact_or_empty));
            let risk = point.whole.risk;
            for (value, interval, benefit) in [
                (risk.var, point.whole.var_interval, &point.var),
                (risk.es, point.whole.es_interval, &point.es),
            ] {
                row.extend(with_ends(Some(value), interval));
                row.extend(figures(benefit));
            }
            table.write_record(row)?;
        }
    }
    table.flush()
}

fn figures(benefit: &Benefit) -> impl Iterator<Item = String> {
    let parts = with_ends(Some(benefit.parts), benefit.parts_interval());
    parts.into_iter().chain(with_ends(benefit.value(), benefit.interval()))
}

fn with_ends(value: Option<f64>, interval: Interval) -> [String; 3] {
    [value, interval.low, interval.high].map(exact_or_empty)
}
