//! Columns of volumes: which is in the base asset and which in the quote.

use super::label::symbol_of;
use super::name_words::{canonical, quote_of};
use super::plan::Source;
use super::sheet::Sheet;
use crate::data::raw::Meaning;

/// What a column's name says of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Base,
    Quote,
    /// `volume` and nothing else.
    Unsaid,
}

/// At most one volume in the base asset and one in the quote, in this order. `asset` is what the
/// file's name says; a column of symbols says it better.
pub(super) fn volumes(sheet: &Sheet, asset: Option<&str>, symbol: Option<usize>) -> Vec<Source> {
    let written = symbol.and_then(|at| sheet.cells(at).next());
    let written = written.map(|cell| symbol_of(&String::from_utf8_lossy(cell)).0);
    let asset = written.as_deref().or(asset);
    let units: Vec<(usize, Unit)> = (0..sheet.keys.len())
        .filter_map(|at| Some((at, unit_of(&sheet.keys[at], asset)?)))
        .collect();
    let first = |unit: Unit| units.iter().find(|(_, other)| *other == unit).map(|(at, _)| *at);
    let (base, quote, unsaid) = (first(Unit::Base), first(Unit::Quote), first(Unit::Unsaid));
    // Coinbase writes `volume_btc,volume`: beside a volume in the base, the other is in the quote.
    let quote = quote.or(base.and(unsaid));
    let base = base.or(unsaid);
    let source =
        |meaning, at: Option<usize>| at.map(|at| Source::new(meaning, &sheet.name(at), at));
    source(Meaning::Volume, base).into_iter().chain(source(Meaning::QuoteVolume, quote)).collect()
}

/// The unit of a column by its key; `None` if it is no volume.
fn unit_of(key: &str, asset: Option<&str>) -> Option<Unit> {
    match key {
        "volume" | "vol" | "v" => return Some(Unit::Unsaid),
        "basevolume" | "volumebase" | "volumefrom" => return Some(Unit::Base),
        "quotevolume" | "quoteassetvolume" | "volumequote" | "volumecurrency" | "volumeto"
        | "turnover" => return Some(Unit::Quote),
        _ => {}
    }
    let named = canonical(key.strip_prefix("volume")?);
    if asset == Some(named.as_str()) {
        return Some(Unit::Base);
    }
    if quote_of(&named)
        .is_some_and(|quote| asset.is_some() || !matches!(quote.as_str(), "BTC" | "ETH"))
    {
        return Some(Unit::Quote);
    }
    // Another asset's name, or that of a token; not such as `volume_change`.
    super::name_words::is_known_asset(&named).then_some(Unit::Base)
}
