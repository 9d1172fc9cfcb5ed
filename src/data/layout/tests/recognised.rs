//! Every sample is recognised, and its cells come where they belong.

use super::read_with;
use super::samples::{SAMPLES, Sample};
use crate::data::ReadOptions;
use crate::data::raw::{Cells, Label, NO_TIME, Raw, Written};

/// Label, quote, shape, form of the first row's time, that time, its line, and all columns with
/// their cells (`·` where blank): `BTC.last USDT Bars Millis 1730419200000 @1: open=10 11; …`.
fn describe(raw: &Raw) -> String {
    let (label, shape, written, time, line, columns) = match raw {
        Raw::Series(series) => {
            let columns: Vec<String> = series
                .columns
                .iter()
                .map(|column| format!("{}={}", column.name, numbers(&column.values)))
                .collect();
            let shape = format!("{:?}", series.shape);
            (&series.label, shape, &series.written, Some(&series.time), &series.rows.line, columns)
        }
        Raw::Table(table) => {
            let columns: Vec<String> = table
                .columns
                .iter()
                .map(|column| format!("{}={}", column.name, cells(&column.cells)))
                .collect();
            let shape = "-".to_owned();
            (&table.label, shape, &table.written, table.time.as_ref(), &table.rows.line, columns)
        }
    };
    let Label { quote, .. } = label;
    let quote = quote.as_deref().unwrap_or("-");
    let written =
        written.first().map_or("None".to_owned(), |written: &Written| format!("{written:?}"));
    let time = time.map_or(0, |times| times[0]);
    format!("{label} {quote} {shape} {written} {time} @{}: {}", line[0], columns.join("; "))
}

fn cells(cells: &Cells) -> String {
    match cells {
        Cells::Number(values) => numbers(values),
        Cells::Text(texts) => {
            let texts: Vec<&str> =
                texts.iter().map(|text| if text.is_empty() { "·" } else { &**text }).collect();
            texts.join(" ")
        }
    }
}

fn numbers(values: &[f64]) -> String {
    let number = |value: &f64| if value.is_nan() { "·".to_owned() } else { value.to_string() };
    values.iter().map(number).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_layout_is_recognised_and_read() {
    for Sample { name, text, layout, expected } in SAMPLES {
        let (found, raws) = read_with(name, text, &ReadOptions::default()).unwrap();
        assert_eq!(found, *layout, "{name}");
        let described: Vec<String> = raws.iter().map(describe).collect();
        assert_eq!(described, *expected, "{name}");
        for raw in &raws {
            let (unread, n_bad_times) = match raw {
                Raw::Series(series) => (&series.unread, bad_times(&series.time)),
                Raw::Table(table) => (&table.unread, table.time.as_deref().map_or(0, bad_times)),
            };
            assert_eq!((unread.ragged, unread.examples.len(), n_bad_times), (0, 0, 0), "{name}");
        }
    }
}

fn bad_times(times: &[i64]) -> usize {
    times.iter().filter(|&&time| time == NO_TIME).count()
}

#[test]
fn a_layout_that_is_told_reads_its_own_sample_and_refuses_others() {
    for Sample { name, text, layout, .. } in SAMPLES {
        let options = ReadOptions { layout: Some((*layout).to_owned()), ..ReadOptions::default() };
        assert_eq!(read_with(name, text, &options).unwrap().0, *layout, "{name}");
        let options = ReadOptions { layout: Some("arrow".to_owned()), ..ReadOptions::default() };
        let errors = read_with(name, text, &options).unwrap_err();
        assert_eq!(errors[0].field.as_deref(), Some("layout"), "{name}");
    }
}

#[test]
fn every_layout_of_text_has_a_sample() {
    for (layout, _) in super::super::LAYOUTS {
        let binary = matches!(*layout, "arrow" | "parquet");
        let known = SAMPLES.iter().any(|sample| sample.layout == *layout);
        assert!(known || binary, "{layout}");
    }
}
