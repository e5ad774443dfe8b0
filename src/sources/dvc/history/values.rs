//! Metrics and parameters of a revision: which files have them, and what these say.

use std::collections::HashMap;
use std::sync::Arc;

use super::data::{ContentId, Data};
use super::fault::Fault;
use super::revision::{Content, Memo, Revision, StageKind, at};
use super::tree::Tree;
use crate::sources::dvc::params;
use crate::sources::dvc::paths::parent;
use crate::sources::dvc::pipeline::Role;
use crate::sources::dvc::project::Project;
use crate::sources::dvc::vars;
use crate::sources::dvc::yaml::{Entry, Value};

/// What a file says, or why it says nothing.
pub type FileValues = Result<Arc<Value>, Fault>;
/// Files by path, in DVC's order.
pub type Values = Vec<(String, FileValues)>;

/// Reads values and keeps them by content.
#[derive(Default)]
pub struct Reader {
    pub memo: Memo,
    files: HashMap<(ContentId, &'static str), FileValues>,
    metrics: HashMap<(ContentId, &'static str), FileValues>,
}

/// Which files or names are asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Paths from the root; empty for what `dvc.yaml` declares.
    pub targets: Vec<String>,
    /// Of parameters: only what stages depend on.
    pub deps_only: bool,
}

impl Reader {
    /// The metrics of a revision.
    ///
    /// # Errors
    /// Where DVC's own files are damaged.
    pub fn metrics(
        &mut self,
        project: &Project,
        tree: &dyn Tree,
        wanted: &Wanted,
    ) -> Result<Values, Fault> {
        let (revision, damage) = self.revision(tree, wanted)?;
        let data = Data::new(project, tree, &revision).damaged(damage);
        Ok(self.metrics_of(&revision, &data, wanted))
    }

    /// Files that are asked for by name can be had from a damaged revision too; the damage comes beside it.
    fn revision(
        &mut self,
        tree: &dyn Tree,
        wanted: &Wanted,
    ) -> Result<(Revision, Option<Fault>), Fault> {
        match Revision::read(tree, &mut self.memo) {
            Ok(revision) => Ok((revision, None)),
            Err(fault) if !wanted.targets.is_empty() => Ok((Revision::default(), Some(fault))),
            Err(fault) => Err(fault),
        }
    }

    pub fn metrics_of(&mut self, revision: &Revision, data: &Data<'_>, wanted: &Wanted) -> Values {
        let mut paths: Vec<String> = Vec::new();
        let mut add = |path: String| {
            for file in data.expand(&path) {
                if !paths.contains(&file) {
                    paths.push(file);
                }
            }
        };
        if wanted.targets.is_empty() {
            metric_files(revision).into_iter().for_each(&mut add);
        } else {
            wanted.targets.iter().cloned().for_each(&mut add);
        }
        let values = paths.into_iter().map(|path| {
            let values = self.metric(&path, data);
            (path, values)
        });
        values.collect()
    }

    fn metric(&mut self, path: &str, data: &Data<'_>) -> FileValues {
        let (id, bytes) = data.find(path)?;
        let key = id.map(|id| (id, params::format(path)));
        if let Some(known) = key.as_ref().and_then(|key| self.metrics.get(key)) {
            return known.clone();
        }
        let read = bytes
            .read()
            .and_then(|bytes| load(path, &data.complained(path), &bytes));
        let read = read.map(|value| {
            let kept = numbers(&value).filter(|value| !is_nothing(value));
            Arc::new(kept.unwrap_or(Value::Map(Vec::new())))
        });
        if let Some(key) = key {
            self.metrics.insert(key, read.clone());
        }
        read
    }

    fn file(&mut self, path: &str, data: &Data<'_>) -> FileValues {
        let (id, bytes) = data.find(path)?;
        let key = id.map(|id| (id, params::format(path)));
        if let Some(known) = key.as_ref().and_then(|key| self.files.get(key)) {
            return known.clone();
        }
        let read = bytes
            .read()
            .and_then(|bytes| load(path, &data.complained(path), &bytes))
            .map(Arc::new);
        if let Some(key) = key {
            self.files.insert(key, read.clone());
        }
        read
    }

