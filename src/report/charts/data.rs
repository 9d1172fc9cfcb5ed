/// The texts around every chart; an empty one is left out. A text too long for its line is set
/// smaller, then cut with "…".
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Caption {
    pub title: String,
    /// One line under the title: what is shown, and of what.
    pub subtitle: String,
    /// Small print, such as `drypowder 0.1.0 · seed 1 · guarded_monte_carlo`.
    pub footer: String,
}

/// One point of a series over time. Series are ascending in time; a value that is not a number
/// breaks the line there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Milliseconds since the Unix epoch, UTC.
    pub time_ms: i64,
    /// In the unit of the series.
    pub value: f64,
}

/// A figure and its 95 % interval; what is not finite is left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Estimate {
    /// A figure without an interval.
    pub const fn exact(value: f64) -> Self {
        Self { value, low: f64::NAN, high: f64::NAN }
    }

    /// Value and ends, for scales.
    pub(super) const fn ends(&self) -> [f64; 3] {
        [self.value, self.low, self.high]
    }
}

impl Default for Estimate {
    fn default() -> Self {
        Self::exact(f64::NAN)
    }
}

/// Whether a candidate meets its constraints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Verdict {
    /// The upper end of each interval does; or there is none.
    #[default]
    Holds,
    /// Within the intervals' reach.
    CannotTell,
    /// It does not.
    Violated,
    /// It left the search on fewer paths than the others ran over: nothing of it compares.
    LeftEarly,
    /// It could not run.
    Failed,
}
