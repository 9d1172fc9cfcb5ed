//! Correlation matrices from pairs or rows.

use std::collections::BTreeMap;

use crate::fields::{self, Faults, Spot};
use crate::scenario::format::{Correlation, CorrelationMatrix, Repair};
use crate::stats::{SymMatrix, cholesky, nearest_correlation, smallest_eigenvalue};

/// The correlation of `names`, row-major, written at `place`; a matrix that is not positive
/// semi-definite is refused, or repaired with a warning. `sound`: whether names and matrix hold what
/// was meant.
pub(super) fn correlation(
    names: &[&str],
    written: Option<&Correlation>,
    place: &Spot,
    sound: bool,
    repair: Repair,
    faults: &mut Faults,
) -> Option<Vec<f64>> {
    with_factor(names, None, written, place, sound, repair, faults)
}

/// As [`correlation`]; a pair that is not given has the product of its assets' correlations with the
/// market factor where `loadings` has them, an entry per asset.
pub(super) fn with_factor(
    names: &[&str],
    loadings: Option<&[f64]>,
    written: Option<&Correlation>,
    place: &Spot,
    sound: bool,
    repair: Repair,
    faults: &mut Faults,
) -> Option<Vec<f64>> {
    let before = faults.errors();
    let mut values = SymMatrix::identity(names.len());
    let spot = match written {
        None => {
            fill_missing(names, loadings, &mut values, &BTreeMap::new(), place, faults);
            place.clone()
        }
        Some(Correlation::All(spot, value)) => {
            if loadings.is_some() {
                let message = "one correlation for all pairs and market_factor are both given";
                faults.error(spot, message, "give one of them");
            }
            for row in 0..names.len() {
                (row + 1..names.len()).for_each(|column| values.set(row, column, *value));
            }
            spot.clone()
        }
        Some(Correlation::Pairs(spot, pairs)) => {
            from_pairs(names, loadings, pairs, &mut values, spot, faults);
            spot.clone()
        }
        Some(Correlation::Matrix(rows)) => {
            values = from_rows(names, rows, faults)?;
            rows.at.of("matrix")
        }
    };
    if faults.errors() > before || !sound {
        return None;
    }
    if cholesky(&values).is_err() {
        let lowest = smallest_eigenvalue(&values);
        if repair == Repair::Nearest {
            return Some(nearest(names, &values, lowest, &spot, faults));
        }
        let message = format!(
            "the correlation matrix is not positive semi-definite: its smallest eigenvalue is {lowest:.6}"
        );
        let help = "no set of prices can move so: bring the correlations nearer to each other or \
                    to 0, give those that are missing, or say repair = \"nearest\"";
        faults.error(&spot, message, help);
        return None;
    }
    Some(values.values().to_vec())
}

/// The nearest correlation matrix (Higham 2002), with a warning that says how far it is.
fn nearest(
    names: &[&str],
    values: &SymMatrix,
    lowest: f64,
    spot: &Spot,
    faults: &mut Faults,
) -> Vec<f64> {
    /// Pairs that a message names.
    const PAIRS: usize = 6;
    let found = nearest_correlation(values);
    let mut pairs = Vec::new();
    for (row, one) in names.iter().enumerate() {
        for (column, other) in names.iter().enumerate().skip(row + 1) {
            let (from, to) = (values.get(row, column), found.matrix.get(row, column));
            pairs.push((format!("{one}-{other} {from} to {to:.4}"), (to - from).abs()));
        }
    }
    pairs.sort_by(|a, b| b.1.total_cmp(&a.1));
    let moved: Vec<&str> = pairs.iter().take(PAIRS).map(|(words, _)| words.as_str()).collect();
    let message = format!(
        "repaired: the correlation matrix is not positive semi-definite, its smallest eigenvalue \
         is {lowest:.6}; the nearest that is takes its place, at a distance of {:.6} (Frobenius)",
        found.distance
    );
    let most = if pairs.len() > PAIRS { " and others less" } else { "" };
    faults.warn(spot, message, format!("it moves {}{most}", moved.join(", ")));
    found.matrix.values().to_vec()
}

