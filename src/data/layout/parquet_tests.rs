use std::path::PathBuf;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type, Int96,
    Int96Type,
};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::*;
use crate::data::each_member;
use crate::data::raw::{NO_TIME, Raw, RawSeries, Shape, Written};
use crate::prices::history::{Bars, Series, write_bars, write_series};

/// 2018-11-25T10:00:00Z, `date -ud '2018-11-25 10:00' +%s` times 1000.
const START: i64 = 1_543_140_000_000;
const HOUR: i64 = 3_600_000;

type Group<'a> = SerializedRowGroupWriter<'a, Vec<u8>>;

fn put<T: DataType>(group: &mut Group<'_>, values: &[T::T], levels: Option<&[i16]>) {
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<T>().write_batch(values, levels, None).unwrap();
    column.close().unwrap();
}

fn file(message: &str, pairs: &[(&str, &str)], fill: impl FnOnce(&mut Group<'_>)) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(message).unwrap());
    let pairs =
        pairs.iter().map(|(k, v)| KeyValue::new((*k).to_owned(), (*v).to_owned())).collect();
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(pairs))
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties.into()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    fill(&mut group);
    group.close().unwrap();
    writer.into_inner().unwrap()
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

fn plain(name: &str, bytes: &[u8]) -> Vec<RawSeries> {
    series_of(name, bytes, &ReadOptions::default()).unwrap()
}

fn sample() -> Bars {
    Bars {
        interval_ms: HOUR,
        open_time: (0..3).map(|k| START + k * HOUR).collect(),
        open: vec![1.0, 2.0, 3.0],
        high: vec![4.0; 3],
        low: vec![0.5; 3],
        close: vec![2.0, 3.0, 2.5],
        volume: Some(vec![10.0, 0.0, 30.0]),
        close_only: false,
        metadata: Default::default(),
    }
}

#[test]
fn the_normal_form() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("BTC.mark.parquet");
    let mut bars = sample();
    bars.metadata.insert("drypowder.repairs".into(), "rows_sorted=1 and so on".into());
    write_bars(&path, &bars).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let series = plain("BTC.mark.parquet", &bytes).remove(0);
    assert_eq!((series.layout, series.shape), ("normal form", Shape::Bars));
    assert_eq!(series.label.to_string(), "BTC.mark");
    assert_eq!(series.stated_interval_ms, Some(HOUR));
    assert_eq!((&series.time, series.rows.line.clone()), (&bars.open_time, vec![1, 2, 3]));
    assert_eq!(series.columns[3].values, bars.close);
    assert_eq!(series.columns[4].values, [10.0, 0.0, 30.0]);
    assert_eq!(series.remarks, ["repaired before: rows_sorted=1 and so on"]);

    bars.close_only = true;
    bars.volume = None;
    bars.metadata.insert("drypowder.asset".into(), "ETH".into());
    bars.metadata.insert("drypowder.role".into(), "bid".into());
    write_bars(&path, &bars).unwrap();
    let series = plain("BTC.mark.parquet", &std::fs::read(&path).unwrap()).remove(0);
    assert_eq!((series.shape, &*series.label.to_string()), (Shape::Close, "ETH.bid"));

    let rates =
        Series { time: vec![START, START + HOUR], value: vec![1e-4, -2e-4], ..Default::default() };
    write_series(&path, &rates).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for (name, role) in
        [("SOL.funding.parquet", "funding"), ("SOL.borrow_rate.parquet", "borrow_rate")]
    {
        let series = plain(name, &bytes).remove(0);
        assert_eq!(
            (series.shape, &*series.label.to_string()),
            (Shape::Series, &*format!("SOL.{role}"))
        );
        assert_eq!((series.stated_interval_ms, &series.columns[0].values), (None, &rates.value));
    }
}

