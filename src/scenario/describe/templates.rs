//! Templates in words: how many copies there are, and between what they lie, not each of them.

use std::fmt::Write;

use super::{market_in_words, percent};
use crate::scenario::Scenario;
use crate::scenario::build::StartPrices;
use crate::scenario::copies::{Template, TemplateKind};
use crate::scenario::entry::{Account, Entry};

/// Names that are listed; of more only the ends are.
const LISTED: usize = 12;

/// The templates of a kind, to be told once each when the first of their copies comes.
pub(super) struct Untold<'a> {
    templates: Vec<(&'a Template, bool)>,
}

/// Whether and how something is told.
pub(super) enum Telling<'a> {
    /// It is no copy.
    Itself,
    /// The first copy of a template: the template is told.
    Template(&'a Template),
    /// A copy of one that has been told.
    Told,
}

impl<'a> Untold<'a> {
    /// All of a kind.
    pub fn of(scenario: &'a Scenario, kind: TemplateKind) -> Self {
        let of_kind = scenario.templates.iter().filter(|template| template.kind == kind);
        Self { templates: of_kind.map(|template| (template, false)).collect() }
    }

    /// How the entry of a name is told.
    pub fn tell(&mut self, name: &str) -> Telling<'a> {
        // Names of copies ascend, as the digits of their numbers are filled up.
        let is_copy = |template: &Template| {
            template.names.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
        };
        match self.templates.iter_mut().find(|(template, _)| is_copy(template)) {
            None => Telling::Itself,
            Some((_, true)) => Telling::Told,
            Some((template, told)) => {
                *told = true;
                Telling::Template(template)
            }
        }
    }
}

/// Names with commas, or how many there are and the first and last of them.
pub(super) fn listed(names: &[String]) -> String {
    match names {
        [first, .., last] if names.len() > LISTED => {
            format!("{} of them, {first} to {last}", names.len())
        }
        _ => names.join(", "),
    }
}

/// Copies that are no more than named: assets, whose figures stand in their prices.
pub(super) fn assets(text: &mut String, scenario: &Scenario) {
    let is_asset = |template: &&Template| template.kind == TemplateKind::Asset;
    for template in scenario.templates.iter().filter(is_asset) {
        let _ = writeln!(text, "assets   {}", copies(template));
        spreads(text, template);
    }
}

/// A template of markets; `first` is one of its copies.
pub(super) fn market(
    text: &mut String,
    scenario: &Scenario,
    template: &Template,
    first: &crate::venue::exchange::MarketSpec,
) {
    let _ = writeln!(text, "markets  {}", copies(template));
    let _ = writeln!(text, "  such as {}", market_in_words(first, &scenario.plan.assets));
    spreads(text, template);
}

/// A template of agents: their spreads, and how near to liquidation the positions of all are.
pub(super) fn agents(
    text: &mut String,
    scenario: &Scenario,
    template: &Template,
    start: &StartPrices,
) {
    let _ = writeln!(text, "\nagents {}", copies(template));
    spreads(text, template);
    let plan = &scenario.plan;
    let copies: Vec<_> = template.names.iter().filter_map(|name| plan.agent_called(name)).collect();
    let accounts: Vec<Account<'_>> =
        copies.iter().map(|agent| Account::of(plan, agent, start)).collect();
    let positions = accounts.iter().map(|account| account.entries.len()).max().unwrap_or(0);
    for place in 0..positions {
        let each =
            || accounts.iter().filter_map(|account| Some((account, account.entries.get(place)?)));
        let of = |figure: &dyn Fn(&Account<'_>, &Entry<'_>) -> Option<f64>| {
            let figures = each().filter_map(|(account, entry)| figure(account, entry));
            let mut figures: Vec<f64> = figures.filter(|figure| figure.is_finite()).collect();
            figures.sort_by(f64::total_cmp);
            figures
        };
        let longs = each().filter(|(_, entry)| entry.quantity > 0.0).count();
        let leverage = of(&|account, entry| Some(entry.notional / account.equity(entry)));
        let health = of(&|account, entry| Some(account.health_factor(entry)));
        let away = of(&|account, entry| {
            let price = account.price_at(entry, entry.market.liquidation_hf)?;
            Some((price / entry.mark - 1.0).abs())
        });
        let plain = |figure: f64| format!("{figure:.2}");
        let _ = writeln!(text, "  position {}: {longs} of {} long", place + 1, each().count());
        let _ = writeln!(text, "    leverage             {}", range(&leverage, plain));
        let _ = writeln!(text, "    health factor        {}", range(&health, plain));
        let _ = writeln!(text, "    move to liquidation  {}", range(&away, percent));
    }
}

/// `82: trader_01 to trader_82`.
fn copies(template: &Template) -> String {
    match template.names.as_slice() {
        [first, .., last] => format!("{}: {first} to {last}", template.names.len()),
        names => names.join(", "),
    }
}

fn spreads(text: &mut String, template: &Template) {
    for (path, drawn) in &template.draws {
        let _ = match &drawn.range {
            Some([(_, least), (_, greatest)]) => {
                writeln!(text, "  {path} = {}: {least} to {greatest}", drawn.written)
            }
            None => writeln!(text, "  {path} = {}", drawn.written),
        };
    }
}

/// Least, median and greatest of sorted figures.
fn range(sorted: &[f64], show: impl Fn(f64) -> String) -> String {
    match (sorted.first(), sorted.get(sorted.len() / 2), sorted.last()) {
        (Some(least), Some(middle), Some(greatest)) => {
            format!("{} to {}, median {}", show(*least), show(*greatest), show(*middle))
        }
        _ => "none".to_owned(),
    }
}
