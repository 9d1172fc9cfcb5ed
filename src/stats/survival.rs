//! Survival curves of times to an event, of which some are only known to lie beyond a time.

use super::{Interval, special::Z_95};

/// One subject: the event came at `time`, or had not come by then (censored).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// In the caller's unit; not NaN.
    pub time: f64,
    /// False: censored at `time`.
    pub event: bool,
}

/// The curve from one event time to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivalStep {
    /// An event time, in the unit of the observations.
    pub time: f64,
    /// Subjects without event and not censored before `time`.
    pub at_risk: u64,
    /// Events at `time`.
    pub events: u64,
    /// Estimated probability that the event comes after `time`.
    pub survival: f64,
    /// 95 % band at this time. Where survival is 0: low 0, high unbounded.
    pub interval: Interval,
}

/// Kaplan–Meier's product-limit estimate (1958), one step per distinct event time, ascending.
///
/// A subject censored at an event time counts as at risk there. The band is on the log(−log)
/// scale (Kalbfleisch & Prentice 1980) with Greenwood's variance, and so stays in [0, 1].
/// Without events: no steps, survival is 1 as far as anyone was observed.
///
/// # Panics
/// If a time is NaN.
pub fn kaplan_meier(observations: &[Observation]) -> Vec<SurvivalStep> {
    let mut sorted = observations.to_vec();
    assert!(sorted.iter().all(|o| !o.time.is_nan()), "an observed time is NaN");
    sorted.sort_by(|a, b| a.time.total_cmp(&b.time));
    let mut steps = Vec::new();
    let mut at_risk = sorted.len() as u64;
    let mut survival = 1.0;
    let mut greenwood = 0.0;
    for tied in sorted.chunk_by(|a, b| a.time == b.time) {
        let events = tied.iter().filter(|o| o.event).count() as u64;
        if events > 0 {
            let (n, d) = (at_risk as f64, events as f64);
            survival *= (n - d) / n;
            greenwood += d / (n * (n - d)); // +∞ when none survive
            let interval = log_log_band(survival, greenwood);
            steps.push(SurvivalStep { time: tied[0].time, at_risk, events, survival, interval });
        }
        at_risk -= tied.len() as u64;
    }
    steps
}

/// S^exp(±z·√greenwood / |ln S|).
fn log_log_band(survival: f64, greenwood: f64) -> Interval {
    if survival == 0.0 {
        return Interval { low: Some(0.0), high: None };
    }
    let log_survival = libm::log(survival);
    let width = Z_95 * greenwood.sqrt() / -log_survival;
    let at = |shift: f64| libm::exp(log_survival * libm::exp(shift));
    Interval::bounded(at(width), at(-width))
}

/// The curve's value at `time`: 1 before the first step.
pub fn survival_at(steps: &[SurvivalStep], time: f64) -> f64 {
    let passed = steps.partition_point(|step| step.time <= time);
    if passed == 0 { 1.0 } else { steps[passed - 1].survival }
}

/// The first time at which survival is at most one half; `None` if it never falls that far.
pub fn median_survival(steps: &[SurvivalStep]) -> Option<f64> {
    steps.iter().find(|step| step.survival <= 0.5).map(|step| step.time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(rows: &[(f64, bool)]) -> Vec<Observation> {
        rows.iter().map(|&(time, event)| Observation { time, event }).collect()
    }

    /// Freireich et al. (1963), remission of 21 leukaemia patients on 6-MP, in weeks. Survival by
    /// hand as the product of (n − d)/n in the comments; the bands are those that Stata's
    /// `sts list` prints for these data, to four places.
    #[test]
    fn freireich_six_mp() {
        let events = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0];
        let censored = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0];
        let mut rows: Vec<(f64, bool)> = censored.iter().map(|&t| (t, false)).collect();
        rows.extend(events.iter().map(|&t| (t, true)));
        let table = [
            (6.0, 21, 3, 0.8571, 0.6197, 0.9516),  // 18/21
            (7.0, 17, 1, 0.8067, 0.5631, 0.9228),  // · 16/17
            (10.0, 15, 1, 0.7529, 0.5032, 0.8894), // · 14/15
            (13.0, 12, 1, 0.6902, 0.4316, 0.8491), // · 11/12
            (16.0, 11, 1, 0.6275, 0.3675, 0.8049), // · 10/11
            (22.0, 7, 1, 0.5378, 0.2678, 0.7468),  // · 6/7
            (23.0, 6, 1, 0.4482, 0.1881, 0.6801),  // · 5/6
        ];
        let steps = kaplan_meier(&observed(&rows));
        assert_eq!(steps.len(), table.len());
        for (step, (time, at_risk, events, survival, low, high)) in steps.iter().zip(table) {
            assert_eq!((step.time, step.at_risk, step.events), (time, at_risk, events));
            let found = [Some(step.survival), step.interval.low, step.interval.high];
            for (found, printed) in found.into_iter().zip([survival, low, high]) {
                assert!(found.is_some_and(|f| (f - printed).abs() <= 0.5e-4 + 1e-9), "{step:?}");
            }
        }
        assert_eq!(median_survival(&steps), Some(23.0));
        assert_eq!(survival_at(&steps, 5.9), 1.0);
        assert!((survival_at(&steps, 6.0) - 18.0 / 21.0).abs() < 1e-15);
        assert!((survival_at(&steps, 99.0) - 0.448_179_271_708_683_5).abs() < 1e-12);
    }

    #[test]
    fn without_censoring_it_is_the_empirical_distribution() {
        let rows: Vec<(f64, bool)> = (1..=10).map(|t| (f64::from(t), true)).collect();
        let steps = kaplan_meier(&observed(&rows));
        for (i, step) in steps.iter().enumerate() {
            assert!((step.survival - (9 - i) as f64 / 10.0).abs() < 1e-15, "{step:?}");
        }
        assert_eq!(steps[9].interval, Interval { low: Some(0.0), high: None });
    }

    #[test]
    fn without_events_there_are_no_steps() {
        assert!(kaplan_meier(&[]).is_empty());
        let steps = kaplan_meier(&observed(&[(1.0, false), (2.0, false)]));
        assert!(steps.is_empty());
        assert_eq!((survival_at(&steps, 5.0), median_survival(&steps)), (1.0, None));
    }
}
