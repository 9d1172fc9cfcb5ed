//! Random choices of a generated case.

use drypowder::stats::Stream;
use drypowder::units::Amount;

pub struct Draw(pub Stream);

impl Draw {
    pub fn chance(&mut self, probability: f64) -> bool {
        self.0.uniform() < probability
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.uniform()
    }

    /// Whole numbers from `low` to `high`, both included.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + (self.0.uniform() * (high - low + 1) as f64) as i64
    }

    pub fn count(&mut self, low: usize, high: usize) -> usize {
        self.whole(low as i64, high as i64) as usize
    }

    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.count(0, choices.len() - 1)]
    }

    pub fn usdc(&mut self, low: f64, high: f64) -> Amount {
        Amount::round_usdc(self.between(low, high))
    }

    pub fn normal(&mut self) -> f64 {
        self.0.normal()
    }
}
