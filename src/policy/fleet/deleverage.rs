//! Zones of the fleet's utilisation: when nothing new is drawn, and what is closed in a crisis.

use super::super::prime::{RebalanceSpec, Reserve, UtilisationBounds, UtilisationZone, gap_to};
use crate::units::Amount;

/// What the coordinator does as the fleet's utilisation rises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FleetZonesSpec {
    /// It looks once in so long, first one interval after the start.
    pub poll_ms: i64,
    /// From the decision to its effect.
    pub latency_ms: i64,
    /// Bounds of the zones.
    pub zones: UtilisationBounds,
    /// In red: what is closed brings utilisation back to its target; `None`: nothing is closed.
    pub deleverage: Option<RebalanceSpec>,
}

/// The fleet as its coordinator sees it. Orders in flight count as done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FleetView<'a> {
    /// Σ capital of coordinator (dry powder in it) and sub-accounts, rounded down.
    pub capital: Amount,
    /// Σ reserved, rounded up.
    pub reserved: Amount,
    /// Σ reserved / Σ capital, unrounded; infinite without capital.
    pub utilisation: f64,
    /// What may be closed.
    pub reservations: &'a [FleetReservedView],
}

/// Something of a sub-account that reserves money and may be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FleetReservedView {
    /// Sub-account.
    pub account: usize,
    /// Its liquidation priority: 1 is given up first.
    pub priority: u32,
    /// What it is.
    pub of: Reserve,
    /// What it reserves, orders in flight counting as done.
    pub reserved: Amount,
}

/// How much of a reservation to give up: `part / whole` of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FleetCut {
    /// Index in the list of reservations.
    pub reservation: usize,
    /// What is to be freed.
    pub part: Amount,
    /// What it reserves.
    pub whole: Amount,
}

impl FleetZonesSpec {
    /// Whether sub-accounts may draw anything new in `zone`: not from orange on.
    pub fn may_draw(zone: UtilisationZone) -> bool {
        zone < UtilisationZone::Orange
    }
}

/// Decides, and gives the zone that the fleet is in, coming from `before`.
///
/// In red `cuts` frees R − target·K: sub-accounts in ascending priority (equal ones by index), in
/// each what reserves least first, the last by the exact fraction.
pub fn decide_fleet(
    spec: &FleetZonesSpec,
    before: UtilisationZone,
    view: &FleetView<'_>,
    cuts: &mut Vec<FleetCut>,
) -> UtilisationZone {
    cuts.clear();
    let zone = spec.zones.zone(view.utilisation, before);
    if let Some(deleverage) = spec.deleverage.filter(|_| zone == UtilisationZone::Red) {
        let gap = gap_to(deleverage.target, view.capital, view.reserved);
        cuts_for(gap, view.reservations, cuts);
    }
    zone
}

fn cuts_for(gap: Amount, reservations: &[FleetReservedView], cuts: &mut Vec<FleetCut>) {
    cuts.extend((reservations.iter().enumerate()).filter_map(|(reservation, view)| {
        let whole = view.reserved;
        whole.is_positive().then_some(FleetCut { reservation, part: Amount::ZERO, whole })
    }));
    cuts.sort_unstable_by_key(|cut| {
        let view = &reservations[cut.reservation];
        (view.priority, view.account, view.reserved, cut.reservation)
    });
    let mut need = gap;
    cuts.retain_mut(|cut| {
        cut.part = cut.whole.min(need);
        need -= cut.part;
        cut.part.is_positive()
    });
}

#[cfg(test)]
mod tests {
    use super::UtilisationZone::{Green, Orange, Red, Yellow};
    use super::*;

    fn usdc(value: i64) -> Amount {
        Amount::from_micro(value * 1_000_000)
    }

    fn spec(target: Option<f64>) -> FleetZonesSpec {
        FleetZonesSpec {
            poll_ms: 30_000,
            latency_ms: 50,
            zones: UtilisationBounds::default(),
            deleverage: target.map(|target| RebalanceSpec { target }),
        }
    }

