//! A small sound file of every layout, and of every way to pack one.

use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, TimestampMillisecondArray};
use drypowder::prices::history::{Bars, write_bars};

const START_MS: i64 = 1_730_419_200_000;
const HOUR_MS: i64 = 3_600_000;

/// Rows of every sample.
const ROWS: usize = 30;

/// Open, high, low, close and volume of a row: invented.
fn bar(row: usize) -> [f64; 5] {
    let price = 100.0 + (row * 7 % 11) as f64;
    [price, price + 2.5, price - 1.5, price + 1.0, 40.0 + row as f64]
}

fn time(row: usize) -> i64 {
    START_MS + row as i64 * HOUR_MS
}

/// `2024-11-01 00:00:00` and so on.
fn iso(row: usize) -> String {
    format!("2024-11-{:02} {:02}:00:00", 1 + row / 24, row % 24)
}

/// Lines made of the rows, after a head.
fn lines(head: &str, line: impl Fn(usize, [f64; 5]) -> String) -> Vec<u8> {
    let mut text = head.to_owned();
    for row in 0..ROWS {
        text += &line(row, bar(row));
        text.push('\n');
    }
    text.into_bytes()
}

fn klines(row: usize, [o, h, l, c, v]: [f64; 5], unit: i64) -> String {
    let (open, close) = (time(row) * unit, (time(row) + HOUR_MS) * unit - 1);
    format!("{open},{o},{h},{l},{c},{v},{close},{},12,{v},{},0", v * c, v * o)
}

fn named(head: &str) -> Vec<u8> {
    lines(head, |row, [o, h, l, c, v]| format!("{},{o},{h},{l},{c},{v}", iso(row)))
}

/// Name and bytes of each.
pub fn all() -> Vec<(String, Vec<u8>)> {
    let plain = named("timestamp,open,high,low,close,volume\n");
    let mut all = texts();
    all.push(("BTCUSDT-1h.csv".into(), plain.clone()));
    all.push(("BTCUSDT-1h.csv.gz".into(), gz(&plain)));
    all.push(("BTCUSDT-1h.zip".into(), zip(&[("BTCUSDT-1h-2024-11.csv", &plain)])));
    let files = [("b/BTCUSDT-2024-12.csv", plain.as_slice()), ("b/BTCUSDT-2024-11.csv", &plain)];
    all.push(("BTCUSDT-1h.tar".into(), tar(&files)));
    all.push(("BTCUSDT-1h.tar.gz".into(), gz(&tar(&files))));
    all.push(("BTC_USDT_USDT-1h-futures.feather".into(), feather()));
    all.push(("BTC.last.parquet".into(), parquet()));
    all
}

