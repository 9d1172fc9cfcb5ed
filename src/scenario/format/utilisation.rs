//! How an agent balances its wallet.

use std::collections::BTreeMap;

use super::LoanTerms;
use crate::fields::{Bounds, Duration, Fraction, Money, choice, section};
use crate::policy::CountRecalled;

section! {
    /// Balancing the wallet by its utilisation: green < yellow ≤ yellow < orange ≤ orange < red ≤ red. Its latency is the policy's.
    UtilisationPolicy {
        /// Off: never acts.
        enabled: bool = true;
        /// It looks once in so long, first one interval after the start.
        poll: Duration = "30s", Bounds::at_least(1.0);
        /// Yellow from this utilisation on: nothing leveraged is opened, what is discretionary is reduced.
        yellow: Fraction = 0.60, Bounds::above(0.0, 100.0);
        /// Orange from here on: loans are recalled, then what is reducible is reduced.
        orange: Fraction = 0.75, Bounds::above(0.0, 100.0);
        /// Red from here on: as orange.
        red: Fraction = 0.85, Bounds::above(0.0, 100.0);
        /// A zone is left downwards only below its bound less this much.
        hysteresis: Fraction = 0.0, Bounds::within(0.0, 100.0);
        /// Recall of loans in orange and red.
        recall: Option<RecallForm>;
        /// Reductions: in yellow of what is discretionary, in orange and red of what is reducible.
        rebalance: Option<RebalanceForm>;
        /// Lending in green, by asset.
        lend: Option<BTreeMap<String, LendForm>>;
    }
}

section! {
    /// Recall of loans: short notice first, then the smallest, until the gap is covered.
    RecallForm {
        /// Off: never acts.
        enabled: bool = true;
        /// Since when recalled money counts as free.
        count: CountRecalled = "at_arrival";
        /// Loans of at most this notice are called first.
        short_notice: Duration = "24h";
    }
}

section! {
    /// Reductions, the smallest reserved amount first.
    RebalanceForm {
        /// Off: never acts.
        enabled: bool = true;
        /// Utilisation to come back to.
        target: Fraction = 0.55, Bounds::within(0.0, 100.0);
    }
}

section! {
    /// Lending what lies idle of an asset to borrowers from outside.
    LendForm {
        /// Off: it is not lent.
        enabled: bool = true;
        /// Most that is lent, as a part of what is held and lent; lending.max_lent_share unless given.
        max_share: Option<Fraction>, Bounds::within(0.0, 1.0);
        /// Least value of a loan; lending.min_loan unless given.
        min_loan: Option<Money>, Bounds::at_least(0.0);
        /// Least rate; the pool's least_rate unless given.
        min_rate: Option<Fraction>, Bounds::within(0.0, 10.0);
        /// At the rate of the opening for good, or at the pool's, whatever it is.
        rate: RateChoice = "floating";
        ..terms: LoanTerms;
    }
}

section! {
    /// Refilling the trading silo out of the plain wallet; under silo custody only.
    KeepInTrading {
        /// Off: never acts.
        enabled: bool = true;
        /// It looks once in so long, first one interval after the start.
        poll: Duration = "30s", Bounds::at_least(1.0);
        /// Money is requested when less is free, arriving moves counted.
        least: Money, Bounds::at_least(0.0);
        /// What is free is brought to this.
        target: Money, Bounds::at_least(0.0);
    }
}

/// Whether the rate of a loan stays as it was at its opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RateChoice {
    /// It stays.
    Fixed,
    /// It follows the pool.
    Floating,
}

choice!(RateChoice { "fixed" => Self::Fixed, "floating" => Self::Floating });
choice!(CountRecalled { "at_arrival" => Self::AtArrival, "at_request" => Self::AtRequest });
