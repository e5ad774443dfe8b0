//! The checksum of an imported `.dvc` file: it tells that someone edited the file.

use md5::{Digest, Md5};

use super::super::hash::hex;
use super::super::index::{Dep, DepKind, Found, Stage};
use super::super::json;
use super::super::lock::{HashKind, Locked};
use super::super::paths;
use super::super::single::Single;
use super::super::yaml::{Entry, Value};

/// Keys that do not count, at any depth.
const LEFT_OUT: [&str; 11] = [
    "desc", "type", "labels", "meta", "locked", "frozen", "metric", "persist", "isexec", "size",
    "nfiles",
];
/// Keys of an entry that DVC's schema of hashes and sizes has.
const FACTS: [&str; 4] = ["md5", "etag", "checksum", "version_id"];

/// The checksum of the file as DVC would write it now.
pub fn of(stage: &Stage, single: &Single, outs: &[Found]) -> Option<String> {
    let mut parts: Vec<(&str, Value)> = Vec::new();
    if !matches!(&stage.cmd, Value::Null) {
        parts.push(("cmd", stage.cmd.clone()));
    }
    let dir = paths::parent(&stage.file);
    if let Some(wdir) = stage.wdir.as_deref().filter(|wdir| *wdir != dir) {
        parts.push(("wdir", Value::text(paths::relative(wdir, dir))));
    }
    let entries = |key: &str| {
        single
            .document
            .get(key)
            .map(Value::items)
            .unwrap_or_default()
    };
    let wdir = stage.wdir.as_deref().unwrap_or_default();
    let deps = stage.deps.iter().zip(entries("deps"));
    let deps = deps
        .map(|(dep, entry)| dependency(dep, entry, wdir))
        .collect();
    parts.push(("deps", Value::Seq(deps)));
    let outs = outs.iter().zip(entries("outs"));
    let outs = outs.map(|(out, entry)| output(out, entry, wdir)).collect();
    parts.push(("outs", Value::Seq(outs)));
    if stage.always_changed {
        parts.push(("always_changed", Value::Bool(true)));
    }
    let whole = without_left_out(&Value::map(parts));
    Some(hex(&Md5::digest(json::dumps_sorted(&whole).as_bytes())))
}

fn dependency(dep: &Dep, entry: &Value, wdir: &str) -> Value {
    match &dep.kind {
        DepKind::Repository { .. } => {
            let parts = [("path", Value::text(&dep.written))];
            let repo = entry.get("repo").map(|repo| {
                let keys = ["url", "rev", "rev_lock", "config", "remote"];
                let known = keys
                    .into_iter()
                    .filter_map(|key| Some((key, repo.get(key).filter(|it| is_true(it))?.clone())));
                ("repo", Value::map(known))
            });
            Value::map(parts.into_iter().chain(repo))
        }
        DepKind::Database => {
            let db = entry.get("db").map(Value::entries).unwrap_or_default();
            let known = db.iter().filter(|it| is_true(&it.value)).cloned().collect();
            Value::map([("db", Value::Map(known))])
        }
        _ => {
            let shown = shown(&dep.path, &dep.written, dep.outside, wdir);
            Value::map(facts(entry, dep.locked.as_ref(), dep.outside, shown))
        }
    }
}

fn output(out: &Found, entry: &Value, wdir: &str) -> Value {
    let declared = &out.tracked.out;
    let shown = shown(&out.path, &declared.path, out.outside, wdir);
    let locked = out.tracked.locked.as_ref();
    let mut parts = facts(entry, locked, out.outside, shown);
    if !declared.cached {
        parts.push(("cache", Value::Bool(false)));
    }
    if let Some(plot) = entry.get("plot").filter(|plot| is_true(plot)) {
        parts.push(("plot", plot.clone()));
    }
    if let Some(remote) = &declared.remote {
        parts.push(("remote", Value::text(remote)));
    }
    if entry.get("push").and_then(Value::as_bool) == Some(false) {
        parts.push(("push", Value::Bool(false)));
    }
    Value::map(parts)
}

/// Hashes, path and the like, in whatever order.
fn facts(
    entry: &Value,
    locked: Option<&Locked>,
    outside: bool,
    shown: String,
) -> Vec<(&'static str, Value)> {
    let mut parts = Vec::new();
    if let Some(Value::Seq(files)) = entry.get("files") {
        let mut files = files.clone();
        files.sort_by_key(|file| file.get("relpath").map(Value::key_text));
        parts.push(("files", Value::Seq(files)));
    } else {
        for key in FACTS {
            if let Some(value) = entry.get(key).filter(|value| is_true(value)) {
                let value = match (key, value) {
                    ("etag", value) => Value::text(value.key_text()),
                    (_, value) => Value::text(value.key_text().to_lowercase()),
                };
                parts.push((key, value));
            }
        }
        if let Some(cloud) = entry.get("cloud") {
            parts.push(("cloud", cloud.clone()));
        }
    }
    let is_old = !outside
        && match locked {
            Some(locked) => locked.kind == HashKind::Md5Dos2Unix,
            None => entry.get("hash").is_none(),
        };
    if is_old && locked.is_none() {
        parts.push(("md5", Value::Null));
    }
    if !is_old {
        parts.push(("hash", Value::text("md5")));
    }
    parts.push(("path", Value::text(shown)));
    if let Some(config) = entry.get("fs_config").filter(|config| is_true(config)) {
        parts.push(("fs_config", config.clone()));
    }
    parts
}

fn shown(path: &str, written: &str, outside: bool, wdir: &str) -> String {
    if outside {
        written.to_owned()
    } else {
        paths::relative(path, wdir)
    }
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Int(value) => *value != 0,
        Value::Float(value) => *value != 0.0,
        Value::Text(text) | Value::Date(text) => !text.is_empty(),
        Value::Seq(items) | Value::Tuple(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
    }
}

fn without_left_out(value: &Value) -> Value {
    match value {
        Value::Map(entries) => {
            let kept = entries.iter().filter(|entry| {
                !entry
                    .key
                    .as_str()
                    .is_some_and(|key| LEFT_OUT.contains(&key))
            });
            let entry = |entry: &Entry| Entry {
                key: entry.key.clone(),
                value: without_left_out(&entry.value),
                line: 0,
            };
            Value::Map(kept.map(entry).collect())
        }
        Value::Seq(items) => Value::Seq(items.iter().map(without_left_out).collect()),
        other => other.clone(),
    }
}
