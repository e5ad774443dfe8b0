//! What a path names: a file that can be read at any place, or something that is copied into one first.

use std::fs::{File, Metadata};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use thiserror::Error;

use crate::logs::positioned;
use crate::logs::told::Trouble;

/// Bytes of a copy that are written at once.
const PIECE: usize = 256 << 10;

/// Why a file cannot be read.
#[derive(Debug, Error)]
pub enum OpenError {
    #[error("{} is a folder", .0.display())]
    Folder(PathBuf),
    #[error("{} is a terminal", .0.display())]
    Terminal(PathBuf),
    #[error("{} is compressed ({})", .path.display(), .kind.name())]
    Compressed { path: PathBuf, kind: Compression },
    #[error("{}: {error}", .path.display())]
    Io { path: PathBuf, error: io::Error },
}

/// How a file is compressed, as its first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

impl Compression {
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(Self::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
        }
    }

    fn unpacker(self) -> &'static str {
        match self {
            Self::Gzip => "zcat",
            Self::Zstd => "zstdcat",
            Self::Bzip2 => "bzcat",
            Self::Xz => "xzcat",
        }
    }
}

impl OpenError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Folder(path) => Some(format!("name files in it: {}/*.log", path.display())),
            Self::Terminal(_) => Some("send lines through a pipe: … | flightdeck logs -".into()),
            Self::Compressed { path, kind } => Some(format!(
                "{} {} | flightdeck logs -",
                kind.unpacker(),
                path.display()
            )),
            Self::Io { error, .. } => match error.kind() {
                io::ErrorKind::NotFound => Some("is the name right?".into()),
                io::ErrorKind::PermissionDenied => {
                    Some("its owner, or sudo, can let you read it".into())
                }
                _ => None,
            },
        }
    }
}

impl From<OpenError> for Trouble {
    fn from(error: OpenError) -> Self {
        Self {
            what: error.to_string(),
            hint: error.hint(),
        }
    }
}

/// What a path names.
#[derive(Debug)]
pub enum Opened {
    File(File, Metadata),
    /// A pipe, a device: read from its start to its end, once. Opening it may wait for who writes it.
    Stream,
}

/// # Errors
/// When there is nothing to be read there.
pub fn open(path: &Path) -> Result<Opened, OpenError> {
    let io = |error| OpenError::Io {
        path: path.to_owned(),
        error,
    };
    // Asked before opening: opening a pipe would wait for its writer.
    let metadata = std::fs::metadata(path).map_err(io)?;
    if metadata.is_dir() {
        return Err(OpenError::Folder(path.to_owned()));
    }
    if !metadata.is_file() {
        let is_terminal = is_device(&metadata) && File::open(path).map_err(io)?.is_terminal();
        return if is_terminal {
            Err(OpenError::Terminal(path.to_owned()))
        } else {
            Ok(Opened::Stream)
        };
    }
    let file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    let mut head = Vec::new();
    positioned::read_into(&file, &mut head, 0, 8).map_err(io)?;
    match Compression::of(&head) {
        Some(kind) => Err(OpenError::Compressed {
            path: path.to_owned(),
            kind,
        }),
        None => Ok(Opened::File(file, metadata)),
    }
}

#[cfg(unix)]
fn is_device(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_char_device(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_device(_: &Metadata) -> bool {
    false
}

/// A stream on its way into a file without a name, which can be followed like any other.
#[derive(Debug)]
pub struct Copying {
    failed: Arc<Mutex<Option<io::Error>>>,
    ended: Arc<AtomicBool>,
}

impl Copying {
    /// Answers the file that grows; `grown` is called whenever it has, on a thread of its own.
    pub fn start(
        path: PathBuf,
        folder: Option<&Path>,
        grown: impl Fn() + Send + 'static,
    ) -> io::Result<(Self, File)> {
        let to = match folder {
            Some(folder) => {
                std::fs::create_dir_all(folder)?;
                tempfile::tempfile_in(folder)?
            }
            None => tempfile::tempfile()?,
        };
        let failed = Arc::new(Mutex::new(None));
        let ended = Arc::new(AtomicBool::new(false));
        let (copy, failure, end) = (to.try_clone()?, Arc::clone(&failed), Arc::clone(&ended));
        thread::spawn(move || {
            if let Err(error) = copy_all(&path, &copy, &grown) {
                *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
            end.store(true, Ordering::Release);
            grown();
        });
        Ok((Self { failed, ended }, to))
    }

    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Why it ended before its end, told once.
    pub fn failure(&self) -> Option<io::Error> {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.take()
    }
}

fn copy_all(path: &Path, to: &File, grown: &impl Fn()) -> io::Result<()> {
    let mut from = File::open(path)?;
    let mut piece = vec![0; PIECE];
    let mut at = 0;
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => {
                positioned::write_all_at(to, &piece[..read], at)?;
                at += read as u64;
                grown();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
