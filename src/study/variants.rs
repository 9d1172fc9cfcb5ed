//! Variants: the plan, and what it is measured against.

use super::feed::Feed;
use crate::engine::{AgentPlan, ImpactSpec, Plan};
use crate::policy::{GuardSpec, StopLossSpec, StopTrigger};
use crate::prices::models::{ModelError, ModelSpec};
use crate::prices::{Intrabar, Prices, ReplaySpec};
use crate::scenario::{NullPolicies, Scenario};

/// What a variant is to the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The plan itself.
    Plan,
    /// All protections and monitors off, recall and rebalance among them; lending goes on.
    DoNothing,
    /// Protections off, every position a part of its size.
    StartSmaller,
    /// Protections off but a stop at the top-up's warning threshold.
    StopLoss,
    /// The plan with a balance per service in place of one wallet.
    Silo,
    /// The plan on prices whose correlations do not drift, from the same draws.
    NoDrift,
    /// The plan on prices that forced fills do not move.
    NoImpact,
}

/// One plan that runs over the paths of one feed.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Name in every file: `guarded`, `do_nothing`, `guarded[walk]`, …
    pub name: String,
    /// What it is to the plan.
    pub role: Role,
    /// What runs.
    pub plan: Plan,
    /// The intrabar mode, where it is not the scenario's own.
    pub intrabar: Option<Intrabar>,
    /// The other model, where its prices are not the scenario's own.
    pub model: Option<String>,
    /// Index of its feed.
    pub(super) feed: usize,
}

/// All variants of a scenario, the plan first, in the order in which they are reported.
#[derive(Clone)]
pub struct VariantSet {
    variants: Vec<Variant>,
    /// Generators to copy; the first is the scenario's own.
    pub(super) feeds: Vec<Feed>,
}

impl VariantSet {
    /// The plan, the null policies that the scenario asks for and, for a history that has
    /// something inside its bars, all of them again at the other ends of the intrabar bracket.
    ///
    /// A plan without protections is its own `do_nothing`, which is then left out.
    ///
    /// # Errors
    /// If the model's correlations are not positive semi-definite.
    pub fn of(scenario: &Scenario) -> Result<Self, ModelError> {
        let base = base_variants(&scenario.plan, &scenario.nulls);
        let mut set = Self { variants: base.clone(), feeds: vec![Feed::new(&scenario.prices)?] };
        if scenario.nulls.no_drift
            && let Prices::Model(spec) = &scenario.prices
            && let Some(calm) = spec.without_drift()
        {
            set.add_no_drift(&calm, &scenario.plan)?;
        }
        for (name, model) in &scenario.other_models {
            set.add_model(name, model, &base)?;
        }
        if let Prices::History(spec) = &scenario.prices
            && !spec.close_only
        {
            for mode in [Intrabar::Walk, Intrabar::Jump] {
                if mode != spec.intrabar {
                    set.add_bracket(spec, mode, &base);
                }
            }
        }
        Ok(set)
    }

    fn add_no_drift(&mut self, calm: &ModelSpec, plan: &Plan) -> Result<(), ModelError> {
        let feed = self.feeds.len();
        self.feeds.push(Feed::new(&Prices::Model(calm.clone()))?);
        let mut plan = plan.clone();
        if let Some(prime) = &mut plan.prime {
            prime.services.factors.crisis = None;
        }
        let (name, role) = ("no_drift".to_owned(), Role::NoDrift);
        self.variants.push(Variant { name, role, plan, intrabar: None, model: None, feed });
        Ok(())
    }

    /// Plan and do_nothing on the prices of another model.
    fn add_model(
        &mut self,
        name: &str,
        model: &ModelSpec,
        base: &[Variant],
    ) -> Result<(), ModelError> {
        let feed = self.feeds.len();
        self.feeds.push(Feed::new(&Prices::Model(model.clone()))?);
        let kept =
            base.iter().filter(|variant| matches!(variant.role, Role::Plan | Role::DoNothing));
        self.variants.extend(kept.map(|variant| Variant {
            name: format!("{}[{name}]", variant.name),
            model: Some(name.to_owned()),
            feed,
            ..variant.clone()
        }));
        Ok(())
    }

    /// Plans on their feeds.
    pub(super) fn of_parts(variants: Vec<Variant>, feeds: Vec<Feed>) -> Self {
        Self { variants, feeds }
    }

    /// Some of the variants, by index, ascending.
    pub fn only(&self, variants: &[usize]) -> Self {
        let variants = variants.iter().map(|variant| self.variants[*variant].clone()).collect();
        Self { variants, feeds: self.feeds.clone() }
    }

    /// Plans by name on the same prices, in the given order.
    ///
    /// # Errors
    /// If the model's correlations are not positive semi-definite.
    pub fn of_plans(
        prices: &Prices,
        plans: impl IntoIterator<Item = (String, Plan)>,
    ) -> Result<Self, ModelError> {
        let variant = |(name, plan)| Variant {
            name,
            role: Role::Plan,
            plan,
            intrabar: None,
            model: None,
            feed: 0,
        };
        let variants = plans.into_iter().map(variant).collect();
        Ok(Self { variants, feeds: vec![Feed::new(prices)?] })
    }

    /// A plan on each of several prices, in the given order, which stand behind the name by number from 0.
    ///
    /// # Errors
    /// If a model's correlations are not positive semi-definite.
    pub fn on_each(name: &str, plan: &Plan, prices: &[Prices]) -> Result<Self, ModelError> {
        let variant = |feed: usize| Variant {
            name: format!("{name}[{feed}]"),
            role: Role::Plan,
            plan: plan.clone(),
            intrabar: None,
            model: None,
            feed,
        };
        let variants = (0..prices.len()).map(variant).collect();
        let feeds = prices.iter().map(Feed::new).collect::<Result<_, _>>()?;
        Ok(Self { variants, feeds })
    }

