//! What happened: the lines of `events.csv` and of a path's story.

/// Kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A position was opened.
    Opened,
    /// Collateral was added.
    CollateralToppedUp,
    /// A top-up was decided (it takes effect later).
    TopUpOrdered,
    /// A top-up failed or was rejected.
    TopUpRejected,
    /// The kill switch was pulled (its orders take effect later).
    KillSwitchTriggered,
    /// The kill switch closed a position.
    KillSwitchClosed,
    /// The kill switch would have closed a position.
    KillSwitchDryRun,
    /// A partial close restored a target.
    Reduced,
    /// A stop closed a position.
    StopLoss,
    /// A position was entered again.
    Resumed,
    /// A re-entry was rejected.
    ResumeRejected,
    /// The venue closed a position, or part of it.
    Liquidated,
    /// The insurance fund bore a loss.
    InsurancePaid,
    /// A position in profit was closed at a bankruptcy price.
    AutoDeleveraged,
    /// A share of another's loss was taken.
    LossSocialised,
    /// A loss that nobody bore.
    BadDebt,
    /// Funding.
    Funding,
    /// The venue called the account; the amount is empty, the reason says why.
    MarginCall,
    /// The account came back within the grace period.
    MarginCallCured,
    /// A zone crossing was alerted.
    Alert,
    /// The health factor as read again after a top-up.
    HealthConfirmed,
}

impl EventKind {
    /// As written to `events.csv`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "position_opened",
            Self::CollateralToppedUp => "collateral_topped_up",
            Self::TopUpOrdered => "top_up_ordered",
            Self::TopUpRejected => "top_up_rejected",
            Self::KillSwitchTriggered => "kill_switch_triggered",
            Self::KillSwitchClosed => "kill_switch_closed",
            Self::KillSwitchDryRun => "kill_switch_dry_run",
            Self::Reduced => "position_reduced",
            Self::StopLoss => "stop_loss",
            Self::Resumed => "position_resumed",
            Self::ResumeRejected => "resume_rejected",
            Self::Liquidated => "liquidated",
            Self::InsurancePaid => "insurance_paid",
            Self::AutoDeleveraged => "auto_deleveraged",
            Self::LossSocialised => "loss_socialised",
            Self::BadDebt => "bad_debt",
            Self::Funding => "funding",
            Self::MarginCall => "margin_call",
            Self::MarginCallCured => "margin_call_cured",
            Self::Alert => "alert",
            Self::HealthConfirmed => "health_confirmed",
        }
    }
}

/// One event. Numbers that do not apply are NaN and are written as empty fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// UTC ms.
    pub time_ms: i64,
    /// Index of the agent in the plan.
    pub agent: usize,
    /// What happened.
    pub kind: EventKind,
    /// Index of the agent's position; `None` when it concerns the account.
    pub position: Option<usize>,
    /// Amount in USDC (money moved; realised PnL for a close).
    pub amount: f64,
    /// Price of the fill, or the mark.
    pub price: f64,
    /// The mark of the position's asset.
    pub mark: f64,
    /// Fee and penalty paid, USDC.
    pub costs: f64,
    /// Health factor just before the event, where it changed it.
    pub health_before: f64,
    /// Health factor after the event.
    pub health_factor: f64,
    /// Utilisation after the event.
    pub utilisation: f64,
    /// Why.
    pub reason: &'static str,
}

/// State of one open position at an instant, for time series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PositionSample {
    /// Index of the agent.
    pub agent: usize,
    /// Index of the agent's position.
    pub position: usize,
    /// Health factor.
    pub health_factor: f64,
    /// Mark price.
    pub mark: f64,
    /// Price at which it would be force-closed, other marks unchanged; NaN if none.
    pub liquidation_price: f64,
}

/// State of one account at an instant, for time series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AccountSample {
    /// Index of the agent.
    pub agent: usize,
    /// Wallet balance, USDC.
    pub wallet: f64,
    /// Wallet + collateral + unrealised PnL, USDC.
    pub equity: f64,
    /// Reserved / capital.
    pub utilisation: f64,
}

/// Watches a path run. A recorder draws no random numbers and changes nothing.
pub trait Recorder {
    /// Whether it wants events. A constant, so that a recorder that records nothing costs nothing.
    const EVENTS: bool;

    /// Takes an event.
    fn event(&mut self, event: &Event);

    /// The next instant at which it wants samples, UTC ms; [`crate::units::time::NEVER_MS`] for
    /// none. Asked for again after each sample.
    fn next_sample_ms(&self) -> i64;

    /// Takes the samples of one instant (after everything that happened at it).
    fn sample(&mut self, time_ms: i64, accounts: &[AccountSample], positions: &[PositionSample]);
}

/// Records nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRecorder;

impl Recorder for NoRecorder {
    const EVENTS: bool = false;

    #[inline]
    fn event(&mut self, _: &Event) {}

    #[inline]
    fn next_sample_ms(&self) -> i64 {
        crate::units::time::NEVER_MS
    }

    #[inline]
    fn sample(&mut self, _: i64, _: &[AccountSample], _: &[PositionSample]) {}
}
