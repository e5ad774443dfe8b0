//! `dvc.lock`, and the hash fields that it shares with `.dvc` files.

use std::collections::HashMap;
use std::sync::Arc;

use super::hash;
use super::schema;
use super::yaml::{Damage, Entry, Value, parse_bytes};

/// What was recorded of an output when it was last produced or added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// Hexadecimal, with `.dir` for a directory; an etag or the like for outputs outside.
    pub hash: String,
    pub kind: HashKind,
    pub size_bytes: Option<u64>,
    pub files: Option<u64>,
    /// The files themselves, where the record names them (cloud versioning) and not only their listing's hash.
    pub listing: Option<Arc<hash::Listing>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HashKind {
    Md5,
    /// Of DVC 1 and 2: `\r\n` counts as `\n` in text files.
    Md5Dos2Unix,
    /// An etag, a checksum of HDFS: nothing that can be computed here.
    Foreign,
}

impl Locked {
    pub fn is_dir(&self) -> bool {
        self.hash.ends_with(".dir")
    }

    /// Whether it was recorded as a directory, be it by the number of its files only.
    pub fn is_dir_record(&self) -> bool {
        self.is_dir() || self.files.is_some_and(|count| count > 0)
    }

    /// False for an md5 that is none, as in a file that was cut off.
    pub fn is_sound(&self) -> bool {
        let digits = self.hash.strip_suffix(".dir").unwrap_or(&self.hash);
        self.kind == HashKind::Foreign
            || (digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
    }

    /// From an entry of `outs`. `None` where nothing is recorded yet.
    pub fn of(entry: &Value) -> Option<Self> {
        let declared = entry.get("hash").and_then(Value::as_str);
        let mut size_bytes = entry.get("size").and_then(Value::as_u64);
        let mut files = entry.get("nfiles").and_then(Value::as_u64);
        let listing = entry.get("files").map(Value::items).unwrap_or_default();
        if !listing.is_empty() {
            let (listed, bytes) = listed_files(listing)?;
            size_bytes = size_bytes.or(bytes);
            files = Some(listing.len() as u64);
            let kind = match declared {
                Some(_) => HashKind::Md5,
                None => HashKind::Md5Dos2Unix,
            };
            return Some(Self {
                hash: hash::of_listing(listed.clone()),
                kind,
                size_bytes,
                files,
                listing: Some(Arc::new(listed)),
            });
        }
        let text = |key: &str| entry.get(key).map(digits).filter(|text| !text.is_empty());
        let (hash, kind) = match text("md5") {
            Some(hash) if declared.is_none_or(|name| name == "md5-dos2unix") => {
                (hash, HashKind::Md5Dos2Unix)
            }
            Some(hash) => (hash, HashKind::Md5),
            None => (
                text("etag").or_else(|| text("checksum"))?,
                HashKind::Foreign,
            ),
        };
        Some(Self {
            hash,
            kind,
            size_bytes,
            files,
            listing: None,
        })
    }
}

/// Every file with its md5, and their size together where all are known.
fn listed_files(listing: &[Value]) -> Option<(hash::Listing, Option<u64>)> {
    let mut bytes = Some(0_u64);
    let mut listed = Vec::new();
    for file in listing {
        let path = file.get("relpath")?.as_str()?.to_owned();
        listed.push((path, digits(file.get("md5")?)));
        let size = file.get("size").and_then(Value::as_u64);
        bytes = bytes.zip(size).map(|(sum, size)| sum.saturating_add(size));
    }
    Some((listed, bytes))
}

/// A hash of digits only is a number to YAML, and one like `12e4` too: nothing can bring its text back but text.
fn digits(value: &Value) -> String {
    match value {
        Value::Text(text) => text.trim().to_owned(),
        Value::Int(number) => format!("{number:032}"),
        _ => String::new(),
    }
}

/// (path as written, what is recorded) of outputs or dependencies.
pub type Recorded = Vec<(String, Option<Locked>)>;

/// What was recorded of a stage when it last ran.
#[derive(Clone, Debug, Default)]
pub struct StageLock {
    /// Text or a list of texts.
    pub cmd: Option<Value>,
    pub deps: Recorded,
    /// File as written -> its parameters, whose names may have dots in them.
    pub params: Vec<(String, Vec<Entry>)>,
    pub outs: Recorded,
}

impl StageLock {
    pub fn of(stage: &Value) -> Self {
        let recorded = |key: &str| -> Recorded {
            let items = stage.get(key).map(Value::items).unwrap_or_default();
            let paths = items.iter().filter_map(|item| {
                Some((item.get("path")?.as_str()?.to_owned(), Locked::of(item)))
            });
            paths.collect()
        };
        let params = stage.get("params").map(Value::entries).unwrap_or_default();
        Self {
            cmd: stage.get("cmd").cloned(),
            deps: recorded("deps"),
            params: params
                .iter()
                .filter_map(|file| {
                    let path = file.key.as_str()?.to_owned();
                    Some((path, file.value.entries().to_vec()))
                })
                .collect(),
            outs: recorded("outs"),
        }
    }

