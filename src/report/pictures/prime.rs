//! The charts of prime brokerage.

use super::super::charts::{ChartError, Sample};
use super::super::charts::{custody, recalls, utilisation, wallet_use, yields, zones};
use super::super::folder::OutFolder;
use super::{Album, chosen, names_of};
use crate::engine::{EventKind, Metric};
use crate::policy::UtilisationBounds;
use crate::study::{Role, Trace, Variant, VariantResult};

/// Panels of the use of the wallet where there are too many agents to show all.
const PANELS_OF_MANY: usize = 4;

/// Draws every chart that the findings have something for; none without prime brokerage.
pub(super) fn draw_all(album: &Album, folder: &OutFolder) -> Result<(), ChartError> {
    if album.scenario.plan.prime.is_none() {
        return Ok(());
    }
    if !album.findings.traces.is_empty() {
        utilisation::draw(&album.utilisation(), &folder.path("utilisation.png"))?;
        wallet_use::draw(&album.wallet_use(), &folder.path("wallet_use.png"))?;
    }
    if let Some(chart) = album.recalls() {
        recalls::draw(&chart, &folder.path("recalls.png"))?;
    }
    if album.findings.result.metrics.has(Metric::TimeGreen) {
        zones::draw(&album.zones(), &folder.path("zones.png"))?;
    }
    if let Some(chart) = album.custody() {
        custody::draw(&chart, &folder.path("custody.png"))?;
    }
    yields::draw(&album.yields(), &folder.path("yield.png"))
}

