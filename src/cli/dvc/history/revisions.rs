//! Which revisions are meant, by which names.

use std::collections::HashMap;

use crate::cli::dvc::Refusal;
use crate::cli::dvc::session::Session;
use crate::sources::dvc::Index;
use crate::sources::dvc::history::WorkspaceTree;
use crate::sources::git::{Revisions, Sha};

/// Which revisions are asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub revs: Vec<String>,
    /// How many first parents of each, itself among them; all if negative.
    pub num: i64,
    pub all_branches: bool,
    pub all_tags: bool,
    pub all_commits: bool,
}

/// Commits with the names that they were asked for by, in the order in which they came.
pub fn revisions(git: &Revisions, asked: &Asked) -> Result<Vec<(Sha, Vec<String>)>, Refusal> {
    let mut names = first_parents(git, &asked.revs, asked.num)?;
    if asked.all_commits {
        names.extend(git.all_commits().map_err(failed)?);
    } else {
        if asked.all_branches {
            names.append(&mut first_parents(
                git,
                &git.branches().map_err(failed)?,
                asked.num,
            )?);
        }
        if asked.all_tags {
            names.append(&mut git.tags().map_err(failed)?);
        }
    }
    let mut found: Vec<(Sha, Vec<String>)> = Vec::new();
    let mut places: HashMap<Sha, usize> = HashMap::new();
    for name in names {
        let id = if is_id(&name) {
            name.clone()
        } else {
            git.resolve(&name)?
        };
        match places.get(&id).and_then(|at| found.get_mut(*at)) {
            Some((_, known)) if known.contains(&name) => {}
            Some((_, known)) => known.push(name),
            None => {
                places.insert(id.clone(), found.len());
                found.push((id, vec![name]));
            }
        }
    }
    Ok(found)
}

fn is_id(name: &str) -> bool {
    name.len() == 40 && name.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Each revision, and its first parents by their ids.
fn first_parents(git: &Revisions, revs: &[String], num: i64) -> Result<Vec<String>, Refusal> {
    let mut names = Vec::new();
    for rev in revs {
        if num == 0 {
            continue;
        }
        names.push(rev.clone());
        if num == 1 {
            continue;
        }
        let mut id = git.resolve(rev)?;
        let mut left = num - 1;
        while left != 0 {
            let Ok(commit) = git.commit(&id) else {
                break;
            };
            let Some(parent) = commit.parents.into_iter().next() else {
                break;
            };
            names.push(parent.clone());
            id = parent;
            left -= 1;
        }
    }
    Ok(names)
}

pub fn failed(error: crate::sources::SourceError) -> Refusal {
    Refusal::failed(error.to_string())
}

impl Session {
    /// The history that the project has.
    pub fn revisions(&self) -> Result<Revisions, Refusal> {
        if self.project.config.no_scm() {
            return Err(Refusal::failed(
                "this project does not use Git (core.no_scm)",
            ));
        }
        Revisions::open(&self.project.root).map_err(failed)
    }

    /// The working tree, given its index.
    pub fn workspace<'a>(&'a self, index: &Index) -> WorkspaceTree<'a> {
        WorkspaceTree::new(&self.project, index)
    }
}
