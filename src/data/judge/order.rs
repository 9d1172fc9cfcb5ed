//! Rows that are older than the row before them.
//!
//! Members come sorted by name, which need not be their order in time. If rows run oldest first
//! inside each member and the members do not overlap, nothing is wrong with any file: they are
//! taken in order of time, and a note says so.

use super::log::{Log, Sights};
use super::stamps::Stamps;
use super::words::{counted, iso};
use crate::data::finding::FindingKind;
use crate::data::options::RepairOptions;
use crate::prices::history::Repairs;

/// How the rows of a series or table stand to each other, in the order of the files.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// Steps back and forth between neighbours of one member.
    back: u64,
    forth: u64,
    /// Steps back from one member to the next.
    between: u64,
    overlap: bool,
    back_sights: Sights,
    forth_sights: Sights,
}

/// Looks at the steps between neighbours; every time is readable.
pub(super) fn measure(stamps: &Stamps) -> Order {
    let mut order = Order::default();
    let mut last_end: Option<i64> = None;
    let mut spans: Vec<(i64, i64)> = Vec::new();
    let times = &stamps.time;
    for (_, range) in stamps.by_member() {
        let Some(&first) = times.get(range.clone()).and_then(<[i64]>::first) else { continue };
        order.between += u64::from(last_end.is_some_and(|end| first < end));
        let mut span = (first, first);
        for at in range.start + 1..range.end {
            let (before, now) = (times[at - 1], times[at]);
            let text = || format!("{} after {}", iso(now), iso(before));
            if now < before {
                order.back_sights.row(|| stamps.place(at), now, text);
            } else if now > before {
                order.forth_sights.row(|| stamps.place(at), now, text);
            }
            span = (span.0.min(now), span.1.max(now));
        }
        last_end = times[range].last().copied();
        spans.push(span);
    }
    spans.sort_unstable();
    order.overlap = spans.windows(2).any(|w| w[1].0 < w[0].1);
    (order.back, order.forth) = (order.back_sights.count, order.forth_sights.count);
    order
}

impl Order {
    fn newest_first(&self) -> bool {
        self.back > self.forth && self.back > 1
    }

    /// Rows older than the row before them.
    pub fn n_back(&self) -> u64 {
        self.back + self.between
    }

    /// Names the disorder, if there is any.
    pub fn tell(self, repair: &RepairOptions, log: &mut Log<'_>, repairs: &mut Repairs) {
        let n_back = self.n_back();
        if n_back == 0 {
            return;
        }
        if self.back == 0 && !self.overlap {
            let summary = "the files are not in order of time by name; taken in order of time";
            log.note(FindingKind::Remark, Sights::of(self.between), summary.to_owned());
            return;
        }
        let (sights, summary) = if self.newest_first() {
            let rows = self.forth;
            let sights = Sights { count: n_back, ..self.forth_sights };
            let but = match rows {
                0 => String::new(),
                rows => format!(", with {} out of order", counted(rows, "row")),
            };
            (sights, format!("newest first{but}"))
        } else {
            let be = if n_back == 1 { "is" } else { "are" };
            let mut summary = format!("{} {be} older than the row before", counted(n_back, "row"));
            if self.between > 0 {
                summary += &format!(", {} of them the first of its file", self.between);
            }
            (Sights { count: n_back, ..self.back_sights }, summary)
        };
        if repair.sort {
            repairs.rows_sorted += n_back;
            log.mended(FindingKind::Disorder, sights, format!("{summary}: sorted by time"));
        } else {
            log.fatal(FindingKind::Disorder, sights, summary, "--sort");
        }
    }
}

/// The order by time, rows of one time as they stand; `None` if that is how they stand.
pub(super) fn by_time(times: &[i64]) -> Option<Vec<u32>> {
    if times.is_sorted() {
        return None;
    }
    let mut order: Vec<u32> = (0..times.len() as u32).collect();
    if times.is_sorted_by(|a, b| a > b) {
        order.reverse();
    } else {
        order.sort_by_key(|&at| times[at as usize]);
    }
    Some(order)
}
