//! Recall: which loans to call back.

use crate::units::Amount;

/// Since when recalled money counts as free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountRecalled {
    /// Since it was asked for. What has not arrived when it is needed is a shortfall.
    AtRequest,
    /// Since it has arrived.
    AtArrival,
}

/// Parameters of the recall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecallSpec {
    /// Since when recalled money counts.
    pub count: CountRecalled,
    /// Loans of at most this notice are called first.
    pub short_notice_ms: i64,
}

/// A loan that the agent has given, as it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoanView {
    /// Index for the caller.
    pub loan: usize,
    /// What is lent, at its mark.
    pub value: Amount,
    /// Notice of a recall.
    pub notice_ms: i64,
    /// Already called back, not yet arrived.
    pub recalled: bool,
}

impl RecallSpec {
    /// Adds to `chosen` the loans to call back for `gap`: short notice first, then the smaller,
    /// then the order given, until recalls in flight and these together cover it.
    pub fn choose(&self, gap: Amount, loans: &[LoanView], chosen: &mut Vec<usize>) {
        let in_flight = in_flight(loans);
        let mut need = gap - in_flight;
        if need <= Amount::ZERO {
            return;
        }
        // Few loans, and no allocation: the next in order is searched for each time.
        let key = |loan: &LoanView| (loan.notice_ms > self.short_notice_ms, loan.value, loan.loan);
        let mut last = None;
        while need > Amount::ZERO {
            let next = (loans.iter())
                .filter(|loan| !loan.recalled && last.is_none_or(|last| key(loan) > last))
                .min_by_key(|loan| key(loan));
            let Some(loan) = next else { return };
            last = Some(key(loan));
            chosen.push(loan.loan);
            need -= loan.value;
        }
    }
}

/// What has been called back and not arrived.
pub(super) fn in_flight(loans: &[LoanView]) -> Amount {
    let recalled = loans.iter().filter(|loan| loan.recalled);
    recalled.fold(Amount::ZERO, |sum, loan| sum + loan.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::time::DAY_MS;

    fn usdc(value: i64) -> Amount {
        Amount::from_micro(value * 1_000_000)
    }

    fn loan(loan: usize, value: i64, days: i64, recalled: bool) -> LoanView {
        LoanView { loan, value: usdc(value), notice_ms: days * DAY_MS, recalled }
    }

    #[test]
    fn short_notice_first_then_the_smallest_until_the_gap_is_covered() {
        let spec = RecallSpec { count: CountRecalled::AtArrival, short_notice_ms: DAY_MS };
        let loans = [
            loan(0, 300, 1, false),
            loan(1, 100, 1, false),
            loan(2, 50, 7, false),
            loan(3, 100, 1, false),
            loan(4, 80, 1, true),
        ];
        // (gap, chosen): 80 are on their way already.
        let rows: [(i64, &[usize]); 6] = [
            (80, &[]),
            (81, &[1]),
            (180, &[1]),
            (181, &[1, 3]),
            (580, &[1, 3, 0]),
            (10_000, &[1, 3, 0, 2]),
        ];
        for (gap, expected) in rows {
            let mut chosen = Vec::new();
            spec.choose(usdc(gap), &loans, &mut chosen);
            assert_eq!(chosen, expected, "gap {gap}");
        }
    }
}
