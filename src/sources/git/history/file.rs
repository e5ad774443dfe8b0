//! The lines of one file that differ.

use git2::{DiffOptions, Patch, Repository};

use crate::domain::history::diff::{FileDelta, FileDiff, Hunk, Kind, Line, Origin, Pair};
use crate::sources::SourceError;
use crate::sources::git::{error, log};

use super::sides::{self, Content};

/// Lines that are shown.
const LINES: usize = 10_000;

/// Bytes of one line that are shown.
const LINE: usize = 2000;

pub(super) fn diff(
    repository: &Repository,
    pair: Pair,
    file: &FileDelta,
) -> Result<FileDiff, SourceError> {
    let before = file.old_path.as_deref().unwrap_or(&file.path);
    let old = sides::content(repository, pair.from, before)?;
    let new = sides::content(repository, pair.to, &file.path)?;
    let kind = match (old.kind(), new.kind()) {
        (Kind::Text | Kind::Link, kind) => kind,
        (kind, _) => kind,
    };
    let mut diff = FileDiff {
        kind,
        ..FileDiff::default()
    };
    diff.note = match kind {
        Kind::Text | Kind::Lfs | Kind::Link => None,
        Kind::Binary => Some(format!("binary: {} to {} bytes", len(&old), len(&new))),
        Kind::Large => Some(format!(
            "too large to be compared line by line: {} to {} bytes",
            len(&old),
            len(&new)
        )),
        Kind::Submodule => Some("a submodule: its own repository has its history".to_owned()),
    };
    if diff.note.is_none() {
        hunks(&old, &new, &mut diff).map_err(|cause| error::malformed(&file.path, &cause))?;
    }
    Ok(diff)
}

fn len(content: &Content) -> u64 {
    match content {
        Content::Large(bytes) => *bytes,
        other => other.bytes().len() as u64,
    }
}

fn hunks(old: &Content, new: &Content, diff: &mut FileDiff) -> Result<(), git2::Error> {
    let mut options = DiffOptions::new();
    options.context_lines(3).force_text(true);
    let patch = Patch::from_buffers(old.bytes(), None, new.bytes(), None, Some(&mut options))?;
    let mut left = LINES;
    for at in 0..patch.num_hunks() {
        let (header, lines) = patch.hunk(at)?;
        let mut hunk = Hunk {
            header: log::text_of(header.header(), false).trim_end().to_owned(),
            lines: Vec::with_capacity(lines.min(left)),
        };
        for line in 0..lines.min(left) {
            let line = patch.line_in_hunk(at, line)?;
            hunk.lines.push(Line {
                origin: match line.origin() {
                    '+' => Origin::Added,
                    '-' => Origin::Removed,
                    ' ' => Origin::Same,
                    _ => Origin::Remark,
                },
                old: line.old_lineno(),
                new: line.new_lineno(),
                text: line_text(line.content()),
            });
        }
        left -= lines.min(left);
        diff.hunks.push(hunk);
        if left == 0 {
            diff.note = Some(format!("the first {LINES} lines are shown"));
            break;
        }
    }
    if diff.hunks.is_empty() {
        diff.note = Some("the content is the same".to_owned());
    }
    Ok(())
}

/// Without its end, cut where it is very long.
pub(super) fn line_text(bytes: &[u8]) -> String {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    log::text_of(bytes.get(..LINE).unwrap_or(bytes), false)
}
