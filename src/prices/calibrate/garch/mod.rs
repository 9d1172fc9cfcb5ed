//! GARCH(1,1) with Student's t by maximum likelihood and variance targeting (T. Bollerslev 1987;
//! R. F. Engle & J. Mezrich 1996; errors by C. Francq, L. Horváth & J.-M. Zakoïan 2011, *Merits and
//! drawbacks of variance targeting in GARCH models*, J. Financial Econometrics 9).

mod joint;
mod law;

pub use law::{GarchFit, log_likelihood};

use super::correlation::correlations;
use super::gbm::{diffusion, drift_note};
use super::returns::mean_deviation;
use super::{Calibration, DriftChoice, Parameter, Returns, Unit};
use joint::Joint;

/// Degrees of freedom from which on Student's t is a normal to any eye.
const NORMAL_FROM: f64 = 200.0;
/// Persistence above which the long-run variance is hardly one.
const NEAR_ONE: f64 = 0.999;
/// Weight of the last shock below which no clustering is found.
const NO_CLUSTERS: f64 = 1e-3;

pub(super) fn calibrate(returns: &Returns, drift: DriftChoice) -> Calibration {
    let fits = Fits::of(returns);
    let mut notes = Vec::new();
    let errors = fits.errors(&mut notes);
    let normal = fits.values[3 * fits.scales.len()] >= NORMAL_FROM;
    if returns.names.len() > 1 && !normal {
        notes.push(
            "All assets share one df: tails = \"common\", their extremes come together.".to_owned(),
        );
    }
    let mut parameters = Vec::new();
    let mut residuals = Vec::new();
    let mut total = 0.0;
    for (place, name) in returns.names.iter().enumerate() {
        let found = diffusion(&returns.rows[place], returns.dt());
        let (fit, x, scale) = (fits.of_asset(place), &fits.joint.x[place], fits.scales[place]);
        let variances = fit.variances(x);
        let now = scale * (variances[x.len()] / returns.dt()).sqrt();
        let table = format!("assets.{name}");
        parameters.push(Parameter::start_price(&table, returns.last[place]));
        let (value, error) = fits.value(&errors, 3 * place);
        parameters.push(Parameter::new(&table, "volatility", value, error, Unit::PerRootYear));
        parameters.extend(Parameter::drift(&table, found.drift.0, Some(found.drift.1), drift));
        for (key, offset) in [("alpha", 1), ("beta", 2)] {
            let (value, error) = fits.value(&errors, 3 * place + offset);
            // On the boundary a normal error means nothing.
            let error = error.filter(|_| fit.alpha >= NO_CLUSTERS);
            parameters.push(Parameter::new(&table, key, value, error, Unit::PerStep));
        }
        if !normal {
            let (value, error) = fits.value(&errors, 3 * fits.scales.len());
            parameters.push(Parameter::new(&table, "df", value, error, Unit::Pure));
        }
        let key = "volatility at the end";
        parameters.push(Parameter::told(&table, key, now, None, Unit::PerRootYear));
        total += log_likelihood(&fit, x).iter().sum::<f64>() - x.len() as f64 * libm::log(scale);
        residuals.push(x.iter().zip(&variances).map(|(x, h)| x / h.sqrt()).collect::<Vec<f64>>());
        notes.push(drift_note(name, found.drift, returns));
        say_boundaries(name, &fit, &mut notes);
    }
    let rows: Vec<&[f64]> = residuals.iter().map(Vec::as_slice).collect();
    correlations(&returns.names, &rows, None, &mut parameters, &mut notes);
    Calibration { parameters, notes, log_likelihood: Some(total) }
}

/// The joint fit, and its parameters as a scenario takes them.
struct Fits {
    joint: Joint,
    /// Standard deviation of each asset's returns.
    scales: Vec<f64>,
    dt: f64,
    /// Volatility, α and β of each asset, then ν.
    values: Vec<f64>,
}

impl Fits {
    fn of(returns: &Returns) -> Self {
        let moments: Vec<(f64, f64)> =
            returns.rows.iter().map(|rows| mean_deviation(rows)).collect();
        let standard = |(rows, (mean, scale)): (&Vec<f64>, &(f64, f64))| {
            rows.iter().map(|r| (r - mean) / scale).collect::<Vec<f64>>()
        };
        let joint = Joint::fit(returns.rows.iter().zip(&moments).map(standard).collect());
        let scales = moments.into_iter().map(|(_, scale)| scale).collect();
        let mut fits = Self { joint, scales, dt: returns.dt(), values: Vec::new() };
        fits.values = fits.natural(&fits.all());
        fits
    }

    /// ln variances of the standardised returns, which are 0, then the joint point.
    fn all(&self) -> Vec<f64> {
        let zeros = self.scales.iter().map(|_| 0.0);
        zeros.chain(self.joint.point.iter().copied()).collect()
    }

    fn of_asset(&self, place: usize) -> GarchFit {
        self.joint.of_asset(place, &vec![0.0; self.scales.len()], &self.joint.point)
    }

    /// The scenario's parameters at a point such as [`Fits::all`].
    fn natural(&self, at: &[f64]) -> Vec<f64> {
        let (variances, point) = at.split_at(self.scales.len());
        let mut values = Vec::with_capacity(3 * self.scales.len() + 1);
        let mut df = f64::NAN;
        for (place, scale) in self.scales.iter().enumerate() {
            let fit = self.joint.of_asset(place, variances, point);
            values.extend([scale * (fit.variance / self.dt).sqrt(), fit.alpha, fit.beta]);
            df = fit.df;
        }
        values.push(df);
        values
    }

    /// Standard errors of the values; NaN where they are not known.
    fn errors(&self, notes: &mut Vec<String>) -> Vec<f64> {
        if !self.joint.converged {
            notes.push("The search did not converge: do not rely on these parameters.".to_owned());
        }
        match self.joint.influence() {
            Some(influence) => influence.of(&self.all(), |at| self.natural(at)).errors(),
            None => {
                notes.push(
                    "The likelihood is flat in some direction, as where there is no clustering: \
                     the standard errors are not known."
                        .to_owned(),
                );
                vec![f64::NAN; self.values.len()]
            }
        }
    }

    fn value(&self, errors: &[f64], place: usize) -> (f64, Option<f64>) {
        (self.values[place], Some(errors[place]))
    }
}

fn say_boundaries(name: &str, fit: &GarchFit, notes: &mut Vec<String>) {
    let persistence = fit.alpha + fit.beta;
    if persistence > NEAR_ONE {
        notes.push(format!(
            "alpha + beta of {name} is {persistence:.5}, at the boundary 1: shocks to the variance \
             hardly fade, and its long-run value rests on the sample's alone."
        ));
    }
    if fit.alpha < NO_CLUSTERS {
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
