//! Flags of both commands: how to read, what to mend.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::values;
use crate::data::{FindingKind, Keep, ReadOptions, RepairOptions, Role, ZoneRule};
use crate::fields::Duration;
use crate::prices::history::TimeUnit;
use crate::units::time::to_iso;

/// Files and how to read and mend them.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub(super) struct Shared {
    /// Files: CSV, JSON, Feather or Parquet, plain, .gz, .zip or .tar.gz; their parts go together
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    #[command(flatten)]
    pub read: ReadArgs,

    #[command(flatten)]
    pub repair: RepairArgs,
}

#[derive(Debug, Clone, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Reading")]
pub(in crate::cli) struct ReadArgs {
    /// Layout, where it is not recognised (docs/DATA.md lists them)
    #[arg(long, value_name = "NAME", value_parser = values::layout)]
    pub layout: Option<String>,

    /// Columns, e.g. time=date,open=o,high=h,low=l,close=c; by number (from 1) without a header
    #[arg(long, value_name = "NAME=COLUMN,…", value_delimiter = ',', value_parser = values::column)]
    pub columns: Vec<(String, String)>,

    /// Asset; all files become one series of it
    #[arg(long, value_name = "NAME", value_parser = values::asset)]
    pub asset: Option<String>,

    /// What the values are: last, mark, bid, ask, funding, …
    #[arg(long, value_name = "ROLE", value_parser = values::role)]
    pub role: Option<Role>,

    /// Unit of times that are whole numbers: s, ms or us
    #[arg(long, value_name = "UNIT", value_parser = values::time_unit)]
    pub time_unit: Option<TimeUnit>,

    /// Length of a bar, e.g. 1h, instead of the most frequent difference of times
    #[arg(long, value_name = "DURATION", value_parser = values::duration)]
    pub interval: Option<Duration>,

    /// First instant kept (UTC)
    #[arg(long, value_name = "DATE", value_parser = values::instant)]
    pub from: Option<i64>,

    /// End (UTC), exclusive
    #[arg(long, value_name = "DATE", value_parser = values::instant)]
    pub to: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Repairs (nothing is mended unless told)")]
pub(in crate::cli) struct RepairArgs {
    /// Sort rows by time
    #[arg(long)]
    pub sort: bool,

    /// Keep the first or the last of the rows of one time
    #[arg(long, value_name = "first|last", value_parser = values::keep)]
    pub dedupe: Option<Keep>,

    /// Fill gaps with flat bars; --fill-gaps=2h only those of at most two hours
    #[arg(
        long,
        value_name = "MAX",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "any",
        value_parser = values::longest_gap
    )]
    pub fill_gaps: Option<i64>,

    /// Drop rows that cannot be true
    #[arg(long)]
    pub drop_bad: bool,

    /// Drop prices far from their neighbours
    #[arg(long)]
    pub drop_outliers: bool,

    /// Drop the newest bar
    #[arg(long)]
    pub drop_last: bool,

    /// Move times to the grid if they are off it by at most this
    #[arg(long, value_name = "DURATION", value_parser = values::duration)]
    pub snap: Option<Duration>,

    /// Exchange the two volumes where they are swapped
    #[arg(long)]
    pub swap_volumes: bool,

    /// Take times of several units or forms in one file, each row by its own
    #[arg(long)]
    pub mixed_times: bool,

    /// Times that name no zone are so far ahead of UTC, e.g. +03:00
    #[arg(
        long,
        value_name = "±HH:MM",
        allow_hyphen_values = true,
        conflicts_with = "time_zone",
        value_parser = values::offset
    )]
    pub utc_offset: Option<i64>,

    /// Times that name no zone are in this one, e.g. America/New_York
    #[arg(long, value_name = "NAME", value_parser = values::zone)]
    pub time_zone: Option<String>,

    /// Defects to leave as they are, by the words of the report
    #[arg(long, value_name = "DEFECT,…", value_delimiter = ',', value_parser = values::kind)]
    pub accept: Vec<FindingKind>,
}

impl ReadArgs {
    pub fn options(&self) -> ReadOptions {
        ReadOptions {
            layout: self.layout.clone(),
            columns: self.columns.clone(),
            asset: self.asset.clone(),
            role: self.role,
            time_unit: self.time_unit.unwrap_or_default(),
            interval_ms: self.interval.map(|interval| interval.ms),
            from_ms: self.from,
            to_ms: self.to,
        }
    }