    fn add_bracket(&mut self, spec: &ReplaySpec, mode: Intrabar, base: &[Variant]) {
        let feed = self.feeds.len();
        self.feeds.push(Feed::replay(ReplaySpec { intrabar: mode, ..spec.clone() }));
        self.variants.extend(base.iter().map(|variant| Variant {
            name: format!("{}[{}]", variant.name, mode_name(mode)),
            intrabar: Some(mode),
            feed,
            ..variant.clone()
        }));
    }

    /// The variants.
    pub fn all(&self) -> &[Variant] {
        &self.variants
    }

    /// Those on the scenario's own prices, with their indices.
    pub fn main(&self) -> impl Iterator<Item = (usize, &Variant)> {
        self.variants.iter().enumerate().filter(|(_, variant)| variant.feed == 0)
    }

    /// Index of the variant of that name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.variants.iter().position(|variant| variant.name == name)
    }

    /// Index of the variant with that role on the scenario's own model and that intrabar mode
    /// (`None`: the scenario's own).
    pub fn with_role(&self, role: Role, intrabar: Option<Intrabar>) -> Option<usize> {
        let is = |v: &Variant| v.role == role && v.intrabar == intrabar && v.model.is_none();
        self.variants.iter().position(is)
    }

    /// Index of the variant with that role on the same prices as the variant at `index`.
    pub fn beside(&self, index: usize, role: Role) -> Option<usize> {
        let feed = self.variants.get(index)?.feed;
        self.variants.iter().position(|v| v.role == role && v.feed == feed)
    }
}

const fn mode_name(mode: Intrabar) -> &'static str {
    match mode {
        Intrabar::Jump => "jump",
        Intrabar::Walk => "walk",
        Intrabar::Bridge => "bridge",
    }
}

fn base_variants(plan: &Plan, nulls: &NullPolicies) -> Vec<Variant> {
    let guarded = plan.is_guarded();
    let variant = |name: &str, role, plan| Variant {
        name: name.to_owned(),
        role,
        plan,
        intrabar: None,
        model: None,
        feed: 0,
    };
    let mut variants =
        vec![variant(if guarded { "guarded" } else { "plan" }, Role::Plan, plan.clone())];
    if nulls.do_nothing && guarded {
        variants.push(variant("do_nothing", Role::DoNothing, each_agent(plan, unprotect)));
    }
    if let Some(fraction) = nulls.start_smaller {
        let smaller = each_agent(plan, |agent| {
            unprotect(agent);
            shrink(agent, fraction);
        });
        variants.push(variant("start_smaller", Role::StartSmaller, smaller));
    }
    if let Some(level) = nulls.stop_loss {
        let stopped = each_agent(plan, |agent| stop_at(agent, level));
        variants.push(variant("stop_loss", Role::StopLoss, stopped));
    }
    if nulls.silo
        && let Some(prime) = &plan.prime
    {
        let split = Plan { prime: Some(prime.with_silos()), ..plan.clone() };
        variants.push(variant("silo", Role::Silo, split));
    }
    if nulls.no_impact
        && let Some(impact) = &plan.impact
    {
        // At strength 0 chains of force-closes are counted all the same.
        let impact = Some(ImpactSpec { strength: 0.0, ..impact.clone() });
        let still = Plan { impact, ..plan.clone() };
        variants.push(variant("no_impact", Role::NoImpact, still));
    }
    variants
}

/// The plan with every agent changed, and nobody recalling, reducing or, in a fleet, helping.
fn each_agent(plan: &Plan, change: impl Fn(&mut AgentPlan)) -> Plan {
    let mut plan = plan.clone();
    plan.agents.iter_mut().for_each(change);
    for fleet in &mut plan.fleets {
        *fleet = fleet.without_rules();
    }
    let agents = plan.prime.iter_mut().flat_map(|prime| &mut prime.agents);
    for policy in agents.filter_map(|agent| agent.policy.as_mut()) {
        (policy.recall, policy.rebalance) = (None, None);
    }
    plan
}

fn unprotect(agent: &mut AgentPlan) {
    agent.guard = GuardSpec {
        poll_ms: agent.guard.poll_ms,
        latency_ms: agent.guard.latency_ms,
        ..GuardSpec::none()
    };
    agent.zone_monitor = None;
}

fn shrink(agent: &mut AgentPlan, fraction: f64) {
    for position in &mut agent.positions {
        position.notional_usdc *= fraction;
        position.quantity = position.quantity.map(|quantity| quantity * fraction);
    }
}

/// A stop below `level`, or below the highest warning threshold of the agent's positions. It
/// looks as often, and acts as late, as the agent's guard.
fn stop_at(agent: &mut AgentPlan, level: Option<f64>) {
    unprotect(agent);
    let warning = agent.thresholds.iter().map(|t| t.warning).fold(0.0, f64::max);
    let trigger = StopTrigger::HealthFactor(level.unwrap_or(warning));
    agent.guard.stop_loss = Some(StopLossSpec { enabled: true, trigger });
}

/// What an agent puts in at the start: its wallet and the collateral of its positions, USDC.
pub fn start_capital_usdc(agent: &AgentPlan) -> f64 {
    let collateral = agent.positions.iter().map(|position| position.collateral.usdc());
    agent.wallet.usdc() + collateral.sum::<f64>()
}
