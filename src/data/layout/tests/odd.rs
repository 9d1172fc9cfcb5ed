//! Rows and files with something wrong, and what the caller says of files.

use super::{one_series, one_table, read_with};
use crate::data::ReadOptions;
use crate::data::raw::{Cells, NO_TIME, Raw, Role, Shape, Written};

const NOV: i64 = 1_730_419_200_000;

#[test]
fn rows_that_cannot_be_read_are_counted_and_shown() {
    let series = one_series(
        "BTCUSDT.csv",
        "time,open,high,low,close\n\
         1730419200,1,2,1,2\n\
         soon,1,2,1,2\n\
         1730419260,x,2,,2\n\
         1730419320,1,2\n\
         \n\
         11/25/2024,1,2,1,inf\n\
         1730419380,1,2,1,2,,\n\
         1730419440,1,2,1,2,9\n",
    );
    assert_eq!(series.rows.line, [2, 3, 4, 5, 7, 8, 9]);
    let bad = |at: usize| series.time[at] == NO_TIME && series.written[at] == Written::Unreadable;
    assert_eq!((0..7).filter(|&at| bad(at)).collect::<Vec<_>>(), [1, 3, 4, 6]);
    assert_eq!(series.unread.ragged, 2);
    assert_eq!(series.unread.blank, [0, 0, 1, 0, 0]);
    assert_eq!(series.unread.odd, [1, 0, 0, 1, 2]);
    let shown: Vec<(usize, &str, &str)> = series
        .unread
        .examples
        .iter()
        .map(|cell| (cell.row, cell.column.as_str(), cell.text.as_str()))
        .collect();
    let expected = [
        (1, "time", "soon"),
        (2, "open", "x"),
        (3, "whole row", "1730419320,1,2"),
        (4, "close", "inf"),
        (4, "time", "11/25/2024"),
        (6, "whole row", "1730419440,1,2,1,2,9"),
    ];
    assert_eq!(shown, expected);
    assert!(series.remarks[0].contains("11/25/2024"), "{:?}", series.remarks);
    assert!(series.columns.iter().all(|column| column.values.len() == 7));
}

#[test]
fn the_unix_time_decides_and_a_date_that_contradicts_it_is_told() {
    let series = one_series(
        "Binance_1h.csv",
        "unix,date,symbol,open,high,low,close,Volume BTC,Volume USDT\n\
         1730419200,2024-11-01 12-AM,BTC/USDT,1,2,1,2,3,4\n\
         1730415600,2024-10-31 07-PM,BTC/USDT,1,2,1,2,3,4\n",
    );
    assert_eq!(series.time, [NOV, NOV - 3_600_000]);
    assert_eq!(
        series.remarks,
        ["date says another time than unix in 1 rows, the first in line 3: unix is read"]
    );
}

#[test]
fn blank_rows_before_an_asset_is_listed_are_left_out_and_told() {
    let name = "x_(A,B).csv";
    let text = ",AA:close,AA:volume,BB:close,BB:volume\n\
                2024-11-01,1,1,,\n2024-11-02,1,1,,\n2024-11-03,1,1,5,\n";
    let (_, raws) = read_with(name, text, &ReadOptions::default()).unwrap();
    let [Raw::Series(a), Raw::Series(b)] = raws.as_slice() else { panic!("two series") };
    assert_eq!((a.shape, a.rows.len(), b.rows.len()), (Shape::Close, 3, 1));
    assert_eq!(b.remarks, ["not listed before 2024-11-03: 2 blank rows left out"]);
    assert_eq!(b.unread.blank, [0, 1, 0]);
}

#[test]
fn months_of_one_series_are_one() {
    let mut gather = super::Gather::default();
    for (month, time) in [("10", 1_727_740_800_000_i64), ("11", NOV)] {
        let name = format!("BTCUSDT-1h-2024-{month}.csv");
        let text = format!("{time},1,2,1,2,3,{},4,5,6,7,0\n", time + 1);
        let mut member = super::Member::of_bytes(&name, text.as_bytes());
        super::read_member(&mut member, &ReadOptions::default(), &mut gather).unwrap();
    }
    let raws = gather.finish();
    let [Raw::Series(series)] = raws.as_slice() else { panic!("one series") };
    assert_eq!(series.stated_span_ms, Some((1_727_740_800_000, 1_733_011_200_000)));
    assert_eq!(series.stated_interval_ms, Some(3_600_000));
    assert_eq!(series.rows.place(1).to_string(), "BTCUSDT-1h-2024-11.csv, row 1");
}

