//! The Git and DVC repository of the demo, whose commits the simulated registry refers to.
//!
//! Its history is a function of minute 0 alone. The ids of its commits are computed without a repository, as
//! Git would compute them; `DemoRepository` then writes the same objects to a temporary folder.

mod data;
mod demo;
mod files;
mod folder;
mod timeline;

use std::collections::{BTreeMap, HashSet};

use git2::{ObjectType, Oid};

use super::moment::{MINUTE, Moment};
pub use demo::DemoRepository;
use timeline::{Branch, ENTRIES, FOCAL_LEAVES_AT, Knobs, TAGS, Tag, first_knobs};

/// A commit, as far as the registry and the pipelines tell of it.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Full hex.
    pub id: String,
    pub at: Moment,
    message: String,
}

impl Commit {
    pub fn new(id: String, at: Moment, message: &str) -> Self {
        Self {
            id,
            at,
            message: message.to_owned(),
        }
    }

    /// The first line of its message.
    pub fn summary(&self) -> &str {
        self.message.lines().next().unwrap_or_default()
    }
}

/// Every object of the repository, ready to be written.
pub struct History {
    /// Of `main`, newest first.
    commits: Vec<Commit>,
    focal: String,
    objects: Vec<(ObjectType, Vec<u8>)>,
    knobs: Knobs,
    tags: Vec<(String, Oid)>,
    /// The hash of the features at each commit of `main`, newest first.
    features: Vec<String>,
}

impl History {
    /// The history whose newest commit is some minutes before `start`.
    pub fn new(start: Moment) -> Self {
        let mut builder = Builder::default();
        let mut main: Vec<(Commit, Oid, Knobs)> = Vec::new();
        let mut focal: Option<(Oid, Knobs)> = None;
        for entry in ENTRIES {
            let (parent, mut knobs) = match entry.branch {
                Branch::Main => main
                    .last()
                    .map_or((None, first_knobs()), |(_, oid, k)| (Some(*oid), k.clone())),
                Branch::Focal => focal.take().map_or_else(
                    || {
                        let (_, oid, knobs) = &main[FOCAL_LEAVES_AT.min(main.len() - 1)];
                        (Some(*oid), knobs.clone())
                    },
                    |(oid, knobs)| (Some(oid), knobs),
                ),
            };
            (entry.change)(&mut knobs);
            let at = start.plus(-entry.minutes * MINUTE);
            let oid = builder.commit(&knobs, parent, at, entry.author, entry.message);
            match entry.branch {
                Branch::Main => {
                    main.push((Commit::new(oid.to_string(), at, entry.message), oid, knobs))
                }
                Branch::Focal => focal = Some((oid, knobs)),
            }
        }
        let place = |from_newest: usize| main[main.len() - 1 - from_newest.min(main.len() - 1)].1;
        let tags = TAGS
            .iter()
            .map(|tag| {
                let at = start.plus(-tag.minutes * MINUTE);
                let oid = builder.tag(tag, place(tag.place), at);
                (tag.name.to_owned(), oid)
            })
            .collect();
        let knobs = main.last().map_or_else(first_knobs, |(_, _, k)| k.clone());
        Self {
            focal: focal.map(|(oid, _)| oid.to_string()).unwrap_or_default(),
            features: main
                .iter()
                .rev()
                .map(|(_, _, k)| data::md5(&data::features(k.features, k.raw)))
                .collect(),
            commits: main
                .into_iter()
                .rev()
                .map(|(commit, _, _)| commit)
                .collect(),
            objects: builder.objects,
            knobs,
            tags,
        }
    }

    /// The hash of `data/features.parquet` at a commit, counted in the same way.
    pub fn features(&self, from_newest: usize) -> String {
        self.features[from_newest.min(self.features.len() - 1)].clone()
    }

    /// The newest commit of `main` at a moment.
    pub fn commit_at(&self, at: Moment) -> Option<&Commit> {
        self.commits.iter().find(|commit| commit.at <= at)
    }

    /// A commit of `main`, counted from the newest; the oldest where there are not so many.
    pub fn commit(&self, from_newest: usize) -> &Commit {
        &self.commits[from_newest.min(self.commits.len() - 1)]
    }
}

/// Collects objects and computes their ids.
#[derive(Default)]
struct Builder {
    objects: Vec<(ObjectType, Vec<u8>)>,
    known: HashSet<Oid>,
}

impl Builder {
    fn object(&mut self, kind: ObjectType, bytes: Vec<u8>) -> Oid {
        // Hashing bytes in memory has no way to fail.
        let oid = Oid::hash_object(kind, &bytes).unwrap_or(Oid::ZERO_SHA1);
        if self.known.insert(oid) {
            self.objects.push((kind, bytes));
        }
        oid
    }

    fn commit(
        &mut self,
        knobs: &Knobs,
        parent: Option<Oid>,
        at: Moment,
        author: (&str, &str),
        message: &str,
    ) -> Oid {
        let tree = self.tree(files::files(knobs));
        let who = format!("{} <{}> {} +0000", author.0, author.1, at.seconds());
        let parent = parent.map(|p| format!("parent {p}\n")).unwrap_or_default();
        let text = format!("tree {tree}\n{parent}author {who}\ncommitter {who}\n\n{message}\n");
        self.object(ObjectType::Commit, text.into_bytes())
    }

    fn tag(&mut self, tag: &Tag, commit: Oid, at: Moment) -> Oid {
        let text = format!(
            "object {commit}\ntype commit\ntag {}\ntagger {} <{}> {} +0000\n\n{}\n",
            tag.name,
            tag.tagger.0,
            tag.tagger.1,
            at.seconds(),
            tag.message
        );
        self.object(ObjectType::Tag, text.into_bytes())
    }

    fn tree(&mut self, files: Vec<(String, Vec<u8>)>) -> Oid {
        let mut here: Vec<(String, bool, Oid)> = Vec::new();
        let mut folders: BTreeMap<String, Vec<(String, Vec<u8>)>> = BTreeMap::new();
        for (path, content) in files {
            match path.split_once('/') {
                Some((folder, rest)) => folders
                    .entry(folder.to_owned())
                    .or_default()
                    .push((rest.to_owned(), content)),
                None => here.push((path, false, self.object(ObjectType::Blob, content))),
            }
        }
        for (folder, inside) in folders {
            let oid = self.tree(inside);
            here.push((folder, true, oid));
        }
        // Git sorts folders as if their names ended in a slash.
        here.sort_by_key(|(name, folder, _)| {
            if *folder {
                format!("{name}/")
            } else {
                name.clone()
            }
        });
        let mut bytes = Vec::new();
        for (name, folder, oid) in here {
            bytes.extend(if folder { "40000 " } else { "100644 " }.bytes());
            bytes.extend(name.bytes());
            bytes.push(0);
            bytes.extend(oid.as_bytes());
        }
        self.object(ObjectType::Tree, bytes)
    }
}
