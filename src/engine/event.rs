//! What happened: the lines of `events.csv` and of a path's story.

use crate::ledger::AssetId;
use crate::venue::custody::{Service, Silo};

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
    /// Part or all of a position was closed to bring utilisation down.
    Rebalanced,
    /// The zone of utilisation changed; the reason says to which.
    ZoneAlert,
    /// A request was turned down; the reason says why.
    RequestRejected,
    /// A holding was sold; the amount is what was sold.
    SpotSold,
    /// A holding was bought; the amount is what was bought.
    SpotBought,
    /// A loan was opened; the amount is its principal.
    LoanOpened,
    /// Interest was paid, the broker's cut in `costs`.
    InterestPaid,
    /// A loan was asked back.
    LoanRecalled,
    /// A recall was ordered (it takes effect later).
    RecallOrdered,
    /// A recalled loan came back before its deadline.
    LoanReturnedEarly,
    /// A recalled loan came back at its deadline.
    LoanReturned,
    /// A loan was given back unasked.
    LoanRepaid,
    /// A recalled loan was not returned at its deadline.
    RecallFailed,
    /// A loan was bought back with its collateral.
    BoughtIn,
    /// A borrower was called for collateral; the amount is what lacks.
    CollateralCalled,
    /// A borrower posted collateral.
    CollateralPosted,
    /// A call for collateral is over: the loan is covered.
    CollateralCallCured,
    /// Collateral was sold after a call; the amount went to the lender.
    CollateralLiquidated,
    /// What a loan's collateral did not yield of the principal.
    LendingShortfall,
    /// A contract was made, its amount and fee held.
    EscrowCreated,
    /// A contract's amount was locked.
    EscrowFunded,
    /// A contract was made smaller by agreement; the amount is what was freed.
    EscrowReduced,
    /// A contract was ended by agreement; the amount is what was freed.
    EscrowCancelled,
    /// A contract was not funded by its deadline.
    EscrowExpired,
    /// A contract was released to its payee.
    EscrowReleased,
    /// A funded contract reached its deadline.
    EscrowTimedOut,
    /// A contract was disputed.
    EscrowDisputed,
    /// A dispute was resolved.
    EscrowResolved,
    /// An obligation joined a netting agreement.
    Obliged,
    /// An agreement settled; the amount is the net.
    Netted,
    /// A member paid its net.
    NetPaid,
    /// A member was paid its net.
    NetReceived,
    /// Money under way from escrow arrived.
    SettlementArrived,
    /// The referrer's part of a fee was received.
    ReferralReceived,
    /// The faucet granted money.
    FaucetGranted,
    /// A bankroll was held.
    BankrollHeld,
    /// Part of a bankroll was freed.
    BankrollReleased,
    /// Bets of a step were settled; the amount is what they won.
    BetsSettled,
    /// Names were ordered.
    NamesOrdered,
    /// Names were registered and paid.
    NamesRegistered,
    /// Names were sold.
    NamesSold,
    /// Money left a silo for another.
    MoveRequested,
    /// Money arrived in a silo.
    MoveArrived,
    /// A move between silos failed; the money is back.
    MoveFailed,
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
            Self::Rebalanced => "rebalanced",
            Self::ZoneAlert => "zone_alert",
            Self::RequestRejected => "request_rejected",
            Self::SpotSold => "spot_sold",
            Self::SpotBought => "spot_bought",
            Self::LoanOpened => "loan_opened",
            Self::InterestPaid => "interest_paid",
            Self::LoanRecalled => "loan_recalled",
            Self::RecallOrdered => "recall_ordered",
            Self::LoanReturnedEarly => "loan_returned_early",
            Self::LoanReturned => "loan_returned",
            Self::LoanRepaid => "loan_repaid",
            Self::RecallFailed => "recall_failed",
            Self::BoughtIn => "bought_in",
            Self::CollateralCalled => "collateral_called",
            Self::CollateralPosted => "collateral_posted",
            Self::CollateralCallCured => "collateral_call_cured",
            Self::CollateralLiquidated => "collateral_liquidated",
            Self::LendingShortfall => "lending_shortfall",
            Self::EscrowCreated => "escrow_created",
            Self::EscrowFunded => "escrow_funded",
            Self::EscrowReduced => "escrow_reduced",
            Self::EscrowCancelled => "escrow_cancelled",
            Self::EscrowExpired => "escrow_expired",
            Self::EscrowReleased => "escrow_released",
            Self::EscrowTimedOut => "escrow_timed_out",
            Self::EscrowDisputed => "escrow_disputed",
            Self::EscrowResolved => "escrow_resolved",
            Self::Obliged => "obliged",
            Self::Netted => "netted",
            Self::NetPaid => "net_paid",
            Self::NetReceived => "net_received",
            Self::SettlementArrived => "settlement_arrived",
            Self::ReferralReceived => "referral_received",
            Self::FaucetGranted => "faucet_granted",
            Self::BankrollHeld => "bankroll_held",
            Self::BankrollReleased => "bankroll_released",
            Self::BetsSettled => "bets_settled",
            Self::NamesOrdered => "names_ordered",
            Self::NamesRegistered => "names_registered",
            Self::NamesSold => "names_sold",
            Self::MoveRequested => "move_requested",
            Self::MoveArrived => "move_arrived",
            Self::MoveFailed => "move_failed",
        }
    }
}

/// What an event is about that concerns no position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// The account as a whole.
    #[default]
    Account,
    /// A loan, by its number on the path.
    Loan(u32),
    /// A contract, by its number on the path.
    Contract(u64),
    /// A netting agreement, by its index in the plan.
    Agreement(usize),
    /// A service.
    Service(Service),
    /// A holding.
    Holding(AssetId),
    /// A move between two silos.
    Move(Silo, Silo),
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
    /// Index of the agent's position; `None` when it concerns none, as `about` says.
    pub position: Option<usize>,
    /// What it is about where it concerns no position.
    pub about: About,
    /// Amount in whole units of `asset` (money moved; realised PnL for a close).
    pub amount: f64,
    /// Asset of the amount.
    pub asset: AssetId,
    /// Price of the fill, or the mark.
    pub price: f64,
    /// The mark of the position's asset.
    pub mark: f64,
    /// Fee and penalty paid, USDC; of interest the broker's cut, in `asset`.
    pub costs: f64,
    /// When what it announces falls due, UTC ms.
    pub due_ms: Option<i64>,
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
    /// Everything that the agent owns less what it owes, USDC.
    pub equity: f64,
    /// Reserved / capital.
    pub utilisation: f64,
    /// Reserved by positions: isolated collateral and initial margin at entry of cross ones, USDC.
    pub trading: f64,
    /// Held by escrow, and locked in its vault, USDC.
    pub escrow: f64,
    /// Held by casino and domains, USDC.
    pub services: f64,
    /// Free USDC: neither held nor margin, over all silos.
    pub free: f64,
    /// Value at mark of what is lent, recalled or not, USDC.
    pub lent: f64,
    /// Of it what was recalled and has not arrived, USDC.
    pub recalled: f64,
    /// Value at mark of holdings beside USDC, USDC.
    pub holdings: f64,
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
