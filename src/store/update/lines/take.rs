//! Lines taken away: a selection, copied or written into a file.

use std::path::{Path, PathBuf};

use crate::domain::figures::{bytes, counted};
use crate::logs::ask::Generation;
use crate::logs::export::{Format, copy_pieces};
use crate::logs::key::LineKey;

use super::super::super::effect::Effect;
use super::super::super::log_ask::{LogAsk, LogOrigin, Taken};
use super::super::super::model::Model;
use super::super::super::model::logs::{CopyRest, InputKind, Landing, Tail};
use super::super::super::model::nav::Pane;
use super::super::super::msg::Notice;
use super::{ask, input, moving};

/// Terminals take 74,994 bytes from one OSC 52.
const PIECE: usize = 70_000;

/// Nobody pastes more piece by piece.
const MOST_PIECES: usize = 16;

/// What to type instead of another name.
pub const ENDINGS: &str = "end it with .log, .txt, .jsonl or .md";

/// A selection begins at the cursor, or ends without a copy.
pub fn toggle_selection(model: &mut Model) -> Vec<Effect> {
    let height = model.nav.height(Pane::LogLines);
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    if tail.taking.from.take().is_some() {
        return Vec::new();
    }
    let Some(key) = tail.cursor_key() else {
        return Vec::new();
    };
    tail.taking.from = Some(key);
    // What goes on growing cannot be selected.
    moving::stand(tail, height, Landing::Nearest)
}

/// Ends the selection; whether there was one.
pub fn deselect(tail: &mut Tail) -> bool {
    tail.taking.from.take().is_some()
}

/// Copies the selection, or the cursor's line; of what was too much for one piece the next one.
pub fn copy(model: &mut Model, with_source: bool) -> Vec<Effect> {
    let reveal = model.logs.reveal;
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    if tail.taking.from.is_none()
        && let Some(rest) = tail.taking.rest.take()
        && rest.cursor == tail.cursor
    {
        return next_piece(tail, rest);
    }
    let Some(cursor) = tail.cursor_key() else {
        let notice = Notice::info("nothing to copy here");
        model.notices.push(model.now, notice);
        return Vec::new();
    };
    let format = if with_source {
        Format::Text
    } else {
        Format::Message
    };
    let range = tail.selection().unwrap_or((cursor, cursor));
    let lines = taken(tail, range, format, reveal);
    deselect(tail);
    tail.generation += 1;
    tail.taking.copying = Some(tail.generation);
    vec![ask(
        tail,
        LogAsk::Copy {
            generation: tail.generation,
            lines,
            max_bytes: MOST_PIECES * PIECE,
        },
    )]
}

/// The reader has the text.
pub fn copied(
    model: &mut Model,
    generation: Generation,
    lines: u64,
    text: &str,
    whole: bool,
) -> Vec<Effect> {
    let Some(tail) = &mut model.logs.tail else {
        return Vec::new();
    };
    if tail.taking.copying != Some(generation) {
        return Vec::new();
    }
    tail.taking.copying = None;
    // A single line is pasted into the middle of other text.
    let text = match lines {
        1 => text.trim_end_matches('\n'),
        _ => text,
    };
    let count = counted(usize::try_from(lines).unwrap_or(usize::MAX), "line");
    let what = match (lines, whole) {
        (1, true) => "line".to_owned(),
        (_, true) => count,
        (_, false) => format!("the first {count}"),
    };
    let mut pieces = copy_pieces(text, PIECE);
    if pieces.is_empty() {
        let text = if whole {
            "nothing to copy here"
        } else {
            "too long for the clipboard; export writes it into a file"
        };
        model.notices.push(model.now, Notice::info(text));
        return Vec::new();
    }
    pieces.reverse();
    let rest = CopyRest {
        what,
        of: pieces.len(),
        pieces,
        cursor: tail.cursor,
    };
    next_piece(tail, rest)
}

