//! What a layout's reader hands over: columns in file order, nothing mended.

use std::collections::BTreeMap;
use std::fmt;

/// Stands in a column of times for one that could not be read.
pub const NO_TIME: i64 = i64::MIN;

/// One series or one table, gathered from one or many members.
#[derive(Debug, Clone)]
pub enum Raw {
    Series(RawSeries),
    Table(RawTable),
}

/// What a history is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// Base asset or symbol in capitals, such as `BTC`; `XBT` reads as `BTC`.
    pub asset: String,
    /// Quote asset, such as `USDT`, where name or file tells.
    pub quote: Option<String>,
    pub role: Role,
}

/// What the values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Prices of trades.
    Last,
    /// Mark prices of a perpetual.
    Mark,
    Bid,
    Ask,
    /// Funding rates, fraction of notional per payment.
    Funding,
    /// Rates of a lending market that a lender gets, fraction a year.
    LendRate,
    /// Rates of a lending market that a borrower pays, fraction a year.
    BorrowRate,
    OpenInterest,
    /// Difference of perpetual and spot.
    Basis,
    /// A series without a name of its own here.
    Value,
    /// Events: trades, liquidations, ledger moves, quotes.
    Events,
    /// Rows without time: parameters, tiers, sums.
    Parameters,
}

/// Layout of the columns of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// `Open`, `High`, `Low`, `Close` in this order, then perhaps `Volume`, `QuoteVolume`, `Trades`.
    Bars,
    /// `Close`, then perhaps `Volume`.
    Close,
    /// One `Value`.
    Series,
}

/// Meaning of a numeric column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    Open,
    High,
    Low,
    Close,
    /// In the base asset, unless the layout says otherwise.
    Volume,
    /// In the quote asset. Kept for judging only; the normal form has one volume.
    QuoteVolume,
    /// Number of trades. Kept for judging only.
    Trades,
    Value,
}

/// How a time stood in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Written {
    Seconds,
    Millis,
    Micros,
    Nanos,
    /// `1502942400.0`.
    SecondsWithPoint,
    /// Days since 1970, as Parquet and Arrow have them.
    Days,
    /// Milliseconds since midnight of the date in the file's name.
    MillisOfDay,
    /// A date-time with `Z` or an offset.
    IsoZoned,
    /// A date-time without zone.
    IsoNaive,
    /// `2018-11-25`.
    Date,
    /// `2018-11-25 04-AM`.
    TwelveHour,
    /// `20181125 00:00` or `20181125`.
    Compact,
    /// Not a time.
    Unreadable,
}

/// One numeric column; NaN where the cell was blank or no number.
#[derive(Debug, Clone)]
pub struct Column {
    pub meaning: Meaning,
    /// As the file names it; for files without header the layout's own name.
    pub name: String,
    pub values: Vec<f64>,
}

/// One series as read. All vectors have one entry per row.
#[derive(Debug, Clone)]
pub struct RawSeries {
    pub label: Label,
    /// Name of the layout, see `layout`.
    pub layout: &'static str,
    pub shape: Shape,
    /// Where rows stand in the files.
    pub rows: Rows,
    /// UTC ms since the epoch, naive times read as UTC; or [`NO_TIME`].
    pub time: Vec<i64>,
    pub written: Vec<Written>,
    pub columns: Vec<Column>,
    /// Rows whose time was finer than a millisecond, cut down to it.
    pub finer_than_ms: u64,
    pub unread: Unread,
    /// Length of a bar that the file's name or own metadata states, ms.
    pub stated_interval_ms: Option<i64>,
    /// First and last date that the file's name states, UTC ms, the end exclusive.
    pub stated_span_ms: Option<(i64, i64)>,
    /// Remarks that the layout makes about what it read, such as a unit of volume.
    pub remarks: Vec<String>,
    /// What each member in normal form says of itself: where it came from, what was done to it.
    pub earlier: Vec<BTreeMap<String, String>>,
}

/// Where rows stand: which member, and which line or row of it (lines count from 1).
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// `(index of the first row, name of the member)`, ascending.
    pub members: Vec<(usize, String)>,
    pub line: Vec<u32>,
}

/// One row, for messages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub member: String,
    pub line: u32,
}

