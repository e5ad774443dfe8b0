//! The tree of one commit, below the DVC repository's root.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use gix::objs::Kind;
use gix::prelude::*;

use crate::sources::dvc::history::{BlobId, FileAt, Place, Tree, is_dvc_file};
use crate::sources::dvc::{Files, Ignore};

/// Bytes of objects kept unpacked, for the deltas on top of them.
const CACHE_BYTES: usize = 64 << 20;

/// Reads trees and blobs, for one thread. What was read once is kept.
pub struct Trees {
    repository: gix::Repository,
    below: Vec<String>,
    buffer: RefCell<Vec<u8>>,
    entries: RefCell<HashMap<BlobId, Rc<Entries>>>,
    /// DVC's files below a directory, by its path and id.
    files: RefCell<HashMap<Directory, Rc<Vec<FileAt>>>>,
    rules: RefCell<HashMap<Vec<FileAt>, Rc<Rules>>>,
}

/// The rules of all `.dvcignore` files of a tree, and what they say of files seen before.
#[derive(Default)]
struct Rules {
    ignore: Ignore,
    known: RefCell<HashMap<Arc<str>, bool>>,
}

impl Rules {
    fn leave_out(&self, path: &Arc<str>) -> bool {
        if self.ignore.is_empty() {
            return false;
        }
        let mut known = self.known.borrow_mut();
        let ignore = &self.ignore;
        *known
            .entry(Arc::clone(path))
            .or_insert_with(|| ignore.matches("", path, false))
    }
}

/// A directory by its path and its content.
type Directory = (Arc<str>, BlobId);

/// What is in one directory.
type Entries = Vec<(Arc<str>, Place)>;

fn oid(id: BlobId) -> gix::ObjectId {
    gix::ObjectId::Sha1(id)
}

impl Trees {
    pub(super) fn new(mut repository: gix::Repository, below: Vec<String>) -> Self {
        repository.object_cache_size(CACHE_BYTES);
        Self {
            repository,
            below,
            buffer: RefCell::default(),
            entries: RefCell::default(),
            files: RefCell::default(),
            rules: RefCell::default(),
        }
    }

