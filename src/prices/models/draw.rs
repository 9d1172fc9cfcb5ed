//! Which draws a path is made of.

use crate::stats::{Stream, StreamKey};

/// Where a path leaves its parent: what lies after `tick` is drawn from streams of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The last step of a model that is still the parent's leads to this tick.
    pub tick: usize,
    /// Names its streams, beside seed and path; 0 is the path itself.
    pub stream: u64,
}

/// The draws of one path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draw {
    /// Seed of the run.
    pub seed: u64,
    /// The path whose streams are read.
    pub path: u64,
    /// Its branch; 0: none.
    pub branch: u64,
    /// The path itself: another than that where it mirrors one.
    pub own: u64,
    /// −1 where the normals are mirrored, else 1.
    pub sign: f64,
}

impl Draw {
    /// Path 2k + 1 of antithetic paths reads the streams of path 2k and mirrors its normals.
    pub fn of(seed: u64, path: u64, antithetic: bool) -> Self {
        if !antithetic {
            return Self { seed, path, branch: 0, own: path, sign: 1.0 };
        }
        let sign = if path % 2 == 1 { -1.0 } else { 1.0 };
        Self { seed, path: path & !1, branch: 0, own: path, sign }
    }

    /// Opens a stream.
    #[inline]
    pub fn open(&self, key: &StreamKey) -> Stream {
        key.open_at(self.seed, self.path, 0, self.branch)
    }
}
