//! The kill switch: an immediate close of one or more positions.

/// Which positions a kill closes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KillScope {
    /// The open position with the lowest health factor; a tie: the largest maintenance margin.
    MostAtRisk,
    /// The position that triggered it; in cross margin every cross position.
    Triggering,
    /// Every open position of the account.
    All,
    /// Every open position with more effective leverage.
    AboveLeverage(f64),
}

/// Parameters of the kill switch.
#[derive(Clone, Debug, PartialEq)]
pub struct KillSwitchSpec {
    /// Off: neither triggers by itself nor serves as a fallback.
    pub enabled: bool,
    /// Triggers by itself below this health factor.
    pub trigger_hf: Option<f64>,
    /// What it closes.
    pub scope: KillScope,
    /// Only says what it would do.
    pub dry_run: bool,
    /// Its orders go before all others of the instant.
    pub priority: bool,
    /// Free text for the log.
    pub reason: String,
}

/// What made the kill switch act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KillReason {
    /// Health factor below its own trigger.
    Trigger,
    /// Health factor below the top-up's danger threshold.
    Danger,
    /// Wallet at its reserve.
    ReserveEmpty,
    /// A cap left nothing to add.
    CapReached,
}

impl KillReason {
    /// As written to `events.csv`.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Trigger => "health factor below trigger_hf",
            Self::Danger => "health factor below danger_threshold",
            Self::ReserveEmpty => "wallet at its reserve",
            Self::CapReached => "top-up cap reached",
        }
    }
}
