//! Opening a file, and starting it anew where it is damaged.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

/// How long one process waits for another that writes.
const PATIENCE: Duration = Duration::from_millis(500);
/// A larger file is started anew: what is in use comes back by itself.
const LIMIT_BYTES: u64 = 512 << 20;

/// Opens a file with the given tables, making it and its folder for the user's eyes only. `version` is that of the
/// tables: a file with another one is started anew. `None` where nothing can be kept.
pub fn open(path: &Path, version: i64, tables: &str) -> Option<Connection> {
    if path.metadata().is_ok_and(|data| data.len() > LIMIT_BYTES) {
        remove(path);
    }
    attempt(path, version, tables).or_else(|| {
        remove(path);
        attempt(path, version, tables)
    })
}

fn attempt(path: &Path, version: i64, tables: &str) -> Option<Connection> {
    let dir = path.parent()?;
    if !dir.is_dir() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .ok()?;
    }
    // SQLite would make it readable for others; its companions take over the mode.
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .ok()?;
    let connection = Connection::open(path).ok()?;
    connection.busy_timeout(PATIENCE).ok()?;
    let known: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .ok()?;
    if known == version {
        return Some(connection);
    }
    if known != 0 {
        return None;
    }
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN; {tables} PRAGMA user_version = {version}; COMMIT;"
        ))
        .ok()?;
    Some(connection)
}

fn remove(path: &Path) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        // Not there is as good.
        let _ = fs::remove_file(name);
    }
}
