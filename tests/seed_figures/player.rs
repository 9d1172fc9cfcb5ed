//! Plays a plan on prices that are written down.

use std::sync::Arc;

use drypowder::engine::{
    AccountSample, AgentOutcome, Event, EventKind, Plan, PositionSample, Recorder, Workspace, run,
};
use drypowder::prices::{Intrabar, PricePath, ReplayAsset, ReplayPath, ReplaySpec};
use drypowder::units::time::{NEVER_MS, SECOND_MS};

use crate::common::NEW_YEAR_MS;

pub const MINUTE_MS: i64 = 60 * SECOND_MS;

#[derive(Default)]
struct Events(Vec<Event>);

impl Recorder for Events {
    const EVENTS: bool = true;

    fn event(&mut self, event: &Event) {
        self.0.push(event.clone());
    }

    fn next_sample_ms(&self) -> i64 {
        NEVER_MS
    }

    fn sample(&mut self, _: i64, _: &[AccountSample], _: &[PositionSample]) {}
}

/// What came of the first agent of a plan, and what happened on the way.
pub struct Played {
    pub outcome: AgentOutcome,
    events: Vec<Event>,
}

/// Runs a plan on closes of each of its assets, one a minute, the first at the start.
pub fn play(plan: &Plan, closes: &[&[f64]]) -> Played {
    play_every(plan, MINUTE_MS, closes)
}

/// The same with another interval.
pub fn play_every(plan: &Plan, interval_ms: i64, closes: &[&[f64]]) -> Played {
    let assets = (plan.assets.iter().zip(closes)).map(|(name, closes)| ReplayAsset {
        name: name.clone(),
        mark: std::array::from_fn(|_| closes.to_vec()),
        last: None,
        adverse_first: -1,
    });
    let spec = ReplaySpec {
        start_ms: NEW_YEAR_MS,
        interval_ms,
        close_only: true,
        intrabar: Intrabar::Jump,
        walk_step_ms: MINUTE_MS,
        worst_joint: false,
        assets: assets.collect(),
    };
    let mut path = ReplayPath::new(Arc::new(spec));
    path.begin(1, 0);
    let mut workspace = Workspace::new(plan, plan.assets.len());
    let mut events = Events::default();
    run(plan, &mut path, 1, 0, &mut workspace, &mut events).expect("the books balance");
    Played { outcome: workspace.outcomes()[0].clone(), events: events.0 }
}

impl Played {
    /// Events of a kind: ms since the start, index of the position.
    pub fn when(&self, kind: EventKind) -> Vec<(i64, Option<usize>)> {
        self.of(kind).map(|event| (event.time_ms - NEW_YEAR_MS, event.position)).collect()
    }

    /// Their amounts.
    pub fn amounts(&self, kind: EventKind) -> Vec<f64> {
        self.of(kind).map(|event| event.amount).collect()
    }

    /// The events of a kind.
    pub fn of(&self, kind: EventKind) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| event.kind == kind)
    }
}
