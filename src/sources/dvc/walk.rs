//! The files of a directory that DVC tracks.

use std::path::Path;

use super::hashes::Traits;
use super::ignore::Ignore;
use super::index::Found;

/// A directory with more files is not compared.
const FILE_LIMIT: usize = 200_000;
/// Files of one output that are watched for edits in place; that files come and go is always seen.
const WATCH_LIMIT: usize = 5_000;
const DEPTH_LIMIT: usize = 64;

#[derive(Clone, Debug, Hash)]
pub struct File {
    /// With `/`, from the directory.
    pub relative: String,
    pub traits: Traits,
}

/// All files below `dir` that no rule leaves out, links followed, in no order.
///
/// `None` where something cannot be read or there are too many. `watch` is told of what is looked at.
pub fn files(
    dir: &Path,
    found: &Found,
    ignore: &Ignore,
    watch: &mut dyn FnMut(&Path),
) -> Option<Vec<File>> {
    let mut walk = Walk {
        ignore,
        root: &found.root,
        watch,
        files: Vec::new(),
        above: vec![Traits::of(&dir.metadata().ok()?).inode],
    };
    walk.enter(dir, &found.path, "")?;
    Some(walk.files)
}

struct Walk<'a> {
    ignore: &'a Ignore,
    root: &'a str,
    watch: &'a mut dyn FnMut(&Path),
    files: Vec<File>,
    /// The directories that lead here, by inode.
    above: Vec<(u64, u64)>,
}

impl Walk<'_> {
    /// `shown` is the directory's path in the repository, `relative` that inside the output.
    fn enter(&mut self, dir: &Path, shown: &str, relative: &str) -> Option<()> {
        if self.above.len() > DEPTH_LIMIT {
            return None;
        }
        (self.watch)(dir);
        for entry in std::fs::read_dir(dir).ok()? {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            let path = entry.path();
            // A link to nothing is no file; DVC leaves it out too.
            let Ok(data) = path.metadata() else {
                continue;
            };
            let shown = format!("{shown}/{name}");
            if self.ignore.matches(self.root, &shown, data.is_dir()) {
                continue;
            }
            let relative = if relative.is_empty() {
                name
            } else {
                format!("{relative}/{name}")
            };
            let traits = Traits::of(&data);
            if data.is_dir() {
                // A link that leads back up would never end.
                if traits.inode != (0, 0) && self.above.contains(&traits.inode) {
                    continue;
                }
                self.above.push(traits.inode);
                self.enter(&path, &shown, &relative)?;
                self.above.pop();
            } else if data.is_file() {
                if self.files.len() >= FILE_LIMIT {
                    return None;
                }
                if self.files.len() < WATCH_LIMIT {
                    (self.watch)(&path);
                }
                self.files.push(File { relative, traits });
            }
        }
        Some(())
    }
}
