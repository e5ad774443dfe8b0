//! `dvc status --cloud`: what the cache and a remote have of what is needed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::super::config::Config;
use super::super::data::{Listings, lies_in};
use super::super::hash::Listing;
use super::super::hasher::Hasher;
use super::super::index::Index;
use super::super::lock::HashKind;
use super::super::objects::Store;
use super::super::project::Project;
use super::super::targets::Chosen;

/// Objects that revisions need, each with the name that it was first met under.
#[derive(Default)]
pub struct Needed {
    objects: Vec<Object>,
    known: HashMap<(HashKind, String), usize>,
    /// What DVC would warn of.
    pub warnings: Vec<String>,
}

struct Object {
    kind: HashKind,
    hash: String,
    name: String,
    /// What is in a directory.
    listing: Option<Arc<Listing>>,
    /// A directory's listing that the cache lacks and DVC would fetch first.
    fetched: bool,
}

/// A revision, or the working tree.
pub struct Revision<'a> {
    pub index: &'a Index,
    pub config: &'a Config,
    /// The stages that are asked about.
    pub chosen: Vec<Chosen<'a>>,
}

/// Where an object is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// In the remote only.
    Cache,
    /// In the cache only.
    Remote,
    Both,
}

impl Missing {
    /// In DVC's words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Cache => "deleted",
            Self::Remote => "new",
            Self::Both => "missing",
        }
    }
}

impl Needed {
    /// Adds what a revision needs. `remote` is the name asked for.
    pub fn add(
        &mut self,
        project: &Project,
        revision: &Revision<'_>,
        remote: Option<&str>,
        listings: &mut Listings<'_>,
        hasher: &mut Hasher<'_>,
    ) {
        let (index, config) = (revision.index, revision.config);
        let cache = project.cache();
        for choice in &revision.chosen {
            let stage = choice.stage;
            let outs = index.found.get(stage.outs.clone()).unwrap_or_default();
            let is_partial = stage.is_import() && outs.iter().all(|it| it.tracked.locked.is_none());
            if stage.is_repository_import() || is_partial {
                continue;
            }
            for found in outs {
                let declared = &found.tracked.out;
                let wanted = choice.within.as_ref();
                if wanted.is_some_and(|path| !lies_in(path, &found.path))
                    || !declared.cached
                    || !declared.push
                {
                    continue;
                }
                let name = project.shown(&found.path);
                let Some(locked) = &found.tracked.locked else {
                    self.unversioned(project, &found.path, &name, &stage.address(&project.cwd));
                    continue;
                };
                let mut listing = None;
                let mut fetched = false;
                if locked.is_dir() {
                    let name = declared.remote.as_deref().or(remote);
                    let store = config.local_remote(name).map(Store::new);
                    fetched = cache.sound(&[(&locked.hash, locked.kind)], hasher) != [true];
                    listing = listings.of(locked, store.as_ref());
                    if listing.is_none() {
                        self.warnings.push(format!(
                            "Some of the cache files do not exist neither locally nor on remote. \
                             Missing cache files:\nname: None, md5: {}",
                            locked.hash
                        ));
                        continue;
                    }
                }
                // What has a remote of its own is not compared.
                if declared.remote.is_some() {
                    continue;
                }
                let part = wanted
                    .filter(|path| **path != found.path)
                    .and_then(|path| path.strip_prefix(&format!("{}/", found.path)));
                self.output(locked.kind, &locked.hash, &name, listing, fetched, part);
            }
        }
    }

    fn unversioned(&mut self, project: &Project, path: &str, name: &str, stage: &str) {
        let mut warning = format!(
            "Output '{name}'(stage: '{stage}') is missing version info. Cache for it will not be collected. \
             Use `dvc repro` to get your pipeline up to date."
        );
        if project.root.join(path).exists() {
            warning.push_str(&format!(
                "\nYou can also use `dvc commit {stage}` to associate existing '{name}' with stage: '{stage}'."
            ));
        }
        self.warnings.push(warning);
    }

    fn output(
        &mut self,
        kind: HashKind,
        hash: &str,
        name: &str,
        listing: Option<Arc<Listing>>,
        fetched: bool,
        part: Option<&str>,
    ) {
        let files = listing.clone();
        self.object(kind, hash, name.to_owned(), listing, fetched);
        for (path, hash) in files.iter().flat_map(|it| it.iter()) {
            if part.is_none_or(|part| lies_in(path, part)) {
                self.object(kind, hash, format!("{name}/{path}"), None, false);
            }
        }
    }

    fn object(
        &mut self,
        kind: HashKind,
        hash: &str,
        name: String,
        listing: Option<Arc<Listing>>,
        fetched: bool,
    ) {
        let key = (kind, hash.to_owned());
        if self.known.contains_key(&key) {
            return;
        }
        self.known.insert(key, self.objects.len());
        self.objects.push(Object {
            kind,
            hash: hash.to_owned(),
            name,
            listing,
            fetched,
        });
    }

    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// What either side lacks, by name. Versions of one file share a name: the worst of them counts.
    pub fn compare(
        &self,
        cache: &Store,
        remote: &Store,
        hasher: &mut Hasher<'_>,
    ) -> BTreeMap<String, Missing> {
        // Who has a directory's listing is taken to have its files.
        let listed: HashSet<&str> = self
            .objects
            .iter()
            .filter(|object| {
                let path = remote.path(&object.hash, object.kind);
                object.listing.is_some() && path.is_some_and(|path| path.exists())
            })
            .flat_map(|object| {
                let files = object.listing.iter().flat_map(|it| it.iter());
                files
                    .map(|(_, hash)| hash.as_str())
                    .chain([object.hash.as_str()])
            })
            .collect();
        let objects: Vec<(&str, HashKind)> = self
            .objects
            .iter()
            .map(|object| (object.hash.as_str(), object.kind))
            .collect();
        let in_cache = cache.sound(&objects, hasher);
        let in_remote = remote.sound(&objects, hasher);
        let places = self.objects.iter().zip(in_cache).zip(in_remote);
        let places = places.map(|((object, in_cache), in_remote)| {
            let in_remote = in_remote || listed.contains(object.hash.as_str());
            match (in_cache || object.fetched, in_remote) {
                (true, true) => None,
                (true, false) => Some(Missing::Remote),
                (false, true) => Some(Missing::Cache),
                (false, false) => Some(Missing::Both),
            }
        });
        let mut missing = BTreeMap::new();
        for (object, place) in self.objects.iter().zip(places) {
            if let Some(place) = place {
                let known = missing.entry(object.name.clone()).or_insert(place);
                *known = (*known).max(place);
            }
        }
        missing
    }
}