    /// With what another says of columns, unit and interval and is not said here.
    pub fn and(&self, more: &Self) -> Self {
        let columns = if self.columns.is_empty() { &more.columns } else { &self.columns };
        Self {
            columns: columns.clone(),
            time_unit: self.time_unit.or(more.time_unit),
            interval: self.interval.or(more.interval),
            ..self.clone()
        }
    }

    /// As one types them.
    pub fn words(&self) -> Vec<String> {
        let Self { layout, columns, asset, role, time_unit, interval, from, to } = self;
        let columns: Vec<String> =
            columns.iter().map(|(name, of)| format!("{name}={of}")).collect();
        let mut words = Words::default();
        words.value("layout", layout.clone());
        words.value("columns", (!columns.is_empty()).then(|| columns.join(",")));
        words.value("asset", asset.clone());
        words.value("role", role.map(Role::name));
        words.value("time-unit", time_unit.map(values::time_unit_text));
        words.value("interval", interval.map(|interval| interval.to_string()));
        words.value("from", from.map(to_iso));
        words.value("to", to.map(to_iso));
        words.0
    }
}

impl RepairArgs {
    pub fn options(&self) -> RepairOptions {
        let offset = self.utc_offset.map(ZoneRule::Offset);
        RepairOptions {
            sort: self.sort,
            dedupe: self.dedupe,
            fill_gaps_up_to_ms: self.fill_gaps,
            drop_bad: self.drop_bad,
            drop_outliers: self.drop_outliers,
            drop_last: self.drop_last,
            snap_ms: self.snap.map(|snap| snap.ms),
            swap_volumes: self.swap_volumes,
            mixed_times: self.mixed_times,
            zone: self.time_zone.clone().map(ZoneRule::Named).or(offset),
            accept: self.accept.iter().copied().collect(),
        }
    }

    /// As one types them.
    pub fn words(&self) -> Vec<String> {
        let mut words = Words::default();
        words.switch("mixed-times", self.mixed_times);
        words.value("utc-offset", self.utc_offset.map(values::offset_text));
        words.value("time-zone", self.time_zone.clone());
        words.switch("sort", self.sort);
        words.value("dedupe", self.dedupe.map(values::keep_text));
        words.value("snap", self.snap.map(|snap| snap.to_string()));
        words.switch("drop-bad", self.drop_bad);
        words.switch("drop-outliers", self.drop_outliers);
        words.switch("drop-last", self.drop_last);
        words.switch("swap-volumes", self.swap_volumes);
        match self.fill_gaps {
            Some(i64::MAX) => words.switch("fill-gaps", true),
            Some(ms) => words.0.push(format!("--fill-gaps={}", values::longest_gap_text(ms))),
            None => {}
        }
        let accept: BTreeSet<FindingKind> = self.accept.iter().copied().collect();
        let accept: Vec<&str> = accept.into_iter().map(FindingKind::word).collect();
        words.value("accept", (!accept.is_empty()).then(|| accept.join(",")));
        words.0
    }

    /// Both together; what is said here already stays.
    pub fn and(&self, more: &Self) -> Self {
        let mut accept: Vec<FindingKind> = self.accept.clone();
        accept.extend(&more.accept);
        accept.sort_unstable();
        accept.dedup();
        let zoned = self.utc_offset.is_some() || self.time_zone.is_some();
        Self {
            sort: self.sort || more.sort,
            dedupe: self.dedupe.or(more.dedupe),
            fill_gaps: self.fill_gaps.or(more.fill_gaps),
            drop_bad: self.drop_bad || more.drop_bad,
            drop_outliers: self.drop_outliers || more.drop_outliers,
            drop_last: self.drop_last || more.drop_last,
            snap: self.snap.or(more.snap),
            swap_volumes: self.swap_volumes || more.swap_volumes,
            mixed_times: self.mixed_times || more.mixed_times,
            utc_offset: if zoned { self.utc_offset } else { more.utc_offset },
            time_zone: if zoned { self.time_zone.clone() } else { more.time_zone.clone() },
            accept,
        }
    }
}

/// Words of a command line.
#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    fn value(&mut self, flag: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.0.extend([format!("--{flag}"), value.into()]);
        }
    }

    fn switch(&mut self, flag: &str, on: bool) {
        if on {
            self.0.push(format!("--{flag}"));
        }
    }
}
