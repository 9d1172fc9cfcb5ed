use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{
    ArrayRef, Float32Array, Float64Array, Int64Array, NullArray, RecordBatch, StringArray,
    StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray, UInt32Array,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};

use super::*;
use crate::data::each_member;
use crate::data::raw::{Label, Meaning, NO_TIME, Raw, RawSeries, Role, Shape, Written};

/// 2025-01-01T00:00:00Z, `date -ud 2025-01-01 +%s` times 1000.
const JAN_2025: i64 = 1_735_689_600_000;
const HOUR: i64 = 3_600_000;

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true)))
        .unwrap()
}

fn written(batches: &[RecordBatch], compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    let schema = batches[0].schema();
    let mut writer = FileWriter::try_new_with_options(Vec::new(), &schema, options).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

fn floats(values: impl IntoIterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values))
}

fn hours(n: usize) -> ArrayRef {
    let times = (0..n as i64).map(|k| JAN_2025 + k * HOUR);
    Arc::new(TimestampMillisecondArray::from_iter_values(times).with_timezone("UTC"))
}

/// Bars as freqtrade has them: open 100 + k, high 1 above, low 1 below, close ½ above.
fn bars(n: usize, volume: f64) -> RecordBatch {
    let opens = || (0..n).map(|k| 100.0 + k as f64);
    batch(vec![
        ("date", hours(n)),
        ("open", floats(opens())),
        ("high", floats(opens().map(|v| v + 1.0))),
        ("low", floats(opens().map(|v| v - 1.0))),
        ("close", floats(opens().map(|v| v + 0.5))),
        ("volume", floats(opens().map(|_| volume))),
    ])
}

fn series_of(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Vec<RawSeries>, String> {
    let mut gather = Gather::default();
    read(&mut Member::of_bytes(name, bytes), options, &mut gather).map_err(|errors| {
        assert_eq!(errors.len(), 1);
        errors[0].to_string()
    })?;
    let series = gather.finish().into_iter().map(|raw| match raw {
        Raw::Series(series) => series,
        Raw::Table(_) => panic!("a table"),
    });
    Ok(series.collect())
}

fn one(name: &str, bytes: &[u8]) -> RawSeries {
    let mut series = series_of(name, bytes, &ReadOptions::default()).unwrap();
    assert_eq!(series.len(), 1);
    series.remove(0)
}

fn assert_equal_lengths(series: &RawSeries) {
    let n = series.rows.len();
    assert_eq!((series.time.len(), series.written.len()), (n, n));
    assert!(series.columns.iter().all(|column| column.values.len() == n));
}

fn label(role: Role) -> Label {
    Label { asset: "BTC".into(), quote: Some("USDT".into()), role }
}

#[test]
fn bars_of_freqtrade() {
    let file = [bars(3, 2.0), bars(2, 2.0)];
    for compression in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
        for name in ["BTC_USDT_USDT-1h-futures.feather", "BTC_USDT-1h.feather"] {
            let series = one(name, &written(&file, compression));
            assert_eq!((series.layout, series.shape), ("freqtrade feather", Shape::Bars));
            assert_eq!(series.label, label(Role::Last));
            assert_eq!(series.stated_interval_ms, Some(HOUR));
            let times = [0, 1, 2, 0, 1].map(|k| JAN_2025 + k * HOUR);
            assert_eq!(series.time, times);
            assert_eq!(series.written, [Written::Millis; 5]);
            assert_eq!(series.rows.line, [1, 2, 3, 4, 5]);
            assert_eq!(series.column(Meaning::Open).unwrap(), [100.0, 101.0, 102.0, 100.0, 101.0]);
            assert_eq!(series.column(Meaning::Low).unwrap()[2], 101.0);
            assert_eq!(series.column(Meaning::Close).unwrap()[1], 101.5);
            assert_eq!(series.column(Meaning::Volume).unwrap(), [2.0; 5]);
            assert_eq!(series.remarks, [""; 0]);
        }
    }
}

