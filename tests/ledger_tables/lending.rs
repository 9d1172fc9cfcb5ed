//! A loan that comes back, and one that does not.

use drypowder::ledger::USDC;
use drypowder::units::time::{DAY_MS, NEVER_MS};
use drypowder::venue::exchange::{Slippage, SlippageSpec};
use drypowder::venue::lending::{
    Collateral, LendingEffectKind, LendingSpec, LoanRate, LoanSpec, Party,
};

use crate::desk::{self, Desk, ETH, Setup, of, pool, setup};
use crate::table::{Table, eth, usdc};

/// a lends b 200 USDC.
fn two_hundred(rate: f64, pledged: f64) -> LoanSpec {
    let (a, b) = (Party::Agent(0), Party::Agent(1));
    LoanSpec {
        rate: LoanRate::Fixed(rate),
        collateral: Collateral::Amount(of(ETH, pledged)),
        ..LoanSpec::new(a, b, USDC, desk::usdc(200.0), ETH)
    }
}

/// 200 at 9.4 % for 365 days, asked back a day before: 200·.094 = 18.80, of which a broker's cut of
/// a tenth is 1.88. b pays 218.80 of its 220.
#[test]
fn loan_with_interest_and_recall() {
    let lending = LendingSpec { broker_cut: 0.1, ..LendingSpec::new(vec![pool(); 4], 4) };
    let mut desk = Desk::new(Setup { lending, ..setup() });
    desk.prices([2_000.0, 88_500.0, 182.0]);
    desk.deposit(0, USDC, 500.0);
    desk.deposit(1, USDC, 20.0);
    desk.deposit(1, ETH, 0.13);
    let mut table = Table {
        title: "loan",
        stages: &["before", "lent", "recalled", "returned"],
        accounts: vec![
            usdc("market", &[-520.0; 4]),
            usdc("a wallet", &[500.0, 300.0, 300.0, 516.92]),
            usdc("b wallet", &[20.0, 220.0, 220.0, 1.2]),
            usdc("venue fees", &[0.0, 0.0, 0.0, 1.88]),
            eth("market ETH", &[-0.13; 4]),
            eth("b ETH wallet", &[0.13, 0.0, 0.0, 0.13]),
            eth("loan 0 vault 1", &[0.0, 0.13, 0.13, 0.0]),
        ],
        steps: vec![
            vec![
                ("a wallet", "b wallet", 200.0, "loan"),
                ("b ETH wallet", "loan 0 vault 1", 0.13, "loan collateral"),
            ],
            vec![],
            vec![
                ("b wallet", "a wallet", 200.0, "loan returned"),
                ("b wallet", "a wallet", 16.92, "loan interest"),
                ("b wallet", "venue fees", 1.88, "broker's cut"),
                ("loan 0 vault 1", "b ETH wallet", 0.13, "collateral returned"),
            ],
        ],
    }
    .begin(&mut desk);
    let id = desk.open_loan(&two_hundred(0.094, 0.13)).expect("both can");
    table.next(&mut desk);
    desk.at(364 * DAY_MS);
    let deadline_ms = desk.lend(|lending, context| lending.recall(id, context));
    assert_eq!(deadline_ms, Ok(365 * DAY_MS));
    table.next(&mut desk);
    desk.at(365 * DAY_MS);
    desk.lend(|lending, context| lending.settle(context));
    table.next(&mut desk);
    table.done();
}

/// 200 at 10 % against .12 ETH, which falls from 2,000 to 1,500: 180 < 1.1·201.95, b is called after
/// 35.5 days and posts nothing. A day later, after a tenth of a year, it owes 202. .12 ETH sold at
/// 1,500 less 10 basis points, 1,498.50: 179.82; fee .1 %: .17982; 179.64018 reach the lender.
/// Lost: 200 − 179.64018 = 20.35982 of the principal; the 2.00 of interest are never paid.
#[test]
fn borrower_default_with_shortfall() {
    let slippage = SlippageSpec { form: Slippage::FixedBps { bps: 10.0 }, ..SlippageSpec::NONE };
    let mut desk = Desk::new(Setup { spot: (0.001, slippage), ..setup() });
    desk.prices([2_000.0, 88_500.0, 182.0]);
    desk.deposit(0, USDC, 500.0);
    desk.deposit(1, ETH, 0.12);
    let mut table = Table {
        title: "default",
        stages: &["before", "lent", "called", "sold"],
        accounts: vec![
            usdc("market", &[-500.0, -500.0, -500.0, -679.82]),
            usdc("a wallet", &[500.0, 300.0, 300.0, 479.640_18]),
            usdc("b wallet", &[0.0, 200.0, 200.0, 200.0]),
            usdc("venue fees", &[0.0, 0.0, 0.0, 0.179_82]),
            usdc("loan 0 vault 0", &[0.0; 4]),
            eth("market ETH", &[-0.12, -0.12, -0.12, 0.0]),
            eth("b ETH wallet", &[0.12, 0.0, 0.0, 0.0]),
            eth("loan 0 vault 1", &[0.0, 0.12, 0.12, 0.0]),
        ],
        steps: vec![
            vec![
                ("a wallet", "b wallet", 200.0, "loan"),
                ("b ETH wallet", "loan 0 vault 1", 0.12, "loan collateral"),
            ],
            vec![],
            vec![
                ("loan 0 vault 1", "market ETH", 0.12, "spot sale"),
                ("market", "loan 0 vault 0", 179.82, "spot sale"),
                ("loan 0 vault 0", "venue fees", 0.179_82, "spot fee"),
                ("loan 0 vault 0", "a wallet", 179.640_18, "loan paid from collateral"),
            ],
        ],
    }
    .begin(&mut desk);
    desk.open_loan(&two_hundred(0.1, 0.12)).expect("both can");
    table.next(&mut desk);
    desk.prices([1_500.0, 88_500.0, 182.0]);
    let called_ms = 35 * DAY_MS + DAY_MS / 2;
    desk.at(called_ms);
    desk.effects.clear();
    desk.lend(|lending, context| lending.check_collateral(context));
    table.next(&mut desk);
    // 1.1·(200 + 200·.1·35.5/365)/1,500 = .14809315… ETH, rounded up, less .12.
    let expires_ms = called_ms + DAY_MS;
    assert_eq!(desk.effects[0].kind, LendingEffectKind::CollateralCalled { expires_ms });
    assert_eq!(desk.effects[0].amount, of(ETH, 0.028_093_16));
    assert_eq!(desk.lending.next_due_ms(), expires_ms);
    desk.at(expires_ms - 1);
    desk.lend(|lending, context| lending.check_collateral(context));
    assert_eq!(desk.effects.len(), 1);
    desk.at(expires_ms);
    desk.lend(|lending, context| lending.check_collateral(context));
    table.next(&mut desk);
    table.done();
    let sold = of(ETH, 0.12);
    assert_eq!(desk.effects[1].kind, LendingEffectKind::CollateralLiquidated { sold });
    assert_eq!(desk.lending.next_due_ms(), NEVER_MS);
    let last = desk.effects.last().expect("an effect");
    assert_eq!(last.kind, LendingEffectKind::Shortfall { unpaid_interest: 2.0 });
    assert_eq!((last.amount, last.usdc), (desk::usdc(20.359_82), 20.359_82));
}
