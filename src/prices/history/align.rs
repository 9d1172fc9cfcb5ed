//! Several assets cut to one span in which each has every bar.

use super::bars::Bars;
use super::error::HistoryError;
use super::times::iso;

/// Bars of several assets side by side: bar `k` of each starts at `start_ms + k * interval_ms`.
#[derive(Debug, Clone, PartialEq)]
pub struct Aligned {
    /// Start of the first bar, UTC ms since the epoch.
    pub start_ms: i64,
    pub interval_ms: i64,
    /// Entries of every vector of every asset; at least 1.
    pub n_bars: usize,
    /// In the order given.
    pub assets: Vec<AlignedAsset>,
    /// At least one asset has closes only, so that opens and extremes cannot be used jointly.
    pub close_only: bool,
}

/// One asset's part of [`Aligned`]; as in [`Bars`].
#[derive(Debug, Clone, PartialEq)]
pub struct AlignedAsset {
    pub name: String,
    pub open: Vec<f64>,
    pub high: Vec<f64>,
    pub low: Vec<f64>,
    pub close: Vec<f64>,
    pub volume: Option<Vec<f64>>,
}

/// Cuts the assets to the whole bars inside `[from, to)`, UTC ms; where an end is not given, to
/// what all of them cover.
///
/// # Errors
/// No asset, different intervals or grids, no common bar, an asset that does not cover the span
/// asked for, bars missing inside it; every asset's faults at once, under its name.
pub fn align(
    named: &[(&str, &Bars)],
    from: Option<i64>,
    to: Option<i64>,
) -> Result<Aligned, Vec<HistoryError>> {
    let (interval_ms, phase) = common_grid(named)?;
    let covered_from = named.iter().filter_map(|(_, bars)| bars.open_time.first()).max();
    let covered_to = named.iter().filter_map(|(_, bars)| bars.open_time.last()).min();
    // Not empty: `common_grid` refuses that.
    let covered_to = covered_to.copied().unwrap_or_default().saturating_add(interval_ms);
    let from = from.unwrap_or(covered_from.copied().unwrap_or_default());
    let to = to.unwrap_or(covered_to);
    check_cover(named, from, to, interval_ms)?;

    // Bounded by the times of an asset, as it covers the span.
    let start_ms = from + (phase - from).rem_euclid(interval_ms);
    let n_bars = usize::try_from((to - start_ms) / interval_ms).unwrap_or(0);
    if start_ms >= to || n_bars == 0 {
        let problem = format!("no whole bar between {} and {}", iso(from), iso(to));
        return Err(vec![HistoryError::new("prices", problem, "ask for a longer span")]);
    }
    let mut faults = Vec::new();
    let mut assets = Vec::new();
    for &(name, bars) in named {
        match cut(name, bars, start_ms, n_bars) {
            Ok(asset) => assets.push(asset),
            Err(missing) => faults.extend(missing),
        }
    }
    let close_only = named.iter().any(|(_, bars)| bars.close_only);
    if faults.is_empty() {
        Ok(Aligned { start_ms, interval_ms, n_bars, assets, close_only })
    } else {
        Err(faults)
    }
}

/// The interval of all assets, and a time of the grid they share.
fn common_grid(named: &[(&str, &Bars)]) -> Result<(i64, i64), Vec<HistoryError>> {
    let Some(&(first_name, first)) = named.first() else {
        return Err(vec![HistoryError::new("prices", "no asset", "name at least one")]);
    };
    let mut faults = Vec::new();
    let interval_ms = first.interval_ms;
    let phase = first.open_time.first().copied().unwrap_or_default();
    for &(name, bars) in named {
        let fault = |problem: String, remedy: &str| HistoryError::new(name, problem, remedy);
        let Some(&start) = bars.open_time.first() else {
            faults.push(fault("no bars".to_owned(), "give an asset with bars"));
            continue;
        };
        if bars.interval_ms <= 0 {
            let problem = format!("an interval of {} ms", bars.interval_ms);
            faults.push(fault(problem, "give an interval above zero"));
        } else if bars.interval_ms != interval_ms {
            let problem =
                format!("bars of {} ms, {first_name} of {interval_ms} ms", bars.interval_ms);
            faults.push(fault(problem, "give all assets in bars of one length"));
        } else if (start - phase) % interval_ms != 0 {
            let problem =
                format!("a bar at {}, which is not on the grid of {first_name}", iso(start));
            faults.push(fault(problem, "give bars that start together"));
        }
    }
    if faults.is_empty() { Ok((interval_ms, phase)) } else { Err(faults) }
}

