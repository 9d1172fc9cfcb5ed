//! Many agents in many markets: each fares as it would alone, and the order in which they are listed
//! says nothing.

#[path = "common/crowd.rs"]
mod crowd;
mod generated;

use drypowder::engine::{
    AgentOutcome, Metric, NoRecorder, Plan, Workspace, run, run_every_instant,
};
use drypowder::prices::PricePath;
use drypowder::prices::models::ModelPath;
use drypowder::venue::exchange::SlippageSpec;
use generated::difference;

const ASSETS: usize = 12;

/// Agents whose fills move nobody's price.
fn plan(agents: usize) -> Plan {
    let mut plan = crowd::plan(agents, ASSETS, 1.0);
    for market in &mut plan.exchange.markets {
        market.slippage = SlippageSpec::NONE;
        market.liquidation_slippage = SlippageSpec::NONE;
    }
    plan
}

fn outcomes(plan: &Plan, number: u64) -> Vec<AgentOutcome> {
    let mut path = ModelPath::new(&crowd::prices(ASSETS)).expect("the matrix is positive definite");
    let mut workspace = Workspace::new(plan, ASSETS);
    path.begin(1, number);
    run(plan, &mut path, 1, number, &mut workspace, &mut NoRecorder).expect("it balances");
    workspace.outcomes().to_vec()
}

fn assert_same(a: &AgentOutcome, b: &AgentOutcome, agent: usize) {
    assert_eq!(difference(a, b), None, "agent {agent}");
}

#[test]
fn an_agent_among_hundreds_fares_as_among_few() {
    for number in 0..3 {
        let (few, many) = (outcomes(&plan(20), number), outcomes(&plan(600), number));
        for (agent, (few, many)) in few.iter().zip(&many).enumerate() {
            assert_same(few, many, agent);
        }
        // Something happened to them.
        for metric in [Metric::Liquidations, Metric::TopUps, Metric::FundingPaid] {
            let sum: f64 = few.iter().map(|outcome| outcome.get(metric).abs()).sum();
            assert!(sum > 0.0, "no {}", metric.name());
        }
    }
}

#[test]
fn the_order_of_listing_says_nothing() {
    let listed = plan(300);
    let mut reversed = listed.clone();
    reversed.agents.reverse();
    let (a, b) = (outcomes(&listed, 5), outcomes(&reversed, 5));
    for (agent, (a, b)) in a.iter().zip(b.iter().rev()).enumerate() {
        assert_same(a, b, agent);
    }
}

/// With common fills, in which the first of an instant decides the price for all.
#[test]
fn a_crowd_is_what_the_slow_engine_makes_of_it() {
    let plan = crowd::plan(150, ASSETS, 1.0);
    let mut path = ModelPath::new(&crowd::prices(ASSETS)).expect("the matrix is positive definite");
    let mut workspaces = [Workspace::new(&plan, ASSETS), Workspace::new(&plan, ASSETS)];
    let [fast, slow] = &mut workspaces;
    path.begin(1, 7);
    run(&plan, &mut path, 1, 7, fast, &mut NoRecorder).expect("it balances");
    path.begin(1, 7);
    run_every_instant(&plan, &mut path, 1, 7, slow, &mut NoRecorder).expect("it balances");
    for (agent, (fast, slow)) in fast.outcomes().iter().zip(slow.outcomes()).enumerate() {
        assert_same(fast, slow, agent);
    }
}
