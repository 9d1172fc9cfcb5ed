//! Correlations of services, and value at risk.

use drypowder::stats::{StreamKey, SymMatrix, value_at_risk};
use drypowder::venue::services::{Factor, FactorSpec, ServiceFactors};

use crate::near;

const DRAWS: usize = 100_000;
/// Five standard errors, 5/√100,000, of a correlation near 0.
const TOLERANCE: f64 = 0.0158;

/// Correlation of two series.
fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let product = |a: &[f64], ma: f64, b: &[f64], mb: f64| {
        a.iter().zip(b).map(|(a, b)| (a - ma) * (b - mb)).sum::<f64>()
    };
    product(x, mx, y, my) / (product(x, mx, x, mx) * product(y, my, y, my)).sqrt()
}

/// Returns of trading, and the factors of casino, domains, escrow and lending under them.
fn drawn() -> (Vec<f64>, [Vec<f64>; Factor::COUNT]) {
    let spec = FactorSpec::prime(SymMatrix::identity(1), 0);
    let mut services = ServiceFactors::new(&spec).expect("the table holds together");
    let mut market = StreamKey::new("figures", "market").open(1, 0);
    let mut own = StreamKey::new("figures", "services").open(1, 0);
    let mut trading = Vec::with_capacity(DRAWS);
    let mut factors: [Vec<f64>; Factor::COUNT] = Default::default();
    for _ in 0..DRAWS {
        let z = market.normal();
        trading.push(z);
        services.set_market(&[z]);
        for (series, value) in factors.iter_mut().zip(services.draw(&mut own)) {
            series.push(value);
        }
    }
    (trading, factors)
}

#[test]
fn services_correlate_with_trading_and_with_each_other_as_the_table_says() {
    let (trading, factors) = drawn();
    let of = |factor: Factor| factors[factor as usize].as_slice();
    let rows = [
        ("trading, casino", trading.as_slice(), of(Factor::Casino), 0.42),
        ("trading, domains", trading.as_slice(), of(Factor::Domains), 0.08),
        ("trading, escrow", trading.as_slice(), of(Factor::Escrow), 0.11),
        ("casino, escrow", of(Factor::Casino), of(Factor::Escrow), 0.06),
        ("lending, trading", of(Factor::Lending), trading.as_slice(), -0.31),
    ];
    for (pair, one, other, rho) in rows {
        let got = correlation(one, other);
        assert!((got - rho).abs() < TOLERANCE, "{pair}: {got} instead of {rho}");
    }
}

/// When markets fall short demand rises: after the worst tenth of trading, whose mean is −1.755, the
/// lending factor's mean is .31·1.755 = .544 (± five of its errors, 5/√10,000).
#[test]
fn demand_for_loans_rises_when_markets_fall() {
    let (trading, factors) = drawn();
    let mut order: Vec<usize> = (0..DRAWS).collect();
    order.sort_by(|a, b| trading[*a].total_cmp(&trading[*b]));
    let worst = &order[..DRAWS / 10];
    let lending = &factors[Factor::Lending as usize];
    let mean = worst.iter().map(|index| lending[*index]).sum::<f64>() / worst.len() as f64;
    near(mean, 0.544, 0.05);
}

/// Of 101 days 95 lost less than 12, one 12 and five more: the 95 % value at risk is 12, and one day
/// in twenty loses more.
#[test]
fn a_95_percent_value_at_risk_of_12_is_passed_one_day_in_twenty() {
    let mut losses: Vec<f64> = (0..95).map(|day| f64::from(day) * 0.1).collect();
    losses.push(12.0);
    losses.extend((1..=5).map(|day| 12.0 + f64::from(day)));
    assert_eq!(value_at_risk(&losses, 0.95), 12.0);
    let beyond = losses.iter().filter(|loss| **loss > 12.0).count();
    near(beyond as f64 / losses.len() as f64, 0.05, 0.001);
}
