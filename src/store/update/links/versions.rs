//! `v`: the commit or the model version behind a row.

use crate::findings::Subject;

use super::super::super::effect::Effect;
use super::super::super::model::Model;
use super::super::super::model::nav::{Pane, Screen};
use super::super::super::model::versions::VersionsSection;
use super::super::super::rows;
use super::super::{lists, navigate};
use super::{About, about, nothing};

/// `v`: the commit of a run, the model version of a variant.
pub fn show_versions(model: &mut Model) -> Vec<Effect> {
    match about(model) {
        About::Run(run) => match run.commit.clone() {
            Some(commit) => to_commit(model, &commit),
            None => {
                let effects = navigate::go(model, Screen::Versions);
                let _ = nothing(
                    model,
                    "no commit is recorded for this run: tag it with git-commit",
                );
                effects
            }
        },
        About::Endpoint(name) => to_model_of(model, &name, None),
        About::Variant(name, variant) => to_model_of(model, &name, Some(&variant)),
        About::Step | About::Other => {
            match rows::selected_finding(model).map(|f| f.subject.clone()) {
                Some(subject @ (Subject::Data { .. } | Subject::ModelVersion { .. }))
                    if model.nav.focus == Pane::Findings =>
                {
                    navigate::go_to_subject(model, &subject)
                }
                _ if model.nav.screen == Screen::Versions => {
                    let commit = rows::selected_model_version(model)
                        .filter(|_| model.versions.section == VersionsSection::Models)
                        .and_then(|v| v.commit.clone())
                        .or_else(|| {
                            rows::selected_ref(model)
                                .filter(|_| model.versions.section == VersionsSection::Refs)
                                .map(|r| r.commit.to_owned())
                        });
                    match commit {
                        Some(commit) => to_commit(model, &commit),
                        None => nothing(model, "no commit is recorded for this row"),
                    }
                }
                _ => navigate::go(model, Screen::Versions),
            }
        }
    }
}

/// To a commit's own row.
pub fn to_commit(model: &mut Model, commit: &str) -> Vec<Effect> {
    let effects = if model.nav.screen == Screen::Versions {
        navigate::remember(model);
        Vec::new()
    } else {
        navigate::go(model, Screen::Versions)
    };
    model.versions.section = VersionsSection::Commits;
    let known = model.versions.history.rows.starting_with(commit).is_some();
    lists::select_id(model, Pane::VersionList, commit);
    model.nav.focus = if known {
        Pane::VersionDetail
    } else {
        Pane::VersionList
    };
    effects
}

fn to_model_of(model: &mut Model, endpoint: &str, variant: Option<&str>) -> Vec<Effect> {
    let arn = model.endpoints.find(endpoint).and_then(|row| {
        row.endpoint
            .variants
            .iter()
            .filter(|v| variant.is_none_or(|name| v.name == name))
            .find_map(|v| v.model_package_arn.clone())
    });
    match arn {
        Some(arn) => navigate::go_to_subject(model, &Subject::ModelVersion { arn }),
        None => {
            let effects = navigate::go(model, Screen::Versions);
            let _ = nothing(
                model,
                "its model is not from the registry: no model package is recorded",
            );
            effects
        }
    }
}
