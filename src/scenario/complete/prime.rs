//! Defaults of prime brokerage, which is on as soon as any of its fields is written.

use crate::fields::{Fraction, Located, Name, Places, defaults};
use crate::scenario::format::{
    Agent, Lending, LoanTerms, Policy, Pool, PoolPreset, PricesSection, ResponseForm, Root,
    Services,
};
use crate::venue::lending::PRIME_BROKERAGE;

/// Correlations with trading and between services, by the names that they have in a scenario.
const CORRELATIONS: [(&str, f64); 5] = [
    ("casino", 0.42),
    ("casino-escrow", 0.06),
    ("domains", 0.08),
    ("escrow", 0.11),
    ("lending", -0.31),
];

/// Collateral at the opening, as a multiple of the loan's value.
const COLLATERAL_RATIO: f64 = 1.20;
/// Requirement of assets that the prime table does not have.
const REQUIREMENT: f64 = 1.10;
/// Least rate at which an agent lends USDC.
const LEAST_USDC_RATE: f64 = 0.05;

/// Fills in what prime brokerage leaves out, where anything of it is written.
pub(super) fn complete(root: &mut Root) {
    if !is_on(root) {
        return;
    }
    root.custody = root.custody.take().or_else(|| defaults(&root.at, "custody"));
    root.escrow = root.escrow.take().or_else(|| defaults(&root.at, "escrow"));
    root.lending = root.lending.take().or_else(|| defaults(&root.at, "lending"));
    root.services = root.services.take().or_else(|| defaults(&root.at, "services"));
    if let Some(services) = &mut root.services {
        complete_services(services, &root.prices);
    }
    let trading = root.services.as_ref().and_then(|services| services.trading.clone());
    let holdings = root.holdings.iter().flat_map(|holdings| holdings.keys());
    let assets: Vec<&str> = std::iter::once("USDC").chain(holdings.map(String::as_str)).collect();
    if let Some(lending) = &mut root.lending {
        complete_pools(lending, &assets, trading.as_ref());
        let spot = root.services.as_ref().map(|services| services.at.of("trading"));
        let usdc = lending.pools.get_mut("USDC").filter(|pool| !pool.at.has("drawdown_of"));
        if let (Some(pool), Some(spot)) = (usdc, spot) {
            pool.at.note("drawdown_of", spot);
        }
    }
    for agent in &mut root.agent {
        complete_agent(agent, root.lending.as_ref());
    }
}

/// Whether anything of prime brokerage is written.
fn is_on(root: &Root) -> bool {
    let sections = root.custody.is_some()
        || root.holdings.is_some()
        || root.escrow.is_some()
        || root.agreements.is_some()
        || root.lending.is_some()
        || root.services.is_some()
        || root.fleet.iter().flatten().any(|(_, fleet)| fleet.netting.is_some());
    let policy = |policy: &Policy| policy.utilisation.is_some() || policy.keep_in_trading.is_some();
    let agent = |agent: &Agent| {
        agent.policy.as_ref().is_some_and(policy)
            || agent.holdings.is_some()
            || agent.silos.is_some()
            || agent.faucet.is_some()
            || agent.casino.is_some()
            || agent.domains.is_some()
            || agent.escrow.is_some()
            || agent.moves.is_some()
            || agent.loan.is_some()
            || agent.trade.is_some()
            || agent.contract.is_some()
            || agent.obligation.is_some()
            || agent
                .position
                .iter()
                .any(|position| position.reducible.is_some() || position.discretionary.is_some())
    };
    sections || root.policy.as_ref().is_some_and(policy) || root.agent.iter().any(agent)
}