#[test]
fn the_caller_names_columns_asset_and_role() {
    let pair = |what: &str, column: &str| (what.to_owned(), column.to_owned());
    let columns = vec![pair("time", "1"), pair("close", "3")];
    let options = ReadOptions {
        columns,
        asset: Some("xbt".to_owned()),
        role: Some(Role::Mark),
        ..ReadOptions::default()
    };
    let (layout, raws) = read_with("a.csv", "1730419200,7,8\n", &options).unwrap();
    let [Raw::Series(series)] = raws.as_slice() else { panic!("one series") };
    assert_eq!((layout, series.label.to_string().as_str()), ("csv", "BTC.mark"));
    assert_eq!((series.shape, series.columns[0].values[0]), (Shape::Close, 8.0));

    let table: [(&str, &str, &str); 6] = [
        ("time", "9", "no header"),
        ("close", "x", "no header"),
        ("shut", "2", "columns are"),
        ("open", "2", "neither bars"),
        ("value", "0", "no header"),
        ("", "2", "columns are"),
    ];
    for (what, column, problem) in table {
        let columns = vec![pair("time", "1"), pair(what, column)];
        let options = ReadOptions { columns, ..ReadOptions::default() };
        let errors = read_with("a.csv", "1730419200,7,8\n", &options).unwrap_err();
        assert!(errors[0].problem.contains(problem), "{what}: {}", errors[0]);
    }
}

#[test]
fn one_asset_is_not_made_of_several() {
    let options = ReadOptions { asset: Some("BTC".to_owned()), ..ReadOptions::default() };
    let table = [
        "Symbol,Date,Funding Rate\nBTC-USDT,2024-11-01,0\nETH-USDT,2024-11-01,0\n",
        ",WETH,USDC\n2024-11-01,1,1\n",
        "[{\"symbol\":\"A\",\"fundingTime\":1,\"fundingRate\":\"0\"},{\"symbol\":\"B\",\"fundingTime\":1,\"fundingRate\":\"0\"}]",
    ];
    for text in table {
        let errors = read_with("x", text, &options).unwrap_err();
        assert_eq!(errors[0].field.as_deref(), Some("asset"), "{text}");
    }
    let same = "Symbol,Date,Funding Rate\nBTC-USDT,2024-11-01,0\nBTC/USDT,2024-11-02,0\n";
    let (_, raws) = read_with("x", same, &options).unwrap();
    assert_eq!(raws.len(), 1);
}

#[test]
fn what_is_no_data_is_refused_in_words() {
    let table = [
        ("\u{feff}", "empty"),
        ("  \n \n", "empty"),
        ("a\0b,c\n", "neither text"),
        ("hello world\nthis is a text\n", "no layout fits"),
        ("1,2\n3,4\n", "no layout fits"),
        ("<html>\n<body>\n", "no layout fits"),
        ("time,open,high,low,close\n", "no row"),
        ("[]", "no row"),
        ("{}", "no row"),
        ("{\"a\":", "not readable as JSON"),
        ("[[1730419200000,1,2,1,2,3],[17", "not readable as JSON"),
        ("[[1730419200000,1,2,1,2,3],{}]", "not readable as JSON"),
    ];
    for (text, problem) in table {
        let errors = read_with("x.txt", text, &ReadOptions::default()).unwrap_err();
        assert!(errors[0].problem.contains(problem), "{text:?}: {}", errors[0]);
        assert!(!errors[0].remedy.is_empty(), "{text:?}");
    }
    let mut member = super::Member::of_bytes("x.csv", b"\xFF\xFEt\0i\0");
    let mut gather = super::Gather::default();
    let errors = super::read_member(&mut member, &ReadOptions::default(), &mut gather).unwrap_err();
    assert!(errors[0].problem.contains("UTF-16"), "{}", errors[0]);
    let options = ReadOptions { layout: Some("cvs".to_owned()), ..ReadOptions::default() };
    let errors = read_with("x.csv", "a,b\n1,2\n", &options).unwrap_err();
    assert!(errors[0].remedy.contains("binance-klines"), "{}", errors[0]);
}

#[test]
fn a_column_of_numbers_becomes_text_where_a_text_stands() {
    // The first text stands beyond the sample of 200 rows, by which columns are judged first.
    let rows: String = (0..300).map(|n| format!("{n}.50,{n}\n")).collect();
    let table = one_table("x.csv", &format!("a,b\n{rows}late,300\n1,inf\n2\n"));
    let [a, b] = table.columns.as_slice() else { panic!("two columns") };
    let Cells::Text(texts) = &a.cells else { panic!("text") };
    assert_eq!(
        (&*texts[0], &*texts[299], &*texts[300], &*texts[301]),
        ("0.5", "299.5", "late", "1")
    );
    let Cells::Number(numbers) = &b.cells else { panic!("numbers") };
    assert!(numbers[299] == 299.0 && numbers[301].is_nan() && numbers[302].is_nan());
    assert_eq!((table.unread.odd.as_slice(), table.unread.ragged), ([0, 1, 0].as_slice(), 1));
    assert!(table.remarks[0].contains("a is no number from row 302 on"), "{:?}", table.remarks);
}

#[test]
fn arrays_beside_the_table_are_told() {
    let text = "{\"n\":1,\"rows\":[{\"a\":1}],\"more\":[{\"b\":2}],\"list\":[1,2]}";
    let table = one_table("x.json", text);
    assert_eq!(table.columns.len(), 1);
    assert_eq!(table.remarks, ["3 values beside the table are left out: n, list, more"]);
}
