//! One loan and the states that it goes through.

use super::interest::Accrual;
use super::spec::{LoanSpec, Party, Response};
use crate::units::Amount;
use crate::units::time::{DAY_MS, NEVER_MS};
use crate::venue::spot::units;

/// A loan of one path: its slot, and its number, which no other loan of the path has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoanId {
    pub(super) slot: usize,
    pub(super) number: u32,
}

impl LoanId {
    /// Its number, in the order of opening.
    pub const fn number(self) -> u32 {
        self.number
    }
}

/// Where a loan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Runs.
    Active,
    /// Was asked back; notice runs.
    Recalled,
    /// Came back with its interest.
    Returned,
    /// Was not returned after a recall; the collateral bought it back.
    BoughtIn,
    /// Lacked collateral; enough of it was sold to pay the lender.
    Liquidated,
    /// The collateral did not suffice; the rest is the lender's loss.
    Defaulted,
}

impl State {
    /// Whether a loan can go from here to there.
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (
                Self::Active,
                Self::Recalled | Self::Returned | Self::Liquidated | Self::Defaulted,
            ) => true,
            (Self::Recalled, next) => !matches!(next, Self::Active | Self::Recalled),
            _ => false,
        }
    }

    /// Whether nothing is lent any more.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Active | Self::Recalled)
    }

    /// Lower-case name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Recalled => "recalled",
            Self::Returned => "returned",
            Self::BoughtIn => "bought in",
            Self::Liquidated => "liquidated",
            Self::Defaulted => "defaulted",
        }
    }
}

/// A recall under way.
///
/// Its three random numbers are drawn at the recall, so that they depend on nothing that comes
/// later; what they are compared with is the storm that holds at each instant of the notice and
/// at the deadline, since it is a crash within the notice that keeps a borrower from returning.
#[derive(Clone, Copy, Debug)]
pub struct Recall {
    /// When it was made.
    pub made_ms: i64,
    /// When the loan is due.
    pub deadline_ms: i64,
    /// Exponential of mean 1: returned early when the hazard has added up to it.
    threshold: f64,
    /// What the hazard has added up to.
    reached: f64,
    /// Up to here.
    since_ms: i64,
    /// Hazard a day from there on.
    hazard: f64,
    /// Uniform: not returned when it lies below the probability of failure.
    failure: f64,
    /// Uniform: not returned when it lies below the probability of a shock.
    shock: f64,
}

impl Recall {
    pub(super) fn new(
        now_ms: i64,
        notice_ms: i64,
        hazard: f64,
        [threshold, failure, shock]: [f64; 3],
    ) -> Self {
        Self {
            made_ms: now_ms,
            deadline_ms: now_ms.saturating_add(notice_ms),
            threshold,
            reached: 0.0,
            since_ms: now_ms,
            hazard,
            failure,
            shock,
        }
    }

    /// From now on another hazard holds.
    pub(super) fn set_hazard(&mut self, now_ms: i64, hazard: f64) {
        let return_ms = self.return_ms();
        if return_ms <= now_ms && return_ms < self.deadline_ms {
            self.reached = self.threshold; // rounding must not undo a return that has come due
            self.since_ms = now_ms;
        }
        self.reached += self.hazard * ((now_ms - self.since_ms) as f64 / DAY_MS as f64);
        self.since_ms = now_ms;
        self.hazard = hazard;
    }

    /// When it is returned, if the hazard stays: the deadline at the latest.
    pub(super) fn return_ms(&self) -> i64 {
        if self.hazard <= 0.0 && self.reached < self.threshold {
            return self.deadline_ms;
        }
        let days = ((self.threshold - self.reached) / self.hazard).max(0.0);
        let wait_ms = (days * DAY_MS as f64).ceil() as i64;
        self.since_ms.saturating_add(wait_ms).min(self.deadline_ms)
    }

    /// Whether an outside borrower does not return at the deadline.
    pub(super) fn fails(&self, failure: &Response, drawdown: f64, utilisation: f64) -> bool {
        self.failure < failure.probability(drawdown, utilisation)
    }

    /// Whether a shock of this probability keeps it from being returned.
    pub(super) fn fails_by(&self, shock: f64) -> bool {
        self.shock < shock
    }
}

/// A call for collateral under way.
#[derive(Clone, Copy, Debug)]
pub struct CollateralCall {
    /// When the collateral is sold unless the loan is covered again.
    pub expires_ms: i64,
    /// Uniform: an outside borrower cures when it lies below the probability.
    pub(super) cure: f64,
}

/// One loan.
#[derive(Clone, Debug)]
pub struct Loan {
    /// Who and where.
    pub id: LoanId,
    /// As agreed.
    pub spec: LoanSpec,
    /// Where it stands.
    pub state: State,
    /// When it was opened.
    pub opened_ms: i64,
    /// Its interest.
    pub accrual: Accrual,
    /// When interest is paid next.
    pub next_interest_ms: i64,
    /// The recall, while recalled.
    pub recall: Option<Recall>,
    /// The call for collateral, if any.
    pub call: Option<CollateralCall>,
    /// Collateral ratio of the opening, which an outside borrower's cure restores.
    pub(super) opening_ratio: f64,
    /// What its own random numbers are keyed by.
    pub(super) seed: u64,
    /// Calls for collateral so far.
    pub(super) calls: u64,
}

