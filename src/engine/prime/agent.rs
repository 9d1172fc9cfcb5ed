//! What a run keeps of one agent beside its positions, and what its policy has ordered.

use super::loans::TimeSum;
use super::plan::{Cuttable, PrimeAgent, Scheme};
use crate::ledger::AssetId;
use crate::policy::UtilisationZone;
use crate::stats::{Stream, StreamKey};
use crate::units::Amount;
use crate::units::time::NEVER_MS;
use crate::venue::custody::{Rejection, Silo};
use crate::venue::escrow::ContractId;
use crate::venue::lending::LoanId;

/// What is kept of one agent.
pub(in crate::engine) struct PrimeAgentState {
    /// Zone at its last look.
    pub zone: UtilisationZone,
    /// Its next look that can matter.
    pub due_ms: i64,
    /// The next look at the trading silo that can matter.
    pub keep_due_ms: i64,
    /// Place in its schedule.
    pub next: usize,
    /// The last decision may change at any price.
    pub watch: bool,
    /// Orders of its policy on their way.
    pub ordered: usize,
    /// That lending has no room has been told.
    pub full_told: bool,
    /// Loans of its schedule, by number.
    pub loans: Vec<Option<LoanId>>,
    /// Contracts of its schedule whose hold may be reduced.
    pub contracts: Vec<(ContractId, Cuttable)>,
    /// Draws of its loans.
    pub loan_draws: Stream,
    /// Draws whether moves fail.
    pub move_draws: Stream,
    /// Requests that custody had turned down when they were last counted.
    pub seen: Seen,
    /// What it was obliged to pay since the last settlement, by agreement.
    pub obliged: Vec<Amount>,
    /// What it paid net at the settlement under way, by agreement: the fee.
    pub net_fee: Vec<Amount>,
    /// Worth of everything at the start, USDC.
    pub start_equity: f64,
    /// Principal lent, at the marks of the openings.
    pub lent: TimeSum,
}

/// Requests turned down, by silo and reason.
pub(in crate::engine) type Seen = [[u64; Rejection::COUNT]; Silo::COUNT];

/// What a policy ordered.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct PrimeOrder {
    pub due_ms: i64,
    pub agent: usize,
    pub kind: PrimeOrderKind,
}

/// Kinds of orders of a policy.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) enum PrimeOrderKind {
    Recall(LoanId),
    /// `part / whole` of a position.
    CutPosition {
        position: usize,
        part: Amount,
        whole: Amount,
    },
    /// `part / whole` of the hold of a contract.
    CutContract {
        contract: ContractId,
        part: Amount,
        whole: Amount,
    },
    Lend {
        asset: AssetId,
        amount: Amount,
    },
}

impl PrimeAgentState {
    pub fn new(plan: &PrimeAgent, keys: &[StreamKey; 2], agreements: usize) -> Self {
        let numbers = plan.schedule.iter().filter_map(|one| match one.action {
            Scheme::Loan { loan, .. } => Some(loan + 1),
            _ => None,
        });
        Self {
            zone: UtilisationZone::Green,
            due_ms: NEVER_MS,
            keep_due_ms: NEVER_MS,
            next: 0,
            watch: false,
            ordered: 0,
            full_told: false,
            loans: vec![None; numbers.max().unwrap_or(0)],
            contracts: Vec::new(),
            loan_draws: keys[0].open(0, 0),
            move_draws: keys[1].open(0, 0),
            seen: Seen::default(),
            obliged: vec![Amount::ZERO; agreements],
            net_fee: vec![Amount::ZERO; agreements],
            start_equity: 0.0,
            lent: TimeSum::default(),
        }
    }

    pub fn reset(&mut self, keys: &[StreamKey; 2], seed: u64, path: u64) {
        self.zone = UtilisationZone::Green;
        self.due_ms = NEVER_MS;
        self.keep_due_ms = NEVER_MS;
        self.next = 0;
        self.watch = false;
        self.ordered = 0;
        self.full_told = false;
        self.loans.fill(None);
        self.contracts.clear();
        self.loan_draws = keys[0].open(seed, path);
        self.move_draws = keys[1].open(seed, path);
        self.seen = Seen::default();
        self.obliged.fill(Amount::ZERO);
        self.net_fee.fill(Amount::ZERO);
        self.start_equity = 0.0;
        self.lent = TimeSum::default();
    }
}
