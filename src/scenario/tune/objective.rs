//! The objective: terms that are summed, and limits.

use super::figure::Figure;
use crate::engine::Plan;
use crate::fields::{Faults, Limit, LimitUnit, Located, nearest};
use crate::scenario::format::{LimitForm, ObjectiveForm};

/// What is good.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveSpec {
    /// What is summed.
    pub terms: Vec<TermSpec>,
    /// What must be kept.
    pub limits: Vec<LimitSpec>,
    /// Whose figures: the index of an agent in the plan; `None`: the whole account.
    pub agent: Option<usize>,
}

/// A figure times a weight.
#[derive(Clone, Debug, PartialEq)]
pub struct TermSpec {
    /// The figure's name.
    pub name: String,
    /// The figure.
    pub figure: Figure,
    /// What a unit of it is worth; not 0.
    pub weight: f64,
}

/// A limit of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitSpec {
    /// The figure's name.
    pub name: String,
    /// The figure.
    pub figure: Figure,
    /// The limit, in the figure's unit.
    pub limit: f64,
    /// Whether the figure may be at most this; else it must be at least this.
    pub at_most: bool,
}

impl TermSpec {
    /// Whether it asks for better worst paths: less of a loss, more of a low quantile of final equity.
    pub fn guards_tail(&self) -> bool {
        self.figure.is_wealth_tail() && (self.weight < 0.0) == self.figure.is_loss()
    }
}

impl LimitSpec {
    /// The same of a limit.
    pub fn guards_tail(&self) -> bool {
        self.figure.is_wealth_tail() && self.at_most == self.figure.is_loss()
    }

    /// By how much a value keeps the limit, in its unit; below 0 it does not.
    pub fn room(&self, value: f64) -> f64 {
        if self.at_most { self.limit - value } else { value - self.limit }
    }
}

impl ObjectiveSpec {
    /// The figures of terms and limits, each once, in their order.
    pub fn figures(&self) -> Vec<(&str, Figure)> {
        let terms = self.terms.iter().map(|term| (term.name.as_str(), term.figure));
        let limits = self.limits.iter().map(|limit| (limit.name.as_str(), limit.figure));
        let mut all: Vec<(&str, Figure)> = Vec::new();
        for (name, figure) in terms.chain(limits) {
            if !all.iter().any(|(known, _)| *known == name) {
                all.push((name, figure));
            }
        }
        all
    }

    /// The unit that all its terms have; `None` where they differ.
    pub fn unit(&self) -> Option<&'static str> {
        let unit = self.terms.first()?.figure.unit();
        self.terms.iter().all(|term| term.figure.unit() == unit).then_some(unit)
    }

    /// As a sum: `net_yield − 0.5·es_95`.
    pub fn formula(&self) -> String {
        let mut text = String::new();
        for (index, term) in self.terms.iter().enumerate() {
            let sign = match (index, term.weight < 0.0) {
                (0, false) => "",
                (0, true) => "−",
                (_, false) => " + ",
                (_, true) => " − ",
            };
            text += sign;
            if term.weight.abs() != 1.0 {
                text += &format!("{}·", term.weight.abs());
            }
            text += &term.name;
        }
        text
    }
}

/// Reads the objective against the plan; `None` where something is wrong with it.
pub(in crate::scenario) fn objective(
    form: &ObjectiveForm,
    plan: &Plan,
    paths: Option<u64>,
    faults: &mut Faults,
) -> Option<ObjectiveSpec> {
    let before = faults.errors();
    let mut reader = Reader { form, plan, paths, agent: None, faults };
    reader.agent = reader.agent();
    let terms = reader.terms();
    let limits: Vec<LimitSpec> =
        form.constraints.iter().filter_map(|limit| reader.limit(limit)).collect();
    reader.check_tail(&terms, &limits);
    let agent = reader.agent;
    (faults.errors() == before).then_some(ObjectiveSpec { terms, limits, agent })
}

struct Reader<'a> {
    form: &'a ObjectiveForm,
    plan: &'a Plan,
    paths: Option<u64>,
    agent: Option<usize>,
    faults: &'a mut Faults,
}

