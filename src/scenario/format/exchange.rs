//! The exchange as a whole.

use super::{Impact, MarketTerms};
use crate::fields::{Bounds, Duration, Fraction, Money, Value, choice, section};
use crate::venue::exchange::{AfterCall, LossRule, UsedMargin};

section! {
    /// The exchange as a whole.
    Exchange {
        /// What the insurance fund starts with.
        insurance_fund: Money = "0 USDC", Bounds::at_least(0.0);
        /// Who bears losses beyond it: nobody, opposite positions in profit, or all pro rata.
        loss_rule: LossRule = "bad_debt";
        /// Most notional that an agent opens, as a multiple of its wallet and collateral; none in "perp".
        max_gross_exposure: Option<f64>, Bounds::above(0.0, 1e6);
        /// How force-closes move prices, and by that force the next; nothing unless given.
        impact: Option<Impact>;
        /// Terms of every market that does not say otherwise.
        defaults: MarketTerms = Value::empty();
    }
}

section! {
    /// The prime broker's margin call, beside the force-close, which goes on regardless.
    MarginCall {
        /// An account is called above this margin ratio (its utilisation), or when the equity behind its cross positions is below their maintenance margin.
        ratio: Fraction = 0.85, Bounds::between(0.0, 1.0);
        /// What open positions use: collateral and initial margin at entry, or the maintenance margin.
        used: UsedMargin = "initial";
        /// From the call to the close of the smallest position by notional.
        grace: Duration = "5m";
        /// What follows while the account is still in breach: a new call with a new grace, or the next position at once.
        after: AfterCall = "new_call";
    }
}

choice!(UsedMargin { "initial" => Self::Initial, "maintenance" => Self::Maintenance });
choice!(AfterCall { "new_call" => Self::NewCall, "until_cured" => Self::UntilCured });
choice!(LossRule {
    "bad_debt" => Self::BadDebt,
    "auto_deleveraging" => Self::AutoDeleveraging,
    "socialised" => Self::Socialised,
});
