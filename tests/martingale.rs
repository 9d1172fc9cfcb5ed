//! Without drift no policy makes or loses money on average: trading at the last price is a fair
//! game, whatever decides when. What a policy does lose, others must have got.
//!
//! On every path, to the micro-unit and whatever the prices do:
//! `final equity + fees + penalties + slippage − insurance paid − bad debt = deposits + Σ∫q dp`.
//! Deposits are what the agents began with; `Σ∫q dp` is what the market has paid at last prices
//! (realised, plus unrealised at the end). A loss beyond equity is money that the agent did not
//! lose; hence the minus. Socialised losses and the haircuts of auto-deleveraging pass from
//! agent to agent and vanish from the sum over agents.
//!
//! The mean of `Σ∫q dp` is zero (optional stopping: q is bounded and known before dp).

mod closed_forms;
#[allow(dead_code)] // a part of it is used
mod common;
#[path = "martingale/variants.rs"]
mod variants;

use closed_forms::z_point;
use common::NEW_YEAR_MS;
use drypowder::engine::{AgentOutcome, Metric, NoRecorder, Plan, Rule, Workspace, run};
use drypowder::prices::PricePath;
use drypowder::prices::models::{
    GbmAsset, MertonJumps, ModelKind, ModelOptions, ModelPath, ModelSpec,
};
use drypowder::stats::mean_and_stderr;
use drypowder::units::time::HOUR_MS;
use rayon::prelude::*;
use variants::Variant;

const STEPS: usize = 720;
const PATHS: u64 = 6_000;

/// Three correlated assets without drift; with jumps: fifty a year, down 6 % on average and
/// compensated, as large as to leave bad debt.
fn prices(jumps: bool) -> ModelSpec {
    let asset = |name: &str, start_price: f64, volatility: f64| GbmAsset {
        name: name.into(),
        start_price,
        volatility,
        drift: 0.0,
    };
    let jump = MertonJumps { intensity: 50.0, mean: -0.06, deviation: 0.08, compensated: true };
    ModelSpec {
        start_ms: NEW_YEAR_MS,
        step_ms: HOUR_MS,
        steps: STEPS,
        assets: vec![
            asset("BTC", 88_500.0, 0.80),
            asset("ETH", 2_840.0, 0.95),
            asset("SOL", 182.0, 1.10),
        ],
        correlation: vec![1.0, 0.80, 0.65, 0.80, 1.0, 0.70, 0.65, 0.70, 1.0],
        kind: if jumps { ModelKind::Merton(vec![jump; 3]) } else { ModelKind::Gbm },
        options: ModelOptions::default(),
    }
}

/// What others hold of the agents' money at the end, slippage counted as paid to the market.
fn absorbed(outcomes: &[AgentOutcome]) -> f64 {
    let sum = |metric| outcomes.iter().map(|outcome| outcome.get(metric)).sum::<f64>();
    sum(Metric::FeesPaid) + sum(Metric::Penalties) + sum(Metric::SlippageCost)
        - sum(Metric::InsuranceUsed)
        - sum(Metric::BadDebt)
}

fn deposits(plan: &Plan) -> f64 {
    (plan.agents.iter())
        .map(|agent| {
            let collateral = agent.positions.iter().map(|position| position.collateral.usdc());
            agent.wallet.usdc() + collateral.sum::<f64>()
        })
        .sum()
}

/// What the market has paid according to the ledger's journal, and what it still owes on open
/// positions: `Σ∫q dp` less what slippage cost. From postings and marks, not from metrics.
fn paid_by_market(workspace: &Workspace) -> f64 {
    let exchange = workspace.exchange();
    let ledger = exchange.ledger();
    let realised = ledger.journal().iter().filter(|posting| posting.reason == "realised profit");
    let micro: i64 = realised
        .map(|posting| {
            let gain = ledger.name(posting.from) == "market";
            if gain { posting.amount.micro() } else { -posting.amount.micro() }
        })
        .sum();
    let open = exchange.accounts().iter().flat_map(|account| &account.positions);
    let unrealised: f64 = open
        .filter(|slot| slot.is_open())
        .map(|slot| slot.units * (exchange.mark_of(slot) - slot.entry))
        .sum();
    micro as f64 / 1e6 + unrealised
}

