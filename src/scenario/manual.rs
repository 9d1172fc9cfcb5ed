//! x
use super::format::Root;
use crate::fields::{Section, schema_of, table_of};
/// x
pub fn schema() -> serde_json::Value {
    schema_of("drypowder scenario", &Root::fields())
}
/// x
pub fn manual() -> String {
    table_of(&Root::fields())
}
/// x
pub fn template() -> String {
    String::new()
}
