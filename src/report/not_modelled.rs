//! What no figure here knows of.

use crate::engine::Plan;

/// Whatever runs.
const ALWAYS: &[&str] = &[
    "order books: an order fills at once and in full at the last price and its slippage",
    "outages, rejects and stale marks of the exchange",
    "limit orders, hedges and discretionary trades",
];

/// Where prices are the path's alone.
const STILL: &[&str] = &["the effect of one's own fills and force-closes on the price"];

/// Where force-closes move prices.
const MOVED: &[&str] = &[
    "the effect of any other fill than a force-close on the price, and of one asset's on another's",
    "impact in what volatility is measured by: the storm's slippage and the ATR of a re-entry",
];

/// Where the wallet backs the exchange alone.
const TRADING_ALONE: &[&str] = &["borrowing, lending, escrow and other users of the wallet"];

/// Where lending, escrow and other services draw on it.
const PRIME: &[&str] = &[
    "part repayments of loans, and withdrawal of collateral that a price made superfluous",
    "claims on a borrower beyond its collateral; bonuses or penalties when it is sold",
    "the effect of one's own loans on a pool's utilisation, and loans between outsiders",
    "failure to deliver at the spot market: a buy-in always fills",
    "outsiders that cannot pay, and members of an agreement that leave with debts",
    "costs, appeals and reasons of disputes",
    "fees of moves between silos, and moves that are slow or partial instead of failing",
    "when within a step a bet, sale or contract happens",
    "limits of the casino's house, and a stock of names",
    "luck that agents share beyond what the market explains",
];

const FLEET: &[&str] = &[
    "opportunistic trades of a coordinator, and new positions under a larger delegation",
    "draws of services other than a guard's top-ups and those that are scheduled",
    "interest on what a sub-account has drawn",
];

const EVER: &[&str] = &["default of the venue, depeg of the margin currency, taxes"];

/// Printed into every report on a plan.
pub fn not_modelled(plan: &Plan) -> Vec<&'static str> {
    let own = if plan.prime.is_some() { PRIME } else { TRADING_ALONE };
    let prices = if plan.impact.is_some() { MOVED } else { STILL };
    let (books, rest) = ALWAYS.split_at(1);
    let fleet = if plan.fleets.is_empty() { &[] } else { FLEET };
    [books, prices, rest, own, fleet, EVER].concat()
}