    /// The parameters of a revision.
    ///
    /// # Errors
    /// Where DVC's own files are damaged.
    pub fn params(
        &mut self,
        project: &Project,
        tree: &dyn Tree,
        wanted: &Wanted,
    ) -> Result<Values, Fault> {
        let (revision, damage) = self.revision(tree, wanted)?;
        let data = Data::new(project, tree, &revision).damaged(damage);
        Ok(self.params_of(&revision, &data, tree, wanted))
    }

    pub fn params_of(
        &mut self,
        revision: &Revision,
        data: &Data<'_>,
        tree: &dyn Tree,
        wanted: &Wanted,
    ) -> Values {
        let mut files = if wanted.targets.is_empty() {
            param_files(revision)
        } else {
            let targets = wanted.targets.iter();
            targets.map(|path| (path.clone(), Vec::new())).collect()
        };
        if wanted.targets.is_empty() && !wanted.deps_only {
            files.extend(
                top_level(revision, |declared| &declared.params).map(|path| (path, Vec::new())),
            );
            if tree.place(vars::DEFAULT).is_some() {
                files.push((vars::DEFAULT.to_owned(), Vec::new()));
            }
        }
        let mut values = Values::new();
        for (path, keys) in merged(files) {
            for file in data.expand(&path) {
                let read = self.file(&file, data);
                let picked = match read {
                    Ok(value) if !keys.is_empty() => pick(&value, &keys).map(Arc::new),
                    read => read,
                };
                match values.iter_mut().find(|(known, _)| *known == file) {
                    Some((_, known)) => *known = picked,
                    None => values.push((file, picked)),
                }
            }
        }
        values
    }
}

/// `shown` is the path as DVC has it in its complaints.
fn load(path: &str, shown: &str, bytes: &[u8]) -> Result<Value, Fault> {
    if std::str::from_utf8(bytes).is_err() {
        let what = format!("unable to read: '{shown}', is not valid utf-8");
        return Err(Fault::new("EncodingError", what));
    }
    params::load(path, bytes).map_err(|_| {
        let language = match params::format(path) {
            "json" => "JSON",
            "toml" => "TOML",
            "py" => "Python",
            _ => "YAML",
        };
        Fault::corrupted(shown, language)
    })
}

/// Outputs that are metrics, then those named outside of stages.
fn metric_files(revision: &Revision) -> Vec<String> {
    let mut paths = Vec::new();
    for stage in revision.stages() {
        let wdir = stage.wdir();
        let outs = stage.outs_of(Role::Metric).into_iter();
        paths.extend(outs.map(|(out, _)| at(&wdir, &out.path)));
    }
    paths.extend(top_level(revision, |declared| &declared.metrics));
    paths
}

fn top_level(
    revision: &Revision,
    list: impl Fn(&super::revision::Declared) -> &Vec<String>,
) -> impl Iterator<Item = String> {
    let files = revision
        .files
        .iter()
        .flat_map(move |file| match &file.content {
            Content::Pipeline { declared, .. } => {
                let dir = parent(&file.path);
                list(declared).iter().map(|path| at(dir, path)).collect()
            }
            Content::Single(_) => Vec::new(),
        });
    files.collect::<Vec<_>>().into_iter()
}

/// The files that stages take parameters from, with the names they take.
fn param_files(revision: &Revision) -> Vec<(String, Vec<String>)> {
    let mut files = Vec::new();
    for stage in revision.stages() {
        let wdir = stage.wdir();
        if let StageKind::Pipeline(declared, _) = &stage.kind {
            for file in &declared.params {
                files.push((at(&wdir, &file.path), file.keys.clone()));
            }
        }
    }
    files
}

/// Each file once, in the order in which it first came; one that is wanted as a whole has no names.
fn merged(files: Vec<(String, Vec<String>)>) -> Vec<(String, Vec<String>)> {
    let whole: Vec<String> = files
        .iter()
        .filter(|(_, keys)| keys.is_empty())
        .map(|(path, _)| path.clone())
        .collect();
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (path, keys) in files {
        let keys = if whole.contains(&path) {
            Vec::new()
        } else {
            keys
        };
        match places.get(&path).and_then(|at| found.get_mut(*at)) {
            Some((_, known)) => known.extend(keys),
            None => {
                places.insert(path.clone(), found.len());
                found.push((path, keys));
            }
        }
    }
    found
}

/// Numbers, texts and booleans, in maps; everything else is left out.
fn numbers(value: &Value) -> Option<Value> {
    match value {
        Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::Text(_) => Some(value.clone()),
        Value::Map(entries) => {
            let entries = entries.iter().filter_map(|entry| {
                let value = numbers(&entry.value)?;
                if matches!(&value, Value::Map(inner) if inner.is_empty()) {
                    return None;
                }
                Some(Entry {
                    key: entry.key.clone(),
                    value,
                    line: entry.line,
                })
            });
            Some(Value::Map(entries.collect()))
        }
        _ => None,
    }
}

/// What Python takes for false.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Int(value) => *value == 0,
        Value::Float(value) => *value == 0.0,
        Value::Text(text) | Value::Date(text) => text.is_empty(),
        Value::Seq(items) | Value::Tuple(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
    }
}

