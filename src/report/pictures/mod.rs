//! The charts of a run: what was found, as the data that [`super::charts`] draws.

mod backtests;
mod cascade;
mod chosen;
mod correlation;
mod fleet;
mod marks;
mod prime;
mod recalls;
#[cfg(test)]
mod tests;

use super::charts::{
    Caption, ChartError, Sample, bars, fan, health, histogram, price, rolling,
    survival as survival_chart,
};
use super::files::Findings;
use super::folder::OutFolder;
use super::survival::SurvivalCurve;
use crate::engine::{Metric, Rule};
use crate::scenario::Scenario;
use crate::study::{Role, Trace, Variant, VariantSet};
use crate::units::time::{DAY_MS, to_iso};
use marks::health_of;
pub(super) use marks::marks;

/// Fewer paths than this make no distribution worth a picture.
const DISTRIBUTION_PATHS: u64 = 20;

/// Panels of the price chart at most.
const PRICE_PANELS: usize = 5;

/// Draws every chart that the findings have something for.
pub(super) fn draw_all(
    folder: &OutFolder,
    scenario: &Scenario,
    set: &VariantSet,
    findings: &Findings,
    curves: &[SurvivalCurve],
) -> Result<(), ChartError> {
    let album = Album { scenario, set, findings };
    if !findings.traces.is_empty() {
        price::draw(&album.price(), &folder.path("price.png"))?;
        if set.main().any(|(_, variant)| variant.plan.has_positions()) {
            health::draw(&album.health(), &folder.path("health.png"))?;
        }
    }
    if !findings.fans.is_empty() {
        fan::draw(&album.fan(), &folder.path("fan.png"))?;
    }
    if findings.result.paths >= DISTRIBUTION_PATHS {
        histogram::draw(&album.histogram(), &folder.path("histogram.png"))?;
        survival_chart::draw(&album.survival(curves), &folder.path("survival.png"))?;
    }
    if let Some(found) = &findings.correlations {
        let out = folder.path("rolling_correlation.png");
        rolling::draw(&album.rolling(found), &out)?;
    }
    bars::draw(&album.rules(), &folder.path("rules.png"))?;
    backtests::draw(&album, folder)?;
    cascade::draw(&album, folder)?;
    fleet::draw_all(&album, folder)?;
    prime::draw_all(&album, folder)
}

struct Album<'a> {
    scenario: &'a Scenario,
    set: &'a VariantSet,
    findings: &'a Findings,
}

