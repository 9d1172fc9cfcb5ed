//! A recorder that keeps everything.

use drypowder::engine::{AccountSample, Event, PositionSample, Recorder};
use drypowder::prices::PricePath;

use super::TestPath;

#[derive(Debug, Default)]
pub struct Tape {
    pub events: Vec<Event>,
    /// Instant, then every number of every sample.
    pub samples: Vec<(i64, Vec<f64>)>,
    next_ms: i64,
    every_ms: i64,
}

impl Tape {
    pub fn new(path: &TestPath, every_ms: i64) -> Self {
        Self { next_ms: path.tick_ms(0), every_ms, ..Self::default() }
    }

    /// What was seen up to an instant, itself included.
    pub fn until(&self, last_ms: i64) -> Self {
        let events = self.events.iter().filter(|event| event.time_ms <= last_ms);
        let samples = self.samples.iter().filter(|(time_ms, _)| *time_ms <= last_ms);
        Self { events: events.cloned().collect(), samples: samples.cloned().collect(), ..*self }
    }

    /// Where two tapes first differ.
    pub fn difference(&self, other: &Self) -> Option<String> {
        for (index, (a, b)) in self.events.iter().zip(&other.events).enumerate() {
            if !same_event(a, b) {
                return Some(format!("event {index}:\n{a:?}\n{b:?}"));
            }
        }
        if self.events.len() != other.events.len() {
            let common = self.events.len().min(other.events.len());
            let longer = if common == self.events.len() { other } else { self };
            let (a, b) = (self.events.len(), other.events.len());
            return Some(format!("{a} and {b} events, then {:?}", longer.events[common]));
        }
        let pairs = self.samples.iter().zip(&other.samples);
        for ((a_ms, a), (b_ms, b)) in pairs {
            if a_ms != b_ms || !same_numbers(a, b) {
                return Some(format!("samples at {a_ms} and {b_ms}:\n{a:?}\n{b:?}"));
            }
        }
        (self.samples.len() != other.samples.len()).then(|| "a sample is missing".to_owned())
    }
}

fn same_numbers(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
}

/// Whether two events agree in everything, numbers bit for bit.
pub fn same_event(a: &Event, b: &Event) -> bool {
    let numbers = |event: &Event| {
        [event.amount, event.price, event.health_factor, event.utilisation].map(f64::to_bits)
    };
    let key = |event: &Event| (event.time_ms, event.agent, event.position, event.reason);
    a.kind == b.kind
        && a.about == b.about
        && a.asset == b.asset
        && key(a) == key(b)
        && numbers(a) == numbers(b)
}

impl Recorder for Tape {
    const EVENTS: bool = true;

    fn event(&mut self, event: &Event) {
        self.events.push(event.clone());
    }

    fn next_sample_ms(&self) -> i64 {
        self.next_ms
    }

    fn sample(&mut self, time_ms: i64, accounts: &[AccountSample], positions: &[PositionSample]) {
        let mut numbers = Vec::new();
        for sample in accounts {
            numbers.extend([sample.agent as f64, sample.wallet, sample.equity, sample.utilisation]);
            numbers.extend([sample.trading, sample.escrow, sample.services, sample.free]);
            numbers.extend([sample.lent, sample.recalled, sample.holdings]);
        }
        for sample in positions {
            numbers.extend([sample.agent as f64, sample.position as f64]);
            numbers.extend([sample.health_factor, sample.mark, sample.liquidation_price]);
        }
        self.samples.push((time_ms, numbers));
        self.next_ms = time_ms + self.every_ms;
    }
}
