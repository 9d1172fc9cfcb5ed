//! The live configuration that a scenario stands for.

use serde_json::{Map, Value as Json};

use super::Scenario;
use super::document::LIVE_FIELDS;

/// The top-up of an agent as the live API has it: exactly its fields, amounts as `"500 USDC"`. `None`
/// where the agent has no top-up. Such a JSON can stand in a scenario as `policy.top_up_file`.
pub fn live_top_up(scenario: &Scenario, agent: &str) -> Option<Json> {
    let agents = scenario.resolved.get("agent")?.as_array()?;
    let named = |one: &&Json| one.get("name").and_then(Json::as_str) == Some(agent);
    let top_up = agents.iter().find(named)?.get("policy")?.get("top_up")?.as_object()?;
    let field = |name: &&str| {
        let value = top_up.get(*name).cloned().unwrap_or(Json::Null);
        ((*name).to_owned(), value)
    };
    Some(Json::Object(LIVE_FIELDS.iter().map(field).collect::<Map<_, _>>()))
}
