//! From a file to its members.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::disk::Disk;
use super::fault::{refuse, told};
use super::limits::{HELD_MAX, MEMBERS_MAX, Meter, Metered, NAME_MAX};
use super::magic::{Kind, read_head};
use super::member::Member;
use super::names::Named;
use super::tarred::{Gunzipped, Seekable, each_in_tar};
use super::zipped::each_in_zip;
use crate::prices::history::HistoryError;

type Faults = Vec<HistoryError>;

/// Bytes of a buffer between two decoders.
const BUFFER: usize = 1 << 17;
/// How often a member may be packed by gzip on top of gzip.
const GZIP_LAYERS_MAX: usize = 2;
/// Archives within archives: the file itself, and one in it.
const DEPTH_MAX: usize = 2;

/// Calls the visitor with each member of one file.
pub(super) struct Walk<'w> {
    pub meter: &'w Meter,
    visit: &'w mut dyn FnMut(&mut Member<'_>) -> Result<(), Faults>,
    members: usize,
    /// Archives that are open, one in the other.
    depth: usize,
}

impl<'w> Walk<'w> {
    pub fn new(
        meter: &'w Meter,
        visit: &'w mut dyn FnMut(&mut Member<'_>) -> Result<(), Faults>,
    ) -> Self {
        Self { meter, visit, members: 0, depth: 0 }
    }

    /// A whole file on disk. Zip and tar are read by seeking, all else as a stream.
    pub fn file(&mut self, named: &Named, disk: &mut Disk<'_>) -> Result<(), Faults> {
        let fail = |error: io::Error| told(&named.origin, &error);
        let head = read_head(disk).map_err(fail)?;
        disk.begin(0, 1, 1).map_err(fail)?;
        match Kind::of(&head) {
            Kind::Zip => each_in_zip(self, named, BufReader::with_capacity(BUFFER, disk)),
            Kind::Tar => {
                disk.twice();
                each_in_tar(self, named, &mut Seekable(BufReader::with_capacity(BUFFER, disk)))
            }
            Kind::Gzip => {
                let meter = self.meter;
                let mut stream = gunzip(BufReader::with_capacity(BUFFER, &mut *disk), meter);
                let head = read_head(&mut stream).map_err(fail)?;
                if Kind::of(&head) == Kind::Tar {
                    drop(stream);
                    return each_in_tar(self, named, &mut Gunzipped { disk, meter });
                }
                self.stream(named.clone(), head, Box::new(stream), 1)
            }
            Kind::Other(_) | Kind::Plain => self.stream(
                named.clone(),
                Vec::new(),
                Box::new(BufReader::with_capacity(BUFFER, disk)),
                0,
            ),
        }
    }

    /// A member of an archive: a file, perhaps packed once more.
    pub fn packed(&mut self, named: Named, stream: &mut dyn BufRead) -> Result<(), Faults> {
        self.stream(named, Vec::new(), Box::new(stream), 0)
    }

    /// Bytes that begin with `head` and go on with `rest`, unpacked by `layers` of gzip so far.
    fn stream<'a>(
        &mut self,
        named: Named,
        mut head: Vec<u8>,
        mut rest: Box<dyn BufRead + 'a>,
        mut layers: usize,
    ) -> Result<(), Faults>
    where
        'w: 'a,
    {
        let fail = |error: io::Error| told(&named.origin, &error);
        if head.is_empty() {
            head = read_head(&mut rest).map_err(fail)?;
        }
        while Kind::of(&head) == Kind::Gzip {
            layers += 1;
            if layers > GZIP_LAYERS_MAX {
                return refuse(&named.origin, "gzip in gzip in gzip", "unpack it first");
            }
            let mut stream = gunzip(Cursor::new(head).chain(rest), self.meter);
            head = read_head(&mut stream).map_err(fail)?;
            rest = Box::new(stream);
        }
        match Kind::of(&head) {
            kind @ (Kind::Zip | Kind::Tar) => {
                let bytes = held(&named, Cursor::new(head).chain(rest))?;
                if kind == Kind::Zip {
                    each_in_zip(self, &named, Cursor::new(bytes))
                } else {
                    each_in_tar(self, &named, &mut Seekable(Cursor::new(bytes)))
                }
            }
            Kind::Other(packer) => refuse(
                &named.origin,
                format!("packed by {packer}"),
                "unpack it, or pack it by gzip or zip",
            ),
            Kind::Gzip | Kind::Plain => self.member(Member::new(named, head, rest)),
        }
    }

    fn member(&mut self, mut member: Member<'_>) -> Result<(), Faults> {
        match (self.visit)(&mut member) {
            Ok(()) => member.finish().map_or(Ok(()), |fault| Err(vec![fault])),
            Err(faults) => Err(member.fault().map_or(faults, |fault| vec![fault])),
        }
    }

    /// Runs `list` with one more archive open.
    pub fn within(
        &mut self,
        named: &Named,
        list: impl FnOnce(&mut Self) -> Result<(), Faults>,
    ) -> Result<(), Faults> {
        if self.depth == DEPTH_MAX {
            return refuse(
                &named.origin,
                "an archive in an archive in an archive",
                "unpack it first",
            );
        }
        self.depth += 1;
        let result = list(self);
        self.depth -= 1;
        result
    }

    /// Counts a member of an archive, before it is read.
    pub fn count(&mut self, named: &Named, path: &[u8]) -> Result<(), Faults> {
        self.members += 1;
        if self.members > MEMBERS_MAX {
            let problem = format!("more than {MEMBERS_MAX} members");
            return refuse(&named.origin, problem, "unpack it, and give the files in portions");
        }
        if path.len() > NAME_MAX {
            let problem = format!("a member's name has {} bytes, more than {NAME_MAX}", path.len());
            return refuse(&named.origin, problem, "pack the files anew under shorter names");
        }
        Ok(())
    }
}

/// Unpacks gzip, counted and buffered.
pub(super) fn gunzip<'m, R: BufRead>(
    stream: R,
    meter: &'m Meter,
) -> BufReader<Metered<'m, MultiGzDecoder<R>>> {
    let inner = MultiGzDecoder::new(stream);
    BufReader::with_capacity(BUFFER, Metered { inner, meter })
}

/// An archive within an archive, which is held whole.
fn held(named: &Named, stream: impl Read) -> Result<Vec<u8>, Faults> {
    let mut bytes = Vec::new();
    let read = stream.take(HELD_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|error| told(&named.origin, &error))?;
    if bytes.len() as u64 > HELD_MAX {
        let problem = format!("an archive of more than {HELD_MAX} bytes within another");
        return refuse(&named.origin, problem, "unpack the outer one first");
    }
    Ok(bytes)
}
