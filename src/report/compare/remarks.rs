//! What a reader of the table of a comparison would ask: why mean and test differ, why ends are missing.

use super::{CompareFinished, CompareRow};
use crate::report::number::{count, p_value};
use crate::stats::{Interval, quantile_ranks};

/// More paths than any that bound the tail of 5 %.
const TAIL_MOST: usize = 1_000;

/// Where the interval of the mean and the sign test, corrected for all tests, do not say the same: why
/// both can be right.
pub(super) fn disagreement(
    name: &str,
    row: &CompareRow,
    [more, fewer]: [u64; 2],
) -> Option<String> {
    let (p, Interval { low: Some(low), high: Some(high) }) = (row.p_holm?, row.interval) else {
        return None;
    };
    let by_mean = if low > 0.0 { 1 } else { -i32::from(high < 0.0) };
    let by_sign = if p >= 0.05 { 0 } else { more.cmp(&fewer) as i32 };
    let split = format!("{} better, {} worse", count(more as f64), count(fewer as f64));
    let p = match p_value(p) {
        least if least.starts_with('<') => format!("corrected p {least}"),
        p => format!("corrected p = {p}"),
    };
    let both = format!(
        "both can be right, as the test counts paths ({split}) and the mean weighs them by how much"
    );
    match (by_mean, by_sign) {
        (0, 1 | -1) => Some(format!(
            "The interval of the mean of {name} holds 0 while the sign test ({p}) tells it from chance: \
             {both}, so that a few large differences hide many small ones."
        )),
        (1 | -1, 0) => Some(format!(
            "The interval of the mean of {name} leaves out 0 while the sign test ({p}) does not tell it \
             from chance: {both}, so that few paths make it."
        )),
        (1, -1) | (-1, 1) => Some(format!(
            "The mean of {name} and the sign test ({p}) point opposite ways: {both}, so that a few large \
             differences outweigh many small ones."
        )),
        _ => None,
    }
}

/// Why intervals of the table have no ends.
pub(super) fn missing_ends(finished: &CompareFinished) -> Vec<String> {
    let study = &finished.found.study;
    let lacks = |metric: &str| {
        let rows = finished.figures.rows.iter().filter(|row| row.metric == metric);
        let whole = study.variants[0].whole();
        rows.filter(|row| row.agent == whole.name && row.difference.is_some())
            .any(|row| row.interval.low.is_none() || row.interval.high.is_none())
    };
    let all = ["final_equity", "liquidation_probability", "distress_probability", "es_95"];
    if study.paths == 1 {
        let any = all.iter().any(|metric| lacks(metric));
        let words = "… stands for an end of an interval that there is none of: one path is what happened, \
                     no sample of anything.";
        return any.then(|| words.to_owned()).into_iter().collect();
    }
    let mut words = Vec::new();
    if all[..3].iter().any(|metric| lacks(metric)) {
        words.push(format!(
            "… stands for an end of an interval that there is none of: the {} paths depend on each other \
             in sets of {}, and fewer than two sets tell nothing of their spread.",
            count(study.paths as f64),
            study.replication.size()
        ));
    }
    if lacks("es_95") {
        let bounded = |paths: &usize| {
            let (low, high) = quantile_ranks(*paths, 0.95, 0.95);
            low.and(high).is_some()
        };
        let least = (2..TAIL_MOST).find(bounded).unwrap_or(TAIL_MOST);
        let why = match study.paths < least as u64 {
            true => format!("too few in the worst 5 %, which takes {least} or more"),
            false => "a worst 5 % that resamples do not bound".to_owned(),
        };
        words.push(format!(
            "… stands for an end of an interval that there is none of: for ES95 {} paths have {why}.",
            count(study.paths as f64)
        ));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(interval: Interval, p: f64) -> CompareRow {
        CompareRow {
            variant: "v".to_owned(),
            agent: "a".to_owned(),
            metric: "final_equity".to_owned(),
            baseline: Some(0.0),
            value: Some(1.0),
            difference: Some(1.0),
            interval,
            p_sign: Some(0.01 * p),
            p_holm: Some(p),
            paths: None,
            unit: "USDC",
        }
    }

    /// Of the nine cases of mean (below 0, about it, above) and test (worse, chance, better) a sentence
    /// is said of the six that differ, and none of those that agree.
    #[test]
    fn mean_and_test_that_differ_are_explained() {
        let means = [(-3.0, -1.0), (-1.0, 2.0), (1.0, 3.0)];
        let tests = [(0.001, [20, 80]), (0.4, [45, 55]), (0.001, [80, 20])];
        for (at, (low, high)) in means.into_iter().enumerate() {
            for (than, (p, paths)) in tests.into_iter().enumerate() {
                let interval = Interval { low: Some(low), high: Some(high) };
                let said = disagreement("v", &row(interval, p), paths);
                let words = match (at, than) {
                    (1, 0 | 2) => {
                        "holds 0 while the sign test (corrected p = 0.0010) tells it from chance"
                    }
                    (0 | 2, 1) => "leaves out 0 while the sign test (corrected p = 0.4000)",
                    (0, 2) | (2, 0) => "point opposite ways",
                    _ => {
                        assert_eq!(said, None);
                        continue;
                    }
                };
                let said = said.unwrap_or_default();
                assert!(said.contains(words), "{at} {than}: {said}");
                let counts = format!("({} better, {} worse)", paths[0], paths[1]);
                assert!(said.contains(&counts), "{said}");
            }
        }
        let about = Interval { low: Some(-1.0), high: Some(2.0) };
        let said = disagreement("v", &row(about, 1e-9), [80, 20]).unwrap_or_default();
        assert!(said.contains("(corrected p < 0.0001)"), "{said}");
        assert_eq!(disagreement("v", &row(Interval::UNBOUNDED, 0.001), [80, 20]), None);
    }
}
