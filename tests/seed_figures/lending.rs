//! Lending: rates, collateral, recall, and how much of a holding.

use drypowder::ledger::{AssetId, USDC};
use drypowder::policy::{HoldingView, Lend, LendSpec};
use drypowder::units::Amount;
use drypowder::units::time::{DAY_MS, HOUR_MS, YEAR_MS};
use drypowder::venue::lending::{
    Collateral, LendingSpec, LoanRate, LoanSpec, PRIME_BROKERAGE, Party, Rejection,
};

use crate::desk::{BTC, Desk, ETH, SOL, Setup, of, pool, setup, usdc};
use crate::near;

/// a lends to the outside, long-term, at the rate and requirement of the published table.
fn table_loan(asset: AssetId, units: f64) -> LoanSpec {
    let terms = PRIME_BROKERAGE[usize::from(asset.0)];
    let collateral_asset = if asset == USDC { ETH } else { USDC };
    LoanSpec {
        rate: LoanRate::Fixed(terms.rate),
        requirement: terms.requirement,
        collateral: Collateral::Ratio(terms.requirement),
        long_term: true,
        ..LoanSpec::new(Party::Agent(0), Party::Outside, asset, of(asset, units), collateral_asset)
    }
}

/// Collateral is 105 to 110 % as a rule: a loan that asks for 105 % opens with it. 2,840·1.05 = 2,982.
#[test]
fn a_loan_may_ask_for_105_percent() {
    for (posted, opens) in [(2_982.0, true), (2_981.999_999, false)] {
        let mut desk = Desk::new(setup());
        desk.deposit(0, ETH, 1.0);
        let collateral = Collateral::Amount(usdc(posted));
        let spec = LoanSpec { requirement: 1.05, collateral, ..table_loan(ETH, 1.0) };
        assert_eq!(desk.open_loan(&spec).is_ok(), opens, "{posted}");
    }
}

/// Asks a loan back a day before the year is over and returns what came back beyond its principal.
fn earned_in_a_year(asset: AssetId, units: f64) -> f64 {
    let mut desk = Desk::new(setup());
    desk.deposit(0, asset, units);
    let id = desk.open_loan(&table_loan(asset, units)).expect("it has them");
    desk.at(YEAR_MS - DAY_MS);
    assert_eq!(desk.lend(|lending, context| lending.recall(id, context)), Ok(YEAR_MS));
    desk.at(YEAR_MS);
    desk.lend(|lending, context| lending.settle(context));
    let scale = if asset == USDC { 1e6 } else { 1e8 };
    (desk.balance(0, asset) - of(asset, units)).micro() as f64 / scale
}

/// 200·.094 = 18.80, to the micro-unit; the 300 beside them earn nothing.
#[test]
fn two_hundred_usdc_at_9_4_percent_earn_18_80_in_365_days() {
    assert_eq!(earned_in_a_year(USDC, 200.0), 18.8);
    let mut desk = Desk::new(setup());
    desk.deposit(0, USDC, 500.0);
    let spec = LoanSpec { long_term: false, ..table_loan(USDC, 200.0) };
    let id = desk.open_loan(&spec).expect("40 % of 500");
    assert_eq!(desk.balance(0, USDC), usdc(300.0));
    desk.at(YEAR_MS - DAY_MS);
    desk.lend(|lending, context| lending.recall(id, context)).expect("it is active");
    assert_eq!(desk.balance(0, USDC), usdc(300.0));
    desk.at(YEAR_MS);
    desk.lend(|lending, context| lending.settle(context));
    assert_eq!(desk.balance(0, USDC), usdc(518.8));
}

/// A year on one coin: 4.2 %, 2.8 %, 7.1 % of it.
#[test]
fn a_year_earns_4_2_percent_on_eth_2_8_on_btc_7_1_on_sol_9_4_on_usdc() {
    let rows = [(ETH, 1.0, 0.042), (BTC, 1.0, 0.028), (SOL, 10.0, 0.71), (USDC, 1_000.0, 94.0)];
    for (asset, units, earned) in rows {
        assert_eq!(earned_in_a_year(asset, units), earned, "{asset:?}");
    }
}

/// 2,840·1.1 = 3,124; 88,500·1.1 = 97,350; 182·1.15 = 209.30; 1,000 USDC against 1,100/2,840 =
/// .387323943… ETH, rounded up. A smallest unit less is too little.
#[test]
fn collateral_is_110_percent_for_eth_btc_and_usdc_and_115_for_sol() {
    let rows = [
        (ETH, 1.0, usdc(3_124.0)),
        (BTC, 1.0, usdc(97_350.0)),
        (SOL, 1.0, usdc(209.3)),
        (USDC, 1_000.0, of(ETH, 0.387_323_95)),
    ];
    for (asset, units, enough) in rows {
        for (posted, opens) in [(enough, true), (enough - Amount::from_micro(1), false)] {
            let mut desk = Desk::new(setup());
            desk.deposit(0, asset, units);
            let spec =
                LoanSpec { collateral: Collateral::Amount(posted), ..table_loan(asset, units) };
            let opened = desk.open_loan(&spec);
            assert_eq!(opened.is_ok(), opens, "{asset:?} {posted}");
            assert_eq!(opened.err(), (!opens).then_some(Rejection::Collateral));
        }
    }
}

