//! Being told when a file changes, instead of asking again and again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Tells until it is dropped. Some file systems (network, containers) tell nothing: look now and then all the same.
#[derive(Debug)]
pub struct Watch {
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// `changed` runs on a thread of the watcher. The folders are watched too, for a file that is replaced is a new one.
    pub fn new<'a>(
        paths: impl Iterator<Item = &'a Path>,
        changed: impl Fn() + Send + 'static,
    ) -> notify::Result<Self> {
        let paths: Vec<PathBuf> = paths
            .map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
            .collect();
        let names: BTreeSet<_> = paths.iter().cloned().collect();
        let folders: BTreeSet<_> = paths.iter().filter_map(|path| path.parent()).collect();
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                // After an error (a full queue) the files are looked at to be sure.
                let of_others = event.is_ok_and(|event| {
                    matches!(event.kind, EventKind::Access(_))
                        || !event.paths.iter().any(|path| names.contains(path))
                });
                if !of_others {
                    changed();
                }
            })?;
        for folder in folders {
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
        }
        Ok(Self { _watcher: watcher })
    }
}