#[test]
fn kinds_of_freqtrade_are_told_by_the_name() {
    let still = written(&[bars(3, 0.0)], Some(CompressionType::LZ4_FRAME));
    let mark = one("d.zip/BTC_USDT_USDT-1h-mark.feather", &still);
    assert_eq!((mark.label.clone(), mark.shape), (label(Role::Mark), Shape::Bars));
    assert_eq!(mark.columns.len(), 4);
    assert_eq!(mark.remarks, ["volume is left out: a mark price has none"]);

    let traded = written(&[bars(3, 7.0)], None);
    let mark = one("BTC_USDT_USDT-1h-mark.feather", &traded);
    assert!(mark.remarks[1].ends_with("but in 3 cells are not"));

    let index = one("BTC_USDT_USDT-1h-premiumIndex.feather", &traded);
    assert_eq!((index.label.role, index.shape), (Role::Value, Shape::Series));
    assert_eq!(index.column(Meaning::Value).unwrap(), [100.5, 101.5, 102.5]);

    let zeros = || floats([0.0; 2]);
    let rates = batch(vec![
        ("date", hours(2)),
        ("open", floats([0.0001, -0.003])),
        ("high", zeros()),
        ("low", zeros()),
        ("close", zeros()),
        ("volume", floats([0.0, 0.5])),
    ]);
    let rates = one("BTC_USDT_USDT-1h-funding_rate.feather", &written(&[rates], None));
    assert_eq!((rates.label.clone(), rates.shape), (label(Role::Funding), Shape::Series));
    assert_eq!(rates.column(Meaning::Value).unwrap(), [0.0001, -0.003]);
    assert_eq!(rates.columns[0].name, "open");
    assert_eq!(rates.stated_interval_ms, Some(HOUR));
    assert_eq!(rates.remarks[0], "the rate is in column open");
    assert!(rates.remarks[1].ends_with("but in 1 cells are not"));

    // The caller's word goes before the name's.
    let options =
        ReadOptions { asset: Some("XYZ".into()), role: Some(Role::Bid), ..ReadOptions::default() };
    let bids = series_of("BTC_USDT_USDT-1h-mark.feather", &traded, &options).unwrap();
    assert_eq!((bids[0].label.asset.as_str(), bids[0].label.role), ("XYZ", Role::Bid));
    assert_eq!(bids[0].columns.len(), 5);
}

#[test]
fn other_columns_and_types() {
    let us = [JAN_2025 * 1_000, JAN_2025 * 1_000 + 1_500, -1];
    let foreign = batch(vec![
        ("note", Arc::new(StringArray::from(vec!["a", "b", "c"])) as ArrayRef),
        ("empty", Arc::new(NullArray::new(3))),
        ("view", Arc::new(StringViewArray::from(vec!["a text longer than twelve", "b", "c"]))),
        ("Time", Arc::new(TimestampMicrosecondArray::from(us.to_vec()))),
        ("Close", Arc::new(Float32Array::from(vec![Some(1.5), None, Some(f32::NAN)]))),
        ("Vol", Arc::new(UInt32Array::from(vec![7, 8, 9]))),
    ]);
    for compression in [None, Some(CompressionType::ZSTD)] {
        let series = one("eth.arrow", &written(std::slice::from_ref(&foreign), compression));
        assert_eq!((series.layout, series.shape), ("arrow", Shape::Close));
        assert_eq!((series.label.asset.as_str(), series.label.role), ("ETH", Role::Last));
        assert_eq!(series.time, [JAN_2025, JAN_2025 + 1, NO_TIME]);
        assert_eq!(series.written, [Written::IsoNaive, Written::IsoNaive, Written::Unreadable]);
        assert_eq!(series.finer_than_ms, 1);
        assert_eq!(series.column(Meaning::Volume).unwrap(), [7.0, 8.0, 9.0]);
        assert_eq!(series.unread.blank, [2, 0, 0]);
        assert_eq!(series.unread.odd, [0, 0, 1]);
        assert_eq!((series.unread.examples[0].row, &*series.unread.examples[0].text), (2, "-1"));
        assert!(series.column(Meaning::Close).unwrap()[1].is_nan());
        let remarks = ["columns left out: note, empty, view"];
        assert!(remarks.iter().all(|told| series.remarks.contains(&(*told).to_owned())));
    }
    let texts = batch(vec![
        (
            "timestamp",
            Arc::new(StringArray::from(vec!["2025-01-01T00:00:00Z", "", "x"])) as ArrayRef,
        ),
        ("funding_rate", floats([1e-4, 2e-4, 3e-4])),
        ("mark_price", floats([10.0, 11.0, 12.0])),
        ("other", floats([0.0; 3])),
    ]);
    let bytes = written(&[texts], Some(CompressionType::LZ4_FRAME));
    let series = series_of("BTCUSDT.feather", &bytes, &ReadOptions::default()).unwrap();
    let roles: Vec<Role> = series.iter().map(|series| series.label.role).collect();
    assert_eq!(roles, [Role::Funding, Role::Mark, Role::Value]);
    for series in &series {
        assert_equal_lengths(series);
        assert_eq!(series.time, [JAN_2025, NO_TIME, NO_TIME]);
        assert_eq!((series.unread.blank[1], series.unread.odd[1]), (1, 1));
    }
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(JAN_2025 / 1_000), None]));
    let told = batch(vec![("when", numbers), ("px", floats([1.0, 2.0]))]);
    let options = ReadOptions {
        columns: vec![("close".into(), "px".into()), ("time".into(), "when".into())],
        asset: Some("SOL".into()),
        ..ReadOptions::default()
    };
    let series = series_of("x", &written(std::slice::from_ref(&told), None), &options).unwrap();
    assert_eq!((series[0].shape, &*series[0].time), (Shape::Close, &[JAN_2025, NO_TIME][..]));
    let fault = series_of("x", &written(&[told], None), &ReadOptions::default()).unwrap_err();
    assert!(
        fault.starts_with("x: no column of times; the columns are \"when\" (Int64), "),
        "{fault}"
    );
}

