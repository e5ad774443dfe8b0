//! HEAD, the working tree, the cache and the remote, brought together output by output.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::compare::{Pass, Verdict};
use super::config::{self, Config};
use super::drift;
use super::index::{Found, Index};
use super::limits::Limits;
use super::objects::Store;
use super::project::Moment;
use super::{Files, paths};
use crate::domain::repository::{DataVersions, Output, OutputState};

/// What later readings need not find out again.
#[derive(Default)]
pub struct Memo {
    head: Option<(String, Arc<Index>)>,
    /// Whether the last reading left outputs for the next one, because comparing them takes long.
    pub unfinished: bool,
}

impl Memo {
    /// The index of a commit's tree, read once for each tree.
    pub fn head(&mut self, tree: &str, read: impl FnOnce() -> Index) -> Arc<Index> {
        if let Some((known, index)) = &self.head
            && known == tree
        {
            return Arc::clone(index);
        }
        let index = Arc::new(read());
        self.head = Some((tree.to_owned(), Arc::clone(&index)));
        index
    }
}

/// A working tree to compare with.
pub struct Workspace<'a> {
    pub root: &'a Path,
    pub files: &'a dyn Files,
    /// Told of every path before it is looked at.
    pub watch: &'a mut dyn FnMut(&Path),
    pub moment: Moment<'a>,
}

/// All outputs, by path. `None` where neither HEAD nor the working tree has a DVC repository.
///
/// Without a workspace (a bare repository) only what HEAD says is known.
pub fn combine(
    head: Option<&Index>,
    workspace: Option<Workspace<'_>>,
    memo: &mut Memo,
) -> Option<DataVersions> {
    let empty = Index::default();
    let head = head.unwrap_or(&empty);
    let Some(mut workspace) = workspace else {
        return head_only(head);
    };
    for path in workspace.files.paths() {
        (workspace.watch)(&workspace.root.join(path));
    }
    let index = Index::read(workspace.files);
    if index.roots.is_empty() && head.roots.is_empty() {
        return None;
    }
    let mut problems = index.problems.clone();
    let stores: HashMap<&str, Stores> = index
        .roots
        .iter()
        .map(|root| {
            (
                root.as_str(),
                Stores::of(root, &mut workspace, &mut problems),
            )
        })
        .collect();
    let drift = drift::drift(workspace.files, workspace.root, &index);
    let at_head = by_path(head);
    let limits = Limits::new(workspace.watch);
    let mut pass = Pass::new(workspace.root, &index.ignore, workspace.moment, limits);
    let mut outputs = Vec::new();
    for found in &index.found {
        let before = at_head.get(found.path.as_str()).copied();
        let stores = stores.get(found.root.as_str());
        outputs.push(describe(found, before, stores, &mut pass));
    }
    let here = by_path(&index);
    for found in head
        .found
        .iter()
        .filter(|it| !here.contains_key(it.path.as_str()))
    {
        outputs.push(gone(found, &index));
    }
    memo.unfinished = pass.is_unfinished();
    outputs.sort_by(|a, b| (&a.path, &a.stage).cmp(&(&b.path, &b.stage)));
    problems.extend(head.problems.iter().filter_map(|(place, what)| {
        let known = index
            .problems
            .iter()
            .any(|(other, _)| file_of(other) == file_of(place));
        (!known).then(|| (format!("HEAD:{place}"), what.clone()))
    }));
    Some(DataVersions {
        dvc_root: index
            .roots
            .first()
            .or(head.roots.first())
            .cloned()
            .unwrap_or_default(),
        outputs,
        problems,
        drift,
    })
}

fn head_only(head: &Index) -> Option<DataVersions> {
    let dvc_root = head.roots.first()?.clone();
    let mut outputs: Vec<Output> = head
        .found
        .iter()
        .map(|found| Output {
            head_hash: hash_of(found),
            lock_hash: None,
            ..output(found, OutputState::Unknown)
        })
        .collect();
    outputs.sort_by(|a, b| (&a.path, &a.stage).cmp(&(&b.path, &b.stage)));
    Some(DataVersions {
        dvc_root,
        outputs,
        problems: head.problems.clone(),
        drift: Vec::new(),
    })
}

/// The file that a place (`path` or `path:line`) is in.
fn file_of(place: &str) -> &str {
    match place.rsplit_once(':') {
        Some((file, line)) if line.bytes().all(|b| b.is_ascii_digit()) => file,
        _ => place,
    }
}