/// Every way that a time is written. The expected instants are START and START + 1 ms.
#[test]
fn times_of_all_types() {
    let ms = [START, START + 1];
    let s = [START / 1_000, START / 1_000 + 1];
    let us = [START * 1_000, START * 1_000 + 1_250];
    let ns = [START * 1_000_000, START * 1_000_000 + 1_000_000];
    for (of_type, times, expected, written, finer) in [
        ("", ms, ms, Written::Millis, 0),
        ("", s, [START, START + 1_000], Written::Seconds, 0),
        ("", us, ms, Written::Micros, 1),
        ("", ns, ms, Written::Nanos, 0),
        ("(TIMESTAMP(MILLIS,true))", ms, ms, Written::Millis, 0),
        ("(TIMESTAMP(MICROS,false))", us, ms, Written::IsoNaive, 1),
        ("(TIMESTAMP(NANOS,true))", ns, ms, Written::Nanos, 0),
        ("", [12, 13], [NO_TIME; 2], Written::Unreadable, 0),
    ] {
        let message =
            format!("message m {{ REQUIRED INT64 open_time {of_type}; REQUIRED DOUBLE CLOSE; }}");
        let bytes = file(&message, &[], |group| {
            put::<Int64Type>(group, &times, None);
            put::<DoubleType>(group, &[1.0, 2.0], None);
        });
        let series = plain("x/BTCUSDT.parquet", &bytes).remove(0);
        assert_eq!((series.shape, series.layout), (Shape::Close, "parquet"));
        assert_eq!(
            (&*series.time, &*series.written),
            (&expected[..], &[written; 2][..]),
            "{of_type}"
        );
        assert_eq!(series.finer_than_ms, finer, "{of_type}");
        assert_eq!(series.unread.odd[1], if expected[0] == NO_TIME { 2 } else { 0 });
    }
    // Julian day 2458448 is 2018-11-25 (2440588 is 1970-01-01, and 17860 days lie between).
    let mut stamp = Int96::new();
    let nanos = 10_u64 * 3_600_000_000_000 + 7;
    stamp.set_data(nanos as u32, (nanos >> 32) as u32, 2_458_448);
    let bytes = file("message m { REQUIRED INT96 date; REQUIRED FLOAT close; }", &[], |group| {
        put::<Int96Type>(group, &[stamp], None);
        put::<FloatType>(group, &[1.5], None);
    });
    let series = plain("BTC.parquet", &bytes).remove(0);
    assert_eq!(
        (series.time[0], series.written[0], series.finer_than_ms),
        (START, Written::IsoNaive, 1)
    );

    let bytes =
        file("message m { REQUIRED INT32 date (DATE); REQUIRED INT32 close; }", &[], |group| {
            put::<Int32Type>(group, &[17_860], None);
            put::<Int32Type>(group, &[7], None);
        });
    let series = plain("BTC.parquet", &bytes).remove(0);
    assert_eq!((series.time[0], series.written[0]), (START - 10 * HOUR, Written::Days));
    assert_eq!(series.columns[0].values, [7.0]);

    let message = "message m { OPTIONAL BYTE_ARRAY datetime (STRING); REQUIRED DOUBLE close; }";
    let bytes = file(message, &[], |group| {
        let texts = ["2018-11-25 10:00:00+00:00", "soon"].map(ByteArray::from);
        put::<ByteArrayType>(group, &texts, Some(&[1, 0, 1]));
        put::<DoubleType>(group, &[1.0, f64::NAN, 3.0], None);
    });
    let series = plain("BTC.parquet", &bytes).remove(0);
    assert_eq!(series.time, [START, NO_TIME, NO_TIME]);
    assert_eq!(series.written[0], Written::IsoZoned);
    assert_eq!((&*series.unread.blank, &*series.unread.odd), (&[1, 1][..], &[0, 1][..]));
    assert_eq!((series.unread.examples[0].row, &*series.unread.examples[0].text), (2, "soon"));
}

#[test]
fn columns_find_their_meaning_or_are_told() {
    let bars = "message m { REQUIRED DOUBLE low; REQUIRED INT64 timestamp; REQUIRED DOUBLE high; \
                REQUIRED DOUBLE close; REQUIRED DOUBLE open; OPTIONAL BYTE_ARRAY venue (STRING); }";
    let bytes = file(bars, &[], |group| {
        put::<DoubleType>(group, &[1.0], None);
        put::<Int64Type>(group, &[START], None);
        put::<DoubleType>(group, &[4.0], None);
        put::<DoubleType>(group, &[3.0], None);
        put::<DoubleType>(group, &[2.0], None);
        put::<ByteArrayType>(group, &[], Some(&[0]));
    });
    let series = plain("ETHUSDT-4h.parquet", &bytes).remove(0);
    assert_eq!(series.shape, Shape::Bars);
    let values: Vec<f64> = series.columns.iter().map(|column| column.values[0]).collect();
    assert_eq!((values, series.stated_interval_ms), (vec![2.0, 4.0, 1.0, 3.0], Some(4 * HOUR)));
    assert_eq!(series.remarks, ["columns left out: venue"]);

    let none = "message m { REQUIRED INT64 time; OPTIONAL BYTE_ARRAY close (STRING); }";
    let none = file(none, &[], |group| {
        put::<Int64Type>(group, &[START], None);
        put::<ByteArrayType>(group, &[], Some(&[0]));
    });
    let fault = series_of("BTC.parquet", &none, &ReadOptions::default()).unwrap_err();
    assert!(fault.contains("close: a column of type BYTE_ARRAY String holds no prices"), "{fault}");
    let only = file("message m { REQUIRED INT64 time; }", &[], |group| {
        put::<Int64Type>(group, &[START], None);
    });
    let fault = series_of("BTC.parquet", &only, &ReadOptions::default()).unwrap_err();
    assert!(fault.contains("no column of prices or values"), "{fault}");
    let fault = series_of("BTC.parquet", b"PAR1 PAR1", &ReadOptions::default()).unwrap_err();
    assert!(fault.starts_with("BTC.parquet: not readable as Parquet"), "{fault}");
}

