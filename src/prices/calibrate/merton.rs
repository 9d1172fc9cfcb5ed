//! Merton's jumps by maximum likelihood: a step's log return is a Poisson mixture of normals
//! (R. C. Merton 1976; C. A. Ball & W. N. Torous 1985, *On jumps in common stock prices and their
//! impact on call option pricing*, J. Finance 40).

use super::correlation::correlations;
use super::gbm::drift_note;
use super::influence::Influence;
use super::returns::mean_deviation;
use super::{Calibration, DriftChoice, Parameter, Returns, Unit};
use crate::stats::minimise;

/// Jumps per step above which they are no jumps any more.
const MOST: f64 = 1.0;
/// Jumps per step above which they are no rare events.
const OFTEN: f64 = 0.1;
/// Least diffusion and least jump deviation, in standard deviations of a return: flat bars would
/// else draw the diffusion to nothing, where the likelihood has no bound.
const LEAST: f64 = 0.02;
/// Weight of so many jumps in a step below which more are left out.
const NEGLIGIBLE: f64 = 1e-13;
/// Twice the gain of the likelihood below which no jumps are claimed: 99 % of χ² with three
/// degrees, a rough guide, since without jumps their size means nothing.
const GAIN: f64 = 11.34;

/// Parameters of one asset, in units of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MertonFit {
    /// Mean of the diffusion's log return.
    pub mean: f64,
    /// Deviation of the diffusion.
    pub deviation: f64,
    /// Expected jumps.
    pub jumps: f64,
    /// Mean of a jump.
    pub jump_mean: f64,
    /// Deviation of a jump.
    pub jump_deviation: f64,
}

impl MertonFit {
    /// From mean, ln deviation, ln jumps, jump mean, ln jump deviation.
    fn of(point: &[f64]) -> Self {
        Self {
            mean: point[0],
            deviation: libm::exp(point[1]),
            jumps: libm::exp(point[2]),
            jump_mean: point[3],
            jump_deviation: libm::exp(point[4]),
        }
    }

    /// Weight, mean and deviation of each number of jumps that matters.
    fn parts(&self) -> Vec<(f64, f64, f64)> {
        let mut weight = libm::exp(-self.jumps);
        let mut parts = Vec::new();
        let mut count = 0.0;
        while weight > NEGLIGIBLE || count < self.jumps {
            let variance =
                self.deviation * self.deviation + count * self.jump_deviation * self.jump_deviation;
            parts.push((weight, self.mean + count * self.jump_mean, variance.sqrt()));
            count += 1.0;
            weight *= self.jumps / count;
        }
        parts
    }

    fn is_at_most(&self) -> bool {
        self.jumps > 0.98 * MOST
    }

    fn is_allowed(&self) -> bool {
        self.jumps <= MOST && self.deviation >= LEAST && self.jump_deviation >= LEAST
    }
}

/// Density of each part at a return.
fn densities<'a>(parts: &'a [(f64, f64, f64)], r: f64) -> impl Iterator<Item = f64> + 'a {
    let scale = (2.0 * std::f64::consts::PI).sqrt();
    parts.iter().map(move |(weight, mean, deviation)| {
        let z = (r - mean) / deviation;
        weight / (deviation * scale) * libm::exp(-0.5 * z * z)
    })
}

/// Log likelihood of each return.
pub fn log_likelihood(fit: &MertonFit, returns: &[f64]) -> Vec<f64> {
    let parts = fit.parts();
    returns.iter().map(|r| libm::log(densities(&parts, *r).sum())).collect()
}

/// Probability of each return to have come without a jump.
fn quiet(fit: &MertonFit, returns: &[f64]) -> Vec<f64> {
    let parts = fit.parts();
    let of = |r: &f64| {
        let without = densities(&parts[..1], *r).sum::<f64>();
        without / densities(&parts, *r).sum::<f64>().max(f64::MIN_POSITIVE)
    };
    returns.iter().map(of).collect()
}

