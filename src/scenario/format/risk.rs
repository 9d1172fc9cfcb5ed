//! Risk figures of the book at the start, and back-tests of them.

use crate::fields::{Bounds, Duration, Fraction, Value, section};

section! {
    /// Risk figures: value at risk (VaR), expected shortfall (ES) and liquidation at risk (LaR).
    Risk {
        /// Confidences of VaR, ES and LaR; the figures at 95 % are always there.
        confidence: Vec<Fraction> = ["95 %"], Bounds::within(0.5, 0.9999);
        /// Whether the book of the start is taken apart: VaR and ES of each agent and position by every method, with components and margins.
        book: bool = false;
        /// Horizons of the book's figures; the run's length unless given.
        horizon: Vec<Duration> = Value::List(Vec::new()), Bounds::at_least(1.0);
        /// Draws from the covariance where a history gives no paths.
        draws: u64 = 10_000, Bounds::within(100.0, 1e6);
        /// Back-test over the history of the VaR that a broker would have used; none unless given.
        backtest: Option<Backtest>;
        /// The fleets' benefit of diversification as correlations go to those of a crisis, on the same draws; none unless given. Each weight runs the plan once more.
        diversification: Option<Diversification>;
    }
}

section! {
    /// Correlations on the way to a crisis: that of prices.correlation_drift, else one in which all assets move together; services that are correlated with trading follow it wholly.
    Diversification {
        /// How far on the way, ascending.
        weights: Vec<Fraction> = ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"], Bounds::within(0.0, 1.0);
    }
}

section! {
    /// Back-test of a VaR that is made anew for each period from the periods before it.
    Backtest {
        /// Length of a period.
        period: Duration = "1d", Bounds::at_least(1.0);
        /// Periods that a forecast is made from.
        window: u64 = 250, Bounds::within(20.0, 1e6);
        /// Confidence of the forecast.
        confidence: Fraction = "99 %", Bounds::within(0.5, 0.9999);
    }
}
