//! Protections in words.

use std::fmt::Write;

use super::percent;
use crate::engine::AgentPlan;
use crate::fields::{Duration, Money};
use crate::policy::{
    FallbackWhen, GuardSpec, KillScope, KillSwitchSpec, Sizing, StopTrigger, TopUpSpec,
};

/// Writes the protections of an agent; `others` says whether it has any elsewhere.
pub(super) fn write(text: &mut String, agent: &AgentPlan, others: bool) {
    let guard = &agent.guard;
    if guard.acts() {
        let (poll, latency) = (Duration { ms: guard.poll_ms }, Duration { ms: guard.latency_ms });
        let _ = writeln!(text, "  guard: looks every {poll}, acts {latency} later");
    } else if !others {
        let _ = writeln!(text, "  no protection acts");
    }
    if let Some(top_up) = guard.active_top_up() {
        let _ = writeln!(text, "    top-up: {}", top_up_in_words(top_up, guard));
    }
    if let Some(kill) = guard.active_kill_switch() {
        let _ = writeln!(text, "    kill switch: {}", kill_in_words(kill));
    }
    if let Some(reduce) = guard.active_reduce() {
        let (trigger, target) = (reduce.trigger_hf, reduce.target_hf);
        let _ = writeln!(text, "    reduce: below {trigger} closes what restores {target}");
    }
    if let Some(stop) = guard.active_stop_loss() {
        let when = match stop.trigger {
            StopTrigger::Price(price) => format!("at a mark of {price}"),
            StopTrigger::Loss(loss) => format!("at a loss of {} of notional", percent(loss)),
            StopTrigger::HealthFactor(level) => format!("below health factor {level}"),
        };
        let _ = writeln!(text, "    stop loss: {when}");
    }
    if let Some(resume) = guard.active_resume() {
        let _ = writeln!(
            text,
            "    resume: at {} of the size once the average range of {} bars is below {}, at most {} times",
            percent(resume.size_fraction),
            resume.atr_bars,
            percent(resume.atr_threshold),
            resume.max_resumes
        );
    }
    if let Some(zones) = agent.zone_monitor.filter(|zones| zones.enabled) {
        let (poll, latency) = (Duration { ms: zones.poll_ms }, Duration { ms: zones.latency_ms });
        let _ = writeln!(text, "  alerts: zones looked at every {poll}, delivered {latency} later");
    }
}

fn top_up_in_words(top_up: &TopUpSpec, guard: &GuardSpec) -> String {
    let mut words = format!(
        "below {} to {}{}, at most {} an event and {} a day, never the last {}",
        top_up.thresholds.warning,
        top_up.thresholds.target,
        match top_up.sizing {
            Sizing::Exact => "",
            Sizing::Proportional => " by the proportional rule",
        },
        Money(top_up.max_per_event),
        Money(top_up.max_per_day),
        Money(top_up.reserve_minimum),
    );
    if top_up.fallback_to_kill_switch && guard.active_kill_switch().is_some() {
        let when = match top_up.fallback_when {
            FallbackWhen::Reserve => "at the reserve",
            FallbackWhen::AnyCap => "when reserve or a cap leaves nothing",
        };
        let _ = write!(words, "; kill switch below {} or {when}", top_up.thresholds.danger);
    }
    words
}

fn kill_in_words(kill: &KillSwitchSpec) -> String {
    let what = match kill.scope {
        KillScope::Triggering => "the position that triggered it".to_owned(),
        KillScope::MostAtRisk => "the position most at risk".to_owned(),
        KillScope::All => "every position".to_owned(),
        KillScope::AboveLeverage(level) => format!("positions above {level} × leverage"),
    };
    let when = match kill.trigger_hf {
        Some(level) => format!("below {level} closes"),
        None => "as a fallback closes".to_owned(),
    };
    let dry = if kill.dry_run { " (dry run: only says so)" } else { "" };
    format!("{when} {what}{dry}")
}
