//! Rebalance: which positions and obligations to reduce, smallest reserved margin first.

use crate::units::Amount;

/// Parameters of the rebalance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RebalanceSpec {
    /// Utilisation to come back to.
    pub target: f64,
}

/// What reserves money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reserve {
    /// A position, by its index.
    Position(usize),
    /// An escrow obligation that may be reduced by agreement, by its index.
    Obligation(usize),
}

/// One of the agent's reservations, as it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReservedView {
    /// What it is.
    pub of: Reserve,
    /// What it reserves, orders in flight counting as done.
    pub reserved: Amount,
    /// May be reduced in orange and red.
    pub reducible: bool,
    /// May be reduced in yellow.
    pub discretionary: bool,
}

/// How much of a reservation to give up: `part / whole` of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// What to reduce.
    pub of: Reserve,
    /// What is to be freed.
    pub part: Amount,
    /// What it reserves.
    pub whole: Amount,
}

/// What must be freed to come back to `target`: R − target·K, rounded up; all of R without
/// capital.
pub(in crate::policy) fn gap_to(target: f64, capital: Amount, reserved: Amount) -> Amount {
    let kept = target * capital.max(Amount::ZERO).micro() as f64;
    (reserved - Amount::from_micro(kept.floor() as i64)).max(Amount::ZERO)
}

/// Adds to `cuts` what frees `gap` out of the reservations that `may` name: the smallest first,
/// equal ones in the order given.
pub(super) fn cuts_for(
    gap: Amount,
    reserved: &[ReservedView],
    may: impl Fn(&ReservedView) -> bool,
    cuts: &mut Vec<Cut>,
) {
    let mut need = gap;
    let mut last = None;
    while need > Amount::ZERO {
        let next = (reserved.iter().enumerate())
            .filter(|(_, view)| may(view) && view.reserved > Amount::ZERO)
            .map(|(index, view)| ((view.reserved, index), view.of))
            .filter(|(key, _)| last.is_none_or(|last| *key > last))
            .min_by_key(|(key, _)| *key);
        let Some((key, of)) = next else { return };
        last = Some(key);
        let part = key.0.min(need);
        cuts.push(Cut { of, part, whole: key.0 });
        need -= part;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usdc(value: i64) -> Amount {
        Amount::from_micro(value * 1_000_000)
    }

    #[test]
    fn the_smallest_are_reduced_first_and_the_last_in_part() {
        let view = |index: usize, value: i64, reducible: bool| ReservedView {
            of: Reserve::Position(index),
            reserved: usdc(value),
            reducible,
            discretionary: false,
        };
        let reserved = [view(0, 40, true), view(1, 10, true), view(2, 20, true), view(3, 5, false)];
        let mut cuts = Vec::new();
        // 80 reserved of 100, back to 55: 25 = 10 + 15 of 20.
        cuts_for(usdc(25), &reserved, |view| view.reducible, &mut cuts);
        let expected = [
            Cut { of: Reserve::Position(1), part: usdc(10), whole: usdc(10) },
            Cut { of: Reserve::Position(2), part: usdc(15), whole: usdc(20) },
        ];
        assert_eq!(cuts, expected);
        cuts.clear();
        cuts_for(usdc(1_000), &reserved, |view| view.reducible, &mut cuts);
        assert_eq!(cuts.iter().map(|cut| cut.part).fold(Amount::ZERO, |a, b| a + b), usdc(70));
    }
}
