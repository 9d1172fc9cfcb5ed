//! Calls for collateral: cured, not cured, and the prices at which they come.

use super::*;

/// 200 USDC lent to B at 10 % against .12 ETH at 2,000; a day's grace.
fn to_b() -> LoanSpec {
    LoanSpec { rate: LoanRate::Fixed(0.1), ..two_hundred(Agent(1)) }
}

/// ETH at 1,750 is 210 < 222.2, yet enough: 202 USDC take .11542858 ETH (.115428571… up to a
/// step: 202.000015); .00457142 ETH and 15 micro-USDC are B's again.
#[test]
fn liquidated_and_the_rest_returned() {
    let mut desk = desk();
    desk.deposit(0, USDC, 500.0);
    desk.deposit(1, ETH, 0.12);
    desk.open(&LoanSpec { grace_ms: 0, ..to_b() }).unwrap();
    desk.prices[0] = 1_750.0;
    desk.check(36 * DAY_MS + DAY_MS / 2);
    assert_eq!(desk.table(), [[502.0, 0.0], [200.000_015, 0.004_571_42], [0.0, 0.0], [0.0, 0.0]]);
    let now_ms = desk.now_ms;
    assert_eq!(
        desk.kinds()[1..],
        [
            Kind::CollateralCalled { expires_ms: now_ms },
            Kind::CollateralLiquidated { sold: of(ETH, 0.115_428_58) },
            Kind::InterestPaid { cut: Amount::ZERO },
        ]
    );
}

/// The same call, cured: by posting enough in time, by the price's return, not by too little.
#[test]
fn a_call_can_be_cured() {
    // posted ETH, price at expiry, last kind
    let cured = Kind::CallCured;
    let sold = of(ETH, 0.121);
    let rows = [
        (0.03, 1_400.0, cured),
        (0.0, 1_900.0, cured),
        (0.001, 1_400.0, Kind::CollateralLiquidated { sold }),
    ];
    for (posted, price, last) in rows {
        let mut desk = desk();
        desk.deposit(0, USDC, 500.0);
        desk.deposit(1, ETH, 0.2);
        let id = desk.open(&to_b()).unwrap();
        desk.prices[0] = 1_500.0;
        desk.check(HOUR_MS);
        let lacking = desk.with(|lending, context| lending.collateral_lacking(id, 1.1, context));
        assert!(lacking.unwrap() > of(ETH, 0.026_666_66) && lacking.unwrap() < of(ETH, 0.03));
        if posted > 0.0 {
            let amount = of(ETH, posted);
            desk.with(|lending, context| lending.post_collateral(id, amount, context)).unwrap();
        }
        desk.prices[0] = price;
        desk.check(HOUR_MS + DAY_MS);
        let kinds = desk.kinds();
        if last == cured && posted > 0.0 {
            // Covered at once, and called anew by the lower price.
            assert_eq!(kinds[2..4], [Kind::CollateralPosted, cured]);
            assert!(matches!(kinds[4], Kind::CollateralCalled { .. }));
        } else if last == cured {
            assert_eq!(kinds.last(), Some(&last));
        } else {
            let liquidated = |kind: &Kind| *kind == last;
            assert!(kinds.iter().any(liquidated), "{kinds:?}");
        }
    }
}

/// An outsider restores the ratio of its opening: 1.2·200/1,500 = .16 ETH, .04 more; one that
/// does not is sold out.
#[test]
fn an_outsider_cures_or_not() {
    for (probability, vault) in [(1.0, 0.16), (0.0, 0.0)] {
        let borrowers =
            OutsideBorrower { cure: Response::constant(probability), ..OutsideBorrower::RELIABLE };
        let spec = LendingSpec::new(vec![PoolSpec { borrowers, ..pool() }, pool(), pool()], 4);
        let mut desk = desk_with(spec, FREE);
        desk.deposit(0, USDC, 500.0);
        desk.open(&LoanSpec { rate: LoanRate::Fixed(0.0), ..two_hundred(Outside) }).unwrap();
        desk.prices[0] = 1_500.0;
        desk.check(0);
        desk.check(DAY_MS);
        assert_eq!(desk.table()[2], [0.0, vault]);
        assert_eq!(desk.table()[0][0], if probability > 0.0 { 300.0 } else { 480.0 });
    }
}

