//! The past that figures are made from: log returns of all assets, bar by bar.

use std::borrow::Cow;

use crate::prices::models::ModelKind;
use crate::prices::{Prices, ReplaySpec};

/// Log returns of all assets.
pub(super) struct Past<'a> {
    /// `returns[asset][bar]`, oldest first.
    pub returns: Cow<'a, [Vec<f64>]>,
    /// Length of a bar, ms.
    pub bar_ms: i64,
}

/// Those that prices are made of: of a history, or of the rows of a bootstrap.
pub(super) fn past(prices: &Prices) -> Option<Past<'_>> {
    match prices {
        Prices::History(replay) => {
            let returns = |asset| log_returns(&closes(replay, asset, 1));
            let returns = (0..replay.assets.len()).map(returns).collect();
            Some(Past { returns: Cow::Owned(returns), bar_ms: replay.interval_ms })
        }
        Prices::Model(model) => match &model.kind {
            ModelKind::Bootstrap(rows) => Some(Past {
                returns: Cow::Borrowed(rows.returns.as_slice()),
                bar_ms: model.step_ms,
            }),
            _ => None,
        },
    }
}

/// Closes of the mark of every `bars`-th bar; the first stands at the end of the first `bars`.
pub(super) fn closes(replay: &ReplaySpec, asset: usize, bars: usize) -> Vec<f64> {
    replay.assets[asset].mark[3].iter().skip(bars - 1).step_by(bars).copied().collect()
}

pub(super) fn log_returns(closes: &[f64]) -> Vec<f64> {
    closes.windows(2).map(|pair| libm::log(pair[1] / pair[0])).collect()
}