/// At 2,840, 88,500 and 182 a desk starts; the table is where these come from.
#[test]
fn start_prices_are_2840_88500_182_and_1() {
    let prices = PRIME_BROKERAGE.map(|terms| (terms.symbol, terms.price));
    assert_eq!(prices, [("USDC", 1.0), ("ETH", 2_840.0), ("BTC", 88_500.0), ("SOL", 182.0)]);
}

/// Who borrows USDC posts something else.
#[test]
fn usdc_is_not_lent_against_usdc() {
    let mut desk = Desk::new(setup());
    desk.deposit(0, USDC, 500.0);
    let spec = LoanSpec { collateral_asset: USDC, ..table_loan(USDC, 200.0) };
    assert_eq!(desk.open_loan(&spec), Err(Rejection::Terms));
}

/// Asked back at noon of the tenth day, there at noon of the eleventh and not before.
#[test]
fn a_recall_takes_24_hours() {
    let mut desk = Desk::new(setup());
    desk.deposit(0, USDC, 500.0);
    let id = desk.open_loan(&table_loan(USDC, 200.0)).expect("it has them");
    let noon_ms = 10 * DAY_MS + 12 * HOUR_MS;
    desk.at(noon_ms);
    let deadline_ms = desk.lend(|lending, context| lending.recall(id, context));
    assert_eq!(deadline_ms, Ok(noon_ms + 24 * HOUR_MS));
    // 200·.094·11.5/365 = .592328767…
    for (now_ms, balance) in [(noon_ms + 24 * HOUR_MS - 1, 300.0), (noon_ms + DAY_MS, 500.592_329)]
    {
        desk.at(now_ms);
        desk.lend(|lending, context| lending.settle(context));
        assert_eq!(desk.balance(0, USDC), usdc(balance), "{now_ms}");
    }
}

/// Of 500 held 200 may be lent; then none of the 300, unless it is held for long.
#[test]
fn at_most_40_percent_of_a_holding_is_lent_unless_long_term() {
    let mut desk = Desk::new(setup());
    desk.deposit(0, USDC, 500.0);
    let short = |units| LoanSpec { long_term: false, ..table_loan(USDC, units) };
    assert_eq!(desk.open_loan(&short(200.000_001)), Err(Rejection::LentShare));
    assert!(desk.open_loan(&short(200.0)).is_ok());
    assert_eq!(desk.open_loan(&short(1.0)), Err(Rejection::LentShare));
    assert!(desk.open_loan(&table_loan(USDC, 300.0)).is_ok());
}

/// What an agent lends of what lies idle: 40 %, from 1 USDC and 5 % on. 2.4 idle would be .96.
#[test]
fn idle_money_is_lent_to_40_percent_from_1_usdc_and_5_percent_on() {
    let spec = LendSpec { max_share: 0.40, min_loan: usdc(1.0), min_rate: 0.05 };
    let rows = [
        (500.0, 0.094, Some(200.0)),
        (2.5, 0.094, Some(1.0)),
        (2.4, 0.094, None),
        (500.0, 0.05, Some(200.0)),
        (500.0, 0.049_9, None),
    ];
    for (idle, rate, lent) in rows {
        let idle = usdc(idle);
        let holding =
            HoldingView { asset: 0, idle, held: idle, lent: Amount::ZERO, price: 1e-6, rate };
        let lent = lent.map(|units| Lend { asset: 0, amount: usdc(units) });
        assert_eq!(spec.choose(&holding), lent, "{idle} {rate}");
    }
    // The market itself refuses what is below.
    let spec = LendingSpec::new(vec![pool(); 4], 4);
    assert_eq!((spec.max_lent_share, spec.min_loan_usdc), (0.40, 1.0));
    let mut pools = vec![pool(); 4];
    pools[0].least_rate = 0.05;
    let lending = LendingSpec { pools, ..spec };
    let mut desk = Desk::new(Setup { lending, ..setup() });
    desk.deposit(0, USDC, 500.0);
    let low = LoanSpec { rate: LoanRate::Fixed(0.049_9), ..table_loan(USDC, 100.0) };
    assert_eq!(desk.open_loan(&low), Err(Rejection::LowRate));
    assert_eq!(desk.open_loan(&table_loan(USDC, 0.999_999)), Err(Rejection::TooSmall));
}

/// The borrower's collateral falls below what is required: it is sold and the lender paid. 1 ETH for
/// 3,124 USDC: called above 3,124/1.1 = 2,840, so by the first rise; at 3,000 the coin is bought back
/// and 124 are left over.
#[test]
fn collateral_below_its_requirement_pays_the_lender() {
    let mut desk = Desk::new(setup());
    desk.deposit(0, ETH, 1.0);
    let spec = LoanSpec { borrower: Party::Agent(1), grace_ms: 0, ..table_loan(ETH, 1.0) };
    let spec = LoanSpec { rate: LoanRate::Fixed(0.0), ..spec };
    desk.deposit(1, USDC, 3_124.0);
    let id = desk.open_loan(&spec).expect("both can");
    let line = desk.lending.collateral_line(id, 1, desk.ledger()).expect("it is open");
    near(line.debt_trigger(desk.exchange.marks()), 2_840.0, 1e-9);
    desk.at(1);
    desk.prices([3_000.0, 88_500.0, 182.0]);
    desk.lend(|lending, context| lending.check_collateral(context));
    assert_eq!(desk.balance(0, ETH), of(ETH, 1.0));
    assert_eq!(desk.balance(1, USDC), usdc(124.0));
}
