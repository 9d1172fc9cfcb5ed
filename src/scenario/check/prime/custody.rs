//! Silos, and what only they give a meaning.

use super::has_silos;
use crate::fields::{Faults, Money};
use crate::scenario::format::{Agent, CustodyKind, KeepInTrading, NullPolicy, Root};
use crate::units::Amount;

pub(super) fn check(root: &Root, faults: &mut Faults) {
    let has_silos = has_silos(root);
    let is_silo = root.custody.as_ref().is_some_and(|custody| custody.mode == CustodyKind::Silo);
    if is_silo && root.nulls.contains(&NullPolicy::Silo) {
        let message = "the plan itself is under silo custody: its silo variant is the same run";
        faults.warn(&root.at.of("nulls"), message, "leave silo out");
    }
    for agent in &root.agent {
        check_silos(agent, has_silos, faults);
        check_moves(agent, has_silos, faults);
        let keep = agent.policy.as_ref().and_then(|policy| policy.keep_in_trading.as_ref());
        if let Some(keep) = keep.filter(|keep| keep.enabled) {
            check_keep(keep, has_silos, faults);
        }
    }
}

fn check_silos(agent: &Agent, has_silos: bool, faults: &mut Faults) {
    let Some(silos) = &agent.silos else {
        if has_silos && agent.at.sound(&["silos", "name", "wallet"]) {
            let message =
                format!("silo custody needs to know how the wallet of {} is split", agent.name.0);
            let help = format!("give [agent.silos], whose parts sum to {}", agent.wallet);
            faults.error(&agent.at.of("silos"), message, help);
        }
        return;
    };
    if !agent.at.sound(&["silos", "wallet"]) {
        return;
    }
    // Twelve digits each: seven of them fit into the ledger.
    let sum = silos.parts().iter().fold(Amount::ZERO, |sum, part| sum + part.0);
    if sum != agent.wallet.0 {
        let message = format!("the silos hold {}, the wallet {}", Money(sum), agent.wallet);
        faults.error(silos.at.section(), message, "make them sum to the wallet");
    } else if !has_silos {
        let message = "silos have no effect under unified custody";
        faults.warn(silos.at.section(), message, "write custody.mode or nulls with \"silo\"");
    }
}

fn check_moves(agent: &Agent, has_silos: bool, faults: &mut Faults) {
    for form in agent.moves.iter().flatten() {
        if form.from == form.to && form.at.sound(&["from", "to"]) {
            let message = "the money moves to where it is";
            faults.error(&form.at.of("to"), message, "name another silo");
        } else if !has_silos {
            let message = "a move has no effect under unified custody";
            faults.warn(form.at.section(), message, "write custody.mode or nulls with \"silo\"");
        }
    }
}

fn check_keep(keep: &KeepInTrading, has_silos: bool, faults: &mut Faults) {
    if keep.target < keep.least && keep.at.sound(&["least", "target"]) {
        let message = format!("target {} is below least {}", keep.target, keep.least);
        faults.error(&keep.at.of("target"), message, "least ≤ target");
    } else if !has_silos {
        let message = "keep_in_trading has no effect under unified custody";
        let help = "write custody.mode or nulls with \"silo\"";
        faults.warn(keep.at.section(), message, help);
    }
}