    pub fn out(&self, path: &str) -> Option<Locked> {
        find(&self.outs, path)
    }

    pub fn dep(&self, path: &str) -> Option<Locked> {
        find(&self.deps, path)
    }
}

/// The last one of a path counts, as in DVC.
fn find(recorded: &Recorded, path: &str) -> Option<Locked> {
    recorded.iter().rfind(|(known, _)| known == path)?.1.clone()
}

/// Stage -> what is recorded of it.
pub type Lock = HashMap<String, StageLock>;

/// Reads both layouts: `schema: '2.0'` with `stages`, and that of DVC 1 without. Beside it stands what DVC 3 would
/// refuse.
pub fn parse(bytes: &[u8]) -> Result<(Lock, Option<Damage>), Damage> {
    let document = parse_bytes(bytes)?;
    Ok((read(&document)?, schema::lock(&document)))
}

fn read(document: &Value) -> Result<Lock, Damage> {
    let Value::Map(top) = document else {
        return Err(Damage::new(
            1,
            format!("{} where a map belongs", document.kind()),
        ));
    };
    let stages = match document.get("stages") {
        Some(stages) => stages.entries(),
        None if document.get("schema").is_none() => top.as_slice(),
        None => &[],
    };
    let mut lock = Lock::new();
    for stage in stages {
        let Some(name) = stage.key.as_str() else {
            continue;
        };
        if !matches!(stage.value, Value::Map(_)) {
            let what = format!("stage {name}: {} where a map belongs", stage.value.kind());
            return Err(Damage::new(stage.line, what));
        }
        lock.insert(name.to_owned(), StageLock::of(&stage.value));
    }
    Ok(lock)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NEW: &str = "schema: '2.0'\nstages:\n  train:\n    cmd: python t.py\n    outs:\n    - path: m.pkl\n      hash: md5\n      md5: 184e\n      size: 142\n    - path: d\n      md5: 1291.dir\n      nfiles: 6\n    - path: none.txt\n";

    #[test]
    fn both_layouts() {
        let (lock, _) = parse(NEW.as_bytes()).unwrap();
        let outs = &lock["train"].outs;
        let model = outs[0].1.as_ref().unwrap();
        assert_eq!((model.hash.as_str(), model.kind), ("184e", HashKind::Md5));
        let dir = outs[1].1.as_ref().unwrap();
        assert_eq!(
            (dir.kind, dir.files, dir.is_dir()),
            (HashKind::Md5Dos2Unix, Some(6), true)
        );
        assert_eq!(outs[2], ("none.txt".to_owned(), None));
        let (old, refused) =
            parse(b"train:\n  cmd: x\n  outs:\n  - path: a\n    md5: ab\n").unwrap();
        assert_eq!(old["train"].outs.len(), 1);
        assert!(refused.is_some());
    }

    #[test]
    fn damage_has_a_line() {
        let cut = parse(b"schema: '2.0'\nstages:\n  train:\n    cmd: \"pyth").unwrap_err();
        assert_eq!(cut.line, 4, "{cut:?}");
        let torn = parse(b"a:\n  cmd: x\n<<<<<<< HEAD\n").unwrap_err();
        assert_eq!(torn, Damage::new(3, "merge conflict markers"));
        assert!(parse(b"stages:\n  a: 3\n").is_err());
    }

    #[test]
    fn a_hash_of_digits_keeps_its_zeros() {
        let (lock, _) =
            parse(b"s:\n  outs:\n  - {path: a, md5: 00112233445566778899001122334455}\n").unwrap();
        let locked = lock["s"].outs[0].1.as_ref().unwrap();
        assert_eq!(locked.hash, "00112233445566778899001122334455");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn a_lock_cut_anywhere_is_read_without_panic(at in 0..NEW.len(), junk in "[\\[\\]{}:&*!|>'\"%@`#,? \\n-]{0,6}") {
            let _ = parse(format!("{}{junk}{}", &NEW[..at], &NEW[at..]).as_bytes());
            let _ = parse(&NEW.as_bytes()[..at]);
        }
    }
}
