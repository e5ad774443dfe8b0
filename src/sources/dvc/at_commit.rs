//! What DVC knows at a commit: data by hash, the parameters it was made with, metrics.

use std::collections::BTreeMap;
use std::path::Path;

use super::config::Config;
use super::index::Index;
use super::paths::{join, parent};
use super::pipeline::Role;
use super::template::as_text;
use super::yaml::{Value, parse_bytes};
use super::{Files, lock, params, single};
use crate::domain::lineage::code::DataAt;

/// Numbers of one metrics file that are kept.
const MOST_METRICS: usize = 500;

#[derive(Clone, Debug, Default)]
pub struct AtCommit {
    pub data: Vec<DataAt>,
    pub params: BTreeMap<String, String>,
    pub metrics: BTreeMap<String, f64>,
    /// Path, with line where known, and what is wrong.
    pub problems: Vec<(String, String)>,
}

impl AtCommit {
    pub fn read(files: &dyn Files) -> Self {
        let index = Index::read(files);
        let mut found = Self {
            problems: index.problems.clone(),
            ..Self::default()
        };
        let configs: BTreeMap<&str, Config> = index
            .roots
            .iter()
            .map(|root| (root.as_str(), config(files, root)))
            .collect();
        for it in &index.found {
            let Some(locked) = &it.tracked.locked else {
                continue;
            };
            let out = &it.tracked.out;
            let remote = configs
                .get(it.root.as_str())
                .filter(|_| out.cached && out.push)
                .and_then(|config| config.object_remote(out.remote.as_deref()));
            found.data.push(DataAt {
                path: it.path.clone(),
                stage: it.stage.clone(),
                role: out.role.key().to_owned(),
                hash: locked.hash.clone(),
                size_bytes: locked.size_bytes,
                remote_uri: remote.and_then(|url| {
                    let (head, tail) = locked.hash.split_at_checked(2)?;
                    Some(format!("{url}/files/md5/{head}/{tail}"))
                }),
            });
            if out.role == Role::Metric {
                found.metrics(files, &it.path);
            }
        }
        for path in files.paths() {
            match path.rsplit('/').next() {
                Some("dvc.lock") => found.params(files, path),
                Some("dvc.yaml") => found.listed_metrics(files, path),
                _ => {}
            }
        }
        found
            .data
            .sort_by(|a, b| (&a.path, &a.stage).cmp(&(&b.path, &b.stage)));
        found
    }

    /// The parameters that the stages of a lock were run with.
    fn params(&mut self, files: &dyn Files, path: &str) {
        let Some(document) = document(files, path) else {
            return;
        };
        let stages = document.get("stages").map(Value::entries);
        for stage in stages.unwrap_or_default() {
            let used = stage.value.get("params").map(Value::entries);
            for file in used.unwrap_or_default() {
                let Some(name) = file.key.as_str() else {
                    continue;
                };
                let place = join(parent(path), name).unwrap_or_else(|| name.to_owned());
                for param in file.value.entries() {
                    let key = as_text(&param.key);
                    let key = match place.as_str() {
                        "params.yaml" => key,
                        _ => format!("{place}: {key}"),
                    };
                    self.params.insert(key, shown(&param.value));
                }
            }
        }
    }

    /// `metrics:` at the top of a `dvc.yaml`.
    fn listed_metrics(&mut self, files: &dyn Files, path: &str) {
        let Some(document) = document(files, path) else {
            return;
        };
        let listed = document.get("metrics").map(Value::items);
        for file in listed.unwrap_or_default() {
            if let Some(file) = file.as_str().and_then(|name| join(parent(path), name)) {
                self.metrics(files, &file);
            }
        }
    }

    fn metrics(&mut self, files: &dyn Files, path: &str) {
        // In Git unless it is cached: then only the cache has it.
        let Ok(Some(bytes)) = files.read(path) else {
            return;
        };
        match params::load(path, &bytes) {
            Ok(value) => numbers(path, "", &value, &mut self.metrics),
            Err(what) => self.problems.push((path.to_owned(), what)),
        }
    }
}

fn document(files: &dyn Files, path: &str) -> Option<Value> {
    // What is wrong with it the index has told.
    parse_bytes(&files.read(path).ok()??).ok()
}

fn config(files: &dyn Files, root: &str) -> Config {
    let mut config = Config::default();
    let path = join(root, ".dvc/config").unwrap_or_default();
    if let Ok(Some(bytes)) = files.read(&path) {
        // Of its remotes only those elsewhere are looked at: they have no path to be relative.
        config.overlay(&String::from_utf8_lossy(&bytes), Path::new(parent(&path)));
    }
    config
}

