//! What a tuning says of one axis.

use super::types::{Difference, Judged, Standing};
use crate::scenario::Coordinate;
use crate::stats::GroupEffect;

/// What an axis does to the objective.
#[derive(Clone, Debug)]
pub struct AxisReport {
    /// Path of its field.
    pub path: String,
    /// Unit of its numbers; empty where they have none.
    pub unit: &'static str,
    /// Values along it, all else as in the centre, in their order; the centre is among them.
    pub profile: Vec<ProfilePoint>,
    /// Which of them is the centre.
    pub centre: usize,
    /// Over the first rung of the whole design: what part of the objective's variance goes with the
    /// axis; `None` where candidates have no different objectives, or too few.
    pub effect: Option<GroupEffect>,
    /// What is seen of it.
    pub finding: Finding,
}

/// One value of a profile.
#[derive(Clone, Debug)]
pub struct ProfilePoint {
    /// The value.
    pub coordinate: Coordinate,
    /// What it is worth; else why it could not run.
    pub outcome: Result<ProfileWorth, String>,
}

/// What a value of a profile is worth.
#[derive(Clone, Debug)]
pub struct ProfileWorth {
    /// On the fresh paths.
    pub judged: Judged,
    /// Its objective less the centre's, paired.
    pub less_centre: Difference,
    /// Whether every path came out the same as under the centre, to the micro-unit.
    pub same: bool,
}

impl ProfileWorth {
    /// Whether the interval of the difference leaves out 0; on a single path, which is what happened,
    /// whether there is one.
    pub fn differs(&self, level: f64) -> bool {
        match self.judged.paths {
            1 => self.less_centre.value != 0.0,
            _ => self.less_centre.is_seen(level),
        }
    }
}

/// What is seen of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Along the profile every path came out the same to the micro-unit.
    NoEffect,
    /// No difference along the profile, and no part of the design's variance, is more than chance.
    WithinNoise,
    /// There is one.
    Felt,
    /// So few paths bound no difference along the profile, and no part of the design's variance.
    Unbounded,
    /// There is nothing to compare: no other value could run.
    Unknown,
}

impl AxisReport {
    /// The values of the profile next to the centre, below and above.
    pub fn neighbours(&self) -> [Option<&ProfilePoint>; 2] {
        let below = self.centre.checked_sub(1).and_then(|at| self.profile.get(at));
        [below, self.profile.get(self.centre + 1)]
    }

    /// The values about the centre, without a gap, whose objective the paths do not tell from its, and
    /// that break no limit which it does not: the first and the last.
    pub fn flat(&self) -> [&Coordinate; 2] {
        let broken = |at: usize| {
            let outcome = self.profile[at].outcome.as_ref();
            outcome.is_ok_and(|worth| worth.judged.standing() == Standing::Violated)
        };
        let alike = |at: &usize| {
            let outcome = self.profile[*at].outcome.as_ref();
            outcome.is_ok_and(|worth| !worth.differs(0.95)) && (broken(self.centre) || !broken(*at))
        };
        let low = (0..self.centre).rev().take_while(alike).last().unwrap_or(self.centre);
        let above = self.centre + 1..self.profile.len();
        let high = above.take_while(alike).last().unwrap_or(self.centre);
        [&self.profile[low].coordinate, &self.profile[high].coordinate]
    }
}
