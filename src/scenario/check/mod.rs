//! What is wrong or odd though every field is readable.

use super::build::Built;
use super::format::Root;
use crate::fields::Faults;

/// Judges fields together, and the plan that they make.
pub(super) fn check(_root: &Root, _built: Option<&Built>, _faults: &mut Faults) {}
