//! What lies on one side of a comparison: its tree, and the content of a file in it.

use std::path::{Component, Path};

use git2::{ObjectType, Oid, Repository, Tree};

use crate::domain::history::diff::{Kind, Side};
use crate::sources::git::error;
use crate::sources::{ErrorKind, SourceError};

use super::git2_oid;

/// Larger files are not compared line by line.
pub(super) const LARGEST: u64 = 2 << 20;

/// A pointer of Git LFS is shorter than this.
const POINTER: u64 = 1024;
const POINTER_BEGINS: &[u8] = b"version https://git-lfs.github.com/spec/";

/// `None` for nothing, and for the working tree, whose base is HEAD.
pub(super) fn tree<'r>(
    repository: &'r Repository,
    side: Side,
) -> Result<Option<Tree<'r>>, SourceError> {
    let commit = match side {
        Side::Empty | Side::Worktree => return Ok(None),
        Side::Commit(id) | Side::Before(id) => repository
            .find_commit(git2_oid(id)?)
            .map_err(|cause| error::malformed(&format!("commit {id}"), &cause))?,
    };
    let commit = match side {
        // At the boundary of a shallow clone there is nothing to compare with.
        Side::Before(_) => match commit.parent_ids().next() {
            None => return Ok(None),
            Some(parent) => match repository.find_commit(parent) {
                Ok(parent) => parent,
                Err(_) if repository.is_shallow() => return Ok(None),
                Err(cause) => {
                    return Err(error::malformed(&format!("commit {parent}"), &cause));
                }
            },
        },
        _ => commit,
    };
    let tree = commit.tree();
    tree.map(Some)
        .map_err(|cause| error::malformed(&format!("the tree of commit {}", commit.id()), &cause))
}

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Nothing,
    Bytes(Vec<u8>),
    /// Where a symbolic link leads.
    Link(Vec<u8>),
    /// With its size in bytes.
    Large(u64),
    Submodule,
}

impl Content {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Nothing => Kind::Text,
            Self::Bytes(bytes) => kind_of(bytes),
            Self::Link(_) => Kind::Link,
            Self::Large(_) => Kind::Large,
            Self::Submodule => Kind::Submodule,
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) | Self::Link(bytes) => bytes,
            _ => &[],
        }
    }
}

/// By the first bytes, as Git does.
pub(super) fn kind_of(bytes: &[u8]) -> Kind {
    if bytes.len() < POINTER as usize && bytes.starts_with(POINTER_BEGINS) {
        Kind::Lfs
    } else if memchr::memchr(0, bytes.get(..8000).unwrap_or(bytes)).is_some() {
        Kind::Binary
    } else {
        Kind::Text
    }
}

pub(super) fn content(
    repository: &Repository,
    side: Side,
    path: &str,
) -> Result<Content, SourceError> {
    if side == Side::Worktree {
        return on_disk(repository, path);
    }
    let Some(tree) = tree(repository, side)? else {
        return Ok(Content::Nothing);
    };
    let Ok(entry) = tree.get_path(Path::new(path)) else {
        return Ok(Content::Nothing);
    };
    match entry.kind() {
        Some(ObjectType::Commit) => Ok(Content::Submodule),
        Some(ObjectType::Blob) => blob(repository, entry.id(), entry.filemode() == 0o120_000),
        _ => Ok(Content::Nothing),
    }
}

pub(super) fn blob(repository: &Repository, id: Oid, link: bool) -> Result<Content, SourceError> {
    let damaged = |cause: git2::Error| error::malformed(&format!("blob {id}"), &cause);
    let size = size(repository, id).map_err(damaged)?;
    if size > LARGEST {
        return Ok(Content::Large(size));
    }
    let bytes = repository
        .find_blob(id)
        .map_err(damaged)?
        .content()
        .to_vec();
    Ok(if link {
        Content::Link(bytes)
    } else {
        Content::Bytes(bytes)
    })
}

/// Without reading the whole of it.
pub(super) fn size(repository: &Repository, id: Oid) -> Result<u64, git2::Error> {
    let (size, _) = repository.odb()?.read_header(id)?;
    Ok(size as u64)
}

/// A file of the working tree; nothing outside of it is read.
fn on_disk(repository: &Repository, path: &str) -> Result<Content, SourceError> {
    let Some(root) = repository.workdir() else {
        return Err(SourceError::new(
            "git",
            ErrorKind::Missing,
            "a bare repository has no working tree",
        ));
    };
    let inside = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let full = root.join(path);
    let Ok(data) = full.symlink_metadata() else {
        return Ok(Content::Nothing);
    };
    if !inside {
        return Ok(Content::Nothing);
    }
    let failed = |cause: std::io::Error| {
        SourceError::new("git", ErrorKind::Denied, format!("{path}: {cause}"))
    };
    if data.is_symlink() {
        let target = std::fs::read_link(&full).map_err(failed)?;
        return Ok(Content::Link(target.to_string_lossy().as_bytes().to_vec()));
    }
    if data.is_dir() {
        return Ok(Content::Submodule);
    }
    if !data.is_file() {
        return Ok(Content::Nothing);
    }
    if data.len() > LARGEST {
        return Ok(Content::Large(data.len()));
    }
    std::fs::read(&full).map(Content::Bytes).map_err(failed)
}
