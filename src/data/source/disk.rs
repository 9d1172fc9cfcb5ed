//! A file on disk that hashes itself.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::fault::refuse;
use crate::prices::history::HistoryError;

/// One file on disk, read once or more and in any order. Bytes are hashed the first time they
/// come in order; what never came is read at the end.
pub(super) struct Disk<'p> {
    file: File,
    len: u64,
    position: u64,
    /// All bytes before this one are in `hash`.
    hashed: u64,
    hash: Sha256,
    stage: Stage,
    /// What `progress` has heard last.
    told: u64,
    progress: &'p mut dyn FnMut(u64),
}

/// One pass over the file: where it stands in the whole work, and what it has read.
struct Stage {
    from: u64,
    to: u64,
    read: u64,
    /// Bytes to read in this pass, from any place.
    work: u64,
}

impl<'p> Disk<'p> {
    /// Opens a regular file.
    pub fn open(path: &Path, progress: &'p mut dyn FnMut(u64)) -> Result<Self, Vec<HistoryError>> {
        let origin = path.display().to_string();
        let unopened = |error: io::Error| {
            let remedy = "check the path and who may read it";
            vec![HistoryError::new(&origin, format!("cannot be opened: {error}"), remedy)]
        };
        // Asked before it is opened: to open a named pipe waits for its other end.
        let facts = std::fs::metadata(path).map_err(unopened)?;
        if facts.is_dir() {
            let remedy = "name the files in it, as the shell does for folder/*.csv";
            return refuse(&origin, "a folder, not a file", remedy);
        }
        if !facts.is_file() {
            let remedy = "write the data to a file first: it is read more than once";
            return refuse(&origin, "no regular file", remedy);
        }
        let file = File::open(path).map_err(unopened)?;
        let len = facts.len();
        let stage = Stage { from: 0, to: len, read: 0, work: len };
        Ok(Self {
            file,
            len,
            position: 0,
            hashed: 0,
            hash: Sha256::new(),
            stage,
            told: 0,
            progress,
        })
    }

    /// Bytes of the file.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Back to the first byte for a pass that does the work from share `from` to share `to` of
    /// `of`.
    pub fn begin(&mut self, from: u64, to: u64, of: u64) -> io::Result<()> {
        let share = |part: u64| (u128::from(self.len) * u128::from(part) / u128::from(of)) as u64;
        self.stage = Stage { from: share(from), to: share(to), read: 0, work: self.len };
        self.rewind()
    }

    /// Every byte will be read twice in this pass.
    pub fn twice(&mut self) {
        self.stage.work = self.len.saturating_mul(2);
    }

    /// Hashes what has not been read yet; the hash in hex, and the number of bytes.
    pub fn finish(mut self) -> io::Result<(String, u64)> {
        self.seek(SeekFrom::Start(self.hashed))?;
        let mut buffer = vec![0; 1 << 17];
        while self.read(&mut buffer)? > 0 {}
        (self.progress)(self.len);
        let mut hex = String::with_capacity(64);
        for byte in self.hash.finalize() {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        Ok((hex, self.hashed))
    }
}

impl Read for Disk<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        let end = self.position + n as u64;
        if (self.position..end).contains(&self.hashed) {
            self.hash.update(&buffer[(self.hashed - self.position) as usize..n]);
            self.hashed = end;
        }
        self.position = end;
        let Stage { from, to, read, work } = &mut self.stage;
        *read = (*read + n as u64).min(*work);
        let done = u128::from(*to - *from) * u128::from(*read) / u128::from((*work).max(1));
        let done = *from + done as u64;
        if done > self.told {
            self.told = done;
            (self.progress)(done);
        }
        Ok(n)
    }
}

impl Seek for Disk<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = self.file.seek(to)?;
        Ok(self.position)
    }
}
