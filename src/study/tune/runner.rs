//! Runs settings over paths and keeps what their judge needs of them.

use std::ops::Range;

use super::judge::{Judge, Sample};
use super::types::Judged;
use crate::prices::Prices;
use crate::scenario::{ObjectiveSpec, ScenarioFile, Setting, TuneSpec};
use crate::stats::Replication;
use crate::study::execution::{Execution, Progress, StudyError};
use crate::study::{Ground, trials};

/// Settings that run at once, so that the figures of few are in memory.
const BATCH: usize = 64;

/// What all parts of a tuning run on.
pub(super) struct Runner<'a, P> {
    pub file: &'a ScenarioFile,
    pub objective: &'a ObjectiveSpec,
    pub search: &'a TuneSpec,
    pub replication: Replication,
    execution: &'a Execution<'a>,
    meter: Meter<'a, P>,
}

/// A setting's sample, or why it has none.
pub(super) type Sampled = Result<Sample, String>;

/// A setting that has run: its sample, and what it is worth.
pub(super) type Ran = (Sampled, Result<Judged, String>);

impl<'a, P: Progress> Runner<'a, P> {
    pub fn new(
        file: &'a ScenarioFile,
        objective: &'a ObjectiveSpec,
        search: &'a TuneSpec,
        execution: &'a Execution<'a>,
        progress: &'a mut P,
    ) -> Self {
        let replication = file.base().prices.replication();
        let total = super::work(file.base(), search);
        let meter = Meter { progress, before: 0, share: 0, total };
        Self { file, objective, search, replication, execution, meter }
    }

    /// Paths of the search.
    pub fn paths(&self) -> u64 {
        self.file.base().paths
    }

    /// A judge on the paths of a seed.
    pub fn judge(&self, seed: u64) -> Judge<'a> {
        Judge::new(self.objective, seed)
    }

    /// Runs settings over some paths of a seed, on the scenario's prices unless others are given.
    pub fn run(
        &mut self,
        settings: &[Setting],
        seed: u64,
        paths: Range<u64>,
        prices: Option<&Prices>,
    ) -> Result<Vec<Sampled>, StudyError> {
        let judge = self.judge(seed);
        let mut samples = Vec::with_capacity(settings.len());
        let ground = Ground { seed, paths: paths.clone(), prices };
        for batch in settings.chunks(BATCH) {
            self.meter.share = batch.len() as u64 * (paths.end - paths.start);
            let done = trials(self.file, batch, &ground, self.execution, &mut self.meter)?;
            samples.extend(done.into_iter().map(|trial| judge.sample(&trial?)));
            self.meter.before += self.meter.share;
        }
        Ok(samples)
    }

    /// Runs settings over the first paths of a seed and judges them as some of `tried`.
    pub fn judged(
        &mut self,
        settings: &[Setting],
        seed: u64,
        paths: u64,
        tried: usize,
    ) -> Result<Vec<Ran>, StudyError> {
        let samples = self.run(settings, seed, 0..paths, None)?;
        let judged = self.judge_all(&samples, (seed, paths), self.replication, tried);
        Ok(samples.into_iter().zip(judged).collect())
    }

    /// The same on other prices, without the samples.
    pub fn judged_on(
        &mut self,
        prices: &Prices,
        settings: &[Setting],
        (seed, paths): (u64, u64),
        tried: usize,
    ) -> Result<Vec<Result<Judged, String>>, StudyError> {
        let samples = self.run(settings, seed, 0..paths, Some(prices))?;
        Ok(self.judge_all(&samples, (seed, paths), prices.replication(), tried))
    }

    /// Runs settings over the first `paths` paths of each of several prices.
    pub fn run_each(
        &mut self,
        all: &[Prices],
        settings: &[Setting],
        (seed, paths): (u64, u64),
    ) -> Result<Vec<Vec<Sampled>>, StudyError> {
        all.iter().map(|prices| self.run(settings, seed, 0..paths, Some(prices))).collect()
    }

    /// Judges samples over the same paths as some of `tried`.
    pub fn judge_all(
        &self,
        samples: &[Sampled],
        (seed, paths): (u64, u64),
        replication: Replication,
        tried: usize,
    ) -> Vec<Result<Judged, String>> {
        let judge = self.judge(seed);
        let resamples = judge.resamples(paths, replication);
        let one = |sample: &Sampled| match sample {
            Ok(sample) => Ok(judge.judge(sample, replication, &resamples, tried)),
            Err(why) => Err(why.clone()),
        };
        samples.iter().map(one).collect()
    }
}

/// Counts settings times paths over all parts.
struct Meter<'a, P> {
    progress: &'a mut P,
    before: u64,
    /// Of what runs now.
    share: u64,
    /// Of all, about.
    total: u64,
}

impl<P: Progress> Progress for Meter<'_, P> {
    fn advance(&mut self, done: u64, total: u64) {
        let part = done as f64 / total.max(1) as f64;
        let now = self.before + (part * self.share as f64) as u64;
        self.progress.advance(now.min(self.total), self.total);
    }
}
