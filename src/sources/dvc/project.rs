//! One DVC repository on disk: where it is, what its config says, what its files declare.

use std::path::{Path, PathBuf};

use super::config::{self, Config};
use super::index::Index;
use super::kept::Kept;
use super::objects::Store;
use super::{Files, Parsing, collect, paths};

/// A DVC repository, seen from a directory in it.
#[derive(Clone, Debug)]
pub struct Project {
    /// The directory with `.dvc` in it, absolute, without symbolic links in its own name.
    pub root: PathBuf,
    /// Where paths are seen from: relative to the root, empty for the root itself.
    pub cwd: String,
    pub config: Config,
}

/// Why there is no project to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoProject {
    /// No `.dvc` in the directory or above it.
    NotThere(String),
    Config(String),
}

impl Project {
    /// Looks for `.dvc` in `dir` and above it, as DVC does.
    pub fn open(dir: &Path) -> Result<Self, NoProject> {
        let shown = dir.display();
        let dir = dir
            .canonicalize()
            .map_err(|_| NoProject::NotThere(format!("directory '{shown}' does not exist")))?;
        let root = dir
            .ancestors()
            .find(|parent| parent.join(".dvc").is_dir())
            .ok_or_else(|| {
                NoProject::NotThere(
                    "you are not inside of a DVC repository (checked up to mount point '/')".into(),
                )
            })?;
        let cwd = dir
            .strip_prefix(root)
            .ok()
            .and_then(Path::to_str)
            .unwrap_or_default()
            .to_owned();
        Ok(Self {
            root: root.to_owned(),
            cwd,
            config: config(root)?,
        })
    }

    /// Everything declared in the working tree, in DVC's order. `ignored` tells what Git leaves out: a path from
    /// the root, and whether it is a directory.
    pub fn index(&self, ignored: &dyn Fn(&str, bool) -> bool) -> Index {
        collect::workspace(&self.disk(), ignored)
    }

    pub fn disk(&self) -> Disk<'_> {
        Disk {
            root: &self.root,
            parsing: self.config.parsing(),
        }
    }

    /// What is in force at a commit: its own config, between the machine's and the one that is never committed.
    pub fn config_of(&self, commit: &dyn Files) -> Config {
        let mut config = Config::default();
        for path in config::files_outside() {
            if let Ok(bytes) = std::fs::read(&path) {
                let dir = path.parent().unwrap_or(&self.root);
                config.overlay(&String::from_utf8_lossy(&bytes), dir);
            }
        }
        if let Ok(Some(bytes)) = commit.read(".dvc/config") {
            config.overlay(&String::from_utf8_lossy(&bytes), Path::new("/.dvc"));
        }
        let local = self.root.join(".dvc/config.local");
        if let Ok(bytes) = std::fs::read(&local) {
            config.overlay(&String::from_utf8_lossy(&bytes), &self.root.join(".dvc"));
        }
        config
    }

    pub fn cache(&self) -> Store {
        let dir = self.config.cache_dir();
        Store::new(dir.unwrap_or_else(|| self.root.join(".dvc/cache")))
    }

    /// The config in force for a commit, of which `files` is the tree: its own file, with the system's, the user's
    /// and the local one of today.
    ///
    /// DVC takes relative paths in a commit's file as if its tree were the root of the file system; `prefix` is
    /// where the project lies in Git's tree.
    pub fn config_at(&self, files: &dyn Files, prefix: &str) -> Result<Config, String> {
        let mut config = Config::default();
        for path in config::files_outside() {
            overlay(&mut config, &path).map_err(|(path, what)| format!("{path}: {what}"))?;
        }
        if let Some(bytes) = files.read(".dvc/config")? {
            let dir = PathBuf::from(format!("/{prefix}.dvc"));
            let bad = config.overlay(&String::from_utf8_lossy(&bytes), &dir);
            if let Some((line, what)) = bad.first() {
                return Err(format!(".dvc/config:{line}: {what}"));
            }
        }
        overlay(&mut config, &self.root.join(".dvc/config.local"))
            .map_err(|(path, what)| format!("{path}: {what}"))?;
        Ok(config)
    }

    /// A path from the root, as someone in the current directory writes it.
    pub fn shown(&self, path: &str) -> String {
        paths::relative(path, &self.cwd)
    }

    /// A path as someone in the current directory writes it, from the root; `None` outside of the repository.
    pub fn inside(&self, written: &str) -> Option<String> {
        match Path::new(written).strip_prefix(&self.root) {
            Ok(below) => paths::join("", below.to_str()?),
            Err(_) => paths::join(&self.cwd, written),
        }
    }
}

fn config(root: &Path) -> Result<Config, NoProject> {
    let mut config = Config::default();
    let own = root.join(".dvc");
    let files = config::files_outside()
        .into_iter()
        .chain([own.join("config"), own.join("config.local")]);
    for path in files {
        overlay(&mut config, &path)
            .map_err(|(path, what)| NoProject::Config(format!("{path}: {what}")))?;
    }
    Ok(config)
}

/// Lays a file over the config, if it is there. The error is the place and what is wrong with it.
fn overlay(config: &mut Config, path: &Path) -> Result<(), (String, String)> {
    let text = match std::fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err((path.display().to_string(), cause.to_string())),
    };
    let bad = config.overlay(&text, path.parent().unwrap_or(Path::new("/")));
    match bad.into_iter().next() {
        Some((line, what)) => Err((format!("{}:{line}", path.display()), what)),
        None => Ok(()),
    }
}

/// What hashes are looked up in, and when.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    pub kept: &'a dyn Kept,
    /// Seconds since 1970.
    pub now: i64,
}

/// The working tree.
#[derive(Clone, Copy, Debug)]
pub struct Disk<'a> {
    root: &'a Path,
    parsing: Parsing,
}

impl Files for Disk<'_> {
    fn paths(&self) -> &[String] {
        &[]
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        super::read_file(&self.root.join(path))
    }

    fn root(&self) -> Option<&Path> {
        Some(self.root)
    }

    fn parsing(&self) -> Parsing {
        self.parsing
    }
}
