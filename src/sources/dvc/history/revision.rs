//! What DVC's files declare and record in one revision, knowing what others had.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::blocks::{LockFile, LockReader, SoundReader};
use super::fault::Fault;
use super::tree::{BlobId, FileAt, Place, Tree};
use crate::sources::dvc::lock::{Locked, StageLock};
use crate::sources::dvc::paths::{join, locate, parent};
use crate::sources::dvc::pipeline::{self, Out, Role};
use crate::sources::dvc::schema;
use crate::sources::dvc::single::{self, Single, SourceKind};
use crate::sources::dvc::template::{Context, Whole};
use crate::sources::dvc::vars;
use crate::sources::dvc::yaml::{Entry, Value, parse_bytes};
use crate::sources::dvc::{Files, Parsing};

/// A `dvc.yaml`, with every template filled in.
#[derive(Debug)]
pub struct Declared {
    pub stages: Vec<pipeline::Stage>,
    /// `metrics:`, `params:` and `plots:` outside of stages.
    pub metrics: Vec<String>,
    pub params: Vec<String>,
    pub plots: Value,
}

/// What one file declares and records.
#[derive(Clone, Debug)]
pub enum Content {
    Pipeline {
        declared: Arc<Declared>,
        lock: Arc<LockFile>,
    },
    Single(Arc<Single>),
}

#[derive(Clone, Debug)]
pub struct DvcFile {
    pub path: Arc<str>,
    pub content: Content,
}

/// All files of a revision, in DVC's order.
#[derive(Clone, Debug, Default)]
pub struct Revision {
    pub files: Vec<DvcFile>,
}

/// A stage of a revision with what is recorded of it.
pub struct StageAt<'a> {
    pub file: &'a str,
    pub kind: StageKind<'a>,
}

pub enum StageKind<'a> {
    Pipeline(&'a pipeline::Stage, Option<&'a StageLock>),
    Single(&'a Single),
}

type Reads = Vec<(String, Option<BlobId>)>;
type Known<T> = Result<Arc<T>, Fault>;
/// What a file says as long as the files that it looks at are these.
type Resolved = (Reads, Known<Declared>);
/// Whether a file could be read, by its content.
type Judged = (BlobId, Result<(), Fault>);

/// What was found out about files of other revisions.
#[derive(Default)]
pub struct Memo {
    /// By path and content; then by the content of every other file that was looked at.
    pipelines: HashMap<(Arc<str>, BlobId), Vec<Resolved>>,
    singles: HashMap<BlobId, Known<Single>>,
    readers: HashMap<String, LockReader>,
    locks: HashMap<String, (BlobId, Known<LockFile>)>,
    sound: HashMap<String, (SoundReader, Option<Judged>)>,
}

impl Revision {
    /// Reads everything; the first damage is the answer, as in DVC.
    pub fn read(tree: &dyn Tree, memo: &mut Memo) -> Result<Self, Fault> {
        let mut files = Vec::new();
        for file in tree.dvc_files().map_err(Fault::other)? {
            let content = if file.path.ends_with(".dvc") {
                Content::Single(memo.single(tree, &file)?)
            } else {
                memo.pipeline(tree, &file)?
            };
            files.push(DvcFile {
                path: file.path,
                content,
            });
        }
        Ok(Self { files })
    }

    pub fn stages(&self) -> impl Iterator<Item = StageAt<'_>> {
        self.files.iter().flat_map(|file| {
            let (pipeline, single) = match &file.content {
                Content::Pipeline { declared, lock } => (Some((declared, lock)), None),
                Content::Single(single) => (None, Some(single)),
            };
            let path: &str = &file.path;
            let stages = pipeline.into_iter().flat_map(move |(declared, lock)| {
                declared.stages.iter().map(move |stage| StageAt {
                    file: path,
                    kind: StageKind::Pipeline(stage, lock.get(stage.name.as_str()).map(|it| &**it)),
                })
            });
            let singles = single.into_iter().map(move |single| StageAt {
                file: path,
                kind: StageKind::Single(single),
            });
            stages.chain(singles)
        })
    }
}

impl<'a> StageAt<'a> {
    /// What paths are relative to, seen from the root; not normal where it lies outside.
    pub fn wdir(&self) -> String {
        let dir = parent(self.file);
        match &self.kind {
            StageKind::Pipeline(stage, _) => stage.wdir.clone().unwrap_or_else(|| dir.to_owned()),
            StageKind::Single(single) => locate(dir, &single.wdir),
        }
    }

    /// As DVC names it from the root.
    pub fn address(&self) -> String {
        match &self.kind {
            StageKind::Pipeline(stage, _) if self.file == "dvc.yaml" => stage.name.clone(),
            StageKind::Pipeline(stage, _) => format!("{}:{}", self.file, stage.name),
            StageKind::Single(_) => self.file.to_owned(),
        }
    }

