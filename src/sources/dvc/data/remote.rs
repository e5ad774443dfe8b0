//! What a remote lacks.

use std::collections::HashMap;

use super::super::index::Index;
use super::super::objects::Store;
use super::super::paths;
use super::super::project::Project;
use super::super::threads;
use super::status::shown;
use super::{Data, Entry, lies_in, prefixes};

/// What is recorded but not on the remote of its output. Files that an import brings from elsewhere count as there
/// as long as their source is.
///
/// The error names a remote that cannot be looked at from here.
pub fn not_in_remote(
    index: &Index,
    recorded: &Data,
    project: &Project,
    targets: &[String],
) -> Result<Vec<String>, String> {
    let config = &project.config;
    let mut stores: HashMap<&str, Option<Store>> = HashMap::new();
    for found in &index.found {
        let name = found.tracked.out.remote.as_deref();
        if found.outside || !found.tracked.out.cached {
            continue;
        }
        let store = match config.has_remote(name) {
            true => Some(config.remote_on_disk(name)?),
            false => None,
        };
        stores.insert(&found.path, store.map(Store::new));
    }
    let entries: Vec<&Entry> = recorded
        .entries
        .iter()
        .filter(|entry| entry.hash.is_some())
        .filter(|entry| {
            targets.is_empty() || targets.iter().any(|target| lies_in(&entry.path, target))
        })
        .collect();
    let there = threads::small(&entries, |entry| {
        if let Some(origin) = &entry.origin {
            return project.root.join(paths::locate("", origin)).exists();
        }
        let nearest = prefixes(&entry.path).filter_map(|prefix| stores.get(prefix));
        let store = nearest.last().and_then(Option::as_ref);
        store.is_some_and(|store| store.holds(entry.hash.as_ref(), &None))
    });
    Ok(entries
        .iter()
        .zip(there)
        .filter(|(_, is_there)| !is_there)
        .map(|(entry, _)| shown(entry))
        .collect())
}
