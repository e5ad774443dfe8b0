//! Budgets that are nearly or wholly used, or will be by their end.

use crate::domain::cost::{Budget, Money, MonthToDate};

use super::{Facts, Finding, Severity, Subject};

/// Services named in the evidence.
const SERVICES_SHOWN: usize = 3;

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    facts
        .budgets
        .iter()
        // Of the other types (utilisation, coverage) less is worse.
        .filter(|budget| matches!(budget.budget_type.as_str(), "COST" | "USAGE"))
        .filter_map(|budget| finding(facts, budget))
        .collect()
}

fn finding(facts: &Facts<'_>, budget: &Budget) -> Option<Finding> {
    let used = budget.used().map(|share| 100.0 * share);
    let forecast = budget.forecast_used().map(|share| 100.0 * share);
    let over = used.is_some_and(|used| used >= 100.0);
    let near = used.is_some_and(|used| used >= facts.thresholds.budget_warn_percent);
    let will = forecast.is_some_and(|forecast| forecast > facts.thresholds.budget_forecast_percent);
    if !(near || will || over) {
        return None;
    }
    let mut parts = Vec::new();
    parts.extend(used.map(|used| format!("{used:.0} % used")));
    parts.extend(
        forecast
            .filter(|_| will || !over)
            .map(|forecast| format!("forecast {forecast:.0} %")),
    );
    let money = |label: &str, money: &Option<Money>| {
        money
            .as_ref()
            .map(|m| format!("{label} {:.2} {}", m.amount, m.unit))
    };
    let mut evidence: Vec<String> = [
        money("spent", &budget.actual),
        money("limit", &budget.limit),
        money("forecast", &budget.forecast),
    ]
    .into_iter()
    .flatten()
    .collect();
    evidence.push(format!("period {}", budget.time_unit.to_lowercase()));
    evidence.extend(facts.month.map(dearest));
    Some(Finding {
        id: format!("budget:{}", budget.name),
        severity: if over {
            Severity::Critical
        } else {
            Severity::Warning
        },
        subject: Subject::Budget {
            name: budget.name.clone(),
        },
        category: "budget".into(),
        name: budget.name.clone(),
        reason: parts.join(", "),
        since: None,
        evidence,
        next_steps: vec!["c costs by service".into(), "o console".into()],
    })
}

fn dearest(month: &MonthToDate) -> String {
    let services: Vec<String> = month
        .by_service()
        .into_iter()
        .take(SERVICES_SHOWN)
        .map(|(service, amount)| format!("{service} {amount:.2}"))
        .collect();
    format!("most this month: {}", services.join(", "))
}
