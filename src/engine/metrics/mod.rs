//! The dictionary of metrics: one line each, and everything else is made from it.
//!
//! A metric is a column of `paths.csv` and, over paths, rows of `summary.csv`.

mod outcome;
mod rule;

pub use outcome::AgentOutcome;
pub use rule::Rule;

/// When a metric is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// Follows from events alone.
    Event,
    /// Needs a look at every tick ([`crate::engine::MetricLevel::Full`]).
    EveryTick,
    /// A time that not every path has: missing values are NaN, never averaged.
    Time,
    /// A ratio of one agent, from events alone: it has no sum over agents.
    Ratio,
}

macro_rules! metrics {
    ($($variant:ident $name:literal $unit:literal $kind:ident $formula:literal;)*) => {
        /// A metric of one agent on one path.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Metric { $(#[doc = $formula] $variant),* }

        impl Metric {
            /// Every metric, in the order of the columns.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// Its name in files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
            /// Its unit.
            pub const fn unit(self) -> &'static str {
                match self { $(Self::$variant => $unit),* }
            }
            /// What it is, in words and formulas.
            pub const fn formula(self) -> &'static str {
                match self { $(Self::$variant => $formula),* }
            }
            /// When it is computed.
            pub const fn kind(self) -> MetricKind {
                match self { $(Self::$variant => MetricKind::$kind),* }
            }
        }
    };
}

