//! Where a lock no longer tells how things are: parameters that were changed since, and dependencies that are no
//! longer what the stage was run with.

use std::collections::HashMap;
use std::path::Path;

use super::Files;
use super::hash;
use super::index::Index;
use super::lock::HashKind;
use super::params;
use super::paths::{join, parent};
use super::template::as_text;
use super::yaml::{Value, parse_bytes};
use crate::domain::repository::{Drift, DriftKind};

/// Bytes of a dependency outside DVC that is hashed: code, not data.
const HASHED: u64 = 1 << 20;

/// Everything of the working tree at `root` that the locks in it do not tell of.
pub fn drift(files: &dyn Files, root: &Path, index: &Index) -> Vec<Drift> {
    let outputs: HashMap<&str, &str> = index
        .found
        .iter()
        .filter_map(|found| Some((found.path.as_str(), found.tracked.locked.as_ref()?)))
        .map(|(path, locked)| (path, locked.hash.as_str()))
        .collect();
    let mut found = Vec::new();
    for path in files.paths() {
        if path.rsplit('/').next() != Some("dvc.lock") {
            continue;
        }
        // What is wrong with it the index has told.
        let Some(lock) = document(files, path) else {
            continue;
        };
        let look = Look {
            files,
            root,
            dir: parent(path),
            outputs: &outputs,
        };
        for stage in lock.get("stages").map(Value::entries).unwrap_or_default() {
            let Some(name) = stage.key.as_str() else {
                continue;
            };
            let address = match look.dir {
                "" => name.to_owned(),
                dir => format!("{dir}/dvc.yaml:{name}"),
            };
            look.params(&address, &stage.value, &mut found);
            look.deps(&address, &stage.value, &mut found);
        }
    }
    found
}

fn document(files: &dyn Files, path: &str) -> Option<Value> {
    parse_bytes(&files.read(path).ok()??).ok()
}

struct Look<'a> {
    files: &'a dyn Files,
    root: &'a Path,
    dir: &'a str,
    /// Hashes by path, as the working tree's own lock and `.dvc` files have them.
    outputs: &'a HashMap<&'a str, &'a str>,
}

impl Look<'_> {
    fn params(&self, stage: &str, locked: &Value, found: &mut Vec<Drift>) {
        let used = locked.get("params").map(Value::entries);
        for file in used.unwrap_or_default() {
            let Some(path) = file.key.as_str().and_then(|name| join(self.dir, name)) else {
                continue;
            };
            let Ok(Some(bytes)) = self.files.read(&path) else {
                continue;
            };
            let Ok(now) = params::load(&path, &bytes) else {
                continue;
            };
            for param in file.value.entries() {
                let key = as_text(&param.key);
                let now = at(&now, &key);
                if now.is_some_and(|now| same(now, &param.value)) {
                    continue;
                }
                found.push(Drift {
                    stage: stage.to_owned(),
                    kind: DriftKind::Param,
                    what: key,
                    then: as_text(&param.value),
                    now: now.map_or_else(|| "gone".to_owned(), as_text),
                });
            }
        }
    }

    fn deps(&self, stage: &str, locked: &Value, found: &mut Vec<Drift>) {
        let deps = locked.get("deps").map(Value::items);
        for dep in deps.unwrap_or_default() {
            let path = dep.get("path").and_then(Value::as_str);
            let then = dep.get("md5").and_then(Value::as_str);
            let Some((path, then)) = path.and_then(|path| join(self.dir, path)).zip(then) else {
                continue;
            };
            let now = match self.outputs.get(path.as_str()) {
                Some(hash) => Some((*hash).to_owned()),
                None => self.hash(&path, dep),
            };
            let Some(now) = now.filter(|now| now != then) else {
                continue;
            };
            let short = |hash: &str| hash.get(..8).unwrap_or(hash).to_owned();
            found.push(Drift {
                stage: stage.to_owned(),
                kind: DriftKind::Dependency,
                what: path,
                then: short(then),
                now: short(&now),
            });
        }
    }

    /// Of a small file; whether others changed is for `dvc status` to say.
    fn hash(&self, path: &str, dep: &Value) -> Option<String> {
        let data = self.root.join(path).metadata().ok()?;
        if !data.is_file() || data.len() > HASHED {
            return None;
        }
        let kind = match dep.get("hash").and_then(Value::as_str) {
            Some("md5") => HashKind::Md5,
            _ => HashKind::Md5Dos2Unix,
        };
        let bytes = self.files.read(path).ok()??;
        hash::of_input(&mut bytes.as_slice(), kind, &mut Vec::new()).ok()
    }
}

/// The value under `train.lr`: keys may themselves hold points.
fn at<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    if let Some(found) = value.get(key) {
        return Some(found);
    }
    key.match_indices('.').find_map(|(point, _)| {
        let (first, rest) = key.split_at(point);
        at(value.get(first)?, rest.get(1..)?)
    })
}

/// As Python compares: `1`, `1.0` and `true` are one.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Seq(a), Value::Seq(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter().all(|entry| {
                    let other = b.iter().find(|other| other.key.same_key(&entry.key));
                    other.is_some_and(|other| same(&entry.value, &other.value))
                })
        }
        (a, b) => a.is_scalar() && b.is_scalar() && (a.same_key(b) || as_text(a) == as_text(b)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    struct Folder(tempfile::TempDir, Vec<String>);

    impl Folder {
        fn of(files: &[(&str, &str)]) -> Self {
            let dir = tempfile::tempdir().unwrap();
            for (path, text) in files {
                let path = dir.path().join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            let paths = files.iter().map(|(path, _)| (*path).to_owned());
            Self(dir, paths.collect())
        }
    }

    impl Files for Folder {
        fn paths(&self) -> &[String] {
            &self.1
        }

        fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
            super::super::read_file(&self.0.path().join(path))
        }
    }

    const LOCK: &str = "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    deps:\n    - path: train.py\n      hash: md5\n      md5: 900150983cd24fb0d6963f7d28e17f72\n    - path: data/f\n      hash: md5\n      md5: 900150983cd24fb0d6963f7d28e17f72\n    params:\n      params.yaml:\n        train.lr: 0.003\n        train.on: true\n        gone: 1\n";

    #[test]
    fn what_changed_since_the_lock_is_named() {
        let folder = Folder::of(&[
            (".dvc/config", ""),
            ("dvc.lock", LOCK),
            ("dvc.yaml", "stages:\n  train:\n    cmd: x\n"),
            ("params.yaml", "train:\n  lr: 0.0022\n  on: 1\n"),
            ("train.py", "abd"),
            (
                "data/f.dvc",
                "outs:\n- md5: d41d8cd98f00b204e9800998ecf8427e\n  hash: md5\n  path: f\n",
            ),
        ]);
        let index = Index::read(&folder);
        let found: Vec<String> = drift(&folder, folder.0.path(), &index)
            .into_iter()
            .map(|d| format!("{} {} {} -> {}", d.stage, d.what, d.then, d.now))
            .collect();
        assert_eq!(
            found,
            [
                "train train.lr 0.003 -> 0.0022",
                "train gone 1 -> gone",
                "train train.py 90015098 -> 4911e516",
                "train data/f 90015098 -> d41d8cd9",
            ]
        );
    }
}
