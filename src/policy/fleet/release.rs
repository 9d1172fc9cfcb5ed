//! Release: on whom dry powder is spent when the venue has listed what it would liquidate.

use std::cmp::Reverse;

use crate::units::Amount;

/// How dry powder is spent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReleaseSpec {
    /// Health factor that a cure restores; above the level at which the venue liquidates.
    pub cure_hf: f64,
    /// Most that one cure takes; `None`: no such limit.
    pub max_per_cure: Option<Amount>,
    /// Most that all cures of one UTC day take; `None`: no such limit.
    pub max_per_day: Option<Amount>,
}

/// What the venue lists as due: its health E / MM is at or below `level`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DueView {
    /// Sub-account, for the caller.
    pub account: usize,
    /// An isolated position; `None`: the account's cross positions together.
    pub position: Option<usize>,
    /// Liquidation priority of the sub-account: 1 is given up first.
    pub priority: u32,
    /// Equity E, USDC.
    pub equity: f64,
    /// Maintenance requirement MM, USDC.
    pub maintenance: f64,
    /// Health factor at or below which the venue liquidates it.
    pub level: f64,
}

/// What kept a cure below what it wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseLimit {
    /// `max_per_cure`.
    Cure,
    /// What is left of `max_per_day`.
    Day,
    /// What is left of the dry powder.
    DryPowder,
}

/// Dry powder for one entry of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cure {
    /// Index in the list of what is due.
    pub due: usize,
    /// What it is given, above zero.
    pub amount: Amount,
    /// The limit that kept it below `cure_hf`; `None`: it got all it wanted.
    pub limit: Option<ReleaseLimit>,
}

/// What one list cost, and how often each limit had a say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReleaseOutcome {
    /// Sum of the cures.
    pub spent: Amount,
    /// Entries whose amount `max_per_cure` bounded, whether or not it still sufficed.
    pub capped_by_cure: u32,
    /// Entries whose amount the rest of the day bounded.
    pub capped_by_day: u32,
    /// Entries whose amount the rest of the dry powder bounded.
    pub exhausted: u32,
    /// Entries on which nothing was spent, because the bounded amount would not have lifted them
    /// above their level.
    pub too_dear: u32,
}

/// Fills `cures` with what dry powder does about `due`, in the order in which it is spent.
///
/// `left` is what the account of dry powder holds, `spent_today` what cures of this UTC day took.
/// Who would be liquidated last (the highest priority) is saved first, equal ones in the order of
/// the list. A cure wants `cure_hf·MM − E`, rounded up so that it suffices, and gets at most what
/// the limits leave. Where that would not lift the health strictly above `level` nothing is spent
/// and the next in order may be cheaper.
pub fn release(
    spec: &ReleaseSpec,
    left: Amount,
    spent_today: Amount,
    due: &[DueView],
    cures: &mut Vec<Cure>,
) -> ReleaseOutcome {
    cures.clear();
    cures.extend((0..due.len()).map(|due| Cure { due, amount: Amount::ZERO, limit: None }));
    cures.sort_unstable_by_key(|cure| (Reverse(due[cure.due].priority), cure.due));
    let mut outcome = ReleaseOutcome::default();
    cures.retain_mut(|cure| {
        let spent = spent_today + outcome.spent;
        let limits = Limits {
            cure: spec.max_per_cure,
            day: spec.max_per_day.map(|most| (most - spent).max(Amount::ZERO)),
            dry_powder: (left - outcome.spent).max(Amount::ZERO),
        };
        cure_one(spec.cure_hf, &due[cure.due], &limits, cure, &mut outcome)
    });
    outcome
}

/// What is left under each limit.
struct Limits {
    cure: Option<Amount>,
    day: Option<Amount>,
    dry_powder: Amount,
}

impl Limits {
    /// The tightest; of equal ones the first of: dry powder, day, cure.
    fn tightest(&self) -> (Amount, ReleaseLimit) {
        let mut least = (self.dry_powder, ReleaseLimit::DryPowder);
        for (amount, limit) in [(self.day, ReleaseLimit::Day), (self.cure, ReleaseLimit::Cure)] {
            if let Some(amount) = amount.filter(|amount| *amount < least.0) {
                least = (amount, limit);
            }
        }
        least
    }
}