/// The values under dotted names, in the maps that they are in.
///
/// # Errors
/// DVC breaks off at a tuple, in it or on the way.
fn pick(value: &Value, keys: &[String]) -> Result<Value, Fault> {
    let mut picked = Value::Map(Vec::new());
    let mut done: Vec<&String> = Vec::new();
    for key in keys {
        if !done.contains(&key) {
            done.push(key);
            let parts: Vec<&str> = key.split('.').collect();
            if let Some(found) = search(value, &parts)? {
                if has_tuple(&found) {
                    let what = "'tuple' object has no attribute 'extend'";
                    return Err(Fault::new("AttributeError", what));
                }
                merge(&mut picked, found);
            }
        }
    }
    Ok(picked)
}

fn has_tuple(value: &Value) -> bool {
    match value {
        Value::Tuple(_) => true,
        Value::Seq(items) => items.iter().any(has_tuple),
        Value::Map(entries) => entries.iter().any(|entry| has_tuple(&entry.value)),
        _ => false,
    }
}

/// Only what the names lead to; they may have wildcards.
fn search(value: &Value, parts: &[&str]) -> Result<Option<Value>, Fault> {
    let Some((part, rest)) = parts.split_first() else {
        return Ok(Some(value.clone()));
    };
    let fits = |text: &str| crate::sources::dvc::select::fits(part, text);
    match value {
        Value::Map(entries) => {
            let mut found: Vec<Entry> = Vec::new();
            for entry in entries.iter().filter(|entry| fits(&entry.key.key_text())) {
                if let Some(value) = search(&entry.value, rest)? {
                    found.push(Entry {
                        key: entry.key.clone(),
                        value,
                        line: 0,
                    });
                }
            }
            Ok((!found.is_empty()).then_some(Value::Map(found)))
        }
        Value::Seq(items) => {
            let mut found: Vec<Value> = Vec::new();
            for (at, item) in items
                .iter()
                .enumerate()
                .filter(|(at, _)| fits(&at.to_string()))
            {
                if let Some(value) = search(item, rest)? {
                    found.resize(at, Value::Null);
                    found.push(value);
                }
            }
            Ok((!found.is_empty()).then_some(Value::Seq(found)))
        }
        Value::Tuple(items) if (0..items.len()).any(|at| fits(&at.to_string())) => {
            let what = "'tuple' object does not support item assignment";
            Err(Fault::new("TypeError", what))
        }
        _ => Ok(None),
    }
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Map(known), Value::Map(more)) => {
            for entry in more {
                match known.iter_mut().find(|it| it.key.same_key(&entry.key)) {
                    Some(same) => merge(&mut same.value, entry.value),
                    None => known.push(entry),
                }
            }
        }
        (Value::Seq(known), Value::Seq(more)) => {
            for (at, item) in more.into_iter().enumerate() {
                match known.get_mut(at) {
                    Some(_) if matches!(item, Value::Null) => {}
                    Some(same) => merge(same, item),
                    None => known.push(item),
                }
            }
        }
        (into, more) => *into = more,
    }
}
