//! Paths that leave another, and paths of given normals.

use super::super::draw::{Branch, Draw};
use super::ModelPath;
use crate::prices::PricePath;

impl ModelPath {
    /// Goes to the start of a branch of a path: up to the tick of each branch it is what it was
    /// before, afterwards it draws from that branch's streams. The state that a model carries is
    /// kept, and every wait for a jump, a regime or the end of a block has no memory, so that what
    /// comes has the law of the model given what has been. Instants of shocks are the path's.
    ///
    /// `branches` stand in the order of their ticks.
    pub fn begin_branch(&mut self, seed: u64, path: u64, branches: &[Branch]) {
        self.begin(seed, path);
        self.leave_at(branches);
    }

    /// The branches that the path which has begun will take.
    pub(in crate::prices::models) fn leave_at(&mut self, branches: &[Branch]) {
        self.branches.extend_from_slice(branches);
        self.timetable.leave_at(branches);
    }

    /// Goes to the start of a path whose independent normals are given, `normals[asset·steps +
    /// step − 1]`; all other draws are those of the path.
    ///
    /// # Panics
    /// If there are not as many as assets times steps.
    pub fn begin_given(&mut self, seed: u64, path: u64, normals: &[f64]) {
        let wanted = self.streams.len() * (self.levels.ticks() - 1);
        assert_eq!(normals.len(), wanted, "one normal per asset and step");
        self.begin(seed, path);
        self.give(normals);
    }

    /// The normals of the path which has begun.
    pub(in crate::prices::models) fn give(&mut self, normals: &[f64]) {
        self.given.extend_from_slice(normals);
        self.timetable.give(normals, self.levels.ticks() - 1);
    }

    /// What an asset's log price takes of each independent normal in the first step.
    pub fn loadings(&self, asset: usize) -> &[f64] {
        &self.prepared.settings[0].loadings[asset]
    }

    /// Takes the branches that begin before a tick.
    pub(super) fn take_branches(&mut self, first: usize) {
        while let Some(branch) = self.branches.get(self.next_branch).filter(|b| b.tick < first) {
            self.draw.branch = branch.stream;
            for (stream, key) in self.streams.iter_mut().zip(&self.prepared.keys) {
                *stream = self.draw.open(key);
            }
            if let Some(copula) = &mut self.copula {
                copula.begin(self.draw);
            }
            self.dynamics.branch(self.draw, branch.tick);
            self.timetable.branch(self.draw, branch.tick);
            self.next_branch += 1;
        }
    }

    /// The draws that the step to a tick is made of.
    pub(in crate::prices::models) fn draw_of(&self, tick: usize) -> Draw {
        let branch = self.branches.iter().rev().find(|branch| branch.tick < tick);
        Draw { branch: branch.map_or(0, |branch| branch.stream), ..self.draw }
    }
}