fn complete_services(services: &mut Services, prices: &PricesSection) {
    if services.trading.is_none() {
        services.trading = prices.asset_names().first().cloned().map(Name);
    }
    for (pair, value) in CORRELATIONS {
        let spot = services.at.of("correlations").below(pair);
        let mirrored = pair.split_once('-').map(|(one, other)| format!("{other}-{one}"));
        let is_given = mirrored.is_some_and(|pair| services.correlations.contains_key(&pair));
        if !is_given {
            let value = Located { value, spot };
            services.correlations.entry(pair.to_owned()).or_insert(value);
        }
    }
    for (asset, volatility) in prices.volatilities() {
        // Returns of what does not move are measured in nothing.
        if volatility > 0.0 {
            let spot = services.at.of("volatility").below(&asset);
            let value = Located { value: Fraction(volatility), spot };
            services.volatility.entry(asset).or_insert(value);
        }
    }
}

fn complete_pools(lending: &mut Lending, assets: &[&str], trading: Option<&Name>) {
    for terms in PRIME_BROKERAGE {
        let name = terms.symbol;
        if assets.contains(&name) && !lending.pools.contains_key(name) {
            let pools = Places::of_spot(lending.at.of("pools"));
            if let Some(pool) = defaults(&pools, name) {
                lending.pools.insert(name.to_owned(), pool);
            }
        }
    }
    for (name, pool) in &mut lending.pools {
        complete_pool(name, pool, trading);
    }
}

fn complete_pool(name: &str, pool: &mut Pool, trading: Option<&Name>) {
    let is_given = pool.rate.is_some() || pool.curve.is_some() || pool.file.is_some();
    if !is_given && pool.at.sound(&["rate", "curve", "file"]) {
        pool.preset.get_or_insert(PoolPreset::Prime);
    }
    let is_usdc = name == "USDC";
    pool.least_rate.get_or_insert(Fraction(if is_usdc { LEAST_USDC_RATE } else { 0.0 }));
    if pool.drawdown_of.is_none() {
        pool.drawdown_of = if is_usdc { trading.cloned() } else { Some(Name(name.to_owned())) };
    }
    let at = &pool.at;
    let responses = [
        (&mut pool.early_return, "early_return", 0.0),
        (&mut pool.recall_failure, "recall_failure", 0.0),
        (&mut pool.cure, "cure", 1.0),
    ];
    for (response, field, base) in responses {
        response.get_or_insert_with(|| ResponseForm {
            base,
            drawdown: 0.0,
            utilisation: 0.0,
            kink: Fraction(1.0),
            at: Places::of_spot(at.of(field)),
        });
    }
}

fn complete_agent(agent: &mut Agent, lending: Option<&Lending>) {
    for position in &mut agent.position {
        position.reducible.get_or_insert(true);
        position.discretionary.get_or_insert(false);
    }
    for loan in agent.loan.iter_mut().flatten() {
        let by_ratio = loan.collateral.is_none();
        complete_terms(&loan.asset.0, by_ratio, &mut loan.terms);
    }
    let policy = agent.policy.as_mut().and_then(|policy| policy.utilisation.as_mut());
    for (asset, lend) in policy.and_then(|policy| policy.lend.as_mut()).into_iter().flatten() {
        complete_terms(asset, true, &mut lend.terms);
        lend.max_share = lend.max_share.or(lending.map(|lending| lending.max_lent_share));
        lend.min_loan = lend.min_loan.or(lending.map(|lending| lending.min_loan));
        let pool = lending.and_then(|lending| lending.pools.get(asset));
        lend.min_rate = lend.min_rate.or(pool.and_then(|pool| pool.least_rate));
    }
}

fn complete_terms(asset: &str, by_ratio: bool, terms: &mut LoanTerms) {
    if asset != "USDC" && terms.at.sound(&["collateral_asset"]) {
        terms.collateral_asset.get_or_insert_with(|| Name("USDC".to_owned()));
    }
    if by_ratio {
        terms.collateral_ratio.get_or_insert(COLLATERAL_RATIO);
    }
    let known = PRIME_BROKERAGE.iter().find(|terms| terms.symbol == asset);
    terms.requirement.get_or_insert(known.map_or(REQUIREMENT, |terms| terms.requirement));
}
