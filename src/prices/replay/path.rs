//! A history as a path of ticks.

use std::sync::Arc;

use super::bridge;
use super::shifts::Shifts;
use super::spec::{Intrabar, ReplayAsset, ReplaySpec};
use super::template::{Slot, anchors_ms, template};
use crate::prices::PricePath;
use crate::stats::StreamKey;

/// Bars whose lowest low and highest high are kept together.
const BLOCK: usize = 64;
/// Relative narrowing of the quiet interval against rounding.
const MARGIN: f64 = 1e-9;
/// Bars of one path that its random streams can tell apart.
const BARS_A_PATH: u64 = 1 << 32;

/// Places in a bar's four series.
const OPEN: usize = 0;
const HIGH: usize = 1;
const LOW: usize = 2;
const CLOSE: usize = 3;

#[derive(Debug)]
struct Prepared {
    spec: Arc<ReplaySpec>,
    slots: Vec<Slot>,
    bars: usize,
    /// Per asset and block of bars: lowest low, highest high of the mark.
    blocks: Vec<Vec<[f64; 2]>>,
    keys: Vec<StreamKey>,
}

/// A path of a [`ReplaySpec`]; clones share the history.
#[derive(Clone, Debug)]
pub struct ReplayPath {
    prepared: Arc<Prepared>,
    quiet: Vec<[f64; 2]>,
    seed: u64,
    path: u64,
    /// The bar whose bridge is kept, and its prices: marks of all assets, then lasts.
    bridged: Option<usize>,
    bridge: Vec<f64>,
    shifts: Shifts,
}

impl ReplayPath {
    /// Prepares a history. Every asset has the same number of bars, at least one.
    pub fn new(spec: Arc<ReplaySpec>) -> Self {
        let slots = template(&spec);
        let bars = spec.assets.first().map_or(0, |asset| asset.mark[CLOSE].len());
        assert!(bars > 0, "a history without bars");
        let blocks = spec.assets.iter().map(block_ranges).collect();
        let keys = spec.assets.iter().map(|asset| StreamKey::new("bridge", &asset.name)).collect();
        let n = spec.assets.len();
        let bridge = if spec.intrabar == Intrabar::Bridge && !spec.close_only {
            vec![0.0; 2 * n * slots.len()]
        } else {
            Vec::new()
        };
        let last = slots.last().map_or(0, |slot| slot.offset_ms);
        let run_ms = (bars as i64 - 1) * spec.interval_ms + last;
        let shifts = Shifts::new(&spec.shocks, n, run_ms);
        let mut path = Self {
            prepared: Arc::new(Prepared { spec, slots, bars, blocks, keys }),
            quiet: vec![[0.0, f64::INFINITY]; n],
            seed: 0,
            path: 0,
            bridged: None,
            bridge,
            shifts,
        };
        path.begin(0, 0);
        path
    }

    fn is_bridge(&self) -> bool {
        !self.bridge.is_empty()
    }

    /// Marks (or lasts) of an asset at a slot of a bar.
    fn price(&self, asset: usize, bar: usize, slot: usize, last: bool) -> f64 {
        let price = self.history(asset, bar, slot, last);
        if self.shifts.is_empty() {
            return price;
        }
        let spec = &self.prepared.spec;
        let passed_ms = bar as i64 * spec.interval_ms + self.prepared.slots[slot].offset_ms;
        price * self.shifts.factor(asset, passed_ms)
    }

    /// The same without shocks.
    fn history(&self, asset: usize, bar: usize, slot: usize, last: bool) -> f64 {
        let spec = &self.prepared.spec;
        if self.is_bridge() {
            let row = asset + if last { spec.assets.len() } else { 0 };
            return self.bridge[row * self.prepared.slots.len() + slot];
        }
        let Slot { anchor, part, .. } = self.prepared.slots[slot];
        let anchors = anchors_of(&spec.assets[asset], bar, last, spec.worst_joint);
        if part == 0.0 {
            anchors[anchor]
        } else {
            anchors[anchor] + (anchors[anchor + 1] - anchors[anchor]) * part
        }
    }

