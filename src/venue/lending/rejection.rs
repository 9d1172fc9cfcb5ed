//! Why the lending market does not do what it is asked.

/// Why a wish was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The loan has ended.
    NoSuchLoan,
    /// Nobody's wallet takes part, or one party lends to itself.
    Parties,
    /// Collateral in the loaned asset, or a rate, requirement or span out of its range.
    Terms,
    /// As many loans are open as the market has vaults for.
    NoSlot,
    /// Less than the least loan.
    TooSmall,
    /// Beyond what the ledger holds.
    TooLarge,
    /// More of the holding lent than is allowed.
    LentShare,
    /// Rate below the least.
    LowRate,
    /// The lender has less free.
    LenderFunds,
    /// The borrower has less free.
    BorrowerFunds,
    /// Collateral below the requirement.
    Collateral,
    /// Recalled before.
    AlreadyRecalled,
    /// The borrower is no agent.
    NotAnAgent,
}

impl Rejection {
    /// Lower-case words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoSuchLoan => "the loan has ended",
            Self::Parties => "no loan between these parties",
            Self::Terms => "impossible terms",
            Self::NoSlot => "no vault left",
            Self::TooSmall => "below the least loan",
            Self::TooLarge => "too large",
            Self::LentShare => "too much of the holding lent",
            Self::LowRate => "below the least rate",
            Self::LenderFunds => "the lender has less free",
            Self::BorrowerFunds => "the borrower has less free",
            Self::Collateral => "too little collateral",
            Self::AlreadyRecalled => "already recalled",
            Self::NotAnAgent => "the borrower is no agent",
        }
    }
}
