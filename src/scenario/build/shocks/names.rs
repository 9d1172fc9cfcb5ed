//! Figures by name: of assets, markets and pools.

use std::collections::BTreeMap;

use super::Scene;
use crate::engine::Plan;
use crate::fields::{Faults, Fraction, Places, Spot, nearest};
use crate::venue::exchange::Slippage;

/// One value per asset: the general one, or its own.
pub(super) fn assets<T: Copy>(
    scene: &Scene<'_>,
    general: T,
    own: Option<&BTreeMap<String, T>>,
    at: &Places,
    faults: &mut Faults,
) -> Vec<T> {
    let spot = at.of("by_asset");
    check_names(own, &scene.assets, "asset of [prices.assets]", &spot, faults);
    fill(&scene.assets, general, own)
}

/// One rate per market.
pub(super) fn markets<'a>(
    scene: &Scene<'a>,
    general: Fraction,
    own: Option<&BTreeMap<String, Fraction>>,
    at: &Places,
    faults: &mut Faults,
) -> (Vec<&'a str>, Vec<Fraction>) {
    let known: Vec<&str> = scene.root.markets.keys().map(String::as_str).collect();
    check_names(own, &known, "market of [markets]", &at.of("by_market"), faults);
    let rates = fill(&known, general, own);
    (known, rates)
}

/// One rate per pool, USDC's first.
pub(super) fn pools<'a>(
    scene: &Scene<'a>,
    general: Fraction,
    own: Option<&BTreeMap<String, Fraction>>,
    at: &Places,
    faults: &mut Faults,
) -> (Vec<&'a str>, Vec<Fraction>) {
    let holdings = scene.root.holdings.iter().flat_map(|holdings| holdings.keys());
    let holdings = holdings.map(String::as_str).filter(|name| *name != "USDC");
    let known: Vec<&str> = std::iter::once("USDC").chain(holdings).collect();
    check_names(own, &known, "pool: USDC or one of [holdings]", &at.of("by_asset"), faults);
    let rates = fill(&known, general, own);
    (known, rates)
}

/// Where an asset stands.
pub(super) fn index(name: &str, known: &[&str], spot: &Spot, faults: &mut Faults) -> Option<usize> {
    let index = known.iter().position(|known| *known == name);
    if index.is_none() {
        unknown(name, known, "asset of [prices.assets]", spot, faults);
    }
    index
}

pub(super) fn check_names<T>(
    own: Option<&BTreeMap<String, T>>,
    known: &[&str],
    what: &str,
    spot: &Spot,
    faults: &mut Faults,
) {
    for name in own.into_iter().flat_map(BTreeMap::keys) {
        if !known.contains(&name.as_str()) {
            unknown(name, known, what, &spot.below(name), faults);
        }
    }
}

fn unknown(name: &str, known: &[&str], what: &str, spot: &Spot, faults: &mut Faults) {
    let help = match nearest(name, known) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("known: {}", known.join(", ")),
    };
    faults.error(spot, format!("{name} is no {what}"), help);
}

fn fill<T: Copy>(names: &[&str], general: T, own: Option<&BTreeMap<String, T>>) -> Vec<T> {
    let value = |name: &&str| own.and_then(|own| own.get(*name)).copied().unwrap_or(general);
    names.iter().map(value).collect()
}

/// Whether any fill is away from the last price.
pub(super) fn slips(plan: &Plan) -> bool {
    let spot = plan.prime.iter().flat_map(|prime| &prime.spot).map(|spot| spot.slippage);
    let markets = plan.exchange.markets.iter();
    let markets = markets.flat_map(|market| [market.slippage, market.liquidation_slippage]);
    markets.chain(spot).any(|slippage| slippage.form != Slippage::None)
}

/// Funding that is added to no payment is a mistake.
pub(super) fn check_funding(
    scene: &Scene<'_>,
    rates: &[Fraction],
    at: &Places,
    faults: &mut Faults,
) {
    let Some(plan) = scene.plan else { return };
    let mut without = plan
        .exchange
        .markets
        .iter()
        .zip(rates)
        .filter(|(market, rate)| rate.0 != 0.0 && market.funding.is_none());
    if let Some((market, _)) = without.next() {
        let name = &market.name;
        let message = format!("{name} has no funding payments that something could be added to");
        let help =
            format!("give markets.{name}.funding (a rate of 0 will do), or 0 for it in by_market");
        faults.error(at.section(), message, help);
    }
}

/// What needs a lending market.
pub(super) fn check_lending(scene: &Scene<'_>, kind: &str, spot: &Spot, faults: &mut Faults) {
    if scene.root.lending.is_none() {
        let message = format!("kind = \"{kind}\" in a run without lending");
        faults.error(spot, message, "give [lending] and loans, or leave the shock out");
    }
}
