//! The lending market, and loans that are made at given instants.

use std::collections::BTreeMap;

use super::SeriesNames;
use crate::fields::{Bounds, Duration, Fraction, Money, Name, Units, Value, choice, section};
use crate::venue::lending::Compounding;

section! {
    /// The lending market.
    Lending {
        /// Demand, drawdown and given rates of the pools are set at the end of every step.
        step: Duration = "1h", Bounds::at_least(1.0);
        /// An agent lends at most this part of what it holds and has lent of an asset, unless long-term.
        max_lent_share: Fraction = 0.40, Bounds::within(0.0, 1.0);
        /// Least value of a loan.
        min_loan: Money = "1 USDC", Bounds::at_least(0.0);
        /// Part of the interest that the broker keeps.
        broker_cut: Fraction = 0.0, Bounds::within(0.0, 1.0);
        /// Most loans that are open at once.
        max_loans: u64 = 64, Bounds::within(1.0, 1e3);
        /// The pools, by asset; those of USDC, BTC, ETH and SOL that are not written have preset = "prime".
        pools: BTreeMap<String, Pool> = Value::empty();
    }
}

section! {
    /// The pool of an asset: its rate, its utilisation and its borrowers from outside.
    Pool {
        /// A published rate or curve; "prime" unless rate, curve or file is given.
        preset: Option<PoolPreset>;
        /// A rate that stays, a year.
        rate: Option<Fraction>, Bounds::within(0.0, 10.0);
        /// Rate as a function of utilisation.
        curve: Option<CurveForm>;
        /// CSV or Parquet of rates a year, each holding until the next.
        file: Option<String>;
        /// Columns of the file.
        columns: Option<SeriesNames>;
        /// Part of the pool that is lent at the start.
        utilisation: Fraction = 0.8, Bounds::within(0.0, 1.0);
        /// Least rate at which an agent lends; 0.05 for USDC and 0 for others unless given.
        least_rate: Option<Fraction>, Bounds::within(0.0, 10.0);
        /// How utilisation moves; it stays as it starts unless given.
        demand: Option<DemandForm>;
        /// Asset whose fall from its high is the borrowers' drawdown; its own, for USDC services.trading, unless given.
        drawdown_of: Option<Name>;
        /// Hazard a day of returning a recalled loan before its deadline; 0 unless given.
        early_return: Option<ResponseForm>;
        /// Probability of not returning a recalled loan at its deadline; 0 unless given.
        recall_failure: Option<ResponseForm>;
        /// Probability of posting what lacks when a call for collateral expires; 1 unless given.
        cure: Option<ResponseForm>;
    }
}

section! {
    /// A kinked curve of rates a year: base + slope1·u/kink up to the kink, base + slope1 + slope2·(u − kink)/(1 − kink) beyond it.
    CurveForm {
        /// Rate when nothing is lent.
        base: Fraction = 0.0, Bounds::within(0.0, 10.0);
        /// Rise from nothing lent to the kink.
        slope1: Fraction, Bounds::within(0.0, 10.0);
        /// Rise from the kink to everything lent.
        slope2: Fraction, Bounds::within(0.0, 10.0);
        /// Utilisation of the kink.
        kink: Fraction, Bounds::between(0.0, 1.0);
    }
}

section! {
    /// Mean-reverting demand: logit(u) is amplitude times an Ornstein–Uhlenbeck process of deviation 1 around where it starts.
    DemandForm {
        /// The process falls back by e^(−reversion) in a day.
        reversion: f64 = 1.0, Bounds::above(0.0, 1e3);
        /// Standard deviation of logit(u).
        amplitude: f64 = 0.5, Bounds::within(0.0, 10.0);
    }
}

section! {
    /// A likelihood in a storm: base + drawdown·d + utilisation·max(0, u − kink).
    ResponseForm {
        /// In calm markets.
        base: f64, Bounds::within(0.0, 1e3);
        /// Per unit of drawdown d.
        drawdown: f64 = 0.0, Bounds::within(-1e3, 1e3);
        /// Per unit of the pool's utilisation u above the kink.
        utilisation: f64 = 0.0, Bounds::within(-1e3, 1e3);
        /// Utilisation below which it does not matter.
        kink: Fraction = 1.0, Bounds::within(0.0, 1.0);
    }
}

section! {
    /// A loan that the agent makes at a given instant.
    LoanForm {
        /// Whether the agent lends or borrows.
        side: LoanSide;
        /// What is lent.
        asset: Name;
        /// How much of it: units, or e.g. "200 USDC", "1.5 ETH".
        amount: Units, Bounds::above(0.0, 1e10);
        /// The other side: an agent, or "outside".
        counterparty: Name = "outside";
        /// When, after the start.
        start as "at": Duration = "0s";
        /// Fixed rate a year; the pool's, whatever it is, unless given.
        rate: Option<Fraction>, Bounds::within(0.0, 10.0);
        /// When it is asked back, after the start (side = "lend").
        recall_at: Option<Duration>;
        /// When it is given back, after the start (side = "borrow").
        repay_at: Option<Duration>;
        /// Collateral in units, or e.g. "0.12 ETH"; by collateral_ratio unless given.
        collateral: Option<Units>, Bounds::within(0.0, 1e12);
        ..terms: LoanTerms;
    }
}

section! {
    /// What the sides of a loan agree on beside amount and rate.
    LoanTerms {
        /// Whether interest earns interest: never, or at each UTC midnight.
        compounding: Compounding = "simple";
        /// Interest is paid once in so long, and at the end; only at the end unless given.
        interest_interval: Option<Duration>, Bounds::at_least(1.0);
        /// What is posted; USDC unless given, and must be given where USDC is lent.
        collateral_asset: Option<Name>;
        /// Collateral as a multiple of the loan's value at the opening; 1.2 unless given.
        collateral_ratio: Option<f64>, Bounds::within(0.0, 100.0);
        /// The borrower is called below this multiple of the debt; the prime table's (SOL 1.15, else 1.1) unless given.
        requirement: Option<f64>, Bounds::within(0.0, 100.0);
        /// From recall to deadline.
        notice: Duration = "24h";
        /// From a call for collateral to its expiry.
        grace: Duration = "24h";
        /// Not bound by max_lent_share.
        long_term: bool = false;
    }
}

/// Whether an agent gives or takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoanSide {
    /// Gives.
    Lend,
    /// Takes.
    Borrow,
}

/// A published rate or curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PoolPreset {
    /// The prime-brokerage table, its rate at 80 % of utilisation.
    Prime,
    /// Aave v3, WETH.
    AaveWeth,
    /// Aave v3, USDC.
    AaveUsdc,
    /// Aave v3, WBTC.
    AaveWbtc,
    /// Compound v3, USDC.
    CompoundUsdc,
    /// Compound v3, WETH.
    CompoundWeth,
}

choice!(LoanSide { "lend" => Self::Lend, "borrow" => Self::Borrow });
choice!(Compounding { "simple" => Self::Simple, "daily" => Self::Daily });
choice!(PoolPreset {
    "prime" => Self::Prime,
    "aave_v3_weth" => Self::AaveWeth,
    "aave_v3_usdc" => Self::AaveUsdc,
    "aave_v3_wbtc" => Self::AaveWbtc,
    "compound_v3_usdc" => Self::CompoundUsdc,
    "compound_v3_weth" => Self::CompoundWeth,
});
