//! Interest and how it is paid.

use super::*;

/// A holds 500 USDC and lends 200 of them at 9.4 % to the outside, against .12 ETH at 2,000
/// (240 USDC). Recalled after 364 days with a day's notice: 18.80 for 365 days, a tenth of it
/// the broker's.
///
/// ```text
///               before   opened   returned        after
/// A USDC           500     −200   +200 +16.92    516.92
/// vault ETH          0     +.12   −.12                0
/// fees USDC          0            +1.88            1.88
/// ```
#[test]
fn a_loan_with_interest_and_recall() {
    let spec = LendingSpec { broker_cut: 0.1, ..LendingSpec::new(vec![pool(); 3], 4) };
    let mut desk = desk_with(spec, FREE);
    desk.deposit(0, USDC, 500.0);
    desk.journal();
    let id = desk.open(&two_hundred(Outside)).unwrap();
    assert_eq!(desk.table(), [[300.0, 0.0], [0.0, 0.0], [0.0, 0.12], [0.0, 0.0]]);
    assert_eq!(desk.lending.next_due_ms(), i64::MAX);
    desk.now_ms = 364 * DAY_MS;
    assert_eq!(desk.recall(id), Ok(365 * DAY_MS));
    assert_eq!(desk.recall(id), Err(Rejection::AlreadyRecalled));
    assert_eq!(desk.lending.in_recall(0, USDC), usdc(200.0));
    assert_eq!(desk.lending.next_due_ms(), 365 * DAY_MS);
    desk.settle(365 * DAY_MS - 1);
    assert_eq!(desk.lending.lent(0, USDC), usdc(200.0));
    desk.settle(365 * DAY_MS);
    assert_eq!(
        desk.postings(),
        [
            "A USDC > market USDC 200 loan",
            "market ETH > loan 0 vault 1 0.12 loan collateral",
            "market USDC > A USDC 200 loan returned",
            "market USDC > A USDC 16.92 loan interest",
            "market USDC > venue fees USDC 1.88 broker's cut",
            "loan 0 vault 1 > market ETH 0.12 collateral returned",
        ]
    );
    assert_eq!(desk.table(), [[516.92, 0.0], [0.0, 0.0], [0.0, 0.0], [1.88, 0.0]]);
    assert_eq!(
        desk.kinds(),
        [
            Kind::Opened { rate: 0.094 },
            Kind::Recalled { deadline_ms: 365 * DAY_MS },
            Kind::InterestPaid { cut: usdc(1.88) },
            Kind::Returned,
        ]
    );
    assert_eq!(desk.lending.lent(0, USDC), Amount::ZERO);
    assert_eq!(desk.recall(id), Err(Rejection::NoSuchLoan));
}

/// 1,000 USDC floating: 5 % for 73 days (a fifth of a year), 10 % for 146, 20 % for 146:
/// 10 + 40 + 80 = 130. With the same rates from a curve of base 0, slope1 .1, slope2 .4 and kink
/// .8: u = .4, .8, .85 gives .05, .10, .10 + .4·.25 = .20.
#[test]
fn floating_over_three_pieces() {
    let given = PoolSpec { rate: RateSource::Given(0.05), ..pool() };
    let curve = Curve { base: 0.0, slope1: 0.1, slope2: 0.4, kink: 0.8 };
    let kinked = PoolSpec { rate: RateSource::Curve(curve), utilisation: 0.4, ..pool() };
    for usdc_pool in [given, kinked] {
        let spec = LendingSpec::new(vec![usdc_pool, pool(), pool()], 4);
        let mut desk = desk_with(spec, FREE);
        desk.deposit(0, USDC, 5_000.0);
        let spec = LoanSpec::new(Agent(0), Outside, USDC, usdc(1_000.0), ETH);
        let id = desk.open(&spec).unwrap();
        for (day, rate, utilisation) in [(73, 0.1, 0.8), (219, 0.2, 0.85)] {
            if usdc_pool == given {
                desk.lending.set_rate(day * DAY_MS, USDC, rate);
            } else {
                desk.lending.set_utilisation(day * DAY_MS, USDC, utilisation);
            }
        }
        let prices = Prices { marks: &desk.prices, lasts: &desk.prices };
        let owed = desk.lending.interest_owed_to(0, 219 * DAY_MS, prices.marks);
        assert!((owed - 50.0).abs() < 1e-9, "{owed}");
        desk.now_ms = 364 * DAY_MS;
        desk.recall(id).unwrap();
        desk.settle(365 * DAY_MS);
        assert_eq!(desk.balance(0, USDC), usdc(5_130.0));
    }
}

