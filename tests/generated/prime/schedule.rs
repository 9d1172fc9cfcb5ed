//! What an agent does at given instants.

use drypowder::engine::Plan;
use drypowder::engine::prime::{Cuttable, PrimePlan, Scheduled, Scheme, TradeSize};
use drypowder::ledger::{AssetId, USDC};
use drypowder::units::time::NEVER_MS;
use drypowder::units::{Amount, Quantity};
use drypowder::venue::custody::{Service, Silo};
use drypowder::venue::escrow::{self, Conduct, ContractSpec, Dispute, OnTimeout, Resolution};
use drypowder::venue::lending::{LoanSpec, Party};
use drypowder::venue::spot::Side;

use super::agents::terms;
use crate::generated::{CasePrices, Draw, Scale};

pub fn generate(
    draw: &mut Draw,
    prime: &PrimePlan,
    plan: &Plan,
    agent: usize,
    prices: &CasePrices,
    scale: Scale,
) -> Vec<Scheduled> {
    let mut schedule = Vec::new();
    let mut loans = 0;
    for contract in 0..draw.count(0, 10) {
        let at_ms = match draw.whole(0, 3) {
            0 => scale.start_ms,
            1 => scale.start_ms + scale.tick_ms * draw.whole(0, scale.length_ms / scale.tick_ms),
            _ => scale.start_ms + (scale.length_ms as f64 * draw.between(0.0, 1.0)) as i64,
        };
        let action = match draw.whole(0, 6) {
            0 => trade(draw, prime, prices),
            1 | 2 => {
                loans += 1;
                loan(draw, prime, plan, agent, loans - 1, prices, scale)
            }
            3 if loans > 0 => {
                let loan = draw.count(0, loans - 1);
                if draw.chance(0.6) { Scheme::Recall(loan) } else { Scheme::Repay(loan) }
            }
            4 => contract_of(draw, plan, agent, contract, at_ms, scale),
            5 => Scheme::Oblige {
                agreement: 0,
                payee: other(draw, plan, agent),
                amount: draw.usdc(1.0, 100.0),
            },
            _ => Scheme::Move {
                from: draw.pick(&[Silo::Main, Silo::Of(Service::Escrow)]),
                to: draw.pick(&[Silo::Of(Service::Trading), Silo::Of(Service::Casino)]),
                amount: draw.usdc(0.0, 100.0),
            },
        };
        schedule.push(Scheduled { at_ms, action });
    }
    schedule.sort_by_key(|one| one.at_ms);
    schedule
}

fn other(draw: &mut Draw, plan: &Plan, agent: usize) -> escrow::Party {
    let other = draw.count(0, plan.agents.len());
    if other == agent || other == plan.agents.len() {
        escrow::Party::Outside
    } else {
        escrow::Party::Agent(other)
    }
}

fn steps(worth: f64, price: f64) -> i64 {
    (worth / price * 1e8) as i64
}

fn trade(draw: &mut Draw, prime: &PrimePlan, prices: &CasePrices) -> Scheme {
    let holding = draw.count(0, prime.holdings.len() - 1);
    let asset = AssetId(holding as u16 + 1);
    let price = prices.start_price(prime.holdings[holding].price);
    let side = draw.pick(&[Side::Buy, Side::Sell]);
    let size = match draw.whole(0, 2) {
        0 => TradeSize::Usdc(draw.usdc(1.0, 300.0)),
        1 if side == Side::Sell => TradeSize::All,
        _ => TradeSize::Quantity(Quantity::from_steps(steps(draw.between(1.0, 300.0), price))),
    };
    Scheme::Trade(asset, side, size)
}

fn loan(
    draw: &mut Draw,
    prime: &PrimePlan,
    plan: &Plan,
    agent: usize,
    loan: usize,
    prices: &CasePrices,
    scale: Scale,
) -> Scheme {
    let asset = AssetId(draw.count(0, prime.holdings.len()) as u16);
    let collateral = if asset == USDC { AssetId(1) } else { USDC };
    let worth = draw.between(1.0, 400.0);
    let amount = match usize::from(asset.0).checked_sub(1) {
        None => Amount::round_usdc(worth),
        Some(index) => {
            Amount::from_micro(steps(worth, prices.start_price(prime.holdings[index].price)))
        }
    };
    let mine = Party::Agent(agent);
    let theirs = match other(draw, plan, agent) {
        escrow::Party::Agent(other) => Party::Agent(other),
        escrow::Party::Outside => Party::Outside,
    };
    let (lender, borrower) = if draw.chance(0.6) { (mine, theirs) } else { (theirs, mine) };
    let spec = terms(draw, LoanSpec::new(lender, borrower, asset, amount, collateral), scale);
    Scheme::Loan { loan, spec }
}

fn contract_of(
    draw: &mut Draw,
    plan: &Plan,
    agent: usize,
    contract: usize,
    at_ms: i64,
    scale: Scale,
) -> Scheme {
    let mut later = |share: f64| {
        let wait = scale.length_ms as f64 * 0.2 * draw.between(0.0, 1.0);
        if draw.chance(share) { at_ms + wait as i64 } else { NEVER_MS }
    };
    let (fund_ms, confirm_ms) = (later(0.7), [later(0.8), later(0.8)]);
    let dispute_ms = later(0.2);
    let dispute = (dispute_ms < NEVER_MS).then(|| Dispute {
        at_ms: dispute_ms,
        verdict_ms: dispute_ms + draw.whole(0, scale.tick_ms),
        resolution: draw.pick(&[
            Resolution::ToPayee,
            Resolution::ToPayer,
            Resolution::Split { to_payee: 0.3 },
        ]),
    });
    let spec = ContractSpec {
        payer: escrow::Party::Agent(agent),
        payee: other(draw, plan, agent),
        amount: draw.usdc(1.0, 300.0),
        deadline_ms: at_ms + 1 + draw.whole(0, scale.length_ms / 4),
        on_timeout: draw.pick(&[OnTimeout::ToPayee, OnTimeout::ToPayer]),
        referrer: draw.chance(0.3).then_some(escrow::Party::Agent(0)),
        conduct: Conduct { fund_ms, confirm_ms, dispute },
    };
    let cut = Cuttable { reducible: draw.chance(0.6), discretionary: draw.chance(0.3) };
    Scheme::Contract { contract, spec, cut }
}
