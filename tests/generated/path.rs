//! Any path behind one type, whose prices may be scrambled from an instant on.

use std::sync::Arc;

use drypowder::prices::models::ModelPath;
use drypowder::prices::{PricePath, ReplayPath};

use super::CasePrices;

/// From `tick` on, all prices are multiplied by a factor that changes from tick to tick.
#[derive(Clone, Copy)]
struct Scramble {
    tick: usize,
    bar: usize,
}

pub struct TestPath {
    inner: Box<dyn PricePath>,
    scramble: Option<Scramble>,
    /// Its last tick, when it is cut off.
    last: Option<usize>,
}

impl TestPath {
    pub fn new(prices: &CasePrices) -> Self {
        let inner: Box<dyn PricePath> = match prices {
            CasePrices::Model(spec) => Box::new(ModelPath::new(spec).expect("a generated matrix")),
            CasePrices::Replay(spec) => Box::new(ReplayPath::new(Arc::clone(spec))),
        };
        Self { inner, scramble: None, last: None }
    }

    pub fn start(&mut self, seed: u64, path: u64) {
        self.inner.begin(seed, path);
    }

    /// From now on every price at or after `time_ms` is another one.
    pub fn scramble_from(&mut self, time_ms: i64) {
        let mut tick = self.inner.tick_at(time_ms);
        if self.inner.tick_ms(tick) < time_ms {
            tick += 1;
        }
        self.scramble = Some(Scramble { tick, bar: self.inner.bars_before(time_ms) });
    }

    /// The path ends with the tick that holds at `time_ms`; says when that is.
    pub fn cut_off(&mut self, time_ms: i64) -> i64 {
        let tick = self.inner.tick_at(time_ms);
        self.last = Some(tick);
        self.inner.tick_ms(tick)
    }
}

/// Between one half and two, another at every number.
fn factor(number: usize, asset: usize) -> f64 {
    let turn = (number * 7 + asset * 3) as f64 * 0.618_033_988_749_895;
    0.5 + 1.5 * (turn - turn.floor())
}

impl PricePath for TestPath {
    fn begin(&mut self, seed: u64, path: u64) {
        self.start(seed, path);
    }

    fn assets(&self) -> usize {
        self.inner.assets()
    }

    fn ticks(&self) -> usize {
        self.last.map_or(self.inner.ticks(), |last| last + 1)
    }

    fn tick_ms(&self, tick: usize) -> i64 {
        self.inner.tick_ms(tick)
    }

    fn tick_at(&self, time_ms: i64) -> usize {
        let tick = self.inner.tick_at(time_ms);
        self.last.map_or(tick, |last| tick.min(last))
    }

    fn load(&mut self, tick: usize, marks: &mut [f64], lasts: &mut [f64]) {
        self.inner.load(tick, marks, lasts);
        if self.scramble.is_some_and(|cut| tick >= cut.tick) {
            for (asset, (mark, last)) in marks.iter_mut().zip(lasts).enumerate() {
                *mark *= factor(tick, asset);
                *last *= factor(tick, asset);
            }
        }
    }

    fn expect_loads(&mut self, from: usize, to: usize) {
        self.inner.expect_loads(from, to);
    }

    fn set_quiet(&mut self, low: &[f64], high: &[f64]) {
        self.inner.set_quiet(low, high);
    }

    fn set_quiet_of(&mut self, changed: &[usize], low: &[f64], high: &[f64]) {
        self.inner.set_quiet_of(changed, low, high);
    }

    fn next_loud(&mut self, from: usize, to: usize) -> usize {
        let Some(cut) = self.scramble else { return self.inner.next_loud(from, to) };
        let before = to.min(cut.tick);
        let loud = if from < before { self.inner.next_loud(from, before) } else { from };
        loud.min(to)
    }

    fn bars_before(&self, time_ms: i64) -> usize {
        self.inner.bars_before(time_ms)
    }

    fn bar(&mut self, bar: usize, asset: usize) -> [f64; 3] {
        let prices = self.inner.bar(bar, asset);
        let scrambled = self.scramble.is_some_and(|cut| bar >= cut.bar);
        if scrambled { prices.map(|price| price * factor(bar, asset)) } else { prices }
    }

    fn first_close(&mut self, asset: usize) -> f64 {
        self.inner.first_close(asset)
    }

    fn bar_ms(&self) -> i64 {
        self.inner.bar_ms()
    }
}
