//! Room in the ledger for what comes in beside trading: the most that each flow can bring.

use super::super::limits::TOTAL_MAX_USDC;
use super::plan_of;
use crate::engine::prime::{PrimeAgent, PrimePlan, Scheme};
use crate::fields::{Faults, Spot};
use crate::ledger::AssetId;
use crate::prices::Prices;
use crate::scenario::build::Built;
use crate::scenario::format::{Agent, CasinoFlow, EscrowFlowForm, Root};
use crate::scenario::span::Span;
use crate::units::time::{DAY_MS, YEAR_MS};
use crate::venue::lending::{Collateral, Compounding, LoanRate, LoanSpec, RateSource};
use crate::venue::spot::units;

/// Standard deviations that there is room for: beyond them lies less than 1e-15 of all paths.
const DEVIATIONS: f64 = 8.0;

/// What can grow: to how much, USDC, where it stands and what it is called.
type Part = (f64, Spot, &'static str);

/// What loans are measured by.
struct Scale<'a> {
    prime: &'a PrimePlan,
    /// Highest price of each asset of the path.
    highest: &'a [f64],
    span: &'a Span,
    /// What shocks can add to the rate of each pool.
    spreads: &'a [f64],
}

/// What all this can add to the money of a run, USDC. One part that is too large by itself is a
/// fault where it stands.
pub(in crate::scenario::check) fn room(
    root: &Root,
    built: &Built,
    highest: &[f64],
    faults: &mut Faults,
) -> f64 {
    let Some(prime) = &built.plan.prime else { return 0.0 };
    let span = Span::of(&built.prices);
    let spreads = built.stress.borrow_rates();
    let mut total = 0.0;
    for agent in &root.agent {
        let mut parts = Vec::new();
        if let Some((plan, own)) = plan_of(built, prime, &agent.name.0) {
            let held = held(own, prime, highest);
            parts.push((held, agent.at.of("holdings"), "what it holds"));
            flows(agent, own, built, prime, &span, &mut parts);
            let worth = plan.wallet.usdc() + held;
            let scale = Scale { prime, highest, span: &span, spreads: &spreads };
            loans(agent, own, worth, &scale, &mut parts);
        }
        // What follows from it is too large as well, and what is refused anyway may be.
        let first = parts.iter().find(|part| part.0 > TOTAL_MAX_USDC);
        if let Some((size, spot, what)) = first.filter(|_| !faults.has_errors()) {
            let message = format!(
                "{what} can grow to {size:.3e} USDC in this run; the ledger has room for {TOTAL_MAX_USDC:e}"
            );
            faults.error(spot, message, "make it smaller, or the run shorter or calmer");
        }
        total += parts.iter().map(|part| part.0).sum::<f64>();
    }
    total
}

/// The holdings at their highest prices.
fn held(own: &PrimeAgent, prime: &PrimePlan, highest: &[f64]) -> f64 {
    let holdings = prime.holdings.iter().zip(&own.holdings).enumerate();
    let worth = holdings.map(|(place, (holding, amount))| {
        units(AssetId(place as u16 + 1), *amount) * highest[holding.price]
    });
    worth.sum()
}

fn flows(
    agent: &Agent,
    own: &PrimeAgent,
    built: &Built,
    prime: &PrimePlan,
    span: &Span,
    parts: &mut Vec<Part>,
) {
    let grant = agent.faucet.map_or(0.0, |grant| grant.0.usdc());
    parts.push((grant, agent.at.of("faucet"), "the grant"));
    if let Some(flow) = &agent.casino {
        let size = casino(flow, built, prime, span);
        parts.push((size, flow.at.of("bankroll"), "the bankroll"));
    }
    if let Some(flow) = &agent.domains {
        let size = count(flow.sales_per_day, span) * flow.revenue.0.usdc();
        parts.push((size, flow.at.of("revenue"), "the revenue"));
    }
    if let Some(flow) = &agent.escrow {
        parts.push((contracts(flow, span), flow.at.of("notional"), "the sum of contracts"));
    }
    let field = if agent.obligation.is_some() { "obligation" } else { "contract" };
    let what = "the sum of contracts and obligations";
    parts.push((scheduled(own), agent.at.of(field), what));
}

/// Loans as they are written, and those of a policy: at most what the agent has, at any price.
fn loans(agent: &Agent, own: &PrimeAgent, worth: f64, scale: &Scale<'_>, parts: &mut Vec<Part>) {
    for entry in &own.schedule {
        if let Scheme::Loan { loan: number, spec } = &entry.action {
            let form = agent.loan.iter().flatten().nth(*number);
            let spot = form.map_or_else(|| agent.at.of("loan"), |form| form.at.of("amount"));
            parts.push((loan(spec, scale), spot, "the loan"));
        }
    }
    let policy = agent.policy.as_ref().and_then(|policy| policy.utilisation.as_ref());
    for lend in own.lends.iter().flatten() {
        let spot = policy.map_or_else(|| agent.at.of("policy"), |policy| policy.at.of("lend"));
        parts.push((worth * factor(&lend.spec, scale), spot, "what is lent"));
    }
}

