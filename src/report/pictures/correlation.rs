//! The chart of rolling correlations.

use super::super::charts::rolling;
use super::{Album, samples};
use crate::fields::Duration;
use crate::study::RollingCorrelations;

impl Album<'_> {
    pub(super) fn rolling(&self, found: &RollingCorrelations) -> rolling::RollingChart {
        let assets = &self.scenario.plan.assets;
        let line = |values: &[f64]| {
            let points: Vec<_> =
                found.times_ms.iter().copied().zip(values.iter().copied()).collect();
            samples(&points)
        };
        let panels = found.pairs.iter().map(|pair| rolling::RollingPanel {
            label: format!("{} and {}, correlation", assets[pair.assets.0], assets[pair.assets.1]),
            traced: line(&pair.traced),
            mean: line(&pair.mean),
            target: line(&pair.target),
            // By schedule the path's own target is that of all.
            traced_target: if pair.traced_target == pair.target {
                Vec::new()
            } else {
                line(&pair.traced_target)
            },
        });
        let window = Duration { ms: found.window_ms };
        rolling::RollingChart {
            caption: self.caption(
                "Rolling correlation of simulated returns against its drift",
                format!("trailing window of {window}, at its last instant"),
            ),
            traced: found.traced,
            paths: found.paths,
            panels: panels.collect(),
        }
    }
}