metrics! {
    Liquidations "liquidations" "count" Event "force-closes by the venue, each partial close counted";
    TimeToFirstLiquidation "time_to_first_liquidation" "days" Time "from the start to the first force-close; empty where there was none";
    LiquidatedNotional "liquidated_notional" "USDC" Event "sum of closed quantity × mark over force-closes";
    LiquidationLoss "liquidation_loss" "USDC" Event "sum over force-closes of fee, penalty and (mark − fill) cost, each as paid";
    Penalties "penalties" "USDC" Event "liquidation penalties paid to the insurance fund";
    MarginCalls "margin_calls" "count" Event "margin calls by the venue";
    MarginCallsCured "margin_calls_cured" "count" Event "margin calls that ended within their grace period without a close";
    KillSwitches "kill_switches" "count" Event "positions closed by the kill switch (dry runs not counted)";
    DistressExits "distress_exits" "count" Event "liquidations + kill_switches";
    StopLosses "stop_losses" "count" Event "positions closed by a stop loss";
    Reductions "reductions" "count" Event "partial closes by reduce_to_target";
    Rebalances "rebalances" "count" Event "positions reduced or closed to bring utilisation down";
    Resumes "resumes" "count" Event "positions entered again after a kill";
    TopUps "top_ups" "count" Event "top-ups carried out";
    TopUpAmount "top_up_amount" "USDC" Event "sum of what they moved into collateral";
    TopUpsCapped "top_ups_capped" "count" Event "top-ups held down by a cap or by the reserve";
    TopUpsFailed "top_ups_failed" "count" Event "top-ups that failed or were rejected";
    Alerts "alerts" "count" Event "alerts of zone crossings";
    FundingPaid "funding_paid" "USDC" Event "funding paid less funding received";
    Interest "interest" "USDC" Event "interest on loans given, less the broker's cut: what was paid, at the mark of its payment, and what is owed at the end";
    InterestAccrued "interest_accrued" "USDC" Event "the part of interest that is owed at the end and not yet paid";
    InterestPaid "interest_paid" "USDC" Event "interest on loans taken: what was paid, at the mark of its payment, and what is owed at the end";
    LendingLosses "lending_losses" "USDC" Event "principal of loans given that came back neither from the borrower nor from its collateral, at mark";
    Referral "referral" "USDC" Event "the referrer's part of escrow fees, received";
    FeesPaid "fees_paid" "USDC" Event "taker, spot and escrow fees";
    FeesSaved "fees_saved" "USDC" Event "escrow fees that netting saved: the fee on what the agent was obliged to pay less those on what it paid net";
    NetYield "net_yield" "USDC" Event "interest − interest_paid − lending_losses + referral";
    AprOnLent "apr_on_lent" "fraction" Ratio "interest less lending losses, over the time integral of what was lent, a year; 0 where nothing was lent";
    AprOnCapital "apr_on_capital" "fraction" Ratio "net_yield over the starting capital, a year";
    LoansGiven "loans_given" "count" Event "loans opened as lender";
    LentMean "lent_mean" "USDC" Event "time-weighted mean of what was lent, principal at the mark of its opening";
    Recalls "recalls" "count" Event "loans asked back";
    RecallsFailed "recalls_failed" "count" Event "recalled loans that were not returned at their deadline";
    RecallsArrived "recalls_arrived" "count" Event "recalled loans whose money arrived, from the borrower or its collateral";
    RecallDays "recall_days" "days" Event "sum of the times from those recalls to the arrival of their money";
    RecallShortfall "recall_shortfall" "USDC" Event "largest value of recalled loans that was counted as free and had not arrived when a position was closed by the venue, a kill switch or a stop, or a top-up or hold lacked money";
    RecallLate "recall_late" "USDC" Event "the same, counted as free or not";
    CollateralCalls "collateral_calls" "count" Event "calls for collateral on loans given or taken";
    EscrowPaid "escrow_paid" "USDC" Event "paid to others through escrow, fees not counted";
    EscrowReceived "escrow_received" "USDC" Event "received from others through escrow";
    PaymentsRefused "payments_refused" "USDC" Event "contracts and obligations that the agent could not pay and so did not make; its equity still has that money";
    EscrowTimeouts "escrow_timeouts" "count" Event "contracts of the agent, as payer or payee, that timed out or expired";
    Settlements "settlements" "count" Event "payments through escrow or netting in which the agent paid";
    Obligations "obligations" "count" Event "contracts made and obligations taken on as payer";
    TrappedCapital "trapped_capital" "USDC·days" Event "money of the agent under way from escrow or between silos, times the time that it took";
    CasinoPnl "casino_pnl" "USDC" Event "bets won less bets lost";
    DomainsPnl "domains_pnl" "USDC" Event "names sold less registrations paid";
    FaucetGrants "faucet_grants" "USDC" Event "granted at the start";
    SpotTrades "spot_trades" "count" Event "orders filled at the spot market";
    Moves "moves" "count" Event "moves between silos that arrived";
    MovesFailed "moves_failed" "count" Event "moves between silos that failed";
    RequestsRejected "requests_rejected" "count" Event "holds, loans, contracts, trades and moves that were turned down";
    Draws "draws" "count" Event "times that a sub-account drew margin from the master wallet";
    DrawnAmount "drawn_amount" "USDC" Event "sum of what it drew after the start";
    GivenBack "given_back" "USDC" Event "sum of what it gave back to the master wallet at once";
    DrawsRejected "draws_rejected" "count" Event "scheduled draws and returns that were turned down";
    Cures "cures" "count" Event "times that dry powder was released to a sub-account";
    CureAmount "cure_amount" "USDC" Event "sum of that dry powder";
    CuresRefused "cures_refused" "count" Event "instants at which dry powder and its caps would not have saved a sub-account";
    FreedMargin "freed_margin" "USDC" Event "money that a closed sub-account sent back to the master wallet";
    Reallocations "reallocations" "count" Event "changes of a delegation";
    DelegationChange "delegation_change" "USDC" Event "delegation at the end less that at the start";
    FromCoordinator "from_coordinator" "USDC" Event "net of all money that came from the coordinator after the start: draws and dry powder less what went back; of the coordinator less what it gave";
    DryPowderLeft "dry_powder_left" "USDC" Event "dry powder at the end";
    DryPowderLasted "dry_powder_lasted" "days" Time "from the start until dry powder first did not suffice for a cure; empty where it always did";
    SlippageCost "slippage_cost" "USDC" Event "sum over fills of quantity × |fill − last|";
    BadDebt "bad_debt" "USDC" Event "losses beyond equity that nobody bore";
    InsuranceUsed "insurance_used" "USDC" Event "losses beyond equity borne by the insurance fund";
    LossSocialised "loss_socialised" "USDC" Event "losses of others borne by this agent pro rata to equity";
    AdlHaircut "adl_haircut" "USDC" Event "profit lost by this agent to auto-deleveraging: closed quantity × |mark − bankruptcy price|";
    CascadeLiquidations "cascade_liquidations" "count" Event "force-closes that came due by the impact of others: in the second or a later round of an instant, or left over from the last round to the next tick";
    CascadeSize "cascade_size" "count" Event "the agent's force-closes in the path's largest chain of force-closes (of all agents), in which each lies within cascade_window of the one before; their sum over agents is the size of that chain";
    CascadeDepth "cascade_depth" "rounds" Ratio "highest round of an instant in which a force-close of the agent fell: 1 where the path's own price did it, 0 where there was none";
    ImpactMove "impact_move" "fraction" Ratio "largest |price with impact / price without − 1| right after a round, over the assets that the agent trades";
    FinalEquity "final_equity" "USDC" Event "wallet + collateral + unrealised PnL at the last mark; with prime brokerage also holdings, claims and collateral of loans, money in escrow or under way, less debts";
    MaxDrawdown "max_drawdown" "fraction" EveryTick "largest fall of equity from its highest value so far, as a fraction of that value";
    UtilisationMean "utilisation_mean" "fraction" EveryTick "time-weighted mean of reserved / capital";
    UtilisationP95 "utilisation_p95" "fraction" EveryTick "time-weighted 95 % quantile of reserved / capital";
    TimeGreen "time_green" "fraction" EveryTick "share of time with utilisation < 60 %";
    TimeYellow "time_yellow" "fraction" EveryTick "share of time with utilisation in [60 %, 75 %)";
    TimeOrange "time_orange" "fraction" EveryTick "share of time with utilisation in [75 %, 85 %)";
    TimeRed "time_red" "fraction" EveryTick "share of time with utilisation ≥ 85 %";
    TimeSafe "time_safe" "fraction" EveryTick "share of time with the lowest health factor in the safe zone; no open position counts as safe";
    TimeWarning "time_warning" "fraction" EveryTick "share of time with the lowest health factor in the warning zone";
    TimeDanger "time_danger" "fraction" EveryTick "share of time with the lowest health factor in the danger zone";
    FleetUtilisationMean "fleet_utilisation_mean" "fraction" EveryTick "time-weighted mean of Σ reserved / Σ capital over coordinator and sub-accounts; in the coordinator's row";
    FleetUtilisationP95 "fleet_utilisation_p95" "fraction" EveryTick "its time-weighted 95 % quantile";
    FleetTimeGreen "fleet_time_green" "fraction" EveryTick "share of time with the fleet's utilisation in green: below 60 % unless its zones say otherwise";
    FleetTimeYellow "fleet_time_yellow" "fraction" EveryTick "the same in yellow: from 60 % on unless its zones say otherwise";
    FleetTimeOrange "fleet_time_orange" "fraction" EveryTick "the same in orange: from 75 % on unless its zones say otherwise";
    FleetTimeRed "fleet_time_red" "fraction" EveryTick "the same in red: from 85 % on unless its zones say otherwise";
}

