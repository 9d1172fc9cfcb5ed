//! Cells of JSON arrays: times and prices, as numbers or as texts.

use std::fmt;

use serde::de::{DeserializeSeed, Visitor};

use super::cells::{Cell, read_cell};
use super::stamps::Stamp;
use crate::prices::history::TimeUnit;

/// A time as number or text.
pub(super) struct TimeCell(pub TimeUnit);

/// A price as number or text.
pub(super) struct NumberCell;

macro_rules! cell_seed {
    ($seed:ty, $value:ty) => {
        impl<'de> DeserializeSeed<'de> for $seed {
            type Value = $value;

            fn deserialize<D>(self, deserializer: D) -> Result<$value, D::Error>
            where
                D: serde::Deserializer<'de>,
            {
                deserializer.deserialize_any(self)
            }
        }
    };
}

cell_seed!(TimeCell, Stamp);
cell_seed!(NumberCell, Cell);

impl<'de> Visitor<'de> for TimeCell {
    type Value = Stamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time")
    }

    fn visit_i64<E>(self, value: i64) -> Result<Stamp, E> {
        Ok(Stamp::of_number(value, self.0))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Stamp, E> {
        let value = i64::try_from(value);
        Ok(value.map_or(Stamp::UNREADABLE, |value| Stamp::of_number(value, self.0)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Stamp, E> {
        Ok(Stamp::read(value.to_string().as_bytes(), self.0))
    }

    fn visit_str<E>(self, text: &str) -> Result<Stamp, E> {
        Ok(Stamp::read(text.as_bytes(), self.0))
    }

    fn visit_unit<E>(self) -> Result<Stamp, E> {
        Ok(Stamp::UNREADABLE)
    }
}

impl<'de> Visitor<'de> for NumberCell {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E>(self, value: i64) -> Result<Cell, E> {
        Ok(Cell::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Cell, E> {
        Ok(Cell::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Cell, E> {
        Ok(if value.is_finite() { Cell::Number(value) } else { Cell::Odd })
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
        Ok(read_cell(text.as_bytes()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Cell, E> {
        Ok(Cell::Odd)
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::Blank)
    }
}
