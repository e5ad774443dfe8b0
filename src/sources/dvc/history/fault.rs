//! Why a file or a revision cannot be read, by the names of DVC's own errors.

use crate::sources::dvc::yaml::Damage;

/// An error as DVC's JSON has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The name of DVC's error.
    pub kind: &'static str,
    pub what: String,
}

impl Fault {
    pub fn new(kind: &'static str, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
        }
    }

    /// One of DVC's own files, damaged.
    pub fn yaml(path: &str, damage: &Damage) -> Self {
        let place = match damage.line {
            0 => String::new(),
            line => format!(" in line {line}"),
        };
        Self::new(
            "YAMLSyntaxError",
            format!("'{path}' is invalid{place}: {}", damage.what),
        )
    }

    /// A `dvc.yaml` that can be read, but not understood.
    pub fn declared(path: &str, line: usize, what: &str) -> Self {
        let place = match line {
            0 => String::new(),
            line => format!(" in line {line}"),
        };
        Self::new(
            "ResolveError",
            format!("failed to parse '{path}'{place}: {what}"),
        )
    }

    pub fn missing(path: &str) -> Self {
        Self::new(
            "FileNotFoundError",
            format!("[Errno 2] No such file or directory: '{path}'"),
        )
    }

    pub fn other(what: impl Into<String>) -> Self {
        Self::new("SCMError", what)
    }
}
