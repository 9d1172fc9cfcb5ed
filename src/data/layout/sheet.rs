//! The first lines of a text of fields: what parts them, notices, header, sample rows.

use super::cells::{Cell, read_cell};
use super::lines::{Fields, Lines, is_blank};
use super::stamps::Stamp;
use crate::data::raw::Written;
use crate::prices::history::TimeUnit;

/// Rows looked at.
const SAMPLE_ROWS: usize = 200;
/// Notices that may stand before the header.
const NOTICES_MAX: usize = 8;

/// What the head of a text of fields shows.
#[derive(Debug)]
pub(super) struct Sheet {
    pub delimiter: u8,
    /// Lines before the header that are no fields.
    pub notices: Vec<String>,
    /// As written; `None` if the first line is a row.
    pub header: Option<Vec<String>>,
    /// The header's names in small letters and digits alone; empty without header.
    pub keys: Vec<String>,
    /// Line of the first row.
    pub first_row: u32,
    pub rows: Vec<Vec<String>>,
    /// Number of fields a row has.
    pub width: usize,
    pub unit: TimeUnit,
}

/// How the cells of a sample column read as times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// Whole numbers, or with a zone.
    Certain,
    /// Without zone.
    Naive,
}

impl Sheet {
    /// Reads the whole lines of `head`; `None` if they are not fields in at least two columns.
    /// `is_all`: whether the text ends with the head.
    pub fn of(head: &[u8], is_all: bool, unit: TimeUnit) -> Option<Self> {
        let lines = sample_lines(head, is_all);
        let delimiter = delimiter_of(&lines)?;
        let split: Vec<(u32, Vec<String>)> =
            lines.iter().map(|(number, line)| (*number, fields_of(line, delimiter))).collect();
        let width = usual_width(split.iter().map(|(_, fields)| fields.len()))?;
        let n_notices = count_notices(&split, width, unit);
        let header = split.get(n_notices).filter(|(_, fields)| is_header(fields, unit));
        let header = header.map(|(_, fields)| fields.clone());
        let from = n_notices + usize::from(header.is_some());
        let after_last = split.last().map_or(1, |(number, _)| number + 1);
        let first_row = split.get(from).map_or(after_last, |(number, _)| *number);
        let keys = header.iter().flatten().map(|name| key_of(name)).collect();
        Some(Self {
            delimiter,
            notices: lines[..n_notices].iter().map(|(_, line)| lossy(line)).collect(),
            width: header.as_ref().map_or(width, Vec::len),
            header,
            keys,
            first_row,
            rows: split.into_iter().skip(from).map(|(_, fields)| fields).collect(),
            unit,
        })
    }

    /// The one column whose key is among `keys`, the first of them that is there.
    pub fn find(&self, keys: &[&str]) -> Option<usize> {
        keys.iter().find_map(|key| self.keys.iter().position(|other| other == key))
    }

    /// As the file names column `at`; by number if it has no name.
    pub fn name(&self, at: usize) -> String {
        let name = self.header.as_ref().and_then(|header| header.get(at));
        name.filter(|name| !name.is_empty())
            .map_or_else(|| format!("column {}", at + 1), Clone::clone)
    }

    /// Cells of a column that are not blank.
    pub fn cells(&self, at: usize) -> impl Iterator<Item = &[u8]> {
        let cells = self.rows.iter().filter_map(move |row| row.get(at)).map(String::as_bytes);
        cells.filter(|cell| read_cell(cell) != Cell::Blank)
    }

    /// How most cells of a column read as times; `None` if they do not.
    pub fn clock(&self, at: usize) -> Option<Clock> {
        let (mut n, mut certain, mut naive) = (0, 0, 0);
        for cell in self.cells(at) {
            n += 1;
            match Stamp::read(cell, self.unit).written {
                Written::Unreadable => {}
                written if written.is_naive() => naive += 1,
                _ => certain += 1,
            }
        }
        if 2 * (certain + naive) <= n {
            None
        } else if certain >= naive {
            Some(Clock::Certain)
        } else {
            Some(Clock::Naive)
        }
    }

    /// Whether most cells of a column that are not blank are numbers, and there is one.
    pub fn is_numeric(&self, at: usize) -> bool {
        let (mut n, mut numbers) = (0, 0);
        for cell in self.cells(at) {
            n += 1;
            numbers += usize::from(matches!(read_cell(cell), Cell::Number(_)));
        }
        2 * numbers > n
    }

    /// Numbers of a column in the rows, NaN where there is none.
    pub fn numbers(&self, at: usize) -> Vec<f64> {
        let number = |row: &Vec<String>| match row.get(at).map(|cell| read_cell(cell.as_bytes())) {
            Some(Cell::Number(number)) => number,
            _ => f64::NAN,
        };
        self.rows.iter().map(number).collect()
    }
}

