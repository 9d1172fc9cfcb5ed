//! Tables of events and parameters.

use super::*;
use crate::data::options::Keep;
use crate::data::raw::{Cells, NO_TIME, RawTable, TableColumn};

fn number(name: &str, values: Vec<f64>) -> TableColumn {
    TableColumn { name: name.into(), cells: Cells::Number(values) }
}

fn text(name: &str, values: &[&str]) -> TableColumn {
    let cells = Cells::Text(values.iter().map(|&value| value.into()).collect());
    TableColumn { name: name.into(), cells }
}

fn events(times: Vec<i64>, columns: Vec<TableColumn>) -> RawTable {
    let n_rows = times.len();
    RawTable {
        label: label(Role::Events),
        layout: "test",
        rows: rows(n_rows),
        time: Some(times),
        time_name: Some("timestamp".into()),
        written: vec![Written::Seconds; n_rows],
        unread: Unread {
            blank: vec![0; columns.len() + 1],
            odd: vec![0; columns.len() + 1],
            ..Unread::default()
        },
        columns,
        finer_than_ms: 0,
        remarks: Vec::new(),
    }
}

fn parameters(columns: Vec<TableColumn>, n_rows: usize) -> RawTable {
    RawTable {
        time: None,
        time_name: None,
        written: Vec::new(),
        rows: rows(n_rows),
        ..events(vec![], columns)
    }
}

fn judged(raw: RawTable, repair: &RepairOptions) -> Judged {
    judge(Raw::Table(raw), &ReadOptions::default(), repair)
}

fn numbers(table: &CleanTable, at: usize) -> &[f64] {
    match &table.columns[at].1 {
        Cells::Number(values) => values,
        Cells::Text(_) => panic!("text"),
    }
}

#[test]
fn events_are_sorted_and_repeated_ones_dropped_as_told() {
    // Rows at hours 2, 1, 1, 1, 3: the second and fourth alike, the third another size.
    let times = [2, 1, 1, 1, 3].map(|hour| START + hour * HOUR).to_vec();
    let raw = events(
        times,
        vec![
            text("user", &["a", "b", "b", "b", ""]),
            number("size", vec![1.0, 2.0, 3.0, 2.0, f64::NAN]),
        ],
    );
    let found = judged(raw.clone(), &RepairOptions::default());
    assert_eq!(
        of(&found, Severity::Blocks),
        [(FindingKind::Disorder, 1), (FindingKind::RepeatedRow, 1)]
    );
    assert_eq!(
        of(&found, Severity::Note),
        // Two rows still share a time once the repeated one is dropped; row five has two blanks.
        [(FindingKind::BlankCell, 2), (FindingKind::Remark, 2)]
    );
    let repair =
        RepairOptions { sort: true, dedupe: Some(Keep::First), ..RepairOptions::default() };
    let mended = judged(raw.clone(), &repair);
    let clean = table(&mended);
    assert_eq!(hours(clean.time.as_ref().unwrap()), [1, 1, 2, 3]);
    assert_eq!(numbers(clean, 1)[..3], [2.0, 3.0, 1.0]);
    assert!(numbers(clean, 1)[3].is_nan());
    let Cells::Text(users) = &clean.columns[0].1 else { panic!("numbers") };
    assert_eq!(users.iter().map(|user| &**user).collect::<Vec<_>>(), ["b", "b", "a", ""]);
    let repairs = Repairs::parse(&clean.metadata["drypowder.repairs"]).unwrap();
    assert_eq!((repairs.rows_sorted, repairs.duplicates_dropped), (1, 1));

    let last = RepairOptions { dedupe: Some(Keep::Last), ..repair.clone() };
    assert_eq!(numbers(table(&judged(raw.clone(), &last)), 1)[..3], [3.0, 2.0, 1.0]);
    let accept = RepairOptions {
        accept: [FindingKind::RepeatedRow].into(),
        sort: true,
        ..RepairOptions::default()
    };
    let left = judged(raw, &accept);
    assert_eq!(numbers(table(&left), 1).len(), 5);
    assert_eq!(table(&left).metadata["drypowder.accepted"], "repeated_row");
}

#[test]
fn events_of_unreadable_time_are_dropped_as_told() {
    let raw = events(vec![START, NO_TIME, START + 1], vec![number("size", vec![1.0, 2.0, 3.0])]);
    let found = judged(raw.clone(), &RepairOptions::default());
    assert_eq!(of(&found, Severity::Blocks), [(FindingKind::UnreadableTime, 1)]);
    let mended = judged(raw, &RepairOptions { drop_bad: true, ..RepairOptions::default() });
    assert_eq!(numbers(table(&mended), 0), [1.0, 3.0]);
}

#[test]
fn events_are_cut_to_a_span_and_parameters_are_not() {
    let read = ReadOptions { from_ms: Some(START + 1), ..ReadOptions::default() };
    let column = || vec![number("size", vec![1.0, 2.0])];
    let raw = events(vec![START, START + 1], column());
    let cut = judge(Raw::Table(raw), &read, &RepairOptions::default());
    assert_eq!(numbers(table(&cut), 0), [2.0]);
    let whole = judge(Raw::Table(parameters(column(), 2)), &read, &RepairOptions::default());
    assert_eq!(numbers(table(&whole), 0), [1.0, 2.0]);
    assert!(the(&whole, FindingKind::Remark).summary.contains("cuts nothing"));
}

