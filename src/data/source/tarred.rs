//! Members of tar files, packed by gzip or not.
//!
//! A first pass lists the members. A tar on disk is then read by seeking. A tar.gz can only be
//! read forwards: if its members lie in the order of their names, as nearly all do, one more pass
//! streams them. Otherwise each further pass holds as many of the next ones as fit
//! [`BATCH_MAX`], and visits them in order.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

use super::disk::Disk;
use super::fault::{Refusal, refuse, told};
use super::limits::{Meter, guarded};
use super::names::{Named, is_metadata, natural, printable};
use super::walk::{Walk, gunzip};
use crate::prices::history::HistoryError;

type Faults = Vec<HistoryError>;
type Each<'e> = dyn FnMut(&Entry, &mut dyn BufRead) -> Result<(), Faults> + 'e;

/// Bytes of members out of order that are held at once.
pub(super) const BATCH_MAX: u64 = 64 << 20;
/// Most passes over a tar.gz whose members are out of order.
const PASSES_MAX: usize = 64;
/// Bytes that headers between two members may have.
const HEADERS_MAX: u64 = 1 << 20;
const BLOCK: u64 = 512;

/// A member, and where its bytes are in the tar.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    path: String,
    position: u64,
    size: u64,
}

/// The bytes of a tar.
pub(super) trait Tape {
    /// All of them.
    fn open(&mut self) -> io::Result<Box<dyn BufRead + '_>>;

    /// Calls `each` with the members in the order given.
    fn visit(
        &mut self,
        named: &Named,
        entries: &[Entry],
        each: &mut Each<'_>,
    ) -> Result<(), Faults>;
}

/// A tar that can be read at any place.
pub(super) struct Seekable<R>(pub R);

/// A tar packed by gzip on disk.
pub(super) struct Gunzipped<'d, 'p> {
    pub disk: &'d mut Disk<'p>,
    pub meter: &'d Meter,
}

/// Visits all members in the natural order of their names.
pub(super) fn each_in_tar(
    walk: &mut Walk<'_>,
    named: &Named,
    tape: &mut dyn Tape,
) -> Result<(), Faults> {
    walk.within(named, |walk| {
        let mut entries = {
            let mut stream = tape.open().map_err(|error| told(&named.origin, &error))?;
            list(walk, named, &mut stream)?
        };
        if entries.is_empty() {
            return refuse(&named.origin, "nothing is packed in it", "fetch the file anew");
        }
        entries.sort_by(|a, b| natural(&a.path, &b.path).then(a.position.cmp(&b.position)));
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].path == pair[1].path) {
            let problem = "two members have this name";
            return refuse(&named.inner(&pair[0].path).origin, problem, "pack it anew");
        }
        tape.visit(named, &entries, &mut |entry, bytes| {
            walk.packed(named.inner(&entry.path), bytes)
        })
    })
}

/// All members that hold data, in the order of the tar. Reads every byte, so that what is damaged
/// or cut short shows before the first member is visited.
fn list(
    walk: &mut Walk<'_>,
    named: &Named,
    stream: &mut dyn BufRead,
) -> Result<Vec<Entry>, Faults> {
    let (left, read) = (Cell::new(HEADERS_MAX), Cell::new(0));
    let mut archive = tar::Archive::new(Counted { stream: &mut *stream, left: &left, read: &read });
    let fail = |error: io::Error| told(&named.origin, &error);
    let mut members = archive.entries().map_err(fail)?;
    let (mut entries, mut end) = (Vec::new(), 0_u64);
    loop {
        left.set(HEADERS_MAX);
        let Some(mut member) = guarded(|| members.next().transpose()).map_err(fail)? else { break };
        left.set(u64::MAX);
        walk.count(named, &member.path_bytes())?;
        let path = printable(&String::from_utf8_lossy(&member.path_bytes()));
        let entry = Entry { path, position: member.raw_file_position(), size: member.size() };
        let inner = named.inner(&entry.path);
        let data = is_data(&inner, &entry.path, member.header().entry_type())?;
        let told_here = |error: io::Error| told(&inner.origin, &error);
        if guarded(|| io::copy(&mut member, &mut io::sink())).map_err(told_here)? < entry.size {
            return Err(told_here(io::ErrorKind::UnexpectedEof.into()));
        }
        // The size was read, so it is no more than the bytes there are.
        end = entry.position + entry.size.next_multiple_of(BLOCK);
        if data {
            entries.push(entry);
        }
    }
    if read.get() < end + BLOCK {
        let remedy = "fetch it anew; or unpack it, see that no file is missing, and give the files";
        return refuse(&named.origin, "ends without a tar's end mark: it is cut short", remedy);
    }
    io::copy(stream, &mut io::sink()).map_err(fail)?;
    Ok(entries)
}

/// Whether a member holds data; an error if it is neither a file nor to be left out.
fn is_data(inner: &Named, path: &str, kind: tar::EntryType) -> Result<bool, Faults> {
    let pack = "pack the files themselves";
    if kind.is_gnu_sparse() {
        return refuse(&inner.origin, "a sparse file, packed with its holes left out", pack);
    }
    // The oldest form has no kind for folders: their names end with a slash.
    let folder = kind.is_dir() || path.ends_with('/');
    if folder || kind.is_pax_global_extensions() || is_metadata(path) {
        return Ok(false);
    }
    if kind.is_symlink() || kind.is_hard_link() {
        return refuse(&inner.origin, "a link, not a file", "pack the file it points to");
    }
    if kind.is_file() || kind.is_contiguous() {
        return Ok(true);
    }
    refuse(&inner.origin, "neither a file nor a folder", pack)
}

