//! Names of agents, assets and agreements, and what they stand for in a plan.

use crate::fields::{Faults, Name, Places, Spot, Units, nearest};
use crate::ledger::{AssetId, USDC};
use crate::scenario::format::Root;
use crate::units::Amount;
use crate::venue::escrow::Party;
use crate::venue::lending;
use crate::venue::spot::round_units;

/// What everybody outside is called.
const OUTSIDE: &str = "outside";

/// Fleets whose sub-accounts net: each is an agreement of its own name, after those written.
pub(super) fn netted(root: &Root) -> impl Iterator<Item = &String> {
    let fleets = root.fleet.iter().flatten();
    fleets.filter(|(_, fleet)| fleet.netting.is_some()).map(|(name, _)| name)
}

/// Every name that prime brokerage can refer to, in the order of its indices.
pub(super) struct Names<'a> {
    agents: Vec<&'a str>,
    /// Whether all agents' names are readable, so that an unknown one is a fault of its own.
    agents_known: bool,
    /// Without USDC, which comes first in the ledger.
    holdings: Vec<&'a str>,
    holdings_known: bool,
    prices: Vec<&'a str>,
    agreements: Vec<&'a str>,
    agreements_known: bool,
}

impl<'a> Names<'a> {
    /// Those of a scenario. Names that mean something else are refused.
    pub fn of(root: &'a Root, assets: &'a [String], faults: &mut Faults) -> Self {
        let mut agents: Vec<&str> = root.agent.iter().map(|agent| agent.name.0.as_str()).collect();
        agents.sort_unstable();
        for agent in root.agent.iter().filter(|agent| agent.name.0 == OUTSIDE) {
            let message = "\"outside\" is everybody who is no agent of the run";
            faults.error(&agent.at.of("name"), message, "give it another name");
        }
        let holdings = root.holdings.iter().flat_map(|holdings| holdings.keys());
        let holdings = holdings.filter(|name| *name != "USDC");
        let agreements = root.agreements.iter().flat_map(|agreements| agreements.keys());
        Self {
            agents,
            agents_known: root.at.sound(&["agent"])
                || root.agent.iter().all(|agent| agent.at.sound(&["name"])),
            holdings: holdings.map(String::as_str).collect(),
            holdings_known: root.at.sound(&["holdings", "prices"]),
            prices: assets.iter().map(String::as_str).collect(),
            agreements: agreements.chain(netted(root)).map(String::as_str).collect(),
            agreements_known: root.at.sound(&["agreements", "fleet"]),
        }
    }

    /// Number of the ledger's assets, USDC among them.
    pub fn asset_count(&self) -> usize {
        self.holdings.len() + 1
    }

    /// Names of the ledger's assets in their order, USDC's first.
    pub fn assets(&self) -> impl Iterator<Item = &'a str> + '_ {
        std::iter::once("USDC").chain(self.holdings.iter().copied())
    }

    /// Names of the path's assets.
    pub fn prices(&self) -> &[&'a str] {
        &self.prices
    }

    /// Index of an agent in the plan.
    pub fn agent(&self, name: &str) -> Option<usize> {
        self.agents.binary_search(&name).ok()
    }

    /// An agent or the outside.
    pub fn party(&self, name: &str, spot: &Spot, faults: &mut Faults) -> Option<Party> {
        if name == OUTSIDE {
            return Some(Party::Outside);
        }
        let agent = self.agent(name);
        if agent.is_none() && self.agents_known {
            let known: Vec<&str> = self.agents.iter().copied().chain([OUTSIDE]).collect();
            unknown("agent", name, &known, spot, faults);
        }
        agent.map(Party::Agent)
    }

    /// As [`Names::party`], of a field that may be left out.
    pub fn maybe_party(
        &self,
        name: Option<&Name>,
        field: &str,
        at: &Places,
        faults: &mut Faults,
    ) -> Option<Option<Party>> {
        match name {
            None => Some(None),
            Some(name) => self.party(&name.0, &at.of(field), faults).map(Some),
        }
    }

    /// An asset of the ledger.
    pub fn asset(&self, name: &str, spot: &Spot, faults: &mut Faults) -> Option<AssetId> {
        if name == "USDC" {
            return Some(USDC);
        }
        let place = self.holdings.iter().position(|known| *known == name);
        if place.is_none() && self.holdings_known {
            let help = match nearest(name, &self.holdings) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("give it a table [holdings.{name}]"),
            };
            faults.error(spot, format!("{name} is no asset of [holdings]"), help);
        }
        // More holdings than an asset's number has room for are refused elsewhere.
        place.and_then(|place| u16::try_from(place + 1).ok()).map(AssetId)
    }

    /// Index of an asset of the path.
    pub fn price_of(&self, name: &str, spot: &Spot, faults: &mut Faults) -> Option<usize> {
        let place = self.prices.iter().position(|known| *known == name);
        if place.is_none() && !self.prices.is_empty() {
            let help = match nearest(name, &self.prices) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("give it a table [prices.assets.{name}]"),
            };
            faults.error(spot, format!("asset {name} has no prices"), help);
        }
        place
    }

    /// Index of an agreement.
    pub fn agreement(&self, name: &str, spot: &Spot, faults: &mut Faults) -> Option<usize> {
        let place = self.agreements.iter().position(|known| *known == name);
        if place.is_none() && self.agreements_known {
            unknown("agreement", name, &self.agreements, spot, faults);
        }
        place
    }

    /// An amount of an asset in its smallest units; above zero, and exact as a number.
    pub fn amount(
        &self,
        units: &Units,
        asset: AssetId,
        spot: &Spot,
        faults: &mut Faults,
    ) -> Option<Amount> {
        const STEPS_MAX: i64 = 1 << 53;
        let name = self.assets().nth(usize::from(asset.0)).unwrap_or_default();
        if let Some(written) = units.asset.as_ref().filter(|written| *written != name) {
            let message = format!("{} {written} is no amount of {name}", units.number);
            faults.error(spot, message, format!("write units of {name}"));
            return None;
        }
        let amount = round_units(asset, units.number);
        let amount = amount.filter(|amount| amount.is_positive() && amount.micro() <= STEPS_MAX);
        if amount.is_none() {
            let (least, most) = if asset == USDC {
                ("0.000001", "9,007,199,254")
            } else {
                ("0.00000001", "90,071,992")
            };
            let message =
                format!("{} {name} is outside what is exact: {least} to {most}", units.number);
            faults.error(spot, message, "choose another amount");
        }
        amount
    }
}

fn unknown(kind: &str, name: &str, known: &[&str], spot: &Spot, faults: &mut Faults) {
    let help = match nearest(name, known) {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() => format!("there is no {kind}"),
        None => format!("known: {}", known.join(", ")),
    };
    faults.error(spot, format!("unknown {kind} {name}"), help);
}

/// The same party as lending has it.
pub(super) const fn in_lending(party: Party) -> lending::Party {
    match party {
        Party::Agent(agent) => lending::Party::Agent(agent),
        Party::Outside => lending::Party::Outside,
    }
}
