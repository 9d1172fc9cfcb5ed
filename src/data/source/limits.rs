//! What a file may cost at most.

use std::cell::Cell;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::fault::Refusal;

/// Most bytes that one pass over one file may unpack to.
const UNPACKED_MAX: u64 = 64 << 30;
/// Bytes that any file may unpack to, however small it is.
const UNPACKED_FREE: u64 = 256 << 20;
/// Most bytes per byte on disk beyond that. Prices as text pack 3 to 60 to one; gzip can pack
/// zeros 1029 to one, and gzip in gzip a million to one.
const RATIO_MAX: u64 = 500;
/// Most members of one file, those of inner archives included.
pub(super) const MEMBERS_MAX: usize = 100_000;
/// Most bytes of a member's name.
pub(super) const NAME_MAX: usize = 4_096;
/// Most bytes that are held whole where a format needs them so: an archive within an archive.
pub(super) const HELD_MAX: u64 = 256 << 20;

/// Counts unpacked bytes, those of each decoder, against what the file may unpack to.
pub(super) struct Meter {
    limit: u64,
    left: Cell<u64>,
}

impl Meter {
    /// For a file of `bytes` on disk.
    pub fn for_file(bytes: u64) -> Self {
        let limit = bytes.saturating_mul(RATIO_MAX).clamp(UNPACKED_FREE, UNPACKED_MAX);
        Self { limit, left: Cell::new(limit) }
    }

    /// A new pass over the same bytes begins.
    pub fn reset(&self) {
        self.left.set(self.limit);
    }
}

/// Reads from a decoder, counts what comes out, and turns a panic of the decoder into an error.
pub(super) struct Metered<'m, R> {
    pub inner: R,
    pub meter: &'m Meter,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = guarded(|| self.inner.read(buffer))?;
        match self.meter.left.get().checked_sub(n as u64) {
            Some(left) => self.meter.left.set(left),
            None => {
                let limit = self.meter.limit;
                let problem = format!(
                    "unpacks to more than {limit} bytes, {RATIO_MAX} times its size or more"
                );
                let remedy =
                    "if that is what it should hold, unpack it yourself and give the files";
                return Err(Refusal::raise(problem, remedy));
            }
        }
        Ok(n)
    }
}

/// Runs a decoder on bytes that may be damaged. A panic of it is a fault of the bytes (its own
/// line still goes to stderr: a library does not touch the hook); the reader is not used again.
pub(super) fn guarded<T>(decode: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| {
        Err(io::Error::new(io::ErrorKind::InvalidData, "the decoder cannot make sense of it"))
    })
}
