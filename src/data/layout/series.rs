//! Reads lines of fields into series, as a [`Plan`] says.

use std::collections::BTreeMap;

use super::cells::shown;
use super::context::{Context, NAMELESS, remark};
use super::gather::Gather;
use super::label::symbol_of;
use super::lines::{Fields, Lines, is_blank};
use super::plan::{Output, Plan, Source};
use super::series_rows::{is_absent, push_row, tell_time};
use super::sheet::Sheet;
use super::stamps::{Stamp, is_ambiguous};
use crate::data::raw::{Meaning, RawSeries, Written};
use crate::prices::history::HistoryError;

const DAY_MS: i64 = 86_400_000;
/// Symbols that one member may hold.
const SYMBOLS_MAX: usize = 10_000;

/// Reads all rows of a member.
pub(super) fn read(
    lines: &mut Lines<'_>,
    sheet: &Sheet,
    plan: &Plan,
    context: &Context<'_>,
    gather: &mut Gather,
) -> Result<(), Vec<HistoryError>> {
    let mut reader = Reader::new(sheet, plan, context, gather).map_err(|error| vec![error])?;
    reader.read_rows(lines).map_err(|error| vec![error])?;
    reader.finish().map_err(|error| vec![error])
}

struct Reader<'a> {
    plan: &'a Plan,
    sheet: &'a Sheet,
    context: &'a Context<'a>,
    gather: &'a mut Gather,
    /// Of each symbol, one slot an output. A plan without symbols has one entry.
    slots: Vec<Vec<Slot>>,
    by_symbol: BTreeMap<Box<[u8]>, usize>,
    /// Symbol of the last row and its entry, for rows mostly come in runs.
    last: (Vec<u8>, usize),
    n_rows: u64,
    /// Rows whose two times disagree, and the line of the first.
    disagree: (u64, u32),
    ambiguous: Option<(u64, String)>,
}

/// Where rows of one output and symbol go.
struct Slot {
    asset: Option<(String, Option<String>)>,
    /// Index in [`Gather`], from the first row on.
    series: Option<usize>,
    /// Rows before the asset was listed.
    n_before: u64,
    listed: bool,
}

impl<'a> Reader<'a> {
    fn new(
        sheet: &'a Sheet,
        plan: &'a Plan,
        context: &'a Context<'a>,
        gather: &'a mut Gather,
    ) -> Result<Self, HistoryError> {
        check_overrides(plan, context)?;
        let mut reader = Self {
            plan,
            sheet,
            context,
            gather,
            slots: Vec::new(),
            by_symbol: BTreeMap::new(),
            last: (Vec::new(), 0),
            n_rows: 0,
            disagree: (0, 0),
            ambiguous: None,
        };
        if plan.symbol.is_none() {
            reader.add_symbol(b"")?;
        }
        Ok(reader)
    }

    fn read_rows(&mut self, lines: &mut Lines<'_>) -> Result<(), HistoryError> {
        let mut fields = Fields::default();
        while lines.next_line()? {
            if lines.number() < self.sheet.first_row || is_blank(lines.text()) {
                continue;
            }
            lines.split(self.sheet.delimiter, &mut fields);
            self.read_row(lines, &fields)?;
        }
        Ok(())
    }

    fn read_row(&mut self, lines: &Lines<'_>, fields: &Fields) -> Result<(), HistoryError> {
        self.n_rows += 1;
        let fits = fields.fits(self.sheet.width);
        let entry = match self.plan.symbol {
            Some(at) if fits => self.entry_of(lines.field(fields, at))?,
            Some(_) if self.slots.is_empty() => self.add_symbol(b"")?,
            Some(_) => self.last.1,
            None => 0,
        };
        let stamp = if fits { self.stamp(lines, fields) } else { Stamp::UNREADABLE };
        for at in 0..self.plan.outputs.len() {
            let output = &self.plan.outputs[at];
            let slot = &mut self.slots[entry][at];
            if output.from_listing && !slot.listed && fits {
                let is_cell = |source: &Source| !is_absent(lines.field(fields, source.at));
                slot.listed = output.columns.iter().any(is_cell);
                if !slot.listed {
                    slot.n_before += 1;
                    continue;
                }
            }
            let layout = self.plan.layout;
            let series = slot.series(output, layout, self.context, self.gather);
            self.context.check_rows(series.time.len())?;
            push_row(series, lines, fields, fits.then_some(output), stamp);
            if fits && stamp.written == Written::Unreadable {
                tell_time(series, lines.field(fields, self.plan.time.at), &self.plan.time.name);
            }
        }
        Ok(())
    }

