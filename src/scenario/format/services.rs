//! What other services do with the wallet.

use std::collections::BTreeMap;

use crate::fields::{Bounds, Duration, Fraction, Located, Money, Name, Value, choice, section};
use crate::venue::escrow::OnTimeout;

section! {
    /// Steps and correlations of the services.
    Services {
        /// Flows are settled at the end of every step.
        step: Duration = "1h", Bounds::at_least(1.0);
        /// Asset that stands for trading; the first by name unless given.
        trading: Option<Name>;
        /// Volatility a year that the returns of an asset are measured in; a model's own unless given, with a history that of services.trading must be given where it is used.
        volatility: BTreeMap<String, Located<Fraction>> = Value::empty(), Bounds::above(0.0, 100.0);
        /// Correlation of casino, domains, escrow or lending with trading, of two of them as "casino-escrow", or (in a model) with an asset as "casino-ETH".
        correlations: BTreeMap<String, Located<f64>> = Value::empty(), Bounds::within(-1.0, 1.0);
    }
}

section! {
    /// A player in the casino.
    CasinoFlow {
        /// What it holds to play with.
        bankroll: Money, Bounds::above(0.0, 1e12);
        /// Expected bets a day; at most 500 a step.
        bets_per_day: f64, Bounds::within(0.0, 1e9);
        /// Stake of a bet; it or stake_fraction must be given.
        stake: Option<Money>, Bounds::above(0.0, 1e12);
        /// Stake as a part of the bankroll at the start of the step, in place of stake.
        stake_fraction: Option<Fraction>, Bounds::above(0.0, 1.0);
        /// What the house keeps of a stake in the mean.
        house_edge: Fraction = 0.02, Bounds::within(0.0, 1.0);
        /// What a winning bet returns, as a multiple of its stake.
        payoff: f64 = 2.0, Bounds::above(0.0, 1e6);
    }
}

section! {
    /// A dealer in names.
    DomainsFlow {
        /// Expected registrations a day; at most 500 a step.
        registrations_per_day: f64, Bounds::within(0.0, 1e9);
        /// Cost of one: held when it is ordered, paid when it is complete.
        cost: Money, Bounds::at_least(0.0);
        /// From order to completion.
        registration_time: Duration = "0s";
        /// Expected sales a day; at most 500 a step.
        sales_per_day: f64, Bounds::within(0.0, 1e9);
        /// Revenue of one.
        revenue: Money, Bounds::at_least(0.0);
    }
}

section! {
    /// Conditional payments that come at random.
    EscrowFlowForm {
        /// Expected contracts (or obligations) a day; at most 500 a step.
        contracts_per_day: f64, Bounds::within(0.0, 1e9);
        /// Notional of one; its mean where sigma is given.
        notional: Money, Bounds::above(0.0, 1e12);
        /// Standard deviation of the notional's logarithm; all are alike unless given.
        sigma: Option<f64>, Bounds::within(0.0, 5.0);
        /// Probability that the agent pays; else it is paid.
        payer_share: Fraction = 0.5, Bounds::within(0.0, 1.0);
        /// The other side: agents, each equally likely, or "outside".
        counterparties: Vec<Located<Name>> = ["outside"];
        /// Mean of the exponential time that each side takes to confirm.
        confirm_mean: Duration = "1h";
        /// Probability that one side never confirms.
        never: Fraction = 0.0, Bounds::within(0.0, 1.0);
        /// Probability of a dispute.
        dispute: Fraction = 0.0, Bounds::within(0.0, 1.0);
        /// From dispute to verdict.
        verdict_time: Duration = "1d";
        /// Probability that a verdict is for the payee.
        verdict_payee: Fraction = 0.5, Bounds::within(0.0, 1.0);
        /// Probability that it is for the payer; the rest is split evenly.
        verdict_payer: Fraction = 0.5, Bounds::within(0.0, 1.0);
        /// From creation to deadline.
        timeout: Duration = "7d", Bounds::at_least(1.0);
        /// Who then gets a funded amount.
        on_timeout: OnTimeout = "to_payer";
        /// Who referred the contracts: an agent, or "outside".
        referrer: Option<Name>;
        /// Agreement under which obligations are made in place of contracts.
        agreement: Option<Name>;
    }
}

choice!(OnTimeout { "to_payee" => Self::ToPayee, "to_payer" => Self::ToPayer });
