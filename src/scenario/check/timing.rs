//! Counts, spans and intervals.

use crate::fields::{Duration, Faults};
use crate::prices::{Intrabar, Prices};
use crate::scenario::format::{Policy, Root};
use crate::scenario::span::Span;

/// Sobol sets below which intervals are wide.
const SETS_MIN: u64 = 10;

/// Paths that are written must be run.
pub(super) fn check_counts(root: &Root, faults: &mut Faults) {
    let paths = root.paths.unwrap_or(1);
    let traced = root.report.trace_paths.iter().find(|path| **path >= paths);
    if let Some(path) = traced
        && root.at.sound(&["paths"])
    {
        let message = format!("path {path} is not run: there are {paths}, numbered from 0");
        let help = format!("name paths up to {}", paths.saturating_sub(1));
        faults.error(&root.report.at.of("trace_paths"), message, help);
    }
    if let Some((size, spot)) = root.prices.sobol()
        && size.is_power_of_two()
        && paths.is_multiple_of(size)
        && paths / size < SETS_MIN
        && root.at.sound(&["paths"])
    {
        let sets = paths / size;
        let message =
            format!("{paths} paths are {sets} Sobol sets: intervals rest on {sets} observations");
        faults.warn(&spot, message, "give more paths or smaller sets: a few dozen sets do");
    }
    if let Some((size, spot)) = root.prices.sobol()
        && size.is_power_of_two()
        && !paths.is_multiple_of(size)
        && root.at.sound(&["paths"])
    {
        let message = format!("{paths} paths are no whole number of Sobol sets of {size}");
        let (fewer, more) = (paths / size * size, paths.div_ceil(size) * size);
        let help = match fewer {
            0 => format!("give {more} paths, or smaller sets"),
            _ => format!("give {fewer} or {more} paths"),
        };
        faults.error(&spot, message, help);
    }
    if let Some(spot) = root.prices.antithetic()
        && paths % 2 == 1
        && root.at.sound(&["paths"])
    {
        let message = format!("the last of {paths} paths has no mirror image");
        faults.error(&spot, message, "give an even number of paths");
    }
}

/// Intervals that are too fine for the prices to show.
pub(super) fn check(root: &Root, prices: &Prices, faults: &mut Faults) {
    let span = Span::of(prices);
    for policy in root.agent.iter().filter_map(|agent| agent.policy.as_ref()) {
        let length = span.end_ms - span.start_ms;
        if policy.poll.ms > length {
            let message =
                format!("a poll of {} is longer than the run: the guard never looks", policy.poll);
            faults.warn(&policy.at.of("poll"), message, "");
        }
        let is_walked = matches!(prices, Prices::History(replay)
            if replay.intrabar != Intrabar::Jump && !replay.close_only);
        if !is_walked && acts(policy) {
            check_resolution(policy, span.tick_ms, faults);
        }
    }
    if let Prices::Model(model) = prices
        && let Some(drift) = &model.options.correlation_drift
        && drift.after_ms >= span.end_ms - span.start_ms
    {
        let message = "the drift of correlations begins after the run is over: no effect";
        faults.warn(&root.prices.at().of("correlation_drift"), message, "begin earlier");
    }
    if let Prices::History(replay) = prices {
        let draws = root.agent.iter().filter_map(|agent| agent.policy.as_ref()).any(|policy| {
            policy.top_up.as_ref().is_some_and(|top_up| top_up.0.failure_probability.0 > 0.0)
        });
        if replay.intrabar != Intrabar::Bridge && !draws && root.paths.is_some_and(|n| n > 1) {
            let message = "every path of this history is the same";
            let help = "leave paths out, or let intrabar = \"bridge\" draw what lies between";
            faults.warn(&root.at.of("paths"), message, help);
        }
    }
}

/// Whether any protection that looks at prices is there.
fn acts(policy: &Policy) -> bool {
    policy.top_up.is_some()
        || policy.kill_switch.is_some()
        || policy.reduce_to_target.is_some()
        || policy.stop_loss.is_some()
}

fn check_resolution(policy: &Policy, tick_ms: i64, faults: &mut Faults) {
    let tick = Duration { ms: tick_ms };
    let poll = (policy.poll.ms < tick_ms).then(|| format!("a poll of {}", policy.poll));
    let is_short = policy.latency.ms > 0 && policy.latency.ms < tick_ms;
    let latency = is_short.then(|| format!("a latency of {}", policy.latency));
    let field = if poll.is_some() { "poll" } else { "latency" };
    let short: Vec<String> = poll.into_iter().chain(latency).collect();
    if short.is_empty() {
        return;
    }
    let message = format!(
        "{} shorter than a tick of {tick}: no effect, since prices stand still between ticks",
        short.join(" and ")
    );
    let help = "read the result as that of a guard who sees and meets every tick at once";
    faults.warn(&policy.at.of(field), message, help);
}
