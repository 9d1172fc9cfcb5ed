//! The answer in sentences: what is recommended, and how sure that is.

use super::needed::needed;
use super::{amount, fields, limit_words, paths, range, shown, signed};
use crate::report::number::percent;
use crate::scenario::LimitSpec;
use crate::stats::Interval;
use crate::study::{Difference, Finding, FrontPoint, Judged, Standing, TuneResult, Verdict};

/// Names that are told of several.
const NAMES: usize = 8;

pub(super) fn answer(found: &TuneResult) -> Vec<String> {
    let mut all = Vec::new();
    let Some(finalist) = found.finalists.get(found.centre) else { return all };
    let candidate = &found.candidates[finalist.candidate];
    let name = &candidate.setting.name;
    match found.recommended {
        Some(_) if finalist.candidate == 0 => all.push(
            "Recommended: leave the scenario as it stands; no finalist that is known to keep every limit \
             is better."
                .to_owned(),
        ),
        Some(_) => all.push(format!("Recommended: {name}: {}.", fields(found, candidate))),
        None => all.extend(no_answer(found)),
    }
    let Ok(judged) = &finalist.fresh else {
        all.push(format!("{name} could not run again."));
        return all;
    };
    let limits = found.objective.limits.iter().zip(&judged.verdicts);
    all.extend(limits.map(|(limit, verdict)| limit_sentence(found, limit, verdict, judged.paths)));
    all.extend(against_base(found, judged));
    all.extend(doubtful(found, judged));
    all.extend(beside(found));
    all.extend(optimism(found));
    all.extend(rivals(found, judged));
    if !found.ties.is_empty() {
        let names: Vec<&str> = (found.ties.iter().take(NAMES))
            .map(|at| found.candidates[*at].setting.name.as_str())
            .collect();
        let more = found.ties.len().saturating_sub(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let winner = &found.candidates[found.ranking[0]].setting.name;
        all.push(format!(
            "Ties: {}{more} did the same as {winner} on every path of the search, to the micro-unit.",
            names.join(", ")
        ));
    }
    all
}

/// Why nothing is recommended, and what came nearest.
fn no_answer(found: &TuneResult) -> Vec<String> {
    let finalist = &found.finalists[found.centre];
    let candidate = &found.candidates[finalist.candidate];
    let ran = || found.finalists.iter().filter_map(|one| one.fresh.as_ref().ok());
    let blocks = |at: usize| ran().filter(move |one| one.verdicts[at].standing != Standing::Holds);
    let in_the_way: Vec<String> = (found.objective.limits.iter().enumerate())
        .filter(|(at, _)| blocks(*at).next().is_some())
        .map(|(at, limit)| {
            let (count, all) = (blocks(at).count(), ran().count());
            let violated =
                blocks(at).filter(|one| one.verdicts[at].standing == Standing::Violated).count();
            format!(
                "{} (violated by {violated}, not to be told of {} of {all} finalists)",
                limit_words(limit),
                count - violated
            )
        })
        .collect();
    vec![
        "Recommended: nothing. No finalist is known to keep every limit.".to_owned(),
        format!("In the way: {}.", in_the_way.join("; ")),
        format!("The nearest is {}: {}.", candidate.setting.name, fields(found, candidate)),
    ]
}

fn limit_sentence(found: &TuneResult, limit: &LimitSpec, verdict: &Verdict, count: u64) -> String {
    let value = shown(limit.figure, verdict.value);
    let words = limit_words(limit);
    let standing = verdict.standing.word();
    if count == 1 {
        return format!("{words}: {standing} on this path; {value} was seen.");
    }
    let tests = found.finalists.len() * found.objective.limits.len();
    let alpha = 0.05 / tests as f64;
    let level = percent(1.0 - alpha);
    let side = if limit.at_most { "upper" } else { "lower" };
    let end = verdict.end.map_or_else(
        || format!("{} do not bound it", paths(count)),
        |end| format!("the {side} end of its interval is {}", shown(limit.figure, end)),
    );
    let advice = match verdict.standing {
        Standing::CannotTell => needed(limit, verdict, count, alpha),
        _ => String::new(),
    };
    format!(
        "{words}: {standing}; {value} was seen, and {end} (one-sided, {level}: 5 % shared by {tests} \
         limits of finalists).{advice}"
    )
}

/// Finalists that are better than the centre, and not known to keep every limit.
fn doubtful(found: &TuneResult, judged: &Judged) -> Option<String> {
    found.recommended?;
    let mut names = Vec::new();
    for finalist in &found.finalists {
        let Ok(other) = &finalist.fresh else { continue };
        let less = other.less(judged);
        let is_seen = if found.paths == 1 { true } else { less.is_seen(0.95) };
        if other.standing() == Standing::Holds || less.value <= 0.0 || !is_seen {
            continue;
        }
        let limits = found.objective.limits.iter().zip(&other.verdicts);
        let open: Vec<String> = limits
            .filter(|(_, verdict)| verdict.standing != Standing::Holds)
            .map(|(limit, verdict)| format!("{}: {}", limit_words(limit), verdict.standing.word()))
            .collect();
        let name = &found.candidates[finalist.candidate].setting.name;
        let interval = range(less.interval(0.95), signed);
        names.push(format!("{name} {} {interval} ({})", signed(less.value), open.join(", ")));
    }
    (!names.is_empty()).then(|| {
        format!("Better by the objective, but not known to keep every limit: {}.", names.join("; "))
    })
}

/// The best value of a profile that is better than the centre's and keeps every limit.
fn beside(found: &TuneResult) -> Option<String> {
    let (mut best, mut looked_at) = (None::<(String, Difference, Finding)>, 0);
    for axis in &found.axes {
        for (at, point) in axis.profile.iter().enumerate() {
            let Ok(worth) = &point.outcome else { continue };
            if at == axis.centre {
                continue;
            }
            looked_at += 1;
            let less = worth.less_centre;
            let is_better = less.value > 0.0 && worth.differs(0.95);
            let holds = worth.judged.standing() == Standing::Holds;
            if is_better
                && holds
                && best.as_ref().is_none_or(|(_, known, _)| less.value > known.value)
            {
                let what = format!("{} = {}", axis.path, point.coordinate.text);
                best = Some((what, less, axis.finding));
            }
        }
    }
    let (what, less, finding) = best?;
    let interval = range(less.interval(0.95), signed);
    let check = match (found.paths, finding) {
        (1, _) => "",
        (_, Finding::Felt) => {
            ", and no other paths have confirmed it: write it into the scenario and tune again with \
             another seed to know"
        }
        _ => ", and chance alone gives as much to one of so many",
    };
    Some(format!(
        "Beside it {what}, all else the same, is better by {} {interval} and keeps every limit; it is the \
         best of {looked_at} values that were walked through{check}.",
        signed(less.value)
    ))
}

fn against_base(found: &TuneResult, judged: &Judged) -> Option<String> {
    let base = found.base.as_ref().ok()?;
    if found.finalists[found.centre].candidate == 0 {
        return None;
    }
    let less = judged.less(base);
    let doubt = match found.paths > 1 && !less.is_seen(0.95) {
        true if less.interval(0.95) == Interval::UNBOUNDED => {
            ", of which so few paths tell nothing: nothing here speaks for a change"
        }
        true => ", which chance alone could give: nothing here speaks for a change",
        false => "",
    };
    let limits = match found.objective.limits.is_empty() {
        true => String::new(),
        false => format!(" Its own limits: {}.", base.standing().word()),
    };
    Some(format!(
        "Against the scenario as it stands: {} {} of the objective, path by path{doubt}.{limits}",
        signed(less.value),
        range(less.interval(0.95), signed)
    ))
}

fn optimism(found: &TuneResult) -> Option<String> {
    let optimism = found.optimism?;
    let winner = &found.candidates[found.finalists.first()?.candidate].setting.name;
    let interval = optimism.interval(0.95);
    let seen = if optimism.is_seen(0.95) { "more than chance" } else { "within chance" };
    Some(format!(
        "In-sample optimism: the objective of {winner}, first in the search, was {} {} better there \
         than on fresh paths ({seen}).",
        signed(optimism.value),
        range(interval, signed)
    ))
}

/// Finalists that fresh paths do not tell from the recommended one.
fn rivals(found: &TuneResult, judged: &Judged) -> Option<String> {
    if found.paths == 1 {
        return None;
    }
    let rival = |at: &usize| {
        let other = found.finalists[*at].fresh.as_ref().ok()?;
        let alike = *at != found.centre && !judged.less(other).is_seen(0.95);
        alike.then(|| found.candidate(*at).setting.name.as_str())
    };
    let at: Vec<usize> = (0..found.finalists.len()).collect();
    let names: Vec<&str> = at.iter().filter_map(rival).collect();
    (!names.is_empty())
        .then(|| format!("Finalists that these paths do not tell from it: {}.", names.join(", ")))
}

/// The front in a sentence or two.
pub(super) fn front(found: &TuneResult) -> String {
    let front = &found.front;
    let mut on: Vec<_> = front.points.iter().filter(|point| point.on_front).collect();
    on.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(a.candidate.cmp(&b.candidate)));
    // Those that are the same in both are told as one.
    let places = on.chunk_by(|a, b| a.gain == b.gain && a.risk.value == b.risk.value);
    let places: Vec<&[&FrontPoint]> = places.collect();
    let name = |candidate: usize| found.candidates[candidate].setting.name.as_str();
    let count = places.len();
    // The ends and what lies between, evenly.
    let shown: Vec<usize> = match count {
        few if few <= NAMES => (0..few).collect(),
        many => (0..NAMES).map(|at| at * (many - 1) / (NAMES - 1)).collect(),
    };
    let word = |at: &usize| {
        let (point, same) = (places[*at][0], places[*at].len() - 1);
        let same = if same > 0 { format!(" (and {same} the same)") } else { String::new() };
        format!(
            "{}{same} {} / {}",
            name(point.candidate),
            amount(point.gain),
            amount(point.risk.value)
        )
    };
    let words: Vec<String> = shown.iter().map(word).collect();
    let more = count - shown.len();
    let more = if more > 0 { format!(" and {more} more between them") } else { String::new() };
    let sense = if front.more_is_better { "more is better" } else { "less is better" };
    let whose = found.finalists.get(found.centre).map(|one| one.candidate);
    let title =
        if found.recommended.is_some() { "The recommendation" } else { "The nearest candidate" };
    let own =
        whose.map_or_else(String::new, |own| match on.iter().any(|one| one.candidate == own) {
            true => format!(" {title}, {}, is one of them.", name(own)),
            false => format!(" {title}, {}, is not one of them.", name(own)),
        });
    let among = match found.objective.limits.is_empty() {
        true => "",
        false => ", of those that break no limit for certain,",
    };
    format!(
        "{} against {} ({}, {sense}), in the search. Of {} candidates on all paths no other{among} is as \
         good in both and better in one than: {}{more}.{own}",
        front.gain,
        front.risk,
        front.risk_unit,
        front.points.len(),
        words.join(", ")
    )
}