    /// Account, priority, reserved.
    const FLEET: [(usize, u32, i64); 6] =
        [(0, 2, 10), (1, 1, 30), (1, 1, 20), (2, 3, 5), (3, 1, 8), (0, 2, 0)];

    fn decided(
        target: Option<f64>,
        reserved: i64,
        capital: i64,
    ) -> (UtilisationZone, Vec<(usize, i64, i64)>) {
        let reservations = FLEET.map(|(account, priority, reserved)| FleetReservedView {
            account,
            priority,
            of: Reserve::Position(0),
            reserved: usdc(reserved),
        });
        let utilisation =
            if capital > 0 { reserved as f64 / capital as f64 } else { f64::INFINITY };
        let (capital, reserved) = (usdc(capital), usdc(reserved));
        let view = FleetView { capital, reserved, utilisation, reservations: &reservations };
        let mut cuts = vec![FleetCut { reservation: 9, part: usdc(1), whole: usdc(1) }];
        let zone = decide_fleet(&spec(target), Green, &view, &mut cuts);
        let micro = |amount: Amount| amount.micro() / 1_000_000;
        (
            zone,
            cuts.iter().map(|cut| (cut.reservation, micro(cut.part), micro(cut.whole))).collect(),
        )
    }

    #[test]
    fn in_red_the_first_to_be_given_up_are_closed_back_to_the_target() {
        // Reserved 73 in all: accounts 1 (20, 30) and 3 (8) of priority 1, 0 (10), then 2 (5).
        // target, reserved, capital, zone, cuts (reservation, part, whole)
        type Row<'a> = (Option<f64>, i64, i64, UtilisationZone, &'a [(usize, i64, i64)]);
        let rows: [Row<'_>; 8] = [
            // 73/80 = .9125; gap 73 − .55·80 = 29 = 20 + 9 of 30.
            (Some(0.55), 73, 80, Red, &[(2, 20, 20), (1, 9, 30)]),
            // gap 73 − .2·80 = 57 = 20 + 30 + 7 of 8.
            (Some(0.2), 73, 80, Red, &[(2, 20, 20), (1, 30, 30), (4, 7, 8)]),
            // gap 73 − .05·80 = 69 = 20 + 30 + 8 + 10 + 1 of 5.
            (
                Some(0.05),
                73,
                80,
                Red,
                &[(2, 20, 20), (1, 30, 30), (4, 8, 8), (0, 10, 10), (3, 1, 5)],
            ),
            // No capital: everything goes.
            (
                Some(0.55),
                73,
                0,
                Red,
                &[(2, 20, 20), (1, 30, 30), (4, 8, 8), (0, 10, 10), (3, 5, 5)],
            ),
            (None, 73, 80, Red, &[]),
            // 73/90 = .811, 73/100 = .73, 73/200 = .365: nothing is closed.
            (Some(0.55), 73, 90, Orange, &[]),
            (Some(0.55), 73, 100, Yellow, &[]),
            (Some(0.55), 73, 200, Green, &[]),
        ];
        for (target, reserved, capital, zone, cuts) in rows {
            assert_eq!(
                decided(target, reserved, capital),
                (zone, cuts.to_vec()),
                "{target:?} {capital}"
            );
        }
    }

    #[test]
    fn nothing_new_is_drawn_from_orange_on() {
        let got = UtilisationZone::ALL.map(FleetZonesSpec::may_draw);
        assert_eq!(got, [true, true, false, false]);
    }

    #[test]
    fn hysteresis_of_the_fleet() {
        let bounds = UtilisationBounds { hysteresis: 0.05, ..UtilisationBounds::default() };
        let spec = FleetZonesSpec { zones: bounds, ..spec(Some(0.55)) };
        let view = FleetView {
            capital: usdc(100),
            reserved: usdc(82),
            utilisation: 0.82,
            reservations: &[],
        };
        // .82 ≥ .85 − .05: still red coming from red, orange coming from green.
        assert_eq!(decide_fleet(&spec, Red, &view, &mut Vec::new()), Red);
        assert_eq!(decide_fleet(&spec, Green, &view, &mut Vec::new()), Orange);
    }
}