    /// The row's time; counts those that the second column of times contradicts.
    fn stamp(&mut self, lines: &Lines<'_>, fields: &Fields) -> Stamp {
        let time = &self.plan.time;
        let text = lines.field(fields, time.at);
        let stamp = match time.midnight_ms {
            Some(midnight_ms) if text.len() < 9 => Stamp::of_day(text, midnight_ms),
            _ => Stamp::read(text, self.sheet.unit),
        };
        if stamp.written == Written::Unreadable && is_ambiguous(text) {
            self.ambiguous.get_or_insert_with(|| (0, shown(text))).0 += 1;
        }
        if let Some((at, _)) = &time.twin {
            let twin = Stamp::read(lines.field(fields, *at), self.sheet.unit);
            let both = stamp.written != Written::Unreadable && twin.written != Written::Unreadable;
            let day = |stamp: Stamp| stamp.ms.div_euclid(DAY_MS);
            let agree = match (stamp.written, twin.written) {
                (Written::Date, _) | (_, Written::Date) => day(stamp) == day(twin),
                _ => stamp.ms == twin.ms,
            };
            if both && !agree {
                let first = if self.disagree.0 == 0 { lines.number() } else { self.disagree.1 };
                self.disagree = (self.disagree.0 + 1, first);
            }
        }
        stamp
    }

    /// The slots of a symbol.
    fn entry_of(&mut self, symbol: &[u8]) -> Result<usize, HistoryError> {
        if !self.slots.is_empty() && self.last.0 == symbol {
            return Ok(self.last.1);
        }
        let entry = match self.by_symbol.get(symbol) {
            Some(&entry) => entry,
            None => self.add_symbol(symbol)?,
        };
        self.last = (symbol.to_vec(), entry);
        Ok(entry)
    }

    fn add_symbol(&mut self, symbol: &[u8]) -> Result<usize, HistoryError> {
        let context = self.context;
        let entry = self.slots.len();
        if entry >= SYMBOLS_MAX {
            let problem = format!("more than {SYMBOLS_MAX} symbols");
            return Err(context.fault(problem, "check which column holds the symbols"));
        }
        let written = std::str::from_utf8(symbol).ok().filter(|text| !text.is_empty());
        let asset = written.map(symbol_of);
        let other = self.slots.first().and_then(|slots| slots.first()?.asset.as_ref());
        if let (Some(told), Some((first, _)), Some((asset, _))) =
            (&context.options.asset, other, &asset)
            && first != asset
        {
            let problem = format!("it holds several assets, such as {first} and {asset}");
            return Err(context.fault(problem, "leave --asset out").of("asset", told));
        }
        let slot = |output: &Output| Slot {
            asset: output.asset.clone().or_else(|| asset.clone()),
            series: None,
            n_before: 0,
            listed: false,
        };
        self.slots.push(self.plan.outputs.iter().map(slot).collect());
        self.by_symbol.insert(symbol.into(), entry);
        Ok(entry)
    }

    /// Puts down what holds for the whole member.
    fn finish(self) -> Result<(), HistoryError> {
        self.context.check_any(self.n_rows)?;
        let mut remarks = self.plan.remarks.clone();
        if let ((n @ 1.., first), Some((_, twin))) = (self.disagree, &self.plan.time.twin) {
            let time = &self.plan.time.name;
            let where_first = format!("in {n} rows, the first in line {first}");
            remarks.push(format!(
                "{twin} says another time than {time} {where_first}: {time} is read"
            ));
        }
        if let Some((n, example)) = &self.ambiguous {
            let why = "do not say which number is the month; write them as 2018-11-25";
            remarks.push(format!("{n} dates such as {example:?} {why}"));
        }
        for slot in self.slots.iter().flatten() {
            let Some(series) = slot.series.map(|at| self.gather.opened(at)) else { continue };
            self.context.state(series);
            if self.context.is_nameless() && slot.asset.is_none() {
                remark(&mut series.remarks, NAMELESS);
            }
            for text in &remarks {
                remark(&mut series.remarks, text);
            }
            if slot.n_before > 0 {
                let since = series.time.first().map_or_else(String::new, |&ms| day_of(ms));
                let text =
                    format!("not listed before {since}: {} blank rows left out", slot.n_before);
                remark(&mut series.remarks, &text);
            }
        }
        Ok(())
    }
}

impl Slot {
    /// The series, which is begun with its first row.
    fn series<'g>(
        &mut self,
        output: &Output,
        layout: &'static str,
        context: &Context<'_>,
        gather: &'g mut Gather,
    ) -> &'g mut RawSeries {
        let at = *self.series.get_or_insert_with(|| {
            let heading = context.heading(context.label(self.asset.as_ref(), output.role), layout);
            let columns: Vec<(Meaning, &str)> =
                output.columns.iter().map(|source| (source.meaning, &*source.name)).collect();
            gather.begin_series(&heading, output.shape, &columns)
        });
        gather.opened(at)
    }
}

/// What the caller names must not make one series of several.
fn check_overrides(plan: &Plan, context: &Context<'_>) -> Result<(), HistoryError> {
    let [first, rest @ ..] = plan.outputs.as_slice() else { return Ok(()) };
    if let Some(role) = context.options.role.filter(|_| rest.iter().any(|o| o.role != first.role)) {
        let problem = format!("it holds several roles, such as {}", first.role.name());
        return Err(context.fault(problem, "leave --role out").of("role", role.name()));
    }
    match &context.options.asset {
        Some(asset) if rest.iter().any(|output| output.asset != first.asset) => {
            let problem = "it holds several assets side by side";
            Err(context.fault(problem, "leave --asset out").of("asset", asset))
        }
        _ => Ok(()),
    }
}

/// `2018-11-25`, for remarks.
fn day_of(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map_or_else(|_| "its first row".to_owned(), |time| time.strftime("%Y-%m-%d").to_string())
}