/// A name in small letters and digits alone: `Adj Close` and `adj_close` are `adjclose`.
pub(super) fn key_of(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// Lines of the head that are not blank, and whole.
fn sample_lines(head: &[u8], is_all: bool) -> Vec<(u32, Vec<u8>)> {
    let end = head.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
    let whole = if is_all { head } else { &head[..end] };
    let mut input = whole;
    let mut lines = Lines::new(&mut input, head, "");
    let mut found = Vec::new();
    while found.len() < SAMPLE_ROWS + NOTICES_MAX + 1 && matches!(lines.next_line(), Ok(true)) {
        // A quote that is not closed within the head ends the sample.
        if lines.close_quotes().is_err() {
            break;
        }
        if !is_blank(lines.text()) {
            found.push((lines.number(), lines.text().to_vec()));
        }
    }
    found
}

fn fields_of(line: &[u8], delimiter: u8) -> Vec<String> {
    let mut line = line.to_vec();
    let mut fields = Fields::default();
    fields.split(&mut line, delimiter);
    (0..fields.len()).map(|at| lossy(fields.get(&line, at))).collect()
}

/// What parts fields in nearly all lines alike. A comma comes last, for it may be a decimal mark.
fn delimiter_of(lines: &[(u32, Vec<u8>)]) -> Option<u8> {
    let counts = |delimiter: u8| -> Vec<usize> {
        lines.iter().map(|(_, line)| fields_of(line, delimiter).len()).collect()
    };
    let is_even = |delimiter: &u8| {
        let counts = counts(*delimiter);
        let Some(width) = usual_width(counts.iter().copied()) else { return false };
        let alike = counts.iter().filter(|&&count| count == width).count();
        let strangers = counts.len() - alike;
        width >= 2 && (strangers <= 2 || 10 * strangers <= counts.len())
    };
    let delimiters = [b'\t', b';', b'|', b','];
    let even = delimiters.into_iter().find(is_even);
    even.or_else(|| usual_width(counts(b',').into_iter()).filter(|&n| n >= 2).map(|_| b','))
}

/// The most frequent count, the greatest of several; `None` if there is none.
fn usual_width(counts: impl Iterator<Item = usize>) -> Option<usize> {
    let mut tally = std::collections::BTreeMap::new();
    for count in counts {
        *tally.entry(count).or_insert(0_usize) += 1;
    }
    tally.into_iter().max_by_key(|&(count, n)| (n, count)).map(|(count, _)| count)
}

/// How many lines at the start are comments, addresses, or of fewer fields than a header that
/// follows them.
fn count_notices(lines: &[(u32, Vec<String>)], width: usize, unit: TimeUnit) -> usize {
    let is_notice = |at: usize| {
        let fields = &lines[at].1;
        let text = fields.join(",").to_ascii_lowercase();
        let spoken = text.starts_with('#') || text.contains("http") || text.contains("www.");
        let next = lines.get(at + 1).filter(|(_, next)| next.len() == width);
        let headed = next.is_some_and(|(_, next)| is_header(next, unit));
        fields.len() < width && (spoken || headed)
    };
    (0..lines.len().min(NOTICES_MAX))
        .take_while(|&at| at + 1 < lines.len() && is_notice(at))
        .count()
}

/// Whether no cell is a number or a time.
fn is_header(fields: &[String], unit: TimeUnit) -> bool {
    let is_value = |text: &String| {
        matches!(read_cell(text.as_bytes()), Cell::Number(_))
            || Stamp::read(text.as_bytes(), unit) != Stamp::UNREADABLE
    };
    fields.iter().any(|text| !text.is_empty()) && !fields.iter().any(is_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_shows_how_fields_stand() {
        type Header = Option<&'static [&'static str]>;
        let table: [(&str, u8, usize, Header, u32, usize); 9] = [
            ("a,b\n1,2\n", b',', 0, Some(&["a", "b"]), 2, 2),
            ("1,2\n3,4\n", b',', 0, None, 1, 2),
            ("a;b\n1,5;2,5\n", b';', 0, Some(&["a", "b"]), 2, 2),
            ("a\tb\n1\t2\n", b'\t', 0, Some(&["a", "b"]), 2, 2),
            ("a|b\n1|2\n", b'|', 0, Some(&["a", "b"]), 2, 2),
            ("https://x.y\n\na,b,c\n1,2,3\n", b',', 1, Some(&["a", "b", "c"]), 4, 3),
            ("Times are UTC,https://x.y\na,b,c\n1,2,3\n", b',', 1, Some(&["a", "b", "c"]), 3, 3),
            ("\u{feff}# note\nA B,\"c,d\"\n1,2\n", b',', 1, Some(&["A B", "c,d"]), 3, 2),
            (",x\n2020-01-01,1\n", b',', 0, Some(&["", "x"]), 2, 2),
        ];
        for (text, delimiter, n_notices, header, first_row, width) in table {
            let sheet = Sheet::of(text.as_bytes(), true, TimeUnit::Auto).unwrap();
            let header = header.map(|names| names.iter().map(|n| (*n).to_owned()).collect());
            assert_eq!(sheet.header, header, "{text:?}");
            assert_eq!((sheet.delimiter, sheet.notices.len()), (delimiter, n_notices), "{text:?}");
            assert_eq!((sheet.first_row, sheet.width), (first_row, width), "{text:?}");
        }
        assert!(Sheet::of(b"one word\nand another\n", true, TimeUnit::Auto).is_none());
        assert!(Sheet::of(b"", true, TimeUnit::Auto).is_none());
    }

    #[test]
    fn the_line_cut_by_the_end_of_the_head_does_not_count() {
        let text = b"a,b\n1,2\n3";
        let count = |is_all| Sheet::of(text, is_all, TimeUnit::Auto).unwrap().rows.len();
        assert_eq!((count(false), count(true)), (1, 2));
    }
}
