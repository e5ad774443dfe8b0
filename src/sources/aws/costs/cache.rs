//! Paid answers, kept: in memory, and on disk for the next start.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::domain::cost::MonthToDate;
use crate::domain::source_error::Partial;

type Kept = Partial<MonthToDate>;

pub struct Cache {
    dir: Option<PathBuf>,
    memory: Mutex<HashMap<String, Kept>>,
}

impl Cache {
    /// `None`: in memory only.
    pub fn new(dir: Option<PathBuf>) -> Self {
        Self {
            dir,
            memory: Mutex::default(),
        }
    }

    /// The last answer for an account. Another process may have asked since: the newer one counts.
    pub fn get(&self, account: &str) -> Option<Kept> {
        let known = {
            let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            memory.get(account).cloned()
        };
        let stored = self
            .path(account)
            .and_then(|path| std::fs::read(path).ok())
            .and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
        known
            .into_iter()
            .chain(stored)
            .max_by_key(|kept| kept.value.asked_at)
    }

    pub fn put(&self, account: &str, answer: &Kept) {
        if let Err(error) = self.store(account, answer) {
            tracing::warn!(%error, "the answer of Cost Explorer could not be kept");
        }
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.insert(account.to_owned(), answer.clone());
    }

    fn store(&self, account: &str, answer: &Kept) -> io::Result<()> {
        let (Some(dir), Some(path)) = (&self.dir, self.path(account)) else {
            return Ok(());
        };
        std::fs::create_dir_all(dir)?;
        // Created 0600, and moved into place whole.
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        file.write_all(&serde_json::to_vec(answer)?)?;
        file.persist(path)?;
        Ok(())
    }

    fn path(&self, account: &str) -> Option<PathBuf> {
        let plain = !account.is_empty() && account.chars().all(|c| c.is_ascii_alphanumeric());
        let dir = self.dir.as_ref().filter(|_| plain)?;
        Some(dir.join(format!("cost-explorer-{account}.json")))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn answer(asked_at: &str) -> Kept {
        Partial::whole(MonthToDate {
            from: "2026-11-01".parse().unwrap(),
            to: "2026-11-23".parse().unwrap(),
            unit: "USD".into(),
            cells: Vec::new(),
            estimated: true,
            forecast: None,
            asked_at: asked_at.parse().unwrap(),
        })
    }

    #[test]
    fn the_next_process_finds_the_newer_answer() {
        let dir = tempfile::tempdir().unwrap();
        let first = Cache::new(Some(dir.path().to_owned()));
        first.put("123456789012", &answer("2026-11-22T10:00:00Z"));
        let second = Cache::new(Some(dir.path().to_owned()));
        assert_eq!(
            second.get("123456789012"),
            Some(answer("2026-11-22T10:00:00Z"))
        );
        second.put("123456789012", &answer("2026-11-22T11:00:00Z"));
        assert_eq!(
            first.get("123456789012"),
            Some(answer("2026-11-22T11:00:00Z"))
        );
        assert_eq!(first.get("210987654321"), None);
    }

    #[test]
    fn an_account_is_no_path() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(Some(dir.path().to_owned()));
        cache.put("../evil", &answer("2026-11-22T10:00:00Z"));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(Some(dir.path().to_owned()));
        cache.put("123456789012", &answer("2026-11-22T10:00:00Z"));
        let file = std::fs::read_dir(dir.path())
            .unwrap()
            .next()
            .unwrap()
            .unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}