fn shown(value: &Value) -> String {
    match value {
        Value::Seq(items) => {
            let items: Vec<String> = items.iter().map(shown).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries = entries
                .iter()
                .map(|entry| format!("{}: {}", as_text(&entry.key), shown(&entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        scalar => as_text(scalar),
    }
}

/// `metrics.json: market.de` and its number.
fn numbers(path: &str, prefix: &str, value: &Value, into: &mut BTreeMap<String, f64>) {
    let entries = match value {
        Value::Map(entries) => entries,
        _ => return,
    };
    for entry in entries {
        let key = match prefix {
            "" => as_text(&entry.key),
            _ => format!("{prefix}.{}", as_text(&entry.key)),
        };
        let number = match &entry.value {
            #[expect(
                clippy::cast_precision_loss,
                reason = "metrics are shown with four digits"
            )]
            Value::Int(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            _ => None,
        };
        match number {
            Some(number) if into.len() < MOST_METRICS => {
                into.insert(format!("{path}: {key}"), number);
            }
            Some(_) => return,
            None => numbers(path, &key, &entry.value, into),
        }
    }
}

/// Hashes by path of what one `dvc.lock` or `.dvc` file records; `None` where it cannot be read.
pub fn hashes(path: &str, bytes: &[u8]) -> Option<BTreeMap<String, String>> {
    let dir = parent(path);
    let place = |written: &str| join(dir, written).unwrap_or_else(|| written.to_owned());
    if path.ends_with("dvc.lock") {
        let (lock, _) = lock::parse(bytes).ok()?;
        let outs = lock.into_values().flat_map(|stage| stage.outs);
        return Some(
            outs.filter_map(|(path, locked)| Some((place(&path), locked?.hash)))
                .collect(),
        );
    }
    let single = single::parse(bytes).ok()?;
    Some(
        single
            .outs
            .into_iter()
            .filter_map(|it| Some((place(&it.out.path), it.locked?.hash)))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    struct Tree(Vec<(String, &'static str)>, Vec<String>);

    impl Tree {
        fn of(files: &[(&str, &'static str)]) -> Self {
            let files: Vec<_> = files.iter().map(|(p, t)| ((*p).to_owned(), *t)).collect();
            let paths = files.iter().map(|(path, _)| path.clone()).collect();
            Self(files, paths)
        }
    }

    impl Files for Tree {
        fn paths(&self) -> &[String] {
            &self.1
        }

        fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
            let found = self.0.iter().find(|(known, _)| known == path);
            Ok(found.map(|(_, text)| text.as_bytes().to_vec()))
        }
    }

    const LOCK: &str = "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    params:\n      params.yaml:\n        lr: 0.003\n        layers: [1, 2]\n      conf/other.yaml:\n        seed: 7\n    outs:\n    - path: data/f\n      hash: md5\n      md5: 900150983cd24fb0d6963f7d28e17f72\n      size: 5\n    - path: m.json\n      hash: md5\n      md5: d41d8cd98f00b204e9800998ecf8427e\n      size: 5\n";

    #[test]
    fn data_params_metrics_and_where_the_remote_keeps_them() {
        let tree = Tree::of(&[
            (
                ".dvc/config",
                "[core]\nremote = s\n['remote \"s\"']\nurl = s3://b/dvc/\n",
            ),
            (
                "dvc.yaml",
                "stages:\n  train:\n    cmd: x\n    outs: [data/f]\n    metrics:\n    - m.json:\n        cache: false\nmetrics: [extra.json]\n",
            ),
            ("dvc.lock", LOCK),
            (
                "m.json",
                "{\"auc\": 0.9, \"by\": {\"de\": 1}, \"name\": \"x\"}",
            ),
            ("extra.json", "{\"loss\": 0.5}"),
        ]);
        let found = AtCommit::read(&tree);
        assert!(found.problems.is_empty(), "{:?}", found.problems);
        assert_eq!(
            found.data[0].remote_uri.as_deref(),
            Some("s3://b/dvc/files/md5/90/0150983cd24fb0d6963f7d28e17f72")
        );
        assert_eq!(found.data[1].remote_uri, None, "it is not cached");
        let params: Vec<(&str, &str)> = found.params.iter().map(|(k, v)| (&**k, &**v)).collect();
        assert_eq!(
            params,
            [
                ("conf/other.yaml: seed", "7"),
                ("layers", "[1, 2]"),
                ("lr", "0.003")
            ]
        );
        let metrics: Vec<(&str, f64)> = found.metrics.iter().map(|(k, v)| (&**k, *v)).collect();
        assert_eq!(
            metrics,
            [
                ("extra.json: loss", 0.5),
                ("m.json: auc", 0.9),
                ("m.json: by.de", 1.0)
            ]
        );
        let hashes = hashes("sub/dvc.lock", LOCK.as_bytes()).unwrap();
        assert!(hashes.contains_key("sub/data/f"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_taken(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = (hashes("dvc.lock", &bytes), hashes("a.dvc", &bytes));
        }
    }
}
