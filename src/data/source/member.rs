//! One file's worth of unpacked bytes.

use std::io::{self, BufRead, Read};

use super::fault::{explain, refuse, told};
use super::names::Named;
use crate::prices::history::HistoryError;

/// A file, or a file packed in one, unpacked: its first bytes, the rest as a stream.
pub struct Member<'a> {
    named: Named,
    head: Vec<u8>,
    /// How much of the head has been read.
    at: usize,
    rest: Box<dyn BufRead + 'a>,
    /// The first error of reading, for it may reach nobody through a reader's own words.
    fault: Option<HistoryError>,
}

impl<'a> Member<'a> {
    pub(super) fn new(named: Named, head: Vec<u8>, rest: Box<dyn BufRead + 'a>) -> Self {
        Self { named, head, at: 0, rest, fault: None }
    }

    /// A member of bytes that are there already.
    #[cfg(test)]
    pub(crate) fn of_bytes(name: &str, bytes: &'a [u8]) -> Self {
        let (head, rest) = bytes.split_at(bytes.len().min(super::magic::HEAD_MAX));
        let named = Named { name: name.to_owned(), origin: name.to_owned() };
        Self::new(named, head.to_vec(), Box::new(rest))
    }

    /// Name without the folders on disk: `X.csv`, `X.csv.gz`, `months.tar.gz/2021/01.json`.
    pub fn name(&self) -> &str {
        &self.named.name
    }

    /// Path as the caller gave it, then the path inside: what messages begin with.
    pub fn origin(&self) -> &str {
        &self.named.origin
    }

    /// The first unpacked bytes: 64 KiB, or all if there are fewer.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The unpacked bytes from the first one on. Called again, it goes on where the last one
    /// stopped.
    pub fn reader(&mut self) -> impl BufRead + use<'_, 'a> {
        self
    }

    /// All bytes that have not been read yet, for formats that cannot be streamed.
    ///
    /// # Errors
    /// If there are more than `max` bytes or they cannot be unpacked.
    pub fn bytes(&mut self, max: u64) -> Result<Vec<u8>, Vec<HistoryError>> {
        let mut bytes = Vec::new();
        let read = self.take(max.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| told(self.origin(), &error))?;
        if bytes.len() as u64 > max {
            let problem = format!("more than {max} bytes, of a form that must be held whole");
            return refuse(self.origin(), problem, "split the file by time");
        }
        Ok(bytes)
    }

    /// Reads to the end, so that a checksum there is checked; what went wrong in reading, if
    /// anything did.
    pub(super) fn finish(mut self) -> Option<HistoryError> {
        if self.fault.is_none() {
            // An error is kept by `fill_buf`.
            let _ = io::copy(&mut self, &mut io::sink());
        }
        self.fault
    }

    /// What went wrong in reading so far.
    pub(super) fn fault(self) -> Option<HistoryError> {
        self.fault
    }
}

impl BufRead for Member<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.head.len() {
            return Ok(&self.head[self.at..]);
        }
        match self.rest.fill_buf() {
            Ok(bytes) => Ok(bytes),
            Err(error) => {
                if error.kind() != io::ErrorKind::Interrupted && self.fault.is_none() {
                    self.fault = Some(explain(&self.named.origin, &error));
                }
                Err(error)
            }
        }
    }

    fn consume(&mut self, n: usize) {
        if self.at < self.head.len() {
            self.at += n;
        } else {
            self.rest.consume(n);
        }
    }
}

impl Read for Member<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut bytes = self.fill_buf()?;
        let n = bytes.read(buffer)?;
        self.consume(n);
        Ok(n)
    }
}
