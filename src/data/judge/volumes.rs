//! Volumes in base and quote that have changed places, and bars without volume.
//!
//! What was paid, divided by what was bought, is the mean price and lies between low and high. In
//! a row of which only the inverse does, the volumes have changed places; a hundredth is allowed
//! for rounding of small volumes. A price about 1 fits both ways: that is no sign.

use super::case::Case;
use super::log::Sights;
use super::words::{counted, iso};
use crate::data::finding::{Example, FindingKind};
use crate::data::raw::{Meaning, Shape};

/// Judges and exchanges swapped volumes.
pub(super) fn swapped(case: &mut Case<'_>) {
    let at = |meaning| case.columns.iter().position(|column| column.meaning == meaning);
    let (Some(base), Some(quote)) = (at(Meaning::Volume), at(Meaning::QuoteVolume)) else {
        return;
    };
    if case.shape == Shape::Series {
        return;
    }
    let mut sights = Sights::default();
    let mut rows: Vec<u32> = Vec::new();
    let mut span: Option<(i64, i64)> = None;
    for row in 0..case.len() {
        let (b, q) = (case.columns[base].values[row], case.columns[quote].values[row]);
        let [_, high, low, _] = case.bar(row);
        let is_price = |ratio: f64| ratio >= low * 0.99 && ratio <= high * 1.01;
        if case.bad[row] || !(b > 0.0 && q > 0.0) || is_price(q / b) || !is_price(b / q) {
            continue;
        }
        let time = case.stamps.time[row];
        rows.push(row as u32);
        span = Some(span.map_or((time, time), |(a, z)| (a.min(time), z.max(time))));
        sights.row(
            || case.stamps.place(row),
            time,
            || {
                let [base, quote] = [base, quote].map(|at| &case.columns[at].name);
                format!("{base} = {b}, {quote} = {q} at a price of {low} to {high}")
            },
        );
    }
    let Some((first, last)) = span else { return };
    let rows_text = counted(sights.count, "row");
    let have = if sights.count == 1 { "has" } else { "have" };
    let summary = format!(
        "{rows_text} from {} to {} {have} the volumes in base and quote exchanged",
        iso(first),
        iso(last)
    );
    // Exchanged in any case, so that later checks see volumes of one kind; if that was neither
    // told nor accepted, nothing is handed over.
    if case.repair.swap_volumes {
        case.repairs.volumes_swapped += sights.count;
        let summary = format!("{summary}: put right");
        case.log.mended(FindingKind::SwappedVolumes, sights, summary);
    } else {
        case.log.fault(FindingKind::SwappedVolumes, sights, summary, "--swap-volumes");
        if case.log.accepts(FindingKind::SwappedVolumes) {
            return;
        }
    }
    for row in rows {
        let row = row as usize;
        let kept = case.columns[base].values[row];
        case.columns[base].values[row] = case.columns[quote].values[row];
        case.columns[quote].values[row] = kept;
    }
}

/// Fewest flat bars that are worth a word: a few come by themselves.
const FLAT_MIN: u64 = 3;

/// Notes of bars without volume, and of flat ones among them.
pub(super) fn empty(case: &mut Case<'_>) {
    let Some(volumes) = case.values(Meaning::Volume) else { return };
    let n_rows = volumes.len() as u64;
    let mut none = Sights::default();
    let mut flat = Sights::default();
    for (row, _) in volumes.iter().enumerate().filter(|(_, volume)| **volume == 0.0) {
        let time = case.stamps.time[row];
        let [open, high, low, close] = case.bar(row);
        none.row(|| case.stamps.place(row), time, || "volume 0".to_owned());
        if case.shape == Shape::Bars && open == high && high == low && low == close {
            flat.row(|| case.stamps.place(row), time, || format!("{close} throughout, volume 0"));
        }
    }
    if none.count == 0 {
        return;
    }
    if none.count == n_rows {
        let sights = Sights { examples: Vec::<Example>::new(), marks: Vec::new(), ..none };
        let summary = "the volume of every bar is 0".to_owned();
        case.log.note(FindingKind::ZeroVolume, sights, summary);
        return;
    }
    let summary = format!("{} of {n_rows} without volume", counted(none.count, "bar"));
    case.log.note(FindingKind::ZeroVolume, none, summary);
    if flat.count >= FLAT_MIN {
        let summary = format!(
            "{} of {n_rows} flat and without volume, as if filled in",
            counted(flat.count, "bar")
        );
        case.log.note(FindingKind::FilledBars, flat, summary);
    }
}
