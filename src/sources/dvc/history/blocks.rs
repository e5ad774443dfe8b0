//! Large YAML files that change a little from commit to commit: only what changed is parsed.
//!
//! DVC writes `dvc.lock` as block YAML, one block for each stage, and people write `params.yaml` much the same way.
//! Where each block is a document by itself, the file is what its blocks are. Everything else is parsed as a whole.

use std::collections::HashMap;
use std::sync::Arc;

use crate::sources::dvc::lock::{self, StageLock};
use crate::sources::dvc::schema;
use crate::sources::dvc::yaml::{Damage, Value, parse, parse_bytes};

/// What one `dvc.lock` records, by the names of stages.
pub type LockFile = HashMap<Arc<str>, Arc<StageLock>>;

/// A block as it was, and what it says.
struct Block {
    text: Box<[u8]>,
    name: Arc<str>,
    stage: Arc<StageLock>,
}

/// The blocks of the file that was read last, at one path.
#[derive(Default)]
pub struct LockReader {
    blocks: Vec<Block>,
}

impl LockReader {
    /// Reads a version of the file.
    pub fn read(&mut self, bytes: &[u8]) -> Result<LockFile, Damage> {
        match self.in_blocks(bytes) {
            Some(lock) => Ok(lock),
            None => {
                self.blocks.clear();
                let whole = lock::parse(bytes)?;
                let whole = refused(whole)?.into_iter();
                Ok(whole
                    .map(|(name, stage)| (Arc::from(name), Arc::new(stage)))
                    .collect())
            }
        }
    }

    /// `None` where the file is not written as DVC writes it.
    fn in_blocks(&mut self, bytes: &[u8]) -> Option<LockFile> {
        let texts = split(bytes)?;
        let mut known: HashMap<&[u8], usize> = HashMap::new();
        let mut lock = LockFile::with_capacity(texts.len());
        let mut blocks: Vec<Block> = Vec::with_capacity(texts.len());
        let mut fresh: Vec<(usize, Block)> = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            // Most blocks are where they were and as they were.
            let same = |at: usize| {
                self.blocks
                    .get(at)
                    .is_some_and(|block| *block.text == **text)
            };
            let here = if same(at) {
                Some(at)
            } else {
                if known.is_empty() {
                    known = self
                        .blocks
                        .iter()
                        .enumerate()
                        .map(|(at, it)| (&*it.text, at))
                        .collect();
                }
                known.get(text).copied()
            };
            let (name, stage) = match here.and_then(|at| self.blocks.get(at)) {
                Some(block) => (Arc::clone(&block.name), Arc::clone(&block.stage)),
                None => {
                    let (name, stage) = stage(text)?;
                    let (name, stage) = (Arc::from(name), Arc::new(stage));
                    fresh.push((
                        at,
                        Block {
                            text: Box::from(*text),
                            name: Arc::clone(&name),
                            stage: Arc::clone(&stage),
                        },
                    ));
                    (name, stage)
                }
            };
            // The same name twice is for the whole parser to complain of.
            if lock.insert(name, stage).is_some() {
                return None;
            }
        }
        drop(known);
        if fresh.is_empty() && texts.len() == self.blocks.len() {
            return Some(lock);
        }
        let in_place = texts.len() == self.blocks.len()
            && fresh.iter().all(|(at, block)| {
                self.blocks
                    .get(*at)
                    .is_some_and(|known| known.name == block.name)
            });
        if in_place {
            for (at, block) in fresh {
                if let Some(known) = self.blocks.get_mut(at) {
                    *known = block;
                }
            }
        } else {
            for text in &texts {
                let (name, stage) = stage_of(text, &self.blocks, &fresh)?;
                blocks.push(Block {
                    text: Box::from(*text),
                    name,
                    stage,
                });
            }
            self.blocks = blocks;
        }
        Some(lock)
    }
}

