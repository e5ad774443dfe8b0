//! What the command palette offers: every command, and every thing there is to go to.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::domain::insights::SavedQuery;
use crate::findings::Subject;
use crate::keys::command::{Command, Context};

use super::model::Model;
use super::saved_queries;

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What is matched and shown: `sort`, `endpoint churn-prod`.
    pub name: String,
    /// One line on what it does.
    pub doc: String,
    pub action: Action,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Run(Command),
    Go(Subject),
    Tail(String),
    Ask(SavedQuery),
}

/// How many entries are worth showing.
const SHOWN: usize = 200;

/// The entries that match `text`, best first; without text all commands in their order, then the rest.
pub fn entries(model: &Model, text: &str) -> Vec<Entry> {
    let all = everything(model);
    let text = text.trim();
    if text.is_empty() {
        return all.into_iter().take(SHOWN).collect();
    }
    let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut scored: Vec<(u32, Entry)> = all
        .into_iter()
        .filter_map(|entry| {
            let score = pattern.score(Utf32Str::new(&entry.name, &mut buffer), &mut matcher)?;
            // An exact name is meant, whatever else contains it.
            let exact = u32::from(entry.name.eq_ignore_ascii_case(text)) * 10_000;
            Some((score + exact, entry))
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored
        .into_iter()
        .take(SHOWN)
        .map(|(_, entry)| entry)
        .collect()
}

fn everything(model: &Model) -> Vec<Entry> {
    let commands = Command::ALL
        .iter()
        .filter(|c| {
            !matches!(
                c.context(),
                Context::Input | Context::Filters | Context::Popup
            )
        })
        .filter(|c| !matches!(c, Command::Palette))
        .map(|&command| Entry {
            name: command.name().to_owned(),
            doc: command.doc().to_owned(),
            action: Action::Run(command),
        });
    let endpoints = model.endpoints.rows.iter().map(|row| Entry {
        name: format!("endpoint {}", row.endpoint.name),
        doc: format!("{} · {}", row.health.health.key(), row.endpoint.status),
        action: Action::Go(Subject::Endpoint {
            name: row.endpoint.name.clone(),
            variant: None,
        }),
    });
    let runs = model.runs.all.iter().map(|run| Entry {
        name: format!("run {}", run.name),
        doc: format!("{} · {}", run.kind.short(), run.status.key()),
        action: Action::Go(Subject::Run { key: run.key() }),
    });
    let groups = model.logs.groups.items().iter().map(|group| Entry {
        name: format!("tail {}", group.name),
        doc: "follow this log group".to_owned(),
        action: Action::Tail(group.name.clone()),
    });
    let models = model.versions.models.items().iter().flat_map(|group| {
        group.versions.iter().map(|version| Entry {
            name: match version.version {
                Some(n) => format!("model {} v{n}", group.name),
                None => format!("model {}", group.name),
            },
            doc: version.approval.clone().unwrap_or_default(),
            action: Action::Go(Subject::ModelVersion {
                arn: version.arn.clone(),
            }),
        })
    });
    let queries = saved_queries::all(model).into_iter().map(|saved| Entry {
        name: format!("query {}", saved.name),
        doc: saved.query.clone(),
        action: Action::Ask(saved),
    });
    commands
        .chain(endpoints)
        .chain(runs)
        .chain(models)
        .chain(groups)
        .chain(queries)
        .collect()
}
