//! Everything that DVC's files in one tree declare and record.

mod origin;
mod stage;

use std::path::Path;

use super::lock::{self, Lock, Locked};
use super::paths::{is_within, join, parent};
use super::pipeline::{self, Out, Role};
use super::schema;
use super::single::{self, SourceKind};
use super::yaml::{Damage, Value, parse_bytes};
use super::{Files, ignore::Ignore};

use origin::{Origin, as_of, dependencies};
pub use stage::{Dep, DepKind, Stage};

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
    /// In the order in which they were found.
    pub stages: Vec<Stage>,
    pub found: Vec<Found>,
    /// Path, with line where known, and what is wrong.
    pub problems: Vec<(String, String)>,
    /// The same for what could be read, but DVC 3 would refuse.
    pub refused: Vec<(String, String)>,
    pub ignore: Ignore,
    /// `dvc.yaml` and `.dvc` files, in the order in which they were found.
    pub files: Vec<String>,
}

impl Index {
    /// All the DVC repositories of a tree.
    pub fn read(files: &dyn Files) -> Self {
        Self::of(files, roots(files), |_| true)
    }

    /// The DVC repository at the root of a tree, and none of those below it.
    pub fn read_project(files: &dyn Files) -> Self {
        let mut roots = roots(files);
        if roots.first().is_none_or(|root| !root.is_empty()) {
            roots.insert(0, String::new());
        }
        Self::of(files, roots, str::is_empty)
    }

    fn of(files: &dyn Files, roots: Vec<String>, is_wanted: impl Fn(&str) -> bool) -> Self {
        let mut index = Self {
            roots,
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
            if !is_wanted(&root) || index.ignore.matches(&root, path, false) {
                continue;
            }
            index.file(files, path, &root);
        }
        index.refuse_ignored(files.root());
        index
    }

    /// DVC refuses outputs that it is told to leave out. `root` is where the tree lies, if it is on disk.
    pub fn refuse_ignored(&mut self, root: Option<&Path>) {
        if self.ignore.is_empty() {
            return;
        }
        for found in self.found.iter().filter(|found| !found.outside) {
            let is_dir = root.is_some_and(|root| root.join(&found.path).is_dir());
            if self.ignore.matches(&found.root, &found.path, is_dir) {
                let what = format!("Path '{}' is ignored by .dvcignore", found.path);
                self.refused.push((found.file.clone(), what));
            }
        }
    }

    /// Reads a `dvc.yaml` or `.dvc` file; other files mean nothing here.
    pub fn file(&mut self, files: &dyn Files, path: &str, root: &str) {
        self.files.push(path.to_owned());
        match name(path) {
            "dvc.yaml" => self.pipeline(files, path, root),
            name if name.len() > 4 && name.ends_with(".dvc") => self.single(files, path, root),
            _ => {}
        }
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
        self.problems.push((place(path, damage.line), damage.what));
    }

    fn refuse(&mut self, path: &str, damage: Option<Damage>) {
        let refused = damage.map(|damage| (place(path, damage.line), damage.what));
        self.refused.extend(refused);
    }

    fn single(&mut self, files: &dyn Files, path: &str, root: &str) {
        let Some(bytes) = self.bytes(files, path) else {
            return;
        };
        let mut single = match single::parse(&bytes) {
            Ok(single) => single,
            Err(damage) => {
                self.damaged(path, damage);
                return;
            }
        };
        self.refuse(path, schema::single(&single.document));
        let dir = join(parent(path), &single.wdir);
        let origin = Origin {
            files,
            file: path,
            record: path,
            stage: path.to_owned(),
            dir: dir.as_deref(),
            root,
            record_read: true,
        };
        let first = self.found.len();
        for tracked in std::mem::take(&mut single.outs) {
            self.add(tracked, &origin);
        }
        let deps = single.deps.iter().map(|source| {
            let kind = match source.kind.clone() {
                SourceKind::Plain if source.path.starts_with("ds://") => DepKind::Dataset,
                SourceKind::Plain => DepKind::Plain,
                SourceKind::Repository { url, rev, rev_lock } => {
                    DepKind::Repository { url, rev, rev_lock }
                }
                SourceKind::Database => DepKind::Database,
            };
            origin.dep(&source.path, source.locked.clone(), kind)
        });
        self.stages.push(Stage {
            file: path.to_owned(),
            name: None,
            root: root.to_owned(),
            wdir: dir.clone(),
            cmd: single.cmd.clone(),
            locked_cmd: None,
            deps: deps.collect(),
            outs: first..self.found.len(),
            frozen: single.frozen,
            always_changed: single.always_changed,
            desc: single.desc.clone(),
            single: Some(single),
        });
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
            Some(Ok((lock, refused))) => {
                self.refuse(&lock_path, refused);
                lock
            }
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
                self.all_recorded(files, &mut lock, path, root, |_| true);
                return;
            }
        };
        self.refuse(path, schema::pipeline(&document));
        let pipeline = pipeline::resolve(files, dir, &document);
        for (line, what) in pipeline.problems {
            self.damaged(path, Damage::new(line, what));
        }
        for stage in pipeline.stages {
            self.stage(
                files,
                stage,
                &mut lock,
                (path, &lock_path, root),
                record_read,
            );
        }
        for group in pipeline.unresolved_groups {
            let prefix = format!("{group}@");
            self.all_recorded(files, &mut lock, path, root, |stage| {
                stage.starts_with(&prefix)
            });
        }
    }

    /// `place` is the file, its lock, and the DVC repository.
    fn stage(
        &mut self,
        files: &dyn Files,
        stage: pipeline::Stage,
        lock: &mut Lock,
        (file, record, root): (&str, &str, &str),
        record_read: bool,
    ) {
        let recorded = lock.get(&stage.name);
        let origin = Origin {
            files,
            file,
            record,
            stage: address(file, &stage.name),
            dir: stage.wdir.as_deref(),
            root,
            record_read,
        };
        let deps = dependencies(&stage, recorded, &origin);
        let locked_cmd = recorded.map(|it| it.cmd.clone().unwrap_or(Value::Null));
        let first = self.found.len();
        let mut known = Vec::new();
        for out in stage.outs {
            known.push(out.path.clone());
            let locked = lock.get(&stage.name).and_then(|it| it.out(&out.path));
            self.add(Tracked { out, locked }, &origin);
        }
        if stage.incomplete {
            self.recorded(lock, &stage.name, &origin, &known);
        }
        self.stages.push(Stage {
            file: file.to_owned(),
            name: Some(stage.name),
            root: root.to_owned(),
            wdir: stage.wdir.clone(),
            cmd: stage.cmd,
            locked_cmd,
            deps,
            outs: first..self.found.len(),
            frozen: stage.frozen,
            always_changed: stage.always_changed,
            desc: stage.desc,
            single: None,
        });
    }

    /// The outputs of stages whose declarations cannot be read.
    fn all_recorded(
        &mut self,
        files: &dyn Files,
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
                files,
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
        for (path, locked) in lock.remove(stage).unwrap_or_default().outs {
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
        let (path, outside) = origin.locate(&tracked.out.path);
        self.found.push(Found {
            tracked: Tracked {
                locked: as_of(tracked.locked, outside),
                out: tracked.out,
            },
            outside,
            path,
            stage: origin.stage.clone(),
            file: origin.file.to_owned(),
            root: origin.root.to_owned(),
            record_read: origin.record_read && sound,
        });
    }
}

fn place(path: &str, line: usize) -> String {
    if line == 0 {
        path.to_owned()
    } else {
        format!("{path}:{line}")
    }
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
