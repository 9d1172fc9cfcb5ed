//! Shocks to prices: falls of the log price, multiples of the volatility, correlations of a crisis.
//! They stack.

use crate::stats::{Stream, StreamKey};

/// When a shock begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Onset {
    /// Name of the shock; also names its random stream.
    pub name: String,
    /// When it begins, ms after the start; `None`: at an instant drawn evenly from those at which
    /// all of it happens within the run.
    pub after_ms: Option<i64>,
    /// How long all of it takes, ms.
    pub length_ms: i64,
}

impl Onset {
    /// The stream that its beginning is drawn from.
    pub fn key(&self) -> StreamKey {
        StreamKey::new("shocks", &self.name)
    }

    /// When it begins, in steps after the start of a run of so many steps. The stream is read only
    /// where no instant is given.
    pub fn in_steps(&self, step_ms: f64, steps: f64, stream: impl FnOnce() -> Stream) -> f64 {
        match self.after_ms {
            Some(after) => after as f64 / step_ms,
            None => stream().uniform() * (steps - self.length_ms as f64 / step_ms).max(0.0),
        }
    }
}

/// A shock to prices: parts that begin together or one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Shock {
    /// When it begins.
    pub onset: Onset,
    /// What it does.
    pub parts: Vec<ShockPart>,
}

/// One thing that a shock does.
#[derive(Clone, Debug, PartialEq)]
pub struct ShockPart {
    /// After the shock's beginning, ms.
    pub from_ms: i64,
    /// How long it takes, ms.
    pub over_ms: i64,
    /// What happens.
    pub kind: ShockKind,
}

/// What a shock does to each asset, in the order of the assets.
#[derive(Clone, Debug, PartialEq)]
pub enum ShockKind {
    /// The log price changes by so much on top of what the model does, evenly over the time of
    /// the part; within the step that holds its beginning where it takes no time.
    Crash(Vec<f64>),
    /// The volatility is multiplied by so much in the steps that begin during the part, the
    /// expected return unchanged; 1: not touched. Merton's jumps stay as they are.
    Volatility(Vec<f64>),
    /// The correlation of the normals in the steps that begin during the part, row-major. Where
    /// several hold at once, that of the highest mean correlation counts, of equals the later in
    /// the list of shocks.
    Correlation(Vec<f64>),
}

impl Shock {
    /// A shock of one part that takes `over_ms`.
    pub fn new(name: &str, after_ms: Option<i64>, over_ms: i64, kind: ShockKind) -> Self {
        let onset = Onset { name: name.to_owned(), after_ms, length_ms: over_ms };
        Self { onset, parts: vec![ShockPart { from_ms: 0, over_ms, kind }] }
    }
}

impl ShockPart {
    /// Whether prices are the same with it as without.
    pub fn does_nothing(&self) -> bool {
        match &self.kind {
            ShockKind::Crash(sizes) => sizes.iter().all(|size| *size == 0.0),
            ShockKind::Volatility(factors) => {
                self.over_ms == 0 || factors.iter().all(|factor| *factor == 1.0)
            }
            ShockKind::Correlation(_) => self.over_ms == 0,
        }
    }
}

/// All parts of some shocks.
pub(super) fn parts(shocks: &[Shock]) -> impl Iterator<Item = &ShockPart> {
    shocks.iter().flat_map(|shock| &shock.parts)
}

/// What the parts that lift an asset's log price add up to.
pub fn greatest_rise(shocks: &[Shock], asset: usize) -> f64 {
    let rise = |part: &ShockPart| match &part.kind {
        ShockKind::Crash(sizes) => sizes[asset].max(0.0),
        ShockKind::Volatility(_) | ShockKind::Correlation(_) => 0.0,
    };
    parts(shocks).map(rise).sum()
}
