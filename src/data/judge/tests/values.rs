//! Cells, prices and volumes of single rows.

use super::*;

#[test]
fn blank_and_unreadable_prices_are_bad_rows() {
    let mut raw = hourly(30);
    set(&mut raw, 4, Meaning::Close, f64::NAN);
    set(&mut raw, 6, Meaning::Close, f64::NAN);
    raw.unread.blank[3] = 2;
    let judged = untold(raw.clone());
    assert_blocks(&judged, FindingKind::BlankCell, 2, "--drop-bad");
    assert_eq!(the(&judged, FindingKind::BlankCell).summary, "2 cells of column close are blank");

    raw.unread.blank[3] = 0;
    raw.unread.odd[3] = 2;
    raw.unread.examples = vec![cell(4, "close", "n/a")];
    let judged = untold(raw.clone());
    assert_blocks(&judged, FindingKind::UnreadableCell, 2, "--drop-bad");
    let finding = the(&judged, FindingKind::UnreadableCell);
    assert_eq!(finding.examples[0].text, "close = \"n/a\"");

    // No price may be missing, so this cannot be accepted.
    let judged = told(raw.clone(), &accepting(FindingKind::UnreadableCell));
    assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::UnreadableCell, 2)]);

    let repair = RepairOptions {
        drop_bad: true,
        fill_gaps_up_to_ms: Some(HOUR),
        ..RepairOptions::default()
    };
    let judged = told(raw, &repair);
    let bars = bars(&judged);
    // Filled flat with the close before, volume 0.
    assert_eq!((bars.open[4], bars.close[4]), (101.0, 101.0));
    assert_eq!(bars.volume.as_ref().unwrap()[4], 0.0);
    let expected =
        Repairs { rows_dropped: 2, gaps_filled: 2, bars_filled: 2, ..Repairs::default() };
    assert_eq!(bars.repairs(), expected);
}

#[test]
fn a_blank_volume_may_cost_the_column_or_the_row() {
    let mut raw = hourly(30);
    set(&mut raw, 29, Meaning::Volume, f64::NAN);
    raw.unread.blank[4] = 1;
    let remedy = "--drop-bad, or --accept blank_cell";
    assert_blocks(&untold(raw.clone()), FindingKind::BlankCell, 1, remedy);
    let judged = told(raw.clone(), &accepting(FindingKind::BlankCell));
    assert_eq!(bars(&judged).volume, None);
    assert_eq!(bars(&judged).metadata["drypowder.accepted"], "blank_cell");
    assert_eq!(judged.facts.columns, ["time", "open", "high", "low", "close"]);
    let judged = told(raw, &RepairOptions { drop_bad: true, ..RepairOptions::default() });
    assert_repaired(&judged, FindingKind::BlankCell, 1);
    assert_eq!(bars(&judged).open_time.len(), 29);
}

#[test]
fn blank_trades_are_a_note() {
    let mut raw = hourly(30);
    let mut trades = vec![5.0; 30];
    trades[3] = f64::NAN;
    add(&mut raw, Meaning::Trades, "tradecount", trades);
    raw.unread.blank[5] = 1;
    let judged = untold(raw);
    assert_eq!(of(&judged, Severity::Blocks), []);
    assert_eq!(the(&judged, FindingKind::BlankCell).severity, Severity::Note);
}

#[test]
fn prices_of_zero_or_below_or_infinite_are_impossible() {
    for value in [0.0, -1.0, f64::INFINITY] {
        let mut raw = hourly(30);
        set(&mut raw, 7, Meaning::Low, value);
        assert_blocks(&untold(raw.clone()), FindingKind::ImpossiblePrice, 1, "--drop-bad");
        let judged = told(raw, &RepairOptions { drop_bad: true, ..RepairOptions::default() });
        assert_eq!(of(&judged, Severity::Repaired), [(FindingKind::ImpossiblePrice, 1)]);
        assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::Gap, 1)]);
    }
    // Rates may be what they like, but finite.
    let times: Vec<i64> = (0..30).map(|n| START + n * 8 * HOUR).collect();
    for (value, blocks) in [(0.0, false), (-0.003, false), (f64::NEG_INFINITY, true)] {
        let mut raw = payments(times.clone(), Written::Millis);
        set(&mut raw, 7, Meaning::Value, value);
        let blocked = of(&untold(raw), Severity::Blocks);
        assert_eq!(blocked == [(FindingKind::ImpossiblePrice, 1)], blocks);
        assert_eq!(blocked.is_empty(), !blocks);
    }
}

#[test]
fn negative_volumes_are_bad_rows_or_cost_the_column() {
    let mut raw = hourly(30);
    set(&mut raw, 7, Meaning::Volume, -0.5);
    let remedy = "--drop-bad, or --accept negative_volume";
    assert_blocks(&untold(raw.clone()), FindingKind::NegativeVolume, 1, remedy);
    let judged = told(raw, &accepting(FindingKind::NegativeVolume));
    assert_eq!(bars(&judged).volume, None);
}

#[test]
fn bars_must_agree_exactly() {
    // open 101, high 101.5, low 99.5, close 100 in an even row.
    let table = [
        (Meaning::High, 99.0),
        (Meaning::High, 100.999_999),
        (Meaning::Low, 100.000_001),
        (Meaning::Open, 99.499_999),
        (Meaning::Close, 101.500_001),
    ];
    for (meaning, value) in table {
        let mut raw = hourly(30);
        set(&mut raw, 12, meaning, value);
        assert_blocks(&untold(raw), FindingKind::InconsistentBar, 1, "--drop-bad");
    }
    let mut raw = hourly(30);
    set(&mut raw, 12, Meaning::High, 101.0);
    set(&mut raw, 12, Meaning::Low, 100.0);
    assert_eq!(of(&untold(raw), Severity::Blocks), []);
}

