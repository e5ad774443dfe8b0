//! Runs that move for longer than they should.

use crate::domain::run::RunStatus;

use super::super::reason::fit;
use super::super::{Facts, Finding, REASON_LIMIT, Severity, Subject};
use super::family::Families;
use super::links::Links;

/// So many times the usual length is too long.
const TIMES_USUAL: i64 = 3;

pub fn findings(facts: &Facts<'_>, links: &Links, families: &Families<'_>) -> Vec<Finding> {
    let rules = facts.thresholds;
    facts
        .runs
        .iter()
        .enumerate()
        .filter(|(_, run)| run.status.is_moving())
        .filter_map(|(index, run)| {
            let length = run.duration_s(facts.now)?;
            let floor = match run.status {
                RunStatus::Queued => rules.stuck_queued_minutes,
                _ => rules.stuck_minutes,
            };
            if length <= floor.saturating_mul(60) {
                return None;
            }
            // The pipeline above it tells the story, unless that is over.
            let root = links.root(index);
            if root != index && facts.runs[root].status.is_moving() {
                return None;
            }
            let usual = families.median_success_s(index);
            if usual.is_some_and(|usual| length <= usual.saturating_mul(TIMES_USUAL)) {
                return None;
            }
            let word = match run.status {
                RunStatus::Queued => "queued",
                RunStatus::Stopping => "stopping",
                _ => "running",
            };
            let mut text = format!("{word} for {}", length_text(length));
            if let Some(usual) = usual {
                text.push_str(&format!(", usually {}", length_text(usual)));
            }
            let step = run.current_step.as_deref();
            let with_step = step.map(|step| format!("{step}: {text}"));
            let reason = with_step
                .filter(|t| fit(t, REASON_LIMIT) == *t)
                .unwrap_or_else(|| fit(&text, REASON_LIMIT));
            let mut evidence = vec![text];
            evidence.extend(step.map(|step| format!("in step {step}")));
            evidence.extend(run.reason.clone());
            Some(Finding {
                id: format!("run-stuck:{}:{}", run.kind.key(), run.key()),
                severity: Severity::Warning,
                subject: Subject::Run { key: run.key() },
                category: "run".into(),
                name: run.name.clone(),
                reason,
                since: run.started_at,
                evidence,
                next_steps: vec!["l logs".into(), "o console: stop it there".into()],
            })
        })
        .collect()
}

/// `45m`, `7h10m`, `3d`.
fn length_text(seconds: i64) -> String {
    let minutes = seconds / 60;
    match minutes {
        ..60 => format!("{minutes}m"),
        60..2880 if minutes % 60 == 0 => format!("{}h", minutes / 60),
        60..2880 => format!("{}h{:02}m", minutes / 60, minutes % 60),
        _ => format!("{}d", minutes / 1440),
    }
}
