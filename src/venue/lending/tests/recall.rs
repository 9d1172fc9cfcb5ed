//! Recalls: returned early, at the deadline, or not.

use super::*;

/// Borrowers from outside that never return.
fn unreliable() -> PoolSpec {
    let borrowers =
        OutsideBorrower { failure: Response::constant(1.0), ..OutsideBorrower::RELIABLE };
    PoolSpec { borrowers, ..pool() }
}

/// 1 ETH lent against 2,400 USDC is not returned. ETH at 2,100: bought at 2,102.10, with the fee
/// of 2.1021 it costs 2,104.2021; 295.7979 go back to the borrower outside.
///
/// ```text
///               before   bought in    after
/// A ETH              0          +1        1
/// vault USDC     2,400      −2,400        0
/// fees USDC          0     +2.1021   2.1021
/// ```
#[test]
fn bought_in_with_a_surplus() {
    let mut desk = desk_of(unreliable(), COSTS);
    desk.deposit(0, ETH, 1.0);
    let id = desk.open(&one_eth()).unwrap();
    assert_eq!(desk.table(), [[0.0, 0.0], [0.0, 0.0], [2_400.0, 0.0], [0.0, 0.0]]);
    desk.recall(id).unwrap();
    desk.kinds();
    desk.journal();
    desk.prices[0] = 2_100.0;
    desk.settle(DAY_MS);
    assert_eq!(
        desk.postings(),
        [
            "loan 0 vault 0 > market USDC 2102.1 spot purchase",
            "loan 0 vault 0 > venue fees USDC 2.1021 spot fee",
            "market ETH > loan 0 vault 1 1 spot purchase",
            "loan 0 vault 1 > A ETH 1 loan paid from collateral",
            "loan 0 vault 0 > market USDC 295.7979 collateral returned",
        ]
    );
    assert_eq!(desk.table(), [[0.0, 1.0], [0.0, 0.0], [0.0, 0.0], [2.1021, 0.0]]);
    assert_eq!(desk.effects.last().unwrap().price, 2_102.1);
    let sold = usdc(2_104.202_1);
    assert_eq!(desk.kinds(), [Kind::RecallFailed, Kind::BoughtIn { sold }]);
}

/// ETH at 3,000 fills at 3,003: 2,400/(3,003·1.001) = .79840239… ETH for 2,397.602377 and a fee
/// of 2.397602; .20159761 ETH, at mark 604.79283 USDC, are A's loss. 21 micro-USDC, less than a
/// step costs, go back.
#[test]
fn bought_in_with_a_shortfall() {
    let mut desk = desk_of(unreliable(), COSTS);
    desk.deposit(0, ETH, 1.0);
    let id = desk.open(&one_eth()).unwrap();
    desk.recall(id).unwrap();
    desk.prices[0] = 3_000.0;
    desk.settle(DAY_MS);
    assert_eq!(desk.table(), [[0.0, 0.798_402_39], [0.0, 0.0], [0.0, 0.0], [2.397_602, 0.0]]);
    let shortfall = *desk.effects.last().unwrap();
    assert_eq!(shortfall.kind, Kind::Shortfall { unpaid_interest: 0.0 });
    assert_eq!(shortfall.amount, of(ETH, 0.201_597_61));
    assert!((shortfall.usdc - 604.792_83).abs() < 1e-9);
    assert_eq!(shortfall.lender, Agent(0));
    assert!(desk.lending.loans().next().is_none());
}

