//! From transitions of a step to a chain in continuous time.

/// Terms of the series of a logarithm, which converges where no state is left within a step more
/// often than not.
const TERMS: usize = 4_000;
/// Negative rates that are rounding or sampling noise; greater ones have no chain.
const NOISE: f64 = 0.02;

/// Rates per step Q with e^Q = P: ln P = Σ (−1)^(k+1)·(P − 1)^k/k. Slightly negative rates between
/// two states, which an estimated P may have, become 0. `None` where there is no such chain.
pub(super) fn generator(transitions: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = transitions.len();
    let mut apart = transitions.to_vec();
    apart.iter_mut().enumerate().for_each(|(place, row)| row[place] -= 1.0);
    let mut power = apart.clone();
    let mut rates = vec![vec![0.0; n]; n];
    let mut arrived = false;
    for term in 1..=TERMS {
        let sign = if term % 2 == 1 { 1.0 } else { -1.0 };
        let mut most = 0.0_f64;
        for (row, from) in rates.iter_mut().zip(&power) {
            for (rate, value) in row.iter_mut().zip(from) {
                *rate += sign * value / term as f64;
                most = most.max(value.abs());
            }
        }
        if most < 1e-13 {
            arrived = true;
            break;
        }
        power = product(&power, &apart);
    }
    if !arrived {
        return None;
    }
    for (place, row) in rates.iter_mut().enumerate() {
        let scale = -row[place];
        row[place] = 0.0;
        if row.iter().any(|rate| *rate < -NOISE * scale) {
            return None;
        }
        row.iter_mut().for_each(|rate| *rate = rate.max(0.0));
        let sum: f64 = row.iter().sum();
        if sum <= 0.0 {
            return None;
        }
        row[place] = -sum;
    }
    Some(rates)
}

/// Which state follows one, by the others in their order.
pub(super) fn shares(rates: &[Vec<f64>], state: usize) -> Vec<f64> {
    let all = -rates[state][state];
    let others = rates[state].iter().enumerate().filter(|(to, _)| *to != state);
    others.map(|(_, rate)| rate / all).collect()
}

fn product(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = b.len();
    let cell = |row: &[f64], column: usize| (0..n).map(|k| row[k] * b[k][column]).sum::<f64>();
    a.iter().map(|row| (0..n).map(|column| cell(row, column)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two states: rates a and b are p and q times −ln(1 − p − q)/(p + q). Of .1 and .3: ln(1/.6) =
    /// .5108256, so .1277064 and .3831192. Three: e^Q of a known Q by its series to the tenth term.
    #[test]
    fn rates_of_known_chains() {
        let found = generator(&[vec![0.9, 0.1], vec![0.3, 0.7]]).unwrap();
        let expected = [[-0.127_706_405_9, 0.127_706_405_9], [0.383_119_217_8, -0.383_119_217_8]];
        for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
        let rates = vec![vec![-0.3, 0.2, 0.1], vec![0.05, -0.1, 0.05], vec![0.0, 0.4, -0.4]];
        let mut sum = vec![vec![0.0; 3]; 3];
        let mut term: Vec<Vec<f64>> =
            (0..3).map(|i| (0..3).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect();
        for k in 1..25 {
            for (sum, term) in sum.iter_mut().flatten().zip(term.iter().flatten()) {
                *sum += term;
            }
            term = product(&term, &rates);
            term.iter_mut().flatten().for_each(|value| *value /= f64::from(k));
        }
        let found = generator(&sum).unwrap();
        for (found, expected) in found.iter().flatten().zip(rates.iter().flatten()) {
            assert!((found - expected).abs() < 1e-10, "{found} {expected}");
        }
        assert!((shares(&found, 0)[0] - 2.0 / 3.0).abs() < 1e-9);
        // Left more often than not in both ways: no chain in continuous time does that.
        assert_eq!(generator(&[vec![0.4, 0.6], vec![0.6, 0.4]]), None);
        assert_eq!(generator(&[vec![1.0, 0.0], vec![0.0, 1.0]]), None);
    }
}
