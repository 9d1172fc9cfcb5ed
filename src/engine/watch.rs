//! Metrics of every tick: what held between two looks, added up.

use super::lens::Sight;
use super::metrics::{AgentOutcome, Metric};
use crate::venue::exchange::Zone;

/// Bounds of the utilisation zones: yellow, orange, red.
const UTILISATION_BOUNDS: [f64; 3] = [0.60, 0.75, 0.85];

/// Columns of an agent's utilisation: mean, 95 % quantile, zones upwards.
const OWN: [Metric; 6] = [
    Metric::UtilisationMean,
    Metric::UtilisationP95,
    Metric::TimeGreen,
    Metric::TimeYellow,
    Metric::TimeOrange,
    Metric::TimeRed,
];

/// Columns of a fleet's.
const FLEET: [Metric; 6] = [
    Metric::FleetUtilisationMean,
    Metric::FleetUtilisationP95,
    Metric::FleetTimeGreen,
    Metric::FleetTimeYellow,
    Metric::FleetTimeOrange,
    Metric::FleetTimeRed,
];

/// One agent's state since the last look, and what has been added up.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    since_ms: i64,
    utilisation: f64,
    zone: Zone,
    peak: f64,
    drawdown: f64,
    /// Stretches of time with their utilisation.
    stretches: Vec<(f64, i64)>,
    /// Time with the lowest health factor in safe, warning, danger.
    in_zone_ms: [i64; 3],
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            since_ms: 0,
            utilisation: 0.0,
            zone: Zone::Safe,
            peak: f64::NEG_INFINITY,
            drawdown: 0.0,
            stretches: Vec::new(),
            in_zone_ms: [0; 3],
        }
    }
}

impl Watch {
    /// Starts over, keeping its memory.
    pub(super) fn begin(&mut self, start_ms: i64) {
        let mut stretches = std::mem::take(&mut self.stretches);
        stretches.clear();
        *self = Self { since_ms: start_ms, stretches, ..Self::default() };
    }

    /// Adds up the time since the last look at what held then.
    pub(super) fn pass(&mut self, now_ms: i64) {
        let passed_ms = now_ms - self.since_ms;
        if passed_ms == 0 {
            return;
        }
        match self.stretches.last_mut() {
            Some((last, length_ms)) if *last == self.utilisation => *length_ms += passed_ms,
            _ => self.stretches.push((self.utilisation, passed_ms)),
        }
        match self.zone {
            Zone::Safe => self.in_zone_ms[0] += passed_ms,
            Zone::Warning => self.in_zone_ms[1] += passed_ms,
            // At or below the lowest bound and still open: the venue's own level lies lower.
            Zone::Danger | Zone::Liquidated => self.in_zone_ms[2] += passed_ms,
        }
        self.since_ms = now_ms;
    }

    /// What holds from now on.
    pub(super) fn note(&mut self, sight: Sight) {
        let Sight { equity, utilisation, zone, .. } = sight;
        self.utilisation = utilisation;
        self.zone = zone;
        self.peak = self.peak.max(equity);
        if self.peak > 0.0 {
            self.drawdown = self.drawdown.max((self.peak - equity) / self.peak);
        }
    }

    /// Writes the metrics of the whole path.
    pub(super) fn write(&mut self, outcome: &mut AgentOutcome, length_ms: i64) {
        outcome.set(Metric::MaxDrawdown, self.drawdown);
        if length_ms <= 0 {
            return;
        }
        let total = length_ms as f64;
        self.write_utilisation(outcome, length_ms, UTILISATION_BOUNDS, OWN);
        for (metric, passed_ms) in [Metric::TimeSafe, Metric::TimeWarning, Metric::TimeDanger]
            .into_iter()
            .zip(self.in_zone_ms)
        {
            outcome.set(metric, passed_ms as f64 / total);
        }
    }

    /// Writes the metrics of a fleet's utilisation.
    pub(super) fn write_fleet(
        &mut self,
        outcome: &mut AgentOutcome,
        length_ms: i64,
        bounds: [f64; 3],
    ) {
        if length_ms > 0 {
            self.write_utilisation(outcome, length_ms, bounds, FLEET);
        }
    }

    /// Mean, 95 % quantile and shares of time in the zones.
    fn write_utilisation(
        &mut self,
        outcome: &mut AgentOutcome,
        length_ms: i64,
        bounds: [f64; 3],
        columns: [Metric; 6],
    ) {
        let total = length_ms as f64;
        let mut mean = 0.0;
        let mut in_band_ms = [0_i64; 4];
        for &(utilisation, passed_ms) in &self.stretches {
            mean += utilisation * (passed_ms as f64 / total);
            let band = bounds.iter().filter(|bound| utilisation >= **bound).count();
            in_band_ms[band] += passed_ms;
        }
        let [mean_column, quantile_column, bands @ ..] = columns;
        outcome.set(mean_column, mean);
        outcome.set(quantile_column, self.quantile(length_ms, 0.95));
        for (metric, passed_ms) in bands.into_iter().zip(in_band_ms) {
            outcome.set(metric, passed_ms as f64 / total);
        }
    }

    /// The least utilisation that held, or less, for the part `p` of the time: halves the
    /// stretches around their median until one is left.
    fn quantile(&mut self, length_ms: i64, p: f64) -> f64 {
        let mut wanted_ms = p * length_ms as f64;
        let mut left = self.stretches.as_mut_slice();
        while left.len() > 1 {
            let middle = (left.len() - 1) / 2;
            left.select_nth_unstable_by(middle, |a, b| a.0.total_cmp(&b.0));
            let (low, high) = left.split_at_mut(middle + 1);
            let low_ms: i64 = low.iter().map(|stretch| stretch.1).sum();
            if low_ms as f64 >= wanted_ms {
                left = low;
            } else {
                wanted_ms -= low_ms as f64;
                left = high;
            }
        }
        left.first().map_or(0.0, |stretch| stretch.0)
    }
}