impl Reader<'_> {
    fn agent(&mut self) -> Option<usize> {
        let name = self.form.agent.as_ref()?;
        let names: Vec<&str> = self.plan.agents.iter().map(|agent| agent.name.as_str()).collect();
        let found = names.iter().position(|known| *known == name.0);
        if found.is_none() {
            let help = match nearest(&name.0, &names) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("known here: {}", names.join(", ")),
            };
            let spot = self.form.at.of("agent");
            self.faults.error(&spot, format!("there is no agent {}", name.0), help);
        }
        found
    }

    fn terms(&mut self) -> Vec<TermSpec> {
        let mut terms: Vec<TermSpec> = Vec::new();
        if self.form.terms.is_empty() && self.form.at.sound(&["terms"]) {
            let help =
                "write e.g. { metric = \"net_yield\" }, { metric = \"es_95\", weight = -0.5 }";
            self.faults.error(&self.form.at.of("terms"), "there is nothing to maximise", help);
        }
        for term in &self.form.terms {
            let Some(figure) = self.figure(&term.metric) else { continue };
            let name = term.metric.value.clone();
            if term.weight == 0.0 {
                let help = "leave the term out, or give it another weight";
                let message = format!("{name} with weight 0 adds nothing");
                self.faults.error(&term.at.of("weight"), message, help);
            }
            if terms.iter().any(|known| known.name == name) {
                let message = format!("{name} stands twice among the terms");
                self.faults.error(&term.metric.spot, message, "add up its weights in one term");
            }
            terms.push(TermSpec { name, figure, weight: term.weight });
        }
        terms
    }

    /// A figure that the study has.
    fn figure(&mut self, metric: &Located<String>) -> Option<Figure> {
        let name = metric.value.trim();
        let figure = match Figure::read(name) {
            Ok(figure) => figure,
            Err((problem, help)) => {
                self.faults.error(&metric.spot, problem, help);
                return None;
            }
        };
        let scope = self.plan.metric_scope();
        let sum = self.plan.agents.len() > 1 && self.agent.is_none();
        if figure.is_in(scope, sum) {
            return Some(figure);
        }
        let (problem, help) = if figure.is_in(scope, false) {
            (format!("{name} has no sum over agents"), "say whose it is: objective.agent")
        } else {
            let help = "run.metrics, custody, fleets and impact decide what there is: take another";
            (format!("{name} is not computed in this scenario"), help)
        };
        self.faults.error(&metric.spot, problem, help);
        None
    }

    fn limit(&mut self, form: &LimitForm) -> Option<LimitSpec> {
        let figure = self.figure(&form.metric)?;
        let name = form.metric.value.clone();
        let (limit, field) = match (form.at_most, form.at_least) {
            (Some(limit), None) => (limit, "at_most"),
            (None, Some(limit)) => (limit, "at_least"),
            (one, _) => {
                if form.at.sound(&["at_most", "at_least"]) {
                    let (message, help) = match one {
                        None => ("has no limit", "write at_most = … or at_least = …"),
                        Some(_) => ("has two limits", "write a constraint for each"),
                    };
                    self.faults.error(form.at.section(), format!("{name} {message}"), help);
                }
                return None;
            }
        };
        let unit = figure.unit();
        if let Some(help) = wrong_unit(limit, unit) {
            let message = format!("{name} is in {unit}");
            self.faults.error(&form.at.of(field), message, help);
            return None;
        }
        let at_most = field == "at_most";
        if unit == "probability"
            && let Some((message, help)) = pointless(limit.number, at_most, self.paths)
        {
            self.faults.error(&form.at.of(field), message, help);
        }
        Some(LimitSpec { name, figure, limit: limit.number, at_most })
    }

    /// An objective that nothing of the worst paths is in would buy few liquidations with large losses.
    fn check_tail(&mut self, terms: &[TermSpec], limits: &[LimitSpec]) {
        // A weight of 0 is wrong by itself.
        let guards = |term: &TermSpec| term.guards_tail() || term.weight == 0.0;
        if terms.iter().any(guards)
            || limits.iter().any(LimitSpec::guards_tail)
            || !self.form.at.sound(&["terms", "constraints"])
        {
            return;
        }
        let all = self.form.terms.len() + self.form.constraints.len();
        if terms.len() + limits.len() < all || self.form.terms.is_empty() {
            return; // it may be among those that could not be read
        }
        let message = "nothing in it looks at the worst paths' wealth: a wallet that is fed into losers \
                       has few liquidations and large losses";
        let help = "add a term { metric = \"es_95\", weight = -0.5 }, or a constraint \
                    { metric = \"final_equity_p05\", at_least = \"9000 USDC\" }";
        let backwards = (terms.iter().filter(|term| term.figure.is_wealth_tail()))
            .map(|term| format!("{} with weight {}", term.name, term.weight))
            .chain(limits.iter().filter(|limit| limit.figure.is_wealth_tail()).map(|limit| {
                let side = if limit.at_most { "at_most" } else { "at_least" };
                format!("{} {side} {}", limit.name, limit.limit)
            }));
        let backwards: Vec<String> = backwards.collect();
        let message = match backwards.is_empty() {
            true => message.to_owned(),
            false => format!("{message}; {} asks for worse ones", backwards.join(", ")),
        };
        self.faults.error(self.form.at.section(), message, help);
    }
}

/// What is wrong with a limit of a probability that says nothing or cannot be kept, and what to write.
fn pointless(limit: f64, at_most: bool, paths: Option<u64>) -> Option<(String, &'static str)> {
    let example =
        if at_most { "write e.g. \"1 %\" or 0.01" } else { "write e.g. \"99 %\" or 0.99" };
    let side = if at_most { "at most" } else { "at least" };
    let (never, always) =
        if at_most { (limit < 0.0, limit >= 1.0) } else { (limit > 1.0, limit <= 0.0) };
    if never {
        return Some((format!("no probability is {side} {limit}"), example));
    }
    if always {
        return Some((format!("a probability of {side} {limit} limits nothing"), example));
    }
    // On a single path limits are judged by what was seen.
    let certain = paths != Some(1) && limit == if at_most { 0.0 } else { 1.0 };
    certain.then(|| {
        let message = format!(
            "{side} {limit} can never be known to hold: paths bound a probability by \
                               an interval, and its end is never {limit}"
        );
        (
            message,
            "write what chance you can live with, e.g. \"0.1 %\" (about 4,000 paths without one)",
        )
    })
}

/// What to write instead of a limit whose unit is not the figure's.
fn wrong_unit(limit: Limit, unit: &str) -> Option<String> {
    let share = matches!(unit, "probability" | "fraction");
    match limit.unit {
        LimitUnit::Percent if !share => Some(match unit {
            "USDC" => "write e.g. \"9000 USDC\"".to_owned(),
            _ => format!("write a number of {unit}"),
        }),
        LimitUnit::Usdc if share => Some("write e.g. \"1 %\" or 0.01".to_owned()),
        LimitUnit::Usdc if unit != "USDC" => Some(format!("write a number of {unit}")),
        _ => None,
    }
}
