//! One path of one variant, watched: its events and its state at chosen instants.

use super::execution::StudyError;
use super::feed::Feed;
use super::variants::{VariantSet, start_capital_usdc};
use crate::engine::{
    AccountSample, AgentOutcome, Event, Plan, PositionSample, Recorder, Workspace,
};
use crate::prices::PricePath;
use crate::scenario::Scenario;
use crate::units::time::NEVER_MS;
use crate::venue::custody::units_of;
use crate::venue::exchange::Position;

/// State of all accounts and open positions at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// UTC ms.
    pub time_ms: i64,
    /// Accounts, by agent.
    pub accounts: Vec<AccountSample>,
    /// Open positions, by agent.
    pub positions: Vec<PositionSample>,
}

/// What happened to one variant on one path.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Index of the variant.
    pub variant: usize,
    /// Number of the path.
    pub path: u64,
    /// First and last instant, UTC ms.
    pub span_ms: (i64, i64),
    /// Marks at the start, one per asset, USDC.
    pub start_marks: Vec<f64>,
    /// Marks at the end.
    pub end_marks: Vec<f64>,
    /// Events in order of time.
    pub events: Vec<Event>,
    /// Samples in order of time.
    pub samples: Vec<Sample>,
    /// The path's row, one per agent.
    pub outcomes: Vec<AgentOutcome>,
    /// Unrealised profit at the end, by agent and position, USDC.
    pub unrealised: Vec<Vec<f64>>,
}

/// `count` instants spread evenly over a span, both ends among them (fewer where the span has
/// fewer milliseconds).
pub(super) fn instants(span_ms: (i64, i64), count: u64) -> Vec<i64> {
    let (start, end) = span_ms;
    let last = count.max(2) - 1;
    let length = i128::from(end - start);
    let mut times: Vec<i64> =
        (0..=last).map(|k| start + (length * i128::from(k) / i128::from(last)) as i64).collect();
    times.dedup();
    times
}

/// First and last instant of the path that was begun last.
pub(super) fn span_of(path: &dyn PricePath) -> (i64, i64) {
    (path.tick_ms(0), path.tick_ms(path.ticks() - 1))
}

/// Runs one path of one variant again and keeps what happened, with `samples` instants.
pub fn trace(
    scenario: &Scenario,
    set: &VariantSet,
    variant: usize,
    path: u64,
    samples: u64,
) -> Result<Trace, StudyError> {
    let chosen = &set.all()[variant];
    let mut feed = set.feeds[chosen.feed].clone();
    feed.path().begin(scenario.seed, path);
    trace_begun(&mut feed, &chosen.plan, variant, scenario.seed, path, samples)
}

/// Runs a plan over the path that was begun last and keeps what happened, as [`trace`].
pub(super) fn trace_begun(
    feed: &mut Feed,
    plan: &Plan,
    variant: usize,
    seed: u64,
    path: u64,
    samples: u64,
) -> Result<Trace, StudyError> {
    let assets = feed.path().assets();
    let span_ms = span_of(feed.path());
    let last = feed.path().ticks() - 1;
    let start_marks = marks_at(feed.path(), 0);
    let mut end_marks = marks_at(feed.path(), last);
    let mut recorder = Keep {
        events: Vec::new(),
        samples: Vec::new(),
        instants: if samples == 0 { Vec::new() } else { instants(span_ms, samples) },
    };
    let mut workspace = Workspace::new(plan, assets);
    feed.run(plan, seed, path, &mut workspace, &mut recorder)?;
    for (asset, mark) in end_marks.iter_mut().enumerate() {
        *mark *= workspace.impact_factor(plan, asset, span_ms.1);
    }
    // What is delivered late is told when it is decided.
    recorder.events.sort_by_key(|event| event.time_ms);
    Ok(Trace {
        variant,
        path,
        span_ms,
        start_marks,
        end_marks,
        events: recorder.events,
        samples: recorder.samples,
        outcomes: workspace.outcomes().to_vec(),
        unrealised: unrealised(&workspace),
    })
}

/// Unrealised profit of open positions as the last path left them, by agent and position, USDC.
fn unrealised(workspace: &Workspace) -> Vec<Vec<f64>> {
    let exchange = workspace.exchange();
    let of = |slot: &Position| match slot.is_open() {
        true => exchange.leg(slot).unrealised(exchange.mark_of(slot)),
        false => 0.0,
    };
    exchange.accounts().iter().map(|account| account.positions.iter().map(of).collect()).collect()
}

/// Marks at a tick of the path that was begun last, one per asset, USDC.
pub(super) fn marks_at(path: &mut dyn PricePath, tick: usize) -> Vec<f64> {
    let mut marks = vec![0.0; path.assets()];
    let mut lasts = vec![0.0; path.assets()];
    path.load(tick, &mut marks, &mut lasts);
    marks
}

/// What an agent starts with, USDC: its wallet, the collateral of its positions and, with prime
/// brokerage, its holdings at `marks`, the marks of the start, one per asset of the path; a
/// coordinator also its dry powder.
pub fn start_equity(plan: &Plan, agent: usize, marks: &[f64]) -> f64 {
    let holdings = plan.prime.iter().flat_map(|prime| {
        let held = prime.agents[agent].holdings.iter();
        held.zip(&prime.holdings).map(|(amount, spec)| units_of(*amount) * marks[spec.price])
    });
    let led = plan.fleets.iter().filter(|fleet| fleet.spec.coordinator == agent);
    let apart: f64 = led.map(|fleet| fleet.spec.dry_powder.usdc()).sum();
    start_capital_usdc(&plan.agents[agent]) + apart + holdings.sum::<f64>()
}

/// Keeps everything.
struct Keep {
    events: Vec<Event>,
    samples: Vec<Sample>,
    instants: Vec<i64>,
}

impl Recorder for Keep {
    const EVENTS: bool = true;

    fn event(&mut self, event: &Event) {
        self.events.push(event.clone());
    }

    fn next_sample_ms(&self) -> i64 {
        self.instants.get(self.samples.len()).copied().unwrap_or(NEVER_MS)
    }

    fn sample(&mut self, time_ms: i64, accounts: &[AccountSample], positions: &[PositionSample]) {
        self.samples.push(Sample {
            time_ms,
            accounts: accounts.to_vec(),
            positions: positions.to_vec(),
        });
    }
}
