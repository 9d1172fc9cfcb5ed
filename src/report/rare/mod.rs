//! What rare events and reverse stress write and print: `rare.csv`, the likeliest path as a picture,
//! a story and one CSV of closes per asset.

mod figures;
mod text;

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::charts::{Caption, Sample, price};
use super::files::FilesError;
use super::folder::{OutFolder, at};
use super::number::exact;
use super::pictures::marks;
use super::produce::ProduceError;
use super::story::story;
use crate::scenario::Scenario;
use crate::study::{
    self, Execution, NoProgress, ReverseError, ReverseResult, SplittingError, SplittingResult,
    VariantSet,
};
use crate::units::time::to_iso;

pub(super) use figures::Figures;
pub(super) use text::rare_text;

/// Answers about rare events.
#[derive(Clone, Debug, Default)]
pub struct Rare {
    /// The probability, where it was asked for.
    pub splitting: Option<SplittingResult>,
    /// The likeliest path, where it was asked for.
    pub reverse: Option<ReverseResult>,
    /// What was asked and has no answer, and why.
    pub unanswered: Vec<String>,
}

impl Rare {
    /// Asks what `[stress.splitting]` and `[stress.reverse]` want to know.
    pub(super) fn of(scenario: &Scenario, execution: &Execution) -> Result<Self, ProduceError> {
        let (plan, prices, seed) = (&scenario.plan, &scenario.prices, scenario.seed);
        let splitting = scenario
            .stress
            .splitting
            .as_ref()
            .map(|spec| study::splitting(plan, prices, seed, spec, execution, &mut NoProgress));
        let mut unanswered = Vec::new();
        let splitting = match splitting.transpose() {
            Ok(found) => found,
            Err(SplittingError::Study(error)) => return Err(ProduceError::Study(error)),
            Err(SplittingError::Model(error)) => return Err(ProduceError::Model(error)),
            Err(stalled @ SplittingError::Stalled { .. }) => {
                unanswered.push(stalled.to_string());
                None
            }
            Err(other) => return Err(ProduceError::Rare(other.to_string())),
        };
        let samples = scenario.report.samples;
        let reverse = scenario.stress.reverse.as_ref();
        let reverse = reverse.map(|spec| study::reverse(plan, prices, seed, spec, samples));
        let reverse = match reverse.transpose() {
            Ok(found) => found,
            Err(ReverseError::Study(error)) => return Err(ProduceError::Study(error)),
            Err(ReverseError::Model(error)) => return Err(ProduceError::Model(error)),
            Err(ReverseError::Unbreakable) => {
                unanswered.push(ReverseError::Unbreakable.to_string());
                None
            }
            Err(other) => return Err(ProduceError::Rare(other.to_string())),
        };
        Ok(Self { splitting, reverse, unanswered })
    }

    /// Whether anything was asked.
    pub fn is_empty(&self) -> bool {
        self.splitting.is_none() && self.reverse.is_none() && self.unanswered.is_empty()
    }

    /// Figures by question, for `--json`, and their intervals; null where there is none.
    pub fn json(&self) -> Value {
        let mut questions = Map::new();
        for one in Figures::of(self).0 {
            let question = super::json::member(&mut questions, one.question);
            if let Some(interval) = super::json::ends(&one.interval) {
                question.insert(format!("{}_interval", one.metric), interval);
            }
            question.insert(one.metric, one.value.map_or(Value::Null, super::json::number));
        }
        questions.insert("unanswered".to_owned(), json!(self.unanswered));
        json!(questions)
    }
}

/// Writes every file that the answers have something for.
pub fn rare_files(
    folder: &OutFolder,
    scenario: &Scenario,
    set: &VariantSet,
    rare: &Rare,
) -> Result<(), FilesError> {
    if rare.is_empty() {
        return Ok(());
    }
    let path = folder.path("rare.csv");
    let mut table = Vec::new();
    let written = Figures::of(rare).write_csv(&mut table);
    at(&path, written.and_then(|()| std::fs::write(&path, &table)))?;
    let Some(reverse) = &rare.reverse else { return Ok(()) };
    for (name, prices) in scenario.plan.assets.iter().zip(&reverse.prices) {
        let path = folder.path(&format!("likeliest_{name}.csv"));
        at(&path, std::fs::write(&path, closes(prices)))?;
    }
    let path = folder.path("likeliest.txt");
    at(&path, std::fs::write(&path, told(scenario, set, reverse)))?;
    if scenario.report.charts {
        price::draw(&picture(scenario, set, reverse), &folder.path("likeliest.png"))?;
    }
    Ok(())
}

/// Closes as a scenario reads them with `kind = "close"`.
fn closes(prices: &[(i64, f64)]) -> String {
    let mut text = "time,close\n".to_owned();
    for (time_ms, price) in prices {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{},{}", to_iso(*time_ms), exact(*price));
    }
    text
}

/// The engine's story along the path.
fn told(scenario: &Scenario, set: &VariantSet, reverse: &ReverseResult) -> String {
    let story = story(scenario, set, &reverse.trace, None);
    let rest = story.split_once('\n').map_or("", |(_, rest)| rest);
    format!("{} · the likeliest path to {}\n{rest}", scenario.name, reverse.spec.event.words())
}

fn picture(scenario: &Scenario, set: &VariantSet, reverse: &ReverseResult) -> price::PriceChart {
    let variant = &set.all()[0];
    let panel = |(asset, prices): (usize, &Vec<(i64, f64)>)| price::PricePanel {
        label: format!("{}, USDC", scenario.plan.assets[asset]),
        prices: prices.iter().map(|&(time_ms, value)| Sample { time_ms, value }).collect(),
        variants: vec![marks(&reverse.trace, variant, asset, prices)],
    };
    let event = reverse.spec.event.words();
    price::PriceChart {
        caption: Caption {
            title: format!("The likeliest path to {event}"),
            subtitle: format!(
                "{}: energy {:.2}, as rare as one normal of {:.2} standard deviations; {event} at {}",
                scenario.name,
                reverse.energy,
                reverse.deviations(),
                &to_iso(reverse.break_ms)[..16]
            ),
            footer: format!(
                "drypowder {} · seed {} · {}",
                env!("CARGO_PKG_VERSION"),
                scenario.seed,
                scenario.name
            ),
        },
        panels: reverse.prices.iter().enumerate().map(panel).collect(),
    }
}
