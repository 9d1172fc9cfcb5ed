//! The guard: one decision about one position, from all protections in their order.
//!
//! Order: stop loss, reduce to target, the kill switch's own trigger, top-up with its fallback.

use super::kill_switch::{KillReason, KillSwitchSpec};
use super::reduce::ReduceSpec;
use super::resume::ResumeSpec;
use super::stop_loss::{StopLossSpec, StopTrigger};
use super::top_up::{self, FallbackWhen, TopUpLimits, TopUpSpec};
use super::view::{AccountView, PositionView};
use crate::units::Amount;
use crate::units::time::{NEVER_MS, next_midnight_ms};

/// All protections of one account. A protection that is `None` or not enabled never acts.
#[derive(Clone, Debug, PartialEq)]
pub struct GuardSpec {
    /// The guard looks once in so long, first one interval after the start.
    pub poll_ms: i64,
    /// From the decision to its effect.
    pub latency_ms: i64,
    /// Top-up.
    pub top_up: Option<TopUpSpec>,
    /// Kill switch.
    pub kill_switch: Option<KillSwitchSpec>,
    /// Reduce to target.
    pub reduce: Option<ReduceSpec>,
    /// Stop loss.
    pub stop_loss: Option<StopLossSpec>,
    /// Re-entry after a kill.
    pub resume: Option<ResumeSpec>,
}

impl GuardSpec {
    /// A guard that never acts.
    pub fn none() -> Self {
        Self {
            poll_ms: 5_000,
            latency_ms: 0,
            top_up: None,
            kill_switch: None,
            reduce: None,
            stop_loss: None,
            resume: None,
        }
    }

    /// The top-up, when it is on.
    pub fn active_top_up(&self) -> Option<&TopUpSpec> {
        self.top_up.as_ref().filter(|spec| spec.enabled)
    }

    /// The kill switch, when it is on.
    pub fn active_kill_switch(&self) -> Option<&KillSwitchSpec> {
        self.kill_switch.as_ref().filter(|spec| spec.enabled)
    }

    /// Reduce to target, when it is on.
    pub fn active_reduce(&self) -> Option<&ReduceSpec> {
        self.reduce.as_ref().filter(|spec| spec.enabled)
    }

    /// The stop loss, when it is on.
    pub fn active_stop_loss(&self) -> Option<&StopLossSpec> {
        self.stop_loss.as_ref().filter(|spec| spec.enabled)
    }

    /// Resume, when it is on.
    pub fn active_resume(&self) -> Option<&ResumeSpec> {
        self.resume.as_ref().filter(|spec| spec.enabled)
    }

    /// Whether the kill switch is on and something can pull it.
    pub fn can_kill(&self) -> bool {
        let fallback = self.active_top_up().is_some_and(|spec| spec.fallback_to_kill_switch);
        self.active_kill_switch().is_some_and(|kill| fallback || kill.trigger_hf.is_some())
    }

    /// Whether any protection can act.
    pub fn acts(&self) -> bool {
        self.active_top_up().is_some()
            || self.active_kill_switch().is_some_and(|spec| spec.trigger_hf.is_some())
            || self.active_reduce().is_some()
            || self.active_stop_loss().is_some()
    }
}

/// What the guard remembers of one position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardMemory {
    /// No top-up before it.
    pub top_up_after_ms: i64,
    /// No reduction before it.
    pub reduce_after_ms: i64,
}

impl Default for GuardMemory {
    fn default() -> Self {
        Self { top_up_after_ms: i64::MIN, reduce_after_ms: i64::MIN }
    }
}

/// What the guard wants done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Nothing.
    Nothing,
    /// Close the position at its stop.
    StopLoss,
    /// Close part of the position.
    Reduce,
    /// Move money from the wallet to its collateral.
    TopUp(Amount),
    /// Pull the kill switch.
    Kill(KillReason),
    /// A top-up would be due, but the position shares the wallet: it would change nothing.
    TopUpInCross,
}

/// An intent, why it is no more than it is, and when to look again though nothing has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What to do.
    pub intent: Intent,
    /// The cap of one event held the amount down.
    pub event_capped: bool,
    /// The cap of the day did.
    pub day_capped: bool,
    /// The reserve did.
    pub reserve_capped: bool,
    /// Without any change of prices or balances the decision can differ from here on.
    pub review_ms: i64,
    /// The decision may differ at any other price, even in the same band of thresholds.
    pub watch: bool,
}

impl Decision {
    /// Nothing, with nothing held down, and nothing to look at again.
    pub const NOTHING: Self = Self::of(Intent::Nothing);