/// The most events of a Poisson flow.
fn count(per_day: f64, span: &Span) -> f64 {
    let mean = per_day * (span.end_ms - span.start_ms) as f64 / DAY_MS as f64;
    if mean > 0.0 { mean + DEVIATIONS * mean.sqrt() + DEVIATIONS * DEVIATIONS } else { 0.0 }
}

/// The bankroll and what bets can win. Of a fixed stake all may win; a stake that grows with the
/// bankroll multiplies it by the exponential of its gains, a sum of independent ones. Where prices
/// are not normal, all bets of a step may win or lose together.
fn casino(flow: &CasinoFlow, built: &Built, prime: &PrimePlan, span: &Span) -> f64 {
    let bankroll = flow.bankroll.0.usdc();
    let bets = count(flow.bets_per_day, span);
    if let Some(stake) = flow.stake {
        return bankroll + bets * stake.0.usdc() * (flow.payoff - 1.0).max(0.0);
    }
    let Some(part) = flow.stake_fraction else { return bankroll };
    let wins = (1.0 - flow.house_edge.0) / flow.payoff;
    let spread = flow.payoff * (wins * (1.0 - wins)).max(0.0).sqrt();
    let is_normal = matches!(&built.prices, Prices::Model(model) if model.is_normal());
    let a_step = flow.bets_per_day * prime.services.step_ms as f64 / DAY_MS as f64;
    let together = if is_normal { 1.0 } else { a_step + 1.0 };
    let growth =
        part.0 * (DEVIATIONS * spread * (bets * together).sqrt() - flow.house_edge.0 * bets);
    bankroll * libm::exp(growth.clamp(0.0, 600.0))
}

/// The sum of the contracts of a flow, with room for the spread of their sizes.
fn contracts(flow: &EscrowFlowForm, span: &Span) -> f64 {
    let (n, mean) = (count(flow.contracts_per_day, span), flow.notional.0.usdc());
    let sigma = flow.sigma.unwrap_or(0.0);
    let spread = libm::expm1(sigma * sigma).sqrt();
    let largest = libm::exp(sigma * (DEVIATIONS - sigma / 2.0));
    mean * (n + DEVIATIONS * spread * n.sqrt() + if n > 0.0 { largest } else { 0.0 })
}

/// Contracts and obligations at given instants.
fn scheduled(own: &PrimeAgent) -> f64 {
    let amounts = own.schedule.iter().map(|entry| match &entry.action {
        Scheme::Contract { spec, .. } => spec.amount.usdc(),
        Scheme::Oblige { amount, .. } => amount.usdc(),
        _ => 0.0,
    });
    amounts.sum()
}

fn loan(spec: &LoanSpec, scale: &Scale<'_>) -> f64 {
    let Scale { prime, highest, .. } = *scale;
    let price = |asset: AssetId| match usize::from(asset.0).checked_sub(1) {
        Some(place) => highest[prime.holdings[place].price],
        None => 1.0,
    };
    let principal = units(spec.asset, spec.amount) * price(spec.asset);
    let posted = match spec.collateral {
        Collateral::Amount(amount) => {
            units(spec.collateral_asset, amount) * price(spec.collateral_asset)
        }
        Collateral::Ratio(_) => 0.0,
    };
    principal * factor(spec, scale) + posted
}

/// Principal with its interest, and collateral by ratio, as a multiple of the principal.
fn factor(spec: &LoanSpec, scale: &Scale<'_>) -> f64 {
    let Scale { prime, span, spreads, .. } = *scale;
    let years = (span.end_ms - span.start_ms) as f64 / YEAR_MS as f64;
    let pool = &prime.lending.pools[usize::from(spec.asset.0)];
    let rates = &prime.pools.pools[usize::from(spec.asset.0)].rates;
    let rate = match (spec.rate, pool.rate) {
        (LoanRate::Fixed(rate), _) => rate,
        (LoanRate::Floating, RateSource::Curve(curve)) => curve.base + curve.slope1 + curve.slope2,
        (LoanRate::Floating, RateSource::Given(rate)) => {
            let series = rates.iter().flat_map(|series| series.rate.iter().copied());
            series.fold(rate, f64::max)
        }
    };
    let rate = rate + spreads.get(usize::from(spec.asset.0)).copied().unwrap_or(0.0);
    let grown = match spec.compounding {
        Compounding::Simple => 1.0 + rate * years,
        Compounding::Daily => libm::exp((rate * years).min(600.0)),
    };
    let posted = match spec.collateral {
        Collateral::Ratio(ratio) => ratio,
        Collateral::Amount(_) => 0.0,
    };
    grown + posted
}