fn stage_of(
    text: &[u8],
    known: &[Block],
    fresh: &[(usize, Block)],
) -> Option<(Arc<str>, Arc<StageLock>)> {
    let all = known.iter().chain(fresh.iter().map(|(_, block)| block));
    let block = all.into_iter().find(|block| *block.text == *text)?;
    Some((Arc::clone(&block.name), Arc::clone(&block.stage)))
}

/// What DVC would refuse is refused.
fn refused((lock, refused): (lock::Lock, Option<Damage>)) -> Result<lock::Lock, Damage> {
    refused.map_or(Ok(lock), Err)
}

/// The texts of the stages in a file that begins as DVC begins it.
fn split(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let rest = bytes.strip_prefix(b"schema: '2.0'\nstages:\n  ")?;
    let start = bytes.len() - rest.len() - 2;
    let mut blocks = Vec::new();
    let mut from = start;
    for end in memchr::memchr_iter(b'\n', rest).map(|at| at + start + 2 + 1) {
        match bytes.get(end..end + 4).unwrap_or(bytes.get(end..)?) {
            [] => {}
            [b' ', b' ', b' ', b' ' | b'\n'] | [b' ', b' ', b' '] => {}
            // A list at the same depth as its key, or an empty line.
            [b'\n', ..] => {}
            [b' ', b' ', first, ..]
                if !matches!(first, b' ' | b'-' | b'#' | b'\n' | b'?' | b':') =>
            {
                blocks.push(bytes.get(from..end)?);
                from = end;
            }
            _ => return None,
        }
    }
    blocks.push(bytes.get(from..)?);
    Some(blocks)
}

/// One stage, alone in a document.
fn stage(block: &[u8]) -> Option<(String, StageLock)> {
    let document = parse_bytes(block).ok()?;
    match document.entries() {
        [entry] if matches!(entry.value, Value::Map(_)) && is_allowed(&document) => {
            Some((entry.key.as_str()?.to_owned(), StageLock::of(&entry.value)))
        }
        _ => None,
    }
}

/// Whether DVC would take a lock with these stages.
fn is_allowed(stages: &Value) -> bool {
    let lock = Value::map([("schema", Value::text("2.0")), ("stages", stages.clone())]);
    schema::lock(&lock).is_none()
}

/// Whether a file of parameters can be read, knowing which of its blocks could be before.
#[derive(Default)]
pub struct SoundReader {
    blocks: Vec<Box<str>>,
}

impl SoundReader {
    pub fn check(&mut self, bytes: &[u8]) -> Result<(), Damage> {
        if let Ok(text) = std::str::from_utf8(bytes)
            && let Some(blocks) = top_level(text)
            && self.all_sound(&blocks)
        {
            return Ok(());
        }
        self.blocks.clear();
        parse_bytes(bytes).map(|_| ())
    }

    fn all_sound(&mut self, texts: &[&str]) -> bool {
        let mut keys = std::collections::HashSet::new();
        for (at, text) in texts.iter().enumerate() {
            let key = text.split(':').next().unwrap_or_default();
            let same = self.blocks.get(at).is_some_and(|block| **block == **text);
            if !keys.insert(key) || !(same || is_one_entry(text)) {
                return false;
            }
        }
        let same =
            |(at, text): (usize, &&str)| self.blocks.get(at).is_some_and(|it| **it == **text);
        if !(texts.len() == self.blocks.len() && texts.iter().enumerate().all(same)) {
            self.blocks = texts.iter().map(|text| Box::from(*text)).collect();
        }
        true
    }
}

/// A map of one plain key.
fn is_one_entry(text: &str) -> bool {
    let key = text.split(':').next().unwrap_or_default();
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && key.starts_with(|c: char| c.is_ascii_alphabetic());
    // Anchors reach from block to block.
    plain
        && !text.contains(['&', '*', '<', '%'])
        && parse(text).is_ok_and(
            |value| matches!(value.entries(), [entry] if entry.key.as_str() == Some(key)),
        )
}