/// Sizes one cure and counts it; whether anything is spent on it.
fn cure_one(
    cure_hf: f64,
    due: &DueView,
    limits: &Limits,
    cure: &mut Cure,
    outcome: &mut ReleaseOutcome,
) -> bool {
    let wanted_usdc = cure_hf * due.maintenance - due.equity;
    if due.maintenance <= 0.0 || wanted_usdc <= 0.0 {
        // No requirement, or already above what a cure restores.
        return false;
    }
    if !wanted_usdc.is_finite() {
        outcome.too_dear += 1;
        return false;
    }
    let (most, limit) = limits.tightest();
    // Compared before it is rounded, so that no wish is too large for an amount.
    if wanted_usdc > most.usdc() {
        cure.amount = most;
        cure.limit = Some(limit);
        *match limit {
            ReleaseLimit::Cure => &mut outcome.capped_by_cure,
            ReleaseLimit::Day => &mut outcome.capped_by_day,
            ReleaseLimit::DryPowder => &mut outcome.exhausted,
        } += 1;
    } else {
        cure.amount = Amount::ceil_usdc(wanted_usdc).min(most);
    }
    let health = (due.equity + cure.amount.usdc()) / due.maintenance;
    if health > due.level && cure.amount.is_positive() {
        outcome.spent += cure.amount;
        true
    } else {
        outcome.too_dear += 1;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usdc(value: f64) -> Amount {
        Amount::round_usdc(value)
    }

    fn due(priority: u32, equity: f64, maintenance: f64) -> DueView {
        DueView { account: 0, position: Some(0), priority, equity, maintenance, level: 1.05 }
    }

    const FREE: ReleaseSpec = ReleaseSpec { cure_hf: 1.5, max_per_cure: None, max_per_day: None };

    /// Three entries: wants 1.5·100 − 100 = 50, 1.5·200 − 180 = 120, 1.5·40 − 20 = 40. To stand
    /// strictly above 1.05 takes more than 5, 30 and 22.
    fn three() -> [DueView; 3] {
        [due(1, 100.0, 100.0), due(3, 180.0, 200.0), due(2, 20.0, 40.0)]
    }

    fn run(
        spec: ReleaseSpec,
        left: f64,
        today: f64,
        due: &[DueView],
    ) -> (Vec<Cure>, ReleaseOutcome) {
        let mut cures = vec![Cure { due: 9, amount: usdc(9.0), limit: None }];
        let outcome = release(&spec, usdc(left), usdc(today), due, &mut cures);
        (cures, outcome)
    }

    #[test]
    fn the_last_to_be_liquidated_is_saved_first() {
        // left, cures (entry, amount), exhausted, too dear
        type Row<'a> = (f64, &'a [(usize, f64)], u32, u32);
        let rows: [Row<'_>; 6] = [
            // Enough for all: 120 + 40 + 50 = 210.
            (300.0, &[(1, 120.0), (2, 40.0), (0, 50.0)], 0, 0),
            // 200 − 120 − 40 = 40 < 50, but above 5.
            (200.0, &[(1, 120.0), (2, 40.0), (0, 40.0)], 1, 0),
            // 130 − 120 = 10: not above 22 for the second, above 5 for the third.
            (130.0, &[(1, 120.0), (0, 10.0)], 2, 1),
            // 25: not above 30; above 22; nothing is left for the third.
            (25.0, &[(2, 25.0)], 3, 2),
            // 30 lifts the first to (180 + 30) / 200 = 1.05 exactly, which is still due.
            (30.0, &[(2, 30.0)], 3, 2),
            (0.0, &[], 3, 3),
        ];
        for (left, expected, exhausted, too_dear) in rows {
            let (cures, outcome) = run(FREE, left, 0.0, &three());
            let got: Vec<_> = cures.iter().map(|cure| (cure.due, cure.amount)).collect();
            let expected: Vec<_> = expected.iter().map(|(due, a)| (*due, usdc(*a))).collect();
            assert_eq!(got, expected, "{left}");
            let spent = expected.iter().fold(Amount::ZERO, |sum, cure| sum + cure.1);
            assert_eq!(outcome.spent, spent, "{left}");
            assert_eq!((outcome.exhausted, outcome.too_dear), (exhausted, too_dear), "{left}");
            assert_eq!((outcome.capped_by_cure, outcome.capped_by_day), (0, 0), "{left}");
        }
    }

    #[test]
    fn each_limit_is_told_apart() {
        // max per cure, per day, spent today → cures, capped by cure, by day, too dear
        type Row<'a> = (Option<f64>, Option<f64>, f64, &'a [(usize, f64)], (u32, u32, u32));
        let rows: [Row<'_>; 4] = [
            // 60 > 30, 40, 50: only the first wants more.
            (Some(60.0), None, 500.0, &[(1, 60.0), (2, 40.0), (0, 50.0)], (1, 0, 0)),
            // 20: too little for the first (30) and the second (22), enough for the third (5).
            (Some(20.0), None, 0.0, &[(0, 20.0)], (3, 0, 2)),
            // 200 − 60 = 140 of the day: 120, then 20 is too little, then 20 of 50.
            (None, Some(200.0), 60.0, &[(1, 120.0), (0, 20.0)], (0, 2, 1)),
            // More spent than the day allows (its limit was lowered): nothing.
            (None, Some(10.0), 60.0, &[], (0, 3, 3)),
        ];
        for (per_cure, per_day, today, expected, counts) in rows {
            let (max_per_cure, max_per_day) = (per_cure.map(usdc), per_day.map(usdc));
            let spec = ReleaseSpec { max_per_cure, max_per_day, ..FREE };
            let (cures, outcome) = run(spec, 1_000.0, today, &three());
            let got: Vec<_> = cures.iter().map(|cure| (cure.due, cure.amount)).collect();
            let expected: Vec<_> = expected.iter().map(|(due, a)| (*due, usdc(*a))).collect();
            assert_eq!(got, expected, "{spec:?}");
            let got = (outcome.capped_by_cure, outcome.capped_by_day, outcome.too_dear);
            assert_eq!((got, outcome.exhausted), (counts, 0), "{spec:?}");
        }
    }

    #[test]
    fn equal_priorities_go_in_the_order_of_the_list() {
        let list = [due(2, 100.0, 100.0), due(2, 90.0, 100.0), due(2, 95.0, 100.0)];
        let (cures, _) = run(FREE, 1_000.0, 0.0, &list);
        assert_eq!(cures.iter().map(|cure| cure.due).collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn a_cure_is_rounded_up_and_suffices() {
        // 1.5·0.0000003 − 0 = 0.00000045 USDC: one micro-unit, never none.
        let (cures, _) = run(FREE, 1.0, 0.0, &[due(1, 0.0, 3e-7)]);
        assert_eq!(cures, [Cure { due: 0, amount: Amount::from_micro(1), limit: None }]);
        // 1.5·333.333333 − 340 = 159.9999995 → 160.
        let (cures, _) = run(FREE, 1_000.0, 0.0, &[due(1, 340.0, 333.333_333)]);
        assert_eq!(cures[0].amount, usdc(160.0));
    }

    #[test]
    fn what_cannot_be_cured_takes_nothing() {
        let rows = [
            due(1, -1e300, 10.0),       // deeper than any amount
            due(1, f64::NAN, 10.0),     // never a number out of none
            due(1, 1.0, f64::INFINITY), // no amount suffices
        ];
        for row in rows {
            let (cures, outcome) = run(FREE, 1_000.0, 0.0, &[row]);
            assert_eq!((cures.len(), outcome.spent, outcome.too_dear), (0, Amount::ZERO, 1));
        }
        // Without a requirement, or above the cure, there is nothing to do.
        let (cures, outcome) = run(FREE, 1_000.0, 0.0, &[due(1, -5.0, 0.0), due(1, 200.0, 100.0)]);
        assert_eq!((cures.len(), outcome), (0, ReleaseOutcome::default()));
    }
}
