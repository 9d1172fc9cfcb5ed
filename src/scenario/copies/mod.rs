//! Templates: an asset, a market or an agent with `count` becomes that many.

mod names;
mod set;

use std::collections::BTreeMap;

use super::format::{PricesSection, Root};
use crate::fields::{
    Bounds, Copies, Decode, Draws, Faults, Node, Section, Shape, TemplatePlace, Value,
};
use names::{copy_name, entries_of};

pub(super) use set::names_a_copy;

/// Where templates may stand, and how many entries there may be at most.
pub(super) const PLACES: [TemplatePlace; 3] = [
    TemplatePlace { path: "prices.assets.NAME", most: ASSETS_MAX },
    TemplatePlace { path: "markets.NAME", most: MARKETS_MAX },
    TemplatePlace { path: "agent[]", most: AGENTS_MAX },
];

const ASSETS_MAX: u64 = 1_000;
const MARKETS_MAX: u64 = 2_000;
const AGENTS_MAX: u64 = 20_000;

/// What a table with `count` became.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// What was copied.
    pub kind: TemplateKind,
    /// Names of the copies, by number.
    pub names: Vec<String>,
    /// What its spreads came out as, by the path of the field.
    pub draws: Draws,
}

/// What a template makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateKind {
    /// Assets of [prices.assets].
    Asset,
    /// Markets.
    Market,
    /// Agents.
    Agent,
}

impl TemplateKind {
    /// The word for one of them; it is in the key of every draw.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Market => "market",
            Self::Agent => "agent",
        }
    }

    const fn most(self) -> u64 {
        match self {
            Self::Asset => ASSETS_MAX,
            Self::Market => MARKETS_MAX,
            Self::Agent => AGENTS_MAX,
        }
    }
}

/// Puts the copies in the place of every template: assets, then markets, then agents, each of which
/// may name those before it.
pub(super) fn make_copies(document: &mut Node, faults: &mut Faults) -> Vec<Template> {
    let fields = Shape::Table(Root::fields());
    let mut made = Vec::new();
    let known = document.clone();
    if let Some(prices) = document.child_mut("prices") {
        assets(prices, &known, &mut made, faults);
    }
    let others = document.child_mut("other_models").and_then(Node::table_mut);
    for prices in others.into_iter().flat_map(BTreeMap::values_mut) {
        // The assets are those of [prices]: they are told of once.
        assets(prices, &known, &mut Vec::new(), faults);
    }
    let known = document.clone();
    let of_markets = fields.below(document, "markets", &Bounds::ANY);
    if let Some(markets) = document.child_mut("markets") {
        let mut maker =
            Maker { kind: TemplateKind::Market, known: &known, made: &mut made, faults };
        maker.table(markets, of_markets);
    }
    let known = document.clone();
    let of_agents = fields.below(document, "agent", &Bounds::ANY);
    if let Some(agents) = document.child_mut("agent") {
        let mut maker = Maker { kind: TemplateKind::Agent, known: &known, made: &mut made, faults };
        maker.list(agents, of_agents);
    }
    made
}

fn assets(prices: &mut Node, known: &Node, made: &mut Vec<Template>, faults: &mut Faults) {
    let shape = PricesSection::shape();
    let of_assets = shape.below(prices, "assets", &Bounds::ANY);
    if let Some(assets) = prices.child_mut("assets") {
        Maker { kind: TemplateKind::Asset, known, made, faults }.table(assets, of_assets);
    }
}

/// Makes the copies of one table of entries.
struct Maker<'a> {
    kind: TemplateKind,
    /// The document with what has been copied so far.
    known: &'a Node,
    made: &'a mut Vec<Template>,
    faults: &'a mut Faults,
}

