//! The dictionary of metrics: one line each, and everything else is made from it.
//!
//! A metric is a column of `paths.csv` and, over paths, rows of `summary.csv`.

use crate::units::USDC_SCALE;

/// When a metric is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// Follows from events alone.
    Event,
    /// Needs a look at every tick ([`super::MetricLevel::Full`]).
    EveryTick,
    /// A time that not every path has: missing values are NaN, never averaged.
    Time,
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
    Resumes "resumes" "count" Event "positions entered again after a kill";
    TopUps "top_ups" "count" Event "top-ups carried out";
    TopUpAmount "top_up_amount" "USDC" Event "sum of what they moved into collateral";
    TopUpsCapped "top_ups_capped" "count" Event "top-ups held down by a cap or by the reserve";
    TopUpsFailed "top_ups_failed" "count" Event "top-ups that failed or were rejected";
    Alerts "alerts" "count" Event "alerts of zone crossings";
    FundingPaid "funding_paid" "USDC" Event "funding paid less funding received";
    FeesPaid "fees_paid" "USDC" Event "taker fees";
    SlippageCost "slippage_cost" "USDC" Event "sum over fills of quantity × |fill − last|";
    BadDebt "bad_debt" "USDC" Event "losses beyond equity that nobody bore";
    InsuranceUsed "insurance_used" "USDC" Event "losses beyond equity borne by the insurance fund";
    LossSocialised "loss_socialised" "USDC" Event "losses of others borne by this agent pro rata to equity";
    AdlHaircut "adl_haircut" "USDC" Event "profit lost by this agent to auto-deleveraging: closed quantity × |mark − bankruptcy price|";
    FinalEquity "final_equity" "USDC" Event "wallet + collateral + unrealised PnL at the last mark";
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
}

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
    Funding "funding" "funding was paid or received";
}

/// One agent's row of one path.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentOutcome {
    values: [f64; Metric::COUNT],
    fired: [u32; Rule::COUNT],
}

impl Default for AgentOutcome {
    fn default() -> Self {
        let mut values = [0.0; Metric::COUNT];
        values[Metric::TimeToFirstLiquidation as usize] = f64::NAN;
        Self { values, fired: [0; Rule::COUNT] }
    }
}

impl AgentOutcome {
    /// A metric's value; NaN means "there is none" and only a [`MetricKind::Time`] may have it.
    #[inline]
    pub fn get(&self, metric: Metric) -> f64 {
        self.values[metric as usize]
    }

    /// Sets a metric.
    #[inline]
    pub fn set(&mut self, metric: Metric, value: f64) {
        self.values[metric as usize] = value;
    }

    /// Adds to a metric.
    #[inline]
    pub fn add(&mut self, metric: Metric, value: f64) {
        self.values[metric as usize] += value;
    }

    /// Rounds every metric in USDC to the micro-unit, so that sums of exact amounts read exactly.
    pub(super) fn round_money(&mut self) {
        for metric in Metric::ALL {
            if metric.unit() == "USDC" {
                let value = &mut self.values[*metric as usize];
                *value = (*value * USDC_SCALE).round() / USDC_SCALE;
            }
        }
    }

    /// How often a rule fired.
    #[inline]
    pub fn fired(&self, rule: Rule) -> u32 {
        self.fired[rule as usize]
    }

    /// Counts a rule's firing.
    #[inline]
    pub fn fire(&mut self, rule: Rule) {
        self.fired[rule as usize] += 1;
    }
}
