//! The Basel Committee's traffic light.

use super::error::{BacktestError, checked_counts, expected_share};
use crate::stats::quantile::binomial_weights;

/// Where the zones begin: the probability of at most so many exceedances, if forecasts are right.
const YELLOW_FROM: f64 = 0.95;
const RED_FROM: f64 = 0.9999;

/// Additions to the multiplier of 3 for 5 to 9 of 250 (table 2 of the framework); 1 from 10 on.
const YELLOW_ADDITIONS: [f64; 5] = [0.40, 0.50, 0.65, 0.75, 0.85];

/// Colours of the traffic light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    Green,
    Yellow,
    Red,
}

/// What the light shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrafficLight {
    pub zone: Zone,
    /// P(at most so many exceedances) if the forecasts are right.
    pub cumulative: f64,
    /// Addition to the capital multiplier; the framework sets it for 99 % and 250 days only.
    pub addition: Option<f64>,
}

/// The zone of a number of exceedances: yellow from the first whose cumulative probability
/// reaches 95 %, red from 99.99 % (Basel Committee on Banking Supervision, January 1996,
/// "Supervisory framework for the use of 'backtesting'…", §III): 5 and 10 of 250 days at 99 %.
///
/// # Errors
/// No day, more exceedances than days, or a confidence outside (0, 1).
pub fn traffic_light(
    exceedances: u64,
    days: u64,
    confidence: f64,
) -> Result<TrafficLight, BacktestError> {
    let p = expected_share(confidence)?;
    checked_counts(exceedances, days)?;
    let cumulative = binomial_cdf(exceedances, days, p);
    let zone = match cumulative {
        _ if cumulative >= RED_FROM => Zone::Red,
        _ if cumulative >= YELLOW_FROM => Zone::Yellow,
        _ => Zone::Green,
    };
    let addition = (days == 250 && confidence == 0.99).then(|| match exceedances {
        0..=4 => 0.0,
        5..=9 => YELLOW_ADDITIONS[exceedances as usize - 5],
        _ => 1.0,
    });
    Ok(TrafficLight { zone, cumulative, addition })
}

/// P(B ≤ k) for B ~ Binomial(n, p).
fn binomial_cdf(k: u64, n: u64, p: f64) -> f64 {
    let (first, weights) = binomial_weights(n as usize, p);
    let upto = (k as usize + 1).saturating_sub(first).min(weights.len());
    let total: f64 = weights.iter().sum();
    weights[..upto].iter().sum::<f64>() / total
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Table 2 of the framework: exceptions, zone, increase in the scaling factor, cumulative
    /// probability in per cent.
    #[test]
    fn basel_table() {
        let table = [
            (0, Zone::Green, 0.0, 8.11),
            (1, Zone::Green, 0.0, 28.58),
            (2, Zone::Green, 0.0, 54.32),
            (3, Zone::Green, 0.0, 75.81),
            (4, Zone::Green, 0.0, 89.22),
            (5, Zone::Yellow, 0.40, 95.88),
            (6, Zone::Yellow, 0.50, 98.63),
            (7, Zone::Yellow, 0.65, 99.60),
            (8, Zone::Yellow, 0.75, 99.89),
            (9, Zone::Yellow, 0.85, 99.97),
            (10, Zone::Red, 1.0, 99.99),
            (250, Zone::Red, 1.0, 100.0),
        ];
        for (exceedances, zone, addition, percent) in table {
            let light = traffic_light(exceedances, 250, 0.99).expect("valid counts");
            assert_eq!((light.zone, light.addition), (zone, Some(addition)), "{exceedances}");
            let found = 100.0 * light.cumulative;
            assert!((found - percent).abs() <= 0.005 + 1e-9, "{exceedances}: {found}");
        }
    }

    /// Three years at 99.5 %: P(B ≤ 6) = .9142, P(B ≤ 7) = .9628, P(B ≤ 12) = .99986, P(B ≤ 13) =
    /// .99996 (SciPy's `binom.cdf`); no addition is set for them.
    #[test]
    fn other_lengths_follow_the_probabilities() {
        for (exceedances, zone) in
            [(6, Zone::Green), (7, Zone::Yellow), (12, Zone::Yellow), (13, Zone::Red)]
        {
            let light = traffic_light(exceedances, 750, 0.995).expect("valid counts");
            assert_eq!((light.zone, light.addition), (zone, None), "{exceedances}: {light:?}");
        }
        assert!(traffic_light(3, 2, 0.99).is_err() && traffic_light(0, 0, 0.99).is_err());
    }
}
