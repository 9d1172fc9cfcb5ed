//! Reallocation: delegations follow the rolling Sharpe ratio, a bounded step at a time.

use std::cmp::Ordering;

use crate::units::Amount;

/// How delegations move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReallocateSpec {
    /// Most that a delegation moves in one interval, as a fraction of what it is now.
    pub max_step: f64,
}

/// A sub-account's delegation as the coordinator sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AllocationView {
    /// Delegation now, not negative.
    pub margin: Amount,
    /// It is not taken below this.
    pub least: Amount,
    /// It is not raised above this.
    pub most: Amount,
    /// Rolling Sharpe ratio; `None`: not enough to judge by, so the delegation stays as it is.
    pub sharpe: Option<f64>,
}

/// The result, kept by the caller and filled anew, so that deciding allocates nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Allocations {
    /// By account: what its delegation gains (negative: loses). The sum is exactly zero.
    pub moves: Vec<Amount>,
    /// Accounts of the side that is scaled, in the order in which odd micro-units are given.
    order: Vec<Part>,
}

/// An account's part of the scaled side.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    account: usize,
    /// Odd part of a micro-unit that rounding down cut off, in units of the side's sum.
    rest: i128,
    /// Who is given an odd micro-unit first among equal rests: ups the better, downs the worse.
    rank: f64,
}

/// Decides one reallocation; whether anything moves.
///
/// Of the total T delegated to the accounts that have a Sharpe ratio S, account i should have
/// T·max(Sᵢ, 0) / Σ max(Sⱼ, 0); where all are zero or below nothing moves. Its move towards that
/// is bounded by `max_step` of its delegation and by its least and most. Then the larger of the
/// two sides, all that is gained and all that is lost, is scaled down to the smaller, so that T
/// stays the same to the micro-unit: each part rounded down, the odd units to the largest rests,
/// of equal ones to the better (gaining) or worse (losing) ratio, then in the order of the list.
///
/// An account that was delegated nothing stays at nothing: a step is a fraction of what it has.
pub fn reallocate(
    spec: &ReallocateSpec,
    accounts: &[AllocationView],
    result: &mut Allocations,
) -> bool {
    result.moves.clear();
    result.moves.resize(accounts.len(), Amount::ZERO);
    let (mut total, mut weights) = (0.0, 0.0);
    for account in accounts {
        if let Some(sharpe) = judged(account) {
            total += account.margin.micro() as f64;
            weights += sharpe.max(0.0);
        }
    }
    if weights <= 0.0 || !weights.is_finite() {
        return false;
    }
    let (mut up, mut down) = (0_i128, 0_i128);
    for (account, change) in accounts.iter().zip(&mut result.moves) {
        let Some(sharpe) = judged(account) else { continue };
        let wanted = total * (sharpe.max(0.0) / weights) - account.margin.micro() as f64;
        *change = bounded(spec.max_step, account, wanted);
        let micro = i128::from(change.micro());
        up += micro.max(0);
        down += (-micro).max(0);
    }
    match up.cmp(&down) {
        Ordering::Greater => scale(1, up, down, accounts, result),
        Ordering::Less => scale(-1, down, up, accounts, result),
        Ordering::Equal => {}
    }
    up.min(down) > 0
}

/// A finite ratio; anything else does not judge.
fn judged(account: &AllocationView) -> Option<f64> {
    account.sharpe.filter(|sharpe| sharpe.is_finite())
}

/// `wanted` micro-units within the step and the account's bounds, whole.
fn bounded(max_step: f64, account: &AllocationView, wanted: f64) -> Amount {
    let margin = account.margin;
    let step = Amount::from_micro((max_step.max(0.0) * margin.micro() as f64).floor() as i64);
    let most = step.min(account.most - margin).max(Amount::ZERO);
    let least = step.min(margin - account.least).max(Amount::ZERO);
    // A float beyond an i64 saturates, which the bounds then bring back.
    Amount::from_micro(wanted.round() as i64).min(most).max(-least)
}

