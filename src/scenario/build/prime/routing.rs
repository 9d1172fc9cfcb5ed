//! A coordinator's routing: it refers what its sub-accounts pay each other, and they net it.

use super::names::Names;
use crate::engine::Plan;
use crate::engine::prime::{AgreementPlan, Scheme};
use crate::fields::{Duration, Faults};
use crate::scenario::format::{FleetForm, Root};
use crate::venue::escrow::{AgreementSpec, Party};
use crate::venue::services::{EscrowFlowSpec, FlowParty};

/// The agreement of a fleet whose sub-accounts net, under the fleet's name.
pub(super) fn agreement(
    root: &Root,
    name: &str,
    interval: Duration,
    names: &Names<'_>,
    origin_ms: i64,
    faults: &mut Faults,
) -> Option<AgreementPlan> {
    let form = root.fleet.as_ref()?.get(name)?;
    let spot = form.at.of("netting");
    if root.agreements.iter().flatten().any(|(other, _)| other == name) {
        let message = format!("[agreements.{name}] has the name of the fleet's own agreement");
        faults.error(&spot, message, "rename it, or leave netting out");
        return None;
    }
    let delegated = root.agent.iter().filter(|agent| {
        agent.delegation.as_ref().is_some_and(|delegation| delegation.fleet.0 == name)
    });
    let mut members: Vec<usize> =
        delegated.filter_map(|agent| names.agent(&agent.name.0)).collect();
    members.sort_unstable();
    if members.len() < 2 {
        let message = format!("fleet {name} has {} sub-accounts to net between", members.len());
        faults.error(&spot, message, "it takes two; leave netting out");
        return None;
    }
    let spec = AgreementSpec {
        members: members.into_iter().map(Party::Agent).collect(),
        interval_ms: interval.ms,
        origin_ms,
        referrer: None,
    };
    Some(AgreementPlan { name: name.to_owned(), spec })
}

/// Lets coordinators refer, and sub-accounts net, what the latter pay each other, where the
/// scenario says so and names nobody else.
pub(in crate::scenario::build) fn route(root: &Root, plan: &mut Plan, faults: &mut Faults) {
    for (name, form) in root.fleet.iter().flatten() {
        let Some(fleet) = plan.fleets.iter().find(|fleet| fleet.name == *name) else { continue };
        let own: Vec<usize> = fleet.spec.delegations.iter().map(|one| one.account).collect();
        let referrer = form.route_referrals.then_some(Party::Agent(fleet.spec.coordinator));
        let routing = Routing { form, own, referrer };
        let routed = routing.of(name, plan, faults);
        if routed == 0 && form.route_referrals {
            let message =
                format!("the sub-accounts of {name} pay each other nothing through escrow");
            let help = "there is nothing to refer: leave it out";
            faults.warn(&form.at.of("route_referrals"), message, help);
        }
    }
}

/// What one fleet does with payments between its sub-accounts.
struct Routing<'a> {
    form: &'a FleetForm,
    own: Vec<usize>,
    referrer: Option<Party>,
}

