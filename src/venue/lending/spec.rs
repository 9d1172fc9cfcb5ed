//! What a pool and a loan are: the plain numbers that both sides agree on.

use super::curve::Curve;
use super::interest::Compounding;
use crate::ledger::AssetId;
use crate::units::Amount;
use crate::units::time::{DAY_MS, HOUR_MS};

/// One side of a loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// An agent, by its index.
    Agent(usize),
    /// Somebody outside: the `market` accounts.
    Outside,
}

impl Party {
    /// The agent's index, if it is one.
    pub const fn agent(self) -> Option<usize> {
        match self {
            Self::Agent(agent) => Some(agent),
            Self::Outside => None,
        }
    }
}

/// A likelihood that depends on the storm: `base + drawdown·d + utilisation·max(0, u − kink)`,
/// with d the drawdown and u the pool's utilisation that hold when it is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// In calm markets.
    pub base: f64,
    /// Per unit of drawdown.
    pub drawdown: f64,
    /// Per unit of utilisation above the kink.
    pub utilisation: f64,
    /// Utilisation below which it does not matter.
    pub kink: f64,
}

impl Response {
    /// The same at all times.
    pub const fn constant(base: f64) -> Self {
        Self { base, drawdown: 0.0, utilisation: 0.0, kink: 1.0 }
    }

    /// As a probability: clamped to [0, 1].
    #[inline]
    pub fn probability(&self, drawdown: f64, utilisation: f64) -> f64 {
        self.raw(drawdown, utilisation).clamp(0.0, 1.0)
    }

    /// As a hazard (per day): not below 0.
    #[inline]
    pub fn hazard(&self, drawdown: f64, utilisation: f64) -> f64 {
        self.raw(drawdown, utilisation).max(0.0)
    }

    fn raw(&self, drawdown: f64, utilisation: f64) -> f64 {
        let beyond = (utilisation - self.kink).max(0.0);
        self.base + self.drawdown * drawdown + self.utilisation * beyond
    }
}

/// How borrowers from outside behave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutsideBorrower {
    /// Hazard per day of returning a recalled loan before its deadline.
    pub early: Response,
    /// Probability of not returning it at the deadline.
    pub failure: Response,
    /// Probability of posting what lacks when a call for collateral expires.
    pub cure: Response,
}

impl OutsideBorrower {
    /// Returns at the deadline, always, and posts collateral when called.
    pub const RELIABLE: Self = Self {
        early: Response::constant(0.0),
        failure: Response::constant(0.0),
        cure: Response::constant(1.0),
    };
}

/// Largest rate a year: 1,000 %.
pub const RATE_MAX: f64 = 10.0;

/// Where a pool's rate comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RateSource {
    /// The curve at the pool's utilisation.
    Curve(Curve),
    /// Set from outside, this one first.
    Given(f64),
}

/// The pool of one asset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoolSpec {
    /// Where its rate comes from.
    pub rate: RateSource,
    /// Utilisation at the start.
    pub utilisation: f64,
    /// Least rate at which an agent lends.
    pub least_rate: f64,
    /// Its borrowers from outside.
    pub borrowers: OutsideBorrower,
}

/// The lending market as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct LendingSpec {
    /// One pool per asset of the ledger, USDC's first.
    pub pools: Vec<PoolSpec>,
    /// An agent lends at most this part of (held + lent) of an asset, unless long-term.
    pub max_lent_share: f64,
    /// Least value of a loan, USDC.
    pub min_loan_usdc: f64,
    /// Part of the interest that the broker keeps.
    pub broker_cut: f64,
    /// How many loans can be open at once; their vaults are opened at set-up.
    pub loans_max: usize,
}

impl LendingSpec {
    /// 40 % of a holding, 1 USDC, no cut.
    pub fn new(pools: Vec<PoolSpec>, loans_max: usize) -> Self {
        Self { pools, max_lent_share: 0.40, min_loan_usdc: 1.0, broker_cut: 0.0, loans_max }
    }
}

/// A loan's rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LoanRate {
    /// This one, a year.
    Fixed(f64),
    /// The pool's, whatever it is.
    Floating,
}

/// How much collateral is posted at the opening.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Collateral {
    /// This much.
    Amount(Amount),
    /// Worth this multiple of the loan, rounded up.
    Ratio(f64),
}

/// A loan that two parties agree on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoanSpec {
    /// Who lends.
    pub lender: Party,
    /// Who borrows.
    pub borrower: Party,
    /// What is lent.
    pub asset: AssetId,
    /// How much of it.
    pub amount: Amount,
    /// At which rate.
    pub rate: LoanRate,
    /// Whether interest earns interest.
    pub compounding: Compounding,
    /// Interest is paid at these intervals, and at the return; `None`: only then.
    pub interest_interval_ms: Option<i64>,
    /// What is posted: another asset.
    pub collateral_asset: AssetId,
    /// How much of it.
    pub collateral: Collateral,
    /// Below this multiple of the debt's value the borrower is called.
    pub requirement: f64,
    /// From recall to deadline.
    pub notice_ms: i64,
    /// From a call for collateral to its expiry.
    pub grace_ms: i64,
    /// Not bound by the part of a holding that may be lent.
    pub long_term: bool,
}

impl LoanSpec {
    /// A floating, simple loan with a requirement of 110 %, 120 % posted, a day's notice and a
    /// day's grace.
    pub const fn new(
        lender: Party,
        borrower: Party,
        asset: AssetId,
        amount: Amount,
        collateral_asset: AssetId,
    ) -> Self {
        Self {
            lender,
            borrower,
            asset,
            amount,
            rate: LoanRate::Floating,
            compounding: Compounding::Simple,
            interest_interval_ms: None,
            collateral_asset,
            collateral: Collateral::Ratio(1.20),
            requirement: 1.10,
            notice_ms: 24 * HOUR_MS,
            grace_ms: DAY_MS,
            long_term: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// .02 + .5·d + 2·max(0, u − .9).
    #[test]
    fn responses_by_hand() {
        let response = Response { base: 0.02, drawdown: 0.5, utilisation: 2.0, kink: 0.9 };
        let falling = Response { base: 0.6, drawdown: -1.0, utilisation: 0.0, kink: 0.9 };
        let rows = [
            // drawdown, utilisation, probability, hazard
            (response, 0.0, 0.5, 0.02, 0.02),
            (response, 0.3, 0.9, 0.17, 0.17),
            (response, 0.3, 1.0, 0.37, 0.37),
            (Response { utilisation: 20.0, ..response }, 0.3, 1.0, 1.0, 2.17),
            (falling, 0.9, 1.0, 0.0, 0.0),
        ];
        for (response, drawdown, utilisation, probability, hazard) in rows {
            assert!((response.probability(drawdown, utilisation) - probability).abs() < 1e-12);
            assert!((response.hazard(drawdown, utilisation) - hazard).abs() < 1e-12);
        }
    }
}
