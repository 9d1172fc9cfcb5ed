//! Funding: `q·p·rate` at the mark, from collateral or wallet.

use super::*;
use crate::units::time::HOUR_MS;

/// 10 contracts at a mark of 110 (last 109): 1,100 · rate.
#[test]
fn longs_pay_a_positive_rate_and_shorts_a_negative_one() {
    // quantity, rate, paid
    let rows = [
        (10.0, 0.000_1, 0.11),
        (-10.0, 0.000_1, -0.11),
        (10.0, -0.000_1, -0.11),
        (-10.0, -0.000_1, 0.11),
        (10.0, 0.0, 0.0),
    ];
    for mode in [Isolated, Cross] {
        for (quantity, rate, paid) in rows {
            let own = if mode == Isolated { 400.0 } else { 0.0 };
            let slots = vec![position(0, mode, quantity, 100.0, own)];
            let spec = venue(vec![market(), second()]);
            let mut exchange = open(spec, &[100.0, 1.0], &[("t", 500.0, slots)]);
            at(&mut exchange, 1, &[110.0, 1.0]);
            exchange.prices_mut().1[0] = 109.0;
            exchange.pay_funding(1, 0.5);
            exchange.pay_funding(0, rate);
            let (collateral, funds) = match mode {
                Isolated => (own - paid, 500.0),
                Cross => (0.0, 500.0 - paid),
            };
            assert_eq!(exchange.collateral(0, 0), usdc(collateral), "{quantity} {rate}");
            assert_eq!(wallet(&exchange, 0), usdc(funds), "{quantity} {rate}");
            let effects: Vec<f64> = exchange.effects().iter().map(|effect| effect.amount).collect();
            assert_eq!(effects, [paid]);
            assert_eq!(exchange.ledger().conservation(), Ok(()));
        }
    }
}

/// A long and a short of one size: what one pays the other receives, the market keeps nothing.
/// 3 · 100 · 1e-8 = .000003; of 1 at 100 and .5e-8, half a micro-unit is rounded away from zero.
#[test]
fn it_passes_between_long_and_short() {
    for (quantity, rate, micro) in [(3.0, 1e-8, 3), (1.0, 0.5e-8, 1)] {
        let accounts = [
            ("long", 0.0, vec![position(0, Isolated, quantity, 100.0, 90.0)]),
            ("short", 0.0, vec![position(0, Isolated, -quantity, 100.0, 90.0)]),
        ];
        let mut exchange = open(venue(vec![market()]), &[100.0], &accounts);
        let market_before = exchange.ledger().balance(exchange.house.market);
        exchange.pay_funding(0, rate);
        assert_eq!((usdc(90.0) - exchange.collateral(0, 0)).micro(), micro);
        assert_eq!((exchange.collateral(1, 0) - usdc(90.0)).micro(), micro);
        assert_eq!(exchange.ledger().balance(exchange.house.market), market_before);
    }
}

/// A constant rate is paid at multiples of its interval, a series at its own instants, with the
/// rate that stands there: three days of 8 h at .01 % on 1,000 are 9·.1 = .9.
#[test]
fn a_constant_rate_and_a_series() {
    let constant =
        FundingSpec { interval_ms: 8 * HOUR_MS, source: FundingSource::Constant(0.000_1) };
    let series = FundingSeries {
        time_ms: vec![HOUR_MS, 5 * HOUR_MS, 70 * HOUR_MS, 100 * HOUR_MS],
        rate: vec![0.001, -0.003, 0.000_5, 9.0],
    };
    let series = FundingSpec { interval_ms: 1, source: FundingSource::Series(series.into()) };
    // A series: 1,000·(.001 − .003 + .0005) = −1.5; the last lies beyond the three days.
    for (funding, paid, times) in [(constant, 0.9, 9), (series, -1.5, 3)] {
        let slots = vec![position(0, Isolated, 10.0, 100.0, 400.0)];
        let mut exchange = open(venue(vec![market()]), &[100.0], &[("t", 0.0, slots)]);
        let mut now_ms = funding.next_ms(0);
        while now_ms <= 72 * HOUR_MS {
            at(&mut exchange, now_ms, &[100.0]);
            exchange.pay_funding(0, funding.rate_at(now_ms));
            now_ms = funding.next_ms(now_ms);
        }
        assert_eq!(exchange.collateral(0, 0), usdc(400.0 - paid));
        assert_eq!(exchange.effects().len(), times);
    }
}

/// Funding may eat the collateral: 10 @100 with 160, HF 1.067; .3 % of 1,000 = 3: HF 1.0467.
#[test]
fn funding_can_make_a_position_due() {
    let slots = vec![position(0, Isolated, 10.0, 100.0, 160.0)];
    let mut exchange = open(venue(vec![market()]), &[100.0], &[("t", 0.0, slots)]);
    assert_eq!(exchange.due(), None);
    exchange.pay_funding(0, 0.003);
    near(hf(&exchange, 0, 0), 157.0 / 150.0, 1e-12);
    assert!(exchange.due().is_some());
}
