//! Fleets: a coordinator, what its sub-accounts may draw, and its rules.

use crate::fields::{Bounds, Duration, Fraction, Located, Money, Name, Value, choice, section};
use crate::venue::custody::Service;

section! {
    /// A fleet: a coordinator whose wallet is the master wallet, and the agents with a delegation of it.
    FleetForm {
        /// The agent whose wallet is the master wallet: what sub-accounts have at the start, wallets and collateral, comes out of it.
        coordinator: Name;
        /// Part of the master wallet that lies apart as dry powder; usually 15 to 20 %.
        dry_powder: Fraction = 0.20, Bounds::within(0.0, 0.95);
        /// Whether money that comes back to the master wallet first fills dry powder up again.
        refill: bool = true;
        /// Whether a sub-account in which nothing is open or held any more sends its free money back.
        sweep: bool = true;
        /// How long that money is under way to the master wallet.
        freed_delay: Duration = "15m";
        /// Whether the coordinator is the referrer of the escrow contracts and nets between sub-accounts that name none.
        route_referrals: bool = false;
        /// Sub-accounts net what they owe each other once in so long, under an agreement with the fleet's name: flows between them that name no agreement, and obligations that name this one. Not netted unless given.
        netting: Option<Duration>, Bounds::at_least(1.0);
        /// When dry powder is released to what the venue is about to close.
        release: ReleaseForm = Value::empty();
        /// What the coordinator does in the zones of the fleet's utilisation; nothing unless given.
        zones: Option<FleetZonesForm>;
        /// Delegations that follow the sub-accounts' Sharpe ratios; they stay unless given.
        reallocation: Option<ReallocationForm>;
    }
}

section! {
    /// The release of dry powder: the last to be liquidated is saved first.
    ReleaseForm {
        /// Off: dry powder is never released.
        enabled: bool = true;
        /// Health factor that a cure restores.
        cure_hf: f64 = 1.4, Bounds::above(1.0, 100.0);
        /// Most that one cure takes; no such limit unless given.
        max_per_cure: Option<Money>, Bounds::above(0.0, 1e12);
        /// Most that all cures of a UTC day take; no such limit unless given.
        max_per_day: Option<Money>, Bounds::above(0.0, 1e12);
    }
}

section! {
    /// The coordinator's monitor of the fleet's utilisation, Σ reserved / Σ capital. From orange on no margin is drawn.
    FleetZonesForm {
        /// Off: never acts.
        enabled: bool = true;
        /// It looks once in so long, first one interval after the start.
        poll: Duration = "30s", Bounds::at_least(1.0);
        /// From a decision to its effect.
        latency: Duration = "50ms";
        /// Yellow from this utilisation on.
        yellow: Fraction = 0.60, Bounds::above(0.0, 100.0);
        /// Orange from here on: no margin is drawn.
        orange: Fraction = 0.75, Bounds::above(0.0, 100.0);
        /// Red from here on: positions are closed by liquidation priority.
        red: Fraction = 0.85, Bounds::above(0.0, 100.0);
        /// A zone is left downwards only below its bound less this much.
        hysteresis: Fraction = 0.0, Bounds::within(0.0, 100.0);
        /// Whether positions are closed in red.
        deleverage: bool = true;
        /// Utilisation that this comes back to.
        target: Fraction = 0.55, Bounds::within(0.0, 100.0);
    }
}

section! {
    /// Reallocation by rolling Sharpe ratio: the sum of the delegations stays what it is.
    ReallocationForm {
        /// Off: delegations stay.
        enabled: bool = true;
        /// Once in so long, first one interval after the start.
        every: Duration = "1d", Bounds::at_least(1.0);
        /// A sub-account's return is taken once in so long.
        sample: Duration = "1h", Bounds::at_least(1.0);
        /// The ratio is that of so many returns at most.
        window: u64 = 168, Bounds::within(2.0, 1e5);
        /// And of so many at least; before, a delegation stays.
        least_samples: u64 = 24, Bounds::within(2.0, 1e5);
        /// Most that a delegation moves at a time, as a part of what it is.
        max_step: Fraction = 0.10, Bounds::within(0.0, 1.0);
        /// Least delegation, as a part of that at the start.
        least: Fraction = 0.25, Bounds::within(0.0, 1.0);
        /// Most, as a multiple of that at the start.
        most: Fraction = 4.0, Bounds::within(1.0, 1e3);
        /// Whether money moves with it: what is added is paid out, what is drawn above a smaller delegation is called back as far as it is free.
        moves_money: bool = true;
    }
}

section! {
    /// What a coordinator delegates to an agent.
    Delegation {
        /// The fleet.
        fleet: Name;
        /// Most that the agent may have drawn from the master wallet; what it has at the start counts.
        max_margin: Money, Bounds::within(0.0, 1e12);
        /// Services that it may use; all unless given.
        services: Option<Vec<Located<Service>>>;
        /// Who goes first in a crisis: 1 before 2; equal ones by name.
        liquidation_priority: u64 = 1, Bounds::within(1.0, 1e6);
        /// Whether its top-ups draw on the master wallet for what its own wallet lacks.
        on_demand: bool = true;
    }
}

section! {
    /// A draw on the master wallet, or giving back, at an instant.
    DrawForm {
        /// When, after the start.
        start as "at": Duration = "0s";
        /// How much.
        amount: Money, Bounds::above(0.0, 1e12);
        /// Back to the master wallet instead.
        back: bool = false;
    }
}

choice!(Service {
    "trading" => Self::Trading,
    "escrow" => Self::Escrow,
    "casino" => Self::Casino,
    "domains" => Self::Domains,
    "faucet" => Self::Faucet,
    "lending" => Self::Lending,
});
