//! Blocks of work on a pool of threads, folded in order.

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::engine::RunError;
use crate::prices::models::ModelError;
use crate::stats::backtest::BacktestError;
use crate::stats::risk::RiskError;

/// Why a study ended early.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// A path could not be run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A sink could not take its rows.
    #[error(transparent)]
    Sink(#[from] io::Error),
    /// The user stopped it between two blocks.
    #[error("stopped after {done} paths")]
    Stopped {
        /// Paths that were folded.
        done: u64,
    },
    /// A risk figure cannot be made of the prices.
    #[error("the risk figures cannot be made: {0}")]
    Risk(RiskError),
    /// A back-test cannot be made of the history.
    #[error("the back-test cannot be made: {0}")]
    Backtest(BacktestError),
    /// A model with other correlations cannot be simulated.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The threads could not be started.
    #[error("the threads could not be started: {0}")]
    Threads(String),
}

/// Is told how far a study is.
pub trait Progress: Send {
    /// So many of so many paths are done.
    fn advance(&mut self, done: u64, total: u64);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn advance(&mut self, _: u64, _: u64) {}
}

/// How work is carried out; nothing here reaches a result.
#[derive(Clone, Copy, Debug)]
pub struct Execution<'a> {
    /// Threads; 0 means one per processor.
    pub threads: usize,
    /// Set by the user to stop between two blocks.
    pub stop: &'a AtomicBool,
}

/// Blocks that are under way or wait for the fold, per thread.
const BLOCKS_PER_THREAD: usize = 4;

impl Execution<'_> {
    /// Runs `job` over `0..count` in blocks and folds their results in order. While one window
    /// of blocks is folded the next one runs, so that memory holds two windows at most.
    pub(super) fn in_order<T: Send>(
        &self,
        count: u64,
        block: u64,
        job: impl Fn(Range<u64>) -> Result<T, StudyError> + Sync,
        mut fold: impl FnMut(T) -> Result<u64, StudyError> + Send,
    ) -> Result<(), StudyError> {
        let pool = self.pool()?;
        let window = (pool.current_num_threads() * BLOCKS_PER_THREAD) as u64 * block;
        let run_window = |start: u64| -> Vec<Result<T, StudyError>> {
            let blocks: Vec<Range<u64>> = (start..count.min(start + window))
                .step_by(block as usize)
                .map(|from| from..count.min(from + block))
                .collect();
            blocks.into_par_iter().map(&job).collect()
        };
        pool.install(|| {
            let mut done = 0;
            let mut ready = run_window(0);
            let mut next = window;
            while !ready.is_empty() {
                let (folded, following) = rayon::join(
                    || -> Result<(), StudyError> {
                        for result in ready {
                            done = fold(result?)?;
                        }
                        Ok(())
                    },
                    || if next < count && !self.stopped() { run_window(next) } else { Vec::new() },
                );
                folded?;
                if following.is_empty() && next < count {
                    return Err(StudyError::Stopped { done });
                }
                ready = following;
                next += window;
            }
            Ok(())
        })
    }

    /// The threads.
    ///
    /// # Errors
    /// If they cannot be started.
    pub fn pool(&self) -> Result<rayon::ThreadPool, StudyError> {
        rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .build()
            .map_err(|error| StudyError::Threads(error.to_string()))
    }

    /// An error when the user has stopped it, after so many paths.
    pub(super) fn go_on(&self, done: u64) -> Result<(), StudyError> {
        if self.stopped() { Err(StudyError::Stopped { done }) } else { Ok(()) }
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Paths per block: enough to amortise what a block costs, few enough that every thread has work.
pub(super) fn block_of(paths: u64) -> u64 {
    (paths / 64).clamp(1, 64)
}
