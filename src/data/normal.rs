//! Writes what is clean in normal form, see [`crate::prices::history::normal_form`].

use std::path::Path;

use super::judged::{Clean, CleanTable};
use super::raw::Cells;
use crate::prices::history::normal_form::{LAYOUT_KEY, TIME};
use crate::prices::history::{HistoryError, Values, write_bars, write_columns, write_series};

/// Writes a history or a table; an existing file is replaced once the new one is whole.
///
/// # Errors
/// If the file cannot be written.
///
/// # Panics
/// If the columns of `clean` differ in length, which nothing judged does.
pub fn write(path: &Path, clean: &Clean) -> Result<(), Vec<HistoryError>> {
    match clean {
        Clean::Bars(bars) => write_bars(path, bars),
        Clean::Series(series) => write_series(path, series),
        Clean::Table(table) => write_table(path, table),
    }
}

fn write_table(path: &Path, table: &CleanTable) -> Result<(), Vec<HistoryError>> {
    let time = table.time.iter().map(|time| (TIME, Values::Time(time)));
    let others = table.columns.iter().map(|(name, cells)| {
        let values = match cells {
            Cells::Number(values) => Values::NumberOrNull(values),
            Cells::Text(texts) => Values::TextOrNull(texts),
        };
        (name.as_str(), values)
    });
    let columns: Vec<_> = time.chain(others).collect();
    let layout = if table.time.is_some() { "events" } else { "table" };
    let mut metadata = table.metadata.clone();
    metadata.insert(LAYOUT_KEY.to_owned(), layout.to_owned());
    write_columns(path, &columns, metadata)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    use super::*;
    use crate::prices::history::{Bars, LoadOptions, Series, load_bars, load_series};

    type Row = Vec<(String, Field)>;

    fn metadata() -> BTreeMap<String, String> {
        BTreeMap::from([("drypowder.asset".to_owned(), "BTC".to_owned())])
    }

    fn written(clean: &Clean) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("h.parquet");
        write(&path, clean).unwrap();
        (folder, path)
    }

    /// Names and cells of every row, and the metadata.
    fn read(path: &Path) -> (Vec<Row>, BTreeMap<String, String>) {
        let reader = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
        let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap();
        let pairs = pairs.iter().map(|pair| (pair.key.clone(), pair.value.clone().unwrap()));
        let rows = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().into_columns());
        (rows.collect(), pairs.collect())
    }

    fn events() -> CleanTable {
        CleanTable {
            time: Some(vec![1_000, 1_000, 2_000]),
            columns: vec![
                ("a size; in \"USD\"".to_owned(), Cells::Number(vec![1.5, f64::NAN, -0.0])),
                ("Käufer".to_owned(), Cells::Text(vec!["".into(), "ä,b".into(), "c".into()])),
            ],
            metadata: metadata(),
        }
    }

    #[test]
    fn events_keep_their_cells_and_blanks() {
        let (_folder, path) = written(&Clean::Table(events()));
        let (rows, pairs) = read(&path);
        let text = |text: &str| Field::Str(text.to_owned());
        let expected = [
            [Field::TimestampMillis(1_000), Field::Double(1.5), Field::Null],
            [Field::TimestampMillis(1_000), Field::Null, text("ä,b")],
            [Field::TimestampMillis(2_000), Field::Double(-0.0), text("c")],
        ];
        let names = ["time", "a size; in \"USD\"", "Käufer"];
        for (row, expected) in rows.iter().zip(expected) {
            let cells = names.into_iter().map(str::to_owned).zip(expected);
            assert_eq!(*row, cells.collect::<Vec<_>>());
        }
        assert_eq!(rows.len(), 3);
        assert_eq!(pairs["drypowder.layout"], "events");
        assert_eq!(pairs["drypowder.asset"], "BTC");
    }

    #[test]
    fn a_table_has_no_time_and_may_call_a_column_so() {
        let columns = vec![("time".to_owned(), Cells::Text(vec!["noon".into()]))];
        let table = CleanTable { time: None, columns, metadata: metadata() };
        let (_folder, path) = written(&Clean::Table(table));
        let (rows, pairs) = read(&path);
        assert_eq!(rows, [vec![("time".to_owned(), Field::Str("noon".to_owned()))]]);
        assert_eq!(pairs["drypowder.layout"], "table");
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let (_one, first) = written(&Clean::Table(events()));
        let (_two, second) = written(&Clean::Table(events()));
        assert_eq!(std::fs::read(first).unwrap(), std::fs::read(second).unwrap());
    }

    #[test]
    fn histories_come_back_through_their_loaders() {
        let series = Series { time: vec![0, 5], value: vec![0.1, -0.2], metadata: metadata() };
        let (_folder, path) = written(&Clean::Series(series.clone()));
        let loaded = load_series(&path, &LoadOptions::default()).unwrap();
        assert_eq!((loaded.time, loaded.value), (series.time, series.value));

        let bars = Bars {
            interval_ms: 5,
            open_time: vec![0, 5],
            open: vec![1.0, 2.0],
            high: vec![2.0, 3.0],
            low: vec![0.5, 1.5],
            close: vec![2.0, 2.5],
            volume: None,
            close_only: false,
            metadata: metadata(),
        };
        let (_folder, path) = written(&Clean::Bars(bars.clone()));
        let loaded = load_bars(&path, &LoadOptions::default()).unwrap();
        assert_eq!((loaded.open_time, loaded.low), (bars.open_time, bars.low));
        assert_eq!(loaded.interval_ms, 5);
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let faults = write(Path::new("/nowhere/h.parquet"), &Clean::Table(events())).unwrap_err();
        assert!(faults[0].to_string().starts_with("/nowhere/h.parquet: cannot be written"));
    }
}
