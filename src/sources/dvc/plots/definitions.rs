//! Which plots a revision has.

use super::super::history::{Content, Data, Revision};
use super::super::paths::parent;
use super::super::pipeline::Role;
use super::super::yaml::{Entry, Value};

/// A plot by its id: what is known of how to draw it.
#[derive(Clone, Debug)]
pub struct Plot {
    pub id: String,
    /// The name that it goes by where several files have the same id.
    pub full_id: String,
    pub props: Vec<Entry>,
}

/// All plots of a revision.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    pub plots: Vec<Plot>,
    /// Files with tables that have no heading, as `header: false` says of an output.
    pub without_header: Vec<String>,
}

/// The file that declares plots, and its plots in order.
type Declared = (String, Vec<(String, Vec<Entry>)>);

const PROPS: [&str; 7] = [
    "template", "x", "y", "x_label", "y_label", "title", "header",
];

/// What `dvc.yaml` files declare. `wanted` tells which are asked for, by an id and the file that has it.
pub fn definitions(
    revision: &Revision,
    data: &Data<'_>,
    wanted: &dyn Fn(&str, &str) -> bool,
) -> Definitions {
    let mut all: Vec<Declared> = Vec::new();
    for file in &revision.files {
        if let Content::Pipeline { declared, .. } = &file.content {
            let listed = listed(&declared.plots);
            if !listed.is_empty() {
                all.push((
                    file.path.to_string(),
                    in_file(&file.path, &listed, data, wanted),
                ));
            }
        }
    }
    let mut found = Definitions::default();
    let mut of_outputs: Vec<(String, Vec<Entry>)> = Vec::new();
    for stage in revision.stages() {
        let wdir = stage.wdir();
        for (out, _) in stage.outs_of(Role::Plot) {
            let path = super::super::history::at(&wdir, &out.path);
            if !wanted(&path, stage.file) {
                continue;
            }
            let props = stage.plot_props(&out.path);
            let props: Vec<Entry> = props
                .into_iter()
                .filter(|entry| entry.key.as_str().is_some_and(|key| PROPS.contains(&key)))
                .collect();
            for path in data.expand(&path) {
                if prop(&props, "header").and_then(Value::as_bool) == Some(false) {
                    found.without_header.push(path.clone());
                }
                put(&mut of_outputs, path, props.clone());
            }
        }
    }
    all.push((String::new(), of_outputs));
    found.plots = by_id(&all);
    found
}

pub fn prop<'a>(props: &'a [Entry], key: &str) -> Option<&'a Value> {
    let entry = props.iter().rfind(|entry| entry.key.as_str() == Some(key));
    entry.map(|entry| &entry.value)
}

/// Ids with what stands below them; ids alone have nothing.
fn listed(plots: &Value) -> Vec<(String, Vec<Entry>)> {
    let entry = |entry: &Entry| (entry.key.key_text(), entry.value.entries().to_vec());
    match plots {
        Value::Map(entries) => entries.iter().map(entry).collect(),
        Value::Seq(items) => items
            .iter()
            .filter_map(|item| match item {
                Value::Map(entries) => entries.first().map(entry),
                other => Some((other.key_text(), Vec::new())),
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn in_file(
    file: &str,
    listed: &[(String, Vec<Entry>)],
    data: &Data<'_>,
    wanted: &dyn Fn(&str, &str) -> bool,
) -> Vec<(String, Vec<Entry>)> {
    let dir = parent(file);
    let join = |path: &str| super::super::history::at(dir, path);
    let paths: Vec<String> = listed.iter().map(|(id, _)| join(id)).collect();
    let mut found: Vec<(String, Vec<Entry>)> = Vec::new();
    for (id, props) in listed.iter().filter(|(id, _)| wanted(id, file)) {
        if matches!(prop(props, "y"), Some(Value::Map(_))) {
            let props = props.iter().map(|entry| match entry.key.as_str() {
                Some("x" | "y") => with_paths(entry, &join),
                _ => entry.clone(),
            });
            put(&mut found, id.clone(), props.collect());
            continue;
        }
        let own = join(id);
        for path in data.expand(&own) {
            // The nearest of several directories says how a file in it is drawn.
            if nearest(&path, &paths) == own {
                put(&mut found, path, props.clone());
            }
        }
    }
    found
}

/// Files on an axis, from the root.
fn with_paths(entry: &Entry, join: &dyn Fn(&str) -> String) -> Entry {
    let Value::Map(files) = &entry.value else {
        return entry.clone();
    };
    let files = files.iter().map(|file| Entry {
        key: Value::Text(join(&file.key.key_text())),
        ..file.clone()
    });
    Entry {
        value: Value::Map(files.collect()),
        ..entry.clone()
    }
}

/// The longest path that a path has in common with one of several.
fn nearest(path: &str, others: &[String]) -> String {
    let common = |other: &String| {
        let parts = path.split('/').zip(other.split('/'));
        let same: Vec<&str> = parts.take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
        same.join("/")
    };
    let mut best = String::new();
    for found in others.iter().map(common) {
        if found.len() > best.len() {
            best = found;
        }
    }
    best
}

/// What is said twice of a plot is put together.
fn put(found: &mut Vec<(String, Vec<Entry>)>, id: String, props: Vec<Entry>) {
    let Some((_, known)) = found.iter_mut().find(|(known, _)| *known == id) else {
        found.push((id, props));
        return;
    };
    for entry in props {
        match known.iter_mut().find(|it| it.key.same_key(&entry.key)) {
            Some(same) => same.value = entry.value,
            None => known.push(entry),
        }
    }
}

fn by_id(all: &[Declared]) -> Vec<Plot> {
    let mut ids: Vec<&str> = Vec::new();
    for (id, _) in all.iter().flat_map(|(_, plots)| plots) {
        if !ids.contains(&id.as_str()) {
            ids.push(id);
        }
    }
    let mut plots = Vec::new();
    for id in ids {
        let same = all.iter().flat_map(|(file, plots)| {
            let own = plots.iter().filter(|(known, _)| known == id);
            own.map(move |(_, props)| (file.as_str(), props))
        });
        let same: Vec<_> = same.collect();
        for (file, props) in &same {
            let full_id = match (same.len(), *file) {
                (1, _) | (_, "") => id.to_owned(),
                (_, file) => format!("{file}::{id}"),
            };
            plots.push(Plot {
                id: id.to_owned(),
                full_id,
                props: (*props).clone(),
            });
        }
    }
    plots
}
