//! What the answer hangs on, and what being wrong costs.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::{amount, limit_words, range, shown, signed};
use crate::report::number::{grouped, percent};
use crate::report::terminal::push_wrapped;
use crate::study::{
    Bearing, Condition, ConditionKind, DRIFT_SHIFT, FALL, FALL_WITHIN_MS, TuneResult, WalkForward,
    Witness,
};
use crate::units::time::{DAY_MS, to_iso};

/// Falls that are named.
const NAMED: usize = 5;

/// The finalists under other conditions, and the walk over a replay, where there are any.
pub(super) fn write(text: &mut String, found: &TuneResult) {
    if found.robustness.conditions.len() > 1 {
        text.push_str("\nWhat it hangs on:\n");
        text.push_str(&table(found));
        for sentence in sentences(found) {
            push_wrapped(text, "  ", &sentence);
        }
        push_wrapped(text, "Price of being wrong: ", &price(found));
    }
    if let Some(walk) = &found.walk {
        push_wrapped(text, "Walk-forward: ", &walked(found, walk));
        push_wrapped(text, "What it rests on: ", &rests(&walk.witness));
    }
}

fn table(found: &TuneResult) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Disabled);
    let name = &found.candidate(found.centre).setting.name;
    let mut header = vec!["condition".to_owned(), format!("objective of {name} [95 %]")];
    header.extend(found.objective.limits.iter().map(|limit| limit.name.clone()));
    header.extend(["best finalist".to_owned(), "regret".to_owned()]);
    table.set_header(header);
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    for condition in &found.robustness.conditions {
        let mut cells = vec![Cell::new(label(condition))];
        match &condition.worth[found.centre] {
            Ok(judged) => {
                let one = judged.objective;
                let interval = range(one.interval, amount);
                cells.push(right(format!("{} {interval}", amount(one.value))));
                let limits = found.objective.limits.iter().zip(&judged.verdicts);
                cells.extend(limits.map(|(limit, verdict)| {
                    let value = shown(limit.figure, verdict.value);
                    right(format!("{value} {}", verdict.standing.word()))
                }));
            }
            Err(why) => {
                cells.push(Cell::new(format!("failed: {why}")));
                cells.extend(found.objective.limits.iter().map(|_| Cell::new("–")));
            }
        }
        let best = condition.best(&found.objective);
        let best = best.map_or("–", |at| found.candidate(at).setting.name.as_str());
        let regret = condition.regrets(&found.objective)[found.centre];
        let regret = match regret {
            0.0 => "0".to_owned(),
            regret if regret.is_finite() => amount(regret),
            _ => "breaks a limit".to_owned(),
        };
        cells.extend([Cell::new(best), right(regret)]);
        table.add_row(cells);
    }
    format!("{table}\n")
}

fn label(condition: &Condition) -> String {
    match condition.kind {
        ConditionKind::Own if condition.paths == 1 => "this path".to_owned(),
        ConditionKind::Own => "fresh paths".to_owned(),
        ConditionKind::History => format!("{} windows of history", condition.paths),
        _ => condition.name.clone(),
    }
}

/// One sentence per kind of condition.
fn sentences(found: &TuneResult) -> Vec<String> {
    let mut all = Vec::new();
    let kinds = [
        ConditionKind::Model,
        ConditionKind::Drift,
        ConditionKind::Intrabar,
        ConditionKind::History,
    ];
    for kind in kinds {
        let of_kind: Vec<&Condition> =
            found.robustness.conditions.iter().filter(|one| one.kind == kind).collect();
        if !of_kind.is_empty() {
            all.push(sentence(found, kind, &of_kind));
        }
    }
    if found.robustness.conditions.iter().any(|one| one.kind == ConditionKind::Drift) {
        all.push(format!(
            "Drift: {} is added to and taken from the arithmetic drift per year of every asset, on the \
             same draws.",
            grouped(DRIFT_SHIFT, 1)
        ));
    }
    if let Some(witness) = &found.robustness.history {
        all.push(format!(
            "Windows of the history are as long as the run and begin at its start prices; they follow one \
             another and are no independent draws. {}",
            rests(witness)
        ));
    }
    all
}

