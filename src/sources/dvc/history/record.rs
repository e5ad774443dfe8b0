//! Everything that DVC shows of one revision in its table of experiments.

use std::path::Path;

use super::data::Data;
use super::fault::Fault;
use super::revision::Revision;
use super::tree::Tree;
use super::values::{Reader, Values, Wanted};
use crate::sources::dvc::lock::Locked;
use crate::sources::dvc::paths::relative;
use crate::sources::dvc::pipeline::Role;
use crate::sources::dvc::project::Project;

/// A file or directory that a stage depends on or makes.
#[derive(Clone, Debug)]
pub struct Item {
    pub hash: Option<String>,
    pub size_bytes: Option<u64>,
    pub files: Option<u64>,
    pub cached: bool,
    /// Added by hand, and not made by a stage.
    pub is_data_source: bool,
}

impl Item {
    fn new(locked: Option<&Locked>) -> Self {
        Self {
            hash: locked.map(|locked| locked.hash.clone()),
            size_bytes: locked.and_then(|locked| locked.size_bytes),
            files: locked.and_then(|locked| locked.files),
            cached: true,
            is_data_source: false,
        }
    }
}

/// By path, in DVC's order.
pub type Items = Vec<(String, Item)>;

#[derive(Clone, Debug, Default)]
pub struct Record {
    pub params: Values,
    pub metrics: Values,
    pub deps: Items,
    pub outs: Items,
}

impl Reader {
    /// Everything of one revision. `below` is the DVC repository's directory in Git's, empty for the same.
    ///
    /// # Errors
    /// Where DVC's own files are damaged.
    pub fn record(
        &mut self,
        project: &Project,
        tree: &dyn Tree,
        below: &str,
        wanted: &Wanted,
    ) -> Result<Record, Fault> {
        let revision = Revision::read(tree, &mut self.memo)?;
        let data = Data::new(project, tree, &revision);
        let seen = Seen::new(project, tree, below);
        let (mut deps, mut outs) = (Items::new(), Items::new());
        let mut places = [
            std::collections::HashMap::new(),
            std::collections::HashMap::new(),
        ];
        let mut put = |which: usize, items: &mut Items, path: String, item: Item| {
            let Some(places) = places.get_mut(which) else {
                return;
            };
            match places.get(&path).and_then(|at: &usize| items.get_mut(*at)) {
                Some((_, known)) => *known = item,
                None => {
                    places.insert(path.clone(), items.len());
                    items.push((path, item));
                }
            }
        };
        for stage in revision.stages() {
            let wdir = stage.wdir();
            for (path, locked) in stage.deps() {
                put(
                    0,
                    &mut deps,
                    seen.path(&wdir, path),
                    Item::new(locked.as_ref()),
                );
            }
            let is_data_source = stage.is_data_source();
            for (out, locked) in stage.outs() {
                if out.role != Role::Out {
                    continue;
                }
                let item = Item {
                    cached: out.cached,
                    is_data_source,
                    ..Item::new(locked.as_ref())
                };
                put(1, &mut outs, seen.path(&wdir, &out.path), item);
            }
        }
        Ok(Record {
            params: self.params_of(&revision, &data, tree, wanted),
            metrics: self.metrics_of(&revision, &data, &Wanted::default()),
            deps,
            outs,
        })
    }
}

/// How DVC writes paths down: seen from the root; in a commit, Git's repository is the whole file system.
struct Seen {
    root: String,
}

impl Seen {
    fn new(project: &Project, tree: &dyn Tree, below: &str) -> Self {
        let root = if tree.is_workspace() {
            project.root.to_string_lossy().into_owned()
        } else {
            format!("/{below}")
        };
        Self { root }
    }

    fn path(&self, wdir: &str, written: &str) -> String {
        if let Some((_, path)) = written.split_once("://") {
            return path.to_owned();
        }
        let absolute = if Path::new(written).is_absolute() {
            normal(written)
        } else {
            normal(&format!("{}/{wdir}/{written}", self.root))
        };
        relative(&absolute, &self.root)
    }
}

/// Without `.` and `..`; nothing lies above the file system's root.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
