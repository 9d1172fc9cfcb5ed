//! What fleets need while a path runs, kept from path to path.

use super::plan::FleetPlan;
use super::quiet::FleetBounds;
use crate::engine::plan::Plan;
use crate::engine::prime::PrimeState;
use crate::engine::watch::Watch;
use crate::ledger::AccountId;
use crate::policy::{
    AllocationView, Allocations, Cure, DueView, FleetCut, FleetReservedView, SharpeWindow,
    UtilisationZone,
};
use crate::units::Amount;
use crate::units::time::NEVER_MS;
use crate::venue::exchange::{Capital, Exchange};
use crate::venue::fleet::Fleet;

/// All fleets of a plan.
#[derive(Default)]
pub(in crate::engine) struct Fleets {
    pub all: Vec<FleetState>,
    /// Per agent: the fleet and line that it draws by.
    pub membership: Vec<Option<Membership>>,
    /// Per agent: the fleet that it coordinates.
    pub coordinates: Vec<Option<usize>>,
    /// Some sub-account has been closed and must be looked at.
    pub sweep_due: bool,
    /// Coordinators have looked at this instant.
    pub looked: bool,
    /// Scratch.
    pub due: Vec<DueView>,
    pub cures: Vec<Cure>,
    pub views: Vec<AllocationView>,
    pub allocations: Allocations,
    pub reserved: Vec<FleetReservedView>,
    pub cuts: Vec<FleetCut>,
}

/// Where a sub-account belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Membership {
    pub fleet: usize,
    pub line: usize,
}

/// One fleet.
pub(in crate::engine) struct FleetState {
    pub fleet: Fleet,
    pub lines: Vec<LineState>,
    /// Place in its schedule.
    pub next_draw: usize,
    /// UTC day of `spent`.
    pub day: i64,
    /// Dry powder released on that day.
    pub spent: Amount,
    /// Next look of the coordinator that can matter.
    pub look_due_ms: i64,
    pub sample_due_ms: i64,
    pub reallocation_due_ms: i64,
    /// The last decision may change at any price.
    pub watch: bool,
    pub zone: UtilisationZone,
    /// Closes that the coordinator has ordered.
    pub orders: Vec<FleetOrder>,
    /// Between which marks it stays in its zone.
    pub bounds: FleetBounds,
    /// Its utilisation over time.
    pub figures: Watch,
    /// Sums over its accounts at a tick, while they are looked at.
    pub sum: Capital,
    pub equity: f64,
}

/// What the engine keeps of a sub-account.
#[derive(Clone, Debug)]
pub(in crate::engine) struct LineState {
    pub sharpe: SharpeWindow,
    /// Equity, and money received, when the last return was taken.
    pub equity: f64,
    pub received: Amount,
    /// Closed now: what is free goes back.
    pub closed: bool,
    /// When dry powder was last refused to it: counted once an instant.
    pub refused_ms: i64,
}

/// `part / whole` of a position of a sub-account, ordered by the coordinator.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct FleetOrder {
    pub due_ms: i64,
    pub agent: usize,
    pub position: usize,
    pub part: Amount,
    pub whole: Amount,
}

impl Fleets {
    /// Opens the accounts of a plan's fleets in the exchange's ledger, gives the exchange the order in
    /// which it goes through accounts, and custody the services that are delegated.
    pub fn new(plan: &Plan, exchange: &mut Exchange, prime: Option<&mut PrimeState>) -> Self {
        if let Some(prime) = prime {
            for fleet in &plan.fleets {
                for (delegation, services) in fleet.spec.delegations.iter().zip(&fleet.services) {
                    prime.custody.permit(delegation.account, *services);
                }
            }
        }
        let wallets: Vec<AccountId> =
            exchange.accounts().iter().map(|account| account.wallet).collect();
        let mut fleets = Self {
            membership: vec![None; plan.agents.len()],
            coordinates: vec![None; plan.agents.len()],
            ..Self::default()
        };
        let mut priorities = vec![0; plan.agents.len()];
        for (index, fleet) in plan.fleets.iter().enumerate() {
            fleets.coordinates[fleet.spec.coordinator] = Some(index);
            for (line, delegation) in fleet.spec.delegations.iter().enumerate() {
                fleets.membership[delegation.account] = Some(Membership { fleet: index, line });
                priorities[delegation.account] = delegation.priority;
            }
            fleets.all.push(FleetState::new(fleet, exchange, &wallets));
        }
        if !plan.fleets.is_empty() {
            exchange.set_priorities(&priorities);
        }
        fleets
    }

    /// Starts over for a path. The exchange has reset the ledger.
    pub fn reset(&mut self) {
        self.sweep_due = false;
        self.looked = false;
        self.all.iter_mut().for_each(FleetState::reset);
    }
}

impl FleetState {
    fn new(plan: &FleetPlan, exchange: &mut Exchange, wallets: &[AccountId]) -> Self {
        let market = exchange.house().market;
        let (ledger, _) = exchange.parts();
        let fleet = Fleet::new(plan.spec.clone(), &plan.name, market, wallets, ledger);
        let window = plan.reallocation.as_ref().map_or(0, |reallocation| reallocation.window);
        let line = LineState {
            sharpe: SharpeWindow::new(window),
            equity: 0.0,
            received: Amount::ZERO,
            closed: false,
            refused_ms: i64::MIN,
        };
        Self {
            lines: vec![line; fleet.lines().len()],
            fleet,
            next_draw: 0,
            day: i64::MIN,
            spent: Amount::ZERO,
            look_due_ms: NEVER_MS,
            sample_due_ms: NEVER_MS,
            reallocation_due_ms: NEVER_MS,
            watch: false,
            zone: UtilisationZone::Green,
            orders: Vec::new(),
            bounds: FleetBounds::new(exchange.marks().len()),
            figures: Watch::default(),
            sum: Capital { equity: 0.0, reserved: 0.0 },
            equity: 0.0,
        }
    }

    fn reset(&mut self) {
        self.fleet.reset();
        for line in &mut self.lines {
            line.sharpe.clear();
            line.closed = false;
            line.refused_ms = i64::MIN;
        }
        self.next_draw = 0;
        self.day = i64::MIN;
        self.spent = Amount::ZERO;
        self.look_due_ms = NEVER_MS;
        self.sample_due_ms = NEVER_MS;
        self.reallocation_due_ms = NEVER_MS;
        self.watch = false;
        self.zone = UtilisationZone::Green;
        self.orders.clear();
        self.bounds.reset();
    }

    /// When something of it falls due.
    pub fn next_due_ms(&self, plan: &FleetPlan) -> i64 {
        let drawn_ms = plan.schedule.get(self.next_draw).map_or(NEVER_MS, |draw| draw.at_ms);
        let ordered_ms = self.orders.iter().map(|order| order.due_ms).min().unwrap_or(NEVER_MS);
        (self.fleet.next_due_ms().min(drawn_ms).min(ordered_ms))
            .min(self.look_due_ms)
            .min(self.sample_due_ms)
            .min(self.reallocation_due_ms)
    }
}
