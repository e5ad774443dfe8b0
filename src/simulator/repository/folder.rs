//! The temporary folder of a demo: it goes with its program, or where that was killed, with the next demo.
//!
//! A folder is in use as long as somebody holds a lock on it. That tells the living from the dead better than a
//! process id in its name: ids are used again, and containers that share the folder count theirs each for itself.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::process::getuid;
use tempfile::TempDir;

const PREFIX: &str = "flightdeck-demo-";

/// How often a folder is made anew, or removed again, when somebody interferes.
const ATTEMPTS: usize = 5;

/// A folder in use. Dropping it removes it.
#[derive(Debug)]
pub struct Folder {
    dir: TempDir,
    /// Freed when the folder is gone, or by the system when the program is.
    _lock: File,
}

impl Folder {
    /// Makes a folder below `parent`, usually the system's folder for temporary files.
    pub fn create(parent: &Path) -> io::Result<Self> {
        for _ in 0..ATTEMPTS {
            let dir = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
            // Before it was locked another demo may have taken it for a dead one's.
            let Ok(lock) = File::open(dir.path()) else {
                continue;
            };
            if lock.try_lock().is_ok() && is_at(&lock, dir.path()) {
                return Ok(Self { dir, _lock: lock });
            }
        }
        Err(io::Error::other(format!(
            "no folder of its own could be made in {}",
            parent.display()
        )))
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Removes the folders of this user that no program uses any more.
    pub fn sweep(parent: &Path) {
        for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
            if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
                continue;
            }
            let path = entry.path();
            if is_ours(&path)
                && let Ok(lock) = File::open(&path)
                && lock.try_lock().is_ok()
                && let Err(error) = fs::remove_dir_all(&path)
            {
                tracing::debug!(%error, "a dead demo's folder was not removed");
            }
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A reader that is not done yet may write a file (Git's index) meanwhile.
        for _ in 0..ATTEMPTS {
            match fs::remove_dir_all(self.dir.path()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::debug!(%error, "the demo's folder was not removed at once");
                }
                _ => return,
            }
        }
    }
}

/// A folder itself (no link to one) that belongs to this user.
fn is_ours(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|m| m.is_dir() && m.uid() == getuid().as_raw())
}

/// Whether the open folder is still the one at this path.
fn is_at(open: &File, path: &Path) -> bool {
    let id = |m: fs::Metadata| (m.dev(), m.ino());
    match (open.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(there)) => id(open) == id(there),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_dead_are_swept_and_the_living_and_others_stay() {
        let parent = tempfile::tempdir().unwrap();
        let living = Folder::create(parent.path()).unwrap();
        let dead = parent.path().join("flightdeck-demo-dead");
        fs::create_dir_all(dead.join("churn/.git")).unwrap();
        let other = parent.path().join("somebody-else");
        fs::create_dir(&other).unwrap();
        let target = parent.path().join("kept");
        fs::create_dir(&target).unwrap();
        let link = parent.path().join("flightdeck-demo-link");
        std::os::unix::fs::symlink(&target, &link).unwrap();

        Folder::sweep(parent.path());
        assert!(!dead.exists());
        assert!(living.path().exists() && other.exists());
        assert!(target.exists() && link.is_symlink());

        let path = living.path().to_owned();
        fs::write(path.join("file"), "").unwrap();
        drop(living);
        assert!(!path.exists());
    }

    #[test]
    fn a_folder_can_be_gone_before_its_end() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::create(parent.path()).unwrap();
        fs::remove_dir_all(folder.path()).unwrap();
        drop(folder);
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
