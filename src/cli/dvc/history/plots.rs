//! `flightdeck dvc plots show` and `diff`

use crate::cli::args::{DvcPlotsArgs, DvcPlotsDiffArgs, DvcPlotsShowArgs};
use crate::cli::dvc::session::Session;
use crate::cli::dvc::{Answered, Io, Refusal, broken};
use crate::cli::exit::Exit;
use crate::cli::python_json::Json;
use crate::sources::dvc::history::{Data, Fault, Memo, Revision, Tree};
use crate::sources::dvc::plots::{Definitions, Plot, Rendered, Side, definitions, read, render};
use crate::sources::dvc::{Entry, Value};

use super::metrics::only_json;
use super::shown;

const IMAGES: [&str; 5] = [".jpeg", ".jpg", ".gif", ".png", ".svg"];

pub fn show(args: &DvcPlotsShowArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    answer(
        (&args.plots, &args.targets),
        vec!["workspace".to_owned()],
        session,
        io,
    )
}

pub fn diff(args: &DvcPlotsDiffArgs, session: &Session, io: &mut Io<'_>) -> Answered {
    let git = session.revisions()?;
    if git.head().is_none() {
        return answer((&args.plots, &args.targets), Vec::new(), session, io);
    }
    let mut revs = args.revisions.clone();
    if revs.len() <= 1 {
        if revs.is_empty() && git.is_changed() {
            revs.push("HEAD".to_owned());
        }
        revs.push("workspace".to_owned());
    }
    // The working tree comes first, whatever the order.
    if let Some(at) = revs.iter().position(|rev| rev == "workspace") {
        let workspace = revs.remove(at);
        revs.insert(0, workspace);
    }
    answer((&args.plots, &args.targets), revs, session, io)
}

/// What one revision says of its plots.
struct Read {
    rev: String,
    definitions: Definitions,
    /// Files that plots are drawn from.
    sources: Vec<(String, Result<Value, Fault>)>,
}

fn answer(
    (args, targets): (&DvcPlotsArgs, &[String]),
    revs: Vec<String>,
    session: &Session,
    io: &mut Io<'_>,
) -> Answered {
    only_json(args.json)?;
    if !session.project.cwd.is_empty() {
        return Err(Refusal::usage(
            "plots are answered in the directory of the DVC repository only",
        ));
    }
    let wanted = Wanted::of(targets)?;
    let mut reads = Vec::new();
    let mut whole: Vec<(String, Fault)> = Vec::new();
    let mut memo = Memo::default();
    for rev in revs {
        let found = if rev == "workspace" {
            let index = session.index();
            one(
                &rev,
                &session.workspace(&index),
                &mut memo,
                session,
                &wanted,
            )
        } else {
            let git = session.revisions()?;
            let id = git.resolve(&rev)?;
            let trees = git.trees();
            match trees.of(&id)? {
                Some(tree) => one(&rev, &tree, &mut memo, session, &wanted),
                None => {
                    return Err(Refusal::failed(format!(
                        "commit '{rev}' does not contain a DVC repo"
                    )));
                }
            }
        };
        match found {
            Ok(read) => reads.push(read),
            Err(fault) => whole.push((rev, fault)),
        }
    }
    let mut damaged: Vec<&str> = Vec::new();
    for read in reads
        .iter()
        .filter(|read| read.sources.iter().any(|(_, it)| it.is_err()))
    {
        damaged.push(&read.rev);
    }
    damaged.extend(whole.iter().map(|(rev, _)| rev.as_str()));
    if !damaged.is_empty() {
        let names = damaged.join(", ");
        writeln!(
            io.err,
            "DVC failed to load some plots for following revisions: '{names}'."
        )
        .map_err(broken)?;
    }
    let json = all(args, &reads, &whole, session)?;
    writeln!(io.out, "{}", json.compact()).map_err(broken)?;
    Ok(Exit::Fine)
}

/// The plots that are asked for.
struct Wanted {
    targets: Vec<String>,
    patterns: Vec<regex::Regex>,
}

