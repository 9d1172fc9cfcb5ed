//! Selling a holding of which a part is on loan.

use drypowder::engine::prime::{Scheme, TradeSize};
use drypowder::engine::{EventKind, Metric, Rule};
use drypowder::ledger::USDC;
use drypowder::units::Quantity;
use drypowder::units::time::HOUR_MS;
use drypowder::venue::lending::{LoanRate, LoanSpec, Party};
use drypowder::venue::spot::Side;

use crate::desk::{ETH, of as amount};
use crate::player::play_every;
use crate::prime::{after, of};
use crate::story::{NONE, assert_story};
use crate::{free_of_costs, near};

fn sell(hours: i64, size: TradeSize) -> drypowder::engine::prime::Scheduled {
    after(hours * HOUR_MS, Scheme::Trade(ETH, Side::Sell, size))
}

/// 2 ETH, of which .8 are lent at 3.65 % (.8·.0365·2/365 = .00016 in two days). After an hour 1.2 are there:
/// 2 cannot be sold, all of it is 1.2, at 2,000. Asked back after 24 hours; after 30, at 1,500, there is
/// nothing to sell: what was needed is .8·1,500 = 1,200 late. After 48 hours they are back and are sold in that
/// instant: 2,400 + .80016·1,500 = 3,600.24.
#[test]
fn what_is_on_loan_is_sold_when_it_is_back() {
    let mut plan = free_of_costs(&[("a", 0.0, vec![])]);
    let spec = LoanSpec {
        rate: LoanRate::Fixed(0.036_5),
        ..LoanSpec::new(Party::Agent(0), Party::Outside, ETH, amount(ETH, 0.8), USDC)
    };
    let own = of(&mut plan, 0);
    own.holdings = vec![amount(ETH, 2.0)];
    let units = |units: f64| TradeSize::Quantity(Quantity::try_round(units).expect("few"));
    own.schedule = vec![
        after(0, Scheme::Loan { loan: 0, spec }),
        sell(1, units(2.0)),
        sell(1, TradeSize::All),
        after(24 * HOUR_MS, Scheme::Recall(0)),
        sell(30, units(0.8)),
        sell(30, TradeSize::All),
        sell(48, TradeSize::All),
    ];
    let closes: Vec<f64> = (0..50).map(|hour| if hour < 30 { 2_000.0 } else { 1_500.0 }).collect();
    let played = play_every(&plan, HOUR_MS, &[&closes]);
    assert_story(
        &played,
        &[
            (HOUR_MS, "a asset 1", "request_rejected", NONE),
            (HOUR_MS, "a asset 1", "spot_sold", 1.2),
            (24 * HOUR_MS, "a loan 1", "loan_recalled", 0.8),
            (30 * HOUR_MS, "a asset 1", "request_rejected", NONE),
            (30 * HOUR_MS, "a asset 1", "request_rejected", NONE),
            (48 * HOUR_MS, "a loan 1", "interest_paid", 0.000_16),
            (48 * HOUR_MS, "a loan 1", "loan_returned", 0.8),
            (48 * HOUR_MS, "a asset 1", "spot_sold", 0.800_16),
        ],
    );
    let reasons: Vec<_> = played.of(EventKind::RequestRejected).map(|event| event.reason).collect();
    assert_eq!(reasons, ["not enough free", "not enough free", "nothing to trade"]);
    let got = |metric| played.outcome.get(metric);
    assert_eq!(got(Metric::RequestsRejected), 3.0);
    let fired = [Rule::RejectedFunds, Rule::RejectedOther].map(|rule| played.outcome.fired(rule));
    assert_eq!(fired, [2, 1]);
    near(got(Metric::RecallLate), 1_200.0);
    assert_eq!(got(Metric::RecallShortfall), 0.0);
    near(got(Metric::Interest), 0.24);
    near(got(Metric::FinalEquity), 3_600.24);
}
