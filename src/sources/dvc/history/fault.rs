//! Why a file or a revision cannot be read, by the names of DVC's own errors.

use crate::sources::dvc::yaml::parse;

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

    /// One of DVC's own files, damaged: no YAML, or not what belongs there.
    pub fn damaged(path: &str, bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes).map(parse) {
            Ok(Ok(_)) => Self::new(
                "YAMLValidationError",
                format!("'./{path}' validation failed"),
            ),
            _ => Self::new(
                "YAMLSyntaxError",
                format!("unable to read: '{path}', YAML file structure is corrupted"),
            ),
        }
    }

    /// A file of values that is none of its kind.
    pub fn corrupted(path: &str, language: &str) -> Self {
        let kind = match language {
            "JSON" => "JSONFileCorruptedError",
            "TOML" => "TOMLFileCorruptedError",
            "Python" => "PythonFileCorruptedError",
            _ => "YAMLFileCorruptedError",
        };
        Self::new(
            kind,
            format!("unable to read: '{path}', {language} file structure is corrupted"),
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