impl Maker<'_> {
    /// A table of entries by name.
    fn table(&mut self, node: &mut Node, shape: Option<(&Shape, &Bounds)>) {
        let of_entries = shape.and_then(|(shape, bounds)| shape.below(node, "", bounds));
        let spot = node.spot.clone();
        let Some(table) = node.table_mut() else { return };
        if !table.values().any(|entry| entry.child("count").is_some()) {
            return;
        }
        let mut entries = BTreeMap::new();
        let (templates, single): (Vec<_>, Vec<_>) = std::mem::take(table)
            .into_iter()
            .partition(|(_, entry)| entry.child("count").is_some());
        entries.extend(single);
        for (name, mut template) in templates {
            for (copied, copy) in self.copies(&name, &mut template, of_entries) {
                if entries.contains_key(&copied) {
                    let message = format!("a second {} is called {copied}", self.kind.word());
                    self.faults.error(&template.key_spot(), message, "give it another name");
                }
                entries.insert(copied, copy);
            }
        }
        if entries.len() as u64 > self.kind.most() {
            self.too_many(&spot, entries.len());
        }
        *table = entries;
    }

    /// A list of entries with a name inside.
    fn list(&mut self, node: &mut Node, shape: Option<(&Shape, &Bounds)>) {
        let of_entries = shape.and_then(|(shape, bounds)| shape.below(node, "", bounds));
        let Value::List(list) = &mut node.value else { return };
        let mut entries = Vec::new();
        for mut entry in std::mem::take(list) {
            if entry.child("count").is_none() {
                entries.push(entry);
                continue;
            }
            let name = entry.child("name").and_then(Node::text).map(str::to_owned);
            let Some(name) = name else {
                let spot = entry.child("name").map_or(entry.spot.below("name"), |n| n.spot.clone());
                let help = "copies are called by the template's name with a number: \
                            name = \"trader\" makes trader_01, name = \"t{n}\" makes t01";
                self.faults.error(&spot, "a template needs a name of its own", help);
                entries.push(Node { value: Value::Unusable, ..entry });
                continue;
            };
            for (copied, mut copy) in self.copies(&name, &mut entry, of_entries) {
                if let Some(name) = copy.child_mut("name") {
                    name.value = Value::Text(copied);
                }
                entries.push(copy);
            }
        }
        if entries.len() as u64 > self.kind.most() && entries.iter().any(|e| e.spot.copy.is_some())
        {
            self.too_many(&node.spot.clone(), entries.len());
        }
        *list = entries;
    }

    fn too_many(&mut self, spot: &crate::fields::Spot, count: usize) {
        let (word, most) = (self.kind.word(), self.kind.most());
        let message = format!("templates and tables make {count} {word}s; at most {most} may be");
        self.faults.error(spot, message, "lower a count");
    }

    /// The copies of a template with their names; a single unusable one where there is no count.
    fn copies(
        &mut self,
        name: &str,
        template: &mut Node,
        shape: Option<(&Shape, &Bounds)>,
    ) -> Vec<(String, Node)> {
        let count = template.table_mut().and_then(|table| table.remove("count"));
        let Some(count) = count.and_then(|count| self.count(&count)) else {
            return vec![(name.to_owned(), Node { value: Value::Unusable, ..template.clone() })];
        };
        let known = self.known;
        let names = |pattern: &str| entries_of(known, pattern);
        let stream = format!("{} {name}", self.kind.word());
        let copies = Copies { stream, shape, count, names: &names };
        copies.check(template, self.faults);
        let mut made = Template { kind: self.kind, names: Vec::new(), draws: Draws::new() };
        let mut list = Vec::new();
        for number in 1..=count {
            let copied = copy_name(name, number, count);
            let copy = copies.copy(template, number, &copied, &mut made.draws);
            made.names.push(copied.clone());
            list.push((copied, copy));
        }
        self.made.push(made);
        list
    }

    fn count(&mut self, node: &Node) -> Option<u64> {
        let most = self.kind.most();
        match u64::decode(node, &Bounds::within(1.0, most as f64), self.faults) {
            Some(count) if (1..=most).contains(&count) => Some(count),
            _ => None,
        }
    }
}
