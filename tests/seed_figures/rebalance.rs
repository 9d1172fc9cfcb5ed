//! Zones of utilisation, recall and rebalance.

use drypowder::policy::{
    CountRecalled, Cut, LoanView, PrimeActions, PrimeSpec, PrimeView, RebalanceSpec, RecallSpec,
    Reserve, ReservedView, UtilisationBounds, UtilisationZone, decide_prime,
};
use drypowder::units::Amount;
use drypowder::units::time::{DAY_MS, HOUR_MS};

use crate::desk::usdc;

fn spec(count: CountRecalled) -> PrimeSpec {
    PrimeSpec {
        poll_ms: 30_000,
        latency_ms: 0,
        zones: UtilisationBounds::default(),
        recall: Some(RecallSpec { count, short_notice_ms: 24 * HOUR_MS }),
        rebalance: Some(RebalanceSpec { target: 0.55 }),
        lend: Vec::new(),
    }
}

/// One look at an account with 100 USDC of which the positions reserve so much each.
fn look(
    spec: &PrimeSpec,
    positions: &[f64],
    loans: &[LoanView],
) -> (UtilisationZone, PrimeActions) {
    let reservations: Vec<ReservedView> = (positions.iter().enumerate())
        .map(|(index, reserved)| ReservedView {
            of: Reserve::Position(index),
            reserved: usdc(*reserved),
            reducible: true,
            discretionary: false,
        })
        .collect();
    let reserved: f64 = positions.iter().sum();
    let view = PrimeView {
        capital: usdc(100.0),
        reserved: usdc(reserved),
        utilisation: reserved / 100.0,
        loans,
        reservations: &reservations,
        holdings: &[],
    };
    let mut actions = PrimeActions::default();
    let zone = decide_prime(spec, UtilisationZone::Green, &view, &mut actions);
    (zone, actions)
}

fn loan(loan: usize, value: f64, notice_ms: i64) -> LoanView {
    LoanView { loan, value: usdc(value), notice_ms, recalled: false }
}

fn cut(index: usize, part: f64, whole: f64) -> Cut {
    Cut { of: Reserve::Position(index), part: usdc(part), whole: usdc(whole) }
}

#[test]
fn zones_are_green_to_60_yellow_to_75_orange_to_85_percent_then_red() {
    use UtilisationZone::{Green, Orange, Red, Yellow};
    let rows = [
        (0.0, Green),
        (0.599, Green),
        (0.60, Yellow),
        (0.65, Yellow),
        (0.749, Yellow),
        (0.75, Orange),
        (0.849, Orange),
        (0.85, Red),
        (1.0, Red),
    ];
    for (utilisation, zone) in rows {
        let got = UtilisationBounds::default().zone(utilisation, Green);
        assert_eq!(got, zone, "{utilisation}");
    }
}

/// Nothing behind what is reserved counts as fully used, and more.
#[test]
fn an_empty_wallet_with_something_reserved_is_red() {
    let utilisation = drypowder::venue::exchange::margin::utilisation(1.0, 0.0);
    assert!(utilisation >= 1.0);
    let zone = UtilisationBounds::default().zone(utilisation, UtilisationZone::Green);
    assert_eq!(zone, UtilisationZone::Red);
}

/// .80 − .55 of 100 is 25: all of the 10, then 15 of the 20, three quarters; the 50 stay.
#[test]
fn utilisation_of_80_percent_is_brought_to_55_by_reducing_the_smallest_first() {
    let (zone, actions) = look(&spec(CountRecalled::AtArrival), &[50.0, 10.0, 20.0], &[]);
    assert_eq!(zone, UtilisationZone::Orange);
    assert_eq!(actions.cuts, [cut(1, 10.0, 10.0), cut(2, 15.0, 20.0)]);
    let freed = actions.cuts.iter().fold(Amount::ZERO, |sum, cut| sum + cut.part);
    assert_eq!((80.0 - freed.usdc()) / 100.0, 0.55);
}

/// 25 of 30 is five sixths, not 83.33 %: what is freed is exact.
#[test]
fn a_part_is_an_exact_fraction() {
    let (_, actions) = look(&spec(CountRecalled::AtArrival), &[50.0, 30.0], &[]);
    assert_eq!(actions.cuts, [cut(1, 25.0, 30.0)]);
}

/// In orange 25 are wanted: the loans of 5 and 20 cover them, no position is touched where recalled
/// money counts at once.
#[test]
fn loans_are_recalled_before_positions_are_reduced() {
    let loans = [loan(0, 40.0, DAY_MS), loan(1, 5.0, DAY_MS), loan(2, 20.0, DAY_MS)];
    let (_, actions) = look(&spec(CountRecalled::AtRequest), &[80.0], &loans);
    assert_eq!(actions.recalls, [1, 2]);
    assert_eq!(actions.cuts, []);
    // 26 wanted: the third as well.
    let (_, actions) = look(&spec(CountRecalled::AtRequest), &[81.0], &loans);
    assert_eq!(actions.recalls, [1, 2, 0]);
}

/// A loan with a notice of more than 24 hours comes after all others, small as it may be.
#[test]
fn loans_of_at_most_24_hours_of_notice_are_recalled_first() {
    let loans =
        [loan(0, 1.0, 24 * HOUR_MS + 1), loan(1, 30.0, 24 * HOUR_MS), loan(2, 10.0, HOUR_MS)];
    let (_, actions) = look(&spec(CountRecalled::AtRequest), &[80.0], &loans);
    assert_eq!(actions.recalls, [2, 1]);
    // 45 wanted of 41: now that one too, and 4 of the position.
    let (_, actions) = look(&spec(CountRecalled::AtRequest), &[100.0], &loans);
    assert_eq!(actions.recalls, [2, 1, 0]);
    assert_eq!(actions.cuts, [cut(0, 4.0, 100.0)]);
}

/// 65 % and no more: nothing is recalled, nothing reduced that is not discretionary.
#[test]
fn in_yellow_only_what_is_discretionary_is_reduced() {
    let loans = [loan(0, 20.0, DAY_MS)];
    let (zone, actions) = look(&spec(CountRecalled::AtRequest), &[42.0, 23.0], &loans);
    assert_eq!(zone, UtilisationZone::Yellow);
    assert!(actions.is_empty());
}
