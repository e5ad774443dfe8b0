//! Where Flightdeck keeps its files.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::env::Env;

/// The platform's folders for config, state (logs, ledger) and cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    pub config: PathBuf,
    pub state: PathBuf,
    pub cache: PathBuf,
}

impl Dirs {
    /// By the platform's conventions; `FLIGHTDECK_CONFIG_DIR`, `FLIGHTDECK_STATE_DIR` and
    /// `FLIGHTDECK_CACHE_DIR` override them. Nothing is created yet.
    ///
    /// Fails where the user has no home folder and does not say where to put things.
    pub fn resolve(env: &Env) -> io::Result<Self> {
        let platform = directories::ProjectDirs::from("", "", "flightdeck");
        let pick = |variable: &str, of: fn(&directories::ProjectDirs) -> PathBuf| {
            env.path(variable)
                .or_else(|| platform.as_ref().map(of))
                .ok_or_else(|| io::Error::other(format!("no home folder is known: set {variable}")))
        };
        Ok(Self {
            config: pick("FLIGHTDECK_CONFIG_DIR", |p| p.config_dir().to_owned())?,
            state: pick("FLIGHTDECK_STATE_DIR", |p| {
                p.state_dir().unwrap_or(p.data_local_dir()).to_owned()
            })?,
            cache: pick("FLIGHTDECK_CACHE_DIR", |p| p.cache_dir().to_owned())?,
        })
    }

    /// All three below one folder: for the demo and for tests.
    pub fn below(root: &Path) -> Self {
        Self {
            config: root.join("config"),
            state: root.join("state"),
            cache: root.join("cache"),
        }
    }

    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// The user's overlay for a keymap: `keymaps/<name>.toml`, or `keymap.toml` for whichever is in use.
    pub fn keymap_file(&self, name: &str) -> Option<PathBuf> {
        [
            self.config.join("keymaps").join(format!("{name}.toml")),
            self.config.join("keymap.toml"),
        ]
        .into_iter()
        .find(|path| path.is_file())
    }
}

/// Creates a folder and those above it, for the user's eyes only (0700).
pub fn create_private_dir(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Creates or empties a file that only the user can read (0600), and the folders above it (0700).
pub fn create_private(path: &Path) -> io::Result<File> {
    open_private(
        path,
        OpenOptions::new().write(true).create(true).truncate(true),
    )
}

/// The same, but an existing file is an error.
pub fn create_new_private(path: &Path) -> io::Result<File> {
    open_private(path, OpenOptions::new().write(true).create_new(true))
}

/// The same, but writes are added at the end.
pub fn append_private(path: &Path) -> io::Result<File> {
    open_private(path, OpenOptions::new().append(true).create(true))
}

fn open_private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        create_private_dir(folder)?;
    }
    options.mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn environment_overrides_the_platform() {
        let dirs = Dirs::resolve(&Env::from([
            ("FLIGHTDECK_CONFIG_DIR", "/c"),
            ("FLIGHTDECK_STATE_DIR", "/s"),
            ("FLIGHTDECK_CACHE_DIR", "/k"),
        ]))
        .unwrap();
        assert_eq!(
            (dirs.config, dirs.state, dirs.cache),
            ("/c".into(), "/s".into(), "/k".into())
        );
    }

    #[test]
    fn files_and_folders_are_private() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("a/b/file");
        create_private(&file).unwrap();
        assert_eq!(mode(&file), 0o600);
        assert_eq!(mode(&root.path().join("a")), 0o700);
        assert_eq!(mode(&root.path().join("a/b")), 0o700);
        assert!(create_new_private(&file).is_err());
        append_private(&file).unwrap();
    }

    #[test]
    fn a_named_keymap_file_goes_before_the_general_one() {
        let root = tempfile::tempdir().unwrap();
        let dirs = Dirs::below(root.path());
        assert_eq!(dirs.keymap_file("vim"), None);
        let general = dirs.config.join("keymap.toml");
        create_private(&general).unwrap();
        assert_eq!(dirs.keymap_file("vim"), Some(general));
        let named = dirs.config.join("keymaps/vim.toml");
        create_private(&named).unwrap();
        assert_eq!(dirs.keymap_file("vim"), Some(named));
    }
}
