//! VaR and ES of every book by every method, confidence and horizon, taken apart.

use super::covariance;
use super::figure::{BookFigure, Method};
use super::past::{Past, past};
use super::simulated::{Returns, simulated};
use crate::prices::Prices;
use crate::scenario::{Book, BookRisk, Scenario, books};
use crate::stats::risk::{
    Components, Level, LinearPortfolio, RiskError, TailEstimate, TailRisk, Windows,
    historical_components, naive_var, over_horizon,
};
use crate::stats::{Interval, Replication, StreamKey};
use crate::study::execution::{Execution, Progress, StudyError};
use crate::study::variants::VariantSet;

/// Fewer windows than this are no distribution.
const LEAST_WINDOWS: usize = 20;

/// The figures of all books of a scenario, in the order of books, horizons, confidences, methods.
pub fn book_figures(
    scenario: &Scenario,
    set: &VariantSet,
    spec: &BookRisk,
    execution: &Execution,
    progress: &mut impl Progress,
) -> Result<Vec<BookFigure>, StudyError> {
    let returns = match &scenario.prices {
        Prices::Model(model) => {
            Some(simulated(scenario, set, model, &spec.horizons_ms, execution, progress)?)
        }
        Prices::History(_) => None,
    };
    let source = Source { scenario, spec, past: past(&scenario.prices), returns };
    let mut figures = Vec::new();
    for book in books(scenario) {
        for horizon in 0..spec.horizons_ms.len() {
            for &confidence in &scenario.risk.confidences {
                let at = Cell { book: &book, horizon, confidence };
                source.figures(&at, &mut figures).map_err(StudyError::Risk)?;
            }
        }
    }
    Ok(figures)
}

/// What all figures are made from.
struct Source<'a> {
    scenario: &'a Scenario,
    spec: &'a BookRisk,
    past: Option<Past<'a>>,
    returns: Option<Returns>,
}

/// One book at one horizon and confidence.
struct Cell<'a> {
    book: &'a Book,
    horizon: usize,
    confidence: f64,
}

