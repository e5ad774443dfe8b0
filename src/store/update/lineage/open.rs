//! From a row to its lineage, and from a row of a lineage to the thing's own place.

use crate::domain::lineage::{Record, Thing};
use crate::findings::Subject;
use crate::lineage::known;

use super::super::super::effect::Effect;
use super::super::super::list::ListState;
use super::super::super::model::Model;
use super::super::super::model::nav::{Pane, Screen};
use super::super::super::model::versions::VersionsSection;
use super::super::super::msg::Notice;
use super::super::super::rows;
use super::super::super::table::Row as _;
use super::super::{links, lists, navigate};
use super::awaited;

/// The key for it: the lineage of what is selected.
pub fn open_lineage(model: &mut Model) -> Vec<Effect> {
    match selected_thing(model) {
        Some(thing) => open(model, thing),
        None => say(model, "this row has no lineage"),
    }
}

fn say(model: &mut Model, text: &str) -> Vec<Effect> {
    model.notices.push(model.now, Notice::info(text));
    Vec::new()
}

fn open(model: &mut Model, root: Thing) -> Vec<Effect> {
    let known = records(model);
    let mut effects = to_section(model, VersionsSection::Lineage);
    let room = &mut model.lineage;
    room.session += 1;
    room.root = Some(root.clone());
    room.trace = awaited();
    room.tracing = true;
    room.graph = Default::default();
    room.folded.clear();
    room.list = ListState::default();
    effects.push(Effect::TraceLineage {
        session: room.session,
        root,
        known,
        rules: model.settings.lineage.clone(),
    });
    effects
}

/// Shows a section of Versions; Back returns to where it was called.
pub(super) fn to_section(model: &mut Model, section: VersionsSection) -> Vec<Effect> {
    let effects = if model.nav.screen == Screen::Versions {
        navigate::remember(model);
        Vec::new()
    } else {
        navigate::go(model, Screen::Versions)
    };
    model.versions.section = section;
    model.nav.focus = Pane::VersionList;
    effects
}

/// What the screens know already, so that it need not be asked again.
fn records(model: &Model) -> Vec<Record> {
    let mut records = Vec::new();
    for endpoint in model.endpoints.endpoints.items() {
        records.extend(known::of_endpoint(endpoint));
    }
    records.extend(known::of_groups(model.versions.models.items()));
    records.extend(known::of_runs(&model.runs.all));
    if let Some(host) = registry(model) {
        records.extend(known::of_images(model.versions.images.items(), &host));
    }
    if let Some(repository) = model.versions.repository.value() {
        records.extend(known::of_repository(repository));
    }
    records
}

/// What stands before the names of the account's images.
fn registry(model: &Model) -> Option<String> {
    let account = &model.account.identity.value()?.account;
    let region = model.settings.region.as_deref()?;
    Some(known::registry_host(account, region))
}

fn selected_thing(model: &Model) -> Option<Thing> {
    match model.nav.focus {
        Pane::Findings => match &rows::selected_finding(model)?.subject {
            Subject::Run { key } => known::thing_of_run(model.runs.find(key)?),
            Subject::Endpoint { name, variant } => Some(endpoint(name, variant.as_deref())),
            Subject::ModelVersion { arn } => Some(Thing::ModelVersion { arn: arn.clone() }),
            Subject::Data { path } => data(model, path),
            Subject::Alarm { .. }
            | Subject::Budget { .. }
            | Subject::Costs
            | Subject::Credentials
            | Subject::Repository => None,
        },
        Pane::RunDetail if rows::selected_step(model).is_some() => {
            let step = rows::selected_step(model)?;
            step.resource_arn
                .as_deref()
                .and_then(Thing::of_arn)
                .or_else(|| known::thing_of_run(rows::selected_run(model)?))
        }
        Pane::RunList | Pane::RunDetail => known::thing_of_run(rows::selected_run(model)?),
        Pane::EndpointDetail => {
            let name = &rows::selected_endpoint(model)?.endpoint.name;
            let variant = rows::selected_variant(model).map(|v| v.name.as_str());
            Some(endpoint(name, variant))
        }
        Pane::EndpointList => Some(endpoint(
            &rows::selected_endpoint(model)?.endpoint.name,
            None,
        )),
        Pane::VersionList | Pane::VersionDetail => match model.versions.section {
            VersionsSection::Commits => {
                let id = rows::selected_commit(model)?;
                (!id.is_worktree()).then(|| Thing::Commit { id: id.to_string() })
            }
            VersionsSection::Data => data(model, &rows::selected_output(model)?.path),
            VersionsSection::Models => Some(Thing::ModelVersion {
                arn: rows::selected_model_version(model)?.arn.clone(),
            }),
            VersionsSection::Images => {
                let image = rows::selected_image(model)?.id();
                Some(Thing::Image {
                    uri: format!("{}/{image}", registry(model)?),
                })
            }
            VersionsSection::Refs => Some(Thing::Commit {
                id: rows::selected_ref(model)?.commit.to_owned(),
            }),
            VersionsSection::Lineage => rows::selected_lineage(model)?.thing().cloned(),
            VersionsSection::Compare => None,
        },
        Pane::LogGroups | Pane::LogLines | Pane::CostList | Pane::CostDetail => None,
    }
}

