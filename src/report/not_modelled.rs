//! What no figure here knows of.

/// Printed into every report.
pub const NOT_MODELLED: &[&str] = &[
    "order books: an order fills at once and in full at the last price and its slippage",
    "the effect of one's own fills and force-closes on the price",
    "outages, rejects and stale marks of the exchange",
    "limit orders, hedges and discretionary trades",
    "borrowing, lending, escrow and other users of the wallet",
    "default of the venue, depeg of the margin currency, taxes",
];
