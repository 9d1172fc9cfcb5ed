//! Regimes by Baum & Welch's algorithm (L. E. Baum, T. Petrie, G. Soules & N. Weiss 1970; J. D.
//! Hamilton 1990, *Analysis of time series subject to changes in regime*): a hidden Markov chain
//! over the steps, normal returns in each state.

mod chain;
mod filter;
mod hmm;
mod start;

pub use hmm::HmmFit;

use super::influence::Influence;
use super::returns::mean_deviation;
use super::{CalibrateError, Calibration, DriftChoice, Parameter, Returns, Unit};
use chain::{generator, shares};

/// Transitions rarer than this a step are taken as never.
const NEVER: f64 = 1e-7;
/// Least standard deviation of a state, in those of the returns: flat bars would else become a
/// state of their own, of a likelihood without bound.
const LEAST: f64 = 0.03;
/// Names of the regimes, calmest first.
const NAMES: [&[&str]; 2] = [&["calm", "wild"], &["calm", "restless", "wild"]];

/// Fits so many states to standardised rows, from several starts; the likeliest without a state
/// that has died or collapsed. `None` if there is none. States come in the order of their variance.
pub fn fit(rows: &[Vec<f64>], states: usize) -> Option<HmmFit> {
    let fits = start::starts(rows, states).into_iter().filter_map(|start| start.improved(rows));
    let sound = fits.filter(|fit| fit.least_deviation() >= LEAST);
    let best = sound.reduce(|a, b| if b.log_likelihood > a.log_likelihood { b } else { a })?;
    Some(best.sorted())
}

pub(super) fn calibrate(
    returns: &Returns,
    states: usize,
    drift: DriftChoice,
) -> Result<Calibration, CalibrateError> {
    let fault = |text: &str| CalibrateError::NoFit(text.to_owned());
    let names = NAMES.iter().find(|names| names.len() == states);
    let names = names.ok_or_else(|| fault("a fit has 2 or 3 regimes; give --regimes 2 or 3"))?;
    let moments: Vec<(f64, f64)> = returns.rows.iter().map(|rows| mean_deviation(rows)).collect();
    let rows: Vec<Vec<f64>> = (returns.rows.iter().zip(&moments))
        .map(|(rows, (mean, scale))| rows.iter().map(|r| (r - mean) / scale).collect())
        .collect();
    let found = fit(&rows, states).ok_or_else(|| {
        fault(
            "no fit has that many regimes that last and move; give --regimes 2, a longer --step \
             (where bars are flat), or --model garch",
        )
    })?;
    let map = Map { fit: &found, moments: &moments, dt: returns.dt() };
    let point = map.point();
    let values = map.natural(&point).ok_or_else(|| {
        fault(
            "the regimes change faster than a step: no chain in continuous time has these \
             transitions; give a shorter --step, fewer --regimes, or --model garch",
        )
    })?;
    let mut notes = Vec::new();
    let influence = Influence::of_maximum(|at| map.at(at).terms(&rows), &point);
    let influence = influence.map(|found| {
        found.of(&point, |at| map.natural(at).unwrap_or_else(|| vec![f64::NAN; values.len()]))
    });
    let errors = match influence {
        Some(influence) => influence.errors(),
        None => {
            notes.push(
                "The likelihood is flat in some direction: the standard errors are not known."
                    .to_owned(),
            );
            vec![f64::NAN; values.len()]
        }
    };
    if !found.converged {
        notes.push("The search did not converge: do not rely on these regimes.".to_owned());
    }
    say(&found, names, returns, &mut notes);
    let parameters = tell(returns, names, &found, &values, &errors, drift);
    let scales: f64 = moments.iter().map(|(_, scale)| libm::log(*scale)).sum();
    let log_likelihood = found.log_likelihood - returns.count() as f64 * scales;
    Ok(Calibration { parameters, notes, log_likelihood: Some(log_likelihood) })
}

/// Between the fit, the point at which derivatives are taken, and the scenario's parameters.
struct Map<'a> {
    fit: &'a HmmFit,
    moments: &'a [(f64, f64)],
    dt: f64,
}

