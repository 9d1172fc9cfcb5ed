//! What is asked about the steps of a path by what fills them.

use super::super::setting::Setting;
use super::super::trail::Trail;
use super::ModelPath;

impl ModelPath {
    /// Keeps from now on how much noise each step holds.
    pub(in crate::prices::models) fn keep_noise(&mut self) {
        self.trail = Some(Box::new(Trail::new(self.streams.len(), self.levels.ticks())));
        self.dynamics.keep_jumps();
    }

    /// Index of the setting of the step to a tick that was made, and the scale of an asset's noise.
    #[inline]
    pub(in crate::prices::models) fn noise(&self, asset: usize, tick: usize) -> (usize, f64) {
        self.trail.as_ref().map_or((0, 1.0), |trail| trail.of(asset, tick))
    }

    /// What an asset's steps are made of.
    pub(in crate::prices::models) fn settings(&self) -> &[Setting] {
        &self.prepared.settings
    }

    /// Jumps in the step to a tick that was made: time in steps, and size of the log price.
    pub(in crate::prices::models) fn jumps_in(&self, asset: usize, tick: usize) -> &[(f64, f64)] {
        self.dynamics.jumps_in(asset, tick)
    }

    /// Log price over the start price at a tick that was made.
    #[inline]
    pub(in crate::prices::models) fn level(&self, tick: usize, asset: usize) -> f64 {
        self.levels.at(tick, asset)
    }

    /// The open interval of log prices over the start price that is quiet.
    #[inline]
    pub(in crate::prices::models) fn quiet(&self, asset: usize) -> [f64; 2] {
        self.levels.quiet[asset]
    }
}
