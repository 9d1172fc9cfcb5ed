//! The exchange against hand calculations: every expected number is derived in a comment or
//! published by a venue, none is read off the code.

mod deleveraging;
mod fills;
mod force_close;
mod funding;
mod health;
mod liquidation_price;
mod losses;
mod margin_call;
mod orders;
mod rebalance;
mod to_target;

use super::*;
use crate::units::{Amount, Quantity};

use MarginMode::{Cross, Isolated};

fn usdc(amount: f64) -> Amount {
    Amount::round_usdc(amount)
}

fn units(quantity: f64) -> Quantity {
    Quantity::try_round(quantity).expect("a quantity of a test")
}

/// 30 % initial, 15 % maintenance, liquidated at 1.05, no costs: what a case varies, it sets.
fn market() -> MarketSpec {
    MarketSpec {
        name: String::from("A-PERP"),
        asset: 0,
        initial_margin: 0.3,
        maintenance: Brackets::flat(0.15),
        liquidation_hf: 1.05,
        zones: ZoneBounds::default(),
        taker_fee: 0.0,
        penalty: 0.0,
        slippage: SlippageSpec::NONE,
        liquidation_slippage: SlippageSpec::NONE,
        force_close: ForceClose::Full,
        funding: None,
    }
}

/// The same market on the second asset.
fn second() -> MarketSpec {
    MarketSpec { name: String::from("B-PERP"), asset: 1, ..market() }
}

fn venue(markets: Vec<MarketSpec>) -> ExchangeSpec {
    ExchangeSpec {
        markets,
        insurance: Amount::ZERO,
        loss_rule: LossRule::BadDebt,
        max_gross: None,
        margin_call: None,
    }
}

fn bps(bps: f64) -> SlippageSpec {
    SlippageSpec { form: Slippage::FixedBps { bps }, ..SlippageSpec::NONE }
}

/// `y·σ·√(Q/V)` with y = 1 and σ = 4 %.
fn square_root(daily_volume_usdc: f64) -> SlippageSpec {
    let form = Slippage::SquareRoot { y: 1.0, daily_volume_usdc };
    SlippageSpec { form, sigma_day: 0.04, ..SlippageSpec::NONE }
}

/// A position of signed `quantity` in a market, opened at `entry`.
fn position(
    market: usize,
    mode: MarginMode,
    quantity: f64,
    entry: f64,
    collateral: f64,
) -> PositionSpec {
    PositionSpec {
        name: String::from(if market == 0 { "A" } else { "B" }),
        market,
        mode,
        side: if quantity < 0.0 { -1 } else { 1 },
        notional_usdc: 0.0,
        quantity: Some(quantity.abs()),
        entry_price: Some(entry),
        collateral: usdc(collateral),
        zones: None,
    }
}

/// An exchange at `marks` whose accounts (name, wallet, positions) are open.
fn open(
    spec: ExchangeSpec,
    marks: &[f64],
    accounts: &[(&str, f64, Vec<PositionSpec>)],
) -> Exchange {
    let slots: Vec<(&str, &[PositionSpec])> =
        accounts.iter().map(|(name, _, positions)| (*name, positions.as_slice())).collect();
    let mut exchange = Exchange::new(spec, marks.len(), &slots);
    exchange.reset();
    at(&mut exchange, 0, marks);
    for (account, (_, wallet, positions)) in accounts.iter().enumerate() {
        exchange.deposit(account, usdc(*wallet));
        for (slot, spec) in positions.iter().enumerate() {
            exchange.open_at_start(account, slot, spec);
        }
    }
    exchange.clear_effects();
    exchange
}

/// The next instant, with last prices at the marks.
fn at(exchange: &mut Exchange, now_ms: i64, prices: &[f64]) {
    let (marks, lasts) = exchange.prices_mut();
    marks.copy_from_slice(prices);
    lasts.copy_from_slice(prices);
    exchange.begin_instant(now_ms);
}

/// Force-closes until nothing is due; the positions in the order in which they were closed.
fn liquidate(exchange: &mut Exchange) -> Vec<(usize, usize)> {
    let mut closed = Vec::new();
    while let Some(due) = exchange.due() {
        exchange.execute(due);
        closed.push((due.account, due.position));
        assert!(closed.len() < 100, "force-closes without end");
    }
    assert_eq!(exchange.ledger().conservation(), Ok(()));
    closed
}

fn wallet(exchange: &Exchange, account: usize) -> Amount {
    exchange.ledger().balance(exchange.accounts()[account].wallet)
}

fn still_open(exchange: &Exchange, account: usize, position: usize) -> f64 {
    exchange.accounts()[account].positions[position].units
}

fn hf(exchange: &Exchange, account: usize, position: usize) -> f64 {
    exchange.health(account, position).factor()
}

fn bad_debt(exchange: &Exchange) -> Amount {
    -exchange.ledger().balance(exchange.house.bad_debt)
}

/// The journal as text: `from > to  amount  reason`.
fn postings(exchange: &Exchange) -> Vec<String> {
    let ledger = exchange.ledger();
    (ledger.journal().iter())
        .map(|posting| {
            let (from, to) = (ledger.name(posting.from), ledger.name(posting.to));
            format!("{from} > {to} {} {}", posting.amount, posting.reason)
        })
        .collect()
}

#[track_caller]
fn near(got: f64, expected: f64, tolerance: f64) {
    assert!((got - expected).abs() <= tolerance, "{got} instead of {expected} ± {tolerance}");
}