fn next_piece(tail: &mut Tail, mut rest: CopyRest) -> Vec<Effect> {
    let Some(text) = rest.pieces.pop() else {
        return Vec::new();
    };
    let what = if rest.of == 1 {
        rest.what.clone()
    } else {
        let part = rest.of - rest.pieces.len();
        let next = if rest.pieces.is_empty() {
            ""
        } else {
            " (the same key takes the next)"
        };
        format!("part {part} of {} of {}{next}", rest.of, rest.what)
    };
    tail.taking.rest = Some(rest).filter(|rest| !rest.pieces.is_empty());
    vec![Effect::Copy { text, what }]
}

/// Asks for the name of a file.
pub fn begin_export(model: &mut Model) -> Vec<Effect> {
    let name = match &model.logs.tail {
        Some(tail) if tail.progress.lines > 0 => proposed(tail),
        Some(_) => {
            let notice = Notice::info("there are no lines to write yet");
            model.notices.push(model.now, notice);
            return Vec::new();
        }
        None => return Vec::new(),
    };
    input::begin_with(model, InputKind::Export, name)
}

/// Why a file cannot be written under this name.
pub fn problem(name: &str) -> Option<String> {
    let known = name.is_empty() || Format::of_file(name.trim()).is_some();
    (!known).then(|| ENDINGS.to_owned())
}

/// Writes the selection, or all shown lines.
pub fn export(model: &mut Model, name: &str) -> Vec<Effect> {
    let reveal = model.logs.reveal;
    let name = name.trim();
    let (Some(tail), Some(format)) = (&mut model.logs.tail, Format::of_file(name)) else {
        return Vec::new();
    };
    let all = (LineKey::FIRST, LineKey::LAST);
    let lines = taken(tail, tail.selection().unwrap_or(all), format, reveal);
    deselect(tail);
    tail.generation += 1;
    tail.taking.exporting = Some(tail.generation);
    vec![ask(
        tail,
        LogAsk::Export {
            generation: tail.generation,
            lines,
            to: PathBuf::from(name),
        },
    )]
}

/// The file is there.
pub fn exported(model: &mut Model, generation: Generation, lines: u64, size: u64, to: &Path) {
    if let Some(tail) = &mut model.logs.tail
        && tail.taking.exporting == Some(generation)
    {
        tail.taking.exporting = None;
        let count = counted(usize::try_from(lines).unwrap_or(usize::MAX), "line");
        let text = format!("{count}, {}, written to {}", bytes(size), to.display());
        model.notices.push(model.now, Notice::info(text));
    }
}

/// The reader was in trouble: what it was asked for may never come.
pub fn gave_up(tail: &mut Tail) {
    tail.taking.copying = None;
    tail.taking.exporting = None;
}

fn taken(tail: &Tail, (first, last): (LineKey, LineKey), format: Format, reveal: bool) -> Taken {
    Taken {
        first,
        last,
        format,
        reveal,
        title: tail.title.clone(),
    }
}

/// A name of its own: the lines of a file are not to be written where they came from.
fn proposed(tail: &Tail) -> String {
    let LogOrigin::Files(paths) = &tail.origin else {
        return format!("{}.log", file_name(&tail.title));
    };
    let stem = paths.first().and_then(|path| path.file_stem());
    let stem = stem.unwrap_or_default().to_string_lossy();
    format!("{}-lines.log", file_name(&stem))
}

/// `churn-train #212 / Train` as `churn-train-212-Train`.
fn file_name(title: &str) -> String {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let words: Vec<&str> = title
        .split(|c| !allowed(c))
        .map(|word| word.trim_matches(['.', '-']))
        .filter(|word| !word.is_empty())
        .collect();
    let name: String = words.join("-").chars().take(80).collect();
    if name.is_empty() {
        "lines".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_the_name_of_a_file() {
        for (title, name) in [
            ("churn-train #212 / Train", "churn-train-212-Train"),
            (
                "/aws/sagemaker/Endpoints/churn",
                "aws-sagemaker-Endpoints-churn",
            ),
            ("../../etc/passwd", "etc-passwd"),
            ("検証 1", "検証-1"),
            ("\x1b[2J", "2J"),
            ("", "lines"),
        ] {
            assert_eq!(file_name(title), name, "{title}");
        }
    }
}
