//! A parameter as a scenario names it, with its standard error.

/// What a drift becomes in the fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriftChoice {
    /// 0, whatever the history did: it is hardly ever known.
    Zero,
    /// That of the history.
    Calibrated,
}

/// Unit of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A volatility.
    PerRootYear,
    /// A drift.
    PerYear,
    /// Jumps a year.
    JumpsPerYear,
    /// A change of the log price.
    LogPrice,
    /// A weight per step.
    PerStep,
    /// A length of time, ms.
    Time,
    /// A price.
    Usdc,
    /// A pure number.
    Pure,
}

impl Unit {
    /// As a reader is told.
    pub fn text(self) -> &'static str {
        match self {
            Self::PerRootYear => "per √year",
            Self::PerYear => "per year",
            Self::JumpsPerYear => "jumps a year",
            Self::LogPrice => "log price",
            Self::PerStep => "per step",
            Self::Time => "time",
            Self::Usdc => "USDC",
            Self::Pure => "",
        }
    }
}

/// A parameter, or a figure reported beside the parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Table below `[prices]`, such as `assets.BTC`; empty for `[prices]` itself.
    pub table: String,
    /// Field in it.
    pub key: String,
    /// In `unit`; a length of time in ms.
    pub value: f64,
    /// Standard error; `None` where it is no estimate, or the error is not known.
    pub error: Option<f64>,
    /// Unit of both.
    pub unit: Unit,
    /// Whether it belongs into a scenario, or is only reported.
    pub written: bool,
}

impl Parameter {
    /// One that a scenario takes.
    pub(super) fn new(table: &str, key: &str, value: f64, error: Option<f64>, unit: Unit) -> Self {
        let error = error.filter(|error| error.is_finite());
        let (table, key) = (table.to_owned(), key.to_owned());
        Self { table, key, value, error, unit, written: true }
    }

    /// One that is only told.
    pub(super) fn told(table: &str, key: &str, value: f64, error: Option<f64>, unit: Unit) -> Self {
        Self { written: false, ..Self::new(table, key, value, error, unit) }
    }

    /// The price at the start.
    pub(super) fn start_price(table: &str, price: f64) -> Self {
        Self::new(table, "start_price", price, None, Unit::Usdc)
    }

    /// The drift: as estimated if it is wanted, else 0 and the estimate told beside it.
    pub(super) fn drift(
        table: &str,
        value: f64,
        error: Option<f64>,
        choice: DriftChoice,
    ) -> Vec<Self> {
        match choice {
            DriftChoice::Calibrated => vec![Self::new(table, "drift", value, error, Unit::PerYear)],
            DriftChoice::Zero => vec![
                Self::new(table, "drift", 0.0, None, Unit::PerYear),
                Self::told(table, "drift of the history", value, error, Unit::PerYear),
            ],
        }
    }
}