fn sentence(found: &TuneResult, kind: ConditionKind, conditions: &[&Condition]) -> String {
    let what = match kind {
        ConditionKind::History => "the history that the search did not see".to_owned(),
        _ => format!("the {}", kind.word()),
    };
    let own = &found.robustness.conditions[0];
    let base = found.finalists.iter().position(|one| one.candidate == 0);
    let (mut hangs, mut open, mut blind) = (Vec::new(), Vec::new(), Vec::new());
    for condition in conditions {
        let name = label(condition);
        match condition.bearing(own, found.centre, base) {
            Bearing::Stands => {}
            Bearing::CannotTell => open.push(name),
            Bearing::Unbounded => blind.push(name),
            Bearing::Breaks(limit) => {
                let spec = &found.objective.limits[limit];
                let value = condition.worth[found.centre]
                    .as_ref()
                    .map_or(f64::NAN, |judged| judged.verdicts[limit].value);
                let value = shown(spec.figure, value);
                hangs
                    .push(format!("under {name} it does not keep {} ({value})", limit_words(spec)));
            }
            Bearing::Beaten(at, less) => {
                let other = &found.candidate(at).setting.name;
                let interval = range(less.interval(0.95), signed);
                let by = signed(less.value);
                hangs.push(format!("under {name} {other} is better by {by} {interval}"));
            }
            Bearing::Turns(loss) => {
                let by = signed(-loss.value);
                hangs.push(format!(
                    "under {name} it is worse than the scenario as it stands ({by}), which it was \
                     better than"
                ));
            }
            Bearing::Failed(why) => hangs.push(format!("under {name} it cannot run: {why}")),
        }
    }
    let mut doubt = String::new();
    if !open.is_empty() {
        doubt += &format!(" Whether it keeps its limits under {} cannot be told.", open.join(", "));
    }
    if !blind.is_empty() {
        let under = blind.join(", ");
        doubt += &format!(" Under {under} so few paths tell no finalist from another.");
    }
    match (hangs.is_empty(), doubt.is_empty()) {
        (true, true) => format!(
            "It does not hang on {what}: no limit that it kept is broken there, and no finalist is told \
             to be better."
        ),
        (true, false) if open.len() + blind.len() == conditions.len() => {
            format!("Whether it hangs on {what} cannot be told.{doubt}")
        }
        (true, false) => format!("Nothing is told to speak against it in {what}.{doubt}"),
        (false, _) => format!("It hangs on {what}: {}.{doubt}", hangs.join("; ")),
    }
}

/// The greatest regret, and whose is least.
fn price(found: &TuneResult) -> String {
    let (objective, robustness) = (&found.objective, &found.robustness);
    let name = &found.candidate(found.centre).setting.name;
    let worst = robustness.worst_regrets(objective);
    let own = worst[found.centre];
    let at = robustness
        .conditions
        .iter()
        .find(|condition| condition.regrets(objective)[found.centre] == own);
    let under = at.map_or_else(String::new, label);
    let mine = match own {
        0.0 => format!("{name} is the best finalist under every condition"),
        own if own.is_finite() => format!(
            "{name} is at most {} of the objective behind the best finalist, under {under}",
            amount(own)
        ),
        _ => format!("under {under} {name} breaks a limit that another finalist keeps, by value"),
    };
    let least = match robustness.minimax(objective) {
        None => "Every finalist breaks a limit somewhere that another keeps.".to_owned(),
        Some(at) if at == found.centre => {
            "No other finalist's greatest regret is less (minimax regret).".to_owned()
        }
        Some(at) => format!(
            "The least greatest regret has {}{} (minimax regret).",
            found.candidate(at).setting.name,
            if worst[at] > 0.0 { format!(", {}", amount(worst[at])) } else { ": none".to_owned() }
        ),
    };
    format!("{mine}. {least}")
}

fn walked(found: &TuneResult, walk: &WalkForward) -> String {
    let done: Vec<_> = walk.steps.iter().filter_map(|step| step.walked).collect();
    let count = walk.steps.len() + 1;
    if done.is_empty() {
        return format!("{count} windows; no candidate could run on two that follow one another.");
    }
    let names: Vec<&str> =
        done.iter().map(|one| found.candidates[one.candidate].setting.name.as_str()).collect();
    let share = |inside: bool| {
        let gains = done.iter().map(|one| match inside {
            true => one.in_sample - one.base_in_sample,
            false => one.out_of_sample - one.base_out_of_sample,
        });
        gains.sum::<f64>() / done.len() as f64
    };
    let efficiency = walk.efficiency().map_or_else(
        || "Nothing was gained in sample, so there is no efficiency.".to_owned(),
        |efficiency| {
            format!("Efficiency (out of sample as a part of in sample): {}.", percent(efficiency))
        },
    );
    let broken = done.iter().filter(|one| one.keeps[0] && !one.keeps[1]).count();
    let limits = match found.objective.limits.is_empty() {
        true => String::new(),
        false => format!(
            " Of {} choices that kept every limit {broken} broke one in the next window.",
            done.iter().filter(|one| one.keeps[0]).count()
        ),
    };
    format!(
        "{count} windows; the best of each on the next: {}. Gain over the scenario as it stands, mean of \
         {} steps: {} where it was chosen, {} in the next window. {efficiency}{limits}",
        names.join(", "),
        done.len(),
        signed(share(true)),
        signed(share(false)),
    )
}

fn rests(witness: &Witness) -> String {
    let falls = &witness.falls;
    let days = FALL_WITHIN_MS / DAY_MS;
    let day = |time_ms: i64| to_iso(time_ms).chars().take(10).collect::<String>();
    let named: Vec<String> = (falls.iter().take(NAMED))
        .map(|fall| format!("{} {} (−{})", fall.asset, day(fall.start_ms), percent(fall.depth)))
        .collect();
    let more = falls.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let named =
        if named.is_empty() { String::new() } else { format!(": {}{more}", named.join(", ")) };
    let word = if falls.len() == 1 { "crash" } else { "crashes" };
    format!(
        "From {} to {} it rests on {} independent {word}{named}. (A fall of {} or more below the highest \
         mark of the {days} days before; falls within {days} days of each other are one, whatever the \
         asset.)",
        day(witness.span_ms.0),
        day(witness.span_ms.1),
        falls.len(),
        percent(FALL),
    )
}
