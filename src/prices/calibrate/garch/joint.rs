//! The likelihood of all assets together, which share their tails.

use super::law::{GarchFit, log_likelihood};
use crate::prices::calibrate::influence::{Influence, bread, scores, times};
use crate::stats::minimise;

/// Rounds of fitting one df to several assets.
const ROUNDS: usize = 30;

/// Standardised returns of all assets and their parameters: logits of persistence and share of
/// each, then ln(ν − 2), which all have in common.
pub(super) struct Joint {
    pub x: Vec<Vec<f64>>,
    pub point: Vec<f64>,
    pub converged: bool,
}

impl Joint {
    pub fn fit(x: Vec<Vec<f64>>) -> Self {
        let mut point = Vec::new();
        let mut tails = 0.0;
        let mut converged = true;
        for rows in &x {
            let cost = |at: &[f64]| cost(rows, at[0], at[1], at[2]);
            let found = minimise(cost, &[3.0, -2.2, 1.0], &[0.7, 0.5, 0.5]);
            point.extend(&found.point[..2]);
            tails += found.point[2] / x.len() as f64;
            converged &= found.converged;
        }
        point.push(tails);
        let mut joint = Self { x, point, converged };
        if joint.x.len() > 1 {
            joint.share_tail();
        }
        joint
    }

    /// One df for all: it and the rest in turn, each at the best of the other.
    fn share_tail(&mut self) {
        let last = self.point.len() - 1;
        let mut before = f64::INFINITY;
        for _ in 0..ROUNDS {
            let all = |tail: f64| -> f64 {
                let of = |(place, rows): (usize, &Vec<f64>)| {
                    cost(rows, self.point[2 * place], self.point[2 * place + 1], tail)
                };
                self.x.iter().enumerate().map(of).sum()
            };
            let found = minimise(|at| all(at[0]), &[self.point[last]], &[0.2]);
            self.point[last] = found.point[0];
            let mut total = 0.0;
            for (place, rows) in self.x.iter().enumerate() {
                let (tail, from) = (self.point[last], 2 * place);
                let cost = |at: &[f64]| cost(rows, at[0], at[1], tail);
                let found = minimise(cost, &self.point[from..from + 2], &[0.1, 0.1]);
                self.point[from..from + 2].copy_from_slice(&found.point);
                total += found.value;
            }
            if (before - total).abs() < 1e-10 {
                return;
            }
            before = total;
        }
        self.converged = false;
    }

    /// Parameters of an asset at a point: ln variances, then as `self.point`.
    pub fn of_asset(&self, place: usize, variances: &[f64], point: &[f64]) -> GarchFit {
        let last = point.len() - 1;
        GarchFit::of(variances[place], point[2 * place], point[2 * place + 1], point[last])
    }

    /// Log likelihood of each step, all assets together.
    fn terms(&self, variances: &[f64], point: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.x[0].len()];
        for (place, rows) in self.x.iter().enumerate() {
            let terms = log_likelihood(&self.of_asset(place, variances, point), rows);
            sum.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
        }
        sum
    }

    /// Influence on ln variances and on `self.point`. The variance of the sample is off by
    /// (1 − β)/(1 − α − β) times the mean of ε² − h, which shifts the rest as well.
    pub fn influence(&self) -> Option<Influence> {
        const STEP: f64 = 1e-3;
        let zeros = vec![0.0; self.x.len()];
        let targets: Vec<Vec<f64>> = (self.x.iter().enumerate())
            .map(|(place, rows)| {
                let fit = self.of_asset(place, &zeros, &self.point);
                let weight = (1.0 - fit.beta) / (1.0 - fit.alpha - fit.beta);
                let variances = fit.variances(rows);
                rows.iter().zip(variances).map(|(x, h)| weight * (x * x - h)).collect()
            })
            .collect();
        let mut score = scores(|at| self.terms(&zeros, at), &self.point);
        let bread = bread(|at| self.terms(&zeros, at), &self.point)?;
        for (place, target) in targets.iter().enumerate() {
            let slope = |by: f64| {
                let mut moved = zeros.clone();
                moved[place] = by;
                scores(|at| self.terms(&moved, at), &self.point)
            };
            let (up, down) = (slope(STEP), slope(-STEP));
            for ((score, up), down) in score.iter_mut().zip(&up).zip(&down) {
                let mean = |row: &[f64]| row.iter().sum::<f64>() / row.len() as f64;
                let cross = (mean(up) - mean(down)) / (2.0 * STEP);
                score.iter_mut().zip(target).for_each(|(score, target)| *score += cross * target);
            }
        }
        let rest = times(&bread, &score);
        Some(Influence { rows: targets.into_iter().chain(rest).collect() })
    }
}

/// Less the mean log likelihood of standardised returns; parameters out of all reason are +∞.
fn cost(rows: &[f64], persistence: f64, share: f64, tail: f64) -> f64 {
    if persistence > 9.5 || share.abs() > 12.0 || !(-7.0..=7.0).contains(&tail) {
        return f64::INFINITY;
    }
    let terms = log_likelihood(&GarchFit::of(0.0, persistence, share, tail), rows);
    -terms.iter().sum::<f64>() / rows.len() as f64
}
