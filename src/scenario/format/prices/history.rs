//! Replays of real bars.

use std::collections::BTreeMap;

use super::shocks::ShockForm;
use crate::fields::{Bounds, Duration, Instant, Value, choice, section};
use crate::prices::Intrabar;
use crate::prices::history::{DisorderRule, DuplicateRule, TimeUnit};

section! {
    /// A replay of real bars.
    HistoryPrices {
        /// The assets, by name.
        assets: BTreeMap<String, HistoryAsset>;
        /// First instant; the first that all files cover unless given.
        from: Option<Instant>;
        /// End; the last that all files cover unless given.
        to: Option<Instant>;
        /// How the price gets from one tick of a bar to the next.
        intrabar: Intrabar = "jump";
        /// Ticks within "walk" and "bridge".
        walk_step: Duration = "5s", Bounds::at_least(1.0);
        /// Whether all adverse extremes of a bar coincide.
        worst_joint: bool = false;
        /// Shocks on top of what happened, by name; they stack.
        shocks: BTreeMap<String, ShockForm> = Value::empty();
        ..reading: Reading;
    }
}

section! {
    /// What is done about faults of a file of bars.
    Reading {
        /// What happens where bars are missing.
        gaps: GapChoice = "refuse";
        /// Longest gap that gaps = "fill" closes; any unless given.
        max_gap: Option<Duration>, Bounds::at_least(1.0);
        /// What happens where two rows have the same time.
        duplicates: DuplicateRule = "refuse";
        /// What happens where a row is older than the one before it.
        disorder: DisorderRule = "refuse";
    }
}

section! {
    /// An asset read from files.
    HistoryAsset {
        /// CSV or Parquet of bars; of the last price where there is a mark_file.
        file: String;
        /// CSV or Parquet of the bars of the mark; the mark is the last price unless given.
        mark_file: Option<String>;
        ..form: FileForm;
    }
}

section! {
    /// How a file of bars is read.
    FileForm {
        /// Bars, or closes alone.
        kind: HistoryKind = "ohlc";
        /// Names of the columns; what the file says of itself or the usual names unless given.
        columns: Option<Columns>;
        /// Unit of times written as numbers.
        time_unit: TimeUnit = "auto";
    }
}

section! {
    /// Columns of a file of bars.
    Columns {
        /// Start of the bar.
        time: String = "time";
        /// First price.
        open: String = "open";
        /// Highest price.
        high: String = "high";
        /// Lowest price.
        low: String = "low";
        /// Last price.
        close: String = "close";
        /// Traded amount; not read unless given.
        volume: Option<String>;
    }
}

section! {
    /// Columns of a file of rates.
    SeriesNames {
        /// Instant of the payment.
        time: String = "time";
        /// Rate, of notional.
        rate: String = "rate";
    }
}

/// What a file of prices holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HistoryKind {
    /// Open, high, low and close.
    Ohlc,
    /// Closes alone.
    Close,
}

/// What happens where bars are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GapChoice {
    /// A gap inside the span is an error.
    Refuse,
    /// Flat bars stand in.
    Fill,
}

choice!(HistoryKind { "ohlc" => Self::Ohlc, "close" => Self::Close });
choice!(GapChoice { "refuse" => Self::Refuse, "fill" => Self::Fill });
choice!(Intrabar { "jump" => Self::Jump, "walk" => Self::Walk, "bridge" => Self::Bridge });
choice!(DuplicateRule {
    "refuse" => Self::Refuse,
    "keep_first" => Self::KeepFirst,
    "keep_last" => Self::KeepLast,
});
choice!(DisorderRule { "refuse" => Self::Refuse, "sort" => Self::Sort });
choice!(TimeUnit {
    "auto" => Self::Auto,
    "s" => Self::Seconds,
    "ms" => Self::Millis,
    "us" => Self::Micros,
});
