//! The lending market, its pools and the terms of loans.

use super::names::Names;
use super::pools;
use crate::engine::prime::{Demand, PoolPlan, PoolsPlan};
use crate::fields::{Faults, Spot, Units};
use crate::ledger::{AssetId, USDC};
use crate::scenario::format::{DemandForm, LoanTerms, Pool, ResponseForm, Root};
use crate::scenario::load::Files;
use crate::scenario::span::Span;
use crate::units::Amount;
use crate::venue::lending::{
    Collateral, LendingSpec, LoanRate, LoanSpec, OutsideBorrower, Party, PoolSpec, RateSource,
    Response,
};

/// The market and how its pools move.
pub(super) fn lending(
    root: &Root,
    names: &Names<'_>,
    span: &Span,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<(LendingSpec, PoolsPlan)> {
    let (lending, services) = (root.lending.as_ref()?, root.services.as_ref()?);
    for (name, pool) in &lending.pools {
        names.asset(name, pool.at.section(), faults);
    }
    let mut complete = true;
    let mut built = Vec::new();
    for name in names.assets() {
        let one = match lending.pools.get(name) {
            Some(written) => pool(name, written, names, span, files, faults),
            None => names.prices().iter().position(|known| *known == name).map(without_pool),
        };
        complete &= one.is_some();
        built.extend(one);
    }
    let trading = services.trading.as_ref()?;
    let trading = names.price_of(&trading.0, &services.at.of("trading"), faults)?;
    let correlation = services.correlations.get("lending").map(|located| located.value)?;
    let (specs, pools) = built.into_iter().unzip();
    let spec = LendingSpec {
        pools: specs,
        max_lent_share: lending.max_lent_share.0,
        min_loan_usdc: lending.min_loan.0.usdc(),
        broker_cut: lending.broker_cut.0,
        // Bounded far below the limit of its type.
        loans_max: lending.max_loans as usize,
    };
    let plan = PoolsPlan { step_ms: lending.step.ms, correlation, trading, pools };
    complete.then_some((spec, plan))
}

/// An asset that nobody lends: no loan of it can be written.
fn without_pool(watched: usize) -> (PoolSpec, PoolPlan) {
    let spec = PoolSpec {
        rate: RateSource::Given(0.0),
        utilisation: 0.0,
        least_rate: 0.0,
        borrowers: OutsideBorrower::RELIABLE,
    };
    (spec, PoolPlan { demand: None, watched, rates: None })
}

fn pool(
    name: &str,
    pool: &Pool,
    names: &Names<'_>,
    span: &Span,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<(PoolSpec, PoolPlan)> {
    let rate = pools::rate(name, pool, span, files, faults);
    let watched = pool.drawdown_of.as_ref();
    let watched =
        watched.and_then(|asset| names.price_of(&asset.0, &pool.at.of("drawdown_of"), faults));
    let (rate, rates) = rate?;
    let spec = PoolSpec {
        rate,
        utilisation: pool.utilisation.0,
        least_rate: pool.least_rate?.0,
        borrowers: OutsideBorrower {
            early: response(pool.early_return.as_ref()?),
            failure: response(pool.recall_failure.as_ref()?),
            cure: response(pool.cure.as_ref()?),
        },
    };
    let demand = pool.demand.as_ref().map(|demand: &DemandForm| Demand {
        reversion_per_day: demand.reversion,
        amplitude: demand.amplitude,
    });
    Some((spec, PoolPlan { demand, watched: watched?, rates }))
}

fn response(form: &ResponseForm) -> Response {
    Response {
        base: form.base,
        drawdown: form.drawdown,
        utilisation: form.utilisation,
        kink: form.kink.0,
    }
}

/// Everything of a loan that its terms say; parties, amount and rate are the caller's.
pub(super) fn loan_terms(
    terms: &LoanTerms,
    asset: AssetId,
    collateral: Option<(&Units, Spot)>,
    names: &Names<'_>,
    faults: &mut Faults,
) -> Option<LoanSpec> {
    let at = &terms.at;
    let Some(posted) = &terms.collateral_asset else {
        if at.sound(&["collateral_asset"]) {
            let help = "name the asset that the borrower posts, e.g. \"ETH\"";
            let message = "a loan of USDC needs a collateral_asset";
            faults.error(&at.of("collateral_asset"), message, help);
        }
        return None;
    };
    let posted = names.asset(&posted.0, &at.of("collateral_asset"), faults)?;
    if posted == asset {
        let message = "the collateral is the asset that is lent";
        faults.error(&at.of("collateral_asset"), message, "name another asset");
        return None;
    }
    let collateral = match (collateral, terms.collateral_ratio) {
        (Some((units, spot)), None) => {
            Collateral::Amount(names.amount(units, posted, &spot, faults)?)
        }
        (None, Some(ratio)) => Collateral::Ratio(ratio),
        _ => {
            let message = "both collateral and collateral_ratio are given";
            faults.error(&at.of("collateral_ratio"), message, "give one of them");
            return None;
        }
    };
    let spec = LoanSpec::new(Party::Outside, Party::Outside, asset, Amount::ZERO, posted);
    Some(LoanSpec {
        rate: LoanRate::Floating,
        compounding: terms.compounding,
        interest_interval_ms: terms.interest_interval.map(|interval| interval.ms),
        collateral,
        requirement: terms.requirement?,
        notice_ms: terms.notice.ms,
        grace_ms: terms.grace.ms,
        long_term: terms.long_term,
        ..spec
    })
}

/// Whether an asset can be lent; a fault where it has no pool.
pub(super) fn has_pool(
    root: &Root,
    name: &str,
    asset: AssetId,
    spot: &Spot,
    faults: &mut Faults,
) -> bool {
    let pools = root.lending.as_ref().map(|lending| &lending.pools);
    let has = asset == USDC || pools.is_some_and(|pools| pools.contains_key(name));
    if !has && root.at.sound(&["lending"]) {
        let help = format!("give it a table [lending.pools.{name}] with rate, curve or file");
        faults.error(spot, format!("{name} has no pool and is not lent"), help);
    }
    has
}