#[test]
fn files_of_freqtrade_in_parquet() {
    let message = "message m { REQUIRED INT64 date (TIMESTAMP(MILLIS,true)); REQUIRED DOUBLE open; \
                   REQUIRED DOUBLE high; REQUIRED DOUBLE low; REQUIRED DOUBLE close; \
                   REQUIRED DOUBLE volume; }";
    let bytes = file(message, &[], |group| {
        put::<Int64Type>(group, &[START], None);
        put::<DoubleType>(group, &[1e-4], None);
        (0..4).for_each(|_| put::<DoubleType>(group, &[0.0], None));
    });
    let series = plain("BTC_USDT_USDT-8h-funding_rate.parquet", &bytes).remove(0);
    assert_eq!((series.layout, series.shape), ("freqtrade parquet", Shape::Series));
    assert_eq!((&*series.label.to_string(), series.columns[0].values[0]), ("BTC.funding", 1e-4));
}

#[test]
fn changed_bytes_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    write_bars(&path, &sample()).unwrap();
    let own = std::fs::read(&path).unwrap();
    let message = "message m { OPTIONAL BYTE_ARRAY time (STRING); REQUIRED DOUBLE close; }";
    let texts = file(message, &[], |group| {
        let texts = ["2018-11-25", "2018-11-26", "2018-11-25"].map(ByteArray::from);
        put::<ByteArrayType>(group, &texts, Some(&[1, 1, 0, 1]));
        put::<DoubleType>(group, &[1.0, 2.0, 3.0, 4.0], None);
    });
    for sound in [own, texts] {
        for at in 0..sound.len() {
            for byte in [0x00, 0xff, sound[at] ^ 0x80, sound[at].wrapping_add(1)] {
                let mut bytes = sound.clone();
                bytes[at] = byte;
                if let Ok(series) = series_of("BTC.parquet", &bytes, &ReadOptions::default()) {
                    for series in series {
                        let n = series.rows.len();
                        assert!(series.time.len() == n && series.written.len() == n);
                        assert!(series.columns.iter().all(|column| column.values.len() == n));
                    }
                }
            }
        }
    }
}

/// The real files: rows and columns as the list beside them says.
#[test]
fn real_files() {
    let Some(folder) = std::env::var_os("DRYPOWDER_DATA").map(PathBuf::from) else {
        println!("skipped: DRYPOWDER_DATA is not set");
        return;
    };
    let folder = folder.join("quant-research-framework");
    for (name, n_rows, expected) in [
        ("funding_btcusdt_200evt.parquet", 200, &[("BTC.funding", "rate")][..]),
        (
            "oi_btc_perp_1h_7d.parquet",
            168,
            &[("BTC.open_interest", "open_interest"), ("BTC.value", "open_interest_usd")],
        ),
        (
            "basis_btc_perp_spot_1d.parquet",
            24,
            &[("BTC.last", "close_spot"), ("BTC.value", "close_perp"), ("BTC.basis", "basis_bp")],
        ),
    ] {
        let mut gather = Gather::default();
        each_member(&folder.join(name), &mut |_| (), &mut |member| {
            read(member, &ReadOptions::default(), &mut gather)
        })
        .unwrap();
        let raws = gather.finish();
        let found: Vec<(String, &str)> = raws
            .iter()
            .map(|raw| match raw {
                Raw::Series(series) => {
                    assert!(
                        (series.time.len() as i64 - n_rows).abs() <= 1,
                        "{}",
                        series.time.len()
                    );
                    assert!(series.written.iter().all(|written| *written == Written::Seconds));
                    (series.label.to_string(), series.columns[0].name.as_str())
                }
                Raw::Table(_) => panic!("a table"),
            })
            .collect();
        let expected: Vec<(String, &str)> =
            expected.iter().map(|(label, name)| ((*label).to_owned(), *name)).collect();
        assert_eq!(found, expected, "{name}");
    }
}
