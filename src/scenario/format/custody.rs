//! Custody of an agent's assets: one wallet or many, what may be held, and conditional payments.

use super::SlippageForm;
use crate::fields::{Bounds, Duration, Fraction, Located, Money, Name, Value, choice, section};
use crate::venue::custody::{Service, Silo};

section! {
    /// How an agent's USDC is kept.
    Custody {
        /// One wallet that backs every service, or a balance per service.
        mode: CustodyKind = "unified";
        /// Calls that a move between silos takes: withdraw, transfer, deposit.
        calls: u64 = 3, Bounds::within(1.0, 100.0);
        /// From the request of a move to its arrival, all calls together.
        delay: Duration = "5m";
        /// Probability that one call fails; the money then comes back when it should have arrived.
        failure_probability: Fraction = 0.0, Bounds::within(0.0, 1.0);
    }
}

section! {
    /// An asset beside USDC, and its spot market.
    Holding {
        /// Share of its value that does not count as capital; unless given, none of it counts.
        haircut: Option<Fraction>, Bounds::within(0.0, 1.0);
        /// Fee of a spot trade, of the value filled.
        fee: Fraction = 0.0, Bounds::within(0.0, 0.1);
        /// Slippage of spot trades.
        slippage: SlippageForm = Value::tagged("kind", "none");
    }
}

section! {
    /// Fees and finality of conditional payments.
    EscrowTerms {
        /// Fee on what the payee gets, by the payer on top.
        fee: Fraction = 0.01, Bounds::within(0.0, 0.5);
        /// The referrer's share of the fee.
        referral: Fraction = 0.15, Bounds::within(0.0, 1.0);
        /// How long what leaves the vault is under way; "0s": final at once.
        settlement_lag: Duration = "0s";
    }
}

section! {
    /// A netting agreement; it settles on a grid that begins with the run.
    Agreement {
        /// At least two: names of agents, or "outside".
        members: Vec<Located<Name>>;
        /// The net settles once in so long.
        interval: Duration = "1d", Bounds::at_least(1.0);
        /// Who referred it: an agent, or "outside".
        referrer: Option<Name>;
    }
}

section! {
    /// The wallet under silo custody, split; the parts sum to the wallet.
    Silos {
        /// What backs positions.
        trading: Money = "0 USDC", Bounds::at_least(0.0);
        /// What backs conditional payments.
        escrow: Money = "0 USDC", Bounds::at_least(0.0);
        /// What backs the bankroll.
        casino: Money = "0 USDC", Bounds::at_least(0.0);
        /// What backs registrations.
        domains: Money = "0 USDC", Bounds::at_least(0.0);
        /// Where the grant goes.
        faucet: Money = "0 USDC", Bounds::at_least(0.0);
        /// What is lent out of, and what backs loans.
        lending: Money = "0 USDC", Bounds::at_least(0.0);
        /// The plain wallet, which backs nothing.
        main: Money = "0 USDC", Bounds::at_least(0.0);
    }
}

impl Silos {
    /// The parts by index of the silo.
    pub fn parts(&self) -> [Money; Silo::COUNT] {
        [self.trading, self.escrow, self.casino, self.domains, self.faucet, self.lending, self.main]
    }
}

/// One wallet or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CustodyKind {
    /// One wallet backs every service.
    Unified,
    /// One balance per service.
    Silo,
}

choice!(CustodyKind { "unified" => Self::Unified, "silo" => Self::Silo });
choice!(Silo {
    "trading" => Self::Of(Service::Trading),
    "escrow" => Self::Of(Service::Escrow),
    "casino" => Self::Of(Service::Casino),
    "domains" => Self::Of(Service::Domains),
    "faucet" => Self::Of(Service::Faucet),
    "lending" => Self::Of(Service::Lending),
    "main" => Self::Main,
});
