//! A repository in a temporary directory, the same bytes on every machine: fixed author, clock and settings.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use flightdeck::domain::repository::{DataVersions, Output, Repository};
use flightdeck::sources::VersionSource;
use flightdeck::sources::git::GitVersions;
use git2::{Oid, Signature, Time};
use md5::{Digest, Md5};
use tempfile::TempDir;

pub struct Repo {
    dir: TempDir,
    pub git: git2::Repository,
    clock: Cell<i64>,
}

pub const START: i64 = 1_700_000_000;

impl Repo {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut options = git2::RepositoryInitOptions::new();
        options.initial_head("main").external_template(false);
        let git = git2::Repository::init_opts(dir.path(), &options).unwrap();
        settle_config(&git);
        Self {
            dir,
            git,
            clock: Cell::new(START),
        }
    }

    /// With an empty DVC repository in `root`, committed.
    pub fn with_dvc(root: &str) -> Self {
        let repo = Self::new();
        repo.write(&join(root, ".dvc/config"), "");
        repo.write(
            &join(root, ".dvc/.gitignore"),
            "/config.local\n/tmp\n/cache\n",
        );
        repo.commit_all("init dvc");
        repo
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub fn remove(&self, path: &str) {
        std::fs::remove_file(self.at(path)).unwrap();
    }

    pub fn signature(&self) -> Signature<'static> {
        let now = self.clock.get();
        Signature::new("Ada Tester", "ada@example.com", &Time::new(now, 0)).unwrap()
    }

    /// The next commit is made `seconds` later (or earlier).
    pub fn tick(&self, seconds: i64) {
        self.clock.set(self.clock.get() + seconds);
    }

    pub fn stage_all(&self) {
        let mut index = self.git.index().unwrap();
        index
            .add_all(["*"], git2::IndexAddOption::DEFAULT, None)
            .unwrap();
        index.update_all(["*"], None).unwrap();
        index.write().unwrap();
    }

    /// Everything that is not ignored, a minute after the commit before.
    pub fn commit_all(&self, message: &str) -> Oid {
        self.stage_all();
        let parents: Vec<Oid> = self.head().into_iter().collect();
        self.commit_index(message, &parents)
    }

    /// What is staged, on HEAD, with these parents.
    pub fn commit_index(&self, message: &str, parents: &[Oid]) -> Oid {
        self.tick(60);
        let tree = self.git.index().unwrap().write_tree().unwrap();
        let tree = self.git.find_tree(tree).unwrap();
        let parents: Vec<_> = parents
            .iter()
            .map(|id| self.git.find_commit(*id).unwrap())
            .collect();
        let parents: Vec<_> = parents.iter().collect();
        let who = self.signature();
        self.git
            .commit(Some("HEAD"), &who, &who, message, &tree, &parents)
            .unwrap()
    }

    pub fn head(&self) -> Option<Oid> {
        self.git.head().ok()?.target()
    }

    pub fn branch(&self, name: &str, at: Oid) {
        let commit = self.git.find_commit(at).unwrap();
        self.git.branch(name, &commit, true).unwrap();
    }

    pub fn checkout(&self, branch: &str) {
        self.git.set_head(&format!("refs/heads/{branch}")).unwrap();
        let mut options = git2::build::CheckoutBuilder::new();
        self.git.checkout_head(Some(options.force())).unwrap();
    }

    pub fn versions(&self) -> GitVersions {
        GitVersions::open(self.path())
    }

    /// A snapshot of which nothing is missing.
    pub fn snapshot(&self) -> Repository {
        whole(&self.versions(), 100)
    }

    pub fn data(&self) -> DataVersions {
        self.snapshot().data.expect("DVC is in use")
    }

    pub fn output(&self, path: &str) -> Output {
        let outputs = self.data().outputs;
        let found = outputs.iter().find(|output| output.path == path);
        found
            .unwrap_or_else(|| panic!("{path} is not in {outputs:?}"))
            .clone()
    }

    /// A file that DVC tracks: the content, its `.dvc` file, its entry in .gitignore, its object in the cache.
    pub fn track(&self, path: &str, content: &str) {
        self.write(path, content);
        self.write(&format!("{path}.dvc"), dvc_file(path, content));
        self.ignore(path);
        self.cache(&md5(content.as_bytes()), content);
    }

    pub fn ignore(&self, path: &str) {
        let file = self.at(".gitignore");
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        std::fs::write(file, format!("{known}/{path}\n")).unwrap();
    }

    pub fn cache(&self, hash: &str, content: &str) {
        self.write(&object(".dvc/cache/files/md5", hash), content);
    }
}

pub fn whole(versions: &GitVersions, log_limit: usize) -> Repository {
    let answer = versions.snapshot(log_limit).unwrap();
    assert_eq!(answer.missing, []);
    answer.value
}

/// Nothing of the machine's own configuration changes what a test sees.
pub fn settle_config(git: &git2::Repository) {
    let mut config = git
        .config()
        .unwrap()
        .open_level(git2::ConfigLevel::Local)
        .unwrap();
    config.set_str("core.autocrlf", "false").unwrap();
    config.set_str("core.excludesFile", "/nonexistent").unwrap();
    config
        .set_str("core.attributesFile", "/nonexistent")
        .unwrap();
    config.set_bool("core.fileMode", true).unwrap();
}

pub fn md5(content: &[u8]) -> String {
    Md5::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub fn object(store: &str, hash: &str) -> String {
    let (first, rest) = hash.split_at(2);
    format!("{store}/{first}/{rest}")
}

pub fn dvc_file(path: &str, content: &str) -> String {
    let name = path.rsplit('/').next().unwrap();
    let hash = md5(content.as_bytes());
    format!(
        "outs:\n- md5: {hash}\n  size: {}\n  hash: md5\n  path: {name}\n",
        content.len()
    )
}

fn join(dir: &str, path: &str) -> String {
    if dir.is_empty() {
        path.to_owned()
    } else {
        format!("{dir}/{path}")
    }
}