/// The fit to standardised returns, and whether the search arrived.
fn fit(x: &[f64]) -> (MertonFit, Vec<f64>, bool) {
    let cost = |point: &[f64]| {
        let fit = MertonFit::of(point);
        if !fit.is_allowed() {
            return f64::INFINITY;
        }
        -log_likelihood(&fit, x).iter().sum::<f64>() / x.len() as f64
    };
    let starts = [2.5, 3.0, 4.0, 5.0].map(|threshold| start(x, threshold));
    let best = starts.iter().min_by(|a, b| cost(a).total_cmp(&cost(b)));
    let start = best.cloned().unwrap_or_else(|| vec![0.0, -0.1, -4.0, 0.0, 1.0]);
    let found = minimise(cost, &start, &[0.05, 0.1, 0.5, 0.3, 0.2]);
    (MertonFit::of(&found.point), found.point, found.converged)
}

/// Returns beyond so many robust deviations (median absolute deviation · 1.4826) begin as jumps.
fn start(x: &[f64], threshold: f64) -> Vec<f64> {
    let middle = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let median = middle(&mut x.to_vec());
    let robust = 1.4826 * middle(&mut x.iter().map(|r| (r - median).abs()).collect());
    let robust = robust.clamp(0.1, 1.0);
    let is_jump = |r: &&f64| (**r - median).abs() > threshold * robust;
    let jumps: Vec<f64> = x.iter().filter(is_jump).map(|r| r - median).collect();
    let count = (jumps.len() as f64).max(1.0);
    let (mean, spread) = mean_deviation(&jumps);
    let rate = (count / x.len() as f64).min(0.5 * MOST);
    vec![median, libm::log(robust), libm::log(rate), mean, libm::log(spread.max(robust))]
}

pub(super) fn calibrate(returns: &Returns, drift: DriftChoice) -> Calibration {
    let mut parameters = Vec::new();
    let mut notes = Vec::new();
    let mut total = 0.0;
    let mut weights = vec![1.0; returns.count()];
    for ((name, rows), last) in returns.names.iter().zip(&returns.rows).zip(&returns.last) {
        let found = Asset::fit(name, rows, returns.dt(), &mut notes);
        found.tell(*last, drift, &mut parameters);
        notes.push(drift_note(name, (found.values[4], found.errors[4]), returns));
        total += found.log_likelihood;
        weights.iter_mut().zip(&found.quiet).for_each(|(weight, quiet)| *weight *= quiet);
    }
    let rows: Vec<&[f64]> = returns.rows.iter().map(Vec::as_slice).collect();
    correlations(&returns.names, &rows, Some(&weights), &mut parameters, &mut notes);
    if rows.len() > 1 {
        notes.push(
            "Correlations are those of the diffusions, from returns that came without a jump; jumps \
             of two assets are independent in the model, so its returns correlate less than these."
                .to_owned(),
        );
    }
    Calibration { parameters, notes, log_likelihood: Some(total) }
}

/// What is known of one asset.
struct Asset {
    table: String,
    /// Volatility, intensity, jump mean, jump deviation, drift.
    values: Vec<f64>,
    errors: Vec<f64>,
    has_jumps: bool,
    quiet: Vec<f64>,
    log_likelihood: f64,
}

