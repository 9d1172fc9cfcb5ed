//! GARCH(1,1) with Student's t by maximum likelihood and variance targeting (T. Bollerslev 1987;
//! R. F. Engle & J. Mezrich 1996; errors by C. Francq, L. Horváth & J.-M. Zakoïan 2011, *Merits and
//! drawbacks of variance targeting in GARCH models*, J. Financial Econometrics 9).

use super::correlation::correlations;
use super::gbm::{diffusion, drift_note};
use super::influence::{Influence, bread, scores, times};
use super::returns::mean_deviation;
use super::{CalibrateError, Calibration, DriftChoice, Parameter, Returns, Unit};
use crate::stats::minimise;

/// Degrees of freedom from which on Student's t is a normal to any eye.
const NORMAL_FROM: f64 = 200.0;
/// Persistence above which the long-run variance is hardly one.
const NEAR_ONE: f64 = 0.999;
/// Rounds of fitting one df to several assets.
const ROUNDS: usize = 30;

/// Parameters of one asset, per step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GarchFit {
    /// Variance of a step in the long run, that of the sample.
    pub variance: f64,
    /// Weight of the last squared shock.
    pub alpha: f64,
    /// Weight of the last variance.
    pub beta: f64,
    /// Degrees of freedom.
    pub df: f64,
}

impl GarchFit {
    /// From ln variance, logit of α + β, logit of α's share in it, ln(ν − 2).
    fn of(variance: f64, persistence: f64, share: f64, tail: f64) -> Self {
        let logistic = |x: f64| 1.0 / (1.0 + libm::exp(-x));
        let persistence = logistic(persistence);
        let alpha = persistence * logistic(share);
        let df = 2.0 + libm::exp(tail);
        Self { variance: libm::exp(variance), alpha, beta: persistence - alpha, df }
    }

    /// The variance of each step and of the one after the last; the first is that of the long run.
    fn variances(&self, shocks: &[f64]) -> Vec<f64> {
        let omega = (1.0 - self.alpha - self.beta) * self.variance;
        let mut h = self.variance;
        let mut all = Vec::with_capacity(shocks.len() + 1);
        all.push(h);
        for shock in shocks {
            h = omega + self.alpha * shock * shock + self.beta * h;
            all.push(h);
        }
        all
    }

    /// Whether returns have a fourth moment, without which the error of the volatility is none:
    /// (α + β)² + α²·(κ − 1) < 1 with the kurtosis κ = 3(ν − 2)/(ν − 4) of the innovations.
    fn has_fourth_moment(&self) -> bool {
        let kurtosis = 3.0 * (self.df - 2.0) / (self.df - 4.0);
        let persistence = self.alpha + self.beta;
        self.df > 4.0
            && persistence * persistence + self.alpha * self.alpha * (kurtosis - 1.0) < 1.0
    }
}

/// Log likelihood of each shock (a return less its mean) under Student's t of variance h:
/// lnΓ((ν+1)/2) − lnΓ(ν/2) − ln(π(ν−2)h)/2 − (ν+1)/2·ln(1 + ε²/((ν−2)h)).
pub fn log_likelihood(fit: &GarchFit, shocks: &[f64]) -> Vec<f64> {
    let df = fit.df;
    let constant = libm::lgamma((df + 1.0) / 2.0)
        - libm::lgamma(df / 2.0)
        - 0.5 * libm::log(std::f64::consts::PI * (df - 2.0));
    let terms = fit.variances(shocks).into_iter().zip(shocks).map(|(h, shock)| {
        let tail = libm::log1p(shock * shock / ((df - 2.0) * h));
        constant - 0.5 * libm::log(h) - (df + 1.0) / 2.0 * tail
    });
    terms.collect()
}

/// Standardised returns of all assets and their parameters: logits of persistence and share of
/// each, then ln(ν − 2), which all have in common.
struct Joint {
    x: Vec<Vec<f64>>,
    point: Vec<f64>,
    converged: bool,
}

