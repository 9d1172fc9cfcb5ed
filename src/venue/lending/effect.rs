//! What an operation on a loan did, for whoever keeps count.

use super::loan::LoanId;
use super::spec::Party;
use crate::ledger::AssetId;
use crate::units::Amount;

/// Kinds of effects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LendingEffectKind {
    /// Principal and collateral moved.
    Opened {
        /// Rate of the first moment, a year.
        rate: f64,
    },
    /// Interest was paid; the lender got it less the cut.
    InterestPaid {
        /// The broker's part.
        cut: Amount,
    },
    /// The lender asked for it back.
    Recalled {
        /// When it is due.
        deadline_ms: i64,
    },
    /// Returned before the deadline of its recall.
    ReturnedEarly,
    /// Returned at the deadline.
    Returned,
    /// Returned by its borrower, unasked or in the time of notice.
    Repaid,
    /// Not returned at the deadline.
    RecallFailed,
    /// Bought back with the collateral after a failed recall; `amount` went to the lender.
    BoughtIn {
        /// How much collateral was sold.
        sold: Amount,
    },
    /// Below its requirement; `amount` is the collateral that lacks.
    CollateralCalled {
        /// When it is sold unless cured.
        expires_ms: i64,
    },
    /// Collateral was added.
    CollateralPosted,
    /// The call is over: the loan is covered.
    CallCured,
    /// Collateral was sold after a call; `amount` went to the lender.
    CollateralLiquidated {
        /// How much collateral was sold.
        sold: Amount,
    },
    /// Collateral was sold to pay interest that its borrower did not have; `amount` was raised.
    SoldForInterest {
        /// How much collateral was sold.
        sold: Amount,
    },
    /// `amount` of the principal is the lender's loss.
    Shortfall {
        /// Interest that was owed beside it and never paid, USDC at mark.
        unpaid_interest: f64,
    },
}

/// One effect on one loan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LendingEffect {
    /// The loan.
    pub loan: LoanId,
    /// Who lent.
    pub lender: Party,
    /// Who borrowed.
    pub borrower: Party,
    /// What.
    pub kind: LendingEffectKind,
    /// Asset of `amount`.
    pub asset: AssetId,
    /// How much.
    pub amount: Amount,
    /// The same in USDC at mark.
    pub usdc: f64,
    /// Fill price where something was traded, else mark, of the traded asset: the loaned one
    /// unless that is USDC.
    pub price: f64,
    /// Spot fees of a sale of collateral, which the borrower bears, USDC.
    pub fee: Amount,
    /// Slippage of such a sale, USDC.
    pub slippage: f64,
}
