//! JSON objects flattened to rows: `{"a":1,"b":{"c":2}}` has the cells `a` and `b.c`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::grid::{COLUMNS_MAX, Content};
use super::json_input::Scalar;
use super::stamps::Stamp;
use crate::prices::history::TimeUnit;

/// Longest name of a cell, in bytes.
const NAME_MAX: usize = 1_024;

/// Cells of one object, in its order.
#[derive(Debug, Default)]
pub(super) struct FlatRow {
    pub cells: Vec<(String, Scalar<'static>)>,
    /// Whether it was an object.
    pub is_object: bool,
}

impl FlatRow {
    /// The cell of this name.
    pub fn get(&self, name: &str) -> Option<&Scalar<'static>> {
        self.cells.iter().find(|(other, _)| other == name).map(|(_, cell)| cell)
    }

    /// The names in order.
    pub fn names(&self) -> Vec<&str> {
        self.cells.iter().map(|(name, _)| name.as_str()).collect()
    }
}

impl Scalar<'_> {
    /// As a cell of a table; lists and objects are blank there.
    pub fn content(&self) -> Content<'_> {
        match self {
            Self::Number(number) => Content::Number(*number),
            Self::Whole(whole) => Content::Number(*whole as f64),
            Self::Text(text) => Content::Text(text.as_bytes()),
            Self::Blank | Self::List(_) | Self::Object => Content::Blank,
        }
    }

    /// As a time.
    pub fn stamp(&self, unit: TimeUnit) -> Stamp {
        match self {
            Self::Whole(whole) => Stamp::of_number(*whole, unit),
            Self::Number(number) => Stamp::read(number.to_string().as_bytes(), unit),
            Self::Text(text) => Stamp::read(text.as_bytes(), unit),
            Self::Blank | Self::List(_) | Self::Object => Stamp::UNREADABLE,
        }
    }

    /// Word for word, as far as JSON tells numbers apart.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Whole(whole) => Cow::Owned(whole.to_string()),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Blank | Self::List(_) | Self::Object => Cow::Borrowed(""),
        }
    }
}

/// Reads one value into a row. Without a name it is the row itself, and the entries of a list are
/// cells named `1`, `2`, ….
pub(super) struct FlatValue<'a> {
    pub name: String,
    pub row: &'a mut FlatRow,
}

impl FlatValue<'_> {
    fn push<E: Error>(self, cell: Scalar<'static>) -> Result<(), E> {
        if self.row.cells.len() >= COLUMNS_MAX {
            return Err(E::custom(format!("an object of more than {COLUMNS_MAX} values")));
        }
        let name = if self.name.is_empty() { "value".to_owned() } else { self.name };
        self.row.cells.push((name, cell));
        Ok(())
    }
}

/// `a` and `b` as `a.b`.
///
/// # Errors
/// If that is too long.
pub(super) fn joined<E: Error>(outer: &str, inner: &str) -> Result<String, E> {
    if outer.len() + inner.len() > NAME_MAX {
        return Err(E::custom(format!("a name of more than {NAME_MAX} bytes")));
    }
    Ok(if outer.is_empty() { inner.to_owned() } else { format!("{outer}.{inner}") })
}

impl<'de> DeserializeSeed<'de> for FlatValue<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for FlatValue<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.push(Scalar::Text(Cow::Borrowed(if value { "true" } else { "false" })))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.push(Scalar::Whole(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.push(i64::try_from(value).map_or(Scalar::Number(value as f64), Scalar::Whole))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.push(Scalar::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.push(Scalar::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.push(Scalar::Blank)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut n = 0_usize;
        if self.name.is_empty() {
            loop {
                n += 1;
                let entry = FlatValue { name: n.to_string(), row: &mut *self.row };
                if entries.next_element_seed(entry)?.is_none() {
                    return Ok(());
                }
            }
        }
        while entries.next_element::<serde::de::IgnoredAny>()?.is_some() {
            n += 1;
        }
        self.push(Scalar::List(n))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.row.is_object |= self.name.is_empty();
        while let Some(key) = entries.next_key::<String>()? {
            let name = joined(&self.name, &key)?;
            entries.next_value_seed(FlatValue { name, row: &mut *self.row })?;
        }
        Ok(())
    }
}
