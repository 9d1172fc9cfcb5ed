//! From declared fields to the plain specs of plan and prices. What depends on more than one
//! field of a spec is judged in `check`; here stands what must hold for a spec to exist.

mod agents;
mod correlation;
mod fleets;
mod guard;
mod history;
mod impact;
mod markets;
mod model;
mod other_models;
mod prime;
mod risk;
mod shocks;

use super::format::{PricesSection, Root};
use super::load::Files;
use crate::engine::prime::PrimePlan;
use crate::engine::{AgentPlan, ImpactSpec, Plan};
use crate::fields::{Decode, Faults};
use crate::prices::models::ModelSpec;
use crate::prices::{Prices, ReplayAsset};
use crate::scenario::span::Span;
use crate::scenario::{NamedShock, StressSpec, with_shocks};
use crate::venue::exchange::{ExchangeSpec, MarginCallSpec, MarketSpec};

pub(super) use history::unseen_history;
pub(super) use model::bootstrap_bars;
pub(super) use risk::risk;

/// A plan and its prices.
pub(super) struct Built {
    /// What is simulated.
    pub plan: Plan,
    /// On which prices.
    pub prices: Prices,
    /// And on which others.
    pub other_models: Vec<(String, ModelSpec)>,
    /// What `drypowder stress` does.
    pub stress: StressSpec,
}

impl Built {
    /// The same with every shock that the scenario names at once: what there must be room for.
    pub fn with_every_shock(&self) -> (Prices, Plan) {
        if !self.stress.named {
            return (self.prices.clone(), self.plan.clone());
        }
        with_shocks(&self.prices, &self.plan, &self.stress.shocks.iter().collect::<Vec<_>>())
    }
}

/// Builds both; `None` where something could not be built, which has been reported.
pub(super) fn build(root: &Root, files: &mut Files, faults: &mut Faults) -> Option<Built> {
    let assets = root.prices.asset_names();
    check_assets(root, &assets, faults);
    let prices = prices(root, files, faults);
    let other_models = other_models::other_models(root, prices.as_ref(), files, faults);
    let markets = markets::markets(root, &assets, files, faults);
    let mut agents = agents::agents(root, faults);
    if let (Some(markets), Some(agents), Some(prices)) = (&markets, &mut agents, &prices) {
        size_by_quantity(markets, agents, &start_prices(prices).lasts);
    }
    let prime = root.custody.is_some();
    let prime = prime.then(|| prime::prime(root, &assets, prices.as_ref(), files, faults));
    let prime = match prime {
        Some(prime) => prime.map(Some),
        None => Some(None),
    };
    let impact = match &markets {
        Some(markets) => impact::impact(root, &assets, markets, faults),
        None => Some(None),
    };
    let start_ms = prices.as_ref().map_or(0, |prices| Span::of(prices).start_ms);
    let fleets = agents.as_mut().and_then(|agents| fleets::fleets(root, agents, start_ms, faults));
    let plan = plan(root, assets, markets, agents, prime, impact);
    let mut plan = plan.zip(fleets).map(|(plan, fleets)| Plan { fleets, ..plan });
    if let Some(plan) = &mut plan {
        prime::route(root, plan, faults);
    }
    let names = root.prices.asset_names();
    let (of_prices, of_plan) = (prices.as_ref(), plan.as_ref());
    let stress = shocks::stress(root, &names, of_prices, of_plan, faults);
    let of_run: Vec<&NamedShock> = stress.of_run.iter().collect();
    let (unshocked, plan) = (prices?, plan?);
    let other_models = other_models::shocked(root, other_models, &plan, &of_run, faults);
    let (prices, plan) = with_shocks(&unshocked, &plan, &of_run);
    let prices = match prices {
        Prices::Model(model) => model::made(model, root.prices.at(), faults)?,
        history @ Prices::History(_) => history,
    };
    Some(Built { plan, prices, other_models, stress: stress.spec })
}

/// The prices without shocks.
fn prices(root: &Root, files: &mut Files, faults: &mut Faults) -> Option<Prices> {
    let written = format!("{:?} {:?}", root.prices.json(), root.run.json());
    let mut prices = files.remember(&written, faults, |files, faults| match &root.prices {
        PricesSection::History(history) => history::replay(root, history, files, faults),
        drawn => model::prices(&root.run, drawn, files, faults),
    })?;
    if let Prices::History(replay) = &mut prices {
        history::set_adverse(root, replay);
    }
    Some(prices)
}

/// The plan without shocks.
fn plan(
    root: &Root,
    assets: Vec<String>,
    markets: Option<Vec<MarketSpec>>,
    agents: Option<Vec<AgentPlan>>,
    prime: Option<Option<PrimePlan>>,
    impact: Option<Option<ImpactSpec>>,
) -> Option<Plan> {
    let exchange = ExchangeSpec {
        markets: markets?,
        insurance: root.exchange.insurance_fund.0,
        loss_rule: root.exchange.loss_rule,
        max_gross: root.exchange.max_gross_exposure,
        margin_call: root.margin_call.as_ref().map(|call| MarginCallSpec {
            ratio: call.ratio.0,
            used: call.used,
            grace_ms: call.grace.ms,
            after: call.after,
        }),
    };
    Some(Plan {
        assets,
        exchange,
        agents: agents?,
        prime: prime?,
        fleets: Vec::new(),
        impact: impact?,
        shocks: Vec::new(),
        checks: root.run.check,
        metrics: root.run.metrics,
    })
}

/// Prices at the start, one per asset.
pub(super) struct StartPrices {
    /// Marks: what positions are valued at.
    pub marks: Vec<f64>,
    /// Last prices: what they are opened at.
    pub lasts: Vec<f64>,
}

/// The prices of each asset at the start.
pub(super) fn start_prices(prices: &Prices) -> StartPrices {
    match prices {
        Prices::Model(model) => {
            let marks: Vec<f64> = model.assets.iter().map(|asset| asset.start_price).collect();
            StartPrices { lasts: marks.clone(), marks }
        }
        Prices::History(replay) => {
            let open = |series: &[Vec<f64>; 4]| series[0].first().copied().unwrap_or_default();
            let last = |asset: &ReplayAsset| open(asset.last.as_ref().unwrap_or(&asset.mark));
            StartPrices {
                marks: replay.assets.iter().map(|asset| open(&asset.mark)).collect(),
                lasts: replay.assets.iter().map(last).collect(),
            }
        }
    }
}

/// Gives positions that are declared by quantity their notional at the start.
fn size_by_quantity(markets: &[MarketSpec], agents: &mut [AgentPlan], lasts: &[f64]) {
    for position in agents.iter_mut().flat_map(|agent| &mut agent.positions) {
        if let Some(units) = position.quantity {
            let last = lasts[markets[position.market].asset];
            position.notional_usdc = units * position.entry_price.unwrap_or(last);
        }
    }
}

/// Names of assets stand in pairs of correlations, so that no `-` may stand in them.
fn check_assets(root: &Root, assets: &[String], faults: &mut Faults) {
    let spot = root.prices.at().of("assets");
    if assets.is_empty() && root.prices.at().sound(&["assets"]) {
        faults.error(&spot, "no asset", "give at least one, e.g. [prices.assets.BTC]");
    }
    for name in assets.iter().filter(|name| name.contains('-')) {
        let help = "a pair of correlations is written \"BTC-ETH\": use _ instead of -";
        faults.error(&spot.below(name), format!("\"{name}\" is no name of an asset"), help);
    }
}
