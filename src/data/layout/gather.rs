//! Where readers put rows: one series or table per label, layout and stem of name.

use crate::data::raw::{Column, Label, Meaning, Raw, RawSeries, RawTable, Rows, Shape, Unread};

/// Gathers what many members hold. Members of one stem (their name without dates), label, layout
/// and columns are one series.
#[derive(Debug, Default)]
pub struct Gather {
    raws: Vec<(Key, Raw)>,
}

#[derive(Debug, PartialEq)]
struct Key {
    /// Empty where the caller says that all files are one series.
    stem: String,
    label: Label,
    layout: &'static str,
    columns: Vec<String>,
}

/// What a reader knows of a member before its first row.
#[derive(Debug, Clone)]
pub struct Heading<'a> {
    /// Name of the member, as [`super::super::Place`] shows it.
    pub member: &'a str,
    /// Member name without dates; equal stems go together. Empty: whatever has this label.
    pub stem: String,
    pub label: Label,
    pub layout: &'static str,
}

impl Gather {
    /// The series that rows of this member go to; its vectors grow by equal numbers of entries.
    pub fn series(
        &mut self,
        heading: &Heading<'_>,
        shape: Shape,
        columns: &[(Meaning, &str)],
    ) -> &mut RawSeries {
        let at = self.begin_series(heading, shape, columns);
        self.opened(at)
    }

    /// As [`Self::series`], as an index for [`Self::opened`]: a member may hold several series.
    pub(super) fn begin_series(
        &mut self,
        heading: &Heading<'_>,
        shape: Shape,
        columns: &[(Meaning, &str)],
    ) -> usize {
        let names = columns.iter().map(|(_, name)| (*name).to_owned()).collect();
        let at = self.entry(heading, names, || {
            Raw::Series(RawSeries {
                label: heading.label.clone(),
                layout: heading.layout,
                shape,
                rows: Rows::default(),
                time: Vec::new(),
                written: Vec::new(),
                columns: columns
                    .iter()
                    .map(|&(meaning, name)| Column {
                        meaning,
                        name: name.to_owned(),
                        values: Vec::new(),
                    })
                    .collect(),
                finer_than_ms: 0,
                unread: Unread::of(columns.len()),
                stated_interval_ms: None,
                stated_span_ms: None,
                remarks: Vec::new(),
                earlier: Vec::new(),
            })
        });
        self.opened(at).rows.begin(heading.member);
        at
    }

    /// The series that [`Self::begin_series`] gave this index.
    pub(super) fn opened(&mut self, at: usize) -> &mut RawSeries {
        match &mut self.raws[at].1 {
            Raw::Series(series) => series,
            Raw::Table(_) => unreachable!("a layout reads either series or tables"),
        }
    }

    /// The table that rows of this member go to.
    pub fn table(&mut self, heading: &Heading<'_>, columns: &[&str]) -> &mut RawTable {
        let names = columns.iter().map(|name| (*name).to_owned()).collect();
        let at = self.entry(heading, names, || {
            Raw::Table(RawTable {
                label: heading.label.clone(),
                layout: heading.layout,
                rows: Rows::default(),
                time: None,
                time_name: None,
                written: Vec::new(),
                columns: Vec::new(),
                finer_than_ms: 0,
                unread: Unread::of(columns.len()),
                remarks: Vec::new(),
            })
        });
        match &mut self.raws[at].1 {
            Raw::Table(table) => {
                table.rows.begin(heading.member);
                table
            }
            Raw::Series(_) => unreachable!("a layout reads either series or tables"),
        }
    }

    fn entry(
        &mut self,
        heading: &Heading<'_>,
        columns: Vec<String>,
        make: impl FnOnce() -> Raw,
    ) -> usize {
        let key = Key {
            stem: heading.stem.clone(),
            label: heading.label.clone(),
            layout: heading.layout,
            columns,
        };
        self.raws.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
            self.raws.push((key, make()));
            self.raws.len() - 1
        })
    }

    /// Everything gathered, in the order of first appearance.
    pub fn finish(self) -> Vec<Raw> {
        self.raws.into_iter().map(|(_, raw)| raw).collect()
    }
}

impl Rows {
    /// The rows that follow are of `member`.
    fn begin(&mut self, member: &str) {
        self.members.push((self.line.len(), member.to_owned()));
    }
}

impl Unread {
    /// None yet, of so many columns beside the time.
    fn of(n_columns: usize) -> Self {
        Self { blank: vec![0; n_columns + 1], odd: vec![0; n_columns + 1], ..Self::default() }
    }
}
