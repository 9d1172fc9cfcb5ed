//! The exchange as a whole.

use super::MarketTerms;
use crate::fields::{Bounds, Money, Value, choice, section};
use crate::venue::exchange::LossRule;

section! {
    /// The exchange as a whole.
    Exchange {
        /// What the insurance fund starts with.
        insurance_fund: Money = "0 USDC", Bounds::at_least(0.0);
        /// Who bears losses beyond it: nobody, opposite positions in profit, or all pro rata.
        loss_rule: LossRule = "bad_debt";
        /// Most notional that an agent opens, as a multiple of its wallet and collateral; none in "perp".
        max_gross_exposure: Option<f64>, Bounds::above(0.0, 1e6);
        /// Terms of every market that does not say otherwise.
        defaults: MarketTerms = Value::empty();
    }
}

choice!(LossRule {
    "bad_debt" => Self::BadDebt,
    "auto_deleveraging" => Self::AutoDeleveraging,
    "socialised" => Self::Socialised,
});
