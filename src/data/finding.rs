//! What is wrong with a history, in words.

use super::raw::Place;

/// One kind of defect of one series, with how often and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub kind: FindingKind,
    pub severity: Severity,
    /// Rows, gaps or cells, as the kind counts.
    pub count: u64,
    /// One sentence with figures, such as "27 gaps, 122 bars missing, the longest 34 bars".
    pub summary: String,
    /// The first few, in time; at most [`Finding::SHOWN`].
    pub examples: Vec<Example>,
    /// What would mend it, as a flag: `--sort`. Empty for notes.
    pub remedy: String,
    /// Times at which it shows, UTC ms, for the picture; at most [`Finding::MARKED`].
    pub marks: Vec<(i64, i64)>,
}

impl Finding {
    /// How many examples are kept.
    pub const SHOWN: usize = 5;
    /// How many spans are kept for the picture.
    pub const MARKED: usize = 2_000;
}

/// One place where a defect shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    pub place: Option<Place>,
    /// UTC ms.
    pub time: Option<i64>,
    /// What is there: "close 16199.91, neighbours about 4300".
    pub text: String,
}

/// Whether an import can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// For the reader only.
    Note,
    /// Repaired, as told; the finding says what was done.
    Repaired,
    /// Left as it is, as told.
    Accepted,
    /// Refused until it is repaired or accepted.
    Blocks,
}

macro_rules! finding_kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// Kinds of defects. The word is what `--accept` takes and JSON says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingKind { $($(#[$doc])* $name,)* }

        impl FindingKind {
            /// All, in the order of a report.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word for it.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

finding_kinds! {
    /// Cells that are neither blank nor a number, or rows of another length.
    UnreadableCell = "unreadable_cell",
    /// Prices or values that are blank.
    BlankCell = "blank_cell",
    /// Rows whose time cannot be read or lies outside 1970..2200.
    UnreadableTime = "unreadable_time",
    /// One member writes its times in more than one unit.
    MixedTimeUnits = "mixed_time_units",
    /// One member writes its dates in more than one form.
    MixedDateFormats = "mixed_date_formats",
    /// Times without zone that do not lie on the grid UTC would have, or show a summer time.
    NaiveLocalTime = "naive_local_time",
    /// Most rows have high below low, or the like: the columns are in another order.
    SwappedColumns = "swapped_columns",
    /// Rows whose volumes in base and quote have changed places.
    SwappedVolumes = "swapped_volumes",
    /// A price of zero or below, or not finite.
    ImpossiblePrice = "impossible_price",
    /// A volume below zero.
    NegativeVolume = "negative_volume",
    /// High below low, or open or close outside them.
    InconsistentBar = "inconsistent_bar",
    /// Rows older than the row before them.
    Disorder = "disorder",
    /// Rows that repeat a time with the same values.
    Duplicate = "duplicate",
    /// Rows that repeat a time with other values.
    ConflictingDuplicate = "conflicting_duplicate",
    /// Several bars in a row that equal several in a row at other times.
    RepeatedRun = "repeated_run",
    /// Times some way off the grid of the interval.
    OffGrid = "off_grid",
    /// Missing bars.
    Gap = "gap",
    /// A price far from its neighbours.
    Outlier = "outlier",
    /// The newest bar looks cut short.
    PartialLastBar = "partial_last_bar",
    /// A table's rows that repeat another row in full.
    RepeatedRow = "repeated_row",
    /// A column whose scale jumps by powers of ten, as where a unit changes.
    ScaleChange = "scale_change",
    /// Columns of which one is filled where the other is blank.
    AlternatingColumns = "alternating_columns",
    /// Two columns hold the same unusual value in one row.
    EqualColumns = "equal_columns",
    /// The file's name says another span or interval than its rows.
    NameDisagrees = "name_disagrees",
    /// Bars without trades.
    ZeroVolume = "zero_volume",
    /// Flat bars without volume: filled in by whoever made the file.
    FilledBars = "filled_bars",
    /// Blank rows before an asset's first price.
    NotYetListed = "not_yet_listed",
    /// Nothing proves that the newest bar was closed when it was collected.
    LastBarUnproven = "last_bar_unproven",
    /// The newest day has fewer bars than a day has.
    LastDayShort = "last_day_short",
    /// Remarks of the layout.
    Remark = "remark",
}
