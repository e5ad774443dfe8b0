//! Everything that DVC's files in one tree declare and record.

use super::ignore::Ignore;
use super::lock::{self, Lock, Locked};
use super::paths::{is_within, join, parent};
use super::pipeline::{self, Out, Role};
use super::yaml::{Damage, parse_bytes};
use super::{Files, single};

/// An output as declared, and what is recorded of it.
#[derive(Clone, Debug)]
pub struct Tracked {
    pub out: Out,
    pub locked: Option<Locked>,
}

/// An output of a tree.
#[derive(Clone, Debug)]
pub struct Found {
    pub tracked: Tracked,
    /// Relative to the repository; as written where it lies outside of it.
    pub path: String,
    pub outside: bool,
    /// The address of its stage, or the path of its `.dvc` file, seen from the repository's root.
    pub stage: String,
    /// The `dvc.yaml` or `.dvc` file that declares it.
    pub file: String,
    /// The DVC repository it belongs to.
    pub root: String,
    /// Whether what is recorded could be read: if not, `locked` says nothing.
    pub record_read: bool,
}

/// What one tree holds.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Directories with a `.dvc` in them, the outer ones first.
    pub roots: Vec<String>,
    pub found: Vec<Found>,
    /// Path, with line where known, and what is wrong.
    pub problems: Vec<(String, String)>,
    pub ignore: Ignore,
}

impl Index {
    pub fn read(files: &dyn Files) -> Self {
        let mut index = Self {
            roots: roots(files),
            ..Self::default()
        };
        for path in files
            .paths()
            .iter()
            .filter(|path| name(path) == ".dvcignore")
        {
            if let Some(bytes) = index.bytes(files, path) {
                index
                    .ignore
                    .add(parent(path), &String::from_utf8_lossy(&bytes));
            }
        }
        for path in files.paths() {
            let Some(root) = index.root_of(path).map(str::to_owned) else {
                continue;
            };
            if index.ignore.matches(&root, path, false) {
                continue;
            }
            match name(path) {
                "dvc.yaml" => index.pipeline(files, path, &root),
                name if name.ends_with(".dvc") => index.single(files, path, &root),
                _ => {}
            }
        }
        index
    }

    /// The innermost DVC repository around a file; `None` for its own files under `.dvc`.
    fn root_of(&self, path: &str) -> Option<&str> {
        let root = self.roots.iter().rfind(|root| is_within(path, root))?;
        let own = if root.is_empty() {
            ".dvc".to_owned()
        } else {
            format!("{root}/.dvc")
        };
        (!is_within(path, &own)).then_some(root)
    }

    fn bytes(&mut self, files: &dyn Files, path: &str) -> Option<Vec<u8>> {
        match files.read(path) {
            Ok(bytes) => bytes,
            Err(what) => {
                self.problems.push((path.to_owned(), what));
                None
            }
        }
    }

    fn damaged(&mut self, path: &str, damage: Damage) {
        let place = if damage.line == 0 {
            path.to_owned()
        } else {
            format!("{path}:{}", damage.line)
        };
        self.problems.push((place, damage.what));
    }

    fn single(&mut self, files: &dyn Files, path: &str, root: &str) {
        let Some(bytes) = self.bytes(files, path) else {
            return;
        };
        match single::parse(&bytes) {
            Ok((wdir, outs)) => {
                let dir = join(parent(path), &wdir);
                let origin = Origin {
                    file: path,
                    record: path,
                    stage: path.to_owned(),
                    dir: dir.as_deref(),
                    root,
                    record_read: true,
                };
                for tracked in outs {
                    self.add(tracked, &origin);
                }
            }
            Err(damage) => self.damaged(path, damage),
        }
    }

