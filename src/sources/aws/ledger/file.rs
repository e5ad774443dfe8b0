//! The sums on disk: one small JSON file, changed under a lock.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::prices::Price;

const NAME: &str = "api-spend.json";

/// What was spent in a day and its month, in UTC.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spend {
    /// `2026-11-22`.
    pub day: String,
    /// `2026-11`.
    pub month: String,
    pub day_usd: f64,
    pub month_usd: f64,
    pub cost_explorer_requests: u32,
}

impl Spend {
    /// Nothing yet, on the day of `now`.
    pub fn starting(now: Timestamp) -> Self {
        let day = now.to_zoned(TimeZone::UTC).date().to_string();
        Self {
            month: day.get(..7).unwrap_or_default().to_owned(),
            day,
            ..Self::default()
        }
    }

    /// Forgets the day, and the month, where those of `today` are others.
    pub fn roll_over(&mut self, today: &Self) {
        if self.day != today.day {
            self.day.clone_from(&today.day);
            self.day_usd = 0.0;
            self.cost_explorer_requests = 0;
        }
        if self.month != today.month {
            self.month.clone_from(&today.month);
            self.month_usd = 0.0;
        }
    }

    pub fn add(&mut self, price: Price) {
        self.day_usd += price.usd;
        self.month_usd += price.usd;
        self.cost_explorer_requests += u32::from(price.cost_explorer);
    }

    pub fn plus(&self, other: &Self) -> Self {
        Self {
            day: other.day.clone(),
            month: other.month.clone(),
            day_usd: self.day_usd + other.day_usd,
            month_usd: self.month_usd + other.month_usd,
            cost_explorer_requests: self.cost_explorer_requests + other.cost_explorer_requests,
        }
    }

    pub fn is_zero(&self) -> bool {
        self.month_usd == 0.0 && self.cost_explorer_requests == 0
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Book {
    accounts: BTreeMap<String, Spend>,
}

pub struct LedgerFile {
    dir: PathBuf,
}

impl LedgerFile {
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// What is on disk for an account; nothing when the file is missing or damaged.
    pub fn read(&self, account: &str) -> Spend {
        self.book().accounts.remove(account).unwrap_or_default()
    }

    /// Adds to the account's sums, under a lock that other processes respect, and answers the new sums.
    pub fn add(&self, account: &str, more: &Spend) -> io::Result<Spend> {
        std::fs::create_dir_all(&self.dir)?;
        let lock = private(&self.dir.join("api-spend.lock"))?;
        lock.lock()?;
        let mut book = self.book();
        let stored = book.accounts.entry(account.to_owned()).or_default();
        stored.roll_over(more);
        *stored = stored.plus(more);
        let sums = stored.clone();
        // A new file moved over the old one: a crash leaves one of the two, never half of one. Created 0600.
        let mut file = tempfile::NamedTempFile::new_in(&self.dir)?;
        file.write_all(&serde_json::to_vec_pretty(&book)?)?;
        file.persist(self.dir.join(NAME))?;
        Ok(sums)
    }

    fn book(&self) -> Book {
        std::fs::read(self.dir.join(NAME))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }
}

fn private(path: &std::path::Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn spend(usd: f64) -> Spend {
        let mut spend = Spend::starting("2026-11-22T12:00:00Z".parse().unwrap());
        spend.add(Price {
            usd,
            cost_explorer: false,
        });
        spend
    }

    #[test]
    fn accounts_are_kept_apart() {
        let dir = tempfile::tempdir().unwrap();
        let file = LedgerFile::new(dir.path().to_owned());
        file.add("111111111111", &spend(0.5)).unwrap();
        file.add("222222222222", &spend(0.1)).unwrap();
        let sums = file.add("111111111111", &spend(0.25)).unwrap();
        assert!((sums.month_usd - 0.75).abs() < 1e-9);
        assert!((file.read("222222222222").day_usd - 0.1).abs() < 1e-9);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = LedgerFile::new(dir.path().to_owned());
        file.add("111111111111", &spend(0.5)).unwrap();
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let mode = entry.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_file_counts_as_none() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(NAME), "{").unwrap();
        let file = LedgerFile::new(dir.path().to_owned());
        assert_eq!(file.read("111111111111"), Spend::default());
        file.add("111111111111", &spend(0.5)).unwrap();
        assert!((file.read("111111111111").day_usd - 0.5).abs() < 1e-9);
    }
}
