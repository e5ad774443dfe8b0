//! `.dvc/config`: ConfigObj's INI, several files laid over each other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::flags::Parsing;
use super::paths;

/// Section (`core`, `remote "store"`) -> key -> value, all names in lower case as DVC has them.
type Sections = BTreeMap<String, BTreeMap<String, String>>;

/// What is in force in one DVC repository.
#[derive(Clone, Debug, Default)]
pub struct Config {
    sections: Sections,
}

impl Config {
    /// Lays a file over what is known. Relative paths in it are relative to `dir`, the file's directory.
    ///
    /// The lines that mean nothing are returned with their numbers; everything else counts.
    pub fn overlay(&mut self, text: &str, dir: &Path) -> Vec<(usize, String)> {
        let mut problems = Vec::new();
        let mut section = String::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') || line.starts_with(';') {
                continue;
            }
            if let Some(inner) = line.strip_prefix('[') {
                match section_name(inner) {
                    Some(name) => section = name,
                    None => {
                        problems.push((at + 1, "section without its closing bracket".to_owned()))
                    }
                }
            } else if let Some((key, value)) = line.split_once('=') {
                let key = unquote(key.trim()).to_lowercase();
                let value = resolve(&section, &key, &plain_value(value), dir);
                self.sections
                    .entry(section.clone())
                    .or_default()
                    .insert(key, value);
            } else {
                problems.push((at + 1, "neither a section nor key = value".to_owned()));
            }
        }
        problems
    }

    fn get(&self, section: &str, key: &str) -> Option<&str> {
        self.sections.get(section)?.get(key).map(String::as_str)
    }

    /// How maps and lists in commands are written.
    pub fn parsing(&self) -> Parsing {
        Parsing {
            names_false: self.get("parsing", "bool") == Some("boolean_optional"),
            repeats: self.get("parsing", "list") == Some("append"),
        }
    }

    /// Whether there is no Git to ask.
    pub fn no_scm(&self) -> bool {
        self.get("core", "no_scm") == Some("true")
    }

    /// Where DVC keeps what several repositories share, if it was moved.
    pub fn site_cache_dir(&self) -> Option<PathBuf> {
        self.get("core", "site_cache_dir").map(PathBuf::from)
    }

    /// Where the cache is, if it was moved.
    pub fn cache_dir(&self) -> Option<PathBuf> {
        self.get("cache", "dir").map(PathBuf::from)
    }

    /// Whether there is a remote of that name, or a default one.
    pub fn has_remote(&self, name: Option<&str>) -> bool {
        self.remote_name(name)
            .is_some_and(|name| self.get(&format!("remote \"{name}\""), "url").is_some())
    }

    /// The name in lower case, of the default remote if `None`.
    pub fn remote_name(&self, name: Option<&str>) -> Option<String> {
        let name = name.or_else(|| self.get("core", "remote"))?;
        Some(name.to_lowercase())
    }

    /// Makes another remote the default one.
    pub fn choose_remote(&mut self, name: &str) {
        let core = self.sections.entry("core".to_owned()).or_default();
        core.insert("remote".to_owned(), name.to_owned());
    }

    /// The directory of a remote on this machine. The error says why it cannot be looked at.
    pub fn remote_on_disk(&self, name: Option<&str>) -> Result<PathBuf, String> {
        let shown = self.remote_name(name).unwrap_or_default();
        if !self.has_remote(name) {
            return Err(match name.or_else(|| self.get("core", "remote")) {
                Some(_) => format!("config file error: remote '{shown}' doesn't exist."),
                None => {
                    "no remote specified in the config: set one with `dvc remote default`".into()
                }
            });
        }
        self.local_remote(name).ok_or_else(|| {
            format!("remote '{shown}' is not a directory on this machine that holds objects: it is not looked at")
        })
    }

    /// The URL of a remote in an object store (`s3://…`) that keeps objects by their hash, without a slash at its end.
    pub fn object_remote(&self, name: Option<&str>) -> Option<String> {
        let (url, tail) = self.remote(name)?;
        let scheme = url.split_once("://").map(|(scheme, _)| scheme)?;
        let whole = match tail.as_str() {
            "" => url.to_owned(),
            tail => format!("{}/{tail}", url.trim_end_matches('/')),
        };
        (scheme == "s3").then(|| whole.trim_end_matches('/').to_owned())
    }

    /// The directory of a remote that is one on this machine; `name` is the default remote if `None`.
    ///
    /// `None` for remotes elsewhere, for those that keep plain files, and without a remote.
    pub fn local_remote(&self, name: Option<&str>) -> Option<PathBuf> {
        let (url, tail) = self.remote(name)?;
        let url = url.strip_prefix("file://").unwrap_or(url);
        if url.contains("://") {
            return None;
        }
        Some(if tail.is_empty() {
            PathBuf::from(url)
        } else {
            Path::new(url).join(tail)
        })
    }

    /// The URL of the outermost remote, and the path inside of it; `None` for remotes that keep plain files.
    fn remote(&self, name: Option<&str>) -> Option<(&str, String)> {
        let name = match name {
            Some(name) => name.to_lowercase(),
            None => self.get("core", "remote")?.to_lowercase(),
        };
        let (section, mut tail) = (format!("remote \"{name}\""), String::new());
        if ["version_aware", "worktree"]
            .iter()
            .any(|key| self.get(&section, key) == Some("true"))
        {
            return None;
        }
        let mut url = self.get(&section, "url")?;
        // A remote may lie inside another one; more than a few steps is a circle.
        for _ in 0..8 {
            let Some(rest) = url.strip_prefix("remote://") else {
                break;
            };
            let (base, path) = rest.split_once('/').unwrap_or((rest, ""));
            tail = if tail.is_empty() {
                path.to_owned()
            } else {
                format!("{path}/{tail}")
            };
            url = self.get(&format!("remote \"{}\"", base.to_lowercase()), "url")?;
        }
        Some((url, tail))
    }
}