    /// Makes a bar's bridge the one that is kept. Mark and last see the same draws.
    fn build_bridge(&mut self, bar: usize) {
        if !self.is_bridge() || self.bridged == Some(bar) {
            return;
        }
        self.bridged = Some(bar);
        let prepared = Arc::clone(&self.prepared);
        let (spec, width) = (&prepared.spec, prepared.slots.len());
        for (asset, key) in prepared.keys.iter().enumerate() {
            for last in [false, true] {
                let row = asset + if last { spec.assets.len() } else { 0 };
                let anchors = anchors_of(&spec.assets[asset], bar, last, spec.worst_joint);
                let prices = &mut self.bridge[row * width..(row + 1) * width];
                let mut stream = key.open(self.seed, self.path * BARS_A_PATH + bar as u64);
                bridge::fill(prices, &prepared.slots, spec.interval_ms, anchors, &mut stream);
            }
        }
    }

    fn range_is_quiet(&self, asset: usize, low: f64, high: f64) -> bool {
        let [least, most] = self.quiet[asset];
        low > least && high < most
    }

    fn bar_is_quiet(&self, bar: usize) -> bool {
        (self.prepared.spec.assets.iter().enumerate()).all(|(index, asset)| {
            let [least, most] = self.shifted(index, bar, bar + 1);
            self.range_is_quiet(index, asset.mark[LOW][bar] * least, asset.mark[HIGH][bar] * most)
        })
    }

    fn block_is_quiet(&self, block: usize) -> bool {
        (self.prepared.blocks.iter().enumerate()).all(|(asset, ranges)| {
            let [least, most] = self.shifted(asset, block * BLOCK, (block + 1) * BLOCK);
            self.range_is_quiet(asset, ranges[block][0] * least, ranges[block][1] * most)
        })
    }

    /// Bounds of what shocks multiply the prices of the bars `from..to` by.
    fn shifted(&self, asset: usize, from: usize, to: usize) -> [f64; 2] {
        if self.shifts.is_empty() {
            return [1.0; 2];
        }
        let bar_ms = self.prepared.spec.interval_ms;
        self.shifts.range(asset, from as i64 * bar_ms, to as i64 * bar_ms)
    }

    fn tick_is_quiet(&self, bar: usize, slot: usize) -> bool {
        (0..self.quiet.len()).all(|asset| {
            let price = self.price(asset, bar, slot, false);
            self.range_is_quiet(asset, price, price)
        })
    }
}

fn block_ranges(asset: &ReplayAsset) -> Vec<[f64; 2]> {
    (asset.mark[LOW].chunks(BLOCK).zip(asset.mark[HIGH].chunks(BLOCK)))
        .map(|(lows, highs)| {
            let low = lows.iter().copied().fold(f64::INFINITY, f64::min);
            [low, highs.iter().copied().fold(f64::NEG_INFINITY, f64::max)]
        })
        .collect()
}

/// Open, the extremes in the order in which they come, close. First comes the extreme nearer the
/// open, the low in a tie; the order of mark and last is the mark's. In `worst_joint` mode the
/// asset's adverse extreme comes first.
fn anchors_of(asset: &ReplayAsset, bar: usize, last: bool, worst_joint: bool) -> [f64; 4] {
    let mark = &asset.mark;
    let low_first = if worst_joint {
        asset.adverse_first < 0
    } else {
        mark[OPEN][bar] - mark[LOW][bar] <= mark[HIGH][bar] - mark[OPEN][bar]
    };
    let series = if last { asset.last.as_ref().unwrap_or(mark) } else { mark };
    let (low, high) = (series[LOW][bar], series[HIGH][bar]);
    let (first, second) = if low_first { (low, high) } else { (high, low) };
    [series[OPEN][bar], first, second, series[CLOSE][bar]]
}

impl PricePath for ReplayPath {
    fn begin(&mut self, seed: u64, path: u64) {
        self.seed = seed;
        self.path = path;
        self.bridged = None;
        self.shifts.begin(seed, path);
    }

    fn assets(&self) -> usize {
        self.prepared.spec.assets.len()
    }

    fn ticks(&self) -> usize {
        self.prepared.bars * self.prepared.slots.len()
    }

    fn tick_ms(&self, tick: usize) -> i64 {
        let width = self.prepared.slots.len();
        let spec = &self.prepared.spec;
        spec.start_ms
            + (tick / width) as i64 * spec.interval_ms
            + self.prepared.slots[tick % width].offset_ms
    }

