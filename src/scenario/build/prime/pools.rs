//! Rates of pools: published curves, own ones, constants and files.

use std::sync::Arc;

use crate::engine::prime::RateSeries;
use crate::fields::Faults;
use crate::prices::history::{LoadOptions, Series, SeriesColumns, load_series};
use crate::scenario::build::history::report;
use crate::scenario::format::{CurveForm, Pool, PoolPreset};
use crate::scenario::load::Files;
use crate::scenario::span::Span;
use crate::units::time::to_iso;
use crate::venue::lending::{
    AAVE_V3_USDC, AAVE_V3_WBTC, AAVE_V3_WETH, BASE_UTILISATION, COMPOUND_V3_USDC, COMPOUND_V3_WETH,
    Curve, PRIME_BROKERAGE, RATE_MAX, RateSource,
};

/// The source of a pool's rate, and its series where it is a file.
pub(super) type Rate = (RateSource, Option<Arc<RateSeries>>);

/// Exactly one source.
pub(super) fn rate(
    name: &str,
    pool: &Pool,
    span: &Span,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<Rate> {
    const SOURCES: [&str; 4] = ["preset", "rate", "curve", "file"];
    let given: Vec<&str> = SOURCES.into_iter().filter(|field| pool.at.has(field)).collect();
    if !pool.at.sound(&SOURCES) {
        return None;
    }
    if given.len() > 1 {
        let message = format!("{} are given together", given.join(" and "));
        faults.error(pool.at.section(), message, "give exactly one");
        return None;
    }
    if pool.at.has("columns") && pool.file.is_none() && pool.at.sound(&["columns"]) {
        let message = "columns without a file";
        faults.error(&pool.at.of("columns"), message, "leave it out, or give file");
    }
    if let Some(rate) = pool.rate {
        return Some((RateSource::Given(rate.0), None));
    }
    if let Some(curve) = &pool.curve {
        return own_curve(curve, faults).map(|curve| (RateSource::Curve(curve), None));
    }
    if let Some(file) = &pool.file {
        let series = series(pool, file, span, files, faults)?;
        let first = series.at(span.start_ms);
        return Some((RateSource::Given(first), Some(Arc::new(series))));
    }
    let curve = published(name, pool, faults)?;
    Some((RateSource::Curve(curve), None))
}

fn own_curve(form: &CurveForm, faults: &mut Faults) -> Option<Curve> {
    let curve = Curve {
        base: form.base.0,
        slope1: form.slope1.0,
        slope2: form.slope2.0,
        kink: form.kink.0,
    };
    let highest = curve.base + curve.slope1 + curve.slope2;
    if highest > RATE_MAX {
        let message = format!("the rate where everything is lent is {highest}");
        faults.error(form.at.section(), message, format!("at most {RATE_MAX} a year"));
        return None;
    }
    Some(curve)
}

fn published(name: &str, pool: &Pool, faults: &mut Faults) -> Option<Curve> {
    match pool.preset? {
        PoolPreset::Prime => {
            let curve = prime(name);
            if curve.is_none() {
                let known: Vec<&str> = PRIME_BROKERAGE.iter().map(|terms| terms.symbol).collect();
                let message = format!("the prime table has no rate of {name}");
                let help = format!(
                    "it has {}: give another preset, rate, curve or file",
                    known.join(", ")
                );
                faults.error(&pool.at.of("preset"), message, help);
            }
            curve
        }
        PoolPreset::AaveWeth => Some(AAVE_V3_WETH),
        PoolPreset::AaveUsdc => Some(AAVE_V3_USDC),
        PoolPreset::AaveWbtc => Some(AAVE_V3_WBTC),
        PoolPreset::CompoundUsdc => Some(COMPOUND_V3_USDC),
        PoolPreset::CompoundWeth => Some(COMPOUND_V3_WETH),
    }
}

/// The table's rate at the base utilisation, on the shape of the asset's curve at Aave.
fn prime(name: &str) -> Option<Curve> {
    let terms = PRIME_BROKERAGE.iter().find(|terms| terms.symbol == name)?;
    let shape = match name {
        "USDC" => AAVE_V3_USDC,
        "BTC" => AAVE_V3_WBTC,
        _ => AAVE_V3_WETH,
    };
    Some(shape.through(BASE_UTILISATION, terms.rate))
}

fn series(
    pool: &Pool,
    file: &str,
    span: &Span,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<RateSeries> {
    let spot = pool.at.of("file");
    if !files.note(file, &spot, faults) {
        return None;
    }
    let columns = pool.columns.as_ref().map_or_else(SeriesColumns::default, |names| {
        SeriesColumns { time: names.time.clone(), value: names.rate.clone() }
    });
    let options = LoadOptions { series: columns, ..LoadOptions::default() };
    let series = match load_series(files.path(file), &options) {
        Ok(series) => series,
        Err(errors) => {
            errors.into_iter().for_each(|error| {
                report(error, &spot, faults);
            });
            return None;
        }
    };
    match problem(&series, span) {
        None => Some(RateSeries { time_ms: series.time, rate: series.value }),
        Some((message, help)) => {
            faults.error(&spot, message, help);
            None
        }
    }
}

/// What is wrong with a series of rates: one that is none, or a span that it does not cover. The
/// last rate holds for as long as the longest of those before it.
fn problem(series: &Series, span: &Span) -> Option<(String, String)> {
    if let Some(row) = series.value.iter().position(|rate| !(0.0..=RATE_MAX).contains(rate)) {
        let (time, rate) = (to_iso(series.time[row]), series.value[row]);
        let message = format!("the rate {rate} at {time} is outside [0, {RATE_MAX}]");
        return Some((message, "rates are fractions a year: 0.042 is 4.2 %".to_owned()));
    }
    let (Some(first), Some(last)) = (series.time.first(), series.time.last()) else {
        return Some(("no rate".to_owned(), "give at least one row".to_owned()));
    };
    let longest = series.time.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
    let (from, to) = (to_iso(*first), to_iso(*last));
    let help = "give a file that covers the run".to_owned();
    if *first > span.start_ms {
        let message =
            format!("the rates start at {from}, after the run: {}", to_iso(span.start_ms));
        return Some((message, help));
    }
    if last.saturating_add(longest) < span.end_ms {
        let message = format!("the rates end at {to}, before the run: {}", to_iso(span.end_ms));
        return Some((message, help));
    }
    None
}