/// 1 ETH lent against .03 BTC (2,400 USDC): bought in through USDC. 2,000·1.001·1.001 = 2,004.002
/// are needed; BTC at 80,000 less 10 bp and .1 %: 2,004.002/(79,920·.999) = .02510020…, rounded
/// up to a step .02510021; .00489979 BTC and the rest of the sale go back.
#[test]
fn bought_in_through_usdc() {
    let mut desk = desk_of(unreliable(), COSTS);
    desk.deposit(0, ETH, 1.0);
    let spec = LoanSpec { collateral_asset: BTC, ..one_eth() };
    let id = desk.open(&spec).unwrap();
    desk.recall(id).unwrap();
    desk.settle(DAY_MS);
    assert_eq!(desk.table()[..3], [[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]);
    let bought = desk.effects.last().unwrap();
    assert_eq!(bought.kind, Kind::BoughtIn { sold: of(BTC, 0.025_100_21) });
}

/// An agent that borrowed returns at the deadline what it has, else its collateral does.
#[test]
fn an_agent_returns_if_it_can() {
    for (has, end) in [(true, Kind::Returned), (false, Kind::BoughtIn { sold: usdc(2_000.0) })] {
        let mut desk = desk();
        desk.deposit(0, ETH, 1.0);
        desk.deposit(1, USDC, 2_400.0);
        let id = desk.open(&LoanSpec { borrower: Agent(1), ..one_eth() }).unwrap();
        if !has {
            desk.sell_eth(1, 0.000_000_01);
        }
        desk.recall(id).unwrap();
        assert_eq!(desk.lending.next_due_ms(), DAY_MS);
        desk.settle(DAY_MS);
        assert_eq!(desk.kinds().last(), Some(&end));
        assert_eq!(desk.balance(0, ETH), of(ETH, 1.0));
    }
}

/// Hazard 1 a day and a day's notice: 1 − 1/e return early; of the others three in ten fail.
/// Four standard errors of 4,000: .0305 and, of the 1,472 others, .048.
#[test]
fn how_often_recalls_come_early_or_fail() {
    let borrowers = OutsideBorrower {
        early: Response::constant(1.0),
        failure: Response::constant(0.3),
        ..OutsideBorrower::RELIABLE
    };
    let mut desk = desk_of(PoolSpec { borrowers, ..pool() }, FREE);
    desk.deposit(0, ETH, 1.0);
    let (mut early, mut failed) = (0, 0);
    for day in 0..4_000 {
        desk.now_ms = 2 * day * DAY_MS;
        let id = desk.open(&one_eth()).unwrap();
        let deadline_ms = desk.recall(id).unwrap();
        let due_ms = desk.lending.next_due_ms();
        desk.settle(due_ms);
        let kinds = desk.kinds();
        if kinds.contains(&Kind::ReturnedEarly) {
            assert!(due_ms < deadline_ms);
            early += 1;
        } else if kinds.contains(&Kind::RecallFailed) {
            assert_eq!(due_ms, deadline_ms);
            failed += 1;
        }
    }
    let (early_share, failed_share) =
        (f64::from(early) / 4_000.0, f64::from(failed) / f64::from(4_000 - early));
    assert!((early_share - 0.632_1).abs() < 0.030_5, "{early_share}");
    assert!((failed_share - 0.3).abs() < 0.048, "{failed_share}");
}

/// Failure only in a drawdown: the storm that counts is the one at the deadline.
#[test]
fn a_storm_within_the_notice_counts() {
    let failure = Response { base: 0.0, drawdown: 2.0, utilisation: 0.0, kink: 1.0 };
    let borrowers = OutsideBorrower { failure, ..OutsideBorrower::RELIABLE };
    // drawdown at the recall, at the deadline, fails
    for (at_recall, at_deadline, fails) in [(0.0, 0.5, true), (0.5, 0.0, false)] {
        let mut desk = desk_of(PoolSpec { borrowers, ..pool() }, FREE);
        desk.deposit(0, ETH, 1.0);
        desk.lending.set_drawdown(0, ETH, at_recall);
        let id = desk.open(&one_eth()).unwrap();
        desk.recall(id).unwrap();
        desk.lending.set_drawdown(HOUR_MS, ETH, at_deadline);
        desk.settle(DAY_MS);
        assert_eq!(desk.kinds().contains(&Kind::RecallFailed), fails);
    }
}

/// What other loans draw moves nothing: each loan takes one word of its agent's stream.
#[test]
fn a_loan_keeps_its_own_random_numbers() {
    let borrowers = OutsideBorrower { early: Response::constant(3.0), ..OutsideBorrower::RELIABLE };
    let due = |recall_first: bool| {
        let mut desk = desk_of(PoolSpec { borrowers, ..pool() }, FREE);
        desk.deposit(0, ETH, 2.0);
        let first = desk.open(&one_eth()).unwrap();
        if recall_first {
            desk.recall(first).unwrap();
        }
        let second = desk.open(&one_eth()).unwrap();
        desk.recall(second).unwrap();
        desk.lending.get(second).unwrap().due_ms()
    };
    assert_eq!(due(true), due(false));
}