/// Cells that held neither blank nor number (or no time), the first few of them word for word.
#[derive(Debug, Clone, Default)]
pub struct Unread {
    /// Cells that are blank, by column (the columns' order; the last entry is the time).
    pub blank: Vec<u64>,
    /// Cells that are neither blank nor readable, by column likewise.
    pub odd: Vec<u64>,
    /// Rows with another number of fields than the others.
    pub ragged: u64,
    /// At most [`Unread::SHOWN`].
    pub examples: Vec<UnreadCell>,
}

impl Unread {
    /// How many cells are kept word for word.
    pub const SHOWN: usize = 20;
}

/// A cell that could not be read.
#[derive(Debug, Clone)]
pub struct UnreadCell {
    pub row: usize,
    /// Name of the column.
    pub column: String,
    /// Its text, cut to 60 characters.
    pub text: String,
}

/// Rows that are no series: events, which may share a time, or parameters without time.
#[derive(Debug, Clone)]
pub struct RawTable {
    pub label: Label,
    pub layout: &'static str,
    pub rows: Rows,
    /// UTC ms; `None` where the table has no column of times.
    pub time: Option<Vec<i64>>,
    /// Name of the column of times.
    pub time_name: Option<String>,
    pub written: Vec<Written>,
    /// In file order, the column of times left out.
    pub columns: Vec<TableColumn>,
    pub finer_than_ms: u64,
    pub unread: Unread,
    pub remarks: Vec<String>,
}

/// One column of a table.
#[derive(Debug, Clone)]
pub struct TableColumn {
    pub name: String,
    pub cells: Cells,
}

/// A column is numeric if every cell that is not blank is a number.
#[derive(Debug, Clone)]
pub enum Cells {
    /// NaN where blank.
    Number(Vec<f64>),
    /// Empty where blank.
    Text(Vec<Box<str>>),
}

impl Rows {
    /// Where row `row` stands.
    pub fn place(&self, row: usize) -> Place {
        let at = self.members.partition_point(|(first, _)| *first <= row);
        let member = at.checked_sub(1).map_or_else(String::new, |at| self.members[at].1.clone());
        Place { member, line: self.line.get(row).copied().unwrap_or(0) }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.line.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, row {}", self.member, self.line)
    }
}

impl RawSeries {
    /// Values of the first column with this meaning.
    pub fn column(&self, meaning: Meaning) -> Option<&[f64]> {
        let column = self.columns.iter().find(|column| column.meaning == meaning)?;
        Some(&column.values)
    }
}

impl Role {
    /// All, prices first.
    pub const ALL: &[Self] = &[
        Self::Last,
        Self::Mark,
        Self::Bid,
        Self::Ask,
        Self::Funding,
        Self::LendRate,
        Self::BorrowRate,
        Self::OpenInterest,
        Self::Basis,
        Self::Value,
        Self::Events,
        Self::Parameters,
    ];

    /// The role of this word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }

    /// Word for file names and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Last => "last",
            Self::Mark => "mark",
            Self::Bid => "bid",
            Self::Ask => "ask",
            Self::Funding => "funding",
            Self::LendRate => "lend_rate",
            Self::BorrowRate => "borrow_rate",
            Self::OpenInterest => "open_interest",
            Self::Basis => "basis",
            Self::Value => "value",
            Self::Events => "events",
            Self::Parameters => "parameters",
        }
    }

    /// Whether values are prices, which are above zero.
    pub fn is_price(self) -> bool {
        matches!(self, Self::Last | Self::Mark | Self::Bid | Self::Ask)
    }
}

impl fmt::Display for Label {
    /// `BTC.last`, as files in normal form are named.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.asset, self.role.name())
    }
}

impl Written {
    /// For messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Millis => "milliseconds",
            Self::Micros => "microseconds",
            Self::Nanos => "nanoseconds",
            Self::SecondsWithPoint => "seconds with a decimal point",
            Self::Days => "days",
            Self::MillisOfDay => "milliseconds since midnight",
            Self::IsoZoned => "date and time with a zone",
            Self::IsoNaive => "date and time without a zone",
            Self::Date => "dates",
            Self::TwelveHour => "dates with a twelve-hour clock",
            Self::Compact => "compact dates",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether the text names no zone, so that UTC is an assumption.
    pub fn is_naive(self) -> bool {
        matches!(self, Self::IsoNaive | Self::Date | Self::TwelveHour | Self::Compact)
    }
}
