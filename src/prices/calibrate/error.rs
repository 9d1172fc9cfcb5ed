//! Why a history cannot be calibrated.

/// Why a history cannot be calibrated; each says what would help.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CalibrateError {
    /// Not enough returns.
    #[error(
        "{found} returns are too few: this model needs at least {needed}; give a longer history or a shorter --step"
    )]
    TooFew { found: usize, needed: usize },
    /// No asset.
    #[error("no prices to calibrate; name at least one file")]
    Nothing,
    /// Assets with different numbers of closes.
    #[error("{asset} has {found} closes, {first} has {needed}; cut them to the same span")]
    Unaligned { asset: String, first: String, found: usize, needed: usize },
    /// A close that is no price.
    #[error("{asset}, close {row}: {value} is no price above zero; correct it at its source")]
    NoPrice { asset: String, row: usize, value: f64 },
    /// A price that never moves.
    #[error(
        "the price of {0} never moves: there is nothing to calibrate; leave it out or give another span"
    )]
    Constant(String),
    /// A step that the closes do not have.
    #[error(
        "a step of {step_ms} ms is no whole number of bars of {bar_ms} ms; give a multiple of the bar"
    )]
    Step { step_ms: i64, bar_ms: i64 },
    /// A fit without an answer.
    #[error("{0}")]
    NoFit(String),
}
