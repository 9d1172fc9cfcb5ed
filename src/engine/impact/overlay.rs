//! By how much forced fills have moved each price: a factor over the prices of the path.
//!
//! The log price of an asset is that of the path plus `permanent + decaying·2^(−Δ/half_life)`,
//! with Δ from the last move to the tick whose marks hold. Marks are constant between ticks, so
//! that looking more often sees no other price.

use super::spec::{AssetImpact, ImpactSpec};

/// What forced fills have done to one asset.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shift {
    permanent: f64,
    /// As of `at_ms`.
    decaying: f64,
    /// Instant of the last move.
    at_ms: i64,
}

impl Shift {
    const NONE: Self = Self { permanent: 0.0, decaying: 0.0, at_ms: i64::MIN };

    /// The part that decays, as it is while the marks of a tick at `tick_ms` hold.
    fn decaying_at(&self, tick_ms: i64, half_life_ms: i64) -> f64 {
        if self.decaying == 0.0 || tick_ms <= self.at_ms {
            return self.decaying;
        }
        // As numbers: the difference of two instants may not fit.
        let passed = tick_ms as f64 - self.at_ms as f64;
        self.decaying * libm::exp2(-passed / half_life_ms as f64)
    }
}

/// A log price would leave the range in which impact means anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange {
    /// Index of the asset.
    pub asset: usize,
}

/// The moves of all assets on one path.
#[derive(Clone, Debug)]
pub struct ImpactOverlay {
    shifts: Vec<Shift>,
    /// Whether anything has moved on this path.
    moved: bool,
}

impl ImpactOverlay {
    /// Nothing has moved yet.
    pub fn new(assets: usize) -> Self {
        Self { shifts: vec![Shift::NONE; assets], moved: false }
    }

    /// Forgets every move.
    pub fn reset(&mut self) {
        self.shifts.fill(Shift::NONE);
        self.moved = false;
    }

    /// Moves an asset by the forced fills of a round: `notional` USDC net, sales below zero.
    ///
    /// # Errors
    /// A log price beyond [`ImpactSpec::MOST`], up or down.
    pub fn add(
        &mut self,
        spec: &ImpactSpec,
        asset: usize,
        notional: f64,
        now_ms: i64,
    ) -> Result<(), OutOfRange> {
        let terms = &spec.assets[asset];
        let [permanent, decaying] = terms.moves(notional);
        let shift = &mut self.shifts[asset];
        shift.decaying = shift.decaying_at(now_ms, terms.half_life_ms) + spec.strength * decaying;
        shift.permanent += spec.strength * permanent;
        shift.at_ms = now_ms;
        self.moved = true;
        let most = libm::log(ImpactSpec::MOST);
        // What decays leaves the permanent part alone: that must be in range too.
        let ends = [shift.permanent, shift.permanent + shift.decaying];
        if ends.iter().all(|end| end.abs() <= most) { Ok(()) } else { Err(OutOfRange { asset }) }
    }

    /// The factor over the path's price of an asset while the marks of a tick hold.
    pub fn factor(&self, spec: &ImpactSpec, asset: usize, tick_ms: i64) -> f64 {
        let shift = &self.shifts[asset];
        let decaying = shift.decaying_at(tick_ms, spec.assets[asset].half_life_ms);
        libm::exp(shift.permanent + decaying)
    }

    /// Lays the factors over marks and last prices of a tick.
    pub fn lay_over(&self, spec: &ImpactSpec, tick_ms: i64, marks: &mut [f64], lasts: &mut [f64]) {
        if !self.moved {
            return;
        }
        for (asset, (mark, last)) in marks.iter_mut().zip(lasts).enumerate() {
            if self.shifts[asset] != Shift::NONE {
                let factor = self.factor(spec, asset, tick_ms);
                *mark *= factor;
                *last *= factor;
            }
        }
    }

    /// Assets that have moved on this path, ascending.
    pub fn moved(&self) -> impl Iterator<Item = usize> {
        let moved = self.shifts.iter().enumerate().filter(|_| self.moved);
        moved.filter(|(_, shift)| **shift != Shift::NONE).map(|(asset, _)| asset)
    }

    /// The prices of the path for which the moved price stays inside `(low, high)` from the tick
    /// at `tick_ms` on, until the next move: the part that decays only shrinks.
    pub fn exogenous(
        &self,
        terms: &AssetImpact,
        asset: usize,
        tick_ms: i64,
        [low, high]: [f64; 2],
    ) -> [f64; 2] {
        let shift = &self.shifts[asset];
        if *shift == Shift::NONE {
            return [low, high];
        }
        let decaying = shift.decaying_at(tick_ms, terms.half_life_ms);
        let least = libm::exp(shift.permanent + decaying.min(0.0));
        let greatest = libm::exp(shift.permanent + decaying.max(0.0));
        // Product and quotient are rounded: a price within that of a bound counts as outside.
        [low / least * (1.0 + ROUNDING), high / greatest * (1.0 - ROUNDING)]
    }
}

