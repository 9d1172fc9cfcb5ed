//! Plays a plan on prices that are written down.

#![allow(dead_code, reason = "each test binary uses a part")]

use std::sync::Arc;

use drypowder::engine::{
    AccountSample, AgentOutcome, Event, EventKind, Plan, PositionSample, Recorder, Workspace, run,
};
use drypowder::prices::{Intrabar, PricePath, ReplayAsset, ReplayPath, ReplaySpec};
use drypowder::units::time::SECOND_MS;

use crate::common::NEW_YEAR_MS;

pub const MINUTE_MS: i64 = 60 * SECOND_MS;

/// Keeps all events, and samples at an interval.
struct Seen {
    events: Vec<Event>,
    samples: Vec<(i64, Vec<AccountSample>)>,
    next_ms: i64,
    every_ms: i64,
}

impl Recorder for Seen {
    const EVENTS: bool = true;

    fn event(&mut self, event: &Event) {
        self.events.push(event.clone());
    }

    fn next_sample_ms(&self) -> i64 {
        self.next_ms
    }

    fn sample(&mut self, time_ms: i64, accounts: &[AccountSample], _: &[PositionSample]) {
        self.samples.push((time_ms - NEW_YEAR_MS, accounts.to_vec()));
        self.next_ms = time_ms.saturating_add(self.every_ms);
    }
}

/// What came of the first agent of a plan, and what happened on the way.
pub struct Played {
    pub outcome: AgentOutcome,
    pub events: Vec<Event>,
    /// One interval of prices after the other: ms since the start, all accounts.
    pub samples: Vec<(i64, Vec<AccountSample>)>,
    /// As the path has left it.
    pub workspace: Workspace,
}

/// Runs a plan on closes of each of its assets, one a minute, the first at the start.
pub fn play(plan: &Plan, closes: &[&[f64]]) -> Played {
    play_every(plan, MINUTE_MS, closes)
}

/// The same with another interval.
pub fn play_every(plan: &Plan, interval_ms: i64, closes: &[&[f64]]) -> Played {
    let assets = (plan.assets.iter().zip(closes)).map(|(name, closes)| ReplayAsset {
        name: name.clone(),
        mark: Arc::new(std::array::from_fn(|_| closes.to_vec())),
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
        shocks: vec![],
    };
    let mut path = ReplayPath::new(Arc::new(spec));
    path.begin(1, 0);
    let mut workspace = Workspace::new(plan, plan.assets.len());
    let (next_ms, every_ms) = (NEW_YEAR_MS, interval_ms);
    let mut seen = Seen { events: Vec::new(), samples: Vec::new(), next_ms, every_ms };
    run(plan, &mut path, 1, 0, &mut workspace, &mut seen).expect("the books balance");
    let outcome = workspace.outcomes()[0].clone();
    Played { outcome, events: seen.events, samples: seen.samples, workspace }
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