fn by_path(index: &Index) -> HashMap<&str, &Found> {
    index
        .found
        .iter()
        .map(|found| (found.path.as_str(), found))
        .collect()
}

fn hash_of(found: &Found) -> Option<String> {
    found
        .tracked
        .locked
        .as_ref()
        .map(|locked| locked.hash.clone())
}

fn output(found: &Found, state: OutputState) -> Output {
    let locked = found.tracked.locked.as_ref();
    Output {
        path: found.path.clone(),
        stage: found.stage.clone(),
        role: found.tracked.out.role.key().to_owned(),
        head_hash: None,
        lock_hash: hash_of(found),
        size_bytes: locked.and_then(|it| it.size_bytes),
        files: locked.and_then(|it| it.files),
        state,
        in_cache: None,
        in_remote: None,
    }
}

fn describe(
    found: &Found,
    before: Option<&Found>,
    stores: Option<&Stores>,
    pass: &mut Pass<'_>,
) -> Output {
    let out = &found.tracked.out;
    let locked = found.tracked.locked.as_ref();
    let head_hash = before.and_then(hash_of);
    let nowhere = Store::new(PathBuf::new());
    let cache = stores.map_or(&nowhere, |stores| &stores.cache);
    let verdict = pass.verdict(found, locked, cache);
    let state = match verdict {
        _ if !found.record_read => OutputState::Unknown,
        Verdict::Absent if locked.is_none() => OutputState::NotProduced,
        Verdict::Absent => OutputState::Deleted,
        Verdict::Differs => OutputState::Modified,
        Verdict::Same | Verdict::NotCompared if hash_of(found) != head_hash => {
            OutputState::Uncommitted
        }
        Verdict::Same => OutputState::Clean,
        Verdict::NotCompared => OutputState::Unknown,
    };
    let stores = stores.filter(|_| out.cached);
    let remote = stores
        .filter(|_| out.push)
        .and_then(|stores| stores.remote(out.remote.as_deref()));
    let mut ask = |store: Option<&Store>| {
        let (store, locked) = store.zip(locked)?;
        pass.watch(&store.path(&locked.hash, locked.kind)?);
        store.has(locked)
    };
    Output {
        head_hash,
        in_cache: ask(stores.map(|stores| &stores.cache)),
        in_remote: ask(remote.as_ref()),
        ..output(found, state)
    }
}

/// An output of HEAD that the working tree no longer declares.
fn gone(found: &Found, index: &Index) -> Output {
    // Where its file cannot be read now, nothing says that it was taken out.
    let unreadable = index
        .problems
        .iter()
        .any(|(place, _)| file_of(place) == found.file);
    let state = if unreadable {
        OutputState::Unknown
    } else {
        OutputState::Uncommitted
    };
    Output {
        head_hash: hash_of(found),
        lock_hash: None,
        ..output(found, state)
    }
}

/// The cache of one DVC repository, and the way to its remotes.
struct Stores {
    cache: Store,
    config: Config,
}

impl Stores {
    fn of(root: &str, workspace: &mut Workspace<'_>, problems: &mut Vec<(String, String)>) -> Self {
        let mut config = Config::default();
        for path in config::files_outside() {
            if let Ok(text) = std::fs::read_to_string(&path) {
                // The system's and the user's files are not the repository's to complain of.
                config.overlay(&text, path.parent().unwrap_or(Path::new("/")));
            }
        }
        let own = paths::join(root, ".dvc").unwrap_or_default();
        let dir = workspace.root.join(&own);
        for name in ["config", "config.local"] {
            let shown = format!("{own}/{name}");
            (workspace.watch)(&workspace.root.join(&shown));
            match workspace.files.read(&shown) {
                Ok(Some(bytes)) => {
                    let bad = config.overlay(&String::from_utf8_lossy(&bytes), &dir);
                    problems.extend(
                        bad.into_iter()
                            .map(|(line, what)| (format!("{shown}:{line}"), what)),
                    );
                }
                Ok(None) => {}
                Err(what) => problems.push((shown, what)),
            }
        }
        let cache = config.cache_dir().unwrap_or_else(|| dir.join("cache"));
        Self {
            cache: Store::new(cache),
            config,
        }
    }

    fn remote(&self, name: Option<&str>) -> Option<Store> {
        self.config.local_remote(name).map(Store::new)
    }
}
