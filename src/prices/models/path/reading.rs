//! Reading a path.

use super::super::draw::Draw;
use super::super::levels::BLOCK;
use super::ModelPath;
use crate::prices::PricePath;

/// Part of the price by which the quiet interval is narrowed, against rounding: far more than
/// the error of a threshold's price, far less than a price move.
const MARGIN: f64 = 1e-9;

impl ModelPath {
    fn price(&self, tick: usize, asset: usize) -> f64 {
        let start = self.prepared.spec.assets[asset].start_price;
        start * libm::exp(self.levels.at(tick, asset))
    }

    fn set_quiet_asset(&mut self, asset: usize, low: f64, high: f64) {
        let start = self.prepared.spec.assets[asset].start_price;
        let (least, most) = (low / start * (1.0 + MARGIN), high / start * (1.0 - MARGIN));
        let log = |price: f64| if price > 0.0 { libm::log(price) } else { f64::NEG_INFINITY };
        self.levels.quiet[asset] = [log(least), log(most)];
    }
}

impl PricePath for ModelPath {
    fn begin(&mut self, seed: u64, path: u64) {
        let prepared = &self.prepared;
        self.draw = Draw::of(seed, path, prepared.spec.options.antithetic);
        self.branches.clear();
        self.given.clear();
        self.next_branch = 0;
        for (stream, key) in self.streams.iter_mut().zip(&prepared.keys) {
            *stream = self.draw.open(key);
        }
        if let Some(starts) = &mut self.starts {
            starts.begin(self.draw);
        }
        if let Some(copula) = &mut self.copula {
            copula.begin(self.draw);
        }
        self.dynamics.begin(self.draw);
        self.timetable.begin(self.draw);
        self.shocks.begin(self.draw);
        // Tick 0 stands at the start price; its chunk starts with a step of nothing.
        self.levels.begin();
        self.made = 1;
        self.priced = 0;
    }

    fn assets(&self) -> usize {
        self.streams.len()
    }

    fn ticks(&self) -> usize {
        self.levels.ticks()
    }

    fn tick_ms(&self, tick: usize) -> i64 {
        self.prepared.spec.start_ms + tick as i64 * self.prepared.spec.step_ms
    }

    fn tick_at(&self, time_ms: i64) -> usize {
        let passed = (time_ms - self.prepared.spec.start_ms) / self.prepared.spec.step_ms;
        (passed.max(0) as usize).min(self.levels.ticks() - 1)
    }

    fn load(&mut self, tick: usize, marks: &mut [f64], lasts: &mut [f64]) {
        let n = self.streams.len();
        if tick / BLOCK < self.priced {
            marks.copy_from_slice(&self.prices[tick * n..(tick + 1) * n]);
            lasts.copy_from_slice(marks);
            return;
        }
        self.reach(tick);
        for (asset, (mark, last)) in marks.iter_mut().zip(lasts).enumerate() {
            *mark = self.price(tick, asset);
            *last = *mark;
        }
    }

    fn expect_loads(&mut self, _: usize, to: usize) {
        let n = self.streams.len();
        self.prices.resize(self.levels.ticks() * n, 0.0);
        let wanted = to.div_ceil(BLOCK);
        while self.priced < wanted {
            let end = ((self.priced + 1) * BLOCK).min(self.levels.ticks());
            self.reach(end - 1);
            for tick in self.priced * BLOCK..end {
                for asset in 0..n {
                    self.prices[tick * n + asset] = self.price(tick, asset);
                }
            }
            self.priced += 1;
        }
    }

    fn set_quiet(&mut self, low: &[f64], high: &[f64]) {
        for asset in 0..self.levels.quiet.len() {
            self.set_quiet_asset(asset, low[asset], high[asset]);
        }
    }

    fn set_quiet_of(&mut self, changed: &[usize], low: &[f64], high: &[f64]) {
        for &asset in changed {
            self.set_quiet_asset(asset, low[asset], high[asset]);
        }
    }

    fn next_loud(&mut self, from: usize, to: usize) -> usize {
        let mut tick = from;
        while tick < to {
            self.reach(tick);
            let block = tick / BLOCK;
            let end = ((block + 1) * BLOCK).min(to).min(self.made);
            tick = self.levels.first_loud(block, tick, end);
            if tick < end {
                return tick;
            }
        }
        to
    }

    fn bars_before(&self, time_ms: i64) -> usize {
        let spec = &self.prepared.spec;
        let done = (time_ms - spec.start_ms - 1) / spec.step_ms;
        (done.max(0) as usize).min(spec.steps)
    }

    fn bar(&mut self, bar: usize, asset: usize) -> [f64; 3] {
        self.reach(bar + 1);
        [self.price(bar + 1, asset); 3]
    }

    fn first_close(&mut self, asset: usize) -> f64 {
        self.prepared.spec.assets[asset].start_price
    }

    fn bar_ms(&self) -> i64 {
        self.prepared.spec.step_ms
    }

    fn crisis_weight(&mut self, tick: usize) -> f64 {
        if tick == 0 {
            return 0.0;
        }
        self.reach(tick);
        self.timetable.crisis_weight(&self.prepared.spec, tick)
    }
}
