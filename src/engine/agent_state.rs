//! What the engine keeps of agents and their positions while a path runs, and orders on their way.

use super::plan::AgentPlan;
use super::quiet::{Idle, KeptInterval};
use crate::policy::{GuardMemory, WilderAtr};
use crate::stats::Stream;
use crate::units::time::NEVER_MS;
use crate::units::{Amount, Quantity};
use crate::venue::exchange::Zone;

/// An order on its way: decided, not yet carried out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub due_ms: i64,
    pub agent: usize,
    pub position: usize,
    pub kind: OrderKind,
}

/// Kinds of orders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum OrderKind {
    /// Close by the kill switch.
    Kill {
        /// Goes before other orders.
        priority: bool,
        /// Why it was pulled.
        reason: &'static str,
    },
    /// Close at a stop.
    StopLoss,
    /// Close a part.
    Reduce(Quantity),
    /// Add collateral.
    TopUp {
        amount: Amount,
        /// UTC day of the decision.
        day: i64,
        /// Arrives as a delayed transfer, not as an order.
        transfer: bool,
    },
    /// Enter again.
    Resume,
}

/// What the engine keeps of one position beside the venue's own state.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlotState {
    pub memory: GuardMemory,
    /// Top-ups on their way.
    pub adding: Amount,
    /// A close is on its way.
    pub closing: bool,
    /// A reduction is on its way.
    pub reducing: Quantity,
    /// An entry is on its way.
    pub entering: bool,
    /// When the kill switch closed it, while it waits to enter again.
    pub killed_ms: Option<i64>,
    pub resumes: u32,
    /// The bar after which a rejected entry may be tried again.
    pub retry_bar: usize,
    /// Quantity and collateral that it started with.
    pub first_quantity: Quantity,
    pub first_collateral: Amount,
    /// The present stay below a threshold has been logged: so that a dry run, a rejection or an
    /// empty cap is counted once per stay, not once per look.
    pub dry_run_logged: bool,
    pub cross_logged: bool,
    pub empty_logged: bool,
    pub blocked_logged: bool,
    /// Zone at the monitor's last look.
    pub zone: Option<Zone>,
    /// The last decision may change at any price.
    pub watch: bool,
    pub atr: Option<(usize, WilderAtr)>,
    /// Between which marks nothing can happen to it, as found last.
    pub quiet: Option<KeptInterval>,
    /// How it stood when its guard last decided nothing; of an isolated position only.
    pub idle: Option<Idle>,
}

impl SlotState {
    const START: Self = Self {
        memory: GuardMemory { top_up_after_ms: i64::MIN, reduce_after_ms: i64::MIN },
        adding: Amount::ZERO,
        closing: false,
        reducing: Quantity::ZERO,
        entering: false,
        killed_ms: None,
        resumes: 0,
        retry_bar: 0,
        first_quantity: Quantity::ZERO,
        first_collateral: Amount::ZERO,
        dry_run_logged: false,
        cross_logged: false,
        empty_logged: false,
        blocked_logged: false,
        zone: None,
        watch: false,
        atr: None,
        quiet: None,
        idle: None,
    };

    /// A position that is entered again starts a new stay below any threshold.
    pub fn forget_stay(&mut self) {
        self.dry_run_logged = false;
        self.cross_logged = false;
        self.empty_logged = false;
        self.blocked_logged = false;
    }

    /// Whether the log of the present stay below a threshold has anything to forget.
    pub fn stays_logged(&self) -> bool {
        self.dry_run_logged || self.cross_logged || self.empty_logged || self.blocked_logged
    }

    /// Whether an order for it is on its way.
    pub fn in_flight(&self) -> bool {
        self.closing
            || self.entering
            || self.adding != Amount::ZERO
            || self.reducing != Quantity::ZERO
    }
}

/// What the engine keeps of one agent.
#[derive(Debug)]
pub(super) struct AgentState {
    pub slots: Vec<SlotState>,
    /// The next look of the guard that can matter.
    pub guard_due_ms: i64,
    /// Something has changed since the guard looked or was spared a look.
    pub guard_stirred: bool,
    /// The next look of the zone monitor that can matter.
    pub zones_due_ms: i64,
    /// UTC day of `topped_up`.
    pub day: i64,
    /// Top-ups decided on that day.
    pub topped_up: Amount,
    /// Draws whether top-ups fail.
    pub failures: Stream,
}

impl Clone for AgentState {
    fn clone(&self) -> Self {
        Self { slots: self.slots.clone(), failures: self.failures.clone(), ..*self }
    }

    /// Keeps its memory.
    fn clone_from(&mut self, source: &Self) {
        let mut slots = std::mem::take(&mut self.slots);
        slots.clone_from(&source.slots);
        *self = Self { slots, failures: source.failures.clone(), ..*source };
    }
}

impl AgentState {
    /// Before anything has happened.
    pub fn new(agent: &AgentPlan, failures: Stream) -> Self {
        Self {
            slots: vec![SlotState::START; agent.positions.len()],
            guard_due_ms: NEVER_MS,
            guard_stirred: false,
            zones_due_ms: NEVER_MS,
            day: i64::MIN,
            topped_up: Amount::ZERO,
            failures,
        }
    }

    /// The same again for a path, keeping its memory.
    pub fn begin(&mut self, failures: Stream) {
        self.slots.fill(SlotState::START);
        self.guard_due_ms = NEVER_MS;
        self.guard_stirred = false;
        self.zones_due_ms = NEVER_MS;
        self.day = i64::MIN;
        self.topped_up = Amount::ZERO;
        self.failures = failures;
    }
}
