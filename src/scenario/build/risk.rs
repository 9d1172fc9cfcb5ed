//! Which risk figures are made.

use super::super::span::Span;
use crate::prices::Prices;
use crate::scenario::format::Root;
use crate::scenario::{BacktestSpec, BookRisk, RiskSpec};

/// The figures at 95 % are always there.
const ALWAYS: f64 = 0.95;

/// Those that a scenario asks for.
pub(in crate::scenario) fn risk(root: &Root, prices: &Prices) -> RiskSpec {
    let form = &root.risk;
    let mut confidences = vec![ALWAYS];
    for confidence in &form.confidence {
        if !confidences.contains(&confidence.0) {
            confidences.push(confidence.0);
        }
    }
    let span = Span::of(prices);
    let mut horizons_ms: Vec<i64> = form.horizon.iter().map(|horizon| horizon.ms).collect();
    if horizons_ms.is_empty() {
        horizons_ms.push(span.end_ms - span.start_ms);
    }
    RiskSpec {
        confidences,
        book: form.book.then_some(BookRisk { horizons_ms, draws: form.draws as usize }),
        backtest: form.backtest.as_ref().map(|form| BacktestSpec {
            period_ms: form.period.ms,
            window: form.window as usize,
            confidence: form.confidence.0,
        }),
        diversification: (form.diversification.iter())
            .flat_map(|form| form.weights.iter().map(|weight| weight.0))
            .collect(),
    }
}
