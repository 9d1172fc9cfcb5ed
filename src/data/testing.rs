//! Judged series for tests.

use super::judged::{Clean, Facts, Judged, Outline};
use super::raw::{Label, Role, Shape};
use crate::prices::history::Bars;

/// Last prices of 100 in bars of that length; bar `k` starts at `k` times the length.
pub(super) fn judged_bars(asset: &str, interval_ms: i64, bars: &[i64]) -> Judged {
    let price = vec![100.0; bars.len()];
    let open_time: Vec<i64> = bars.iter().map(|k| k * interval_ms).collect();
    let span = open_time.first().copied().zip(open_time.last().copied());
    let outline = Outline {
        time: open_time.clone(),
        low: price.clone(),
        high: price.clone(),
        close: price.clone(),
    };
    let bars = Bars {
        interval_ms,
        open_time,
        open: price.clone(),
        high: price.clone(),
        low: price.clone(),
        close: price,
        volume: None,
        close_only: false,
        metadata: Default::default(),
    };
    let facts = Facts {
        label: Label { asset: asset.to_owned(), quote: None, role: Role::Last },
        layout: "test",
        shape: Some(Shape::Bars),
        members: vec![format!("{asset}.csv")],
        rows_read: bars.close.len() as u64,
        rows_in_span: bars.close.len() as u64,
        span,
        interval_ms: Some(interval_ms),
        written: Vec::new(),
        range: Some((100.0, 100.0)),
        columns: Vec::new(),
    };
    Judged { facts, findings: Vec::new(), clean: Some(Clean::Bars(bars)), outline }
}
