//! The names of the files in a directory that DVC tracks.

use std::path::Path;

use super::ignore::Ignore;

const DEPTH_LIMIT: usize = 1000;

/// Every file below `dir`, with `/`, sorted as DVC sorts listings. Links to directories are not followed, links to
/// files are files. `shown` is the directory's path from the repository's root, or absolute; the rules are those of the
/// DVC repository in `root`. `seen` is told of each directory before it is read.
pub fn names(
    dir: &Path,
    shown: &str,
    ignore: &Ignore,
    root: &str,
    seen: &mut dyn FnMut(&Path),
) -> Result<Vec<String>, String> {
    let mut names = Vec::new();
    // Rules know paths in the repository only.
    let inside = !shown.starts_with('/') && !shown.starts_with("../");
    let rules = inside.then_some((ignore, root));
    if rules.is_some_and(|(rules, root)| rules.matches(root, shown, true)) {
        return Ok(names);
    }
    enter(
        dir,
        shown,
        "",
        &mut Walk {
            rules,
            seen,
            names: &mut names,
        },
        0,
    )?;
    names.sort_unstable();
    Ok(names)
}

struct Walk<'a> {
    rules: Option<(&'a Ignore, &'a str)>,
    seen: &'a mut dyn FnMut(&Path),
    names: &'a mut Vec<String>,
}

fn enter(
    dir: &Path,
    shown: &str,
    relative: &str,
    walk: &mut Walk<'_>,
    depth: usize,
) -> Result<(), String> {
    let here = if relative.is_empty() {
        shown.to_owned()
    } else {
        format!("{shown}/{relative}")
    };
    if depth > DEPTH_LIMIT {
        return Err(format!("{here}: too many directories within directories"));
    }
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        // As DVC: what cannot be entered below the top is passed over.
        Err(_) if depth > 0 => return Ok(()),
        Err(cause) => return Err(format!("{here}: {cause}")),
    };
    (walk.seen)(dir);
    let first = walk.names.len();
    let mut directories = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|cause| format!("{here}: {cause}"))?;
        let kind = entry
            .file_type()
            .map_err(|cause| format!("{here}: {cause}"))?;
        let Ok(name) = entry.file_name().into_string() else {
            let name = entry.file_name();
            return Err(format!(
                "{here}: {} is not UTF-8",
                name.to_string_lossy().escape_debug()
            ));
        };
        if depth > 0 && name == ".dvc" {
            // A DVC repository of its own.
            walk.names.truncate(first);
            return Ok(());
        }
        let is_dir = kind.is_dir() || (kind.is_symlink() && entry.path().is_dir());
        let is_own = name == ".git" || (is_dir && matches!(&*name, ".hg" | ".dvc"));
        let left_out = || {
            let path = format!("{here}/{name}");
            walk.rules
                .is_some_and(|(rules, root)| rules.matches_here(root, &path, is_dir))
        };
        if is_own || left_out() {
            continue;
        }
        if name == ".dvcignore" {
            return Err(format!(
                ".dvcignore file should not be in collected dir path: '{here}'"
            ));
        }
        let path = if relative.is_empty() {
            name
        } else {
            format!("{relative}/{name}")
        };
        if kind.is_dir() {
            directories.push((entry.path(), path));
        } else if !is_dir {
            walk.names.push(path);
        }
    }
    for (dir, path) in directories {
        enter(&dir, shown, &path, walk, depth + 1)?;
    }
    Ok(())
}
