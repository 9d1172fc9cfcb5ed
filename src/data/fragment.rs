//! The prices and the funding of a scenario, naming the files of an import.

use std::fmt::Write;

use super::judged::{Clean, Judged};
use super::raw::Role;
use crate::fields::Duration;
use crate::prices::history::Bars;

/// A fragment of a scenario (TOML) with names of files in its own folder; `None` where there is
/// neither a price nor a funding rate.
pub(super) fn fragment(series: &[Judged]) -> Option<String> {
    let mut text = String::from(
        "# A part of a scenario: paste it there. Names of files are relative to the scenario's own\n\
         # folder, so keep it beside these files or put the folder before them.\n",
    );
    let empty = text.len();
    let mut assets: Vec<&str> = Vec::new();
    for judged in series {
        let label = &judged.facts.label;
        let prices = matches!(label.role, Role::Last | Role::Mark) && bars(judged).is_some();
        if prices && !assets.contains(&label.asset.as_str()) {
            assets.push(&label.asset);
        }
    }
    // To a String: writing cannot fail.
    if !assets.is_empty() {
        let _ = writeln!(text, "\n[prices]\nmodel = \"history\"");
    }
    for asset in &assets {
        price_of(&mut text, asset, series);
    }
    for judged in series.iter().filter(|judged| judged.facts.label.role == Role::Funding) {
        let label = &judged.facts.label;
        if matches!(judged.clean, Some(Clean::Series(_))) {
            let asset = &label.asset;
            let _ = writeln!(text, "\n[markets.{asset}-PERP]\nasset = \"{asset}\"");
            let _ = writeln!(text, "funding = {{ file = \"{label}.parquet\" }}");
        }
    }
    (text.len() > empty).then_some(text)
}

fn price_of(text: &mut String, asset: &str, series: &[Judged]) {
    let find = |role: Role| {
        let mut found = series.iter().filter(|judged| judged.facts.label.role == role);
        found.find(|judged| judged.facts.label.asset == asset).and_then(bars)
    };
    let (last, mark) = (find(Role::Last), find(Role::Mark));
    let _ = writeln!(text, "\n[prices.assets.{asset}]");
    let (name, main) = match (last, mark) {
        (Some(last), _) => ("last", last),
        (None, Some(mark)) => ("mark", mark),
        (None, None) => return,
    };
    let _ = writeln!(text, "file = \"{asset}.{name}.parquet\"");
    if let (Some(last), Some(mark)) = (last, mark) {
        let of = |bars: &Bars| Duration { ms: bars.interval_ms };
        if last.interval_ms == mark.interval_ms {
            let _ = writeln!(text, "mark_file = \"{asset}.mark.parquet\"");
        } else {
            let _ = writeln!(
                text,
                "# {asset}.mark.parquet has bars of {}, this one of {}: a scenario takes one \
                 length.\n# `drypowder data import --mark-from` makes marks in the shorter bars.",
                of(mark),
                of(last)
            );
        }
    }
    if main.close_only {
        let _ = writeln!(text, "kind = \"close\"");
    }
}

fn bars(judged: &Judged) -> Option<&Bars> {
    match &judged.clean {
        Some(Clean::Bars(bars)) => Some(bars),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::testing::judged_bars;

    fn with_role(asset: &str, interval_ms: i64, role: Role) -> Judged {
        let mut judged = judged_bars(asset, interval_ms, &[0, 1]);
        judged.facts.label.role = role;
        judged
    }

    #[test]
    fn prices_and_marks_stand_together() {
        let series = [
            with_role("BTC", 60_000, Role::Last),
            with_role("BTC", 60_000, Role::Mark),
            with_role("ETH", 60_000, Role::Last),
            with_role("ETH", 3_600_000, Role::Mark),
        ];
        let text = fragment(&series).unwrap();
        let table: toml::Table = text.parse().unwrap();
        let asset = |name: &str| table["prices"]["assets"][name].as_table().unwrap().clone();
        assert_eq!(asset("BTC")["file"].as_str(), Some("BTC.last.parquet"));
        assert_eq!(asset("BTC")["mark_file"].as_str(), Some("BTC.mark.parquet"));
        assert!(!asset("ETH").contains_key("mark_file"));
        assert!(text.contains("ETH.mark.parquet has bars of 1h, this one of 1m"), "{text}");
        assert_eq!(fragment(&[with_role("BTC", 1, Role::Events)]), None);
    }
}
