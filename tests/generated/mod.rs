//! Generated cases: a plan over everything that a plan can say, and the prices it runs on.
//!
//! A case is a pure function of its number, so that a failing number is all that a failure has
//! to print. Thresholds lie near the start and prices move far, so that every rule fires.

#![allow(dead_code)] // each test uses its part

mod agents;
mod draw;
mod exchange;
mod fleets;
mod impact;
mod path;
mod prices;
mod prime;
mod shocks;
mod tape;

use drypowder::engine::{
    AgentOutcome, AgentPlan, CheckLevel, Metric, MetricLevel, Plan, Rule, Workspace, run,
    run_every_instant,
};
use drypowder::stats::StreamKey;
use drypowder::venue::exchange::ExchangeSpec;

pub use draw::Draw;
pub use path::TestPath;
pub use prices::CasePrices;
#[allow(unused_imports)]
pub use tape::{Tape, same_event};

/// Seed of all generated cases.
pub const SEED: u64 = 20_260_101;

/// A plan, its prices, and which path of them.
#[derive(Clone, Debug)]
pub struct Case {
    pub number: u64,
    pub plan: Plan,
    pub prices: CasePrices,
    /// Samples are taken once in so long.
    pub sample_ms: i64,
    pub scale: Scale,
}

/// Lengths that everything in a case is measured by.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Between ticks, about.
    pub tick_ms: i64,
    pub start_ms: i64,
    pub length_ms: i64,
    /// A tick's price move, about, as a fraction.
    pub sigma: f64,
}

/// Makes the agents of a case.
type MakeAgents = fn(&mut Draw, &ExchangeSpec, &CasePrices, Scale) -> Vec<AgentPlan>;

impl Case {
    pub fn new(number: u64) -> Self {
        let draw = Draw(StreamKey::new("generated case", "").open(SEED, number));
        Self::of(number, draw, [1, 3], agents::generate)
    }

    /// A case of many agents that share a few markets.
    pub fn crowd(number: u64) -> Self {
        let draw = Draw(StreamKey::new("generated crowd", "").open(SEED, number));
        Self::of(number, draw, [2, 8], agents::crowd)
    }

    fn of(number: u64, mut draw: Draw, assets: [usize; 2], agents: MakeAgents) -> Self {
        let assets = draw.count(assets[0], assets[1]);
        let (mut prices, scale) = prices::generate(&mut draw, assets);
        // From streams of their own, so that no other draw moves.
        let mut shocked = Draw(StreamKey::new("generated shocks", "").open(SEED, number));
        shocks::to_history(&mut shocked, &mut prices, scale);
        let exchange = exchange::generate(&mut draw, assets, scale);
        let agents = agents(&mut draw, &exchange, &prices, scale);
        let metrics = draw.pick(&[MetricLevel::Events, MetricLevel::Full]);
        let plan = Plan {
            assets: prices.names(),
            exchange,
            agents,
            prime: None,
            fleets: Vec::new(),
            impact: None,
            shocks: Vec::new(),
            checks: CheckLevel::EveryBatch,
            metrics,
        };
        let plan = Plan { shocks: shocks::to_venue(&mut shocked, &plan, scale), ..plan };
        let mut impact = Draw(StreamKey::new("generated impact", "").open(SEED, number));
        let impact = impact.chance(0.35).then(|| impact::generate(&mut impact, assets, scale));
        let plan = Plan { impact, ..plan };
        let sample_ms = (scale.tick_ms as f64 * draw.between(0.3, 20.0)) as i64 + 1;
        Self { number, plan, prices, sample_ms, scale }
    }

    /// The same case with prime brokerage around it.
    pub fn with_prime(number: u64) -> Self {
        Self::new(number).behind_prime()
    }

    /// Prime brokerage around a case.
    pub fn behind_prime(self) -> Self {
        let number = self.number;
        let mut case = self;
        let mut draw = Draw(StreamKey::new("generated prime case", "").open(SEED, number));
        let generated = prime::generate(&mut draw, &mut case.plan, &case.prices, case.scale);
        case.plan.prime = Some(generated);
        let mut shocked = Draw(StreamKey::new("generated prime shocks", "").open(SEED, number));
        let more = shocks::to_lending(&mut shocked, &case.plan, case.scale);
        case.plan.shocks.extend(more);
        case.plan.exchange.max_gross = draw.chance(0.3).then(|| draw.between(1.0, 5.0));
        case
    }

    /// The same case, with or without prime brokerage, where one agent coordinates the others; `None`
    /// where there is only one.
    pub fn with_fleet(number: u64, prime: bool) -> Option<Self> {
        let mut case = if prime { Self::with_prime(number) } else { Self::new(number) };
        let mut draw = Draw(StreamKey::new("generated fleet", "").open(SEED, number));
        let several = case.plan.agents.len() > 1;
        several.then(|| {
            fleets::generate(&mut draw, &mut case.plan, case.scale);
            case
        })
    }

    /// A fresh path at its beginning.
    pub fn path(&self) -> TestPath {
        let mut path = TestPath::new(&self.prices);
        path.start(SEED, self.number);
        path
    }

    pub fn workspace(&self) -> Workspace {
        Workspace::new(&self.plan, self.plan.assets.len())
    }

    /// What the engine makes of it, and everything a recorder sees.
    pub fn run(&self) -> (Vec<AgentOutcome>, Tape) {
        self.run_on(&mut self.path())
    }

    pub fn run_on(&self, path: &mut TestPath) -> (Vec<AgentOutcome>, Tape) {
        let mut workspace = self.workspace();
        let mut tape = Tape::new(path, self.sample_ms);
        let ran = run(&self.plan, path, SEED, self.number, &mut workspace, &mut tape);
        ran.unwrap_or_else(|error| panic!("case {}: {error}", self.number));
        (workspace.outcomes().to_vec(), tape)
    }

    /// As [`Case::run`], at every instant.
    pub fn run_slowly(&self) -> (Vec<AgentOutcome>, Tape) {
        let (mut path, mut workspace) = (self.path(), self.workspace());
        let mut tape = Tape::new(&path, self.sample_ms);
        let number = self.number;
        let ran = run_every_instant(&self.plan, &mut path, SEED, number, &mut workspace, &mut tape);
        ran.unwrap_or_else(|error| panic!("case {number}: {error}"));
        (workspace.outcomes().to_vec(), tape)
    }
}

/// The first metric or rule in which two outcomes of an agent differ, bit for bit.
pub fn difference(a: &AgentOutcome, b: &AgentOutcome) -> Option<String> {
    for metric in Metric::ALL {
        let (a, b) = (a.get(*metric), b.get(*metric));
        if a.to_bits() != b.to_bits() {
            return Some(format!("{}: {a} and {b}", metric.name()));
        }
    }
    for rule in Rule::ALL {
        let (a, b) = (a.fired(*rule), b.fired(*rule));
        if a != b {
            return Some(format!("{} fired {a} and {b} times", rule.name()));
        }
    }
    None
}

/// The numbers of the cases to run: the first `count`, or as many as the environment's `CASES`
/// says, or the one in its `CASE`.
pub fn numbers(count: u64) -> Vec<u64> {
    let asked = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match asked("CASE") {
        Some(number) => vec![number],
        None => (0..asked("CASES").unwrap_or(count)).collect(),
    }
}
