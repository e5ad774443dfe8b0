//! Parameters now against those recorded.

use super::super::params;
use super::super::select::select;
use super::super::yaml::{Entry, Value};
use super::Change;

/// What changed of the parameters `keys` (all at the top if there are none) of a file.
pub fn changed(
    path: &str,
    bytes: &[u8],
    keys: &[String],
    recorded: &[Entry],
) -> Result<Vec<(String, Change)>, String> {
    let value = params::load(path, bytes)?;
    let mut changed = Vec::new();
    let mut compare = |key: &str, now: Option<&Value>, before: Option<&Value>| {
        let change = match (now, before) {
            (None, _) => Change::Deleted,
            (Some(_), None) => Change::New,
            (Some(now), Some(before)) if now.equals(before) => return,
            _ => Change::Modified,
        };
        changed.push((key.to_owned(), change));
    };
    let before = |key: &str| {
        let known = recorded.iter().find(|entry| entry.key.is_key(key));
        known.map(|entry| &entry.value)
    };
    if keys.is_empty() {
        for entry in value.entries() {
            let key = entry.key.key_text();
            compare(&key, Some(&entry.value), before(&key));
        }
        for entry in recorded {
            let key = entry.key.key_text();
            if !value.entries().iter().any(|now| now.key.is_key(&key)) {
                compare(&key, None, Some(&entry.value));
            }
        }
    }
    for key in keys {
        compare(key, select(&value, key)?, before(key));
    }
    Ok(changed)
}
