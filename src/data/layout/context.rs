//! What every reader knows of the member it reads.

use super::gather::Heading;
use super::label::{NameFacts, label_of};
use super::name_words::canonical;
use crate::data::options::ReadOptions;
use crate::data::raw::{Label, RawSeries, Role};
use crate::prices::history::HistoryError;

/// Most rows a series or table may have: 2^25, a year of seconds.
pub(super) const ROWS_MAX: usize = 1 << 25;
/// Remarks kept of one series or table.
const REMARKS_MAX: usize = 100;

/// Remark where neither file nor name nor caller says the asset.
pub(super) const NAMELESS: &str = "nothing says which asset this is; --asset names it";

/// Names and what they tell, and what the caller says.
#[derive(Debug)]
pub(super) struct Context<'a> {
    /// As places show it.
    pub name: &'a str,
    /// What messages begin with.
    pub origin: &'a str,
    pub facts: NameFacts,
    pub options: &'a ReadOptions,
}

impl<'a> Context<'a> {
    pub fn new(name: &'a str, origin: &'a str, options: &'a ReadOptions) -> Self {
        Self { name, origin, facts: label_of(origin), options }
    }

    /// Whether neither caller nor name says an asset.
    pub fn is_nameless(&self) -> bool {
        self.options.asset.is_none() && self.facts.asset.is_none()
    }

    /// Label of a series: the caller's word goes first, then the file's (`asset`), then the name's.
    /// Where nothing says the asset, the name without dates stands for it.
    pub fn label(&self, asset: Option<&(String, Option<String>)>, role: Role) -> Label {
        let role = self.options.role.unwrap_or(role);
        if let Some(asset) = &self.options.asset {
            let quote = asset_quote(asset, &self.facts);
            return Label { asset: canonical(asset), quote, role };
        }
        match (asset, &self.facts.asset) {
            (Some((asset, quote)), named) => {
                let from_name =
                    || self.facts.quote.clone().filter(|_| named.as_ref() == Some(asset));
                let quote = quote.clone().or_else(from_name);
                Label { asset: asset.clone(), quote, role }
            }
            (None, Some(asset)) => {
                Label { asset: asset.clone(), quote: self.facts.quote.clone(), role }
            }
            (None, None) => Label {
                asset: self.own_name().to_uppercase(),
                quote: self.facts.quote.clone(),
                role,
            },
        }
    }

    /// Label of a table: a pair in the name, else the name without dates.
    pub fn table_label(&self, role: Role) -> Label {
        let is_pair = self.facts.asset.is_some() && self.facts.quote.is_some();
        if self.options.asset.is_some() || is_pair {
            return self.label(None, role);
        }
        let role = self.options.role.unwrap_or(role);
        Label { asset: self.own_name(), quote: None, role }
    }

    /// The file's name without folders, dates and endings.
    fn own_name(&self) -> String {
        let stem = &self.facts.stem;
        let file = stem.rsplit('/').find(|part| !part.starts_with('.')).unwrap_or(stem);
        let file = file.split('.').next().unwrap_or(file).trim();
        if file.is_empty() { "unnamed".to_owned() } else { file.to_owned() }
    }

    /// Heading of a series or table of this member.
    pub fn heading(&self, label: Label, layout: &'static str) -> Heading<'a> {
        let is_one = self.options.asset.is_some();
        let stem = if is_one { String::new() } else { self.facts.stem.clone() };
        Heading { member: self.name, stem, label, layout }
    }

    /// Takes over what the name states; a series of several members keeps what all of them state.
    pub fn state(&self, series: &mut RawSeries) {
        let is_first = series.rows.members.len() <= 1;
        let interval_ms = self.facts.interval_ms;
        if is_first {
            series.stated_interval_ms = interval_ms;
            series.stated_span_ms = self.facts.span_ms;
            return;
        }
        series.stated_interval_ms = series.stated_interval_ms.filter(|ms| Some(*ms) == interval_ms);
        let both = series.stated_span_ms.zip(self.facts.span_ms);
        series.stated_span_ms = both.map(|(a, b)| (a.0.min(b.0), a.1.max(b.1)));
    }

    /// A fault of this member.
    pub fn fault(&self, problem: impl std::fmt::Display, remedy: &str) -> HistoryError {
        HistoryError::new(self.origin, problem, remedy)
    }

    /// Refuses a row beyond the limit.
    pub fn check_rows(&self, n_rows: usize) -> Result<(), HistoryError> {
        if n_rows < ROWS_MAX {
            return Ok(());
        }
        Err(self
            .fault(format!("more than {ROWS_MAX} rows in one series"), "split the file by time"))
    }

    /// Refuses a member in which there was no row.
    pub fn check_any(&self, n_rows: u64) -> Result<(), HistoryError> {
        if n_rows > 0 {
            return Ok(());
        }
        Err(self.fault("there is no row in it", "leave the file out, or fetch it anew"))
    }
}

/// The name's quote, if it is about the asset that the caller names.
fn asset_quote(asset: &str, facts: &NameFacts) -> Option<String> {
    facts.quote.clone().filter(|_| facts.asset.as_deref() == Some(canonical(asset).as_str()))
}

/// Adds a remark that is not there yet; of very many the rest is left out.
pub(super) fn remark(remarks: &mut Vec<String>, text: &str) {
    let is_full = remarks.len() >= REMARKS_MAX;
    if !is_full && !remarks.iter().any(|other| other == text) {
        remarks.push(text.to_owned());
    }
}
