//! Stages and what they depend on.

use std::ops::Range;

use super::super::lock::Locked;
use super::super::single::Single;
use super::super::yaml::{Entry, Value};

/// A stage of a pipeline, or a `.dvc` file.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The `dvc.yaml` or `.dvc` file that declares it.
    pub file: String,
    /// `None` for a `.dvc` file.
    pub name: Option<String>,
    /// The DVC repository it belongs to.
    pub root: String,
    /// Relative to the repository; `None` where it lies outside or cannot be told.
    pub wdir: Option<String>,
    /// Text or a list of texts; `Null` in a `.dvc` file.
    pub cmd: Value,
    /// The command that it last ran with; `None` where nothing is recorded.
    pub locked_cmd: Option<Value>,
    pub deps: Vec<Dep>,
    /// Its outputs among those of the index.
    pub outs: Range<usize>,
    pub frozen: bool,
    pub always_changed: bool,
    pub desc: Option<String>,
    /// The whole of a `.dvc` file.
    pub single: Option<Single>,
}

impl Stage {
    /// As DVC names it from `dir`, a directory of the repository.
    pub fn address(&self, dir: &str) -> String {
        let file = super::super::paths::relative(&self.file, dir);
        match &self.name {
            Some(name) if file == "dvc.yaml" => name.clone(),
            Some(name) => format!("{file}:{name}"),
            None => file,
        }
    }

    /// Brought in from elsewhere by `dvc import` and the like.
    pub fn is_import(&self) -> bool {
        self.cmd_is_empty() && self.deps.len() == 1 && self.outs.len() == 1
    }

    pub fn is_repository_import(&self) -> bool {
        self.is_import() && matches!(self.deps[0].kind, DepKind::Repository { .. })
    }

    /// A command that depends on nothing and leaves nothing: it always runs.
    pub fn is_callback(&self) -> bool {
        !self.cmd_is_empty() && self.deps.is_empty() && self.outs.is_empty()
    }

    fn cmd_is_empty(&self) -> bool {
        match &self.cmd {
            Value::Null => true,
            Value::Text(text) => text.is_empty(),
            Value::Seq(items) => items.is_empty(),
            _ => false,
        }
    }
}

/// Something a stage depends on.
#[derive(Clone, Debug)]
pub struct Dep {
    /// As it stands in the file.
    pub written: String,
    /// Relative to the repository; where it lies outside, absolute, with `..`, or a URL.
    pub path: String,
    pub outside: bool,
    pub locked: Option<Locked>,
    pub kind: DepKind,
}

#[derive(Clone, Debug)]
pub enum DepKind {
    /// A file, a directory, or a URL.
    Plain,
    Params {
        /// Dotted names; empty for the whole file.
        keys: Vec<String>,
        /// What was recorded; `None` where nothing was.
        recorded: Option<Vec<Entry>>,
    },
    /// Another DVC or Git repository.
    Repository {
        url: String,
        rev: Option<String>,
        rev_lock: Option<String>,
    },
    Database,
    /// `ds://name`
    Dataset,
}
