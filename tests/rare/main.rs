//! Rare events: multilevel splitting, refined paths and the likeliest path to a break, against
//! closed forms.

#[path = "../closed_forms/mod.rs"]
mod closed_forms;
#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "this binary uses a part")]
mod common;

mod command;
mod refined;
mod reverse;
mod splitting;