/// 200·((1 + .094/365)^365 − 1) = 19.70929…, paid as 19.709290.
#[test]
fn daily_compounding() {
    let mut desk = desk();
    desk.deposit(0, USDC, 500.0);
    let spec = LoanSpec { compounding: Compounding::Daily, ..two_hundred(Outside) };
    let id = desk.open(&spec).unwrap();
    desk.now_ms = 364 * DAY_MS;
    desk.recall(id).unwrap();
    desk.settle(365 * DAY_MS);
    assert_eq!(desk.balance(0, USDC), usdc(519.709_290));
}

/// 36.5 % of 200 USDC is 20 cents a day. B has 50 cents beside what it borrowed: it pays twice
/// from its wallet, then .20 from its collateral: at 2,000 less 10 bp and a fee of .1 %,
/// .20/(1,998·.999) = 1.0020024…e-4 ETH, of which 1.002e-4 suffice: .2001996, rounded .200200,
/// less a fee of .000200. At last the whole collateral is gone: what is unpaid stays owed.
#[test]
fn interest_at_intervals_from_wallet_then_collateral() {
    let mut desk = desk_with(LendingSpec::new(vec![pool(); 3], 4), COSTS);
    desk.deposit(0, USDC, 500.0);
    desk.deposit(1, ETH, 0.12);
    desk.deposit(1, USDC, 0.5);
    let spec = LoanSpec {
        rate: LoanRate::Fixed(0.365),
        interest_interval_ms: Some(DAY_MS),
        ..two_hundred(Agent(1))
    };
    let id = desk.open(&spec).unwrap();
    assert!(desk.ledger.hold(desk.wallet(1, USDC), usdc(200.0)));
    assert_eq!(desk.lending.next_due_ms(), DAY_MS);
    desk.settle(DAY_MS);
    desk.settle(2 * DAY_MS);
    assert_eq!(desk.table()[..3], [[300.4, 0.0], [200.1, 0.0], [0.0, 0.12]]);
    desk.journal();
    desk.settle(3 * DAY_MS);
    assert_eq!(
        desk.postings(),
        [
            "loan 0 vault 1 > market ETH 0.0001002 spot sale",
            "market USDC > loan 0 vault 0 0.2002 spot sale",
            "loan 0 vault 0 > venue fees USDC 0.0002 spot fee",
            "loan 0 vault 0 > A USDC 0.2 loan interest",
        ]
    );
    assert_eq!(desk.lending.get(id).unwrap().interest_units(3 * DAY_MS), 0.0);
    // At 1 USDC .1198998 ETH yield .1198998·.999·.999 → .119780 − .000120 = .119660 of .20:
    // .08034 stay owed, and .2 more a day later.
    desk.prices[0] = 1.0;
    desk.settle(4 * DAY_MS);
    assert_eq!(desk.table()[2], [0.0, 0.0]);
    let owed = desk.lending.get(id).unwrap().interest_units(5 * DAY_MS);
    assert!((owed - 0.280_34).abs() < 1e-9, "{owed}");
}

/// A lends B 1 ETH against BTC; B repays 1.01 ETH after 36.5 days at 10 %.
#[test]
fn repaid_by_its_borrower() {
    let mut desk = desk();
    desk.deposit(0, ETH, 10.0);
    desk.deposit(1, BTC, 1.0);
    let spec = LoanSpec {
        rate: LoanRate::Fixed(0.1),
        ..LoanSpec::new(Agent(0), Agent(1), ETH, of(ETH, 1.0), BTC)
    };
    let id = desk.open(&spec).unwrap();
    assert_eq!(desk.balance(1, BTC), of(BTC, 0.97)); // 1.2·2,000/80,000 = .03
    desk.now_ms = 36 * DAY_MS + DAY_MS / 2;
    let repay = |desk: &mut Desk| desk.with(|lending, context| lending.repay(id, context));
    assert_eq!(repay(&mut desk), Err(Rejection::BorrowerFunds));
    desk.deposit(1, ETH, 0.5);
    assert_eq!(repay(&mut desk), Ok(of(ETH, 1.01)));
    assert_eq!(desk.table(), [[0.0, 10.01], [0.0, 0.49], [0.0, 0.0], [0.0, 0.0]]);
    assert_eq!(desk.balance(1, BTC), of(BTC, 1.0));
    assert_eq!(desk.kinds().last(), Some(&Kind::Repaid));
}