impl Album<'_> {
    fn caption(&self, title: &str, subtitle: String) -> Caption {
        Caption {
            title: title.to_owned(),
            subtitle,
            footer: format!(
                "drypowder {} · seed {} · {}",
                env!("CARGO_PKG_VERSION"),
                self.scenario.seed,
                self.scenario.name
            ),
        }
    }

    /// Plan and do_nothing, in that order: what the charts set side by side.
    fn compared(&self) -> Vec<(usize, &Variant)> {
        let roles = [Role::Plan, Role::DoNothing];
        self.set.main().filter(|(_, variant)| roles.contains(&variant.role)).collect()
    }

    /// The traces of the first traced path, of some variants.
    fn traces<'a>(&'a self, of: &[(usize, &'a Variant)]) -> Vec<(&'a Trace, &'a Variant)> {
        let traces = &self.findings.traces;
        let first = traces.first().map(|trace| trace.path);
        let trace = |index| traces.iter().find(|t| t.variant == index && Some(t.path) == first);
        of.iter().filter_map(|(index, v)| trace(*index).map(|trace| (trace, *v))).collect()
    }

    fn subtitle(&self, what: &str) -> String {
        self.subtitle_of(what, &self.compared())
    }

    fn subtitle_of(&self, what: &str, variants: &[(usize, &Variant)]) -> String {
        let names = names_of(variants);
        let paths = self.findings.result.paths;
        let of = match self.findings.traces.first() {
            Some(trace) if paths > 1 && what.contains("path") => format!("path {}", trace.path),
            _ => {
                let (start, end) = self.findings.result.span_ms;
                format!("{} to {}", &to_iso(start)[..10], &to_iso(end)[..10])
            }
        };
        format!("{what}: {names} · {of}")
    }

    /// What equity is made of.
    fn owned(&self) -> &'static str {
        match self.scenario.plan.prime {
            Some(_) => "all that is owned less what is owed, all agents",
            None => "wallet and positions, all agents",
        }
    }

    fn price(&self) -> price::PriceChart {
        let traces = self.traces(&self.compared());
        let plan = &self.scenario.plan;
        let series = &self.findings.prices;
        let shown = chosen::assets(&traces, plan, PRICE_PANELS);
        let panel = |&asset: &usize| {
            let prices = series.get(asset)?;
            let marks =
                |(trace, variant): &(&Trace, &Variant)| marks(trace, variant, asset, prices);
            Some(price::PricePanel {
                label: format!("{}, USDC", plan.assets[asset]),
                prices: samples(prices),
                variants: traces.iter().map(marks).collect(),
            })
        };
        let most =
            chosen::of_how_many(shown.len(), plan.assets.len(), "assets, where most happened");
        let subtitle = self.subtitle(&format!("what happened on one path{most}"));
        price::PriceChart {
            caption: self.caption("Prices and what was done", subtitle),
            panels: shown.iter().filter_map(panel).collect(),
        }
    }

    fn health(&self) -> health::HealthChart {
        let markets = &self.scenario.plan.exchange.markets;
        let zones = markets.first().map(|market| market.zones).unwrap_or_default();
        let mut lines = Vec::new();
        let traces = self.traces(&self.compared());
        let first = traces.first();
        let shown = first.map(|(trace, variant)| chosen::positions(trace, &variant.plan));
        let shown = shown.unwrap_or_default();
        for (trace, variant) in &traces {
            let agents = &variant.plan.agents;
            for &(agent, position) in &shown {
                let plan = &agents[agent];
                let owner =
                    if agents.len() > 1 { format!("{}: ", plan.name) } else { String::new() };
                lines.push(health::HealthLine {
                    position: format!("{owner}{}", plan.positions[position].name),
                    variant: variant.name.clone(),
                    samples: health_of(trace, agent, position),
                });
            }
        }
        let all = self.scenario.plan.agents.iter().map(|agent| agent.positions.len()).sum();
        let most = chosen::of_how_many(shown.len(), all, "positions, the lowest");
        let subtitle = self.subtitle(&format!("what happened on one path{most}"));
        health::HealthChart {
            caption: self.caption("Health factor", subtitle),
            zones: health::HealthZones {
                safe: zones.safe,
                warning: zones.warning,
                danger: zones.danger,
            },
            y_max: zones.safe * 2.0,
            lines,
        }
    }

    fn fan(&self) -> fan::FanChart {
        let chosen = self.compared();
        let start_ms = self.findings.result.span_ms.0;
        let variant = |(index, variant): &(usize, &Variant)| {
            let fan = self.findings.fans.iter().find(|fan| fan.variant == *index)?;
            let steps = fan.steps.iter().map(|step| {
                let [q05, q25, q50, q75, q95] = step.equity_usdc;
                let day = (step.time_ms - start_ms) as f64 / DAY_MS as f64;
                fan::FanStep { day, q05, q25, q50, q75, q95 }
            });
            Some(fan::FanVariant { name: variant.name.clone(), steps: steps.collect() })
        };
        let paths = self.findings.fans.first().map_or(0, |fan| fan.paths);
        let (title, layout) = if paths == 1 {
            ("Equity".to_owned(), fan::FanLayout::Overlay)
        } else {
            (format!("Equity over {paths} paths"), fan::FanLayout::Panels)
        };
        let start = self.findings.result.variants.first();
        fan::FanChart {
            caption: self.caption(&title, self.subtitle(self.owned())),
            y_title: "equity, USDC".to_owned(),
            layout,
            start_equity: start.map(|variant| variant.whole().start_capital_usdc),
            variants: chosen.iter().filter_map(variant).collect(),
        }
    }

    fn histogram(&self) -> histogram::HistogramChart {
        let variant = |(index, variant): &(usize, &Variant)| {
            let agent = self.findings.result.variants[*index].whole();
            let figure = |suffix: &str| {
                let metric = format!("{}{suffix}", Metric::FinalEquity.name());
                let row = self.findings.summary.get(&variant.name, &agent.name, &metric);
                row.and_then(|row| row.value).unwrap_or(f64::NAN)
            };
            histogram::HistogramVariant {
                name: variant.name.clone(),
                values: agent.column(Metric::FinalEquity).iter().collect(),
                median: figure("_p50"),
                q05: figure("_p05"),
            }
        };
        histogram::HistogramChart {
            caption: self.caption(
                &format!("Final equity over {} paths", self.findings.result.paths),
                self.subtitle(self.owned()),
            ),
            quantity: "final equity".to_owned(),
            unit: "USDC".to_owned(),
            variants: self.compared().iter().map(variant).collect(),
        }
    }

    fn survival(&self, curves: &[SurvivalCurve]) -> survival_chart::SurvivalChart {
        let compared = self.compared();
        let shown = |curve: &&SurvivalCurve| compared.iter().any(|(_, v)| v.name == curve.variant);
        let variant = |curve: &SurvivalCurve| survival_chart::SurvivalVariant {
            name: curve.variant.clone(),
            steps: (curve.steps.iter())
                .map(|step| survival_chart::SurvivalStep {
                    day: step.time,
                    share: step.survival,
                    low: step.interval.low.unwrap_or(0.0),
                    high: step.interval.high.unwrap_or(1.0),
                })
                .collect(),
        };
        survival_chart::SurvivalChart {
            caption: self.caption(
                "Share of paths without a liquidation so far",
                self.subtitle("first liquidation of any position"),
            ),
            end_day: self.findings.result.run_days(),
            variants: curves.iter().filter(shown).map(variant).collect(),
        }
    }

    fn rules(&self) -> bars::BarChart {
        let plan = &self.findings.result.variants[0];
        let bar = |&rule: &Rule| bars::Bar {
            label: rule.name().to_owned(),
            count: plan.whole().fired(rule).count,
        };
        let armed = (Rule::ALL.iter()).filter(|&&rule| {
            plan.whole().fired(rule).count > 0 || self.set.all()[0].plan.arms(rule)
        });
        bars::BarChart {
            caption: self.caption(
                "How often each rule fired",
                format!("{}: a rule that never fired was not tested", plan.name),
            ),
            x_title: "times fired, all paths".to_owned(),
            bars: armed.map(bar).collect(),
        }
    }
}

fn samples(points: &[(i64, f64)]) -> Vec<Sample> {
    points.iter().map(|&(time_ms, value)| Sample { time_ms, value }).collect()
}

/// `guarded, do_nothing and silo`.
fn names_of(variants: &[(usize, &Variant)]) -> String {
    let names: Vec<&str> = variants.iter().map(|(_, variant)| variant.name.as_str()).collect();
    match &names[..] {
        [first @ .., a, b] if !first.is_empty() => format!("{}, {a} and {b}", first.join(", ")),
        _ => names.join(" and "),
    }
}
