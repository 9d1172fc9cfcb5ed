//! Markets.

use std::sync::Arc;

use crate::fields::{Faults, Places, nearest};
use crate::prices::history::{LoadOptions, SeriesColumns, load_series};
use crate::scenario::format::{
    BracketRow, ForceCloseKind, Funding, Market, MarketTerms, Root, SlippageForm, Stress,
    ZoneLevels,
};
use crate::scenario::load::Files;
use crate::units::time::to_iso;
use crate::venue::exchange::{
    Brackets, ForceClose, FundingSeries, FundingSource, FundingSpec, MarketSpec, Slippage,
    SlippageSpec, ZoneBounds,
};

/// All markets by name; `None` where one of them cannot be.
pub(super) fn markets(
    root: &Root,
    assets: &[String],
    files: &mut Files,
    faults: &mut Faults,
) -> Option<Vec<MarketSpec>> {
    let built: Vec<Option<MarketSpec>> = root
        .markets
        .iter()
        .map(|(name, market)| {
            // Copies of a market may stand on copies of an asset that could not be made.
            let is_copy = market.at.section().copy.is_some();
            let known = !is_copy || root.prices.at().sound(&["assets"]);
            let asset = asset_of(market, if known { assets } else { &[] }, faults);
            build(name, market, asset, files, faults)
        })
        .collect();
    built.into_iter().collect()
}

fn asset_of(market: &Market, assets: &[String], faults: &mut Faults) -> Option<usize> {
    let index = assets.iter().position(|name| *name == market.asset.0);
    if index.is_none() && !assets.is_empty() && market.at.sound(&["asset"]) {
        let known: Vec<&str> = assets.iter().map(String::as_str).collect();
        let help = match nearest(&market.asset.0, &known) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("give it a table [prices.assets.{}]", market.asset.0),
        };
        let message = format!("asset {} has no prices", market.asset.0);
        faults.error(&market.at.of("asset"), message, help);
    }
    index
}

