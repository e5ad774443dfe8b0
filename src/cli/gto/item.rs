//! Events, versions and stages in GTO's JSON.

use crate::cli::python_json::Json;
use crate::sources::gto::{Event, Kind, Moment, StageOfVersion, Version};

fn moment(at: Option<Moment>) -> Json {
    Json::or_null(at, |at| Json::Text(at.iso()))
}

fn entry(key: &str, value: Json) -> (String, Json) {
    (key.to_owned(), value)
}

/// The fields of an event, without what it is called.
pub fn event(event: &Event) -> Vec<(String, Json)> {
    let mut fields = vec![
        entry("priority", Json::Int(event.kind.priority().into())),
        entry("addition", Json::Bool(event.kind.adds())),
    ];
    fields.append(&mut facts(event));
    fields
}

/// The same without its place in GTO's order.
pub fn facts(event: &Event) -> Vec<(String, Json)> {
    let mut fields = vec![
        entry("artifact", Json::text(&event.artifact)),
        entry("created_at", moment(Some(event.at))),
        entry("author", Json::text(&event.author)),
        entry("author_email", Json::text(&event.email)),
        entry("message", Json::text(&event.message)),
        entry("commit_hexsha", Json::text(&event.commit)),
    ];
    if let Some(tag) = &event.tag {
        fields.push(entry("tag", Json::text(tag)));
    }
    if event.kind != Kind::Deprecation {
        fields.push(entry(
            "version",
            Json::or_null(event.version.as_ref(), Json::text),
        ));
    }
    if let Some((name, email)) = &event.committer {
        fields.push(entry("enrichments", Json::Seq(annotations(event))));
        fields.push(entry("committer", Json::text(name)));
        fields.push(entry("committer_email", Json::text(email)));
    }
    if let Some(stage) = &event.stage {
        fields.push(entry("stage", Json::text(stage)));
    }
    fields
}

fn annotations(event: &Event) -> Vec<Json> {
    let described = event.annotation.iter().map(|it| {
        let artifact = Json::from([
            ("type", Json::or_null(it.kind.as_ref(), Json::text)),
            ("path", Json::or_null(it.path.as_ref(), Json::text)),
            ("virtual", Json::Bool(it.is_virtual)),
            (
                "labels",
                Json::Seq(it.labels.iter().map(Json::text).collect()),
            ),
            ("description", Json::text(&it.description)),
            ("custom", Json::Null),
        ]);
        Json::from([("source", Json::text("gto")), ("artifact", artifact)])
    });
    described.collect()
}

fn events(list: &[Event]) -> Json {
    Json::Seq(list.iter().map(|it| Json::Map(event(it))).collect())
}

/// What is in force, since when and by whom.
fn state(active: bool, since: Option<Moment>, by: Option<&Event>) -> Vec<(String, Json)> {
    let text = |of: fn(&Event) -> &str| Json::or_null(by, |event| Json::text(of(event)));
    vec![
        entry("is_active", Json::Bool(active)),
        entry("activated_at", moment(since)),
        entry("created_at", moment(by.map(|event| event.at))),
        entry("author", text(|event| &event.author)),
        entry("author_email", text(|event| &event.email)),
        entry("message", text(|event| &event.message)),
        entry("ref", text(Event::reference)),
    ]
}

/// An event with its name at the end.
pub fn named(event_: &Event, mut fields: Vec<(String, Json)>) -> Json {
    fields.push(entry("event", Json::text(event_.kind.key())));
    Json::Map(fields)
}

pub fn stage(artifact: &str, stage: &StageOfVersion) -> Json {
    let list = |events: &[Event]| Json::Seq(events.iter().map(|it| named(it, event(it))).collect());
    let mut fields = vec![
        entry("artifact", Json::text(artifact)),
        entry("commit_hexsha", Json::text(&stage.commit)),
        entry("version", Json::text(&stage.version)),
        entry("stage", Json::text(&stage.stage)),
        entry("assignments", list(&stage.assignments)),
        entry("unassignments", list(&stage.unassignments)),
    ];
    fields.append(&mut state(
        stage.is_active(),
        stage.activated_at(),
        stage.authoring(),
    ));
    Json::Map(fields)
}

pub fn version(artifact: &str, version: &Version, stages: &[&StageOfVersion]) -> Json {
    let mut fields = vec![
        entry("artifact", Json::text(artifact)),
        entry("commit_hexsha", Json::text(&version.commit)),
        entry("version", Json::text(&version.name)),
        entry("enrichments", events(&version.commits)),
        entry("registrations", events(&version.registrations)),
        entry("deregistrations", events(&version.deregistrations)),
        entry(
            "stages",
            Json::Seq(stages.iter().map(|it| stage(artifact, it)).collect()),
        ),
    ];
    fields.append(&mut state(
        version.is_active(),
        version.activated_at(),
        version.authoring(),
    ));
    fields.push(entry("discovered", Json::Bool(version.is_discovered())));
    Json::Map(fields)
}