impl Metric {
    /// Whether it belongs to prime brokerage alone and no file of a plan without it has it. (Those
    /// of the contract of files are in all.)
    pub const fn is_prime(self) -> bool {
        matches!(
            self,
            Self::InterestAccrued
                | Self::InterestPaid
                | Self::NetYield
                | Self::AprOnLent
                | Self::AprOnCapital
                | Self::LoansGiven
                | Self::LentMean
                | Self::RecallsFailed
                | Self::RecallsArrived
                | Self::RecallDays
                | Self::RecallLate
                | Self::CollateralCalls
                | Self::EscrowPaid
                | Self::EscrowReceived
                | Self::EscrowTimeouts
                | Self::PaymentsRefused
                | Self::Settlements
                | Self::Obligations
                | Self::TrappedCapital
                | Self::CasinoPnl
                | Self::DomainsPnl
                | Self::FaucetGrants
                | Self::SpotTrades
                | Self::Moves
                | Self::MovesFailed
                | Self::RequestsRejected
        )
    }

    /// Whether it belongs to fleets alone and no file of a plan without one has it.
    pub const fn is_fleet(self) -> bool {
        matches!(
            self,
            Self::Draws
                | Self::DrawnAmount
                | Self::GivenBack
                | Self::DrawsRejected
                | Self::Cures
                | Self::CureAmount
                | Self::CuresRefused
                | Self::FreedMargin
                | Self::Reallocations
                | Self::DelegationChange
                | Self::FromCoordinator
                | Self::DryPowderLeft
                | Self::DryPowderLasted
                | Self::FleetUtilisationMean
                | Self::FleetUtilisationP95
                | Self::FleetTimeGreen
                | Self::FleetTimeYellow
                | Self::FleetTimeOrange
                | Self::FleetTimeRed
        )
    }
}

impl Metric {
    /// Whether it belongs to impact feedback alone and no file of a plan without it has it.
    pub const fn is_impact(self) -> bool {
        matches!(
            self,
            Self::CascadeLiquidations | Self::CascadeSize | Self::CascadeDepth | Self::ImpactMove
        )
    }
}

/// Which metrics a study has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricScope {
    /// What is computed.
    pub level: crate::engine::MetricLevel,
    /// Whether there is prime brokerage.
    pub prime: bool,
    /// Whether there are fleets.
    pub fleet: bool,
    /// Whether forced fills move prices, or are counted as if they did.
    pub impact: bool,
}

impl MetricScope {
    /// Whether a metric is in it.
    pub fn has(self, metric: Metric) -> bool {
        (self.prime || !metric.is_prime())
            && (self.fleet || !metric.is_fleet())
            && (self.prime || self.fleet || metric != Metric::Rebalances)
            && (self.impact || !metric.is_impact())
            && (self.level == crate::engine::MetricLevel::Full
                || metric.kind() != MetricKind::EveryTick)
    }

    /// Its metrics, in the order of the columns.
    pub fn metrics(self) -> impl Iterator<Item = Metric> {
        Metric::ALL.iter().copied().filter(move |metric| self.has(*metric))
    }
}
