//! The repository that a command is about.

use std::path::Path;

use crate::domain::clock::{Clock, WallClock};
use crate::sources::dvc::{Config, Either, Index, KeepsNothing, Kept, NoProject, Project, State};
use crate::sources::git::ProjectGit;

use super::Refusal;
use crate::cli::kept::KeptHashes;

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
    pub fn open(dir: Option<&Path>, cache: Option<&Path>) -> Result<Self, Refusal> {
        let dir = dir.unwrap_or(Path::new("."));
        Self::of(dir, cache, |root| ProjectGit::open(root).map(Some))
    }

    fn of(
        dir: &Path,
        cache: Option<&Path>,
        git: impl Fn(&Path) -> Result<Option<ProjectGit>, String>,
    ) -> Result<Self, Refusal> {
        let project = Project::open(dir).map_err(|why| match why {
            NoProject::NotThere(what) => Refusal::failed(what).with_code(253),
            NoProject::Config(what) => {
                Refusal::failed(format!("configuration error - {what}")).with_code(251)
            }
        })?;
        let own: Box<dyn Kept> = match cache {
            Some(dir) => Box::new(KeptHashes::new(dir)),
            None => Box::new(KeepsNothing),
        };
        let kept = match user().and_then(|user| State::open(&project, &user)) {
            Some(state) => Box::new(Either(own, state)),
            None => own,
        };
        let git = match project.config.no_scm() {
            true => None,
            false => git(&project.root)?,
        };
        Ok(Self {
            git,
            project,
            kept,
            now: WallClock.now().as_second(),
        })
    }

    /// The repository at a URL, which must be a directory on this machine, seen from `here`.
    pub fn open_url(url: &str, here: &Path, cache: Option<&Path>) -> Result<Self, Refusal> {
        let path = here.join(url.strip_prefix("file://").unwrap_or(url));
        if !path.exists() {
            return Err(Refusal::usage(format!(
                "'{url}' is not a directory on this machine: only those are listed"
            )));
        }
        Self::of(&path, cache, |root| Ok(ProjectGit::open(root).ok()))
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
        match index.problems.first().or(index.refused.first()) {
            Some((place, what)) => Err(Refusal::failed(format!("'{place}': {what}"))),
            None => Ok(index),
        }
    }

    /// Everything declared in a commit; `None` where it has no DVC repository. A damaged file is a refusal.
    pub fn at(&self, rev: &str) -> Result<Option<AtCommit>, Refusal> {
        let git = self.git()?;
        let commit = git.commit(rev)?;
        let Some(files) = git.tree(&commit)? else {
            return Ok(None);
        };
        let index = Index::read_project(&files);
        if let Some((place, what)) = index.problems.first().or(index.refused.first()) {
            let short = commit.get(..7).unwrap_or(&commit);
            return Err(Refusal::failed(format!(
                "'{place}' in revision '{short}': {what}"
            )));
        }
        let config = self.project.config_at(&files, git.prefix());
        let config = config.map_err(|what| {
            Refusal::failed(format!("configuration error - {what}")).with_code(251)
        })?;
        drop(files);
        Ok(Some(AtCommit {
            commit,
            index,
            config,
        }))
    }

    pub fn git(&self) -> Result<&ProjectGit, Refusal> {
        let git = self.git.as_ref();
        git.ok_or_else(|| Refusal::failed("only supported for Git repositories"))
    }
}

/// The DVC repository as a commit has it.
pub struct AtCommit {
    /// The full id.
    pub commit: String,
    pub index: Index,
    pub config: Config,
}

/// The user's name as Python finds it, of which DVC makes the name of its database.
fn user() -> Option<String> {
    let named = ["LOGNAME", "USER", "LNAME", "USERNAME"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.is_empty());
    named.or_else(|| {
        let id = rustix::process::getuid().as_raw().to_string();
        let users = std::fs::read_to_string("/etc/passwd").ok()?;
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            let (name, _, user) = (fields.next()?, fields.next()?, fields.next()?);
            (user == id).then(|| name.to_owned())
        })
    })
}
