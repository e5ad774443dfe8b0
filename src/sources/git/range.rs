//! What lies between two revisions: `A..B` as Git writes it.

use git2::{Oid, Repository, Sort};

use super::{error, history, link, log};
use crate::domain::history::diff::{Pair, Side};
use crate::domain::repository::RevRange;
use crate::sources::{Answer, ErrorKind, Partial, SourceError};

/// Commits that `to` has and `from` has not, newest first, at most `limit`; and the files that differ between the two.
pub(super) fn read(repository: &Repository, rev: &str, limit: usize) -> Answer<RevRange> {
    let (from, to) = match rev.split_once("..") {
        Some((_, to)) if to.starts_with('.') => {
            return Err(unknown(rev, "of `...` only `..` is understood"));
        }
        Some((from, to)) => (from, to),
        None => (rev, ""),
    };
    let find = |name: &str| {
        let name = if name.is_empty() { "HEAD" } else { name };
        let found = link::resolve(repository, name).and_then(|id| Oid::from_str(&id).ok());
        found.ok_or_else(|| unknown(name, "no commit, or more than one, has this name"))
    };
    let (from, to) = (find(from)?, find(to)?);
    let damaged = |cause: git2::Error| error::malformed(rev, &cause);
    let mut walk = repository.revwalk().map_err(damaged)?;
    walk.set_sorting(Sort::TIME).map_err(damaged)?;
    walk.push(to).map_err(damaged)?;
    walk.hide(from).map_err(damaged)?;
    let mut missing = Vec::new();
    let mut commits = Vec::new();
    let mut count = 0;
    for id in walk {
        count += 1;
        if commits.len() >= limit {
            continue;
        }
        match id.and_then(|id| repository.find_commit(id)) {
            Ok(commit) => commits.push(log::describe(&commit)),
            Err(cause) => {
                missing.push(damaged(cause));
                break;
            }
        }
    }
    let pair = Pair {
        from: Side::Commit(history::id(from)),
        to: Side::Commit(history::id(to)),
    };
    let comparison = match history::compare(repository, pair) {
        Ok(comparison) => comparison,
        Err(error) => {
            missing.push(error);
            Default::default()
        }
    };
    Ok(Partial {
        value: RevRange {
            from: from.to_string(),
            to: to.to_string(),
            count,
            commits,
            comparison,
        },
        missing,
    })
}

fn unknown(name: &str, why: &str) -> SourceError {
    SourceError::new("git", ErrorKind::Missing, format!("{name}: {why}"))
        .with_hint("--rev A..B names two revisions as Git does: v1.2.0..main, HEAD~5..HEAD")
}
