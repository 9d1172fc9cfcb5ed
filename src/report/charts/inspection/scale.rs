//! The y axis of a panel: plain or logarithmic.

use super::InspectionPanel;
use crate::report::charts::panel::{padded, range};
use crate::report::charts::ticks::{Tick, number, number_ticks};

/// Ratio of the greatest to the least price from which on the axis is logarithmic.
const LOG_FROM: f64 = 10.0;

/// The y axis of a panel: prices, or their logarithms to base 10.
pub(super) struct Scale {
    pub log: bool,
    pub y: (f64, f64),
    pub ticks: Vec<Tick>,
}

impl Scale {
    /// `height` is that of the plot, in page pixels.
    pub fn of(panel: &InspectionPanel<'_>, height: f64) -> Self {
        let values = || panel.low.iter().chain(panel.high).copied();
        let Some((least, greatest)) = range(values()) else {
            return Self { log: false, y: (0.0, 1.0), ticks: Vec::new() };
        };
        // Impossible prices, zero or below, need the plain axis.
        let log = least > 0.0 && greatest / least >= LOG_FROM;
        let count = ((height / 45.0) as usize).clamp(2, 7);
        if log {
            let y = padded((libm::log10(least), libm::log10(greatest)), 0.06);
            return Self { log, y, ticks: log_ticks(y.0, y.1, count) };
        }
        let y = padded((least, greatest), 0.06);
        Self { log, y, ticks: number_ticks(y.0, y.1, count) }
    }

    pub fn value(&self, price: f64) -> f64 {
        if self.log { libm::log10(price) } else { price }
    }
}

/// Ticks at 1, 2 and 5 times powers of ten, or at the powers alone where there are more than
/// `count`, between two logarithms.
fn log_ticks(lo: f64, hi: f64, count: usize) -> Vec<Tick> {
    let powers = libm::floor(lo) as i32..=libm::ceil(hi) as i32;
    let ticks = |factors: &[f64]| -> Vec<Tick> {
        let powers = powers.clone().flat_map(|power| {
            factors.iter().map(move |factor| factor * libm::pow(10.0, f64::from(power)))
        });
        powers
            .map(|price| (libm::log10(price), price))
            .filter(|(at, _)| (lo..=hi).contains(at))
            .map(|(at, price)| Tick { at, label: number(price, price), context: String::new() })
            .collect()
    };
    let fine = ticks(&[1.0, 2.0, 5.0]);
    if fine.len() <= count + 2 { fine } else { ticks(&[1.0]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithmic_axes_have_round_ticks() {
        let labels = |lo: f64, hi: f64, count| -> Vec<String> {
            let (lo, hi) = (libm::log10(lo), libm::log10(hi));
            log_ticks(lo, hi, count).into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(labels(90.0, 2_100.0, 5), ["100", "200", "500", "1,000", "2,000"]);
        assert_eq!(labels(3.0, 70_000.0, 3), ["10", "100", "1,000", "10,000"]);
    }
}
