//! Where the search for regimes begins.

use super::hmm::HmmFit;

/// Windows over which squares are averaged before they are sorted into states, in steps.
const WINDOWS: [usize; 4] = [1, 6, 24, 72];

/// One start per window: rows sorted into states by the trailing mean of their squares, the wildest
/// of two states the top quarter, of three the top sixth.
pub(super) fn starts(rows: &[Vec<f64>], states: usize) -> Vec<HmmFit> {
    let n = rows.first().map_or(0, Vec::len);
    let squares: Vec<f64> =
        (0..n).map(|t| rows.iter().map(|row| row[t] * row[t]).sum::<f64>()).collect();
    let fits = WINDOWS.iter().filter_map(|window| {
        let labels = labels(&squares, *window, states);
        HmmFit::of_labels(rows, &labels, states)
    });
    fits.collect()
}

fn labels(squares: &[f64], window: usize, states: usize) -> Vec<usize> {
    let mut sum = 0.0;
    let mut smooth = Vec::with_capacity(squares.len());
    for (t, square) in squares.iter().enumerate() {
        sum += square;
        if t >= window {
            sum -= squares[t - window];
        }
        smooth.push(sum / (t + 1).min(window) as f64);
    }
    let mut sorted = smooth.clone();
    sorted.sort_by(f64::total_cmp);
    let edges: &[f64] = if states == 2 { &[0.75] } else { &[0.5, 5.0 / 6.0] };
    let edges: Vec<f64> =
        edges.iter().map(|share| sorted[(share * (sorted.len() - 1) as f64) as usize]).collect();
    smooth.iter().map(|value| edges.iter().filter(|edge| value > edge).count()).collect()
}
