//! Whether the values of each row can be true.

use super::error::Faults;
use super::table::{Layout, Table};

const MEND: &str = "correct the row at its source or leave it out";

/// Judges every row of which all values could be read; each fault names its row.
pub(super) fn check_values(table: &Table, faults: &mut Faults) {
    let n_prices = table.layout.n_prices();
    for (index, &row) in table.row.iter().enumerate() {
        if table.told[index] {
            continue;
        }
        let mut sane = true;
        for (column, name) in table.names.iter().enumerate() {
            let value = table.values[column][index];
            if let Some(problem) = complaint(value, column, table.layout, n_prices) {
                sane = false;
                faults.push_at(row, name, value, problem, MEND);
            }
        }
        if sane && table.layout == Layout::Bars {
            check_bar(table, index, row, faults);
        }
    }
}

fn complaint(value: f64, column: usize, layout: Layout, n_prices: usize) -> Option<&'static str> {
    if !value.is_finite() {
        Some("not a finite number")
    } else if column < n_prices && value <= 0.0 {
        Some("a price must be above zero")
    } else if column == n_prices && layout != Layout::Series && value < 0.0 {
        Some("a volume cannot be negative")
    } else {
        None
    }
}

fn check_bar(table: &Table, index: usize, row: u64, faults: &mut Faults) {
    let at = |column: usize| table.values[column][index];
    let (high, low) = (at(1), at(2));
    if high < low {
        let problem = format!("below {} = {low}", table.names[2]);
        faults.push_at(row, &table.names[1], high, problem, MEND);
        return;
    }
    for column in [0, 3] {
        let value = at(column);
        if value < low || value > high {
            let problem = format!("outside the bar's {low}..{high}");
            faults.push_at(row, &table.names[column], value, problem, MEND);
        }
    }
}