/// `core]`, `'remote "store"']`, `remote "store"]`.
fn section_name(inner: &str) -> Option<String> {
    let (name, _) = inner.rsplit_once(']')?;
    Some(unquote(name.trim()).to_lowercase())
}

fn unquote(text: &str) -> &str {
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        if text.len() >= 2 * quote.len()
            && let Some(inner) = text
                .strip_prefix(quote)
                .and_then(|rest| rest.strip_suffix(quote))
        {
            return inner;
        }
    }
    text
}

/// The value without quotes, and without a comment after it.
fn plain_value(text: &str) -> String {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(rest) = text.strip_prefix(quote)
            && let Some((inner, after)) = rest.split_once(quote)
            && (after.trim().is_empty() || after.trim_start().starts_with('#'))
        {
            return inner.to_owned();
        }
    }
    text.split_once(" #")
        .map_or(text, |(value, _)| value.trim_end())
        .to_owned()
}

fn resolve(section: &str, key: &str, value: &str, dir: &Path) -> String {
    let is_path = matches!((section, key), ("cache", "dir"))
        || (section.starts_with("remote ") && key == "url");
    if !is_path || value.contains("://") {
        return value.to_owned();
    }
    if let Some(rest) = value.strip_prefix("~/")
        && let Some(home) = std::env::home_dir()
    {
        return home.join(rest).to_string_lossy().into_owned();
    }
    if Path::new(value).is_absolute() {
        return value.to_owned();
    }
    let base = dir.to_string_lossy();
    match paths::join(&base, value) {
        Some(joined) if base.starts_with('/') => format!("/{joined}"),
        _ => dir.join(value).to_string_lossy().into_owned(),
    }
}

/// The files of the system and of the user, in the order in which they count.
pub fn files_outside() -> Vec<PathBuf> {
    let from_env = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let system = from_env("DVC_SYSTEM_CONFIG_DIR").unwrap_or_else(|| PathBuf::from("/etc/xdg/dvc"));
    let user = from_env("DVC_GLOBAL_CONFIG_DIR").or_else(|| {
        let base = directories::BaseDirs::new()?;
        Some(base.config_dir().join("dvc"))
    });
    [Some(system), user]
        .into_iter()
        .flatten()
        .map(|dir| dir.join("config"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        let mut config = Config::default();
        config.overlay(text, Path::new("/repo/.dvc"));
        config
    }

    #[test]
    fn remotes_are_found_whatever_the_case_and_quotes() {
        let text = "[core]\n    remote = Main  # the one\n['remote \"main\"']\n    url = ../../store\n\
            [remote \"In\"]\nurl = remote://main/a/b\n['remote \"s3\"']\nurl = s3://bucket/x\n";
        let config = config(text);
        assert_eq!(config.local_remote(None), Some(PathBuf::from("/store")));
        assert_eq!(
            config.local_remote(Some("in")),
            Some(PathBuf::from("/store/a/b"))
        );
        assert_eq!(config.local_remote(Some("s3")), None);
        assert_eq!(config.local_remote(Some("nope")), None);
    }

    #[test]
    fn later_files_lie_over_earlier_ones() {
        let mut config = config("[cache]\ndir = /a\n");
        config.overlay("[cache]\ndir = \"/b c\"\n", Path::new("/repo/.dvc"));
        assert_eq!(config.cache_dir(), Some(PathBuf::from("/b c")));
    }

    #[test]
    fn a_bad_line_is_named_and_the_rest_counts() {
        let mut config = Config::default();
        let problems = config.overlay("[core\nnonsense\n[cache]\ndir = x\n", Path::new("/r/.dvc"));
        assert_eq!(
            problems.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
            [1, 2]
        );
        assert_eq!(config.cache_dir(), Some(PathBuf::from("/r/.dvc/x")));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text in "(?s).*") {
            let _ = config(&text).local_remote(None);
        }
    }
}
