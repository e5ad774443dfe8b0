//! `gto check-ref`

use std::io::Write;
use std::path::Path;

use crate::cli::args::GtoCheckRefArgs;
use crate::domain::safe_text::visible_line;
use crate::sources::gto::{Event, Kind, TagName};

use super::{Answer, Failure, item, registry};

pub fn run(args: &GtoCheckRefArgs, dir: &Path, out: &mut dyn Write) -> Answer {
    let registry = registry(dir)?;
    let tag = args
        .reference
        .strip_prefix("refs/tags/")
        .unwrap_or(&args.reference);
    let Some(name) = TagName::parse(tag) else {
        return Ok(());
    };
    let artifact = registry
        .artifacts
        .iter()
        .find(|it| it.name == name.artifact);
    let events = artifact
        .map(|artifact| artifact.events())
        .unwrap_or_default();
    let found: Vec<&Event> = events
        .into_iter()
        .filter(|event| event.reference() == tag)
        .collect();
    let event = match found.as_slice() {
        [] => return Ok(()),
        [event] => *event,
        _ => {
            let what = "Checking refs that created 1+ events is not supported";
            return Err(Failure::Said(what.to_owned()));
        }
    };
    if args.json {
        writeln!(
            out,
            "{}",
            item::named(event, item::facts(event)).indented(4)
        )?;
        return Ok(());
    }
    let text = if args.show_name {
        Some(event.artifact.clone())
    } else if args.show_version {
        event.version.clone()
    } else if args.show_stage {
        event.stage.clone()
    } else if args.show_event {
        Some(event.kind.key().to_owned())
    } else {
        Some(format!(" {}", sentence(event)))
    };
    if let Some(text) = text {
        writeln!(out, "{}", visible_line(&text))?;
    }
    Ok(())
}

fn sentence(event: &Event) -> String {
    let (artifact, version) = (
        &event.artifact,
        event.version.as_deref().unwrap_or_default(),
    );
    let stage = event.stage.as_deref().unwrap_or_default();
    match event.kind {
        Kind::Commit => format!("Artifact \"{artifact}\" is annotated"),
        Kind::Deprecation => format!("Artifact \"{artifact}\" was deprecated"),
        Kind::Registration => {
            format!("Version \"{version}\" of artifact \"{artifact}\" was registered")
        }
        Kind::Deregistration => {
            format!("Version \"{version}\" of artifact \"{artifact}\" was deregistered")
        }
        Kind::Assignment => {
            format!(
                "Stage \"{stage}\" was assigned to version \"{version}\" of artifact \"{artifact}\""
            )
        }
        Kind::Unassignment => {
            format!(
                "Stage \"{stage}\" was unassigned from version \"{version}\" of artifact \"{artifact}\""
            )
        }
    }
}