impl Loan {
    /// The principal in units of its asset.
    #[inline]
    pub fn principal_units(&self) -> f64 {
        units(self.spec.asset, self.spec.amount)
    }

    /// Interest owed, in units of its asset, unrounded.
    #[inline]
    pub fn interest_units(&self, now_ms: i64) -> f64 {
        self.accrual.owed(self.principal_units(), now_ms)
    }

    /// Principal and interest, in units of its asset.
    #[inline]
    pub fn debt_units(&self, now_ms: i64) -> f64 {
        self.principal_units() + self.interest_units(now_ms)
    }

    /// The agent that it belongs to in the order of an instant: the lender, else the borrower.
    pub(super) fn owner(&self) -> usize {
        let agent = self.spec.lender.agent().or(self.spec.borrower.agent());
        agent.expect("opening refuses a loan between two outsiders")
    }

    /// The next instant at which something of it falls due.
    pub(super) fn due_ms(&self) -> i64 {
        let call = self.call.map_or(NEVER_MS, |call| call.expires_ms);
        self.own_due_ms().min(call)
    }

    /// The same, without a call for collateral that ended by `now_ms`.
    pub(super) fn due_beside_call_ms(&self, now_ms: i64) -> i64 {
        let call = self.call.map_or(NEVER_MS, |call| call.expires_ms);
        let call = if call <= now_ms { NEVER_MS } else { call };
        self.own_due_ms().min(call)
    }

    /// Interest, and the end of a recall.
    fn own_due_ms(&self) -> i64 {
        let outside = self.spec.borrower == Party::Outside;
        let recall = self.recall.map_or(NEVER_MS, |recall| {
            if outside { recall.return_ms() } else { recall.deadline_ms }
        });
        self.next_interest_ms.min(recall)
    }

    /// Goes to another state, which must be possible from this one.
    pub(super) fn become_state(&mut self, next: State) {
        let (id, state) = (self.id.number, self.state);
        assert!(state.may_become(next), "loan {id} cannot go from {state:?} to {next:?}");
        self.state = next;
    }
}

/// The amount of an asset that a loan's arithmetic gave, which its bounds keep small.
pub(super) fn bounded(amount: Option<Amount>) -> Amount {
    amount.expect("a loan has at most 2^53 smallest units and its rate is bounded")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hazard adds up to .4 in two days at .2, then needs .6 more at 1.2 a day: half a day.
    #[test]
    fn a_hazard_adds_up() {
        let mut recall = Recall::new(0, 5 * DAY_MS, 0.2, [1.0, 0.5, 0.5]);
        assert_eq!(recall.return_ms(), 5 * DAY_MS);
        recall.set_hazard(2 * DAY_MS, 1.2);
        assert_eq!(recall.return_ms(), 2 * DAY_MS + DAY_MS / 2);
        recall.set_hazard(2 * DAY_MS, 0.0);
        assert_eq!(recall.return_ms(), 5 * DAY_MS);
        recall.set_hazard(2 * DAY_MS, 1e-300);
        assert_eq!(recall.return_ms(), 5 * DAY_MS);
        // What has come due stays due, whatever the hazard does at that instant.
        recall.set_hazard(2 * DAY_MS, 0.7);
        let due_ms = recall.return_ms();
        recall.set_hazard(due_ms, 0.0);
        assert_eq!(recall.return_ms(), due_ms);
    }

    #[test]
    fn failure_is_judged_by_the_storm_that_holds() {
        let recall = Recall::new(0, DAY_MS, 0.0, [1.0, 0.3, 0.4]);
        let failure = Response { base: 0.1, drawdown: 1.0, utilisation: 0.0, kink: 1.0 };
        assert!(!recall.fails(&failure, 0.1, 0.8));
        assert!(recall.fails(&failure, 0.25, 0.8));
        let shocked = [0.0, 0.4, 0.41, 1.0].map(|probability| recall.fails_by(probability));
        assert_eq!(shocked, [false, false, true, true]);
    }

    #[test]
    fn a_final_state_stays() {
        use State::*;
        let finals = [Returned, BoughtIn, Liquidated, Defaulted];
        for end in finals {
            assert!(Recalled.may_become(end) && end.is_final());
            for next in [Active, Recalled, Returned, BoughtIn, Liquidated, Defaulted] {
                assert!(!end.may_become(next), "{end:?} {next:?}");
            }
        }
        assert!(Active.may_become(Recalled) && !Recalled.may_become(Recalled));
        assert!(!Active.may_become(BoughtIn), "only a recall that failed is bought in");
    }
}
