//! The charts of a run: what was found, as the data that [`super::charts`] draws.

use super::charts::{
    Caption, ChartError, Sample, bars, fan, health, histogram, price, survival as survival_chart,
};
use super::files::Findings;
use super::folder::OutFolder;
use super::survival::SurvivalCurve;
use crate::engine::{EventKind, Metric, Rule};
use crate::scenario::Scenario;
use crate::study::{Role, Trace, Variant, VariantSet};
use crate::units::time::{DAY_MS, to_iso};

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
        health::draw(&album.health(), &folder.path("health.png"))?;
    }
    if !findings.fans.is_empty() {
        fan::draw(&album.fan(), &folder.path("fan.png"))?;
    }
    if findings.result.paths >= DISTRIBUTION_PATHS {
        histogram::draw(&album.histogram(), &folder.path("histogram.png"))?;
        survival_chart::draw(&album.survival(curves), &folder.path("survival.png"))?;
    }
    bars::draw(&album.rules(), &folder.path("rules.png"))
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

    /// The traces of the first traced path, of the compared variants.
    fn traces(&self) -> Vec<(&Trace, &Variant)> {
        let first = self.findings.traces.first().map(|trace| trace.path);
        let of = |index: usize| {
            self.findings.traces.iter().find(|t| t.variant == index && Some(t.path) == first)
        };
        self.compared()
            .iter()
            .filter_map(|(index, v)| of(*index).map(|trace| (trace, *v)))
            .collect()
    }

    fn subtitle(&self, what: &str) -> String {
        let names: Vec<&str> =
            self.compared().iter().map(|(_, variant)| variant.name.as_str()).collect();
        let paths = self.findings.result.paths;
        let of = match self.findings.traces.first() {
            Some(trace) if paths > 1 && what.contains("path") => format!("path {}", trace.path),
            _ => {
                let (start, end) = self.findings.result.span_ms;
                format!("{} to {}", &to_iso(start)[..10], &to_iso(end)[..10])
            }
        };
        format!("{what}: {} · {of}", names.join(" and "))
    }

    fn price(&self) -> price::PriceChart {
        let traces = self.traces();
        let plan = &self.scenario.plan;
        let panel = |(asset, prices): (usize, &Vec<(i64, f64)>)| price::PricePanel {
            label: format!("{}, USDC", plan.assets[asset]),
            prices: samples(prices),
            variants: traces.iter().map(|(trace, variant)| marks(trace, variant, asset)).collect(),
        };
        price::PriceChart {
            caption: self
                .caption("Prices and what was done", self.subtitle("what happened on one path")),
            panels: self.findings.prices.iter().enumerate().take(PRICE_PANELS).map(panel).collect(),
        }
    }

    fn health(&self) -> health::HealthChart {
        let markets = &self.scenario.plan.exchange.markets;
        let zones = markets.first().map(|market| market.zones).unwrap_or_default();
        let mut lines = Vec::new();
        for (trace, variant) in self.traces() {
            for (agent, plan) in variant.plan.agents.iter().enumerate() {
                for (position, spec) in plan.positions.iter().enumerate() {
                    let several = variant.plan.agents.len() > 1;
                    let owner = if several { format!("{}: ", plan.name) } else { String::new() };
                    lines.push(health::HealthLine {
                        position: format!("{owner}{}", spec.name),
                        variant: variant.name.clone(),
                        samples: health_of(trace, agent, position),
                    });
                }
            }
        }
        health::HealthChart {
            caption: self.caption("Health factor", self.subtitle("what happened on one path")),
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
            caption: self.caption(&title, self.subtitle("wallet and positions, all agents")),
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
                self.subtitle("wallet and positions, all agents"),
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

/// Events of a variant on the positions of one asset, and the liquidation price where exactly
/// one position has that asset.
fn marks(trace: &Trace, variant: &Variant, asset: usize) -> price::VariantMarks {
    let on_asset = |agent: usize, position: usize| {
        let market = variant.plan.agents[agent].positions[position].market;
        variant.plan.exchange.markets[market].asset == asset
    };
    let events = trace.events.iter().filter_map(|event| {
        let kind = picture_kind(event.kind)?;
        on_asset(event.agent, event.position?).then_some(price::PriceEvent {
            time_ms: event.time_ms,
            price: event.price,
            kind,
        })
    });
    let positions: Vec<(usize, usize)> = (variant.plan.agents.iter().enumerate())
        .flat_map(|(agent, plan)| (0..plan.positions.len()).map(move |p| (agent, p)))
        .filter(|&(agent, position)| on_asset(agent, position))
        .collect();
    let liquidation_price = match positions[..] {
        [(agent, position)] => series_of(trace, agent, position, |p| p.liquidation_price),
        _ => Vec::new(),
    };
    price::VariantMarks { name: variant.name.clone(), liquidation_price, events: events.collect() }
}

const fn picture_kind(kind: EventKind) -> Option<price::EventKind> {
    match kind {
        EventKind::CollateralToppedUp => Some(price::EventKind::TopUp),
        EventKind::KillSwitchClosed => Some(price::EventKind::KillSwitch),
        EventKind::Liquidated => Some(price::EventKind::Liquidation),
        EventKind::Resumed => Some(price::EventKind::Resume),
        EventKind::StopLoss => Some(price::EventKind::StopLoss),
        EventKind::Reduced => Some(price::EventKind::Reduce),
        _ => None,
    }
}

fn health_of(trace: &Trace, agent: usize, position: usize) -> Vec<Sample> {
    series_of(trace, agent, position, |sample| sample.health_factor)
}

/// One value of a position over time; NaN while it is closed.
fn series_of(
    trace: &Trace,
    agent: usize,
    position: usize,
    value: impl Fn(&crate::engine::PositionSample) -> f64,
) -> Vec<Sample> {
    let at = |sample: &crate::study::Sample| {
        let mine = sample.positions.iter().find(|p| (p.agent, p.position) == (agent, position));
        Sample { time_ms: sample.time_ms, value: mine.map_or(f64::NAN, &value) }
    };
    trace.samples.iter().map(at).collect()
}
