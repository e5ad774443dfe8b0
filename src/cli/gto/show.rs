//! `gto show`

use std::io::Write;
use std::path::Path;

use crate::cli::args::{GtoShowArgs, GtoSort};
use crate::cli::python_json::Json;
use crate::domain::safe_text::visible_line;
use crate::sources::gto::{
    Artifact, Limits, Registry, Shortcut, Sort, StageOfVersion, Version, Wanted,
};

use super::table::Table;
use super::{Answer, Failure, item, registry, short};

pub fn run(args: &GtoShowArgs, dir: &Path, out: &mut dyn Write) -> Answer {
    let registry = registry(dir)?;
    let table = match &args.name {
        None if args.json => {
            writeln!(out, "{}", overview(args, &registry).indented(4))?;
            return Ok(());
        }
        Some(name) if args.json => {
            let found = Found::of(args, &registry, name)?;
            writeln!(out, "{}", found.json().indented(4))?;
            return Ok(());
        }
        None => overview_table(args, &registry),
        Some(name) => Found::of(args, &registry, name)?.table(),
    };
    let column = [
        (args.show_name, "name"),
        (args.show_version, "version"),
        (args.show_stage, "stage"),
        (args.show_ref, "ref"),
    ];
    let Some((_, column)) = column.into_iter().find(|(wanted, _)| *wanted) else {
        table.print(args.plain, out)?;
        return Ok(());
    };
    if table.rows.is_empty() {
        return Ok(());
    }
    let Some(at) = table.heading.iter().position(|it| it == column) else {
        return Err(Failure::Said(format!("Cannot apply --{column}")));
    };
    for row in &table.rows {
        let text = row.get(at).and_then(Option::as_deref).unwrap_or("None");
        writeln!(out, "{}", visible_line(text))?;
    }
    Ok(())
}

fn limits(args: &GtoShowArgs) -> Limits {
    Limits {
        assignments_per_version: usize::try_from(args.assignments_per_version).ok(),
        versions_per_stage: usize::try_from(args.versions_per_stage).ok(),
    }
}

fn sort(args: &GtoShowArgs) -> Sort {
    match args.sort {
        GtoSort::Timestamp => Sort::Timestamp,
        GtoSort::Semver => Sort::Semver,
    }
}

/// The versions in each stage of the registry, `None` where there is none.
fn in_stages(
    args: &GtoShowArgs,
    artifact: &Artifact,
    stages: &[String],
    cut: bool,
) -> Vec<Option<String>> {
    let assigned = artifact.stages(args.registered_only, limits(args), sort(args));
    let versions = |stage: &String| {
        let (_, found) = assigned.iter().find(|(name, _)| *name == stage)?;
        let names: Vec<_> = found.iter().map(|it| cut_to(&it.version, cut)).collect();
        Some(names.join(", ")).filter(|text| !text.is_empty())
    };
    stages.iter().map(versions).collect()
}

/// In its overview GTO cuts everything to seven characters, versions too.
fn cut_to(text: &str, cut: bool) -> &str {
    if cut {
        text.get(..7).unwrap_or(text)
    } else {
        text
    }
}

fn shown<'a>(args: &GtoShowArgs, registry: &'a Registry) -> impl Iterator<Item = &'a Artifact> {
    let deprecated = args.deprecated;
    let all = registry.artifacts.iter();
    all.filter(move |artifact| deprecated || artifact.is_active())
}

fn overview(args: &GtoShowArgs, registry: &Registry) -> Json {
    let stages = registry.stages();
    let artifacts = shown(args, registry).map(|artifact| {
        let versions = in_stages(args, artifact, &stages, false).into_iter();
        let versions = versions.map(|it| Json::or_null(it, Json::Text));
        let latest = artifact.latest().map(|version| version.name.as_str());
        let fields = Json::from([
            ("version", Json::or_null(latest, Json::text)),
            (
                "stage",
                Json::Map(stages.iter().cloned().zip(versions).collect()),
            ),
            ("registered", Json::Bool(artifact.is_registered())),
            ("active", Json::Bool(artifact.is_active())),
        ]);
        (artifact.name.clone(), fields)
    });
    Json::Map(artifacts.collect())
}

fn marked(artifact: &Artifact) -> String {
    let mark = if artifact.is_registered() { "" } else { "*" };
    format!("{mark}{}", artifact.name)
}

fn overview_table(args: &GtoShowArgs, registry: &Registry) -> Table {
    let stages = registry.stages();
    let mut heading = vec!["name".to_owned(), "latest".to_owned()];
    heading.extend(stages.iter().map(|stage| format!("#{stage}")));
    let mut artifacts: Vec<_> = shown(args, registry).collect();
    artifacts.sort_by(|a, b| a.name.cmp(&b.name));
    let rows = artifacts.into_iter().map(|artifact| {
        let latest = artifact
            .latest()
            .map(|version| cut_to(&version.name, true).to_owned());
        let mut row = vec![Some(marked(artifact)), latest];
        row.append(&mut in_stages(args, artifact, &stages, true));
        row
    });
    Table {
        heading,
        rows: rows.collect(),
    }
}

/// Versions of one artifact, each with its stages.
struct Found<'a> {
    artifact: &'a Artifact,
    versions: Vec<(&'a Version, Vec<&'a StageOfVersion>)>,
}

impl<'a> Found<'a> {
    fn of(args: &GtoShowArgs, registry: &'a Registry, name: &str) -> Result<Self, Failure> {
        let shortcut = Shortcut::parse(name);
        let artifact = registry.find(&shortcut.artifact)?;
        let stages = artifact.stages(args.registered_only, limits(args), sort(args));
        let wanted = Wanted {
            active_only: !args.deprecated,
            not_registered: !args.registered_only,
            discovered: true,
        };
        let mut versions: Vec<(&Version, Vec<&StageOfVersion>)> = Vec::new();
        if artifact.is_active() || args.deprecated {
            for version in artifact.versions(wanted, Sort::Semver) {
                let own = stages.iter().flat_map(|(_, found)| found.iter().copied());
                let own = own.filter(|stage| stage.version == version.name);
                versions.push((version, own.collect()));
            }
        }
        if shortcut.latest {
            versions.truncate(1);
        } else if let Some(wanted) = &shortcut.version {
            versions.retain(|(version, _)| version.name == *wanted);
        } else if let Some(wanted) = &shortcut.stage {
            versions.retain(|(_, stages)| stages.iter().any(|stage| stage.stage == *wanted));
        }
        Ok(Self { artifact, versions })
    }

    fn json(&self) -> Json {
        let versions = self.versions.iter();
        Json::Seq(
            versions
                .map(|(version, stages)| item::version(&self.artifact.name, version, stages))
                .collect(),
        )
    }

    fn table(&self) -> Table {
        let rows = self.versions.iter().map(|(version, stages)| {
            let mut names: Vec<&str> = Vec::new();
            for stage in stages {
                if !names.contains(&stage.stage.as_str()) {
                    names.push(&stage.stage);
                }
            }
            let by = version.authoring();
            vec![
                Some(marked(self.artifact)),
                Some(short(&version.name).to_owned()),
                Some(names.join(", ")),
                by.map(|event| event.at.text()),
                by.map(|event| short(event.reference()).to_owned()),
            ]
        });
        Table {
            heading: ["artifact", "version", "stage", "created_at", "ref"]
                .map(str::to_owned)
                .to_vec(),
            rows: rows.collect(),
        }
    }
}
