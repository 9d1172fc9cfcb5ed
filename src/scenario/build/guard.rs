//! Protections.

use crate::policy::{
    GuardSpec, KillScope, KillSwitchSpec, ReduceSpec, ResumeSpec, StopLossSpec, StopTrigger,
    TopUpSpec, TopUpThresholds, ZoneMonitorSpec,
};
use crate::scenario::format::{
    KillScopeName, KillSwitch, Policy, Reduce, Resume, StopLoss, TopUp, ZoneWatch,
};

/// The guard of a policy; without one it never acts.
pub(super) fn guard(policy: Option<&Policy>) -> GuardSpec {
    let Some(policy) = policy else { return GuardSpec::none() };
    GuardSpec {
        poll_ms: policy.poll.ms,
        latency_ms: policy.latency.ms,
        top_up: policy.top_up.as_ref().map(|top_up| self::top_up(&top_up.0)),
        kill_switch: policy.kill_switch.as_ref().map(kill_switch),
        reduce: policy.reduce_to_target.as_ref().map(reduce),
        stop_loss: policy.stop_loss.as_ref().and_then(stop_loss),
        resume: policy.resume.as_ref().map(resume),
    }
}

/// The alerts of a policy.
pub(super) fn zone_monitor(policy: Option<&Policy>) -> Option<ZoneMonitorSpec> {
    policy?.zones.as_ref().map(|zones: &ZoneWatch| ZoneMonitorSpec {
        enabled: zones.enabled,
        poll_ms: zones.poll.ms,
        latency_ms: zones.latency.ms,
    })
}

fn top_up(top_up: &TopUp) -> TopUpSpec {
    TopUpSpec {
        enabled: top_up.enabled,
        thresholds: TopUpThresholds {
            warning: top_up.warning_threshold,
            danger: top_up.danger_threshold,
            target: top_up.target_health_factor,
        },
        max_per_event: top_up.max_topup_per_event.0,
        max_per_day: top_up.max_topup_per_day.0,
        reserve_minimum: top_up.reserve_minimum.0,
        fallback_to_kill_switch: top_up.fallback_to_kill_switch,
        fallback_when: top_up.fallback_when,
        sizing: top_up.sizing,
        cooldown_ms: top_up.cooldown.ms,
        transfer_delay_ms: top_up.transfer_delay.ms,
        failure_probability: top_up.failure_probability.0,
        notify_webhook: top_up.notify_webhook.clone(),
    }
}

fn kill_switch(kill: &KillSwitch) -> KillSwitchSpec {
    KillSwitchSpec {
        enabled: kill.enabled,
        trigger_hf: kill.trigger_hf,
        scope: match kill.scope {
            KillScopeName::Triggering => KillScope::Triggering,
            KillScopeName::MostAtRisk => KillScope::MostAtRisk,
            KillScopeName::All => KillScope::All,
            KillScopeName::AboveLeverage => KillScope::AboveLeverage(kill.leverage_threshold),
        },
        dry_run: kill.dry_run,
        priority: kill.priority,
        reason: kill.reason.clone(),
    }
}

fn reduce(reduce: &Reduce) -> ReduceSpec {
    ReduceSpec {
        enabled: reduce.enabled,
        trigger_hf: reduce.trigger_hf,
        target_hf: reduce.target_hf,
        cooldown_ms: reduce.cooldown.ms,
    }
}

/// The one trigger that is given; how many there are is checked elsewhere.
fn stop_loss(stop: &StopLoss) -> Option<StopLossSpec> {
    let price = stop.price.map(StopTrigger::Price);
    let loss = stop.loss.map(|loss| StopTrigger::Loss(loss.0));
    let health = stop.health_factor.map(StopTrigger::HealthFactor);
    let trigger = price.or(loss).or(health)?;
    Some(StopLossSpec { enabled: stop.enabled, trigger })
}

fn resume(resume: &Resume) -> ResumeSpec {
    ResumeSpec {
        enabled: resume.enabled,
        atr_threshold: resume.atr_threshold.0,
        // Both are bounded far below the limits of their types.
        atr_bars: resume.atr_bars as usize,
        size_fraction: resume.size_fraction.0,
        cooldown_ms: resume.cooldown.ms,
        max_resumes: resume.max_resumes as u32,
    }
}
