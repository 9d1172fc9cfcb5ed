//! The price models against the closed forms of their laws.
//!
//! Every figure is a mean over independent paths; its score is its distance from the closed form
//! in standard errors, and all figures of a table share the level of `closed_forms::LEVEL`.

#[path = "price_models/bootstrap.rs"]
mod bootstrap;
mod closed_forms;
#[allow(dead_code, reason = "a part of it is used")]
mod common;
#[path = "price_models/every.rs"]
mod every;
#[path = "price_models/garch.rs"]
mod garch;
#[path = "price_models/harness.rs"]
mod harness;
#[path = "price_models/heston.rs"]
mod heston;
#[path = "price_models/joint.rs"]
mod joint;
#[path = "price_models/on_top.rs"]
mod on_top;
#[path = "price_models/regimes.rs"]
mod regimes;