impl Routing<'_> {
    fn is_own(&self, party: Party) -> bool {
        matches!(party, Party::Agent(agent) if self.own.contains(&agent))
    }

    /// Routes everything; returns how many flows, contracts and agreements lie inside.
    fn of(&self, name: &str, plan: &mut Plan, faults: &mut Faults) -> usize {
        let Some(prime) = &mut plan.prime else { return 0 };
        let netting = self.form.netting.is_some();
        let agreement = prime.agreements.iter().position(|agreement| agreement.name == name);
        let agreement = agreement.filter(|_| netting);
        let mut routed = 0;
        for agent in prime.services.agents.iter_mut().filter(|one| self.own.contains(&one.agent)) {
            let Some(flow) = &mut agent.escrow else { continue };
            match self.inside(flow) {
                Some(true) => {
                    flow.referrer = flow.referrer.or(self.referrer);
                    flow.agreement = flow.agreement.or(agreement);
                    routed += 1;
                }
                Some(false) => self.warn_of_mixed(&agent.name, faults),
                None => {}
            }
        }
        for scheduled in prime.agents.iter_mut().flat_map(|agent| &mut agent.schedule) {
            if let Scheme::Contract { spec, .. } = &mut scheduled.action
                && self.is_own(spec.payer)
                && self.is_own(spec.payee)
            {
                spec.referrer = spec.referrer.or(self.referrer);
                routed += 1;
            }
        }
        for agreement in &mut prime.agreements {
            let spec = &mut agreement.spec;
            if spec.members.iter().all(|member| self.is_own(*member)) {
                spec.referrer = spec.referrer.or(self.referrer);
                routed += 1;
            }
        }
        routed
    }

    /// Whether all counterparties of a sub-account's flow are sub-accounts; `None` where none is.
    fn inside(&self, flow: &EscrowFlowSpec) -> Option<bool> {
        match &flow.counterparty {
            FlowParty::Outside => None,
            FlowParty::Agents(agents) => {
                let own = agents.iter().filter(|agent| self.own.contains(agent)).count();
                (own > 0).then_some(own == agents.len())
            }
        }
    }

    fn warn_of_mixed(&self, agent: &str, faults: &mut Faults) {
        for field in ["route_referrals", "netting"] {
            if self.form.at.has(field) {
                let message = format!(
                    "some counterparties of {agent} are no sub-accounts: its escrow flow is left \
                     as it is"
                );
                faults.warn(&self.form.at.of(field), message, "name sub-accounts alone");
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    use crate::engine::Metric;
    use crate::scenario::Scenario;
    use crate::study::{Execution, NoProgress, NoRows, StudyResult, VariantSet, run};

    /// A desk with two accounts that have 40,000 each; `fleet` and `a` are lines of the fleet and
    /// of the first account.
    fn text(fleet: &str, a: &str) -> String {
        let account = |name: &str, more: &str| {
            format!(
                "[[agent]]\nname = \"{name}\"\nwallet = \"40000 USDC\"\n{more}\n\
                 [agent.delegation]\nfleet = \"f\"\nmax_margin = \"50000 USDC\"\n"
            )
        };
        format!(
            "name = \"f\"\nquestion = \"?\"\npaths = 1\nnulls = []\n[prices]\nmodel = \"gbm\"\nstep = \
             \"1h\"\nduration = \"30d\"\n[prices.assets]\nA = {{ start_price = 100, volatility = 0.2 }}\n\
             [markets]\nA-PERP = {{ asset = \"A\" }}\n[fleet.f]\ncoordinator = \"desk\"\n{fleet}\n\
             [[agent]]\nname = \"desk\"\nwallet = \"110000 USDC\"\n{}{}",
            account("a", a),
            account("b", "")
        )
    }

    fn ran(text: &str) -> StudyResult {
        let scenario =
            Scenario::from_text(Path::new("f.toml"), text, &[]).unwrap_or_else(|e| panic!("{e}"));
        let set = VariantSet::of(&scenario).unwrap_or_else(|error| panic!("{error}"));
        let stop = AtomicBool::new(false);
        let execution = Execution { threads: 1, stop: &stop };
        run(&scenario, &set, &execution, &mut NoRows, &mut NoProgress)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// Agents by name: a, b, desk.
    fn get(result: &StudyResult, agent: usize, metric: Metric) -> f64 {
        result.variants[0].agents[agent].column(metric).get(0)
    }

    /// Contracts of so much, one a day at most, between a and b.
    fn contracts(count: usize, amount: &str, referrer: &str) -> String {
        let one = |day: usize| {
            format!(
                "[[agent.contract]]\nat = \"{day}d\"\npayee = \"b\"\namount = \"{amount}\"\ndeadline = \
                 \"2d\"\npayer_confirms_after = \"1h\"\npayee_confirms_after = \"1h\"\n{referrer}\n"
            )
        };
        (0..count).map(one).collect()
    }

    /// The worked figures: 10,000 a month at 1 % is 100 of fees, 15 % of it 15 for the referrer.
    #[test]
    fn ten_thousand_a_month_brings_the_coordinator_fifteen() {
        let routes = "route_referrals = true";
        // Fleet, referrer of each contract, what the desk and b earn.
        let rows =
            [(routes, "", 15.0, 0.0), ("", "", 0.0, 0.0), (routes, "referrer = \"b\"", 0.0, 15.0)];
        for (fleet, referrer, desk, b) in rows {
            let result = ran(&text(fleet, &contracts(10, "1000 USDC", referrer)));
            assert_eq!(get(&result, 0, Metric::FeesPaid), 100.0, "{fleet} {referrer}");
            assert_eq!(get(&result, 2, Metric::Referral), desk, "{fleet} {referrer}");
            assert_eq!(get(&result, 1, Metric::Referral), b, "{fleet} {referrer}");
        }
    }

    /// 1,000,000 in 40 contracts of 25,000, one every half day, a and b paying in turn so that each
    /// can: 250 of fee each, 10,000 together; 37.50 of it each, 1,500 together.
    #[test]
    fn a_million_a_month_brings_it_fifteen_hundred() {
        let one = |number: usize, to: &str| {
            format!(
                "[[agent.contract]]\nat = \"{}h\"\npayee = \"{to}\"\namount = \"25000 \
                 USDC\"\ndeadline = \"11h\"\npayer_confirms_after = \"1h\"\npayee_confirms_after = \
                 \"1h\"\n",
                12 * number
            )
        };
        let a: String = (0..40).step_by(2).map(|number| one(number, "b")).collect();
        let b: String = (1..40).step_by(2).map(|number| one(number, "a")).collect();
        let both = text("route_referrals = true", &a);
        let at = both.rfind("[agent.delegation]").expect("b has one");
        let result = ran(&format!("{}{b}{}", &both[..at], &both[at..]));
        let fees = get(&result, 0, Metric::FeesPaid) + get(&result, 1, Metric::FeesPaid);
        assert_eq!((fees, get(&result, 2, Metric::Referral)), (10_000.0, 1_500.0));
    }

    /// Twenty obligations, ten each way, in a day: one settlement in place of twenty, 95 % fewer.
    /// a owes 10·12, b 10·10: net 20, fee .20 of what would have been 2.20, referral .03.
    #[test]
    fn twenty_obligations_settle_in_one() {
        let owe = |to: &str, amount: u32| -> String {
            (0..10)
                .map(|hour| {
                    format!(
                        "[[agent.obligation]]\nat = \"{hour}h\"\nagreement = \"f\"\npayee = \
                         \"{to}\"\namount = \"{amount} USDC\"\n"
                    )
                })
                .collect()
        };
        let both = text("netting = \"1d\"\nroute_referrals = true", &owe("b", 12));
        let at = both.rfind("[agent.delegation]").expect("b has one");
        let result = ran(&format!("{}{}{}", &both[..at], owe("a", 10), &both[at..]));
        let sum = |metric| get(&result, 0, metric) + get(&result, 1, metric);
        assert_eq!(sum(Metric::FeesPaid), 0.2);
        assert!((sum(Metric::FeesSaved) - 2.0).abs() < 1e-9, "{}", sum(Metric::FeesSaved));
        assert_eq!(get(&result, 2, Metric::Referral), 0.03);
    }

    /// A flow between sub-accounts becomes obligations under the fleet's agreement.
    #[test]
    fn a_flow_between_sub_accounts_is_netted_and_referred() {
        let flow = "[agent.escrow]\ncontracts_per_day = 4\nnotional = \"10 USDC\"\ncounterparties = [\"b\"]";
        let load = |fleet: &str, flow: &str| {
            let text = text(fleet, flow);
            Scenario::from_text(Path::new("f.toml"), &text, &[]).unwrap_or_else(|e| panic!("{e}"))
        };
        let found = |scenario: &Scenario| {
            let prime = scenario.plan.prime.as_ref().expect("escrow is used");
            let flow = prime.services.agents.iter().find_map(|agent| agent.escrow.as_ref());
            let flow = flow.expect("a has one");
            (flow.agreement, flow.referrer, prime.agreements.first().map(|a| a.spec.referrer))
        };
        use crate::venue::escrow::Party::{Agent, Outside};
        let desk = Some(Agent(2));
        assert_eq!(found(&load("", flow)), (None, None, None));
        assert_eq!(found(&load("netting = \"1d\"", flow)), (Some(0), None, Some(None)));
        let both = "netting = \"1d\"\nroute_referrals = true";
        assert_eq!(found(&load(both, flow)), (Some(0), desk, Some(desk)));
        let named = format!("{flow}\nreferrer = \"outside\"");
        assert_eq!(found(&load("route_referrals = true", &named)), (None, Some(Outside), None));
        // A partner outside of the fleet: left as it is, with a warning.
        let mixed = flow.replace("[\"b\"]", "[\"b\", \"desk\"]");
        let scenario = load("route_referrals = true", &mixed);
        assert_eq!(found(&scenario), (None, None, None));
        let warned = |words: &str| scenario.warnings.iter().any(|warning| warning.contains(words));
        assert!(warned("some counterparties of a are no sub-accounts"), "{:?}", scenario.warnings);
    }

    #[test]
    fn what_cannot_be_netted_is_refused() {
        let named = text("netting = \"1d\"", "")
            .replace("[fleet.f]", "[agreements.f]\nmembers = [\"a\", \"b\"]\n[fleet.f]");
        let rows = [
            (named, "[agreements.f] has the name of the fleet's own agreement"),
            (
                text("netting = \"1d\"", "").replacen(
                    "[agent.delegation]\nfleet = \"f\"\nmax_margin = \"50000 USDC\"\n",
                    "",
                    1,
                ),
                "fleet f has 1 sub-accounts to net between",
            ),
        ];
        for (text, words) in rows {
            let Err(wrong) = Scenario::from_text(Path::new("f.toml"), &text, &[]) else {
                panic!("{words}: accepted")
            };
            assert!(wrong.to_string().contains(words), "{wrong}");
        }
    }
}
