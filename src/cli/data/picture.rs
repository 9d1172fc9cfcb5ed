//! The picture of an inspection.

use std::path::Path;

use crate::cli::common::CliError;
use crate::data::{Finding, FindingKind, Inspection, Judged, Role, Severity};
use crate::fields::Duration;
use crate::report::charts::Caption;
use crate::report::charts::inspection::{
    InspectionChart, InspectionPanel, Lane, LaneLook, PANELS_MAX, draw,
};
use crate::units::time::to_iso;

/// Whether a picture may be written there, before anything is read.
pub(super) fn check(out: &Path, force: bool) -> Result<(), CliError> {
    let name = out.display();
    if out.extension().is_none_or(|ending| ending != "png") {
        return Err(CliError::Input(format!("--picture {name}: the name must end in .png")));
    }
    if out.exists() && !force {
        let text = format!("{name} exists: give another --picture, or --force");
        return Err(CliError::Input(text));
    }
    Ok(())
}

/// Draws every series that has times and values.
pub(super) fn picture(inspection: &Inspection, out: &Path) -> Result<(), CliError> {
    let drawn: Vec<&Judged> =
        inspection.series.iter().filter(|judged| !judged.outline.time.is_empty()).collect();
    if drawn.len() > PANELS_MAX {
        let names: Vec<String> = drawn.iter().map(|one| one.facts.label.to_string()).collect();
        let text = format!(
            "--picture: a picture shows at most {PANELS_MAX} series, here are {}: {}; name fewer files",
            names.len(),
            names.join(", ")
        );
        return Err(CliError::Input(text));
    }
    let panels: Vec<InspectionPanel<'_>> = drawn.iter().map(|judged| panel(judged)).collect();
    let chart = InspectionChart { caption: caption(&drawn), panels };
    draw(&chart, out).map_err(|error| CliError::Failed(error.to_string()))
}

fn caption(drawn: &[&Judged]) -> Caption {
    let names: Vec<String> = drawn.iter().map(|one| one.facts.label.to_string()).collect();
    let spans = drawn.iter().filter_map(|one| one.facts.span);
    let span = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let blocking: u64 = drawn.iter().map(|one| one.blocking().count() as u64).sum();
    let verdict = match blocking {
        0 => "nothing stops an import".to_owned(),
        1 => "one kind of defect stops an import".to_owned(),
        n => format!("{n} kinds of defects stop an import"),
    };
    let span = span.map_or_else(String::new, |(first, last)| {
        format!("{} to {}; ", to_iso(first), to_iso(last))
    });
    let files: u64 = drawn.iter().map(|one| one.facts.members.len() as u64).sum();
    let source = match drawn.first().and_then(|one| one.facts.members.first()) {
        Some(member) if files == 1 => member.clone(),
        Some(member) => format!("{member} and {} more parts", files - 1),
        None => String::new(),
    };
    Caption {
        title: format!("Inspection of {}", names.join(", ")),
        subtitle: format!("{span}{verdict}"),
        footer: format!("drypowder {} · {source}", env!("CARGO_PKG_VERSION")),
    }
}

fn panel(judged: &Judged) -> InspectionPanel<'_> {
    let (facts, outline) = (&judged.facts, &judged.outline);
    let mut label = facts.label.to_string();
    let unit = match facts.label.role {
        Role::Funding => Some("fraction of notional"),
        Role::LendRate | Role::BorrowRate => Some("fraction a year"),
        role if role.is_price() => facts.label.quote.as_deref(),
        _ => None,
    };
    if let Some(unit) = unit {
        label.push_str(&format!(", {unit}"));
    }
    if let Some(ms) = facts.interval_ms {
        label.push_str(&format!(", every {}", Duration { ms }));
    }
    // Every history has a newest bar of which nothing is proven: that is no mark.
    let shows = |finding: &&Finding| {
        !finding.marks.is_empty() && finding.kind != FindingKind::LastBarUnproven
    };
    let mut findings: Vec<&Finding> = judged.findings.iter().filter(shows).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let lanes = findings.iter().map(|finding| Lane {
        label: lane_label(finding),
        look: match finding.severity {
            Severity::Blocks => LaneLook::Blocks,
            Severity::Accepted => LaneLook::Accepted,
            Severity::Repaired => LaneLook::Repaired,
            Severity::Note => LaneLook::Note,
        },
        marks: &finding.marks,
    });
    let gap = findings.iter().find(|finding| finding.kind == FindingKind::Gap);
    InspectionPanel {
        label,
        time: &outline.time,
        low: &outline.low,
        high: &outline.high,
        close: &outline.close,
        gaps: gap.map_or(&[], |finding| &finding.marks),
        lanes: lanes.collect(),
    }
}

fn lane_label(finding: &Finding) -> String {
    let name = finding.kind.word().replace('_', " ");
    // Marks are bounded in number: later ones are counted, not drawn.
    let drawn = if finding.marks.len() == Finding::MARKED && finding.count > Finding::MARKED as u64
    {
        format!(" (first {} drawn)", Finding::MARKED)
    } else {
        String::new()
    };
    format!("{name}: {}{drawn}", finding.count)
}
