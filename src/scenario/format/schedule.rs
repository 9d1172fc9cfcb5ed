//! What an agent does at given instants, beside its loans.

use crate::fields::{Bounds, Duration, Fraction, Money, Name, choice, section};
use crate::venue::custody::Silo;
use crate::venue::escrow::OnTimeout;
use crate::venue::spot;

section! {
    /// A spot trade; exactly one of quantity, usdc and all is given.
    TradeForm {
        /// When, after the start.
        start as "at": Duration = "0s";
        /// The holding.
        asset: Name;
        /// Buy or sell.
        side: spot::Side;
        /// Units of it.
        quantity: Option<f64>, Bounds::above(0.0, 9e7);
        /// What is paid at most, or what a sale yields at least.
        usdc: Option<Money>, Bounds::above(0.0, 1e12);
        /// All that is free of it (a sale only).
        all: bool = false;
    }
}

section! {
    /// A conditional payment by the agent to payee, or to the agent with payer = "outside".
    ContractForm {
        /// When it is made, after the start.
        start as "at": Duration = "0s";
        /// Who is paid: an agent, or "outside".
        payee: Option<Name>;
        /// Who pays, where the agent is paid: "outside". (An agent's payment is written at that agent.)
        payer: Option<Name>;
        /// Notional.
        amount: Money, Bounds::above(0.0, 1e12);
        /// When it ends if nothing else has ended it, after at.
        deadline: Duration, Bounds::at_least(1.0);
        /// Who then gets a funded amount.
        on_timeout: OnTimeout = "to_payer";
        /// Who referred it: an agent, or "outside".
        referrer: Option<Name>;
        /// When it is funded, after at.
        fund_after: Duration = "0s";
        /// When the payer confirms, after at; never unless given.
        payer_confirms_after: Option<Duration>;
        /// When the payee confirms, after at; never unless given.
        payee_confirms_after: Option<Duration>;
        /// A dispute, if there is one.
        dispute: Option<DisputeForm>;
        /// Whether the agent's policy may reduce it in orange and red.
        reducible: bool = true;
        /// Whether the agent's policy may reduce it in yellow too.
        discretionary: bool = false;
    }
}

section! {
    /// A dispute and its verdict.
    DisputeForm {
        /// When a side disputes, after the contract's at.
        after: Duration;
        /// From the dispute to its verdict.
        verdict_after: Duration = "1d";
        /// The verdict.
        resolution: Verdict;
        /// The payee's share where resolution = "split".
        share: Option<Fraction>, Bounds::within(0.0, 1.0);
    }
}

section! {
    /// An obligation of the agent under a netting agreement, once or again and again.
    ObligationForm {
        /// When, after the start.
        start as "at": Duration = "0s";
        /// The agreement.
        agreement: Name;
        /// To whom: another member.
        payee: Name;
        /// How much.
        amount: Money, Bounds::above(0.0, 1e12);
        /// Again once in so long; only once unless given.
        every: Option<Duration>, Bounds::at_least(1.0);
        /// How often in all; with every and unless given, until the end of the run.
        count: Option<u64>, Bounds::within(1.0, 1e5);
    }
}

section! {
    /// A move of money between the agent's silos; under silo custody only.
    MoveForm {
        /// When it is requested, after the start.
        start as "at": Duration = "0s";
        /// Where from.
        from: Silo;
        /// Where to.
        to: Silo;
        /// How much.
        amount: Money, Bounds::above(0.0, 1e12);
    }
}

/// How a dispute ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The payee gets everything.
    ToPayee,
    /// The payer gets everything back.
    ToPayer,
    /// Each gets a share.
    Split,
}

choice!(Verdict { "to_payee" => Self::ToPayee, "to_payer" => Self::ToPayer, "split" => Self::Split });
choice!(spot::Side { "buy" => Self::Buy, "sell" => Self::Sell });