impl Joint {
    fn fit(x: Vec<Vec<f64>>) -> Self {
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
    fn of_asset(&self, place: usize, variances: &[f64], point: &[f64]) -> GarchFit {
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
    fn influence(&self) -> Option<Influence> {
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

pub(super) fn calibrate(
    returns: &Returns,
    drift: DriftChoice,
) -> Result<Calibration, CalibrateError> {
    let moments: Vec<(f64, f64)> = returns.rows.iter().map(|rows| mean_deviation(rows)).collect();
    let standard = |(rows, (mean, scale)): (&Vec<f64>, &(f64, f64))| {
        rows.iter().map(|r| (r - mean) / scale).collect::<Vec<f64>>()
    };
    let joint = Joint::fit(returns.rows.iter().zip(&moments).map(standard).collect());
    let (n, dt) = (returns.rows.len(), returns.dt());
    let all: Vec<f64> = std::iter::repeat_n(0.0, n).chain(joint.point.iter().copied()).collect();
    // Volatility, α and β of each asset, then ν.
    let natural = |at: &[f64]| -> Vec<f64> {
        let (variances, point) = at.split_at(n);
        let of = |place: usize| {
            let fit = joint.of_asset(place, variances, point);
            [moments[place].1 * (fit.variance / dt).sqrt(), fit.alpha, fit.beta, fit.df]
        };
        let mut values: Vec<f64> = (0..n).flat_map(|place| of(place)[..3].to_vec()).collect();
        values.push(of(0)[3]);
        values
    };
    let values = natural(&all);
    let mut notes = Vec::new();
    let errors = match joint.influence() {
        Some(influence) => influence.of(&all, natural).errors(),
        None => {
            notes.push(
                "The likelihood is flat in some direction, as where there is no clustering: the \
                 standard errors are not known."
                    .to_owned(),
            );
            vec![f64::NAN; values.len()]
        }
    };
    if !joint.converged {
        notes.push("The search did not converge: do not rely on these parameters.".to_owned());
    }
    let mut parameters = Vec::new();
    let mut residuals = Vec::new();
    let mut total = 0.0;
    let df = (values[3 * n], Some(errors[3 * n]));
    if n == 1 || df.0 >= NORMAL_FROM {
        // One asset needs no rule for tails.
    } else {
        notes.push(
            "All assets share one df: tails = \"common\", their extremes come together.".to_owned(),
        );
    }
    for (place, name) in returns.names.iter().enumerate() {
        let table = format!("assets.{name}");
        let fit = joint.of_asset(place, &vec![0.0; n], &joint.point);
        let scale = moments[place].1;
        let at = |key: &str, offset: usize, unit: Unit| {
            let place = 3 * place + offset;
            Parameter::new(&table, key, values[place], Some(errors[place]), unit)
        };
        let found = diffusion(&returns.rows[place], dt);
        parameters.push(Parameter::start_price(&table, returns.last[place]));
        parameters.push(at("volatility", 0, Unit::PerRootYear));
        parameters.extend(Parameter::drift(&table, found.drift.0, Some(found.drift.1), drift));
        parameters.push(at("alpha", 1, Unit::PerStep));
        parameters.push(at("beta", 2, Unit::PerStep));
        if df.0 < NORMAL_FROM {
            parameters.push(Parameter::new(&table, "df", df.0, df.1, Unit::Pure));
        }
        let x = &joint.x[place];
        let variances = fit.variances(x);
        let now = scale * (variances[x.len()] / dt).sqrt();
        parameters.push(Parameter::told(
            &table,
            "volatility at the end",
            now,
            None,
            Unit::PerRootYear,
        ));
        total += log_likelihood(&fit, x).iter().sum::<f64>() - x.len() as f64 * libm::log(scale);
        residuals.push(x.iter().zip(&variances).map(|(x, h)| x / h.sqrt()).collect::<Vec<f64>>());
        notes.push(drift_note(name, found.drift, returns));
        say_boundaries(name, &fit, &mut notes);
    }
    let rows: Vec<&[f64]> = residuals.iter().map(Vec::as_slice).collect();
    correlations(&returns.names, &rows, None, &mut parameters, &mut notes);
    Ok(Calibration { parameters, notes, log_likelihood: Some(total) })
}

fn say_boundaries(name: &str, fit: &GarchFit, notes: &mut Vec<String>) {
    let persistence = fit.alpha + fit.beta;
    if persistence > NEAR_ONE {
        notes.push(format!(
            "alpha + beta of {name} is {persistence:.5}, at the boundary 1: shocks to the variance \
             hardly fade, and its long-run value rests on the sample's alone."
        ));
    }
    if fit.alpha < 1e-3 {
        notes.push(format!("alpha of {name} is 0, on the boundary: no clustering is found."));
    }
    if fit.df >= NORMAL_FROM {
        notes.push("Student's t is a normal here: df is left out.".to_owned());
    } else if !fit.has_fourth_moment() {
        notes.push(format!(
            "Returns of {name} have no fourth moment in this model (df {:.2}): the error of its \
             volatility is a lower bound.",
            fit.df
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three shocks 1, −2, 0.5 with variance 1, α = .1, β = .8, ν = 5. h: 1, .1 + .1 + .8 = 1,
    /// .1 + .4 + .8 = 1.3. Each term by scipy.stats.t.logpdf(ε, 5, scale = √(3h/5)).
    #[test]
    fn a_likelihood_worked_independently() {
        let fit = GarchFit { variance: 1.0, alpha: 0.1, beta: 0.8, df: 5.0 };
        let shocks = [1.0, -2.0, 0.5];
        let h = fit.variances(&shocks);
        for (found, expected) in h.iter().zip([1.0, 1.0, 1.3, 0.1 + 0.025 + 1.04]) {
            assert!((found - expected).abs() < 1e-15, "{h:?}");
        }
        let expected = [-1.5762529945270716, -3.2551003583333395, -1.030784252726493];
        for (found, expected) in log_likelihood(&fit, &shocks).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }
}
