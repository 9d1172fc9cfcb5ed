//! A hidden Markov chain with normal returns: densities, filter, and one round of the algorithm.

use crate::stats::{LowerTriangular, SymMatrix, cholesky};

/// Rounds after which the search is given up.
const ROUNDS: usize = 3_000;
/// Gain of the mean log likelihood of a round at which the search has arrived.
const ARRIVED: f64 = 1e-11;

/// States of a chain over the steps, of standardised returns.
#[derive(Clone, Debug, PartialEq)]
pub struct HmmFit {
    /// `means[state][asset]`.
    pub means: Vec<Vec<f64>>,
    /// `covariances[state]`, row-major.
    pub covariances: Vec<Vec<f64>>,
    /// `transitions[from][to]` of a step; rows sum to 1.
    pub transitions: Vec<Vec<f64>>,
    /// Of all rows. The first state is drawn evenly.
    pub log_likelihood: f64,
    /// Whether the search arrived.
    pub converged: bool,
    /// Share of the steps in each state.
    pub occupied: Vec<f64>,
    /// Expected number of times that each was entered.
    pub visits: Vec<f64>,
    /// Probability of each at the last step.
    pub last: Vec<f64>,
}

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
    /// Number of states.
    pub fn states(&self) -> usize {
        self.means.len()
    }

    /// From a state for each row; `None` if a state has hardly any.
    pub(super) fn of_labels(rows: &[Vec<f64>], labels: &[usize], states: usize) -> Option<Self> {
        let weight = |state: usize| -> Vec<f64> {
            labels.iter().map(|label| if *label == state { 1.0 } else { 0.0 }).collect()
        };
        let weights: Vec<Vec<f64>> = (0..states).map(weight).collect();
        let mut counts = vec![vec![1.0; states]; states];
        labels.windows(2).for_each(|pair| counts[pair[0]][pair[1]] += 1.0);
        let mut fit = Self {
            means: vec![vec![0.0; rows.len()]; states],
            covariances: vec![vec![0.0; rows.len() * rows.len()]; states],
            transitions: vec![vec![0.0; states]; states],
            log_likelihood: f64::NEG_INFINITY,
            converged: false,
            occupied: vec![0.0; states],
            visits: vec![0.0; states],
            last: vec![0.0; states],
        };
        fit.take(rows, &weights, &counts)?;
        Some(fit)
    }

    /// Rounds of Baum & Welch until nothing is gained; `None` if a state dies or collapses.
    pub(super) fn improved(mut self, rows: &[Vec<f64>]) -> Option<Self> {
        let n = rows.first()?.len() as f64;
        for _ in 0..ROUNDS {
            let passes = self.smooth(rows)?;
            let gain = (passes.log_likelihood - self.log_likelihood) / n;
            self.log_likelihood = passes.log_likelihood;
            self.converged = gain.abs() < ARRIVED;
            if self.converged {
                self.record(&passes);
                return Some(self);
            }
            self.take(rows, &passes.weights, &passes.moves)?;
        }
        let passes = self.smooth(rows)?;
        self.log_likelihood = passes.log_likelihood;
        self.record(&passes);
        Some(self)
    }

    fn record(&mut self, passes: &Passes) {
        let n = passes.weights[0].len();
        for state in 0..self.states() {
            let weights = &passes.weights[state];
            self.occupied[state] = weights.iter().sum::<f64>() / n as f64;
            let entered = (0..self.states()).filter(|from| *from != state);
            self.visits[state] =
                weights[0] + entered.map(|from| passes.moves[from][state]).sum::<f64>();
            self.last[state] = weights[n - 1];
        }
    }

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
    fn smooth(&self, rows: &[Vec<f64>]) -> Option<Passes> {
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

    /// The likeliest parameters given probabilities of states and transitions.
    fn take(&mut self, rows: &[Vec<f64>], weights: &[Vec<f64>], moves: &[Vec<f64>]) -> Option<()> {
        let assets = rows.len();
        for (state, weights) in weights.iter().enumerate() {
            let total: f64 = weights.iter().sum();
            if total < (4 * assets) as f64 {
                return None;
            }
            let over = |value: &dyn Fn(usize) -> f64| -> f64 {
                weights.iter().enumerate().map(|(t, weight)| weight * value(t)).sum::<f64>() / total
            };
            let means: Vec<f64> = rows.iter().map(|row| over(&|t| row[t])).collect();
            for one in 0..assets {
                for other in 0..=one {
                    let value =
                        over(&|t| (rows[one][t] - means[one]) * (rows[other][t] - means[other]));
                    self.covariances[state][one * assets + other] = value;
                    self.covariances[state][other * assets + one] = value;
                }
            }
            self.means[state] = means;
        }
        for (row, counts) in self.transitions.iter_mut().zip(moves) {
            let total: f64 = counts.iter().sum();
            row.iter_mut().zip(counts).for_each(|(p, count)| *p = count / total);
        }
        self.transitions.iter().flatten().all(|p| p.is_finite()).then_some(())
    }

    /// Standard deviations of a state.
    pub fn deviations(&self, state: usize) -> Vec<f64> {
        let assets = self.means[state].len();
        (0..assets).map(|asset| self.covariances[state][asset * (assets + 1)].sqrt()).collect()
    }

    /// Correlations of a state, below the diagonal row by row.
    pub fn correlations(&self, state: usize) -> Vec<f64> {
        let (assets, deviations) = (self.means[state].len(), self.deviations(state));
        let pairs = (0..assets).flat_map(|i| (0..i).map(move |j| (i, j)));
        pairs
            .map(|(i, j)| self.covariances[state][i * assets + j] / deviations[i] / deviations[j])
            .collect()
    }

    pub(super) fn set_covariance(&mut self, state: usize, deviations: &[f64], pairs: &[f64]) {
        let assets = deviations.len();
        let mut pairs = pairs.iter();
        for i in 0..assets {
            for j in 0..i {
                let value = pairs.next().map_or(0.0, |pair| pair * deviations[i] * deviations[j]);
                self.covariances[state][i * assets + j] = value;
                self.covariances[state][j * assets + i] = value;
            }
            self.covariances[state][i * (assets + 1)] = deviations[i] * deviations[i];
        }
    }

    pub(super) fn least_deviation(&self) -> f64 {
        let all = (0..self.states()).flat_map(|state| self.deviations(state));
        all.fold(f64::INFINITY, f64::min)
    }

    /// The same, the state of the least total variance first.
    pub(super) fn sorted(&self) -> Self {
        let size = |state: &usize| -> f64 { self.deviations(*state).iter().map(|d| d * d).sum() };
        let mut order: Vec<usize> = (0..self.states()).collect();
        order.sort_by(|a, b| size(a).total_cmp(&size(b)));
        let pick = |values: &[f64]| order.iter().map(|state| values[*state]).collect::<Vec<f64>>();
        Self {
            means: order.iter().map(|state| self.means[*state].clone()).collect(),
            covariances: order.iter().map(|state| self.covariances[*state].clone()).collect(),
            transitions: order.iter().map(|state| pick(&self.transitions[*state])).collect(),
            occupied: pick(&self.occupied),
            visits: pick(&self.visits),
            last: pick(&self.last),
            ..self.clone()
        }
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
struct Passes {
    weights: Vec<Vec<f64>>,
    moves: Vec<Vec<f64>>,
    log_likelihood: f64,
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
            let (mean, variance) = [(0.1, 0.25), (-0.2, 4.0)][state];
            let scale = (2.0 * std::f64::consts::PI * variance as f64).sqrt();
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
