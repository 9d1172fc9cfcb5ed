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