/// Counts what is read, and bounds it while headers are read, which are held whole.
struct Counted<'c> {
    stream: &'c mut dyn BufRead,
    left: &'c Cell<u64>,
    read: &'c Cell<u64>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer)?;
        self.read.set(self.read.get() + n as u64);
        match self.left.get().checked_sub(n as u64) {
            Some(left) => self.left.set(left),
            None => {
                let problem = format!("a header of more than {HEADERS_MAX} bytes between members");
                return Err(Refusal::raise(problem, "pack the files anew"));
            }
        }
        Ok(n)
    }
}

impl<R: BufRead + Seek> Tape for Seekable<R> {
    fn open(&mut self) -> io::Result<Box<dyn BufRead + '_>> {
        self.0.rewind()?;
        Ok(Box::new(&mut self.0))
    }

    fn visit(
        &mut self,
        named: &Named,
        entries: &[Entry],
        each: &mut Each<'_>,
    ) -> Result<(), Faults> {
        for entry in entries {
            let at = self.0.seek(SeekFrom::Start(entry.position));
            at.map_err(|error| told(&named.origin, &error))?;
            each(entry, &mut (&mut self.0).take(entry.size))?;
        }
        Ok(())
    }
}

impl Tape for Gunzipped<'_, '_> {
    fn open(&mut self) -> io::Result<Box<dyn BufRead + '_>> {
        // Half of the work is to list.
        self.pass(0, 1, 2)
    }

    fn visit(
        &mut self,
        named: &Named,
        entries: &[Entry],
        each: &mut Each<'_>,
    ) -> Result<(), Faults> {
        let fail = |error: io::Error| told(&named.origin, &error);
        let batches = batches(entries);
        let n = batches.len() as u64;
        if batches.len() > PASSES_MAX {
            let problem = "its members are too large and too far out of the order of their names";
            return refuse(&named.origin, problem, "unpack it, and give the files");
        }
        for (pass, batch) in (n..).zip(batches) {
            let mut stream =
                Forward { stream: self.pass(pass, pass + 1, 2 * n).map_err(fail)?, at: 0 };
            let batch = &entries[batch];
            if batch.is_sorted_by_key(|entry| entry.position) {
                for entry in batch {
                    each(entry, &mut stream.to(entry).map_err(fail)?)?;
                }
            } else {
                let held = stream.hold(batch).map_err(fail)?;
                for (entry, bytes) in batch.iter().zip(held) {
                    each(entry, &mut bytes.as_slice())?;
                }
            }
        }
        Ok(())
    }
}

impl Gunzipped<'_, '_> {
    /// The tar from its first byte, for shares `from..to` of `of` of the work.
    fn pass(&mut self, from: u64, to: u64, of: u64) -> io::Result<Box<dyn BufRead + '_>> {
        self.meter.reset();
        self.disk.begin(from, to, of)?;
        Ok(Box::new(gunzip(BufReader::with_capacity(1 << 17, &mut *self.disk), self.meter)))
    }
}

/// The members of each pass: as many as lie in order, or as may be held, whichever are more.
fn batches(entries: &[Entry]) -> Vec<Range<usize>> {
    let mut batches = Vec::new();
    let mut start = 0;
    while start < entries.len() {
        let rest = &entries[start..];
        let falls = rest.windows(2).position(|pair| pair[1].position < pair[0].position);
        let mut room = BATCH_MAX;
        let fits = |entry: &&Entry| room.checked_sub(entry.size).map(|left| room = left).is_some();
        let n = falls.map_or(rest.len(), |at| at + 1).max(rest.iter().take_while(fits).count());
        batches.push(start..start + n);
        start += n;
    }
    batches
}

/// A stream of a tar that goes forwards only.
struct Forward<'s> {
    stream: Box<dyn BufRead + 's>,
    at: u64,
}

impl<'s> Forward<'s> {
    /// The bytes of a member that lies after those read so far. They must be read to the end.
    fn to(&mut self, entry: &Entry) -> io::Result<io::Take<&mut Box<dyn BufRead + 's>>> {
        let ahead = entry.position - self.at;
        if io::copy(&mut (&mut self.stream).take(ahead), &mut io::sink())? < ahead {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at = entry.position + entry.size;
        Ok((&mut self.stream).take(entry.size))
    }

    /// The bytes of several members, in the order of the list.
    fn hold(&mut self, entries: &[Entry]) -> io::Result<Vec<Vec<u8>>> {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|&place| entries[place].position);
        let mut held = vec![Vec::new(); entries.len()];
        for place in order {
            self.to(&entries[place])?.read_to_end(&mut held[place])?;
        }
        Ok(held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    /// Position and size in MiB, in the order of names.
    fn batches_of(members: &[(u64, u64)]) -> Vec<(usize, usize)> {
        let entry = |&(position, size)| Entry {
            path: String::new(),
            position: position * MIB,
            size: size * MIB,
        };
        let entries: Vec<Entry> = members.iter().map(entry).collect();
        batches(&entries).into_iter().map(|batch| (batch.start, batch.end)).collect()
    }

    #[test]
    fn a_batch_lies_in_order_or_fits() {
        // In order, however large.
        assert_eq!(batches_of(&[(0, 900), (900, 900), (1_800, 1)]), [(0, 3)]);
        // Out of order, and together no more than 64 MiB.
        assert_eq!(batches_of(&[(40, 24), (20, 20), (0, 20)]), [(0, 3)]);
        // 24 + 20 fit; 21 more do not.
        assert_eq!(batches_of(&[(41, 24), (21, 20), (0, 21)]), [(0, 2), (2, 3)]);
        // Too large to hold: one at a time. The last two lie in order.
        assert_eq!(
            batches_of(&[(300, 100), (200, 100), (0, 100), (100, 100)]),
            [(0, 1), (1, 2), (2, 4)]
        );
        assert_eq!(batches_of(&[]), []);
    }
}
