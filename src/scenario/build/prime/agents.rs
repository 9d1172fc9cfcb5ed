//! What each agent has and does beside its positions.

use super::lending::{has_pool, loan_terms};
use super::names::Names;
use super::schedule;
use crate::engine::prime::{Cuttable, KeepSpec, LendTerms, PrimeAgent};
use crate::fields::Faults;
use crate::policy::{LendSpec, PrimeSpec, RebalanceSpec, RecallSpec, UtilisationBounds};
use crate::scenario::format::{
    Agent, KeepInTrading, LendForm, Policy, RateChoice, Root, UtilisationPolicy,
};
use crate::scenario::span::Span;
use crate::units::{Amount, Quantity};
use crate::venue::custody::Silo;
use crate::venue::lending::{LoanSpec, Party};

/// Policy and loans of an agent that lends, by asset.
type Lending = (Vec<Option<LendSpec>>, Vec<Option<LendTerms>>);

/// All agents by name; `None` where one of them cannot be.
pub(super) fn agents(
    root: &Root,
    names: &Names<'_>,
    span: &Span,
    faults: &mut Faults,
) -> Option<Vec<PrimeAgent>> {
    let mut built = Vec::new();
    let mut complete = true;
    for agent in &root.agent {
        match build(root, agent, names, span, faults) {
            Some(plan) => built.push((agent.name.0.as_str(), plan)),
            None => complete = false,
        }
    }
    built.sort_by_key(|(name, _)| *name);
    complete.then(|| built.into_iter().map(|(_, plan)| plan).collect())
}

fn build(
    root: &Root,
    agent: &Agent,
    names: &Names<'_>,
    span: &Span,
    faults: &mut Faults,
) -> Option<PrimeAgent> {
    let me = names.agent(&agent.name.0)?;
    let policy = agent.policy.as_ref();
    let utilisation =
        policy.and_then(|policy| policy.utilisation.as_ref()).filter(|policy| policy.enabled);
    let holdings = holdings(agent, names, faults);
    let schedule = schedule::schedule(root, agent, me, names, span, faults);
    let lending = match utilisation {
        Some(policy) => lending(root, policy, me, names, faults),
        None => Some((vec![None; names.asset_count()], vec![None; names.asset_count()])),
    };
    let (lend, lends) = lending?;
    Some(PrimeAgent {
        silos: agent
            .silos
            .as_ref()
            .map_or([Amount::ZERO; Silo::COUNT], |silos| silos.parts().map(|part| part.0)),
        holdings: holdings?,
        schedule: schedule?,
        policy: policy.zip(utilisation).map(|(policy, spec)| prime_spec(policy, spec, lend)),
        lends,
        cuts: agent
            .position
            .iter()
            .map(|position| Cuttable {
                reducible: position.reducible.unwrap_or(true),
                discretionary: position.discretionary.unwrap_or(false),
            })
            .collect(),
        keep: policy.and_then(|policy| policy.keep_in_trading.as_ref()).and_then(keep),
    })
}

fn keep(keep: &KeepInTrading) -> Option<KeepSpec> {
    keep.enabled.then_some(KeepSpec {
        poll_ms: keep.poll.ms,
        least: keep.least.0,
        target: keep.target.0,
    })
}

fn holdings(agent: &Agent, names: &Names<'_>, faults: &mut Faults) -> Option<Vec<Amount>> {
    let mut held = vec![Amount::ZERO; names.asset_count() - 1];
    let before = faults.errors();
    for (name, located) in agent.holdings.iter().flatten() {
        if name == "USDC" {
            let help = "the wallet is USDC: write it in wallet";
            faults.error(&located.spot, "USDC is no holding", help);
            continue;
        }
        let Some(asset) = names.asset(name, &located.spot, faults) else { continue };
        // Bounded below what a quantity holds exactly.
        let quantity = Quantity::try_round(located.value).unwrap_or(Quantity::ZERO);
        if located.value > 0.0 && quantity == Quantity::ZERO {
            let message = format!("{} {name} is less than 0.00000001", located.value);
            faults.error(&located.spot, message, "give more, or leave it out");
        }
        held[usize::from(asset.0) - 1] = Amount::from_micro(quantity.steps());
    }
    (faults.errors() == before).then_some(held)
}

fn prime_spec(policy: &Policy, spec: &UtilisationPolicy, lend: Vec<Option<LendSpec>>) -> PrimeSpec {
    let recall = spec.recall.as_ref().filter(|recall| recall.enabled);
    let rebalance = spec.rebalance.as_ref().filter(|rebalance| rebalance.enabled);
    PrimeSpec {
        poll_ms: spec.poll.ms,
        latency_ms: policy.latency.ms,
        zones: UtilisationBounds {
            yellow: spec.yellow.0,
            orange: spec.orange.0,
            red: spec.red.0,
            hysteresis: spec.hysteresis.0,
        },
        recall: recall.map(|recall| RecallSpec {
            count: recall.count,
            short_notice_ms: recall.short_notice.ms,
        }),
        rebalance: rebalance.map(|rebalance| RebalanceSpec { target: rebalance.target.0 }),
        lend,
    }
}

fn lending(
    root: &Root,
    policy: &UtilisationPolicy,
    me: usize,
    names: &Names<'_>,
    faults: &mut Faults,
) -> Option<Lending> {
    let mut lend = vec![None; names.asset_count()];
    let mut lends = vec![None; names.asset_count()];
    let before = faults.errors();
    for (name, form) in policy.lend.iter().flatten() {
        let form: &LendForm = form;
        let Some(asset) = names.asset(name, form.at.section(), faults) else { continue };
        let known = has_pool(root, name, asset, form.at.section(), faults);
        let Some(terms) = loan_terms(&form.terms, asset, None, names, faults) else { continue };
        if !known || !form.enabled {
            continue;
        }
        let place = usize::from(asset.0);
        // All three have been filled in from [lending] and the pool.
        let (Some(share), Some(least), Some(rate)) = (form.max_share, form.min_loan, form.min_rate)
        else {
            continue;
        };
        lend[place] = Some(LendSpec { max_share: share.0, min_loan: least.0, min_rate: rate.0 });
        let spec = LoanSpec { lender: Party::Agent(me), ..terms };
        lends[place] = Some(LendTerms { spec, fix_rate: form.rate == RateChoice::Fixed });
    }
    (faults.errors() == before).then_some((lend, lends))
}