impl Map<'_> {
    /// Pairs of states whose transitions are seen.
    fn moves(&self) -> Vec<(usize, usize)> {
        let states = self.fit.states();
        let pairs = (0..states).flat_map(|i| (0..states).map(move |j| (i, j)));
        pairs.filter(|(i, j)| i != j && self.fit.transitions[*i][*j] > NEVER).collect()
    }

    /// Per state: means, ln deviations, correlations; then ln(p_ij/p_ii).
    fn point(&self) -> Vec<f64> {
        let fit = self.fit;
        let mut point = Vec::new();
        for state in 0..fit.states() {
            let deviations = fit.deviations(state);
            point.extend(&fit.means[state]);
            point.extend(deviations.iter().map(|deviation| libm::log(*deviation)));
            point.extend(fit.correlations(state));
        }
        let transition = |(i, j): (usize, usize)| fit.transitions[i][j] / fit.transitions[i][i];
        point.extend(self.moves().into_iter().map(|pair| libm::log(transition(pair))));
        point
    }

    /// The fit at a point.
    fn at(&self, point: &[f64]) -> HmmFit {
        let (states, assets) = (self.fit.states(), self.moments.len());
        let mut fit = self.fit.clone();
        let mut rest = point;
        let mut take = |count: usize| {
            let (head, tail) = rest.split_at(count);
            rest = tail;
            head
        };
        for state in 0..states {
            fit.means[state].copy_from_slice(take(assets));
            let deviations: Vec<f64> = take(assets).iter().map(|log| libm::exp(*log)).collect();
            fit.set_covariance(state, &deviations, take(assets * (assets - 1) / 2));
        }
        for row in 0..states {
            fit.transitions[row] =
                (0..states).map(|to| if to == row { 1.0 } else { 0.0 }).collect();
        }
        for (i, j) in self.moves() {
            fit.transitions[i][j] = libm::exp(take(1)[0]);
        }
        for row in &mut fit.transitions {
            let sum: f64 = row.iter().sum();
            row.iter_mut().for_each(|p| *p /= sum);
        }
        fit
    }

    /// Per state: expected stay in ms of a step of 1, shares of the next state, then per asset
    /// volatility and arithmetic drift, then correlations. `None` where no generator exists.
    fn natural(&self, point: &[f64]) -> Option<Vec<f64>> {
        let fit = self.at(point);
        let rates = generator(&fit.transitions)?;
        let mut values = Vec::new();
        for state in 0..fit.states() {
            values.push(-1.0 / rates[state][state]);
            values.extend(shares(&rates, state));
            let deviations = fit.deviations(state);
            for (asset, (mean, scale)) in self.moments.iter().enumerate() {
                let volatility = scale * deviations[asset] / self.dt.sqrt();
                let growth = (mean + scale * fit.means[state][asset]) / self.dt;
                values.extend([volatility, growth + volatility * volatility / 2.0]);
            }
            values.extend(fit.correlations(state));
        }
        Some(values)
    }
}

/// The values of [`Map::natural`] under their names.
fn tell(
    returns: &Returns,
    names: &[&str],
    fit: &HmmFit,
    values: &[f64],
    errors: &[f64],
    drift: DriftChoice,
) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    for (name, last) in returns.names.iter().zip(&returns.last) {
        parameters.push(Parameter::start_price(&format!("assets.{name}"), *last));
    }
    let mut found = values.iter().copied().zip(errors.iter().map(|error| Some(*error)));
    let mut next = || found.next().unwrap_or((f64::NAN, None));
    let step = returns.step_ms as f64;
    for (state, name) in names.iter().enumerate() {
        let table = format!("regimes.{name}");
        let (stay, error) = next();
        let error = error.map(|error| error * step);
        parameters.push(Parameter::new(&table, "duration", stay * step, error, Unit::Time));
        let others: Vec<&str> = names.iter().copied().filter(|other| other != name).collect();
        let mut left = 1.0;
        for (place, other) in others.iter().enumerate() {
            let (share, error) = next();
            // They sum to 1 as written.
            let rounded = libm::round(share * 1e6) / 1e6;
            let last = libm::round(left * 1e6) / 1e6;
            let share = if place + 1 == others.len() { last } else { rounded };
            left -= share;
            // On the boundary a normal error means nothing.
            let error = error.filter(|_| share > 0.0 && share < 1.0);
            if others.len() > 1 {
                let table = format!("{table}.next");
                parameters.push(Parameter::new(&table, other, share, error, Unit::Pure));
            }
        }
        let occupied = fit.occupied[state];
        parameters.push(Parameter::told(
            &table,
            "share of the history",
            occupied,
            None,
            Unit::Pure,
        ));
        for asset in &returns.names {
            let table = format!("{table}.assets.{asset}");
            let (volatility, error) = next();
            parameters.push(Parameter::new(
                &table,
                "volatility",
                volatility,
                error,
                Unit::PerRootYear,
            ));
            let (growth, error) = next();
            parameters.extend(Parameter::drift(&table, growth, error, drift));
        }
        for (place, one) in returns.names.iter().enumerate() {
            for other in &returns.names[..place] {
                let (value, error) = next();
                let (table, pair) = (format!("{table}.correlation"), format!("{other}-{one}"));
                parameters.push(Parameter::new(&table, &pair, value, error, Unit::Pure));
            }
        }
    }
    parameters
}

fn say(fit: &HmmFit, names: &[&str], returns: &Returns, notes: &mut Vec<String>) {
    let rates = generator(&fit.transitions).unwrap_or_default();
    for (from, row) in rates.iter().enumerate() {
        for to in (0..row.len()).filter(|to| *to != from && row[*to] == 0.0) {
            notes.push(format!(
                "From {} to {} there is no way but through the third: the rate is 0, on the boundary.",
                names[from], names[to]
            ));
        }
    }
    for (state, name) in names.iter().enumerate() {
        let visits = fit.visits[state];
        if visits < 10.0 {
            notes.push(format!(
                "The regime {name} was entered {visits:.0} times in this history: its duration is a \
                 mean of so few."
            ));
        }
    }
    let (state, share) = (fit.last.iter().copied().enumerate())
        .fold((0, 0.0), |best, one| if one.1 > best.1 { one } else { best });
    notes.push(format!(
        "The history ends in the regime {} with probability {share:.2}; start_regime is left out, so \
         that paths start by the long-run shares.",
        names[state]
    ));
    for (name, rows) in returns.names.iter().zip(&returns.rows) {
        notes.push(super::gbm::drift_note(
            name,
            super::gbm::diffusion(rows, returns.dt()).drift,
            returns,
        ));
    }
    if returns.names.len() > 1 {
        notes
            .push("Correlations of a regime are those of the sample in it, not shrunk.".to_owned());
    }
}
