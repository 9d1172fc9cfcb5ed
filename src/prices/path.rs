//! One path of prices as the engine reads it.

/// Marks, and last prices, of all assets at the ticks of one path.
///
/// A tick is an instant at which marks change; marks are constant between ticks. Tick 0 stands
/// at the start. Reading is lazy: a path may be made while it is read, but what it holds depends
/// only on the seed and the path's number, never on what was read.
pub trait PricePath {
    /// Goes to the start of path number `path`.
    fn begin(&mut self, seed: u64, path: u64);

    /// Number of assets.
    fn assets(&self) -> usize;

    /// Number of ticks, at least one.
    fn ticks(&self) -> usize;

    /// Instant of a tick, UTC ms, strictly ascending.
    fn tick_ms(&self, tick: usize) -> i64;

    /// The last tick at or before an instant (which must not lie before tick 0).
    fn tick_at(&self, time_ms: i64) -> usize;

    /// Writes the marks and last prices of a tick, one per asset.
    fn load(&mut self, tick: usize, marks: &mut [f64], lasts: &mut [f64]);

    /// Says that the ticks `from..to` will all be loaded: a path may work ahead.
    fn expect_loads(&mut self, from: usize, to: usize);

    /// Sets, for each asset, the open interval of marks inside which nothing can happen. An empty
    /// interval (`low >= high`) makes every tick count.
    fn set_quiet(&mut self, low: &[f64], high: &[f64]);

    /// As [`PricePath::set_quiet`], where since it was told last only the intervals of the assets in
    /// `changed` have become others. On a path that has just begun all must be told.
    fn set_quiet_of(&mut self, changed: &[usize], low: &[f64], high: &[f64]) {
        if !changed.is_empty() {
            self.set_quiet(low, high);
        }
    }

    /// The first tick in `from..to` at which some mark is not inside its quiet interval; `to`
    /// when there is none. May stop early at a tick that is inside, never late.
    fn next_loud(&mut self, from: usize, to: usize) -> usize;

    /// The number of bars (or steps) that are complete at an instant.
    fn bars_before(&self, time_ms: i64) -> usize;

    /// High, low and close of the last price in bar number `bar` (from 0) of an asset.
    fn bar(&mut self, bar: usize, asset: usize) -> [f64; 3];

    /// The last price at the start: the close before bar 0.
    fn first_close(&mut self, asset: usize) -> f64;

    /// Length of a bar, ms.
    fn bar_ms(&self) -> i64;

    /// How far correlations have drifted to those of a crisis in the step that leads to a tick, 0
    /// to 1; 0 where they do not drift.
    fn crisis_weight(&mut self, _: usize) -> f64 {
        0.0
    }
}
