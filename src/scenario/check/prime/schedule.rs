//! What is done at given instants.

use crate::fields::{Duration, Faults, Name, Places, Spot};
use crate::scenario::format::{Agent, ContractForm, ObligationForm, Root};
use crate::scenario::span::Span;

pub(super) fn check(root: &Root, agent: &Agent, faults: &mut Faults) {
    for contract in agent.contract.iter().flatten() {
        check_contract(contract, faults);
    }
    for obligation in agent.obligation.iter().flatten() {
        check_obligation(root, &agent.name, obligation, faults);
    }
}

/// What comes after a contract has ended never comes.
fn check_contract(contract: &ContractForm, faults: &mut Faults) {
    let deadline = contract.deadline;
    if contract.fund_after >= deadline {
        let message = format!(
            "a contract with a deadline of {deadline} and fund_after = {} is never funded",
            contract.fund_after
        );
        faults.warn(&contract.at.of("fund_after"), message, "it expires");
    }
    let after = [
        (
            "payer_confirms_after",
            contract.payer_confirms_after,
            contract.at.of("payer_confirms_after"),
        ),
        (
            "payee_confirms_after",
            contract.payee_confirms_after,
            contract.at.of("payee_confirms_after"),
        ),
        (
            "dispute.after",
            contract.dispute.as_ref().map(|dispute| dispute.after),
            contract.dispute.as_ref().map_or_else(Spot::default, |dispute| dispute.at.of("after")),
        ),
    ];
    for (name, after, spot) in after {
        if let Some(after) = after.filter(|after| *after > deadline) {
            let message = format!("{name} = {after} lies behind the deadline of {deadline}");
            faults.warn(&spot, message, "it never comes to that");
        }
    }
}

/// Both sides are members, and two.
fn check_obligation(root: &Root, me: &Name, form: &ObligationForm, faults: &mut Faults) {
    let at = &form.at;
    let agreements = root.agreements.as_ref();
    let Some(agreement) = agreements.and_then(|known| known.get(&form.agreement.0)) else { return };
    if !agreement.at.sound(&["members"]) || !at.sound(&["payee"]) {
        return;
    }
    if form.payee == *me {
        let help = "name another member";
        faults.error(&at.of("payee"), "payer and payee are one", help);
    }
    let is_known =
        |name: &Name| name.0 == "outside" || root.agent.iter().any(|agent| agent.name == *name);
    for (party, field) in [(me, "agreement"), (&form.payee, "payee")] {
        if is_known(party) && !agreement.members.iter().any(|member| member.value == *party) {
            let message = format!("{} is no member of {}", party.0, form.agreement.0);
            faults.error(&at.of(field), message, "name it among its members");
        }
    }
}

/// Instants after the end of the run.
pub(super) fn check_times(root: &Root, span: &Span, faults: &mut Faults) {
    let length = Duration { ms: span.end_ms - span.start_ms };
    let mut check = |at: &Places, field: &str, when: Duration| {
        if when > length {
            let message = format!("{when} after the start never comes: the run is {length} long");
            faults.warn(&at.of(field), message, "");
        }
    };
    for agent in &root.agent {
        agent.moves.iter().flatten().for_each(|form| check(&form.at, "at", form.start));
        agent.trade.iter().flatten().for_each(|form| check(&form.at, "at", form.start));
        agent.contract.iter().flatten().for_each(|form| check(&form.at, "at", form.start));
        agent.obligation.iter().flatten().for_each(|form| check(&form.at, "at", form.start));
        if let Some(policy) = &agent.policy {
            let utilisation = policy.utilisation.as_ref().filter(|spec| spec.enabled);
            utilisation.into_iter().for_each(|spec| check(&spec.at, "poll", spec.poll));
            let keep = policy.keep_in_trading.as_ref().filter(|keep| keep.enabled);
            keep.into_iter().for_each(|keep| check(&keep.at, "poll", keep.poll));
        }
        for loan in agent.loan.iter().flatten() {
            check(&loan.at, "at", loan.start);
            let ends = [("recall_at", loan.recall_at), ("repay_at", loan.repay_at)];
            for (field, end) in ends {
                if let Some(end) = end {
                    check(&loan.at, field, end);
                }
            }
        }
    }
    for (name, agreement) in root.agreements.iter().flatten() {
        if agreement.interval > length {
            let message = format!("{name} never settles: the run is {length} long");
            faults.warn(&agreement.at.of("interval"), message, "");
        }
    }
}
