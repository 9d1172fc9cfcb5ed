//! Parts of a JSON text on their way into a table: rows of arrays, and values beside them.

use std::cell::Cell as Slot;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::json_input::Scalar;
use super::json_rows::{FlatRow, FlatValue, joined};
use super::json_table::Table;

/// A part of the text: what stands under `path`.
pub(super) struct Part<'a, 'g, 'l> {
    pub path: String,
    pub table: &'a mut Table<'g, 'l>,
}

impl Part<'_, '_, '_> {
    fn keep<E: Error>(self, cell: Scalar<'static>) -> Result<(), E> {
        let name = if self.path.is_empty() { "value".to_owned() } else { self.path };
        self.table.keep_value(name, cell).map_err(|fault| {
            self.table.fault = Some(fault);
            E::custom("too many values")
        })
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.keep(Scalar::Text(if value { "true" } else { "false" }.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.keep(Scalar::Whole(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.keep(Scalar::Number(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.keep(Scalar::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.keep(Scalar::Text(value.to_owned().into()))
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.keep(Scalar::Blank)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(key) = entries.next_key::<String>()? {
            let path = joined(&self.path, &key)?;
            entries.next_value_seed(Part { path, table: &mut *self.table })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let key = Some(self.path.as_str()).filter(|path| !path.is_empty());
        let mut row = FlatRow::default();
        let mut n = 0_usize;
        let mut taken = false;
        let mut is_list = key.is_some();
        loop {
            row.cells.clear();
            row.is_object = false;
            let by_line = self.table.line;
            let entry = Located { row: &mut row, line: by_line };
            let Some(line) = rows.next_element_seed(entry)? else { break };
            n += 1;
            if n == 1 {
                taken = (row.is_object || key.is_none()) && self.table.takes(&row);
                self.table.n_keys += u64::from(taken && key.is_some());
                is_list = !row.is_object && key.is_some();
                if !taken && !is_list {
                    self.table.left_out.push(self.path.clone());
                }
            }
            if taken {
                let line = line.unwrap_or_else(|| self.table.here());
                let added = self.table.add(key, &row, line);
                added.map_err(|fault| {
                    self.table.fault = Some(fault);
                    A::Error::custom("the table is too large")
                })?;
            }
        }
        // A list of no objects is one value.
        if is_list { self.keep(Scalar::List(n)) } else { Ok(()) }
    }
}

/// A row and the line that it begins in.
struct Located<'a, 'l> {
    row: &'a mut FlatRow,
    line: Option<&'l Slot<u32>>,
}

impl<'de> DeserializeSeed<'de> for Located<'_, '_> {
    type Value = Option<u32>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<u32>, D::Error> {
        // The reader is one byte ahead at most, so that this is the line of the opening brace.
        let line = self.line.map(Slot::get);
        FlatValue { name: String::new(), row: self.row }.deserialize(deserializer)?;
        Ok(line)
    }
}
