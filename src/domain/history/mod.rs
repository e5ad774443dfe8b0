//! A repository's history, row by row: what is walked, what is told of a commit, and what two revisions differ in.

pub mod ask;
pub mod blame;
pub mod diff;
pub mod lanes;
pub mod query;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use ask::{Ask, Told};
pub use lanes::Lanes;

/// The id of a commit: SHA-1, 20 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CommitId(pub [u8; 20]);

impl CommitId {
    /// Stands for the working tree: no commit has this id.
    pub const WORKTREE: Self = Self([0; 20]);

    /// `None` unless these are 40 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 40 {
            return None;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let mut id = [0; 20];
        for (byte, pair) in id.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()?;
        }
        Some(Self(id))
    }

    /// The first seven digits, as Git's default abbreviation.
    pub fn short(self) -> String {
        let mut text = self.to_string();
        text.truncate(7);
        text
    }

    pub fn is_worktree(self) -> bool {
        self == Self::WORKTREE
    }
}

/// An id is as random as a hash can be: its first bytes are one.
impl Hash for CommitId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (head, _) = self.0.split_first_chunk().unwrap_or((&[0; 8], &[]));
        state.write_u64(u64::from_le_bytes(*head));
    }
}

/// Takes the first bytes of an id as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

pub type IdMap<T> = HashMap<CommitId, T, BuildHasherDefault<IdHasher>>;
pub type IdSet = HashSet<CommitId, BuildHasherDefault<IdHasher>>;

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A commit in the list: what 100,000 of them can be held of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub id: CommitId,
    /// Committed, in seconds since 1970.
    pub at: i64,
    pub lanes: Lanes,
}

impl Row {
    pub fn time(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.at).ok()
    }
}

/// Rows that follow each other; whoever holds them shares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page(pub Arc<[Row]>);

impl Serialize for Page {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Page {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(|rows| Self(rows.into()))
    }
}

/// What a row says besides its id and time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitText {
    pub author: String,
    pub summary: String,
}

/// What of DVC a commit changed, by the names of its files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// `*.dvc` or `dvc.lock`.
    pub data: bool,
    /// `params.yaml` and the like.
    pub params: bool,
    /// `metrics.json` and the like.
    pub metrics: bool,
    /// `dvc.yaml`.
    pub stages: bool,
}

impl Marks {
    pub fn any(self) -> bool {
        self.data || self.params || self.metrics || self.stages
    }

    /// Adds what a changed path means. Names alone decide: files that `dvc.yaml` calls metrics under other names
    /// are not known here.
    pub fn note(&mut self, path: &str) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let written = matches!(ending, "yaml" | "yml" | "json" | "toml" | "py");
        match name {
            "dvc.lock" => self.data = true,
            "dvc.yaml" => self.stages = true,
            _ if ending == "dvc" && !stem.is_empty() => self.data = true,
            _ if written && stem == "params" => self.params = true,
            _ if written && ending != "py" && (stem == "metrics" || stem.ends_with("_metrics")) => {
                self.metrics = true;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_and_written_in_hex() {
        let text = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";
        let id = CommitId::from_hex(text).unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(id.short(), "a1b2c3d");
        for wrong in ["", "a1b2", &"g".repeat(40), &"é".repeat(20)] {
            assert_eq!(CommitId::from_hex(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_tell_what_of_dvc_a_commit_changed() {
        let of = |path: &str| {
            let mut marks = Marks::default();
            marks.note(path);
            (marks.data, marks.params, marks.metrics, marks.stages)
        };
        assert_eq!(of("data/raw.csv.dvc"), (true, false, false, false));
        assert_eq!(of("pipelines/p3/dvc.lock"), (true, false, false, false));
        assert_eq!(of("a/params.yaml"), (false, true, false, false));
        assert_eq!(of("eval/metrics.json"), (false, false, true, false));
        assert_eq!(of("dvclive/test_metrics.json"), (false, false, true, false));
        assert_eq!(of("dvc.yaml"), (false, false, false, true));
        for plain in [".dvc", "metrics.py", "src/params/x.rs", "dvc.lock/readme"] {
            assert_eq!(of(plain), (false, false, false, false), "{plain}");
        }
    }
}
