//! The names of the files in a directory that DVC tracks.

use std::borrow::Cow;
use std::path::Path;

use super::ignore::Ignore;

const DEPTH_LIMIT: usize = 1000;

/// How a directory is searched.
pub struct Search<'a> {
    pub ignore: &'a Ignore,
    /// The DVC repository whose rules hold.
    pub root: &'a str,
    /// A `.dvcignore` in the directory holds as well; otherwise it is an error, as `dvc status` has it.
    pub own_rules: bool,
    /// Told of each directory before it is read.
    pub seen: &'a mut dyn FnMut(&Path),
}

/// Every file below `dir`, with `/`, sorted as DVC sorts listings. Links to directories are not followed, links to
/// files are files. `shown` is the directory's path from the repository's root, or absolute.
pub fn names<'a>(dir: &Path, shown: &'a str, search: Search<'a>) -> Result<Vec<String>, String> {
    // Rules know paths in the repository only.
    let inside = !shown.starts_with('/') && !shown.starts_with("../");
    if inside && search.ignore.matches(search.root, shown, true) {
        return Ok(Vec::new());
    }
    let mut walk = Walk {
        rules: inside.then_some(Cow::Borrowed(search.ignore)),
        search,
        shown,
        names: Vec::new(),
    };
    walk.enter(dir, "", 0)?;
    walk.names.sort_unstable();
    Ok(walk.names)
}

struct Walk<'a> {
    search: Search<'a>,
    shown: &'a str,
    rules: Option<Cow<'a, Ignore>>,
    names: Vec<String>,
}

impl Walk<'_> {
    fn enter(&mut self, dir: &Path, relative: &str, depth: usize) -> Result<(), String> {
        let here = match relative {
            "" => self.shown.to_owned(),
            relative => format!("{}/{relative}", self.shown),
        };
        if depth > DEPTH_LIMIT {
            return Err(format!("{here}: too many directories within directories"));
        }
        let failed = |cause: std::io::Error| format!("{here}: {cause}");
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries,
            // As DVC: what cannot be entered below the top is passed over.
            Err(_) if depth > 0 => return Ok(()),
            Err(cause) => return Err(failed(cause)),
        };
        (self.search.seen)(dir);
        if self.search.own_rules {
            self.take_rules(dir, &here);
        }
        let first = self.names.len();
        let mut directories = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                return Err(format!("{here}: {} is not UTF-8", name.escape_debug()));
            };
            if depth > 0 && name == ".dvc" {
                // A DVC repository of its own.
                self.names.truncate(first);
                return Ok(());
            }
            let is_dir = kind.is_dir() || (kind.is_symlink() && entry.path().is_dir());
            let is_own = name == ".git" || (is_dir && matches!(&*name, ".hg" | ".dvc"));
            if is_own || self.leaves_out(&here, &name, is_dir) {
                continue;
            }
            if name == ".dvcignore" && !self.search.own_rules {
                return Err(format!(
                    ".dvcignore file should not be in collected dir path: '{here}'"
                ));
            }
            let path = match relative {
                "" => name,
                relative => format!("{relative}/{name}"),
            };
            if kind.is_dir() {
                directories.push((entry.path(), path));
            } else if !is_dir {
                self.names.push(path);
            }
        }
        for (dir, path) in directories {
            self.enter(&dir, &path, depth + 1)?;
        }
        Ok(())
    }

    fn take_rules(&mut self, dir: &Path, here: &str) {
        if let Some(rules) = &mut self.rules
            && let Ok(text) = std::fs::read(dir.join(".dvcignore"))
        {
            rules.to_mut().add(here, &String::from_utf8_lossy(&text));
        }
    }

    fn leaves_out(&self, here: &str, name: &str, is_dir: bool) -> bool {
        self.rules.as_ref().is_some_and(|rules| {
            !rules.is_empty()
                && rules.matches_here(self.search.root, &format!("{here}/{name}"), is_dir)
        })
    }
}
