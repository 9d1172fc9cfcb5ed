//! A hidden Markov chain with normal returns, and the rounds of the algorithm.

use super::filter::Passes;

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
