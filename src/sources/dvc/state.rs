//! DVC's own database of hashes, read where it is there. It is opened so that nothing is written beside it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use md5::{Digest, Md5};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde::Deserialize;

use super::hash::{Listing, hex};
use super::hashes::Traits;
use super::kept::{Kept, KeptDirectory, KeptFile, NewHash};
use super::lock::HashKind;
use super::numbers::python_float;
use super::project::Project;

/// The major version of DVC and a number that it may raise to forget older databases.
const EDITION: &str = "3, 0";

/// Knows what DVC knew when it last looked.
pub struct State {
    /// Not shared by threads as it is.
    connection: Mutex<Connection>,
}

#[derive(Deserialize)]
struct Row {
    checksum: String,
    hash_info: HashMap<String, String>,
}

impl State {
    /// `user` is the name of the user as Python finds it.
    pub fn open(project: &Project, user: &str) -> Option<Self> {
        let path = folder(project, user)?.join("hashes/local/cache.db");
        path.is_file().then_some(())?;
        let mut uri = String::from("file:");
        for byte in path.to_str()?.bytes() {
            if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
                uri.push(char::from(byte));
            } else {
                uri.push_str(&format!("%{byte:02x}"));
            }
        }
        uri.push_str("?mode=ro&immutable=1");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(uri, flags).ok()?;
        Some(Self {
            connection: Mutex::new(connection),
        })
    }

    fn file(
        query: &mut rusqlite::Statement<'_>,
        path: &Path,
        traits: Traits,
        kind: HashKind,
    ) -> Option<String> {
        let row: Option<String> = query
            .query_row(params![path.to_str()?], |row| row.get(0))
            .optional()
            .ok()?;
        hash_of(&row?, traits, kind)
    }
}

/// The hash in a row, if it is of that kind and the file is as it was.
fn hash_of(row: &str, traits: Traits, kind: HashKind) -> Option<String> {
    let row: Row = serde_json::from_str(row).ok()?;
    let name = match kind {
        HashKind::Md5 => "md5",
        HashKind::Md5Dos2Unix => "md5-dos2unix",
        HashKind::Foreign => return None,
    };
    let hash = row.hash_info.get(name)?;
    let is_md5 = hash.len() == 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_md5 && row.checksum == checksum(traits)?).then(|| hash.clone())
}

/// What DVC makes of a file's inode, time and size.
fn checksum(traits: Traits) -> Option<String> {
    let time = python_time(traits.modified?)?;
    let text = format!("([{}, {time}, {}],)", traits.inode.1, traits.bytes);
    let digest: [u8; 16] = Md5::digest(text.as_bytes()).into();
    Some(u128::from_be_bytes(digest).to_string())
}

/// `os.stat(…).st_mtime` as Python prints it.
#[expect(
    clippy::cast_precision_loss,
    reason = "Python has the time in a float, and so loses the same digits"
)]
fn python_time(time: SystemTime) -> Option<String> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let seconds = since.as_secs() as f64 + 1e-9 * f64::from(since.subsec_nanos());
    Some(python_float(seconds))
}

/// The folder of a project's databases.
fn folder(project: &Project, user: &str) -> Option<PathBuf> {
    let site = std::env::var_os("DVC_SITE_CACHE_DIR").map(PathBuf::from);
    let site = site
        .filter(|path| !path.as_os_str().is_empty())
        .or_else(|| project.config.site_cache_dir())
        .unwrap_or_else(|| PathBuf::from(SITE));
    let born = project.root.join(".dvc/tmp/btime").metadata().ok()?;
    let born = python_time(born.modified().ok()?)?;
    let root = project.root.to_str()?;
    // Python would choose other quotes, or escape.
    if root.contains(['\'', '\\']) || root.chars().any(char::is_control) {
        return None;
    }
    let token = format!("('{root}', None, {born}, '{user}', {EDITION})");
    let token = hex(&Md5::digest(token.as_bytes()));
    Some(site.join("repo").join(token))
}

#[cfg(target_os = "macos")]
const SITE: &str = "/Library/Caches/dvc";
#[cfg(not(target_os = "macos"))]
const SITE: &str = "/var/tmp/dvc";

impl Kept for State {
    fn files(&self, files: &[KeptFile<'_>], kind: HashKind) -> Vec<Option<String>> {
        let connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let sql = "SELECT value FROM Cache WHERE key = ?1 AND raw = 1";
        let Ok(mut query) = connection.prepare(sql) else {
            return vec![None; files.len()];
        };
        let mut find = |file: &KeptFile<'_>| Self::file(&mut query, file.path, file.traits, kind);
        files.iter().map(&mut find).collect()
    }

    fn directory(&self, _: &Path, _: HashKind, _: u64) -> Option<KeptDirectory> {
        None
    }

    fn files_in(
        &self,
        dir: &Path,
        kind: HashKind,
        files: &[(String, Traits)],
    ) -> Vec<Option<String>> {
        let connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let all = || {
            let start = format!("{}/", dir.to_str()?);
            let end = format!("{}0", dir.to_str()?);
            let sql = "SELECT key, value FROM Cache WHERE key > ?1 AND key < ?2 AND raw = 1";
            let mut query = connection.prepare(sql).ok()?;
            let rows = query
                .query_map(params![start, end], |row| {
                    Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
                })
                .ok()?;
            let mut known = HashMap::new();
            for (path, value) in rows.flatten() {
                if let Some(name) = path.strip_prefix(&start) {
                    known.insert(name.to_owned(), value);
                }
            }
            Some(known)
        };
        let known = all().unwrap_or_default();
        super::threads::small(files, |(name, traits)| {
            hash_of(known.get(name)?, *traits, kind)
        })
    }

    fn keep_files(&self, _: HashKind, _: &[NewHash]) {}

    fn keep_directory(
        &self,
        _: &Path,
        _: HashKind,
        _: u64,
        _: &str,
        _: &[(String, Traits)],
        _: &Listing,
    ) {
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_row_holds_as_long_as_the_file_stays() {
        let traits = Traits {
            bytes: 5,
            modified: Some(SystemTime::UNIX_EPOCH + Duration::new(1_732_293_000, 123_456_700)),
            changed: (0, 0),
            inode: (1, 123),
            readonly: false,
            executable: false,
        };
        // md5 of `([123, 1732293000.1234567, 5],)` as a number.
        let text = "([123, 1732293000.1234567, 5],)";
        let number = u128::from_be_bytes(Md5::digest(text.as_bytes()).into());
        let row = format!(
            r#"{{"version":1,"checksum":"{number}","size":5,"hash_info":{{"md5":"{}"}}}}"#,
            "a".repeat(32)
        );
        assert_eq!(
            hash_of(&row, traits, HashKind::Md5).unwrap(),
            "a".repeat(32)
        );
        assert!(hash_of(&row, traits, HashKind::Md5Dos2Unix).is_none());
        let other = Traits { bytes: 6, ..traits };
        assert!(hash_of(&row, other, HashKind::Md5).is_none());
        assert!(hash_of("{", traits, HashKind::Md5).is_none());
    }
}
