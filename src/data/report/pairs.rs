//! How histories agree, as text.

use super::number::{count, grouped, length, plural};
use crate::data::compare::{Agreement, Pair, Side};
use crate::units::time::to_iso;

/// How each pair agrees.
pub fn pairs_text(pairs: &[Pair]) -> String {
    let mut text = String::new();
    for pair in pairs {
        let (what, more) = match &pair.agreement {
            Ok(found) => (found.verdict(), agreed(found)),
            Err(problem) => (format!("not compared: {problem}"), String::new()),
        };
        text.push_str(&format!("{} against {}: {what}\n{more}", pair.a, pair.b));
    }
    text
}

fn agreed(found: &Agreement) -> String {
    let mut lines = Vec::new();
    if let Some(side) = found.summed_up {
        let which = if side == Side::A { "first" } else { "second" };
        lines.push(format!("the {which} summed up to bars of {}", length(found.interval_ms)));
    }
    if let Some((first, last)) = found.common_span {
        let bars = plural(found.common_bars, "common bar");
        lines.push(format!("{bars}, {} to {}", to_iso(first), to_iso(last)));
        lines.push(format!(
            "prices equal to the last bit in {}, within 1e-9 in {}",
            count(found.equal_bits),
            count(found.equal_closely)
        ));
    }
    if found.only_in_a + found.only_in_b > 0 {
        let (a, b) = (count(found.only_in_a), count(found.only_in_b));
        lines.push(format!(
            "inside the common span {a} bars only in the first, {b} only in the second"
        ));
    }
    let differing = found.columns.iter().filter(|column| column.differing > 0);
    let columns: Vec<String> = differing
        .map(|column| {
            let by = grouped(column.greatest * 100.0, 4);
            format!("{} in {} by up to {by} %", column.name, count(column.differing))
        })
        .collect();
    if !columns.is_empty() {
        lines.push(format!("differing: {}", columns.join(", ")));
    }
    for one in &found.examples {
        lines.push(format!("  {}: {} {} and {}", to_iso(one.time), one.column, one.a, one.b));
    }
    if let Some(basis) = found.basis {
        lines.push(format!(
            "first over second close: {} bps on average, {} bps at most ({})",
            grouped(basis.mean_bps, 2),
            grouped(basis.max_bps, 1),
            to_iso(basis.max_time)
        ));
    }
    if let Some(lag) = found.lag {
        let bars = plural(lag.bars.unsigned_abs(), "bar");
        let where_ = match lag.bars {
            0 => "without shift".to_owned(),
            1.. => format!("with the second {bars} later"),
            _ => format!("with the second {bars} earlier"),
        };
        lines
            .push(format!("returns go together best {where_}: correlation {:.4}", lag.correlation));
    }
    if found.n_incomplete > 0 {
        lines.push(format!(
            "{} not compared, as the finer has a part only; the last:",
            plural(found.n_incomplete, "bar")
        ));
        for bar in &found.incomplete {
            let ratio = bar.volume_ratio.map_or_else(String::new, |ratio| {
                let short = if bar.is_cut_short() { ", so it was cut short as well" } else { "" };
                format!("; the longer bar has {} times their volume{short}", grouped(ratio, 3))
            });
            lines.push(format!("  {}: {} of {} bars{ratio}", to_iso(bar.time), bar.have, bar.of));
        }
    }
    lines.into_iter().map(|line| format!("  {line}\n")).collect()
}