fn texts() -> Vec<(String, Vec<u8>)> {
    let header = "open_time,open,high,low,close,volume,close_time,quote_volume,count,\
                  taker_buy_volume,taker_buy_quote_volume,ignore\n";
    let rest = |row: usize, [o, h, l, c, v]: [f64; 5]| {
        let comma = if row + 1 == ROWS { "]" } else { "," };
        let end = time(row) + HOUR_MS - 1;
        format!(
            "[{},\"{o}\",\"{h}\",\"{l}\",\"{c}\",\"{v}\",{end},\"9\",7,\"5\",\"6\",\"0\"]{comma}",
            time(row)
        )
    };
    let funding = |row: usize| format!("BTC-USDT,{}.000,0.000{row}", iso(row));
    let samples: Vec<(&str, Vec<u8>)> = vec![
        ("BTCUSDT-1h-2024-11.csv", lines("", |row, bar| klines(row, bar, 1))),
        ("ETHUSDT-1h-2025-01.csv", lines(header, |row, bar| klines(row, bar, 1_000))),
        ("SOLUSDT-1h.json", lines("[\n", rest)),
        ("funding.csv", lines("Symbol,Date,Funding Rate\n", |row, _| funding(row))),
        (
            "BTCUSDT-fundingRate-2024-11.csv",
            lines("calc_time,funding_interval_hours,last_funding_rate\n", |row, _| {
                format!("{},8,0.0001", time(row))
            }),
        ),
        (
            "XBTUSD_60.csv",
            lines("", |row, [o, h, l, c, v]| {
                format!("{},{o},{h},{l},{c},{v},{row}", time(row) / 1_000)
            }),
        ),
        (
            "Binance_BTCUSDT_1h.csv",
            lines(
                "https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume BTC,\
                 Volume USDT,tradecount\n",
                |row, [o, h, l, c, v]| {
                    format!("{},{},BTC/USDT,{o},{h},{l},{c},{v},{},3", time(row), iso(row), v * c)
                },
            ),
        ),
        (
            "Coinbase_BTCUSD_1h.csv",
            lines(
                "notice\ndate,symbol,open,high,low,close,volume_btc,volume\n",
                |row, [o, h, l, c, v]| {
                    format!(
                        "2024-11-{:02} {:02}-AM,BTCUSD,{o},{h},{l},{c},{v},{}",
                        1 + row / 11,
                        1 + row % 11,
                        v * c
                    )
                },
            ),
        ),
        (
            "BTC-USD.csv",
            lines("Date,Open,High,Low,Close,Adj Close,Volume\n", |row, [o, h, l, c, v]| {
                format!("2024-11-{:02},{o},{h},{l},{c},{c},{v}", 1 + row)
            }),
        ),
        (
            "20241101_btcusd_minute_trade.csv",
            lines("", |row, [o, h, l, c, v]| format!("{},{o},{h},{l},{c},{v}", row * 60_000)),
        ),
        (
            "20241101_btcusd_minute_quote.csv",
            lines("", |row, [o, h, l, c, v]| {
                format!("{},{o},{h},{l},{c},{v},{o},{h},{l},{c},{v}", row * 60_000)
            }),
        ),
        ("btcusd.csv", lines("", |row, _| format!("202411{:02} 08:00:00,0.0002", 1 + row))),
        (
            "wide_d.csv",
            lines(
                ",BTC:open,BTC:high,BTC:low,BTC:close,BTC:volume,ETH:open,ETH:high,ETH:low,ETH:close,\
                 ETH:volume\n",
                |row, [o, h, l, c, v]| format!("2024-11-{:02},{o},{h},{l},{c},{v},,,,,", 1 + row),
            ),
        ),
        (
            "aave.minute.csv",
            lines(
                "block_timestamp,liquidity_rate,stable_borrow_rate,variable_borrow_rate,\
                 liquidity_index,variable_borrow_index\n",
                |row, _| format!("2024-11-01 00:{row:02}:00,0.048,0.075,0.06,1.02,1.03"),
            ),
        ),
        (
            "BTCUSDT_oi.csv",
            lines(
                "timestamp,symbol,sum_open_interest,sum_open_interest_value\n",
                |row, [.., v]| format!("{},BTCUSDT,{v},{}", time(row), v * 90_000.0),
            ),
        ),
        (
            "barter.json",
            lines("", |row, [o, ..]| {
                format!(
                    "{{\"Item\":{{\"time_exchange\":\"{}Z\",\"time_received\":\"{}Z\",\"exchange\":\
                     \"binance_spot\",\"instrument\":0,\"kind\":{{\"Trade\":{{\"id\":\"{row}\",\"price\":\
                     {o},\"amount\":0.5,\"side\":\"Buy\"}}}}}}}}",
                    iso(row).replace(' ', "T"),
                    iso(row).replace(' ', "T")
                )
            }),
        ),
        (
            "stream.txt",
            lines("", |row, [o, ..]| {
                format!(
                    "{}000000 {{\"stream\":\"btcusdt@trade\",\"data\":{{\"e\":\"trade\",\"E\":{},\"s\":\
                     \"BTCUSDT\",\"t\":1,\"p\":\"{o}\",\"q\":\"0.02\",\"T\":{},\"m\":true,\"M\":true}}}}",
                    time(row),
                    time(row),
                    time(row)
                )
            }),
        ),
        (
            "liquidations.csv",
            lines("time,user,notional,kind\n", |row, [.., v]| {
                format!("{}Z,0x{row:040x},{v},Cross", iso(row).replace(' ', "T"))
            }),
        ),
        (
            "tiers.json",
            lines("{\"BTC/USDT\":[\n", |row, [.., v]| {
                let comma = if row + 1 == ROWS { "]}" } else { "," };
                format!(
                    "{{\"tier\":{row},\"minNotional\":{v},\"info\":{{\"cum\":\"{row}.5\"}}}}{comma}"
                )
            }),
        ),
    ];
    samples.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).and_then(|()| packer.finish()).expect("memory takes it")
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut packer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        packer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a member");
        packer.write_all(bytes).expect("memory takes it");
    }
    packer.finish().expect("memory takes it").into_inner()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut packer = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        packer.append_data(&mut header, name, *bytes).expect("memory takes it");
    }
    packer.into_inner().expect("memory takes it")
}

fn feather() -> Vec<u8> {
    let times = TimestampMillisecondArray::from_iter_values((0..ROWS).map(time));
    let mut columns: Vec<(&str, ArrayRef)> = vec![("date", Arc::new(times.with_timezone("UTC")))];
    for (index, name) in ["open", "high", "low", "close", "volume"].into_iter().enumerate() {
        let values = Float64Array::from_iter_values((0..ROWS).map(|row| bar(row)[index]));
        columns.push((name, Arc::new(values)));
    }
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let options = arrow_ipc::writer::IpcWriteOptions::default()
        .try_with_compression(Some(arrow_ipc::CompressionType::LZ4_FRAME))
        .expect("lz4 is built in");
    let mut writer =
        arrow_ipc::writer::FileWriter::try_new_with_options(Vec::new(), &batch.schema(), options)
            .expect("memory takes it");
    writer.write(&batch).expect("memory takes it");
    writer.into_inner().expect("memory takes it")
}

fn parquet() -> Vec<u8> {
    let column = |index: usize| (0..ROWS).map(|row| bar(row)[index]).collect::<Vec<f64>>();
    let bars = Bars {
        interval_ms: HOUR_MS,
        open_time: (0..ROWS).map(time).collect(),
        open: column(0),
        high: column(1),
        low: column(2),
        close: column(3),
        volume: Some(column(4)),
        close_only: false,
        metadata: Default::default(),
    };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("BTC.last.parquet");
    write_bars(&path, &bars).expect("a file");
    std::fs::read(path).expect("the file")
}