impl Wanted {
    fn of(targets: &[String]) -> Result<Self, Refusal> {
        let pattern = |target: &String| {
            let regex = regex::Regex::new(&format!("^(?:{target})"));
            regex.map_err(|_| Refusal::usage(format!("'{target}' is not a pattern")))
        };
        Ok(Self {
            targets: targets.to_vec(),
            patterns: targets.iter().map(pattern).collect::<Result<_, _>>()?,
        })
    }

    fn has(&self, id: &str, file: &str) -> bool {
        let full = format!("{file}::{id}");
        self.patterns.is_empty()
            || self
                .patterns
                .iter()
                .any(|it| it.is_match(id) || it.is_match(&full))
    }
}

fn one(
    rev: &str,
    tree: &dyn Tree,
    memo: &mut Memo,
    session: &Session,
    wanted: &Wanted,
) -> Result<Read, Fault> {
    let revision = Revision::read(tree, memo)?;
    let data = Data::new(&session.project, tree, &revision);
    let mut found = definitions(&revision, &data, &|id, file| wanted.has(id, file));
    for target in &wanted.targets {
        let known = found.plots.iter().any(|plot| plot.id == *target);
        if !known && (found.plots.is_empty() || data.find(target).is_ok()) {
            found
                .plots
                .extend(data.expand(target).into_iter().map(|id| Plot {
                    full_id: id.clone(),
                    id,
                    props: Vec::new(),
                }));
        }
    }
    let mut sources: Vec<(String, Result<Value, Fault>)> = Vec::new();
    for path in found.plots.iter().flat_map(files_of) {
        if sources.iter().any(|(known, _)| *known == path) || is_image(&path) {
            continue;
        }
        let header = !found.without_header.contains(&path);
        let content = data.find(&path).and_then(|(_, bytes)| bytes.read());
        let content = content.and_then(|bytes| read(&path, &bytes, header));
        sources.push((path, content));
    }
    Ok(Read {
        rev: rev.to_owned(),
        definitions: found,
        sources,
    })
}

fn is_image(path: &str) -> bool {
    IMAGES.iter().any(|suffix| path.ends_with(suffix))
}

fn prop<'a>(plot: &'a Plot, key: &str) -> Option<&'a Value> {
    let entry = plot
        .props
        .iter()
        .rfind(|entry| entry.key.as_str() == Some(key));
    entry.map(|entry| &entry.value)
}

/// The files that a plot is drawn from.
fn files_of(plot: &Plot) -> Vec<String> {
    let keys = |value: Option<&Value>| match value {
        Some(Value::Map(files)) => {
            Some(files.iter().map(|it| it.key.key_text()).collect::<Vec<_>>())
        }
        _ => None,
    };
    let mut files = keys(prop(plot, "y")).unwrap_or_else(|| vec![plot.id.clone()]);
    let x = keys(prop(plot, "x")).and_then(|files| files.into_iter().next());
    files.extend(x.filter(|x| !files.contains(x)));
    files
}

fn all(
    args: &DvcPlotsArgs,
    reads: &[Read],
    whole: &[(String, Fault)],
    session: &Session,
) -> Result<Json, Refusal> {
    let mut ids: Vec<&str> = Vec::new();
    for plot in reads.iter().flat_map(|read| &read.definitions.plots) {
        if !ids.contains(&plot.full_id.as_str()) {
            ids.push(&plot.full_id);
        }
    }
    let mut data: Vec<(String, Json)> = Vec::new();
    let mut errors: Vec<Json> = Vec::new();
    for full_id in ids {
        let sides: Vec<(&Read, &Plot)> = reads
            .iter()
            .filter_map(|read| {
                let plot = read
                    .definitions
                    .plots
                    .iter()
                    .find(|plot| plot.full_id == full_id)?;
                Some((read, plot))
            })
            .collect();
        if sides.iter().any(|(_, plot)| is_image(&plot.id)) {
            let what = format!(
                "'{full_id}' is an image: DVC would write a copy of it, which is not done here"
            );
            return Err(Refusal::usage(what));
        }
        let (rendered, mut faults) = drawn(args, full_id, &sides, session)?;
        data.push((full_id.to_owned(), rendered));
        errors.append(&mut faults);
    }
    errors.extend(whole.iter().map(|(rev, fault)| {
        Json::from([
            ("rev", Json::text(rev)),
            ("type", Json::text(fault.kind)),
            ("msg", Json::text(&fault.what)),
        ])
    }));
    let mut fields = Vec::new();
    if !errors.is_empty() {
        fields.push(("errors".to_owned(), Json::Seq(errors)));
    }
    if !data.is_empty() {
        fields.push(("data".to_owned(), Json::Map(data)));
    }
    Ok(Json::Map(fields))
}

