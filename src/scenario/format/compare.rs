//! Variants of a scenario that are compared.

use std::collections::BTreeMap;

use crate::fields::{Bounds, ByPath, Located, Value, Written, section};

section! {
    /// The variants of `drypowder compare`; the other commands leave them alone. See COMPARE.md.
    CompareForm {
        /// Variants by name: values by the path of a field in quotes, as --set takes them. The scenario as it stands is the variant "base".
        variants: BTreeMap<String, ByPath<Written>> = Value::empty();
        /// The variant that all others are compared with.
        baseline: Option<Located<String>>;
        /// Of each variant so many paths with the largest difference of final equity are run again and told.
        trace_paths: u64 = 3, Bounds::within(0.0, 1e3);
    }
}
