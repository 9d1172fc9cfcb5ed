//! Tiles of a sweep on disk, as they come: what a stopped sweep goes on from.
//!
//! A file begins with the key of what is swept. Each tile follows whole: number, number of records,
//! where each ends, the records, a checksum. A tile that was cut off, or whose checksum is wrong, and
//! everything after it are as if never written.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::study::TileRows;

/// Number and count of a tile, in bytes.
const HEAD: u64 = 16;
/// Bytes of a checksum.
const SUM: usize = 8;
/// Bytes of a key.
pub(super) const KEY: usize = 32;

/// The tiles of a batch of variants.
pub(super) struct Spill {
    path: PathBuf,
    /// At its end, but while a record is read.
    file: Mutex<File>,
    end: u64,
    /// Where each tile begins.
    starts: Vec<u64>,
}

impl Spill {
    /// Opens a file with all whole tiles that it has; one of another key is begun anew.
    pub fn open(path: &Path, key: &[u8; KEY]) -> io::Result<Self> {
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut found = [0; KEY];
        let same = file.read_exact(&mut found).is_ok() && found == *key;
        let (mut end, mut starts) = (KEY as u64, Vec::new());
        if same {
            let mut reader = BufReader::new(&mut file);
            while let Some(length) = tile_length(&mut reader, starts.len() as u64) {
                starts.push(end);
                end += length;
            }
        } else {
            file.seek(SeekFrom::Start(0))?;
            file.write_all(key)?;
        }
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        Ok(Self { path: path.to_owned(), file: Mutex::new(file), end, starts })
    }

    /// Tiles that are kept, from the first on.
    pub fn tiles(&self) -> u64 {
        self.starts.len() as u64
    }

    /// Keeps the next tile.
    pub fn keep(&mut self, tile: &TileRows) -> io::Result<()> {
        debug_assert_eq!(tile.number, self.tiles());
        let mut text = Vec::with_capacity(tile.bytes.len() + 8 * tile.ends.len() + 32);
        text.extend_from_slice(&tile.number.to_le_bytes());
        text.extend_from_slice(&(tile.ends.len() as u64).to_le_bytes());
        tile.ends.iter().for_each(|end| text.extend_from_slice(&end.to_le_bytes()));
        text.extend_from_slice(&tile.bytes);
        text.extend_from_slice(&checksum(&text));
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.end))?;
        file.write_all(&text)?;
        self.starts.push(self.end);
        self.end += text.len() as u64;
        Ok(())
    }

    /// The record at a place of a tile.
    pub fn record(&self, tile: u64, place: usize) -> io::Result<Vec<u8>> {
        let start = self.starts[tile as usize];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut number = |at: u64| {
            let mut bytes = [0; 8];
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut bytes)?;
            Ok::<_, io::Error>(u64::from_le_bytes(bytes))
        };
        let count = number(start + 8)?;
        let end = number(start + HEAD + 8 * place as u64)?;
        let from = match place.checked_sub(1) {
            Some(before) => number(start + HEAD + 8 * before as u64)?,
            None => 0,
        };
        let mut record = vec![0; (end - from) as usize];
        file.seek(SeekFrom::Start(start + HEAD + 8 * count + from))?;
        file.read_exact(&mut record)?;
        Ok(record)
    }

    /// Takes the file away.
    pub fn remove(self) -> io::Result<()> {
        std::fs::remove_file(&self.path)
    }
}

fn checksum(bytes: &[u8]) -> [u8; SUM] {
    let digest = Sha256::digest(bytes);
    std::array::from_fn(|place| digest[place])
}

/// Length of the next tile, if it is whole and has that number.
fn tile_length(reader: &mut impl Read, number: u64) -> Option<u64> {
    let mut text = Vec::new();
    let mut take = |length: u64| {
        let before = text.len();
        reader.by_ref().take(length).read_to_end(&mut text).ok()?;
        let all = (text.len() - before) as u64 == length;
        all.then(|| text[before..].to_vec())
    };
    let word = |bytes: &[u8]| bytes.try_into().ok().map(u64::from_le_bytes);
    if word(&take(8)?)? != number {
        return None;
    }
    let count = word(&take(8)?)?;
    let ends = take(count.checked_mul(8)?)?;
    let length = ends.rchunks_exact(8).next().map_or(Some(0), word)?;
    take(length)?;
    let sum = checksum(&text);
    let mut found = [0; SUM];
    reader.read_exact(&mut found).ok()?;
    (sum == found).then_some(text.len() as u64 + SUM as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(number: u64) -> TileRows {
        let bytes: Vec<u8> = (0..30).map(|byte| byte + number as u8).collect();
        TileRows { number, bytes, ends: vec![10, 10, 30] }
    }

    #[test]
    fn whole_tiles_are_found_again_and_broken_ones_are_not() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("tiles");
        let key = [7; KEY];
        let mut spill = Spill::open(&path, &key).unwrap();
        (0..3).for_each(|number| spill.keep(&tile(number)).unwrap());
        drop(spill);
        let whole = std::fs::read(&path).unwrap();
        let length = (whole.len() - KEY) / 3;
        for cut in KEY..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let mut spill = Spill::open(&path, &key).unwrap();
            let kept = spill.tiles();
            assert_eq!(kept as usize, (cut - KEY) / length, "cut at {cut}");
            (kept..3).for_each(|number| spill.keep(&tile(number)).unwrap());
            assert_eq!(spill.record(2, 2).unwrap(), tile(2).record(2));
            assert_eq!(spill.record(1, 1).unwrap(), b"");
            drop(spill);
            assert_eq!(std::fs::read(&path).unwrap(), whole);
        }
        // One bit of the second tile, or the key of another sweep.
        let mut wrong = whole.clone();
        wrong[KEY + length + 40] ^= 1;
        std::fs::write(&path, &wrong).unwrap();
        assert_eq!(Spill::open(&path, &key).unwrap().tiles(), 1);
        std::fs::write(&path, &whole).unwrap();
        assert_eq!(Spill::open(&path, &[8; KEY]).unwrap().tiles(), 0);
    }
}
