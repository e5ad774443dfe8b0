//! `y` and `Y`: what is copied of a row.

use crate::domain::arn::name_of;
use crate::domain::lineage::Thing;
use crate::domain::run::Run;
use crate::findings::Subject;
use crate::lineage::tree::What;

use super::super::super::effect::Effect;
use super::super::super::model::Model;
use super::super::super::model::nav::Pane;
use super::super::super::model::versions::VersionsSection;
use super::super::super::rows;
use super::nothing;

/// `y` the name, `Y` the ARN or full id.
pub fn copy(model: &mut Model, whole: bool) -> Vec<Effect> {
    let found = copied(model, whole).filter(|(text, _)| !text.is_empty());
    match found {
        Some((text, what)) => vec![Effect::Copy {
            text,
            what: what.to_owned(),
        }],
        None => nothing(model, "nothing to copy here"),
    }
}

fn copied(model: &Model, whole: bool) -> Option<(String, &'static str)> {
    match model.nav.focus {
        Pane::Findings => {
            let finding = rows::selected_finding(model)?;
            Some(match (&finding.subject, whole) {
                (Subject::Run { key }, true) => (key.clone(), "ARN"),
                (Subject::ModelVersion { arn }, true) => (arn.clone(), "ARN"),
                (Subject::Endpoint { name, .. }, true) => {
                    (model.endpoints.find(name)?.endpoint.arn.clone(), "ARN")
                }
                _ => (finding.name.clone(), "name"),
            })
        }
        Pane::RunList => rows::selected_run(model).map(|run| run_text(run, whole)),
        Pane::RunDetail => match rows::selected_step(model) {
            Some(step) => Some(match (&step.resource_arn, whole) {
                (Some(arn), true) => (arn.clone(), "ARN"),
                (Some(arn), false) => (name_of(arn).to_owned(), "name"),
                (None, _) => (step.name.clone(), "name"),
            }),
            None => rows::selected_run(model).map(|run| run_text(run, whole)),
        },
        Pane::EndpointList | Pane::EndpointDetail => {
            let endpoint = &rows::selected_endpoint(model)?.endpoint;
            Some(if whole {
                (endpoint.arn.clone(), "ARN")
            } else {
                (endpoint.name.clone(), "name")
            })
        }
        Pane::LogGroups => match rows::selected_stream(model) {
            Some(stream) => Some((stream.name.clone(), "stream")),
            None => Some((rows::selected_group(model)?.name.clone(), "log group")),
        },
        // The reader has the whole of them.
        Pane::LogLines => None,
        Pane::CostList | Pane::CostDetail => {
            let list = rows::list(model, Pane::CostList)?;
            Some((list.selected.clone()?, "name"))
        }
        Pane::VersionList | Pane::VersionDetail => match model.versions.section {
            VersionsSection::Commits => {
                let commit = rows::selected_commit(model)?;
                if commit.is_worktree() {
                    return None;
                }
                Some(if whole {
                    (commit.to_string(), "commit id")
                } else {
                    (commit.short(), "commit id")
                })
            }
            VersionsSection::Data => {
                let output = rows::selected_output(model)?;
                Some(match (whole, &output.lock_hash) {
                    (true, Some(hash)) => (hash.clone(), "hash"),
                    _ => (output.path.clone(), "path"),
                })
            }
            VersionsSection::Models => {
                let version = rows::selected_model_version(model)?;
                Some(if whole {
                    (version.arn.clone(), "ARN")
                } else {
                    (version.group.clone(), "name")
                })
            }
            VersionsSection::Images => {
                let image = rows::selected_image(model)?;
                Some(if whole {
                    (format!("{}@{}", image.repository, image.digest), "image")
                } else {
                    (image.repository.clone(), "name")
                })
            }
            VersionsSection::Lineage => {
                let row = rows::selected_lineage(model)?;
                match &row.row.what {
                    What::Node { node, .. } => {
                        let node = &row.graph.nodes[*node];
                        Some(match (whole, node.arn.is_empty()) {
                            (true, false) => (node.arn.clone(), "ARN"),
                            (true, true) => (identity(&node.thing), "id"),
                            (false, _) => (node.thing.name(), "name"),
                        })
                    }
                    What::Missing(missing) => Some((missing.mend.clone(), "line to add")),
                    What::More(_) => None,
                }
            }
            VersionsSection::Compare => {
                let change = rows::selected_change(model)?;
                Some(if whole {
                    let text = format!("{}: {} -> {}", change.what, change.from, change.to);
                    (text, "change")
                } else {
                    (change.what.clone(), "name")
                })
            }
            VersionsSection::Refs => {
                let found = rows::selected_ref(model)?;
                Some(if whole {
                    (found.commit.to_owned(), "commit id")
                } else {
                    (found.name.to_owned(), "name")
                })
            }
        },
    }
}

/// The thing's own id, without the word for its kind.
fn identity(thing: &Thing) -> String {
    let id = thing.id();
    id.strip_prefix(&format!("{}:", thing.kind()))
        .unwrap_or(&id)
        .to_owned()
}

fn run_text(run: &Run, whole: bool) -> (String, &'static str) {
    if whole {
        (run.key(), "ARN")
    } else {
        (run.name.clone(), "name")
    }
}
