//! The repository that a command is about.

use std::path::Path;

use crate::domain::clock::{Clock, WallClock};
use crate::sources::dvc::{Index, KeepsNothing, Kept, NoProject, Project};
use crate::sources::git::ProjectGit;

use super::Refusal;

/// A DVC repository, the Git repository around it, and the hashes known from before.
pub struct Session {
    pub project: Project,
    /// `None` where there is none, or the config says not to look.
    pub git: Option<ProjectGit>,
    pub kept: Box<dyn Kept>,
    /// Seconds since 1970.
    pub now: i64,
}

impl Session {
    /// `dir` is where to look from: the working directory if `None`. `cache` is the house's folder for what can be
    /// computed again.
    pub fn open(dir: Option<&Path>, _cache: Option<&Path>) -> Result<Self, Refusal> {
        let project = Project::open(dir.unwrap_or(Path::new("."))).map_err(|why| match why {
            NoProject::NotThere(what) => Refusal::failed(what).with_code(253),
            NoProject::Config(what) => {
                Refusal::failed(format!("configuration error - {what}")).with_code(251)
            }
        })?;
        let git = (!project.config.no_scm()).then(|| ProjectGit::open(&project.root));
        Ok(Self {
            git: git.flatten(),
            project,
            kept: Box::new(KeepsNothing),
            now: WallClock.now().as_second(),
        })
    }

    /// Everything declared in the working tree, damaged files among its problems.
    pub fn index(&self) -> Index {
        let ignored = |path: &str, is_dir| {
            let git = self.git.as_ref();
            git.is_some_and(|git| git.is_ignored(path, is_dir))
        };
        self.project.index(&ignored)
    }

    /// The same; a damaged file is a refusal, as `dvc` has it.
    pub fn sound_index(&self) -> Result<Index, Refusal> {
        let index = self.index();
        match index.problems.first() {
            Some((place, what)) => Err(Refusal::failed(format!("'{place}': {what}"))),
            None => Ok(index),
        }
    }
}
