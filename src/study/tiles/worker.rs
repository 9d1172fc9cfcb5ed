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

/// Accounts times variants whose workspaces a thread keeps from tile to tile; those of further variants
/// are made anew, so that memory does not grow with their number.
const KEPT: usize = 1024;

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
    /// Of the first variants, by their number.
    workspaces: Vec<Option<Workspace>>,
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
        let mut first = variants.start;
        for of_group in self.members[variants].chunk_by(|one, next| one.group == next.group) {
            let group = of_group[0].group;
            worker.take_group(group, &self.groups[group])?;
            worker.begin(self.seed, paths.clone());
            for (place, member) in of_group.iter().enumerate() {
                let mut workspace = worker.take_workspace(first + place, member);
                let found = worker.run(member, self.seed, paths.clone(), &mut workspace);
                if found.is_ok() {
                    worker.keep(first + place, workspace);
                }
                worker.write(member, found, &mut bytes, &mut ends);
            }
            first += of_group.len();
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

    /// Begins paths, which stay in the cache.
    fn begin(&mut self, seed: u64, paths: Range<u64>) {
        while (self.feeds.len() as u64) < paths.end - paths.start {
            let more = self.feeds[0].clone();
            self.feeds.push(more);
        }
        for (feed, number) in self.feeds.iter_mut().zip(paths) {
            feed.path().begin(seed, number);
        }
    }

    /// The workspace of a variant, as its last tile left it or new.
    fn take_workspace(&mut self, number: usize, member: &Member) -> Workspace {
        let kept = self.workspaces.get_mut(number).and_then(Option::take);
        kept.unwrap_or_else(|| Workspace::new(&member.plan, self.feeds[0].path().assets()))
    }

    fn keep(&mut self, number: usize, workspace: Workspace) {
        if (number + 1) * workspace.outcomes().len() <= KEPT {
            if self.workspaces.len() <= number {
                self.workspaces.resize_with(number + 1, || None);
            }
            self.workspaces[number] = Some(workspace);
        }
    }

    /// One variant over the paths that have begun.
    fn run(
        &mut self,
        member: &Member,
        seed: u64,
        paths: Range<u64>,
        workspace: &mut Workspace,
    ) -> Result<(), String> {
        for (feed, number) in self.feeds.iter_mut().zip(paths) {
            feed.run(&member.plan, seed, number, workspace, &mut NoRecorder)
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
