//! The account at the start: utilisation, loans that cannot be given, rules without an object.

use super::{has_silos, is_written, lends, loans, plan_of};
use crate::engine::prime::PrimePlan;
use crate::fields::{Faults, Spot};
use crate::ledger::AssetId;
use crate::scenario::build::{Built, start_prices};
use crate::scenario::entry::Account;
use crate::scenario::format::{Agent, Root, UtilisationPolicy};
use crate::venue::custody::{Service, Silo};
use crate::venue::spot::units;

pub(super) fn check(root: &Root, built: &Built, prime: &PrimePlan, faults: &mut Faults) {
    for agent in &root.agent {
        check_trading_silo(root, built, prime, agent, faults);
        let policy = agent.policy.as_ref().and_then(|policy| policy.utilisation.as_ref());
        if let Some(policy) = policy.filter(|policy| policy.enabled) {
            check_rules(root, policy, faults);
            if let Some(utilisation) = at_start(built, prime, agent)
                && utilisation >= policy.yellow.0
            {
                let message = format!(
                    "{} starts at a utilisation of {utilisation:.3}, not below yellow {}",
                    agent.name.0, policy.yellow.0
                );
                faults.warn(&policy.at.of("yellow"), message, "");
            }
        }
        loans::check(root, built, prime, agent, faults);
    }
}

/// R / K before anything is done: margins, collateral and bankroll over wallet, grant, collateral,
/// profit and what holdings count.
fn at_start(built: &Built, prime: &PrimePlan, agent: &Agent) -> Option<f64> {
    let (plan, own) = plan_of(built, prime, &agent.name.0)?;
    let start = start_prices(&built.prices);
    let account = Account::of(&built.plan, plan, &start);
    let collateral: f64 = plan.positions.iter().map(|position| position.collateral.usdc()).sum();
    let profit: f64 = account.entries.iter().map(|entry| entry.pnl).sum();
    let bankroll = agent.casino.as_ref().map_or(0.0, |casino| casino.bankroll.0.usdc());
    let grant = agent.faucet.map_or(0.0, |grant| grant.0.usdc());
    let counted = prime.holdings.iter().enumerate().map(|(index, holding)| {
        let part = holding.haircut.map_or(0.0, |haircut| 1.0 - haircut);
        let asset = AssetId(index as u16 + 1);
        units(asset, own.holdings[index]) * start.marks[holding.price] * part
    });
    let capital = plan.wallet.usdc() + grant + collateral + profit + counted.sum::<f64>();
    let reserved = collateral + account.cross_initial() + bankroll;
    Some(match capital > 0.0 {
        true => reserved / capital,
        false if reserved > 0.0 => f64::INFINITY,
        false => 0.0,
    })
}

/// Cross positions are backed by the trading silo alone.
fn check_trading_silo(
    root: &Root,
    built: &Built,
    prime: &PrimePlan,
    agent: &Agent,
    faults: &mut Faults,
) {
    if !has_silos(root) || !agent.at.sound(&["silos", "position"]) {
        return;
    }
    let (Some((plan, own)), Some(silos)) = (plan_of(built, prime, &agent.name.0), &agent.silos)
    else {
        return;
    };
    let account = Account::of(&built.plan, plan, &start_prices(&built.prices));
    let cross = account.entries.iter().filter(|entry| entry.is_cross());
    let profit: f64 = cross.map(|entry| entry.pnl).sum();
    let trading = own.silos[Silo::Of(Service::Trading).index()];
    let (equity, needed) = (trading.usdc() + profit, account.cross_initial());
    if equity < needed {
        let message = format!(
            "{equity:.2} USDC behind the cross positions in the trading silo do not meet their initial margin of {needed:.2} USDC"
        );
        let help = format!("put at least \"{} USDC\" into it", (needed - profit).ceil());
        faults.error(&silos.at.of("trading"), message, help);
    }
}

/// Rules that have nothing to act on, at any of the agents that share them.
fn check_rules(root: &Root, policy: &UtilisationPolicy, faults: &mut Faults) {
    let shares = |spot: &Spot, of: fn(&UtilisationPolicy) -> Option<&Spot>| {
        let agents = root.agent.iter().filter(|agent| {
            let policy = agent.policy.as_ref().and_then(|policy| policy.utilisation.as_ref());
            policy.and_then(of) == Some(spot)
        });
        agents.collect::<Vec<_>>()
    };
    if let Some(spot) = recall(policy).filter(|spot| is_written(spot, faults))
        && policy.recall.as_ref().is_some_and(|recall| recall.enabled)
        && !shares(spot, recall).iter().any(|agent| lends(root, agent))
    {
        faults.warn(spot, "recall can never act: no agent under it gives a loan", "");
    }
    if let Some(spot) = rebalance(policy).filter(|spot| is_written(spot, faults))
        && policy.rebalance.as_ref().is_some_and(|rebalance| rebalance.enabled)
        && !shares(spot, rebalance).iter().any(|agent| is_reducible(agent))
    {
        faults.warn(spot, "rebalance can never act: nothing under it is reducible", "");
    }
}

fn recall(policy: &UtilisationPolicy) -> Option<&Spot> {
    policy.recall.as_ref().map(|one| one.at.section())
}

fn rebalance(policy: &UtilisationPolicy) -> Option<&Spot> {
    policy.rebalance.as_ref().map(|one| one.at.section())
}

/// Whether anything of an agent may be reduced.
fn is_reducible(agent: &Agent) -> bool {
    let positions = agent.position.iter().map(|one| (one.reducible, one.discretionary));
    let contracts = agent.contract.iter().flatten().filter(|one| one.payee.is_some());
    positions
        .chain(contracts.map(|one| (Some(one.reducible), Some(one.discretionary))))
        .any(|cut| cut.0 == Some(true) || cut.1 == Some(true))
}
