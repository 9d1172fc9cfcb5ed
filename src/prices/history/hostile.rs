//! Tests against bytes that nobody meant: the loaders must answer with faults, never panic, and
//! never take more memory than a history may.

use std::path::{Path, PathBuf};

use parquet::basic::Compression;
use parquet::data_type::{DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use super::{
    Bars, CsvColumns, DisorderRule, DuplicateRule, GapRule, HistoryError, LoadOptions, TimeUnit,
    load_bars, load_series, write_bars,
};

const MINUTE_MS: i64 = 60_000;

fn repairing() -> LoadOptions {
    LoadOptions {
        disorder: DisorderRule::Sort,
        duplicates: DuplicateRule::KeepLast,
        gaps: GapRule::Fill,
        ..LoadOptions::default()
    }
}

fn saved(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// What the loaders promise of anything they hand over.
fn assert_sound(bars: &Bars) {
    let Bars { open_time, open, high, low, close, volume, interval_ms, .. } = bars;
    assert!(!open_time.is_empty() && *interval_ms > 0);
    assert!(open_time.windows(2).all(|w| w[1] > w[0] && (w[1] - w[0]) % interval_ms == 0));
    for k in 0..open_time.len() {
        assert!(0.0 < low[k] && low[k] <= open[k].min(close[k]));
        assert!(high[k] >= open[k].max(close[k]) && high[k].is_finite());
        assert!(volume.as_ref().is_none_or(|volume| volume[k] >= 0.0));
    }
}

fn try_all(path: &Path) {
    for options in [LoadOptions::default(), repairing()] {
        match load_bars(path, &options) {
            Ok(bars) => assert_sound(&bars),
            Err(faults) => assert!((1..=21).contains(&faults.len())),
        }
        let _ = load_series(path, &options);
    }
}

fn sample(n: usize) -> Bars {
    let close: Vec<f64> = (0..n).map(|k| 100.0 + (k * 7919 % 101) as f64).collect();
    Bars {
        interval_ms: MINUTE_MS,
        open_time: (0..n as i64).map(|k| 1_543_104_000_000 + k * MINUTE_MS).collect(),
        open: close.clone(),
        high: close.iter().map(|c| c + 1.0).collect(),
        low: close.iter().map(|c| c - 1.0).collect(),
        volume: Some(vec![1.5; n]),
        close,
        close_only: false,
        metadata: Default::default(),
    }
}

fn sample_bytes() -> Vec<u8> {
    let (_folder, path) = saved("a.parquet", b"");
    write_bars(&path, &sample(400)).unwrap();
    std::fs::read(path).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_bytes_as_csv(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        try_all(&saved("a.csv", &bytes).1);
    }

    #[test]
    fn csv_like_text(rows in prop::collection::vec("[0-9]{1,14},[0-9a-zA-Z.,\"\r-]{0,24}", 0..12)) {
        let text = format!("time,open,high,low,close\n{}", rows.join("\n"));
        try_all(&saved("a.csv", text.as_bytes()).1);
    }

    #[test]
    fn truncated_parquet(share in 0.0..1.0_f64) {
        let bytes = sample_bytes();
        let length = (bytes.len() as f64 * share) as usize;
        try_all(&saved("a.parquet", &bytes[..length]).1);
    }

    #[test]
    fn mutated_parquet(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut bytes = sample_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        try_all(&saved("a.parquet", &bytes).1);
    }

    #[test]
    fn what_was_filled_passes_the_strict_check(
        kept in prop::collection::vec(any::<bool>(), 3..60),
        twice in any::<prop::sample::Index>(),
    ) {
        let bars = sample(kept.len());
        let mut rows: Vec<String> = (0..kept.len())
            .filter(|&k| kept[k] || k < 2)
            .map(|k| format!("{},{},{}\n", bars.open_time[k], bars.close[k], k))
            .collect();
        rows.push(rows[twice.index(rows.len())].clone());
        rows.reverse();
        let (folder, csv) = saved("a.csv", format!("time,close,volume\n{}", rows.concat()).as_bytes());
        let columns = CsvColumns { volume: Some("volume".into()), ..CsvColumns::close_only("time", "close") };
        let options = LoadOptions {
            columns: Some(columns),
            interval_ms: Some(MINUTE_MS),
            ..repairing()
        };
        let filled = load_bars(csv, &options).unwrap();
        let copy = folder.path().join("b.parquet");
        write_bars(&copy, &filled).unwrap();
        prop_assert_eq!(load_bars(copy, &LoadOptions::default()), Ok(filled.clone()));
        let n_there = filled.open_time.len() as u64 - filled.repairs().bars_filled;
        prop_assert_eq!(n_there, rows.len() as u64 - 1);
    }
}

/// Every byte of small files, turned to a few values: dearer than the samples above, and thorough
/// where they are not. The uncompressed one lets changed bytes through to the decoders.
#[test]
fn every_byte_of_a_parquet_file() {
    let times = sample(60).open_time;
    let closes: Vec<Option<f64>> = (0..60).map(|k| Some(1.0 + f64::from(k % 7))).collect();
    let plain = foreign_by(Compression::UNCOMPRESSED, "", &times, &closes);
    let columns = Some(CsvColumns::close_only("stamp", "last"));
    let others = LoadOptions { columns, ..LoadOptions::default() };
    for (bytes, options) in [(sample_bytes(), LoadOptions::default()), (plain, others)] {
        for at in 0..bytes.len() {
            for byte in [0x00, 0xff, bytes[at] ^ 0x80, bytes[at].wrapping_add(1)] {
                let mut bytes = bytes.clone();
                bytes[at] = byte;
                if let Ok(bars) = load_bars(saved("a.parquet", &bytes).1, &options) {
                    assert_sound(&bars);
                }
            }
        }
    }
}

/// Parquet as others write it: optional columns, microseconds, nulls.
fn foreign(time_type: &str, times: &[i64], closes: &[Option<f64>]) -> Vec<u8> {
    foreign_by(Compression::SNAPPY, time_type, times, closes)
}

fn foreign_by(
    compression: Compression,
    time_type: &str,
    times: &[i64],
    closes: &[Option<f64>],
) -> Vec<u8> {
    let message = format!(
        "message m {{ OPTIONAL DOUBLE last; REQUIRED INT64 stamp{time_type}; \
         OPTIONAL BYTE_ARRAY note (STRING); }}"
    );
    let schema = std::sync::Arc::new(parse_message_type(&message).unwrap());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties.into()).unwrap();
    let levels: Vec<i16> = closes.iter().map(|close| close.is_some().into()).collect();
    let values: Vec<f64> = closes.iter().copied().flatten().collect();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<DoubleType>().write_batch(&values, Some(&levels), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(times, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let nothing = vec![0; closes.len()];
    column
        .typed::<parquet::data_type::ByteArrayType>()
        .write_batch(&[], Some(&nothing), None)
        .unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.into_inner().unwrap()
}

fn load_foreign(bytes: &[u8], close: &str, unit: TimeUnit) -> Result<Bars, Vec<HistoryError>> {
    let columns = Some(CsvColumns::close_only("stamp", close));
    let (_folder, path) = saved("a.parquet", bytes);
    load_bars(path, &LoadOptions { columns, time_unit: unit, ..LoadOptions::default() })
}

#[test]
fn parquet_of_others_is_read_or_refused_clearly() {
    let ms = sample(3).open_time;
    let us: Vec<i64> = ms.iter().map(|t| t * 1_000).collect();
    let s: Vec<i64> = ms.iter().map(|t| t / 1_000).collect();
    let closes = [Some(1.0), Some(2.0), Some(3.0)];
    for (time_type, times, unit) in [
        ("", &s, TimeUnit::Auto),
        ("", &ms, TimeUnit::Millis),
        (" (TIMESTAMP_MILLIS)", &ms, TimeUnit::Auto),
        (" (TIMESTAMP(MICROS,true))", &us, TimeUnit::Auto),
        // The type's own unit prevails.
        (" (TIMESTAMP(MICROS,false))", &us, TimeUnit::Seconds),
    ] {
        let bars = load_foreign(&foreign(time_type, times, &closes), "last", unit).unwrap();
        assert_eq!((bars.open_time.as_slice(), bars.close), (ms.as_slice(), vec![1.0, 2.0, 3.0]));
    }
    let first = |bytes: &[u8], close: &str| {
        load_foreign(bytes, close, TimeUnit::Auto).unwrap_err()[0].to_string()
    };
    let holes = foreign("", &ms, &[Some(1.0), None, Some(3.0)]);
    assert!(first(&holes, "last").contains("row 2, last = null: no value"));
    assert!(first(&holes, "lost").contains("the nearest is \"last\""));
    assert!(first(&holes, "note").contains("note: a BYTE_ARRAY column (String) is no price"));
    assert!(first(b"PAR1, not really", "last").contains("not readable as Parquet"));
}
