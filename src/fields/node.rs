//! A document as a tree whose every value knows where it was written.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::faults::Faults;
use super::source::{Spot, join};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// A date, a time or both, as written.
    Datetime(String),
    /// A list.
    List(Vec<Node>),
    /// Named values.
    Table(BTreeMap<String, Node>),
    /// What was unusable: it has been reported, and whoever reads it says nothing more.
    Unusable,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands.
    pub spot: Spot,
    /// Where its name stands.
    pub key: Range<usize>,
}

impl Node {
    /// A value that nobody wrote.
    pub fn bare(value: Value) -> Self {
        Self { value, spot: Spot::default(), key: 0..0 }
    }

    /// Parses TOML; `None` and every fault where it is not.
    pub fn parse(source: usize, faults: &mut Faults) -> Option<Self> {
        let text = faults.sources.text(source).to_owned();
        let (table, errors) = DeTable::parse_recoverable(&text);
        let mut line_before = None;
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            let spot = Spot::new(source, span, String::new());
            // What follows in the same line follows from its first fault.
            let line = faults.sources.line(&spot);
            if line_before != Some(line) {
                faults.error(&spot, format!("not TOML: {}", error.message()), "");
            }
            line_before = Some(line);
        }
        let root = Spot::new(source, 0..0, String::new());
        errors.is_empty().then(|| Converter { at: 0, faults }.table(table.into_inner(), root, 0..0))
    }

    /// Reads `PATH=VALUE`, whose value is TOML or else text. `at` is where the value starts.
    pub fn parse_value(source: usize, at: usize, path: &str, faults: &mut Faults) -> Self {
        let text = faults.sources.text(source).to_owned();
        let spot = Spot::new(source, at..text.len(), path.to_owned());
        let (_, written) = text.split_at(at.min(text.len()));
        match DeValue::parse(written) {
            Ok(value) => Converter { at, faults }.value(value, spot.clone(), spot.span),
            Err(_) => {
                let value = Value::Text(written.to_owned());
                Self { value, key: spot.span.clone(), spot }
            }
        }
    }

    /// A named value below this one.
    pub fn child(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Table(table) => table.get(name),
            _ => None,
        }
    }

    /// A named value below this one, to be changed.
    pub fn child_mut(&mut self, name: &str) -> Option<&mut Self> {
        self.table_mut().and_then(|table| table.get_mut(name))
    }

    /// Named values below this one; none where it is no table.
    pub fn table_mut(&mut self) -> Option<&mut BTreeMap<String, Self>> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Where its name stands, as a place of its own.
    pub fn key_spot(&self) -> Spot {
        Spot { span: self.key.clone(), ..self.spot.clone() }
    }
}

impl Value {
    /// No fields at all: every default holds.
    pub fn empty() -> Self {
        Self::Table(BTreeMap::new())
    }

    /// No fields but one text.
    pub fn tagged(name: &str, text: &str) -> Self {
        Self::Table(BTreeMap::from([(name.to_owned(), Node::bare(text.into()))]))
    }

    /// Its kind with an article, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Bool(_) => "true or false",
            Self::Datetime(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Unusable => "unusable",
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(list: [T; N]) -> Self {
        Self::List(list.into_iter().map(|value| Node::bare(value.into())).collect())
    }
}

/// Makes nodes of what was parsed from the byte `at` of a source on.
struct Converter<'a> {
    at: usize,
    faults: &'a mut Faults,
}

impl Converter<'_> {
    fn place(&self, span: Range<usize>) -> Range<usize> {
        span.start + self.at..span.end + self.at
    }

    fn table(&mut self, table: DeTable<'_>, spot: Spot, key: Range<usize>) -> Node {
        let mut named = BTreeMap::new();
        for (name, value) in table {
            let key = self.place(name.span());
            let name = name.into_inner().into_owned();
            let below = Spot { path: join(&spot.path, &name), ..spot.clone() };
            let node = self.value(value, below, key);
            named.insert(name, node);
        }
        Node { value: Value::Table(named), spot, key }
    }

    fn value(&mut self, value: Spanned<DeValue<'_>>, mut spot: Spot, key: Range<usize>) -> Node {
        spot.span = self.place(value.span());
        let value = match value.into_inner() {
            DeValue::String(text) => Value::Text(text.into_owned()),
            DeValue::Integer(whole) => match i64::from_str_radix(whole.as_str(), whole.radix()) {
                Ok(whole) => Value::Integer(whole),
                Err(_) => {
                    let help = format!("at most {} is expected", i64::MAX);
                    self.faults.error(&spot, format!("{} is too large", whole.as_str()), help);
                    Value::Integer(0)
                }
            },
            // What TOML lets stand as a float is one to Rust; too large a one is infinite, which
            // every field refuses.
            DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(truth) => Value::Bool(truth),
            DeValue::Datetime(instant) => Value::Datetime(instant.to_string()),
            DeValue::Array(list) => {
                let items = list.into_iter().enumerate();
                let below = |(index, item): (usize, _)| {
                    let spot = spot.below(&index.to_string());
                    self.value(item, spot, key.clone())
                };
                Value::List(items.map(below).collect())
            }
            DeValue::Table(table) => return self.table(table, spot, key),
        };
        Node { value, spot, key }
    }
}