    fn tick_at(&self, time_ms: i64) -> usize {
        let spec = &self.prepared.spec;
        let passed_ms = (time_ms - spec.start_ms).max(0);
        let bar = (passed_ms / spec.interval_ms) as usize;
        if bar >= self.prepared.bars {
            return self.ticks() - 1;
        }
        let offset_ms = passed_ms % spec.interval_ms;
        let slot = self.prepared.slots.partition_point(|slot| slot.offset_ms <= offset_ms);
        bar * self.prepared.slots.len() + slot - 1
    }

    fn load(&mut self, tick: usize, marks: &mut [f64], lasts: &mut [f64]) {
        let width = self.prepared.slots.len();
        let (bar, slot) = (tick / width, tick % width);
        self.build_bridge(bar);
        for (asset, (mark, last)) in marks.iter_mut().zip(lasts).enumerate() {
            *mark = self.price(asset, bar, slot, false);
            *last = self.price(asset, bar, slot, true);
        }
    }

    fn expect_loads(&mut self, _: usize, _: usize) {}

    fn set_quiet(&mut self, low: &[f64], high: &[f64]) {
        for (quiet, (low, high)) in self.quiet.iter_mut().zip(low.iter().zip(high)) {
            *quiet = [low * (1.0 + MARGIN), high * (1.0 - MARGIN)];
        }
    }

    fn set_quiet_of(&mut self, changed: &[usize], low: &[f64], high: &[f64]) {
        for &asset in changed {
            self.quiet[asset] = [low[asset] * (1.0 + MARGIN), high[asset] * (1.0 - MARGIN)];
        }
    }

    fn next_loud(&mut self, from: usize, to: usize) -> usize {
        let width = self.prepared.slots.len();
        let mut tick = from;
        while tick < to {
            let bar = tick / width;
            if tick.is_multiple_of(width)
                && bar.is_multiple_of(BLOCK)
                && self.block_is_quiet(bar / BLOCK)
            {
                tick += BLOCK * width;
                continue;
            }
            let end = ((bar + 1) * width).min(to);
            if !self.bar_is_quiet(bar) {
                self.build_bridge(bar);
                for candidate in tick..end {
                    if !self.tick_is_quiet(bar, candidate % width) {
                        return candidate;
                    }
                }
            }
            tick = end;
        }
        to
    }

    fn bars_before(&self, time_ms: i64) -> usize {
        let spec = &self.prepared.spec;
        let passed_ms = (time_ms - spec.start_ms).max(0);
        if spec.close_only {
            // The first close ends no bar: bar k leads from close k to close k + 1.
            let closes = (passed_ms + spec.interval_ms - 1) / spec.interval_ms;
            return (closes.max(1) as usize - 1).min(self.prepared.bars - 1);
        }
        // Bars k with k·interval + (interval − 1) < passed.
        (passed_ms / spec.interval_ms).min(self.prepared.bars as i64) as usize
    }

    fn bar(&mut self, bar: usize, asset: usize) -> [f64; 3] {
        let spec = &self.prepared.spec;
        let bar = bar + usize::from(spec.close_only);
        let of = &spec.assets[asset];
        let series = of.last.as_ref().unwrap_or(&of.mark);
        if self.shifts.is_empty() {
            return [series[HIGH][bar], series[LOW][bar], series[CLOSE][bar]];
        }
        let offsets_ms = if spec.close_only { [0; 4] } else { anchors_ms(spec.interval_ms) };
        let from_ms = bar as i64 * spec.interval_ms;
        let mut shocked = anchors_of(of, bar, true, spec.worst_joint);
        for (price, offset_ms) in shocked.iter_mut().zip(offsets_ms) {
            *price *= self.shifts.factor(asset, from_ms + offset_ms);
        }
        let high = shocked.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        [high, shocked.iter().copied().fold(f64::INFINITY, f64::min), shocked[3]]
    }

    fn first_close(&mut self, asset: usize) -> f64 {
        let asset = &self.prepared.spec.assets[asset];
        asset.last.as_ref().unwrap_or(&asset.mark)[OPEN][0]
    }

    fn bar_ms(&self) -> i64 {
        self.prepared.spec.interval_ms
    }
}
