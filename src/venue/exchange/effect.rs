//! What an operation of the venue did, for whoever keeps count.

/// Kinds of effects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EffectKind {
    /// A position, or part of it, was closed. `amount` is the realised profit.
    Closed {
        /// Why.
        cause: CloseCause,
        /// Whether anything of it is still open.
        partial: bool,
        /// Closed quantity, units: above zero of a long.
        units: f64,
        /// Closed quantity × mark, USDC.
        notional: f64,
        /// Taker fee paid, USDC.
        fee: f64,
        /// Penalty paid, USDC.
        penalty: f64,
        /// Quantity × distance of the fill from the last price, USDC.
        slippage: f64,
        /// Quantity × loss of the fill against the mark, USDC.
        shortfall_to_mark: f64,
        /// Health factor just before it.
        health_before: f64,
        /// Equity of the position (isolated) or account (cross) after it, USDC.
        equity_left: f64,
    },
    /// A position was opened; `amount` is the collateral moved.
    Opened {
        /// Taker fee paid, USDC.
        fee: f64,
        /// Quantity × distance of the fill from the last price, USDC.
        slippage: f64,
    },
    /// The insurance fund bore `amount`.
    InsurancePaid,
    /// This position was closed, in part or whole, at another's bankruptcy price; `amount` is the
    /// haircut.
    Deleveraged,
    /// This account bore `amount` of another's loss.
    Socialised,
    /// Nobody bore `amount`.
    BadDebt,
    /// Funding paid (`amount` above zero) or received.
    Funding,
    /// The account was called; `amount` is its margin ratio.
    MarginCalled,
    /// The call was cured in time; `amount` is the margin ratio.
    MarginCallCured,
}

/// Why a position was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCause {
    /// By the venue.
    ForceClose,
    /// By the kill switch.
    KillSwitch,
    /// By a stop loss.
    StopLoss,
    /// By a reduction to target.
    Reduce,
    /// To bring the utilisation of the account down.
    Rebalance,
}

/// One effect on one account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Index of the account.
    pub account: usize,
    /// Index of the position in it; `None` when it concerns the account.
    pub position: Option<usize>,
    /// What.
    pub kind: EffectKind,
    /// How much, USDC.
    pub amount: f64,
    /// Fill or bankruptcy price; mark where there was no fill.
    pub price: f64,
}