/// Scales the moves of sign `side`, which sum to `sum`, down to `goal`.
fn scale(side: i64, sum: i128, goal: i128, accounts: &[AllocationView], result: &mut Allocations) {
    result.order.clear();
    let mut odd = goal;
    for (account, change) in result.moves.iter_mut().enumerate() {
        let size = change.micro() * side;
        if size <= 0 {
            continue;
        }
        let product = i128::from(size) * goal;
        let whole = (product / sum) as i64;
        odd -= i128::from(whole);
        *change = Amount::from_micro(whole * side);
        let rank = accounts[account].sharpe.unwrap_or(0.0) * side as f64;
        result.order.push(Part { account, rest: product % sum, rank });
    }
    result.order.sort_unstable_by(|a, b| {
        (b.rest.cmp(&a.rest)).then(b.rank.total_cmp(&a.rank)).then(a.account.cmp(&b.account))
    });
    // Fewer odd units than rests above zero: no part grows beyond what it was.
    for part in result.order.iter().take(odd as usize) {
        result.moves[part.account] += Amount::from_micro(side);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn view(margin: f64, least: f64, most: f64, sharpe: Option<f64>) -> AllocationView {
        let usdc = Amount::round_usdc;
        AllocationView { margin: usdc(margin), least: usdc(least), most: usdc(most), sharpe }
    }

    fn moves(max_step: f64, accounts: &[AllocationView]) -> Vec<f64> {
        let mut result = Allocations::default();
        let moved = reallocate(&ReallocateSpec { max_step }, accounts, &mut result);
        assert_eq!(moved, result.moves.iter().any(|change| *change != Amount::ZERO));
        result.moves.iter().map(|change| change.usdc()).collect()
    }

    #[test]
    fn moves_worked_by_hand() {
        let free = |margin: f64, sharpe: f64| view(margin, 0.0, 1e9, Some(sharpe));
        // Step, accounts, moves.
        let rows: [(f64, Vec<AllocationView>, Vec<f64>); 9] = [
            // 200 shared 3 : 1 is 150 and 50.
            (1.0, vec![free(100.0, 3.0), free(100.0, 1.0)], vec![50.0, -50.0]),
            // A step of 10 % of 100 on both sides.
            (0.1, vec![free(100.0, 3.0), free(100.0, 1.0)], vec![10.0, -10.0]),
            // Steps of 30 up and 10 down: up is scaled to 10.
            (0.1, vec![free(300.0, 9.0), free(100.0, 0.1)], vec![10.0, -10.0]),
            // A ratio below zero counts as zero: all goes to the other, a step at a time.
            (0.2, vec![free(100.0, -5.0), free(50.0, 0.2)], vec![-10.0, 10.0]),
            // Nobody is above zero: nothing moves.
            (0.5, vec![free(100.0, -1.0), free(100.0, 0.0)], vec![0.0, 0.0]),
            // Who has no ratio stays, and its 500 are not shared out.
            (
                1.0,
                vec![free(100.0, 3.0), view(500.0, 0.0, 1e9, None), free(100.0, 1.0)],
                vec![50.0, 0.0, -50.0],
            ),
            // Least 80 and most 115: 20 may go, 15 may come: both 15.
            (
                1.0,
                vec![view(100.0, 0.0, 115.0, Some(3.0)), view(100.0, 80.0, 1e9, Some(1.0))],
                vec![15.0, -15.0],
            ),
            // Gains 30 and 10 for one loss of 20: scaled by half to 15 and 5.
            // T = 300, shares 130, 110, 60 by ratios 13 : 11 : 6.
            (
                1.0,
                vec![free(100.0, 13.0), free(100.0, 11.0), view(100.0, 80.0, 1e9, Some(6.0))],
                vec![15.0, 5.0, -20.0],
            ),
            // Above its most already: it neither gains nor is forced down beyond its step.
            (0.5, vec![view(100.0, 0.0, 50.0, Some(3.0)), free(100.0, 1.0)], vec![0.0, 0.0]),
        ];
        for (step, accounts, expected) in rows {
            assert_eq!(moves(step, &accounts), expected, "{step} {accounts:?}");
        }
    }

    #[test]
    fn odd_micro_units_go_to_the_better_and_leave_the_worse() {
        let micro = |margin: i64, least: i64, most: i64, sharpe: f64| AllocationView {
            margin: Amount::from_micro(margin),
            least: Amount::from_micro(least),
            most: Amount::from_micro(most),
            sharpe: Some(sharpe),
        };
        // Shares of 40: 16, 24 and 0. Gains of one and one (to their most), a loss of one (to its
        // least): the rests are equal.
        let accounts = [micro(10, 0, 11, 2.0), micro(10, 0, 11, 3.0), micro(20, 19, 20, 0.0)];
        let mut result = Allocations::default();
        assert!(reallocate(&ReallocateSpec { max_step: 1.0 }, &accounts, &mut result));
        let got: Vec<_> = result.moves.iter().map(|change| change.micro()).collect();
        assert_eq!(got, [0, 1, -1]);
        // One gain of 1, losses of 1 and 1 possible: the worse ratio loses it.
        let accounts = [micro(10, 0, 11, 9.0), micro(2, 0, 9, 0.2), micro(2, 0, 9, 0.1)];
        assert!(reallocate(&ReallocateSpec { max_step: 0.5 }, &accounts, &mut result));
        let got: Vec<_> = result.moves.iter().map(|change| change.micro()).collect();
        assert_eq!(got, [1, 0, -1]);
    }

    fn account() -> impl Strategy<Value = AllocationView> {
        let money = 0..2_000_000_000_000_i64;
        let sharpe = prop_oneof![3 => (-2.0..3.0).prop_map(Some), 1 => Just(None::<f64>)];
        (money.clone(), money.clone(), money, sharpe).prop_map(|(margin, a, b, sharpe)| {
            AllocationView {
                margin: Amount::from_micro(margin),
                least: Amount::from_micro(a.min(margin)),
                most: Amount::from_micro(b.max(margin)),
                sharpe,
            }
        })
    }

    proptest! {
        #[test]
        fn sum_bounds_and_steps_are_kept(
            accounts in prop::collection::vec(account(), 0..12),
            max_step in 0.0..1.5,
        ) {
            let mut result = Allocations::default();
            reallocate(&ReallocateSpec { max_step }, &accounts, &mut result);
            let sum: i128 = result.moves.iter().map(|change| i128::from(change.micro())).sum();
            prop_assert_eq!(sum, 0);
            for (account, change) in accounts.iter().zip(&result.moves) {
                let after = account.margin + *change;
                prop_assert!(after >= account.least && after <= account.most);
                let step = max_step * account.margin.micro() as f64;
                prop_assert!(change.micro().abs() as f64 <= step);
                prop_assert!(account.sharpe.is_some() || *change == Amount::ZERO);
            }
        }

        #[test]
        fn a_better_ratio_never_gets_less(
            ratios in prop::collection::vec(-1.0..3.0, 2..10),
            margin in 1..1_000_000_000_i64,
            max_step in 0.0..1.0,
            slack in 0.0..1.0_f64,
        ) {
            // Equal delegations and bounds: only the ratio tells the accounts apart.
            let least = Amount::from_micro((margin as f64 * slack) as i64);
            let most = Amount::from_micro(f64::ceil(margin as f64 * (2.0 - slack)) as i64);
            let margin = Amount::from_micro(margin);
            let accounts: Vec<_> = (ratios.iter())
                .map(|ratio| AllocationView { margin, least, most, sharpe: Some(*ratio) })
                .collect();
            let mut result = Allocations::default();
            reallocate(&ReallocateSpec { max_step }, &accounts, &mut result);
            for (a, gain) in ratios.iter().zip(&result.moves) {
                for (b, other) in ratios.iter().zip(&result.moves) {
                    prop_assert!(a <= b || gain >= other, "{a} {gain} {b} {other}");
                }
            }
        }

        #[test]
        fn the_order_of_the_list_does_not_matter(
            accounts in prop::collection::vec(account(), 2..10),
            turn in 1_usize..9,
            max_step in 0.0..1.0,
        ) {
            let mut turned = accounts.clone();
            turned.rotate_left(turn % accounts.len());
            turned.swap(0, 1);
            let (mut one, mut two) = (Allocations::default(), Allocations::default());
            reallocate(&ReallocateSpec { max_step }, &accounts, &mut one);
            reallocate(&ReallocateSpec { max_step }, &turned, &mut two);
            one.moves.rotate_left(turn % accounts.len());
            one.moves.swap(0, 1);
            // The sum of the weights is taken in the order of the list: a target may differ in
            // its last bits, 2e13 · 10 · 2^-53 = 0.03 micro-units, so by one after rounding; the
            // balancing passes one such unit on for each account.
            let allowed = accounts.len() as i64;
            for (a, b) in one.moves.iter().zip(&two.moves) {
                prop_assert!((a.micro() - b.micro()).abs() <= allowed, "{a} {b}");
            }
        }
    }
}
