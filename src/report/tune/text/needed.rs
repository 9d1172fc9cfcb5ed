//! How many paths would tell whether a limit holds.

use crate::report::number::grouped;
use crate::scenario::{Figure, LimitSpec};
use crate::stats::{Interval, proportion_bounds, quantile_ranks, student_t_two_sided};
use crate::study::Verdict;

/// About how many paths would tell, where the value keeps the limit.
pub(super) fn needed(limit: &LimitSpec, verdict: &Verdict, count: u64, alpha: f64) -> String {
    let Some(paths) = paths_to_tell(limit, verdict, count, alpha) else { return String::new() };
    let digits = libm::pow(10.0, libm::floor(libm::log10(paths as f64)) - 1.0).max(1.0);
    let paths = libm::ceil(paths as f64 / digits) * digits;
    let whether = match verdict.end {
        Some(_) => "would tell, if that is what it is",
        None => "would bound it",
    };
    format!(" About {} validation paths {whether}.", grouped(paths, 0))
}

/// The least number of paths at which the end of the interval would keep the limit if the value stays
/// what it is: of a probability by its exact interval; of others as the length goes with the root of
/// their number. Where the end is open, the least number that bounds it.
fn paths_to_tell(limit: &LimitSpec, verdict: &Verdict, count: u64, alpha: f64) -> Option<u64> {
    let room = limit.room(verdict.value);
    if room <= 0.0 || count < 2 {
        return None;
    }
    let level = 1.0 - 2.0 * alpha;
    let length = verdict.end.map(|end| (end - verdict.value).abs());
    let root = |paths: u64| {
        let t = |paths: u64| student_t_two_sided(level, paths - 1);
        let length = length? * t(paths) / t(count) * (count as f64 / paths as f64).sqrt();
        Some(length <= room)
    };
    let bounded = |paths: u64, p: f64| {
        let (low, high) = quantile_ranks(paths as usize, p, level);
        if limit.at_most { high } else { low }.is_some()
    };
    let tells = |paths: u64| match limit.figure {
        Figure::Probability(_) => {
            let hits = libm::round(verdict.value * paths as f64) as u64;
            let Interval { low, high } = proportion_bounds(hits, paths, alpha);
            let end = if limit.at_most { high } else { low };
            end.is_some_and(|end| limit.room(end) >= 0.0)
        }
        Figure::Mean(_) => root(paths).unwrap_or(false),
        Figure::Quantile(_, p) => bounded(paths, p) && root(paths).unwrap_or(true),
        Figure::ValueAtRisk(p) | Figure::ExpectedShortfall(p) | Figure::LiquidityAtRisk(p) => {
            bounded(paths, p) && root(paths).unwrap_or(true)
        }
    };
    let mut high = count;
    while !tells(high) {
        high = high.checked_mul(2).filter(|paths| *paths <= MOST)?;
    }
    let mut low = (high / 2).max(2);
    while low + 1 < high {
        let middle = low.midpoint(high);
        if tells(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// More paths than that are not advised.
const MOST: u64 = 100_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Metric;
    use crate::study::Standing;

    /// None of n hits bounds a probability by 1 − 0.05^(1/n): 5 % from 59 on (0.95^59 = 0.0485), Wilks'
    /// number, which also bounds the 95th percentile at all. A mean whose end is twice as far off as it
    /// may be needs four times the paths: t at 95 % one-sided is 1.660391 on 99 degrees of freedom and
    /// 1.648682 on 399, so that √(n/100) ≥ 2·1.6487/1.6604 holds from 395 on.
    #[test]
    fn least_paths_by_hand() {
        let limit = |figure, limit| LimitSpec { name: String::new(), figure, limit, at_most: true };
        let verdict = |value, end| Verdict { value, end, standing: Standing::CannotTell };
        let rare = Figure::Probability(Metric::Liquidations);
        let mean = Figure::Mean(Metric::TopUps);
        let tail = Figure::ExpectedShortfall(0.95);
        for (figure, at, value, end, count, least) in [
            (rare, 0.05, 0.0, Some(0.78), 2, Some(59)),
            (tail, 9.0, 5.0, None, 20, Some(59)),
            (mean, 2.0, 1.0, Some(3.0), 100, Some(395)),
            (mean, 2.0, 2.5, Some(3.0), 100, None),
        ] {
            let found = paths_to_tell(&limit(figure, at), &verdict(value, end), count, 0.05);
            assert_eq!(found, least, "{figure:?}");
        }
    }
}
