//! Watching how near a path comes.

use crate::engine::{AccountSample, Event, HealthMark, LeastHealth, PositionSample, Recorder};
use crate::scenario::{LevelMeasure, RareEvent, SplittingSpec};
use crate::units::time::NEVER_MS;

/// What a path is watched for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::study) enum Goal {
    /// Every new least level.
    Records,
    /// The first tick at or below a level, or of the event.
    Level(f64),
    /// The first tick of the event.
    Event,
}

/// What was seen on a path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::study) struct Seen {
    /// Ticks at which the level was less than ever before, with the level, where records were the goal.
    pub records: Vec<(usize, f64)>,
    /// First tick at which the goal's level was reached.
    pub level: Option<usize>,
    /// First tick of the event.
    pub event: Option<usize>,
}

impl Seen {
    /// First tick at which a level was reached or the event came.
    pub fn reached(&self, level: f64) -> Option<usize> {
        let recorded = self.records.iter().find(|(_, least)| *least <= level);
        let level = self.level.or(recorded.map(|(tick, _)| *tick));
        level.into_iter().chain(self.event).min()
    }

    /// The least level, below all where the event came.
    pub fn least(&self) -> f64 {
        match self.event {
            Some(_) => f64::NEG_INFINITY,
            None => self.records.last().map_or(f64::INFINITY, |(_, least)| *least),
        }
    }
}

/// Watches the agents that count.
pub(in crate::study) struct Watcher {
    event: RareEvent,
    agent: Option<usize>,
    measure: LevelMeasure,
    goal: Goal,
    least: f64,
    /// The event came at the present instant.
    came: bool,
    pub seen: Seen,
}

impl Watcher {
    pub fn new(spec: &SplittingSpec, goal: Goal) -> Self {
        Self { measure: spec.measure, ..Self::of(spec.event, spec.agent, goal) }
    }

    pub fn of(event: RareEvent, agent: Option<usize>, goal: Goal) -> Self {
        Self {
            event,
            agent,
            measure: LevelMeasure::HealthFactor,
            goal,
            least: f64::INFINITY,
            came: false,
            seen: Seen::default(),
        }
    }

    fn counts(&self, agent: usize) -> bool {
        self.agent.is_none_or(|one| one == agent)
    }
}

impl Recorder for Watcher {
    const EVENTS: bool = true;
    const HEALTH: bool = true;

    fn event(&mut self, event: &Event) {
        self.came |= self.counts(event.agent) && self.event.is(event.kind);
    }

    fn next_sample_ms(&self) -> i64 {
        NEVER_MS
    }

    fn sample(&mut self, _: i64, _: &[AccountSample], _: &[PositionSample]) {}

    fn awaited(&self, agent: usize) -> Option<HealthMark> {
        let level = match self.goal {
            _ if !self.counts(agent) || self.seen.event.is_some() => return None,
            Goal::Records if self.least.is_finite() => self.least,
            Goal::Level(level) if self.seen.level.is_none() => level,
            _ => return None,
        };
        Some(HealthMark { level, backed: self.measure == LevelMeasure::BackedHealthFactor })
    }

    fn health(&mut self, tick: usize, agent: usize, least: LeastHealth) {
        if self.came && self.seen.event.is_none() {
            self.seen.event = Some(tick);
        }
        let least = match self.measure {
            LevelMeasure::HealthFactor => least.own,
            LevelMeasure::BackedHealthFactor => least.backed,
        };
        if !self.counts(agent) || least >= self.least {
            return;
        }
        self.least = least;
        match self.goal {
            Goal::Records => self.seen.records.push((tick, least)),
            Goal::Level(level) if least <= level && self.seen.level.is_none() => {
                self.seen.level = Some(tick);
            }
            _ => {}
        }
    }
}