impl Source<'_> {
    fn figures(&self, at: &Cell<'_>, out: &mut Vec<BookFigure>) -> Result<(), RiskError> {
        let horizon_ms = self.spec.horizons_ms[at.horizon];
        if let Some(past) = &self.past {
            let bars = (horizon_ms / past.bar_ms).max(1) as usize;
            let windows = |asset: usize| -> Result<Vec<f64>, RiskError> {
                let sums = over_horizon(&past.returns[asset], bars, Windows::Disjoint)?;
                Ok(sums.into_iter().map(libm::expm1).collect())
            };
            if past.returns.iter().all(|returns| returns.len() / bars >= LEAST_WINDOWS) {
                let returns =
                    (0..past.returns.len()).map(windows).collect::<Result<Vec<_>, _>>()?;
                let sample = (&returns[..], Replication::INDEPENDENT);
                self.of_sample(at, Method::Historical, sample, out)?;
            }
        }
        self.parametric(at, horizon_ms, out)?;
        match &self.returns {
            Some(returns) => {
                let draws = self.scenario.prices.replication();
                self.of_sample(at, Method::MonteCarlo, (&returns[at.horizon], draws), out)?;
            }
            None => self.drawn(at, horizon_ms, out)?,
        }
        self.naive(at, horizon_ms, out)
    }

    /// From returns over the horizon, `returns[asset][draw]`.
    fn of_sample(
        &self,
        at: &Cell<'_>,
        method: Method,
        (returns, draws): (&[Vec<f64>], Replication),
        out: &mut Vec<BookFigure>,
    ) -> Result<(), RiskError> {
        let losses: Vec<Vec<f64>> = (at.book.lines.iter())
            .map(|line| returns[line.asset].iter().map(|r| 0.0 - line.exposure_usdc * r).collect())
            .collect();
        let count = losses.first().map_or(0, Vec::len);
        let total: Vec<f64> =
            (0..count).map(|draw| losses.iter().map(|line| line[draw]).sum()).collect();
        let components = historical_components(&losses, Level::new(at.confidence, 1)?)?;
        let whole = TailEstimate::of(&total, at.confidence, draws);
        let parts = losses.iter().map(|line| TailEstimate::of(line, at.confidence, draws));
        self.push(at, method, whole, parts.collect(), Some(&components), out);
        Ok(())
    }

    fn portfolio(
        &self,
        at: &Cell<'_>,
        horizon_ms: i64,
    ) -> Result<(LinearPortfolio, Level), RiskError> {
        let lines = &at.book.lines;
        let exposures = lines.iter().map(|line| line.exposure_usdc).collect();
        match (&self.scenario.prices, &self.past) {
            (_, Some(past)) => {
                let returns: Vec<&[f64]> = past.returns.iter().map(Vec::as_slice).collect();
                let periods = (horizon_ms / past.bar_ms).max(1) as usize;
                let moments = covariance::of_past(&returns, lines)?;
                Ok((LinearPortfolio::new(exposures, moments)?, Level::new(at.confidence, periods)?))
            }
            (Prices::Model(model), None) => {
                let moments = covariance::of_model(model, lines, horizon_ms);
                Ok((LinearPortfolio::new(exposures, moments)?, Level::new(at.confidence, 1)?))
            }
            (Prices::History(_), None) => Err(RiskError::TooFew { needed: 1, found: 0 }),
        }
    }

    fn parametric(
        &self,
        at: &Cell<'_>,
        horizon_ms: i64,
        out: &mut Vec<BookFigure>,
    ) -> Result<(), RiskError> {
        let (portfolio, level) = self.portfolio(at, horizon_ms)?;
        let components = match portfolio.components(level) {
            Ok(components) => Some(components),
            // A book whose legs cancel has no variance to take apart.
            Err(RiskError::NoVariation) => None,
            Err(error) => return Err(error),
        };
        let parts =
            components.iter().flat_map(|all| all.standalone.iter().map(|part| known(*part)));
        let whole = known(portfolio.normal(level));
        self.push(at, Method::Parametric, whole, parts.collect(), components.as_ref(), out);
        Ok(())
    }

    /// Monte Carlo where there are no paths: normal draws from the covariance.
    fn drawn(
        &self,
        at: &Cell<'_>,
        horizon_ms: i64,
        out: &mut Vec<BookFigure>,
    ) -> Result<(), RiskError> {
        let (portfolio, level) = self.portfolio(at, horizon_ms)?;
        let of = format!("{}/{}/{}", at.book.agent, at.horizon, at.confidence);
        let stream = &mut StreamKey::new("risk.draws", &of).open(self.scenario.seed, 0);
        let whole = portfolio.monte_carlo(level, self.spec.draws, stream)?;
        self.push(at, Method::MonteCarlo, whole, Vec::new(), None, out);
        Ok(())
    }

    /// From the margin that the book reserves at the end of each horizon of the past.
    fn naive(
        &self,
        at: &Cell<'_>,
        horizon_ms: i64,
        out: &mut Vec<BookFigure>,
    ) -> Result<(), RiskError> {
        let lines = &at.book.lines;
        let reserved =
            lines.iter().map(|line| line.exposure_usdc.abs() * line.initial_margin).sum();
        let history = match &self.past {
            None => Vec::new(),
            Some(past) => {
                let bars = (horizon_ms / past.bar_ms).max(1) as usize;
                reserved_margins(&past.returns, lines, bars)
            }
        };
        let var = naive_var(&history, reserved, at.confidence)?;
        let whole = known(TailRisk { var, es: var });
        self.push(at, Method::Naive, whole, Vec::new(), None, out);
        if let Some(figure) = out.last_mut() {
            figure.es = None;
        }
        Ok(())
    }

    /// A row for the whole, and one for each part where there are several.
    fn push(
        &self,
        at: &Cell<'_>,
        method: Method,
        whole: TailEstimate,
        parts: Vec<TailEstimate>,
        components: Option<&Components>,
        out: &mut Vec<BookFigure>,
    ) {
        let figure = |part: Option<String>, exposure_usdc, estimate: TailEstimate| BookFigure {
            agent: at.book.agent.clone(),
            part,
            method,
            confidence: at.confidence,
            horizon_ms: self.spec.horizons_ms[at.horizon],
            exposure_usdc,
            var: estimate.risk.var,
            var_interval: estimate.var_interval,
            es: Some(estimate.risk.es),
            es_interval: estimate.es_interval,
            component: None,
            marginal: None,
            diversification: None,
        };
        let lines = &at.book.lines;
        if lines.len() > 1 {
            for (index, (line, estimate)) in lines.iter().zip(parts).enumerate() {
                let of = |figures: &[TailRisk]| figures.get(index).copied();
                out.push(BookFigure {
                    component: components.and_then(|all| of(&all.component)),
                    marginal: components.and_then(|all| of(&all.marginal)),
                    ..figure(Some(line.name.clone()), line.exposure_usdc, estimate)
                });
            }
        }
        let exposure = lines.iter().map(|line| line.exposure_usdc).sum();
        let several = components.filter(|_| lines.len() > 1);
        out.push(BookFigure {
            diversification: several.and_then(Components::diversification_benefit),
            ..figure(None, exposure, whole)
        });
    }
}

/// The margin reserved for the book's units at the end of every `bars` bars, at prices that start
/// where the book does and move as the past did.
fn reserved_margins(
    returns: &[Vec<f64>],
    lines: &[crate::scenario::BookLine],
    bars: usize,
) -> Vec<f64> {
    let count = returns.first().map_or(0, Vec::len);
    let mut levels = vec![0.0; returns.len()];
    let mut reserved = Vec::with_capacity(count / bars);
    for bar in 0..count {
        for (level, returns) in levels.iter_mut().zip(returns) {
            *level += returns[bar];
        }
        if (bar + 1) % bars == 0 {
            let margin = |line: &crate::scenario::BookLine| {
                line.exposure_usdc.abs() * line.initial_margin * libm::exp(levels[line.asset])
            };
            reserved.push(lines.iter().map(margin).sum());
        }
    }
    reserved
}

/// A figure without sampling error.
fn known(risk: TailRisk) -> TailEstimate {
    TailEstimate { risk, var_interval: Interval::UNBOUNDED, es_interval: Interval::UNBOUNDED }
}
