//! What the market rejects, and the order in which it handles loans.

use super::*;

/// A has 500 USDC and 1 ETH, B 1 ETH; a loan of 200 USDC, 40 % of A's holding, is allowed. Each
/// row changes one thing.
#[test]
fn rejected_with_a_reason() {
    let fits = two_hundred(Agent(1));
    let lends = |units: f64| LoanSpec { amount: usdc(units), ..fits };
    let rate = |rate: f64| LoanSpec { rate: LoanRate::Fixed(rate), ..fits };
    let posts = |collateral| LoanSpec { collateral, ..fits };
    let long_term = |units: f64| LoanSpec { long_term: true, ..lends(units) };
    let small = LoanSpec { lender: Outside, ..lends(0.999_999) };
    let rows = [
        (fits, Ok(())),
        (LoanSpec { borrower: Agent(0), ..fits }, Err(Rejection::Parties)),
        (LoanSpec { lender: Outside, borrower: Outside, ..fits }, Err(Rejection::Parties)),
        (LoanSpec { collateral_asset: USDC, ..fits }, Err(Rejection::Terms)),
        (LoanSpec { requirement: f64::NAN, ..fits }, Err(Rejection::Terms)),
        (LoanSpec { interest_interval_ms: Some(0), ..fits }, Err(Rejection::Terms)),
        (LoanSpec { notice_ms: -1, ..fits }, Err(Rejection::Terms)),
        (rate(f64::INFINITY), Err(Rejection::Terms)),
        (rate(10.000_001), Err(Rejection::Terms)),
        (rate(0.05), Ok(())),
        (rate(0.049_999), Err(Rejection::LowRate)),
        (LoanSpec { lender: Outside, ..rate(0.01) }, Ok(())),
        (lends(1.0), Ok(())),
        (lends(0.999_999), Err(Rejection::TooSmall)),
        (small, Err(Rejection::TooSmall)),
        (lends(-5.0), Err(Rejection::TooSmall)),
        (LoanSpec { lender: Outside, ..lends(2e9) }, Err(Rejection::BorrowerFunds)),
        (LoanSpec { amount: Amount::from_micro(i64::MAX), ..fits }, Err(Rejection::TooLarge)),
        (lends(200.000_001), Err(Rejection::LentShare)),
        (long_term(200.000_001), Ok(())),
        (long_term(500.0), Ok(())),
        (long_term(500.000_001), Err(Rejection::LenderFunds)),
        (posts(Collateral::Ratio(1.1)), Ok(())),
        (posts(Collateral::Ratio(1.099)), Err(Rejection::Collateral)),
        (posts(Collateral::Ratio(f64::NAN)), Err(Rejection::Terms)),
        (posts(Collateral::Amount(of(ETH, 0.11))), Ok(())),
        (posts(Collateral::Amount(of(ETH, 0.109_999_99))), Err(Rejection::Collateral)),
        (posts(Collateral::Amount(of(ETH, -1.0))), Err(Rejection::Terms)),
        (posts(Collateral::Ratio(10.0)), Ok(())),
        (posts(Collateral::Ratio(10.000_001)), Err(Rejection::BorrowerFunds)),
    ];
    for (spec, expected) in rows {
        let usdc_pool = PoolSpec { least_rate: 0.05, ..pool() };
        let mut desk = desk_with(LendingSpec::new(vec![usdc_pool, pool(), pool()], 4), FREE);
        desk.deposit(0, USDC, 500.0);
        desk.deposit(0, ETH, 1.0);
        desk.deposit(1, ETH, 1.0);
        let before = desk.table();
        assert_eq!(desk.open(&spec).map(|_| ()), expected, "{spec:?}");
        assert_eq!(desk.table() == before, expected.is_err(), "{spec:?}");
        assert_eq!(desk.effects.len(), usize::from(expected.is_ok()), "{spec:?}");
    }
}

