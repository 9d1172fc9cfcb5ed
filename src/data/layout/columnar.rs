//! What a columnar file's columns become: series of the usual names, or what freqtrade means.
//!
//! freqtrade names its files `BTC_USDT_USDT-5m-futures.feather`: pair, interval, kind. Each has
//! the columns date, open, high, low, close and volume, whatever the kind:
//!
//! | kind                       | read as                    | the rest        |
//! |----------------------------|----------------------------|-----------------|
//! | none, `futures`            | bars                       |                 |
//! | `mark`                     | bars of the mark price     | volume is 0     |
//! | `funding_rate`             | funding rates: column open | the others are 0|
//! | `index`, `premiumIndex`    | values: column close       | left out        |

use super::choose::{Choice, Field, Output, choose, told_left_out};
use super::context::Context;
use super::filler::{Filler, Target};
use crate::data::raw::{Meaning, Role, Shape};
use crate::prices::history::HistoryError;

/// How to read a file's columns.
pub(super) struct Plans {
    /// Place of the column of times.
    pub time: usize,
    /// Whether freqtrade wrote it.
    pub freqtrade: bool,
    pub series: Vec<Plan>,
}

/// What to do with one series of the file.
pub(super) struct Plan {
    pub output: Output,
    /// Columns that should hold nothing but zeros.
    pub zeros: Vec<usize>,
    remarks: Vec<String>,
}

impl Plans {
    /// By names of columns and file.
    pub fn of(fields: &[Field], context: &Context<'_>) -> Result<Self, Vec<HistoryError>> {
        let plain = choose(fields, context)?;
        let time = plain.time;
        if let Some(plan) = freqtrade(fields, &plain, context) {
            return Ok(Self { time, freqtrade: true, series: vec![plan] });
        }
        let mut said = told_left_out(fields, &plain.left_out);
        let plan =
            |output| Plan { output, zeros: Vec::new(), remarks: said.take().into_iter().collect() };
        let series = plain.outputs.into_iter().map(plan).collect();
        Ok(Self { time, freqtrade: false, series })
    }
}

impl Plan {
    /// Where the rows go.
    pub fn target<'a>(
        &self,
        context: &'a Context<'a>,
        layout: &'static str,
        fields: &'a [Field],
    ) -> Target<'a> {
        let Output { role, shape, columns } = &self.output;
        let named = |&(meaning, at): &(Meaning, usize)| (meaning, fields[at].name.as_str());
        let columns = columns.iter().map(named).collect();
        Target { context, layout, role: *role, shape: *shape, columns }
    }

    /// What is to be said once all is read: `odd` cells that should have been 0 were not, and the
    /// times were of a type that names no zone.
    pub fn remark(&self, filler: &mut Filler<'_>, odd: u64, naive: bool) {
        for remark in &self.remarks {
            filler.remark(remark);
        }
        if odd > 0 {
            filler.remark(&format!("the columns left out should be 0, but in {odd} cells are not"));
        }
        if naive {
            filler.name_no_zone();
        }
    }
}

/// The plan of a file that freqtrade wrote, unless the caller names the columns.
fn freqtrade(fields: &[Field], choice: &Choice, context: &Context<'_>) -> Option<Plan> {
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let usual = names == ["date", "open", "high", "low", "close", "volume"];
    if !usual || !context.options.columns.is_empty() {
        return None;
    }
    let kind = kind_of(context)?;
    let [bars] = choice.outputs.as_slice() else { return None };
    let series =
        |role, at| Output { role, shape: Shape::Series, columns: vec![(Meaning::Value, at)] };
    let (output, zeros, remark) = match context.options.role.unwrap_or(kind) {
        Role::Funding => (series(Role::Funding, 1), vec![2, 3, 4, 5], "the rate is in column open"),
        Role::Mark => {
            let columns = bars.columns[..4].to_vec();
            let output = Output { role: Role::Mark, columns, ..*bars };
            (output, vec![5], "volume is left out: a mark price has none")
        }
        role if role.is_price() => (Output { role, ..bars.clone() }, Vec::new(), ""),
        role => (series(role, 4), Vec::new(), "only column close is read"),
    };
    let remarks = Some(remark).filter(|text| !text.is_empty()).map(str::to_owned);
    Some(Plan { output, zeros, remarks: remarks.into_iter().collect() })
}

/// What a name of freqtrade's form says: pair, interval, perhaps kind.
fn kind_of(context: &Context<'_>) -> Option<Role> {
    let name = context.name.rsplit('/').next()?;
    let mut parts = name.split('.').next()?.split('-');
    let (pair, _interval, kind) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() || !pair.contains('_') || context.facts.interval_ms.is_none() {
        return None;
    }
    match kind {
        None | Some("futures" | "spot") => Some(Role::Last),
        Some("mark") => Some(Role::Mark),
        Some("funding_rate") => Some(Role::Funding),
        Some("index" | "premiumIndex") => Some(Role::Value),
        Some(_) => None,
    }
}