/// A few units in the last place, as a part of a price.
const ROUNDING: f64 = 1e-14;

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(permanent: f64, decaying: f64) -> ImpactSpec {
        let terms =
            AssetImpact { permanent, decaying, half_life_ms: 600_000, daily_volume_usdc: 1e6 };
        ImpactSpec { strength: 2.0, assets: vec![terms; 2], rounds: 8, cascade_window_ms: 0 }
    }

    fn assert_near(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-12, "{got} {expected}");
    }

    /// A sale of 10,000 of a volume of 1,000,000: Q/V = .01, √ = .1. At strength 2 with
    /// permanent .5 and decaying .02: −.01 stays, −.004 decays with a half-life of ten minutes.
    #[test]
    fn half_life_by_hand() {
        let spec = spec(0.5, 0.02);
        let mut overlay = ImpactOverlay::new(2);
        assert!(overlay.add(&spec, 0, -10_000.0, 1_000).is_ok());
        let minutes = |count: i64| 1_000 + count * 60_000;
        let rows = [
            // A tick before the move: its marks hold until the next.
            (0, -0.014),
            (minutes(0), -0.014),
            (minutes(10), -0.012),
            (minutes(20), -0.011),
            (minutes(30), -0.0105),
            (i64::MAX, -0.01),
        ];
        for (tick_ms, shift) in rows {
            assert_near(overlay.factor(&spec, 0, tick_ms), libm::exp(shift));
            assert_near(overlay.factor(&spec, 1, tick_ms), 1.0);
        }
        // Ten minutes later a purchase of 40,000: +.04 stays, −.002 + .008 decays.
        assert!(overlay.add(&spec, 0, 40_000.0, minutes(10)).is_ok());
        assert_near(overlay.factor(&spec, 0, minutes(10)), libm::exp(0.03 + 0.006));
        assert_near(overlay.factor(&spec, 0, minutes(20)), libm::exp(0.03 + 0.003));
    }

    #[test]
    fn only_moved_assets_are_touched_and_reset_forgets() {
        let spec = spec(0.5, 0.0);
        let mut overlay = ImpactOverlay::new(2);
        let (mut marks, mut lasts) = ([100.0, 50.0], [101.0, 49.0]);
        overlay.lay_over(&spec, 0, &mut marks, &mut lasts);
        assert_eq!((marks, lasts), ([100.0, 50.0], [101.0, 49.0]));
        assert!(overlay.add(&spec, 1, 100_000.0, 0).is_ok());
        overlay.lay_over(&spec, 0, &mut marks, &mut lasts);
        assert_eq!((marks[0], lasts[0]), (100.0, 101.0));
        // 2·.5·.1 = .1.
        assert_near(marks[1], 50.0 * libm::exp(0.1));
        assert_near(lasts[1], 49.0 * libm::exp(0.1));
        overlay.reset();
        assert_near(overlay.factor(&spec, 1, 0), 1.0);
    }

    /// −.01 stays, −.004 decays: between e^−.014 and e^−.01 the price of the path must stay.
    #[test]
    fn the_quiet_interval_holds_for_every_later_factor() {
        let spec = spec(0.5, 0.02);
        let mut overlay = ImpactOverlay::new(2);
        assert!(overlay.add(&spec, 0, -10_000.0, 0).is_ok());
        let [low, high] = overlay.exogenous(&spec.assets[0], 0, 0, [90.0, 110.0]);
        assert_near(low / 90.0, libm::exp(0.014));
        assert_near(high / 110.0, libm::exp(0.01));
        for tick_ms in [0, 1, 600_000, 6_000_000, i64::MAX] {
            let factor = overlay.factor(&spec, 0, tick_ms);
            assert!(low * factor >= 90.0 && high * factor <= 110.0, "{tick_ms}");
        }
        let open = [0.0, f64::INFINITY];
        assert_eq!(overlay.exogenous(&spec.assets[0], 0, 0, open), open);
        let every = [f64::INFINITY, 0.0];
        assert_eq!(overlay.exogenous(&spec.assets[0], 0, 0, every), every);
        assert_eq!(overlay.exogenous(&spec.assets[1], 1, 0, [9.0, 11.0]), [9.0, 11.0]);
    }

    /// Twenty times the volume at strength 2·.5: a factor e^20. The permanent part alone is judged
    /// too, where the decaying one hides it.
    #[test]
    fn a_move_out_of_range_is_refused() {
        let mut overlay = ImpactOverlay::new(2);
        assert_eq!(overlay.add(&spec(0.5, 0.0), 1, -2e7, 0), Err(OutOfRange { asset: 1 }),);
        overlay.reset();
        assert!(overlay.add(&spec(0.5, 0.0), 1, -2.3e6, 0).is_ok());
        // e^2.302 < 10 < e^2.304: ln 10 = 2.302585.
        assert!(overlay.add(&spec(0.5, 0.0), 1, -2_000.0, 0).is_ok());
        assert!(overlay.add(&spec(0.5, 0.0), 1, -2_000.0, 0).is_err());
    }
}
