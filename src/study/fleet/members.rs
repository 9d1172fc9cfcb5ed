//! Whose profit and loss a fleet's is made of.

use crate::engine::Plan;
use crate::study::columns::VariantResult;

/// A fleet by the indices of its agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetMembers {
    /// Name.
    pub name: String,
    /// Holds the master wallet.
    pub coordinator: usize,
    /// Sub-accounts.
    pub accounts: Vec<usize>,
}

impl FleetMembers {
    /// The fleets of a plan, in its order.
    pub fn of(plan: &Plan) -> Vec<Self> {
        let members = plan.fleets.iter().map(|fleet| Self {
            name: fleet.name.clone(),
            coordinator: fleet.spec.coordinator,
            accounts: fleet.spec.delegations.iter().map(|one| one.account).collect(),
        });
        members.collect()
    }

    /// Coordinator, then sub-accounts.
    pub fn all(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.coordinator).chain(self.accounts.iter().copied())
    }

    /// Losses of each member on each path, USDC: `losses[member][path]` in the order of
    /// [`FleetMembers::all`].
    ///
    /// Loss = start + received from the coordinator − final equity. What the coordinator gave is
    /// its sub-accounts' receipts, so that money moved inside the fleet is nobody's loss and the
    /// members' losses sum to the fleet's.
    pub(super) fn losses(&self, variant: &VariantResult) -> Vec<Vec<f64>> {
        self.all().map(|member| variant.agents[member].losses()).collect()
    }
}
