//! The data that lies in the working tree.

use super::super::hasher::{Content, Hasher};
use super::super::lock::HashKind;
use super::{Data, Entry, Hash, parents_of};

/// What is at the paths of `outputs`, directories down to their files if `granular`. The kind of hash is that of
/// what is recorded, so that they can be compared.
pub fn workspace(
    outputs: &[(String, HashKind)],
    granular: bool,
    hasher: &mut Hasher<'_>,
) -> Result<Data, String> {
    hasher.prepare(outputs)?;
    let mut entries = Vec::new();
    for (path, kind) in outputs {
        let hash = |value: &str| {
            (!value.is_empty()).then(|| Hash {
                kind: *kind,
                value: value.to_owned(),
            })
        };
        match hasher.content(path, *kind)? {
            Content::Absent => {}
            Content::File {
                hash: value, bytes, ..
            } => entries.push(Entry {
                path: path.clone(),
                is_dir: false,
                is_blank: false,
                hash: hash(&value),
                size: Some(bytes),
                origin: None,
            }),
            Content::Directory {
                hash: value,
                files,
                bytes,
            } => {
                entries.push(Entry {
                    path: path.clone(),
                    is_dir: true,
                    is_blank: false,
                    hash: hash(&value),
                    size: Some(bytes),
                    origin: None,
                });
                if granular {
                    entries.extend(files.iter().map(|(name, value)| Entry {
                        path: format!("{path}/{name}"),
                        is_dir: false,
                        is_blank: value.is_empty(),
                        hash: hash(value),
                        size: None,
                        origin: None,
                    }));
                }
            }
        }
    }
    let parents = parents_of(outputs.iter().map(|(path, _)| path.as_str()));
    entries.extend(parents.into_iter().filter(|it| hasher.is_there(&it.path)));
    let inner = parents_of(entries.iter().map(|entry| entry.path.as_str()));
    entries.extend(inner);
    Ok(Data::of(entries, Vec::new()))
}
