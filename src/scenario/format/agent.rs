//! An agent and its positions.

use std::collections::BTreeMap;

use super::{
    CasinoFlow, ContractForm, Delegation, DomainsFlow, DrawForm, EscrowFlowForm, LoanForm,
    MoveForm, ObligationForm, OwnThresholds, Policy, Silos, TradeForm, ZoneLevels,
};
use crate::fields::{Bounds, Located, Money, Name, Value, choice, section};
use crate::venue::exchange::MarginMode;

section! {
    /// A trading agent.
    Agent {
        /// Its name.
        name: Name;
        /// Free money at the start; collateral of isolated positions comes on top.
        wallet: Money, Bounds::at_least(0.0);
        /// What it holds at the start, in the order in which its guard looks at it.
        position: Vec<Position> = Value::List(Vec::new());
        /// Its own protections, field by field over those of [policy].
        policy: Option<Policy>;
        /// What a coordinator delegates to it: it is then a sub-account of a fleet.
        delegation: Option<Delegation>;
        /// Draws on the master wallet at given instants, and what is given back to it.
        draw: Option<Vec<DrawForm>>;
        /// Units of each asset of [holdings] at the start, brought from outside on top of the wallet.
        holdings: Option<BTreeMap<String, Located<f64>>>, Bounds::within(0.0, 9e7);
        /// How the wallet is split under silo custody.
        silos: Option<Silos>;
        /// Granted by the faucet at the start, on top of the wallet.
        faucet: Option<Money>, Bounds::at_least(0.0);
        /// Bets.
        casino: Option<CasinoFlow>;
        /// Trade in names.
        domains: Option<DomainsFlow>;
        /// Conditional payments at random.
        escrow: Option<EscrowFlowForm>;
        /// Moves of money between silos. Of one instant an agent makes its moves, then its loans, trades, contracts and obligations, then recalls and repayments, each in the order of the file.
        moves as "move": Option<Vec<MoveForm>>;
        /// Loans.
        loan: Option<Vec<LoanForm>>;
        /// Spot trades.
        trade: Option<Vec<TradeForm>>;
        /// Conditional payments.
        contract: Option<Vec<ContractForm>>;
        /// Obligations under netting agreements.
        obligation: Option<Vec<ObligationForm>>;
    }
}

section! {
    /// A position at the start.
    Position {
        /// The market.
        market: Name;
        /// Name for reports, unique among the agent's; the market's unless given.
        name: Option<Name>;
        /// Long or short.
        side: Side = "long";
        /// Notional at the entry price; it or quantity must be given.
        notional: Option<Money>, Bounds::above(0.0, 1e12);
        /// Units of the underlying, in place of notional.
        quantity: Option<f64>, Bounds::above(0.0, 9e7);
        /// Entry price, USDC; the last price at the start unless given.
        entry_price: Option<f64>, Bounds::above(0.0, 1e12);
        /// Collateral of an isolated position, deposited at the start.
        collateral: Option<Money>, Bounds::at_least(0.0);
        /// Own collateral, or the wallet shared with the other cross positions.
        margin: MarginMode = "isolated";
        /// Bounds of the zones where they differ from the market's.
        zones: Option<ZoneLevels>;
        /// Top-up thresholds where they differ from the policy's.
        top_up: Option<OwnThresholds>;
        /// Whether policy.utilisation may reduce it in orange and red; true unless given.
        reducible: Option<bool>;
        /// Whether policy.utilisation may reduce it in yellow too; false unless given.
        discretionary: Option<bool>;
    }
}

/// Long or short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Gains when the price rises.
    Long,
    /// Gains when it falls.
    Short,
}

impl Side {
    /// 1 long, −1 short.
    pub const fn sign(self) -> i64 {
        match self {
            Self::Long => 1,
            Self::Short => -1,
        }
    }
}

choice!(Side { "long" => Self::Long, "short" => Self::Short });
choice!(MarginMode { "isolated" => Self::Isolated, "cross" => Self::Cross });