    /// Outputs with what is recorded of them.
    pub fn outs(&self) -> Vec<(&'a Out, Option<Locked>)> {
        match &self.kind {
            StageKind::Pipeline(stage, lock) => {
                let recorded = |out: &Out| lock.and_then(|lock| lock.out(&out.path));
                stage.outs.iter().map(|out| (out, recorded(out))).collect()
            }
            StageKind::Single(single) => {
                let outs = single.outs.iter();
                outs.map(|tracked| (&tracked.out, tracked.locked.clone()))
                    .collect()
            }
        }
    }

    /// Files and directories that it depends on, with what is recorded of them.
    pub fn deps(&self) -> Vec<(&'a str, Option<Locked>)> {
        match &self.kind {
            StageKind::Pipeline(stage, lock) => {
                let deps = stage.deps.iter().filter(|path| !path.starts_with("ds://"));
                deps.map(|path| (path.as_str(), lock.and_then(|lock| lock.dep(path))))
                    .collect()
            }
            StageKind::Single(single) => {
                let deps = single.deps.iter();
                let plain = deps
                    .filter(|dep| dep.kind == SourceKind::Plain && !dep.path.starts_with("ds://"));
                plain
                    .map(|dep| (dep.path.as_str(), dep.locked.clone()))
                    .collect()
            }
        }
    }

    /// A `.dvc` file of `dvc add`: neither a command nor a dependency.
    pub fn is_data_source(&self) -> bool {
        match &self.kind {
            StageKind::Pipeline(..) => false,
            StageKind::Single(single) => matches!(single.cmd, Value::Null),
        }
    }

    /// What a stage's `plots:` say of one of its outputs.
    pub fn plot_props(&self, path: &str) -> Vec<Entry> {
        match &self.kind {
            StageKind::Pipeline(stage, _) => {
                let out = stage
                    .outs
                    .iter()
                    .find(|out| out.path == path && out.role == Role::Plot);
                out.map(|out| out.plot.entries().to_vec())
                    .unwrap_or_default()
            }
            StageKind::Single(_) => Vec::new(),
        }
    }

    /// The outputs of one role.
    pub fn outs_of(&self, role: Role) -> Vec<(&'a Out, Option<Locked>)> {
        let mut outs = self.outs();
        outs.retain(|(out, _)| out.role == role);
        outs
    }
}

impl Memo {
    fn single(&mut self, tree: &dyn Tree, file: &FileAt) -> Known<Single> {
        if let Some(known) = file.id.and_then(|id| self.singles.get(&id)) {
            return known.clone();
        }
        let read = bytes(tree, &file.path).and_then(|bytes| {
            let single = single::parse(&bytes).ok();
            let allowed = single.filter(|single| schema::single(&single.document).is_none());
            allowed
                .map(Arc::new)
                .ok_or_else(|| Fault::damaged(&file.path, &bytes))
        });
        if let Some(id) = file.id {
            self.singles.insert(id, read.clone());
        }
        read
    }

    fn pipeline(&mut self, tree: &dyn Tree, file: &FileAt) -> Result<Content, Fault> {
        let declared = self.declared(tree, file)?;
        let lock = self.lock(tree, &lock_path(&file.path))?;
        Ok(Content::Pipeline { declared, lock })
    }

    fn declared(&mut self, tree: &dyn Tree, file: &FileAt) -> Known<Declared> {
        let key = file.id.map(|id| (Arc::clone(&file.path), id));
        if let Some(known) = key.as_ref().and_then(|key| self.pipelines.get(key)) {
            let still = |(path, id): &(String, Option<BlobId>)| id_of(tree, path) == *id;
            let found = known.iter().find(|(reads, _)| reads.iter().all(still));
            if let Some((reads, declared)) = found {
                let declared = declared.clone();
                if reads.is_empty() {
                    self.defaults_are_sound(tree, &file.path)?;
                }
                return declared;
            }
        }
        let recorder = Recorder {
            tree,
            reads: RefCell::default(),
        };
        let declared = bytes(tree, &file.path).and_then(|bytes| {
            if names_nothing(&bytes) {
                self.defaults_are_sound(tree, &file.path)?;
                return declared(&Empty(tree.parsing()), &file.path, &bytes);
            }
            declared(&recorder, &file.path, &bytes)
        });
        if let Some(key) = key {
            let reads = recorder.reads.into_inner();
            self.pipelines
                .entry(key)
                .or_default()
                .push((reads, declared.clone()));
        }
        declared
    }