    fn pipeline(&mut self, files: &dyn Files, path: &str, root: &str) {
        let dir = parent(path);
        let lock_path = format!("{}dvc.lock", path.strip_suffix("dvc.yaml").unwrap_or(path));
        let mut record_read = true;
        let mut lock = match self
            .bytes(files, &lock_path)
            .map(|bytes| lock::parse(&bytes))
        {
            None => Lock::new(),
            Some(Ok(lock)) => lock,
            Some(Err(damage)) => {
                self.damaged(&lock_path, damage);
                record_read = false;
                Lock::new()
            }
        };
        let Some(bytes) = self.bytes(files, path) else {
            return;
        };
        let document = match parse_bytes(&bytes) {
            Ok(document) => document,
            Err(damage) => {
                // Nothing is declared then, but what was produced before is still known.
                self.damaged(path, damage);
                self.all_recorded(&mut lock, path, root, |_| true);
                return;
            }
        };
        let pipeline = pipeline::resolve(files, dir, &document);
        for (line, what) in pipeline.problems {
            self.damaged(path, Damage::new(line, what));
        }
        for stage in pipeline.stages {
            let origin = Origin {
                file: path,
                record: &lock_path,
                stage: address(path, &stage.name),
                dir: stage.wdir.as_deref(),
                root,
                record_read,
            };
            let mut known = Vec::new();
            for out in stage.outs {
                known.push(out.path.clone());
                let locked = recorded_as(&lock, &stage.name, &out.path);
                self.add(Tracked { out, locked }, &origin);
            }
            if stage.incomplete {
                self.recorded(&mut lock, &stage.name, &origin, &known);
            }
        }
        for group in pipeline.unresolved_groups {
            let prefix = format!("{group}@");
            self.all_recorded(&mut lock, path, root, |stage| stage.starts_with(&prefix));
        }
    }

    /// The outputs of stages whose declarations cannot be read.
    fn all_recorded(
        &mut self,
        lock: &mut Lock,
        file: &str,
        root: &str,
        wanted: impl Fn(&str) -> bool,
    ) {
        let record = lock_of(file);
        let mut stages: Vec<String> = lock.keys().filter(|name| wanted(name)).cloned().collect();
        stages.sort();
        for stage in stages {
            let origin = Origin {
                file,
                record: &record,
                stage: address(file, &stage),
                dir: Some(parent(file)),
                root,
                record_read: true,
            };
            self.recorded(lock, &stage, &origin, &[]);
        }
    }

    /// Outputs that only the lock tells of, but for the `known` ones.
    fn recorded(&mut self, lock: &mut Lock, stage: &str, origin: &Origin<'_>, known: &[String]) {
        for (path, locked) in lock.remove(stage).unwrap_or_default() {
            if !known.contains(&path) {
                let out = Out::plain(&path, Role::Out);
                self.add(Tracked { out, locked }, origin);
            }
        }
    }

    fn add(&mut self, tracked: Tracked, origin: &Origin<'_>) {
        let sound = tracked.locked.as_ref().is_none_or(Locked::is_sound);
        if !sound {
            let what = format!("{}: not an md5", tracked.out.path);
            self.problems.push((origin.record.to_owned(), what));
        }
        let inside = origin.dir.and_then(|dir| join(dir, &tracked.out.path));
        self.found.push(Found {
            outside: inside.is_none(),
            path: inside.unwrap_or_else(|| tracked.out.path.clone()),
            tracked,
            stage: origin.stage.clone(),
            file: origin.file.to_owned(),
            root: origin.root.to_owned(),
            record_read: origin.record_read && sound,
        });
    }
}

/// Where an output was found declared.
struct Origin<'a> {
    file: &'a str,
    stage: String,
    /// The file that its hash stands in.
    record: &'a str,
    /// What its path is relative to; `None` outside the repository.
    dir: Option<&'a str>,
    root: &'a str,
    record_read: bool,
}

fn recorded_as(lock: &Lock, stage: &str, path: &str) -> Option<Locked> {
    let outs = lock.get(stage)?;
    outs.iter().find(|(known, _)| known == path)?.1.clone()
}

/// The lock file beside a `dvc.yaml`.
fn lock_of(path: &str) -> String {
    format!("{}dvc.lock", path.strip_suffix("dvc.yaml").unwrap_or(path))
}

fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// As `dvc status` names a stage from the repository's root.
fn address(file: &str, stage: &str) -> String {
    if file == "dvc.yaml" {
        stage.to_owned()
    } else {
        format!("{file}:{stage}")
    }
}

fn roots(files: &dyn Files) -> Vec<String> {
    let mut roots: Vec<String> = files
        .paths()
        .iter()
        .filter_map(|path| {
            let dir = path
                .strip_suffix("/config")
                .or_else(|| path.strip_suffix("/.gitignore"))?;
            let root = dir.strip_suffix(".dvc")?;
            Some(root.trim_end_matches('/').to_owned())
        })
        .collect();
    // Outer ones are prefixes of inner ones, and so shorter.
    roots.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    roots.dedup();
    roots
}
