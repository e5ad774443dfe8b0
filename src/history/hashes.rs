//! The hashes of files, as long as the files stay what `stat` says they are.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};

use super::database;

const VERSION: i64 = 1;
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS files (place INTEGER PRIMARY KEY, state INTEGER NOT NULL, hash BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS directories
        (place INTEGER PRIMARY KEY, state INTEGER NOT NULL, hash BLOB NOT NULL, files BLOB NOT NULL);
";
/// Bytes of a file in `directories.files`: its name's and its state's fingerprint, its hash.
const RECORD: usize = 32;

/// A file: fingerprints of where it is and of what `stat` says of it, and its md5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileHash {
    pub place: u64,
    pub state: u64,
    pub hash: [u8; 16],
}

/// Opened when first used; whatever goes wrong, nothing is known and nothing is kept.
#[derive(Debug)]
pub struct HashStore {
    path: PathBuf,
    connection: OnceLock<Option<Mutex<Connection>>>,
}

impl HashStore {
    /// `dir` is the cache folder.
    pub fn new(dir: &Path) -> Self {
        Self {
            path: dir.join("hashes.sqlite"),
            connection: OnceLock::new(),
        }
    }

    fn connection(&self) -> Option<MutexGuard<'_, Connection>> {
        let open = || database::open(&self.path, VERSION, TABLES).map(Mutex::new);
        let connection = self.connection.get_or_init(open).as_ref()?;
        Some(connection.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The md5 of each file given by its place and state.
    pub fn files(&self, wanted: &[(u64, u64)]) -> Vec<Option<[u8; 16]>> {
        let mut found = vec![None; wanted.len()];
        let Some(connection) = self.connection() else {
            return found;
        };
        let sql = "SELECT hash FROM files WHERE place = ?1 AND state = ?2";
        let Ok(mut query) = connection.prepare(sql) else {
            return found;
        };
        for (at, (place, state)) in wanted.iter().enumerate() {
            let row = query.query_row(params![signed(*place), signed(*state)], |row| row.get(0));
            if let (Ok(hash), Some(slot)) = (row.optional(), found.get_mut(at)) {
                *slot = hash;
            }
        }
        found
    }

    pub fn keep_files(&self, files: &[FileHash]) {
        // Not kept is computed again.
        let _ = self.try_keep_files(files);
    }

    fn try_keep_files(&self, files: &[FileHash]) -> rusqlite::Result<()> {
        let Some(mut connection) = self.connection() else {
            return Ok(());
        };
        let transaction = connection.transaction()?;
        {
            let mut insert = transaction
                .prepare("INSERT OR REPLACE INTO files (place, state, hash) VALUES (?1, ?2, ?3)")?;
            for file in files {
                insert.execute(params![
                    signed(file.place),
                    signed(file.state),
                    &file.hash[..]
                ])?;
            }
        }
        transaction.commit()
    }

    /// The md5 of a directory's listing, and those of its files in the order in which they were kept.
    pub fn directory(&self, place: u64, state: u64) -> Option<([u8; 16], Vec<[u8; 16]>)> {
        let connection = self.connection()?;
        let sql = "SELECT hash, files FROM directories WHERE place = ?1 AND state = ?2";
        let mut query = connection.prepare(sql).ok()?;
        let row: (_, Vec<u8>) = query
            .query_row(params![signed(place), signed(state)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .ok()??;
        let files = records(&row.1)?.map(|file| file.hash).collect();
        Some((row.0, files))
    }

    /// The files of a directory as they were, whatever its state is now.
    pub fn files_in(&self, place: u64) -> Vec<FileHash> {
        let found = || {
            let connection = self.connection()?;
            let sql = "SELECT files FROM directories WHERE place = ?1";
            let mut query = connection.prepare(sql).ok()?;
            let row = query.query_row(params![signed(place)], |row| row.get::<_, Vec<u8>>(0));
            Some(records(&row.optional().ok()??)?.collect())
        };
        found().unwrap_or_default()
    }

    /// The place of each file is that of its name in the directory.
    pub fn keep_directory(&self, place: u64, state: u64, hash: [u8; 16], files: &[FileHash]) {
        let Some(connection) = self.connection() else {
            return;
        };
        let mut blob = Vec::with_capacity(files.len() * RECORD);
        for file in files {
            blob.extend_from_slice(&file.place.to_le_bytes());
            blob.extend_from_slice(&file.state.to_le_bytes());
            blob.extend_from_slice(&file.hash);
        }
        // Not kept is computed again.
        let _ = connection.execute(
            "INSERT OR REPLACE INTO directories (place, state, hash, files) VALUES (?1, ?2, ?3, ?4)",
            params![signed(place), signed(state), &hash[..], blob],
        );
    }
}

fn records(blob: &[u8]) -> Option<impl Iterator<Item = FileHash> + '_> {
    let number = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_le_bytes);
    blob.len().is_multiple_of(RECORD).then(|| {
        blob.chunks_exact(RECORD).map(move |record| FileHash {
            place: number(&record[..8]),
            state: number(&record[8..16]),
            hash: record[16..].try_into().unwrap_or_default(),
        })
    })
}

/// SQLite's integers have a sign.
fn signed(value: u64) -> i64 {
    i64::from_le_bytes(value.to_le_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn file(place: u64, state: u64, byte: u8) -> FileHash {
        FileHash {
            place,
            state,
            hash: [byte; 16],
        }
    }

    #[test]
    fn hashes_hold_for_one_state() {
        let dir = tempfile::tempdir().unwrap();
        let store = HashStore::new(&dir.path().join("cache"));
        store.keep_files(&[file(u64::MAX, 1, 7), file(2, 1, 8)]);
        let again = HashStore::new(&dir.path().join("cache"));
        let wanted = [(u64::MAX, 1), (2, 2), (3, 1)];
        assert_eq!(again.files(&wanted), [Some([7; 16]), None, None]);
        again.keep_directory(5, 1, [9; 16], &[file(1, 1, 1), file(2, 2, 2)]);
        let (hash, files) = store.directory(5, 1).unwrap();
        assert_eq!((hash, files), ([9; 16], vec![[1; 16], [2; 16]]));
        assert!(store.directory(5, 2).is_none());
        assert_eq!(store.files_in(5)[1], file(2, 2, 2));
        let path = dir.path().join("cache/hashes.sqlite");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_file_is_started_anew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hashes.sqlite");
        for damage in [
            &b"no database at all, but long enough to look like one"[..],
            b"SQLite format 3\0",
        ] {
            std::fs::write(&path, damage.repeat(100)).unwrap();
            let store = HashStore::new(dir.path());
            store.keep_files(&[file(1, 1, 7)]);
            assert_eq!(store.files(&[(1, 1)]), [Some([7; 16])]);
        }
    }

    #[test]
    fn where_nothing_can_be_kept_nothing_is_known() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("file"), "").unwrap();
        let store = HashStore::new(&dir.path().join("file/below"));
        store.keep_files(&[file(1, 1, 7)]);
        store.keep_directory(1, 1, [1; 16], &[]);
        assert_eq!(store.files(&[(1, 1)]), [None]);
        assert!(store.directory(1, 1).is_none() && store.files_in(1).is_empty());
    }
}
