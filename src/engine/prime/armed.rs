//! Which rules of prime brokerage a plan has switched on.

use super::plan::{PrimePlan, Scheme};
use crate::engine::metrics::Rule;
use crate::venue::custody::CustodyMode;
use crate::venue::escrow;
use crate::venue::lending;
use crate::venue::services::{AgentServices, EscrowFlowSpec, FlowParty};

impl PrimePlan {
    /// Whether a rule can fire for an agent.
    pub(in crate::engine) fn arms(&self, rule: Rule, agent: usize) -> bool {
        let own = &self.agents[agent];
        let policy = own.policy.as_ref();
        let lends = policy.is_some_and(|policy| policy.lend.iter().any(Option::is_some));
        let gives = lends || self.gives(agent);
        let recalls = gives && (policy.is_some_and(|p| p.recall.is_some()) || self.asks());
        match rule {
            Rule::ZoneYellow | Rule::ZoneOrange | Rule::ZoneRed => policy.is_some(),
            Rule::Lend => lends,
            Rule::Recall => gives && policy.is_some_and(|policy| policy.recall.is_some()),
            Rule::Rebalance => policy.is_some_and(|policy| policy.rebalance.is_some()),
            Rule::RecallEarly | Rule::RecallReturned | Rule::RecallFailed => recalls,
            Rule::CollateralCall
            | Rule::CollateralCallCured
            | Rule::CollateralSold
            | Rule::LendingLoss => gives || self.takes(agent),
            Rule::EscrowTimeout | Rule::EscrowDispute => self.contracts(agent),
            Rule::Netting => self.nets(agent),
            Rule::SiloMove | Rule::SiloMoveFailed => {
                let moves =
                    own.keep.is_some() || self.has(agent, |one| matches!(one, Scheme::Move { .. }));
                let fails = self.silo.failure_probability > 0.0;
                let silo = self.custody != CustodyMode::Unified;
                silo && moves && (fails || rule == Rule::SiloMove)
            }
            Rule::RejectedFunds | Rule::RejectedOther => {
                !own.schedule.is_empty() || lends || self.serves(agent)
            }
            _ => false,
        }
    }

    fn has(&self, agent: usize, wanted: impl Fn(&Scheme) -> bool) -> bool {
        self.agents[agent].schedule.iter().any(|one| wanted(&one.action))
    }

    fn any_has(&self, wanted: impl Fn(&Scheme) -> bool + Copy) -> bool {
        (0..self.agents.len()).any(|agent| self.has(agent, wanted))
    }

    fn gives(&self, agent: usize) -> bool {
        let lender = lending::Party::Agent(agent);
        self.any_has(|one| matches!(one, Scheme::Loan { spec, .. } if spec.lender == lender))
    }

    fn takes(&self, agent: usize) -> bool {
        let borrower = lending::Party::Agent(agent);
        self.any_has(|one| matches!(one, Scheme::Loan { spec, .. } if spec.borrower == borrower))
    }

    fn asks(&self) -> bool {
        self.any_has(|one| matches!(one, Scheme::Recall(_)))
    }

    /// Whether a service asks for an agent's money.
    fn serves(&self, agent: usize) -> bool {
        self.services.agents.iter().any(|one| {
            let pays = one.escrow.as_ref().is_some_and(|flow| is_other_side(flow, agent));
            one.agent == agent || pays
        })
    }

    /// Whether an agent may be a side of a contract.
    fn contracts(&self, agent: usize) -> bool {
        let me = escrow::Party::Agent(agent);
        let flows = |one: &AgentServices| {
            let escrow = one.escrow.as_ref().filter(|flow| flow.agreement.is_none());
            escrow.is_some_and(|flow| one.agent == agent || is_other_side(flow, agent))
        };
        let scheduled = |one: &Scheme| matches!(one, Scheme::Contract { spec, .. } if [spec.payer, spec.payee].contains(&me));
        self.services.agents.iter().any(flows) || self.any_has(scheduled)
    }

    fn nets(&self, agent: usize) -> bool {
        let member = escrow::Party::Agent(agent);
        self.agreements.iter().any(|agreement| agreement.spec.members.contains(&member))
    }

    /// The plan with a balance per service.
    pub fn with_silos(&self) -> Self {
        Self { custody: CustodyMode::Silo(self.silo), ..self.clone() }
    }
}

fn is_other_side(flow: &EscrowFlowSpec, agent: usize) -> bool {
    matches!(&flow.counterparty, FlowParty::Agents(agents) if agents.contains(&agent))
}
