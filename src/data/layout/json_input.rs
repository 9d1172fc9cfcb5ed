//! JSON as a stream: bytes with a count of lines and a bound on what one value can be.

use std::borrow::Cow;
use std::cell::Cell as Slot;
use std::fmt;
use std::io::{self, BufRead, Read};

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::context::Context;
use crate::prices::history::HistoryError;

/// Longest text within JSON, in bytes.
const TEXT_MAX: usize = 1 << 20;

/// Gives serde one byte after another and counts lines as it goes.
pub(super) struct JsonInput<'r> {
    input: &'r mut dyn BufRead,
    /// Number of the line that the last byte given stands in.
    line: &'r Slot<u32>,
    buffer: Vec<u8>,
    at: usize,
    in_text: bool,
    escaped: bool,
    text_length: usize,
}

impl<'r> JsonInput<'r> {
    /// `line` is kept up to date; it should start at 1. A byte order mark is passed over.
    pub fn new(input: &'r mut dyn BufRead, line: &'r Slot<u32>) -> io::Result<Self> {
        let marked = input.fill_buf()?.starts_with(b"\xEF\xBB\xBF");
        input.consume(if marked { 3 } else { 0 });
        let buffer = Vec::with_capacity(1 << 16);
        Ok(Self { input, line, buffer, at: 0, in_text: false, escaped: false, text_length: 0 })
    }

    fn refill(&mut self) -> io::Result<()> {
        self.buffer.clear();
        self.at = 0;
        let bytes = self.input.fill_buf()?;
        let n = bytes.len().min(1 << 16);
        self.buffer.extend_from_slice(&bytes[..n]);
        self.input.consume(n);
        Ok(())
    }

    fn note(&mut self, byte: u8) -> io::Result<()> {
        match byte {
            b'\n' => self.line.set(self.line.get().saturating_add(1)),
            b'"' if !self.escaped => {
                self.in_text = !self.in_text;
                self.text_length = 0;
            }
            _ => {}
        }
        self.escaped = self.in_text && byte == b'\\' && !self.escaped;
        self.text_length += 1;
        if self.text_length > TEXT_MAX {
            return Err(io::Error::other(format!("a text or blank of more than {TEXT_MAX} bytes")));
        }
        if !self.in_text && !byte.is_ascii_whitespace() && !byte.is_ascii_digit() {
            self.text_length = 0;
        }
        Ok(())
    }
}

impl Read for JsonInput<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        if self.at == self.buffer.len() {
            self.refill()?;
        }
        let Some(&byte) = self.buffer.get(self.at) else { return Ok(0) };
        self.at += 1;
        self.note(byte)?;
        into[0] = byte;
        Ok(1)
    }
}

/// A fault in reading JSON.
pub(super) fn json_fault(context: &Context<'_>, error: &serde_json::Error) -> HistoryError {
    let fault = context.fault(format!("not readable as JSON: {error}"), "check that it is whole");
    match u64::try_from(error.line()) {
        Ok(line @ 1..) => fault.at(line),
        _ => fault,
    }
}

/// One value that is no object.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar<'t> {
    Number(f64),
    /// A whole number, for times need more digits than prices have.
    Whole(i64),
    Text(Cow<'t, str>),
    Blank,
    /// A list of so many entries, passed over.
    List(usize),
    /// An object, passed over.
    Object,
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(if value { "true" } else { "false" })))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Whole(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(value).map_or(Scalar::Number(value as f64), Scalar::Whole))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Blank)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut n = 0;
        while entries.next_element::<IgnoredAny>()?.is_some() {
            n += 1;
        }
        Ok(Scalar::List(n))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Object)
    }
}
