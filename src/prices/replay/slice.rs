//! Parts of a history.

use std::ops::Range;
use std::sync::Arc;

use super::spec::{ReplayAsset, ReplaySpec, Series};

impl ReplaySpec {
    /// Number of bars.
    pub fn bars(&self) -> usize {
        self.assets.first().map_or(0, |asset| asset.mark[0].len())
    }

    /// Length, ms.
    pub fn span_ms(&self) -> i64 {
        self.bars() as i64 * self.interval_ms
    }

    /// Some of its bars, by number; those beyond its end are left out.
    pub fn slice(&self, bars: Range<usize>) -> Self {
        let bars = bars.start.min(self.bars())..bars.end.min(self.bars());
        let start_ms = self.start_ms + bars.start as i64 * self.interval_ms;
        self.each_series(start_ms, |_, series| part(series, &bars, 1.0))
    }

    /// The same returns from other prices on: every asset times what makes its first open mark the
    /// given price (that of one asset each, in their order).
    pub fn starting_at(&self, prices: &[f64]) -> Self {
        let all = 0..self.bars();
        self.each_series(self.start_ms, |asset, series| {
            let open = self.assets[asset].mark[0].first().copied().unwrap_or(1.0);
            let factor = prices.get(asset).map_or(1.0, |price| price / open);
            part(series, &all, factor)
        })
    }

    /// Windows of `length` bars each from the first bar on, without gaps; a rest shorter than that is
    /// left out.
    pub fn windows(&self, length: usize) -> Vec<Self> {
        let count = self.bars().checked_div(length).unwrap_or(0);
        (0..count).map(|window| self.slice(window * length..(window + 1) * length)).collect()
    }

    fn each_series(&self, start_ms: i64, of: impl Fn(usize, &Series) -> Series) -> Self {
        let asset = |(index, asset): (usize, &ReplayAsset)| ReplayAsset {
            mark: of(index, &asset.mark),
            last: asset.last.as_ref().map(|last| of(index, last)),
            ..asset.clone()
        };
        let assets = self.assets.iter().enumerate().map(asset).collect();
        Self { start_ms, assets, ..self.clone() }
    }
}

fn part(series: &Series, bars: &Range<usize>, factor: f64) -> Series {
    let of = |values: &Vec<f64>| -> Vec<f64> {
        values[bars.clone()].iter().map(|price| price * factor).collect()
    };
    Arc::new([of(&series[0]), of(&series[1]), of(&series[2]), of(&series[3])])
}
