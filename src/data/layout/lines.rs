//! Lines of text and the fields in them, one line in memory at a time.

use std::io::{BufRead, Read};
use std::ops::Range;

use crate::prices::history::HistoryError;

/// Longest line, and longest record of several lines, in bytes.
const LINE_MAX: usize = 1 << 20;

/// Reads lines, and counts them as an editor does.
pub(super) struct Lines<'r> {
    input: &'r mut dyn BufRead,
    origin: &'r str,
    terminator: u8,
    text: Vec<u8>,
    /// Number of the line that `text` begins with, the first being 1.
    number: u32,
    /// Number of lines read so far.
    read: u32,
}

impl<'r> Lines<'r> {
    /// `head`: the first bytes, which tell what ends a line: LF, CR LF, or CR alone.
    pub fn new(input: &'r mut dyn BufRead, head: &[u8], origin: &'r str) -> Self {
        let terminator = terminator_of(head);
        Self { input, origin, terminator, text: Vec::new(), number: 0, read: 0 }
    }

    /// Goes on to the next line; `false` at the end.
    ///
    /// # Errors
    /// If the text cannot be read or the line is too long.
    pub fn next_line(&mut self) -> Result<bool, HistoryError> {
        self.text.clear();
        self.number = self.read.saturating_add(1);
        self.append_line()
    }

    /// Adds lines to this one while it has an opening quote without a closing one: a field may
    /// hold line breaks.
    ///
    /// # Errors
    /// As [`Self::next_line`], and if the quote is never closed.
    pub fn close_quotes(&mut self) -> Result<(), HistoryError> {
        if !self.text.contains(&b'"') {
            return Ok(());
        }
        let number = self.number;
        let unclosed = |origin: &str| {
            HistoryError::new(origin, "a quote is opened and not closed", "close or remove it")
                .at(u64::from(number))
        };
        let mut n_quotes = quotes(&self.text);
        while n_quotes % 2 == 1 {
            let from = self.text.len();
            self.text.push(b'\n');
            let more = self.text.len() < LINE_MAX && self.append_line()?;
            if !more {
                return Err(unclosed(self.origin));
            }
            n_quotes += quotes(&self.text[from..]);
        }
        Ok(())
    }

    fn append_line(&mut self) -> Result<bool, HistoryError> {
        let from = self.text.len();
        let room = (LINE_MAX + 2) as u64;
        let read = (&mut *self.input).take(room).read_until(self.terminator, &mut self.text);
        let n = read.map_err(|error| {
            HistoryError::new(self.origin, format!("cannot be read: {error}"), "fetch it anew")
        })?;
        if n == 0 {
            return Ok(false);
        }
        self.read = self.read.checked_add(1).ok_or_else(|| {
            HistoryError::new(self.origin, "more than 2^32 lines", "split the file by time")
        })?;
        if self.text.last() == Some(&self.terminator) {
            self.text.pop();
        }
        if self.text.last() == Some(&b'\r') {
            self.text.pop();
        }
        if self.text.len() - from > LINE_MAX {
            let problem = format!("a line of more than {LINE_MAX} bytes");
            let error = HistoryError::new(self.origin, problem, "check that it is a text file");
            return Err(error.at(u64::from(self.number)));
        }
        if self.number == 1 && from == 0 && self.text.starts_with(b"\xEF\xBB\xBF") {
            self.text.drain(..3);
        }
        Ok(true)
    }

    /// The line, without what ends it and without a byte order mark.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Its number, the first being 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Finds the fields in the line. Quoted ones lose their quotes.
    pub fn split(&mut self, delimiter: u8, fields: &mut Fields) {
        fields.split(&mut self.text, delimiter);
    }

    /// One of the fields that [`Self::split`] found.
    pub fn field(&self, fields: &Fields, at: usize) -> &[u8] {
        fields.get(&self.text, at)
    }
}

/// What ends a line.
fn terminator_of(head: &[u8]) -> u8 {
    if head.contains(&b'\r') && !head.contains(&b'\n') { b'\r' } else { b'\n' }
}

fn quotes(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte == b'"').count()
}

/// Whether a line has nothing but blanks.
pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

/// Places of the fields in a line.
#[derive(Debug, Default)]
pub(super) struct Fields {
    places: Vec<Range<u32>>,
}

impl Fields {
    /// Finds the fields in `line`; blanks round them do not count. Where a field is quoted, its
    /// quotes are taken out of `line`.
    pub fn split(&mut self, line: &mut [u8], delimiter: u8) {
        self.places.clear();
        if line.contains(&b'"') {
            self.split_quoted(line, delimiter);
            return;
        }
        let mut from = 0;
        for at in 0..line.len() {
            if line[at] == delimiter {
                self.push(line, from, at);
                from = at + 1;
            }
        }
        self.push(line, from, line.len());
    }

