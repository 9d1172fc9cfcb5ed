//! Samples with bytes changed, taken out and put in: whatever comes of it, no panic, and columns of
//! equal length.

use super::super::{Gather, read_member};
use super::samples::SAMPLES;
use crate::data::raw::{Cells, Raw};
use crate::data::{Member, ReadOptions};

/// Knuth's MMIX generator: the same mutations on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

fn mutate(random: &mut Random, bytes: &mut Vec<u8>) {
    const PIECES: [&[u8]; 24] = [
        b",",
        b"\n",
        b"\"",
        b"[",
        b"]",
        b"{",
        b"}",
        b":",
        b"-",
        b".",
        b"e999",
        b"\xff",
        b"\0",
        b"\r",
        b"9223372036854775808",
        b"nan",
        b"null",
        b"[[[[",
        b"\"\"",
        b"\\",
        b";",
        b"\t",
        b"1e5",
        b"-1",
    ];
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        match random.below(4) {
            0 if !bytes.is_empty() => bytes[at] = random.below(256) as u8,
            1 => {
                let piece = PIECES[random.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            2 => {
                let to = bytes.len().min(at + random.below(12));
                bytes.drain(at..to);
            }
            _ => {
                let to = bytes.len().min(at + random.below(40));
                let copy = bytes[at..to].to_vec();
                let into = random.below(bytes.len());
                bytes.splice(into..into, copy);
            }
        }
    }
}

fn check(raw: &Raw) {
    match raw {
        Raw::Series(series) => {
            let n = series.rows.len();
            assert_eq!((series.time.len(), series.written.len()), (n, n));
            assert!(series.columns.iter().all(|column| column.values.len() == n));
            assert!(
                series.columns.iter().flat_map(|column| &column.values).all(|v| !v.is_infinite())
            );
            assert_eq!(series.unread.blank.len(), series.columns.len() + 1);
        }
        Raw::Table(table) => {
            let n = table.rows.len();
            assert!(table.time.as_ref().is_none_or(|times| times.len() == n));
            for column in &table.columns {
                let length = match &column.cells {
                    Cells::Number(values) => values.len(),
                    Cells::Text(texts) => texts.len(),
                };
                assert_eq!(length, n);
            }
            assert_eq!(table.unread.blank.len(), table.columns.len() + 1);
            assert_eq!(table.unread.odd.len(), table.columns.len() + 1);
        }
    }
}

#[test]
fn no_change_of_bytes_makes_a_reader_panic() {
    const MUTATIONS: usize = 20_000;
    let mut random = Random(20_241_101);
    let mut n_read = 0;
    for n in 0..MUTATIONS {
        let sample = &SAMPLES[n % SAMPLES.len()];
        let mut bytes = sample.text.as_bytes().to_vec();
        mutate(&mut random, &mut bytes);
        let mut gather = Gather::default();
        let mut member = Member::of_bytes(sample.name, &bytes);
        let read = read_member(&mut member, &ReadOptions::default(), &mut gather);
        n_read += usize::from(read.is_ok());
        if read.is_ok() {
            gather.finish().iter().for_each(check);
        }
    }
    // Most changes leave something to read; were nearly all refused, readers would go untested.
    assert!(n_read > MUTATIONS / 3, "{n_read}");
}
