//! What the escrow service did, for whoever keeps count.

use super::contract::ContractId;
use super::spec::Party;
use crate::units::Amount;

/// What an effect is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A contract.
    Contract(ContractId),
    /// A netting agreement, by index.
    Agreement(usize),
}

/// Kinds of effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EscrowKind {
    /// A contract was made; `amount` and its fee are held.
    Created,
    /// A contract or obligation of `amount` was turned down: its payer has less free.
    Refused,
    /// `amount` was locked in the vault.
    Funded,
    /// The notional fell by `returned`, which was freed or paid back.
    Reduced,
    /// Ended by agreement; `returned` was freed or paid back.
    Cancelled,
    /// Not funded by its deadline; `returned` was freed.
    Expired,
    /// Both sides confirmed.
    Released,
    /// The deadline came first.
    TimedOut,
    /// A side disputed.
    Disputed,
    /// The dispute was resolved.
    Resolved,
    /// An obligation of `amount` joined an agreement.
    Obliged,
    /// An agreement settled; `amount` is the net (0: nothing was left to settle).
    Netted {
        /// Obligations settled.
        obligations: u32,
        /// Their sum.
        gross: Amount,
        /// Fee on what netting took off the gross.
        saved: Amount,
    },
    /// A member paid its net into the vault.
    NetPaid,
    /// A member was paid its net out of the vault.
    NetReceived,
    /// Money that had left the vault arrived at `payee`.
    Arrived,
}

/// One effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EscrowEffect {
    /// What it is about.
    pub subject: Subject,
    /// Who pays; `None`: the members of the agreement, or the vault.
    pub payer: Option<Party>,
    /// Who is paid; `None`: the members of the agreement.
    pub payee: Option<Party>,
    /// What.
    pub kind: EscrowKind,
    /// The notional, or what of it went to the payee.
    pub amount: Amount,
    /// What went back to the payer.
    pub returned: Amount,
    /// Fee paid by the payer, referral included.
    pub fee: Amount,
    /// The referrer's part of the fee.
    pub referral: Amount,
    /// Who got it.
    pub referrer: Option<Party>,
}
