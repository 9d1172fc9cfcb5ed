//! Borrowing to sell short.

use drypowder::engine::prime::{Scheduled, Scheme, TradeSize};
use drypowder::engine::{Metric, Plan, Rule};
use drypowder::ledger::USDC;
use drypowder::units::Quantity;
use drypowder::units::time::{DAY_MS, HOUR_MS};
use drypowder::venue::lending::{Collateral, LoanRate, LoanSpec, Party};
use drypowder::venue::spot::Side;

use crate::common::usdc;
use crate::desk::{ETH, of as amount};
use crate::player::play_every;
use crate::prime::{after, of};
use crate::story::assert_story;
use crate::{free_of_costs, near};

fn units(units: f64) -> TradeSize {
    TradeSize::Quantity(Quantity::try_round(units).expect("few"))
}

/// 3,000, of which 2,400 are posted for 1 ETH, which is sold at 2,000 at once.
fn short(rate: f64, then: Vec<Scheduled>) -> Plan {
    let mut plan = free_of_costs(&[("a", 3_000.0, vec![])]);
    let spec = LoanSpec {
        rate: LoanRate::Fixed(rate),
        collateral: Collateral::Amount(usdc(2_400.0)),
        ..LoanSpec::new(Party::Outside, Party::Agent(0), ETH, amount(ETH, 1.0), USDC)
    };
    let mut schedule = vec![
        after(0, Scheme::Loan { loan: 0, spec }),
        after(0, Scheme::Trade(ETH, Side::Sell, units(1.0))),
    ];
    schedule.extend(then);
    of(&mut plan, 0).schedule = schedule;
    plan
}

/// Bought back after a tenth of a year at 1,500: with 10 % a year 1.01 ETH for 1,515. 3,000 + 2,000 − 1,515 =
/// 3,485. Half a day before, at 1,500 already, it owes 1 + .1·36/365 = 1.009863014 ETH.
#[test]
fn a_short_sale_that_falls() {
    let end_ms = 36 * DAY_MS + DAY_MS / 2;
    let then = vec![
        after(end_ms, Scheme::Trade(ETH, Side::Buy, units(1.01))),
        after(end_ms, Scheme::Repay(0)),
    ];
    let mut closes = vec![2_000.0; 75];
    closes[71..].fill(1_500.0);
    let played = play_every(&short(0.1, then), 12 * HOUR_MS, &[&closes]);
    assert_story(
        &played,
        &[
            (end_ms, "a asset 1", "spot_bought", 1.01),
            (end_ms, "a loan 1", "interest_paid", 0.01),
            (end_ms, "a loan 1", "loan_repaid", 1.0),
        ],
    );
    assert_eq!(played.outcome.get(Metric::FinalEquity), 3_485.0);
    assert_eq!(played.outcome.get(Metric::InterestPaid), 15.0);
    let before = &played.samples[72];
    assert_eq!(before.0, 36 * DAY_MS);
    near(before.1[0].equity, 5_000.0 - (1.0 + 0.1 * 36.0 / 365.0) * 1_500.0);
}

/// At 3.65 % a day costs .0001 ETH. At 2,300 after 12 hours 1.1·1.00005·2,300 = 2,530.1265 are required: called
/// for 130.1265 (and a micro-unit, so that it suffices). A day later its collateral buys 1.00015 ETH: at 2,300
/// for 2,300.345, of 2,400; so of 5,000 (3,000 and what the coin was sold for) 2,699.655 are left. At 2,600 all
/// 2,400 buy .92307692 (and a few micro-units stay): the lender loses what lacks, the borrower its collateral.
#[test]
fn a_short_sale_that_is_squeezed() {
    let (called_ms, sold_ms) = (12 * HOUR_MS, 36 * HOUR_MS);
    let the = "a loan 1";
    for (price, bought, left) in [(2_300.0, 1.000_15, 2_699.655), (2_600.0, 0.923_076_92, 2_600.0)]
    {
        let closes: Vec<f64> = (0..40)
            .map(|hour| match hour {
                0..12 => 2_000.0,
                12..30 => 2_300.0,
                _ => price,
            })
            .collect();
        let played = play_every(&short(0.036_5, vec![]), HOUR_MS, &[&closes]);
        let mut story = vec![(called_ms, the, "collateral_called", 130.126_501)];
        story.push((sold_ms, the, "collateral_liquidated", bought));
        if bought > 1.0 {
            story.push((sold_ms, the, "interest_paid", bought - 1.0));
        } else {
            story.push((sold_ms, the, "lending_shortfall", 1.0 - bought));
        }
        assert_story(&played, &story);
        let final_equity = played.outcome.get(Metric::FinalEquity);
        assert!((final_equity - left).abs() < 2e-5, "{final_equity} {left}");
        assert_eq!(played.outcome.fired(Rule::CollateralSold), 1);
    }
}