    /// Moves bytes towards the front as quotes go, so that no field needs memory of its own.
    fn split_quoted(&mut self, line: &mut [u8], delimiter: u8) {
        let (mut read, mut write, mut from) = (0, 0, 0);
        let mut in_quotes = false;
        while read < line.len() {
            let byte = line[read];
            read += 1;
            if byte == b'"' {
                let doubled = in_quotes && line.get(read) == Some(&b'"');
                if !doubled {
                    in_quotes = !in_quotes;
                    continue;
                }
                read += 1;
            } else if byte == delimiter && !in_quotes {
                self.push(line, from, write);
                // One byte stays free between fields, as the delimiter did.
                write += 1;
                from = write;
                continue;
            }
            line[write] = byte;
            write += 1;
        }
        self.push(line, from, write);
    }

    fn push(&mut self, line: &[u8], from: usize, to: usize) {
        let (mut from, mut to) = (from, to);
        while from < to && line[from].is_ascii_whitespace() {
            from += 1;
        }
        while from < to && line[to - 1].is_ascii_whitespace() {
            to -= 1;
        }
        // A line has at most `LINE_MAX` bytes and more, far below 2^32.
        self.places.push(from as u32..to as u32);
    }

    /// Number of fields.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Field `at` of the line that was split; empty beyond the last.
    pub fn get<'l>(&self, line: &'l [u8], at: usize) -> &'l [u8] {
        let place = self.places.get(at).cloned().unwrap_or_default();
        line.get(place.start as usize..place.end as usize).unwrap_or_default()
    }

    /// Whether the line has `expected` fields, blank ones behind the last not counted.
    pub fn fits(&self, expected: usize) -> bool {
        self.places.len() >= expected && self.places[expected..].iter().all(Range::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str, joined: bool) -> Result<Vec<(u32, Vec<String>)>, HistoryError> {
        let mut input = text.as_bytes();
        let mut lines = Lines::new(&mut input, text.as_bytes(), "x.csv");
        let mut fields = Fields::default();
        let mut all = Vec::new();
        while lines.next_line()? {
            if joined {
                lines.close_quotes()?;
            }
            lines.split(b',', &mut fields);
            let text = |at| String::from_utf8_lossy(lines.field(&fields, at)).into_owned();
            all.push((lines.number(), (0..fields.len()).map(text).collect()));
        }
        Ok(all)
    }

    #[test]
    fn fields_come_without_quotes_and_blanks() {
        type Records = &'static [(u32, &'static [&'static str])];
        let table: [(&str, Records); 8] = [
            ("a,b\nc,d", &[(1, &["a", "b"]), (2, &["c", "d"])]),
            ("a , b\r\n\r\nc,\r\n", &[(1, &["a", "b"]), (2, &[""]), (3, &["c", ""])]),
            ("a\rb\r", &[(1, &["a"]), (2, &["b"])]),
            ("\u{feff}a,b\n", &[(1, &["a", "b"])]),
            ("\"a,\"\"b\",c\n", &[(1, &["a,\"b", "c"])]),
            ("\"a\",\"\",\"b\"\n", &[(1, &["a", "", "b"])]),
            ("\"a\nb\",c\nd,e\n", &[(1, &["a\nb", "c"]), (3, &["d", "e"])]),
            ("", &[]),
        ];
        for (text, expected) in table {
            let found = records(text, true).unwrap();
            let expected: Vec<(u32, Vec<String>)> = expected
                .iter()
                .map(|(n, fields)| (*n, fields.iter().map(|&f| f.to_owned()).collect()))
                .collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_ends_with_its_line_or_is_refused() {
        let alone = records("a,\"b\nc,d\n", false).unwrap();
        assert_eq!(alone.len(), 2);
        let error = records("x\na,\"b\nc,d\n", true).unwrap_err();
        assert_eq!(error.row, Some(2));
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let long = "x".repeat(LINE_MAX + 1);
        assert_eq!(records(&format!("a\n{long}"), false).unwrap_err().row, Some(2));
        assert!(records(&format!("a\n{}\nb", &long[1..]), false).is_ok());
    }

    #[test]
    fn blank_fields_behind_the_last_do_not_count() {
        let mut fields = Fields::default();
        fields.split(&mut b"1,2,,".to_vec(), b',');
        assert!(fields.fits(2) && fields.fits(4) && !fields.fits(5) && !fields.fits(1));
    }
}
