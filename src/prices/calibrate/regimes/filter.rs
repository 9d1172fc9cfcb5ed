//! Densities of the states, and the ways through the rows: forward and back.

use super::hmm::HmmFit;
use crate::stats::{LowerTriangular, SymMatrix, cholesky};

/// Precision of one state: the Cholesky factor and ln of the density's constant.
struct Law<'a> {
    mean: &'a [f64],
    factor: LowerTriangular,
    constant: f64,
}

impl Law<'_> {
    fn log_density(&self, rows: &[Vec<f64>], t: usize, solved: &mut [f64]) -> f64 {
        let mut square = 0.0;
        for asset in 0..self.mean.len() {
            let row = self.factor.row(asset);
            let mut rest = rows[asset][t] - self.mean[asset];
            for (weight, value) in row.iter().zip(solved[..asset].iter()) {
                rest -= weight * value;
            }
            solved[asset] = rest / row[asset];
            square += solved[asset] * solved[asset];
        }
        self.constant - square / 2.0
    }
}

impl HmmFit {
    /// Log of each row's density given those before it.
    pub fn terms(&self, rows: &[Vec<f64>]) -> Vec<f64> {
        let n = rows.first().map_or(0, Vec::len);
        match self.forward(rows) {
            Some(forward) => forward.logs,
            None => vec![f64::NAN; n],
        }
    }

    fn laws(&self) -> Option<Vec<Law<'_>>> {
        let assets = self.means.first()?.len();
        let scale = assets as f64 / 2.0 * libm::log(2.0 * std::f64::consts::PI);
        let mut laws = Vec::with_capacity(self.states());
        for (mean, covariance) in self.means.iter().zip(&self.covariances) {
            let matrix = SymMatrix::new(assets, covariance.clone()).ok()?;
            let factor = cholesky(&matrix).ok()?;
            let root: f64 = (0..assets).map(|asset| factor.row(asset)[asset]).product();
            let constant = -scale - libm::log(root);
            // A singular matrix has no density.
            (root > 0.0).then_some(())?;
            laws.push(Law { mean, factor, constant });
        }
        Some(laws)
    }

    fn forward(&self, rows: &[Vec<f64>]) -> Option<Forward> {
        let (laws, k, n) = (self.laws()?, self.states(), rows.first()?.len());
        let mut solved = vec![0.0; rows.len()];
        let mut forward = Forward {
            filtered: Vec::with_capacity(n * k),
            densities: Vec::with_capacity(n * k),
            logs: Vec::with_capacity(n),
            scales: Vec::with_capacity(n),
        };
        let mut predicted = vec![1.0 / k as f64; k];
        let mut logs = vec![0.0; k];
        for t in 0..n {
            for (log, law) in logs.iter_mut().zip(&laws) {
                *log = law.log_density(rows, t, &mut solved);
            }
            // Taken relative to the greatest, so that no row has density 0 in all states.
            let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let first = forward.densities.len();
            forward.densities.extend(logs.iter().map(|log| libm::exp(log - most)));
            let densities = &forward.densities[first..];
            let sum: f64 = predicted.iter().zip(densities).map(|(p, d)| p * d).sum();
            if !(sum > 0.0 && most.is_finite()) {
                return None;
            }
            forward.filtered.extend(predicted.iter().zip(densities).map(|(p, d)| p * d / sum));
            let filtered = &forward.filtered[first..];
            for (to, next) in predicted.iter_mut().enumerate() {
                *next = filtered.iter().zip(&self.transitions).map(|(f, row)| f * row[to]).sum();
            }
            forward.logs.push(most + libm::log(sum));
            forward.scales.push(sum);
        }
        Some(forward)
    }

    /// Probabilities of states and expected transitions, given all rows.
    pub(super) fn smooth(&self, rows: &[Vec<f64>]) -> Option<Passes> {
        let forward = self.forward(rows)?;
        let (k, n) = (self.states(), forward.logs.len());
        let mut weights = vec![vec![0.0; n]; k];
        let mut moves = vec![vec![0.0; k]; k];
        let mut backward = vec![1.0; k];
        let mut onward = vec![0.0; k];
        for t in (0..n).rev() {
            for state in 0..k {
                weights[state][t] = forward.filtered[t * k + state] * backward[state];
            }
            if t == 0 {
                break;
            }
            for (to, value) in onward.iter_mut().enumerate() {
                *value = forward.densities[t * k + to] * backward[to] / forward.scales[t];
            }
            for from in 0..k {
                let before = forward.filtered[(t - 1) * k + from];
                let row = &self.transitions[from];
                for to in 0..k {
                    moves[from][to] += before * row[to] * onward[to];
                }
                backward[from] = row.iter().zip(&onward).map(|(p, value)| p * value).sum();
            }
        }
        let log_likelihood = forward.logs.iter().sum();
        Some(Passes { weights, moves, log_likelihood })
    }
}

/// One way through the rows: filtered probabilities and scaled densities, state by state.
struct Forward {
    filtered: Vec<f64>,
    densities: Vec<f64>,
    logs: Vec<f64>,
    scales: Vec<f64>,
}

/// Both ways.
pub(super) struct Passes {
    /// Probability of each state at each row.
    pub weights: Vec<Vec<f64>>,
    /// Expected number of transitions.
    pub moves: Vec<Vec<f64>>,
    pub log_likelihood: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two states, three rows, all eight ways through the chain summed by hand in the loop: the
    /// likelihood and the probability of the first state at the second row.
    #[test]
    fn filter_and_smoother_equal_the_sum_over_all_ways() {
        let rows = vec![vec![0.3, -1.2, 2.0]];
        let transitions = vec![vec![0.9, 0.1], vec![0.3, 0.7]];
        let fit = HmmFit {
            means: vec![vec![0.1], vec![-0.2]],
            covariances: vec![vec![0.25], vec![4.0]],
            transitions: transitions.clone(),
            log_likelihood: 0.0,
            converged: false,
            occupied: vec![0.0; 2],
            visits: vec![0.0; 2],
            last: vec![0.0; 2],
        };
        let density = |state: usize, x: f64| {
            let (mean, variance) = [(0.1, 0.25_f64), (-0.2, 4.0)][state];
            let scale = (2.0 * std::f64::consts::PI * variance).sqrt();
            libm::exp(-(x - mean) * (x - mean) / (2.0 * variance)) / scale
        };
        let (mut all, mut first_at_two) = (0.0, 0.0);
        for way in 0..8_usize {
            let state = |t: usize| (way >> t) & 1;
            let mut weight = 0.5;
            for t in 0..3 {
                weight *= density(state(t), rows[0][t]);
                if t > 0 {
                    weight *= transitions[state(t - 1)][state(t)];
                }
            }
            all += weight;
            first_at_two += if state(1) == 0 { weight } else { 0.0 };
        }
        let passes = fit.smooth(&rows).unwrap();
        assert!((passes.log_likelihood - libm::log(all)).abs() < 1e-12);
        assert!((fit.terms(&rows).iter().sum::<f64>() - libm::log(all)).abs() < 1e-12);
        assert!((passes.weights[0][1] - first_at_two / all).abs() < 1e-12);
        let moves: f64 = passes.moves.iter().flatten().sum();
        assert!((moves - 2.0).abs() < 1e-12, "two steps, {moves} transitions");
    }
}
