//! How often a history fell: what a verdict on it rests on.

use std::collections::VecDeque;

use super::spec::ReplaySpec;

/// A fall of a history.
#[derive(Clone, Debug, PartialEq)]
pub struct Fall {
    /// The asset that fell furthest.
    pub asset: String,
    /// Start of the first bar that was so far below, UTC ms.
    pub start_ms: i64,
    /// Start of the last.
    pub end_ms: i64,
    /// Greatest part lost of the highest mark, in (0, 1].
    pub depth: f64,
}

impl ReplaySpec {
    /// The falls of any asset by `threshold` (a part, as 0.2) or more, from the highest mark of the bars
    /// of the `within_ms` before to the lowest of a bar. Bars that are so low and no more than
    /// `within_ms` apart are one fall, whatever the asset: what fell together is no second witness.
    pub fn falls(&self, threshold: f64, within_ms: i64) -> Vec<Fall> {
        let back = (within_ms / self.interval_ms.max(1)).max(1) as usize;
        let mut low: Vec<Fall> = Vec::new();
        for asset in &self.assets {
            let depths = depths(&asset.mark[1], &asset.mark[2], back);
            low.extend(depths.into_iter().filter(|(_, depth)| *depth >= threshold).map(
                |(bar, depth)| {
                    let start_ms = self.start_ms + bar as i64 * self.interval_ms;
                    Fall { asset: asset.name.clone(), start_ms, end_ms: start_ms, depth }
                },
            ));
        }
        low.sort_by_key(|fall| fall.start_ms);
        let mut falls: Vec<Fall> = Vec::new();
        for bar in low {
            match falls.last_mut().filter(|fall| bar.start_ms - fall.end_ms <= within_ms) {
                Some(fall) => {
                    fall.end_ms = bar.start_ms;
                    if bar.depth > fall.depth {
                        (fall.asset, fall.depth) = (bar.asset, bar.depth);
                    }
                }
                None => falls.push(bar),
            }
        }
        falls
    }
}

/// For each bar but the first: part lost from the highest of the `back` bars before it to its low.
fn depths(highs: &[f64], lows: &[f64], back: usize) -> Vec<(usize, f64)> {
    // Bars whose highs descend: the first is the highest of those that count.
    let mut highest: VecDeque<usize> = VecDeque::new();
    let mut depths = Vec::with_capacity(lows.len());
    for (bar, low) in lows.iter().enumerate() {
        while highest.front().is_some_and(|first| first + back < bar) {
            highest.pop_front();
        }
        if let Some(first) = highest.front() {
            depths.push((bar, 1.0 - low / highs[*first]));
        }
        while highest.back().is_some_and(|last| highs[*last] <= highs[bar]) {
            highest.pop_back();
        }
        highest.push_back(bar);
    }
    depths
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Intrabar, ReplayAsset};
    use super::*;

    fn history(closes: &[&[f64]]) -> ReplaySpec {
        let asset = |(at, closes): (usize, &&[f64])| ReplayAsset {
            name: format!("A{at}"),
            mark: Arc::new([closes.to_vec(), closes.to_vec(), closes.to_vec(), closes.to_vec()]),
            last: None,
            adverse_first: -1,
        };
        ReplaySpec {
            start_ms: 1_000,
            interval_ms: 10,
            close_only: true,
            intrabar: Intrabar::Jump,
            walk_step_ms: 1,
            worst_joint: false,
            assets: closes.iter().enumerate().map(asset).collect(),
            shocks: Vec::new(),
        }
    }

    /// 100 → 79 is a fall of 21 %. Bar 2 stands at 60 and bar 3 at 70, below 80 % of the 100 that is at
    /// most 3 bars back; bar 9's highest of 3 bars is 100, from which 75 is a quarter.
    #[test]
    fn falls_are_counted_once() {
        let closes: &[f64] = &[100.0, 79.0, 60.0, 70.0, 70.0, 70.0, 100.0, 100.0, 100.0, 75.0];
        let one = |start_ms, end_ms, depth| Fall { asset: "A0".into(), start_ms, end_ms, depth };
        let found = history(&[closes]).falls(0.2, 30);
        assert_eq!(found, [one(1_010, 1_030, 0.4), one(1_090, 1_090, 0.25)]);
        // 60 ms after the first fall ended the second begins: within as much they are one.
        assert_eq!(history(&[closes]).falls(0.2, 60).len(), 1);
        assert_eq!(history(&[closes]).falls(0.5, 30), []);
        // What falls at the same time is one fall, by the name of what fell further.
        let other: &[f64] = &[50.0, 50.0, 20.0, 50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 50.0];
        let both = history(&[closes, other]).falls(0.2, 30);
        assert_eq!(both.len(), 2);
        assert_eq!((both[0].asset.as_str(), both[0].depth), ("A1", 0.6));
    }

    #[test]
    fn parts_keep_their_times_and_returns() {
        let whole = history(&[&[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]]);
        assert_eq!((whole.bars(), whole.span_ms()), (7, 70));
        let windows = whole.windows(3);
        let starts: Vec<i64> = windows.iter().map(|window| window.start_ms).collect();
        assert_eq!(starts, [1_000, 1_030]);
        assert_eq!(windows[1].assets[0].mark[3], [8.0, 16.0, 32.0]);
        let scaled = windows[1].starting_at(&[100.0]);
        assert_eq!(scaled.assets[0].mark[3], [100.0, 200.0, 400.0]);
        assert_eq!(whole.slice(5..99).bars(), 2);
        assert!(whole.windows(0).is_empty() && whole.windows(8).is_empty());
    }
}
