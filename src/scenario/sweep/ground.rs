//! The document that is swept, and which of its fields may be.

use super::axis::Axis;
use crate::fields::{
    Document, Duration, Faults, Fraction, Instant, Leaf, Money, Place, Spot, Units, Value,
};

/// What axes and constraints are read against.
#[derive(Clone, Copy)]
pub(in crate::scenario) struct Ground<'d> {
    /// The scenario without any setting.
    pub document: Document<'d>,
    /// Its seed.
    pub seed: u64,
}

/// Tables and fields that no variant may change, and why.
const FIXED: [(&str, &str); 16] = [
    ("seed", "every variant sees the same paths: use --seed for all of them"),
    ("paths", "every variant sees the same paths: use --paths for all of them"),
    ("run", "span and checks are those of all variants"),
    ("preset", "it only sets defaults of other fields: sweep those"),
    ("name", "variants have names of their own"),
    ("question", "it changes no result"),
    ("report", "it changes no result"),
    ("nulls", "null policies do not run in a sweep: compare with variants instead"),
    ("null_policies", "null policies do not run in a sweep: compare with variants instead"),
    ("other_models", "a sweep runs on [prices] alone: sweep prices.… instead"),
    ("risk", "its figures are not made in a sweep"),
    ("stress", "it is not run in a sweep: sweep prices.shocks.… instead"),
    ("sweep", "a sweep does not change itself"),
    ("compare", "it is no part of what runs"),
    ("objective", "it is no part of what runs"),
    ("tune", "it is no part of what runs"),
];

impl<'d> Ground<'d> {
    /// The place of a field that varies; `None` where it does not exist or may not vary.
    pub fn varied(&self, path: &str, spot: &Spot, faults: &mut Faults) -> Option<Place<'d>> {
        let root = path.split('.').next().unwrap_or_default();
        if let Some((_, why)) = FIXED.iter().find(|(name, _)| *name == root) {
            faults.error(spot, format!("{path} cannot be varied"), *why);
            return None;
        }
        self.place(path, spot, faults)
    }

    /// The place of a field.
    pub fn place(&self, path: &str, spot: &Spot, faults: &mut Faults) -> Option<Place<'d>> {
        match self.document.place(path) {
            Ok(place) => Some(place),
            Err((problem, help)) => {
                faults.error(spot, problem, help);
                None
            }
        }
    }
}

/// Where a field has its value from at a point.
pub(super) enum Origin<'d> {
    /// It is an axis, or inherits from one.
    Axis(usize),
    /// It lies in a table that is an axis as a whole.
    Within(usize),
    /// It has the same value at every point.
    Value(&'d Value),
    /// It has none that stands in the document or its declaration.
    None,
}

impl<'d> Ground<'d> {
    /// Where the field at a place has its value from.
    pub(super) fn origin(&self, place: &Place<'d>, axes: &[Axis]) -> Origin<'d> {
        let written_at = place.node.map(|node| node.spot.path.clone());
        let inherited = written_at.or_else(|| inherited_from(&place.path));
        for path in std::iter::once(place.path.clone()).chain(inherited) {
            if let Some(axis) = axes.iter().position(|axis| axis.place == path) {
                return Origin::Axis(axis);
            }
            if let Some(axis) = axes.iter().position(|axis| lies_in(&path, &axis.place)) {
                return Origin::Within(axis);
            }
        }
        match place.node.map(|node| &node.value).or(place.default) {
            Some(value) => Origin::Value(value),
            None => Origin::None,
        }
    }
}

/// Whether a field lies in a table, by their paths.
pub(super) fn lies_in(field: &str, table: &str) -> bool {
    field.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'))
}

/// The field that one takes its value from where nothing is written: of an agent's policy that of
/// all, of a market the default of all.
fn inherited_from(path: &str) -> Option<String> {
    let mut parts = path.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("agent"), Some(_), Some(rest)) if rest.starts_with("policy.") => {
            Some(rest.to_owned())
        }
        (Some("markets"), Some(_), Some(rest)) => Some(format!("exchange.defaults.{rest}")),
        _ => None,
    }
}

/// What numbers of a type mean: only those of one measure can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Numbers, whole numbers and fractions.
    Number,
    /// Amounts of USDC.
    Usdc,
    /// Durations, s.
    Seconds,
    /// Instants, ms since the epoch.
    Instant,
    /// Amounts of an asset.
    Units,
    /// No number.
    None,
}

impl Measure {
    /// That of what may be written at a place.
    pub fn of(place: &Place<'_>) -> Self {
        match place.kind().as_str() {
            <f64 as Leaf>::KIND | <u64 as Leaf>::KIND | Fraction::KIND => Self::Number,
            Money::KIND => Self::Usdc,
            Duration::KIND => Self::Seconds,
            Instant::KIND => Self::Instant,
            Units::KIND => Self::Units,
            _ => Self::None,
        }
    }

    /// Unit of its numbers; empty where they have none.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Usdc => "USDC",
            Self::Seconds => "s",
            Self::Instant => "ms",
            Self::Number | Self::Units | Self::None => "",
        }
    }

    /// In words, for messages.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Usdc => "an amount of USDC",
            Self::Seconds => "a duration",
            Self::Instant => "a date",
            Self::Units => "an amount of an asset",
            Self::None => "no number",
        }
    }

    /// The number of what a leaf measures: durations measure milliseconds.
    pub fn number(self, measured: f64) -> f64 {
        if self == Self::Seconds { measured / 1_000.0 } else { measured }
    }
}
