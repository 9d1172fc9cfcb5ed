//! What is said of a book's risk.

use crate::stats::Interval;
use crate::stats::risk::TailRisk;

/// How a figure is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The past windows, each as likely as the other.
    Historical,
    /// Normal, with the full covariance.
    Parametric,
    /// The model's paths; draws from the covariance of a history.
    MonteCarlo,
    /// Rises of the reserved margin, for comparison.
    Naive,
}

impl Method {
    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Historical => "historical",
            Self::Parametric => "parametric",
            Self::MonteCarlo => "monte_carlo",
            Self::Naive => "naive",
        }
    }
}

/// Figures of a book or of one of its lines, USDC, losses positive.
#[derive(Clone, Debug, PartialEq)]
pub struct BookFigure {
    /// Agent, or `all`.
    pub agent: String,
    /// A line of the book; `None`: the whole.
    pub part: Option<String>,
    /// How it was made.
    pub method: Method,
    /// Confidence.
    pub confidence: f64,
    /// Horizon, ms.
    pub horizon_ms: i64,
    /// Units × mark, signed; of the whole the sum.
    pub exposure_usdc: f64,
    /// VaR of the part alone, or of the whole.
    pub var: f64,
    /// Its 95 % interval; unbounded where none is known.
    pub var_interval: Interval,
    /// ES of the part alone, or of the whole; none by the naive method.
    pub es: Option<f64>,
    /// Its 95 % interval.
    pub es_interval: Interval,
    /// What the part adds to the VaR and ES of the whole; these sum to it.
    pub component: Option<TailRisk>,
    /// What one USDC more of exposure adds to VaR and ES.
    pub marginal: Option<TailRisk>,
    /// Of the whole: 1 − VaR / Σ VaR of the parts alone.
    pub diversification: Option<f64>,
}