/// Each key at the beginning of a line, with what belongs to it.
fn top_level(text: &str) -> Option<Vec<&str>> {
    let mut blocks = Vec::new();
    let mut from = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1) {
        match text.as_bytes().get(end) {
            None | Some(b' ' | b'\n') => {}
            Some(first) if first.is_ascii_alphabetic() => {
                blocks.push(text.get(from..end)?);
                from = end;
            }
            Some(_) => return None,
        }
    }
    blocks.push(text.get(from..)?);
    Some(blocks)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Without line numbers, which count from the start of a block: nobody asks a lock for them.
    fn shown(lock: &LockFile) -> Vec<String> {
        let lines = regex::Regex::new(r"line: \d+").unwrap();
        let mut stages: Vec<_> = lock
            .iter()
            .map(|(name, stage)| format!("{name} {stage:?}"))
            .map(|stage| lines.replace_all(&stage, "").into_owned())
            .collect();
        stages.sort();
        stages
    }

    fn whole(text: &str) -> Result<Vec<String>, Damage> {
        let lock = refused(lock::parse(text.as_bytes())?)?.into_iter();
        Ok(shown(
            &lock
                .map(|(name, stage)| (Arc::from(name), Arc::new(stage)))
                .collect(),
        ))
    }

    const LOCK: &str = "schema: '2.0'\nstages:\n  a:\n    cmd: x\n    outs:\n    - path: o\n      hash: md5\n      md5: aa\n  b@1:\n    cmd: |-\n      y\n\n      z\n    deps:\n    - path: o\n";

    #[test]
    fn blocks_say_what_the_whole_says() {
        let mut reader = LockReader::default();
        for text in [
            LOCK.to_owned(),
            LOCK.replace("md5: aa", "md5: bb"),
            LOCK.replace("b@1", "c"),
            LOCK.replace("  a:\n", "  z:\n    cmd: n\n  a:\n"),
            LOCK.replace("  a:\n", "  b@1:\n    cmd: n\n  a:\n"),
            LOCK.replace("schema: '2.0'", "schema: \"2.0\""),
            LOCK.replace("cmd: x", "cmd: \"x"),
            format!("{LOCK}datasets: []\n"),
            LOCK.replace("    cmd: x", "   cmd: x"),
            "schema: '2.0'\n".to_owned(),
            LOCK.to_owned(),
        ] {
            let blocks = reader.read(text.as_bytes()).map(|lock| shown(&lock));
            assert_eq!(blocks, whole(&text), "{text}");
        }
    }

    #[test]
    fn parameters_are_sound_in_blocks_as_in_one() {
        let mut reader = SoundReader::default();
        for text in [
            "a:\n  b: 1\nc: [1,\n  2]\n",
            "a:\n  b: 2\nc: [1,\n  2]\n",
            "a: 1\na: 2\n",
            "a: &x 1\nb: *x\n",
            "a: *x\n",
            "a: \"1\nb: 2\n",
            "a: \"1\nb: 2\"\n",
            "- 1\n",
            "",
            "a: 1\n? b\n: c\n",
        ] {
            let sound = reader.check(text.as_bytes()).is_ok();
            assert_eq!(sound, parse(text).is_ok(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_change_to_a_lock_is_read_as_by_the_parser(
            at in 0..LOCK.len(),
            length in 0..12_usize,
            junk in "[a-z0-9:\\[\\], '\"\n&*|>#-]{0,8}",
        ) {
            let mut reader = LockReader::default();
            let _ = reader.read(LOCK.as_bytes());
            let end = (at + length).min(LOCK.len());
            let text = format!("{}{junk}{}", &LOCK[..at], &LOCK[end..]);
            let blocks = reader.read(text.as_bytes()).map(|lock| shown(&lock)).ok();
            proptest::prop_assert_eq!(blocks, whole(&text).ok());
        }

        #[test]
        fn any_parameters_are_as_sound_as_the_parser_says(text in "[a-c:\\[\\]{}, '\"\n&*|>#-]{0,30}") {
            let mut reader = SoundReader::default();
            let _ = reader.check(b"a: 1\n");
            let sound = reader.check(text.as_bytes()).is_ok();
            proptest::prop_assert_eq!(sound, parse(&text).is_ok());
        }
    }
}