/// 40 % of (held + lent): 500 allow 200, in two loans too; what B returns can be lent again.
#[test]
fn the_lent_share_counts_what_is_lent() {
    let mut desk = desk();
    desk.deposit(0, USDC, 500.0);
    let half = LoanSpec { amount: usdc(100.0), ..two_hundred(Outside) };
    let first = desk.open(&half).unwrap();
    assert_eq!(desk.lending.lendable(0, USDC, desk.balance(0, USDC)), usdc(100.0));
    desk.open(&half).unwrap();
    let one = LoanSpec { amount: usdc(1.0), ..half };
    assert_eq!(desk.open(&one), Err(Rejection::LentShare));
    desk.recall(first).unwrap();
    assert_eq!(desk.open(&one), Err(Rejection::LentShare), "recalled money is not there yet");
    desk.settle(DAY_MS);
    assert!(desk.open(&one).is_ok());
}

/// Held, or reserved for cross positions: neither can be lent, posted or paid.
#[test]
fn money_that_backs_something_is_not_lent() {
    let mut desk = desk();
    desk.deposit(0, USDC, 500.0);
    assert!(desk.ledger.hold(desk.wallet(0, USDC), usdc(250.0)));
    desk.lending.set_reserved(0, usdc(50.000_001));
    assert_eq!(desk.open(&two_hundred(Outside)), Err(Rejection::LenderFunds));
    desk.lending.set_reserved(0, usdc(50.0));
    assert!(desk.open(&two_hundred(Outside)).is_ok());
}

#[test]
fn as_many_loans_as_vaults() {
    let mut desk = desk();
    desk.deposit(0, USDC, 500.0);
    let ten = LoanSpec { amount: usdc(10.0), ..two_hundred(Outside) };
    let ids: Vec<LoanId> = (0..4).map(|_| desk.open(&ten).unwrap()).collect();
    assert_eq!(desk.open(&ten), Err(Rejection::NoSlot));
    desk.recall(ids[1]).unwrap();
    desk.settle(DAY_MS);
    let fifth = desk.open(&ten).unwrap();
    assert_eq!((fifth.slot, fifth.number()), (1, 5));
    assert_eq!(desk.lending.get(ids[1]).err(), Some(Rejection::NoSuchLoan));
}

/// By agent (lender, else borrower), then in the order of opening, wherever their slots are.
#[test]
fn loans_are_handled_by_agent_then_number() {
    let mut desk = desk();
    desk.deposit(0, USDC, 1_000.0);
    desk.deposit(1, USDC, 1_000.0);
    let by = |lender, borrower| LoanSpec {
        lender,
        borrower,
        amount: usdc(10.0),
        ..two_hundred(Outside)
    };
    let second = desk.open(&by(Agent(1), Outside)).unwrap();
    desk.open(&by(Agent(0), Outside)).unwrap();
    desk.open(&by(Agent(1), Outside)).unwrap();
    desk.recall(second).unwrap();
    desk.settle(DAY_MS);
    desk.deposit(0, ETH, 1.0);
    desk.open(&by(Outside, Agent(0))).unwrap(); // in the first slot
    let numbers: Vec<u32> = desk.lending.loans().map(|loan| loan.id.number()).collect();
    assert_eq!(numbers, [2, 4, 3]);
}

/// A path leaves nothing to the next.
#[test]
fn a_reset_forgets() {
    let mut desk = desk();
    desk.deposit(0, USDC, 500.0);
    let id = desk.open(&two_hundred(Outside)).unwrap();
    desk.lending.set_utilisation(0, USDC, 0.9);
    desk.ledger.reset();
    desk.lending.reset();
    assert_eq!(desk.lending.next_due_ms(), i64::MAX);
    assert_eq!(desk.lending.utilisation(USDC), 0.5);
    assert_eq!(desk.lending.get(id).err(), Some(Rejection::NoSuchLoan));
    desk.deposit(0, USDC, 500.0);
    assert_eq!(desk.open(&two_hundred(Outside)).unwrap().number(), 1);
}
