//! One look at the whole account.

use super::lend::{HoldingView, Lend, LendSpec};
use super::rebalance::{Cut, RebalanceSpec, ReservedView, cuts_for, gap_to};
use super::recall::{CountRecalled, LoanView, RecallSpec, in_flight};
use super::zones::{UtilisationBounds, UtilisationZone};
use crate::units::Amount;

/// How an agent balances its wallet.
#[derive(Clone, Debug, PartialEq)]
pub struct PrimeSpec {
    /// It looks once in so long, first one interval after the start.
    pub poll_ms: i64,
    /// From the decision to its effect.
    pub latency_ms: i64,
    /// Bounds of the zones.
    pub zones: UtilisationBounds,
    /// Recall, in orange and red.
    pub recall: Option<RecallSpec>,
    /// Reductions: in yellow of what is discretionary, in orange and red of what is reducible.
    pub rebalance: Option<RebalanceSpec>,
    /// Lending, in green, by asset; `None` for those that are not lent.
    pub lend: Vec<Option<LendSpec>>,
}

impl PrimeSpec {
    /// Whether it ever frees what is reserved or lent.
    pub const fn protects(&self) -> bool {
        self.recall.is_some() || self.rebalance.is_some()
    }
}

/// The account as its owner sees it. Orders in flight count as done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrimeView<'a> {
    /// Capital K, micro-USDC, rounded down; not above zero: nothing backs what is reserved.
    pub capital: Amount,
    /// Reserved R, micro-USDC, rounded up.
    pub reserved: Amount,
    /// R / K, unrounded; infinite without capital.
    pub utilisation: f64,
    /// Loans given.
    pub loans: &'a [LoanView],
    /// What R is made of.
    pub reservations: &'a [ReservedView],
    /// What could be lent, by asset.
    pub holdings: &'a [HoldingView],
}

/// What a look wants done. Kept by the caller and filled anew, so that looking allocates nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrimeActions {
    /// Loans to call back.
    pub recalls: Vec<usize>,
    /// Reservations to reduce.
    pub cuts: Vec<Cut>,
    /// Loans to give.
    pub lends: Vec<Lend>,
}

impl PrimeActions {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.recalls.is_empty() && self.cuts.is_empty() && self.lends.is_empty()
    }
}

/// Decides, and gives the zone that the account is in, coming from `before`.
pub fn decide_prime(
    spec: &PrimeSpec,
    before: UtilisationZone,
    view: &PrimeView<'_>,
    actions: &mut PrimeActions,
) -> UtilisationZone {
    actions.recalls.clear();
    actions.cuts.clear();
    actions.lends.clear();
    let zone = spec.zones.zone(view.utilisation, before);
    match zone {
        UtilisationZone::Green => lend(spec, view, actions),
        UtilisationZone::Yellow => {
            if let Some(rebalance) = &spec.rebalance {
                let gap = gap(view, rebalance.target);
                let may = |view: &ReservedView| view.discretionary;
                cuts_for(gap, view.reservations, may, &mut actions.cuts);
            }
        }
        UtilisationZone::Orange | UtilisationZone::Red => free_up(spec, view, actions),
    }
    zone
}

/// Orange and red: recalls for the gap, then reductions for what they do not cover.
fn free_up(spec: &PrimeSpec, view: &PrimeView<'_>, actions: &mut PrimeActions) {
    let Some(rebalance) = &spec.rebalance else {
        // Without a rebalance there is no target: recall back to the edge of yellow.
        if let Some(recall) = &spec.recall {
            let gap = gap(view, spec.zones.yellow);
            recall.choose(gap, view.loans, &mut actions.recalls);
        }
        return;
    };
    let gap = gap(view, rebalance.target);
    let mut counted = Amount::ZERO;
    if let Some(recall) = &spec.recall {
        recall.choose(gap, view.loans, &mut actions.recalls);
        if recall.count == CountRecalled::AtRequest {
            counted = in_flight(view.loans);
            for loan in view.loans.iter().filter(|loan| actions.recalls.contains(&loan.loan)) {
                counted += loan.value;
            }
        }
    }
    let may = |view: &ReservedView| view.reducible || view.discretionary;
    cuts_for(gap - counted, view.reservations, may, &mut actions.cuts);
}

/// What must be freed to come back to `target`.
fn gap(view: &PrimeView<'_>, target: f64) -> Amount {
    gap_to(target, view.capital, view.reserved)
}

