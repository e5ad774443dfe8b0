//! The content of any file of a revision: from its tree, or, where DVC keeps it, from the cache or a remote on this
//! machine.

use std::collections::HashMap;
use std::path::PathBuf;

use super::fault::Fault;
use super::revision::{Revision, at};
use super::tree::{BlobId, Place, Tree};
use crate::sources::dvc::config::Config;
use crate::sources::dvc::lock::{HashKind, Locked};
use crate::sources::dvc::objects::Store;
use crate::sources::dvc::paths::is_within;
use crate::sources::dvc::project::Project;

/// Which content a file has, where that can be told without reading it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ContentId {
    Blob(BlobId),
    Object(String),
}

/// Where a file's bytes are.
#[derive(Clone, Debug)]
enum Source {
    Tree,
    Objects(Vec<PathBuf>),
}

/// One output that DVC keeps.
struct Kept {
    path: String,
    locked: Option<Locked>,
    remote: Option<String>,
}

/// The files of one revision, those of DVC among them.
pub struct Data<'a> {
    project: &'a Project,
    tree: &'a dyn Tree,
    revision: &'a Revision,
    cache: Store,
    kept: std::cell::OnceCell<Vec<Kept>>,
    /// Of directories, by the hash of their listing.
    listings: std::cell::RefCell<HashMap<String, Listing>>,
    /// Why nothing is known of what DVC keeps.
    damage: Option<Fault>,
    /// That of a commit.
    config: std::cell::OnceCell<Config>,
}

type Listing = Option<std::rc::Rc<Vec<(String, String)>>>;

impl<'a> Data<'a> {
    pub fn new(project: &'a Project, tree: &'a dyn Tree, revision: &'a Revision) -> Self {
        Self {
            project,
            tree,
            revision,
            cache: project.cache(),
            kept: std::cell::OnceCell::new(),
            listings: std::cell::RefCell::default(),
            damage: None,
            config: std::cell::OnceCell::new(),
        }
    }

    /// Everything that DVC keeps; most questions are answered without.
    fn kept(&self) -> &[Kept] {
        self.kept.get_or_init(|| {
            let mut kept = Vec::new();
            for stage in self.revision.stages() {
                let wdir = stage.wdir();
                for (out, locked) in stage.outs() {
                    if out.cached {
                        kept.push(Kept {
                            path: at(&wdir, &out.path),
                            locked,
                            remote: out.remote.clone(),
                        });
                    }
                }
            }
            kept
        })
    }

    /// The same with the reason why nothing is known of what DVC keeps.
    pub fn damaged(self, damage: Option<Fault>) -> Self {
        Self { damage, ..self }
    }

    /// The bytes of a file, and what tells that another revision has the same.
    ///
    /// # Errors
    /// As DVC has them.
    pub fn find(&self, path: &str) -> Result<(Option<ContentId>, Bytes<'_>), Fault> {
        match self.tree.place(path) {
            Some(Place::File(id)) => {
                let bytes = Bytes(self, path.to_owned(), Source::Tree);
                return Ok((id.map(ContentId::Blob), bytes));
            }
            Some(Place::Directory(_)) => {
                let what = format!("[Errno 21] Is a directory: '{path}'");
                return Err(Fault::new("IsADirectoryError", what));
            }
            None => {}
        }
        let (hash, kind, remote) = self.object(path).ok_or_else(|| {
            let damage = self.damage.clone();
            damage.unwrap_or_else(|| Fault::missing(path))
        })?;
        let remote = self.remote(remote.as_deref());
        let stores = [Some(&self.cache), remote.as_ref()].into_iter().flatten();
        let paths: Vec<PathBuf> = stores.filter_map(|store| store.path(&hash, kind)).collect();
        let bytes = Bytes(self, path.to_owned(), Source::Objects(paths));
        Ok((Some(ContentId::Object(hash)), bytes))
    }

    /// The hash of a file that DVC keeps, alone or in a directory.
    fn object(&self, path: &str) -> Option<(String, HashKind, Option<String>)> {
        let kept = self
            .kept()
            .iter()
            .find(|kept| is_within(path, &kept.path))?;
        let locked = kept.locked.as_ref()?;
        if kept.path == path {
            return (!locked.is_dir())
                .then(|| (locked.hash.clone(), locked.kind, kept.remote.clone()));
        }
        let inside = path.get(kept.path.len() + 1..)?;
        let listing = self.listing(kept)?;
        let (_, hash) = listing.iter().find(|(name, _)| name == inside)?;
        Some((hash.clone(), locked.kind, kept.remote.clone()))
    }