fn drawn(
    args: &DvcPlotsArgs,
    name: &str,
    sides: &[(&Read, &Plot)],
    session: &Session,
) -> Result<(Json, Vec<Json>), Refusal> {
    // What the first revision says counts most.
    let mut props: Vec<Entry> = Vec::new();
    let given = args.given().into_iter().map(|(key, value)| Entry {
        key: Value::text(key),
        value: Value::text(value),
        line: 0,
    });
    let given: Vec<Entry> = given.collect();
    for entry in sides
        .iter()
        .rev()
        .flat_map(|(_, plot)| &plot.props)
        .chain(&given)
    {
        match props
            .iter_mut()
            .find(|known| known.key.same_key(&entry.key))
        {
            Some(known) => known.value = entry.value.clone(),
            None => props.push(entry.clone()),
        }
    }
    let mut errors = Vec::new();
    let mut read = Vec::new();
    for (side, plot) in sides {
        let mut files = Vec::new();
        for path in files_of(plot) {
            match side.sources.iter().find(|(known, _)| *known == path) {
                Some((_, Ok(content))) if !is_nothing(content) => {
                    files.push((path, content.clone()))
                }
                Some((_, Err(fault))) => errors.push(Json::from([
                    ("name", Json::text(name)),
                    ("rev", Json::text(&side.rev)),
                    ("source", Json::text(&path)),
                    ("type", Json::text(fault.kind)),
                    ("msg", Json::text(&fault.what)),
                ])),
                _ => {}
            }
        }
        read.push(Side {
            revision: side.rev.clone(),
            files,
        });
    }
    let id = sides.first().map_or(name, |(_, plot)| plot.id.as_str());
    let own = |template: &str| template_file(template, session);
    let (rendered, faults) = render(id, name, &props, &read, &own)
        .map_err(|what| Refusal::failed(format!("unexpected error - {what}")))?;
    errors.extend(faults.iter().map(|(rev, fault)| {
        Json::from([
            ("name", Json::text(name)),
            ("rev", Json::text(rev)),
            ("type", Json::text(fault.kind)),
            ("msg", Json::text(&fault.what)),
        ])
    }));
    let json = rendered.map(|Rendered { revisions, content }| {
        Json::from([
            ("type", Json::text("vega")),
            (
                "revisions",
                Json::Seq(revisions.into_iter().map(Json::Text).collect()),
            ),
            ("content", shown::value(&content)),
        ])
    });
    Ok((Json::Seq(json.into_iter().collect()), errors))
}

fn is_nothing(content: &Value) -> bool {
    match content {
        Value::Map(entries) => entries.is_empty(),
        Value::Seq(items) => items.is_empty(),
        Value::Null => true,
        _ => false,
    }
}

/// A template of the repository's own.
fn template_file(name: &str, session: &Session) -> Option<Value> {
    let own = session.project.root.join(".dvc/plots").join(name);
    let with_suffix = own.with_extension("json");
    let path = [own, with_suffix, session.project.root.join(name)]
        .into_iter()
        .find(|it| it.is_file())?;
    let bytes = crate::sources::dvc::read_file(&path).ok()??;
    read("template.json", &bytes, true).ok()
}
