//! Pools, and what loans must satisfy to be accepted.

use crate::fields::{Duration, Faults, Fraction};
use crate::scenario::format::{
    Agent, LendForm, Lending, LoanForm, LoanSide, LoanTerms, Pool, PoolPreset, Root,
};
use crate::scenario::span::Span;
use crate::venue::lending::{BASE_UTILISATION, Curve, PRIME_BROKERAGE};

/// Most steps of pools or services in a run.
pub(super) const STEPS_MAX: i64 = 1_000_000;
/// Most payments of interest on one loan in a run.
const PAYMENTS_MAX: i64 = 100_000;

pub(super) fn check(root: &Root, faults: &mut Faults) {
    let Some(lending) = &root.lending else { return };
    for pool in lending.pools.values() {
        check_pool(pool, faults);
    }
    let mut loans = 0;
    for agent in &root.agent {
        for loan in agent.loan.iter().flatten() {
            loans += 1;
            check_loan(loan, lending, faults);
        }
        check_lends(agent, lending, faults);
    }
    if loans > lending.max_loans && lending.at.sound(&["max_loans"]) {
        let message = format!(
            "{loans} loans are written, of which {} can be open at once",
            lending.max_loans
        );
        faults.warn(&lending.at.of("max_loans"), message, "");
    }
}

/// Steps that a run can have, and that prices show.
pub(super) fn check_steps(root: &Root, span: &Span, faults: &mut Faults) {
    for agent in &root.agent {
        let loans = agent.loan.iter().flatten().map(|loan| &loan.terms);
        let policy = agent.policy.as_ref().and_then(|policy| policy.utilisation.as_ref());
        let lends = policy.and_then(|policy| policy.lend.as_ref()).into_iter().flatten();
        for terms in loans.chain(lends.map(|(_, lend)| &lend.terms)) {
            check_payments(terms, span, faults);
        }
    }
    let Some(lending) = &root.lending else { return };
    let moves = lending.pools.values().any(|pool| pool.demand.is_some() || pool.file.is_some());
    let steps = (span.end_ms - span.start_ms) / lending.step.ms.max(1);
    if steps > STEPS_MAX {
        let message = format!("{steps} steps of {} in the run", lending.step);
        faults.error(&lending.at.of("step"), message, format!("at most {STEPS_MAX}"));
    } else if moves && lending.step.ms < span.tick_ms {
        let tick = Duration { ms: span.tick_ms };
        let message =
            format!("a step of {} is shorter than a tick of prices, {tick}", lending.step);
        faults.warn(&lending.at.of("step"), message, "returns over it are mostly 0");
    }
}

/// Payments of interest that a run can have.
fn check_payments(terms: &LoanTerms, span: &Span, faults: &mut Faults) {
    let Some(interval) = terms.interest_interval else { return };
    let payments = (span.end_ms - span.start_ms) / interval.ms.max(1);
    if payments > PAYMENTS_MAX {
        let message = format!("interest would be paid {payments} times in the run");
        let help = format!("give a longer interval: at most {PAYMENTS_MAX} payments");
        faults.error(&terms.at.of("interest_interval"), message, help);
    }
}

fn check_pool(pool: &Pool, faults: &mut Faults) {
    let edge = [0.0, 1.0].contains(&pool.utilisation.0);
    if pool.demand.is_some() && edge && pool.at.sound(&["utilisation", "demand"]) {
        let message = format!("demand moves logit(u), and utilisation is {}", pool.utilisation.0);
        faults.error(&pool.at.of("utilisation"), message, "above 0 and below 1");
    }
    let responses = [("recall_failure", &pool.recall_failure), ("cure", &pool.cure)];
    for (field, response) in responses {
        let Some(response) = response else { continue };
        if response.base > 1.0 && response.at.sound(&["base"]) {
            let message = format!("{field} is a probability, and base is {}", response.base);
            faults.error(&response.at.of("base"), message, "at most 1");
        }
    }
}

/// A ratio below the requirement is refused at the opening.
fn check_terms(terms: &LoanTerms, faults: &mut Faults) {
    let (Some(ratio), Some(requirement)) = (terms.collateral_ratio, terms.requirement) else {
        return;
    };
    if ratio < requirement && terms.at.sound(&["collateral_ratio", "requirement"]) {
        let field =
            if terms.at.has("collateral_ratio") { "collateral_ratio" } else { "requirement" };
        let message = format!("collateral_ratio {ratio} is below the requirement of {requirement}");
        faults.error(&terms.at.of(field), message, "such a loan is refused");
    } else if ratio == requirement && ratio > 0.0 {
        let message = format!("collateral_ratio and requirement are both {ratio}");
        let help = "interest alone brings a call at the next look: post more";
        faults.warn(&terms.at.of("collateral_ratio"), message, help);
    }
}

