//! `survival.csv`: the share of paths that have not been force-closed yet.

use std::io::{self, Write};

use super::number::{exact, exact_or_empty};
use crate::engine::Metric;
use crate::stats::{Interval, Observation, SurvivalStep, kaplan_meier};
use crate::study::{Column, StudyResult};

/// Times of a column as observations: a path without the event is censored at its end.
pub(super) fn observations(column: &Column, run_days: f64) -> Vec<Observation> {
    let observe = |time: f64| Observation {
        time: if time.is_nan() { run_days } else { time },
        event: !time.is_nan(),
    };
    column.iter().map(observe).collect()
}

/// The first time at which the survival curve has fallen to 1 − p, with the times at which the
/// ends of its band have (Brookmeyer & Crowley 1982); `None` where it never does.
pub(super) fn time_quantile(steps: &[SurvivalStep], p: f64) -> (Option<f64>, Interval) {
    let first = |share: &dyn Fn(&SurvivalStep) -> Option<f64>| {
        // 1 − p as a sum would miss a share that equals it but for rounding.
        steps.iter().find(|step| share(step).is_some_and(|s| 1.0 - s >= p - 1e-12)).map(|s| s.time)
    };
    let value = first(&|step| Some(step.survival));
    let low = first(&|step| step.interval.low);
    let high = first(&|step| step.interval.high);
    (value, Interval { low, high })
}

/// One variant's curve: the time to the first liquidation of anyone in it.
pub(super) struct SurvivalCurve {
    pub variant: String,
    pub paths: u64,
    pub steps: Vec<SurvivalStep>,
}

/// The curves of all variants.
pub(super) fn curves(result: &StudyResult, run_days: f64) -> Vec<SurvivalCurve> {
    let curve = |variant: &crate::study::VariantResult| SurvivalCurve {
        variant: variant.name.clone(),
        paths: result.paths,
        steps: kaplan_meier(&observations(
            variant.whole().column(Metric::TimeToFirstLiquidation),
            run_days,
        )),
    };
    result.variants.iter().map(curve).collect()
}

pub(super) fn write_csv(out: &mut impl Write, curves: &[SurvivalCurve]) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "variant",
        "days",
        "at_risk",
        "liquidated",
        "survival",
        "ci_low",
        "ci_high",
    ])?;
    for curve in curves {
        let paths = curve.paths.to_string();
        table.write_record([curve.variant.as_str(), "0", &paths, "0", "1", "", ""])?;
        for step in &curve.steps {
            table.write_record([
                curve.variant.as_str(),
                &exact(step.time),
                &step.at_risk.to_string(),
                &step.events.to_string(),
                &exact(step.survival),
                &exact_or_empty(step.interval.low),
                &exact_or_empty(step.interval.high),
            ])?;
        }
    }
    table.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_curve() {
        // Ten paths, events on days 1..=5, the others run to day 10: S falls to 0.5 on day 5.
        let times: Vec<Observation> =
            (1..=10).map(|k| Observation { time: f64::from(k.min(6)), event: k <= 5 }).collect();
        let steps = kaplan_meier(&times);
        let (median, interval) = time_quantile(&steps, 0.5);
        assert_eq!(median, Some(5.0));
        assert!(interval.low.is_some_and(|low| low < 5.0), "{interval:?}");
        assert_eq!(interval.high, None);
        assert_eq!(time_quantile(&steps, 0.95).0, None);
        assert_eq!(time_quantile(&steps, 0.05).0, Some(1.0));
    }
}
