//! The choice of levels: adaptive splitting (Cérou & Guyader 2007) on streams of its own.

use super::runner::{Particle, Runner, stream_of};
use super::spec::SplittingError;
use super::watcher::{Goal, Seen};
use crate::scenario::SplittingSpec;
use crate::study::execution::StudyError;

/// Paths of the pilot begin here, far from those of the estimate.
const PILOT: u64 = 1 << 63;

/// Levels at most.
const MOST: usize = 100;

/// A level is below the one before by more than this part of it.
const STRIDE: f64 = 1e-9;

/// The levels that part `share` of the pilot's paths reach from the one before, and the runs that
/// it took. The last level is the one from which at least that part has the event.
pub(super) fn levels(
    runner: &Runner<'_>,
    spec: &SplittingSpec,
    mut stopped: impl FnMut(u64) -> Result<(), StudyError>,
) -> Result<(Vec<f64>, u64), SplittingError> {
    let wanted = ((spec.share * spec.particles as f64).ceil() as usize).max(1);
    let mut particles: Vec<Particle> =
        (0..spec.particles).map(|j| Particle { root: PILOT + j, ..Particle::default() }).collect();
    let (mut levels, mut runs) = (Vec::new(), 0);
    let mut before = f64::INFINITY;
    loop {
        stopped(runs)?;
        let seen = runner.run(&particles, Goal::Records).map_err(StudyError::from)?;
        runs += spec.particles;
        let events = seen.iter().filter(|seen| seen.event.is_some()).count();
        let mut least: Vec<f64> = seen.iter().map(Seen::least).collect();
        least.sort_by(f64::total_cmp);
        let level = least[wanted - 1];
        let nearer = level < before - STRIDE * before.abs().min(f64::MAX);
        if events >= wanted || (events > 0 && !nearer) {
            return Ok((levels, runs));
        }
        if !nearer || !level.is_finite() || levels.len() == MOST {
            let at = if before.is_finite() { before } else { level };
            return Err(SplittingError::Stalled { levels: levels.len(), at });
        }
        let hits: Vec<(&Particle, usize)> = (particles.iter().zip(&seen))
            .filter_map(|(particle, seen)| Some((particle, seen.reached(level)?)))
            .collect();
        let children = (0..spec.particles).map(|j| {
            let (parent, tick) = hits[(j as usize) % hits.len()];
            parent.child(runner.branch_tick(tick), stream_of(levels.len(), j))
        });
        particles = children.collect();
        levels.push(level);
        before = level;
    }
}