    /// DVC reads the default parameters even where nothing names them.
    fn defaults_are_sound(&mut self, tree: &dyn Tree, file: &str) -> Result<(), Fault> {
        let path = match parent(file) {
            "" => vars::DEFAULT.to_owned(),
            dir => format!("{dir}/{}", vars::DEFAULT),
        };
        let id = match tree.place(&path) {
            Some(Place::File(id)) => id,
            _ => return Ok(()),
        };
        let (reader, last) = self.sound.entry(path.clone()).or_default();
        if let (Some((known, sound)), Some(id)) = (&*last, id)
            && *known == id
        {
            return sound.clone();
        }
        let sound = bytes(tree, &path).and_then(|bytes| {
            reader
                .check(&bytes)
                .map_err(|_| Fault::corrupted(&path, "YAML"))
        });
        *last = id.map(|id| (id, sound.clone()));
        sound
    }

    fn lock(&mut self, tree: &dyn Tree, path: &str) -> Known<LockFile> {
        let id = match tree.place(path) {
            Some(Place::File(id)) => id,
            _ => return Ok(Arc::default()),
        };
        if let (Some((known, lock)), Some(id)) = (self.locks.get(path), id)
            && *known == id
        {
            return lock.clone();
        }
        let reader = self.readers.entry(path.to_owned()).or_default();
        let lock = bytes(tree, path).and_then(|bytes| {
            let lock = reader.read(&bytes).map(Arc::new);
            lock.map_err(|_| Fault::damaged(path, &bytes))
        });
        if let Some(id) = id {
            self.locks.insert(path.to_owned(), (id, lock.clone()));
        }
        lock
    }
}

fn lock_path(file: &str) -> String {
    format!("{}dvc.lock", file.strip_suffix("dvc.yaml").unwrap_or(file))
}

/// Whether neither a template nor vars stand in the file: then nothing else decides what it says.
fn names_nothing(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"${").is_none() && memchr::memmem::find(bytes, b"vars").is_none()
}

fn bytes(tree: &dyn Tree, path: &str) -> Result<Vec<u8>, Fault> {
    let bytes = tree.read(path).map_err(Fault::other)?;
    bytes.ok_or_else(|| Fault::missing(path))
}

fn declared(files: &dyn Files, path: &str, bytes: &[u8]) -> Known<Declared> {
    let document = parse_bytes(bytes).map_err(|_| Fault::damaged(path, bytes))?;
    if schema::pipeline(&document).is_some() {
        return Err(Fault::damaged(path, bytes));
    }
    let pipeline = pipeline::resolve(files, parent(path), &document);
    if let Some((line, what)) = pipeline.problems.into_iter().next() {
        return Err(Fault::declared(path, line, &what));
    }
    let context = match names_nothing(bytes) {
        true => Ok(Context::default()),
        false => vars::of_file(files, parent(path), document.get("vars")),
    };
    let context = context.map_err(|what| Fault::declared(path, 0, &what))?;
    let filled = |key: &str| match document.get(key) {
        Some(value) => {
            let filled = context.fill(value, Whole::Scalar);
            filled.map_err(|what| Fault::declared(path, 0, &format!("{key}: {what}")))
        }
        None => Ok(Value::Null),
    };
    let texts = |value: &Value| {
        let items = value.items().iter();
        items
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect()
    };
    Ok(Arc::new(Declared {
        stages: pipeline.stages,
        metrics: texts(&filled("metrics")?),
        params: texts(&filled("params")?),
        plots: filled("plots")?,
    }))
}

/// Files that notes what was asked of it.
struct Recorder<'a> {
    tree: &'a dyn Tree,
    reads: RefCell<Reads>,
}

fn id_of(tree: &dyn Tree, path: &str) -> Option<BlobId> {
    match tree.place(path) {
        Some(Place::File(id)) => id,
        _ => None,
    }
}

impl Files for Recorder<'_> {
    fn paths(&self) -> &[String] {
        &[]
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let id = id_of(self.tree, path);
        self.reads.borrow_mut().push((path.to_owned(), id));
        self.tree.read(path)
    }

    fn root(&self) -> Option<&std::path::Path> {
        self.tree.root()
    }

    fn parsing(&self) -> Parsing {
        self.tree.parsing()
    }
}

/// A tree without files.
struct Empty(Parsing);

impl Files for Empty {
    fn paths(&self) -> &[String] {
        &[]
    }

    fn read(&self, _: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(None)
    }

    fn parsing(&self) -> Parsing {
        self.0
    }
}

/// A path of a stage, seen from the root: inside, or with `..` where it leaves the tree.
pub fn at(wdir: &str, path: &str) -> String {
    join(wdir, path).unwrap_or_else(|| locate(wdir, path))
}