/// Of one variant over all paths: final equity + absorbed − deposits, how often each rule fired,
/// and what was absorbed.
struct Table {
    gains: Vec<f64>,
    fired: Vec<u64>,
    absorbed: f64,
}

/// All variants on the same paths. The identity is asserted on each.
fn play(variants: &[Variant], spec: &ModelSpec, seed: u64) -> Vec<Table> {
    let path = ModelPath::new(spec).expect("the matrix is positive definite");
    let begin = || {
        let workspaces: Vec<Workspace> = (variants.iter())
            .map(|variant| {
                let mut workspace = Workspace::new(&variant.plan, spec.assets.len());
                workspace.keep_journal();
                workspace
            })
            .collect();
        (path.clone(), workspaces)
    };
    let rows: Vec<Vec<(f64, f64, Vec<u32>)>> = (0..PATHS)
        .into_par_iter()
        .map_init(begin, |(path, workspaces), number| {
            path.begin(seed, number);
            (variants.iter().zip(workspaces))
                .map(|(variant, workspace)| {
                    run(&variant.plan, path, seed, number, workspace, &mut NoRecorder)
                        .expect("it balances");
                    row(variant, workspace, number)
                })
                .collect()
        })
        .collect();
    (0..variants.len())
        .map(|variant| Table {
            gains: rows.iter().map(|row| row[variant].0).collect(),
            absorbed: rows.iter().map(|row| row[variant].1).sum::<f64>() / PATHS as f64,
            fired: (0..Rule::COUNT)
                .map(|rule| rows.iter().map(|row| u64::from(row[variant].2[rule])).sum())
                .collect(),
        })
        .collect()
}

fn row(variant: &Variant, workspace: &Workspace, number: u64) -> (f64, f64, Vec<u32>) {
    let outcomes = workspace.outcomes();
    let equity: f64 = outcomes.iter().map(|outcome| outcome.get(Metric::FinalEquity)).sum();
    let absorbed = absorbed(outcomes);
    let gain = equity + absorbed - deposits(&variant.plan);
    let slippage: f64 = outcomes.iter().map(|outcome| outcome.get(Metric::SlippageCost)).sum();
    let market = paid_by_market(workspace) + slippage;
    // Slippage is a metric in f64 and profit is rounded to the micro-unit at each of a few dozen
    // closes, by half a unit at most.
    assert!(
        (gain - market).abs() < 20e-6,
        "{} on path {number}: {gain} by metrics, {market} by the ledger",
        variant.name
    );
    let fired = Rule::ALL
        .iter()
        .map(|&rule| outcomes.iter().map(|outcome| outcome.fired(rule)).sum::<u32>());
    (gain, absorbed, fired.collect())
}

/// Mean gains of every variant, and mean differences to doing nothing, within the level shared
/// by all of them. The differences have the smaller error: they would show a policy that sees
/// one step ahead, or one that acts at the price before.
fn is_fair(jumps: bool, seed: u64) {
    let variants = variants::all();
    let tables = play(&variants, &prices(jumps), seed);
    let z = z_point(2 * variants.len());
    for (variant, table) in variants.iter().zip(&tables) {
        let nothing = &tables[variant.base].gains;
        let (mean, stderr) = mean_and_stderr(&table.gains);
        let paired: Vec<f64> =
            table.gains.iter().zip(nothing).map(|(gain, other)| gain - other).collect();
        let (difference, paired_error) = mean_and_stderr(&paired);
        println!(
            "{:44} {mean:+8.2} ± {:6.2}  less nothing {difference:+8.2} ± {:6.2}  absorbed {:+9.2}",
            variant.name,
            z * stderr,
            z * paired_error,
            table.absorbed
        );
        assert!(mean.abs() < z * stderr, "{}: {mean} ± {stderr}", variant.name);
        // Nothing less itself is nothing, with an error of nothing.
        let fair = difference.abs() <= z * paired_error;
        assert!(fair, "{}: {difference} ± {paired_error}", variant.name);
        for &rule in variant.fires.iter().filter(|_| jumps) {
            let fired = table.fired[rule as usize];
            assert!(fired >= 5, "{}: {} fired {fired} times", variant.name, rule.name());
        }
    }
}

#[test]
fn a_walk_without_drift_pays_no_policy() {
    is_fair(false, 31);
}

#[test]
fn compensated_jumps_pay_no_policy() {
    is_fair(true, 32);
}
