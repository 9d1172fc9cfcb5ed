//! What happened: the lines of `events.csv` and of a path's story.

pub use super::event_kind::EventKind;
use crate::ledger::AssetId;
use crate::venue::custody::{Service, Silo};

/// What an event is about that concerns no position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// The account as a whole.
    #[default]
    Account,
    /// A loan, by its number on the path.
    Loan(u32),
    /// A contract, by its number on the path.
    Contract(u64),
    /// A netting agreement, by its index in the plan.
    Agreement(usize),
    /// A service.
    Service(Service),
    /// A holding.
    Holding(AssetId),
    /// A move between two silos.
    Move(Silo, Silo),
    /// A fleet, by its index in the plan.
    Fleet(usize),
    /// The price of an asset of the path, by its index.
    Price(usize),
}

/// One event. Numbers that do not apply are NaN and are written as empty fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// UTC ms.
    pub time_ms: i64,
    /// Index of the agent in the plan.
    pub agent: usize,
    /// What happened.
    pub kind: EventKind,
    /// Index of the agent's position; `None` when it concerns none, as `about` says.
    pub position: Option<usize>,
    /// What it is about where it concerns no position.
    pub about: About,
    /// Amount in whole units of `asset` (money moved; realised PnL for a close).
    pub amount: f64,
    /// Asset of the amount.
    pub asset: AssetId,
    /// Price of the fill, or the mark.
    pub price: f64,
    /// The mark of the position's asset; of a moved price the mark before it.
    pub mark: f64,
    /// Closed quantity × mark of a close, USDC.
    pub notional: f64,
    /// Fee and penalty paid, USDC; of interest the broker's cut, in `asset`.
    pub costs: f64,
    /// When what it announces falls due, UTC ms.
    pub due_ms: Option<i64>,
    /// Health factor just before the event, where it changed it.
    pub health_before: f64,
    /// Health factor after the event.
    pub health_factor: f64,
    /// Utilisation after the event.
    pub utilisation: f64,
    /// Why.
    pub reason: &'static str,
}

/// State of one open position at an instant, for time series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PositionSample {
    /// Index of the agent.
    pub agent: usize,
    /// Index of the agent's position.
    pub position: usize,
    /// Health factor.
    pub health_factor: f64,
    /// Mark price.
    pub mark: f64,
    /// Price at which it would be force-closed, other marks unchanged; NaN if none.
    pub liquidation_price: f64,
}

/// State of one account at an instant, for time series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AccountSample {
    /// Index of the agent.
    pub agent: usize,
    /// Wallet balance, USDC.
    pub wallet: f64,
    /// Everything that the agent owns less what it owes, USDC.
    pub equity: f64,
    /// Reserved / capital.
    pub utilisation: f64,
    /// Its capital K, dry powder of a coordinator in it, USDC.
    pub capital: f64,
    /// Reserved of it, USDC.
    pub reserved: f64,
    /// Reserved by positions: isolated collateral and initial margin at entry of cross ones, USDC.
    pub trading: f64,
    /// Held by escrow, and locked in its vault, USDC.
    pub escrow: f64,
    /// Held by casino and domains, USDC.
    pub services: f64,
    /// Free USDC: neither held nor margin, over all silos.
    pub free: f64,
    /// Value at mark of what is lent, recalled or not, USDC.
    pub lent: f64,
    /// Of it what was recalled and has not arrived, USDC.
    pub recalled: f64,
    /// Value at mark of holdings beside USDC, USDC.
    pub holdings: f64,
    /// Dry powder of the fleet that it coordinates, USDC.
    pub dry_powder: f64,
    /// Money of closed sub-accounts on its way to it, USDC.
    pub in_transit: f64,
}

/// A health factor that a recorder waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HealthMark {
    /// The health factor.
    pub level: f64,
    /// Whether the free wallet counts as if it were collateral of each isolated position.
    pub backed: bool,
}

/// The least health factor of an agent's open positions; infinite where none is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeastHealth {
    /// As the venue reckons it.
    pub own: f64,
    /// With the free wallet as if it were collateral of each isolated position.
    pub backed: f64,
}

/// Watches a path run. A recorder draws no random numbers and changes nothing.
pub trait Recorder {
    /// Whether it wants events. A constant, so that a recorder that records nothing costs nothing.
    const EVENTS: bool;

    /// Takes an event.
    fn event(&mut self, event: &Event);

    /// The next instant at which it wants samples, UTC ms; [`crate::units::time::NEVER_MS`] for
    /// none. Asked for again after each sample.
    fn next_sample_ms(&self) -> i64;

    /// Takes the samples of one instant (after everything that happened at it).
    fn sample(&mut self, time_ms: i64, accounts: &[AccountSample], positions: &[PositionSample]);

    /// Whether it wants [`Recorder::health`]. A constant, as [`Recorder::EVENTS`].
    const HEALTH: bool = false;

    /// The health factor of an agent that it waits for: no tick is passed over at which a position
    /// of the agent stands at it or on its other side.
    fn awaited(&self, _agent: usize) -> Option<HealthMark> {
        None
    }

    /// Takes an agent's least health factor while the marks of a tick hold: after they moved and
    /// again after everything that happened, events before it.
    fn health(&mut self, _tick: usize, _agent: usize, _least: LeastHealth) {}
}

/// Records nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRecorder;

impl Recorder for NoRecorder {
    const EVENTS: bool = false;

    #[inline]
    fn event(&mut self, _: &Event) {}

    #[inline]
    fn next_sample_ms(&self) -> i64 {
        crate::units::time::NEVER_MS
    }

    #[inline]
    fn sample(&mut self, _: i64, _: &[AccountSample], _: &[PositionSample]) {}
}