    fn listing(&self, kept: &Kept) -> Listing {
        let locked = kept.locked.as_ref().filter(|locked| locked.is_dir())?;
        if let Some(known) = self.listings.borrow().get(&locked.hash) {
            return known.clone();
        }
        let remote = self.remote(kept.remote.as_deref());
        let stores = [Some(&self.cache), remote.as_ref()].into_iter().flatten();
        let listing = match &locked.listing {
            Some(listing) => Some((**listing).clone()),
            None => stores.into_iter().find_map(|store| store.listing(locked)),
        };
        let listing = listing.map(std::rc::Rc::new);
        self.listings
            .borrow_mut()
            .insert(locked.hash.clone(), listing.clone());
        listing
    }

    /// A remote on this machine. Of a commit its own config counts, whose paths are seen in Git's tree: there a
    /// relative one leads nowhere, which is how DVC has it.
    fn remote(&self, name: Option<&str>) -> Option<Store> {
        if self.tree.is_workspace() {
            return self.project.config.local_remote(name).map(Store::new);
        }
        let config = self
            .config
            .get_or_init(|| self.project.config_of(self.tree));
        config.local_remote(name).map(Store::new)
    }

    /// A path as DVC complains of it: from the current directory, as if the root were that of the file system.
    pub fn complained(&self, path: &str) -> String {
        let here = self.project.root.components().count().saturating_sub(1);
        let below = self
            .project
            .cwd
            .split('/')
            .filter(|part| !part.is_empty())
            .count();
        format!("{}{path}", "../".repeat(here + below))
    }

    /// A directory's files below it, by path; the path itself for anything else.
    pub fn expand(&self, path: &str) -> Vec<String> {
        if let Some(Place::File(_)) = self.tree.place(path) {
            return vec![path.to_owned()];
        }
        let mut found = Vec::new();
        let in_tree = matches!(self.tree.place(path), Some(Place::Directory(_)));
        if in_tree {
            self.below(path, 0, &mut found);
        }
        let mut is_dir = in_tree;
        for kept in self.kept() {
            let is_here = is_within(&kept.path, path);
            if !is_here && !is_within(path, &kept.path) {
                continue;
            }
            match self.listing(kept) {
                Some(listing) => {
                    is_dir = true;
                    let files = listing
                        .iter()
                        .map(|(name, _)| format!("{}/{name}", kept.path));
                    found.extend(files.filter(|file| is_within(file, path)));
                }
                None if is_here && kept.path != path => found.push(kept.path.clone()),
                None => {}
            }
        }
        if !is_dir {
            return vec![path.to_owned()];
        }
        found.sort();
        found.dedup();
        found
    }

    fn below(&self, dir: &str, depth: usize, found: &mut Vec<String>) {
        for (name, place) in self.tree.list(dir) {
            let path = match dir {
                "" => name.clone(),
                dir => format!("{dir}/{name}"),
            };
            match place {
                Place::Directory(_)
                    if depth < DEPTH_LIMIT && !name.starts_with(".dvc") && name != ".git" =>
                {
                    self.below(&path, depth + 1, found);
                }
                Place::File(_) if !is_of_dvc(&name) => found.push(path),
                _ => {}
            }
        }
    }
}

const DEPTH_LIMIT: usize = 100;

fn is_of_dvc(name: &str) -> bool {
    matches!(name, "dvc.yaml" | "dvc.lock" | ".dvcignore") || name.ends_with(".dvc")
}

/// A file's content, read when asked for.
pub struct Bytes<'a>(&'a Data<'a>, String, Source);

impl Bytes<'_> {
    pub fn read(&self) -> Result<Vec<u8>, Fault> {
        let Self(data, path, source) = self;
        match source {
            Source::Tree => {
                let read = data
                    .tree
                    .read(path)
                    .map_err(|what| Fault::new("OSError", what))?;
                read.ok_or_else(|| Fault::missing(path))
            }
            Source::Objects(paths) => {
                for object in paths {
                    match crate::sources::dvc::read_file(object) {
                        Ok(Some(bytes)) => return Ok(bytes),
                        Ok(None) => {}
                        Err(what) => return Err(Fault::new("OSError", what)),
                    }
                }
                let what = format!("[Errno 2] No storage files available: '{path}'");
                Err(Fault::new("FileNotFoundError", what))
            }
        }
    }
}