#[test]
fn columns_in_another_order_are_one_finding() {
    // Headed open, high, low, close, but written open, close, high, low.
    let mut raw = hourly(30);
    let [high, low, close] = [1, 2, 3].map(|at| raw.columns[at].values.clone());
    raw.columns[1].values = close;
    raw.columns[2].values = high;
    raw.columns[3].values = low;
    let judged = untold(raw);
    let remedy = "--columns open=open,high=low,low=close,close=high";
    assert_blocks(&judged, FindingKind::SwappedColumns, 30, remedy);
}

#[test]
fn bars_that_no_order_mends_are_inconsistent() {
    let mut raw = hourly(30);
    for row in 0..20 {
        let (even, high) = (row % 2 == 0, row % 4 < 2);
        set(&mut raw, row, Meaning::High, if even { 50.0 } else { 150.0 });
        set(&mut raw, row, Meaning::Low, if high { 150.0 } else { 50.0 });
    }
    // Rows 0, 4, 8 …: high 50, low 150. Rows 1, 5 …: both 150. 2, 6 …: both 50. 3, 7 …: sound.
    let judged = untold(raw);
    assert_blocks(&judged, FindingKind::InconsistentBar, 15, "--drop-bad");
}

fn with_quote(n_rows: usize) -> RawSeries {
    let mut raw = hourly(n_rows);
    // 10 at a mean price of 100.
    add(&mut raw, Meaning::QuoteVolume, "quote", vec![1_000.0; n_rows]);
    raw
}

#[test]
fn volumes_that_changed_places_are_put_right() {
    assert_eq!(of(&untold(with_quote(30)), Severity::Blocks), []);
    let mut raw = with_quote(30);
    for row in 3..8 {
        set(&mut raw, row, Meaning::Volume, 1_000.0);
        set(&mut raw, row, Meaning::QuoteVolume, 10.0);
    }
    let remedy = "--swap-volumes, or --accept swapped_volumes";
    let judged = untold(raw.clone());
    assert_blocks(&judged, FindingKind::SwappedVolumes, 5, remedy);
    let summary = &the(&judged, FindingKind::SwappedVolumes).summary;
    assert!(summary.contains("from 2020-01-01T03:00:00Z to 2020-01-01T07:00:00Z"), "{summary}");

    let judged =
        told(raw.clone(), &RepairOptions { swap_volumes: true, ..RepairOptions::default() });
    assert_repaired(&judged, FindingKind::SwappedVolumes, 5);
    assert_eq!(bars(&judged).volume.as_deref(), Some(&[10.0; 30][..]));
    assert_eq!(bars(&judged).repairs().volumes_swapped, 5);
    let judged = told(raw, &accepting(FindingKind::SwappedVolumes));
    assert_eq!(bars(&judged).volume.as_ref().unwrap()[3..5], [1_000.0, 1_000.0]);
}

#[test]
fn at_a_price_about_one_volumes_cannot_be_told_apart() {
    let mut raw = with_quote(30);
    for column in &mut raw.columns {
        column.values.iter_mut().for_each(|value| *value /= 100.0);
    }
    // Prices 0.995 to 1.015, volume 0.1 and 10 becomes: 10 and 9.99.
    for row in 0..30 {
        set(&mut raw, row, Meaning::Volume, 10.0);
        set(&mut raw, row, Meaning::QuoteVolume, 9.99);
    }
    assert_eq!(of(&untold(raw), Severity::Blocks), []);
}

#[test]
fn bars_without_volume_are_notes() {
    let mut raw = hourly(40);
    for row in 3..6 {
        set(&mut raw, row, Meaning::Volume, 0.0);
        for meaning in [Meaning::Open, Meaning::High, Meaning::Low, Meaning::Close] {
            set(&mut raw, row, meaning, 100.0);
        }
    }
    set(&mut raw, 8, Meaning::Volume, 0.0);
    let judged = untold(raw.clone());
    assert_eq!(of(&judged, Severity::Blocks), []);
    assert_eq!(the(&judged, FindingKind::ZeroVolume).count, 4);
    assert_eq!(the(&judged, FindingKind::FilledBars).count, 3);
    // Two flat ones come by themselves.
    set(&mut raw, 3, Meaning::Volume, 1.0);
    assert!(!has(&untold(raw.clone()), FindingKind::FilledBars));
    // A file that has no volumes says so once.
    for row in 0..40 {
        set(&mut raw, row, Meaning::Volume, 0.0);
    }
    let judged = untold(raw);
    assert_eq!(the(&judged, FindingKind::ZeroVolume).summary, "the volume of every bar is 0");
    assert!(!has(&judged, FindingKind::FilledBars));
}

#[test]
fn dropping_every_row_blocks() {
    let mut raw = hourly(30);
    for row in 0..30 {
        set(&mut raw, row, Meaning::Low, -1.0);
    }
    let judged = told(raw, &RepairOptions { drop_bad: true, ..RepairOptions::default() });
    assert_eq!(of(&judged, Severity::Blocks), [(FindingKind::Remark, 0)]);
    assert_eq!(the(&judged, FindingKind::Remark).summary, "no row is left after the repairs");
}