fn lend(spec: &PrimeSpec, view: &PrimeView<'_>, actions: &mut PrimeActions) {
    for holding in view.holdings {
        let lending = spec.lend.get(holding.asset).and_then(Option::as_ref);
        actions.lends.extend(lending.and_then(|lending| lending.choose(holding)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::rebalance::Reserve;
    use super::*;
    use crate::units::time::DAY_MS;

    fn usdc(value: f64) -> Amount {
        Amount::from_micro((value * 1e6).round() as i64)
    }

    fn spec(count: CountRecalled) -> PrimeSpec {
        PrimeSpec {
            poll_ms: 30_000,
            latency_ms: 0,
            zones: UtilisationBounds::default(),
            recall: Some(RecallSpec { count, short_notice_ms: DAY_MS }),
            rebalance: Some(RebalanceSpec { target: 0.55 }),
            lend: vec![Some(LendSpec { max_share: 0.4, min_loan: usdc(1.0), min_rate: 0.05 })],
        }
    }

    fn view<'a>(
        reserved: f64,
        loans: &'a [LoanView],
        reservations: &'a [ReservedView],
        holdings: &'a [HoldingView],
    ) -> PrimeView<'a> {
        PrimeView {
            capital: usdc(100.0),
            reserved: usdc(reserved),
            utilisation: reserved / 100.0,
            loans,
            reservations,
            holdings,
        }
    }

    fn position(index: usize, reserved: f64, discretionary: bool) -> ReservedView {
        let of = Reserve::Position(index);
        ReservedView { of, reserved: usdc(reserved), reducible: !discretionary, discretionary }
    }

    fn cut(index: usize, part: f64, whole: f64) -> Cut {
        Cut { of: Reserve::Position(index), part: usdc(part), whole: usdc(whole) }
    }

    #[test]
    fn utilisation_of_80_percent_is_brought_to_55_by_reducing_the_smallest_first() {
        let reservations =
            [position(0, 45.0, false), position(1, 5.0, false), position(2, 30.0, false)];
        let mut actions = PrimeActions::default();
        let spec = PrimeSpec { recall: None, ..spec(CountRecalled::AtArrival) };
        let view = view(80.0, &[], &reservations, &[]);
        let zone = decide_prime(&spec, UtilisationZone::Green, &view, &mut actions);
        assert_eq!(zone, UtilisationZone::Orange);
        // 80 − 55 = 25 = all 5 and 20 of 30, exactly two thirds.
        assert_eq!(actions.cuts, [cut(1, 5.0, 5.0), cut(2, 20.0, 30.0)]);
    }

    #[test]
    fn recalled_money_counts_at_request_or_at_arrival() {
        let loans = [
            LoanView { loan: 0, value: usdc(18.0), notice_ms: DAY_MS, recalled: false },
            LoanView { loan: 1, value: usdc(4.0), notice_ms: DAY_MS, recalled: true },
        ];
        let reservations = [position(0, 80.0, false)];
        let view = view(80.0, &loans, &reservations, &[]);
        // Gap 25, of which 4 are on their way and 18 are called: 3 left, or all 25 for now.
        for (count, part) in [(CountRecalled::AtRequest, 3.0), (CountRecalled::AtArrival, 25.0)] {
            let mut actions = PrimeActions::default();
            decide_prime(&spec(count), UtilisationZone::Green, &view, &mut actions);
            assert_eq!(actions.recalls, [0], "{count:?}");
            assert_eq!(actions.cuts, [cut(0, part, 80.0)], "{count:?}");
        }
    }

    #[test]
    fn yellow_reduces_what_is_discretionary_and_recalls_nothing() {
        let loans = [LoanView { loan: 0, value: usdc(18.0), notice_ms: DAY_MS, recalled: false }];
        let reservations = [position(0, 60.0, false), position(1, 5.0, true)];
        let mut actions = PrimeActions::default();
        // 42 and 23 of 100: 65 %, the published picture of yellow.
        let view = view(65.0, &loans, &reservations, &[]);
        let spec = spec(CountRecalled::AtRequest);
        let zone = decide_prime(&spec, UtilisationZone::Green, &view, &mut actions);
        assert_eq!(zone, UtilisationZone::Yellow);
        assert!(actions.recalls.is_empty() && actions.lends.is_empty());
        assert_eq!(actions.cuts, [cut(1, 5.0, 5.0)]);
    }

    #[test]
    fn green_lends_what_lies_idle() {
        let holding = HoldingView {
            asset: 0,
            idle: usdc(500.0),
            held: usdc(500.0),
            lent: Amount::ZERO,
            price: 1e-6,
            rate: 0.094,
        };
        let mut actions = PrimeActions::default();
        let view = view(10.0, &[], &[], std::slice::from_ref(&holding));
        decide_prime(&spec(CountRecalled::AtArrival), UtilisationZone::Green, &view, &mut actions);
        assert_eq!(actions.lends, [Lend { asset: 0, amount: usdc(200.0) }]);
        assert!(actions.recalls.is_empty() && actions.cuts.is_empty());
    }

    #[test]
    fn without_capital_everything_reducible_goes() {
        let reservations = [position(0, 7.0, false), position(1, 3.0, false)];
        let mut actions = PrimeActions::default();
        let mut view = view(10.0, &[], &reservations, &[]);
        (view.capital, view.utilisation) = (usdc(-1.0), f64::INFINITY);
        let spec = spec(CountRecalled::AtArrival);
        let zone = decide_prime(&spec, UtilisationZone::Green, &view, &mut actions);
        assert_eq!(zone, UtilisationZone::Red);
        assert_eq!(actions.cuts, [cut(1, 3.0, 3.0), cut(0, 7.0, 7.0)]);
    }
}