fn endpoint(name: &str, variant: Option<&str>) -> Thing {
    let endpoint = name.to_owned();
    match variant {
        Some(variant) => Thing::Variant {
            endpoint,
            name: variant.to_owned(),
        },
        None => Thing::Endpoint { name: endpoint },
    }
}

fn data(model: &Model, path: &str) -> Option<Thing> {
    let data = model.versions.repository.value()?.data.as_ref()?;
    let output = data.outputs.iter().find(|output| output.path == path)?;
    let hash = output.head_hash.clone().or(output.lock_hash.clone())?;
    Some(Thing::Data { hash })
}

/// Folds what the selected thing was made from, or shows it again.
pub fn toggle_fold(model: &mut Model) -> Vec<Effect> {
    if model.nav.focus != Pane::VersionList || model.versions.section != VersionsSection::Lineage {
        return say(model, "nothing to fold here");
    }
    if let Some(id) = model.lineage.list.selected.clone() {
        let folded = &mut model.lineage.folded;
        if !folded.remove(&id) {
            folded.insert(id);
        }
        lists::keep_selection_in_view(model, Pane::VersionList);
    }
    Vec::new()
}

/// Enter on a row of a lineage: to that thing's own row.
pub fn go_to_selected(model: &mut Model) -> Vec<Effect> {
    let Some(row) = rows::selected_lineage(model) else {
        return Vec::new();
    };
    let Some(thing) = row.thing().cloned() else {
        return say(
            model,
            "copy the line to add, and put it into the pipeline's code",
        );
    };
    match thing {
        Thing::Endpoint { name } => to_subject(
            model,
            &Subject::Endpoint {
                name,
                variant: None,
            },
        ),
        Thing::Variant { endpoint, name } => to_subject(
            model,
            &Subject::Endpoint {
                name: endpoint,
                variant: Some(name),
            },
        ),
        Thing::Config { name } => to_server(model, |endpoint| endpoint.config == name),
        Thing::Model { name } => to_server(model, |endpoint| {
            endpoint
                .variants
                .iter()
                .any(|variant| variant.model.as_deref() == Some(name.as_str()))
        }),
        Thing::ModelVersion { arn } => {
            let listed = model.versions.models.items().iter();
            if listed.flat_map(|g| &g.versions).any(|v| v.arn == arn) {
                to_subject(model, &Subject::ModelVersion { arn })
            } else {
                say(model, "this version is not among those listed")
            }
        }
        Thing::Commit { id } => links::to_commit(model, &id),
        Thing::Data { hash } => to_data(model, &hash),
        Thing::Image { uri } => to_image(model, &uri),
        Thing::Object { uri } => say(model, &uri),
        run => {
            let key = model
                .runs
                .all
                .iter()
                .find(|other| known::thing_of_run(other).as_ref() == Some(&run))
                .map(|found| found.key());
            match key {
                Some(key) => to_subject(model, &Subject::Run { key }),
                None => say(model, "this run is not among those listed: it is older"),
            }
        }
    }
}

fn to_subject(model: &mut Model, subject: &Subject) -> Vec<Effect> {
    if model.nav.screen == Screen::Versions
        && matches!(subject, Subject::ModelVersion { .. } | Subject::Data { .. })
    {
        navigate::remember(model);
    }
    navigate::go_to_subject(model, subject)
}

fn to_server(
    model: &mut Model,
    serves: impl Fn(&crate::domain::endpoint::Endpoint) -> bool,
) -> Vec<Effect> {
    let found = model.endpoints.endpoints.items().iter();
    let name = found
        .filter(|endpoint| serves(endpoint))
        .map(|endpoint| endpoint.name.clone())
        .next();
    match name {
        Some(name) => to_subject(
            model,
            &Subject::Endpoint {
                name,
                variant: None,
            },
        ),
        None => say(model, "no endpoint of this Region uses it"),
    }
}

fn to_data(model: &mut Model, hash: &str) -> Vec<Effect> {
    let outputs = model
        .versions
        .repository
        .value()
        .and_then(|repository| repository.data.as_ref())
        .map_or(&[][..], |data| &data.outputs);
    let is_it = |known: &Option<String>| known.as_deref() == Some(hash);
    let path = outputs
        .iter()
        .find(|output| is_it(&output.head_hash) || is_it(&output.lock_hash))
        .map(|output| output.path.clone())
        .or_else(|| {
            // An older version of an output that is still there.
            let commits = model.lineage.trace.value()?.code.commits.values();
            commits
                .flat_map(|facts| &facts.data)
                .find(|data| data.hash == hash && outputs.iter().any(|o| o.path == data.path))
                .map(|data| data.path.clone())
        });
    match path {
        Some(path) => to_subject(model, &Subject::Data { path }),
        None => say(
            model,
            "this version of the data is not in the working tree's lock files",
        ),
    }
}

fn to_image(model: &mut Model, uri: &str) -> Vec<Effect> {
    let id = model
        .versions
        .images
        .items()
        .iter()
        .map(|image| image.id())
        .find(|id| uri.ends_with(&format!("/{id}")));
    match id {
        Some(id) => {
            let effects = to_section(model, VersionsSection::Images);
            lists::select_id(model, Pane::VersionList, &id);
            effects
        }
        None => say(
            model,
            "this image is not in the account's registry, or no longer",
        ),
    }
}
