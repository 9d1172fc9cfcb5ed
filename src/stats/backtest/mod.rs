//! Back-tests of value at risk: were its exceedances as many, and as unconnected, as it claims?

mod error;
mod likelihood;
mod traffic_light;

pub use error::BacktestError;
pub use likelihood::{
    LikelihoodRatio, Transitions, conditional_coverage, independence, kupiec, transitions,
};
pub use traffic_light::{TrafficLight, Zone, traffic_light};

/// On which days the loss was above the forecast, in the days' order.
///
/// # Errors
/// Different lengths, or a number that is NaN.
pub fn exceedances(losses: &[f64], forecasts: &[f64]) -> Result<Vec<bool>, BacktestError> {
    if losses.len() != forecasts.len() {
        let (losses, forecasts) = (losses.len(), forecasts.len());
        return Err(BacktestError::Lengths { losses, forecasts });
    }
    let pairs = losses.iter().zip(forecasts);
    if let Some(index) = pairs.clone().position(|(l, f)| l.is_nan() || f.is_nan()) {
        return Err(BacktestError::NotANumber { index });
    }
    Ok(pairs.map(|(loss, forecast)| loss > forecast).collect())
}
