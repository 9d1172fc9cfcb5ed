//! Kinds of events, and their names in `events.csv`.

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
    /// Forced fills moved a price; the amount is their notional, sales below zero, the price the
    /// mark after it.
    PriceMoved,
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
    /// Collateral was sold to pay interest; the amount was raised.
    CollateralSold,
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
    /// A sub-account drew margin from the master wallet.
    MarginDrawn,
    /// A draw or return was turned down; the reason says why.
    DrawRejected,
    /// A sub-account gave margin back.
    MarginGivenBack,
    /// A closed sub-account sent its money back.
    MarginFreed,
    /// That money reached the master wallet.
    FreedArrived,
    /// Dry powder was released to what was due.
    DryPowderReleased,
    /// Dry powder would not have saved what was due.
    DryPowderRefused,
    /// A delegation changed; the amount is by how much.
    Reallocated,
    /// The zone of a fleet's utilisation changed; the reason says to which.
    FleetZone,
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
            Self::PriceMoved => "price_moved",
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
            Self::CollateralSold => "collateral_sold",
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
            Self::MarginDrawn => "margin_drawn",
            Self::DrawRejected => "draw_rejected",
            Self::MarginGivenBack => "margin_given_back",
            Self::MarginFreed => "margin_freed",
            Self::FreedArrived => "freed_arrived",
            Self::DryPowderReleased => "dry_powder_released",
            Self::DryPowderRefused => "dry_powder_refused",
            Self::Reallocated => "reallocated",
            Self::FleetZone => "fleet_zone",
        }
    }
}