#[test]
fn parameters_keep_their_order() {
    let raw = parameters(vec![text("asset", &["c", "a", "c", "b"])], 4);
    let found = judged(raw.clone(), &RepairOptions::default());
    assert_eq!(of(&found, Severity::Blocks), [(FindingKind::RepeatedRow, 1)]);
    let finding = the(&found, FindingKind::RepeatedRow);
    assert_eq!(finding.examples[0].text, "as a.csv, row 2");
    assert_eq!(finding.examples[0].place.as_ref().unwrap().line, 4);
    let repair = RepairOptions { dedupe: Some(Keep::First), ..RepairOptions::default() };
    let mended = judged(raw, &repair);
    let Cells::Text(assets) = &table(&mended).columns[0].1 else { panic!("numbers") };
    assert_eq!(assets.iter().map(|asset| &**asset).collect::<Vec<_>>(), ["c", "a", "b"]);
    assert_eq!(table(&mended).time, None);
}

#[test]
fn rows_of_another_length_are_blank_rows_of_parameters() {
    let mut raw = parameters(vec![number("ltv", vec![1.0, f64::NAN, 2.0])], 3);
    raw.unread.ragged = 1;
    let found = judged(raw.clone(), &RepairOptions::default());
    assert_eq!(of(&found, Severity::Blocks), [(FindingKind::UnreadableCell, 1)]);
    let mended = judged(raw, &RepairOptions { drop_bad: true, ..RepairOptions::default() });
    assert_eq!(numbers(table(&mended), 0), [1.0, 2.0]);
}

#[test]
fn two_generations_of_rows_show_by_what_they_fill_and_how_large_it_is() {
    // 60 rows fill "usd_old" with raw integers of six decimals, 38 rows "usd_new", 2 neither.
    let times: Vec<i64> = (0..100).map(|row| START + row).collect();
    let column = |rows: std::ops::Range<usize>, value: f64| {
        (0..100)
            .map(|row| if rows.contains(&row) { value + row as f64 } else { f64::NAN })
            .collect()
    };
    let amount = (0..100).map(|row| if row < 60 { 5e6 } else { 5.0 }).collect();
    let raw = events(
        times,
        vec![
            number("usd_old", column(0..60, 1e6)),
            number("usd_new", column(60..98, 1.0)),
            number("amount", amount),
            number("gas", vec![21_000.0; 100]),
        ],
    );
    let found = judged(raw, &RepairOptions::default());
    assert_eq!(of(&found, Severity::Blocks), []);
    let pair = the(&found, FindingKind::AlternatingColumns);
    assert_eq!(
        pair.summary,
        "two kinds of rows: usd_old filled in 60 rows, usd_new in 38, never both"
    );
    let scale = the(&found, FindingKind::ScaleChange);
    assert_eq!(scale.count, 1);
    assert!(scale.examples[0].text.starts_with("amount about 5e6 where usd_old is filled"));
}

#[test]
fn a_scale_that_changes_in_time_is_noted_a_market_that_moves_is_not() {
    for (factor, found) in [(1e4, true), (9e3, false)] {
        let times: Vec<i64> = (0..100).map(|row| START + row).collect();
        let values = (0..100).map(|row| if row < 50 { 2.0 } else { 2.0 * factor }).collect();
        let raw = events(times, vec![number("amount", values)]);
        assert_eq!(has(&judged(raw, &RepairOptions::default()), FindingKind::ScaleChange), found);
    }
}

#[test]
fn columns_that_share_an_unusual_value_are_noted() {
    let counts = |peak: f64| (0..30).map(|row| if row == 11 { peak } else { row as f64 }).collect();
    let others =
        |peak: f64| (0..30).map(|row| if row == 11 { peak } else { 40.0 - row as f64 }).collect();
    let times = || (0..30).map(|row| START + row).collect::<Vec<_>>();
    let found = |a: Vec<f64>, b: Vec<f64>| {
        judged(
            events(times(), vec![number("liquidations", a), number("adls", b)]),
            &RepairOptions::default(),
        )
    };
    let same = found(counts(11_279.0), others(11_279.0));
    let finding = the(&same, FindingKind::EqualColumns);
    assert_eq!(finding.examples[0].text, "liquidations and adls are both 11279");
    assert_eq!(finding.examples[0].place.as_ref().unwrap().line, 13);
    assert!(!has(&found(counts(11_279.0), others(11_280.0)), FindingKind::EqualColumns));
    // Two equal columns are no join gone wrong.
    assert!(!has(&found(counts(11_279.0), counts(11_279.0)), FindingKind::EqualColumns));
}

#[test]
fn columns_get_names_that_differ() {
    let raw = events(
        vec![START],
        vec![
            number("time", vec![1.0]),
            number("", vec![2.0]),
            number("a", vec![3.0]),
            number("a", vec![4.0]),
        ],
    );
    let found = judged(raw, &RepairOptions::default());
    let names: Vec<&str> = table(&found).columns.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["time_2", "column_2", "a", "a_2"]);
    assert_eq!(of(&found, Severity::Note), [(FindingKind::Remark, 1); 3]);
}