impl Album<'_> {
    /// Plan, do_nothing and silo, in that order.
    fn compared_with_silo(&self) -> Vec<(usize, &Variant)> {
        let mut compared = self.compared();
        compared.extend(self.set.main().filter(|(_, variant)| variant.role == Role::Silo));
        compared
    }

    /// The trace of the plan on the first traced path.
    pub(super) fn plan_trace(&self) -> Option<(&Trace, &Variant)> {
        self.traces(&self.compared()).into_iter().next()
    }

    /// `of one path: guarded · path 3`.
    pub(super) fn plan_subtitle(&self, what: &str) -> String {
        let compared = self.compared();
        self.subtitle_of(what, &compared[..1.min(compared.len())])
    }

    fn utilisation(&self) -> utilisation::UtilisationChart {
        let compared = self.compared_with_silo();
        let mut lines = Vec::new();
        let traces = self.traces(&compared);
        let first = traces.first();
        let shown = first.map(|(trace, variant)| chosen::accounts(trace, &variant.plan));
        let shown = shown.unwrap_or_default();
        for (trace, variant) in &traces {
            for &agent in &shown {
                let plan = &variant.plan.agents[agent];
                let at = |sample: &crate::study::Sample| {
                    let account = sample.accounts.iter().find(|account| account.agent == agent);
                    let value = account.map_or(f64::NAN, |account| account.utilisation);
                    Sample { time_ms: sample.time_ms, value }
                };
                lines.push(utilisation::UtilisationLine {
                    agent: plan.name.clone(),
                    variant: variant.name.clone(),
                    samples: trace.samples.iter().map(at).collect(),
                    events: utilisation_events(trace, agent),
                });
            }
        }
        let agents = self.scenario.plan.agents.len();
        let most = chosen::of_how_many(shown.len(), agents, "agents, the highest");
        let what = format!("what happened on one path{most}");
        let prime = self.scenario.plan.prime.iter();
        let mut policies = prime.flat_map(|prime| &prime.agents).filter_map(|a| a.policy.as_ref());
        let UtilisationBounds { yellow, orange, red, .. } =
            policies.next().map_or_else(UtilisationBounds::default, |policy| policy.zones);
        utilisation::UtilisationChart {
            caption: self.caption("Utilisation", self.subtitle_of(&what, &compared)),
            zones: utilisation::UtilisationZones { yellow, orange, red },
            lines,
        }
    }

    fn wallet_use(&self) -> wallet_use::WalletUseChart {
        let panels = self.plan_trace().map_or_else(Vec::new, |(trace, variant)| {
            let several = variant.plan.agents.len() > 1;
            let panel = |(agent, plan): (usize, &crate::engine::AgentPlan)| {
                let label = if several { plan.name.as_str() } else { "use of the wallet" };
                let uses = trace.samples.iter().filter_map(|sample| {
                    let account = sample.accounts.iter().find(|account| account.agent == agent)?;
                    Some(wallet_use::WalletUse {
                        time_ms: sample.time_ms,
                        trading: account.trading,
                        lent: account.lent,
                        escrow: account.escrow,
                        services: account.services,
                        free: account.free,
                    })
                });
                wallet_use::WalletUsePanel {
                    label: format!("{label}, USDC (what is lent at mark)"),
                    samples: uses.collect(),
                }
            };
            let mut shown = chosen::accounts(trace, &variant.plan);
            if shown.len() < variant.plan.agents.len() {
                shown.truncate(PANELS_OF_MANY);
            }
            shown.iter().map(|&agent| panel((agent, &variant.plan.agents[agent]))).collect()
        });
        let agents = self.scenario.plan.agents.len();
        let most = chosen::of_how_many(panels.len(), agents, "agents of the highest utilisation");
        let what = format!("what happened on one path{most}");
        wallet_use::WalletUseChart {
            caption: self.caption("What the wallet is used for", self.plan_subtitle(&what)),
            panels,
        }
    }

    fn zones(&self) -> zones::ZonesChart {
        let metrics = [Metric::TimeGreen, Metric::TimeYellow, Metric::TimeOrange, Metric::TimeRed];
        let mut rows = Vec::new();
        for (index, variant) in self.set.main() {
            let shown = super::super::shown::Shown::of(&self.findings.result);
            let agents = variant.plan.agents.iter().enumerate();
            for (agent, plan) in agents.filter(|(agent, _)| shown.has(*agent)) {
                let result = &self.findings.result.variants[index].agents[agent];
                let several = variant.plan.agents.len() > 1;
                let of = if several { format!(", {}", plan.name) } else { String::new() };
                rows.push(zones::ZonesRow {
                    label: format!("{}{of}", variant.name),
                    shares: metrics.map(|metric| mean(result.column(metric).iter())),
                });
            }
        }
        let names = ["green < 60 %", "yellow 60–75 %", "orange 75–85 %", "red ≥ 85 %"];
        zones::ZonesChart {
            caption: self.caption(
                "Share of time in each zone of utilisation",
                format!("mean over {}", self.paths()),
            ),
            zones: names.map(str::to_owned),
            rows,
        }
    }

    fn yields(&self) -> yields::YieldChart {
        let compared = self.compared_with_silo();
        let variant = |(index, variant): &(usize, &Variant)| {
            let result = self.findings.result.variants[*index].whole();
            let get = |metric| mean(result.column(metric).iter());
            yields::YieldVariant {
                name: variant.name.clone(),
                interest: get(Metric::Interest),
                interest_paid: get(Metric::InterestPaid),
                lending_losses: get(Metric::LendingLosses),
                referral: get(Metric::Referral),
                net: get(Metric::NetYield),
                fees_paid: get(Metric::FeesPaid),
                fees_saved: get(Metric::FeesSaved),
            }
        };
        yields::YieldChart {
            caption: self.caption(
                "What the yield is made of",
                format!("{}: mean over {}, all agents", names_of(&compared), self.paths()),
            ),
            x_title: "USDC a run, mean over paths".to_owned(),
            variants: compared.iter().map(variant).collect(),
        }
    }

    /// `None` where the plan is not run as silo.
    fn custody(&self) -> Option<custody::CustodyChart> {
        let compared = self.compared_with_silo();
        let plan = compared.first().filter(|(_, variant)| variant.role == Role::Plan)?;
        let silo = compared.iter().find(|(_, variant)| variant.role == Role::Silo)?;
        let results = [plan, silo].map(|(index, _)| &self.findings.result.variants[*index]);
        let panel = |title: &str, unit: &str, value: &dyn Fn(&VariantResult) -> f64| {
            custody::CustodyPanel {
                title: title.to_owned(),
                unit: unit.to_owned(),
                fraction: unit.starts_with("of "),
                values: results.map(value),
            }
        };
        let whole =
            |metric| move |result: &VariantResult| mean(result.whole().column(metric).iter());
        let mut panels = Vec::new();
        if self.findings.result.metrics.has(Metric::UtilisationMean) {
            let agents = plan.1.plan.agents.len();
            panels.push(panel("utilisation", "of capital, over time", &|result| {
                let agents = result.agents[..agents].iter();
                mean(agents.map(|agent| mean(agent.column(Metric::UtilisationMean).iter())))
            }));
        }
        panels.extend([
            panel("distress exits", "closes and kills a path", &whole(Metric::DistressExits)),
            panel("payments not made", "USDC a path", &whole(Metric::PaymentsRefused)),
            panel("final equity", "USDC", &whole(Metric::FinalEquity)),
            panel("trapped capital", "USDC·days", &whole(Metric::TrappedCapital)),
        ]);
        Some(custody::CustodyChart {
            caption: self.caption(
                "One wallet against a balance per service",
                format!("mean over {}, all agents; below: silo less {}", self.paths(), plan.1.name),
            ),
            names: [format!("{} (one wallet)", plan.1.name), silo.1.name.clone()],
            panels,
        })
    }

    fn paths(&self) -> String {
        match self.findings.result.paths {
            1 => "1 path".to_owned(),
            paths => format!("{paths} paths"),
        }
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0_u64, 0.0), |(count, sum), value| (count + 1, sum + value));
    sum / count as f64
}

fn utilisation_events(trace: &Trace, agent: usize) -> Vec<utilisation::UtilisationEvent> {
    let own = trace.events.iter().filter(|event| event.agent == agent);
    own.filter_map(|event| {
        let kind = match event.kind {
            EventKind::MarginCall => utilisation::UtilisationMark::MarginCall,
            EventKind::LoanRecalled => utilisation::UtilisationMark::Recall,
            EventKind::Liquidated => utilisation::UtilisationMark::Liquidation,
            _ => return None,
        };
        Some(utilisation::UtilisationEvent {
            time_ms: event.time_ms,
            utilisation: event.utilisation,
            kind,
        })
    })
    .collect()
}