fn check_cover(
    named: &[(&str, &Bars)],
    from: i64,
    to: i64,
    interval_ms: i64,
) -> Result<(), Vec<HistoryError>> {
    if from >= to {
        let problem = format!("nothing between {} and {}", iso(from), iso(to));
        let remedy = "give assets and a span that have time in common";
        return Err(vec![HistoryError::new("prices", problem, remedy)]);
    }
    let mut faults = Vec::new();
    for &(name, bars) in named {
        if let (Some(&first), Some(&last)) = (bars.open_time.first(), bars.open_time.last()) {
            let end = last.saturating_add(interval_ms);
            if first > from || end < to {
                let problem = format!(
                    "covers {} to {}, not {} to {}",
                    iso(first),
                    iso(end),
                    iso(from),
                    iso(to)
                );
                let remedy = "ask for a shorter span or leave the asset out";
                faults.push(HistoryError::new(name, problem, remedy));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The asset's bars `start_ms + k * interval`, all of which must be there.
fn cut(
    name: &str,
    bars: &Bars,
    start_ms: i64,
    n_bars: usize,
) -> Result<AlignedAsset, Vec<HistoryError>> {
    const LISTED_MAX: usize = 5;
    let first = bars.open_time.partition_point(|&time| time < start_ms);
    let end = start_ms + bars.interval_ms * n_bars as i64;
    let stop = bars.open_time.partition_point(|&time| time < end);
    let mut there = bars.open_time[first..stop].iter().peekable();
    let (mut missing, mut n_missing) = (Vec::new(), 0_u64);
    for bar in 0..n_bars as i64 {
        let time = start_ms + bar * bars.interval_ms;
        if there.next_if(|&&t| t == time).is_none() {
            n_missing += 1;
            if missing.len() < LISTED_MAX {
                missing.push(iso(time));
            }
        }
    }
    if n_missing > 0 {
        let more = if n_missing > LISTED_MAX as u64 { ", …" } else { "" };
        let problem = format!("{n_missing} bars missing: {}{more}", missing.join(", "));
        let remedy =
            "allow gaps to be filled (gaps = \"fill\"), or ask for a span without them (from, to)";
        return Err(vec![HistoryError::new(name, problem, remedy)]);
    }
    let rows = first..stop;
    Ok(AlignedAsset {
        name: name.to_owned(),
        open: bars.open[rows.clone()].to_vec(),
        high: bars.high[rows.clone()].to_vec(),
        low: bars.low[rows.clone()].to_vec(),
        close: bars.close[rows.clone()].to_vec(),
        volume: bars.volume.as_ref().map(|volume| volume[rows].to_vec()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;
    /// 2018-11-25T00:00:00Z.
    const START_MS: i64 = 1_543_104_000_000;

    /// Bars at `START_MS + hour` for the hours given.
    fn hourly(hours: &[i64]) -> Bars {
        let close: Vec<f64> = hours.iter().map(|&hour| 100.0 + hour as f64).collect();
        Bars {
            interval_ms: HOUR_MS,
            open_time: hours.iter().map(|hour| START_MS + hour * HOUR_MS).collect(),
            open: close.clone(),
            high: close.clone(),
            low: close.clone(),
            close,
            volume: None,
            close_only: false,
            metadata: Default::default(),
        }
    }

    #[test]
    fn assets_are_cut_to_the_span_they_share() {
        let (a, b) = (hourly(&[0, 1, 2, 3, 4]), hourly(&[2, 3, 4, 5]));
        let both = [("BTC", &a), ("ETH", &b)];
        let at = |hour: i64| Some(START_MS + hour * HOUR_MS);
        for (from, to, start, n_bars) in [
            (None, None, 2, 3),
            (at(3), None, 3, 2),
            (None, at(4), 2, 2),
            (at(2).map(|t| t + 1), at(5).map(|t| t - 1), 3, 1), // Whole bars only.
        ] {
            let aligned = align(&both, from, to).unwrap();
            assert_eq!((Some(aligned.start_ms), aligned.n_bars), (at(start), n_bars));
            for asset in &aligned.assets {
                let expected = (0..n_bars).map(|k| 100.0 + (start as usize + k) as f64);
                assert_eq!(asset.close, expected.collect::<Vec<_>>(), "{}", asset.name);
            }
        }
    }

    #[test]
    fn assets_that_cannot_be_aligned_say_why() {
        let whole = hourly(&[0, 1, 2, 3, 4]);
        let shifted =
            Bars { open_time: whole.open_time.iter().map(|t| t + 1).collect(), ..hourly(&[0; 5]) };
        let daily = Bars { interval_ms: 24 * HOUR_MS, ..hourly(&[0]) };
        let at = |hour: i64| Some(START_MS + hour * HOUR_MS);
        #[rustfmt::skip]
        let table = [
            (hourly(&[0, 4]),  None,  None,  "ETH: 3 bars missing: 2018-11-25T01:00:00Z, 2018-11-25T02:00:00Z, 2018-11-25T03:00:00Z; allow gaps"),
            (hourly(&[2, 3]),  at(1), at(4), "ETH: covers 2018-11-25T02:00:00Z to 2018-11-25T04:00:00Z, not 2018-11-25T01:00:00Z to 2018-11-25T04:00:00Z"),
            (hourly(&[7, 8]),  None,  None,  "prices: nothing between"),
            (hourly(&[0, 1]),  at(1), at(1), "prices: nothing between"),
            (hourly(&[]),      None,  None,  "ETH: no bars"),
            (shifted,          None,  None,  "ETH: a bar at 2018-11-25T00:00:00.001Z, which is not on the grid of BTC"),
            (daily,            None,  None,  "ETH: bars of 86400000 ms, BTC of 3600000 ms"),
        ];
        for (other, from, to, expected) in table {
            let faults = align(&[("BTC", &whole), ("ETH", &other)], from, to).expect_err(expected);
            assert!(faults[0].to_string().starts_with(expected), "{faults:?}");
        }
        assert!(align(&[], None, None).is_err());
    }
}
