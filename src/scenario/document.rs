//! One tree out of all that a scenario is written in: the file, the live configuration that it
//! names, `--set`, the preset, and what markets and agents inherit.

use std::ops::Range;

use serde_json::Value as Json;

use super::copies::{self, Template};
use super::format::Preset;
use super::load::Files;
use crate::fields::{Bounds, Decode, Faults, Node, Spot, Value};

/// Tables that replace each other as a whole when they name different ones.
const KINDS: [&str; 1] = ["kind"];

/// Fields of which one replaces the others.
const ALTERNATIVES: [&[&str]; 3] =
    [&["rate", "file"], &["price", "loss", "health_factor"], &["maintenance_margin", "brackets"]];

/// What `preset = "prime"` changes.
pub(super) const PRIME: &str = "\
[exchange]
max_gross_exposure = 3.5

[margin_call]
ratio = 0.85
grace = \"5m\"

[policy.utilisation]
poll = \"30s\"
yellow = 0.60
orange = 0.75
red = 0.85
recall = { count = \"at_arrival\" }
rebalance = { target = 0.55 }
";

/// What its lines are called in messages.
pub(super) const PRIME_NAME: &str = "preset \"prime\"";

/// Fields of the live configuration: a JSON file may have these and no others.
pub(super) const LIVE_FIELDS: [&str; 9] = [
    "enabled",
    "warning_threshold",
    "danger_threshold",
    "target_health_factor",
    "max_topup_per_event",
    "max_topup_per_day",
    "reserve_minimum",
    "fallback_to_kill_switch",
    "notify_webhook",
];

/// Puts the document together, and says what its templates became; `None` where the text is no TOML.
pub(super) fn assemble(
    source: usize,
    overrides: &[(String, String)],
    files: &mut Files,
    faults: &mut Faults,
) -> Option<(Node, Vec<Template>)> {
    let mut document = Node::parse(source, faults)?;
    expand_all(&mut document, files, faults);
    let mut of_copies = Vec::new();
    for (path, value) in overrides {
        let path = path.trim();
        let text = format!("{path}={value}");
        let source = faults.sources.add_argument("--set", text);
        let value = Node::parse_value(source, path.len() + 1, path, faults);
        if copies::names_a_copy(&document, path) {
            of_copies.push((path, value));
        } else {
            document.set(path, value, faults);
        }
    }
    let mut document = with_preset(document, faults);
    let templates = copies::make_copies(&mut document, faults);
    for (path, value) in of_copies {
        document.set(path, value, faults);
    }
    expand_all(&mut document, files, faults);
    Some((inherit(document), templates))
}

fn lay(over: &Node, base: &Node) -> Node {
    over.over(base, &KINDS, &ALTERNATIVES)
}

/// Lays the document over its preset. A preset that is unknown is reported when it is decoded.
fn with_preset(document: Node, faults: &mut Faults) -> Node {
    let chosen = document.child("preset").map(|node| {
        let mut unused = Faults::default();
        Preset::decode(node, &Bounds::ANY, &mut unused)
    });
    if chosen != Some(Some(Preset::Prime)) {
        return document;
    }
    let source = faults.sources.add_file(PRIME_NAME, PRIME);
    match Node::parse(source, faults) {
        Some(preset) => lay(&document, &preset),
        None => document,
    }
}

/// Lays every market over `exchange.defaults`, and every agent's policy over `policy`.
fn inherit(mut document: Node) -> Node {
    let defaults = document.child("exchange").and_then(|node| node.child("defaults")).cloned();
    let policy = document.child("policy").cloned();
    let Some(root) = document.table_mut() else { return document };
    if let (Some(defaults), Some(markets)) = (defaults, root.get_mut("markets"))
        && let Some(markets) = markets.table_mut()
    {
        markets.values_mut().for_each(|market| *market = lay(market, &defaults));
    }
    if let (Some(policy), Some(agents)) = (policy, root.get_mut("agent"))
        && let Value::List(agents) = &mut agents.value
    {
        for agent in agents.iter_mut().filter_map(Node::table_mut) {
            let own = agent.get("policy").map_or_else(|| policy.clone(), |own| lay(own, &policy));
            agent.insert("policy".to_owned(), own);
        }
    }
    document
}

/// Puts live configurations in the place of their files' names, everywhere.
fn expand_all(document: &mut Node, files: &mut Files, faults: &mut Faults) {
    let Some(root) = document.table_mut() else { return };
    if let Some(policy) = root.get_mut("policy") {
        expand(policy, files, faults);
    }
    if let Some(Value::List(agents)) = root.get_mut("agent").map(|node| &mut node.value) {
        for agent in agents.iter_mut().filter_map(Node::table_mut) {
            if let Some(policy) = agent.get_mut("policy") {
                expand(policy, files, faults);
            }
        }
    }
}

fn expand(policy: &mut Node, files: &mut Files, faults: &mut Faults) {
    let Some(policy) = policy.table_mut() else { return };
    for name in ["top_up", "top_up_file"] {
        let Some(file) = policy.get(name).filter(|node| node.text().is_some()).cloned() else {
            continue;
        };
        policy.remove(name);
        let Some(live) = read_live(&file, files, faults) else { continue };
        let top_up = match policy.get("top_up") {
            Some(own) => lay(own, &live),
            None => live,
        };
        policy.insert("top_up".to_owned(), top_up);
    }
}

/// Reads a live configuration as it stands.
fn read_live(file: &Node, files: &mut Files, faults: &mut Faults) -> Option<Node> {
    let name = file.text()?;
    let text = files.text(name, &file.spot, faults)?;
    let source = faults.sources.add_file(files.path(name).display().to_string(), text.as_str());
    let path = file.spot.path.replace("top_up_file", "top_up");
    let whole = Spot::new(source, 0..0, path.clone());
    match serde_json::from_str::<Json>(&text) {
        Ok(Json::Object(table)) => {
            let mut node = Node { value: Value::empty(), spot: whole, key: file.key.clone() };
            let fields = node.table_mut()?;
            for (name, value) in table {
                let (key, span) = find(&text, &name);
                let spot = Spot::new(source, span, format!("{path}.{name}"));
                if let Some(value) = from_json(value) {
                    fields.insert(name, Node { value, spot, key });
                }
            }
            crate::fields::check_names(&node, &LIVE_FIELDS, faults);
            let known = node.table_mut()?;
            known.retain(|name, _| LIVE_FIELDS.contains(&name.as_str()));
            Some(node)
        }
        Ok(_) => {
            faults.error(&whole, "not a JSON object", "give the live configuration as it stands");
            None
        }
        Err(error) => {
            let start = text.split_inclusive('\n').take(error.line().saturating_sub(1));
            let start = start.map(str::len).sum();
            let spot = Spot::new(source, start..start, path);
            faults.error(&spot, format!("not JSON: {error}"), "");
            None
        }
    }
}

/// Where the key and the value of a field of a flat JSON object stand.
fn find(text: &str, name: &str) -> (Range<usize>, Range<usize>) {
    let quoted = format!("\"{name}\"");
    let start = text.find(&quoted).unwrap_or_default();
    let key = start..start + quoted.len();
    let after = text.get(key.end..).unwrap_or_default();
    let colon = after.len() - after.trim_start_matches([':', ' ', '\t', '\n', '\r']).len();
    let value = key.end + colon;
    let length = text.get(value..).unwrap_or_default().find([',', '\n', '}']).unwrap_or_default();
    (key, value..value + length)
}

/// A JSON value as a document has it; `null` is nothing.
fn from_json(value: Json) -> Option<Value> {
    Some(match value {
        Json::Null => return None,
        Json::Bool(truth) => truth.into(),
        Json::String(text) => Value::Text(text),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.into(),
            (None, number) => number.unwrap_or(f64::NAN).into(),
        },
        Json::Array(list) => {
            Value::List(list.into_iter().filter_map(from_json).map(Node::bare).collect())
        }
        Json::Object(_) => Value::empty(),
    })
}