impl Asset {
    fn fit(name: &str, rows: &[f64], dt: f64, notes: &mut Vec<String>) -> Self {
        let (mean, scale) = mean_deviation(rows);
        let x: Vec<f64> = rows.iter().map(|r| (r - mean) / scale).collect();
        let n = x.len() as f64;
        let (found, point, converged) = fit(&x);
        let terms = log_likelihood(&found, &x);
        let sum: f64 = terms.iter().sum();
        // Without jumps: a normal of mean 0 and variance 1.
        let without = -0.5 * n * (libm::log(2.0 * std::f64::consts::PI) + 1.0);
        let has_jumps = 2.0 * (sum - without) > GAIN;
        if !has_jumps {
            notes.push(format!(
                "No jumps of {name} are found: with them the likelihood gains {:.1}, less than the \
                 {:.1} that chance gives one time in a hundred. Their intensity is 0, on the \
                 boundary, and only the volatility is written.",
                sum - without,
                GAIN / 2.0
            ));
            let plain = super::gbm::diffusion(rows, dt);
            let unknown = f64::NAN;
            return Self {
                table: format!("assets.{name}"),
                values: vec![plain.volatility.0, 0.0, 0.0, 0.0, plain.drift.0],
                errors: vec![plain.volatility.1, unknown, unknown, unknown, plain.drift.1],
                has_jumps,
                quiet: vec![1.0; rows.len()],
                log_likelihood: without - n * libm::log(scale),
            };
        }
        say_boundaries(name, &found, converged, dt, notes);
        let natural = |point: &[f64]| natural(&MertonFit::of(point), mean, scale, dt);
        let influence = Influence::of_maximum(|at| log_likelihood(&MertonFit::of(at), &x), &point);
        let mut errors = match influence {
            Some(influence) => influence.of(&point, natural).errors(),
            None => {
                notes.push(format!(
                    "The likelihood of {name} is flat in some direction: its standard errors are \
                     not known."
                ));
                vec![f64::NAN; 5]
            }
        };
        if found.is_at_most() {
            // On the boundary a normal error means nothing.
            errors[1] = f64::NAN;
        }
        Self {
            table: format!("assets.{name}"),
            values: natural(&point),
            errors,
            has_jumps,
            quiet: quiet(&found, &x),
            log_likelihood: sum - n * libm::log(scale),
        }
    }

    fn tell(&self, last: f64, drift: DriftChoice, parameters: &mut Vec<Parameter>) {
        let (values, table) = (&self.values, &self.table);
        let error = |place: usize| Some(self.errors[place]);
        let jumps = format!("{table}.jumps");
        parameters.push(Parameter::start_price(table, last));
        parameters.push(Parameter::new(
            table,
            "volatility",
            values[0],
            error(0),
            Unit::PerRootYear,
        ));
        parameters.extend(Parameter::drift(table, values[4], error(4), drift));
        if self.has_jumps {
            let mut push = |key: &str, place: usize, unit: Unit| {
                parameters.push(Parameter::new(&jumps, key, values[place], error(place), unit));
            };
            push("intensity", 1, Unit::JumpsPerYear);
            push("mean", 2, Unit::LogPrice);
            push("deviation", 3, Unit::LogPrice);
        }
    }
}

/// Volatility, intensity, jump mean and deviation, and arithmetic drift with the jumps in it.
fn natural(fit: &MertonFit, mean: f64, scale: f64, dt: f64) -> Vec<f64> {
    let volatility = scale * fit.deviation / dt.sqrt();
    let intensity = fit.jumps / dt;
    let (jump_mean, jump_deviation) = (scale * fit.jump_mean, scale * fit.jump_deviation);
    let growth = libm::expm1(jump_mean + jump_deviation * jump_deviation / 2.0);
    let drift = (mean + scale * fit.mean) / dt + volatility * volatility / 2.0 + intensity * growth;
    vec![volatility, intensity, jump_mean, jump_deviation, drift]
}

fn say_boundaries(name: &str, fit: &MertonFit, converged: bool, dt: f64, notes: &mut Vec<String>) {
    if !converged {
        notes.push(format!(
            "The search for the jumps of {name} did not converge: do not rely on them."
        ));
    }
    if fit.is_at_most() {
        notes.push(format!(
            "The intensity of {name} stands on its bound of one jump a step ({:.0} a year): these \
             are no jumps, take --model garch or regimes.",
            MOST / dt
        ));
    } else if fit.jumps > OFTEN {
        notes.push(format!(
            "A jump of {name} every {:.1} steps is no rare event: the fit uses jumps to make a \
             mixture of calm and wild steps; regimes say that better.",
            1.0 / fit.jumps
        ));
    }
    if fit.deviation < 1.02 * LEAST || fit.jump_deviation < 1.02 * LEAST {
        notes.push(format!(
            "A deviation of {name} stands on its least, {LEAST} of the returns': many bars are \
             flat, take a longer --step."
        ));
    }
    let variance =
        fit.jumps * (fit.jump_mean * fit.jump_mean + fit.jump_deviation * fit.jump_deviation);
    notes.push(format!(
        "Jumps carry {:.0} % of the variance of {name}. Clustered storms look like jumps to a model \
         without clusters: compare with --model garch.",
        100.0 * variance / (variance + fit.deviation * fit.deviation)
    ));
}
