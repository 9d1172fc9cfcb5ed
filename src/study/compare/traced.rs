//! The paths that differ most, run again: the first event that differs, and what only one side has.

use std::collections::BTreeMap;

use crate::engine::{Event, EventKind, Metric};
use crate::scenario::Scenario;
use crate::study::{Execution, StudyError, StudyResult, Trace, VariantSet, trace};

/// A kind of event that one side has more often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneSided {
    /// Index of the agent.
    pub agent: usize,
    /// What happened.
    pub kind: EventKind,
    /// Times in the baseline.
    pub baseline: usize,
    /// Times in the variant.
    pub count: usize,
}

/// One path of a variant against the baseline.
#[derive(Clone, Debug)]
pub struct PathDifference {
    /// Index of the variant.
    pub variant: usize,
    /// Number of the path.
    pub path: u64,
    /// Final equity of each agent less that in the baseline, and of all, USDC.
    pub differences: Vec<f64>,
    /// The first event of the baseline that the variant does not have there, if it is not at its end.
    pub first_of_baseline: Option<Event>,
    /// The variant's event in its place.
    pub first_of_variant: Option<Event>,
    /// Events whose numbers differ, by agent and kind.
    pub one_sided: Vec<OneSided>,
}

impl PathDifference {
    /// Where the two first differ: the earlier of the two events; the baseline's of simultaneous ones.
    pub fn first(&self) -> Option<&Event> {
        match (&self.first_of_baseline, &self.first_of_variant) {
            (Some(base), Some(own)) if own.time_ms < base.time_ms => Some(own),
            (Some(base), _) => Some(base),
            (None, own) => own.as_ref(),
        }
    }
}

/// Of each variant the `count` paths with the largest difference of final equity of the whole account,
/// from the largest down, the lower path first among equals; paths without any are not among them.
pub(super) fn differences(
    scenario: &Scenario,
    set: &VariantSet,
    study: &StudyResult,
    count: usize,
    execution: &Execution,
) -> Result<Vec<PathDifference>, StudyError> {
    let mut chosen = Vec::new();
    for variant in 1..set.all().len() {
        let equity = |variant: usize| study.variants[variant].whole().column(Metric::FinalEquity);
        let apart =
            equity(variant).iter().zip(equity(0).iter()).map(|(own, base)| (own - base).abs());
        let mut paths: Vec<(u64, f64)> =
            (0..).zip(apart).filter(|(_, apart)| *apart > 0.0).collect();
        paths.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        chosen.extend(paths.into_iter().take(count).map(|(path, _)| (variant, path)));
    }
    let mut found = Vec::with_capacity(chosen.len());
    let job = |range: std::ops::Range<u64>| {
        let (variant, path) = chosen[range.start as usize];
        let own = trace(scenario, set, variant, path, 0)?;
        let base = trace(scenario, set, 0, path, 0)?;
        Ok(difference(study, variant, &own, &base))
    };
    execution.in_order(chosen.len() as u64, 1, job, |one| {
        found.push(one);
        Ok(found.len() as u64)
    })?;
    Ok(found)
}

fn difference(study: &StudyResult, variant: usize, own: &Trace, base: &Trace) -> PathDifference {
    let path = own.path;
    let [mine, theirs] = [variant, 0].map(|variant| &study.variants[variant].agents);
    let equity =
        |agent: &crate::study::AgentResult| agent.column(Metric::FinalEquity).get(path as usize);
    let differences = mine.iter().zip(theirs).map(|(own, base)| equity(own) - equity(base));
    let alike = own.events.iter().zip(&base.events).take_while(|(a, b)| same(a, b)).count();
    PathDifference {
        variant,
        path,
        differences: differences.collect(),
        first_of_baseline: base.events.get(alike).cloned(),
        first_of_variant: own.events.get(alike).cloned(),
        one_sided: one_sided(&own.events, &base.events),
    }
}

/// Whether two events say the same.
fn same(a: &Event, b: &Event) -> bool {
    let numbers = |event: &Event| {
        let Event { amount, price, mark, notional, costs, .. } = *event;
        let Event { health_before, health_factor, utilisation, .. } = *event;
        [amount, price, mark, notional, costs, health_before, health_factor, utilisation]
            .map(f64::to_bits)
    };
    let rest = |event: &Event| {
        (
            event.time_ms,
            event.agent,
            event.kind,
            event.position,
            event.about,
            event.asset,
            event.due_ms,
            event.reason,
        )
    };
    numbers(a) == numbers(b) && rest(a) == rest(b)
}

fn one_sided(own: &[Event], base: &[Event]) -> Vec<OneSided> {
    let mut counts: BTreeMap<(usize, &str), OneSided> = BTreeMap::new();
    let sides = [(own, true), (base, false)];
    for (event, is_own) in sides.iter().flat_map(|(side, own)| side.iter().map(move |e| (e, *own)))
    {
        let none = OneSided { agent: event.agent, kind: event.kind, baseline: 0, count: 0 };
        let entry = counts.entry((event.agent, event.kind.name())).or_insert(none);
        if is_own { entry.count += 1 } else { entry.baseline += 1 }
    }
    counts.into_values().filter(|one| one.count != one.baseline).collect()
}
