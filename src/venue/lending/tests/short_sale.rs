//! Selling what was borrowed.

use super::*;

/// B has 3,000 USDC, posts 2,400 and borrows 1 ETH at 10 % from the outside; sells it at 2,000.
/// ETH falls to 1,500; after a tenth of a year B owes 1.01 ETH, buys them for 1,515 and repays.
///
/// ```text
///             before   borrowed     sold   bought   repaid    after
/// B USDC       3,000     −2,400   +2,000   −1,515   +2,400    3,485
/// B ETH            0         +1       −1    +1.01    −1.01        0
/// vault USDC       0     +2,400                     −2,400        0
/// ```
#[test]
fn borrow_sell_buy_back_repay() {
    let eth = PoolSpec { rate: RateSource::Given(0.1), ..pool() };
    let mut desk = desk_of(eth, FREE);
    desk.deposit(1, USDC, 3_000.0);
    let spec = LoanSpec::new(Outside, Agent(1), ETH, of(ETH, 1.0), USDC);
    let id = desk.open(&spec).unwrap();
    assert_eq!(desk.table()[1..3], [[600.0, 1.0], [2_400.0, 0.0]]);
    desk.sell_eth(1, 1.0);
    assert_eq!(desk.table()[1..3], [[2_600.0, 0.0], [2_400.0, 0.0]]);
    let value = |desk: &Desk| {
        let prices = Prices { marks: &desk.prices, lasts: &desk.prices };
        let lending = &desk.lending;
        let posted = lending.pledged_value(1, &desk.ledger, prices);
        let debt = lending.debt_value(1, desk.now_ms, prices);
        desk.balance(1, USDC).usdc() + posted - debt
    };
    assert_eq!(value(&desk), 3_000.0);
    desk.prices[0] = 1_500.0;
    desk.now_ms = 36 * DAY_MS + DAY_MS / 2;
    assert!((value(&desk) - 3_485.0).abs() < 1e-9);
    desk.buy_eth(1, 1.01);
    desk.with(|lending, context| lending.repay(id, context)).unwrap();
    assert_eq!(desk.table(), [[0.0, 0.0], [3_485.0, 0.0], [0.0, 0.0], [0.0, 0.0]]);
}

/// The same short squeezed: ETH at 2,300 is above 2,400/1.1 less interest; the call is met with
/// 300 USDC; at 2,600 it is called again, not met, and 2,626 of its 2,700 buy 1.01 ETH back.
/// B: 3,000 + 2,000 − 2,626 = 2,374.
#[test]
fn a_short_squeeze() {
    let eth = PoolSpec { rate: RateSource::Given(0.1), ..pool() };
    let mut desk = desk_of(eth, FREE);
    desk.deposit(1, USDC, 3_000.0);
    let spec = LoanSpec::new(Outside, Agent(1), ETH, of(ETH, 1.0), USDC);
    let id = desk.open(&spec).unwrap();
    desk.sell_eth(1, 1.0);
    desk.prices[0] = 2_300.0;
    desk.check(DAY_MS);
    let post = |amount| {
        move |lending: &mut Lending, context: &mut Context<'_>| {
            lending.post_collateral(id, amount, context)
        }
    };
    assert_eq!(desk.with(post(usdc(2_600.000_001))), Err(Rejection::BorrowerFunds));
    assert_eq!(desk.with(post(usdc(300.0))), Ok(()));
    assert_eq!(desk.effects.last().unwrap().kind, Kind::CallCured);
    desk.prices[0] = 2_600.0;
    let called_ms = 35 * DAY_MS + DAY_MS / 2;
    desk.check(called_ms);
    desk.kinds();
    desk.check(called_ms + DAY_MS);
    assert_eq!(desk.table(), [[0.0, 0.0], [2_374.0, 0.0], [0.0, 0.0], [0.0, 0.0]]);
    assert_eq!(desk.kinds()[0], Kind::CollateralLiquidated { sold: usdc(2_626.0) });
}