/// Collateral .12 ETH for 200 USDC without interest: called below 1.1·200/.12 = 1,833.33…; 1 ETH
/// for 2,400 USDC: called above 2,400/1.1 = 2,181.81….
#[test]
fn the_marks_at_which_a_call_comes() {
    let mut desk = desk();
    desk.deposit(0, USDC, 500.0);
    desk.deposit(0, ETH, 1.0);
    let lends_usdc = LoanSpec { rate: LoanRate::Fixed(0.0), ..two_hundred(Outside) };
    let (one, other) = (desk.open(&lends_usdc).unwrap(), desk.open(&one_eth()).unwrap());
    let line = |id| desk.lending.collateral_line(id, DAY_MS, &desk.ledger).unwrap();
    let falls = line(one).collateral_trigger(&desk.prices);
    let rises = line(other).debt_trigger(&desk.prices);
    assert!((falls - 1_833.333_333_333).abs() < 1e-9 && (rises - 2_181.818_181_818).abs() < 1e-9);
    for (id, trigger, called_side) in [(one, falls, -1e-6), (other, rises, 1e-6)] {
        assert!(line(id).is_covered(&[trigger - called_side, 0.0]));
        assert!(!line(id).is_covered(&[trigger + called_side, 0.0]));
    }
    assert_eq!((line(one).collateral, line(one).debt), (Some(0), None));
    assert_eq!((line(other).collateral, line(other).debt), (None, Some(0)));
}

/// Two loans sold out at one instant share a fill price that knows of both: y 1, σ 4 %, 1e6 USDC
/// a day; 200/1,500 of the first and of the second are more than their .12 ETH, so .24 ETH are
/// sold: 360 USDC, √(3.6e-4)·.04 of 1,500.
#[test]
fn a_batch_of_liquidations_shares_its_slippage() {
    let form = Slippage::SquareRoot { y: 1.0, daily_volume_usdc: 1e6 };
    let slippage = SlippageSpec { form, sigma_day: 0.04, ..SlippageSpec::NONE };
    let mut desk = desk_with(LendingSpec::new(vec![pool(); 3], 4), (0.0, slippage));
    desk.deposit(0, USDC, 2_000.0);
    desk.deposit(1, ETH, 0.24);
    let spec = LoanSpec { grace_ms: 0, ..to_b() };
    desk.open(&spec).unwrap();
    desk.open(&spec).unwrap();
    desk.kinds();
    desk.prices[0] = 1_500.0;
    desk.check(1);
    let sales: Vec<f64> = (desk.effects.iter())
        .filter(|effect| matches!(effect.kind, Kind::CollateralLiquidated { .. }))
        .map(|effect| effect.price)
        .collect();
    let expected = 1_500.0 * (1.0 - 0.04 * 3.6e-4_f64.sqrt());
    assert_eq!(sales.len(), 2);
    assert!(sales.iter().all(|price| (price - expected).abs() < 1e-9), "{sales:?} {expected}");
}

/// One loan sold out under slippage that grows with size: 200 USDC take .14 ETH and what slippage
/// takes, all of which the .16 posted cover; nothing is lost.
#[test]
fn slippage_by_size_leaves_no_shortfall_where_the_collateral_covers_it() {
    let form = Slippage::SquareRoot { y: 1.0, daily_volume_usdc: 1e6 };
    let slippage = SlippageSpec { form, sigma_day: 0.04, ..SlippageSpec::NONE };
    let mut desk = desk_with(LendingSpec::new(vec![pool(); 3], 4), (0.001, slippage));
    desk.deposit(0, USDC, 2_000.0);
    desk.deposit(1, ETH, 0.16);
    let spec = LoanSpec { grace_ms: 0, collateral: Collateral::Amount(of(ETH, 0.16)), ..to_b() };
    desk.open(&spec).unwrap();
    desk.prices[0] = 1_370.0; // 219.2 < 220
    desk.check(1);
    let kinds = desk.kinds();
    assert!(
        kinds.iter().any(|kind| matches!(kind, Kind::CollateralLiquidated { .. })),
        "{kinds:?}"
    );
    assert!(!kinds.iter().any(|kind| matches!(kind, Kind::Shortfall { .. })), "{kinds:?}");
    assert_eq!(desk.balance(0, USDC), usdc(2_000.0));
}
