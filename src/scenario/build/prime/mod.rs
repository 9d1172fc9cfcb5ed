//! Prime brokerage: from declared fields to the plan's part.

mod agents;
mod factors;
mod flows;
mod lending;
mod names;
mod pools;
mod routing;
mod schedule;
mod services;

use crate::engine::prime::{AgreementPlan, PrimePlan};
use crate::fields::Faults;
use crate::prices::Prices;
use crate::scenario::build::markets;
use crate::scenario::format::{Agreement, Custody, CustodyKind, Holding, Root};
use crate::scenario::load::Files;
use crate::scenario::span::Span;
use crate::venue::custody::{CustodyMode, HoldingSpec, SiloSpec};
use crate::venue::escrow::{AgreementSpec, EscrowSpec, Party};
use crate::venue::spot::SpotSpec;
use names::Names;
pub(super) use routing::route;

/// Builds it, where it is on; `None` where something could not be built, which has been reported.
pub(super) fn prime(
    root: &Root,
    assets: &[String],
    prices: Option<&Prices>,
    files: &mut Files,
    faults: &mut Faults,
) -> Option<PrimePlan> {
    let names = Names::of(root, assets, faults);
    // Without prices everything is judged as if in 1970, and nothing is built.
    let span = prices.map_or(Span { start_ms: 0, end_ms: 0, tick_ms: 1 }, Span::of);
    let holdings = holdings(root, &names, faults);
    let agreements = agreements(root, &names, span.start_ms, faults);
    let lending = lending::lending(root, &names, &span, files, faults);
    let services = services::services(root, &names, prices, faults);
    let agents = agents::agents(root, &names, &span, faults);
    let (holdings, spot): (Vec<HoldingSpec>, Vec<SpotSpec>) = holdings?.into_iter().unzip();
    let (lending, pools) = lending?;
    let services = services?;
    let (custody, silo) = custody(root.custody.as_ref()?);
    let terms = root.escrow.as_ref()?;
    prices?;
    Some(PrimePlan {
        custody,
        silo,
        holdings,
        spot,
        escrow: EscrowSpec {
            fee: terms.fee.0,
            referral: terms.referral.0,
            settlement_lag_ms: terms.settlement_lag.ms,
        },
        agreements: agreements?,
        lending,
        pools,
        services: services.spec,
        factor_assets: services.factor_assets,
        volatility: services.volatility,
        agents: agents?,
    })
}

fn custody(custody: &Custody) -> (CustodyMode, SiloSpec) {
    let silo = SiloSpec {
        // Bounded far below the limit of its type.
        calls: custody.calls as u32,
        delay_ms: custody.delay.ms,
        failure_probability: custody.failure_probability.0,
    };
    let mode = match custody.mode {
        CustodyKind::Unified => CustodyMode::Unified,
        CustodyKind::Silo => CustodyMode::Silo(silo),
    };
    (mode, silo)
}

fn holdings(
    root: &Root,
    names: &Names<'_>,
    faults: &mut Faults,
) -> Option<Vec<(HoldingSpec, SpotSpec)>> {
    /// Every one of them opens accounts for each agent and each loan.
    const HOLDINGS_MAX: usize = 100;
    let written = root.holdings.iter().flatten();
    if written.clone().count() > HOLDINGS_MAX {
        let message = format!("more than {HOLDINGS_MAX} holdings");
        faults.error(&root.at.of("holdings"), message, "leave out those that nobody holds");
        return None;
    }
    let built: Vec<Option<(HoldingSpec, SpotSpec)>> = written
        .map(|(name, holding): (&String, &Holding)| {
            if name == "USDC" {
                let message = "USDC is the money of the run and no holding";
                faults.error(holding.at.section(), message, "leave it out");
                return None;
            }
            let price = names.price_of(name, holding.at.section(), faults);
            let slippage = markets::slippage(&holding.slippage, faults);
            let price = price?;
            let haircut = holding.haircut.map(|haircut| haircut.0);
            let spec = HoldingSpec { name: name.clone(), price, haircut };
            Some((spec, SpotSpec { price_asset: price, fee: holding.fee.0, slippage: slippage? }))
        })
        .collect();
    built.into_iter().collect()
}

fn agreements(
    root: &Root,
    names: &Names<'_>,
    origin_ms: i64,
    faults: &mut Faults,
) -> Option<Vec<AgreementPlan>> {
    let written = root.agreements.iter().flatten();
    let built: Vec<Option<AgreementPlan>> = written
        .map(|(name, agreement)| {
            let members = members(name, agreement, names, faults);
            let referrer =
                names.maybe_party(agreement.referrer.as_ref(), "referrer", &agreement.at, faults);
            let spec = AgreementSpec {
                members: members?,
                interval_ms: agreement.interval.ms,
                origin_ms,
                referrer: referrer?,
            };
            Some(AgreementPlan { name: name.clone(), spec })
        })
        .collect();
    let mut built: Vec<AgreementPlan> = built.into_iter().collect::<Option<_>>()?;
    for (name, form) in root.fleet.iter().flatten() {
        if let Some(interval) = form.netting {
            built.push(routing::agreement(root, name, interval, names, origin_ms, faults)?);
        }
    }
    Some(built)
}

/// At least two, each once.
fn members(
    name: &str,
    agreement: &Agreement,
    names: &Names<'_>,
    faults: &mut Faults,
) -> Option<Vec<Party>> {
    let before = faults.errors();
    let mut members = Vec::new();
    for member in &agreement.members {
        let Some(party) = names.party(&member.value.0, &member.spot, faults) else { continue };
        if members.contains(&party) {
            let message = format!("{} is a member of {name} twice", member.value.0);
            faults.error(&member.spot, message, "name each once");
        }
        members.push(party);
    }
    let is_sound = agreement.at.sound(&["members"]) && faults.errors() == before;
    if is_sound && members.len() < 2 {
        let message = format!("{name} has {} members", members.len());
        let help = "give at least two, e.g. [\"a\", \"outside\"]";
        faults.error(&agreement.at.of("members"), message, help);
    }
    (faults.errors() == before).then_some(members)
}
