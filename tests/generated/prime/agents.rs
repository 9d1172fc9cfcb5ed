//! The agents' side: holdings, policies, what they keep where.

use drypowder::engine::Plan;
use drypowder::engine::prime::{Cuttable, KeepSpec, LendTerms, PrimeAgent, PrimePlan};
use drypowder::ledger::{AssetId, USDC};
use drypowder::policy::{
    CountRecalled, LendSpec, PrimeSpec, RebalanceSpec, RecallSpec, UtilisationBounds,
};
use drypowder::units::Amount;
use drypowder::units::time::DAY_MS;
use drypowder::venue::custody::Silo;
use drypowder::venue::lending::{Collateral, Compounding, LoanRate, LoanSpec, Party};

use super::schedule;
use crate::generated::{CasePrices, Draw, Scale};

pub fn generate(
    draw: &mut Draw,
    prime: &PrimePlan,
    plan: &Plan,
    agent: usize,
    prices: &CasePrices,
    scale: Scale,
) -> PrimeAgent {
    let wallet = plan.agents[agent].wallet;
    let positions = plan.agents[agent].positions.len();
    let holdings = (prime.holdings.iter())
        .map(|holding| {
            let worth = draw.pick(&[0.0, 5.0, 500.0, 5_000.0]);
            Amount::from_micro((worth / prices.start_price(holding.price) * 1e8) as i64)
        })
        .collect();
    let lends: Vec<Option<LendTerms>> = (0..=prime.holdings.len())
        .map(|asset| draw.chance(0.6).then(|| lend_terms(draw, agent, asset, scale)))
        .collect();
    PrimeAgent {
        silos: silos(draw, wallet),
        holdings,
        schedule: schedule::generate(draw, prime, plan, agent, prices, scale),
        policy: draw.chance(0.8).then(|| policy(draw, &lends, scale)),
        lends,
        cuts: (0..positions)
            .map(|_| Cuttable { reducible: draw.chance(0.8), discretionary: draw.chance(0.3) })
            .collect(),
        keep: draw.chance(0.5).then(|| KeepSpec {
            poll_ms: poll_ms(draw, scale),
            least: draw.usdc(0.0, 300.0),
            target: draw.usdc(300.0, 900.0),
        }),
    }
}

/// The wallet in parts: whole micro-units, all of it.
fn silos(draw: &mut Draw, wallet: Amount) -> [Amount; Silo::COUNT] {
    let mut left = wallet.micro();
    let mut parts = [Amount::ZERO; Silo::COUNT];
    for silo in Silo::ALL {
        let part =
            if silo == Silo::Main { left } else { (left as f64 * draw.between(0.0, 0.4)) as i64 };
        parts[silo.index()] = Amount::from_micro(part);
        left -= part;
    }
    parts
}

fn poll_ms(draw: &mut Draw, scale: Scale) -> i64 {
    let tick_ms = scale.tick_ms as f64;
    let wanted = tick_ms * draw.pick(&[0.4, 1.0, 1.7, 6.0]);
    (wanted as i64).max(scale.length_ms / 800).max(2)
}

fn policy(draw: &mut Draw, lends: &[Option<LendTerms>], scale: Scale) -> PrimeSpec {
    let poll_ms = poll_ms(draw, scale);
    let shift = draw.pick(&[0.0, -0.2, -0.4]);
    PrimeSpec {
        poll_ms,
        latency_ms: draw.pick(&[0, 1, poll_ms - 1, 3 * poll_ms]),
        zones: UtilisationBounds {
            yellow: 0.60 + shift,
            orange: 0.75 + shift,
            red: 0.85 + shift,
            hysteresis: draw.pick(&[0.0, 0.0, 0.05]),
        },
        recall: draw.chance(0.7).then(|| RecallSpec {
            count: draw.pick(&[CountRecalled::AtRequest, CountRecalled::AtArrival]),
            short_notice_ms: DAY_MS,
        }),
        rebalance: draw.chance(0.6).then_some(RebalanceSpec { target: 0.55 + shift }),
        lend: (lends.iter())
            .map(|terms| {
                terms.map(|_| LendSpec {
                    max_share: 0.4,
                    min_loan: Amount::round_usdc(draw.pick(&[1.0, 2.0, 300.0])),
                    min_rate: draw.pick(&[0.0, 0.05, 0.1]),
                })
            })
            .collect(),
    }
}

fn lend_terms(draw: &mut Draw, agent: usize, asset: usize, scale: Scale) -> LendTerms {
    let asset = AssetId(asset as u16);
    let collateral_asset = if asset == USDC { AssetId(1) } else { USDC };
    let (lender, borrower) = (Party::Agent(agent), Party::Outside);
    LendTerms {
        spec: terms(
            draw,
            LoanSpec::new(lender, borrower, asset, Amount::ZERO, collateral_asset),
            scale,
        ),
        fix_rate: draw.chance(0.3),
    }
}

/// Terms that a run of this length sees the end of.
pub fn terms(draw: &mut Draw, base: LoanSpec, scale: Scale) -> LoanSpec {
    LoanSpec {
        rate: if draw.chance(0.4) {
            LoanRate::Fixed(draw.between(0.05, 3.0))
        } else {
            LoanRate::Floating
        },
        compounding: draw.pick(&[Compounding::Simple, Compounding::Daily]),
        interest_interval_ms: draw.chance(0.3).then_some(5 * scale.tick_ms + 1),
        collateral: Collateral::Ratio(draw.between(1.1, 1.3)),
        requirement: draw.pick(&[1.05, 1.10]),
        notice_ms: draw.pick(&[1, scale.tick_ms, 8 * scale.tick_ms]),
        grace_ms: draw.pick(&[0, 1, 3 * scale.tick_ms]),
        long_term: draw.chance(0.2),
        ..base
    }
}