#[test]
fn what_is_not_read_is_told() {
    let whole = written(&[bars(10, 1.0)], None);
    let mut stream = StreamWriter::try_new(Vec::new(), &bars(1, 1.0).schema()).unwrap();
    stream.write(&bars(1, 1.0)).unwrap();
    stream.finish().unwrap();
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["1"]));
    let of_texts = batch(vec![("time", hours(1)), ("close", texts)]);
    for (name, bytes, expected) in [
        (
            "BTC.feather",
            whole[..whole.len() - 1].to_vec(),
            "does not end with ARROW1: it is cut short",
        ),
        ("BTC.feather", b"FEA1....FEA1".to_vec(), "Feather version 1; write version 2"),
        ("BTC.arrows", stream.into_inner().unwrap(), "an Arrow IPC stream, not a file"),
        ("BTC.feather", b"ARROW1\0\0\0\0\0\0\0\0ARROW1".to_vec(), "not readable as an Arrow file"),
        ("BTC.feather", written(&[of_texts], None), "close: a column of type Utf8 holds no prices"),
    ] {
        let fault = series_of(name, &bytes, &ReadOptions::default()).unwrap_err();
        assert!(fault.contains(expected), "{fault}");
    }
}

#[test]
fn what_nothing_names_goes_by_its_file() {
    let series = one("x/data.feather", &written(&[bars(2, 1.0)], None));
    assert_eq!((series.label.asset.as_str(), series.layout), ("DATA", "arrow"));
    assert_eq!(series.remarks, [crate::data::layout::context::NAMELESS]);
    let empty = written(&[bars(0, 1.0)], None);
    let fault = series_of("BTC_USDT-1h.feather", &empty, &ReadOptions::default()).unwrap_err();
    assert!(fault.contains("there is no row in it"), "{fault}");
}

/// Whatever the bytes say, the answer is a message or a series of equal columns, and no room is
/// made for more than the rows need: 2^45 bytes would end the process.
#[test]
fn changed_bytes_never_panic_nor_take_the_memory() {
    let name = "BTC_USDT_USDT-1h-futures.feather";
    let check = |bytes: &[u8]| {
        if let Ok(series) = series_of(name, bytes, &ReadOptions::default()) {
            series.iter().for_each(assert_equal_lengths);
        }
    };
    for compression in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
        let sound = written(&[bars(20, 1.0), bars(20, 2.0)], compression);
        for at in (0..sound.len() - 8).step_by(4) {
            for claim in [1_i64 << 45, i64::MAX, i64::MIN, -1] {
                let mut bytes = sound.clone();
                bytes[at..at + 8].copy_from_slice(&claim.to_le_bytes());
                check(&bytes);
            }
        }
        for at in 0..sound.len() {
            let mut bytes = sound.clone();
            bytes[at] = bytes[at].wrapping_mul(31).wrapping_add(97);
            check(&bytes);
            check(&sound[..at]);
        }
    }
}

/// The real files: rows as span and interval demand where the list beside them says "no gaps".
#[test]
fn real_files() {
    let Some(folder) = std::env::var_os("DRYPOWDER_DATA").map(PathBuf::from) else {
        println!("skipped: DRYPOWDER_DATA is not set");
        return;
    };
    let minute = 60_000;
    let eight = 8 * HOUR;
    let kinds = [("5m-futures", 5 * minute), ("1h-mark", HOUR), ("1h-funding_rate", eight)];
    for asset in ["BTC", "ETH", "SOL"] {
        for (kind, interval) in kinds {
            let name = format!("marketlab/futures/{asset}_USDT_USDT-{kind}.feather");
            check_real(&folder.join(name), asset, interval);
        }
    }
    let kinds = [("1h-futures", HOUR), ("1h-mark", HOUR), ("1h-funding_rate", eight)];
    for asset in ["BTC", "ETH"] {
        for (kind, interval) in kinds {
            let name = format!("algotrading/futures/{asset}_USDT_USDT-{kind}.feather");
            check_real(&folder.join(name), asset, interval);
        }
    }
    let jittered = "algotrading/futures/SOL_USDT_USDT-8h-funding_rate.feather";
    check_real(&folder.join(jittered), "SOL", eight);
}

fn check_real(path: &Path, asset: &str, interval: i64) {
    let mut gather = Gather::default();
    each_member(path, &mut |_| (), &mut |member| {
        read(member, &ReadOptions::default(), &mut gather)
    })
    .unwrap();
    let raws = gather.finish();
    let [Raw::Series(series)] = raws.as_slice() else { panic!("{} series", raws.len()) };
    assert_equal_lengths(series);
    assert_eq!((series.label.asset.as_str(), series.layout), (asset, "freqtrade feather"));
    let (first, last) = (series.time[0], series.time[series.time.len() - 1]);
    let expected = (last - first + interval / 2) / interval + 1;
    assert_eq!(series.time.len() as i64, expected, "{}", path.display());
    println!("{}: {} rows, {:?}", path.display(), series.time.len(), series.remarks);
    if let Some(volume) = series.column(Meaning::Volume) {
        let still = volume.iter().filter(|&&v| v == 0.0).count();
        let expected = match (interval, asset) {
            (HOUR, "BTC") => 3,
            (HOUR, _) => 1,
            _ => 5,
        };
        assert_eq!(still, expected, "{}", path.display());
    }
}
