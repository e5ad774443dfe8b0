//! `gto history`

use std::io::Write;
use std::path::Path;

use crate::cli::args::GtoHistoryArgs;
use crate::cli::python_json::Json;
use crate::sources::gto::{Artifact, Event, Kind};

use super::table::Table;
use super::{Answer, registry, short};

pub fn run(args: &GtoHistoryArgs, dir: &Path, out: &mut dyn Write) -> Answer {
    let registry = registry(dir)?;
    let events = registry.artifacts.iter().flat_map(Artifact::events);
    let mut events: Vec<&Event> = events.filter(|event| event.kind != Kind::Commit).collect();
    events.sort_by_key(|event| (event.at.seconds, event.kind.priority()));
    if !args.ascending {
        events.reverse();
    }
    if let Some(name) = &args.name {
        events.retain(|event| event.artifact == *name);
    }
    if args.json {
        let events = Json::Seq(events.into_iter().map(item).collect());
        writeln!(out, "{}", events.indented(4))?;
    } else {
        table(&events).print(args.plain, out)?;
    }
    Ok(())
}

fn item(event: &Event) -> Json {
    let text = |text: &Option<String>| Json::or_null(text.as_ref(), Json::text);
    Json::from([
        ("timestamp", Json::Text(event.at.iso())),
        ("artifact", Json::text(&event.artifact)),
        ("event", Json::text(event.kind.key())),
        ("priority", Json::Int(event.kind.priority().into())),
        ("version", text(&event.version)),
        ("stage", text(&event.stage)),
        ("commit", Json::text(&event.commit)),
        ("author", Json::text(&event.author)),
        ("author_email", Json::text(&event.email)),
        ("message", Json::text(&event.message)),
        ("ref", Json::text(event.reference())),
    ])
}

fn table(events: &[&Event]) -> Table {
    let heading = [
        "timestamp",
        "artifact",
        "event",
        "version",
        "stage",
        "commit",
        "ref",
    ];
    let row = |event: &&Event| {
        vec![
            Some(event.at.text()),
            Some(event.artifact.clone()),
            Some(event.kind.key().to_owned()),
            event
                .version
                .as_deref()
                .map(|version| short(version).to_owned()),
            event.stage.clone(),
            Some(short(&event.commit).to_owned()),
            Some(event.reference().to_owned()),
        ]
    };
    Table {
        heading: heading.map(str::to_owned).to_vec(),
        rows: events.iter().map(row).collect(),
    }
}