fn from_pairs(
    names: &[&str],
    loadings: Option<&[f64]>,
    pairs: &BTreeMap<String, (f64, Spot)>,
    values: &mut SymMatrix,
    spot: &Spot,
    faults: &mut Faults,
) {
    let mut given: BTreeMap<(usize, usize), &Spot> = BTreeMap::new();
    for (pair, (value, spot)) in pairs {
        let Some((one, other)) = pair.split_once('-') else {
            let help = "write two names of assets with - between, e.g. \"BTC-ETH\" = 0.8";
            faults.error(spot, format!("\"{pair}\" is no pair of assets"), help);
            continue;
        };
        let found = [one, other].map(|name| index_of(names, name, spot, faults));
        let [Some(row), Some(column)] = found else { continue };
        if row == column {
            faults.error(
                spot,
                format!("{one} is always correlated with itself by 1"),
                "leave it out",
            );
            continue;
        }
        if given.insert((row.min(column), row.max(column)), spot).is_some() {
            let message = format!("the correlation of {one} and {other} is given twice");
            faults.error(spot, message, "give it once, in either order");
        }
        values.set(row, column, *value);
    }
    fill_missing(names, loadings, values, &given, spot, faults);
}

/// The pairs that are not given: by the market factor, else 0 with a warning.
fn fill_missing(
    names: &[&str],
    loadings: Option<&[f64]>,
    values: &mut SymMatrix,
    given: &BTreeMap<(usize, usize), &Spot>,
    spot: &Spot,
    faults: &mut Faults,
) {
    /// Pairs that the warning names.
    const NAMED: usize = 12;
    let mut named = Vec::new();
    let mut missing = 0;
    for (row, one) in names.iter().enumerate() {
        for (column, other) in names.iter().enumerate().skip(row + 1) {
            if given.contains_key(&(row, column)) {
                continue;
            }
            if let Some(loadings) = loadings {
                values.set(row, column, loadings[row] * loadings[column]);
                continue;
            }
            missing += 1;
            if named.len() < NAMED {
                named.push(format!("\"{one}-{other}\""));
            }
            values.set(row, column, 0.0);
        }
    }
    if missing > 0 {
        let others = match missing - named.len() {
            0 => String::new(),
            more => format!(" and {more} other pairs"),
        };
        let message =
            format!("no correlation is given for {}{others}: 0 is taken", named.join(", "));
        let help = "real crashes are correlated: give every pair, one number for all, or \
                    market_factor of each asset";
        faults.warn(spot, message, help);
    }
}

fn from_rows(names: &[&str], rows: &CorrelationMatrix, faults: &mut Faults) -> Option<SymMatrix> {
    let n = rows.order.len();
    let at = rows.at.of("matrix");
    let mut places = Vec::new();
    for name in &rows.order {
        places.push(index_of(names, &name.0, &rows.at.of("order"), faults)?);
    }
    let mut distinct = places.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() != names.len() || n != names.len() {
        let message = format!("order must name each asset once: {}", names.join(", "));
        faults.error(&rows.at.of("order"), message, "");
        return None;
    }
    if rows.matrix.len() != n || rows.matrix.iter().any(|row| row.len() != n) {
        faults.error(&at, format!("the matrix is not {n} rows of {n}"), "");
        return None;
    }
    let mut values = SymMatrix::identity(n);
    for (row, line) in rows.matrix.iter().enumerate() {
        for (column, value) in line.iter().enumerate() {
            let mirrored = rows.matrix[column][row];
            if row == column && *value != 1.0 {
                faults.error(&at, format!("row {row}: {value} on the diagonal"), "write 1");
            } else if column < row && *value != mirrored {
                let message = format!("{value} in row {row} is {mirrored} in row {column}");
                faults.error(&at, message, "a correlation is the same in both directions");
            }
            values.set(places[row], places[column], *value);
        }
    }
    Some(values)
}

fn index_of(names: &[&str], name: &str, spot: &Spot, faults: &mut Faults) -> Option<usize> {
    let index = names.iter().position(|known| *known == name);
    if index.is_none() {
        let help = match fields::nearest(name, names) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("known: {}", names.join(", ")),
        };
        faults.error(spot, format!("{name} is no asset of [prices.assets]"), help);
    }
    index
}
