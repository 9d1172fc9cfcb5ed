//! x
use super::Scenario;
/// x
pub fn describe(scenario: &Scenario) -> String {
    format!("{:#?}", scenario.plan)
}
