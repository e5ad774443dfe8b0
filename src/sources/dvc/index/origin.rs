//! Where something is declared, which decides what its path means.

use std::path::Path;

use super::super::Files;
use super::super::lock::{HashKind, Locked, StageLock};
use super::super::paths::{join, locate};
use super::super::pipeline;
use super::stage::{Dep, DepKind};

/// Where an output was found declared.
pub(super) struct Origin<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) file: &'a str,
    pub(super) stage: String,
    /// The file that its hash stands in.
    pub(super) record: &'a str,
    /// What its path is relative to; `None` outside the repository.
    pub(super) dir: Option<&'a str>,
    pub(super) root: &'a str,
    pub(super) record_read: bool,
}

impl Origin<'_> {
    /// The path from the repository's root, and whether that lies outside of it.
    pub(super) fn locate(&self, written: &str) -> (String, bool) {
        if let Some(inside) = self.dir.and_then(|dir| join(dir, written)) {
            return (inside, false);
        }
        let below = self.files.root().and_then(|root| {
            let path = Path::new(written).strip_prefix(root).ok()?;
            join("", path.to_str()?)
        });
        match below {
            Some(inside) => (inside, false),
            None => (locate(self.dir.unwrap_or_default(), written), true),
        }
    }

    pub(super) fn dep(&self, written: &str, locked: Option<Locked>, kind: DepKind) -> Dep {
        let (path, outside) = self.locate(written);
        Dep {
            written: written.to_owned(),
            path,
            outside,
            locked: as_of(locked, outside),
            kind,
        }
    }
}

/// Only files of the repository were ever hashed with their line ends changed.
pub(super) fn as_of(locked: Option<Locked>, outside: bool) -> Option<Locked> {
    let mut locked = locked?;
    if outside && locked.kind == HashKind::Md5Dos2Unix {
        locked.kind = HashKind::Md5;
    }
    Some(locked)
}

/// Files and directories first, then parameters.
pub(super) fn dependencies(
    stage: &pipeline::Stage,
    recorded: Option<&StageLock>,
    origin: &Origin<'_>,
) -> Vec<Dep> {
    let mut deps = Vec::new();
    for path in &stage.deps {
        let kind = match path.starts_with("ds://") {
            true => DepKind::Dataset,
            false => DepKind::Plain,
        };
        deps.push(origin.dep(path, recorded.and_then(|it| it.dep(path)), kind));
    }
    for file in &stage.params {
        let recorded = recorded.and_then(|it| {
            let (_, values) = it.params.iter().find(|(path, _)| *path == file.path)?;
            Some(values.clone())
        });
        let kind = DepKind::Params {
            keys: file.keys.clone(),
            recorded,
        };
        deps.push(origin.dep(&file.path, None, kind));
    }
    deps
}
