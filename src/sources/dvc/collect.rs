//! DVC's files in the working tree, found as DVC finds them: directory by directory, outputs left out.

use std::collections::HashSet;
use std::path::Path;

use super::Files;
use super::index::Index;
use super::project::Disk;

/// Directories within directories that are searched.
const DEPTH_LIMIT: usize = 200;

/// Everything declared below the root, the stages in the order in which the file system lists them: DVC has them
/// in that order too.
pub fn workspace(disk: &Disk<'_>, ignored: &dyn Fn(&str, bool) -> bool) -> Index {
    let mut search = Search {
        disk,
        ignored,
        index: Index {
            roots: vec![String::new()],
            ..Index::default()
        },
        outputs: HashSet::new(),
        taken: 0,
    };
    search.directory("", 0);
    search.index.refuse_ignored(disk.root());
    search.index
}

struct Search<'a> {
    disk: &'a Disk<'a>,
    ignored: &'a dyn Fn(&str, bool) -> bool,
    index: Index,
    outputs: HashSet<String>,
    /// How many outputs of the index are among `outputs`.
    taken: usize,
}

impl Search<'_> {
    fn directory(&mut self, dir: &str, depth: usize) {
        let Some(root) = self.disk.root() else {
            return;
        };
        let entries = match std::fs::read_dir(root.join(dir)) {
            Ok(entries) => entries,
            // Gone meanwhile, or not ours to read: DVC passes over it too.
            Err(_) => return,
        };
        let (mut directories, mut files) = (Vec::new(), Vec::new());
        for entry in entries.flatten() {
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else {
                continue;
            };
            if kind.is_dir() {
                directories.push(name);
            } else if kind.is_file() || entry.path().is_file() {
                files.push(name);
            }
        }
        let rules = join(dir, ".dvcignore");
        if files.iter().any(|name| name == ".dvcignore") && !self.leaves_out(&rules, false) {
            match self.disk.read(&rules) {
                Ok(Some(bytes)) => self.index.ignore.add(dir, &String::from_utf8_lossy(&bytes)),
                Ok(None) => {}
                Err(what) => self.index.problems.push((rules, what)),
            }
        }
        for name in files {
            let path = join(dir, &name);
            if is_of_dvc(&name) && !self.leaves_out(&path, false) && !(self.ignored)(&path, false) {
                self.index.file(self.disk, &path, "");
            }
        }
        let found = self.index.found.iter().skip(self.taken);
        self.outputs.extend(
            found
                .filter(|it| !it.outside)
                .map(|found| found.path.clone()),
        );
        self.taken = self.index.found.len();
        for name in directories {
            let path = join(dir, &name);
            if !self.is_passed_over(root, &name, &path) && depth < DEPTH_LIMIT {
                self.directory(&path, depth + 1);
            }
        }
    }

    fn is_passed_over(&mut self, root: &Path, name: &str, path: &str) -> bool {
        if matches!(name, ".git" | ".hg" | ".dvc") || self.leaves_out(path, true) {
            return true;
        }
        if root.join(path).join(".dvc").exists() {
            self.index.roots.push(path.to_owned());
            return true;
        }
        self.outputs.contains(path) || (self.ignored)(path, true)
    }

    fn leaves_out(&self, path: &str, is_dir: bool) -> bool {
        self.index.ignore.matches("", path, is_dir)
    }
}

fn is_of_dvc(name: &str) -> bool {
    name == "dvc.yaml" || (name.len() > 4 && name.ends_with(".dvc"))
}

fn join(dir: &str, name: &str) -> String {
    if dir.is_empty() {
        name.to_owned()
    } else {
        format!("{dir}/{name}")
    }
}
