//! Protections. One that is absent is off; one that is present is on unless `enabled = false`.

use std::collections::BTreeMap;

use super::{KeepInTrading, UtilisationPolicy};
use crate::fields::{Bounds, Duration, Fraction, Money, OrFile, Value, choice, section};
use crate::policy::{FallbackWhen, Sizing};

section! {
    /// The protections of an account.
    Policy {
        /// The guard looks once in so long, first one interval after the start.
        poll: Duration = "5s", Bounds::at_least(1.0);
        /// From the guard's decision to its effect.
        latency: Duration = "50ms";
        /// File of the live configuration; fields of [policy.top_up] beside it override it.
        top_up_file: Option<String>;
        /// Automatic top-up of collateral.
        top_up: Option<OrFile<TopUp>>;
        /// Immediate close of positions.
        kill_switch: Option<KillSwitch>;
        /// Partial close back to health.
        reduce_to_target: Option<Reduce>;
        /// Close at a price, a loss or a health factor.
        stop_loss: Option<StopLoss>;
        /// Re-entry after a kill, once the market has calmed.
        resume: Option<Resume>;
        /// Alerts at zone crossings.
        zones: Option<ZoneWatch>;
        /// Balancing of the wallet by its utilisation.
        utilisation: Option<UtilisationPolicy>;
        /// Refilling the trading silo.
        keep_in_trading: Option<KeepInTrading>;
    }
}

section! {
    /// Automatic top-up; the first nine fields are those of the live configuration.
    TopUp {
        /// Off: never acts.
        enabled: bool = true;
        /// Top up below this health factor.
        warning_threshold: f64 = 1.6, Bounds::above(0.0, 1e3);
        /// Below it the kill switch closes at once, where it is the fallback.
        danger_threshold: f64 = 1.2, Bounds::above(0.0, 1e3);
        /// Health factor that a top-up restores.
        target_health_factor: f64 = 2.0, Bounds::above(0.0, 1e3);
        /// Most that one top-up adds.
        max_topup_per_event: Money = "500 USDC", Bounds::at_least(0.0);
        /// Most that all top-ups of one UTC day add, over all positions.
        max_topup_per_day: Money = "2000 USDC", Bounds::at_least(0.0);
        /// Part of the wallet that is never touched.
        reserve_minimum: Money = "100 USDC", Bounds::at_least(0.0);
        /// Whether the kill switch is the fallback.
        fallback_to_kill_switch: bool = true;
        /// Where the live system sends its events; never called here.
        notify_webhook: Option<String>;
        /// "exact" restores the target; "proportional" is collateral·(target/HF − 1).
        sizing: Sizing = "exact";
        /// When the fallback acts: in danger or at the reserve, or also when a cap leaves nothing.
        fallback_when: FallbackWhen = "reserve";
        /// A position is not topped up again for so long.
        cooldown: Duration = "0s";
        /// The money arrives so much later than the order takes effect.
        transfer_delay: Duration = "0s";
        /// Probability that a top-up fails.
        failure_probability: Fraction = 0.0, Bounds::within(0.0, 1.0);
        /// Thresholds of single markets, by their names.
        markets: BTreeMap<String, OwnThresholds> = Value::empty();
    }
}

section! {
    /// Top-up thresholds of one market or position; what is left out is as for all.
    OwnThresholds {
        /// Top up below it.
        warning_threshold: Option<f64>, Bounds::above(0.0, 1e3);
        /// Below it the kill switch closes at once, where it is the fallback.
        danger_threshold: Option<f64>, Bounds::above(0.0, 1e3);
        /// What a top-up restores.
        target_health_factor: Option<f64>, Bounds::above(0.0, 1e3);
    }
}

section! {
    /// The kill switch.
    KillSwitch {
        /// Off: neither triggers by itself nor serves as a fallback.
        enabled: bool = true;
        /// Triggers by itself below this health factor; only a fallback unless given.
        trigger_hf: Option<f64>, Bounds::above(0.0, 1e3);
        /// What it closes; "triggering" by default, since it answers for the position that could not be topped up.
        scope: KillScopeName = "triggering";
        /// Effective leverage above which scope = "above_leverage" closes.
        leverage_threshold: f64 = 10.0, Bounds::above(0.0, 1e6);
        /// Only says what it would do.
        dry_run: bool = false;
        /// Its orders go before all others of the instant.
        priority: bool = true;
        /// Free text for the log.
        reason: String = "";
    }
}

section! {
    /// Partial close back to health.
    Reduce {
        /// Off: never acts.
        enabled: bool = true;
        /// Acts below this health factor.
        trigger_hf: f64, Bounds::above(0.0, 1e3);
        /// Closes the least quantity that restores this one after costs.
        target_hf: f64, Bounds::above(0.0, 1e3);
        /// A position is not reduced again for so long.
        cooldown: Duration = "0s";
    }
}

section! {
    /// Stop loss; exactly one of price, loss and health_factor is given.
    StopLoss {
        /// Off: never acts.
        enabled: bool = true;
        /// Closes when the mark is at or beyond it.
        price: Option<f64>, Bounds::above(0.0, 1e12);
        /// Closes at a loss of this part of the notional at entry.
        loss: Option<Fraction>, Bounds::between(0.0, 1e3);
        /// Closes below this health factor.
        health_factor: Option<f64>, Bounds::above(0.0, 1e3);
    }
}

section! {
    /// Re-entry after a kill.
    Resume {
        /// Off: a killed position stays closed.
        enabled: bool = true;
        /// Enters when the average true range is below this part of the price.
        atr_threshold: Fraction, Bounds::above(0.0, 10.0);
        /// Bars of Wilder's average.
        atr_bars: u64 = 14, Bounds::within(1.0, 1e5);
        /// Size of the new position as a part of the first, collateral likewise.
        size_fraction: Fraction = 0.5, Bounds::above(0.0, 1.0);
        /// Not before so long after the kill.
        cooldown: Duration = "1h";
        /// At most so often per position.
        max_resumes: u64 = 1, Bounds::within(1.0, 1e6);
    }
}

section! {
    /// Watching the zones.
    ZoneWatch {
        /// Off: no alerts.
        enabled: bool = true;
        /// It looks once in so long.
        poll: Duration = "30s", Bounds::at_least(1.0);
        /// The alert is delivered so long after the look.
        latency: Duration = "50ms";
    }
}

/// What the kill switch closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KillScopeName {
    /// The position with the lowest health factor.
    MostAtRisk,
    /// The position that triggered it.
    Triggering,
    /// Every position.
    All,
    /// Every position above `leverage_threshold`.
    AboveLeverage,
}

choice!(KillScopeName {
    "triggering" => Self::Triggering,
    "most_at_risk" => Self::MostAtRisk,
    "all" => Self::All,
    "above_leverage" => Self::AboveLeverage,
});
choice!(Sizing { "exact" => Self::Exact, "proportional" => Self::Proportional });
choice!(FallbackWhen { "reserve" => Self::Reserve, "any_cap" => Self::AnyCap });