    const fn of(intent: Intent) -> Self {
        Self {
            intent,
            event_capped: false,
            day_capped: false,
            reserve_capped: false,
            review_ms: NEVER_MS,
            watch: false,
        }
    }
}

/// The guard's decision about one open position without a close in flight.
pub fn decide(
    spec: &GuardSpec,
    memory: &GuardMemory,
    account: &AccountView,
    position: &PositionView,
) -> Decision {
    if stop_is_hit(spec, position) {
        return Decision::of(Intent::StopLoss);
    }
    let mut review_ms = NEVER_MS;
    if let Some(reduce) = spec.active_reduce()
        && position.health_factor < reduce.trigger_hf
    {
        if account.now_ms < memory.reduce_after_ms {
            review_ms = memory.reduce_after_ms;
        } else if position.can_reduce {
            return Decision::of(Intent::Reduce);
        } else {
            // What a close costs follows the storm, even where no mark moves.
            review_ms = account.now_ms + 1;
        }
    }
    if let Some(kill) = spec.active_kill_switch()
        && kill.trigger_hf.is_some_and(|trigger| position.health_factor < trigger)
    {
        // A dry run leaves the position to a reduction that comes later.
        return Decision { review_ms, ..Decision::of(Intent::Kill(KillReason::Trigger)) };
    }
    let mut decision = match spec.active_top_up() {
        Some(top_up) if position.health_factor < position.thresholds.warning => {
            let fallback = top_up.fallback_to_kill_switch && spec.active_kill_switch().is_some();
            decide_top_up(top_up, fallback, memory, account, position)
        }
        _ => Decision::of(Intent::Nothing),
    };
    decision.review_ms = decision.review_ms.min(review_ms);
    decision
}

fn stop_is_hit(spec: &GuardSpec, position: &PositionView) -> bool {
    let Some(stop) = spec.active_stop_loss() else { return false };
    match (stop.trigger, position.stop_price) {
        (StopTrigger::HealthFactor(level), _) => position.health_factor < level,
        (_, Some(price)) if position.side > 0 => position.mark <= price,
        (_, Some(price)) => position.mark >= price,
        (_, None) => false,
    }
}

/// The decision below the warning threshold.
fn decide_top_up(
    spec: &TopUpSpec,
    fallback: bool,
    memory: &GuardMemory,
    account: &AccountView,
    position: &PositionView,
) -> Decision {
    if fallback && position.health_factor < position.thresholds.danger {
        return Decision::of(Intent::Kill(KillReason::Danger));
    }
    if position.cross {
        return Decision::of(Intent::TopUpInCross);
    }
    let limits = TopUpLimits {
        available: account.wallet - spec.reserve_minimum,
        day_left: spec.max_per_day - account.topped_up_today,
    };
    if !limits.available.is_positive() {
        let intent =
            if fallback { Intent::Kill(KillReason::ReserveEmpty) } else { Intent::Nothing };
        return Decision { reserve_capped: true, ..Decision::of(intent) };
    }
    if account.now_ms < memory.top_up_after_ms {
        return Decision { review_ms: memory.top_up_after_ms, ..Decision::of(Intent::Nothing) };
    }
    if !limits.day_left.min(spec.max_per_event).is_positive() {
        let any_cap = fallback && spec.fallback_when == FallbackWhen::AnyCap;
        let intent = if any_cap { Intent::Kill(KillReason::CapReached) } else { Intent::Nothing };
        return Decision {
            day_capped: !limits.day_left.is_positive(),
            event_capped: !spec.max_per_event.is_positive(),
            review_ms: next_midnight_ms(account.now_ms),
            ..Decision::of(intent)
        };
    }
    size_top_up(spec, limits, position)
}

/// A top-up that no limit forbids, as large as the limits let it be.
fn size_top_up(spec: &TopUpSpec, limits: TopUpLimits, position: &PositionView) -> Decision {
    let wanted = top_up::wanted(
        spec.sizing,
        position.thresholds.target,
        position.equity,
        position.maintenance,
        position.collateral,
    );
    let amount = wanted.min(spec.max_per_event).min(limits.day_left).min(limits.available);
    if !amount.is_positive() {
        // The proportional rule asks for nothing where the collateral is gone.
        return Decision { watch: true, ..Decision::of(Intent::Nothing) };
    }
    let held_down = amount < wanted;
    Decision {
        event_capped: held_down && amount == spec.max_per_event,
        day_capped: held_down && amount == limits.day_left,
        reserve_capped: held_down && amount == limits.available,
        ..Decision::of(Intent::TopUp(amount))
    }
}

#[cfg(test)]
mod tests;
