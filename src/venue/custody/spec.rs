//! What custody is told.

/// How an agent's USDC is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CustodyMode {
    /// One wallet backs every service.
    Unified,
    /// One balance per service, and a plain wallet that backs none.
    Silo(SiloSpec),
}

/// Moving money between silos.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SiloSpec {
    /// Calls that a move takes: withdraw, transfer, deposit.
    pub calls: u32,
    /// From the request to the arrival, all calls together.
    pub delay_ms: i64,
    /// Probability that one call fails. A move of which any call fails gives the money back to
    /// where it came from when it should have arrived.
    pub failure_probability: f64,
}

impl SiloSpec {
    /// Three calls, five minutes, none of which fails.
    pub const DEFAULT: Self = Self { calls: 3, delay_ms: 300_000, failure_probability: 0.0 };

    /// Probability that a move fails: 1 − (1 − p)^calls.
    pub fn move_fails(&self) -> f64 {
        1.0 - (0..self.calls).fold(1.0, |all, _| all * (1.0 - self.failure_probability))
    }
}

/// An asset other than USDC that agents hold; the n-th of the list is the ledger's asset n + 1.
#[derive(Clone, Debug, PartialEq)]
pub struct HoldingSpec {
    /// Name, e.g. `ETH`.
    pub name: String,
    /// Index of its price.
    pub price: usize,
    /// Share of its value that does not count as capital, in [0, 1]; `None`: none of it counts.
    pub haircut: Option<f64>,
}
