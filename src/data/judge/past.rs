//! What files in normal form say of their own past goes on to the file that is made of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::prices::history::{REPAIRS_KEY, Repairs};

/// Where a history comes from: kept as the one file says it.
const ORIGIN: [&str; 4] = [
    "drypowder.constructed",
    "drypowder.source_layout",
    "drypowder.source_sha256",
    "drypowder.sources",
];
const ACCEPTED: &str = "drypowder.accepted";

/// Adds what was repaired and accepted before; of a single file also where it came from.
pub(super) fn inherit(
    metadata: &mut BTreeMap<String, String>,
    earlier: &[BTreeMap<String, String>],
) {
    for before in earlier {
        let repairs = |of: &BTreeMap<String, String>| Repairs::parse(of.get(REPAIRS_KEY)?);
        if let Some(sum) = repairs(metadata).zip(repairs(before)).and_then(|(a, b)| a.plus(b)) {
            metadata.insert(REPAIRS_KEY.to_owned(), sum.to_string());
        }
        let words = |of: &BTreeMap<String, String>| of.get(ACCEPTED).cloned().unwrap_or_default();
        let (now, then) = (words(metadata), words(before));
        let all: BTreeSet<&str> =
            now.split(',').chain(then.split(',')).filter(|word| !word.is_empty()).collect();
        if !all.is_empty() {
            let all: Vec<&str> = all.into_iter().collect();
            metadata.insert(ACCEPTED.to_owned(), all.join(","));
        }
    }
    if let [before] = earlier {
        for key in ORIGIN {
            if let Some(text) = before.get(key) {
                metadata.insert(key.to_owned(), text.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_hands_on_its_origin_several_only_what_was_done() {
        let of = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
        };
        let repairs = |sorted| Repairs { rows_sorted: sorted, ..Repairs::default() }.to_string();
        let (three, four) = (repairs(3), repairs(4));
        let before =
            of(&[(REPAIRS_KEY, &three), (ACCEPTED, "gap"), ("drypowder.sources", "ab  a.csv")]);
        let fresh = of(&[(REPAIRS_KEY, &four), (ACCEPTED, "outlier"), ("drypowder.role", "last")]);
        let mut one = fresh.clone();
        inherit(&mut one, std::slice::from_ref(&before));
        assert_eq!(one[REPAIRS_KEY], repairs(7));
        assert_eq!(one[ACCEPTED], "gap,outlier");
        assert_eq!(one["drypowder.sources"], "ab  a.csv");
        let mut two = fresh;
        inherit(&mut two, &[before.clone(), before]);
        assert_eq!(two[REPAIRS_KEY], repairs(10));
        assert!(!two.contains_key("drypowder.sources"));
    }
}
