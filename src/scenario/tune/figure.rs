//! Figures of `summary.csv` by their names.

use crate::engine::{Metric, MetricKind, MetricScope};
use crate::fields::nearest;

/// A figure over paths.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// The mean of a metric.
    Mean(Metric),
    /// Its quantile (type 7).
    Quantile(Metric, f64),
    /// The share of paths on which a metric is above zero.
    Probability(Metric),
    /// Quantile of the loss at a confidence.
    ValueAtRisk(f64),
    /// Expected shortfall of the loss at a confidence.
    ExpectedShortfall(f64),
    /// Quantile of the liquidated notional at a confidence.
    LiquidityAtRisk(f64),
}

/// Probabilities by name, and what they are of.
const PROBABILITIES: [(&str, Metric); 3] = [
    ("liquidation_probability", Metric::Liquidations),
    ("distress_probability", Metric::DistressExits),
    ("bad_debt_probability", Metric::BadDebt),
];

impl Figure {
    /// The figure of a name; else what is wrong with it and what would be right.
    pub(super) fn read(name: &str) -> Result<Self, (String, String)> {
        if let Some((_, of)) = PROBABILITIES.iter().find(|(known, _)| *known == name) {
            return Ok(Self::Probability(*of));
        }
        let at = |prefix: &str| name.strip_prefix(prefix).and_then(level);
        let tail = (at("var_").map(Self::ValueAtRisk))
            .or_else(|| at("es_").map(Self::ExpectedShortfall))
            .or_else(|| at("lar_").map(Self::LiquidityAtRisk));
        if let Some(figure) = tail {
            return Ok(figure);
        }
        let metric = |name: &str| Metric::ALL.iter().copied().find(|metric| metric.name() == name);
        let found = match metric(name) {
            Some(metric) => Some(Self::Mean(metric)),
            None => name.rsplit_once("_p").and_then(|(name, digits)| {
                let is_level = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
                let p = digits.parse::<u32>().ok().filter(|p| is_level && *p > 0)?;
                metric(name).map(|metric| Self::Quantile(metric, f64::from(p) / 100.0))
            }),
        };
        match found {
            Some(Self::Mean(metric) | Self::Quantile(metric, _))
                if metric.kind() == MetricKind::Time =>
            {
                let problem = format!("\"{name}\" is a time, which not every path has");
                Err((problem, "take a probability, e.g. liquidation_probability".to_owned()))
            }
            Some(figure) => Ok(figure),
            None => Err((format!("\"{name}\" is no figure of summary.csv"), near(name))),
        }
    }

    /// What it is made of.
    pub fn metric(self) -> Option<Metric> {
        match self {
            Self::Mean(metric) | Self::Quantile(metric, _) | Self::Probability(metric) => {
                Some(metric)
            }
            Self::ValueAtRisk(_) | Self::ExpectedShortfall(_) => None,
            Self::LiquidityAtRisk(_) => Some(Metric::LiquidatedNotional),
        }
    }

    /// Whether a study has it: `sum` where it is of the sum over agents.
    pub(super) fn is_in(self, scope: MetricScope, sum: bool) -> bool {
        self.metric()
            .is_none_or(|metric| scope.has(metric) && (!sum || metric.kind() == MetricKind::Event))
    }

    /// Unit.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Mean(metric) | Self::Quantile(metric, _) => metric.unit(),
            Self::Probability(_) => "probability",
            Self::ValueAtRisk(_) | Self::ExpectedShortfall(_) | Self::LiquidityAtRisk(_) => "USDC",
        }
    }

    /// Whether it is a loss: less of it is better.
    pub fn is_loss(self) -> bool {
        matches!(self, Self::ValueAtRisk(_) | Self::ExpectedShortfall(_))
    }

    /// Whether it says how bad the worst paths are for wealth: value at risk, expected shortfall, a
    /// low quantile of final equity.
    pub fn is_wealth_tail(self) -> bool {
        match self {
            Self::ValueAtRisk(level) | Self::ExpectedShortfall(level) => level >= 0.9,
            Self::Quantile(metric, p) => metric == Metric::FinalEquity && p <= 0.1,
            Self::Mean(_) | Self::Probability(_) | Self::LiquidityAtRisk(_) => false,
        }
    }
}

/// The confidence of `95` or `99_9`, from 50 to 99.99.
fn level(text: &str) -> Option<f64> {
    let (whole, rest) = text.split_once('_').unwrap_or((text, ""));
    let is_number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 2 || !is_number(whole) || !is_number(rest) || rest.len() > 2 {
        return None;
    }
    // Shifting the decimal point, so that 95 and 0.95 are the same number.
    let level = format!("0.{whole}{rest}").parse::<f64>().ok()?;
    (level >= 0.5).then_some(level)
}

fn near(name: &str) -> String {
    let probabilities = PROBABILITIES.iter().map(|(name, _)| (*name).to_owned());
    let metrics = Metric::ALL.iter().filter(|metric| metric.kind() != MetricKind::Time);
    let names = metrics.flat_map(|metric| {
        let of = |suffix: &str| format!("{}{suffix}", metric.name());
        ["", "_p05", "_p50", "_p95", "_p99"].map(of)
    });
    let tails = ["var_95", "es_95", "lar_95"].map(str::to_owned);
    let names: Vec<String> = names.chain(probabilities).chain(tails).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match nearest(name, &names) {
        Some(near) => format!("did you mean {near}?"),
        None => "take e.g. final_equity_p05, es_95, liquidation_probability; metrics.md of any report has all"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_what_they_are() {
        let rows = [
            ("net_yield", Figure::Mean(Metric::NetYield), "USDC", false),
            ("final_equity_p05", Figure::Quantile(Metric::FinalEquity, 0.05), "USDC", true),
            ("final_equity_p50", Figure::Quantile(Metric::FinalEquity, 0.5), "USDC", false),
            ("utilisation_p95", Figure::Mean(Metric::UtilisationP95), "fraction", false),
            ("es_99_9", Figure::ExpectedShortfall(0.999), "USDC", true),
            ("var_95", Figure::ValueAtRisk(0.95), "USDC", true),
            ("lar_95", Figure::LiquidityAtRisk(0.95), "USDC", false),
            (
                "distress_probability",
                Figure::Probability(Metric::DistressExits),
                "probability",
                false,
            ),
        ];
        for (name, figure, unit, tail) in rows {
            assert_eq!(Figure::read(name), Ok(figure));
            assert_eq!((figure.unit(), figure.is_wealth_tail()), (unit, tail), "{name}");
        }
        for (name, said) in [
            ("net_yeild", "did you mean net_yield?"),
            ("time_to_first_liquidation_p50", "take a probability"),
            ("es_5", "did you mean es_95?"),
            ("final_equity_p00", "did you mean final_equity_p"),
            ("profit", "take e.g. final_equity_p05"),
        ] {
            let (_, help) = Figure::read(name).expect_err(name);
            assert!(help.contains(said), "{name}: {help}");
        }
    }
}
