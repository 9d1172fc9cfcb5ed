//! What bytes are, by how they begin.

use std::io::{self, Read};

/// Bytes of a member that are there before it streams.
pub(super) const HEAD_MAX: usize = 64 << 10;

/// How bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Gzip,
    Zip,
    Tar,
    /// Packed by something that is not read here.
    Other(&'static str),
    /// Not packed, as far as this module knows.
    Plain,
}

const OTHERS: &[(&[u8], &str)] = &[
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
];

impl Kind {
    /// Of bytes that begin with `head`.
    pub fn of(head: &[u8]) -> Self {
        if head.starts_with(b"\x1f\x8b\x08") {
            return Self::Gzip;
        }
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Self::Zip;
        }
        if is_tar(head) {
            return Self::Tar;
        }
        let other = OTHERS.iter().find(|(magic, _)| head.starts_with(magic));
        other.map_or(Self::Plain, |(_, name)| Self::Other(name))
    }
}

/// Whether the first block is a header of a tar member: by its mark, which the oldest form lacks,
/// or by its checksum.
fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.get(..512) else { return false };
    let header = tar::Header::from_byte_slice(block);
    let sum: u32 = block[..148].iter().chain(&block[156..]).map(|&byte| u32::from(byte)).sum();
    &block[257..262] == b"ustar" || header.cksum().is_ok_and(|told| told == sum + 8 * 32)
}

/// The first bytes of a stream, at most [`HEAD_MAX`].
pub(super) fn read_head(stream: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    stream.take(HEAD_MAX as u64).read_to_end(&mut head)?;
    Ok(head)
}
