//! Rules whose firing is counted: one line each.

macro_rules! rules {
    ($($variant:ident $name:literal $meaning:literal;)*) => {
        /// A rule of a policy or of the venue whose firing is counted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule { $(#[doc = $meaning] $variant),* }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// Its name in files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
            /// What it counts.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning),* }
            }
        }
    };
}

rules! {
    TopUp "top_up" "a top-up was carried out";
    TopUpEventCap "top_up.event_cap" "max_topup_per_event held a top-up down";
    TopUpDayCap "top_up.day_cap" "max_topup_per_day held a top-up down or left nothing";
    TopUpReserve "top_up.reserve" "reserve_minimum held a top-up down or left nothing";
    TopUpFailed "top_up.failed" "a top-up failed by its failure probability";
    TopUpRejectedCross "top_up.rejected_cross" "a top-up was due in cross margin, where it has no effect";
    TopUpRejectedClosed "top_up.rejected_closed" "a top-up arrived after its position had been closed";
    TopUpRejectedFunds "top_up.rejected_funds" "a top-up arrived when nothing above the reserve was left";
    KillDanger "kill_switch.danger" "a position was killed below danger_threshold";
    KillReserve "kill_switch.reserve" "a position was killed because the reserve was reached";
    KillCap "kill_switch.cap" "a position was killed because a cap left nothing";
    KillTrigger "kill_switch.trigger" "a position was killed below the kill switch's trigger_hf";
    KillDryRun "kill_switch.dry_run" "the kill switch would have acted";
    KillNothing "kill_switch.nothing" "the kill switch found nothing in its scope, or what it would close was closed already";
    Reduce "reduce_to_target" "part of a position was closed to restore its target";
    StopLoss "stop_loss" "a position was closed at its stop";
    ZoneYellow "zone.yellow" "utilisation was seen in yellow, coming from elsewhere";
    ZoneOrange "zone.orange" "utilisation was seen in orange, coming from elsewhere";
    ZoneRed "zone.red" "utilisation was seen in red, coming from elsewhere";
    Lend "lend" "idle money or a holding was lent in green";
    Recall "recall" "a loan was asked back to bring utilisation down";
    Rebalance "rebalance" "a position or obligation was reduced to bring utilisation down";
    FleetDraw "fleet.draw" "a sub-account drew margin from the master wallet";
    FleetDrawCapped "fleet.draw_capped" "delegation, zone or master wallet held a top-up down or left nothing";
    FleetDrawRejected "fleet.draw_rejected" "a scheduled draw or return was turned down";
    DryPowder "dry_powder" "dry powder lifted what was due to its cure_hf";
    DryPowderCapped "dry_powder.capped" "a cap, or what was left, held a cure down that still sufficed";
    DryPowderRefused "dry_powder.refused" "dry powder and its caps would not have saved what was due";
    FreedMargin "fleet.freed" "a closed sub-account sent its money back";
    Reallocation "fleet.reallocation" "a delegation changed";
    FleetYellow "fleet.zone_yellow" "the fleet's utilisation was seen in yellow, coming from elsewhere";
    FleetOrange "fleet.zone_orange" "the fleet's utilisation was seen in orange, coming from elsewhere";
    FleetRed "fleet.zone_red" "the fleet's utilisation was seen in red, coming from elsewhere";
    FleetDeleverage "fleet.deleverage" "a position of a sub-account was reduced or closed because the fleet was in red";
    RecallEarly "recall.early" "a recalled loan came back before its deadline";
    RecallReturned "recall.returned" "a recalled loan came back at its deadline";
    RecallFailed "recall.failed" "a recalled loan was not returned and was bought in";
    CollateralCall "collateral_call" "a loan fell below its requirement";
    CollateralCallCured "collateral_call.cured" "a called borrower covered its loan";
    CollateralSold "collateral_call.sold" "collateral was sold after a call";
    LendingLoss "lending_loss" "collateral did not cover a loan";
    EscrowTimeout "escrow.timeout" "a contract timed out or expired";
    EscrowDispute "escrow.dispute" "a contract was disputed";
    Netting "netting" "an agreement settled its net";
    SiloMove "silo.move" "money arrived in another silo";
    SiloMoveFailed "silo.move_failed" "a move between silos failed";
    RejectedFunds "rejected.funds" "a request was turned down: less was free than it takes";
    RejectedGross "rejected.gross_exposure" "a request was turned down: gross exposure above its limit";
    RejectedOther "rejected.other" "a request was turned down for another reason";
    Resume "resume" "a killed position was entered again";
    ResumeRejected "resume.rejected" "a re-entry lacked free money above the reserve";
    Alert "alert" "a zone crossing was alerted";
    LiquidationWithEquity "liquidation.equity_left" "a force-close left equity";
    LiquidationNoEquity "liquidation.no_equity" "a force-close left no equity";
    LiquidationPartial "liquidation.partial" "a force-close closed only part of a position";
    MarginCall "margin_call" "the venue called an account";
    MarginCallCured "margin_call.cured" "an account came back within the grace period";
    MarginCallClosed "margin_call.closed" "the smallest position was closed after the grace period";
    Insurance "insurance" "the insurance fund bore a loss";
    Adl "auto_deleveraging" "a position in profit was closed at a bankruptcy price";
    Socialised "socialised_loss" "a loss was shared pro rata";
    BadDebt "bad_debt" "a loss stayed as bad debt";
    ImpactMoved "impact" "a force-close of the agent moved the price of its asset";
    ImpactCascade "impact.cascade" "a force-close came due by the impact of others";
    ImpactCapped "impact.capped" "what was due when the rounds of an instant were used up waited for the next tick";
    Funding "funding" "funding was paid or received";
}
