//! Correlations of the services with the market and with each other.

use super::names::Names;
use crate::fields::{Faults, Located, nearest};
use crate::prices::models::ModelSpec;
use crate::scenario::format::Services;
use crate::stats::SymMatrix;
use crate::venue::services::{Factor, FactorSpec, ServiceFactors};

/// A correlation by the names in it.
enum Pair {
    Trading(usize),
    Between(usize, usize),
    Asset(usize, usize),
}

const FACTORS: [(&str, Factor); Factor::COUNT] = [
    ("casino", Factor::Casino),
    ("domains", Factor::Domains),
    ("escrow", Factor::Escrow),
    ("lending", Factor::Lending),
];

fn factor(name: &str) -> Option<usize> {
    FACTORS.iter().position(|(known, _)| *known == name)
}

/// The services' correlations; together with the assets' they must be possible.
pub(super) fn factors(
    services: &Services,
    names: &Names<'_>,
    model: Option<&ModelSpec>,
    assets: &[usize],
    trading: usize,
    faults: &mut Faults,
) -> Option<FactorSpec> {
    let before = faults.errors();
    let place = assets.iter().position(|asset| *asset == trading)?;
    let plain = |model: &ModelSpec| returns(assets, |a, b| Some(model.return_correlation(a, b)));
    let matrix = model.and_then(plain).unwrap_or_else(|| SymMatrix::identity(1));
    let mut spec = FactorSpec {
        with_trading: [0.0; Factor::COUNT],
        between: SymMatrix::identity(Factor::COUNT),
        trading: place,
        assets: matrix,
        given: Vec::new(),
        crisis: None,
    };
    let mut seen = Vec::new();
    for (pair, located) in &services.correlations {
        let Some(found) = read_pair(pair, located, names, model.is_some(), trading, faults) else {
            continue;
        };
        match found {
            Pair::Trading(service) => spec.with_trading[service] = located.value,
            Pair::Between(one, other) => {
                if seen.contains(&(one.min(other), one.max(other))) {
                    let message = format!("the correlation {pair} is given twice");
                    faults.error(&located.spot, message, "give it once, in either order");
                }
                seen.push((one.min(other), one.max(other)));
                spec.between.set(one, other, located.value);
            }
            Pair::Asset(service, asset) => {
                let place = assets.iter().position(|known| *known == asset)?;
                spec.given.push((FACTORS[service].1, place, located.value));
            }
        }
    }
    if faults.errors() > before || !services.at.sound(&["correlations"]) {
        return None;
    }
    if let Err(refused) = ServiceFactors::new(&spec) {
        let message = format!(
            "these correlations cannot hold together: their smallest eigenvalue is {:.6}",
            refused.smallest_eigenvalue
        );
        let help = "bring them nearer to each other or to 0";
        faults.error(&services.at.of("correlations"), message, help);
        return None;
    }
    spec.crisis = model.and_then(|model| returns(assets, |a, b| model.crisis_correlation(a, b)));
    if let Err(refused) = ServiceFactors::new(&spec) {
        let message = format!(
            "these correlations cannot hold together with those of the assets in the crisis of \
             prices.correlation_drift: their smallest eigenvalue is {:.6}",
            refused.smallest_eigenvalue
        );
        let help = "bring those with assets nearer to what follows from services.trading, or to 0";
        faults.error(&services.at.of("correlations"), message, help);
        return None;
    }
    Some(spec)
}

/// Correlations of the assets' returns: those of the normals, less where independent jumps add to
/// a volatility or tails are an asset's own; `None` where one of them is.
fn returns(
    assets: &[usize],
    correlation: impl Fn(usize, usize) -> Option<f64>,
) -> Option<SymMatrix> {
    let mut matrix = SymMatrix::identity(assets.len());
    for (row, one) in assets.iter().enumerate() {
        for (column, other) in assets.iter().enumerate().take(row) {
            matrix.set(row, column, correlation(*one, *other)?);
        }
    }
    Some(matrix)
}

fn read_pair(
    pair: &str,
    located: &Located<f64>,
    names: &Names<'_>,
    is_model: bool,
    trading: usize,
    faults: &mut Faults,
) -> Option<Pair> {
    let Some((one, other)) = pair.split_once('-') else {
        let service = factor(pair);
        if service.is_none() {
            let known: Vec<&str> = FACTORS.iter().map(|(name, _)| *name).collect();
            let help = match nearest(pair, &known) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("write {} or a pair, e.g. \"casino-escrow\"", known.join(", ")),
            };
            faults.error(&located.spot, format!("{pair} is no service with a factor"), help);
        }
        return service.map(Pair::Trading);
    };
    let (service, asset) = match (factor(one), factor(other)) {
        (Some(one), Some(other)) if one != other => return Some(Pair::Between(one, other)),
        (Some(_), Some(_)) => {
            let message = format!("{one} is always correlated with itself by 1");
            faults.error(&located.spot, message, "leave it out");
            return None;
        }
        (Some(service), None) => (service, other),
        (None, Some(service)) => (service, one),
        (None, None) => {
            let message = format!("\"{pair}\" is no pair of a service and a service or an asset");
            let help = "correlations of assets stand in [prices.correlation]";
            faults.error(&located.spot, message, help);
            return None;
        }
    };
    let asset = names.price_of(asset, &located.spot, faults)?;
    let name = FACTORS[service].0;
    if asset == trading {
        let message = format!("{} stands for trading", names.prices()[asset]);
        faults.error(&located.spot, message, format!("write {name} alone"));
        return None;
    }
    if !is_model {
        let message = "a history has no matrix of correlations for this one to fit in";
        let help = format!("give {name} alone: its correlation with trading");
        faults.error(&located.spot, message, help);
        return None;
    }
    Some(Pair::Asset(service, asset))
}