fn build(
    name: &str,
    market: &Market,
    asset: Option<usize>,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<MarketSpec> {
    let terms = &market.terms;
    let maintenance = maintenance(terms, faults);
    let liquidation = terms.liquidation_slippage.as_ref().unwrap_or(&terms.slippage);
    let slippage = slippage(&terms.slippage, faults);
    let liquidation_slippage = self::slippage(liquidation, faults);
    let funding = terms.funding.as_ref().map(|funding| funding_of(funding, files, faults));
    Some(MarketSpec {
        name: name.to_owned(),
        asset: asset?,
        initial_margin: terms.initial_margin.0,
        maintenance: maintenance?,
        liquidation_hf: terms.liquidation_hf,
        zones: zones(&terms.zones, terms.liquidation_hf),
        taker_fee: terms.taker_fee.0,
        penalty: terms.penalty.0,
        slippage: slippage?,
        liquidation_slippage: liquidation_slippage?,
        force_close: force_close(&terms.force_close),
        funding: match funding {
            Some(funding) => Some(funding?),
            None => None,
        },
    })
}

fn maintenance(terms: &MarketTerms, faults: &mut Faults) -> Option<Brackets> {
    if let (Some(_), Some(_)) = (terms.maintenance_margin, &terms.brackets) {
        let message = "both maintenance_margin and brackets are given";
        faults.error(&terms.at.of("brackets"), message, "give one of them");
        return None;
    }
    let Some(rows) = &terms.brackets else {
        return terms.maintenance_margin.map(|rate| Brackets::flat(rate.0));
    };
    let pairs: Vec<(f64, f64)> =
        rows.iter().map(|row: &BracketRow| (row.floor.0.usdc(), row.rate.0)).collect();
    match Brackets::new(&pairs) {
        Ok(brackets) => Some(brackets),
        Err(error) if terms.at.sound(&["brackets"]) => {
            let help = "write e.g. [{ floor = 0, rate = 0.004 }, { floor = 50000, rate = 0.005 }]";
            faults.error(&terms.at.of("brackets"), error.to_string(), help);
            None
        }
        Err(_) => None,
    }
}

/// The zones of a market or position; danger has been filled in unless the fields are unusable.
pub(super) fn zones(levels: &ZoneLevels, liquidation_hf: f64) -> ZoneBounds {
    ZoneBounds {
        safe: levels.safe,
        warning: levels.warning,
        danger: levels.danger.unwrap_or(liquidation_hf),
    }
}

/// A form of slippage, of orders or of spot trades.
pub(super) fn slippage(form: &SlippageForm, faults: &mut Faults) -> Option<SlippageSpec> {
    let spec = |form, sigma_day, stress: &Stress| SlippageSpec {
        form,
        sigma_day,
        stress_multiplier: stress.stress_multiplier,
        stress_window_ms: stress.stress_window.ms,
    };
    match form {
        SlippageForm::None(_) => Some(SlippageSpec::NONE),
        SlippageForm::FixedBps(fixed) => {
            if fixed.stress.stress_multiplier > 0.0 && fixed.sigma_day.is_none() {
                let message = "stress_multiplier needs sigma_day, the volatility of calm markets";
                let spot = fixed.stress.at.of("stress_multiplier");
                faults.error(&spot, message, "give sigma_day, e.g. 0.03");
                return None;
            }
            let sigma_day = fixed.sigma_day.map_or(0.0, |sigma| sigma.0);
            Some(spec(Slippage::FixedBps { bps: fixed.bps }, sigma_day, &fixed.stress))
        }
        SlippageForm::SquareRoot(root) => {
            let daily_volume_usdc = root.daily_volume.0.usdc();
            let form = Slippage::SquareRoot { y: root.y, daily_volume_usdc };
            Some(spec(form, root.sigma_day.0, &root.stress))
        }
    }
}

fn force_close(kind: &ForceCloseKind) -> ForceClose {
    match kind {
        ForceCloseKind::Full(_) => ForceClose::Full,
        ForceCloseKind::Partial(partial) => ForceClose::Partial {
            fraction: partial.fraction.0,
            above_notional_usdc: partial.above_notional.0.usdc(),
            cooldown_ms: partial.cooldown.ms,
        },
        ForceCloseKind::ToTarget(target) => ForceClose::ToTarget { target_hf: target.target_hf },
    }
}

fn funding_of(funding: &Funding, files: &mut Files, faults: &mut Faults) -> Option<FundingSpec> {
    let source = match (&funding.rate, &funding.file) {
        (Some(rate), None) => FundingSource::Constant(rate.0),
        (None, Some(file)) => FundingSource::Series(series(funding, file, files, faults)?),
        (given, _) => {
            let at: &Places = &funding.at;
            let message = match given {
                Some(_) => "both rate and file are given",
                None => "neither rate nor file is given",
            };
            faults.error(at.section(), message, "give one of them");
            return None;
        }
    };
    Some(FundingSpec { interval_ms: funding.interval.ms, source })
}

fn series(
    funding: &Funding,
    file: &str,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<Arc<FundingSeries>> {
    let spot = funding.at.of("file");
    if !files.note(file, &spot, faults) {
        return None;
    }
    let names = &funding.columns;
    let columns = SeriesColumns { time: names.time.clone(), value: names.rate.clone() };
    let options = LoadOptions { series: columns, ..LoadOptions::default() };
    match load_series(files.path(file), &options) {
        Ok(series) => {
            if let Some(row) = series.value.iter().position(|rate| rate.abs() > 1.0) {
                let (time, rate) = (to_iso(series.time[row]), series.value[row]);
                let message = format!("the rate {rate} at {time} is outside [-1, 1]");
                faults.error(&spot, message, "rates are fractions of notional: 0.0001 is 0.01 %");
                return None;
            }
            Some(Arc::new(FundingSeries { time_ms: series.time, rate: series.value }))
        }
        Err(errors) => {
            errors.into_iter().for_each(|error| super::history::report(error, &spot, faults));
            None
        }
    }
}
