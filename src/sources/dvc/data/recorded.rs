//! The data that `dvc.lock` and `.dvc` files record.

use super::super::config::Config;
use super::super::index::{DepKind, Found, Index, Stage};
use super::super::lock::Locked;
use super::super::objects::Store;
use super::{Data, Entry, Hash, Listings, parents_of};

/// Every cached output of the repository that is `wanted`; the directories that are to be `opened` down to their
/// files.
pub fn recorded(
    index: &Index,
    config: &Config,
    opened: &dyn Fn(&Found) -> bool,
    wanted: &dyn Fn(&Stage, &Found) -> bool,
    listings: &mut Listings<'_>,
) -> Data {
    let mut entries = Vec::new();
    let mut unknown = Vec::new();
    for stage in &index.stages {
        for found in index.found.get(stage.outs.clone()).unwrap_or_default() {
            if found.outside || !found.tracked.out.cached || !wanted(stage, found) {
                continue;
            }
            let (entry, locked) = output(stage, found);
            if entry.is_dir
                && opened(found)
                && let Some(locked) = locked
            {
                let remote = config
                    .local_remote(found.tracked.out.remote.as_deref())
                    .map(Store::new);
                match listings.of(locked, remote.as_ref()) {
                    Some(listing) => entries.extend(listing.iter().map(|(path, hash)| Entry {
                        path: format!("{}/{path}", found.path),
                        is_dir: false,
                        is_blank: false,
                        hash: Some(Hash {
                            kind: locked.kind,
                            value: hash.clone(),
                        }),
                        size: None,
                        origin: None,
                    })),
                    None => unknown.push(found.path.clone()),
                }
            }
            entries.push(entry);
        }
    }
    let parents = parents_of(entries.iter().map(|entry| entry.path.as_str()));
    entries.extend(parents);
    Data::of(entries, unknown)
}

/// The output itself, and the record that tells what is in it.
fn output<'a>(stage: &'a Stage, found: &'a Found) -> (Entry, Option<&'a Locked>) {
    let locked = found.tracked.locked.as_ref();
    // An import that was not downloaded is known by its source.
    let source = match stage.deps.first() {
        Some(dep) if stage.is_import() && matches!(dep.kind, DepKind::Plain) => Some(dep),
        _ => None,
    };
    let from_source = source.and_then(|dep| dep.locked.as_ref());
    let record = locked.or(from_source);
    let facts = if source.is_some() {
        from_source
    } else {
        locked
    };
    let entry = Entry {
        path: found.path.clone(),
        is_dir: facts.is_some_and(Locked::is_dir_record),
        is_blank: facts.is_none(),
        hash: record.map(|it| Hash {
            kind: it.kind,
            value: it.hash.clone(),
        }),
        size: facts.and_then(|it| it.size_bytes),
        origin: source
            .filter(|_| locked.is_none())
            .map(|dep| dep.path.clone()),
    };
    (entry, record)
}
