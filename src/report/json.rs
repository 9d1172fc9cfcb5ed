//! The summary as JSON, for another program.

use serde_json::{Map, Value, json};

use super::summary::Summary;
use crate::engine::Rule;
use crate::scenario::Scenario;
use crate::stats::Interval;
use crate::study::StudyResult;

/// `{name, seed, paths, result_hash, metrics: {variant: {agent: {metric: value}}}, fired:
/// {variant: {agent: {rule: count}}}}`, and `intervals` as metrics: `[low, high]` of 95 % where there
/// is one. A value or end that there is none of is null.
pub fn summary_json(
    scenario: &Scenario,
    result: &StudyResult,
    summary: &Summary,
    result_hash: &str,
) -> Value {
    let (mut metrics, mut intervals) = (Map::new(), Map::new());
    for row in summary.rows() {
        let agent = member(member(&mut metrics, &row.variant), &row.agent);
        agent.insert(row.metric.clone(), row.value.map_or(Value::Null, number));
        if let Some(interval) = ends(&row.interval) {
            let agent = member(member(&mut intervals, &row.variant), &row.agent);
            agent.insert(row.metric.clone(), interval);
        }
    }
    let mut fired = Map::new();
    for variant in &result.variants {
        for agent in &variant.agents {
            let counts = member(member(&mut fired, &variant.name), &agent.name);
            for &rule in Rule::ALL {
                counts.insert(rule.name().to_owned(), json!(agent.fired(rule).count));
            }
        }
    }
    json!({
        "name": scenario.name,
        "seed": scenario.seed,
        "paths": result.paths,
        "result_hash": result_hash,
        "metrics": metrics,
        "intervals": intervals,
        "fired": fired,
    })
}

/// A number, as text where JSON has none for it.
pub(super) fn number(value: f64) -> Value {
    serde_json::Number::from_f64(value + 0.0)
        .map_or_else(|| Value::String(value.to_string()), Value::Number)
}

/// Both ends of an interval, if there is any.
pub(super) fn ends(interval: &Interval) -> Option<Value> {
    let Interval { low, high } = *interval;
    let end = |end: Option<f64>| end.map_or(Value::Null, number);
    low.or(high).map(|_| json!([end(low), end(high)]))
}

/// The object under a key, made if it is not there.
pub(super) fn member<'a>(
    object: &'a mut Map<String, Value>,
    key: &str,
) -> &'a mut Map<String, Value> {
    let entry = object.entry(key).or_insert_with(|| Value::Object(Map::new()));
    entry.as_object_mut().expect("only objects are put there")
}
