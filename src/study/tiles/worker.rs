//! What runs a tile: its paths are begun once, and every variant runs over them.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::Member;
use super::record::{Encoder, write_failure};
use crate::engine::{NoRecorder, Workspace};
use crate::prices::Prices;
use crate::prices::models::ModelError;
use crate::study::execution::StudyError;
use crate::study::feed::Feed;

/// Runs tiles on any thread.
pub(super) struct Workers<'a> {
    members: &'a [Member],
    groups: &'a [Prices],
    seed: u64,
    idle: Mutex<Vec<Worker>>,
}

/// What one thread keeps from tile to tile.
#[derive(Default)]
struct Worker {
    /// Generators of some paths, and the group whose they are.
    feeds: Vec<Feed>,
    group: Option<usize>,
    encoder: Encoder,
}

impl<'a> Workers<'a> {
    pub fn new(members: &'a [Member], groups: &'a [Prices], seed: u64) -> Self {
        Self { members, groups, seed, idle: Mutex::new(Vec::new()) }
    }

    /// The records of some variants over some paths, and where each ends.
    pub fn run(
        &self,
        paths: Range<u64>,
        variants: Range<usize>,
    ) -> Result<(Vec<u8>, Vec<u64>), StudyError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut worker = idle.unwrap_or_default();
        let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(variants.len()));
        let members = &self.members[variants];
        for of_group in members.chunk_by(|one, next| one.group == next.group) {
            let group = of_group[0].group;
            worker.take_group(group, &self.groups[group])?;
            worker.run(of_group, self.seed, paths.clone(), &mut bytes, &mut ends);
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        Ok((bytes, ends))
    }
}

impl Worker {
    /// Makes generators of the prices of a group its own.
    fn take_group(&mut self, group: usize, prices: &Prices) -> Result<(), ModelError> {
        if self.group != Some(group) {
            self.feeds.clear();
            self.feeds.push(Feed::new(prices)?);
            self.group = Some(group);
        }
        Ok(())
    }

    /// Runs variants over paths, which stay in the cache.
    fn run(
        &mut self,
        members: &[Member],
        seed: u64,
        paths: Range<u64>,
        bytes: &mut Vec<u8>,
        ends: &mut Vec<u64>,
    ) {
        while (self.feeds.len() as u64) < paths.end - paths.start {
            let more = self.feeds[0].clone();
            self.feeds.push(more);
        }
        for (feed, number) in self.feeds.iter_mut().zip(paths.clone()) {
            feed.path().begin(seed, number);
        }
        for member in members {
            let found = self.run_member(member, seed, paths.clone());
            self.write(member, found, bytes, ends);
        }
    }

    /// One variant over the paths that have begun.
    fn run_member(&mut self, member: &Member, seed: u64, paths: Range<u64>) -> Result<(), String> {
        let assets = self.feeds[0].path().assets();
        let mut workspace = Workspace::new(&member.plan, assets);
        for (feed, number) in self.feeds.iter_mut().zip(paths) {
            feed.run(&member.plan, seed, number, &mut workspace, &mut NoRecorder)
                .map_err(|error| error.to_string())?;
            self.encoder.path(workspace.outcomes());
        }
        Ok(())
    }

    fn write(
        &mut self,
        member: &Member,
        found: Result<(), String>,
        bytes: &mut Vec<u8>,
        ends: &mut Vec<u64>,
    ) {
        let agents = member.plan.agents.len();
        match found {
            Ok(()) => {
                let width = agents + usize::from(agents > 1);
                self.encoder.write(width, member.plan.metric_scope(), bytes);
            }
            Err(why) => {
                self.encoder.clear();
                write_failure(&why, bytes);
            }
        }
        ends.push(bytes.len() as u64);
    }
}
