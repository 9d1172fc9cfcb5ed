//! What the escrow service is told, and why it refuses.

use crate::units::Amount;
use crate::units::time::NEVER_MS;
use crate::venue::custody;

/// Fees and finality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EscrowSpec {
    /// Fee, a fraction of what the payee gets, paid by the payer on top.
    pub fee: f64,
    /// The referrer's share of the fee.
    pub referral: f64,
    /// How long what leaves the vault is under way; 0: it is there at once.
    pub settlement_lag_ms: i64,
}

impl EscrowSpec {
    /// 1 %, of which 15 % to the referrer; final at once.
    pub const DEFAULT: Self = Self { fee: 0.01, referral: 0.15, settlement_lag_ms: 0 };

    /// The fee on an amount: rounded once, half away from zero.
    #[inline]
    pub fn fee_on(&self, amount: Amount) -> Amount {
        share_of(amount, self.fee)
    }

    /// The referrer's part of a fee: rounded once, half away from zero.
    #[inline]
    pub fn referral_of(&self, fee: Amount) -> Amount {
        share_of(fee, self.referral)
    }
}

/// `amount · share`, rounded half away from zero to the smallest unit.
#[inline]
pub(super) fn share_of(amount: Amount, share: f64) -> Amount {
    Amount::from_micro((amount.micro() as f64 * share).round() as i64)
}

/// Who pays or is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// An agent of the run, by index.
    Agent(usize),
    /// Anybody else: its money comes from and goes to the outside world, without bound.
    Outside,
}

/// Who gets the money when a funded contract reaches its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTimeout {
    /// The payee.
    ToPayee,
    /// The payer.
    ToPayer,
}

/// How a dispute ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolution {
    /// The payee gets everything.
    ToPayee,
    /// The payer gets everything back.
    ToPayer,
    /// The payee gets this share, the payer the rest.
    Split {
        /// In [0, 1].
        to_payee: f64,
    },
}

/// A side of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who pays.
    Payer,
    /// Who is paid.
    Payee,
}

/// A dispute that will be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dispute {
    /// When a side disputes.
    pub at_ms: i64,
    /// When it is resolved.
    pub verdict_ms: i64,
    /// How.
    pub resolution: Resolution,
}

/// What the parties of a contract do by themselves. Calls may anticipate it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conduct {
    /// When the payer funds; never, if not before the deadline.
    pub fund_ms: i64,
    /// When payer and payee confirm completion.
    pub confirm_ms: [i64; 2],
    /// A dispute, if there is one before both have confirmed.
    pub dispute: Option<Dispute>,
}

impl Conduct {
    /// Nothing happens by itself.
    pub const NONE: Self =
        Self { fund_ms: NEVER_MS, confirm_ms: [NEVER_MS, NEVER_MS], dispute: None };
}

/// A contract to be made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ContractSpec {
    /// Who pays.
    pub payer: Party,
    /// Who is paid.
    pub payee: Party,
    /// Notional.
    pub amount: Amount,
    /// When it ends if nothing else has ended it.
    pub deadline_ms: i64,
    /// Who then gets a funded amount.
    pub on_timeout: OnTimeout,
    /// Who referred it.
    pub referrer: Option<Party>,
    /// What its parties do.
    pub conduct: Conduct,
}

/// A netting agreement.
#[derive(Clone, Debug, PartialEq)]
pub struct AgreementSpec {
    /// Its members, each once. Two make it bilateral.
    pub members: Vec<Party>,
    /// Settlement happens every so often,
    pub interval_ms: i64,
    /// counted from here.
    pub origin_ms: i64,
    /// Who referred it.
    pub referrer: Option<Party>,
}

/// Why the escrow service refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// Custody refuses; it has counted it.
    Custody(custody::Rejection),
    /// No such contract, or it has ended.
    Unknown,
    /// The contract is not in the state that this takes.
    State,
    /// Payer and payee are one.
    SameParty,
    /// The deadline is not ahead.
    Deadline,
    /// The amount is not above zero, or not below that of the contract.
    Amount,
    /// The share is not in [0, 1].
    Share,
    /// Not a member of the agreement.
    Member,
}

impl Rejection {
    /// How many kinds there are.
    pub const COUNT: usize = 8;

    /// Its place among them.
    pub(super) const fn index(self) -> usize {
        match self {
            Self::Custody(_) => 0,
            Self::Unknown => 1,
            Self::State => 2,
            Self::SameParty => 3,
            Self::Deadline => 4,
            Self::Amount => 5,
            Self::Share => 6,
            Self::Member => 7,
        }
    }
}

impl From<custody::Rejection> for Rejection {
    fn from(reason: custody::Rejection) -> Self {
        Self::Custody(reason)
    }
}