fn check_loan(loan: &LoanForm, lending: &Lending, faults: &mut Faults) {
    check_terms(&loan.terms, faults);
    let pool = lending.pools.get(&loan.asset.0);
    let least = pool.and_then(|pool| pool.least_rate).unwrap_or(Fraction(0.0));
    let by_agent = loan.side == LoanSide::Lend || loan.counterparty.0 != "outside";
    if let Some(rate) = loan.rate.filter(|rate| by_agent && *rate < least)
        && loan.at.sound(&["rate", "side", "counterparty"])
    {
        let message = format!("the rate {} is below the pool's least_rate {}", rate.0, least.0);
        faults.error(&loan.at.of("rate"), message, "such a loan is refused");
    }
    let amount = loan.amount.number;
    let least = lending.min_loan;
    if loan.asset.0 == "USDC" && amount < least.0.usdc() && loan.at.sound(&["amount", "asset"]) {
        let message = format!("a loan of {amount} USDC is below lending.min_loan {least}");
        faults.error(&loan.at.of("amount"), message, "such a loan is refused");
    }
}

fn check_lends(agent: &Agent, lending: &Lending, faults: &mut Faults) {
    let policy = agent.policy.as_ref().and_then(|policy| policy.utilisation.as_ref());
    let Some(policy) = policy.filter(|policy| policy.enabled) else { return };
    for (asset, lend) in policy.lend.iter().flatten().filter(|(_, lend)| lend.enabled) {
        check_terms(&lend.terms, faults);
        check_bounds(lend, lending, faults);
        if let Some(pool) = lending.pools.get(asset) {
            check_rates(asset, lend, pool, faults);
        }
    }
}

/// What the policy wants and the venue refuses.
fn check_bounds(lend: &LendForm, lending: &Lending, faults: &mut Faults) {
    let most = lending.max_lent_share;
    if let Some(share) = lend.max_share.filter(|share| *share > most && !lend.terms.long_term)
        && lend.at.sound(&["max_share", "long_term"])
    {
        let message = format!("max_share {} is above lending.max_lent_share {}", share.0, most.0);
        let help = "the venue refuses such a loan: lower it, or write long_term = true";
        faults.error(&lend.at.of("max_share"), message, help);
    }
    let least = lending.min_loan;
    if let Some(loan) = lend.min_loan.filter(|loan| *loan < least)
        && lend.at.sound(&["min_loan"])
    {
        let message = format!("min_loan {loan} is below lending.min_loan {least}");
        faults.error(&lend.at.of("min_loan"), message, "the venue refuses such a loan");
    }
}

fn check_rates(asset: &str, lend: &LendForm, pool: &Pool, faults: &mut Faults) {
    let (Some(wanted), Some(least)) = (lend.min_rate, pool.least_rate) else { return };
    let spot = lend.at.of("min_rate");
    if wanted < least {
        let message =
            format!("min_rate {} is below the least_rate {} of the pool", wanted.0, least.0);
        faults.warn(&spot, message, "the venue refuses loans between the two");
    }
    if let Some(rate) = steady_rate(asset, pool).filter(|rate| *rate < wanted.0.max(least.0)) {
        let message = format!(
            "{asset} is never lent: its pool's rate stays {rate}, below min_rate {}",
            wanted.0.max(least.0)
        );
        faults.warn(&spot, message, "");
    }
}

/// The rate of a pool whose rate never changes, where it can be said without its curve.
fn steady_rate(asset: &str, pool: &Pool) -> Option<f64> {
    if pool.demand.is_some() || pool.file.is_some() {
        return pool.rate.map(|rate| rate.0);
    }
    let u = pool.utilisation.0;
    if let Some(curve) = &pool.curve {
        let curve = Curve {
            base: curve.base.0,
            slope1: curve.slope1.0,
            slope2: curve.slope2.0,
            kink: curve.kink.0,
        };
        return Some(curve.rate(u));
    }
    let table = PRIME_BROKERAGE.iter().find(|terms| terms.symbol == asset);
    let is_table = pool.preset == Some(PoolPreset::Prime) && u == BASE_UTILISATION;
    pool.rate.map(|rate| rate.0).or(table.filter(|_| is_table).map(|terms| terms.rate))
}