    /// The tree of a commit; `Ok(None)` where it has no such directory.
    ///
    /// # Errors
    /// A sentence, where an object is missing or damaged.
    pub fn of(&self, commit: &str) -> Result<Option<CommitTree<'_>>, String> {
        let damaged = |what: &str| format!("commit {commit}: {what}");
        let id = gix::ObjectId::from_hex(commit.as_bytes()).map_err(|_| damaged("not an id"))?;
        let mut root = {
            let mut buffer = self.buffer.borrow_mut();
            let found = self.repository.objects.try_find(&id, &mut buffer);
            let data = found.map_err(|cause| damaged(&cause.to_string()))?;
            let data = data.filter(|data| data.kind == Kind::Commit);
            let digits = data
                .as_ref()
                .and_then(|data| data.data.strip_prefix(b"tree ")?.get(..40));
            let tree = digits.and_then(|digits| gix::ObjectId::from_hex(digits).ok());
            blob_id(&tree.ok_or_else(|| damaged("cannot be read"))?)
        };
        for name in &self.below {
            let entries = self.entries(root)?;
            match entries.iter().find(|(known, _)| **known == **name) {
                Some((_, Place::Directory(Some(id)))) => root = *id,
                _ => return Ok(None),
            }
        }
        let files = self.files("", root)?;
        let rules = self.rules(&files)?;
        Ok(Some(CommitTree {
            trees: self,
            root,
            files,
            rules,
        }))
    }

    fn entries(&self, id: BlobId) -> Result<Rc<Entries>, String> {
        if let Some(known) = self.entries.borrow().get(&id) {
            return Ok(Rc::clone(known));
        }
        let mut entries = Entries::new();
        {
            let mut buffer = self.buffer.borrow_mut();
            let found = self
                .repository
                .objects
                .find_tree_iter(&oid(id), &mut buffer);
            for entry in found.map_err(|cause| format!("tree {}: {cause}", oid(id)))? {
                let entry = entry.map_err(|cause| format!("tree {}: {cause}", oid(id)))?;
                let id = blob_id(entry.oid);
                let place = match entry.mode.kind() {
                    gix::objs::tree::EntryKind::Tree => Place::Directory(Some(id)),
                    gix::objs::tree::EntryKind::Commit => continue,
                    _ => Place::File(Some(id)),
                };
                let name = String::from_utf8_lossy(entry.filename);
                entries.push((Arc::from(name), place));
            }
        }
        let entries = Rc::new(entries);
        self.entries.borrow_mut().insert(id, Rc::clone(&entries));
        Ok(entries)
    }

    /// DVC's files below `dir`: those of the directory itself first, then those of each directory in it.
    fn files(&self, dir: &str, id: BlobId) -> Result<Rc<Vec<FileAt>>, String> {
        let key = (Arc::from(dir), id);
        if let Some(known) = self.files.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let join = |name: &str| match dir {
            "" => name.to_owned(),
            dir => format!("{dir}/{name}"),
        };
        let entries = self.entries(id)?;
        let mut found = Vec::new();
        for (name, place) in entries.iter() {
            if let Place::File(Some(id)) = place
                && (is_dvc_file(name) || **name == *".dvcignore")
            {
                found.push(FileAt {
                    path: Arc::from(join(name)),
                    id: Some(*id),
                });
            }
        }
        for (name, place) in entries.iter() {
            let Place::Directory(Some(id)) = place else {
                continue;
            };
            // A DVC repository of its own.
            let is_own = matches!(&**name, ".dvc" | ".git" | ".hg")
                || self
                    .entries(*id)?
                    .iter()
                    .any(|(name, place)| **name == *".dvc" && matches!(place, Place::Directory(_)));
            if !is_own {
                found.extend_from_slice(&self.files(&join(name), *id)?);
            }
        }
        let found = Rc::new(found);
        self.files.borrow_mut().insert(key, Rc::clone(&found));
        Ok(found)
    }

    fn rules(&self, files: &[FileAt]) -> Result<Rc<Rules>, String> {
        let files = files
            .iter()
            .filter(|file| file.path.ends_with(".dvcignore"));
        let files: Vec<FileAt> = files.cloned().collect();
        if let Some(known) = self.rules.borrow().get(&files) {
            return Ok(Rc::clone(known));
        }
        let mut rules = Rules::default();
        for file in &files {
            if let Some(id) = file.id {
                let dir = file.path.rsplit_once('/').map_or("", |(dir, _)| dir);
                rules
                    .ignore
                    .add(dir, &String::from_utf8_lossy(&self.blob(id)?));
            }
        }
        let rules = Rc::new(rules);
        self.rules.borrow_mut().insert(files, Rc::clone(&rules));
        Ok(rules)
    }

    fn blob(&self, id: BlobId) -> Result<Vec<u8>, String> {
        let mut buffer = Vec::new();
        let found = self.repository.objects.try_find(&oid(id), &mut buffer);
        match found {
            Ok(Some(data)) if data.kind == Kind::Blob => {}
            Ok(_) => return Err(format!("blob {}: object not found", oid(id))),
            Err(cause) => return Err(format!("blob {}: {cause}", oid(id))),
        }
        Ok(buffer)
    }
}

fn blob_id(id: &gix::oid) -> BlobId {
    id.as_bytes().try_into().unwrap_or_default()
}

/// The files of one commit.
pub struct CommitTree<'a> {
    trees: &'a Trees,
    root: BlobId,
    files: Rc<Vec<FileAt>>,
    rules: Rc<Rules>,
}

impl Files for CommitTree<'_> {
    fn paths(&self) -> &[String] {
        &[]
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        match self.place(path) {
            Some(Place::File(Some(id))) => self.trees.blob(id).map(Some),
            _ => Ok(None),
        }
    }
}

impl Tree for CommitTree<'_> {
    fn place(&self, path: &str) -> Option<Place> {
        let mut place = Place::Directory(Some(self.root));
        for name in path
            .split('/')
            .filter(|name| !name.is_empty() && *name != ".")
        {
            let Place::Directory(Some(id)) = place else {
                return None;
            };
            let entries = self.trees.entries(id).ok()?;
            place = entries.iter().find(|(known, _)| **known == *name)?.1;
        }
        Some(place)
    }

    fn list(&self, dir: &str) -> Vec<(String, Place)> {
        let Some(Place::Directory(Some(id))) = self.place(dir) else {
            return Vec::new();
        };
        let entries = self.trees.entries(id).unwrap_or_default();
        entries
            .iter()
            .map(|(name, place)| (name.to_string(), *place))
            .collect()
    }

    fn dvc_files(&self) -> Result<Vec<FileAt>, String> {
        let files = self
            .files
            .iter()
            .filter(|file| !file.path.ends_with(".dvcignore") && !self.rules.leave_out(&file.path));
        Ok(files.cloned().collect())
    }

    fn is_workspace(&self) -> bool {
        false
    }
}
